//! Reading requests.

use super::{UseRequestView, place};
use crate::api::filter::check_state;
use crate::api::in_scope::{InScope, in_scope};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{List, Page, PageQuery, Path, Versioned};
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use yinxin_registry::ids::UseRequestId;
use yinxin_registry::permission::Action;
use yinxin_registry::usage::request::{RequestState, UseRequest};

/// Filter of the list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UseRequestFilter {
    /// Only this state: `pending`.
    #[param(pattern = "^(draft|pending|approved|signing|done|partial|refused|withdrawn|lapsed)$")]
    pub state: Option<String>,
    /// Area path or identifier of a unit, within what the caller's roles reach.
    pub scope: Option<String>,
}

/// 用印申请列表。 Lists them.
#[utoipa::path(
    get, path = "/use-requests", tag = "use", operation_id = "use_requests.list", summary = "用印申请列表 · List requests",
    params(UseRequestFilter, PageQuery),
    responses((status = 200, description = "列表 · the list", body = Page<UseRequestView>))
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    list: List<UseRequestFilter>,
) -> Result<Page<UseRequestView>, Stop> {
    check_state::<RequestState>(list.filter.state.as_deref())?;
    let (state, scope) = (list.filter.state.as_deref(), list.filter.scope.as_deref());
    let asked = InScope { action: Action::UseRead, state, scope };
    in_scope::<UseRequest, _, _>(&app, &caller, &list, asked, |found| {
        UseRequestView::of(&found.value, found.version)
    })
    .await
}

/// 查看用印申请。 Reads one.
#[utoipa::path(
    get, path = "/use-requests/{id}", tag = "use", operation_id = "use_requests.show", summary = "查看用印申请 · Read a request",
    params(("id" = String, Path, description = "用印申请 · request")),
    responses((status = 200, description = "用印申请 · the request", body = UseRequestView))
)]
pub async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UseRequestId>,
) -> Result<Versioned<UseRequestView>, Stop> {
    let mut read = app.store.read().await?;
    let found = read.get::<UseRequest>(id.as_str()).await?;
    caller.permit(Action::UseRead, &place(&found.value), app.now()?)?;
    let counts = read.use_item_counts(id.as_str()).await?;
    let mut body = UseRequestView::of(&found.value, found.version);
    body.count(&counts);
    Ok(Versioned { version: found.version, body })
}
