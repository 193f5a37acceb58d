//! An entry is lifted.

use super::{BlockView, answer, place, subject};
use crate::api::text::check_reason;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, Faults, IdempotencyKey, IfMatch, Path, Problem};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::block::BlockedAgent;
use yinxin_registry::ids::BlockId;
use yinxin_registry::permission::Action;

/// Why an entry is lifted.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LiftBlock {
    /// 2 to 2000 characters.
    #[schema(min_length = 2, max_length = 2000, example = "复核后撤销原决定")]
    pub reason: String,
}

/// 移出限制申请名单。 Lifts an entry; it stays readable.
#[utoipa::path(
    post, path = "/blocks/{id}/lift", tag = "blocks", operation_id = "blocks.lift", summary = "移出限制申请名单 · Lift a block",
    params(("id" = String, Path, description = "名单条目 · entry"), IdempotencyKey, IfMatch), request_body = LiftBlock,
    responses((status = 200, description = "名单条目 · the entry", body = BlockView))
)]
pub async fn lift(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<BlockId>,
    if_match: IfMatch,
    command: Command<LiftBlock>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let mut faults = Faults::new();
    check_reason("/reason", &body.reason, &mut faults);
    faults.into_result()?;
    let found = work.tx.get::<BlockedAgent>(id.as_str()).await?;
    let by = work.permit(Action::BlockWrite, &place(&found.value))?;
    if_match.check(found.version)?;
    if found.value.lifted_at.is_some() {
        return Err(Problem::state_conflict("lifted", "lift", [""; 0]).into());
    }
    let block = BlockedAgent { lifted_at: Some(work.now), ..found.value };
    let version = work.tx.save(&block, found.version).await?;
    work.record(&by, "block.lift", &subject(&block), Some(body.reason.trim()), json!({}));
    work.finish(answer(&block, version)?).await
}
