//! Backup and restore at their doors: real processes of `yinxin serve`, `yinxin backup`, `yinxin restore`, real databases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    dead_code,
    reason = "a test stops where it fails, and says what it played"
)]

mod at;
#[path = "../faults/base.rs"]
mod base;
#[path = "../faults/chance.rs"]
mod chance;
#[path = "../faults/faketime.rs"]
mod faketime;
mod killed;
#[path = "../faults/ledger.rs"]
mod ledger;
mod load;
mod memory;
#[path = "../faults/person.rs"]
mod person;
mod recipient;
#[path = "../../../server/tests/support/sample.rs"]
mod sample;
mod source;
mod touched;
#[path = "../faults/town.rs"]
mod town;
#[path = "../faults/truth.rs"]
mod truth;
#[path = "../faults/worker.rs"]
mod worker;

/// Path of the area the service is run for: 示例市.
const CITY: &str = "/100000/610000/610100/";
