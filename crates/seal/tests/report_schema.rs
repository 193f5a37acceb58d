//! Reports fit the published JSON Schema, judged by somebody else's validator.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what fails by panicking")]

use std::io::{Cursor, Write as _};
use std::process::{Command, Stdio};

use yinxin_seal::report::{JSON_SCHEMA, Lang};
use yinxin_seal::{TrustFacts, VerifyOptions, verify};

#[path = "../benches/support/mod.rs"]
mod support;

const VALIDATOR: &str = "\
import json, sys, jsonschema
both = json.load(sys.stdin)
jsonschema.Draft202012Validator.check_schema(both['schema'])
jsonschema.Draft202012Validator(both['schema']).validate(both['report'])
";

/// Debian's own Python, which has the package `python3-jsonschema`.
fn validates(report: &serde_json::Value) -> Result<(), String> {
    let schema: serde_json::Value = serde_json::from_str(JSON_SCHEMA).unwrap();
    let mut child = Command::new("/usr/bin/python3")
        .args(["-c", VALIDATOR])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|e| panic!("/usr/bin/python3: {e}; `cargo xtask test` installs python3-jsonschema"));
    let input = serde_json::json!({ "schema": schema, "report": report }).to_string();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !error.contains("ModuleNotFoundError"),
        "python3-jsonschema is absent; `cargo xtask test` installs it: {error}"
    );
    if output.status.success() { Ok(()) } else { Err(error) }
}

#[test]
fn reports_of_every_verdict_fit_the_published_schema() {
    let fixture = support::Fixture::new();
    let mut broken = fixture.sealed.clone();
    broken.truncate(broken.len() / 2);
    let nobody = TrustFacts::default();
    let mut all = Vec::new();
    for (input, facts) in [
        (&fixture.sealed, &fixture.facts),
        (&fixture.sealed, &nobody),
        (&fixture.plain, &fixture.facts),
        (&broken, &fixture.facts),
    ] {
        all.push(verify(Cursor::new(input), facts, &fixture.options).to_json("文件.ofd", Lang::Zh));
    }
    let verdicts: Vec<&str> = all.iter().map(|r| r["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["valid", "indeterminate", "unsigned", "invalid"]);
    all.push(serde_json::json!({ "file": "x", "error": { "code": "FILE_READ", "detail": "gone" } }));
    validates(&serde_json::Value::Array(all)).unwrap();
}

#[test]
fn the_schema_refuses_a_report_with_an_unknown_verdict() {
    let fixture = support::Fixture::new();
    let mut report = fixture.verify_once().to_json("x", Lang::En);
    report["verdict"] = "probably".into();
    assert!(validates(&serde_json::json!([report])).is_err());
}

#[test]
fn same_input_trust_and_time_give_the_same_bytes() {
    let fixture = support::Fixture::new();
    let run = || {
        let options = VerifyOptions::at(fixture.options.at);
        verify(Cursor::new(&fixture.sealed), &fixture.facts, &options).to_json("x", Lang::Zh).to_string()
    };
    assert_eq!(run(), run());
}
