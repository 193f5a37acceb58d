//! One designation.

use super::DesignationView;
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{Path, Versioned};
use axum::extract::State;
use yinxin_registry::area::Designation;
use yinxin_registry::ids::DesignationId;
use yinxin_registry::permission::{Action, Place};

/// 查看指定。 Reads one.
#[utoipa::path(
    get, path = "/designations/{id}", tag = "designations", operation_id = "designations.show", summary = "查看指定 · Read a designation",
    params(("id" = String, Path, description = "指定 · designation")),
    responses((status = 200, description = "指定 · the designation", body = DesignationView))
)]
pub async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<DesignationId>,
) -> Result<Versioned<DesignationView>, Stop> {
    let found = app.store.read().await?.get::<Designation>(id.as_str()).await?;
    caller.permit(Action::DesignationRead, &Place::area(&found.value.area_path), app.now()?)?;
    Ok(Versioned { version: found.version, body: DesignationView::of(&found.value, found.version) })
}
