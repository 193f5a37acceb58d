//! The layer in front of every endpoint: limits by address, then session or signature, then the protection against forged
//! requests of other sites; behind the endpoint, the record of what was refused.

use super::{Caller, client_request, session_cookie};
use crate::app::{Shared, Stop, Work};
use crate::http::{Code, Problem, RequestId};
use crate::security::lockout::address_key;
use crate::telemetry::metrics;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use yinxin_registry::area::AreaPath;
use yinxin_registry::audit::{Entry, Outcome};

/// Finds out who asks; puts the [`Caller`] and the address among the request's extensions. A request without session or
/// signature passes without a caller: endpoints that need one refuse it.
pub async fn authenticate(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let login = login_method(request.method(), request.uri().path());
    let response = match pass(&app, request, next).await {
        Ok(response) => response,
        Err(stop) => stop.into_response(),
    };
    count(login, &response);
    response
}

/// The address a request came from, behind the proxies that are trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address(pub IpAddr);

async fn pass(app: &Shared, mut request: Request, next: Next) -> Result<Response, Stop> {
    let address = address_of(app, &request);
    let now = app.now()?;
    if let Err(limited) = app.by_address.take(&address_key(address), now) {
        let seconds = u32::try_from(limited.retry_after.as_secs()).unwrap_or(1).max(1);
        return Err(Problem::new(Code::RateLimited).retry_after(seconds).into());
    }
    request.extensions_mut().insert(Address(address));
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let route = request.extensions().get::<MatchedPath>().map(|m| m.as_str().to_owned());
    let request_id =
        request.extensions().get::<RequestId>().map(|r| r.as_str().to_owned()).unwrap_or_default();
    let caller = if begins_session(&method, &path) {
        None
    } else if client_request::is_signed(request.headers()) {
        let (caller, signed) = client_request::verify(app, request, &request_id, address, now).await?;
        request = signed;
        Some(caller)
    } else {
        session_cookie::find(app, request.headers(), &request_id, address, now, safe).await?
    };
    if let Some(caller) = &caller {
        request.extensions_mut().insert(caller.clone());
        if safe {
            caller.use_nonce(app).await?;
        }
    }
    let response = next.run(request).await;
    if let Some(caller) = caller {
        caller.use_nonce(app).await?;
        if response.status().is_client_error()
            && let Some(kept) = Work::overtaken(app, &caller).await?
        {
            return Ok(kept.replay());
        }
        if response.status().is_client_error() && worth_recording(safe, response.status()) {
            let code = response.extensions().get::<Problem>().map_or("UNKNOWN", |p| p.code().kind().code);
            record_refusal(app, &caller, &method, &path, route.as_deref().unwrap_or(&path), code).await;
        }
    }
    Ok(response)
}

/// How somebody tries to log in with this request, if that is what it is for.
fn login_method(method: &Method, path: &str) -> Option<&'static str> {
    match path {
        "/api/v1/sessions" if *method == Method::POST => Some("password"),
        "/api/v1/sessions/certificate" if *method == Method::POST => Some("certificate"),
        _ => None,
    }
}

/// Counts tries to log in by their end, and what a limit of rate refused.
fn count(login: Option<&'static str>, response: &Response) {
    let code = response.extensions().get::<Problem>().map(Problem::code);
    if code == Some(Code::RateLimited) {
        metrics::rate_limited(if login.is_some() { "login" } else { "requests" });
    } else if let Some(method) = login {
        let result = match code {
            None => "ok",
            Some(Code::LockedOut) => "locked",
            Some(_) => "refused",
        };
        metrics::login(method, result);
    }
}

/// Whoever logs in is nobody yet: the cookie of a session that has ended must not keep him from it.
fn begins_session(method: &Method, path: &str) -> bool {
    let paths = ["/api/v1/sessions", "/api/v1/sessions/certificate", "/api/v1/login-challenges"];
    *method == Method::POST && paths.contains(&path)
}

/// Refused changes, and whatever was asked without the right to.
fn worth_recording(safe: bool, status: StatusCode) -> bool {
    !safe || matches!(status, StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED)
}

async fn record_refusal(app: &Shared, caller: &Caller, method: &Method, path: &str, route: &str, code: &str) {
    let outcome = match code {
        "FORBIDDEN" | "CSRF" | "SECOND_FACTOR_REQUIRED" | "PASSWORD_CHANGE_REQUIRED" => Outcome::Denied,
        _ => Outcome::Refused,
    };
    let written = async {
        let now = app.now()?;
        let entry = Entry {
            at: now,
            actor: caller.actor(&caller.myself()),
            action: "request.refused".to_owned(),
            subject: subject_in(path),
            area_path: AreaPath::nation().as_str().to_owned(),
            unit: None,
            outcome,
            reason: Some(code.to_owned()),
            details: json!({ "method": method.as_str(), "route": route }),
            request_id: caller.request_id().to_owned(),
        };
        let mut tx = app.store.begin().await?;
        tx.append_audit(&app.audit_keys().0, std::slice::from_ref(&entry)).await?;
        tx.commit().await?;
        Ok::<(), Stop>(())
    };
    if written.await.is_err() {
        // The answer is a refusal already; what could not be recorded stands in the log.
        tracing::error!(method = %method, route, code, "a refusal could not be recorded");
    }
}

/// The identifier a path names, or the path itself: `/api/v1/seals/seal_…/cancel` is about the seal.
fn subject_in(path: &str) -> String {
    let named = path.split('/').find(|part| part.contains('_') && part.len() > 26);
    let subject = named.unwrap_or(path);
    subject.chars().filter(|c| !c.is_control()).take(100).collect()
}

/// The right-most address that is not one of the trusted proxies.
pub(crate) fn address_of(app: &Shared, request: &Request) -> IpAddr {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(peer)| peer.ip());
    let trusted = |ip: IpAddr| app.config.security.trusted_proxies.iter().any(|net| net.contains(ip));
    if !trusted(peer) {
        return peer;
    }
    forwarded(request.headers()).into_iter().rev().find(|ip| !trusted(*ip)).unwrap_or(peer)
}

fn forwarded(headers: &HeaderMap) -> Vec<IpAddr> {
    headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|part| part.trim().parse().ok())
        .collect()
}
