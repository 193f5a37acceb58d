//! How long documents are kept, holds, and lists of disposal that two people make.

use crate::life::at;
use crate::samples::*;
use jiff::Timestamp;
use yinxin_registry::area::AreaPath;
use yinxin_registry::ids::DisposalId;
use yinxin_registry::lifecycle::{By, Effect, Refused, Rule, State};
use yinxin_registry::profile::{BUILT_IN, Profile};
use yinxin_registry::retention::disposal::{
    self, Count, Disposal, DisposalEvent, DisposalState, Disposed, Fate, Line, Proposal,
};
use yinxin_registry::retention::dossier::{self, Dossier, DossierEvent, DossierState, Side};
use yinxin_registry::retention::rule::{KindPeriod, Period, RetentionRule, kept_until};
use yinxin_registry::usage::document::{ItemState, UseItem};
use yinxin_registry::usage::request::{RequestEvent, RequestState};

fn id() -> DisposalId {
    DisposalId::parse(&format!("dsp_{}", "0".repeat(26))).unwrap()
}

fn code<T: std::fmt::Debug>(outcome: Result<T, Refused>) -> &'static str {
    outcome.unwrap_err().code()
}

fn of() -> (yinxin_registry::ids::UnitId, Option<yinxin_registry::ids::UnitId>, AreaPath) {
    let belongs = belongs();
    (belongs.unit, belongs.parent_unit, belongs.area_path)
}

fn officer() -> By {
    By { role: "issuing_reviewer".to_owned(), ..who('s') }
}

fn agent() -> By {
    By { role: "unit_agent".to_owned(), ..who('a') }
}

fn kept() -> Dossier {
    let end = DossierEvent::End { at: at(0), kept_until: Some(at(10)) };
    Dossier::open(&request(by_grant())).apply(end, &By::system(), at(1)).unwrap()
}

fn dossier_in(state: DossierState) -> Dossier {
    let steps: &[DossierEvent] = match state {
        DossierState::Current => return Dossier::open(&request(by_grant())),
        DossierState::Kept => &[],
        DossierState::Listed => &[enlist()],
        DossierState::Deleting => &[enlist(), DossierEvent::Delete],
        DossierState::Disposed => &[enlist(), DossierEvent::Delete, DossierEvent::Finish],
    };
    steps.iter().fold(kept(), |dossier, step| dossier.apply(step.clone(), &agent(), at(20)).unwrap())
}

fn enlist() -> DossierEvent {
    DossierEvent::Enlist { disposal: id(), cutoff: at(15) }
}

fn held(dossier: Dossier, by: &By) -> Dossier {
    dossier.apply(DossierEvent::Hold { reason: "诉讼需要".to_owned() }, by, at(20)).unwrap()
}

fn items() -> Vec<UseItem> {
    vec![item_in(ItemState::Signed), item_in(ItemState::Dropped)]
}

fn line() -> Line {
    Line::of(request_id(), "用印-1", &items())
}

fn proposal(lines: Vec<Line>) -> Proposal {
    Proposal { of: of(), cutoff: at(5), reason: "保管期限已满".to_owned(), lines }
}

fn proposed() -> Disposal {
    Disposal::propose(id(), proposal(vec![line()]), &who('a'), at(9)).unwrap().0
}

fn event(name: &str, list: &Disposal) -> DisposalEvent {
    let digest = list.digest().to_owned();
    let reason = "示例理由".to_owned();
    match name {
        "approve" => DisposalEvent::Approve { digest, words: None },
        "refuse" => DisposalEvent::Refuse { digest, reason },
        "withdraw" => DisposalEvent::Withdraw { reason },
        "begin" => DisposalEvent::Begin,
        "count" => DisposalEvent::Count(Count { documents: 1, ..Count::default() }),
        "finish" => DisposalEvent::Finish,
        other => panic!("{other}"),
    }
}

fn compare<S: State + std::fmt::Debug>(table: &[Rule<S>], from: S, event: &str, outcome: Result<S, Refused>) {
    match (table.iter().find(|rule| rule.from == from && rule.event == event), outcome) {
        (Some(rule), Ok(to)) => assert!(rule.to == to, "{} {event}: {to:?}", from.as_str()),
        (None, Err(Refused::State { state, .. })) => assert_eq!(state, from.as_str()),
        (rule, outcome) => panic!("{} {event}: table {rule:?}, outcome {outcome:?}", from.as_str()),
    }
}

