//! A loss is reported (挂失): the seal is suspended at once, from the time the key may have been in other hands.

use super::{SealView, answer, place, subject};
use crate::api::text::check_reason;
use crate::api::times;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, Faults, IdempotencyKey, Path, Problem};
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::ids::SealId;
use yinxin_registry::lifecycle::reasons::SuspensionReason;
use yinxin_registry::lifecycle::seal::{Seal, SealEvent, Suspension};
use yinxin_registry::permission::Action;

/// Reports a loss.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportLoss {
    /// What happened.
    #[schema(value_type = String, example = "loss", pattern = "^(loss|theft|key_leak|device_damage)$")]
    pub reason: SuspensionReason,
    /// In words, 2 to 2000 characters.
    #[schema(min_length = 2, max_length = 2000, example = "密钥载体遗失")]
    pub detail: String,
    /// Since when; not in the future. Now when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub effective_at: Option<Timestamp>,
}

impl ReportLoss {
    fn check(&self, now: Timestamp) -> Result<(), Problem> {
        let mut faults = Faults::new();
        check_reason("/detail", &self.detail, &mut faults);
        if let Some(moment) = self.effective_at {
            times::check("/effective_at", moment, now, &mut faults);
        }
        if !self.reason.is_loss() {
            faults.push(
                "/reason",
                "REASON",
                "挂失原因应为丢失、被盗、密钥泄露或载体损坏",
                "loss, theft, key_leak or device_damage",
            );
        }
        faults.into_result()
    }
}

/// 挂失。 Suspends the seal at once. Takes no `If-Match`: a report of loss must not fail because somebody else was quicker.
#[utoipa::path(
    post, path = "/seals/{id}/report-loss", tag = "seals", operation_id = "seals.report_loss", summary = "挂失 · Report a loss",
    params(("id" = String, Path, description = "印章 · seal"), IdempotencyKey), request_body = ReportLoss,
    responses((status = 200, description = "印章 · the seal", body = SealView))
)]
pub async fn report_loss(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
    command: Command<ReportLoss>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    body.check(work.now)?;
    let found = work.tx.get::<Seal>(id.as_str()).await?;
    let by = work.permit(Action::SealReportLoss, &place(&found.value))?;
    let suspension = Suspension {
        reason: body.reason,
        detail: body.detail.clone(),
        effective_at: body.effective_at.unwrap_or(work.now),
        until: None,
        document: None,
        ticket: None,
    };
    let (seal, effects) = found.value.apply(SealEvent::Suspend { suspension }, &by, work.now)?;
    let version = work.tx.save(&seal, found.version).await.map_err(super::raced)?;
    let details = json!({ "reason": body.reason, "effective_at": body.effective_at });
    work.record(&by, "seal.report_loss", &subject(&seal), Some(&body.detail), details);
    work.enact(&subject(&seal), &effects);
    work.finish(answer(&seal, version)?).await
}
