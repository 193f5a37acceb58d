//! The one-time passwords of the first start: whatever stops the process, nobody is locked out of a new registry.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use serde_json::json;
use std::io::{PipeReader, Write as _};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};
use yinxin_testkit::http::Http;
use yinxin_testkit::process::Service;

fn service() -> Service {
    Service::new(env!("CARGO_BIN_EXE_yinxin")).set("log.level", "warn")
}

/// Logs every administrator in with what the service has printed.
fn passwords_count(service: &Service) {
    let running = service.start();
    for login in ["system", "security", "audit"] {
        let line = running.line_with(&format!("  {login} "));
        let password = line.split_whitespace().nth(1).unwrap();
        let session = Http::new(&service.url())
            .post("/api/v1/sessions", &json!({ "login": login, "password": password }));
        assert!((200..300).contains(&session.status), "{login}: {}", session.text());
    }
    assert!(running.stop().success());
}

/// A service whose standard output is a pipe that takes not one byte more, and the pipe's other end.
fn spawn_against_a_full_pipe(service: &Service) -> (Child, PipeReader) {
    let (reader, mut writer) = std::io::pipe().unwrap();
    // As much as a pipe holds on Linux (pipe(7)).
    writer.write_all(&vec![b'.'; 65_536]).unwrap();
    let child = service.command().stdout(Stdio::from(writer)).stderr(Stdio::null()).spawn().unwrap();
    (child, reader)
}

/// Whether a thread of the process is inside of write(1, …).
fn writes_to_stdout(child: &Child) -> bool {
    let tasks = std::fs::read_dir(format!("/proc/{}/task", child.id())).unwrap();
    tasks.flatten().any(|task| {
        let call = std::fs::read_to_string(task.path().join("syscall")).unwrap_or_default();
        let mut words = call.split_whitespace();
        // write(2) is 1 on x86-64 and 64 on AArch64.
        matches!(words.next(), Some("1" | "64")) && words.next() == Some("0x1")
    })
}

#[test]
fn a_kill_while_the_passwords_are_printed_leaves_no_accounts_and_the_next_start_prints_others() {
    let service = service();
    let (mut child, reader) = spawn_against_a_full_pipe(&service);
    let begin = Instant::now();
    while !writes_to_stdout(&child) {
        assert!(child.try_wait().unwrap().is_none(), "it ended: {}", service.log());
        assert!(begin.elapsed() < Duration::from_secs(120), "it never came to print");
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    drop(reader);
    passwords_count(&service);
}

#[test]
fn passwords_nobody_can_read_make_no_accounts() {
    let service = service();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = service.command().stdout(Stdio::from(writer)).output().unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("一次性口令无法显示"), "{said}");
    passwords_count(&service);
}
