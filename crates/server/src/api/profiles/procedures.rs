//! Procedures (办理流程) for everybody to read before applying (NM-~11): what to bring, which steps there are, how long it takes.

use super::procedure_view::{OfferedView, ProcedureView};
use crate::app::{Shared, Stop};
use crate::http::{Code, Json, Problem, Query};
use axum::extract::State;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::IntoParams;
use yinxin_registry::area::{Area, AreaCode};
use yinxin_registry::profile::{ApplicantKind, Profile, SealKind};

/// Which area.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AreaQuery {
    /// 区划代码 · Code of the area.
    #[param(value_type = String, pattern = "^[0-9]{6,12}$", example = "100000")]
    pub area: AreaCode,
}

/// Which procedure.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProcedureQuery {
    /// 区划代码 · Code of the area.
    #[param(value_type = String, pattern = "^[0-9]{6,12}$", example = "100000")]
    pub area: AreaCode,
    /// 申请人类别 · Kind of applicant, see `GET /procedures/offered`.
    #[param(value_type = String, pattern = "^(government|institution|enterprise|society|individual_business|other)$", example = "enterprise")]
    pub applicant_kind: ApplicantKind,
    /// 印章种类 · Kind of seal.
    #[param(
        value_type = String,
        pattern = "^(legal_name|internal_body|branch|business_(contract|finance|invoice|cancellation|customs|other)|personal_(legal_representative|person_in_charge|finance_officer|authorized_representative|staff))$",
        example = "legal_name"
    )]
    pub seal_kind: SealKind,
}

/// 可办理的印章。 Tells which kinds of applicant may ask for which kinds of seal in an area. For everybody.
#[utoipa::path(
    get, path = "/procedures/offered", tag = "procedures", operation_id = "procedures.offered", summary = "可办理的印章 · Seals offered",
    params(AreaQuery), security(()),
    responses(
        (status = 200, description = "可办理的种类 · the kinds offered", body = OfferedView),
        (status = 404, description = "没有这个区划 · no such area")
    )
)]
pub async fn offered(
    State(app): State<Shared>,
    Query(query): Query<AreaQuery>,
) -> Result<Json<OfferedView>, Stop> {
    let (area, profile) = practice(&app, &query.area).await?;
    Ok(Json(OfferedView::of(&area, &profile)))
}

/// 办理流程。 Tells what to bring, which steps there are and how long they take. For everybody, before applying.
#[utoipa::path(
    get, path = "/procedures", tag = "procedures", operation_id = "procedures.show", summary = "办理流程 · Read a procedure",
    params(ProcedureQuery), security(()),
    responses(
        (status = 200, description = "办理流程 · the procedure", body = ProcedureView),
        (status = 404, description = "没有这个区划，或者不受理这类申请 · no such area, or nothing of the kind offered")
    )
)]
pub async fn show(
    State(app): State<Shared>,
    Query(query): Query<ProcedureQuery>,
) -> Result<Json<ProcedureView>, Stop> {
    let (area, profile) = practice(&app, &query.area).await?;
    let procedure = profile.procedure(query.applicant_kind, query.seal_kind).ok_or_else(|| {
        Problem::new(Code::NotFound).detail(
            format!(
                "{}不受理{}的{}申请。",
                area.name,
                query.applicant_kind.name_zh(),
                query.seal_kind.name_zh()
            ),
            format!(
                "Area {} offers {} no {}.",
                area.code,
                query.applicant_kind.name_en(),
                query.seal_kind.name_en()
            ),
        )
    })?;
    Ok(Json(ProcedureView::of(&area, &profile, &procedure)))
}

/// An area and the profile in force there.
async fn practice(app: &Shared, code: &AreaCode) -> Result<(Area, Arc<Profile>), Stop> {
    let area = app.store.read().await?.get::<Area>(code.as_str()).await?.value;
    let profile = app.profiles.in_force(area.profile.as_deref())?;
    Ok((area, profile))
}
