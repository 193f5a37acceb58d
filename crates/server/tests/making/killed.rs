//! `kill -9` at any moment: a process that makes seals is started and killed many times, then finishes.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use yinxin_crypto::rand_core::UnwrapErr;
use yinxin_server::making::Workshop;
use yinxin_server::making::authority::TestAuthority;
use yinxin_server::making::dto::OrderDto;
use yinxin_server::making::keys::{KeyShelf, SealKeys};
use yinxin_server::making::log::{FileLog, Step, WorkLog};

use crate::sample::{Bench, facts, now, password, read};

const PLACE: &str = "YINXIN_TEST_WORKSHOP";
const READY: &str = "workshop open";
const ORDERS: usize = 8;
const KILLS: u64 = 16;

/// Opens what lies in the folder and makes the seals of the orders beside it.
fn make_all(folder: &Path) {
    let mut rng = UnwrapErr(getrandom::SysRng);
    let orders: Vec<OrderDto> =
        serde_json::from_slice(&std::fs::read(folder.join("orders.json")).unwrap()).unwrap();
    let sample = Bench::new();
    let ca = TestAuthority::open(&folder.join("ca"), "示例", &password(), now(), &mut rng).unwrap();
    let facts = facts(&sample.pki, &ca, &[]);
    let workshop = Workshop {
        keys: Arc::new(KeyShelf::open(&folder.join("keys"), &password(), &mut rng).unwrap()),
        authority: Arc::new(ca),
        log: Arc::new(FileLog::open(&folder.join("log")).unwrap()),
        ..sample.workshop()
    };
    println!("{READY}");
    for order in &orders {
        workshop.make(&read(order), &facts, now(), &mut rng).unwrap();
    }
}

/// Not a test by itself: what the killed process does.
#[test]
fn process_to_be_killed() {
    if let Ok(folder) = std::env::var(PLACE) {
        make_all(Path::new(&folder));
    }
}

/// Starts the process, waits until it begins to work, and kills it after a while. False where it ended by itself.
fn killed(folder: &Path, after: Duration) -> bool {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killed::process_to_be_killed", "--nocapture"])
        .env(PLACE, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|l| l.unwrap().contains(READY)), "it never began");
    std::thread::sleep(after);
    let _ = child.kill();
    !child.wait().unwrap().success()
}

#[test]
fn a_process_killed_at_any_moment_leaves_one_key_and_one_certificate_per_order() {
    let Bench { folder, ca, keys, log, .. } = {
        let bench = Bench::new();
        let order = |n: usize| {
            bench.order_with(
                |o| o.assigned.as_mut().unwrap().id = format!("seal_{n:026}"),
                |s| s.number = format!("准制-990100-20261101-{n:06}"),
            )
        };
        let orders: Vec<OrderDto> = (0..ORDERS).map(order).collect();
        let json = serde_json::to_vec(&orders).unwrap();
        std::fs::write(bench.folder.path().join("orders.json"), json).unwrap();
        bench
    };
    drop((ca, keys, log));
    let log = FileLog::open(&folder.path().join("log")).unwrap();
    let mut cut_between_steps = 0;
    for kill in 0..KILLS {
        if !killed(folder.path(), Duration::from_millis(kill * 37 % 160)) {
            break;
        }
        let half_done = |seal: &String| {
            let steps = log.read(seal).unwrap();
            !steps.iter().any(|s| matches!(s, Step::Sealed { .. }))
        };
        cut_between_steps += usize::from(log.seals().unwrap().iter().any(half_done));
    }
    assert!(cut_between_steps > 0, "no kill hit an order at work");
    make_all(folder.path());
    let mut rng = UnwrapErr(getrandom::SysRng);
    let keys = KeyShelf::open(&folder.path().join("keys"), &password(), &mut rng).unwrap();
    let ca = TestAuthority::open(&folder.path().join("ca"), "示例", &password(), now(), &mut rng).unwrap();
    assert_eq!((keys.list().unwrap().len(), ca.issued_count()), (ORDERS, ORDERS));
    assert_eq!(log.seals().unwrap().len(), ORDERS);
    for seal in log.seals().unwrap() {
        let words: Vec<&str> = log.read(&seal).unwrap().iter().map(Step::word).collect();
        assert_eq!(words, ["accepted", "imprint", "requested", "certified", "sealed"], "{seal}");
    }
}
