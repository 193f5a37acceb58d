//! The audit chain (审计日志链) as a service: heads are signed at intervals, the whole is verified, cases are exported with proof.

mod export;
mod heads;
mod verify;

pub use export::export;
pub use heads::sign_head;
pub use verify::verify;

/// Rows read at once.
const BATCH: u32 = 1000;
