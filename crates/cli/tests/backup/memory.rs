//! Memory does not grow with the tables.

use std::process::Child;
use std::time::Duration;

use crate::at::Shelf;
use crate::base::Base;
use crate::source::{filler, started};
use crate::town;

/// Rows, and bytes of each: 240 MB that do not deflate well.
const ROWS: u32 = 300_000;
const BYTES: u32 = 800;
/// Most memory at any time, MiB. The stretching of the password alone takes 64.
const MOST: u64 = 160;

/// Runs it to its end; the most memory it had, in MiB.
fn peak(mut child: Child) -> u64 {
    let path = format!("/proc/{}/status", child.id());
    let mut most = 0;
    loop {
        let status = std::fs::read_to_string(&path).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib: u64 = line.and_then(|l| l.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0);
        most = most.max(kib / 1024);
        if let Some(status) = child.try_wait().unwrap() {
            let output = child.wait_with_output().unwrap();
            assert!(status.success(), "{}", String::from_utf8_lossy(&output.stdout));
            return most;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn memory_is_bounded_with_a_large_table() {
    let service = started();
    filler(&service, ROWS, BYTES);
    let shelf = Shelf::new();
    let took = peak(shelf.backup(&service, "full", None).spawn().unwrap());
    let target = town::service(&Base::Sqlite);
    let gave = peak(shelf.restore(&target, &["full"]).spawn().unwrap());
    println!("{ROWS} rows of {BYTES} bytes: backup {took} MiB, restore {gave} MiB at most");
    assert!((1..MOST).contains(&took), "{took} MiB");
    assert!((1..MOST).contains(&gave), "{gave} MiB");
    let rows = Base::Sqlite.lines(&target, "SELECT CAST(count(*) AS TEXT) FROM job WHERE queue = 'filler'");
    assert_eq!(rows, [ROWS.to_string()]);
}
