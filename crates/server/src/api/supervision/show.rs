//! One entry.

use super::{SupervisionView, place};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{Path, Versioned};
use axum::extract::State;
use yinxin_registry::ids::SupervisionId;
use yinxin_registry::permission::Action;
use yinxin_registry::supervision::SupervisionEntry;

/// 查看监管记录。 Reads one.
#[utoipa::path(
    get, path = "/supervision/{id}", tag = "supervision", operation_id = "supervision.show", summary = "查看监管记录 · Read an entry",
    params(("id" = String, Path, description = "监管记录 · entry")),
    responses((status = 200, description = "监管记录 · the entry", body = SupervisionView))
)]
pub async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SupervisionId>,
) -> Result<Versioned<SupervisionView>, Stop> {
    let now = app.now()?;
    let found = app.store.read().await?.get::<SupervisionEntry>(id.as_str()).await?;
    caller.permit(Action::SupervisionRead, &place(&found.value), now)?;
    Ok(Versioned { version: found.version, body: SupervisionView::of(&found.value, found.version, now) })
}
