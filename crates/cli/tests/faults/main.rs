//! Faults of the whole service, at its doors: the process of `yinxin serve`, HTTP, a real database. What a client was told stays true,
//! whatever is taken away meanwhile. `docs/faults.md` says what each test proves; `cargo xtask faults` runs the long form.
//!
//! The choices of a run follow from a seed, which is printed; `YINXIN_FAULT_SEED` gives one again.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    dead_code,
    reason = "a test stops where it fails, and says what it played"
)]

mod base;
mod batch;
mod chance;
mod clock_back;
mod database_gone;
mod disk_full;
mod disposal;
mod faketime;
mod kill;
mod ledger;
mod object_store;
mod person;
#[path = "../../../server/tests/support/sample.rs"]
mod sample;
mod town;
mod truth;
mod two_nodes;
mod users;
mod worker;

/// Path of the area the service is run for: 示例市.
const CITY: &str = "/100000/610000/610100/";
