//! One unit.

use super::{UnitView, place};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{Path, Versioned};
use axum::extract::State;
use yinxin_registry::ids::UnitId;
use yinxin_registry::permission::Action;
use yinxin_registry::unit::Unit;

/// 查看单位。 Reads one; numbers of people are masked.
#[utoipa::path(
    get, path = "/units/{id}", tag = "units", operation_id = "units.show", summary = "查看单位 · Read a unit",
    params(("id" = String, Path, description = "单位 · unit")),
    responses((status = 200, description = "单位 · the unit", body = UnitView))
)]
pub async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UnitId>,
) -> Result<Versioned<UnitView>, Stop> {
    let found = app.store.read().await?.get::<Unit>(id.as_str()).await?;
    caller.permit(Action::UnitRead, &place(&found.value), app.now()?)?;
    Ok(Versioned { version: found.version, body: UnitView::of(&found.value, found.version) })
}
