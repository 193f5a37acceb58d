use crate::life::{at, by};
use crate::samples::*;
use yinxin_registry::custody::keeping::{Keeping, KeepingEvent, KeepingState};
use yinxin_registry::lifecycle::By;

fn code(outcome: Result<impl std::fmt::Debug, yinxin_registry::lifecycle::Refused>) -> &'static str {
    outcome.unwrap_err().code()
}

fn confirm(keeping: Keeping, by: &By) -> Keeping {
    keeping.apply(KeepingEvent::Confirm { check_days: 30 }, by, at(10)).unwrap().0
}

#[test]
fn a_seal_changes_hands_only_when_both_confirm_whoever_is_first() {
    for (first, second) in [('a', 'b'), ('b', 'a')] {
        let half = confirm(handing_over(), &who(first));
        assert_eq!(half.keeper().unwrap().account, account('a'), "half a handover changes nothing");
        assert!(half.is_kept());
        let again = half.clone().apply(KeepingEvent::Confirm { check_days: 30 }, &who(first), at(11));
        assert_eq!(code(again), "CONFIRMED_ALREADY");
        let whole = confirm(half, &who(second));
        assert_eq!((whole.state(), &whole.keeper().unwrap().account), (KeepingState::Kept, &account('b')));
        assert!(whole.handover().is_none());
    }
}

#[test]
fn a_stranger_neither_confirms_nor_declines_nor_checks() {
    let confirm = KeepingEvent::Confirm { check_days: 30 };
    assert_eq!(code(handing_over().apply(confirm, &who('x'), at(3))), "NOT_THE_TAKER");
    let decline = KeepingEvent::Decline { reason: "不便保管".to_owned() };
    assert_eq!(code(handing_over().apply(decline, &who('a'), at(3))), "NOT_THE_TAKER");
    let accept = KeepingEvent::Accept { check_days: 30 };
    assert_eq!(code(keeping_in(KeepingState::Offered).apply(accept, &who('x'), at(3))), "NOT_THE_TAKER");
    let check = KeepingEvent::Check { in_order: true, note: "相符".to_owned(), check_days: 30 };
    assert_eq!(code(kept().apply(check, &who('x'), at(3))), "NOT_THE_KEEPER");
}

#[test]
fn a_seal_without_custodian_is_not_kept() {
    assert!(!vacant().is_kept());
    assert!(!keeping_in(KeepingState::Offered).is_kept());
    let (event, agent) = keeping_event("replace");
    let replaced = kept().apply(event, &agent, at(3)).unwrap().0;
    assert!(!replaced.is_kept(), "until the new one accepts nobody answers for the seal");
    assert!(replaced.keeper().is_none() && replaced.check_due().is_none());
}

#[test]
fn a_handover_goes_to_somebody_else() {
    let to_himself = KeepingEvent::BeginHandover {
        to: account('a'),
        name: "示例".to_owned(),
        reason: "岗位调整".to_owned(),
    };
    assert_eq!(code(kept().apply(to_himself, &by("agent"), at(3))), "SAME_KEEPER");
}

#[test]
fn a_check_that_finds_a_fault_tells_unit_and_authority() {
    let check =
        KeepingEvent::Check { in_order: false, note: "密码信封破损".to_owned(), check_days: 30 };
    let (after, effects) = kept().apply(check, &who('a'), at(3)).unwrap();
    assert_eq!(effects.len(), 3, "{effects:?}");
    assert!(!after.checks()[0].in_order);
    let never = KeepingEvent::Check { in_order: true, note: "相符".to_owned(), check_days: 0 };
    assert_eq!(code(kept().apply(never, &who('a'), at(3))), "CHECK_DAYS");
}
