//! `kill -9` in the midst of a backup and of a restore.

use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant};

use crate::at::{Shelf, data, said};
use crate::base::Base;
use crate::source::{filler, started};
use crate::touched::will_not_serve;
use crate::town;

/// Waits until something has come about, while the process lives.
fn until(child: &mut Child, what: &str, there: impl Fn() -> bool) {
    let begin = Instant::now();
    while !there() {
        assert!(child.try_wait().unwrap().is_none(), "it ended before: {what}");
        assert!(begin.elapsed() < Duration::from_secs(60), "never: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn unfinished(folder: &Path) -> Option<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path());
    entries.into_iter().find(|path| path.to_string_lossy().contains(".unfinished-"))
}

#[test]
fn a_killed_backup_leaves_nothing_that_looks_like_one() {
    let service = started();
    filler(&service, 60_000, 1000);
    let shelf = Shelf::new();
    let mut child = shelf.backup(&service, "full", None).spawn().unwrap();
    until(&mut child, "the rows of job", || {
        unfinished(shelf.folder.path()).is_some_and(|folder| folder.join("tables/job").exists())
    });
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!shelf.path("full").exists());
    let left = unfinished(shelf.folder.path()).unwrap();
    let name = left.file_name().unwrap().to_str().unwrap();
    assert_eq!(said(&mut shelf.verify(&service, &[name])).refused(), "BACKUP_NONE");
    let base = Base::Sqlite;
    assert!(base.lines(&service, "SELECT action FROM audit WHERE action = 'backup.take'").is_empty());
    // What is left is in nobody's way.
    shelf.take(&service, "full", None);
    shelf.restored(&town::service(&Base::Sqlite), &["full"]);
}

#[test]
fn a_killed_restore_is_not_served_and_can_be_done_again_on_sqlite() {
    killed_restore(|| Some(Base::Sqlite));
}

#[test]
fn a_killed_restore_is_not_served_and_can_be_done_again_on_postgres() {
    killed_restore(Base::postgres);
}

fn killed_restore(place: impl Fn() -> Option<Base>) {
    let Some(base) = place() else { return };
    let source = started();
    filler(&source, 60_000, 1000);
    let shelf = Shelf::new();
    shelf.take(&source, "full", None);
    let target = town::service(&base);
    let mut child = shelf.restore(&target, &["full"]).spawn().unwrap();
    let marker = data(&target).join("restore-unfinished.json");
    until(&mut child, "the marker", || marker.exists());
    let wal = data(&target).join("registry.db-wal");
    until(&mut child, "rows going in", || match &base {
        Base::Sqlite => std::fs::metadata(&wal).is_ok_and(|file| file.len() > 8 << 20),
        Base::Postgres(database) => {
            let busy = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'INSERT INTO \"job\"%'";
            database.sql(busy).unwrap().trim() != "0"
        }
    });
    child.kill().unwrap();
    child.wait().unwrap();
    will_not_serve(&target, "restore-unfinished.json");
    if let Base::Postgres(_) = base {
        // Another node, with a data folder of its own, does not begin on what is there either.
        let node = town::service(&base);
        will_not_serve(&node, "SCHEMA");
    }
    assert_eq!(said(&mut shelf.restore(&target, &["full"])).refused(), "RESTORE_NOT_EMPTY");
    // Emptied, as the message says, it is a place like any other.
    std::fs::remove_dir_all(data(&target)).unwrap();
    if let Base::Postgres(database) = &base {
        database.sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public").unwrap();
    }
    shelf.restored(&target, &["full"]);
    assert!(target.start().stop().success());
}
