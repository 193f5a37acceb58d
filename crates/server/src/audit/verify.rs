//! Verification of the whole chain.

use super::BATCH;
use crate::app::{App, Stop};
use yinxin_registry::audit::{Report, Verifier};

/// Reads every row and says what is wrong with the chain, row by row.
///
/// # Errors
/// Problems of the database.
pub async fn verify(app: &App) -> Result<Report, Stop> {
    let mut access = app.store.read().await?;
    let mut heads = Vec::new();
    loop {
        let after = heads.last().map_or(0, |head: &yinxin_registry::audit::SignedHead| head.seq);
        let more = access.audit_seals(after, BATCH).await?;
        if more.is_empty() {
            break;
        }
        heads.extend(more);
    }
    // The head first: rows appended meanwhile lie behind it and are no fault.
    let target = access.audit_head().await?;
    let key_id = app.authority.key_id();
    let check =
        |key: &str, bytes: &[u8], signature: &[u8]| key == key_id && app.authority.verifies(bytes, signature);
    let mut verifier = Verifier::new(&app.audit_key, &heads, &check);
    let mut position = 0;
    loop {
        let rows = access.audit_rows(position, BATCH).await?;
        let Some(last) = rows.last() else { break };
        position = last.seq;
        for row in rows.iter().filter(|row| row.seq <= target.seq) {
            verifier.push(row);
        }
        if position >= target.seq {
            break;
        }
    }
    Ok(verifier.finish(Some(target)))
}
