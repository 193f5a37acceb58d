//! Codes people type: time-based codes, one-time passwords, recovery codes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};
use yinxin_server::security::Secret;
use yinxin_server::security::keyring::KeyRing;
use yinxin_server::security::master_key::MasterKey;
use yinxin_server::security::one_time::{
    generate_password, generate_recovery_codes, normalize, recovery_digest, redeem_recovery_code,
};
use yinxin_server::security::totp::{TotpRefused, TotpSecret};
use yinxin_testkit::clock::now;
use yinxin_testkit::rng::SeededRng;

const STEP: SignedDuration = SignedDuration::from_secs(30);

fn totp() -> TotpSecret {
    TotpSecret::generate(&mut SeededRng::new("totp"))
}

fn ring() -> KeyRing {
    let mut rng = SeededRng::new("ring");
    KeyRing::create(&MasterKey::generate(&mut rng), &mut rng, now()).unwrap()
}

/// RFC 6238 appendix B, SHA-1, whose eight digits end in our six.
#[test]
fn codes_are_those_of_rfc_6238() {
    let secret = TotpSecret::from_base32(&Secret::new("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")).unwrap();
    for (second, code) in
        [(59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (20_000_000_000, "353130")]
    {
        let moment = Timestamp::from_second(second).unwrap();
        assert_eq!(secret.code_at(moment).unwrap().reveal(), code);
        assert_eq!(secret.verify(code, 0, moment), Ok(u64::try_from(second).unwrap() / 30));
    }
}

#[test]
fn a_code_counts_one_step_early_and_late_and_no_further() {
    let secret = totp();
    let code = secret.code_at(now()).unwrap();
    for shift in [-1, 0, 1] {
        assert!(secret.verify(code.reveal(), 0, now() + STEP * shift).is_ok(), "{shift}");
    }
    for shift in [-2, 2, 100] {
        let refused = secret.verify(code.reveal(), 0, now() + STEP * shift);
        assert_eq!(refused, Err(TotpRefused::Wrong), "{shift}");
    }
}

#[test]
fn a_code_is_refused_the_second_time_and_so_are_earlier_ones() {
    let secret = totp();
    let step = secret.verify(secret.code_at(now()).unwrap().reveal(), 0, now()).unwrap();
    let again = secret.verify(secret.code_at(now()).unwrap().reveal(), step, now());
    assert_eq!(again, Err(TotpRefused::Replayed));
    let before = secret.verify(secret.code_at(now() - STEP).unwrap().reveal(), step, now());
    assert_eq!(before, Err(TotpRefused::Replayed));
    let next = secret.verify(secret.code_at(now() + STEP).unwrap().reveal(), step, now() + STEP);
    assert_eq!(next, Ok(step + 1));
}

#[test]
fn codes_are_read_with_spaces_and_nothing_else() {
    let secret = totp();
    let code = secret.code_at(now()).unwrap();
    let (a, b) = code.reveal().split_at(3);
    assert!(secret.verify(&format!(" {a} {b} "), 0, now()).is_ok());
    for bad in ["", a, &format!("{a}{b}0"), &format!("+{a}{b}"), "ＡＢＣＤＥＦ", "-00001"] {
        assert_eq!(secret.verify(bad, 0, now()), Err(TotpRefused::Wrong), "{bad}");
    }
}

#[test]
fn the_enrolment_address_names_issuer_account_and_parameters() {
    let secret = TotpSecret::from_base32(&Secret::new("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")).unwrap();
    assert_eq!(
        secret.to_uri("wang.fang@示例").reveal(),
        "otpauth://totp/Yinxin%20%E5%8D%B0%E4%BF%A1:wang.fang%40%E7%A4%BA%E4%BE%8B?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
         &issuer=Yinxin%20%E5%8D%B0%E4%BF%A1&algorithm=SHA1&digits=6&period=30"
    );
}

#[test]
fn secrets_are_160_bits_and_damaged_ones_are_told() {
    let text = totp().to_base32();
    assert_eq!(text.reveal().len(), 32);
    assert!(TotpSecret::from_base32(&text).is_ok());
    for bad in ["", "GEZDGNBV", "not base32 at all!", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBV"] {
        assert_eq!(TotpSecret::from_base32(&Secret::new(bad)).unwrap_err(), TotpRefused::Secret, "{bad}");
    }
    assert_eq!(format!("{:?}", totp()), "TotpSecret(***)");
}

#[test]
fn one_time_passwords_have_120_bits_in_readable_groups() {
    let mut rng = SeededRng::new("one-time");
    let mut seen = HashSet::new();
    let mut characters = HashSet::new();
    for _ in 0..200 {
        let password = generate_password(&mut rng);
        let groups: Vec<&str> = password.reveal().split('-').collect();
        assert_eq!(groups.len(), 6);
        assert!(groups.iter().all(|g| g.len() == 4));
        characters.extend(groups.concat().chars());
        assert!(seen.insert(password.reveal().to_owned()));
    }
    // Each character of the alphabet occurs among 4800, and none that is mistaken for another: 24 characters of 5 bits.
    assert_eq!(characters.len(), 32);
    assert!(characters.is_disjoint(&HashSet::from(['0', 'O', '1', 'I'])));
}

#[test]
fn codes_are_read_however_they_are_typed_and_passwords_are_left_alone() {
    let code = generate_password(&mut SeededRng::new("a"));
    let canonical = normalize(code.reveal()).unwrap();
    assert_eq!(canonical.reveal().len(), 24);
    let typed = code.reveal().to_lowercase().replace('-', " ");
    assert_eq!(normalize(&typed), Some(canonical.clone()));
    assert_eq!(normalize(canonical.reveal()), Some(canonical));
    for password in ["", "correct horse battery", "ABCD-EFGH", "ABCD-EFGH-JKLM-NPQ0", "秋水共长天一色"]
    {
        assert_eq!(normalize(password), None, "{password}");
    }
}

#[test]
fn a_recovery_code_serves_once_and_only_its_account() {
    let (ring, codes) = (ring(), generate_recovery_codes(&mut SeededRng::new("codes")));
    assert_eq!(codes.len(), 10);
    let digest = |code: &Secret| recovery_digest(&ring, "acct_a", &normalize(code.reveal()).unwrap());
    let stored: Vec<String> = codes.iter().map(digest).collect();
    assert!(stored.iter().zip(&codes).all(|(d, c)| !d.contains(c.reveal())));
    let typed = codes[3].reveal().to_lowercase();
    assert_eq!(redeem_recovery_code(&ring, "acct_b", &stored, &typed), None);
    let left = redeem_recovery_code(&ring, "acct_a", &stored, &typed).unwrap();
    assert_eq!(left.len(), 9);
    assert!(!left.contains(&stored[3]));
    assert_eq!(redeem_recovery_code(&ring, "acct_a", &left, &typed), None);
    assert!(redeem_recovery_code(&ring, "acct_a", &left, codes[4].reveal()).is_some());
    assert_eq!(redeem_recovery_code(&ring, "acct_a", &left, "ABCD-EFGH-JKLM-NPQR"), None);
}

#[test]
fn recovery_codes_outlive_a_rotation_of_the_token_key() {
    use yinxin_server::security::keyring::Purpose;
    let mut rng = SeededRng::new("ring");
    let master = MasterKey::generate(&mut rng);
    let ring = KeyRing::create(&master, &mut rng, now()).unwrap();
    let code = generate_recovery_codes(&mut rng).remove(0);
    let stored = vec![recovery_digest(&ring, "acct_a", &normalize(code.reveal()).unwrap())];
    let rotated = ring.rotated(Purpose::Token, &master, &mut rng, now()).unwrap();
    assert_eq!(redeem_recovery_code(&rotated, "acct_a", &stored, code.reveal()), Some(vec![]));
}
