//! Reading other systems.

use super::place;
use super::view::{PeerListView, PeerView};
use crate::api::filter::{check_name, check_state};
use crate::api::scope::{ScopeQuery, choose};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{List, Page, PageQuery, Path, Versioned};
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use yinxin_registry::exchange::list::PeerList;
use yinxin_registry::exchange::peer::{Peer, PeerState};
use yinxin_registry::ids::PeerId;
use yinxin_registry::permission::Action;
use yinxin_store::ListFilter;

/// Filter of the list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PeerFilter {
    /// 状态 · Only this state: `proposed`, what waits for a second person.
    #[param(pattern = "^(proposed|confirmed|suspended|ended)$")]
    pub state: Option<String>,
    /// 名称前缀 · Only names that begin so.
    #[param(max_length = 100)]
    pub name: Option<String>,
    /// 区划路径 · Area path, within what the caller's roles reach.
    #[param(max_length = 128)]
    pub scope: Option<String>,
}

/// 对接系统列表。 Lists them, without their trust lists.
#[utoipa::path(
    get, path = "/peers", tag = "exchange", operation_id = "peers.list", summary = "对接系统列表 · List systems",
    params(PeerFilter, PageQuery),
    responses((status = 200, description = "列表 · the list", body = Page<PeerView>))
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    list: List<PeerFilter>,
) -> Result<Page<PeerView>, Stop> {
    let wanted = ScopeQuery::parse(list.filter.scope.as_deref())?;
    let scope = choose(&caller, Action::PeerRead, wanted, app.now()?)?;
    check_state::<PeerState>(list.filter.state.as_deref())?;
    check_name(list.filter.name.as_deref(), 100)?;
    let after = list.after::<1>()?.map(|[cursor]| cursor.to_owned());
    let filter = ListFilter {
        state: list.filter.state.as_deref(),
        name: list.filter.name.as_deref(),
        cursor: after.as_deref(),
        limit: u32::from(list.limit()),
        ..ListFilter::default()
    };
    let page = app.store.read().await?.list::<Peer>(&scope, &filter).await?;
    Ok(list
        .carry(page.items.iter().map(|found| PeerView::of(&found.value, found.version)).collect(), page.next))
}

/// 查看对接系统。 Reads one, with the trust list that was taken up last.
#[utoipa::path(
    get, path = "/peers/{id}", tag = "exchange", operation_id = "peers.show", summary = "查看对接系统 · Read a system",
    params(("id" = String, Path, description = "对接系统 · system")),
    responses((status = 200, description = "对接系统 · the system", body = PeerView))
)]
pub async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<PeerId>,
) -> Result<Versioned<PeerView>, Stop> {
    let now = app.now()?;
    let mut read = app.store.read().await?;
    let found = read.get::<Peer>(id.as_str()).await?;
    caller.permit(Action::PeerRead, &place(&found.value), now)?;
    let list = read.load::<PeerList>(id.as_str()).await?;
    let counts = found.value.state() == PeerState::Confirmed;
    let mut body = PeerView::of(&found.value, found.version);
    body.trust_list = list.map(|list| PeerListView::of(&list.value, now, counts));
    Ok(Versioned { version: found.version, body })
}
