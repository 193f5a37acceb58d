//! Flows within the caller's scope.

use super::FlowView;
use crate::api::filter::check_word;
use crate::api::in_scope::{InScope, in_scope};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{List, Page, PageQuery};
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use yinxin_registry::approval::flow::Flow;
use yinxin_registry::permission::Action;

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
    let (state, scope) = (list.filter.state.as_deref(), list.filter.scope.as_deref());
    let asked = InScope { action: Action::FlowRead, state, scope };
    in_scope::<Flow, _, _>(&app, &caller, &list, asked, |found| FlowView::of(&found.value, found.version))
        .await
}
