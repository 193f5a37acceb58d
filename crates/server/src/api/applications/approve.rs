//! The issuing department approves; in a change case the old seal is canceled in the same transaction.

use super::proof::approval;
use super::{ApplicationView, answer, place, subject};
use crate::api::seals::cancel::cancel_for_change;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, IfMatch, Path};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::ids::ApplicationId;
use yinxin_registry::lifecycle::application::{Application, ApplicationEvent, Basis};
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::lifecycle::{By, application, next};
use yinxin_registry::permission::Action;

/// Approves an application.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveApplication {
    /// Notes, at most 20.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub notes: Vec<String>,
}

/// 批准。 Approves it, gives the seal its code and signs the certificate.
#[utoipa::path(
    post, path = "/applications/{id}/approve", tag = "applications", operation_id = "applications.approve", summary = "批准 · Approve",
    params(("id" = String, Path, description = "申请 · application"), IdempotencyKey, IfMatch), request_body = ApproveApplication,
    responses((status = 200, description = "申请 · the application", body = ApplicationView))
)]
pub async fn approve(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<ApplicationId>,
    if_match: IfMatch,
    command: Command<ApproveApplication>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let found = work.tx.get::<Application>(id.as_str()).await?;
    let by = work.permit(Action::ApplicationDecide, &place(&found.value))?;
    if_match.check(found.version)?;
    next(application::TABLE, found.value.state(), "approve")?;
    if let Basis::Change { seal, case } = found.value.basis() {
        cancel_for_change(&mut work, seal, case, &by).await?;
    }
    let event = decision(&mut work, &found.value, body.notes, &by).await?;
    let (application, effects) = found.value.apply(event, &by, work.now)?;
    let version = work.tx.save(&application, found.version).await?;
    let details = json!({
        "approval": application.approval().map(|p| &p.number),
        "seal_code": application.seal_code(),
    });
    work.record(&by, "application.approve", &subject(&application), None, details);
    work.enact(&subject(&application), &effects);
    work.finish(answer(&application, version)?).await
}

async fn decision(
    work: &mut Work,
    application: &Application,
    notes: Vec<String>,
    by: &By,
) -> Result<ApplicationEvent, Stop> {
    let content = application.content();
    let number = match content.kind.is_numbered() {
        true => Some(number(work, application).await?),
        false => None,
    };
    let code = work.next_seal_code(application.area(), application.profile()).await?;
    let statement =
        approval(work, application, &format!("ZZ-{code}-{}", application.round()), (&code, number), by);
    let proof = work.issue(statement).await?;
    Ok(ApplicationEvent::Approve { proof, code, number, notes })
}

/// A renewal keeps the number of the seal it follows; every other seal gets the next one.
async fn number(work: &mut Work, application: &Application) -> Result<u32, Stop> {
    if let Basis::Renewal { seal } = application.basis()
        && let Some(number) = work.tx.get::<Seal>(seal.as_str()).await?.value.number()
    {
        return Ok(number);
    }
    let series = format!("seal/{}/{}", application.unit(), application.content().kind.as_str());
    Ok(u32::try_from(work.tx.next_number(&series).await?).unwrap_or(u32::MAX))
}