#[test]
fn every_event_of_keeping_and_disposal_is_listed_and_every_state_reached() {
    for rule in dossier::TABLE {
        assert!(dossier::EVENTS.contains(&rule.event), "{}", rule.event);
    }
    for state in DossierState::ALL.iter().filter(|state| **state != DossierState::Current) {
        assert!(dossier::TABLE.iter().any(|rule| rule.to == *state), "{state:?}");
    }
    for rule in disposal::TABLE {
        assert!(disposal::EVENTS.contains(&rule.event), "{}", rule.event);
    }
    for state in DisposalState::ALL.iter().filter(|state| **state != DisposalState::Proposed) {
        assert!(disposal::TABLE.iter().any(|rule| rule.to == *state), "{state:?}");
    }
}

#[test]
fn every_state_of_a_dossier_takes_exactly_the_events_of_its_table() {
    for from in DossierState::ALL.iter().copied() {
        for name in dossier::EVENTS {
            let mut subject = dossier_in(from);
            let reason = "示例理由".to_owned();
            let event = match *name {
                "end" => DossierEvent::End { at: at(2), kept_until: None },
                "hold" => DossierEvent::Hold { reason },
                "lift" => {
                    if dossier::TABLE.iter().any(|rule| rule.from == from && rule.event == "lift") {
                        subject = held(subject, &agent());
                    }
                    DossierEvent::Lift { reason }
                }
                "enlist" => enlist(),
                "release" => DossierEvent::Release,
                "delete" => DossierEvent::Delete,
                "pause" => DossierEvent::Pause { reached: 16 },
                "finish" => DossierEvent::Finish,
                other => panic!("{other}"),
            };
            let outcome = subject.apply(event, &agent(), at(20)).map(|after| after.state());
            compare(dossier::TABLE, from, name, outcome);
        }
    }
}

#[test]
fn every_state_of_a_list_takes_exactly_the_events_of_its_table() {
    for from in DisposalState::ALL.iter().copied() {
        for name in disposal::EVENTS {
            let subject: Disposal = put(&proposed(), |value| {
                value["state"] = from.as_str().into();
                if *name == "finish" {
                    value["count"]["requests"] = 1.into();
                    value["count"]["documents"] = 2.into();
                }
            });
            let event = event(name, &subject);
            let outcome = subject.apply(event, &who('p'), at(20)).map(|(after, _)| after.state());
            compare(disposal::TABLE, from, name, outcome);
        }
    }
}

#[test]
fn nobody_decides_on_his_own_list_or_on_another_than_he_read() {
    let list = proposed();
    for name in ["approve", "refuse"] {
        let own = list.clone().apply(event(name, &list), &who('a'), at(20));
        assert_eq!(code(own), "SAME_PERSON");
    }
    // The role makes no other person of him.
    let own = By { role: "approver".to_owned(), name: "别名".to_owned(), ..who('a') };
    assert_eq!(code(list.clone().apply(event("approve", &list), &own, at(20))), "SAME_PERSON");
    let other = DisposalEvent::Approve { digest: "0".repeat(64), words: None };
    assert_eq!(code(list.clone().apply(other, &who('p'), at(20))), "DIGEST_DIFFERS");
    let (agreed, effects) = list.clone().apply(event("approve", &list), &who('p'), at(20)).unwrap();
    assert_eq!(agreed.decided_by(), Some(&who('p')));
    assert!(effects.contains(&Effect::NotifyUnit { template: "disposal.approved".to_owned() }));
    let blank = DisposalEvent::Withdraw { reason: " ".to_owned() };
    assert_eq!(code(agreed.apply(blank, &who('a'), at(21))), "REASON_MISSING");
}

