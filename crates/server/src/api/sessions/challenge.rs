//! Challenges that certificates answer.

use super::visitor::Visitor;
use crate::api::encoded::{bad, bytes, certificate};
use crate::app::{App, Shared, Stop, Subject, Work};
use crate::auth::Caller;
use crate::http::{Code, FieldError, Json, NoBody, Problem, StoredResponse};
use crate::security::challenge::{CertificateIdentity, Challenge, ChallengePurpose, Expected, verify};
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use yinxin_formats::x509::Certificate;
use yinxin_seal::Policy;

/// Purpose of a login among the challenges.
const LOGIN: &str = "login";
/// Purpose of a binding.
const BIND: &str = "bind";

/// A challenge to be signed with the key of a certificate.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChallengeView {
    /// Names the challenge in the answer.
    #[schema(min_length = 43, max_length = 43)]
    pub challenge: String,
    /// The exact text to sign: UTF-8, five lines, SM2 with SM3 and the user identifier 1234567812345678.
    pub text: String,
    /// Until when it may be answered.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

/// An answer to a challenge.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CertificateAnswer {
    /// `challenge` as it was given.
    #[schema(min_length = 43, max_length = 43)]
    pub challenge: String,
    /// Certificate, DER in Base64.
    #[schema(max_length = 16384)]
    pub certificate: String,
    /// Signature over the text: DER or r‖s, in Base64.
    #[schema(max_length = 512)]
    pub signature: String,
    /// Issuers of the certificate, DER in Base64, where the server may not have them.
    #[serde(default)]
    #[schema(max_items = 5)]
    pub chain: Vec<String>,
}

/// 登录挑战。 A challenge to log in with a certificate; to be answered once, within two minutes.
#[utoipa::path(
    post, path = "/login-challenges", tag = "sessions", operation_id = "login_challenges.make", summary = "证书登录：取得挑战 · A challenge to log in with a certificate",
    request_body(content = Option<NoBody>), security(()), extensions(("x-no-idempotency-key" = json!(true))),
    responses((status = 200, description = "挑战 · the challenge", body = ChallengeView))
)]
pub async fn for_login(
    State(app): State<Shared>,
    visitor: Visitor,
    Json(NoBody): Json<NoBody>,
) -> Result<Json<ChallengeView>, Stop> {
    let now = app.now()?;
    visitor.throttle(&app, now)?;
    let challenge = make(&app, ChallengePurpose::Login, now)?;
    let mut tx = app.store.begin().await?;
    tx.add_challenge(&kept(&challenge, LOGIN, None, &visitor.address.to_string(), now)?).await?;
    tx.commit().await?;
    Ok(Json(view(&challenge)))
}

/// 绑定挑战。 A challenge to bind a certificate to one's own account.
#[utoipa::path(
    post, path = "/session/challenges", tag = "sessions", operation_id = "session.make_challenge", summary = "绑定证书：取得挑战 · A challenge to bind a certificate",
    request_body(content = Option<NoBody>), extensions(("x-no-idempotency-key" = json!(true))),
    responses((status = 200, description = "挑战 · the challenge", body = ChallengeView))
)]
pub async fn for_binding(
    State(app): State<Shared>,
    caller: Caller,
    Json(NoBody): Json<NoBody>,
) -> Result<Response, Stop> {
    let (account, _, _) = caller.person()?;
    let mut work = Work::begin_keyless(&app, &caller).await?;
    let challenge = make(&app, ChallengePurpose::Bind(account.id.as_str().to_owned()), work.now)?;
    let subject = account.id.as_str();
    let row = kept(&challenge, BIND, Some(subject), caller.address(), work.now)?;
    work.tx.add_challenge(&row).await?;
    work.record(&caller.myself(), "session.make_challenge", &Subject::registry(subject), None, json!({}));
    work.finish(StoredResponse::ok(&view(&challenge))?).await
}

/// Whose certificate answered a challenge of a purpose. The challenge is used up, whatever comes of it.
///
/// # Errors
/// `LOGIN_FAILED` for a challenge that is not there or a signature that does not hold; `VALIDATION` for what cannot be read.
pub(super) async fn answered(
    app: &App,
    answer: &CertificateAnswer,
    purpose: &ChallengePurpose,
    now: Timestamp,
) -> Result<CertificateIdentity, Stop> {
    let own = certificate(&answer.certificate, "/certificate")?;
    let signature = bytes(&answer.signature, "/signature", 512)?;
    if answer.chain.len() > 5 {
        return Err(bad("/chain", "最多 5 张证书", "at most five certificates").into());
    }
    let chain: Vec<Certificate> =
        answer.chain.iter().map(|text| certificate(text, "/chain")).collect::<Result<_, _>>()?;
    let word = if *purpose == ChallengePurpose::Login { LOGIN } else { BIND };
    let mut tx = app.store.begin().await?;
    let taken = tx.take_challenge(&answer.challenge, word, now).await?;
    tx.commit().await?;
    let taken = taken.ok_or_else(|| {
        let (zh, en) = (
            "登录挑战不存在、已使用或已过期，请重新取得。",
            "There is no such challenge, or it was used or has expired.",
        );
        Problem::new(Code::LoginFailed).detail(zh, en)
    })?;
    let challenge: Challenge =
        serde_json::from_slice(&taken.payload).map_err(|_| Problem::new(Code::Integrity))?;
    let base = app.base();
    let trust = app.authority.trust();
    let expected = Expected { purpose, origin: origin_of(&base), facts: &trust, policy: Policy::Default };
    verify(&challenge, &signature, &own, &chain, expected, now).map_err(|refused| {
        let (zh, en) = crate::api::words::both(&refused.to_string());
        let field = FieldError::body("", refused.code(), zh.clone(), en.clone());
        Problem::new(Code::LoginFailed).detail(zh, en).with_error(field).into()
    })
}

fn make(app: &App, purpose: ChallengePurpose, now: Timestamp) -> Result<Challenge, Problem> {
    Challenge::new(purpose, origin_of(&app.base()), now, &mut app.rng()).map_err(|refused| {
        tracing::error!(code = refused.code(), "public_url cannot stand in a challenge");
        Problem::new(Code::Internal)
    })
}

fn kept(
    challenge: &Challenge,
    purpose: &str,
    subject: Option<&str>,
    address: &str,
    now: Timestamp,
) -> Result<yinxin_store::Challenge, Problem> {
    Ok(yinxin_store::Challenge {
        id: challenge.nonce.clone(),
        purpose: purpose.to_owned(),
        subject: subject.map(str::to_owned),
        payload: serde_json::to_vec(challenge).map_err(|_| Problem::new(Code::Internal))?,
        address: address.to_owned(),
        created_at: now,
        expires_at: challenge.expires_at,
    })
}

fn view(challenge: &Challenge) -> ChallengeView {
    ChallengeView {
        challenge: challenge.nonce.clone(),
        text: challenge.to_sign(),
        expires_at: challenge.expires_at,
    }
}

/// Scheme, host and port of an address.
fn origin_of(url: &str) -> &str {
    let host = url.find("://").map_or(0, |place| place + 3);
    let rest = url.get(host..).unwrap_or_default();
    let end = rest.find('/').map_or(url.len(), |place| host + place);
    url.get(..end).unwrap_or(url)
}

#[cfg(test)]
mod tests {
    use super::origin_of;

    #[test]
    fn an_origin_has_no_path() {
        assert_eq!(origin_of("https://seal.example.gov.cn/yinxin"), "https://seal.example.gov.cn");
        assert_eq!(origin_of("https://seal.example.gov.cn:8443"), "https://seal.example.gov.cn:8443");
    }
}
