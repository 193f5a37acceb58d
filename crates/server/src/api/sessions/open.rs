//! A new session and its cookie: at login, and in place of the old one whenever its rights change, so that a token planted or seen
//! before is worth nothing.

use super::view::CurrentSession;
use crate::app::App;
use crate::auth::session_cookie::{limits, transport};
use crate::http::{Code, Problem, StoredResponse};
use crate::security::csrf;
use crate::security::session::SessionToken;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use yinxin_crypto::sm3;
use yinxin_registry::account::Account;
use yinxin_registry::ids::SessionId;
use yinxin_store::{SessionRow, Tx};

/// A session with the token that only its owner gets.
pub(super) struct Opened {
    token: SessionToken,
    pub(super) row: SessionRow,
}

impl Opened {
    /// A session that begins now.
    pub(super) fn new(
        app: &App,
        account: &Account,
        method: &str,
        address: String,
        agent: String,
        now: Timestamp,
    ) -> Self {
        let id = SessionId::new(now, &mut app.rng()).as_str().to_owned();
        let expires_at = now.saturating_add(limits(app).absolute).unwrap_or(Timestamp::MAX);
        let row = SessionRow {
            token_hash: [0; 32],
            id,
            account_id: account.id.as_str().to_owned(),
            method: method.to_owned(),
            csrf_hash: [0; 32],
            address,
            agent,
            created_at: now,
            last_seen_at: now,
            expires_at,
        };
        Self::with_token(app, row)
    }

    /// A session that goes on for `old` under another token; the limits of `old` hold.
    pub(super) fn instead_of(app: &App, old: &SessionRow, method: &str, now: Timestamp) -> Self {
        let id = SessionId::new(now, &mut app.rng()).as_str().to_owned();
        let row = SessionRow { id, method: method.to_owned(), last_seen_at: now, ..old.clone() };
        Self::with_token(app, row)
    }

    fn with_token(app: &App, row: SessionRow) -> Self {
        let token = SessionToken::generate(&mut app.rng());
        let token_hash = token.hash();
        let csrf_hash = sm3(csrf::issue(app.vault().ring(), &token_hash).reveal().as_bytes());
        Self { token, row: SessionRow { token_hash, csrf_hash, ..row } }
    }

    /// What the answer says.
    pub(super) fn answer(
        &self,
        app: &App,
        account: &Account,
        created: bool,
    ) -> Result<StoredResponse, Problem> {
        let view = CurrentSession::of(app, account, &self.row, self.row.last_seen_at);
        if created { StoredResponse::created("/api/v1/session", &view) } else { StoredResponse::ok(&view) }
    }

    /// Adds the cookie.
    ///
    /// # Errors
    /// `INTERNAL`: never with the characters of a token.
    pub(super) fn with_cookie(&self, app: &App, response: impl IntoResponse) -> Result<Response, Problem> {
        let mut response = response.into_response();
        let cookie = transport(app).set(&self.token, limits(app));
        let mut value = HeaderValue::from_str(cookie.reveal()).map_err(|_| Problem::new(Code::Internal))?;
        value.set_sensitive(true);
        response.headers_mut().append(header::SET_COOKIE, value);
        Ok(response)
    }
}

/// Ends the session that the browser of somebody who logs in still holds.
pub(super) async fn end_old(app: &App, tx: &mut Tx, headers: &HeaderMap) -> Result<(), Problem> {
    let transport = transport(app);
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let Some(token) = cookies.filter_map(|cookie| transport.read(cookie)).next() else { return Ok(()) };
    // A row changed from outside is nobody's session; it ends by its time.
    let Ok(Some(old)) = tx.session(&token.hash()).await else { return Ok(()) };
    tx.end_session(&old.id).await.map_err(|error| crate::app::fault::problem_of(&error))?;
    Ok(())
}
