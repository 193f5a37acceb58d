//! The figures of one area.

use super::area_of;
use super::view::{OverviewView, by_state, count};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{Json, Query};
use axum::extract::State;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use utoipa::IntoParams;
use yinxin_registry::lifecycle::application::ApplicationState;
use yinxin_registry::lifecycle::seal::SealState;

/// How far ahead seals that end are looked for.
const HORIZON: SignedDuration = SignedDuration::from_hours(24 * 90);

/// How far back strange uses of seals are looked for.
const STRANGE: SignedDuration = SignedDuration::from_hours(24 * 30);

/// Which area.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OverviewQuery {
    /// 区划路径；不填则为所辖最大范围 · Area path within what the caller's roles reach; absent: the widest.
    #[param(max_length = 128, example = "/100000/610000/610100/")]
    pub scope: Option<String>,
}

/// 概览。 Tells how many applications and seals are in which state, and what waits.
#[utoipa::path(
    get, path = "/overview", tag = "overview", operation_id = "overview.show", summary = "概览 · Figures of an area",
    params(OverviewQuery),
    responses(
        (status = 200, description = "概览 · the figures", body = OverviewView),
        (status = 404, description = "不在管辖范围内 · outside the caller's scope")
    )
)]
pub async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Query(query): Query<OverviewQuery>,
) -> Result<Json<OverviewView>, Stop> {
    let now = app.now()?;
    let area = area_of(&caller, query.scope.as_deref(), now)?;
    let mut read = app.store.read().await?;
    let figures = read.figures(&area).await?;
    let horizon = now.saturating_add(HORIZON).unwrap_or(Timestamp::MAX);
    let waiting = read.waiting(&area, now, horizon).await?;
    let disposals = read.disposals_proposed(&area).await?;
    let tickets = read.tickets_overdue(&area, now).await?;
    let strange = read.strange_uses(&area, now.checked_sub(STRANGE).unwrap_or(Timestamp::MIN)).await?;
    Ok(Json(OverviewView {
        scope: area.to_string(),
        at: now,
        applications: by_state::<ApplicationState>(&figures, "application"),
        seals: by_state::<SealState>(&figures, "seal"),
        units: count(&figures, "unit", "active"),
        overdue_reviews: waiting.reviews.into(),
        overdue_filings: waiting.filings.into(),
        expiring: waiting.ending.into(),
        strange_uses: strange.into(),
        proposed_disposals: disposals.into(),
        overdue_tickets: tickets.into(),
        ending_certificates: app.ending_in(&area).into_iter().map(Into::into).collect(),
    }))
}
