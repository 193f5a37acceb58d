//! A unit is added to the registry.

use super::body::{RegisterUnit, check_parent, place_of};
use super::{UnitView, subject};
use crate::api::words::both;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, Faults, IdempotencyKey, StoredResponse};
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use yinxin_registry::area::Area;
use yinxin_registry::ids::UnitId;
use yinxin_registry::permission::{Action, Place};
use yinxin_registry::profile::day_of;
use yinxin_registry::unit::Unit;

/// 登记单位。 Adds a unit, an internal body or a branch.
#[utoipa::path(
    post, path = "/units", tag = "units", operation_id = "units.register", summary = "登记单位 · Register a unit",
    params(IdempotencyKey), request_body = RegisterUnit,
    responses(
        (status = 201, description = "单位 · the unit", body = UnitView),
        (status = 404, description = "没有这个区划，或者不在管辖范围内 · no such area, or outside the caller's scope")
    )
)]
pub async fn register(
    State(app): State<Shared>,
    caller: Caller,
    command: Command<RegisterUnit>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let area = work.tx.get::<Area>(body.area.as_str()).await?.value;
    let by = work.permit(Action::UnitCreate, &Place::area(&area.path))?;
    let unit = checked(&mut work, &area, body).await?;
    let version = work.tx.insert(&unit).await?;
    let details = json!({ "name": unit.name, "credit_code": unit.credit_code, "form": unit.form });
    work.record(&by, "unit.register", &subject(&unit), None, details);
    let path = format!("/api/v1/units/{}", unit.id);
    work.finish(StoredResponse::created(path, &UnitView::of(&unit, version))?.version(version)).await
}

/// The unit, with every fault of the request named.
async fn checked(work: &mut Work, area: &Area, body: RegisterUnit) -> Result<Unit, Stop> {
    let mut faults = Faults::new();
    let asked_for_code = body.credit_code.is_some();
    let credit_code = body.check(day_of(work.now), &mut faults);
    let bad_code = asked_for_code && credit_code.is_none();
    let id = UnitId::new(work.now, &mut work.app().rng());
    let app = work.app();
    let unit = Unit {
        form: body.form,
        credit_code,
        name: body.name.trim().to_owned(),
        applicant_kind: body.applicant_kind,
        area: area.code.clone(),
        area_path: area.path.clone(),
        parent: body.parent,
        legal_representative: body.legal_representative.protect(app, id.as_str(), None)?,
        seal_administrator: body.seal_administrator.map(|p| p.protect(app, id.as_str(), None)).transpose()?,
        technical_measures: body.technical_measures,
        dissolved_at: None,
        former: Vec::new(),
        id,
    };
    // A code that does not hold has been told already; that there is none would be wrong.
    if !bad_code && let Err(fault) = unit.check() {
        let ((zh, en), (pointer, code)) = (both(&fault.to_string()), place_of(&fault));
        faults.push(pointer, code, zh, en);
    }
    if let Some(parent) = &unit.parent {
        match work.tx.load::<Unit>(parent.as_str()).await? {
            Some(parent) => check_parent(&unit, &parent.value, &mut faults),
            None => faults.push("/parent", "UNKNOWN", "没有这个单位", "there is no such unit"),
        }
    }
    faults.into_result()?;
    Ok(unit)
}
