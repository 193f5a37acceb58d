//! What sealing and verifying cost through the service, beside the library in the same run: `docs/benchmarks/README.md` holds the figures.
//! Measurements, not tests: they assert nothing about time and run when asked for, in a release build:
//! `cargo test --release -p yinxin-cli --test speed -- --ignored --nocapture`.
//!
//! Costs are processor time of the serving process, per document, so that other work on the machine and the client's own share count little.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    dead_code,
    reason = "a measurement stops where it fails, and says what it found"
)]

#[path = "../faults/base.rs"]
mod base;
#[path = "../faults/chance.rs"]
mod chance;
mod keeping;
#[path = "../../../seal/benches/support/mod.rs"]
mod library;
#[path = "../faults/person.rs"]
mod person;
#[path = "../../../server/tests/support/sample.rs"]
mod sample;
#[path = "../faults/town.rs"]
mod town;
#[path = "../faults/users.rs"]
mod users;

use std::sync::Mutex;
use std::time::{Duration, Instant};

use base::Base;
use chance::Chance;
use person::Request;
use serde_json::json;
use town::{Town, service};
use users::{Users, asked, set_pages, state, take_step, users};
use yinxin_testkit::http::Http;

/// Pages of long documents.
const LONG: usize = 100;
/// Path of the area the service is run for: 示例市.
const CITY: &str = "/100000/610000/610100/";
/// Documents of the batch, and of each small request.
const BATCH: u32 = 500;
const SMALL: u32 = 20;
/// Small requests, and verifications.
const REQUESTS: u32 = 8;
const VERIFICATIONS: u32 = 400;
/// How often the library does it, on each processor.
const TIMES: u32 = 300;
/// Clients at the same time, and processors that the library works on: a processor that has a busy neighbor is slower.
const CLIENTS: u32 = 4;
const PROCESSORS: u32 = 2;
/// Dots per inch of the pictures of seals that the service makes.
const DPI: u32 = 600;

/// Processor time of a process so far: user and kernel, of all its threads.
fn processor(id: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit_once(") ").unwrap().1.split(' ').collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    // The kernel tells times to programs in hundredths of a second.
    Duration::from_millis(ticks * 10)
}

/// Milliseconds of processor time that each of so many takes.
fn each(id: u32, count: u32, mut work: impl FnMut()) -> (f64, f64) {
    let (before, begin) = (processor(id), Instant::now());
    work();
    let per = |time: Duration| time.as_secs_f64() * 1000.0 / f64::from(count);
    (per(processor(id) - before), per(begin.elapsed()))
}

/// Milliseconds that a document takes: by the library alone in memory, and by a program that calls the library and does with documents what a
/// registry must ([`keeping`]), without a registry.
#[derive(Debug, Clone, Copy)]
struct Library {
    alone: f64,
    keeping: f64,
}

/// What the library takes to seal a document and verify the result, and to verify one.
fn of_the_library(pages: usize) -> (Library, Library) {
    let fixture = library::Fixture::with(DPI, pages);
    let kept = keeping::Kept::new(&fixture.plain);
    let id = std::process::id();
    let on_each = |work: &(dyn Fn() + Sync)| {
        let all = || at_once(PROCESSORS, |_| (0..TIMES).for_each(|_| work()));
        each(id, PROCESSORS * TIMES, all).0
    };
    let verified = |sealed: &[u8]| assert_eq!(fixture.verify(sealed).verdict, yinxin_seal::Verdict::Valid);
    let sealing = Library {
        alone: on_each(&|| verified(&fixture.seal_once())),
        keeping: on_each(&|| {
            let sealed = fixture.seal(&kept.read());
            verified(&sealed);
            kept.keep(sealed);
        }),
    };
    let verifying = Library {
        alone: on_each(&|| verified(&fixture.sealed)),
        keeping: on_each(&|| {
            let digest = hex::encode(yinxin_crypto::sm3(&fixture.sealed));
            let report = fixture.verify(&fixture.sealed);
            assert_eq!(report.verdict, yinxin_seal::Verdict::Valid);
            kept.note(&report.to_json(&digest, yinxin_seal::report::Lang::Zh));
        }),
    };
    (sealing, verifying)
}

/// The same on so many threads.
fn at_once(threads: u32, work: impl Fn(u32) + Sync) {
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let work = &work;
            scope.spawn(move || work(thread));
        }
    });
}

