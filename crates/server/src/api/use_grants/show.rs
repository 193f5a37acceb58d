//! Reading rights.

use super::{UseGrantView, place};
use crate::api::filter::check_state;
use crate::api::seals;
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{List, Page, PageQuery, Path, Versioned};
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use yinxin_registry::custody::grant::{GrantState, UseGrant};
use yinxin_registry::ids::{SealId, UseGrantId};
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::permission::Action;
use yinxin_store::ListFilter;

/// Filter of the list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UseGrantFilter {
    /// Only this state: `live`.
    #[param(pattern = "^(live|used_up|revoked|over)$")]
    pub state: Option<String>,
}

/// 印章的用印授权。 Lists the rights to use a seal, the oldest first.
#[utoipa::path(
    get, path = "/seals/{id}/use-grants", tag = "custody", operation_id = "use_grants.of_seal", summary = "用印授权列表 · Rights to use a seal",
    params(("id" = String, Path, description = "印章 · seal"), UseGrantFilter, PageQuery),
    responses((status = 200, description = "列表 · the list", body = Page<UseGrantView>))
)]
pub async fn of_seal(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
    list: List<UseGrantFilter>,
) -> Result<Page<UseGrantView>, Stop> {
    check_state::<GrantState>(list.filter.state.as_deref())?;
    let mut read = app.store.read().await?;
    let seal = read.get::<Seal>(id.as_str()).await?.value;
    caller.permit(Action::UseGrantRead, &seals::place(&seal), app.now()?)?;
    let after = list.after::<1>()?.map(|[cursor]| cursor.to_owned());
    let filter = ListFilter {
        state: list.filter.state.as_deref(),
        cursor: after.as_deref(),
        limit: u32::from(list.limit()),
        ..ListFilter::default()
    };
    let page = read.list_of_seal::<UseGrant>(id.as_str(), &filter).await?;
    Ok(list.carry(page.items.iter().map(|g| UseGrantView::of(&g.value, g.version)).collect(), page.next))
}

/// 查看用印授权。 Reads one.
#[utoipa::path(
    get, path = "/use-grants/{id}", tag = "custody", operation_id = "use_grants.show", summary = "查看用印授权 · Read a right to use a seal",
    params(("id" = String, Path, description = "授权 · right")),
    responses((status = 200, description = "授权 · the right", body = UseGrantView))
)]
pub async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UseGrantId>,
) -> Result<Versioned<UseGrantView>, Stop> {
    let found = app.store.read().await?.get::<UseGrant>(id.as_str()).await?;
    caller.permit(Action::UseGrantRead, &place(&found.value), app.now()?)?;
    Ok(Versioned { version: found.version, body: UseGrantView::of(&found.value, found.version) })
}
