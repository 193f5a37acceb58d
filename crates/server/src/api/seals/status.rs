//! What a seal was worth at a moment.

use super::place;
use super::view::is_internal;
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{Code, FieldError, Json, Path, Problem, Query};
use axum::extract::State;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yinxin_registry::ids::SealId;
use yinxin_registry::lifecycle::State as _;
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::lifecycle::status::{Since, Standing};
use yinxin_registry::permission::Action;

/// The moment asked about.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Moment {
    /// Not in the future; now when absent.
    #[serde(default)]
    #[param(value_type = Option<String>, format = DateTime)]
    pub at: Option<Timestamp>,
}

/// A part of the timeline.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SinceView {
    /// From when.
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// State.
    pub state: String,
    /// In Chinese.
    pub state_zh: String,
}

impl From<Since> for SinceView {
    fn from(since: Since) -> Self {
        Self {
            from: since.from,
            state: since.state.as_str().to_owned(),
            state_zh: since.state.zh().to_owned(),
        }
    }
}

/// Status of a seal at a moment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StatusView {
    /// The seal.
    pub seal: String,
    /// Its code.
    pub code: String,
    /// For internal business only.
    pub internal: bool,
    /// The moment asked about.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What it was worth then: `not_in_force`, `valid`, `suspended`, `ended`, `expired`, `void`.
    #[schema(value_type = String, example = "valid")]
    pub standing: Standing,
    /// As known at this moment: a later decision may reach back.
    #[schema(value_type = String, format = DateTime)]
    pub known_at: Timestamp,
    /// States by the time from which they count.
    pub timeline: Vec<SinceView>,
}

/// 印章状态。 What the seal was worth at a moment.
#[utoipa::path(
    get, path = "/seals/{id}/status", tag = "seals", operation_id = "seals.status", summary = "某一时刻的状态 · Status at a moment",
    params(("id" = String, Path, description = "印章 · seal"), Moment),
    responses((status = 200, description = "状态 · the status", body = StatusView))
)]
pub async fn status(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
    Query(moment): Query<Moment>,
) -> Result<Json<StatusView>, Stop> {
    let now = app.now()?;
    let at = moment.at.unwrap_or(now);
    if at > now {
        let (zh, en) = ("at 不得晚于现在。", "at must not lie in the future.");
        let error = FieldError::parameter("at", "FUTURE", zh, en);
        return Err(Problem::new(Code::BadRequest).detail(zh, en).with_error(error).into());
    }
    let seal = app.store.read().await?.get::<Seal>(id.as_str()).await?.value;
    caller.permit(Action::SealRead, &place(&seal), now)?;
    Ok(Json(StatusView {
        seal: seal.id().to_string(),
        code: seal.code().to_owned(),
        internal: is_internal(&seal),
        at,
        standing: seal.standing_at(at),
        known_at: now,
        timeline: seal.timeline().into_iter().map(SinceView::from).collect(),
    }))
}
