//! Each token once: in one process, after a restart, with the clock set back, and with two at once.

use std::sync::Arc;

use jiff::SignedDuration;
use yinxin_server::gate::Gate;

use crate::sample::{Bench, code, soon};

#[test]
fn a_token_is_good_once_also_after_a_restart_and_for_the_same_bytes() {
    let bench = Bench::new();
    let prepared = bench.prepared("第一条");
    let token = bench.token(1, &prepared.to_sign, |_| {});
    let gate = bench.gate();
    assert_eq!(code(gate.sign(bench.ask(&token, &prepared.to_sign), soon())), "signed");
    assert_eq!(code(gate.sign(bench.ask(&token, &prepared.to_sign), soon())), "TOKEN_SPENT");
    drop(gate);
    let gate = bench.gate();
    assert_eq!(code(gate.sign(bench.ask(&token, &prepared.to_sign), soon())), "TOKEN_SPENT");
    assert_eq!(bench.device.count(), 1);
}

#[test]
fn the_same_token_twice_in_one_batch_is_good_once() {
    let bench = Bench::new();
    let gate = bench.gate();
    let prepared = bench.prepared("第一条");
    let one = bench.token(1, &prepared.to_sign, |_| {});
    let two = bench.token(2, &prepared.to_sign, |_| {});
    let bad = bench.token(3, &prepared.to_sign, |claims| claims.approval = "00".repeat(32));
    let asks = [&one, &bad, &one, &two].map(|token| bench.ask(token, &prepared.to_sign));
    let codes: Vec<_> = gate.sign_all(&asks, soon()).into_iter().map(code).collect();
    assert_eq!(codes, ["signed", "TOKEN_APPROVAL", "TOKEN_SPENT", "signed"]);
    assert!(gate.sign_all(&[], soon()).is_empty());
}

#[test]
fn a_clock_set_back_brings_no_token_to_life() {
    let bench = Bench::new();
    let prepared = bench.prepared("第一条");
    let old = bench.token(1, &prepared.to_sign, |_| {});
    let later = soon().checked_add(SignedDuration::from_hours(30)).unwrap();
    let new = bench.token(2, &prepared.to_sign, |claims| {
        claims.issued_at = later;
        claims.until = later.checked_add(SignedDuration::from_mins(5)).unwrap();
    });
    let gate = bench.gate();
    assert_eq!(code(gate.sign(bench.ask(&new, &prepared.to_sign), later)), "signed");
    assert_eq!(
        code(gate.sign(bench.ask(&old, &prepared.to_sign), soon())),
        "TOKEN_OVER",
        "never used, but long over"
    );
    drop(gate);
    assert_eq!(code(bench.gate().sign(bench.ask(&old, &prepared.to_sign), soon())), "TOKEN_OVER");
}

#[test]
fn a_token_used_before_midnight_is_known_after_it() {
    let bench = Bench::new();
    let prepared = bench.prepared("第一条");
    let midnight = jiff::civil::date(2026, 12, 2).to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
    let before = midnight.checked_sub(SignedDuration::from_mins(1)).unwrap();
    let after = midnight.checked_add(SignedDuration::from_mins(1)).unwrap();
    let token = |number| {
        bench.token(number, &prepared.to_sign, |claims| {
            claims.issued_at = before;
            claims.until = before.checked_add(SignedDuration::from_mins(10)).unwrap();
        })
    };
    let (one, two) = (token(1), token(2));
    let gate = bench.gate();
    assert_eq!(code(gate.sign(bench.ask(&one, &prepared.to_sign), before)), "signed");
    assert_eq!(code(gate.sign(bench.ask(&two, &prepared.to_sign), after)), "signed");
    assert_eq!(code(gate.sign(bench.ask(&one, &prepared.to_sign), after)), "TOKEN_SPENT");
    drop(gate);
    assert_eq!(code(bench.gate().sign(bench.ask(&one, &prepared.to_sign), after)), "TOKEN_SPENT");
}

#[test]
fn only_one_gate_stands_before_a_list_of_used_tokens() {
    let bench = Bench::new();
    let first = bench.gate();
    let issuer = bench.registry.cert.public_key().unwrap();
    let second = Gate::open(&bench.place().join("gate"), bench.device.clone(), vec![issuer]);
    assert_eq!(second.unwrap_err().code(), "JOURNAL_BUSY");
    drop(first);
    bench.gate();
}

#[test]
fn a_damaged_list_opens_no_gate() {
    let bench = Bench::new();
    let prepared = bench.prepared("第一条");
    let token = bench.token(1, &prepared.to_sign, |_| {});
    assert_eq!(code(bench.gate().sign(bench.ask(&token, &prepared.to_sign), soon())), "signed");
    let list = std::fs::read_dir(bench.place().join("gate")).unwrap().map(|entry| entry.unwrap().path());
    let list: Vec<_> = list.filter(|path| path.extension().is_some()).collect();
    let path = list.iter().max().unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    std::fs::write(path, text.replace("tkn_0", "tkn_1")).unwrap();
    let issuer = bench.registry.cert.public_key().unwrap();
    let opened = Gate::open(&bench.place().join("gate"), bench.device.clone(), vec![issuer]);
    assert_eq!(opened.unwrap_err().code(), "JOURNAL_DAMAGED");
}

#[test]
fn of_many_at_once_with_one_token_one_signs() {
    let bench = Arc::new(Bench::new());
    let gate = Arc::new(bench.gate());
    let prepared = Arc::new(bench.prepared("第一条"));
    let token = Arc::new(bench.token(1, &prepared.to_sign, |_| {}));
    let tries: Vec<_> = (0..8)
        .map(|_| {
            let (bench, gate, prepared, token) =
                (bench.clone(), gate.clone(), prepared.clone(), token.clone());
            std::thread::spawn(move || code(gate.sign(bench.ask(&token, &prepared.to_sign), soon())))
        })
        .collect();
    let codes: Vec<_> = tries.into_iter().map(|one| one.join().unwrap()).collect();
    assert_eq!(codes.iter().filter(|code| **code == "signed").count(), 1, "{codes:?}");
    assert_eq!(codes.iter().filter(|code| **code == "TOKEN_SPENT").count(), 7, "{codes:?}");
}
