//! Reading authorizations.

use super::{StandingView, place};
use crate::api::filter::check_state;
use crate::api::in_scope::{InScope, in_scope};
use crate::api::seals;
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{List, Page, PageQuery, Path, Versioned};
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use yinxin_registry::approval::standing::{Standing, StandingState};
use yinxin_registry::ids::{SealId, StandingId};
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::permission::Action;
use yinxin_store::ListFilter;

/// Filter of the list of a seal.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OfSealFilter {
    /// Only this state: `live`.
    #[param(pattern = "^(proposed|live|refused|used_up|revoked|over)$")]
    pub state: Option<String>,
}

/// 印章的常设授权。 Lists the standing authorizations of a seal, the oldest first.
#[utoipa::path(
    get, path = "/seals/{id}/standings", tag = "approval", operation_id = "standings.of_seal", summary = "印章的常设授权 · Standing authorizations of a seal",
    params(("id" = String, Path, description = "印章 · seal"), OfSealFilter, PageQuery),
    responses((status = 200, description = "列表 · the list", body = Page<StandingView>))
)]
pub async fn of_seal(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
    list: List<OfSealFilter>,
) -> Result<Page<StandingView>, Stop> {
    check_state::<StandingState>(list.filter.state.as_deref())?;
    let mut read = app.store.read().await?;
    let seal = read.get::<Seal>(id.as_str()).await?.value;
    caller.permit(Action::StandingRead, &seals::place(&seal), app.now()?)?;
    let after = list.after::<1>()?.map(|[cursor]| cursor.to_owned());
    let filter = ListFilter {
        state: list.filter.state.as_deref(),
        cursor: after.as_deref(),
        limit: u32::from(list.limit()),
        ..ListFilter::default()
    };
    let page = read.list_of_seal::<Standing>(id.as_str(), &filter).await?;
    Ok(list.carry(page.items.iter().map(|s| StandingView::of(&s.value, s.version)).collect(), page.next))
}

/// Filter of the list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StandingFilter {
    /// Only this state: `proposed`.
    #[param(pattern = "^(proposed|live|refused|used_up|revoked|over)$")]
    pub state: Option<String>,
    /// Area path or identifier of a unit, within what the caller's roles reach.
    pub scope: Option<String>,
}

/// 常设授权列表。 Lists them.
#[utoipa::path(
    get, path = "/standings", tag = "approval", operation_id = "standings.list", summary = "常设授权列表 · List standing authorizations",
    params(StandingFilter, PageQuery),
    responses((status = 200, description = "列表 · the list", body = Page<StandingView>))
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    list: List<StandingFilter>,
) -> Result<Page<StandingView>, Stop> {
    check_state::<StandingState>(list.filter.state.as_deref())?;
    let (state, scope) = (list.filter.state.as_deref(), list.filter.scope.as_deref());
    let asked = InScope { action: Action::StandingRead, state, scope };
    in_scope::<Standing, _, _>(&app, &caller, &list, asked, |found| {
        StandingView::of(&found.value, found.version)
    })
    .await
}

/// 查看常设授权。 Reads one.
#[utoipa::path(
    get, path = "/standings/{id}", tag = "approval", operation_id = "standings.show", summary = "查看常设授权 · Read a standing authorization",
    params(("id" = String, Path, description = "常设授权 · authorization")),
    responses((status = 200, description = "常设授权 · the authorization", body = StandingView))
)]
pub async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<StandingId>,
) -> Result<Versioned<StandingView>, Stop> {
    let found = app.store.read().await?.get::<Standing>(id.as_str()).await?;
    caller.permit(Action::StandingRead, &place(&found.value), app.now()?)?;
    Ok(Versioned { version: found.version, body: StandingView::of(&found.value, found.version) })
}
