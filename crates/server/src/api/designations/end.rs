//! A designation ends; its area may designate another department.

use super::{DesignationView, answer, state_conflict, subject};
use crate::api::areas;
use crate::api::text::check_reason;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, Faults, IdempotencyKey, IfMatch, Path};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::area::{Area, Designation};
use yinxin_registry::ids::DesignationId;
use yinxin_registry::permission::{Action, Place};

/// Why a designation ends.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndDesignation {
    /// 2 to 2000 characters.
    #[schema(min_length = 2, max_length = 2000, example = "机构调整")]
    pub reason: String,
}

/// 终止指定。 Ends it.
#[utoipa::path(
    post, path = "/designations/{id}/end", tag = "designations", operation_id = "designations.end", summary = "终止指定 · End a designation",
    params(("id" = String, Path, description = "指定 · designation"), IdempotencyKey, IfMatch), request_body = EndDesignation,
    responses((status = 200, description = "指定 · the designation", body = DesignationView))
)]
pub async fn end(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<DesignationId>,
    if_match: IfMatch,
    command: Command<EndDesignation>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let mut faults = Faults::new();
    check_reason("/reason", &body.reason, &mut faults);
    faults.into_result()?;
    let found = work.tx.get::<Designation>(id.as_str()).await?;
    let by = work.permit(Action::DesignationWrite, &Place::area(&found.value.area_path))?;
    if_match.check(found.version)?;
    let ended = found.value.end(work.now).map_err(|state| state_conflict(state, "end"))?;
    let version = work.tx.save(&ended, found.version).await?;
    let area = work.tx.get::<Area>(ended.area.as_str()).await?;
    if area.value.designation.as_ref() == Some(&ended.id) {
        let without = Area { designation: None, ..area.value };
        work.tx.save(&without, area.version).await?;
        let details = json!({ "designation": null });
        work.record(&by, "area.designate", &areas::subject(&without), None, details);
    }
    work.record(&by, "designation.end", &subject(&ended), Some(body.reason.trim()), json!({}));
    work.finish(answer(&ended, version)?).await
}
