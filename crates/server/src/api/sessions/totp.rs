//! Enrolling one-time codes (动态口令): the secret is shown once, and counts from the first code on.

use super::open::Opened;
use super::password::count_failure;
use super::tally::{locked_out, tally};
use super::view::{CERTIFICATE, CurrentSession, PASSWORD_TOTP};
use crate::api::words::both;
use crate::app::{App, Shared, Stop, Subject, Work};
use crate::auth::Caller;
use crate::http::{Code, FieldError, Json, Problem, StoredResponse};
use crate::security::Secret;
use crate::security::totp::{TotpRefused, TotpSecret};
use crate::security::vault::Place;
use axum::extract::State;
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::account::Account;
use yinxin_registry::ids::AccountId;
use yinxin_store::Challenge;

/// Field of the secrets in the vault.
/// Field of the secrets of one-time codes in the vault.
pub const FIELD: &str = "account.totp";
/// Purpose of a pending enrollment among the challenges.
const PURPOSE: &str = "totp";
/// How long an enrollment may be confirmed.
const LIFETIME: SignedDuration = SignedDuration::from_mins(10);

/// Begins an enrollment.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginTotp {
    /// Where one-time codes are enrolled already: a code of the present device.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Password, min_length = 6, max_length = 16)]
    pub code: Option<Secret>,
}

/// The secret of an enrollment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TotpEnrollment {
    /// Secret, Base32, to be typed into an authenticator.
    pub secret: String,
    /// The same as an `otpauth://` address, for a QR code.
    pub uri: String,
    /// Until when it may be confirmed.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

/// A one-time code.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmTotp {
    /// First code of the new secret.
    #[schema(value_type = String, format = Password, min_length = 6, max_length = 16)]
    pub code: Secret,
}

/// 申请启用动态口令。 Makes a secret and shows it once; it counts only after it was confirmed.
#[utoipa::path(
    post, path = "/session/totp", tag = "sessions", operation_id = "session.begin_totp", summary = "启用动态口令：取得密钥 · Begin to enroll one-time codes",
    request_body = Option<BeginTotp>, extensions(("x-no-idempotency-key" = json!(true))),
    responses((status = 200, description = "密钥，只显示一次 · the secret, shown once", body = TotpEnrollment))
)]
pub async fn begin(
    State(app): State<Shared>,
    caller: Caller,
    Json(body): Json<Option<BeginTotp>>,
) -> Result<Response, Stop> {
    let (account, version, _) = caller.person()?;
    let code = body.unwrap_or_default().code;
    let step = proven_step(&app, &caller, account, code).await?;
    let secret = TotpSecret::generate(&mut app.rng());
    let mut work = Work::begin_keyless(&app, &caller).await?;
    if let Some(step) = step {
        let mut account = account.clone();
        account.credentials.totp_step = step;
        work.tx.save(&account, version).await.map_err(super::raced)?;
    }
    let expires_at = work.now.saturating_add(LIFETIME).unwrap_or(Timestamp::MAX);
    let pending = pending(&app, &caller, &account.id, &secret, (work.now, expires_at))?;
    // Of two begun enrollments the later counts.
    work.tx.take_challenge(&pending.id, PURPOSE, work.now).await?;
    work.tx.add_challenge(&pending).await?;
    let subject = Subject::registry(account.id.as_str());
    work.record(&caller.myself(), "session.begin_totp", &subject, None, json!({ "again": step.is_some() }));
    let answer = TotpEnrollment {
        secret: secret.to_base32().reveal().to_owned(),
        uri: secret.to_uri(&account.login).reveal().to_owned(),
        expires_at,
    };
    work.finish(StoredResponse::ok(&answer)?).await
}

