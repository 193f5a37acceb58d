//! Who may be named: people of the unit a seal belongs to, by role.

use super::load;
use crate::api::filter::check_word;
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{Json, Path, Query};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use yinxin_registry::account::AccountState;
use yinxin_registry::ids::SealId;
use yinxin_registry::permission::Action;
use yinxin_registry::role::{Role, Scope};

/// In which role.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PeopleFilter {
    /// `custodian`, `user` or `approver`; `user` when absent.
    #[param(pattern = "^(custodian|user|approver)$")]
    pub role: Option<String>,
}

/// Somebody who may be named.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
pub struct NameableView {
    /// Name.
    pub name: String,
    /// Account.
    #[schema(example = "acct_01k0000000000000000000000a")]
    pub account: String,
}

/// Those who may be named.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NameableList {
    /// By name; 400 at most.
    pub items: Vec<NameableView>,
}

/// 可指定的人员。 Lists the people of a seal's unit, and of the unit above it, who hold a role now: those that custody, rights and
/// delegation can name.
#[utoipa::path(
    get, path = "/seals/{id}/people", tag = "custody", operation_id = "custody.people", summary = "可指定的人员 · People who may be named",
    params(("id" = String, Path, description = "印章 · seal"), PeopleFilter),
    responses((status = 200, description = "人员 · the people", body = NameableList))
)]
pub async fn people(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
    Query(filter): Query<PeopleFilter>,
) -> Result<Json<NameableList>, Stop> {
    let now = app.now()?;
    let asked = filter.role.as_deref();
    check_word("role", asked, &["custodian", "user", "approver"])?;
    let role = match asked {
        Some("custodian") => Role::Custodian,
        Some("approver") => Role::Approver,
        _ => Role::User,
    };
    let mut read = app.store.read().await?;
    let kept = load(&mut read, id.as_str()).await?;
    caller.permit(Action::CustodyRead, &kept.place(), now)?;
    let mut named = BTreeMap::new();
    for unit in std::iter::once(kept.seal.unit()).chain(kept.seal.parent_unit()) {
        let scope = Scope::Unit(unit.clone());
        for found in read.accounts_with_role(role, &scope).await? {
            let account = found.value;
            let holds = account.grants.iter().any(|g| g.role == role && g.scope == scope && g.is_live(now));
            if holds && account.state == AccountState::Active {
                named.insert(account.id.to_string(), account.name);
            }
        }
    }
    let mut items: Vec<NameableView> =
        named.into_iter().map(|(account, name)| NameableView { name, account }).collect();
    items.sort();
    Ok(Json(NameableList { items }))
}
