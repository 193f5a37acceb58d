//! Many large documents brought to a running service at once: none of them is ever in memory, and nothing of them stays on the disk.
//!
//! 40 uploads of 20 MB; `YINXIN_UPLOADS=200` for the long form.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests fail by panicking and tell what they measured"
)]

use std::io::{Cursor, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};
use yinxin_crypto::sm3;
use yinxin_ofd::{Package, sample};
use yinxin_testkit::process::{Running, Service};
use yinxin_testkit::zip::{Zip, item};

const MEGABYTE: usize = 1 << 20;
const SIZE: usize = 20 * MEGABYTE;

/// An unsigned document with a part of 20 MB that nothing makes smaller.
fn document() -> Vec<u8> {
    let plain = sample::document(2, "示例合同", &["第一条 示例"]);
    let mut package = Package::open(Cursor::new(&plain), &yinxin_ofd::Limits::default()).unwrap();
    let paths: Vec<String> = package.parts().map(|entry| entry.path.clone()).collect();
    let mut items: Vec<_> =
        paths.iter().map(|path| item(path.trim_start_matches('/'), &package.read(path).unwrap())).collect();
    let mut noise = vec![0; SIZE];
    std::fs::File::open("/dev/urandom").unwrap().read_exact(&mut noise).unwrap();
    items.push(item("Doc_0/Attachs/noise.bin", &noise));
    Zip::of(items).build()
}

/// A line of `/proc/<id>/status` in bytes.
fn memory(running: &Running, name: &str) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{}/status", running.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 1024
}

/// Files that the service holds open without a name.
fn nameless(running: &Running) -> usize {
    let open = std::fs::read_dir(format!("/proc/{}/fd", running.id())).unwrap();
    let targets = open.flatten().filter_map(|fd| std::fs::read_link(fd.path()).ok());
    targets.filter(|target| target.to_string_lossy().contains("/data/verifications/")).count()
}

fn head(length: usize) -> String {
    format!(
        "POST /api/v1/verifications HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/ofd\r\n\
         content-length: {length}\r\nconnection: close\r\n\r\n"
    )
}

fn connect(service: &Service) -> TcpStream {
    let stream = TcpStream::connect(service.url().strip_prefix("http://").unwrap()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(300))).unwrap();
    stream
}

/// Brings a document in pieces, so that many are on the way at the same time.
fn bring(service: &Service, document: &[u8]) -> serde_json::Value {
    let mut stream = connect(service);
    stream.write_all(head(document.len()).as_bytes()).unwrap();
    for piece in document.chunks(64 << 10) {
        stream.write_all(piece).unwrap();
    }
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 201"), "{head}\n{body}");
    serde_json::from_str(body).unwrap()
}

fn until(there: impl Fn() -> bool) {
    let began = Instant::now();
    while !there() {
        assert!(began.elapsed() < Duration::from_secs(60), "it did not come about");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn memory_stays_small_under_many_large_uploads_and_the_disk_is_free_again() {
    let uploads: usize = std::env::var("YINXIN_UPLOADS").map_or(40, |number| number.parse().unwrap());
    let service = Service::new(env!("CARGO_BIN_EXE_yinxin"))
        .set("log.level", "warn")
        .set("verification.anonymous_per_minute", "1000000")
        .set("verification.queue", "1000")
        .set("security.request_burst", "1000000")
        .set("verification.timeout_seconds", "600");
    let running = service.start();
    let document = document();
    let digest = hex::encode(sm3(&document));
    let answer = bring(&service, &document);
    assert_eq!((&answer["verdict"], &answer["digest"]), (&"unsigned".into(), &digest.as_str().into()));
    let before = memory(&running, "VmHWM");
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..uploads).map(|_| scope.spawn(|| bring(&service, &document))).collect();
        for one in all {
            let answer = one.join().unwrap();
            assert_eq!(
                (&answer["verdict"], &answer["digest"]),
                (&"unsigned".into(), &digest.as_str().into())
            );
        }
    });
    let after = memory(&running, "VmHWM");
    let brought = uploads * document.len();
    eprintln!(
        "{uploads} uploads, {} MiB: peak {} MiB, {} MiB before",
        brought / MEGABYTE,
        after / MEGABYTE,
        before / MEGABYTE
    );
    // What a connection reads ahead and what is gathered for one write: 1.3 MiB each where 200 arrive at once.
    assert!(
        after - before < 2 * uploads * MEGABYTE + 32 * MEGABYTE,
        "{before} bytes before, {after} at the peak"
    );
    until(|| nameless(&running) == 0);

    // Clients that break off in the middle.
    let broken: Vec<TcpStream> = (0..8)
        .map(|_| {
            let mut stream = connect(&service);
            stream.write_all(head(document.len()).as_bytes()).unwrap();
            stream.write_all(&document[..MEGABYTE]).unwrap();
            stream
        })
        .collect();
    until(|| nameless(&running) == 8);
    drop(broken);
    until(|| nameless(&running) == 0);
    assert_eq!(std::fs::read_dir(service.folder().join("data/verifications")).unwrap().count(), 0);

    // Killed in the middle, the system frees the space; a file that still had its name goes at the next start.
    let mut stream = connect(&service);
    stream.write_all(head(document.len()).as_bytes()).unwrap();
    stream.write_all(&document[..MEGABYTE]).unwrap();
    until(|| nameless(&running) == 1);
    running.kill();
    let left = service.folder().join("data/verifications/0123456789abcdef");
    std::fs::write(&left, "left by a killed process").unwrap();
    let again = service.start();
    assert!(!left.exists());
    assert_eq!(bring(&service, &document)["verdict"], "unsigned");
    assert!(again.stop().success());
}
