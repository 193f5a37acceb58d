//! A unit changes a draft or an application returned for correction.

use super::body::ContentBody;
use super::open::account_of;
use super::{ApplicationView, answer, place, subject};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, IfMatch, Path};
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use yinxin_registry::ids::ApplicationId;
use yinxin_registry::lifecycle::application::{Application, ApplicationEvent};
use yinxin_registry::permission::Action;
use yinxin_registry::profile::day_of;

/// 修改申请内容。 Replaces the content; documents handed in before stay, and so do numbers of people that are sent as they were shown.
#[utoipa::path(
    put, path = "/applications/{id}", tag = "applications", operation_id = "applications.edit", summary = "修改申请 · Change an application",
    params(("id" = String, Path, description = "申请 · application"), IdempotencyKey, IfMatch), request_body = ContentBody,
    responses((status = 200, description = "申请 · the application", body = ApplicationView))
)]
pub async fn edit(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<ApplicationId>,
    if_match: IfMatch,
    command: Command<ContentBody>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let found = work.tx.get::<Application>(id.as_str()).await?;
    let by = work.permit(Action::ApplicationWrite, &place(&found.value))?;
    let present = found.value.content();
    body.check("", Some(present), day_of(work.now))?;
    if_match.check(found.version)?;
    let account = account_of(&caller).or_else(|| present.agent.account.clone());
    let content = Box::new(body.into_content(&app, id.as_str(), account, Some(present))?);
    let (application, effects) = found.value.apply(ApplicationEvent::Edit { content }, &by, work.now)?;
    let version = work.tx.save(&application, found.version).await?;
    work.record(&by, "application.edit", &subject(&application), None, json!({}));
    work.enact(&subject(&application), &effects);
    work.finish(answer(&application, version)?).await
}
