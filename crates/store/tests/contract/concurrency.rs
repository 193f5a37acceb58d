//! Many at once.

use crate::bench::Bench;
use crate::sample::{Ground, active, application, application_on, approved_as, now, unit};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::Barrier;
use yinxin_registry::lifecycle::application::Basis;
use yinxin_registry::profile::SealKind;
use yinxin_registry::unit::Unit;
use yinxin_store::{Constraint, Store, StoreError};

/// Everybody makes a legal-name seal for the same unit; how many got it.
async fn race(stores: &[Store], ground: Arc<Ground>, runners: usize) -> usize {
    let start = Arc::new(Barrier::new(runners));
    let tasks: Vec<_> = (0..runners)
        .map(|i| {
            let (store, ground, start) =
                (stores[i % stores.len()].clone(), Arc::clone(&ground), Arc::clone(&start));
            tokio::spawn(async move {
                start.wait().await;
                let mut tx = store.begin().await.unwrap();
                let seal = active(ground.begun(&mut tx, SealKind::LegalName).await);
                match tx.insert(&seal).await {
                    Ok(_) => {
                        tx.commit().await.unwrap();
                        true
                    }
                    Err(StoreError::Conflict { constraint: Constraint::OneLegalNameInForce }) => false,
                    Err(other) => panic!("{other}"),
                }
            })
        })
        .collect();
    let mut won = 0;
    for task in tasks {
        won += usize::from(task.await.unwrap());
    }
    won
}

pub async fn twenty_race_for_the_legal_name_seal_and_one_wins(bench: &Bench) {
    let ground = Arc::new(Ground::lay(&bench.store).await);
    assert_eq!(race(std::slice::from_ref(&bench.store), Arc::clone(&ground), 20).await, 1);
    let seals = bench.store.read().await.unwrap().legal_name_seals(ground.unit.id.as_str()).await.unwrap();
    assert_eq!(seals.len(), 1);
}

async fn numbers(stores: &[Store], takers: usize) -> Vec<u64> {
    let tasks: Vec<_> = (0..takers)
        .map(|i| {
            let store = stores[i % stores.len()].clone();
            tokio::spawn(async move {
                let mut tx = store.begin().await.unwrap();
                let number = tx.next_number("seal:990101").await.unwrap();
                // Some change their mind: their number goes to somebody else.
                if i % 5 == 4 {
                    tx.rollback().await.unwrap();
                    return None;
                }
                tx.commit().await.unwrap();
                Some(number)
            })
        })
        .collect();
    let mut numbers = Vec::new();
    for task in tasks {
        numbers.extend(task.await.unwrap());
    }
    numbers.sort_unstable();
    numbers
}

pub async fn fifty_numbers_have_no_gap_and_no_double(bench: &Bench) {
    assert_eq!(numbers(std::slice::from_ref(&bench.store), 50).await, (1..=40).collect::<Vec<_>>());
}

pub async fn two_stores_on_one_database_keep_the_rules(bench: &Bench) {
    let stores = [bench.store.clone(), bench.second().await];
    assert_eq!(numbers(&stores, 50).await, (1..=40).collect::<Vec<_>>());
    let mut units = BTreeSet::new();
    for _ in 0..3 {
        let ground = Arc::new(Ground::lay(&bench.store).await);
        units.insert(ground.unit.id.clone());
        assert_eq!(race(&stores, ground, 10).await, 1);
    }
    assert_eq!(units.len(), 3);
}

/// Everybody begins a contract seal with this number; each is a first seal or the renewal of the one named. How many got it.
async fn race_for_number(stores: &[Store], ground: &Arc<Ground>, number: u32, bases: Vec<Basis>) -> usize {
    let start = Arc::new(Barrier::new(bases.len()));
    let racer = |(i, basis): (usize, Basis)| {
        let (store, ground, start) =
            (stores[i % stores.len()].clone(), Arc::clone(ground), Arc::clone(&start));
        tokio::spawn(async move {
            let code = format!("99{:011}", crate::bench::unique());
            let case = approved_as(
                application_on(&ground.unit, SealKind::BusinessContract, basis),
                &code,
                Some(number),
            );
            start.wait().await;
            let mut tx = store.begin().await.unwrap();
            let seal = ground.begun_for(&mut tx, case).await;
            match tx.insert(&seal).await {
                Ok(_) => {
                    tx.commit().await.unwrap();
                    true
                }
                Err(StoreError::Conflict {
                    constraint: Constraint::BusinessNumber | Constraint::OneOfChainInMaking,
                }) => false,
                Err(other) => panic!("{other}"),
            }
        })
    };
    let tasks: Vec<_> = bases.into_iter().enumerate().map(racer).collect();
    let mut won = 0;
    for task in tasks {
        won += usize::from(task.await.unwrap());
    }
    won
}

pub async fn racing_chains_never_share_a_number(bench: &Bench) {
    let stores = [bench.store.clone(), bench.second().await];
    let ground = Arc::new(Ground::lay(&bench.store).await);
    assert_eq!(race_for_number(&stores, &ground, 1, vec![Basis::New; 12]).await, 1);
    // One in force is renewed by many at once, while others want its number for a seal of their own.
    let mut tx = bench.store.begin().await.unwrap();
    let contract =
        approved_as(application(&ground.unit, SealKind::BusinessContract), "9901010000077", Some(2));
    let old = active(ground.begun_for(&mut tx, contract).await);
    tx.insert(&old).await.unwrap();
    tx.commit().await.unwrap();
    let renewal = || Basis::Renewal { seal: old.id().clone() };
    let bases = (0..12).map(|i| if i % 2 == 0 { renewal() } else { Basis::New }).collect();
    assert_eq!(race_for_number(&stores, &ground, 2, bases).await, 1);
    let made = "SELECT CAST(COUNT(*) AS TEXT) FROM seal WHERE number = 2 AND state = 'making'";
    assert_eq!(bench.query(made).await, ["1"]);
    assert_eq!(bench.query(&format!("{made} AND follows = '{}'", old.id())).await, ["1"]);
}

pub async fn two_savers_of_one_version_and_one_wins(bench: &Bench) {
    let unit = unit();
    let mut tx = bench.store.begin().await.unwrap();
    tx.insert(&unit).await.unwrap();
    tx.commit().await.unwrap();
    let tasks: Vec<_> = (0..8)
        .map(|i| {
            let (store, mut unit) = (bench.store.clone(), unit.clone());
            tokio::spawn(async move {
                unit.technical_measures = format!("措施 {i}");
                let mut tx = store.begin().await.unwrap();
                match tx.save(&unit, 1).await {
                    Ok(version) => {
                        tx.commit().await.unwrap();
                        Some((version, unit))
                    }
                    Err(StoreError::Stale { table: "unit", .. }) => None,
                    Err(other) => panic!("{other}"),
                }
            })
        })
        .collect();
    let mut winners = Vec::new();
    for task in tasks {
        winners.extend(task.await.unwrap());
    }
    assert_eq!(winners.len(), 1);
    let kept = bench.store.read().await.unwrap().get::<Unit>(unit.id.as_str()).await.unwrap();
    assert_eq!((kept.version, kept.value), winners.remove(0));
    assert!(unit.dissolved_at.is_none_or(|at| at > now()));
}