#[test]
fn a_list_names_what_goes_within_bounds_and_ends_with_exact_counts() {
    let made = |lines| Disposal::propose(id(), proposal(lines), &who('a'), at(9));
    assert_eq!(code(made(Vec::new())), "DISPOSAL_EMPTY");
    assert_eq!(code(made(vec![line(); 501])), "DISPOSAL_TOO_LARGE");
    let large = Line { documents: 6_000, ..line() };
    assert_eq!(code(made(vec![large.clone(), large])), "DISPOSAL_TOO_LARGE");
    let early = Proposal { cutoff: at(10), ..proposal(vec![line()]) };
    assert_eq!(code(Disposal::propose(id(), early, &who('a'), at(9))), "DISPOSAL_CUTOFF");
    // Another document, another digest.
    let other = Line::of(request_id(), "用印-1", &items()[..1]);
    assert_ne!(made(vec![other]).unwrap().0.digest(), proposed().digest());

    let list = proposed();
    assert_eq!(list.documents(), 2);
    let (list, _) = list.clone().apply(event("approve", &list), &who('p'), at(20)).unwrap();
    let (list, _) = list.apply(DisposalEvent::Begin, &By::system(), at(21)).unwrap();
    assert_eq!(code(list.clone().apply(DisposalEvent::Finish, &By::system(), at(22))), "TALLY");
    let mut count = Count::default();
    let disposed =
        Disposed { disposal: id(), at: at(22), original: Some(Fate::Deleted), sealed: Some(Fate::Shared) };
    count.add(&disposed);
    let (list, _) = list.apply(DisposalEvent::Count(count), &By::system(), at(22)).unwrap();
    assert_eq!(code(list.clone().apply(DisposalEvent::Finish, &By::system(), at(22))), "TALLY");
    let rest = Count { requests: 1, documents: 1, deleted: 1, shared: 0 };
    let (list, _) = list.apply(DisposalEvent::Count(rest), &By::system(), at(22)).unwrap();
    assert_eq!(list.count(), Count { requests: 1, documents: 2, deleted: 2, shared: 1 });
    let more = list.clone().apply(DisposalEvent::Count(rest), &By::system(), at(22));
    assert_eq!(code(more), "TALLY");
    let (done, _) = list.apply(DisposalEvent::Finish, &By::system(), at(23)).unwrap();
    assert_eq!(done.state(), DisposalState::Done);
}

#[test]
fn a_document_is_disposed_of_once_and_keeps_what_is_known_of_it() {
    let item = item_in(ItemState::Signed);
    let disposed = Disposed { disposal: id(), at: at(9), original: None, sealed: Some(Fate::Deleted) };
    let gone = item.clone().dispose(disposed.clone()).unwrap();
    assert_eq!((gone.disposed(), gone.sealed()), (Some(&disposed), item.sealed()));
    assert_eq!(gone.content_digest(), item.content_digest());
    assert_eq!(code(gone.dispose(disposed)), "DISPOSED");
}

#[test]
fn a_hold_keeps_a_dossier_and_is_lifted_by_its_own_side() {
    let lift = || DossierEvent::Lift { reason: "不再需要".to_owned() };
    let both = held(held(kept(), &officer()), &agent());
    assert_eq!(both.holds().iter().map(|hold| hold.side).collect::<Vec<_>>(), [Side::Authority, Side::Unit]);
    let again = both.clone().apply(DossierEvent::Hold { reason: "再次".to_owned() }, &agent(), at(21));
    assert_eq!(code(again), "HELD_ALREADY");
    assert_eq!(code(both.clone().apply(enlist(), &agent(), at(21))), "HELD");
    let one = both.apply(lift(), &agent(), at(21)).unwrap();
    assert_eq!(code(one.clone().apply(enlist(), &agent(), at(21))), "HELD");
    assert_eq!(code(one.clone().apply(lift(), &agent(), at(21))), "HOLD_OF_OTHERS");
    let free = one.apply(lift(), &officer(), at(22)).unwrap();
    assert_eq!(code(free.clone().apply(lift(), &officer(), at(22))), "NOT_HELD");
    free.apply(enlist(), &agent(), at(22)).unwrap();
    // Agreed to already: nothing is deleted while it is held.
    let listed = held(dossier_in(DossierState::Listed), &officer());
    assert_eq!(code(listed.apply(DossierEvent::Delete, &By::system(), at(23))), "HELD");
}

