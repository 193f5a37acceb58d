//! Verification of documents as everybody meets it: verdicts, limits, records. On both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod digest;
mod documents;
mod limits;
mod lists;
mod records;
#[allow(dead_code, reason = "the tests of uses need more of it")]
#[path = "../api_use/stage.rs"]
mod stage;
#[path = "../support/mod.rs"]
mod support;
mod verdicts;
