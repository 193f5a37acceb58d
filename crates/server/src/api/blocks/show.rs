//! One entry.

use super::{BlockView, place};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{Path, Versioned};
use axum::extract::State;
use yinxin_registry::block::BlockedAgent;
use yinxin_registry::ids::BlockId;
use yinxin_registry::permission::Action;

/// 查看名单条目。 Reads one.
#[utoipa::path(
    get, path = "/blocks/{id}", tag = "blocks", operation_id = "blocks.show", summary = "查看名单条目 · Read a block",
    params(("id" = String, Path, description = "名单条目 · entry")),
    responses((status = 200, description = "名单条目 · the entry", body = BlockView))
)]
pub async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<BlockId>,
) -> Result<Versioned<BlockView>, Stop> {
    let found = app.store.read().await?.get::<BlockedAgent>(id.as_str()).await?;
    caller.permit(Action::BlockWrite, &place(&found.value), app.now()?)?;
    Ok(Versioned { version: found.version, body: BlockView::of(&found.value, found.version) })
}
