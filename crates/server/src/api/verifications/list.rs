//! Searching the records.

use super::VerificationView;
use crate::api::filter::{check_digest, check_length, check_word};
use crate::api::scope::{ScopeQuery, choose};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{Code, List, Page, PageQuery, Problem};
use axum::extract::State;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;
use yinxin_registry::ids::VerificationId;
use yinxin_registry::permission::Action;
use yinxin_registry::role::Scope;
use yinxin_store::VerificationFilter;

/// Filter of the records.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct VerificationQuery {
    /// Not before.
    #[param(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
    /// Before.
    #[param(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
    /// Only this verdict.
    #[param(pattern = "^(valid|invalid|indeterminate|unsigned)$")]
    pub verdict: Option<String>,
    /// Only this document: SM3, hex.
    #[param(pattern = "^[0-9a-f]{64}$")]
    pub digest: Option<String>,
    /// Only documents in which a seal with this code was found.
    #[param(max_length = 64)]
    pub seal: Option<String>,
    /// `true`: only the caller's own. Who does not supervise sees no others anyway.
    pub own: Option<bool>,
    /// Area path or identifier of a unit, within what the caller supervises.
    pub scope: Option<String>,
}

/// 查询核验记录。 Searches the records, the newest first: the caller's own; for supervisors those of their area; for auditors all of them.
#[utoipa::path(
    get, path = "/verifications", tag = "verification", operation_id = "verifications.list", summary = "查询核验记录 · Records of verifications",
    params(VerificationQuery, PageQuery),
    responses((status = 200, description = "列表 · the list", body = Page<VerificationView>))
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    list: List<VerificationQuery>,
) -> Result<Page<VerificationView>, Stop> {
    caller.settled()?;
    let query = &list.filter;
    check_word("verdict", query.verdict.as_deref(), &["valid", "invalid", "indeterminate", "unsigned"])?;
    check_digest(query.digest.as_deref())?;
    check_length("seal", query.seal.as_deref(), 0..=64)?;
    let wanted = ScopeQuery::parse(query.scope.as_deref())?;
    // Without the permission there are his own.
    let (scope, own) = match choose(&caller, Action::VerificationRead, wanted, app.now()?) {
        Ok(scope) => (scope, query.own == Some(true)),
        Err(_) if query.scope.is_none() => (Scope::All, true),
        Err(refused) => return Err(refused),
    };
    let after = match list.after::<2>()? {
        None => None,
        Some([at, id]) => {
            let at: Timestamp = at.parse().map_err(|_| Problem::new(Code::BadRequest))?;
            let id = VerificationId::parse(id).map_err(|_| Problem::new(Code::BadRequest))?;
            Some((at, id))
        }
    };
    let filter = VerificationFilter {
        seal: query.seal.as_deref(),
        from: query.from,
        until: query.until,
        verdict: query.verdict.as_deref(),
        asked_by: own.then(|| caller.id()),
        digest: query.digest.as_deref(),
        before: after.as_ref().map(|(at, id)| (*at, id.as_str())),
        limit: u32::from(list.limit()).saturating_add(1),
    };
    let scope = if own { Scope::All } else { scope };
    let found = app.store.read().await?.verifications(&scope, &filter).await?;
    let views = found.iter().map(|record| VerificationView::whole(&record.value)).collect();
    Ok(list.page(views, |last: &VerificationView| vec![last.at.to_string(), last.id.clone()]))
}
