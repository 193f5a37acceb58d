//! The audit log: one row for each seal, in the order of time.

use super::Fault;
use super::ground::Ground;
use super::records::Kept;
use serde_json::json;
use yinxin_registry::audit::{ActorKind, ActorRef, Entry, Outcome};
use yinxin_server::app::Shared;

/// What was done.
const ACTIONS: [&str; 6] =
    ["application.submit", "application.approve", "seal.made", "seal.file", "seal.deliver", "seal.accept"];
/// Rows of one transaction.
const ROWS: usize = 2_000;

/// Appends the rows; how many.
pub async fn write(app: &Shared, ground: &Ground, kept: &[Kept]) -> Result<usize, Fault> {
    for part in kept.chunks(ROWS) {
        let entries: Vec<Entry> = part.iter().map(|kept| entry(ground, kept)).collect();
        let mut tx = app.store.begin().await?;
        tx.append_audit(&app.audit_keys().0, &entries).await?;
        tx.commit().await?;
    }
    Ok(kept.len())
}

/// The actors are a hundred people.
pub fn actor(number: usize) -> String {
    format!("acct_{:026}", number % 100)
}

fn entry(ground: &Ground, kept: &Kept) -> Entry {
    let action = ACTIONS[kept.index % ACTIONS.len()];
    let subject = if action.starts_with("seal") { &kept.seal } else { &kept.application };
    Entry {
        at: ground.time(kept.index),
        actor: ActorRef {
            kind: ActorKind::Account,
            id: actor(kept.index / 6),
            name: "示例人员".to_owned(),
            role: "issuing_reviewer".to_owned(),
            address: Some("192.0.2.7".to_owned()),
        },
        action: action.to_owned(),
        subject: subject.clone(),
        area_path: ground.district(kept.index / super::ground::PER_UNIT).path.as_str().to_owned(),
        unit: Some(kept.unit.clone()),
        outcome: Outcome::Ok,
        reason: None,
        details: json!({ "number": kept.code }),
        request_id: format!("req_{:032}", kept.index),
    }
}
