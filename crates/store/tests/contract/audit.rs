//! The audit chain.

use crate::bench::{Bench, audit_key};
use crate::sample::{DISTRICT, entry, later, now, path};
use yinxin_registry::audit::merkle::Frontier;
use yinxin_registry::audit::{ChainHead, Entry, Fault, Head, Report, Verifier};
use yinxin_store::{Access, AuditFilter, Store, StoreError};

async fn append(store: &Store, entries: &[Entry]) -> ChainHead {
    let mut tx = store.begin().await.unwrap();
    let head = tx.append_audit(&audit_key(), entries).await.unwrap();
    tx.commit().await.unwrap();
    head
}

async fn verify(access: &mut Access) -> Report {
    let key = audit_key();
    let heads = access.audit_seals(0, 100).await.unwrap();
    let mut verifier = Verifier::new(&key, &heads, &|_, _, _| true);
    let mut after = 0;
    loop {
        let rows = access.audit_rows(after, 7).await.unwrap();
        let Some(last) = rows.last() else { break };
        after = last.seq;
        rows.iter().for_each(|row| verifier.push(row));
    }
    verifier.finish(Some(access.audit_head().await.unwrap()))
}

fn some(count: usize) -> Vec<Entry> {
    (0..count).map(|i| entry("seal.read", &format!("seal_{}", i % 3), DISTRICT, later(i as i64))).collect()
}

pub async fn chain_of_the_store_satisfies_the_verifier(bench: &Bench) {
    let entries = some(20);
    let mut tx = bench.store.begin().await.unwrap();
    tx.append_audit(&audit_key(), &entries[..1]).await.unwrap();
    // On SQLite the beginning goes out with the lock, and the rows with the commit.
    let each = u32::from(!bench.is_sqlite());
    assert_eq!(tx.round_trips(), 1 + 2 * each, "lock and row");
    let head = tx.append_audit(&audit_key(), &entries[1..3]).await.unwrap();
    assert_eq!((head.seq, tx.round_trips()), (3, 1 + 4 * each));
    tx.commit().await.unwrap();
    append(&bench.store, &entries[3..]).await;
    let mut read = bench.store.read().await.unwrap();
    let report = verify(&mut read).await;
    assert!(report.is_sound(), "{:?}", report.faults);
    assert_eq!((report.rows, report.last_seq), (20, 20));
    let kept: Vec<_> =
        read.audit_rows(0, 100).await.unwrap().iter().map(|row| row.entry().unwrap()).collect();
    assert_eq!(kept, entries);
}

pub async fn rows_cannot_be_changed_deleted_or_inserted_by_sql(bench: &Bench) {
    append(&bench.store, &some(3)).await;
    for attempt in [
        "UPDATE audit SET outcome = 'denied' WHERE seq = 2",
        "DELETE FROM audit WHERE seq = 3",
        "DELETE FROM audit",
        "INSERT INTO audit SELECT 9, prev, hash, mac, content, at, actor, action, subject, area_path, unit, outcome, request_id, key_number \
         FROM audit WHERE seq = 3",
        "INSERT INTO audit SELECT 4, prev, hash, mac, content, at, actor, action, subject, area_path, unit, outcome, request_id, key_number \
         FROM audit WHERE seq = 3",
    ] {
        let refused = bench.sql(attempt).await.expect_err(attempt);
        assert!(
            refused.contains("audit_append_only") || refused.contains("audit_follows_head"),
            "{attempt}: {refused}"
        );
    }
    if !bench.is_sqlite() {
        assert!(bench.sql("TRUNCATE audit").await.is_err());
    }
    // Whoever may change the schema can go past the triggers; the chain shows it.
    let without = if bench.is_sqlite() {
        "DROP TRIGGER audit_no_update"
    } else {
        "DROP TRIGGER audit_no_change ON audit"
    };
    bench.sql(without).await.unwrap();
    bench.sql("UPDATE audit SET outcome = 'denied' WHERE seq = 2").await.unwrap();
    let report = verify(&mut bench.store.read().await.unwrap()).await;
    assert_eq!(report.faults, [Fault::ColumnsDiffer { seq: 2, columns: vec!["outcome"] }]);
}

pub async fn head_moves_only_with_a_row(bench: &Bench) {
    append(&bench.store, &some(3)).await;
    for attempt in [
        "UPDATE audit_head SET seq = 2",
        "UPDATE audit_head SET seq = 4",
        "UPDATE audit_head SET hash = (SELECT hash FROM audit WHERE seq = 1)",
        "UPDATE audit_head SET seq = 2, hash = (SELECT hash FROM audit WHERE seq = 2)",
        "DELETE FROM audit_head",
    ] {
        assert!(bench.sql(attempt).await.is_err(), "{attempt}");
    }
    bench.sql("UPDATE audit_head SET seq = seq").await.unwrap();
    append(&bench.store, &some(1)).await;
    assert!(verify(&mut bench.store.read().await.unwrap()).await.is_sound());
}

