//! The database at one moment, and the same rows in an empty database.

use crate::bench::{Bench, audit_key};
use crate::sample::{self, DISTRICT, Ground, entry, later, now};
use std::collections::BTreeMap;
use yinxin_registry::profile::SealKind;
use yinxin_registry::unit::Unit;
use yinxin_store::{MigrationFault, NewJob, Snapshot, Store, StoreError, TABLES, known_migrations};

/// Rows of every table, with its columns.
type Content = BTreeMap<String, (Vec<String>, Vec<Vec<u8>>)>;

async fn content(snapshot: &mut Snapshot) -> Content {
    let mut all = Content::new();
    for table in snapshot.tables().await.unwrap() {
        let mut rows = Vec::new();
        let mut take = |row: &[u8]| -> Result<(), StoreError> {
            rows.push(row.to_vec());
            Ok(())
        };
        let count = snapshot.rows(&table, None, &mut take).await.unwrap();
        assert_eq!(count as usize, rows.len());
        all.insert(table.name.clone(), (table.column_names(), rows));
    }
    all
}

/// A registry with a seal on its way, its records and its jobs.
async fn furnish(bench: &Bench) {
    let ground = Ground::lay(&bench.store).await;
    let mut tx = bench.store.begin().await.unwrap();
    let seal = ground.begun(&mut tx, SealKind::LegalName).await;
    tx.insert(&seal).await.unwrap();
    tx.set_setting("示例", "值 'quoted' \" \u{1F58B}", now()).await.unwrap();
    tx.next_number("示例系列").await.unwrap();
    let jobs: Vec<NewJob> = (0..3)
        .map(|n| NewJob {
            id: format!("job_of_snapshot_{n}"),
            queue: "mail".to_owned(),
            kind: "notify".to_owned(),
            subject: format!("s{n}"),
            payload: "{}".to_owned(),
            run_at: now(),
        })
        .collect();
    tx.add_jobs(&jobs, now()).await.unwrap();
    let entries: Vec<_> =
        (0..450).map(|i| entry("seal.read", &format!("s{i}"), DISTRICT, later(i))).collect();
    tx.append_audit(&audit_key(), &entries).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = bench.store.begin().await.unwrap();
    assert_eq!(tx.claim_jobs("mail", now(), later(3600), 1, "node").await.unwrap().len(), 1);
    tx.commit().await.unwrap();
}

/// Fills an empty database; `change` may take rows away or put others in place.
async fn fill(
    store: &Store,
    content: &Content,
    sequences: &[(String, i64)],
    version: i64,
) -> Result<(), StoreError> {
    assert!(store.is_empty().await.unwrap());
    store.begin_restore().await.unwrap();
    store.migrate_restored(version).await.unwrap();
    let mut loading = store.load().await.unwrap();
    for (table, (columns, rows)) in content {
        let mut rows = rows.iter().cloned();
        let mut next = || -> Result<_, StoreError> { Ok(rows.next()) };
        loading.fill(table, columns, &mut next).await?;
    }
    for (table, highest) in sequences {
        loading.number(table, *highest).await?;
    }
    loading.commit().await
}

fn newest() -> i64 {
    known_migrations().last().unwrap().version
}

pub async fn a_snapshot_sees_one_moment(bench: &Bench) {
    furnish(bench).await;
    let mut snapshot = bench.store.snapshot().await.unwrap();
    let before = snapshot.audit_head().await.unwrap();
    // Writers are not held up, and what they do is not seen.
    let mut tx = bench.store.begin().await.unwrap();
    tx.insert(&sample::unit()).await.unwrap();
    tx.append_audit(&audit_key(), &[entry("later", "x", DISTRICT, later(9999))]).await.unwrap();
    tx.commit().await.unwrap();
    let seen = content(&mut snapshot).await;
    assert_eq!(snapshot.audit_head().await.unwrap(), before);
    assert_eq!(seen["audit"].1.len() as u64, before.seq);
    assert_eq!(seen["unit"].1.len(), 1);
    let hash = snapshot.audit_hash(before.seq).await.unwrap().unwrap();
    assert_eq!(hash, before.hash);
    assert_eq!(snapshot.audit_hash(before.seq + 1).await.unwrap(), None);
    drop(snapshot);
    let mut now = bench.store.snapshot().await.unwrap();
    assert_eq!(content(&mut now).await["unit"].1.len(), 2);
    // Those behind a number only.
    let tables = now.tables().await.unwrap();
    let audit = tables.iter().find(|table| table.name == "audit").unwrap();
    let after = i64::try_from(before.seq).unwrap();
    let mut take = |_: &[u8]| -> Result<(), StoreError> { Ok(()) };
    assert_eq!(now.rows(audit, Some(after), &mut take).await.unwrap(), 1);
    // A table that the program knows is in the catalog.
    assert!(TABLES.iter().all(|name| tables.iter().any(|table| table.name == *name)));
}