fn agreed(at: &Http, users: &Users, count: u32, chance: &mut Chance) -> String {
    let request = asked(at, users, count, chance);
    let digest = users.approver.get(at, &request).unwrap().json()["digest"].clone();
    take_step(at, &users.approver, &request, "approve", &json!({ "digest": digest }), chance);
    request
}

fn sealed(at: &Http, users: &Users, request: &str, chance: &mut Chance) {
    take_step(at, &users.user, request, "sign", &json!({}), chance);
    while state(at, users, request) == "signing" {
        std::thread::sleep(Duration::from_secs(1));
    }
    assert_eq!(state(at, users, request), "done");
}

fn play(name: &str, base: Base) {
    let mut chance = Chance::fixed(1);
    let service = service(&base).set("limits.request_timeout_seconds", "120");
    let service = service.set("verification.anonymous_per_minute", "1000000");
    let (town, running) = Town::found(base, service, 1, &mut chance);
    let (users, at) = (users(&town, &mut chance), town.service.client());
    let id = running.id();
    let line = |what: &str, (cost, wall): (f64, f64), library: Library| {
        let Library { alone, keeping } = library;
        let (of_alone, of_keeping) = (alone / cost, keeping / cost);
        println!(
            "{name}: {what}: {cost:.2} ms of processor, {wall:.2} ms; the library's {alone:.2}: {of_alone:.2}; with keeping {keeping:.2}: {of_keeping:.2}"
        );
    };
    // In turn, so that a machine that slows down slows both.
    for pages in [1, LONG, 1, LONG] {
        set_pages(pages);
        let (seal, verify) = of_the_library(pages);
        println!("library, {pages} pages: sealing {seal:?}, verifying {verify:?}");
        let batch = agreed(&at, &users, BATCH, &mut chance);
        let cost = each(id, BATCH, || sealed(&at, &users, &batch, &mut chance));
        line("batch, a document", cost, seal);
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| (town.service.client(), Mutex::new((chance.branch(), Vec::new()))))
            .collect();
        let drafted = each(id, REQUESTS * CLIENTS * SMALL, || {
            at_once(CLIENTS, |client| {
                let (at, kept) = &clients[client as usize];
                let (chance, requests) = &mut *kept.lock().unwrap();
                requests.extend((0..REQUESTS).map(|_| agreed(at, &users, SMALL, chance)));
            });
        });
        let done = each(id, REQUESTS * CLIENTS * SMALL, || {
            at_once(CLIENTS, |client| {
                let (at, kept) = &clients[client as usize];
                let (chance, requests) = &mut *kept.lock().unwrap();
                requests.iter().for_each(|request| sealed(at, &users, request, chance));
            });
        });
        line("requests of twenty, brought and agreed to, a document", drafted, seal);
        line("requests of twenty, from the start of sealing, a document", done, seal);
        let item = users.user.get(&at, &format!("{batch}/items?limit=1")).unwrap().json();
        let item = format!("{batch}/items/{}/sealed", item["items"][0]["id"].as_str().unwrap());
        let document = users.user.get(&at, &item).unwrap().body;
        let ask = users.user.ask("POST", "/verifications", None, &json!({}), &mut chance);
        let ask = ask.with("application/ofd", document);
        let public = |at: &Http, document: &[u8]| {
            for _ in 0..VERIFICATIONS {
                let body = Some(("application/ofd", document));
                let answer = at.send("POST", "/api/v1/verifications", &[], body).unwrap();
                assert_eq!(answer.json()["verdict"], "valid", "{}", answer.text());
            }
        };
        let ask_at = |at: &Http, ask: &Request| {
            for _ in 0..VERIFICATIONS {
                let answer = ask.send(at).unwrap();
                assert_eq!(answer.json()["verdict"], "valid", "{}", answer.text());
            }
        };
        line("verification, one after the other", each(id, VERIFICATIONS, || ask_at(&at, &ask)), verify);
        let all = || at_once(CLIENTS, |client| ask_at(&clients[client as usize].0, &ask));
        line("verification, several clients", each(id, CLIENTS * VERIFICATIONS, all), verify);
        let all = || at_once(CLIENTS, |client| public(&clients[client as usize].0, &ask.body));
        line("verification for nobody in particular", each(id, CLIENTS * VERIFICATIONS, all), verify);
    }
}

#[test]
#[ignore = "a measurement"]
fn speed_on_sqlite() {
    play("sqlite", Base::Sqlite);
}

#[test]
#[ignore = "a measurement"]
fn speed_on_postgres() {
    if let Some(base) = Base::postgres() {
        play("postgres", base);
    }
}
