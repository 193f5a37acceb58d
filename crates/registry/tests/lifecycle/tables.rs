use crate::samples::{
    application_event, application_in, at, by, change_event, change_in, seal_event, seal_for,
};
use yinxin_registry::lifecycle::application::ApplicationState;
use yinxin_registry::lifecycle::change::ChangeState;
use yinxin_registry::lifecycle::seal::SealState;
use yinxin_registry::lifecycle::{Refused, Rule, State, application, change, seal};

fn expected<S: State>(table: &[Rule<S>], from: S, event: &str) -> Option<S> {
    let found: Vec<S> = table.iter().filter(|r| r.from == from && r.event == event).map(|r| r.to).collect();
    assert!(found.len() <= 1, "two rules for {} and {event}", from.as_str());
    found.first().copied()
}

fn refused_by_the_table(refused: &Refused, table_allows: &[&str]) {
    let Refused::State { allowed, .. } = refused else {
        panic!("refused by a rule, not by the table: {refused}")
    };
    assert_eq!(allowed, table_allows, "a refusal names what would be allowed");
}

#[test]
fn every_state_of_an_application_takes_exactly_the_events_of_its_table() {
    for from in ApplicationState::ALL.iter().copied() {
        for event in application::EVENTS {
            let subject = application_in(from);
            let outcome = subject.clone().apply(application_event(event, &subject), &by("officer"), at(60));
            match (expected(application::TABLE, from, event), outcome) {
                (Some(to), Ok((after, _))) => {
                    assert_eq!(after.state(), to, "{} {event}", from.as_str());
                    let step = after.history().last().unwrap();
                    assert_eq!((step.event.as_str(), step.to.as_str()), (*event, to.as_str()));
                }
                (None, Err(refused)) => {
                    let allowed: Vec<&str> =
                        application::TABLE.iter().filter(|r| r.from == from).map(|r| r.event).collect();
                    refused_by_the_table(&refused, &allowed);
                }
                (want, got) => panic!("{} {event}: table {want:?}, outcome {got:?}", from.as_str()),
            }
        }
    }
}

#[test]
fn every_state_of_a_seal_takes_exactly_the_events_of_its_table() {
    for from in SealState::ALL.iter().copied() {
        for event in seal::EVENTS {
            let now = match *event {
                "expire" => at(20_000),
                "lapse" => at(300),
                _ => at(90),
            };
            let outcome = seal_for(from, event).apply(seal_event(event), &by("officer"), now);
            match (expected(seal::TABLE, from, event), outcome) {
                (Some(to), Ok((after, _))) => {
                    assert_eq!(after.state(), to, "{} {event}", from.as_str());
                    assert_eq!(after.history().last().unwrap().event, *event);
                }
                (None, Err(refused)) => {
                    let allowed: Vec<&str> =
                        seal::TABLE.iter().filter(|r| r.from == from).map(|r| r.event).collect();
                    refused_by_the_table(&refused, &allowed);
                }
                (want, got) => panic!("{} {event}: table {want:?}, outcome {got:?}", from.as_str()),
            }
        }
    }
}

#[test]
fn every_state_of_a_change_case_takes_exactly_the_events_of_its_table() {
    for from in ChangeState::ALL.iter().copied() {
        for event in change::EVENTS {
            let outcome = change_in(from).apply(change_event(event), &by("officer"), at(60));
            match (expected(change::TABLE, from, event), outcome) {
                (Some(to), Ok(after)) => assert_eq!(after.state(), to),
                (None, Err(Refused::State { .. })) => {}
                (want, got) => panic!("{} {event}: table {want:?}, outcome {got:?}", from.as_str()),
            }
        }
    }
}

#[test]
fn every_event_of_a_table_is_listed_and_every_state_can_be_reached() {
    for rule in application::TABLE {
        assert!(application::EVENTS.contains(&rule.event));
    }
    for rule in seal::TABLE {
        assert!(seal::EVENTS.contains(&rule.event));
    }
    for state in ApplicationState::ALL.iter().filter(|s| **s != ApplicationState::Draft) {
        assert!(application::TABLE.iter().any(|r| r.to == *state), "{}", state.as_str());
    }
    for state in SealState::ALL.iter().filter(|s| **s != SealState::Making) {
        assert!(seal::TABLE.iter().any(|r| r.to == *state), "{}", state.as_str());
    }
}