pub async fn rolled_back_entry_leaves_no_gap(bench: &Bench) {
    append(&bench.store, &some(2)).await;
    let mut tx = bench.store.begin().await.unwrap();
    tx.append_audit(&audit_key(), &some(4)).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(append(&bench.store, &some(1)).await.seq, 3);
    assert!(verify(&mut bench.store.read().await.unwrap()).await.is_sound());
}

pub async fn racing_transactions_make_one_chain(bench: &Bench) {
    let other = bench.second().await;
    let tasks: Vec<_> = (0..24)
        .map(|i| {
            let store = if i % 2 == 0 { bench.store.clone() } else { other.clone() };
            tokio::spawn(async move { append(&store, &some(2)).await.seq })
        })
        .collect();
    let mut heads = Vec::new();
    for task in tasks {
        heads.push(task.await.unwrap());
    }
    heads.sort_unstable();
    assert_eq!(heads, (1..=24).map(|i| i * 2).collect::<Vec<_>>());
    let report = verify(&mut bench.store.read().await.unwrap()).await;
    assert!(report.is_sound() && report.rows == 48, "{report:?}");
}

pub async fn signed_head_comes_back_with_its_tree_and_a_wrong_tree_is_refused(bench: &Bench) {
    append(&bench.store, &some(5)).await;
    let mut tx = bench.store.begin().await.unwrap();
    assert!(tx.last_audit_seal().await.unwrap().is_none());
    let mut frontier = Frontier::new();
    let hashes = tx.audit_hashes(0, 100).await.unwrap();
    hashes.iter().for_each(|(_, hash)| frontier.push(hash));
    let (seq, hash) = *hashes.last().unwrap();
    let signed = Head { seq, hash, root: frontier.root(), at: now(), key_id: "audit-1".to_owned() }
        .signed(vec![1, 2, 3]);
    tx.add_audit_seal(&signed, &frontier).await.unwrap();
    tx.commit().await.unwrap();
    append(&bench.store, &some(2)).await;
    let mut read = bench.store.read().await.unwrap();
    let kept = read.last_audit_seal().await.unwrap().unwrap();
    assert_eq!((kept.head.clone(), kept.frontier), (signed, frontier));
    assert_eq!(read.audit_hashes(kept.head.seq, 100).await.unwrap().len(), 2);
    assert_eq!(read.audit_seal_covering(3).await.unwrap(), Some(kept.head));
    assert_eq!(read.audit_seal_covering(6).await.unwrap(), None);
    let report = verify(&mut read).await;
    assert!(report.is_sound() && report.heads_matched == 1, "{report:?}");
    drop(read);
    assert!(bench.sql("UPDATE audit_seal SET peaks = root").await.is_err());
    let without = if bench.is_sqlite() {
        "DROP TRIGGER audit_seal_no_update"
    } else {
        "DROP TRIGGER audit_seal_no_change ON audit_seal"
    };
    bench.sql(without).await.unwrap();
    bench.sql("UPDATE audit_seal SET peaks = root").await.unwrap();
    let refused = bench.store.read().await.unwrap().last_audit_seal().await.unwrap_err();
    assert!(matches!(refused, StoreError::Integrity { table: "audit_seal", .. }), "{refused}");
}

async fn found(access: &mut Access, filter: &AuditFilter<'_>) -> Vec<u64> {
    let (mut seqs, mut before) = (Vec::new(), None);
    loop {
        let page = access.search_audit(filter, before, 4).await.unwrap();
        seqs.extend(page.rows.iter().map(|row| row.seq));
        if page.next.is_none() {
            return seqs;
        }
        before = page.next;
    }
}

type Fits = Box<dyn Fn(&Entry) -> bool>;

