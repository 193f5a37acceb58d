//! Sessions of people.

use super::{Caller, Inner, Who};
use crate::app::{App, Shared, Stop};
use crate::http::{Code, Problem};
use crate::security::csrf;
use crate::security::session::{CookieTransport, SessionLimits, SessionState};
use axum::http::{HeaderMap, header};
use jiff::{SignedDuration, Timestamp};
use std::net::IpAddr;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};
use yinxin_registry::account::AccountState;

pub use crate::security::csrf::CSRF_HEADER;

/// The caller of a session cookie; `None` without one.
pub(super) async fn find(
    app: &Shared,
    headers: &HeaderMap,
    request_id: &str,
    address: IpAddr,
    now: Timestamp,
    safe: bool,
) -> Result<Option<Caller>, Stop> {
    let transport = transport(app);
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let Some(token) = cookies.filter_map(|cookie| transport.read(cookie)).next() else { return Ok(None) };
    let key = headers.get("idempotency-key").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let found = app.store.read().await?.authenticate(&token.hash(), key.as_deref(), now).await?;
    let Some(found) = found else { return Err(Problem::new(Code::SessionExpired).into()) };
    let mut session = found.session;
    match limits(app).judge(session.created_at, session.last_seen_at, now) {
        SessionState::Idle | SessionState::Expired => return Err(Problem::new(Code::SessionExpired).into()),
        SessionState::Live { touch } if touch => {
            let mut tx = app.store.begin().await?;
            tx.touch_session(&mut session, now).await?;
            tx.commit().await?;
        }
        SessionState::Live { .. } => {}
    }
    if found.account.value.state != AccountState::Active {
        return Err(Problem::new(Code::SessionExpired).into());
    }
    if !safe {
        if let Some(own) = &app.config.public_url {
            let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
            csrf::check_origin(text("origin"), text("sec-fetch-site"), own.trim_end_matches('/'))
                .map_err(|refused| Problem::new(Code::Csrf).detail(refused.to_string(), refused.code()))?;
        }
        let token = headers.get(CSRF_HEADER).and_then(|value| value.to_str().ok());
        csrf::verify(app.vault().ring(), &session.token_hash, token)
            .map_err(|refused| Problem::new(Code::Csrf).detail(refused.to_string(), refused.code()))?;
    }
    Ok(Some(Caller(Arc::new(Inner {
        who: Who::Account {
            account: Box::new(found.account.value),
            version: found.account.version,
            session: Box::new(session),
        },
        address: address.to_string(),
        request_id: request_id.to_owned(),
        nonce: None,
        nonce_used: AtomicBool::new(true),
        kept: key.map(|key| (key, found.answer)),
        asked: OnceLock::new(),
    }))))
}

/// How the cookie is written: for TLS, or for a loopback address without.
pub fn transport(app: &App) -> CookieTransport {
    if app.config.cookies_are_secure() { CookieTransport::Tls } else { CookieTransport::Loopback }
}

/// How long sessions last.
pub fn limits(app: &App) -> SessionLimits {
    let security = &app.config.security;
    SessionLimits {
        idle: SignedDuration::from_mins(i64::from(security.session_idle_minutes)),
        absolute: SignedDuration::from_mins(i64::from(security.session_absolute_minutes)),
    }
}
