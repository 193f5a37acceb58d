//! `yinxin tsa` over HTTP, with requests made by OpenSSL.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use yinxin_formats::der::Limits;
use yinxin_formats::tsp::{FailureInfo, TimeStampReq, TimeStampResp, TimeStampToken};

struct Responder {
    process: Child,
    url: String,
    _folder: tempfile::TempDir,
}

impl Responder {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("pw"), "x\n").unwrap();
        let command = |args: &[&str]| {
            let mut c = Command::new(env!("CARGO_BIN_EXE_yinxin"));
            c.current_dir(folder.path()).arg("--json").args(args).args(["--password-file", "pw"]);
            c.stdout(Stdio::piped());
            c
        };
        assert!(command(&["ca", "init", "ca"]).output().unwrap().status.success());
        let issue =
            ["ca", "issue", "ca", "--role", "tsa", "--name", "t", "--key-out", "t.key", "-o", "t.pem"];
        assert!(command(&issue).output().unwrap().status.success());
        let serve = ["tsa", "--listen", "127.0.0.1:0", "--cert", "t.pem", "--key", "t.key"];
        let mut process = command(&serve).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let first: Value = serde_json::from_str(&line).unwrap();
        Self { process, url: first["url"].as_str().unwrap().to_owned(), _folder: folder }
    }

    fn folder(&self) -> &Path {
        self._folder.path()
    }

    fn agent() -> ureq::Agent {
        ureq::Agent::config_builder().proxy(None).http_status_as_error(false).build().new_agent()
    }

    fn post(&self, kind: &str, body: &[u8]) -> (u16, String, Vec<u8>) {
        let mut answer = Self::agent().post(&self.url).header("content-type", kind).send(body).unwrap();
        let got = answer.headers().get("content-type").map_or("", |v| v.to_str().unwrap()).to_owned();
        (answer.status().as_u16(), got, answer.body_mut().read_to_vec().unwrap())
    }
}

impl Drop for Responder {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

const QUERY: &str = "application/timestamp-query";

#[test]
fn answers_a_request_of_openssl_with_a_token_that_verifies() {
    let tsa = Responder::start();
    std::fs::write(tsa.folder().join("data"), b"stamped").unwrap();
    for digest in ["-sm3", "-sha256"] {
        let made = Command::new("openssl")
            .current_dir(tsa.folder())
            .args(["ts", "-query", "-data", "data", digest, "-cert", "-out", "q.tsq"])
            .output()
            .expect("openssl is installed");
        assert!(made.status.success());
        let query = std::fs::read(tsa.folder().join("q.tsq")).unwrap();
        let (status, kind, body) = tsa.post(QUERY, &query);
        assert_eq!((status, kind.as_str()), (200, "application/timestamp-reply"));
        let limits = Limits::default();
        let answer = TimeStampResp::parse(&body, &limits).unwrap();
        let token = TimeStampToken::parse(&answer.token.unwrap(), &limits).unwrap();
        let request = TimeStampReq::parse(&query, &limits).unwrap();
        assert_eq!(request.is_answered_by(&token), Ok(()));
        assert_eq!(token.info.imprint.covers(b"stamped"), Some(true));
        assert_eq!(token.verify(&token.embedded_signer(&limits).unwrap()), Ok(()));
        assert!(token.faults().is_empty() && token.deviations().is_empty());
        // OpenSSL reads the answer too.
        std::fs::write(tsa.folder().join("r.tsr"), &body).unwrap();
        let read = Command::new("openssl")
            .current_dir(tsa.folder())
            .args(["ts", "-reply", "-in", "r.tsr", "-text"])
            .output()
            .unwrap();
        assert!(String::from_utf8_lossy(&read.stdout).contains("Status: Granted"), "{read:?}");
    }
}

#[test]
fn rejects_nonsense_with_the_reason_and_oversized_bodies_with_413() {
    let tsa = Responder::start();
    let failure = |body: &[u8]| {
        let (status, _, answer) = tsa.post(QUERY, body);
        assert_eq!(status, 200);
        TimeStampResp::parse(&answer, &Limits::default()).unwrap().failure
    };
    assert_eq!(failure(b""), Some(FailureInfo::BAD_DATA_FORMAT));
    assert_eq!(failure(&[0x30; 1000]), Some(FailureInfo::BAD_DATA_FORMAT));
    assert_eq!(tsa.post(QUERY, &vec![0; 65 << 10]).0, 413);
    assert_eq!(tsa.post("text/html", b"x").0, 415);
    let mut page = Responder::agent().get(&tsa.url).call().unwrap();
    assert!(page.body_mut().read_to_string().unwrap().contains("RFC 3161"));
    assert_eq!(failure(b"still there"), Some(FailureInfo::BAD_DATA_FORMAT));
}

#[cfg(unix)]
#[test]
fn stops_in_order_when_told_to() {
    let mut tsa = Responder::start();
    let id = tsa.process.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert_eq!(tsa.process.wait().unwrap().code(), Some(0));
}
