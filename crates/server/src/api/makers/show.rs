//! One maker.

use super::{MakerView, place};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{Path, Versioned};
use axum::extract::State;
use yinxin_registry::ids::MakerId;
use yinxin_registry::maker::Maker;
use yinxin_registry::permission::Action;

/// 查看制作单位。 Reads one.
#[utoipa::path(
    get, path = "/makers/{id}", tag = "makers", operation_id = "makers.show", summary = "查看制作单位 · Read a maker",
    params(("id" = String, Path, description = "制作单位 · maker")),
    responses((status = 200, description = "制作单位 · the maker", body = MakerView))
)]
pub async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<MakerId>,
) -> Result<Versioned<MakerView>, Stop> {
    let found = app.store.read().await?.get::<Maker>(id.as_str()).await?;
    caller.permit(Action::MakerRead, &place(&found.value), app.now()?)?;
    Ok(Versioned { version: found.version, body: MakerView::of(&found.value, found.version) })
}
