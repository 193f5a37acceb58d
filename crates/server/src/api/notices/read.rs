//! Notices marked as read: one's own mark, which nobody else sees and no log notes.

use super::{NoticeView, own};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, NoBody, Path, StoredResponse};
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yinxin_registry::ids::NoticeId;

/// 标为已读。 Marks one as read; one that is stays as it is.
#[utoipa::path(
    post, path = "/notices/{id}/read", tag = "notices", operation_id = "notices.read", summary = "标为已读 · Mark as read",
    params(("id" = String, Path, description = "通知 · notice"), IdempotencyKey),
    responses((status = 200, description = "通知 · the notice", body = NoticeView))
)]
pub async fn read(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<NoticeId>,
    command: Command<NoBody>,
) -> Result<Response, Stop> {
    let (mut work, NoBody) = Work::begin(&app, &caller, command).await?;
    let account = own(&caller)?;
    let now = work.now;
    let (notice, read_at) = work.tx.notice(&account, id.as_str()).await?;
    work.tx.read_notice(&account, id.as_str(), now).await?;
    work.finish(StoredResponse::ok(&NoticeView::of(&notice, read_at.or(Some(now))))?).await
}

/// Up to which notice.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadAll {
    /// The newest that was seen: what came later stays unread.
    #[schema(value_type = String, example = "ntc_01k0000000000000000000000a")]
    pub up_to: NoticeId,
}

/// How many were marked.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReadCount {
    /// Notices that were not marked before.
    pub marked: u64,
}

/// 全部标为已读。 Marks all up to one as read.
#[utoipa::path(
    post, path = "/notices/read-all", tag = "notices", operation_id = "notices.read_all", summary = "全部标为已读 · Mark all as read",
    params(IdempotencyKey), request_body = ReadAll,
    responses((status = 200, description = "数量 · how many", body = ReadCount))
)]
pub async fn read_all(
    State(app): State<Shared>,
    caller: Caller,
    command: Command<ReadAll>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let account = own(&caller)?;
    let now = work.now;
    let marked = work.tx.read_notices(&account, body.up_to.as_str(), now).await?;
    work.finish(StoredResponse::ok(&ReadCount { marked })?).await
}
