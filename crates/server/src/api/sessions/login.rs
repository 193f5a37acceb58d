//! Logging in with a password, and a one-time code where one is enrolled.

use super::form::{LONGEST, form};
use super::open::{Opened, end_old};
use super::tally::{after_failure, locked_out, policy, tally};
use super::unknown;
use super::view::{CurrentSession, PASSWORD, PASSWORD_TOTP};
use super::visitor::Visitor;
use crate::app::{App, Shared, Stop};
use crate::http::{Code, FieldError, Json, Problem};
use crate::security::Secret;
use crate::security::lockout::Locked;
use crate::security::password::PasswordCheck;
use crate::security::totp::TotpSecret;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::account::{Account, AccountState, Failures};
use yinxin_store::{StoreError, Versioned};

/// How often a try is begun anew when the account changed meanwhile.
pub(super) const ROUNDS: usize = 8;

/// Name, password and code.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// Login name.
    #[schema(min_length = 1, max_length = 128, example = "reviewer.one")]
    pub login: String,
    /// Password.
    #[schema(value_type = String, format = Password, min_length = 1, max_length = 512)]
    pub password: Secret,
    /// One-time code, where enrolled: six digits.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Password, min_length = 6, max_length = 16)]
    pub code: Option<Secret>,
}

/// 登录。 Begins a session and sets its cookie. A refusal does not tell whether the name or the password is wrong.
#[utoipa::path(
    post, path = "/sessions", tag = "sessions", operation_id = "sessions.login", summary = "登录 · Log in",
    request_body = Login, security(()), extensions(("x-no-idempotency-key" = json!(true))),
    responses(
        (status = 201, description = "会话，并设置 Cookie · the session; its cookie is set", body = CurrentSession),
        (status = 401, description = "`LOGIN_FAILED` 登录失败；`SECOND_FACTOR_REQUIRED` 还需要动态口令")
    )
)]
pub async fn login(
    State(app): State<Shared>,
    visitor: Visitor,
    headers: HeaderMap,
    Json(body): Json<Login>,
) -> Result<Response, Stop> {
    let now = app.now()?;
    check(&body)?;
    visitor.throttle(&app, now)?;
    let name = unknown::login_name(&body.login);
    for _ in 0..ROUNDS {
        let found = match &name {
            Some(name) => app.store.read().await?.account_by_login(name).await?,
            None => None,
        };
        // The password of a locked or closed account is not looked at, but the answer takes as long.
        let open = found
            .as_ref()
            .map(|a| &a.value)
            .filter(|a| a.state == AccountState::Active && tally(&a.failures).check(now).is_ok());
        let stored = open.map(|a| a.credentials.password.clone());
        let checked = app.hasher.check(form(&body.password), stored).await;
        let checked = checked.map_err(|error| crate::api::accounts::password_fault(&error))?;
        let Some(found) = found else {
            return Err(unknown::refuse(&app, &visitor, name.as_deref(), now).await?.into());
        };
        let attempt = Attempt::new(&app, &body, checked, now).await?;
        match attempt.settle(&app, &visitor, &headers, found).await {
            // The account changed since it was read: another try, at the same moment.
            Err(Stopped::Stale) => {}
            Err(Stopped::At(stop)) => return Err(stop),
            Ok(response) => return Ok(response),
        }
    }
    Err(Problem::new(Code::Unavailable).retry_after(1).into())
}

fn check(body: &Login) -> Result<(), Problem> {
    let mut problem = Problem::new(Code::Validation);
    if body.login.chars().count() > 128 {
        problem = problem.with_error(FieldError::body("/login", "OUT_OF_RANGE", "登录名过长", "too long"));
    }
    if body.password.reveal().len() > LONGEST || body.password.is_empty() {
        let (zh, en) = ("口令应为 1 至 512 个字节", "a password has 1 to 512 bytes");
        problem = problem.with_error(FieldError::body("/password", "OUT_OF_RANGE", zh, en));
    }
    if body.code.as_ref().is_some_and(|code| code.reveal().chars().count() > 16) {
        problem = problem.with_error(FieldError::body("/code", "OUT_OF_RANGE", "动态口令过长", "too long"));
    }
    if problem.document().errors.is_empty() { Ok(()) } else { Err(problem) }
}

/// One try of somebody who named an account.
struct Attempt {
    code: Option<Secret>,
    right: bool,
    rehashed: Option<String>,
    now: Timestamp,
}

enum Stopped {
    Stale,
    At(Stop),
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Stale { .. } => Self::Stale,
            other => Self::At(other.into()),
        }
    }
}

impl From<Problem> for Stopped {
    fn from(problem: Problem) -> Self {
        Self::At(problem.into())
    }
}

