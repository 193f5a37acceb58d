//! A city goes on working while it is backed up, and comes back elsewhere: on the same engine and on the other.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;
use yinxin_testkit::process::{Running, Service};

use crate::at::Shelf;
use crate::base::Base;
use crate::chance::Chance;
use crate::person::Person;
use crate::town::{self, Town};
use crate::truth;
use crate::worker::{Stop, Worker};

/// What was acknowledged: how often which action was done to which subject.
type Done = BTreeMap<(String, String), u64>;

/// What must be equal, row by row, in a registry and in what was restored from its backup.
const STATE: &[&str] = &[
    "SELECT id || ' ' || CAST(version AS TEXT) || ' ' || body FROM area ORDER BY id",
    "SELECT id || ' ' || CAST(version AS TEXT) || ' ' || body FROM unit ORDER BY id",
    "SELECT id || ' ' || CAST(version AS TEXT) || ' ' || body FROM account ORDER BY id",
    "SELECT kind || ' ' || value || ' ' || account_id FROM account_key ORDER BY kind, value, account_id",
    "SELECT id || ' ' || CAST(version AS TEXT) || ' ' || body FROM maker ORDER BY id",
    "SELECT id || ' ' || CAST(version AS TEXT) || ' ' || body || coalesce(CAST(due AS TEXT), '') FROM application ORDER BY id",
    "SELECT id || ' ' || CAST(version AS TEXT) || ' ' || body || coalesce(chain, '') FROM seal ORDER BY id",
    "SELECT id || ' ' || CAST(version AS TEXT) || ' ' || body FROM change_case ORDER BY id",
    "SELECT key || ' ' || value FROM setting ORDER BY key",
    "SELECT key || ' ' || CAST(value AS TEXT) FROM counter ORDER BY key",
    "SELECT label || CAST(number AS TEXT) || wrapped_by FROM key_ring ORDER BY label, number",
    "SELECT owner || ' ' || key || ' ' || headers FROM idempotency ORDER BY owner, key",
    "SELECT id || ' ' || CAST(seq AS TEXT) || ' ' || kind || ' ' || payload FROM job ORDER BY seq",
    "SELECT CAST(seq AS TEXT) || ' ' || actor || ' ' || action || ' ' || subject || request_id FROM audit \
     WHERE action NOT LIKE 'backup.%' AND action NOT LIKE 'registry.start' ORDER BY seq",
    "SELECT thing || area_path || state || CAST(sum(count) AS TEXT) FROM (SELECT thing, area_path, state, count FROM tally \
     UNION ALL SELECT thing, area_path, state, count FROM tally_change) t GROUP BY thing, area_path, state ORDER BY 1",
    "SELECT code || coalesce(entry, '') || CAST(changed_in AS TEXT) FROM status_entry ORDER BY code",
];

#[test]
fn a_registry_at_work_is_backed_up_and_comes_back_from_sqlite() {
    play("backup_from_sqlite", Base::Sqlite);
}

#[test]
fn a_registry_at_work_is_backed_up_and_comes_back_from_postgres() {
    if let Some(base) = Base::postgres() {
        play("backup_from_postgres", base);
    }
}

fn play(name: &str, base: Base) {
    let mut chance = Chance::of_run(name);
    let shelf = Shelf::new();
    let service = town::service(&base);
    let (town, running) = Town::found(base, service, 2, &mut chance);
    let mut workers: Vec<Worker> = town
        .units
        .iter()
        .map(|unit| Worker::new(unit.clone(), town.officers.clone(), chance.branch()))
        .collect();
    at_work(&town, &mut workers, Duration::from_millis(2500), || ());
    let before_full = acknowledged(&workers);
    let full = at_work(&town, &mut workers, Duration::ZERO, || shelf.take(&town.service, "full", None));
    let before_second = acknowledged(&workers);
    let second =
        at_work(&town, &mut workers, Duration::ZERO, || shelf.take(&town.service, "second", Some("full")));
    assert!(before_second.len() > before_full.len(), "nothing was done while the backup was taken");
    truth::comes_to_rest(&town, false);
    assert!(running.stop().success());
    let third = shelf.take(&town.service, "third", Some("second"));
    let state: Vec<Vec<String>> = STATE.iter().map(|query| town.lines(query)).collect();
    // Each copies what is new.
    assert!(full["documents"].as_u64() == full["copied"]["documents"].as_u64(), "{full}");
    assert_eq!(second["parent"], full["backup"]);
    let copied = |taken: &Value| taken["copied"]["documents"].as_u64().unwrap();
    assert!(copied(&third) < third["documents"].as_u64().unwrap(), "{third}");

    // The full one alone: a moment in the midst of the work.
    let (first, place) = other_place(&town, false);
    shelf.restored(&first, &["full"]);
    came_back(&town, &first, &place.unwrap(), &before_full);
    drop(first);

    // All three, on the same engine and on the other one.
    for change_engine in [false, true] {
        let (service, place) = other_place(&town, change_engine);
        let Some(place) = place else { return };
        let proof = shelf.restored(&service, &["second", "third", "full"]);
        println!("{name}: {}", serde_json::to_string_pretty(&proof["proof"]["findings"]).unwrap());
        for (query, expected) in STATE.iter().zip(&state) {
            let found = place.lines(&service, query);
            assert!(!query.contains(" seal ") || !expected.is_empty());
            let differs = found.iter().zip(expected).find(|(a, b)| a != b);
            assert_eq!((found.len(), differs), (expected.len(), None), "{query}");
        }
        came_back(&town, &service, &place, &before_second);
        let source = town.service.start();
        let restored = service.start();
        the_same_answers(&town, &service, &workers);
        goes_on(&town, &service, &restored, &mut chance);
        assert!(restored.stop().success() && source.stop().success());
    }
}

