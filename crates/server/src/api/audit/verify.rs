//! Verifying the whole chain.

use crate::app::{Shared, Stop, Subject, Work};
use crate::audit;
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, NoBody, StoredResponse};
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::permission::{Action, Place};

/// Outcome of a verification.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChainVerificationView {
    /// Whether the chain is sound.
    pub sound: bool,
    /// Rows read.
    pub rows: u64,
    /// Number of the last row.
    pub last_seq: u64,
    /// Signed heads that fit.
    pub heads_matched: u64,
    /// What is wrong, each with its row.
    #[schema(value_type = Vec<Object>)]
    pub faults: serde_json::Value,
    /// Faults beyond those listed.
    pub omitted: u64,
}

/// 验证审计链。 Verifies every row and every signed head.
#[utoipa::path(
    post, path = "/audit/verifications", tag = "audit", operation_id = "audit.verify", summary = "验证审计链 · Verify the chain",
    params(IdempotencyKey), responses((status = 200, description = "结果 · the outcome", body = ChainVerificationView))
)]
pub async fn verify(
    State(app): State<Shared>,
    caller: Caller,
    command: Command<NoBody>,
) -> Result<Response, Stop> {
    caller.permit(Action::AuditRead, &Place::registry(), app.now()?)?;
    // Before the transaction: reading the whole log must not hold up writers.
    let report = audit::verify(&app).await?;
    let (mut work, NoBody) = Work::begin(&app, &caller, command).await?;
    let by = work.permit(Action::AuditRead, &Place::registry())?;
    let details = json!({ "rows": report.rows, "faults": report.faults.len() });
    work.record(&by, "audit.verify", &Subject::registry("audit"), None, details);
    let view = ChainVerificationView {
        sound: report.is_sound(),
        rows: report.rows,
        last_seq: report.last_seq,
        heads_matched: report.heads_matched,
        faults: serde_json::to_value(&report.faults).unwrap_or_default(),
        omitted: report.omitted,
    };
    work.finish(StoredResponse::ok(&view)?).await
}