pub async fn search_finds_by_each_filter_in_parts(bench: &Bench) {
    let elsewhere = "/100000/990000/990200/";
    let entries: Vec<Entry> = (0..30i64)
        .map(|i| {
            let area = if i % 2 == 0 { DISTRICT } else { elsewhere };
            let action = if i % 3 == 0 { "seal.read" } else { "seal.cancel" };
            let mut entry = entry(action, &format!("seal_{}", i % 5), area, later(i * 3600));
            entry.actor.id = format!("acct_{}", i % 7);
            entry.unit = (i % 4 == 0).then(|| "unit_a".to_owned());
            entry
        })
        .collect();
    append(&bench.store, &entries).await;
    let mut read = bench.store.read().await.unwrap();
    let (district, city) = (path(DISTRICT), path("/100000/990000/990100/"));
    let none = AuditFilter::default();
    let cases: Vec<(AuditFilter<'_>, Fits)> = vec![
        (none.clone(), Box::new(|_| true)),
        (AuditFilter { subject: Some("seal_2"), ..none.clone() }, Box::new(|e| e.subject == "seal_2")),
        (AuditFilter { actor: Some("acct_3"), ..none.clone() }, Box::new(|e| e.actor.id == "acct_3")),
        (
            AuditFilter { unit: Some("unit_a"), ..none.clone() },
            Box::new(|e| e.unit.as_deref() == Some("unit_a")),
        ),
        (AuditFilter { action: Some("seal.read"), ..none.clone() }, Box::new(|e| e.action == "seal.read")),
        (AuditFilter { area: Some(&district), ..none.clone() }, Box::new(|e| e.area_path == DISTRICT)),
        (AuditFilter { area: Some(&city), ..none.clone() }, Box::new(|e| e.area_path == DISTRICT)),
        (
            AuditFilter { from: Some(later(5 * 3600)), until: Some(later(9 * 3600)), ..none.clone() },
            Box::new(|e| e.at >= later(5 * 3600) && e.at <= later(9 * 3600)),
        ),
        (AuditFilter { until: Some(later(-9_000_000)), ..none.clone() }, Box::new(|_| false)),
        (
            AuditFilter {
                subject: Some("seal_1"),
                action: Some("seal.cancel"),
                area: Some(&district),
                ..none.clone()
            },
            Box::new(|e| e.subject == "seal_1" && e.action == "seal.cancel" && e.area_path == DISTRICT),
        ),
        (AuditFilter { actor: Some("nobody"), ..none.clone() }, Box::new(|_| false)),
    ];
    for (filter, fits) in cases {
        let mut expected: Vec<u64> =
            (1u64..).zip(&entries).filter(|(_, e)| fits(e)).map(|(seq, _)| seq).collect();
        expected.reverse();
        assert_eq!(found(&mut read, &filter).await, expected, "{filter:?}");
    }
}

pub async fn chain_turns_to_a_new_key_and_never_back(bench: &Bench) {
    append(&bench.store, &some(3)).await;
    let told = audit_key().with(2, &[8; 32], None);
    // Nobody writes under a key whose turn has not come.
    let mut tx = bench.store.begin().await.unwrap();
    assert_eq!(tx.append_audit(&told, &some(1)).await.unwrap().seq, 4);
    tx.commit().await.unwrap();
    let mut tx = bench.store.begin().await.unwrap();
    assert_eq!(tx.append_audit_from(&told, 2, &some(1)).await.unwrap().seq, 5);
    tx.commit().await.unwrap();
    // A node that knows the key and not its turn goes on under it; one that has not heard of it waits.
    let mut tx = bench.store.begin().await.unwrap();
    assert_eq!(tx.append_audit(&told, &some(1)).await.unwrap().seq, 6);
    tx.commit().await.unwrap();
    let mut tx = bench.store.begin().await.unwrap();
    let refused = tx.append_audit(&audit_key(), &some(1)).await.unwrap_err();
    assert!(
        matches!(refused, StoreError::Unavailable { .. }) && refused.retry_after().is_some(),
        "{refused}"
    );
    tx.rollback().await.unwrap();
    let mut read = bench.store.read().await.unwrap();
    let rows = read.audit_rows(0, 100).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.key).collect::<Vec<_>>(), [1, 1, 1, 1, 2, 2]);
    let head = read.audit_head().await.unwrap();
    let sound = |keys: &yinxin_registry::audit::AuditKeys| {
        let mut verifier = Verifier::new(keys, &[], &|_, _, _| true);
        rows.iter().for_each(|row| verifier.push(row));
        verifier.finish(Some(head)).is_sound()
    };
    assert!(sound(&audit_key().with(2, &[8; 32], Some(5))));
    assert!(!sound(&told));
    for attempt in [
        "UPDATE audit_head SET key_number = 1",
        "UPDATE audit_head SET key_number = 3",
        "INSERT INTO audit SELECT 7, (SELECT hash FROM audit WHERE seq = 6), hash, mac, content, at, actor, action, subject, \
         area_path, unit, outcome, request_id, 1 FROM audit WHERE seq = 6",
    ] {
        let refused = bench.sql(attempt).await.expect_err(attempt);
        assert!(refused.contains("audit_head_guard") || refused.contains("audit_follows_head"), "{refused}");
    }
}
