//! One area.

use super::{AreaView, any_role};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{Path, Versioned};
use axum::extract::State;
use yinxin_registry::area::{Area, AreaCode};

/// 查看区划。 Reads one.
#[utoipa::path(
    get, path = "/areas/{code}", tag = "areas", operation_id = "areas.show", summary = "查看区划 · Read an area",
    params(("code" = String, Path, description = "区划代码 · code", example = "100000")),
    responses((status = 200, description = "区划 · the area", body = AreaView))
)]
pub async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(code): Path<AreaCode>,
) -> Result<Versioned<AreaView>, Stop> {
    any_role(&caller, app.now()?)?;
    let found = app.store.read().await?.get::<Area>(code.as_str()).await?;
    Ok(Versioned { version: found.version, body: AreaView::of(&found.value, found.version) })
}
