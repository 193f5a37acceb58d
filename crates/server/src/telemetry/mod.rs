//! What an operator sees from outside: log lines without secrets, and Prometheus metrics.

mod log;
pub mod metrics;
pub mod redact;

pub use log::{LogLayer, TelemetryError, init};
