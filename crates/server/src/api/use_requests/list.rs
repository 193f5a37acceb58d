//! Reading requests.

use super::{UseRequestView, place};
use crate::api::filter::check_word;
use crate::api::scope::{ScopeQuery, choose};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{List, Page, PageQuery, Path, Versioned};
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use yinxin_registry::ids::UseRequestId;
use yinxin_registry::lifecycle::State as _;
use yinxin_registry::permission::Action;
use yinxin_registry::usage::request::{RequestState, UseRequest};
use yinxin_store::ListFilter;

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
    let states: Vec<&str> = RequestState::ALL.iter().map(|state| state.as_str()).collect();
    check_word("state", list.filter.state.as_deref(), &states)?;
    let wanted = ScopeQuery::parse(list.filter.scope.as_deref())?;
    let scope = choose(&caller, Action::UseRead, wanted, app.now()?)?;
    let after = list.after::<1>()?.map(|[cursor]| cursor.to_owned());
    let filter = ListFilter {
        state: list.filter.state.as_deref(),
        cursor: after.as_deref(),
        limit: u32::from(list.limit()),
        ..ListFilter::default()
    };
    let page = app.store.read().await?.list::<UseRequest>(&scope, &filter).await?;
    let views = page.items.iter().map(|r| UseRequestView::of(&r.value, r.version)).collect();
    Ok(list.carry(views, page.next))
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
