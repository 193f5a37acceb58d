//! Exchange with other seal systems: two servers, each with an authority of its own, of which one judges the other's seals.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

#[allow(dead_code, reason = "the tests of verifications need more of it")]
#[path = "../api_verifications/documents.rs"]
mod documents;
mod inbound;
mod link;
mod neighbor;
mod outbox;
mod peers;
mod reconciliation;
#[allow(dead_code, reason = "the tests of uses need more of it")]
#[path = "../api_use/stage.rs"]
mod stage;
#[path = "../support/mod.rs"]
mod support;
mod trust_list;
mod verdicts;
