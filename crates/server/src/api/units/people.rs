//! Who of a unit may be named in a flow of approval.

use super::place;
use crate::api::nameable::{NameableList, PeopleFilter, nameable};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{Json, Path, Query};
use axum::extract::State;
use yinxin_registry::ids::UnitId;
use yinxin_registry::permission::Action;
use yinxin_registry::unit::Unit;

/// 单位人员。 Lists the people of a unit, and of the unit above it, who hold a role now.
#[utoipa::path(
    get, path = "/units/{id}/people", tag = "units", operation_id = "units.people", summary = "单位人员 · People of a unit by role",
    params(("id" = String, Path, description = "单位 · unit"), PeopleFilter),
    responses((status = 200, description = "人员 · the people", body = NameableList))
)]
pub async fn people(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UnitId>,
    Query(filter): Query<PeopleFilter>,
) -> Result<Json<NameableList>, Stop> {
    let (now, role) = (app.now()?, filter.role()?);
    let mut read = app.store.read().await?;
    let unit = read.get::<Unit>(id.as_str()).await?.value;
    caller.permit(Action::FlowRead, &place(&unit), now)?;
    let units = std::iter::once(&unit.id).chain(&unit.parent);
    nameable(&mut read, units, role, now).await
}
