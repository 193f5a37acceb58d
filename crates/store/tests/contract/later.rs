//! Statements for whose answer nobody waits.

use crate::bench::Bench;
use crate::sample::{Ground, now, unit};
use crate::verification::record;
use yinxin_registry::unit::Unit;
use yinxin_registry::verification::{Verification, VerificationVerdict};
use yinxin_store::{Record, StoreError};

fn one() -> Verification {
    record(now(), None, VerificationVerdict::Valid, &["6101000000001", "6101000000002"])
}

pub async fn what_waits_is_kept_with_the_rest_or_not_at_all(bench: &Bench) {
    let kept = one();
    let mut tx = bench.store.begin().await.unwrap();
    tx.add_verification(&kept).await.unwrap();
    // What asks sees what waited before it.
    let found = tx.load::<Verification>(kept.id.as_str()).await.unwrap();
    assert_eq!(found.map(|found| found.value), Some(kept.clone()));
    tx.commit().await.unwrap();
    let loaded = bench.store.read().await.unwrap().load::<Verification>(kept.id.as_str()).await.unwrap();
    assert_eq!(loaded.map(|found| found.value), Some(kept.clone()));

    // Twice the same key: told at the latest by the commit, and nothing is kept.
    let other = one();
    let mut tx = bench.store.begin().await.unwrap();
    let twice = async {
        tx.add_verification(&other).await?;
        tx.add_verification(&kept).await?;
        tx.commit().await
    };
    assert!(matches!(twice.await.unwrap_err(), StoreError::Conflict { .. }));
    assert_eq!(gone::<Verification>(bench, other.id.as_str()).await, None);

    // Saved by somebody else meanwhile.
    let mut tx = bench.store.begin().await.unwrap();
    let stale = async {
        tx.save_later(&kept, 7).await?;
        tx.add_verification(&other).await?;
        tx.commit().await
    };
    assert!(matches!(stale.await.unwrap_err(), StoreError::Stale { .. }));
    assert_eq!(gone::<Verification>(bench, other.id.as_str()).await, None);

    // More than go out together, and a commit without anything that asks.
    Ground::lay(&bench.store).await;
    let many: Vec<_> = (0..50).map(|_| unit()).collect();
    let mut tx = bench.store.begin().await.unwrap();
    for one in &many {
        tx.insert_later(one).await.unwrap();
    }
    for one in &many {
        tx.save_later(one, 1).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut read = bench.store.read().await.unwrap();
    for one in &many {
        assert_eq!(read.get::<Unit>(one.id.as_str()).await.unwrap().version, 2);
    }
}

pub async fn a_transaction_that_failed_where_nobody_waited_keeps_nothing(bench: &Bench) {
    let (kept, other) = (one(), one());
    let mut tx = bench.store.begin().await.unwrap();
    tx.add_verification(&kept).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = bench.store.begin().await.unwrap();
    tx.insert_later(&other).await.unwrap();
    let refused = match tx.insert_later(&kept).await {
        Ok(()) => tx.setting("a").await.unwrap_err(),
        Err(refused) => refused,
    };
    assert!(matches!(refused, StoreError::Conflict { .. }), "{refused}");
    // Whoever goes on all the same gets nowhere.
    assert!(tx.setting("a").await.is_err());
    let _ = tx.commit().await;
    assert_eq!(gone::<Verification>(bench, other.id.as_str()).await, None);
    // And the connection serves the next.
    let mut tx = bench.store.begin().await.unwrap();
    tx.insert_later(&other).await.unwrap();
    tx.commit().await.unwrap();
}

async fn gone<T: Record>(bench: &Bench, id: &str) -> Option<i64> {
    bench.store.read().await.unwrap().load::<T>(id).await.unwrap().map(|found| found.version)
}
