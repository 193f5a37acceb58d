//! The issuing department returns or refuses an application, with reasons.

use super::facts::profile_in_force;
use super::{ApplicationView, answer, place, subject};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, IfMatch, Path};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::ids::ApplicationId;
use yinxin_registry::lifecycle::application::{Application, ApplicationEvent};
use yinxin_registry::permission::Action;

/// Reasons for a decision.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reasons {
    /// 1 to 20 reasons, each of 2 to 2000 characters; the applicant reads them.
    #[schema(min_items = 1, max_items = 20, example = json!(["授权委托书缺少签章页"]))]
    pub reasons: Vec<String>,
}

/// 退回补正。 Returns it for correction.
#[utoipa::path(
    post, path = "/applications/{id}/return", tag = "applications", operation_id = "applications.return", summary = "退回补正 · Return for correction",
    params(("id" = String, Path, description = "申请 · application"), IdempotencyKey, IfMatch), request_body = Reasons,
    responses((status = 200, description = "申请 · the application", body = ApplicationView))
)]
pub async fn give_back(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<ApplicationId>,
    if_match: IfMatch,
    command: Command<Reasons>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let found = work.tx.get::<Application>(id.as_str()).await?;
    let by = work.permit(Action::ApplicationDecide, &place(&found.value))?;
    if_match.check(found.version)?;
    let due = profile_in_force(&mut work, &found.value).await?.deadline_correction(work.now);
    let event = ApplicationEvent::Return { reasons: body.reasons, due };
    let (application, effects) = found.value.apply(event, &by, work.now)?;
    let version = work.tx.save(&application, found.version).await?;
    let reason = application.history().last().and_then(|step| step.reason.clone());
    work.record(&by, "application.return", &subject(&application), reason.as_deref(), json!({}));
    work.enact(&subject(&application), &effects);
    work.finish(answer(&application, version)?).await
}

/// 不予批准。 Refuses it.
#[utoipa::path(
    post, path = "/applications/{id}/refuse", tag = "applications", operation_id = "applications.refuse", summary = "不予批准 · Refuse",
    params(("id" = String, Path, description = "申请 · application"), IdempotencyKey, IfMatch), request_body = Reasons,
    responses((status = 200, description = "申请 · the application", body = ApplicationView))
)]
pub async fn refuse(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<ApplicationId>,
    if_match: IfMatch,
    command: Command<Reasons>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let found = work.tx.get::<Application>(id.as_str()).await?;
    let by = work.permit(Action::ApplicationDecide, &place(&found.value))?;
    if_match.check(found.version)?;
    let event = ApplicationEvent::Refuse { reasons: body.reasons };
    let (application, effects) = found.value.apply(event, &by, work.now)?;
    let version = work.tx.save(&application, found.version).await?;
    let reason = application.history().last().and_then(|step| step.reason.clone());
    work.record(&by, "application.refuse", &subject(&application), reason.as_deref(), json!({}));
    work.enact(&subject(&application), &effects);
    work.finish(answer(&application, version)?).await
}
