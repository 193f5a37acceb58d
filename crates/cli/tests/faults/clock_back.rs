//! The machine's clock is set back while the service runs, and before it starts. Debian's libfaketime stands for the machine's clock.

use std::time::Duration;

use crate::base::Base;
use crate::chance::Chance;
use crate::faketime::{set, under};
use crate::person::{Request, version};
use crate::sample;
use crate::town::{Town, service};
use crate::truth;
use serde_json::json;

/// Rows of the chain that stand earlier in time than the row before.
const BACKWARD: &str = "SELECT CAST(b.seq AS TEXT) || ' ' || b.action FROM audit a JOIN audit b ON b.seq = a.seq + 1 WHERE b.at < a.at";

fn draft(town: &Town, chance: &mut Chance) -> Request {
    let unit = &town.units[0];
    let content = sample::contract_content(unit.number);
    let body = json!({ "unit": unit.id, "basis": { "kind": "new" }, "content": content });
    unit.agent.ask("POST", "/applications", None, &body, chance)
}

#[test]
fn faults_clock_back_on_sqlite() {
    play("faults_clock_back_on_sqlite", Base::Sqlite);
}

#[test]
fn faults_clock_back_on_postgres() {
    if let Some(base) = Base::postgres() {
        play("faults_clock_back_on_postgres", base);
    }
}

fn play(name: &str, base: Base) {
    let mut chance = Chance::of_run(name);
    let folder = tempfile::tempdir().unwrap();
    let clock = folder.path().join("clock");
    set(&clock, "+0");
    let service = under(&clock, service(&base));
    let (town, mut running) = Town::found(base, service, 1, &mut chance);
    let at = town.service.client();
    draft(&town, &mut chance).send(&at).unwrap().expect(201);

    // While it runs.
    let open = draft(&town, &mut chance);
    set(&clock, "-600");
    for _ in 0..3 {
        let refused = open.send(&at).unwrap();
        assert_eq!(refused.problem(503), "CLOCK_WENT_BACK");
        assert!(refused.header("retry-after").is_some());
        assert_eq!(at.get("/readyz").problem(503), "CLOCK_WENT_BACK");
        assert_eq!(at.get("/healthz").status, 200);
        std::thread::sleep(Duration::from_millis(300));
    }
    set(&clock, "+0");
    running.wait_until_ready().unwrap();
    let opened = open.send(&at).unwrap();
    opened.expect(201);
    assert!(opened.header("idempotency-replayed").is_none(), "nothing was done while it was refused");

    // By so little that nobody need notice: the time of the records stands still, it does not go back.
    for _ in 0..3 {
        draft(&town, &mut chance).send(&at).unwrap().expect(201);
        set(&clock, "-1");
        draft(&town, &mut chance).send(&at).unwrap().expect(201);
        set(&clock, "+0");
    }
    assert_eq!(town.lines(BACKWARD), [""; 0]);

    // Across a restart, right behind a record: what the last process knew by heart is known from the chain.
    let path = format!("/applications/{}", opened.json()["id"].as_str().unwrap());
    draft(&town, &mut chance).send(&at).unwrap().expect(201);
    running.kill();
    set(&clock, "-4");
    let mut running = town.service.spawn();
    running.wait_until_ready().unwrap();
    draft(&town, &mut chance).send(&town.service.client()).unwrap().expect(201);
    assert_eq!(town.lines(BACKWARD), [""; 0], "time went back across the restart");
    running.kill();

    // Far back at the start: alive, not ready, and ready without hands once the clock is right.
    set(&clock, "-600");
    let mut running = town.service.spawn();
    let at = town.service.client();
    let answer = loop {
        match at.send("GET", "/readyz", &[], None) {
            Ok(answer) => break answer,
            Err(_) => std::thread::sleep(Duration::from_millis(50)),
        }
    };
    assert_eq!(answer.problem(503), "CLOCK_WENT_BACK");
    assert_eq!(draft(&town, &mut chance).send(&at).unwrap().problem(503), "CLOCK_WENT_BACK");
    set(&clock, "+0");
    running.wait_until_ready().unwrap();
    let shown = town.units[0].agent.get(&at, &path).unwrap();
    shown.expect(200);
    assert!(version(&shown).is_some());
    draft(&town, &mut chance).send(&at).unwrap().expect(201);
    assert_eq!(town.lines(BACKWARD), [""; 0]);
    truth::nothing_half_done(&town);
    truth::chain_is_sound(&town.service);
}
