//! Sessions, anti-forgery tokens, lockout, rate limits, masks, secrets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};
use yinxin_server::security::Secret;
use yinxin_server::security::csrf::{self, CsrfRefused, check_origin};
use yinxin_server::security::keyring::{KeyRing, Purpose};
use yinxin_server::security::lockout::{LockoutPolicy, Tally, address_key};
use yinxin_server::security::master_key::MasterKey;
use yinxin_server::security::rate_limit::{Rate, RateLimiter};
use yinxin_server::security::redact::{Mask, mask_email, mask_id_number, mask_name, mask_phone};
use yinxin_server::security::session::{CookieTransport, SessionLimits, SessionState, SessionToken};
use yinxin_testkit::clock::now;
use yinxin_testkit::rng::SeededRng;

fn seconds(n: i64) -> SignedDuration {
    SignedDuration::from_secs(n)
}

fn minutes(n: i64) -> SignedDuration {
    SignedDuration::from_mins(n)
}

fn token(seed: &str) -> SessionToken {
    SessionToken::generate(&mut SeededRng::new(seed))
}

#[test]
fn tokens_have_256_bits_and_only_their_hash_is_stored() {
    let token = token("a");
    let text = token.to_text();
    assert_eq!(text.reveal().len(), 43);
    assert_eq!(SessionToken::parse(text.reveal()).unwrap().hash(), token.hash());
    assert_ne!(token.hash(), self::token("b").hash());
    assert_ne!(token.hash(), yinxin_crypto::sm3(text.reveal().as_bytes()), "the hash is of sessions alone");
    assert_eq!(format!("{token:?} {text:?}"), "SessionToken(***) Secret(***)");
    for bad in ["", "abc", &format!("{}=", &text.reveal()[..42]), &format!("{}A", text.reveal())] {
        assert!(SessionToken::parse(bad).is_none(), "{bad}");
    }
}

#[test]
fn the_cookie_is_bound_to_host_tls_and_site() {
    let token = token("a");
    let text = token.to_text();
    assert_eq!(
        CookieTransport::Tls.set(&token, SessionLimits::default()).reveal(),
        format!("__Host-yinxin={}; Max-Age=28800; Path=/; Secure; HttpOnly; SameSite=Strict", text.reveal())
    );
    assert_eq!(
        CookieTransport::Loopback.set(&token, SessionLimits::default()).reveal(),
        format!("yinxin={}; Max-Age=28800; Path=/; HttpOnly; SameSite=Strict", text.reveal())
    );
    assert_eq!(
        CookieTransport::Tls.clear(),
        "__Host-yinxin=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Strict"
    );
}

#[test]
fn the_cookie_is_read_back_and_planted_ones_are_not() {
    let (own, planted) = (token("a"), token("b"));
    let (own, planted) = (own.to_text(), planted.to_text());
    let read = |header: String| CookieTransport::Tls.read(&header).map(|t| t.to_text());
    assert_eq!(read(format!("a=1; __Host-yinxin={}; b=2", own.reveal())), Some(own.clone()));
    assert_eq!(read(format!("__Host-yinxin={0}; __Host-yinxin={0}", own.reveal())), Some(own.clone()));
    assert_eq!(read(format!("__Host-yinxin={}; __Host-yinxin={}", planted.reveal(), own.reveal())), None);
    assert_eq!(
        read(format!("yinxin={}", own.reveal())),
        None,
        "without TLS it could be planted by anybody on the way"
    );
    assert_eq!(read(format!("x__Host-yinxin={}", own.reveal())), None);
    assert_eq!(read(String::new()), None);
}

#[test]
fn sessions_end_after_a_quarter_of_an_hour_idle_and_eight_hours_at_all() {
    let limits = SessionLimits::default();
    let judge =
        |begun: SignedDuration, used: SignedDuration| limits.judge(now() - begun, now() - used, now());
    assert_eq!(judge(minutes(1), seconds(0)), SessionState::Live { touch: false });
    assert_eq!(judge(minutes(15), minutes(15)), SessionState::Live { touch: true });
    assert_eq!(judge(minutes(16), minutes(15) + seconds(1)), SessionState::Idle);
    assert_eq!(judge(minutes(480), seconds(1)), SessionState::Live { touch: false });
    assert_eq!(judge(minutes(480) + seconds(1), seconds(1)), SessionState::Expired);
    assert_eq!(SessionState::Idle.code(), Some("SESSION_IDLE"));
    assert_eq!(SessionState::Expired.code(), Some("SESSION_EXPIRED"));
}

