use crate::life::{at, by};
use crate::samples::*;
use yinxin_registry::approval::standing::{self, StandingEvent, StandingState};
use yinxin_registry::custody::grant::{self, GrantState};
use yinxin_registry::custody::keeping::{self, KeepingState};
use yinxin_registry::lifecycle::{Refused, Rule, State};
use yinxin_registry::usage::copy::{self, CopyState};
use yinxin_registry::usage::document::{self as item_machine, ItemState};
use yinxin_registry::usage::request::{self, RequestEvent, RequestState};

/// Compares an outcome with the table.
fn compare<S: State + std::fmt::Debug>(table: &[Rule<S>], from: S, event: &str, outcome: Result<S, Refused>) {
    let rules: Vec<&Rule<S>> = table.iter().filter(|r| r.from == from && r.event == event).collect();
    match (rules.as_slice(), outcome) {
        ([rule], Ok(to)) => assert!(rule.to == to, "{} {event}: {to:?}", from.as_str()),
        ([], Err(Refused::State { allowed, .. })) => {
            let expected: Vec<&str> = table.iter().filter(|r| r.from == from).map(|r| r.event).collect();
            assert_eq!(allowed, expected, "a refusal names what would be allowed");
        }
        (rules, outcome) => panic!("{} {event}: table {}, outcome {outcome:?}", from.as_str(), rules.len()),
    }
}

fn every_event_is_listed_and_every_state_reached<S: State>(table: &[Rule<S>], events: &[&str], first: S) {
    for rule in table {
        assert!(events.contains(&rule.event), "{}", rule.event);
    }
    for event in events {
        assert!(table.iter().any(|rule| rule.event == *event), "{event}");
    }
    for state in S::ALL.iter().filter(|state| **state != first) {
        assert!(table.iter().any(|rule| rule.to == *state), "{}", state.as_str());
    }
}

#[test]
fn every_event_of_custody_and_use_is_listed_and_every_state_reached() {
    every_event_is_listed_and_every_state_reached(keeping::TABLE, keeping::EVENTS, KeepingState::Vacant);
    every_event_is_listed_and_every_state_reached(grant::TABLE, grant::EVENTS, GrantState::Live);
    every_event_is_listed_and_every_state_reached(standing::TABLE, standing::EVENTS, StandingState::Proposed);
    every_event_is_listed_and_every_state_reached(request::TABLE, request::EVENTS, RequestState::Draft);
    every_event_is_listed_and_every_state_reached(
        item_machine::TABLE,
        item_machine::EVENTS,
        ItemState::Waiting,
    );
    every_event_is_listed_and_every_state_reached(copy::TABLE, copy::EVENTS, CopyState::Valid);
}

#[test]
fn every_state_of_a_custody_takes_exactly_the_events_of_its_table() {
    for from in KeepingState::ALL.iter().copied() {
        for name in keeping::EVENTS {
            let (event, by) = keeping_event(name);
            let mut subject = keeping_in(from);
            if *name == "complete" && from == KeepingState::HandingOver {
                subject = subject.apply(event.clone(), &who('a'), at(3)).unwrap().0;
            }
            let outcome = subject.apply(event, &by, at(4)).map(|(after, _)| {
                assert_eq!(after.history().last().unwrap().event, *name);
                after.state()
            });
            // Where there is no handover, a confirmation has one name only.
            if *name != "complete" || from == KeepingState::HandingOver {
                compare(keeping::TABLE, from, name, outcome);
            } else {
                assert!(matches!(outcome, Err(Refused::State { .. })));
            }
        }
    }
}

#[test]
fn every_state_of_a_grant_takes_exactly_the_events_of_its_table() {
    for from in GrantState::ALL.iter().copied() {
        for name in grant::EVENTS {
            let now = if *name == "expire" { hours(1001) } else { at(10) };
            let outcome = grant_in(from).apply(grant_event(name), &by("a"), now);
            compare(grant::TABLE, from, name, outcome.map(|(after, _)| after.state()));
        }
    }
}

