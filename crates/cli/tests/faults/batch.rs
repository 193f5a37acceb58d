//! `kill -9` while documents are sealed, again and again: no signature without record, no record without outcome, no token used twice,
//! every document sealed once. And while requests are opened and voted on.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use yinxin_testkit::http::Http;
use yinxin_testkit::process::fault_rounds;

use crate::base::Base;
use crate::chance::Chance;
use crate::person::version;
use crate::town::{Town, service};
use crate::truth;
use crate::users::{Users, asked, state, take_step, users};

const FEW: u32 = 3;
/// Documents for each kill, and at most.
const EACH: u32 = 60;
const MOST: u32 = 10_000;
/// Longest wait for the end of a batch without another kill.
const PATIENCE: Duration = Duration::from_secs(600);

#[test]
fn faults_batch_on_sqlite() {
    play("faults_batch_on_sqlite", Base::Sqlite);
}

#[test]
fn faults_batch_on_postgres() {
    if let Some(base) = Base::postgres() {
        play("faults_batch_on_postgres", base);
    }
}

fn play(name: &str, base: Base) {
    let mut chance = Chance::of_run(name);
    let service = service(&base).set("limits.request_timeout_seconds", "120");
    let (town, mut running) = Town::found(base, service, 1, &mut chance);
    let users = users(&town, &mut chance);
    let rounds = fault_rounds(FEW);
    let count = (rounds * EACH).min(MOST);
    let (begin, at) = (Instant::now(), town.service.client());
    let request = asked(&at, &users, count, &mut chance);
    println!("{name}: {count} documents handed in after {:?}", begin.elapsed());
    // The vote is cut off too: sent again under its key it counts once.
    let digest = users.approver.get(&at, &request).unwrap().json()["digest"].clone();
    let body = json!({ "digest": digest });
    let seen = version(&users.approver.get(&at, &request).unwrap());
    let vote = users.approver.ask("POST", &format!("{request}/approve"), seen, &body, &mut chance);
    let (voter, client) = (vote.clone(), town.service.client());
    let cut = std::thread::spawn(move || voter.send(&client).is_ok());
    std::thread::sleep(Duration::from_millis(chance.below(40) as u64));
    running.kill();
    let answered = cut.join().unwrap();
    running = town.service.start();
    let at = town.service.client();
    let voted = vote.send(&at).unwrap();
    assert!((200..300).contains(&voted.status), "answered {answered}: {}", voted.text());
    assert_eq!(voted.json()["state"], "approved");
    take_step(&at, &users.user, &request, "sign", &json!({}), &mut chance);
    let (mut kills, begin) = (1, Instant::now());
    while kills < rounds && state(&at, &users, &request) == "signing" {
        std::thread::sleep(Duration::from_millis(50 + chance.below(1500) as u64));
        running.kill();
        kills += 1;
        running = town.service.start();
        if kills % 20 == 0 {
            println!("{name}: {kills} kills after {:?}", begin.elapsed());
        }
    }
    let ended = Instant::now();
    while state(&at, &users, &request) == "signing" {
        assert!(ended.elapsed() < PATIENCE, "the batch does not end");
        std::thread::sleep(Duration::from_millis(200));
    }
    exact(&town, &at, &users, &request, count);
    truth::chain_is_sound(&town.service);
    println!("{name}: {kills} kills, {count} documents sealed once in {:?}", begin.elapsed());
    drop(running);
}

/// Every document is sealed, once; every token has one outcome; what the gate signed and what the register says are the same.
fn exact(town: &Town, at: &Http, users: &Users, request: &str, count: u32) {
    let whole = users.user.get(at, request).unwrap().json();
    assert_eq!(whole["state"], "done", "{whole}");
    assert_eq!(whole["tally"], json!({ "documents": count, "signed": count, "failed": 0 }));
    let number = |query: &str| town.number(query);
    assert_eq!(
        number("SELECT CAST(count(*) AS TEXT) FROM use_item WHERE state = 'signed'"),
        i64::from(count)
    );
    assert_eq!(number("SELECT CAST(count(*) AS TEXT) FROM use_item WHERE state <> 'signed'"), 0);
    let sealed = "FROM use_record WHERE result = 'sealed'";
    assert_eq!(number(&format!("SELECT CAST(count(*) AS TEXT) {sealed}")), i64::from(count));
    assert_eq!(number(&format!("SELECT CAST(count(DISTINCT item_id) AS TEXT) {sealed}")), i64::from(count));
    let (given, ended) = (tokens(town, "use.tokens"), tokens_ended(town));
    assert_eq!(given.len(), given.iter().collect::<BTreeSet<_>>().len(), "a token given twice");
    let (given, ended_once): (BTreeSet<_>, BTreeSet<_>) =
        (given.into_iter().collect(), ended.iter().cloned().collect());
    assert_eq!(ended.len(), ended_once.len(), "a token with two outcomes");
    assert_eq!(given, ended_once, "a token without an outcome, or an outcome without a token");
    let used = used_at_the_gate(town);
    let once: BTreeSet<_> = used.iter().cloned().collect();
    assert_eq!(used.len(), once.len(), "the gate took a token twice");
    assert!(once.is_subset(&given), "the gate took a token nobody gave");
    assert!(once.len() >= count as usize, "{} signatures for {count} documents", once.len());
}

/// Tokens that the audit log says were given out.
fn tokens(town: &Town, action: &str) -> Vec<String> {
    let all = truth::details(town, action);
    let each = |details: &Value| -> Vec<String> {
        let pairs = details["tokens"].as_array().unwrap().clone();
        pairs.iter().map(|pair| pair[1].as_str().unwrap().to_owned()).collect()
    };
    all.iter().flat_map(each).collect()
}

/// Tokens with an outcome on record, or broken off.
fn tokens_ended(town: &Town) -> Vec<String> {
    let outcomes = truth::details(town, "use.outcomes");
    let each = |details: &Value| -> Vec<String> {
        let lines = details["documents"].as_array().unwrap().clone();
        lines.iter().map(|line| line["token"].as_str().unwrap().to_owned()).collect()
    };
    let broken = truth::details(town, "use.broken_off");
    let broken = broken.iter().map(|details| details["token"].as_str().unwrap().to_owned());
    outcomes.iter().flat_map(each).chain(broken).collect()
}

/// Tokens in the gate's own journal.
fn used_at_the_gate(town: &Town) -> Vec<String> {
    let folder = town.service.folder().join("data/workshop-keys/gate");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
        let text = String::from_utf8_lossy(&std::fs::read(entry.unwrap().path()).unwrap()).into_owned();
        let mut rest = text.as_str();
        while let Some(place) = rest.find("\"token\":\"") {
            rest = &rest[place + 9..];
            found.push(rest[..rest.find('"').unwrap()].to_owned());
        }
    }
    found
}
