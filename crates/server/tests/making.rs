//! The making of seals: workshop, authority, keys, log, transport, and the registry's check of what was made.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests"
)]

#[path = "making/accept.rs"]
mod accept;
#[path = "making/authority.rs"]
mod authority;
#[path = "making/crash.rs"]
mod crash;
#[path = "making/doubles.rs"]
mod doubles;
#[path = "making/imprints.rs"]
mod imprints;
#[path = "making/keys.rs"]
mod keys;
#[path = "making/killed.rs"]
mod killed;
#[path = "making/log.rs"]
mod log;
#[path = "making/refusals.rs"]
mod refusals;
#[path = "making/sample.rs"]
mod sample;
#[path = "making/transport.rs"]
mod transport;
#[path = "making/whole.rs"]
mod whole;