/// An empty place: on the engine of the town, or on the other one. `None` where PostgreSQL is absent and may be.
fn other_place(town: &Town, change_engine: bool) -> (Service, Option<Base>) {
    let postgres = matches!(town.base, Base::Postgres(_)) != change_engine;
    let base = if postgres { Base::postgres() } else { Some(Base::Sqlite) };
    let service = town::service(base.as_ref().unwrap_or(&Base::Sqlite));
    (service, base)
}

/// Clients work while `meanwhile` goes on, and for at least so long.
fn at_work<T>(town: &Town, workers: &mut [Worker], least: Duration, meanwhile: impl FnOnce() -> T) -> T {
    let (at, stop) = (town.service.client(), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let _stop = Stop(&stop);
        for worker in &mut *workers {
            scope.spawn(|| worker.work(&at, &stop));
        }
        std::thread::sleep(Duration::from_millis(300));
        let begin = Instant::now();
        let outcome = meanwhile();
        std::thread::sleep(least.saturating_sub(begin.elapsed()));
        stop.store(true, Ordering::Relaxed);
        outcome
    })
}

fn acknowledged(workers: &[Worker]) -> Done {
    let mut all = Done::new();
    for worker in workers {
        assert!(worker.faults.is_empty() && worker.pending.is_none(), "{:?}", worker.faults);
        for (what, times) in &worker.ledger.done {
            *all.entry(what.clone()).or_default() += times;
        }
    }
    assert!(!all.is_empty());
    all
}

/// Everything acknowledged before the moment is there, and nothing is half done.
fn came_back(town: &Town, service: &Service, place: &Base, done: &Done) {
    let query = "SELECT subject || ' ' || action || ' ' || CAST(count(*) AS TEXT) FROM audit WHERE outcome = 'ok' GROUP BY subject, action";
    let found: BTreeMap<(String, String), u64> = place
        .lines(service, query)
        .into_iter()
        .map(|line| {
            let mut words = line.split(' ').map(str::to_owned);
            let mut word = || words.next().unwrap();
            ((word(), word()), word().parse().unwrap())
        })
        .collect();
    for (what, times) in done {
        assert!(
            found.get(what).is_some_and(|found| found >= times),
            "{what:?} {times} times: {:?}",
            found.get(what)
        );
    }
    truth::nothing_half_done_at(|query| place.lines(service, query));
    let running = place.lines(service, "SELECT id FROM job WHERE state = 'running'");
    assert!(running.is_empty(), "{running:?}");
    let gone = place.lines(service, "SELECT id FROM session");
    assert!(gone.is_empty(), "sessions came back");
    assert!(town.number("SELECT CAST(count(*) AS TEXT) FROM session") > 0);
}

/// People log in anew, and everything they may read is as it was.
fn the_same_answers(town: &Town, restored: &Service, workers: &[Worker]) {
    let people = [&town.officers.reviewer, &town.officers.operator, &town.units[0].agent];
    let mut asked = 0;
    for person in people {
        let here = Person::log_in(&town.service.url(), &person.login, &person.password);
        let there = Person::log_in(&restored.url(), &person.login, &person.password);
        let things = workers.iter().flat_map(|w| w.ledger.versions.keys()).cloned();
        let documents = workers.iter().flat_map(|w| w.ledger.documents.iter().map(|(path, _)| path.clone()));
        let lists = ["/units", "/applications", "/seals", "/changes", "/profiles"].map(str::to_owned);
        for path in lists.into_iter().chain(things).chain(documents) {
            let one = here.get(&town.service.client(), &path).unwrap();
            let other = there.get(&restored.client(), &path).unwrap();
            assert_eq!(one.status, other.status, "{path}");
            if one.status == 200 {
                assert_eq!(one.text(), other.text(), "{path}");
                asked += 1;
            }
        }
    }
    assert!(asked > 10, "{asked}");
}

/// The restored registry takes new work, its numbers go on, and its chain is sound with the restore in it.
fn goes_on(town: &Town, service: &Service, running: &Running, chance: &mut Chance) {
    let officer =
        Person::log_in(&service.url(), &town.officers.reviewer.login, &town.officers.reviewer.password);
    let made = officer.ask("POST", "/units", None, &crate::sample::unit(77), chance);
    let made = made.send(&running.client()).unwrap();
    assert_eq!(made.status, 201, "{}", made.text());
    truth::chain_is_sound(service);
}
