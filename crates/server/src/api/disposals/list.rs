//! Reading lists of disposal.

use super::place;
use super::view::DisposalView;
use crate::api::filter::check_word;
use crate::api::scope::{ScopeQuery, choose};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{List, Page, PageQuery, Path, Versioned};
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use yinxin_registry::ids::DisposalId;
use yinxin_registry::lifecycle::State as _;
use yinxin_registry::permission::Action;
use yinxin_registry::retention::disposal::{Disposal, DisposalState};
use yinxin_store::ListFilter;

/// Filter of the list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DisposalFilter {
    /// Only this state: `proposed`, what waits for a decision.
    #[param(pattern = "^(proposed|approved|disposing|done|refused|withdrawn)$")]
    pub state: Option<String>,
    /// Area path or identifier of a unit, within what the caller's roles reach.
    pub scope: Option<String>,
}

/// 销毁清单列表。 Lists them.
#[utoipa::path(
    get, path = "/disposals", tag = "retention", operation_id = "disposals.list", summary = "销毁清单列表 · Lists of disposal",
    params(DisposalFilter, PageQuery),
    responses((status = 200, description = "列表 · the list", body = Page<DisposalView>))
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    list: List<DisposalFilter>,
) -> Result<Page<DisposalView>, Stop> {
    let states: Vec<&str> = DisposalState::ALL.iter().map(|state| state.as_str()).collect();
    check_word("state", list.filter.state.as_deref(), &states)?;
    let wanted = ScopeQuery::parse(list.filter.scope.as_deref())?;
    let scope = choose(&caller, Action::DisposalRead, wanted, app.now()?)?;
    let after = list.after::<1>()?.map(|[cursor]| cursor.to_owned());
    let filter = ListFilter {
        state: list.filter.state.as_deref(),
        cursor: after.as_deref(),
        limit: u32::from(list.limit()),
        ..ListFilter::default()
    };
    let page = app.store.read().await?.list::<Disposal>(&scope, &filter).await?;
    let views = page.items.iter().map(|found| DisposalView::of(&found.value, found.version)).collect();
    Ok(list.carry(views, page.next))
}

/// 查看销毁清单。 Reads one.
#[utoipa::path(
    get, path = "/disposals/{id}", tag = "retention", operation_id = "disposals.show", summary = "查看销毁清单 · Read a list of disposal",
    params(("id" = String, Path, description = "销毁清单 · list")),
    responses((status = 200, description = "销毁清单 · the list", body = DisposalView))
)]
pub async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<DisposalId>,
) -> Result<Versioned<DisposalView>, Stop> {
    let found = app.store.read().await?.get::<Disposal>(id.as_str()).await?;
    caller.permit(Action::DisposalRead, &place(&found.value), app.now()?)?;
    Ok(Versioned { version: found.version, body: DisposalView::of(&found.value, found.version) })
}
