//! Accounts (账号) of people: how they log in and which roles they hold.

use crate::Protected;
use crate::ids::AccountId;
use crate::role::{Grant, Role};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Where an account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// May log in.
    Active,
    /// May not, until enabled again.
    Disabled,
}

/// A certificate that logs in: who issued it and its serial number name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateBinding {
    /// Issuer name, RFC 4514.
    pub issuer: String,
    /// Serial number, lower-case hex.
    pub serial: String,
    /// Subject name, for people.
    pub subject: String,
    /// SM3 of the certificate, hex.
    pub digest: String,
    /// Since when it is bound.
    pub at: Timestamp,
}

/// How an account proves itself. Hashes and cipher texts only; shown to nobody.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// PHC string of argon2id.
    pub password: String,
    /// Former hashes, newest first, at most five.
    pub former: Vec<String>,
    /// Whether the password must be changed before anything else.
    pub must_change: bool,
    /// When it was set.
    pub set_at: Timestamp,
    /// Secret of the time-based codes, encrypted; absent: not enrolled.
    pub totp: Option<String>,
    /// Last time step used, so that no code counts twice.
    pub totp_step: u64,
    /// Certificates that log in.
    pub certificates: Vec<CertificateBinding>,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials")
            .field("must_change", &self.must_change)
            .field("totp", &self.totp.is_some())
            .field("certificates", &self.certificates)
            .finish_non_exhaustive()
    }
}

/// Failed tries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failures {
    /// In a row.
    pub count: u32,
    /// Locked out until.
    pub until: Option<Timestamp>,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Key.
    pub id: AccountId,
    /// Login name, unique, lower case.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// Where notices are mailed to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Protected>,
    /// Whether it may log in.
    pub state: AccountState,
    /// How it proves itself.
    pub credentials: Credentials,
    /// Failed tries.
    pub failures: Failures,
    /// Roles.
    pub grants: Vec<Grant>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it; absent for the first three.
    pub created_by: Option<AccountId>,
}

/// What an account may not be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountFault {
    /// Bad login name.
    #[error("登录名应为 3 至 64 个小写字母、数字、点、横线 (a login has 3 to 64 of a-z 0-9 . - _)")]
    Login,
    /// Bad name.
    #[error("姓名应为 1 至 64 个字 (a name has 1 to 64 characters)")]
    Name,
    /// Two roles exclude each other.
    #[error("{} 与 {} 不得由同一账号担任 ({} and {} exclude each other)", one.zh(), other.zh(), one.as_str(), other.as_str())]
    Exclusive {
        /// One.
        one: Role,
        /// The other.
        other: Role,
    },
    /// The scope is of a kind that the role does not take.
    #[error("{} 的授权范围类型不正确 (the role {} does not take this kind of scope)", role.zh(), role.as_str())]
    ScopeKind {
        /// The role.
        role: Role,
    },
    /// More than 50 grants.
    #[error("授权不得超过 50 项 (at most 50 grants)")]
    TooMany,
    /// Nobody may give roles to himself.
    #[error("不得给自己授权 (nobody grants roles to himself)")]
    Self_,
    /// The grant is there already, or to be taken back is not.
    #[error("授权不存在或者已存在 (the grant is missing or is there already)")]
    Grant,
}

impl Account {
    /// Whether a text is a login name.
    ///
    /// # Errors
    /// [`AccountFault::Login`].
    pub fn check_login(login: &str) -> Result<(), AccountFault> {
        let fits = (3..=64).contains(&login.len())
            && login.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-_".contains(&b));
        if fits { Ok(()) } else { Err(AccountFault::Login) }
    }

    /// Checks what must always hold.
    ///
    /// # Errors
    /// The first [`AccountFault`].
    pub fn check(&self) -> Result<(), AccountFault> {
        Self::check_login(&self.login)?;
        if self.name.trim().is_empty() || self.name.chars().count() > 64 {
            return Err(AccountFault::Name);
        }
        check_grants(&self.grants)
    }

    /// Gives a role.
    ///
    /// # Errors
    /// [`AccountFault`]: exclusive roles, a scope of the wrong kind, oneself, twice the same.
    pub fn grant(mut self, grant: Grant, now: Timestamp) -> Result<Self, AccountFault> {
        if grant.by.as_ref() == Some(&self.id) {
            return Err(AccountFault::Self_);
        }
        if self.grants.iter().any(|g| g.is_live(now) && g.role == grant.role && g.scope == grant.scope) {
            return Err(AccountFault::Grant);
        }
        // Roles that ended exclude nothing any more; they are dropped here and stay in the audit log.
        self.grants.retain(|g| g.until.is_none_or(|end| now < end));
        self.grants.push(grant);
        check_grants(&self.grants)?;
        Ok(self)
    }

    /// Takes a role back.
    ///
    /// # Errors
    /// [`AccountFault::Grant`] when the account has no such grant.
    pub fn revoke(mut self, role: Role, scope: &crate::role::Scope) -> Result<Self, AccountFault> {
        let before = self.grants.len();
        self.grants.retain(|g| g.role != role || g.scope != *scope);
        if self.grants.len() == before { Err(AccountFault::Grant) } else { Ok(self) }
    }

    /// Whether a second factor is demanded: administrators always, others once enrolled.
    pub fn needs_second_factor(&self) -> bool {
        self.credentials.totp.is_some() || self.grants.iter().any(|g| g.role.is_administrator())
    }
}

fn check_grants(grants: &[Grant]) -> Result<(), AccountFault> {
    if grants.len() > 50 {
        return Err(AccountFault::TooMany);
    }
    for (place, grant) in grants.iter().enumerate() {
        if grant.scope.kind() != grant.role.scope_kind() {
            return Err(AccountFault::ScopeKind { role: grant.role });
        }
        for other in grants.iter().skip(place + 1) {
            if grant.role.excludes(other.role) {
                return Err(AccountFault::Exclusive { one: grant.role, other: other.role });
            }
        }
    }
    Ok(())
}
