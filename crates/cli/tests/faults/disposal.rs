//! `kill -9` while documents are disposed of, again and again: what was agreed to is gone, each outcome is told once, the counts are exact.
//! The years until documents are due are passed by Debian's libfaketime.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use yinxin_testkit::process::fault_rounds;

use crate::base::Base;
use crate::chance::Chance;
use crate::faketime::{set, under};
use crate::person::Person;
use crate::town::{Town, service};
use crate::truth;
use crate::users::{asked, post, state, take_step, users};

const FEW: u32 = 3;
/// Documents for each kill, and at most.
const EACH: u32 = 60;
const MOST: u32 = 3_000;
/// Longest wait for something without another kill.
const PATIENCE: Duration = Duration::from_secs(900);
/// Five years and some days, in seconds.
const YEARS: &str = "+158400000";

#[test]
fn faults_disposal_on_sqlite() {
    play("faults_disposal_on_sqlite", Base::Sqlite);
}

#[test]
fn faults_disposal_on_postgres() {
    if let Some(base) = Base::postgres() {
        play("faults_disposal_on_postgres", base);
    }
}

fn play(name: &str, base: Base) {
    let mut chance = Chance::of_run(name);
    let folder = tempfile::tempdir().unwrap();
    let clock = folder.path().join("clock");
    set(&clock, "+0");
    let service = under(&clock, service(&base));
    let (town, mut running) = Town::found(base, service, 1, &mut chance);
    let (mut users, at) = (users(&town, &mut chance), town.service.client());
    let rounds = fault_rounds(FEW);
    let count = (rounds * EACH).min(MOST);
    let request = asked(&at, &users, count, &mut chance);
    let digest = users.approver.get(&at, &request).unwrap().json()["digest"].clone();
    take_step(&at, &users.approver, &request, "approve", &json!({ "digest": digest }), &mut chance);
    take_step(&at, &users.user, &request, "sign", &json!({}), &mut chance);
    waits(|| state(&at, &users, &request) == "done");
    let kept = contents(&town);
    waits(|| town.number("SELECT CAST(count(*) AS TEXT) FROM dossier WHERE state = 'kept'") == 1);

    running.kill();
    set(&clock, YEARS);
    running = town.service.start();
    let at = town.service.client();
    // Passwords are years old by now, and changed.
    let mut again = |person: &Person| {
        Person::enter(&town.service.url(), &person.login, &person.password, false, &mut chance)
    };
    (users.custodian, users.approver) = (again(&users.custodian), again(&users.approver));
    let unit = &town.units[0].id;
    let asks = json!({ "unit": unit, "reason": "保管期限已满，经鉴定无继续保存价值" });
    let list = post(&at, &users.custodian, "/disposals", &asks, &mut chance);
    assert_eq!(list["documents"], json!(count));
    let path = format!("/disposals/{}", list["id"].as_str().unwrap());
    let agreed = json!({ "digest": list["digest"] });
    take_step(&at, &users.approver, &path, "approve", &agreed, &mut chance);

    let (mut kills, begin) = (0, Instant::now());
    let ended = || town.number("SELECT CAST(count(*) AS TEXT) FROM disposal WHERE state = 'done'") == 1;
    while kills < rounds && !ended() {
        std::thread::sleep(Duration::from_millis(chance.below(200) as u64));
        running.kill();
        kills += 1;
        running = town.service.start();
    }
    waits(ended);
    let at = town.service.client();
    let done = users.custodian.get(&at, &path).unwrap().json();
    let all = json!({ "requests": 1, "documents": count, "deleted": 2 * count, "shared": 0 });
    assert_eq!((&done["state"], &done["count"]), (&json!("done"), &all));
    told_once(&town, count);
    let left: Vec<&PathBuf> = kept.iter().filter(|file| file.exists()).collect();
    assert!(left.is_empty(), "{} files are left, as {:?}", left.len(), left.first());
    let item = users.custodian.get(&at, &format!("{request}/items?limit=1")).unwrap().json();
    let item = item["items"][0]["id"].as_str().unwrap();
    let gone = users.approver.get(&at, &format!("{request}/items/{item}/sealed")).unwrap();
    assert_eq!(gone.problem(410), "DISPOSED");
    truth::chain_is_sound(&town.service);
    println!("{name}: {kills} kills, {count} documents disposed of once in {:?}", begin.elapsed());
    drop(running);
}

fn waits(until: impl Fn() -> bool) {
    let begin = Instant::now();
    while !until() {
        assert!(begin.elapsed() < PATIENCE, "it does not come about");
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// Each document stands once among the outcomes, with both of its contents deleted.
fn told_once(town: &Town, count: u32) {
    let mut told = BTreeMap::new();
    for record in truth::details(town, "disposal.delete") {
        for document in record["documents"].as_array().unwrap() {
            let fates = [&document["original"], &document["sealed"]];
            assert_eq!(fates, [&json!("deleted"), &json!("deleted")], "{document}");
            let before: Option<Value> = told.insert(document["item"].to_string(), document.clone());
            assert!(before.is_none(), "told twice: {document}");
        }
    }
    assert_eq!(told.len(), count as usize);
}

/// Where the contents of the sealed documents lie.
fn contents(town: &Town) -> Vec<PathBuf> {
    let folder = town.service.folder().join("data/documents/sm3");
    let place = |digest: &str| folder.join(&digest[..2]).join(&digest[2..4]).join(digest);
    let mut found = Vec::new();
    for body in town.lines("SELECT body FROM use_item") {
        let item: Value = serde_json::from_str(&body).unwrap();
        found.extend(
            [&item["document"]["digest"], &item["sealed"]["digest"]].map(|d| place(d.as_str().unwrap())),
        );
    }
    assert!(found.iter().all(|file| file.exists()), "{}", folder.display());
    found
}