/// What comes of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Verdict {
    Locked(Locked),
    Failed(&'static str),
    CodeMissing,
    Passed { method: &'static str, step: Option<u64> },
}

impl Attempt {
    async fn new(app: &App, body: &Login, checked: PasswordCheck, now: Timestamp) -> Result<Self, Problem> {
        let rehashed = match checked {
            PasswordCheck::Right { rehash: true } => {
                let hash = app.hasher.hash(form(&body.password), &mut app.rng()).await;
                Some(hash.map_err(|error| crate::api::accounts::password_fault(&error))?)
            }
            _ => None,
        };
        let right = matches!(checked, PasswordCheck::Right { .. });
        Ok(Self { code: body.code.clone(), right, rehashed, now })
    }

    fn judge(&self, app: &App, account: &Account) -> Result<Verdict, Problem> {
        if let Err(locked) = tally(&account.failures).check(self.now) {
            return Ok(Verdict::Locked(locked));
        }
        if account.state != AccountState::Active {
            return Ok(Verdict::Failed("state"));
        }
        if !self.right {
            return Ok(Verdict::Failed("password"));
        }
        let Some(cipher) = &account.credentials.totp else {
            return Ok(Verdict::Passed { method: PASSWORD, step: None });
        };
        let Some(code) = &self.code else { return Ok(Verdict::CodeMissing) };
        let secret = super::totp::reveal(app, &account.id, cipher)?;
        Ok(verdict_of(&secret, code, account.credentials.totp_step, self.now))
    }

    /// Saves what the try makes of the account, with its record; gives the session or the refusal.
    async fn settle(
        self,
        app: &App,
        visitor: &Visitor,
        headers: &HeaderMap,
        found: Versioned<Account>,
    ) -> Result<Response, Stopped> {
        let verdict = self.judge(app, &found.value)?;
        let account = self.after(app, found.value.clone(), &verdict);
        let mut tx = app.store.begin().await?;
        if account == found.value {
            let present = tx.get::<Account>(account.id.as_str()).await?;
            if present.version != found.version {
                return Err(Stopped::Stale);
            }
        } else {
            tx.save(&account, found.version).await?;
        }
        let subject = account.id.as_str().to_owned();
        let failures = json!({
            "failures": account.failures.count,
            "locked_until": account.failures.until.map(|until| until.to_string()),
        });
        let (entry, outcome) = match &verdict {
            Verdict::Passed { method, .. } => {
                let address = visitor.address.to_string();
                let opened = Opened::new(app, &account, method, address, visitor.agent.clone(), self.now);
                end_old(app, &mut tx, headers).await?;
                tx.add_session(&opened.row).await?;
                let details = json!({ "method": method, "session": opened.row.id });
                (visitor.entry(Some(&account), &subject, None, details, self.now), Ok(opened))
            }
            Verdict::Locked(locked) => (
                visitor.entry(None, &subject, Some("LOCKED_OUT"), failures, self.now),
                Err(locked_out(locked)),
            ),
            Verdict::Failed(factor) => {
                let mut details = failures;
                if let Some(details) = details.as_object_mut() {
                    details.insert("factor".to_owned(), json!(factor));
                }
                let entry = visitor.entry(None, &subject, Some("LOGIN_FAILED"), details, self.now);
                (entry, Err(Problem::new(Code::LoginFailed)))
            }
            Verdict::CodeMissing => {
                let reason = Some("SECOND_FACTOR_REQUIRED");
                let entry = visitor.entry(None, &subject, reason, failures, self.now);
                (entry, Err(Problem::new(Code::SecondFactorRequired)))
            }
        };
        tx.append_audit(&app.audit_keys().0, std::slice::from_ref(&entry)).await?;
        tx.commit().await?;
        let opened = outcome?;
        Ok(opened.with_cookie(app, opened.answer(app, &account, true)?)?)
    }

    /// The account after the try.
    fn after(&self, app: &App, mut account: Account, verdict: &Verdict) -> Account {
        match verdict {
            Verdict::Locked(_) | Verdict::CodeMissing => {}
            Verdict::Failed(_) => {
                account.failures = after_failure(&policy(app), &account.failures, self.now);
            }
            Verdict::Passed { step, .. } => {
                account.failures = Failures::default();
                if let Some(step) = step {
                    account.credentials.totp_step = *step;
                }
                if let Some(hash) = &self.rehashed {
                    account.credentials.password.clone_from(hash);
                }
                if app.config.security.password_policy().is_expired(account.credentials.set_at, self.now) {
                    account.credentials.must_change = true;
                }
            }
        }
        account
    }
}

fn verdict_of(secret: &TotpSecret, code: &Secret, last_step: u64, now: Timestamp) -> Verdict {
    match secret.verify(code.reveal(), last_step, now) {
        Ok(step) => Verdict::Passed { method: PASSWORD_TOTP, step: Some(step) },
        Err(refused) => Verdict::Failed(refused.code()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use getrandom::SysRng;
    use getrandom::rand_core::UnwrapErr;

    #[test]
    fn a_code_counts_once_and_a_wrong_one_never() {
        let secret = TotpSecret::generate(&mut UnwrapErr(SysRng));
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let code = secret.code_at(now).unwrap();
        let Verdict::Passed { method, step: Some(step) } = verdict_of(&secret, &code, 0, now) else {
            panic!("a good code was refused");
        };
        assert_eq!(method, PASSWORD_TOTP);
        assert_eq!(verdict_of(&secret, &code, step, now), Verdict::Failed("TOTP_REPLAYED"));
        let old = secret.code_at(Timestamp::from_second(1_799_990_000).unwrap()).unwrap();
        assert_eq!(verdict_of(&secret, &old, 0, now), Verdict::Failed("TOTP_WRONG"));
    }
}
