//! The gate before the keys: no live token, no signature; shown below the HTTP layer, with the real key store and with bad devices.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests"
)]

mod devices;
mod documents;
mod refusals;
mod sample;
mod sheets;
mod spent;
