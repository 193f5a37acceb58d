//! Logging in with a certificate, and which certificates may.

use super::challenge::{CertificateAnswer, answered};
use super::open::{Opened, end_old};
use super::tally::{locked_out, tally};
use super::view::{CERTIFICATE, CurrentSession};
use super::visitor::Visitor;
use crate::api::accounts::BoundCertificateView;
use crate::app::{App, Shared, Stop, Subject, Work};
use crate::auth::Caller;
use crate::http::{Code, Json, Path, Problem, StoredResponse};
use crate::security::challenge::{CertificateIdentity, ChallengePurpose};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::Timestamp;
use serde_json::json;
use yinxin_registry::account::{Account, AccountState, CertificateBinding, Failures};

/// Most certificates of an account.
const MOST: usize = 10;

/// 证书登录。 Begins a session for the account that the certificate is bound to.
#[utoipa::path(
    post, path = "/sessions/certificate", tag = "sessions", operation_id = "sessions.login_with_certificate", summary = "证书登录 · Log in with a certificate",
    request_body = CertificateAnswer, security(()), extensions(("x-no-idempotency-key" = json!(true))),
    responses(
        (status = 201, description = "会话，并设置 Cookie · the session; its cookie is set", body = CurrentSession),
        (status = 401, description = "`LOGIN_FAILED` 登录失败")
    )
)]
pub async fn login(
    State(app): State<Shared>,
    visitor: Visitor,
    headers: HeaderMap,
    Json(body): Json<CertificateAnswer>,
) -> Result<Response, Stop> {
    let now = app.now()?;
    visitor.throttle(&app, now)?;
    let identity = match answered(&app, &body, &ChallengePurpose::Login, now).await {
        Ok(identity) => identity,
        Err(Stop::Problem(problem)) if problem.code() == Code::LoginFailed => {
            refuse(&app, &visitor, "?", problem.document().errors.first().map(|e| e.code), now).await?;
            return Err(problem.into());
        }
        Err(stop) => return Err(stop),
    };
    let mut tx = app.store.begin().await?;
    let found = tx.account_by_certificate(&identity.issuer, &identity.serial).await?;
    let found = found.filter(|found| is_bound(&found.value, &identity));
    let Some(found) = found.filter(|found| found.value.state == AccountState::Active) else {
        tx.rollback().await?;
        refuse(&app, &visitor, &identity.digest, Some("CERTIFICATE_UNBOUND"), now).await?;
        return Err(Problem::new(Code::LoginFailed).into());
    };
    let mut account = found.value;
    if let Err(locked) = tally(&account.failures).check(now) {
        tx.rollback().await?;
        refuse(&app, &visitor, account.id.as_str(), Some("LOCKED_OUT"), now).await?;
        return Err(locked_out(&locked).into());
    }
    if account.failures != Failures::default() {
        account.failures = Failures::default();
        tx.save(&account, found.version).await.map_err(super::raced)?;
    }
    let address = visitor.address.to_string();
    let opened = Opened::new(&app, &account, CERTIFICATE, address, visitor.agent.clone(), now);
    end_old(&app, &mut tx, &headers).await?;
    tx.add_session(&opened.row).await?;
    let details = json!({
        "method": CERTIFICATE, "session": opened.row.id, "certificate": identity.digest,
        "revocation_checked": identity.revocation_checked,
    });
    let entry = visitor.entry(Some(&account), account.id.as_str(), None, details, now);
    tx.append_audit(&app.audit_keys().0, std::slice::from_ref(&entry)).await?;
    tx.commit().await?;
    Ok(opened.with_cookie(&app, opened.answer(&app, &account, true)?)?)
}

/// Issuer and serial number find the account; the digest makes sure that it is this very certificate.
fn is_bound(account: &Account, identity: &CertificateIdentity) -> bool {
    account.credentials.certificates.iter().any(|bound| bound.digest == identity.digest)
}

async fn refuse(
    app: &App,
    visitor: &Visitor,
    subject: &str,
    reason: Option<&str>,
    now: Timestamp,
) -> Result<(), Stop> {
    let reason = reason.unwrap_or("LOGIN_FAILED");
    let entry = visitor.entry(None, subject, Some(reason), json!({ "factor": "certificate" }), now);
    let mut tx = app.store.begin().await?;
    tx.append_audit(&app.audit_keys().0, std::slice::from_ref(&entry)).await?;
    tx.commit().await?;
    Ok(())
}

/// 绑定证书。 Binds a certificate to one's own account, by a signature over a challenge made for that.
#[utoipa::path(
    post, path = "/session/certificates", tag = "sessions", operation_id = "session.bind_certificate", summary = "绑定证书 · Bind a certificate",
    request_body = CertificateAnswer, extensions(("x-no-idempotency-key" = json!(true))),
    responses((status = 200, description = "已绑定的证书 · the certificate as bound", body = BoundCertificateView))
)]
pub async fn bind(
    State(app): State<Shared>,
    caller: Caller,
    Json(body): Json<CertificateAnswer>,
) -> Result<Response, Stop> {
    let (account, version, _) = caller.person()?;
    let purpose = ChallengePurpose::Bind(account.id.as_str().to_owned());
    let identity = answered(&app, &body, &purpose, app.now()?).await?;
    let mut work = Work::begin_keyless(&app, &caller).await?;
    let mut changed = account.clone();
    let certificates = &mut changed.credentials.certificates;
    if certificates.len() >= MOST {
        let (zh, en) =
            ("最多绑定 10 张证书，请先解除不用的。", "At most ten certificates: take one off first.");
        return Err(Problem::new(Code::Conflict).rule("TOO_MANY_CERTIFICATES").detail(zh, en).into());
    }
    if certificates.iter().any(|bound| bound.digest == identity.digest) {
        return Err(Problem::new(Code::Duplicate).into());
    }
    let bound = CertificateBinding {
        issuer: identity.issuer,
        serial: identity.serial,
        subject: identity.subject,
        digest: identity.digest,
        at: work.now,
    };
    let view = BoundCertificateView::from(&bound);
    certificates.push(bound);
    work.tx.save(&changed, version).await.map_err(super::raced)?;
    let subject = Subject::registry(account.id.as_str());
    let details = json!({ "certificate": view.digest, "serial": view.serial });
    work.record(&caller.myself(), "session.bind_certificate", &subject, None, details);
    work.finish(StoredResponse::ok(&view)?).await
}

/// 解除证书。 Takes a certificate off one's own account.
#[utoipa::path(
    delete, path = "/session/certificates/{serial}", tag = "sessions", operation_id = "session.unbind_certificate", summary = "解除证书 · Take a certificate off",
    params(("serial" = String, Path, description = "证书序列号，十六进制 · serial number, hex", max_length = 64)),
    extensions(("x-no-if-match" = json!(true))),
    responses((status = 204, description = "已解除 · taken off"))
)]
pub async fn unbind(
    State(app): State<Shared>,
    caller: Caller,
    Path(serial): Path<String>,
) -> Result<Response, Stop> {
    let (account, version, _) = caller.person()?;
    let mut work = Work::begin_keyless(&app, &caller).await?;
    let mut changed = account.clone();
    let serial = serial.to_lowercase();
    changed.credentials.certificates.retain(|bound| bound.serial != serial);
    if changed == *account {
        return Err(Problem::new(Code::NotFound).into());
    }
    work.tx.save(&changed, version).await.map_err(super::raced)?;
    let subject = Subject::registry(account.id.as_str());
    work.record(&caller.myself(), "session.unbind_certificate", &subject, None, json!({ "serial": serial }));
    work.finish(StoredResponse::no_content()).await
}