/// 确认动态口令。 Takes the new secret into use; from now on this session counts as proven by two factors.
#[utoipa::path(
    put, path = "/session/totp", tag = "sessions", operation_id = "session.confirm_totp", summary = "启用动态口令：确认 · Confirm the enrollment",
    request_body = ConfirmTotp, extensions(("x-no-if-match" = json!(true))),
    responses((status = 200, description = "会话，并更新 Cookie · the session; its cookie is renewed", body = CurrentSession))
)]
pub async fn confirm(
    State(app): State<Shared>,
    caller: Caller,
    Json(body): Json<ConfirmTotp>,
) -> Result<Response, Stop> {
    let (account, version, session) = caller.person()?;
    let mut work = Work::begin_keyless(&app, &caller).await?;
    let pending = work.tx.take_challenge(&pending_id(&account.id), PURPOSE, work.now).await?;
    let pending = pending.ok_or_else(|| {
        let (zh, en) =
            ("没有待确认的动态口令，请重新申请。", "There is no enrollment to confirm: begin again.");
        Problem::new(Code::NotFound).detail(zh, en)
    })?;
    let cipher = String::from_utf8(pending.payload).map_err(|_| Problem::new(Code::Integrity))?;
    let secret = reveal(&app, &account.id, &cipher)?;
    // A refusal drops the transaction, so the enrollment stays for another code.
    let step = secret.verify(body.code.reveal(), 0, work.now).map_err(|refused| wrong_code(&refused))?;
    let mut changed = account.clone();
    changed.credentials.totp = Some(cipher);
    changed.credentials.totp_step = step;
    work.tx.save(&changed, version).await.map_err(super::raced)?;
    let method = if session.method == CERTIFICATE { CERTIFICATE } else { PASSWORD_TOTP };
    let opened = Opened::instead_of(&app, session, method, work.now);
    work.tx.end_session(&session.id).await?;
    work.tx.add_session(&opened.row).await?;
    let subject = Subject::registry(account.id.as_str());
    let details = json!({ "session": opened.row.id });
    work.record(&caller.myself(), "session.confirm_totp", &subject, None, details);
    let response = work.finish(opened.answer(&app, &changed, false)?).await?;
    Ok(opened.with_cookie(&app, response)?)
}

/// Where codes are enrolled already, the step of a code of the present device.
async fn proven_step(
    app: &App,
    caller: &Caller,
    account: &Account,
    code: Option<Secret>,
) -> Result<Option<u64>, Stop> {
    let Some(cipher) = &account.credentials.totp else { return Ok(None) };
    let now = app.now()?;
    tally(&account.failures).check(now).map_err(|locked| locked_out(&locked))?;
    let Some(code) = code else {
        let (zh, en) = ("已启用动态口令，请提供现有设备的动态口令", "a code of the present device is needed");
        return Err(Problem::new(Code::Validation)
            .with_error(FieldError::body("/code", "REQUIRED", zh, en))
            .into());
    };
    match reveal(app, &account.id, cipher)?.verify(code.reveal(), account.credentials.totp_step, now) {
        Ok(step) => Ok(Some(step)),
        Err(refused) => {
            count_failure(app, caller, account.id.as_str(), "session.begin_totp").await?;
            Err(wrong_code(&refused).into())
        }
    }
}

fn wrong_code(refused: &TotpRefused) -> Problem {
    let (zh, en) = both(&refused.to_string());
    Problem::new(Code::Validation).with_error(FieldError::body("/code", refused.code(), zh, en))
}

/// The secret of an account.
///
/// # Errors
/// `INTEGRITY` when it does not open.
pub(super) fn reveal(app: &App, account: &AccountId, cipher: &str) -> Result<TotpSecret, Problem> {
    let damaged = |code: &str| {
        tracing::error!(account = account.as_str(), code, "a secret of one-time codes cannot be read");
        Problem::new(Code::Integrity)
    };
    let text = app.vault().reveal(Place::new(FIELD, account.as_str()), cipher);
    let text = text.map_err(|error| damaged(error.code()))?;
    TotpSecret::from_base32(&text).map_err(|refused| damaged(refused.code()))
}

fn pending_id(account: &AccountId) -> String {
    format!("{PURPOSE}:{account}")
}

fn pending(
    app: &App,
    caller: &Caller,
    account: &AccountId,
    secret: &TotpSecret,
    (created_at, expires_at): (Timestamp, Timestamp),
) -> Result<Challenge, Problem> {
    let place = Place::new(FIELD, account.as_str());
    let cipher =
        app.vault().encrypt(place, secret.to_base32().reveal(), &mut app.rng()).map_err(|error| {
            tracing::error!(code = error.code(), "a secret of one-time codes cannot be encrypted");
            Problem::new(Code::Internal)
        })?;
    Ok(Challenge {
        id: pending_id(account),
        purpose: PURPOSE.to_owned(),
        subject: Some(account.as_str().to_owned()),
        payload: cipher.into_bytes(),
        address: caller.address().to_owned(),
        created_at,
        expires_at,
    })
}
