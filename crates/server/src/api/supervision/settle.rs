//! A finding or an order is done with.

use super::{SupervisionView, place, subject};
use crate::api::text::check_reason;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, Faults, IdempotencyKey, IfMatch, Path, StoredResponse};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::ids::SupervisionId;
use yinxin_registry::lifecycle::Effect;
use yinxin_registry::permission::Action;
use yinxin_registry::supervision::SupervisionEntry;

/// What came of it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettleSupervision {
    /// 2 to 2000 characters; the maker reads them.
    #[schema(min_length = 2, max_length = 2000, example = "复查合格，整改完成")]
    pub remark: String,
}

/// 办结监管记录。 Settles a finding or an order, once.
#[utoipa::path(
    post, path = "/supervision/{id}/settle", tag = "supervision", operation_id = "supervision.settle", summary = "办结 · Settle an entry",
    params(("id" = String, Path, description = "监管记录 · entry"), IdempotencyKey, IfMatch), request_body = SettleSupervision,
    responses((status = 200, description = "监管记录 · the entry", body = SupervisionView))
)]
pub async fn settle(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SupervisionId>,
    if_match: IfMatch,
    command: Command<SettleSupervision>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let mut faults = Faults::new();
    check_reason("/remark", &body.remark, &mut faults);
    faults.into_result()?;
    let found = work.tx.get::<SupervisionEntry>(id.as_str()).await?;
    let by = work.permit(Action::SupervisionWrite, &place(&found.value))?;
    if_match.check(found.version)?;
    let entry = found.value.settle(&body.remark, &by, work.now)?;
    let version = work.tx.save(&entry, found.version).await?;
    let details = json!({ "entry": entry.id.as_str(), "kind": entry.kind.as_str() });
    work.record(&by, "supervision.settle", &subject(&entry), Some(body.remark.trim()), details);
    work.enact(&subject(&entry), &[Effect::NotifyMaker { template: "supervision.settled".to_owned() }]);
    let view = SupervisionView::of(&entry, version, work.now);
    work.finish(StoredResponse::ok(&view)?.version(version)).await
}
