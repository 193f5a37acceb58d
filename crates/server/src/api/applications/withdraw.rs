//! A unit takes an application back.

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
use yinxin_registry::lifecycle::Refused;
use yinxin_registry::lifecycle::application::{Application, ApplicationEvent, Basis};
use yinxin_registry::permission::Action;

/// A reason.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// 2 to 2000 characters.
    #[schema(min_length = 2, max_length = 2000, example = "不再需要")]
    pub reason: String,
}

/// 撤回申请。 Takes it back.
#[utoipa::path(
    post, path = "/applications/{id}/withdraw", tag = "applications", operation_id = "applications.withdraw", summary = "撤回申请 · Withdraw",
    params(("id" = String, Path, description = "申请 · application"), IdempotencyKey, IfMatch), request_body = Reason,
    responses((status = 200, description = "申请 · the application", body = ApplicationView))
)]
pub async fn withdraw(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<ApplicationId>,
    if_match: IfMatch,
    command: Command<Reason>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let found = work.tx.get::<Application>(id.as_str()).await?;
    let by = work.permit(Action::ApplicationWithdraw, &place(&found.value))?;
    if_match.check(found.version)?;
    if matches!(found.value.basis(), Basis::Change { .. }) {
        return Err(Refused::rule(
            "CHANGE_CASE",
            "变更申请随变更事项撤回",
            "an application of a change case is withdrawn with its case",
        )
        .into());
    }
    let event = ApplicationEvent::Withdraw { reason: body.reason.clone() };
    let (application, effects) = found.value.apply(event, &by, work.now)?;
    let version = work.tx.save(&application, found.version).await?;
    work.record(&by, "application.withdraw", &subject(&application), Some(&body.reason), json!({}));
    work.enact(&subject(&application), &effects);
    work.finish(answer(&application, version)?).await
}
