//! A unit ends by merger, dissolution or deregistration; its seals have to be canceled.

use super::{UnitView, place, subject};
use crate::api::text::check_reason;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, Faults, IdempotencyKey, IfMatch, Path, Problem, StoredResponse};
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::ids::UnitId;
use yinxin_registry::lifecycle::seal::{Seal, SealState};
use yinxin_registry::lifecycle::{Effect, State as _};
use yinxin_registry::permission::Action;
use yinxin_registry::role::Scope;
use yinxin_registry::unit::Unit;
use yinxin_store::ListFilter;

/// Most seals an answer names.
const MOST: usize = 200;

/// Why a unit ends.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DissolveUnit {
    /// 2 to 2000 characters.
    #[schema(min_length = 2, max_length = 2000, example = "示例市场监管局准予注销登记")]
    pub reason: String,
}

/// A seal that has to be canceled.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpenSealView {
    /// Key.
    pub id: String,
    /// Code.
    pub code: String,
    /// Name on it.
    pub name: String,
    /// State.
    #[schema(example = "active")]
    pub state: String,
    /// State in Chinese.
    #[schema(example = "有效")]
    pub state_zh: String,
    /// Unit or body it belongs to.
    pub unit: String,
}

/// A unit that has ended.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DissolvedView {
    /// The unit.
    pub unit: UnitView,
    /// Its seals, and those of its bodies and branches, that are in force or on their way: they have to be canceled or given up.
    #[schema(max_items = 200)]
    pub seals: Vec<OpenSealView>,
    /// Whether there are more than these: ask `GET /seals?scope=` for them.
    pub more: bool,
}

/// 单位注销、合并。 Ends a unit: it applies for nothing any more. Only the issuing department may; the unit is told.
#[utoipa::path(
    post, path = "/units/{id}/dissolve", tag = "units", operation_id = "units.dissolve", summary = "单位注销 · Dissolve a unit",
    params(("id" = String, Path, description = "单位 · unit"), IdempotencyKey, IfMatch), request_body = DissolveUnit,
    responses((status = 200, description = "单位和应缴销的印章 · the unit and the seals to be canceled", body = DissolvedView))
)]
pub async fn dissolve(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UnitId>,
    if_match: IfMatch,
    command: Command<DissolveUnit>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let mut faults = Faults::new();
    check_reason("/reason", &body.reason, &mut faults);
    faults.into_result()?;
    let found = work.tx.get::<Unit>(id.as_str()).await?;
    // Who adds units to the registry takes them out; an agent of the unit may change it but not end it.
    let by = work.permit(Action::UnitCreate, &place(&found.value))?;
    if_match.check(found.version)?;
    let ended = |_| Problem::state_conflict("dissolved", "dissolve", [""; 0]);
    let unit = found.value.dissolve(work.now).map_err(ended)?;
    let version = work.tx.save(&unit, found.version).await?;
    let (seals, more) = open_seals(&mut work, &unit).await?;
    let details = json!({ "open_seals": seals.len(), "more": more });
    work.record(&by, "unit.dissolve", &subject(&unit), Some(body.reason.trim()), details);
    let template = || "unit.dissolved".to_owned();
    let effects =
        [Effect::NotifyUnit { template: template() }, Effect::NotifyAuthority { template: template() }];
    work.enact(&subject(&unit), &effects);
    let view = DissolvedView { unit: UnitView::of(&unit, version), seals, more };
    work.finish(StoredResponse::ok(&view)?.version(version)).await
}

/// Seals in force or on their way, and whether there are more.
async fn open_seals(work: &mut Work, unit: &Unit) -> Result<(Vec<OpenSealView>, bool), Stop> {
    let scope = Scope::Unit(unit.id.clone());
    let mut found = Vec::new();
    let states = [
        SealState::Active,
        SealState::Suspended,
        SealState::Delivered,
        SealState::Filed,
        SealState::Made,
        SealState::Making,
    ];
    for state in states {
        let filter = ListFilter { state: Some(state.as_str()), limit: 200, ..ListFilter::default() };
        let page = work.tx.list::<Seal>(&scope, &filter).await?;
        found.extend(page.items.iter().map(|seal| view(&seal.value)));
        if page.next.is_some() || found.len() > MOST {
            found.truncate(MOST);
            return Ok((found, true));
        }
    }
    Ok((found, false))
}

fn view(seal: &Seal) -> OpenSealView {
    OpenSealView {
        id: seal.id().to_string(),
        code: seal.code().to_owned(),
        name: seal.name().to_owned(),
        state: seal.state().as_str().to_owned(),
        state_zh: seal.state().zh().to_owned(),
        unit: seal.unit().to_string(),
    }
}
