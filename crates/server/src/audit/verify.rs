//! Verification of the whole chain.

use super::BATCH;
use crate::app::{App, Stop};
use jiff::Timestamp;
use std::collections::BTreeMap;
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
    // Another node may have renewed the certificate.
    let _ = crate::start::renew_authority(app).await;
    let signing = app.authority.signing();
    // A head is told by its signature again: what is handed to the check does not say when it was dated.
    let dated: BTreeMap<&[u8], Timestamp> = heads.iter().map(|head| (&*head.signature, head.at)).collect();
    let check = |key: &str, bytes: &[u8], signature: &[u8]| {
        dated.get(signature).is_some_and(|at| signing.signed_head(key, *at, bytes, signature))
    };
    // From which row on which key counts, as it stands now: another node may have turned to a new one.
    crate::api::keys::reload(app).await?;
    let keys = app.audit_keys();
    let mut verifier = Verifier::new(&keys.0, &heads, &check);
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
