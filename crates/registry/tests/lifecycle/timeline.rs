use crate::samples::{at, by, seal_event, seal_in, suspension};
use yinxin_registry::lifecycle::reasons::{SuspensionReason, VoidReason};
use yinxin_registry::lifecycle::seal::{SealEvent, SealState, Suspension};
use yinxin_registry::lifecycle::status::Standing;

#[test]
fn a_loss_counts_from_the_time_it_happened_not_from_its_report() {
    let active = seal_in(SealState::Active);
    let loss = SealEvent::Suspend { suspension: suspension(SuspensionReason::Loss, 50) };
    let seal = active.apply(loss, &by("agent"), at(80)).unwrap().0;
    assert_eq!(seal.standing_at(at(49)), Standing::Valid);
    assert_eq!(seal.standing_at(at(50)), Standing::Suspended);
    assert_eq!(seal.standing_at(at(80)), Standing::Suspended);
}

#[test]
fn a_resumed_seal_was_suspended_in_between() {
    let suspended = seal_in(SealState::Suspended);
    let seal = suspended.apply(seal_event("resume"), &by("reviewer"), at(90)).unwrap().0;
    let standings: Vec<Standing> = [45, 55, 89, 90].iter().map(|s| seal.standing_at(at(*s))).collect();
    assert_eq!(standings, [Standing::Valid, Standing::Suspended, Standing::Suspended, Standing::Valid]);
}

#[test]
fn a_void_seal_was_void_from_the_time_of_the_decision_even_when_that_lies_back() {
    let canceled = seal_in(SealState::Canceled);
    let void = SealEvent::Void {
        reason: VoidReason::UnlawfulMaking,
        detail: "非法制作".to_owned(),
        effective_at: at(0),
        document: "示例决〔2027〕2号".to_owned(),
    };
    let seal = canceled.apply(void, &by("reviewer"), at(100)).unwrap().0;
    assert_eq!(seal.standing_at(at(4)), Standing::NotInForce, "before it was begun it was nothing");
    for second in [5, 45, 70, 100] {
        assert_eq!(seal.standing_at(at(second)), Standing::Void, "{second}");
    }
}

#[test]
fn borders_are_whole_seconds_as_the_times_in_signatures_are() {
    let within = |second: i64| at(second) + jiff::SignedDuration::from_millis(600);
    let suspended = seal_in(SealState::Suspended);
    let (seal, _) = suspended.apply(seal_event("resume"), &by("reviewer"), within(90)).unwrap();
    assert_eq!(seal.standing_at(at(90)), Standing::Valid, "a signature of that second says 90");
    let loss = suspension(SuspensionReason::Loss, 95);
    let loss = SealEvent::Suspend { suspension: Suspension { effective_at: within(95), ..loss } };
    let (seal, _) = seal.apply(loss, &by("agent"), within(99)).unwrap();
    let standings: Vec<Standing> = [89, 94, 95, 99].iter().map(|s| seal.standing_at(at(*s))).collect();
    assert_eq!(standings, [Standing::Suspended, Standing::Valid, Standing::Suspended, Standing::Suspended]);
    assert_eq!(seal.history().last().unwrap().effective_at, within(95), "the record itself is exact");
}

#[test]
fn before_its_hand_over_and_after_its_end_a_seal_is_not_in_force() {
    let seal = seal_in(SealState::Active);
    assert_eq!(seal.standing_at(at(39)), Standing::NotInForce);
    assert_eq!(seal.standing_at(at(40)), Standing::Valid);
    assert_eq!(seal.standing_at(at(9_999)), Standing::Valid);
    assert_eq!(seal.standing_at(at(10_000)), Standing::Expired);
    assert_eq!(seal_in(SealState::Canceled).standing_at(at(60)), Standing::Ended);
}
