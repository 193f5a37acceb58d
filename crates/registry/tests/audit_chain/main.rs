//! The audit chain: every way of tampering is found and named; heads, proofs and case exports hold.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod exports;
mod heads;
mod layout;
mod limits;
mod proofs;
mod rotation;
mod samples;
mod tampering;
