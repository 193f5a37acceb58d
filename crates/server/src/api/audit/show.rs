//! One record of the log.

use super::list::AuditRow;
use crate::app::{Shared, Stop, Subject, Work};
use crate::auth::Caller;
use crate::http::{Code, Json, Path, Problem, StoredResponse};
use axum::extract::State;
use serde_json::json;
use yinxin_registry::area::AreaPath;
use yinxin_registry::permission::{Action, Place};
use yinxin_store::AuditFilter;

/// 查看审计记录。 One record by its number. Reading it is recorded, too.
#[utoipa::path(
    get, path = "/audit/{seq}", tag = "audit", operation_id = "audit.show", summary = "查看审计记录 · Read a record of the log",
    params(("seq" = u64, Path, description = "序号 · number")),
    responses((status = 200, description = "记录 · the record", body = AuditRow))
)]
pub async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(seq): Path<u64>,
) -> Result<Json<AuditRow>, Stop> {
    let mut work = Work::begin_keyless(&app, &caller).await?;
    let by = work.permit(Action::AuditRead, &Place::registry())?;
    let nation = AreaPath::nation();
    let filter = AuditFilter { area: Some(&nation), ..AuditFilter::default() };
    // Numbers go up one by one: the first below the next is this one, or there is none.
    let before = seq.checked_add(1).filter(|before| i64::try_from(*before).is_ok());
    let before = before.ok_or_else(|| Problem::new(Code::NotFound))?;
    let page = work.tx.search_audit(&filter, Some(before), 1).await?;
    let row = page.rows.first().filter(|row| row.seq == seq).ok_or_else(|| Problem::new(Code::NotFound))?;
    let row = AuditRow::of(row)?;
    work.record(&by, "audit.read", &Subject::registry("audit"), None, json!({ "seq": seq }));
    work.finish(StoredResponse::no_content()).await?;
    Ok(Json(row))
}
