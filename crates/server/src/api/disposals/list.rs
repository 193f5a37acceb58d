//! Reading lists of disposal.

use super::place;
use super::view::DisposalView;
use crate::api::filter::check_state;
use crate::api::in_scope::{InScope, in_scope};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{List, Page, PageQuery, Path, Versioned};
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use yinxin_registry::ids::DisposalId;
use yinxin_registry::permission::Action;
use yinxin_registry::retention::disposal::{Disposal, DisposalState};

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
    check_state::<DisposalState>(list.filter.state.as_deref())?;
    let (state, scope) = (list.filter.state.as_deref(), list.filter.scope.as_deref());
    let asked = InScope { action: Action::DisposalRead, state, scope };
    in_scope::<Disposal, _, _>(&app, &caller, &list, asked, |found| {
        DisposalView::of(&found.value, found.version)
    })
    .await
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
