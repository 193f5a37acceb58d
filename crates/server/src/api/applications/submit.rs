//! A unit hands an application in, with the agent's statement of truth.

use super::facts::{check_facts, profile_in_force};
use super::{ApplicationView, answer, place, subject};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Code, Command, IdempotencyKey, IfMatch, Path, Problem};
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::ids::ApplicationId;
use yinxin_registry::lifecycle::application::{Application, ApplicationEvent, ProfileRef, Truth};
use yinxin_registry::permission::Action;

/// The words the agent stands for.
pub const STATEMENT: &str = "本人及所在单位承诺：所填内容和所交材料真实、合法、有效，并对其承担法律责任。";

/// Hands an application in.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitApplication {
    /// SM3 of the content the statement covers: `content_digest` of the application as it was read.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub content_digest: String,
    /// The statement of truth, word by word as `GET …/checks` gives it.
    #[schema(example = "本人及所在单位承诺：所填内容和所交材料真实、合法、有效，并对其承担法律责任。")]
    pub statement: String,
}

/// 提交申请。 Hands it in; the automatic checks have to pass.
#[utoipa::path(
    post, path = "/applications/{id}/submit", tag = "applications", operation_id = "applications.submit", summary = "提交申请 · Hand in",
    params(("id" = String, Path, description = "申请 · application"), IdempotencyKey, IfMatch), request_body = SubmitApplication,
    responses((status = 200, description = "申请 · the application", body = ApplicationView))
)]
pub async fn submit(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<ApplicationId>,
    if_match: IfMatch,
    command: Command<SubmitApplication>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let found = work.tx.get::<Application>(id.as_str()).await?;
    let by = work.permit(Action::ApplicationSubmit, &place(&found.value))?;
    if_match.check(found.version)?;
    if body.statement != STATEMENT {
        return Err(Problem::new(Code::Validation)
            .detail("承诺书文字与要求不一致。", "The statement is not the one asked for.")
            .into());
    }
    let profile = profile_in_force(&mut work, &found.value).await?;
    let checks = check_facts(&mut work, &found.value, &profile).await?;
    let event = ApplicationEvent::Submit {
        truth: Truth {
            by: by.clone(),
            at: work.now,
            digest: body.content_digest,
            method: caller.person()?.2.method.clone(),
            signature: None,
        },
        checks,
        number: number(&found.value, work.now),
        profile: ProfileRef { id: profile.id.clone(), version: profile.version },
        due: profile.deadline_review(work.now),
    };
    let (application, effects) = found.value.apply(event, &by, work.now)?;
    let version = work.tx.save(&application, found.version).await?;
    let details = json!({ "round": application.round(), "digest": application.content_digest() });
    work.record(&by, "application.submit", &subject(&application), None, details);
    work.enact(&subject(&application), &effects);
    work.finish(answer(&application, version)?).await
}

/// Number of an application: area, day, and the end of its key, which is random.
fn number(application: &Application, now: Timestamp) -> String {
    let day = yinxin_registry::profile::day_of(now).strftime("%Y%m%d").to_string();
    let id = application.id().as_str();
    let tail = id.get(id.len().saturating_sub(8)..).unwrap_or(id).to_ascii_uppercase();
    format!("SQ{}{day}{tail}", application.area())
}
