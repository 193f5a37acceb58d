//! A record of a verification.

use super::asker::Asker;
use super::view::{VerificationRecord, VerificationView};
use crate::api::filter::check_digest;
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{Code, Json, Path, Problem, Query};
use axum::extract::State;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;
use yinxin_registry::ids::VerificationId;
use yinxin_registry::permission::{Action, Place};
use yinxin_registry::verification::Verification;

/// What shows that somebody holds the document.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Holder {
    /// SM3 of the document, hex. Without it a record is shown to who asked for it and to who supervises.
    #[param(pattern = "^[0-9a-f]{64}$")]
    pub digest: Option<String>,
}

/// 核验记录。 The record with a number: for who asked, for who supervises, and without names and report for anybody who holds the document.
#[utoipa::path(
    get, path = "/verifications/{id}", tag = "verification", operation_id = "verifications.show", summary = "核验记录 · A record of a verification",
    params(("id" = String, Path, description = "核验编号 · number of the record"), Holder),
    responses(
        (status = 200, description = "核验记录 · the record", body = VerificationRecord),
        (status = 401, description = "会话已失效，或签名不符 · the session has ended, or the signature does not fit"),
        (status = 403, description = "须先修改口令，或缺少防伪造令牌 · the password must be changed first, or the token is missing")
    ),
    security(())
)]
pub async fn show(
    State(app): State<Shared>,
    asker: Asker,
    Path(id): Path<VerificationId>,
    Query(holder): Query<Holder>,
) -> Result<Json<VerificationRecord>, Stop> {
    let now = app.now()?;
    asker.let_in(&app, now)?;
    check_digest(holder.digest.as_deref())?;
    let record = app.store.read().await?.get::<Verification>(id.as_str()).await?.value;
    if asker.caller.as_ref().is_some_and(|caller| sees(caller, &record, now)) {
        let report = record.report.as_deref().and_then(|text| serde_json::from_str(text).ok());
        return Ok(Json(VerificationRecord { record: VerificationView::whole(&record), report }));
    }
    if holder.digest.as_ref() != Some(&record.digest) {
        // Whoever guesses is not even told that there is one.
        return Err(Problem::new(Code::NotFound).into());
    }
    Ok(Json(VerificationRecord { record: VerificationView::plain(&record), report: None }))
}

/// Whether it is the caller's own, or one that he supervises.
fn sees(caller: &Caller, record: &Verification, now: Timestamp) -> bool {
    let by = record.by.as_ref();
    if by.is_some_and(|by| by.id == caller.id()) {
        return true;
    }
    let place = match by.and_then(|by| by.unit.as_ref().map(|unit| (by, unit))) {
        Some((by, unit)) => Place::unit(unit, by.parent_unit.as_ref(), &by.area_path),
        None => Place::area(&record.area_path()),
    };
    caller.permit(Action::VerificationRead, &place, now).is_ok()
}
