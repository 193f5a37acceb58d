//! Sessions.

use crate::frame::Moment;
use serde::Deserialize;

/// A role of the person.
#[derive(Debug, Clone, Deserialize)]
pub struct Grant {
    /// Code.
    pub role: String,
    /// In Chinese.
    pub role_zh: String,
    /// Area, unit or maker.
    pub scope: Option<String>,
}

/// The person.
#[derive(Debug, Clone, Deserialize)]
pub struct Account {
    /// Key.
    pub id: String,
    /// Login name.
    pub login: String,
    /// Name.
    pub name: String,
    /// Mail address, masked.
    pub email: Option<String>,
    /// Roles.
    pub grants: Vec<Grant>,
}

/// The session of the visitor.
#[derive(Debug, Clone, Deserialize)]
pub struct Session {
    /// Token for changes.
    pub csrf_token: String,
    /// Who.
    pub account: Account,
    /// Whether the password must be changed first.
    pub must_change_password: bool,
    /// `required`, `enrolled` or `none`.
    pub second_factor: String,
}

impl Session {
    /// Whether a role is held.
    pub fn is(&self, role: &str) -> bool {
        self.account.grants.iter().any(|grant| grant.role == role)
    }

    /// The scopes in which a role is held.
    pub fn scopes(&self, role: &str) -> impl Iterator<Item = &str> {
        self.account
            .grants
            .iter()
            .filter(move |grant| grant.role == role)
            .filter_map(|grant| grant.scope.as_deref())
    }
}

/// One of the person's sessions.
#[derive(Debug, Clone, Deserialize)]
pub struct SessionRow {
    /// Key.
    pub id: String,
    /// Whether it is this one.
    pub current: bool,
    /// From where.
    pub address: String,
    /// With which program.
    pub agent: String,
    /// When.
    pub created_at: Moment,
    /// Last request.
    pub last_seen_at: Moment,
}

/// The secret of one-time codes.
#[derive(Debug, Clone, Deserialize)]
pub struct Enrollment {
    /// To be typed.
    pub secret: String,
    /// To be scanned.
    pub uri: String,
}
