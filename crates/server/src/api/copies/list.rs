//! Reading copies.

use super::{CopyView, place};
use crate::api::use_requests::{self, item_of};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{List, Page, PageQuery, Path, Versioned};
use axum::extract::State;
use yinxin_registry::ids::{CopyId, UseItemId, UseRequestId};
use yinxin_registry::permission::Action;
use yinxin_registry::usage::copy::RegisteredCopy;
use yinxin_registry::usage::request::UseRequest;
use yinxin_store::ListFilter;

/// 副本列表。 Lists the registered copies of a document, the newest first.
#[utoipa::path(
    get, path = "/use-requests/{id}/items/{item}/copies", tag = "copies", operation_id = "copies.list", summary = "副本列表 · List the copies of a document",
    params(("id" = String, Path, description = "用印申请 · request"), ("item" = String, Path, description = "文件 · document"), PageQuery),
    responses((status = 200, description = "列表 · the list", body = Page<CopyView>))
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    Path((id, item)): Path<(UseRequestId, UseItemId)>,
    list: List,
) -> Result<Page<CopyView>, Stop> {
    let mut read = app.store.read().await?;
    let request = read.get::<UseRequest>(id.as_str()).await?.value;
    caller.permit(Action::UseRead, &use_requests::place(&request), app.now()?)?;
    item_of(&mut read, id.as_str(), item.as_str()).await?;
    let after = list.after::<1>()?.map(|[cursor]| cursor.to_owned());
    let filter =
        ListFilter { cursor: after.as_deref(), limit: u32::from(list.limit()), ..ListFilter::default() };
    let page = read.copies_of(item.as_str(), &filter).await?;
    let views = page.items.iter().map(|found| CopyView::of(&app, &found.value, found.version)).collect();
    Ok(list.carry(views, page.next))
}

/// 查看副本。 Reads one.
#[utoipa::path(
    get, path = "/copies/{id}", tag = "copies", operation_id = "copies.show", summary = "查看副本 · Read a copy",
    params(("id" = String, Path, description = "副本 · copy")),
    responses((status = 200, description = "副本 · the copy", body = CopyView))
)]
pub async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<CopyId>,
) -> Result<Versioned<CopyView>, Stop> {
    let found = app.store.read().await?.get::<RegisteredCopy>(id.as_str()).await?;
    caller.permit(Action::UseRead, &place(&found.value), app.now()?)?;
    let body = CopyView::of(&app, &found.value, found.version);
    Ok(Versioned { version: found.version, body })
}
