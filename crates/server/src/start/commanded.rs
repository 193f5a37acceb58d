//! Audit records of what a command did, beside the server or before it.

use getrandom::SysRng;
use getrandom::rand_core::{Rng as _, UnwrapErr};
use jiff::Timestamp;
use serde_json::Value;
use yinxin_registry::audit::Entry;

/// The record of a command such as `yinxin keys rewrap`; whoever may run it is known to the machine, not to the registry.
pub(crate) fn commanded(command: &str, action: &str, subject: &str, details: Value, now: Timestamp) -> Entry {
    let request_id = format!("command-{:016x}", UnwrapErr(SysRng).next_u64());
    Entry::of_system(command, action, subject, details, request_id, now)
}
