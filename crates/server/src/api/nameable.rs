//! Who may be named in a custody, a right or a flow of approval: people of a unit, and of the unit above it, by the role they hold now.

use super::filter::check_word;
use crate::app::Stop;
use crate::http::Json;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use yinxin_registry::account::AccountState;
use yinxin_registry::ids::UnitId;
use yinxin_registry::role::{Role, Scope};
use yinxin_store::Access;

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

impl PeopleFilter {
    /// The role that is asked for.
    ///
    /// # Errors
    /// `BAD_REQUEST` for another word.
    pub fn role(&self) -> Result<Role, Stop> {
        let asked = self.role.as_deref();
        check_word("role", asked, &["custodian", "user", "approver"])?;
        Ok(match asked {
            Some("custodian") => Role::Custodian,
            Some("approver") => Role::Approver,
            _ => Role::User,
        })
    }
}

/// Lists those of these units who hold a role now.
///
/// # Errors
/// Problems of the database.
pub async fn nameable(
    read: &mut Access,
    units: impl Iterator<Item = &UnitId>,
    role: Role,
    now: Timestamp,
) -> Result<Json<NameableList>, Stop> {
    let mut named = BTreeMap::new();
    for unit in units {
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
