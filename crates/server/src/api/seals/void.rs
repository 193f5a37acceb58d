//! The authority declares a seal void (宣告无效).

use super::{DOCUMENT, SealView, answer, place, subject};
use crate::api::applications;
use crate::api::text::{check_line, check_reason};
use crate::api::times;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, Faults, IdempotencyKey, IfMatch, Path, Problem};
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::ids::SealId;
use yinxin_registry::lifecycle::By;
use yinxin_registry::lifecycle::application::{Application, ApplicationEvent, ApplicationState};
use yinxin_registry::lifecycle::reasons::VoidReason;
use yinxin_registry::lifecycle::seal::{Seal, SealEvent};
use yinxin_registry::permission::Action;

/// Declares a seal void.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VoidSeal {
    /// Why.
    #[schema(value_type = String, example = "false_materials",
        pattern = "^(false_materials|unlawful_making|certificate_authority|court_decision|other)$")]
    pub reason: VoidReason,
    /// In words, 2 to 2000 characters.
    #[schema(min_length = 2, max_length = 2000, example = "申请材料经查证系伪造")]
    pub detail: String,
    /// From when; may lie before the decision, not in the future.
    #[schema(value_type = String, format = DateTime)]
    pub effective_at: Timestamp,
    /// Number of the decision.
    #[schema(min_length = 1, max_length = 200, example = "示政决〔2026〕1 号")]
    pub document: String,
}

impl VoidSeal {
    fn check(&self, now: Timestamp) -> Result<(), Problem> {
        let mut faults = Faults::new();
        check_reason("/detail", &self.detail, &mut faults);
        check_line("/document", &self.document, DOCUMENT, &mut faults);
        times::check("/effective_at", self.effective_at, now, &mut faults);
        faults.into_result()
    }
}

/// 宣告无效。 Void from a moment on, which may lie before the decision.
#[utoipa::path(
    post, path = "/seals/{id}/void", tag = "seals", operation_id = "seals.void", summary = "宣告无效 · Declare void",
    params(("id" = String, Path, description = "印章 · seal"), IdempotencyKey, IfMatch), request_body = VoidSeal,
    responses((status = 200, description = "印章 · the seal", body = SealView))
)]
pub async fn void(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
    if_match: IfMatch,
    command: Command<VoidSeal>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    body.check(work.now)?;
    let found = work.tx.get::<Seal>(id.as_str()).await?;
    let by = work.permit(Action::SealVoid, &place(&found.value))?;
    if_match.check(found.version)?;
    let was_coming = found.value.is_coming();
    let event = SealEvent::Void {
        reason: body.reason,
        detail: body.detail.clone(),
        effective_at: body.effective_at,
        document: body.document.clone(),
    };
    let (seal, effects) = found.value.apply(event, &by, work.now)?;
    let version = work.tx.save(&seal, found.version).await?;
    work.enact(&subject(&seal), &effects);
    if was_coming {
        end_application(&mut work, &seal, &body.detail, &by).await?;
    }
    let details =
        json!({ "reason": body.reason, "document": body.document, "effective_at": body.effective_at });
    work.record(&by, "seal.void", &subject(&seal), Some(&body.detail), details);
    work.finish(answer(&seal, version)?).await
}

/// The application of a seal that will never be handed over ends, lest it stand in the way of another.
async fn end_application(work: &mut Work, seal: &Seal, reason: &str, by: &By) -> Result<(), Stop> {
    let case = work.tx.get::<Application>(seal.application().as_str()).await?;
    if case.value.state() != ApplicationState::Making {
        return Ok(());
    }
    let event = ApplicationEvent::Lapse { reason: reason.to_owned() };
    let (lapsed, effects) = case.value.apply(event, by, work.now)?;
    work.tx.save(&lapsed, case.version).await?;
    work.enact(&applications::subject(&lapsed), &effects);
    Ok(())
}
