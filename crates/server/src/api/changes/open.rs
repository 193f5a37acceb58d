//! A unit opens a change case: the case and the draft for the new seal come about together.

use super::{ChangeView, subject};
use crate::api::applications::{self, ContentBody, opening};
use crate::api::seals::{self, reasoned};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, StoredResponse};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::ids::{ChangeId, SealId};
use yinxin_registry::lifecycle::application::{Application, Basis};
use yinxin_registry::lifecycle::change::{ChangeCase, ChangeOpening};
use yinxin_registry::lifecycle::seal::{Seal, TABLE};
use yinxin_registry::lifecycle::{Refused, next};
use yinxin_registry::permission::Action;
use yinxin_registry::profile::{SealKind, day_of};
use yinxin_registry::unit::Unit;

/// Opens a change case.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenChange {
    /// The seal to be changed; active or suspended.
    #[schema(value_type = String, example = "seal_01k0000000000000000000000a")]
    pub seal: SealId,
    /// Why, 2 to 2000 characters.
    #[schema(min_length = 2, max_length = 2000, example = "单位名称变更")]
    pub reason: String,
    /// What is asked of the new seal; its kind is that of the old one.
    pub content: ContentBody,
}

/// 提起变更。 Opens the case and the draft of the application. Until that is approved the old seal stays in force.
#[utoipa::path(
    post, path = "/changes", tag = "changes", operation_id = "changes.open", summary = "提起变更 · Open a change case",
    params(IdempotencyKey), request_body = OpenChange,
    responses(
        (status = 201, description = "变更事项 · the case", body = ChangeView),
        (status = 404, description = "没有这枚印章，或者不在范围内 · no such seal, or outside the caller's scope")
    )
)]
pub async fn open(
    State(app): State<Shared>,
    caller: Caller,
    command: Command<OpenChange>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    reasoned(&body.reason)?;
    body.content.check("/content", None, day_of(work.now))?;
    let seal = work.tx.get::<Seal>(body.seal.as_str()).await?.value;
    let by = work.permit(Action::ChangeWrite, &seals::place(&seal))?;
    changeable(&seal, body.content.kind)?;
    let unit = work.tx.get::<Unit>(seal.unit().as_str()).await?.value;
    let id = ChangeId::new(work.now, &mut app.rng());
    let basis = Basis::Change { seal: seal.id().clone(), case: id.clone() };
    let opening = opening(&mut work, &unit, basis, body.content).await?;
    let application = Application::open(opening, &by, work.now)?;
    let opening = ChangeOpening {
        id,
        unit: unit.id.clone(),
        parent_unit: unit.parent.clone(),
        area_path: unit.area_path.clone(),
        seal: seal.id().clone(),
        application: application.id().clone(),
        reason: body.reason.clone(),
    };
    let case = ChangeCase::open(opening, &by, work.now)?;
    // The case names the application.
    work.tx.insert(&application).await?;
    let version = work.tx.insert(&case).await?;
    let details = json!({ "seal": seal.id(), "application": application.id() });
    work.record(&by, "change.open", &subject(&case), Some(&body.reason), details);
    let details = json!({ "kind": application.content().kind, "basis": application.basis().as_str() });
    work.record(&by, "application.open", &applications::subject(&application), None, details);
    let view = ChangeView::of(&case, version);
    let answer = StoredResponse::created(format!("/api/v1/changes/{}", case.id()), &view)?;
    work.finish(answer.version(version)).await
}

/// In force, and of the kind that is asked for.
fn changeable(seal: &Seal, kind: SealKind) -> Result<(), Refused> {
    next(TABLE, seal.state(), "cancel")?;
    if !seal.is_in_force() {
        return Err(Refused::rule(
            "CHANGE_STATE",
            "只有有效或者暂停使用的印章可以变更",
            "only a seal in force can be changed",
        ));
    }
    if seal.kind() != kind {
        return Err(Refused::rule(
            "KIND_FIXED",
            "续期、变更、重制申请不得改变印章种类",
            "an application that follows a seal keeps its kind",
        ));
    }
    Ok(())
}
