//! The database goes away, hangs, is busy or full: a clear error with a time to come back, nothing half done, and healthy later
//! without hands.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests"
)]

use jiff::Timestamp;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use yinxin_store::{Outage, RowKeys, Store, StoreError, StoreOptions};
use yinxin_testkit::postgres::{Cluster, Durability, private};

fn options(url: &str) -> StoreOptions {
    let mut options = StoreOptions::new(url, RowKeys::new(1, b"key"));
    options.acquire_timeout = Duration::from_millis(1500);
    options.statement_timeout = Duration::from_millis(1000);
    options.max_connections = 4;
    options
}

async fn open(url: &str) -> Store {
    let store = Store::open(&options(url)).await.unwrap();
    store.migrate().await.unwrap();
    store
}

async fn next(store: &Store) -> Result<u64, StoreError> {
    let mut tx = store.begin().await?;
    let number = tx.next_number("n").await?;
    tx.commit().await?;
    Ok(number)
}

fn outage(error: StoreError) -> Outage {
    assert!(error.retry_after().is_some(), "{error}");
    match error {
        StoreError::Unavailable { outage, .. } => outage,
        other => panic!("{other}"),
    }
}

fn cluster() -> Option<Cluster> {
    private(Durability::Full)
}

/// Fills the pool, so that there are connections to lose.
async fn warm(store: &Store) {
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(store.read().await.unwrap());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_gone_is_told_in_time_and_comes_back_by_itself() {
    let Some(mut cluster) = tokio::task::block_in_place(cluster) else { return };
    let store = open(cluster.url()).await;
    assert_eq!(next(&store).await.unwrap(), 1);
    warm(&store).await;
    let mut lost = store.begin().await.unwrap();
    lost.next_number("n").await.unwrap();
    tokio::task::block_in_place(|| cluster.stop()).unwrap();
    assert_eq!(outage(lost.commit().await.unwrap_err()), Outage::ConnectionLost);
    let begin = Instant::now();
    for _ in 0..3 {
        assert!(matches!(
            outage(next(&store).await.unwrap_err()),
            Outage::ConnectionLost | Outage::PoolTimeout
        ));
        assert!(store.ready().await.is_err());
    }
    assert!(begin.elapsed() < Duration::from_secs(15), "{:?}", begin.elapsed());
    tokio::task::block_in_place(|| cluster.start()).unwrap();
    assert_eq!(next(&store).await.unwrap(), 2, "what was not acknowledged left nothing");
    store.ready().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_killed_loses_nothing_acknowledged_and_dead_connections_are_passed_over() {
    let Some(mut cluster) = tokio::task::block_in_place(cluster) else { return };
    let store = open(cluster.url()).await;
    warm(&store).await;
    assert_eq!(next(&store).await.unwrap(), 1);
    tokio::task::block_in_place(|| {
        cluster.kill().unwrap();
        cluster.start().unwrap();
    });
    // Not one request fails: the first to use a dead connection has said nothing on it yet.
    assert_eq!(next(&store).await.unwrap(), 2);
    assert_eq!(next(&store).await.unwrap(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_ended_by_the_server_are_passed_over_at_once() {
    let Some(database) = tokio::task::block_in_place(yinxin_testkit::postgres::database) else { return };
    let store = open(database.url()).await;
    assert_eq!(next(&store).await.unwrap(), 1);
    for write in [true, false, true, false] {
        warm(&store).await;
        // Given back, and so young that no sign of life is asked of them.
        tokio::time::sleep(Duration::from_millis(100)).await;
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'yinxin' \
                   AND datname = current_database()";
        let ended = tokio::task::block_in_place(|| database.sql(end)).unwrap();
        assert!(ended.lines().count() >= 3, "{ended}");
        if write {
            store.begin().await.unwrap().commit().await.unwrap();
        } else {
            store.read().await.unwrap().latest_time().await.unwrap();
        }
    }
    assert_eq!(next(&store).await.unwrap(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_that_hangs_is_told_in_time() {
    let Some(mut cluster) = tokio::task::block_in_place(cluster) else { return };
    let store = open(cluster.url()).await;
    assert_eq!(next(&store).await.unwrap(), 1);
    let mut open = store.begin().await.unwrap();
    tokio::task::block_in_place(|| cluster.freeze()).unwrap();
    let begin = Instant::now();
    assert_eq!(outage(open.next_number("n").await.unwrap_err()), Outage::StatementTimeout);
    drop(open);
    for _ in 0..6 {
        let seen = outage(next(&store).await.unwrap_err());
        assert!(
            matches!(seen, Outage::StatementTimeout | Outage::PoolTimeout | Outage::ConnectionLost),
            "{seen}"
        );
    }
    assert!(begin.elapsed() < Duration::from_secs(30), "{:?}", begin.elapsed());
    tokio::task::block_in_place(|| cluster.thaw()).unwrap();
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert_eq!(next(&store).await.unwrap(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_cut_off_anywhere_leave_the_store_usable() {
    let folder = tempfile::tempdir().unwrap();
    let mut stores = vec![open(&format!("sqlite:{}", folder.path().join("yinxin.db").display())).await];
    let database = tokio::task::block_in_place(yinxin_testkit::postgres::database);
    if let Some(database) = &database {
        stores.push(open(database.url()).await);
    }
    for store in stores {
        let mut kept = 0;
        for i in 0..150u64 {
            let running = store.clone();
            let task = tokio::spawn(async move { next(&running).await.is_ok() });
            tokio::time::sleep(Duration::from_micros(i * 37 % 3000)).await;
            task.abort();
            kept += u64::from(task.await.unwrap_or(false));
        }
        let mut number = None;
        for _ in 0..20 {
            if let Ok(found) = next(&store).await {
                number = Some(found);
                break;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        let number = number.expect("the store came back");
        // Who was cut off during the commit may have been kept without knowing; nobody who knows was lost.
        assert!((kept + 1..=151).contains(&number), "{number} after {kept} kept");
        let mut all = Vec::new();
        for _ in 0..8 {
            all.push(next(&store).await.unwrap());
        }
        assert_eq!(all, (number + 1..=number + 8).collect::<Vec<_>>());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_held_by_another_process_is_busy_and_then_free() {
    use sqlx::{ConnectOptions, Connection};
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("yinxin.db");
    let store = open(&format!("sqlite:{}", path.display())).await;
    let mut other = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).connect().await.unwrap();
    let held = other.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let begin = Instant::now();
    assert!(matches!(outage(next(&store).await.unwrap_err()), Outage::Busy | Outage::PoolTimeout));
    assert!(begin.elapsed() < Duration::from_secs(5));
    assert_eq!(
        store.read().await.unwrap().latest_time().await.unwrap(),
        Timestamp::UNIX_EPOCH,
        "readers go on"
    );
    held.rollback().await.unwrap();
    assert_eq!(next(&store).await.unwrap(), 1);
}

#[tokio::test]
async fn file_of_sqlite_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let store = open(&format!("sqlite://{}", folder.path().join("yinxin.db").display())).await;
    next(&store).await.unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o077, 0, "{entry:?}");
    }
}

#[tokio::test]
async fn addresses_that_make_no_sense_are_refused_and_passwords_not_repeated() {
    for url in [
        "",
        "mysql://x",
        "sqlite:",
        "sqlite::memory:",
        "sqlite:a?mode=rwc",
        "sqlite:/no/such/folder/x.db",
        "postgres://u:Secret1@[::1",
    ] {
        let refused = Store::open(&options(url)).await.unwrap_err();
        assert!(matches!(refused, StoreError::Configuration(_)), "{url}: {refused}");
        assert!(!format!("{refused} {refused:?}").contains("Secret1"));
    }
    let url = "postgres://u:Secret1@127.0.0.1:1/db";
    assert!(!format!("{:?}", options(url)).contains("Secret1"));
    let refused = Store::open(&options(url)).await.unwrap_err();
    assert!(!format!("{refused} {refused:?}").contains("Secret1"));
    outage(refused);
}

const PLACE: &str = "YINXIN_TEST_SMALL_DISK";
/// Mounts a file system of two mebibytes at the first argument and runs the rest there.
const MOUNT: &str = "mount -t tmpfs -o size=3m tmpfs \"$1\" && shift && exec \"$@\"";

fn on_small_disk(place: &Path, program: &Path) -> Command {
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", MOUNT, "sh"]).arg(place).arg(program);
    command
}

#[test]
fn full_disk_is_told_keeps_nothing_half_and_heals_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let possible =
        on_small_disk(folder.path(), Path::new("true")).output().is_ok_and(|done| done.status.success());
    if !possible {
        println!("NO MOUNT NAMESPACES HERE: THE FULL DISK WAS NOT TESTED");
        return;
    }
    let this = std::env::current_exe().unwrap();
    let done = on_small_disk(folder.path(), &this)
        .args(["--exact", "inside_the_small_disk", "--ignored", "--nocapture"])
        .env(PLACE, folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{said}{}", String::from_utf8_lossy(&done.stderr));
    assert!(said.contains("1 passed"), "{said}");
}

#[tokio::test]
#[ignore = "run by the test above, on a small file system"]
async fn inside_the_small_disk() {
    let root = std::env::var_os(PLACE).expect("run by the test above");
    let root = Path::new(&root);
    let store = open(&format!("sqlite:{}", root.join("yinxin.db").display())).await;
    let ballast = root.join("ballast");
    std::fs::write(&ballast, vec![0; 600 * 1024]).unwrap();
    let long = "长".repeat(3000);
    let write = async |i: u32| -> Result<(), StoreError> {
        let mut tx = store.begin().await?;
        tx.next_number("kept").await?;
        tx.set_setting(&format!("s{i}"), &long, Timestamp::UNIX_EPOCH).await?;
        tx.commit().await.map(|_| ())
    };
    let mut kept = 0;
    let refused = loop {
        match write(kept).await {
            Ok(()) => kept += 1,
            Err(refused) => break refused,
        }
        assert!(kept < 1000, "the disk never filled");
    };
    assert_eq!((refused.code(), outage(refused)), ("STORAGE_FULL", Outage::DiskFull));
    for _ in 0..3 {
        assert_eq!(outage(write(kept).await.unwrap_err()), Outage::DiskFull);
    }
    // Reading goes on, and nothing is half done.
    let mut read = store.read().await.unwrap();
    assert_eq!(read.setting(&format!("s{}", kept - 1)).await.unwrap().as_deref(), Some(long.as_str()));
    assert_eq!(read.setting(&format!("s{kept}")).await.unwrap(), None);
    drop(read);
    std::fs::remove_file(&ballast).unwrap();
    write(kept).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.next_number("kept").await.unwrap(), u64::from(kept) + 2);
}
