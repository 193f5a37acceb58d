//! The first three administrators (三员) of a new registry.

use super::one_time_password;
use crate::app::{App, Stop};
use crate::security::Secret;
use jiff::Timestamp;
use serde_json::json;
use yinxin_registry::account::{Account, AccountState, Credentials, Failures};
use yinxin_registry::audit::Entry;
use yinxin_registry::ids::AccountId;
use yinxin_registry::role::{Grant, Role, Scope};
use yinxin_store::Tx;

/// Login names and roles.
const FIRST: [(&str, Role); 3] = [
    ("system", Role::SystemAdministrator),
    ("security", Role::SecurityAdministrator),
    ("audit", Role::AuditAdministrator),
];

/// Makes the accounts `system`, `security` and `audit`, each with its role and a one-time password that must be changed; gives login
/// names and passwords, to be shown once and kept nowhere. Only at the first start: hashing goes on inside the transaction.
///
/// # Errors
/// `DUPLICATE` where one of the names is taken; problems of hashing and the database.
pub async fn first_administrators(
    app: &App,
    tx: &mut Tx,
    now: Timestamp,
) -> Result<Vec<(String, Secret)>, Stop> {
    let mut made = Vec::new();
    let mut entries = Vec::new();
    for (login, role) in FIRST {
        let (password, hash) = one_time_password(app).await?;
        let id = AccountId::new(now, &mut app.rng());
        let account = administrator(id, login, role, hash, now);
        tx.insert(&account).await?;
        entries.push(entry(&account, role, now));
        made.push((login.to_owned(), password));
    }
    tx.append_audit(&app.audit_keys().0, &entries).await?;
    Ok(made)
}

fn administrator(id: AccountId, login: &str, role: Role, hash: String, now: Timestamp) -> Account {
    Account {
        email: None,
        id,
        login: login.to_owned(),
        name: role.zh().to_owned(),
        state: AccountState::Active,
        credentials: Credentials {
            password: hash,
            former: Vec::new(),
            must_change: true,
            set_at: now,
            totp: None,
            totp_step: 0,
            certificates: Vec::new(),
        },
        failures: Failures::default(),
        grants: vec![Grant { role, scope: Scope::All, from: now, until: None, by: None }],
        created_at: now,
        created_by: None,
    }
}

fn entry(account: &Account, role: Role, now: Timestamp) -> Entry {
    let details = json!({ "login": account.login, "roles": [role.as_str()] });
    Entry::of_system("system", "account.create", account.id.as_str(), details, "start".to_owned(), now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use getrandom::SysRng;
    use getrandom::rand_core::UnwrapErr;

    #[test]
    fn the_first_three_are_sound_and_no_two_roles_could_be_one_account() {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        for (login, role) in FIRST {
            let id = AccountId::new(now, &mut UnwrapErr(SysRng));
            let account = administrator(id, login, role, String::new(), now);
            account.check().unwrap();
            assert!(account.credentials.must_change && account.needs_second_factor());
            for (_, other) in FIRST.iter().filter(|(_, other)| *other != role) {
                assert!(role.excludes(*other));
            }
        }
    }
}
