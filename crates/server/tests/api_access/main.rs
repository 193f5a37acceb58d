//! Who gets in and what he may do there: logins, second factors, sessions, accounts, programs, keys. As clients meet it, on both
//! databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod accounts;
mod authority;
mod certificates;
mod clients;
mod first_steps;
mod key_renewal;
mod keys;
mod log;
mod logins;
mod metrics;
mod sessions;
#[path = "../support/mod.rs"]
mod support;
mod upkeep;

/// An idempotency key that was never used.
fn new_key() -> String {
    use getrandom::SysRng;
    use getrandom::rand_core::{Rng as _, UnwrapErr};
    format!("{:016x}", UnwrapErr(SysRng).next_u64())
}