#[test]
fn the_last_use_is_written_once_a_minute() {
    let limits = SessionLimits::default();
    let touched =
        |used| limits.judge(now() - minutes(10), now() - used, now()) == SessionState::Live { touch: true };
    assert!(!touched(seconds(59)));
    assert!(touched(seconds(60)));
    // Where sessions last less than a minute, every minute would be too late.
    let short = SessionLimits { idle: seconds(20), ..limits };
    assert_eq!(short.judge(now(), now() - seconds(20), now()), SessionState::Live { touch: true });
}

#[test]
fn a_session_begun_in_the_future_is_expired_but_for_a_slip_of_the_clock() {
    let limits = SessionLimits::default();
    let future = |ahead| limits.judge(now() + ahead, now() + ahead, now());
    assert_eq!(future(minutes(5)), SessionState::Live { touch: false });
    assert_eq!(future(minutes(6)), SessionState::Expired);
}

#[test]
fn the_end_told_is_the_end_judged() {
    let limits = SessionLimits::default();
    for (begun, used) in [(minutes(0), minutes(0)), (minutes(470), minutes(2)), (minutes(60), minutes(14))] {
        let (begun, used) = (now() - begun, now() - used);
        let end = limits.ends_at(begun, used);
        assert!(matches!(limits.judge(begun, used, end), SessionState::Live { .. }));
        assert!(limits.judge(begun, used, end + seconds(1)).code().is_some());
    }
}

fn ring() -> (MasterKey, KeyRing, SeededRng) {
    let mut rng = SeededRng::new("ring");
    let master = MasterKey::generate(&mut rng);
    let ring = KeyRing::create(&master, &mut rng, now()).unwrap();
    (master, ring, rng)
}

#[test]
fn an_anti_forgery_token_fits_its_session_only() {
    let (master, ring, mut rng) = ring();
    let (own, other) = (token("a").hash(), token("b").hash());
    let issued = csrf::issue(&ring, &own);
    assert_eq!(csrf::verify(&ring, &own, Some(issued.reveal())), Ok(()));
    assert_eq!(csrf::verify(&ring, &other, Some(issued.reveal())), Err(CsrfRefused::Wrong));
    assert_eq!(csrf::verify(&ring, &own, None), Err(CsrfRefused::Missing));
    assert_eq!(csrf::verify(&ring, &own, Some("")), Err(CsrfRefused::Missing));
    for bad in ["x", "????", &issued.reveal()[..40], &hex::encode(own)] {
        assert_eq!(csrf::verify(&ring, &own, Some(bad)), Err(CsrfRefused::Wrong), "{bad}");
    }
    // What the key ring computes over the session for another end is no token.
    let foreign = KeyRing::create(&master, &mut rng, now()).unwrap();
    assert_eq!(csrf::verify(&foreign, &own, Some(issued.reveal())), Err(CsrfRefused::Wrong));
    let rotated = ring.rotated(Purpose::Token, &master, &mut rng, now()).unwrap();
    assert_eq!(
        csrf::verify(&rotated, &own, Some(issued.reveal())),
        Ok(()),
        "pages open during a rotation go on"
    );
}

#[test]
fn requests_of_other_sites_are_refused() {
    let own = "https://seal.example.gov.cn";
    for (origin, site) in
        [(None, None), (Some(own), None), (Some(own), Some("same-origin")), (None, Some("none"))]
    {
        assert_eq!(check_origin(origin, site, own), Ok(()), "{origin:?} {site:?}");
    }
    for (origin, site) in [
        (Some("https://evil.example"), None),
        (Some("null"), None),
        (Some("http://seal.example.gov.cn"), None),
        (Some("https://seal.example.gov.cn.evil.example"), None),
        (Some(own), Some("cross-site")),
        (None, Some("same-site")),
    ] {
        assert_eq!(check_origin(origin, site, own), Err(CsrfRefused::OtherOrigin), "{origin:?} {site:?}");
    }
}

