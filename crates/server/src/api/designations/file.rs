//! The area above files a designation.

use super::{DesignationView, answer, state_conflict, subject};
use crate::api::text::check_line;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Code, Command, Faults, IdempotencyKey, IfMatch, Path, Problem};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::area::Designation;
use yinxin_registry::ids::DesignationId;
use yinxin_registry::permission::{Action, Place};

/// Receipt of a filing.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FileDesignation {
    /// Its number.
    #[schema(min_length = 1, max_length = 100, example = "示例备〔2026〕1号")]
    pub receipt: String,
}

/// 指定备案。 Files it with the area above: the filing officer's scope has to cover that area.
#[utoipa::path(
    post, path = "/designations/{id}/file", tag = "designations", operation_id = "designations.file", summary = "指定备案 · File a designation",
    params(("id" = String, Path, description = "指定 · designation"), IdempotencyKey, IfMatch), request_body = FileDesignation,
    responses((status = 200, description = "指定 · the designation", body = DesignationView))
)]
pub async fn file(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<DesignationId>,
    if_match: IfMatch,
    command: Command<FileDesignation>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let mut faults = Faults::new();
    check_line("/receipt", &body.receipt, 1..=100, &mut faults);
    faults.into_result()?;
    let found = work.tx.get::<Designation>(id.as_str()).await?;
    let above = found.value.area_path.parent();
    let by = match &above {
        Some(above) => work.permit(Action::DesignationFile, &Place::area(above))?,
        None => {
            work.permit(Action::DesignationFile, &Place::area(&found.value.area_path))?;
            return Err(Problem::new(Code::Conflict)
                .rule("NO_AREA_ABOVE")
                .detail("没有上级区划，无须备案。", "There is no area above to file it with.")
                .into());
        }
    };
    if_match.check(found.version)?;
    let filed = found.value.file(body.receipt.trim()).map_err(|state| state_conflict(state, "file"))?;
    let version = work.tx.save(&filed, found.version).await?;
    work.record(&by, "designation.file", &subject(&filed), None, json!({ "receipt": filed.receipt }));
    work.finish(answer(&filed, version)?).await
}
