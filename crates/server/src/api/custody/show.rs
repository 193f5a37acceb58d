//! Reading custodies.

use super::{CustodyView, load};
use crate::api::filter::check_state;
use crate::api::in_scope::{InScope, in_scope};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{List, Page, PageQuery, Path, Versioned};
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use yinxin_registry::custody::activation::Activation;
use yinxin_registry::custody::keeping::{Keeping, KeepingState};
use yinxin_registry::ids::SealId;
use yinxin_registry::permission::Action;

/// 查看保管情况。 Reads the custody of a seal, with the state of its activation password.
#[utoipa::path(
    get, path = "/seals/{id}/custody", tag = "custody", operation_id = "custody.show", summary = "查看印章保管情况 · Read the custody of a seal",
    params(("id" = String, Path, description = "印章 · seal")),
    responses((status = 200, description = "保管情况 · the custody", body = CustodyView))
)]
pub async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
) -> Result<Versioned<CustodyView>, Stop> {
    let now = app.now()?;
    let mut read = app.store.read().await?;
    let kept = load(&mut read, id.as_str()).await?;
    caller.permit(Action::CustodyRead, &kept.place(), now)?;
    let activation = read.load::<Activation>(id.as_str()).await?.map(|found| found.value);
    let body = CustodyView::of(&kept.keeping, kept.version, activation.as_ref(), now);
    Ok(Versioned { version: kept.version, body })
}

/// Filter of the list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CustodyFilter {
    /// Only this state: `kept`.
    #[param(pattern = "^(vacant|offered|kept|handing_over|ended)$")]
    pub state: Option<String>,
    /// Area path or identifier of a unit, within what the caller's roles reach.
    pub scope: Option<String>,
}

/// 保管列表。 Lists the custodies of seals for which somebody was named. Passwords are not looked at here.
#[utoipa::path(
    get, path = "/custodies", tag = "custody", operation_id = "custody.list", summary = "保管列表 · List custodies",
    params(CustodyFilter, PageQuery),
    responses((status = 200, description = "列表 · the list", body = Page<CustodyView>))
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    list: List<CustodyFilter>,
) -> Result<Page<CustodyView>, Stop> {
    let now = app.now()?;
    check_state::<KeepingState>(list.filter.state.as_deref())?;
    let (state, scope) = (list.filter.state.as_deref(), list.filter.scope.as_deref());
    let asked = InScope { action: Action::CustodyRead, state, scope };
    in_scope::<Keeping, _, _>(&app, &caller, &list, asked, |found| {
        CustodyView::of(&found.value, found.version, None, now)
    })
    .await
}
