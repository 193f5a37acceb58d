//! The activation password of a seal (印章激活口令): policy, end, lockout, forced change (Xi'an measures, articles 25 and 37).
//!
//! The password itself never comes here: the server derives the verifier (argon2id) and says whether a try was right.

use crate::area::AreaPath;
use crate::ids::{AccountId, SealId, UnitId};
use crate::lifecycle::Refused;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How passwords of seals are treated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Days after which it must be changed.
    pub days_valid: u16,
    /// Wrong tries in a row until it is locked.
    pub tries: u16,
    /// Minutes it stays locked; doubled with each further lock, up to a day.
    pub lock_minutes: u16,
    /// Earlier passwords that may not come again.
    pub remember: u16,
}

impl Default for Policy {
    fn default() -> Self {
        Self { days_valid: 90, tries: 5, lock_minutes: 15, remember: 5 }
    }
}

const DAY_MINUTES: i64 = 24 * 60;

/// The activation of one seal.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Activation {
    seal: SealId,
    unit: UnitId,
    parent_unit: Option<UnitId>,
    area_path: AreaPath,
    keeper: AccountId,
    verifier: String,
    set_at: Timestamp,
    ends_at: Timestamp,
    must_change: bool,
    failed: u16,
    locks: u16,
    locked_until: Option<Timestamp>,
    earlier: Vec<String>,
}

impl std::fmt::Debug for Activation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Activation")
            .field("seal", &self.seal)
            .field("keeper", &self.keeper)
            .field("ends_at", &self.ends_at)
            .field("must_change", &self.must_change)
            .field("failed", &self.failed)
            .field("locked_until", &self.locked_until)
            .finish_non_exhaustive()
    }
}

/// Where a seal belongs, for scopes.
#[derive(Debug, Clone)]
pub struct Belongs {
    /// Seal.
    pub seal: SealId,
    /// Unit.
    pub unit: UnitId,
    /// Unit above it.
    pub parent_unit: Option<UnitId>,
    /// Place.
    pub area_path: AreaPath,
}

impl Activation {
    /// The first password of a custodian.
    pub fn set(
        belongs: Belongs,
        keeper: AccountId,
        verifier: String,
        policy: &Policy,
        now: Timestamp,
    ) -> Self {
        Self {
            seal: belongs.seal,
            unit: belongs.unit,
            parent_unit: belongs.parent_unit,
            area_path: belongs.area_path,
            keeper,
            verifier,
            set_at: now,
            ends_at: ends(policy, now),
            must_change: false,
            failed: 0,
            locks: 0,
            locked_until: None,
            earlier: Vec::new(),
        }
    }

    /// Another password. Whether it is one of [`Activation::remembered`] is for who can derive: it says so.
    ///
    /// # Errors
    /// `PASSWORD_REUSED`.
    pub fn change(
        mut self,
        keeper: AccountId,
        verifier: String,
        reused: bool,
        policy: &Policy,
        now: Timestamp,
    ) -> Result<Self, Refused> {
        if reused {
            return Err(Refused::rule(
                "PASSWORD_REUSED",
                "不得使用最近用过的口令",
                "this password was in use not long ago",
            ));
        }
        let before = std::mem::replace(&mut self.verifier, verifier);
        self.earlier.insert(0, before);
        self.earlier.truncate(usize::from(policy.remember));
        self.keeper = keeper;
        self.set_at = now;
        self.ends_at = ends(policy, now);
        self.must_change = false;
        self.failed = 0;
        self.locks = 0;
        self.locked_until = None;
        Ok(self)
    }

    /// Whether a try may be made now. Asked before the password is looked at, so that a locked seal tells nothing about it.
    ///
    /// # Errors
    /// `ACTIVATION_LOCKED`.
    pub fn may_try(&self, now: Timestamp) -> Result<(), Refused> {
        match self.locked_until {
            Some(until) if now < until => Err(Refused::rule(
                "ACTIVATION_LOCKED",
                format!("口令多次错误，印章已锁定至 {until}"),
                format!("too many wrong passwords: locked until {until}"),
            )),
            _ => Ok(()),
        }
    }

    /// Keeps the outcome of a try; the answer says whether the seal was locked by it.
    #[must_use]
    pub fn tried(mut self, right: bool, policy: &Policy, now: Timestamp) -> (Self, bool) {
        if right {
            self.failed = 0;
            self.locks = 0;
            self.locked_until = None;
            return (self, false);
        }
        self.failed = self.failed.saturating_add(1);
        if self.failed < policy.tries.max(1) {
            return (self, false);
        }
        let doubled = i64::from(policy.lock_minutes.max(1)) << self.locks.min(10);
        let minutes = doubled.min(DAY_MINUTES);
        self.failed = 0;
        self.locks = self.locks.saturating_add(1);
        self.locked_until = Some(now.checked_add(SignedDuration::from_mins(minutes)).unwrap_or(now));
        (self, true)
    }

    /// Whether a right password activates the seal for this custodian, or must be changed first.
    ///
    /// # Errors
    /// `PASSWORD_CHANGE_NEEDED`, `NOT_THE_KEEPER`.
    pub fn may_activate(&self, keeper: &AccountId, now: Timestamp) -> Result<(), Refused> {
        if self.keeper != *keeper {
            return Err(Refused::rule(
                "NOT_THE_KEEPER",
                "口令属于前任保管人，现任保管人须先设置自己的口令",
                "the password is the former custodian's: set one of your own first",
            ));
        }
        if self.must_change || now >= self.ends_at {
            return Err(Refused::rule(
                "PASSWORD_CHANGE_NEEDED",
                "印章口令已到期或者被要求更换，请先更换",
                "the seal's password has ended or must be changed: change it first",
            ));
        }
        Ok(())
    }

    /// From now on nothing works before the password is changed.
    #[must_use]
    pub fn force_change(mut self) -> Self {
        self.must_change = true;
        self
    }

    /// Verifiers a new password must not match: that in force first.
    pub fn remembered(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.verifier.as_str()).chain(self.earlier.iter().map(String::as_str))
    }

    /// Verifier of the password in force (PHC string).
    pub fn verifier(&self) -> &str {
        &self.verifier
    }
    /// Seal.
    pub fn seal(&self) -> &SealId {
        &self.seal
    }
    crate::place::getters!();
    /// Whose password it is.
    pub fn keeper(&self) -> &AccountId {
        &self.keeper
    }
    /// Since when it is in force.
    pub fn set_at(&self) -> Timestamp {
        self.set_at
    }
    /// When it must be changed.
    pub fn ends_at(&self) -> Timestamp {
        self.ends_at
    }
    /// Whether it must be changed before it activates anything.
    pub fn must_change(&self, now: Timestamp) -> bool {
        self.must_change || now >= self.ends_at
    }
    /// Until when it is locked.
    pub fn locked_until(&self) -> Option<Timestamp> {
        self.locked_until
    }
}

fn ends(policy: &Policy, now: Timestamp) -> Timestamp {
    now.checked_add(SignedDuration::from_hours(24 * i64::from(policy.days_valid.max(1)))).unwrap_or(now)
}
