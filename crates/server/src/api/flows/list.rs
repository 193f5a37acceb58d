//! Flows within the caller's scope.

use super::FlowView;
use crate::api::filter::check_word;
use crate::api::scope::{ScopeQuery, choose};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{List, Page, PageQuery};
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use yinxin_registry::approval::flow::Flow;
use yinxin_registry::permission::Action;
use yinxin_store::ListFilter;

/// Filter of the list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FlowFilter {
    /// Only `live` or only `retired` ones.
    #[param(pattern = "^(live|retired)$")]
    pub state: Option<String>,
    /// Area path or identifier of a unit, within what the caller's roles reach.
    pub scope: Option<String>,
}

/// 审批流程列表。 Lists them.
#[utoipa::path(
    get, path = "/flows", tag = "approval", operation_id = "flows.list", summary = "审批流程列表 · List flows of approval",
    params(FlowFilter, PageQuery),
    responses((status = 200, description = "列表 · the list", body = Page<FlowView>))
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    list: List<FlowFilter>,
) -> Result<Page<FlowView>, Stop> {
    check_word("state", list.filter.state.as_deref(), &["live", "retired"])?;
    let wanted = ScopeQuery::parse(list.filter.scope.as_deref())?;
    let scope = choose(&caller, Action::FlowRead, wanted, app.now()?)?;
    let after = list.after::<1>()?.map(|[cursor]| cursor.to_owned());
    let filter = ListFilter {
        state: list.filter.state.as_deref(),
        cursor: after.as_deref(),
        limit: u32::from(list.limit()),
        ..ListFilter::default()
    };
    let page = app.store.read().await?.list::<Flow>(&scope, &filter).await?;
    Ok(list.carry(page.items.iter().map(|f| FlowView::of(&f.value, f.version)).collect(), page.next))
}