/// Fails until the account is locked; gives the tally and the length of the lock.
fn fail_until_locked(mut tally: Tally, at: Timestamp) -> (Tally, u32, SignedDuration) {
    for tries in 1..=5 {
        assert!(tally.check(at).is_ok());
        tally = LockoutPolicy::default().after_failure(tally, at);
        if let Err(locked) = tally.check(at) {
            return (tally, tries, locked.retry_after);
        }
    }
    panic!("not locked after five failures");
}

#[test]
fn five_failures_lock_for_a_quarter_of_an_hour_and_each_lock_is_twice_as_long_up_to_a_day() {
    let (mut tally, mut at) = (Tally::default(), now());
    for expected in [15, 30, 60, 120, 240, 480, 960, 1440, 1440, 1440] {
        let (next, tries, length) = fail_until_locked(tally, at);
        assert_eq!((tries, length), (5, minutes(expected)));
        let end = at + length;
        assert_eq!(next.check(end - seconds(1)).unwrap_err().retry_after, seconds(1));
        assert!(next.check(end).is_ok());
        (tally, at) = (next, end);
    }
}

#[test]
fn failures_while_locked_neither_count_nor_prolong() {
    let (locked, ..) = fail_until_locked(Tally::default(), now());
    let later = LockoutPolicy::default().after_failure(locked, now() + minutes(10));
    assert_eq!(later, locked);
    let error = locked.check(now()).unwrap_err();
    assert_eq!((error.code(), error.until), ("ACCOUNT_LOCKED", now() + minutes(15)));
}

#[test]
fn locks_are_forgotten_after_a_quiet_day_and_not_before() {
    let (locked, ..) = fail_until_locked(Tally::default(), now());
    let end = now() + minutes(15);
    let (_, tries, length) = fail_until_locked(locked, end + minutes(1440) + seconds(1));
    assert_eq!((tries, length), (5, minutes(15)));
    let (_, tries, length) = fail_until_locked(locked, end + minutes(1440));
    assert_eq!((tries, length), (5, minutes(30)));
}

#[test]
fn odd_lockout_policies_neither_panic_nor_leave_the_door_open() {
    let policy = LockoutPolicy { failures: 0, ..LockoutPolicy::default() };
    assert!(policy.after_failure(Tally::default(), now()).check(now()).is_err());
    let worn = Tally { count: u32::MAX, until: Some(now()) };
    let next = LockoutPolicy::default().after_failure(worn, now());
    assert_eq!(next.check(now()).unwrap_err().retry_after, minutes(1440));
    let huge =
        LockoutPolicy { first: SignedDuration::MAX, longest: SignedDuration::MAX, failures: 1, ..policy };
    assert_eq!(huge.after_failure(Tally::default(), now()).until, Some(Timestamp::MAX));
}

