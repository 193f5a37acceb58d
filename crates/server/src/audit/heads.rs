//! Signed heads.

use super::BATCH;
use crate::app::authority::UnsignedHead;
use crate::app::{App, Stop};
use crate::http::{Code, Problem};
use yinxin_registry::audit::SignedHead;
use yinxin_registry::audit::merkle::Frontier;
use yinxin_store::{Constraint, StoreError};

/// Signs where the chain stands, unless nothing was added since; the newest signed head.
///
/// # Errors
/// Problems of the database; `INTEGRITY` when rows are missing; `INTERNAL` when the key refuses.
pub async fn sign_head(app: &App) -> Result<Option<SignedHead>, Stop> {
    let mut access = app.store.read().await?;
    let last = access.last_audit_seal().await?;
    let target = access.audit_head().await?;
    let (mut seq, mut frontier) = match &last {
        Some(sealed) => (sealed.head.seq, sealed.frontier.clone()),
        None => (0, Frontier::new()),
    };
    if seq == target.seq {
        return Ok(last.map(|sealed| sealed.head));
    }
    let mut hash = target.hash;
    while seq < target.seq {
        let rows = access.audit_hashes(seq, BATCH).await?;
        if rows.is_empty() {
            return Err(Problem::new(Code::Integrity).into());
        }
        for (number, row) in rows.into_iter().take_while(|(number, _)| *number <= target.seq) {
            if number != seq + 1 {
                tracing::error!(expected = seq + 1, found = number, "the audit chain has a gap");
                return Err(Problem::new(Code::Integrity).into());
            }
            frontier.push(&row);
            (seq, hash) = (number, row);
        }
    }
    drop(access);
    let head = UnsignedHead { seq, hash, root: frontier.root(), at: app.now()? };
    let signed = app.authority.sign_head(head).map_err(|error| {
        tracing::error!(error, "the head of the audit chain could not be signed");
        Problem::new(Code::Internal)
    })?;
    let mut tx = app.store.begin().await?;
    match tx.add_audit_seal(&signed, &frontier).await {
        // Another node signed the same row first: its head is as good.
        Err(StoreError::Conflict { constraint: Constraint::Key }) => tx.rollback().await?,
        other => {
            other?;
            tx.commit().await?;
            // Outside the database too: who holds the log can tell that the chain was cut behind this row.
            tracing::info!(seq = signed.seq, hash = hex::encode(signed.hash), "audit head signed");
        }
    }
    Ok(Some(signed))
}
