//! `kill -9` at a random moment, again and again.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use yinxin_testkit::process::fault_rounds;

use crate::base::Base;
use crate::chance::Chance;
use crate::town::{Town, service};
use crate::truth;
use crate::worker::Worker;

const CLIENTS: u32 = 4;
const FEW: u32 = 3;

#[test]
fn faults_kill_on_sqlite() {
    play("faults_kill_on_sqlite", Base::Sqlite);
}

#[test]
fn faults_kill_on_postgres() {
    if let Some(base) = Base::postgres() {
        play("faults_kill_on_postgres", base);
    }
}

fn play(name: &str, base: Base) {
    let mut chance = Chance::of_run(name);
    let begin = Instant::now();
    let service = service(&base);
    let (town, mut running) = Town::found(base, service, CLIENTS, &mut chance);
    let worker = |unit: &_| Worker::new(Clone::clone(unit), town.officers.clone(), chance.branch());
    let mut workers: Vec<Worker> = town.units.iter().map(worker).collect();
    let rounds = fault_rounds(FEW);
    println!("{name}: founded after {:?}; {rounds} rounds", begin.elapsed());
    for round in 1..=rounds {
        let load = Duration::from_millis(100 + chance.below(2400) as u64);
        let (at, stop) = (town.service.client(), AtomicBool::new(false));
        std::thread::scope(|scope| {
            for worker in &mut workers {
                scope.spawn(|| worker.work(&at, &stop));
            }
            std::thread::sleep(load);
            running.kill();
            stop.store(true, Ordering::Relaxed);
        });
        // Once with what the kill left, once beside the running service.
        if round % 2 == 0 {
            truth::chain_is_sound(&town.service);
        }
        running = town.service.start();
        let at = town.service.client();
        for worker in &mut workers {
            worker.settle(&at).unwrap_or_else(|_| panic!("round {round}: {:?}", worker.pending));
            assert!(worker.faults.is_empty(), "round {round}: {:?}", worker.faults);
        }
        truth::holds(&town, &at, &mut workers, &mut chance);
        if round % 20 == 0 {
            println!("{name}: {round} kills after {:?}", begin.elapsed());
        }
        if round % 2 == 1 {
            truth::chain_is_sound(&town.service);
        }
    }
    truth::comes_to_rest(&town, rounds > FEW);
    truth::nothing_half_done(&town);
    truth::chain_is_sound(&town.service);
    let total: u64 = workers.iter().map(|w| w.ledger.total).sum();
    let (done, undone) =
        workers.iter().fold((0, 0), |sum, w| (sum.0 + w.ledger.unanswered.0, sum.1 + w.ledger.unanswered.1));
    let rows = town.number("SELECT CAST(count(*) AS TEXT) FROM audit");
    let seals = town.number("SELECT CAST(count(*) AS TEXT) FROM seal");
    println!(
        "{name}: {rounds} kills in {:?}; {total} changes acknowledged, none lost; {} requests cut off, of which {done} had been done; \
         {seals} seals, {rows} rows of audit",
        begin.elapsed(),
        done + undone
    );
    assert!(total > 0 && done + undone > 0, "the kills hit nothing");
}
