//! Reading a change case.

use super::{ChangeView, place};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{Path, Versioned};
use axum::extract::State;
use yinxin_registry::ids::ChangeId;
use yinxin_registry::lifecycle::change::ChangeCase;
use yinxin_registry::permission::Action;

/// 查看变更事项。 Reads one.
#[utoipa::path(
    get, path = "/changes/{id}", tag = "changes", operation_id = "changes.show", summary = "查看变更事项 · Read a change case",
    params(("id" = String, Path, description = "变更事项 · change case")),
    responses((status = 200, description = "变更事项 · the case", body = ChangeView))
)]
pub async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<ChangeId>,
) -> Result<Versioned<ChangeView>, Stop> {
    let found = app.store.read().await?.get::<ChangeCase>(id.as_str()).await?;
    caller.permit(Action::ApplicationRead, &place(&found.value), app.now()?)?;
    Ok(Versioned { version: found.version, body: ChangeView::of(&found.value, found.version) })
}
