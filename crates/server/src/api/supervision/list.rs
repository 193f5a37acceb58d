//! The log of an area or of one maker.

use super::SupervisionView;
use crate::api::filter::check_word;
use crate::api::makers;
use crate::api::scope::{ScopeQuery, choose};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{List, Page, PageQuery, Path, Problem};
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use yinxin_registry::ids::MakerId;
use yinxin_registry::maker::Maker;
use yinxin_registry::permission::Action;
use yinxin_registry::role::Scope;
use yinxin_registry::supervision::{SupervisionEntry, SupervisionKind};
use yinxin_store::ListFilter;

/// Filter of the log of an area.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SupervisionFilter {
    /// 状态 · Only this state: `noted`, `open`, `done`.
    #[param(pattern = "^(noted|open|done)$")]
    pub state: Option<String>,
    /// 种类 · Only this kind: `inspection`, `finding`, `order`.
    #[param(pattern = "^(inspection|finding|order)$")]
    pub kind: Option<String>,
    /// 区划路径或者制作单位 · Area path or maker, within what the caller's roles reach.
    #[param(max_length = 128)]
    pub scope: Option<String>,
}

/// Filter of the log of one maker.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OfMakerFilter {
    /// 状态 · Only this state: `noted`, `open`, `done`.
    #[param(pattern = "^(noted|open|done)$")]
    pub state: Option<String>,
    /// 种类 · Only this kind: `inspection`, `finding`, `order`.
    #[param(pattern = "^(inspection|finding|order)$")]
    pub kind: Option<String>,
}

fn check(state: Option<&str>, kind: Option<&str>) -> Result<(), Problem> {
    check_word("state", state, &["noted", "open", "done"])?;
    check_word("kind", kind, &SupervisionKind::ALL.map(SupervisionKind::as_str))
}

/// 监管记录。 Lists the entries about the makers of an area; a maker's operator sees those about the maker.
#[utoipa::path(
    get, path = "/supervision", tag = "supervision", operation_id = "supervision.list", summary = "监管记录 · List the supervision of makers",
    params(SupervisionFilter, PageQuery),
    responses((status = 200, description = "列表 · the list", body = Page<SupervisionView>))
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    list: List<SupervisionFilter>,
) -> Result<Page<SupervisionView>, Stop> {
    check(list.filter.state.as_deref(), list.filter.kind.as_deref())?;
    let wanted = ScopeQuery::parse(list.filter.scope.as_deref())?;
    let scope = choose(&caller, Action::SupervisionRead, wanted, app.now()?)?;
    let (state, kind) = (list.filter.state.as_deref(), list.filter.kind.as_deref());
    page(&app, &list, &scope, state, kind).await
}

/// 制作单位的监管记录。 Lists the entries about one maker, the oldest first.
#[utoipa::path(
    get, path = "/makers/{id}/supervision", tag = "supervision", operation_id = "supervision.of_maker", summary = "制作单位监管记录 · Supervision of a maker",
    params(("id" = String, Path, description = "制作单位 · maker"), OfMakerFilter, PageQuery),
    responses((status = 200, description = "列表 · the list", body = Page<SupervisionView>))
)]
pub async fn of_maker(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<MakerId>,
    list: List<OfMakerFilter>,
) -> Result<Page<SupervisionView>, Stop> {
    check(list.filter.state.as_deref(), list.filter.kind.as_deref())?;
    let maker = app.store.read().await?.get::<Maker>(id.as_str()).await?.value;
    caller.permit(Action::SupervisionRead, &makers::place(&maker), app.now()?)?;
    let (state, kind) = (list.filter.state.as_deref(), list.filter.kind.as_deref());
    page(&app, &list, &Scope::Maker(id), state, kind).await
}

async fn page<F>(
    app: &Shared,
    list: &List<F>,
    scope: &Scope,
    state: Option<&str>,
    kind: Option<&str>,
) -> Result<Page<SupervisionView>, Stop> {
    let now = app.now()?;
    let after = list.after::<1>()?.map(|[cursor]| cursor.to_owned());
    let limit = u32::from(list.limit());
    let filter = ListFilter { state, kind, cursor: after.as_deref(), limit, ..ListFilter::default() };
    let page = app.store.read().await?.list::<SupervisionEntry>(scope, &filter).await?;
    let items = page.items.iter().map(|e| SupervisionView::of(&e.value, e.version, now)).collect();
    Ok(list.carry(items, page.next))
}
