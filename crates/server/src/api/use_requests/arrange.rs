//! A draft is put in order: where the seal goes on its documents, and documents taken out again.

use super::items::only_a_draft_of;
use super::view::PlacementBody;
use super::{UseRequestView, answer, place, subject};
use crate::api::text::refuse;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Code, Command, IdempotencyKey, IfMatch, Path, Problem};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::ids::{UseItemId, UseRequestId};
use yinxin_registry::permission::Action;
use yinxin_registry::usage::document::{ItemEvent, ItemState, Placement, UseItem};
use yinxin_registry::usage::request::UseRequest;
use yinxin_store::{Tx, Versioned};

/// Documents of one call.
const MOST: usize = 500;
/// Documents read at once.
const PART: u32 = 500;

/// Where the seal goes from now on.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceItems {
    /// Documents, 1 to 500; absent: every document of the request.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, min_items = 1, max_items = 500, example = json!(["item_01k0000000000000000000000a"]))]
    pub items: Option<Vec<UseItemId>>,
    /// Where the seal goes on each of them, 1 to 100 places.
    #[schema(min_items = 1, max_items = 100)]
    pub placements: Vec<PlacementBody>,
}

/// Documents to be taken out.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveItems {
    /// 1 to 500.
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 500, example = json!(["item_01k0000000000000000000000a"]))]
    pub items: Vec<UseItemId>,
}

/// 调整用印位置。 Moves the seal on documents of a draft: on those that are named, or on all.
#[utoipa::path(
    post, path = "/use-requests/{id}/place", tag = "use", operation_id = "use_requests.place_items", summary = "调整用印位置 · Move the seal",
    params(("id" = String, Path, description = "用印申请 · request"), IdempotencyKey, IfMatch), request_body = PlaceItems,
    responses((status = 200, description = "用印申请 · the request", body = UseRequestView))
)]
pub async fn place_items(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UseRequestId>,
    if_match: IfMatch,
    command: Command<PlaceItems>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let found = work.tx.get::<UseRequest>(id.as_str()).await?;
    let by = work.permit(Action::UseAsk, &place(&found.value))?;
    if_match.check(found.version)?;
    only_a_draft_of(&found.value, &by.id)?;
    let placements: Vec<Placement> = body.placements.into_iter().map(Into::into).collect();
    let mut moved = 0u32;
    match body.items {
        Some(named) => {
            for item in of_request(&mut work.tx, &id, &named).await? {
                let placed = item.value.placed(placements.clone())?;
                work.tx.save(&placed, item.version).await?;
                moved = moved.saturating_add(1);
            }
        }
        None => {
            let mut after = -1;
            loop {
                let part = work.tx.use_items(id.as_str(), Some(ItemState::Waiting), after, PART).await?;
                let Some(last) = part.last() else { break };
                after = i64::from(last.value.place());
                for item in part {
                    let placed = item.value.placed(placements.clone())?;
                    work.tx.save_later(&placed, item.version).await?;
                    moved = moved.saturating_add(1);
                }
            }
        }
    }
    let version = work.tx.save(&found.value, found.version).await?;
    let details = json!({ "documents": moved, "placements": placements });
    work.record(&by, "use.place_items", &subject(&found.value), None, details);
    work.finish(answer(&found.value, version)?).await
}

/// 移除用印文件。 Takes documents out of a draft again. They stay on record as not sealed; what is handed in does not name them.
#[utoipa::path(
    post, path = "/use-requests/{id}/remove", tag = "use", operation_id = "use_requests.remove_items", summary = "移除用印文件 · Take documents out",
    params(("id" = String, Path, description = "用印申请 · request"), IdempotencyKey, IfMatch), request_body = RemoveItems,
    responses((status = 200, description = "用印申请 · the request", body = UseRequestView))
)]
pub async fn remove_items(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UseRequestId>,
    if_match: IfMatch,
    command: Command<RemoveItems>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let found = work.tx.get::<UseRequest>(id.as_str()).await?;
    let by = work.permit(Action::UseAsk, &place(&found.value))?;
    if_match.check(found.version)?;
    only_a_draft_of(&found.value, &by.id)?;
    for item in of_request(&mut work.tx, &id, &body.items).await? {
        let dropped = item.value.apply(ItemEvent::Drop)?;
        work.tx.save(&dropped, item.version).await?;
    }
    let version = work.tx.save(&found.value, found.version).await?;
    work.record(&by, "use.remove_items", &subject(&found.value), None, json!({ "items": body.items }));
    work.finish(answer(&found.value, version)?).await
}

/// The documents that are named, each once, each of this request.
async fn of_request(
    tx: &mut Tx,
    request: &UseRequestId,
    named: &[UseItemId],
) -> Result<Vec<Versioned<UseItem>>, Stop> {
    if !(1..=MOST).contains(&named.len()) {
        let (zh, en) = ("一次应为 1 至 500 份", "1 to 500 documents at once");
        return Err(refuse("/items", "OUT_OF_RANGE", zh, en).into());
    }
    let mut found: Vec<Versioned<UseItem>> = Vec::new();
    for id in named {
        let item = tx.get::<UseItem>(id.as_str()).await?;
        if item.value.request() != request || found.iter().any(|known| known.value.id() == id) {
            return Err(Problem::new(Code::NotFound).into());
        }
        found.push(item);
    }
    Ok(found)
}
