//! An imprint is tried before anything is asked for (试绘印模): what would be drawn for a unit, and what the rules of its kind say.

use super::imprint::pictured;
use super::view::CheckView;
use crate::api::units;
use crate::app::{App, Shared, Stop};
use crate::auth::Caller;
use crate::http::{Faults, Json, Path, Query};
use crate::imprints::{Looked, Trial, checks};
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yinxin_registry::ids::UnitId;
use yinxin_registry::lifecycle::checks::name_checks;
use yinxin_registry::permission::Action;
use yinxin_registry::profile::SealKind;
use yinxin_registry::text::has_length;
use yinxin_registry::unit::Unit;

/// What is tried.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TrialQuery {
    /// Kind of seal.
    #[param(
        value_type = String,
        pattern = "^(legal_name|internal_body|branch|business_(contract|finance|invoice|cancellation|customs|other)|personal_(legal_representative|person_in_charge|finance_officer|authorized_representative|staff))$",
        example = "legal_name"
    )]
    pub kind: SealKind,
    /// Name on the seal.
    #[param(min_length = 2, max_length = 80, example = "示例市示例有限公司")]
    pub seal_name: String,
    /// Name of the person of a personal seal.
    #[param(min_length = 1, max_length = 64, example = "示例甲")]
    pub holder: Option<String>,
    /// Width in tenths of a millimeter.
    #[param(minimum = 100, maximum = 700, example = 400)]
    pub width_tenth_mm: u32,
    /// Height in tenths of a millimeter.
    #[param(minimum = 100, maximum = 700, example = 400)]
    pub height_tenth_mm: u32,
}

/// What is found of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TrialChecksView {
    /// Whether it can be made.
    pub drawn: bool,
    /// The checks, as they would stand in an application.
    pub checks: Vec<CheckView>,
}

/// 试绘印模。 The imprint as it would be drawn; nothing is kept.
#[utoipa::path(
    get, path = "/units/{id}/imprint-trial", tag = "applications", operation_id = "applications.try_imprint", summary = "试绘印模 · Try an imprint",
    params(("id" = String, Path, description = "单位 · unit"), TrialQuery),
    responses(
        (status = 200, description = "印模 · the imprint", body = Vec<u8>, content_type = "image/png"),
        (status = 409, description = "印模无法制作 · the imprint cannot be made"),
        (status = 422, description = "名称过短或过长 · a name is too short or too long")
    )
)]
pub async fn picture(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UnitId>,
    Query(query): Query<TrialQuery>,
) -> Result<Response, Stop> {
    let (_, looked) = tried(&app, &caller, &id, query).await?;
    pictured(looked)
}

/// 试绘印模的规则检查。 What the rules of its kind say of the imprint as it would be drawn.
#[utoipa::path(
    get, path = "/units/{id}/imprint-trial/checks", tag = "applications", operation_id = "applications.check_imprint_trial", summary = "试绘印模的规则检查 · Check an imprint that is tried",
    params(("id" = String, Path, description = "单位 · unit"), TrialQuery),
    responses(
        (status = 200, description = "检查结果 · the checks", body = TrialChecksView),
        (status = 422, description = "名称过短或过长 · a name is too short or too long")
    )
)]
pub async fn trial_checks(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UnitId>,
    Query(query): Query<TrialQuery>,
) -> Result<Json<TrialChecksView>, Stop> {
    let (kind, name) = (query.kind, query.seal_name.trim().to_owned());
    let (unit, looked) = tried(&app, &caller, &id, query).await?;
    let of_name = name_checks(kind, &name, &unit);
    let checks = of_name.iter().chain(&checks(&looked)).map(CheckView::from).collect();
    Ok(Json(TrialChecksView { drawn: looked.picture.is_ok(), checks }))
}

/// Whoever may write applications of a unit may try its imprints.
async fn tried(app: &App, caller: &Caller, id: &UnitId, query: TrialQuery) -> Result<(Unit, Looked), Stop> {
    let mut faults = Faults::new();
    if !has_length(&query.seal_name, 2..=80) {
        faults.push("/seal_name", "NAME", "印章名称应为 2 至 80 个字", "2 to 80 characters");
    }
    if query.holder.as_ref().is_some_and(|name| !has_length(name, 1..=64)) {
        faults.push("/holder", "NAME", "姓名应为 1 至 64 个字", "a name has 1 to 64 characters");
    }
    faults.into_result()?;
    let unit = app.store.read().await?.get::<Unit>(id.as_str()).await?.value;
    caller.permit(Action::ApplicationWrite, &units::place(&unit), app.now()?)?;
    let trial = Trial {
        kind: query.kind,
        seal_name: query.seal_name.trim().to_owned(),
        holder: query.holder.map(|name| name.trim().to_owned()),
        width_tenth_mm: query.width_tenth_mm,
        height_tenth_mm: query.height_tenth_mm,
    };
    let looked = app.imprints.attempt(&unit, trial).await?;
    Ok((unit, looked))
}
