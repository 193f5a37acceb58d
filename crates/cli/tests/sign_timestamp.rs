//! `--tsa` against the responder of this command.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]

mod support;

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use support::World;

/// A responder, ended with the test.
struct Responder(Child, String);

impl Drop for Responder {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A responder whose certificate comes from a test CA in `ca`.
fn responder(world: &World) -> Responder {
    world.run(&["ca", "init", "ca", "--password-file", "pw"]).ok();
    let issue = ["ca", "issue", "ca", "--role", "tsa", "--name", "t", "--key-out", "t.key", "-o", "t.pem"];
    world.run(&[&issue[..], &["--password-file", "pw"]].concat()).ok();
    let mut process = support::yinxin()
        .current_dir(world.dir.path())
        .args([
            "tsa",
            "--listen",
            "127.0.0.1:0",
            "--cert",
            "t.pem",
            "--key",
            "t.key",
            "--password-file",
            "pw",
            "--json",
        ])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let first: serde_json::Value = serde_json::from_str(&line).unwrap();
    Responder(process, first["url"].as_str().unwrap().to_owned())
}

#[test]
fn signatures_and_version_5_seals_carry_timestamps_that_verify() {
    let world = World::new();
    let tsa = responder(&world);
    for version in ["4", "5"] {
        let stamp = ["--version", "5", "--tsa", &tsa.1];
        world.make_seal(if version == "5" { &stamp } else { &[] }).ok();
        world.sign("out.ofd", &["--page", "1", "--x", "1", "--y", "1", "--tsa", &tsa.1]).ok();
        let ran = world.run(&["verify", "out.ofd", "--trust", "trust", "--trust", "ca/trust", "--json"]).ok();
        assert_eq!(ran.json()[0]["signatures"][0]["time_source"], "timestamp", "{}", ran.out);
    }
    let seal = world.run(&["seal", "inspect", "seal.esl", "--json"]).ok().json();
    assert_eq!(seal["timestamp"], true);
    world.run(&["seal", "verify", "seal.esl", "--trust", "trust", "--trust", "ca/trust"]).ok();
}

#[test]
fn a_pdf_is_sealed_for_years_and_extended_later() {
    let world = World::new();
    let tsa = responder(&world);
    world.make_seal(&[]).ok();
    world.put("in.pdf", &yinxin_testkit::pdf::plain());
    world.run(&["ca", "crl", "ca", "-o", "ca.crl", "--password-file", "pw"]).ok();
    world.run(&["ca", "crl", "ca", "--issuer", "root", "-o", "root.crl", "--password-file", "pw"]).ok();
    world.ocsp("good.ocsp", None);
    let key = ["--seal", "seal.esl", "--key", "owner.key", "--password-file", "pw"];
    let place = ["--page", "1", "--x", "1", "--y", "1", "--tsa", &tsa.1];
    let trust = ["--trust", "trust", "--trust", "ca/trust"];
    let known = [&trust[..], &["--crl", "ca.crl", "--crl", "root.crl", "--ocsp", "good.ocsp"]].concat();
    let sign = |output, more: &[&str]| {
        world.run(&[&["sign", "in.pdf", "-o", output], &key[..], &place, more].concat())
    };
    let level = |file| {
        let ran = world.run(&[&["verify", file, "--json"], &trust[..]].concat()).ok();
        let checks = ran.json()[0]["signatures"][0]["checks"].as_array().unwrap().clone();
        let found = checks.iter().find(|c| c["code"] == "LONG_TERM").unwrap().to_string();
        ["LTA", "LT", "T"].into_iter().find(|l| found.contains(&format!("\"{l}\""))).unwrap()
    };
    sign("t.pdf", &["--level", "t"]).ok();
    assert_eq!(level("t.pdf"), "T");
    sign("lt.pdf", &[&["--level", "lt"], &known[..]].concat()).ok();
    assert_eq!(level("lt.pdf"), "LT");
    sign("lta.pdf", &[&["--level", "lta"], &known[..]].concat()).ok();
    assert_eq!(level("lta.pdf"), "LTA");
    // Without revocation data nothing is written.
    let ran = sign("none.pdf", &[&["--level", "lt"], &trust[..]].concat());
    assert!(ran.err.contains("SIGN_LT_INCOMPLETE"), "{}", ran.err);
    assert!(!world.path("none.pdf").exists());
    let extend = ["extend", "t.pdf", "-o", "t.pdf", "--tsa", &tsa.1];
    world.run(&[&extend[..], &known[..]].concat()).ok();
    assert_eq!(level("t.pdf"), "LTA");
}
