//! Tickets of an area, of one unit, one of them.

use super::{TicketView, place};
use crate::api::filter::{check_state, check_word};
use crate::api::scope::{ScopeQuery, choose};
use crate::api::units;
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{List, Page, PageQuery, Path, Problem, Versioned};
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use yinxin_registry::correction::{Ticket, TicketState};
use yinxin_registry::ids::{TicketId, UnitId};
use yinxin_registry::permission::Action;
use yinxin_registry::role::Scope;
use yinxin_registry::supervision::SupervisionKind;
use yinxin_registry::unit::Unit;
use yinxin_store::ListFilter;

/// Filter of the tickets of an area.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TicketFilter {
    /// 状态 · Only this state: `answered`, what waits for the department.
    #[param(pattern = "^(noted|open|answered|accepted|closed)$")]
    pub state: Option<String>,
    /// 种类 · Only this kind: `inspection`, `finding`, `order`.
    #[param(pattern = "^(inspection|finding|order)$")]
    pub kind: Option<String>,
    /// 区划路径或者单位 · Area path or unit, within what the caller's roles reach.
    #[param(max_length = 128)]
    pub scope: Option<String>,
}

/// Filter of the tickets of one unit.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TicketOfUnitFilter {
    /// 状态 · Only this state.
    #[param(pattern = "^(noted|open|answered|accepted|closed)$")]
    pub state: Option<String>,
    /// 种类 · Only this kind: `inspection`, `finding`, `order`.
    #[param(pattern = "^(inspection|finding|order)$")]
    pub kind: Option<String>,
}

fn check(state: Option<&str>, kind: Option<&str>) -> Result<(), Problem> {
    check_state::<TicketState>(state)?;
    check_word("kind", kind, &SupervisionKind::ALL.map(SupervisionKind::as_str))
}

/// 监管单列表。 Lists the tickets about the units of an area; a unit's people see those about their unit.
#[utoipa::path(
    get, path = "/tickets", tag = "tickets", operation_id = "tickets.list", summary = "监管单列表 · List the tickets about units",
    params(TicketFilter, PageQuery),
    responses((status = 200, description = "列表 · the list", body = Page<TicketView>))
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    list: List<TicketFilter>,
) -> Result<Page<TicketView>, Stop> {
    let (state, kind) = (list.filter.state.as_deref(), list.filter.kind.as_deref());
    check(state, kind)?;
    let wanted = ScopeQuery::parse(list.filter.scope.as_deref())?;
    let scope = choose(&caller, Action::TicketRead, wanted, app.now()?)?;
    page(&app, &list, &scope, state, kind).await
}

/// 单位的监管单。 Lists the tickets about one unit and what stands under it, the oldest first.
#[utoipa::path(
    get, path = "/units/{id}/tickets", tag = "tickets", operation_id = "tickets.of_unit", summary = "单位的监管单 · Tickets about a unit",
    params(("id" = String, Path, description = "单位 · unit"), TicketOfUnitFilter, PageQuery),
    responses((status = 200, description = "列表 · the list", body = Page<TicketView>))
)]
pub async fn of_unit(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UnitId>,
    list: List<TicketOfUnitFilter>,
) -> Result<Page<TicketView>, Stop> {
    let (state, kind) = (list.filter.state.as_deref(), list.filter.kind.as_deref());
    check(state, kind)?;
    let unit = app.store.read().await?.get::<Unit>(id.as_str()).await?.value;
    caller.permit(Action::TicketRead, &units::place(&unit), app.now()?)?;
    page(&app, &list, &Scope::Unit(id), state, kind).await
}

async fn page<F>(
    app: &Shared,
    list: &List<F>,
    scope: &Scope,
    state: Option<&str>,
    kind: Option<&str>,
) -> Result<Page<TicketView>, Stop> {
    let now = app.now()?;
    let after = list.after::<1>()?.map(|[cursor]| cursor.to_owned());
    let limit = u32::from(list.limit());
    let filter = ListFilter { state, kind, cursor: after.as_deref(), limit, ..ListFilter::default() };
    let page = app.store.read().await?.list::<Ticket>(scope, &filter).await?;
    let items = page.items.iter().map(|found| TicketView::of(&found.value, found.version, now)).collect();
    Ok(list.carry(items, page.next))
}

/// 查看监管单。 Reads one.
#[utoipa::path(
    get, path = "/tickets/{id}", tag = "tickets", operation_id = "tickets.show", summary = "查看监管单 · Read a ticket",
    params(("id" = String, Path, description = "监管单 · ticket")),
    responses((status = 200, description = "监管单 · the ticket", body = TicketView))
)]
pub async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<TicketId>,
) -> Result<Versioned<TicketView>, Stop> {
    let now = app.now()?;
    let found = app.store.read().await?.get::<Ticket>(id.as_str()).await?;
    caller.permit(Action::TicketRead, &place(&found.value), now)?;
    Ok(Versioned { version: found.version, body: TicketView::of(&found.value, found.version, now) })
}
