//! A unit writes a refused or lapsed application anew; its history stays.

use super::{ApplicationView, answer, place, subject};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, IfMatch, NoBody, Path};
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use yinxin_registry::ids::ApplicationId;
use yinxin_registry::lifecycle::application::{Application, ApplicationEvent};
use yinxin_registry::permission::Action;

/// 重新填写。 Makes it a draft again.
#[utoipa::path(
    post, path = "/applications/{id}/reopen", tag = "applications", operation_id = "applications.reopen", summary = "重新填写 · Reopen",
    params(("id" = String, Path, description = "申请 · application"), IdempotencyKey, IfMatch),
    responses((status = 200, description = "申请 · the application", body = ApplicationView))
)]
pub async fn reopen(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<ApplicationId>,
    if_match: IfMatch,
    command: Command<NoBody>,
) -> Result<Response, Stop> {
    let (mut work, NoBody) = Work::begin(&app, &caller, command).await?;
    let found = work.tx.get::<Application>(id.as_str()).await?;
    let by = work.permit(Action::ApplicationWrite, &place(&found.value))?;
    if_match.check(found.version)?;
    let (application, effects) = found.value.apply(ApplicationEvent::Reopen, &by, work.now)?;
    let version = work.tx.save(&application, found.version).await?;
    work.record(&by, "application.reopen", &subject(&application), None, json!({}));
    work.enact(&subject(&application), &effects);
    work.finish(answer(&application, version)?).await
}
