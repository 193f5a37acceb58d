use crate::life::at;
use crate::samples::*;
use yinxin_registry::custody::activation::{Activation, Policy};

fn fresh() -> Activation {
    Activation::set(belongs(), account('a'), "$argon2id$first".to_owned(), &Policy::default(), at(0))
}

#[test]
fn wrong_tries_lock_longer_each_time_and_a_right_one_clears() {
    let policy = Policy { tries: 3, lock_minutes: 10, ..Policy::default() };
    let mut activation = fresh();
    let mut now = 0;
    for minutes in [10, 20, 40] {
        for last in [false, false, true] {
            activation.may_try(at(now)).unwrap();
            let (after, locked) = activation.tried(false, &policy, at(now));
            assert_eq!(locked, last);
            activation = after;
        }
        assert_eq!(activation.locked_until(), Some(at(now + minutes * 60)));
        assert_eq!(activation.may_try(at(now + minutes * 60 - 1)).unwrap_err().code(), "ACTIVATION_LOCKED");
        now += minutes * 60;
    }
    let (activation, locked) = activation.tried(true, &policy, at(now));
    assert!(!locked && activation.locked_until().is_none());
    let (activation, locked) = activation.tried(false, &policy, at(now));
    assert!(!locked && activation.may_try(at(now)).is_ok(), "the count begins anew");
}

#[test]
fn a_lock_is_never_longer_than_a_day() {
    let policy = Policy { tries: 1, lock_minutes: 600, ..Policy::default() };
    let mut activation = fresh();
    for _ in 0..20 {
        activation = activation.tried(false, &policy, at(0)).0;
    }
    assert_eq!(activation.locked_until(), Some(at(24 * 3600)));
}

#[test]
fn a_password_ends_and_one_of_the_former_custodian_activates_nothing() {
    let policy = Policy::default();
    let activation = fresh();
    activation.may_activate(&account('a'), at(0)).unwrap();
    assert_eq!(activation.may_activate(&account('b'), at(0)).unwrap_err().code(), "NOT_THE_KEEPER");
    let end = activation.ends_at();
    assert_eq!(activation.may_activate(&account('a'), end).unwrap_err().code(), "PASSWORD_CHANGE_NEEDED");
    let forced = activation.force_change();
    assert_eq!(forced.may_activate(&account('a'), at(1)).unwrap_err().code(), "PASSWORD_CHANGE_NEEDED");
    let changed = forced.change(account('b'), "$argon2id$second".to_owned(), false, &policy, end).unwrap();
    changed.may_activate(&account('b'), end).unwrap();
}

#[test]
fn earlier_passwords_are_remembered_and_never_shown() {
    let policy = Policy { remember: 2, ..Policy::default() };
    let mut activation = fresh();
    for verifier in ["$second", "$third", "$fourth"] {
        activation = activation.change(account('a'), verifier.to_owned(), false, &policy, at(1)).unwrap();
    }
    assert_eq!(activation.remembered().collect::<Vec<_>>(), ["$fourth", "$third", "$second"]);
    assert!(!format!("{activation:?}").contains('$'), "a verifier is no text for logs");
    let reused = activation.change(account('a'), "$third".to_owned(), true, &policy, at(1));
    assert_eq!(reused.unwrap_err().code(), "PASSWORD_REUSED");
}
