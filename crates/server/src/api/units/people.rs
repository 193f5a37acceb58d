//! Who of a unit may be named in a flow of approval or a custody, by role.

use super::place;
use crate::api::filter::check_word;
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{Json, Path, Query};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use yinxin_registry::account::AccountState;
use yinxin_registry::ids::UnitId;
use yinxin_registry::permission::Action;
use yinxin_registry::role::{Role, Scope};
use yinxin_registry::unit::Unit;

/// In which role.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UnitPeopleFilter {
    /// `approver`, `custodian` or `user`; `approver` when absent.
    #[param(pattern = "^(approver|custodian|user)$")]
    pub role: Option<String>,
}

/// Somebody of the unit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
pub struct UnitPersonView {
    /// Name.
    pub name: String,
    /// Account.
    #[schema(example = "acct_01k0000000000000000000000a")]
    pub account: String,
}

/// People of a unit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnitPeopleView {
    /// By name; 400 at most.
    pub items: Vec<UnitPersonView>,
}

/// 单位人员。 Lists the people of a unit, and of the unit above it, who hold a role now.
#[utoipa::path(
    get, path = "/units/{id}/people", tag = "units", operation_id = "units.people", summary = "单位人员 · People of a unit by role",
    params(("id" = String, Path, description = "单位 · unit"), UnitPeopleFilter),
    responses((status = 200, description = "人员 · the people", body = UnitPeopleView))
)]
pub async fn people(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UnitId>,
    Query(filter): Query<UnitPeopleFilter>,
) -> Result<Json<UnitPeopleView>, Stop> {
    let now = app.now()?;
    let asked = filter.role.as_deref();
    check_word("role", asked, &["approver", "custodian", "user"])?;
    let role = match asked {
        Some("custodian") => Role::Custodian,
        Some("user") => Role::User,
        _ => Role::Approver,
    };
    let mut read = app.store.read().await?;
    let unit = read.get::<Unit>(id.as_str()).await?.value;
    caller.permit(Action::FlowRead, &place(&unit), now)?;
    let mut named = BTreeMap::new();
    for unit in std::iter::once(&unit.id).chain(&unit.parent) {
        let scope = Scope::Unit(unit.clone());
        for found in read.accounts_with_role(role, &scope).await? {
            let account = found.value;
            let holds = account.grants.iter().any(|g| g.role == role && g.scope == scope && g.is_live(now));
            if holds && account.state == AccountState::Active {
                named.insert(account.id.to_string(), account.name);
            }
        }
    }
    let mut items: Vec<UnitPersonView> =
        named.into_iter().map(|(account, name)| UnitPersonView { name, account }).collect();
    items.sort();
    Ok(Json(UnitPeopleView { items }))
}
