//! Lists of change cases within the caller's scope.

use super::view::ChangeSummary;
use crate::api::in_scope::{InScope, in_scope};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{List, Page, PageQuery};
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use yinxin_registry::lifecycle::change::ChangeCase;
use yinxin_registry::permission::Action;

/// Filter of the list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ChangeFilter {
    /// Only this state: `open`.
    pub state: Option<String>,
    /// Area path or identifier of a unit, within what the caller's roles reach.
    pub scope: Option<String>,
}

/// 变更事项列表。 Lists them.
#[utoipa::path(
    get, path = "/changes", tag = "changes", operation_id = "changes.list", summary = "变更事项列表 · List change cases",
    params(ChangeFilter, PageQuery),
    responses((status = 200, description = "列表 · the list", body = Page<ChangeSummary>))
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    list: List<ChangeFilter>,
) -> Result<Page<ChangeSummary>, Stop> {
    let (state, scope) = (list.filter.state.as_deref(), list.filter.scope.as_deref());
    let asked = InScope { action: Action::ApplicationRead, state, scope };
    in_scope::<ChangeCase, _, _>(&app, &caller, &list, asked, |found| {
        ChangeSummary::of(&found.value, found.version)
    })
    .await
}
