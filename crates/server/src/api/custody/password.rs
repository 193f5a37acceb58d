//! Tries with the activation password of a seal. Every try is counted before its outcome is told.

use crate::api::accounts::password_fault;
use crate::api::seals;
use crate::app::{App, Stop};
use crate::auth::Caller;
use crate::http::{Code, Problem};
use crate::security::Secret;
use crate::security::password::PasswordCheck;
use serde_json::json;
use yinxin_registry::audit::{Entry, Outcome};
use yinxin_registry::custody::activation::{Activation, Policy};
use yinxin_registry::ids::AccountId;
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::lifecycle::{By, Refused};
use yinxin_store::StoreError;

/// How often a try is counted anew because somebody else tried at the same moment.
const ROUNDS: usize = 20;

/// How passwords of seals are treated: age and memory as those of accounts.
pub fn policy(app: &App) -> Policy {
    let rules = app.config.security.password_policy();
    let default = Policy::default();
    Policy {
        days_valid: match rules.max_age_days {
            0 => u16::MAX,
            days => u16::try_from(days).unwrap_or(u16::MAX),
        },
        remember: u16::try_from(rules.history).unwrap_or(default.remember),
        ..default
    }
}

/// Whether this password activates the seal for who asks. A wrong one is counted and recorded.
///
/// The inner error is a refusal: `ACTIVATION_LOCKED`, `ACTIVATION_WRONG`, `NOT_THE_KEEPER`, `PASSWORD_CHANGE_NEEDED`.
///
/// # Errors
/// Problems of the database.
pub async fn unlock(
    app: &App,
    caller: &Caller,
    seal: &Seal,
    by: &By,
    password: &Secret,
) -> Result<Result<(), Refused>, Stop> {
    let keeper = AccountId::parse(&by.id).map_err(|_| Problem::new(Code::Forbidden))?;
    Ok(match tried(app, caller, seal, by, password).await? {
        Ok(activation) => activation.may_activate(&keeper, app.now()?),
        Err(refused) => Err(refused),
    })
}

/// The activation, where the password was right.
///
/// # Errors
/// As [`unlock`].
pub(super) async fn tried(
    app: &App,
    caller: &Caller,
    seal: &Seal,
    by: &By,
    password: &Secret,
) -> Result<Result<Activation, Refused>, Stop> {
    let id = seal.id().as_str();
    let found = app.store.read().await?.get::<Activation>(id).await?;
    if let Err(refused) = found.value.may_try(app.now()?) {
        return Ok(Err(refused));
    }
    let stored = found.value.verifier().to_owned();
    let check = app.hasher.check(password.clone(), Some(stored.clone())).await;
    let right = matches!(check.map_err(|error| password_fault(&error))?, PasswordCheck::Right { .. });
    for _ in 0..ROUNDS {
        let now = app.now()?;
        let mut tx = app.store.begin().await?;
        let found = tx.get::<Activation>(id).await?;
        // Tries at the same moment do not get around the lock, nor does one with a password that was changed meanwhile.
        if let Err(refused) = found.value.may_try(now) {
            return Ok(Err(refused));
        }
        let right = right && found.value.verifier() == stored;
        let before = found.value.clone();
        let (after, locked) = found.value.tried(right, &policy(app), now);
        if after != before {
            match tx.save(&after, found.version).await {
                Ok(_) => {}
                Err(StoreError::Stale { .. }) => continue,
                Err(error) => return Err(error.into()),
            }
        }
        if !right {
            let about = seals::subject(seal);
            let entry = Entry {
                at: now,
                actor: caller.actor(by),
                action: "custody.activate".to_owned(),
                subject: about.id,
                area_path: about.area.as_str().to_owned(),
                unit: about.unit.map(|unit| unit.to_string()),
                outcome: Outcome::Refused,
                reason: Some("ACTIVATION_WRONG".to_owned()),
                details: json!({ "locked": locked }),
                request_id: caller.request_id().to_owned(),
            };
            tx.append_audit(&app.audit_keys().0, std::slice::from_ref(&entry)).await?;
        }
        tx.commit().await?;
        return Ok(match right {
            true => Ok(after),
            false => Err(Refused::rule(
                "ACTIVATION_WRONG",
                "印章激活口令不正确",
                "the activation password is wrong",
            )),
        });
    }
    Err(Problem::new(Code::Unavailable).retry_after(1).into())
}
