//! A session as answers show it.

use crate::api::accounts::{BoundCertificateView, GrantView};
use crate::app::App;
use crate::auth::session_cookie::limits;
use crate::security::csrf;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use yinxin_registry::account::Account;
use yinxin_store::SessionRow;

/// Whether this session needs a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SecondFactor {
    /// The account administers and has none yet: enroll one-time codes or bind a certificate before anything else.
    Required,
    /// One-time codes are enrolled and asked for at every login with a password.
    Enrolled,
    /// None is enrolled, and this session needs none.
    None,
}

impl SecondFactor {
    /// Of an account that logged in by `method`.
    pub fn of(account: &Account, method: &str) -> Self {
        let proven = method == CERTIFICATE || method == PASSWORD_TOTP;
        if account.credentials.totp.is_some() {
            Self::Enrolled
        } else if account.needs_second_factor() && !proven {
            Self::Required
        } else {
            Self::None
        }
    }
}

/// Logged in with a password alone.
pub(super) const PASSWORD: &str = "password";
/// Logged in with a password and a one-time code.
pub(super) const PASSWORD_TOTP: &str = "password_totp";
/// Logged in with a certificate.
pub(super) const CERTIFICATE: &str = "certificate";

/// The person who is logged in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Myself {
    /// Key.
    #[schema(example = "acct_01k0000000000000000000000a")]
    pub id: String,
    /// Login name.
    #[schema(example = "reviewer.one")]
    pub login: String,
    /// Name.
    #[schema(example = "示例甲")]
    pub name: String,
    /// Where notices are mailed to, masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "o***@unit.example")]
    pub email: Option<String>,
    /// Roles that count now.
    pub grants: Vec<GrantView>,
    /// Certificates that log in.
    pub certificates: Vec<BoundCertificateView>,
}

/// The session of this request.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CurrentSession {
    /// Identifier.
    #[schema(example = "ses_01k0000000000000000000000a")]
    pub id: String,
    /// Token to be sent with every change, in the header that the security scheme `csrf` names.
    pub csrf_token: String,
    /// Who.
    pub account: Myself,
    /// `password`, `password_totp` or `certificate`.
    #[schema(example = "password_totp")]
    pub method: String,
    /// Whether the password must be changed before anything else.
    pub must_change_password: bool,
    /// Whether a second factor is needed.
    pub second_factor: SecondFactor,
    /// Seconds without a request after which it ends.
    #[schema(example = 1800)]
    pub idle_seconds: i64,
    /// When it ends in any case.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

impl CurrentSession {
    /// Of a session and its account.
    pub(super) fn of(app: &App, account: &Account, session: &SessionRow, now: Timestamp) -> Self {
        Self {
            id: session.id.clone(),
            csrf_token: csrf::issue(app.vault().ring(), &session.token_hash).reveal().to_owned(),
            account: Myself {
                id: account.id.to_string(),
                login: account.login.clone(),
                name: account.name.clone(),
                email: account.email.as_ref().map(|email| email.masked.clone()),
                grants: account.grants.iter().filter(|g| g.is_live(now)).map(GrantView::from).collect(),
                certificates: account.credentials.certificates.iter().map(Into::into).collect(),
            },
            method: session.method.clone(),
            must_change_password: account.credentials.must_change,
            second_factor: SecondFactor::of(account, &session.method),
            idle_seconds: limits(app).idle.as_secs(),
            expires_at: session.expires_at,
        }
    }
}

/// One line of the list of one's own sessions.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SessionView {
    /// Identifier.
    #[schema(example = "ses_01k0000000000000000000000a")]
    pub id: String,
    /// Whether it is the session of this request.
    pub current: bool,
    /// `password`, `password_totp` or `certificate`.
    #[schema(example = "password_totp")]
    pub method: String,
    /// Address of the login.
    #[schema(example = "192.0.2.7")]
    pub address: String,
    /// Program of the login, as it called itself.
    pub agent: String,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Last request, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub last_seen_at: Timestamp,
    /// When it ends in any case.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

impl SessionView {
    /// Of a session; `current` is the one of this request.
    pub(super) fn of(session: &SessionRow, current: &SessionRow) -> Self {
        Self {
            id: session.id.clone(),
            current: session.id == current.id,
            method: session.method.clone(),
            address: session.address.clone(),
            agent: session.agent.clone(),
            created_at: session.created_at,
            last_seen_at: session.last_seen_at,
            expires_at: session.expires_at,
        }
    }
}
