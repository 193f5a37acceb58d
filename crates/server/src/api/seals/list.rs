//! Lists of seals within the caller's scope.

use super::SealSummary;
use crate::api::scope::{ScopeQuery, choose};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{List, Page, PageQuery};
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::permission::Action;
use yinxin_store::ListFilter;

/// Filter of the list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SealFilter {
    /// Only this state: `active`.
    pub state: Option<String>,
    /// Only this kind: `legal_name`.
    pub kind: Option<String>,
    /// Only names that begin so.
    pub name: Option<String>,
    /// Area path or identifier of a unit or maker, within what the caller's roles reach.
    pub scope: Option<String>,
}

/// 印章列表。 Lists them.
#[utoipa::path(
    get, path = "/seals", tag = "seals", operation_id = "seals.list", summary = "印章列表 · List seals",
    params(SealFilter, PageQuery),
    responses((status = 200, description = "列表 · the list", body = Page<SealSummary>))
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    list: List<SealFilter>,
) -> Result<Page<SealSummary>, Stop> {
    let wanted = ScopeQuery::parse(list.filter.scope.as_deref())?;
    let scope = choose(&caller, Action::SealRead, wanted, app.now()?)?;
    let after = list.after::<1>()?.map(|[cursor]| cursor.to_owned());
    let filter = ListFilter {
        state: list.filter.state.as_deref(),
        kind: list.filter.kind.as_deref(),
        name: list.filter.name.as_deref(),
        cursor: after.as_deref(),
        limit: u32::from(list.limit()),
    };
    let page = app.store.read().await?.list::<Seal>(&scope, &filter).await?;
    Ok(list.carry(page.items.iter().map(|s| SealSummary::of(&s.value, s.version)).collect(), page.next))
}
