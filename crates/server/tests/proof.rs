//! Proofs of an authority and statements of truth: what holds, what does not, and what other software says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

#[path = "proof/content.rs"]
mod content;
#[path = "proof/oracle.rs"]
mod oracle;
#[path = "proof/refusals.rs"]
mod refusals;
#[path = "proof/sample.rs"]
mod sample;
#[path = "proof/truth.rs"]
mod truth;
