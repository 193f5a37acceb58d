//! Passwords: which are good enough, and how they are kept.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use yinxin_server::security::Secret;
use yinxin_server::security::password::{
    HashCost, PasswordCheck, PasswordError, PasswordHasher, PasswordPolicy, PasswordRefused,
};
use yinxin_testkit::clock::now;
use yinxin_testkit::rng::SeededRng;

const CHEAP: HashCost = HashCost { memory_kib: 64, passes: 1, lanes: 1 };

fn hasher(cost: HashCost, parallel: usize) -> PasswordHasher {
    PasswordHasher::new(cost, NonZeroUsize::new(parallel).unwrap()).unwrap()
}

fn secret(text: &str) -> Secret {
    Secret::new(text)
}

fn judge(password: &str) -> Result<(), PasswordRefused> {
    PasswordPolicy::default().check(&secret(password), "wang.fang")
}

#[test]
fn accepts_long_passwords_and_shorter_ones_of_three_kinds() {
    for good in
        ["correct horse battery", "jolvazpindux", "Kqz7vmwpte", "秋水共长天一色落霞孤鹜齐飞", "rT9#hvLq2x"]
    {
        assert_eq!(judge(good), Ok(()), "{good}");
    }
}

#[test]
fn refuses_by_length_and_kinds_with_stable_codes() {
    let code = |password: &str| judge(password).unwrap_err().code();
    assert_eq!(code("rT9#hvLq2"), "PASSWORD_TOO_SHORT");
    assert_eq!(code("jolvazpindu"), "PASSWORD_TOO_SHORT");
    assert_eq!(code("jolvazpin7"), "PASSWORD_TOO_SHORT");
    assert_eq!(code(&"xK3!".repeat(40)), "PASSWORD_TOO_LONG");
    assert_eq!(code("jolvaz\npindux"), "PASSWORD_CONTROL_CHARACTER");
}

#[test]
fn refuses_the_login_name_in_any_case_and_backwards() {
    for bad in ["xkWANG.fangqvz", "qvzgnaf.gnawxk", "Wang.Fang-7351"] {
        assert_eq!(judge(bad), Err(PasswordRefused::ContainsLogin), "{bad}");
    }
    assert_eq!(PasswordPolicy::default().check(&secret("jolvazpindux"), "ol"), Ok(()));
    assert_eq!(PasswordPolicy::default().check(&secret("jolvazpindux"), ""), Ok(()));
}

#[test]
fn refuses_what_everybody_tries_first() {
    for bad in [
        "password1234",
        "P@ssw0rd1234",
        "Passw0rd!!!!",
        "qwertyuiop123",
        "Admin@123456",
        "aaaaaaaaaaaa",
        "123456789012",
        "abcabcabcabc",
        "woaini5201314",
        "Woaini@1314520",
        "1qaz2wsx3edc",
        "1QAZ@WSX3edc",
        "zhongguo2024",
        "Huawei@2024!",
        "guanliyuan888",
        "xK7xK7xK7xK7",
        "5201314woaini",
        "dianziyinzhang",
        "密码密码密码密码密码密码",
    ] {
        assert_eq!(judge(bad), Err(PasswordRefused::Common), "{bad}");
    }
}

#[test]
fn refusals_do_not_repeat_the_password() {
    for bad in ["password1234", "wang.fang-7351", "kurz"] {
        let refused = judge(bad).unwrap_err();
        assert!(!format!("{refused} {refused:?}").contains(bad));
    }
}

#[test]
fn passwords_expire_after_ninety_days_unless_switched_off() {
    let policy = PasswordPolicy::default();
    let old = now() - SignedDuration::from_hours(24 * 90);
    assert!(!policy.is_expired(old, now()));
    assert!(policy.is_expired(old - SignedDuration::from_secs(1), now()));
    assert!(
        !PasswordPolicy { max_age_days: 0, ..policy }.is_expired(old - SignedDuration::from_hours(1), now())
    );
}

#[tokio::test]
async fn the_default_hash_is_argon2id_with_19_mib_2_passes_1_lane() {
    let hasher = hasher(HashCost::default(), 1);
    let hash = hasher.hash(secret("correct horse"), &mut SeededRng::new("salt")).await.unwrap();
    assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    let right = hasher.check(secret("correct horse"), Some(hash.clone())).await;
    assert_eq!(right, Ok(PasswordCheck::Right { rehash: false }));
    let wrong = hasher.check(secret("correct horsf"), Some(hash)).await;
    assert_eq!(wrong, Ok(PasswordCheck::Wrong));
}

#[tokio::test]
async fn equal_passwords_have_different_hashes() {
    let (hasher, mut rng) = (hasher(CHEAP, 1), SeededRng::new("salts"));
    let first = hasher.hash(secret("same"), &mut rng).await.unwrap();
    let second = hasher.hash(secret("same"), &mut rng).await.unwrap();
    assert_ne!(first, second);
}

#[tokio::test]
async fn a_hash_of_another_cost_still_verifies_and_asks_for_a_new_one() {
    let old = hasher(CHEAP, 1).hash(secret("correct horse"), &mut SeededRng::new("a")).await.unwrap();
    let dearer = hasher(HashCost { memory_kib: 128, ..CHEAP }, 1);
    assert!(dearer.needs_rehash(&old));
    assert!(!hasher(CHEAP, 1).needs_rehash(&old));
    let checked = dearer.check(secret("correct horse"), Some(old)).await;
    assert_eq!(checked, Ok(PasswordCheck::Right { rehash: true }));
}

