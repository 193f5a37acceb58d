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
