//! The life of a seal as clients meet it: orders, making, filing, hand-over, change, loss, cancellation, measures in bulk, and what the
//! clock does. On both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod bulk;
mod cases;
mod certificates;
mod change;
mod clock;
mod drills;
mod handover;
mod imprints;
mod kept_numbers;
mod life;
mod loss;
mod maker_renewal;
mod making;
mod numbers;
mod round_trips;
mod stage;
#[path = "../support/mod.rs"]
mod support;
mod tickets;
mod truth;
mod twice;
