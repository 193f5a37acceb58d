//! Changing one's own password.

use super::form::{LONGEST, form, is_one_time};
use super::open::Opened;
use super::tally::{after_failure, locked_out, policy, tally};
use super::view::CurrentSession;
use crate::api::accounts::password_fault;
use crate::api::words::both;
use crate::app::{App, Shared, Stop, Subject, Work};
use crate::auth::Caller;
use crate::http::{Code, FieldError, Json, Problem};
use crate::security::Secret;
use crate::security::password::{PasswordCheck, PasswordPolicy, PasswordRefused};
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::account::{Account, Failures};
use yinxin_registry::audit::{Entry, Outcome};
use yinxin_store::{StoreError, Versioned};

/// The present password and the next.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The present one, or the one-time password.
    #[schema(value_type = String, format = Password, min_length = 1, max_length = 512)]
    pub current: Secret,
    /// The next: by default 12 characters or more, or 10 of three kinds; none of the last five.
    #[schema(value_type = String, format = Password, min_length = 8, max_length = 128)]
    pub new: Secret,
}

/// 修改口令。 Changes one's own password, ends one's other sessions and gives this one another token.
#[utoipa::path(
    post, path = "/session/password", tag = "sessions", operation_id = "session.change_password", summary = "修改口令 · Change my password",
    request_body = ChangePassword, extensions(("x-no-idempotency-key" = json!(true))),
    responses((status = 200, description = "会话，并更新 Cookie · the session; its cookie is renewed", body = CurrentSession))
)]
pub async fn change(
    State(app): State<Shared>,
    caller: Caller,
    Json(body): Json<ChangePassword>,
) -> Result<Response, Stop> {
    let (account, version, session) = caller.person()?;
    let now = app.now()?;
    let rules = app.config.security.password_policy();
    acceptable(&rules, &body.new, &account.login)?;
    tally(&account.failures).check(now).map_err(|locked| locked_out(&locked))?;
    if !is_right(&app, account, &body.current).await? {
        return Err(fail(&app, &caller, account.id.as_str()).await?.into());
    }
    let hash = next_hash(&app, &rules, account, body.new).await?;
    let mut work = Work::begin_keyless(&app, &caller).await?;
    let changed = with_password(account.clone(), hash, rules.history, work.now);
    // Whatever was checked above was checked against this version.
    work.tx.save(&changed, version).await.map_err(super::raced)?;
    let ended = work.tx.end_sessions_of(account.id.as_str(), "").await?.saturating_sub(1);
    let opened = Opened::instead_of(&app, session, &session.method, work.now);
    work.tx.add_session(&opened.row).await?;
    let subject = Subject::registry(account.id.as_str());
    let details = json!({ "sessions_ended": ended, "session": opened.row.id });
    work.record(&caller.myself(), "session.change_password", &subject, None, details);
    let response = work.finish(opened.answer(&app, &changed, false)?).await?;
    Ok(opened.with_cookie(&app, response)?)
}

fn field(pointer: &str, code: &'static str, text: &str) -> Problem {
    let (zh, en) = both(text);
    Problem::new(Code::Validation).with_error(FieldError::body(pointer, code, zh, en))
}

fn acceptable(rules: &PasswordPolicy, new: &Secret, login: &str) -> Result<(), Problem> {
    if let Err(refused) = rules.check(new, login) {
        return Err(field("/new", refused.code(), &refused.to_string()));
    }
    if is_one_time(new) {
        let text = "口令不能是一次性口令的形式 / a password cannot have the form of a one-time password";
        return Err(field("/new", "PASSWORD_ONE_TIME_FORM", text));
    }
    Ok(())
}

async fn is_right(app: &App, account: &Account, current: &Secret) -> Result<bool, Problem> {
    if current.reveal().len() > LONGEST {
        return Ok(false);
    }
    let stored = Some(account.credentials.password.clone());
    match app.hasher.check(form(current), stored).await {
        Ok(checked) => Ok(matches!(checked, PasswordCheck::Right { .. })),
        Err(error) => Err(password_fault(&error)),
    }
}

async fn next_hash(
    app: &App,
    rules: &PasswordPolicy,
    account: &Account,
    new: Secret,
) -> Result<String, Problem> {
    let credentials = &account.credentials;
    let mut known = vec![credentials.password.clone()];
    known.extend(credentials.former.iter().cloned());
    let reused = app.hasher.is_reused(new.clone(), known, rules.history).await;
    if reused.map_err(|error| password_fault(&error))? {
        let refused = PasswordRefused::Reused { last: rules.history };
        return Err(field("/new", refused.code(), &refused.to_string()));
    }
    app.hasher.hash(new, &mut app.rng()).await.map_err(|error| password_fault(&error))
}

fn with_password(mut account: Account, hash: String, history: usize, now: Timestamp) -> Account {
    let credentials = &mut account.credentials;
    let old = std::mem::replace(&mut credentials.password, hash);
    credentials.former.insert(0, old);
    credentials.former.truncate(history);
    credentials.must_change = false;
    credentials.set_at = now;
    account.failures = Failures::default();
    account
}

/// Counts a wrong password or code of somebody who is logged in, with its record; the answer. The session may be in wrong hands.
///
/// # Errors
/// Problems of the database.
async fn fail(app: &App, caller: &Caller, id: &str) -> Result<Problem, Stop> {
    count_failure(app, caller, id, "session.change_password").await?;
    Ok(field("/current", "PASSWORD_WRONG", "当前口令不正确 / the present password is wrong"))
}

/// Counts a failure of a person who is logged in. When it locks the account, his sessions end.
///
/// # Errors
/// Problems of the database.
pub(super) async fn count_failure(app: &App, caller: &Caller, id: &str, action: &str) -> Result<(), Stop> {
    for _ in 0..super::login::ROUNDS {
        let now = app.now()?;
        let mut tx = app.store.begin().await?;
        let Versioned { version, mut value } = tx.get::<Account>(id).await?;
        value.failures = after_failure(&policy(app), &value.failures, now);
        let locked = tally(&value.failures).check(now).is_err();
        match tx.save(&value, version).await {
            Ok(_) => {}
            Err(StoreError::Stale { .. }) => continue,
            Err(error) => return Err(error.into()),
        }
        if locked {
            tx.end_sessions_of(id, "").await?;
        }
        let entry = Entry {
            at: now,
            actor: caller.actor(&caller.myself()),
            action: action.to_owned(),
            subject: id.to_owned(),
            area_path: yinxin_registry::area::AreaPath::nation().as_str().to_owned(),
            unit: None,
            outcome: Outcome::Refused,
            reason: Some("WRONG".to_owned()),
            details: json!({ "failures": value.failures.count, "locked": locked }),
            request_id: caller.request_id().to_owned(),
        };
        tx.append_audit(&app.audit_keys().0, std::slice::from_ref(&entry)).await?;
        tx.commit().await?;
        return Ok(());
    }
    Err(Problem::new(Code::Unavailable).retry_after(1).into())
}
