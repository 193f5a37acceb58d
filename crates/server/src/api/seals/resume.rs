//! The authority lets a suspended seal be used again (恢复使用).

use super::{DOCUMENT, SealView, answer, place, subject};
use crate::api::text::{check_line, check_reason};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, Faults, IdempotencyKey, IfMatch, Path, Problem};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::ids::SealId;
use yinxin_registry::lifecycle::seal::{Seal, SealEvent};
use yinxin_registry::permission::Action;

/// Resumes a seal.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResumeSeal {
    /// 2 to 2000 characters.
    #[schema(min_length = 2, max_length = 2000, example = "密钥载体已找回，核验无误")]
    pub reason: String,
    /// Number of the decision or letter it rests on.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200)]
    pub document: Option<String>,
}

impl ResumeSeal {
    fn check(&self) -> Result<(), Problem> {
        let mut faults = Faults::new();
        check_reason("/reason", &self.reason, &mut faults);
        if let Some(document) = &self.document {
            check_line("/document", document, DOCUMENT, &mut faults);
        }
        faults.into_result()
    }
}

/// 恢复使用。 All grounds of the suspension are gone. A seal whose key leaked is never resumed.
#[utoipa::path(
    post, path = "/seals/{id}/resume", tag = "seals", operation_id = "seals.resume", summary = "恢复使用 · Resume",
    params(("id" = String, Path, description = "印章 · seal"), IdempotencyKey, IfMatch), request_body = ResumeSeal,
    responses((status = 200, description = "印章 · the seal", body = SealView))
)]
pub async fn resume(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
    if_match: IfMatch,
    command: Command<ResumeSeal>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    body.check()?;
    let found = work.tx.get::<Seal>(id.as_str()).await?;
    let by = work.permit(Action::SealResume, &place(&found.value))?;
    if_match.check(found.version)?;
    let event = SealEvent::Resume { reason: body.reason.clone(), document: body.document.clone() };
    let (seal, effects) = found.value.apply(event, &by, work.now)?;
    let version = work.tx.save(&seal, found.version).await?;
    let details = json!({ "document": body.document });
    work.record(&by, "seal.resume", &subject(&seal), Some(&body.reason), details);
    work.enact(&subject(&seal), &effects);
    work.finish(answer(&seal, version)?).await
}
