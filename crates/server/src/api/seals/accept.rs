//! A unit accepts the seal handed over to it, or declines it.

use super::succession::succeed;
use super::{SealView, answer, place, profile_of_case, reasoned, subject};
use crate::api::applications::{self, Reason};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, IfMatch, NoBody, Path};
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use serde_json::json;
use yinxin_registry::ids::SealId;
use yinxin_registry::lifecycle::application::ApplicationEvent;
use yinxin_registry::lifecycle::seal::{Seal, SealEvent, TABLE};
use yinxin_registry::lifecycle::{Effect, next};
use yinxin_registry::permission::Action;
use yinxin_registry::profile::Profile;

/// 签收。 The seal is in force from now on; the application is done, and a seal before it ends.
#[utoipa::path(
    post, path = "/seals/{id}/accept", tag = "seals", operation_id = "seals.accept", summary = "签收 · Accept",
    params(("id" = String, Path, description = "印章 · seal"), IdempotencyKey, IfMatch),
    responses((status = 200, description = "印章 · the seal", body = SealView))
)]
pub async fn accept(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
    if_match: IfMatch,
    command: Command<NoBody>,
) -> Result<Response, Stop> {
    let (mut work, NoBody) = Work::begin(&app, &caller, command).await?;
    let (found, case, _) = work.tx.case_of_seal(id.as_str()).await?;
    let by = work.permit(Action::SealAccept, &place(&found.value))?;
    if_match.check(found.version)?;
    next(TABLE, found.value.state(), "accept")?;
    // Before the new one: the database lets a unit have one legal-name seal in force at any statement.
    succeed(&mut work, &case.value, found.value.id(), &by).await?;
    let (seal, effects) = found.value.apply(SealEvent::Accept, &by, work.now)?;
    let version = work.tx.save(&seal, found.version).await?;
    let effects = with_reminders(effects, &seal, &*profile_of_case(&app, &case.value)?, work.now);
    work.enact(&subject(&seal), &effects);
    let (application, effects) = case.value.apply(ApplicationEvent::Complete, &by, work.now)?;
    work.tx.save(&application, case.version).await?;
    work.enact(&applications::subject(&application), &effects);
    let details = json!({ "application": application.id(), "basis": application.basis().as_str() });
    work.record(&by, "seal.accept", &subject(&seal), None, details);
    work.finish(answer(&seal, version)?).await
}

/// One clock for each reminder of the profile that is still to come, in place of the one the seal asks for.
fn with_reminders(effects: Vec<Effect>, seal: &Seal, profile: &Profile, now: Timestamp) -> Vec<Effect> {
    let reminder =
        |effect: &Effect| matches!(effect, Effect::Clock { name, .. } if name == "renewal_reminder");
    let mut kept: Vec<Effect> = effects.into_iter().filter(|effect| !reminder(effect)).collect();
    if let Some(made) = seal.made() {
        let moments = profile.reminders(made.valid_until).into_iter().filter(|moment| *moment > now);
        kept.extend(moments.map(|at| Effect::Clock { name: "renewal_reminder".to_owned(), at }));
    }
    kept
}

/// 拒收。 Declines it; the maker has it again.
#[utoipa::path(
    post, path = "/seals/{id}/decline", tag = "seals", operation_id = "seals.decline", summary = "拒收 · Decline",
    params(("id" = String, Path, description = "印章 · seal"), IdempotencyKey, IfMatch), request_body = Reason,
    responses((status = 200, description = "印章 · the seal", body = SealView))
)]
pub async fn decline(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
    if_match: IfMatch,
    command: Command<Reason>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    reasoned(&body.reason)?;
    let found = work.tx.get::<Seal>(id.as_str()).await?;
    let by = work.permit(Action::SealAccept, &place(&found.value))?;
    if_match.check(found.version)?;
    let event = SealEvent::Decline { reason: body.reason.clone() };
    let (seal, effects) = found.value.apply(event, &by, work.now)?;
    let version = work.tx.save(&seal, found.version).await?;
    work.record(&by, "seal.decline", &subject(&seal), Some(&body.reason), json!({}));
    work.enact(&subject(&seal), &effects);
    work.finish(answer(&seal, version)?).await
}
