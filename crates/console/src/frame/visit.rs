//! Who looks at a page: language, session, and what of the browser's request goes on to the API.

use super::fault::Fault;
use super::lang::Lang;
use crate::api::Call;
use crate::api::shapes::Session;
use crate::state::Shared;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::response::Response;
use std::net::SocketAddr;

/// Headers of the browser that the API looks at.
const PASSED: [HeaderName; 6] = [
    header::USER_AGENT,
    header::ORIGIN,
    header::ACCEPT_LANGUAGE,
    HeaderName::from_static("sec-fetch-site"),
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-request-id"),
];

/// A visit.
#[derive(Debug, Clone)]
pub struct Visit {
    /// Language.
    pub lang: Lang,
    /// Who is logged in.
    pub session: Option<Session>,
    /// Path and query, to come back to.
    pub path: String,
    /// Address of the connection.
    pub peer: Option<ConnectInfo<SocketAddr>>,
    host: Option<String>,
    headers: HeaderMap,
}

impl Visit {
    /// Nobody in particular.
    pub fn nobody() -> Self {
        Self {
            lang: Lang::Zh,
            session: None,
            path: "/".to_owned(),
            peer: None,
            host: None,
            headers: HeaderMap::new(),
        }
    }

    /// The browser's request, before it is known whose it is.
    pub fn of(parts: &Parts) -> Self {
        let mut headers = HeaderMap::new();
        for name in PASSED.into_iter().chain([header::COOKIE]) {
            for value in parts.headers.get_all(&name) {
                headers.append(name.clone(), value.clone());
            }
        }
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        // A form that was sent cannot be come back to; the page it stood on can.
        let path =
            if parts.method == Method::GET { path } else { stood_on(&parts.headers).unwrap_or("/home") };
        Self {
            lang: Lang::of(&parts.headers),
            session: None,
            path: path.chars().take(512).collect(),
            peer: parts.extensions.get::<ConnectInfo<SocketAddr>>().copied(),
            host: parts
                .headers
                .get(header::HOST)
                .and_then(|host| host.to_str().ok())
                .or(parts.uri.authority().map(Authority::as_str))
                .map(str::to_owned),
            headers,
        }
    }

    /// Where the browser says this site is: for addresses that go to paper and screens of others.
    pub fn origin(&self, https: bool) -> Option<String> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
        let host = self.host.as_deref()?;
        let fits = (1..=255).contains(&host.len()) && host.chars().all(plain);
        fits.then(|| format!("{}://{host}", if https { "https" } else { "http" }))
    }

    /// Adds what goes on to the API.
    pub fn sign(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.headers {
            headers.append(name.clone(), value.clone());
        }
    }

    /// The same without the session.
    #[must_use]
    pub fn anonymous(mut self) -> Self {
        self.headers.remove(header::COOKIE);
        self.session = None;
        self
    }

    /// Whether a page of this site led here, as far as the browser says: a link from elsewhere must not claim that something was done.
    pub fn led_from_here(&self) -> bool {
        self.headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin")
    }

    /// The token of the session, empty without one.
    pub fn csrf(&self) -> &str {
        self.session.as_ref().map_or("", |session| session.csrf_token.as_str())
    }

    /// The page, or what went wrong.
    pub fn finish(&self, page: Result<Response, Fault>) -> Response {
        page.unwrap_or_else(|fault| fault.page(self))
    }

    fn has_session_cookie(&self) -> bool {
        let cookies =
            self.headers.get_all(header::COOKIE).iter().filter_map(|value: &HeaderValue| value.to_str().ok());
        cookies
            .flat_map(|cookies| cookies.split(';'))
            .any(|pair| matches!(pair.trim().split_once('='), Some(("yinxin" | "__Host-yinxin", _))))
    }

    async fn known(self, console: &Shared) -> Self {
        if !self.has_session_cookie() {
            return self.anonymous();
        }
        let answer = console.api.ask(&self, Call::get("/session")).await;
        match answer {
            Ok(answer) if answer.status.is_success() => Self { session: answer.json().ok(), ..self },
            // An ended session must not keep anybody from what is public.
            _ => self.anonymous(),
        }
    }
}

impl FromRequestParts<Shared> for Visit {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, console: &Shared) -> Result<Self, Fault> {
        Ok(Self::of(parts).known(console).await)
    }
}

/// The page of this site that a form stood on, as the browser says.
fn stood_on(headers: &HeaderMap) -> Option<&str> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let (_, rest) = text(header::REFERER)?.split_once("://")?;
    let rest = rest.strip_prefix(text(header::HOST)?)?;
    // What had been done before is not said again.
    let rest = if rest.contains("done=") { rest.split('?').next()? } else { rest };
    // One slash: two lead elsewhere.
    (rest.starts_with('/') && !rest.starts_with("//")).then_some(rest)
}

/// A visit of somebody who is logged in and has nothing else to do first.
#[derive(Debug, Clone)]
pub struct Person(pub Visit);

/// A visit of somebody who is logged in, whatever he has to do first.
#[derive(Debug, Clone)]
pub struct Restricted(pub Visit);

impl FromRequestParts<Shared> for Restricted {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, console: &Shared) -> Result<Self, Response> {
        let visit = Visit::of(parts).known(console).await;
        match &visit.session {
            Some(_) => Ok(Self(visit)),
            None => Err(Fault::Login(visit.path.clone()).page(&visit)),
        }
    }
}

impl FromRequestParts<Shared> for Person {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, console: &Shared) -> Result<Self, Response> {
        let Restricted(visit) = Restricted::from_request_parts(parts, console).await?;
        match &visit.session {
            Some(session) if session.must_change_password => Err(Fault::First("/me/password").page(&visit)),
            Some(session) if session.second_factor == "required" => {
                Err(Fault::First("/me/totp").page(&visit))
            }
            _ => Ok(Self(visit)),
        }
    }
}
