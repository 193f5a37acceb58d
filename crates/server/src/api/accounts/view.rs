//! An account as answers show it: no hash, no secret.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use yinxin_registry::account::{Account, AccountState, CertificateBinding};
use yinxin_registry::role::{Grant, Scope};

/// A role given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct GrantView {
    /// The role.
    #[schema(example = "issuing_reviewer")]
    pub role: String,
    /// In Chinese.
    #[schema(example = "制发审核员")]
    pub role_zh: String,
    /// Path of an area, a unit or a maker; absent: everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/100000/610000/610100/")]
    pub scope: Option<String>,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// Until when; absent: until taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
    /// Account that gave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

impl From<&Grant> for GrantView {
    fn from(grant: &Grant) -> Self {
        Self {
            role: grant.role.as_str().to_owned(),
            role_zh: grant.role.zh().to_owned(),
            scope: match &grant.scope {
                Scope::All => None,
                Scope::Area(path) => Some(path.to_string()),
                Scope::Unit(unit) => Some(unit.to_string()),
                Scope::Maker(maker) => Some(maker.to_string()),
            },
            from: grant.from,
            until: grant.until,
            by: grant.by.as_ref().map(ToString::to_string),
        }
    }
}

/// A certificate that logs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct BoundCertificateView {
    /// Serial number, hex.
    pub serial: String,
    /// Issuer.
    pub issuer: String,
    /// Subject.
    pub subject: String,
    /// SM3 of the certificate, hex.
    pub digest: String,
    /// Since when it is bound.
    #[schema(value_type = String, format = DateTime)]
    pub bound_at: Timestamp,
}

impl From<&CertificateBinding> for BoundCertificateView {
    fn from(bound: &CertificateBinding) -> Self {
        Self {
            serial: bound.serial.clone(),
            issuer: bound.issuer.clone(),
            subject: bound.subject.clone(),
            digest: bound.digest.clone(),
            bound_at: bound.at,
        }
    }
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AccountView {
    /// Key.
    #[schema(example = "acct_01k0000000000000000000000a")]
    pub id: String,
    /// Login name.
    #[schema(example = "reviewer.one")]
    pub login: String,
    /// The person's name.
    #[schema(example = "示例甲")]
    pub name: String,
    /// Where notices are mailed to, masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "o***@unit.example")]
    pub email: Option<String>,
    /// `active` or `disabled`.
    #[schema(example = "active")]
    pub state: String,
    /// Whether the password must be changed at the next login.
    pub must_change_password: bool,
    /// When the password was set.
    #[schema(value_type = String, format = DateTime)]
    pub password_set_at: Timestamp,
    /// Whether one-time codes are enrolled.
    pub totp: bool,
    /// Certificates that log in.
    pub certificates: Vec<BoundCertificateView>,
    /// Failed logins in a row.
    pub failed_logins: u32,
    /// Locked until; may lie in the past.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub locked_until: Option<Timestamp>,
    /// Roles.
    pub grants: Vec<GrantView>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Account that made it; absent for the first three.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_by: Option<String>,
    /// Version, as in the ETag.
    pub version: i64,
}

impl AccountView {
    /// Of an account.
    pub fn of(account: &Account, version: i64) -> Self {
        let credentials = &account.credentials;
        Self {
            id: account.id.to_string(),
            login: account.login.clone(),
            name: account.name.clone(),
            email: account.email.as_ref().map(|email| email.masked.clone()),
            state: match account.state {
                AccountState::Active => "active",
                AccountState::Disabled => "disabled",
            }
            .to_owned(),
            must_change_password: credentials.must_change,
            password_set_at: credentials.set_at,
            totp: credentials.totp.is_some(),
            certificates: credentials.certificates.iter().map(BoundCertificateView::from).collect(),
            failed_logins: account.failures.count,
            locked_until: account.failures.until,
            grants: account.grants.iter().map(GrantView::from).collect(),
            created_at: account.created_at,
            created_by: account.created_by.as_ref().map(ToString::to_string),
            version,
        }
    }
}
