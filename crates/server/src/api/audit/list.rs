//! Reading the log.

use crate::app::{Shared, Stop, Subject, Work};
use crate::auth::Caller;
use crate::http::{Code, List, Page, PageQuery, Problem, StoredResponse};
use axum::extract::State;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use yinxin_registry::area::AreaPath;
use yinxin_registry::audit::Row;
use yinxin_registry::permission::{Action, Place};
use yinxin_store::AuditFilter;

/// Filter of the log.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LogFilter {
    /// Thing acted on.
    pub subject: Option<String>,
    /// Account or client.
    pub actor: Option<String>,
    /// Unit.
    pub unit: Option<String>,
    /// Code of the action: `application.submit`.
    pub action: Option<String>,
    /// Not before.
    #[param(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
    /// Not after.
    #[param(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
}

/// A row of the log.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AuditRow {
    /// Number.
    pub seq: u64,
    /// Hash, hex.
    pub hash: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Account or client.
    pub actor: String,
    /// Its name.
    pub actor_name: String,
    /// Role in which it acted.
    pub role: String,
    /// Address.
    pub address: Option<String>,
    /// Action.
    pub action: String,
    /// Thing acted on.
    pub subject: String,
    /// `ok`, `refused`, `denied`.
    pub outcome: String,
    /// Why.
    pub reason: Option<String>,
    /// Details, masked.
    #[schema(value_type = Object)]
    pub details: Value,
    /// Request.
    pub request_id: String,
}

impl AuditRow {
    /// Of a row.
    ///
    /// # Errors
    /// `INTEGRITY` for one that cannot be read.
    pub(super) fn of(row: &Row) -> Result<Self, Problem> {
        let entry = row.entry().map_err(|_| Problem::new(Code::Integrity))?;
        Ok(Self {
            seq: row.seq,
            hash: hex::encode(row.hash),
            at: entry.at,
            actor: entry.actor.id,
            actor_name: entry.actor.name,
            role: entry.actor.role,
            address: entry.actor.address,
            action: entry.action,
            subject: entry.subject,
            outcome: entry.outcome.as_str().to_owned(),
            reason: entry.reason,
            details: entry.details,
            request_id: entry.request_id,
        })
    }
}

/// 审计日志。 Rows, newest first.
#[utoipa::path(
    get, path = "/audit", tag = "audit", operation_id = "audit.list", summary = "审计日志 · Audit log",
    params(LogFilter, PageQuery),
    responses((status = 200, description = "日志 · the rows", body = Page<AuditRow>))
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    list: List<LogFilter>,
) -> Result<Page<AuditRow>, Stop> {
    let mut work = Work::begin_keyless(&app, &caller).await?;
    let by = work.permit(Action::AuditRead, &Place::registry())?;
    let nation = AreaPath::nation();
    let wanted = &list.filter;
    let filter = AuditFilter {
        area: Some(&nation),
        subject: wanted.subject.as_deref(),
        actor: wanted.actor.as_deref(),
        unit: wanted.unit.as_deref(),
        action: wanted.action.as_deref(),
        from: wanted.from,
        until: wanted.until,
    };
    let before = list.after::<1>()?.and_then(|[seq]| seq.parse().ok());
    let page = work.tx.search_audit(&filter, before, u32::from(list.limit())).await?;
    let rows = page.rows.iter().map(AuditRow::of).collect::<Result<Vec<_>, _>>()?;
    let details = json!({ "subject": wanted.subject, "actor": wanted.actor, "action": wanted.action });
    work.record(&by, "audit.read", &Subject::registry("audit"), None, details);
    work.finish(StoredResponse::no_content()).await?;
    Ok(list.carry(rows, page.next.map(|seq| seq.to_string())))
}
