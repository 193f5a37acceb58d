//! Audit records of what a command did, beside the server or before it.

use getrandom::SysRng;
use getrandom::rand_core::{Rng as _, UnwrapErr};
use jiff::Timestamp;
use serde_json::Value;
use yinxin_registry::area::AreaPath;
use yinxin_registry::audit::{ActorKind, ActorRef, Entry, Outcome};

/// The record of a command such as `yinxin keys rewrap`; whoever may run it is known to the machine, not to the registry.
pub(crate) fn commanded(command: &str, action: &str, subject: &str, details: Value, now: Timestamp) -> Entry {
    Entry {
        at: now,
        actor: ActorRef {
            kind: ActorKind::System,
            id: command.to_owned(),
            name: "系统".to_owned(),
            role: "system".to_owned(),
            address: None,
        },
        action: action.to_owned(),
        subject: subject.to_owned(),
        area_path: AreaPath::nation().as_str().to_owned(),
        unit: None,
        outcome: Outcome::Ok,
        reason: None,
        details,
        request_id: format!("command-{:016x}", UnwrapErr(SysRng).next_u64()),
    }
}
