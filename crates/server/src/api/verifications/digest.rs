//! A digest alone: whether this registry knows the document.

use super::asker::Asker;
use super::view::KnownUseView;
use crate::api::text::refuse;
use crate::app::{Shared, Stop};
use crate::http::{Code, Json, Problem};
use crate::verification::uses_of;
use axum::extract::State;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A document, by its digest.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DigestQuestion {
    /// SM3, hex.
    #[schema(
        pattern = "^[0-9a-f]{64}$",
        example = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    )]
    pub digest: String,
}

/// What is public of a document that was sealed through this registry.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DigestAnswer {
    /// As asked.
    pub digest: String,
    /// When this was known.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Seals it was sealed with here, the newest first.
    pub seals: Vec<KnownUseView>,
}

/// 按摘要查询。 Whether a document with this digest was sealed through this registry: with which seals, when, and what these are worth. Not
/// why, by whom, or what stands in it. Needs neither the document nor an identity.
#[utoipa::path(
    post, path = "/verifications/digest", tag = "verification", operation_id = "verifications.digest", summary = "按摘要查询 · Ask by digest",
    request_body = DigestQuestion, extensions(("x-no-idempotency-key" = json!(true))),
    responses(
        (status = 200, description = "在本系统用印 · it was sealed here", body = DigestAnswer),
        (status = 404, description = "没有这样的用印 · no document with this digest was sealed here"),
        (status = 401, description = "会话已失效，或签名不符 · the session has ended, or the signature does not fit"),
        (status = 403, description = "须先修改口令，或缺少防伪造令牌 · the password must be changed first, or the token is missing")
    ),
    security(())
)]
pub async fn digest(
    State(app): State<Shared>,
    asker: Asker,
    Json(question): Json<DigestQuestion>,
) -> Result<Json<DigestAnswer>, Stop> {
    let now = app.now()?;
    asker.let_in(&app, now)?;
    let DigestQuestion { digest } = question;
    if !crate::api::filter::is_digest(&digest) {
        return Err(refuse(
            "/digest",
            "DIGEST",
            "应为 64 位小写十六进制 SM3 值",
            "expected SM3 as 64 small hex digits",
        )
        .into());
    }
    let known = uses_of(&app, &digest, asker.caller.as_ref(), now).await?;
    if known.is_empty() {
        return Err(Problem::new(Code::NotFound).into());
    }
    let seals = known.iter().map(|known| KnownUseView::of(known, now)).collect();
    Ok(Json(DigestAnswer { digest, at: now, seals }))
}
