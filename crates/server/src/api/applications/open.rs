//! A unit opens a draft.

use super::body::{BasisBody, ContentBody};
use super::{ApplicationView, subject};
use crate::app::{Shared, Stop, Work};
use crate::auth::{Caller, Who};
use crate::http::{Code, Command, IdempotencyKey, Problem, StoredResponse};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::area::{Area, AreaPath};
use yinxin_registry::ids::{AccountId, ApplicationId, SealId, UnitId};
use yinxin_registry::lifecycle::Refused;
use yinxin_registry::lifecycle::application::{Application, Basis, Opening, ProfileRef};
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::permission::{Action, Place};
use yinxin_registry::profile::{SealKind, day_of};
use yinxin_registry::unit::Unit;

/// An application to be opened.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenApplication {
    /// Unit that applies.
    #[schema(value_type = String, example = "unit_01k0000000000000000000000a")]
    pub unit: UnitId,
    /// Why.
    pub basis: BasisBody,
    /// What is asked.
    pub content: ContentBody,
}

/// 新建申请（草稿）。 Opens a draft.
#[utoipa::path(
    post, path = "/applications", tag = "applications", operation_id = "applications.open", summary = "新建制章申请 · Open an application",
    params(IdempotencyKey), request_body = OpenApplication,
    responses(
        (status = 201, description = "草稿 · the draft", body = ApplicationView),
        (status = 404, description = "没有所指的单位或印章，或者不在范围内 · no such unit or seal, or outside the caller's scope")
    )
)]
pub async fn open(
    State(app): State<Shared>,
    caller: Caller,
    command: Command<OpenApplication>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    body.content.check("/content", None, day_of(work.now))?;
    let unit = work.tx.get::<Unit>(body.unit.as_str()).await?.value;
    let by =
        work.permit(Action::ApplicationWrite, &Place::unit(&unit.id, unit.parent.as_ref(), &unit.area_path))?;
    let basis = match body.basis {
        BasisBody::New => Basis::New,
        BasisBody::Renewal { seal } => Basis::Renewal { seal },
        BasisBody::Remake { seal } => Basis::Remake { seal },
    };
    if let Some(seal) = basis.previous() {
        follows(&mut work, seal, &unit, body.content.kind).await?;
    }
    let opening = opening(&mut work, &unit, basis, body.content).await?;
    let application = Application::open(opening, &by, work.now)?;
    let version = work.tx.insert(&application).await?;
    let details = json!({ "kind": application.content().kind, "basis": application.basis().as_str() });
    work.record(&by, "application.open", &subject(&application), None, details);
    let answer = StoredResponse::created(
        format!("/api/v1/applications/{}", application.id()),
        &ApplicationView::of(&application, version),
    )?;
    work.finish(answer.version(version)).await
}

/// The seal that is followed is the unit's own and of the kind that is asked for.
async fn follows(work: &mut Work, seal: &SealId, unit: &Unit, kind: SealKind) -> Result<(), Stop> {
    let seal = work.tx.get::<Seal>(seal.as_str()).await?.value;
    if *seal.unit() != unit.id {
        return Err(Problem::new(Code::NotFound).into());
    }
    if seal.kind() != kind {
        return Err(Refused::rule(
            "KIND_FIXED",
            "续期、变更、重制申请不得改变印章种类",
            "an application that follows a seal keeps its kind",
        )
        .into());
    }
    Ok(())
}

/// What a draft begins with, for this endpoint and for change cases.
///
/// # Errors
/// `NOT_FOUND` when the unit's area is gone; `INTERNAL`.
pub async fn opening(
    work: &mut Work,
    unit: &Unit,
    basis: Basis,
    content: ContentBody,
) -> Result<Opening, Stop> {
    let id = ApplicationId::new(work.now, &mut work.app().rng());
    let account = account_of(work.caller());
    let content = content.into_content(work.app(), id.as_str(), account, None)?;
    let profile = profile_of(work, &unit.area_path).await?;
    Ok(Opening {
        id,
        basis,
        unit: unit.id.clone(),
        parent_unit: unit.parent.clone(),
        unit_name: unit.name.clone(),
        credit_code: unit.credit_code.as_ref().map(ToString::to_string),
        applicant_kind: unit.applicant_kind,
        area: unit.area.clone(),
        area_path: unit.area_path.clone(),
        profile,
        content,
    })
}

/// The account that writes, when it is a person's.
pub fn account_of(caller: &Caller) -> Option<AccountId> {
    match caller.who() {
        Who::Account { account, .. } => Some(account.id.clone()),
        Who::Client { .. } => None,
    }
}

/// The profile in force in an area.
///
/// # Errors
/// `NOT_FOUND` when the area is gone; `INTERNAL` when its profile is.
pub async fn profile_of(work: &mut Work, path: &AreaPath) -> Result<ProfileRef, Stop> {
    let area = work.tx.get::<Area>(path.code()).await?.value;
    let profile = work.app().profiles.in_force(area.profile.as_deref())?;
    Ok(ProfileRef { id: profile.id.clone(), version: profile.version })
}
