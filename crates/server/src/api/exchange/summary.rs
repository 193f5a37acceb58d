//! What was received from the calling system: so that both sides can compare.

use super::speaker;
use crate::app::{App, Shared, Stop};
use crate::auth::Caller;
use crate::exchange::{
    RECEIVED_FORMAT, ReceivedStatement, SUMMARY_FORMAT, SummaryStatement, received, window,
};
use crate::http::{Code, FieldError, Json, Problem, Query};
use crate::status::Envelope;
use axum::extract::State;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;
use yinxin_registry::exchange::reconciliation::Day;

/// A window of days.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Window {
    /// First day, UTC.
    #[param(value_type = String, format = Date, example = "2026-11-01")]
    pub from: Date,
    /// Last day; at most 31 days.
    #[param(value_type = String, format = Date, example = "2026-11-23")]
    pub to: Date,
}

/// A day.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OneDay {
    /// The day, UTC.
    #[param(value_type = String, format = Date, example = "2026-11-23")]
    pub day: Date,
}

/// 对账汇总。 How many messages of the calling system were received each day, with a digest over them, signed.
#[utoipa::path(
    get, path = "/exchange/summary", tag = "exchange", operation_id = "exchange.summary", summary = "对账汇总 · What was received, by day",
    params(Window),
    responses((status = 200, description = "签名的汇总 · the signed summary", body = Envelope))
)]
pub async fn summary(
    State(app): State<Shared>,
    caller: Caller,
    Query(asked): Query<Window>,
) -> Result<Json<Envelope>, Stop> {
    let mut read = app.store.read().await?;
    let (_, peer) = speaker(&mut read, &caller).await?;
    let Some(window) = window(asked.from, asked.to) else {
        let (zh, en) =
            ("from 不得晚于 to，至多 31 天。", "from is not after to, and there are at most 31 days.");
        let error = FieldError::parameter("to", "BAD_VALUE", zh, en);
        return Err(Problem::new(Code::BadRequest).detail(zh, en).with_error(error).into());
    };
    let system = peer.terms().code.clone();
    let mut days = Vec::with_capacity(window.len());
    for day in window {
        days.push(Day::of(&day.to_string(), &received(&mut read, &system, day).await?));
    }
    let statement = SummaryStatement { authority: app.authority.party(), system, at: app.now()?, days };
    Ok(Json(signed(&app, &statement, SUMMARY_FORMAT)?))
}

/// 对账明细。 The messages of the calling system that were received on a day, signed.
#[utoipa::path(
    get, path = "/exchange/received", tag = "exchange", operation_id = "exchange.received", summary = "对账明细 · What was received on a day",
    params(OneDay),
    responses((status = 200, description = "签名的明细 · the signed list", body = Envelope))
)]
pub async fn day(
    State(app): State<Shared>,
    caller: Caller,
    Query(asked): Query<OneDay>,
) -> Result<Json<Envelope>, Stop> {
    let mut read = app.store.read().await?;
    let (_, peer) = speaker(&mut read, &caller).await?;
    let system = peer.terms().code.clone();
    let messages = received(&mut read, &system, asked.day).await?;
    let (authority, at) = (app.authority.party(), app.now()?);
    let statement = ReceivedStatement { authority, system, at, day: asked.day.to_string(), messages };
    Ok(Json(signed(&app, &statement, RECEIVED_FORMAT)?))
}

fn signed<T: Serialize>(app: &App, statement: &T, format: &str) -> Result<Envelope, Problem> {
    Envelope::sign(statement, format, &app.authority).map_err(|error| {
        tracing::error!(%error, "a summary could not be signed");
        Problem::new(Code::Internal)
    })
}
