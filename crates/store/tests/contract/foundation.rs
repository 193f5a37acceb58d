//! Settings, counters, clock, keys, kept answers, nonces, transactions.

use crate::bench::Bench;
use crate::sample::{later, now};
use jiff::SignedDuration;
use yinxin_store::{Constraint, KeptAnswer, StoreError, WrappedKey};

pub async fn settings_are_kept_and_guarded(bench: &Bench) {
    let mut tx = bench.store.begin().await.unwrap();
    tx.set_setting("instance", "甲", now()).await.unwrap();
    tx.set_setting("instance", "乙", later(1)).await.unwrap();
    tx.commit().await.unwrap();
    let mut read = bench.store.read().await.unwrap();
    assert_eq!(read.setting("instance").await.unwrap().as_deref(), Some("乙"));
    assert_eq!(read.setting("other").await.unwrap(), None);
    drop(read);
    bench.sql("UPDATE setting SET value = '丙'").await.unwrap();
    let mut read = bench.store.read().await.unwrap();
    let refused = read.setting("instance").await.unwrap_err();
    assert!(matches!(refused, StoreError::Integrity { table: "setting", .. }), "{refused}");
}

pub async fn counter_counts_from_one_and_gives_back_what_is_not_kept(bench: &Bench) {
    let mut tx = bench.store.begin().await.unwrap();
    assert_eq!(tx.next_number("a").await.unwrap(), 1);
    assert_eq!(tx.next_number("a").await.unwrap(), 2);
    assert_eq!(tx.next_number("b").await.unwrap(), 1);
    tx.commit().await.unwrap();
    let mut tx = bench.store.begin().await.unwrap();
    assert_eq!(tx.next_number("a").await.unwrap(), 3);
    tx.rollback().await.unwrap();
    let mut tx = bench.store.begin().await.unwrap();
    assert_eq!(tx.next_number("a").await.unwrap(), 3);
}

pub async fn clock_that_went_back_is_refused(bench: &Bench) {
    let tolerance = SignedDuration::from_secs(2);
    let mut tx = bench.store.begin().await.unwrap();
    tx.check_clock(now(), tolerance).await.unwrap();
    tx.advance_clock(now()).await.unwrap();
    tx.advance_clock(later(-100)).await.unwrap();
    tx.commit().await.unwrap();
    let mut read = bench.store.read().await.unwrap();
    assert_eq!(read.latest_time().await.unwrap(), now());
    read.check_clock(later(-2), tolerance).await.unwrap();
    let refused = read.check_clock(later(-3), tolerance).await.unwrap_err();
    assert!(matches!(refused, StoreError::ClockBack { behind_ms: 3000 }), "{refused}");
    assert!(refused.retry_after().is_some());
}

pub async fn wrapped_keys_are_kept_rewrapped_and_retired(bench: &Bench) {
    let key = |number| WrappedKey {
        label: "field".to_owned(),
        number,
        wrapped: vec![1, 2, 3],
        wrapped_by: "master-1".to_owned(),
        created_at: now(),
        retired_at: None,
    };
    let mut tx = bench.store.begin().await.unwrap();
    tx.add_wrapped_key(&key(1)).await.unwrap();
    tx.add_wrapped_key(&key(2)).await.unwrap();
    tx.retire_wrapped_key("field", 1, later(5)).await.unwrap();
    tx.retire_wrapped_key("field", 1, later(9)).await.unwrap();
    tx.rewrap_key("field", 2, &[9], "master-2").await.unwrap();
    assert!(matches!(tx.rewrap_key("field", 3, &[9], "m").await, Err(StoreError::NotFound { .. })));
    tx.commit().await.unwrap();
    let kept = bench.store.read().await.unwrap().wrapped_keys().await.unwrap();
    let first = WrappedKey { retired_at: Some(later(5)), ..key(1) };
    let second = WrappedKey { wrapped: vec![9], wrapped_by: "master-2".to_owned(), ..key(2) };
    assert_eq!(kept, [first, second]);
    let mut tx = bench.store.begin().await.unwrap();
    let refused = tx.add_wrapped_key(&key(2)).await.unwrap_err();
    assert!(matches!(refused, StoreError::Conflict { constraint: Constraint::WrappedKey }), "{refused}");
}

pub async fn answer_is_kept_once_per_key_until_it_expires(bench: &Bench) {
    let answer =
        KeptAnswer { request: [3; 32], status: 201, headers: "etag: \"1\"".to_owned(), body: b"{}".to_vec() };
    let mut tx = bench.store.begin().await.unwrap();
    tx.keep_answer("acct_a", "k1", &answer, now(), later(60)).await.unwrap();
    tx.keep_answer("acct_b", "k1", &answer, now(), later(60)).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = bench.store.begin().await.unwrap();
    let refused = tx.keep_answer("acct_a", "k1", &answer, later(59), later(99)).await.unwrap_err();
    assert!(matches!(refused, StoreError::Conflict { constraint: Constraint::IdempotencyKey }), "{refused}");
    tx.rollback().await.unwrap();
    let mut read = bench.store.read().await.unwrap();
    assert_eq!(read.kept_answer("acct_a", "k1", later(59)).await.unwrap(), Some(answer.clone()));
    assert_eq!(read.kept_answer("acct_a", "k1", later(60)).await.unwrap(), None);
    assert_eq!(read.kept_answer("acct_a", "k2", now()).await.unwrap(), None);
    let mut tx = bench.store.begin().await.unwrap();
    tx.keep_answer("acct_a", "k1", &KeptAnswer { status: 200, ..answer }, later(60), later(99))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(read.kept_answer("acct_a", "k1", later(61)).await.unwrap().unwrap().status, 200);
}

pub async fn nonce_counts_once(bench: &Bench) {
    let mut tx = bench.store.begin().await.unwrap();
    tx.use_nonce("clnt_a", "n", later(60)).await.unwrap();
    tx.use_nonce("clnt_b", "n", later(60)).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = bench.store.begin().await.unwrap();
    let refused = tx.use_nonce("clnt_a", "n", later(60)).await.unwrap_err();
    assert!(matches!(refused, StoreError::Conflict { constraint: Constraint::Nonce }), "{refused}");
}

pub async fn dropped_transaction_leaves_nothing(bench: &Bench) {
    let mut tx = bench.store.begin().await.unwrap();
    tx.set_setting("a", "1", now()).await.unwrap();
    drop(tx);
    let mut tx = bench.store.begin().await.unwrap();
    assert_eq!(tx.setting("a").await.unwrap(), None);
    tx.set_setting("a", "2", now()).await.unwrap();
    assert_eq!(
        bench.store.read().await.unwrap().setting("a").await.unwrap(),
        None,
        "seen before it was kept"
    );
    tx.commit().await.unwrap();
    assert_eq!(bench.store.read().await.unwrap().setting("a").await.unwrap().as_deref(), Some("2"));
}

pub async fn round_trips_are_counted(bench: &Bench) {
    let before = bench.store.round_trips();
    // On SQLite the beginning goes out with the first statement.
    let begin = u32::from(!bench.is_sqlite());
    let mut tx = bench.store.begin().await.unwrap();
    assert_eq!(tx.round_trips(), begin);
    tx.next_number("a").await.unwrap();
    assert_eq!(tx.commit().await.unwrap(), begin + 2);
    assert_eq!(bench.store.round_trips() - before, u64::from(begin) + 2);
    let nothing = bench.store.begin().await.unwrap();
    assert_eq!(nothing.commit().await.unwrap(), begin * 2);
}
