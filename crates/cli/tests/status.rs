//! `yinxin verify` with what a status service said of the seal.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]

mod support;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use support::World;
use yinxin_crypto::{SigningKey as _, keystore, sm3};
use yinxin_formats::der::Limits;
use yinxin_formats::pem;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// Signs a statement as a status service with the maker's key does.
fn envelope(world: &World, statement: &Value) -> Value {
    let text = statement.to_string();
    let key =
        keystore::read_private_key(&world.get("maker.key"), Some(support::PASSWORD.as_bytes())).unwrap();
    let certificate =
        pem::parse_pem_or_der(&world.get("maker.cer"), &Limits::default()).unwrap().remove(0).der;
    json!({
        "statement": text,
        "signature": STANDARD.encode(key.sign(text.as_bytes()).unwrap()),
        "certificates": [STANDARD.encode(certificate)],
    })
}

fn since(from: Timestamp, status: &str) -> Value {
    json!({ "from": from, "status": status })
}

fn answer(world: &World, name: &str, timeline: &[Value], made: Timestamp, lasts: SignedDuration) {
    let status = timeline.last().map_or(json!("unknown"), |last| last["status"].clone());
    let mut statement = json!({
        "authority": { "code": "610100", "name": "示例市电子印章主管部门" }, "format": "yinxin-status-1",
        "code": "TEST0001", "at": made, "this_update": made, "next_update": made + lasts, "status": status,
    });
    if !timeline.is_empty() {
        statement["timeline"] = json!(timeline);
        statement["seal"] = json!({
            "name": "示例市示例公司", "kind": "legal_name", "owner": "示例市示例公司", "area": "610100",
            "valid_from": "2026-01-01T00:00:00Z", "valid_until": "2030-01-01T00:00:00Z",
            "certificate_issuer": "CN=测试根", "certificate_serial": "01", "digest": "00",
        });
    }
    world.put(name, envelope(world, &statement).to_string().as_bytes());
}

fn list(world: &World, name: &str, timeline: &[Value], made: Timestamp, lasts: SignedDuration) {
    let entries = json!([{ "code": "TEST0001", "timeline": timeline }]);
    let statement = json!({
        "authority": { "code": "610100", "name": "示例市电子印章主管部门" }, "format": "yinxin-status-list-1",
        "number": 7, "this_update": made, "next_update": made + lasts, "entries": entries,
        "entries_digest": hex::encode(sm3(entries.to_string().as_bytes())),
    });
    world.put(name, envelope(world, &statement).to_string().as_bytes());
}

fn signed() -> World {
    let world = World::with_seal();
    world.sign("out.ofd", &["--page", "1", "--x", "20", "--y", "20"]).ok();
    world
}

/// Exit code, and the checks on status as code and outcome.
fn verified(world: &World, more: &[&str]) -> (i32, Vec<(String, String)>) {
    let mut args = vec!["verify", "out.ofd", "--trust", "trust", "--status-signer", "maker.cer", "--json"];
    args.extend(more);
    let ran = world.run(&args);
    let report = ran.json();
    let checks = report[0]["signatures"][0]["checks"].as_array().unwrap_or_else(|| panic!("{}", ran.out));
    let text = |check: &Value, name: &str| check[name].as_str().unwrap().to_owned();
    let found = checks.iter().filter(|check| text(check, "code").starts_with("STATUS_"));
    (ran.code, found.map(|check| (text(check, "code"), text(check, "outcome"))).collect())
}

fn one(code: &str, outcome: &str) -> Vec<(String, String)> {
    vec![(code.to_owned(), outcome.to_owned())]
}

#[test]
fn the_status_at_signing_time_decides() {
    let world = signed();
    let now = Timestamp::now();
    let valid = since(now - HOUR * 24, "valid");
    let with = |name: &str, timeline: &[Value]| {
        answer(&world, name, timeline, now, HOUR);
        list(&world, &format!("list-{name}"), timeline, now, HOUR);
        let by_answer = verified(&world, &["--status-answer", name]);
        assert_eq!(by_answer, verified(&world, &["--status-list", &format!("list-{name}")]));
        by_answer
    };
    assert_eq!(with("valid", std::slice::from_ref(&valid)), (0, one("STATUS_CANCELLED_THEN", "pass")));
    let suspended = since(now - HOUR, "suspended");
    assert_eq!(
        with("suspended", &[valid.clone(), suspended.clone()]),
        (1, one("STATUS_SUSPENDED_THEN", "fail"))
    );
    let resumed = since(now - HOUR / 2, "valid");
    assert_eq!(
        with("resumed", &[valid.clone(), suspended, resumed]),
        (0, one("STATUS_CANCELLED_THEN", "pass"))
    );
    let void = since(now - HOUR * 48, "void");
    assert_eq!(with("void", &[void]), (1, one("STATUS_CANCELLED_THEN", "fail")));
    // Signed before, as the document says; no timestamp proves it.
    let later = since(now + HOUR / 2, "ended");
    assert_eq!(with("later", &[valid, later]), (3, one("STATUS_CANCELLED_THEN", "indeterminate")));
    let begun = since(now + HOUR / 2, "valid");
    assert_eq!(with("early", &[begun]), (1, one("STATUS_NOT_IN_FORCE_THEN", "fail")));
}

#[test]
fn what_has_run_out_is_not_used_and_the_report_says_so() {
    let world = signed();
    let then = Timestamp::now() - HOUR * 3;
    let suspended = [since(then - HOUR, "suspended")];
    answer(&world, "old", &suspended, then, HOUR);
    list(&world, "old-list", &suspended, then, HOUR);
    for more in [["--status-answer", "old"], ["--status-list", "old-list"]] {
        assert_eq!(verified(&world, &more), (0, one("STATUS_STALE", "warn")));
    }
    answer(&world, "unknown", &[], Timestamp::now(), HOUR);
    assert_eq!(verified(&world, &["--status-answer", "unknown"]), (0, one("STATUS_UNKNOWN", "not_run")));
}

#[test]
fn what_is_forged_or_signed_by_another_stops_the_command() {
    let world = signed();
    let now = Timestamp::now();
    let timeline = [since(now - HOUR, "suspended")];
    answer(&world, "a", &timeline, now, HOUR);
    list(&world, "l", &timeline, now, HOUR);
    let code = |args: &[&str]| {
        let mut all = vec!["verify", "out.ofd", "--trust", "trust", "--json"];
        all.extend(args);
        world.run(&all).error_code()
    };
    assert_eq!(code(&["--status-signer", "owner.cer", "--status-answer", "a"]), "STATUS_SIGNER");
    assert_eq!(code(&["--status-signer", "maker.cer", "--status-answer", "l"]), "STATUS_FORMAT");
    let bent = |name: &str| String::from_utf8(world.get(name)).unwrap().replace("suspended", "valid");
    world.put("bent-a", bent("a").as_bytes());
    world.put("bent-l", bent("l").as_bytes());
    assert_eq!(code(&["--status-signer", "maker.cer", "--status-answer", "bent-a"]), "STATUS_SIGNATURE");
    assert_eq!(code(&["--status-signer", "maker.cer", "--status-list", "bent-l"]), "STATUS_SIGNATURE");
    world.put("noise", b"noise");
    assert_eq!(code(&["--status-signer", "maker.cer", "--status-answer", "noise"]), "STATUS_MALFORMED");
    assert_eq!(world.run(&["verify", "out.ofd", "--status-answer", "a"]).code, 2, "nobody is named");
}
