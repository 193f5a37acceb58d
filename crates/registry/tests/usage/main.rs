//! Custody, approval and use of seals: tables, rules, and what must never be allowed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod activation;
mod approval;
mod copies;
mod keeping;
#[path = "../lifecycle/samples.rs"]
#[allow(dead_code, reason = "shared with the tests of the lifecycle")]
mod life;
mod limits;
mod permit;
mod retention;
mod samples;
mod signals;
mod tables;
mod tokens;