#[test]
fn every_state_of_a_standing_authorization_takes_exactly_the_events_of_its_table() {
    for from in StandingState::ALL.iter().copied() {
        for name in standing::EVENTS {
            let mut subject = standing_in(from);
            let digest = subject.course().digest().to_owned();
            let vote = |agrees| StandingEvent::Vote {
                agrees,
                words: Some("示例意见".to_owned()),
                digest: digest.clone(),
            };
            let reason = "示例理由".to_owned();
            let (event, by, now) = match *name {
                "agree" => (vote(true), who('p'), at(5)),
                "approve" => {
                    subject = almost_standing(&subject);
                    (vote(true), who('t'), at(5))
                }
                "refuse" => (vote(false), who('p'), at(5)),
                "delegate" => (StandingEvent::Delegate { to: approver('d'), reason }, who('p'), at(5)),
                "escalate" => (StandingEvent::Escalate, by("system"), hours(30)),
                "take" => (standing_take(1, 5, 5), by("clnt"), at(5)),
                "take_last" => (standing_take(8, 5, 40), by("clnt"), at(5)),
                "give_back" => (StandingEvent::GiveBack { documents: 1, value: 5 }, by("system"), at(5)),
                "revoke" => (StandingEvent::Revoke { reason }, who('a'), at(5)),
                "expire" => (StandingEvent::Expire, by("system"), hours(1001)),
                other => panic!("{other}"),
            };
            let outcome = subject.apply(event, &by, now).map(|(after, _)| after.state());
            compare(standing::TABLE, from, name, outcome);
        }
    }
}

#[test]
fn every_state_of_a_request_takes_exactly_the_events_of_its_table() {
    let flow = two_steps();
    for from in RequestState::ALL.iter().copied() {
        for name in request::EVENTS {
            let right = if *name == "submit_standing" { by_standing() } else { by_grant() };
            let mut subject = request_in(from, right);
            let reason = "示例理由".to_owned();
            let (event, by, now) = match *name {
                "submit" => (RequestEvent::Submit { manifest: manifest(3), flow: &flow }, who('w'), at(5)),
                "submit_standing" => {
                    let approval = "22".repeat(32);
                    (RequestEvent::SubmitStanding { manifest: manifest(3), approval }, who('w'), at(5))
                }
                "agree" => (vote(&subject, true), who('p'), at(5)),
                "approve" => {
                    if from == RequestState::Pending {
                        subject = almost_approved(&subject);
                    }
                    (vote(&subject, true), who('t'), at(5))
                }
                "refuse" => (vote(&subject, false), who('p'), at(5)),
                "delegate" => (RequestEvent::Delegate { to: approver('d'), reason }, who('p'), at(5)),
                "escalate" => (RequestEvent::Escalate, by("system"), hours(30)),
                "withdraw" => (RequestEvent::Withdraw { reason }, who('w'), at(5)),
                "begin" => (RequestEvent::Begin, by("system"), at(5)),
                "finish" => (RequestEvent::Finish { tally: tally(3, 0) }, by("system"), at(5)),
                "finish_partly" => (RequestEvent::Finish { tally: tally(2, 1) }, by("system"), at(5)),
                "retry" => (RequestEvent::Retry, who('w'), at(5)),
                "lapse" => (RequestEvent::Lapse { tally: tally(0, 0) }, by("system"), hours(100)),
                other => panic!("{other}"),
            };
            let outcome = subject.apply(event, &by, now).map(|(after, _)| after.state());
            // A draft knows no documents yet: whether all are sealed is no question there.
            if *name == "finish" && from == RequestState::Draft {
                assert!(matches!(outcome, Err(Refused::State { .. })));
            } else {
                compare(request::TABLE, from, name, outcome);
            }
        }
    }
}

#[test]
fn every_state_of_a_document_takes_exactly_the_events_of_its_table() {
    for from in ItemState::ALL.iter().copied() {
        for name in item_machine::EVENTS {
            let outcome = item_in(from).apply(item_event(name)).map(|after| after.state());
            compare(item_machine::TABLE, from, name, outcome);
        }
    }
}
