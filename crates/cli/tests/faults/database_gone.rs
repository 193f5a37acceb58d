//! PostgreSQL stops, or hangs, under load.

use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use yinxin_testkit::http::Http;
use yinxin_testkit::postgres::{self, Cluster, Durability};

use crate::base::Base;
use crate::chance::Chance;
use crate::town::{Town, service};
use crate::truth;
use crate::worker::{Stop, Worker, settle_all};

/// Longer than any answer may take: `limits.request_timeout_seconds`, and something for a busy machine.
const LONGEST: Duration = Duration::from_secs(40);

#[test]
fn faults_database_gone() {
    let Some(mut cluster) = postgres::private(Durability::Full) else { return };
    let mut chance = Chance::of_run("faults_database_gone");
    let base = Base::within(&cluster);
    let service = service(&base);
    let (town, mut running) = Town::found(base, service, 3, &mut chance);
    let worker = |unit: &_| Worker::new(Clone::clone(unit), town.officers.clone(), chance.branch());
    let mut workers: Vec<Worker> = town.units.iter().map(worker).collect();
    let ways: [(&str, Way, Way); 3] = [
        ("stopped", |c| c.stop().unwrap(), |c| c.start().unwrap()),
        ("killed", |c| c.kill().unwrap(), |c| c.start().unwrap()),
        ("frozen", |c| c.freeze().unwrap(), |c| c.thaw().unwrap()),
    ];
    for (how, take, give) in ways {
        let (at, stop) = (town.service.client(), AtomicBool::new(false));
        std::thread::scope(|scope| {
            // Whatever fails here: the clients are to stop, or nobody would hear of it.
            let _stop = Stop(&stop);
            for worker in &mut workers {
                scope.spawn(|| worker.endure(&at, &stop));
            }
            std::thread::sleep(Duration::from_millis(1000));
            take(&mut cluster);
            refused(&town, &at);
            give(&mut cluster);
            running.wait_until_ready().unwrap();
            std::thread::sleep(Duration::from_millis(1000));
        });
        settle_all(&mut workers, &at);
        let met: Vec<_> = workers.iter_mut().flat_map(|w| std::mem::take(&mut w.faults)).collect();
        // Frozen for less than a statement may take, it is a database that was slow.
        assert!(!met.is_empty() || how == "frozen", "nobody noticed");
        for (status, code, says_when) in &met {
            let known = ["UNAVAILABLE", "TIMEOUT"].contains(&code.as_str());
            assert!(*status == 503 && known && *says_when, "{status} {code}, Retry-After: {says_when}");
        }
        truth::holds(&town, &at, &mut workers, &mut chance);
        let total: u64 = workers.iter().map(|w| w.ledger.total).sum();
        println!("{how}: {} refusals with 503; {total} changes acknowledged so far, none lost", met.len());
    }
    truth::chain_is_sound(&town.service);
}

type Way = fn(&mut Cluster);

/// While the database is away: the process lives, is not ready, and says so in time.
fn refused(town: &Town, at: &Http) {
    let begin = Instant::now();
    let readiness = loop {
        let answer = at.get("/readyz");
        if answer.status != 200 {
            break answer;
        }
        assert!(begin.elapsed() < LONGEST, "still called ready");
    };
    assert_eq!(readiness.problem(503), "UNAVAILABLE");
    let reviewer = &town.officers.reviewer;
    let begin = Instant::now();
    let answer = reviewer.get(at, "/applications").unwrap();
    assert!(begin.elapsed() < LONGEST, "{:?}", begin.elapsed());
    let code = answer.problem(503);
    assert!(["UNAVAILABLE", "TIMEOUT"].contains(&&*code), "{code}");
    assert!(answer.header("retry-after").is_some(), "no Retry-After");
    assert_eq!(at.get("/healthz").status, 200);
}