#[tokio::test]
async fn an_unknown_account_costs_as_much_as_a_known_one() {
    let hasher = hasher(HashCost { memory_kib: 8 * 1024, passes: 2, lanes: 1 }, 1);
    let hash = hasher.hash(secret("correct horse"), &mut SeededRng::new("a")).await.unwrap();
    let mut known = Duration::MAX;
    let mut unknown = Duration::MAX;
    for _ in 0..5 {
        let start = Instant::now();
        assert_eq!(hasher.check(secret("guess"), Some(hash.clone())).await, Ok(PasswordCheck::Wrong));
        known = known.min(start.elapsed());
        let start = Instant::now();
        assert_eq!(hasher.check(secret("guess"), None).await, Ok(PasswordCheck::Wrong));
        unknown = unknown.min(start.elapsed());
    }
    // An answer without a hash would come a hundred times sooner.
    assert!(unknown > known / 3 && known > unknown / 3, "{known:?} {unknown:?}");
}

#[tokio::test]
async fn damaged_foreign_and_monstrous_hashes_are_refused_before_they_are_computed() {
    let hasher = hasher(CHEAP, 1);
    for stored in [
        "",
        "correct horse",
        "$2b$12$abcdefghijklmnopqrstuv",
        "$argon2i$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=16$m=64,t=1,p=1$c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=4194304,t=1,p=1$c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=64,t=100000,p=1$c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0",
    ] {
        let checked = hasher.check(secret("correct horse"), Some(stored.to_owned())).await;
        assert_eq!(checked, Err(PasswordError::StoredHash), "{stored}");
        assert!(hasher.needs_rehash(stored));
    }
}

#[tokio::test]
async fn the_last_five_passwords_are_not_used_again_and_the_sixth_is() {
    let (hasher, mut rng) = (hasher(CHEAP, 1), SeededRng::new("history"));
    let mut former = Vec::new();
    for i in 0..6 {
        former.push(hasher.hash(secret(&format!("former {i}")), &mut rng).await.unwrap());
    }
    assert_eq!(hasher.is_reused(secret("former 4"), former.clone(), 5).await, Ok(true));
    assert_eq!(hasher.is_reused(secret("former 5"), former.clone(), 5).await, Ok(false));
    assert_eq!(hasher.is_reused(secret("never"), former.clone(), 5).await, Ok(false));
    former[0] = "damaged".to_owned();
    assert_eq!(hasher.is_reused(secret("former 1"), former, 5).await, Ok(true));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_logins_than_can_wait_are_refused_and_the_rest_answered() {
    let hasher = hasher(HashCost { memory_kib: 4096, passes: 2, lanes: 1 }, 1);
    let tasks: Vec<_> = (0..60)
        .map(|_| {
            let hasher = hasher.clone();
            tokio::spawn(async move { hasher.check(Secret::new("guess"), None).await })
        })
        .collect();
    let (mut answered, mut busy) = (0, 0);
    for task in tasks {
        match task.await.unwrap() {
            Ok(PasswordCheck::Wrong) => answered += 1,
            Err(PasswordError::Busy) => busy += 1,
            other => panic!("{other:?}"),
        }
    }
    assert!(answered >= 33 && busy > 0, "{answered} answered, {busy} busy");
    assert_eq!(hasher.check(secret("guess"), None).await, Ok(PasswordCheck::Wrong));
}

#[tokio::test]
async fn a_request_given_up_keeps_its_slot_until_its_hash_is_done() {
    // Long enough to be still at it while the others line up.
    let hasher = hasher(HashCost { memory_kib: 256 * 1024, passes: 3, lanes: 1 }, 1);
    let ask = || {
        let hasher = hasher.clone();
        tokio::spawn(async move { hasher.check(Secret::new("guess"), None).await })
    };
    let given_up = ask();
    tokio::time::sleep(Duration::from_millis(20)).await;
    given_up.abort();
    assert!(given_up.await.unwrap_err().is_cancelled());
    // 33 would be admitted if nothing ran: one runs and 32 wait.
    let others: Vec<_> = (0..33).map(|_| ask()).collect();
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(others.iter().filter(|task| task.is_finished()).count(), 1);
    others.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test]
async fn input_of_a_megabyte_is_not_hashed() {
    let hasher = hasher(CHEAP, 1);
    let long = "x".repeat(1 << 20);
    assert_eq!(hasher.check(Secret::new(long.clone()), None).await, Err(PasswordError::TooLong));
    assert_eq!(hasher.hash(Secret::new(long), &mut SeededRng::new("a")).await, Err(PasswordError::TooLong));
}

#[test]
fn costs_out_of_range_are_refused_at_the_start() {
    let one = NonZeroUsize::MIN;
    for cost in [
        HashCost { memory_kib: 4, ..CHEAP },
        HashCost { memory_kib: 8, lanes: 2, ..CHEAP },
        HashCost { memory_kib: 2 * 1024 * 1024, ..CHEAP },
        HashCost { passes: 0, ..CHEAP },
        HashCost { passes: 65, ..CHEAP },
    ] {
        assert_eq!(PasswordHasher::new(cost, one).unwrap_err().code(), "PASSWORD_COST", "{cost:?}");
    }
}
