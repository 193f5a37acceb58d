//! Who may be named for a seal.

use super::load;
use crate::api::nameable::{NameableList, PeopleFilter, nameable};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{Json, Path, Query};
use axum::extract::State;
use yinxin_registry::ids::SealId;
use yinxin_registry::permission::Action;

/// 可指定的人员。 Lists the people of a seal's unit, and of the unit above it, who hold a role now: those that custody, rights and
/// delegation can name.
#[utoipa::path(
    get, path = "/seals/{id}/people", tag = "custody", operation_id = "custody.people", summary = "可指定的人员 · People who may be named",
    params(("id" = String, Path, description = "印章 · seal"), PeopleFilter),
    responses((status = 200, description = "人员 · the people", body = NameableList))
)]
pub async fn people(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
    Query(filter): Query<PeopleFilter>,
) -> Result<Json<NameableList>, Stop> {
    let (now, role) = (app.now()?, filter.role()?);
    let mut read = app.store.read().await?;
    let kept = load(&mut read, id.as_str()).await?;
    caller.permit(Action::CustodyRead, &kept.place(), now)?;
    let units = std::iter::once(kept.seal.unit()).chain(kept.seal.parent_unit());
    nameable(&mut read, units, role, now).await
}