#[test]
fn addresses_are_counted_by_host_or_by_network() {
    let key = |text: &str| address_key(text.parse().unwrap());
    assert_eq!(key("192.0.2.7"), "192.0.2.7");
    assert_eq!(key("::ffff:192.0.2.7"), "192.0.2.7");
    assert_eq!(key("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
    assert_eq!(key("2001:db8:1:2:ffff::1"), key("2001:db8:1:2::"));
    assert_ne!(key("2001:db8:1:3::"), key("2001:db8:1:2::"));
}

#[test]
fn a_bucket_lets_a_burst_pass_and_then_one_by_one() {
    let limiter = RateLimiter::new(Rate { burst: 3, period: seconds(30) }, 100);
    for _ in 0..3 {
        assert!(limiter.take("a", now()).is_ok());
    }
    let limited = limiter.take("a", now()).unwrap_err();
    assert_eq!((limited.code(), limited.retry_after), ("RATE_LIMITED", seconds(10)));
    assert!(limiter.take("b", now()).is_ok(), "others are not concerned");
    // Asking on does not prolong the wait.
    for _ in 0..50 {
        assert!(limiter.take("a", now() + seconds(9)).is_err());
    }
    assert!(limiter.take("a", now() + seconds(10)).is_ok());
    assert_eq!(limiter.take("a", now() + seconds(10)).unwrap_err().retry_after, seconds(10));
    for _ in 0..3 {
        assert!(limiter.take("a", now() + seconds(60)).is_ok());
    }
    assert!(limiter.take("a", now() + seconds(60)).is_err(), "a rest fills the bucket and no more");
}

#[test]
fn checking_takes_nothing() {
    let limiter = RateLimiter::new(Rate { burst: 1, period: seconds(60) }, 100);
    for _ in 0..10 {
        assert!(limiter.check("a", now()).is_ok());
    }
    assert!(limiter.is_empty());
    assert!(limiter.take("a", now()).is_ok());
    assert_eq!(limiter.check("a", now()).unwrap_err().retry_after, seconds(60));
}

#[test]
fn a_clock_set_back_by_years_locks_nobody_out_for_longer_than_a_period() {
    let limiter = RateLimiter::new(Rate { burst: 2, period: seconds(60) }, 100);
    assert!(limiter.take("a", now()).is_ok());
    let back = now() - SignedDuration::from_hours(24 * 365);
    assert_eq!(limiter.take("a", back).unwrap_err().retry_after, seconds(30));
    assert!(limiter.take("a", back + seconds(60)).is_ok());
}

#[test]
fn the_limiter_remembers_so_many_keys_and_keeps_those_in_use() {
    let limiter = RateLimiter::new(Rate { burst: 100, period: seconds(100) }, 100);
    for _ in 0..100 {
        assert!(limiter.take("attacker", now()).is_ok());
    }
    let mut passed = 0;
    for i in 0..10_000 {
        limiter.take(&format!("key {i}"), now()).unwrap();
        if i % 20 == 0 {
            // One more each second: every one is used, so that the key is written again.
            passed += usize::from(limiter.take("attacker", now() + seconds(1 + i / 20)).is_ok());
        }
        assert!(limiter.len() <= 100);
    }
    assert_eq!(passed, 500);
    assert!(limiter.take("attacker", now() + seconds(500)).is_err(), "it was never forgotten");
}

#[test]
fn odd_rates_do_not_panic() {
    for (burst, period) in
        [(0, seconds(0)), (u32::MAX, seconds(1)), (1, SignedDuration::MAX), (7, SignedDuration::MIN)]
    {
        let limiter = RateLimiter::new(Rate { burst, period }, 0);
        assert!(limiter.take("a", now()).is_ok());
        let _ = limiter.take("a", Timestamp::MAX);
        let _ = limiter.take("b", Timestamp::MIN);
        assert!(limiter.len() <= 2);
    }
}

#[test]
fn masks_hide_what_identifies() {
    assert_eq!(mask_phone("13812345678"), "138****5678");
    assert_eq!(mask_phone("029-12345678"), "029*****5678");
    assert_eq!(mask_phone("12345"), "***45");
    assert_eq!(mask_id_number("110101199003071234"), "110***********1234");
    assert_eq!(mask_id_number("E12345678"), "*******78");
    assert_eq!(mask_name("张三"), "张**");
    assert_eq!(mask_name("欧阳示例"), "欧**");
    assert_eq!(mask_email("zhang@example.com"), "z***@example.com");
    assert_eq!(mask_email("no address"), "***");
    assert_eq!(Mask::Hidden.apply("anything"), "***");
    // Short values are not given away by their ends.
    for short in ["", "1", "12", "1234"] {
        for mask in [Mask::Phone, Mask::IdNumber, Mask::Hidden] {
            assert!(mask.apply(short).chars().all(|c| c == '*'), "{short}");
        }
    }
    assert!(!mask_id_number("110101199003071234").contains("1990"));
}

#[test]
fn secrets_are_read_compared_and_never_shown() {
    let secret: Secret = serde_json::from_str("\"hunter2\"").unwrap();
    assert_eq!(secret.reveal(), "hunter2");
    assert_eq!(format!("{secret:?}"), "Secret(***)");
    assert_eq!(secret, Secret::new("hunter2"));
    assert_ne!(secret, Secret::new("hunter"));
    assert!(Secret::new("").is_empty());
    #[derive(Debug)]
    #[allow(dead_code, reason = "printed")]
    struct Login {
        password: Secret,
    }
    let login = Login { password: secret };
    assert!(!format!("{login:?} {login:#?}").contains("hunter2"));
}

#[test]
fn codes_are_stable_and_each_of_its_own() {
    let codes = [CsrfRefused::Missing.code(), CsrfRefused::Wrong.code(), CsrfRefused::OtherOrigin.code()];
    assert_eq!(codes, ["CSRF_MISSING", "CSRF_WRONG", "CSRF_OTHER_ORIGIN"]);
    assert_eq!(codes.iter().collect::<HashSet<_>>().len(), 3);
}