#[test]
fn nothing_is_listed_before_its_time_and_what_is_kept_for_ever_never() {
    let with = |cutoff: i64, now: i64| {
        kept().apply(DossierEvent::Enlist { disposal: id(), cutoff: at(cutoff) }, &agent(), at(now))
    };
    assert_eq!(code(with(9, 20)), "RETENTION_NOT_OVER");
    assert_eq!(code(with(15, 9)), "RETENTION_NOT_OVER");
    with(10, 10).unwrap();
    let end = DossierEvent::End { at: at(0), kept_until: None };
    let permanent = kept().apply(end, &By::system(), at(1)).unwrap();
    assert_eq!(code(permanent.apply(enlist(), &agent(), at(1_000_000))), "RETENTION_NOT_OVER");
}

#[test]
fn a_rule_keeps_each_kind_its_time_and_never_less_than_the_area() {
    let kind = |name: &str, period| KindPeriod { document_kind: name.to_owned(), period };
    let set = |default, kinds| RetentionRule::set(of(), default, kinds, 5, &agent(), at(0));
    let years = |years| Period::Years { years };
    for wrong in [0, 4, 101] {
        assert_eq!(code(set(years(wrong), Vec::new())), "RETENTION_YEARS", "{wrong}");
        assert_eq!(code(set(years(5), vec![kind("合同", years(wrong))])), "RETENTION_YEARS", "{wrong}");
    }
    let twice = vec![kind("合同", years(6)), kind("合同", years(7))];
    assert_eq!(code(set(years(5), twice)), "RETENTION_KINDS");
    for name in ["", " ", &"文".repeat(65)] {
        assert_eq!(code(set(years(5), vec![kind(name, years(6))])), "RETENTION_KINDS", "{name}");
    }
    let many = (0..101).map(|n| kind(&format!("合同{n}"), years(6))).collect();
    assert_eq!(code(set(years(5), many)), "RETENTION_KINDS");

    let text = BUILT_IN.iter().find(|(name, _)| *name == "national").unwrap().1;
    let profile = Profile::parse(text).unwrap();
    let ended: Timestamp = "2024-02-29T01:00:00Z".parse().unwrap();
    let rule = set(years(6), vec![kind("合同", Period::Permanent), kind("函件", years(10))]).unwrap();
    let until = |rule: Option<&RetentionRule>, kind: &str| {
        kept_until(rule, kind, &profile, ended).map(|at| at.to_string())
    };
    assert_eq!(until(None, "合同").as_deref(), Some("2029-02-28T16:00:00Z"));
    assert_eq!(until(Some(&rule), "合同"), None);
    assert_eq!(until(Some(&rule), "函件").as_deref(), Some("2034-02-28T16:00:00Z"));
    assert_eq!(until(Some(&rule), "通知").as_deref(), Some("2030-02-28T16:00:00Z"));
    // An area that has come to demand more counts.
    let rule: RetentionRule = put(&rule, |value| value["default"]["years"] = 2.into());
    assert_eq!(until(Some(&rule), "通知").as_deref(), Some("2029-02-28T16:00:00Z"));
}

#[test]
fn a_request_that_ends_in_any_way_leaves_word_of_it() {
    let ends = |effects: &[Effect]| {
        effects.iter().any(|effect| matches!(effect, Effect::Clock { name, .. } if name == "use_kept"))
    };
    let reason = || "示例理由".to_owned();
    for (from, event, by, now) in [
        (RequestState::Draft, RequestEvent::Withdraw { reason: reason() }, who('w'), at(5)),
        (RequestState::Draft, RequestEvent::Lapse { tally: tally(0, 0) }, By::system(), hours(100)),
        (RequestState::Signing, RequestEvent::Finish { tally: tally(3, 0) }, By::system(), at(5)),
        (RequestState::Signing, RequestEvent::Finish { tally: tally(2, 1) }, By::system(), at(5)),
        (RequestState::Partial, RequestEvent::Withdraw { reason: reason() }, who('w'), at(5)),
    ] {
        let (after, effects) = request_in(from, by_grant()).apply(event, &by, now).unwrap();
        assert!(after.state().has_ended() && ends(&effects), "{from:?}");
    }
    let (after, effects) =
        request_in(RequestState::Partial, by_grant()).apply(RequestEvent::Retry, &who('w'), at(5)).unwrap();
    assert!(!after.state().has_ended() && !ends(&effects));
}
