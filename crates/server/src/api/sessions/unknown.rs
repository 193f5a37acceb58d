//! Tries with a login name that nobody has. They fail, are counted and lead to a lock exactly as those of an account, so that no
//! answer tells which names exist. The counts lie among the challenges, where they expire by themselves.

use super::tally::{after_failure, locked_out, policy, tally};
use super::visitor::Visitor;
use crate::app::{App, Stop};
use crate::http::{Code, Problem};
use crate::security::keyring::Purpose;
use jiff::Timestamp;
use serde_json::json;
use yinxin_registry::account::{Account, Failures};
use yinxin_store::{Challenge, StoreError};

const PURPOSE: &str = "unknown_login";

/// A login name as typed, in the one form accounts have; `None` for what cannot be one.
pub(super) fn login_name(typed: &str) -> Option<String> {
    let login = typed.trim().to_lowercase();
    Account::check_login(&login).is_ok().then_some(login)
}

/// Counts a try for a name that nobody has and records it; the answer.
///
/// # Errors
/// Problems of the database.
pub(super) async fn refuse(
    app: &App,
    visitor: &Visitor,
    login: Option<&str>,
    now: Timestamp,
) -> Result<Problem, Stop> {
    for _ in 0..super::login::ROUNDS {
        match refuse_once(app, visitor, login, now).await {
            // Another try for this name was faster.
            Err(StoreError::Conflict { .. }) => {}
            other => return Ok(other?),
        }
    }
    Ok(Problem::new(Code::Unavailable).retry_after(1))
}

async fn refuse_once(
    app: &App,
    visitor: &Visitor,
    login: Option<&str>,
    now: Timestamp,
) -> Result<Problem, StoreError> {
    let mut tx = app.store.begin().await?;
    let mut before = Failures::default();
    let mut after = Failures::default();
    let mut locked = None;
    if let Some(login) = login {
        let id = key(app, login);
        let kept = tx.take_challenge(&id, PURPOSE, now).await?;
        before = kept.and_then(|kept| serde_json::from_slice(&kept.payload).ok()).unwrap_or_default();
        locked = tally(&before).check(now).err();
        after = after_failure(&policy(app), &before, now);
        tx.add_challenge(&challenge(id, visitor, &after, now)?).await?;
    }
    let reason = if locked.is_some() { "LOCKED_OUT" } else { "LOGIN_FAILED" };
    let details = json!({
        "factor": "login",
        "failures": if locked.is_some() { before.count } else { after.count },
        "locked_until": after.until.map(|until| until.to_string()),
    });
    // What cannot be a login name may well be a password typed into the wrong field.
    let subject = login.unwrap_or("?");
    let entry = visitor.entry(None, subject, Some(reason), details, now);
    tx.append_audit(&app.audit_keys().0, std::slice::from_ref(&entry)).await?;
    tx.commit().await?;
    Ok(locked.map_or_else(|| Problem::new(Code::LoginFailed), |locked| locked_out(&locked)))
}

/// Where the count of a name lies: a code of it, as names typed by mistake are nobody's business.
fn key(app: &App, login: &str) -> String {
    let code = app.vault().ring().mac(Purpose::Token, &[b"yinxin unknown login 1", login.as_bytes()]);
    format!("{PURPOSE}:{}", hex::encode(code))
}

fn challenge(
    id: String,
    visitor: &Visitor,
    failures: &Failures,
    now: Timestamp,
) -> Result<Challenge, StoreError> {
    let forget = crate::security::lockout::LockoutPolicy::default().forget_after;
    let expires_at = failures.until.unwrap_or(now).saturating_add(forget).unwrap_or(Timestamp::MAX);
    Ok(Challenge {
        id,
        purpose: PURPOSE.to_owned(),
        subject: None,
        payload: serde_json::to_vec(failures)?,
        address: visitor.address.to_string(),
        created_at: now,
        expires_at,
    })
}

#[cfg(test)]
mod tests {
    use super::login_name;

    #[test]
    fn a_login_is_read_in_one_form_and_what_is_none_is_nobody() {
        assert_eq!(login_name(" Reviewer.One ").as_deref(), Some("reviewer.one"));
        assert_eq!(login_name("张三"), None);
        assert_eq!(login_name("x"), None);
        assert_eq!(login_name("two words"), None);
    }
}
