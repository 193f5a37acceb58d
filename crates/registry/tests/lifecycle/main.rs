//! The life of a seal: every state against every event, and the rules that the steps keep.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod documents;
mod rules;
mod samples;
mod tables;
mod tickets;
mod timeline;
