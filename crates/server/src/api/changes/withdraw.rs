//! A unit withdraws a change case before anything was canceled, and its application with it.

use super::{ChangeView, answer, place, subject};
use crate::api::applications::{self, Reason};
use crate::api::seals::reasoned;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, IfMatch, Path};
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use yinxin_registry::ids::{ApplicationId, ChangeId};
use yinxin_registry::lifecycle::By;
use yinxin_registry::lifecycle::application::{Application, ApplicationEvent, ApplicationState};
use yinxin_registry::lifecycle::change::{ChangeCase, ChangeEvent};
use yinxin_registry::permission::Action;

/// 撤回变更。 The old seal stays in force.
#[utoipa::path(
    post, path = "/changes/{id}/withdraw", tag = "changes", operation_id = "changes.withdraw", summary = "撤回变更 · Withdraw a change case",
    params(("id" = String, Path, description = "变更事项 · change case"), IdempotencyKey, IfMatch), request_body = Reason,
    responses((status = 200, description = "变更事项 · the case", body = ChangeView))
)]
pub async fn withdraw(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<ChangeId>,
    if_match: IfMatch,
    command: Command<Reason>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    reasoned(&body.reason)?;
    let found = work.tx.get::<ChangeCase>(id.as_str()).await?;
    let by = work.permit(Action::ChangeWrite, &place(&found.value))?;
    if_match.check(found.version)?;
    let event = ChangeEvent::Withdraw { reason: body.reason.clone() };
    let case = found.value.apply(event, &by, work.now)?;
    let version = work.tx.save(&case, found.version).await?;
    withdraw_application(&mut work, case.application(), &body.reason, &by).await?;
    let details = json!({ "application": case.application() });
    work.record(&by, "change.withdraw", &subject(&case), Some(&body.reason), details);
    work.finish(answer(&case, version)?).await
}

/// The application of a case that goes no further, unless it has ended by itself.
async fn withdraw_application(
    work: &mut Work,
    id: &ApplicationId,
    reason: &str,
    by: &By,
) -> Result<(), Stop> {
    let found = work.tx.get::<Application>(id.as_str()).await?;
    if !found.value.is_open() {
        return Ok(());
    }
    let mut application = found.value;
    // What was refused is taken up again in order to be withdrawn: refused, it would still stand in the way of another.
    if application.state() == ApplicationState::Refused {
        (application, _) = application.apply(ApplicationEvent::Reopen, by, work.now)?;
    }
    let event = ApplicationEvent::Withdraw { reason: reason.to_owned() };
    let (application, effects) = application.apply(event, by, work.now)?;
    work.tx.save(&application, found.version).await?;
    work.enact(&applications::subject(&application), &effects);
    Ok(())
}
