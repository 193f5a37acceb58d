//! Signed heads: kept elsewhere by those who want to prove later that nothing was cut off.

use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{List, Page, PageQuery};
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use yinxin_registry::permission::{Action, Place};

/// A signed head.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HeadView {
    /// Number of the last row it covers.
    pub seq: u64,
    /// Hash of that row, hex.
    pub hash: String,
    /// Root of the Merkle tree over all rows, hex.
    pub root: String,
    /// When it was signed.
    #[schema(value_type = String, format = DateTime)]
    pub at: jiff::Timestamp,
    /// SM3 of the certificate that verifies it, hex.
    pub key_id: String,
    /// SM2 signature, DER, hex.
    pub signature: String,
}

/// 审计链首。 Signed heads, oldest first.
#[utoipa::path(
    get, path = "/audit/heads", tag = "audit", operation_id = "audit.heads", summary = "已签名的审计链首 · Signed heads",
    params(PageQuery), responses((status = 200, description = "链首 · the heads", body = Page<HeadView>))
)]
pub async fn list(State(app): State<Shared>, caller: Caller, list: List) -> Result<Page<HeadView>, Stop> {
    caller.permit(Action::AuditRead, &Place::registry(), app.now()?)?;
    let after = list.after::<1>()?.and_then(|[seq]| seq.parse().ok()).unwrap_or(0);
    let limit = u32::from(list.limit());
    let heads = app.store.read().await?.audit_seals(after, limit + 1).await?;
    let views = heads.iter().map(|head| HeadView {
        seq: head.seq,
        hash: hex::encode(head.hash),
        root: hex::encode(head.root),
        at: head.at,
        key_id: head.key_id.clone(),
        signature: hex::encode(&head.signature),
    });
    Ok(list.page(views.collect(), |last| vec![last.seq.to_string()]))
}