pub async fn every_row_goes_into_either_engine_and_is_the_same(bench: &Bench) {
    furnish(bench).await;
    let mut snapshot = bench.store.snapshot().await.unwrap();
    let mut expected = content(&mut snapshot).await;
    let sequences = snapshot.sequences().await.unwrap();
    drop(snapshot);
    let mut filled = expected.clone();
    filled.remove("job");
    expected.remove("job");
    for other in Bench::empty().await {
        fill(&other.store, &filled, &sequences, newest()).await.unwrap();
        assert!(other.store.ready().await.is_err());
        other.store.finish_restore().await.unwrap();
        other.store.ready().await.unwrap();
        let mut found = content(&mut other.store.snapshot().await.unwrap()).await;
        assert!(found.remove("job").unwrap().1.is_empty());
        for (table, rows) in &expected {
            // Columns may stand in another order.
            assert_eq!(found[table].1, rows.1, "{table}");
        }
        // Triggers and references are back.
        assert!(other.sql("DELETE FROM audit WHERE seq = 3").await.is_err());
        assert!(other.sql("UPDATE audit_head SET seq = 1").await.is_err());
        let stray = "INSERT INTO seal (id, version, body, mac, code, name, kind, state, area_path, unit_id, maker_id, application_id, \
                     approval_digest, approved_by, created_at) SELECT 'seal_stray', version, body, mac, 'x', name, kind, state, area_path, \
                     'unit_of_nobody', maker_id, application_id, approval_digest, approved_by, created_at FROM seal LIMIT 1";
        assert!(other.sql(stray).await.is_err());
        let mut tx = other.store.begin().await.unwrap();
        tx.append_audit(&audit_key(), &[entry("next", "x", DISTRICT, later(9999))]).await.unwrap();
        tx.insert(&sample::unit()).await.unwrap();
        tx.commit().await.unwrap();
        let tally =
            other.query("SELECT CAST(SUM(count) AS TEXT) FROM tally_change WHERE thing = 'unit'").await;
        assert_eq!(tally, ["2"], "counted once as they were, and once for the new one");
    }
}

pub async fn what_was_running_is_free_and_numbers_go_on(bench: &Bench) {
    furnish(bench).await;
    // The highest number is gone from the table, and not given out again.
    bench.sql("DELETE FROM job WHERE id = 'job_of_snapshot_2'").await.unwrap();
    let mut snapshot = bench.store.snapshot().await.unwrap();
    let (rows, sequences) = (content(&mut snapshot).await, snapshot.sequences().await.unwrap());
    drop(snapshot);
    let highest = sequences.iter().find(|(table, _)| table == "job").unwrap().1;
    for other in Bench::empty().await {
        fill(&other.store, &rows, &sequences, newest()).await.unwrap();
        other.store.finish_restore().await.unwrap();
        let mut tx = other.store.begin().await.unwrap();
        let claimed = tx.claim_jobs("mail", now(), later(60), 9, "node").await.unwrap();
        assert_eq!(claimed.len(), 2, "{claimed:?}");
        let job = NewJob {
            id: "job_next".to_owned(),
            queue: "mail".to_owned(),
            kind: "notify".to_owned(),
            subject: "n".to_owned(),
            payload: "{}".to_owned(),
            run_at: now(),
        };
        tx.add_jobs(&[job], now()).await.unwrap();
        let added = tx.job("job_next").await.unwrap().unwrap();
        assert_eq!(added.seq, highest + 1);
        tx.commit().await.unwrap();
    }
}

pub async fn a_row_that_breaks_a_reference_keeps_everything_out(bench: &Bench) {
    furnish(bench).await;
    let mut snapshot = bench.store.snapshot().await.unwrap();
    let mut rows = content(&mut snapshot).await;
    drop(snapshot);
    rows.get_mut("maker").unwrap().1.clear();
    for other in Bench::empty().await {
        let refused = fill(&other.store, &rows, &[], newest()).await.unwrap_err();
        assert!(matches!(&refused, StoreError::Rule { .. }), "{refused}");
        let mut access = other.store.read().await.unwrap();
        assert_eq!(access.audit_head().await.unwrap().seq, 0);
        assert!(other.query("SELECT id FROM unit").await.is_empty());
    }
    // A row of another shape is told, too.
    rows.get_mut("unit").unwrap().1[0].push(b'n');
    for other in Bench::empty().await {
        assert!(fill(&other.store, &rows, &[], newest()).await.is_err());
    }
}

pub async fn an_older_schema_is_filled_and_brought_up(bench: &Bench) {
    // The newest schema has the tables of the older one with their rows; a backup of that time has nothing else.
    furnish(bench).await;
    let mut snapshot = bench.store.snapshot().await.unwrap();
    let mut rows = content(&mut snapshot).await;
    drop(snapshot);
    const OLDER: i64 = 9;
    let all = rows.len();
    for other in Bench::empty().await {
        let probe = Bench::empty().await.remove(0);
        probe.store.begin_restore().await.unwrap();
        probe.store.migrate_restored(OLDER).await.unwrap();
        let known = content(&mut probe.store.snapshot().await.unwrap()).await;
        rows.retain(|table, (columns, _)| known.get(table).is_some_and(|(known, _)| known == columns));
        assert!(rows.len() < all && rows.len() > 10, "{} of {all}", rows.len());
        fill(&other.store, &rows, &[], OLDER).await.unwrap();
        let schema = other.store.migrate_restored(i64::MAX).await.unwrap();
        assert_eq!(schema.version, newest());
        other.store.finish_restore().await.unwrap();
        other.store.ready().await.unwrap();
        let unit = other.query("SELECT id FROM unit").await.remove(0);
        let mut access = other.store.read().await.unwrap();
        assert!(access.load::<Unit>(&unit).await.unwrap().is_some());
    }
}

pub async fn a_database_being_restored_is_not_ready(bench: &Bench) {
    bench.store.ready().await.unwrap();
    assert!(!bench.store.is_empty().await.unwrap());
    assert!(bench.store.migrate_restored(newest()).await.is_err(), "no restore is under way");
    bench.store.begin_restore().await.unwrap();
    for refused in [bench.store.ready().await.unwrap_err(), bench.store.migrate().await.unwrap_err()] {
        assert!(matches!(refused, StoreError::Migration(MigrationFault::Restoring)), "{refused}");
    }
    assert!(bench.store.schema().await.unwrap().restoring);
    bench.store.finish_restore().await.unwrap();
    bench.store.ready().await.unwrap();
}
