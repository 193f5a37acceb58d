//! The right to use a seal (用印授权): one person or program, for a time, for some kinds of document, so many times.

use crate::area::AreaPath;
use crate::custody::activation::Belongs;
use crate::ids::{SealId, UnitId, UseGrantId};
use crate::lifecycle::{By, Effect, Refused, Rule, State, Step, next, reason, states};
use jiff::Timestamp;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};

states! {
    /// Where a grant stands.
    GrantState {
        /// In force.
        Live = "live", "有效";
        /// Every use is taken.
        UsedUp = "used_up", "已用完";
        /// Taken back.
        Revoked = "revoked", "已收回";
        /// Its time is over.
        Over = "over", "已到期";
    }
}

use GrantState as G;

/// The table.
pub const TABLE: &[Rule<GrantState>] = &[
    Rule { from: G::Live, event: "take", to: G::Live },
    Rule { from: G::Live, event: "take_last", to: G::UsedUp },
    Rule { from: G::Live, event: "give_back", to: G::Live },
    Rule { from: G::Live, event: "revoke", to: G::Revoked },
    Rule { from: G::Live, event: "expire", to: G::Over },
    Rule { from: G::UsedUp, event: "give_back", to: G::Live },
    Rule { from: G::UsedUp, event: "revoke", to: G::Revoked },
    Rule { from: G::UsedUp, event: "expire", to: G::Over },
];

/// Events of the table.
pub const EVENTS: &[&str] = &["take", "take_last", "give_back", "revoke", "expire"];

/// Hours of the day within which a seal may be used, local time; `from` after `until` means over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// From, inclusive.
    pub from: Time,
    /// Until, exclusive.
    pub until: Time,
}

impl Hours {
    /// Whether a time of day lies within.
    pub fn cover(&self, time: Time) -> bool {
        if self.from <= self.until {
            (self.from..self.until).contains(&time)
        } else {
            time >= self.from || time < self.until
        }
    }
}

/// What may be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// From when.
    pub from: Timestamp,
    /// Until when, exclusive.
    pub until: Timestamp,
    /// Kinds of document; empty means every kind.
    pub document_kinds: Vec<String>,
    /// Documents at most.
    pub most: Option<u32>,
    /// Hours of the day.
    pub hours: Option<Hours>,
}

impl Limits {
    /// Whether a kind of document may be sealed now, counts aside.
    ///
    /// # Errors
    /// `GRANT_NOT_YET`, `GRANT_OVER`, `GRANT_HOURS`, `GRANT_KIND`.
    pub fn cover(&self, kind: &str, local_time: Time, now: Timestamp) -> Result<(), Refused> {
        if now < self.from {
            return Err(Refused::rule("GRANT_NOT_YET", "授权尚未开始", "the grant has not begun"));
        }
        if now >= self.until {
            return Err(Refused::rule("GRANT_OVER", "授权已到期", "the grant is over"));
        }
        if self.hours.is_some_and(|hours| !hours.cover(local_time)) {
            return Err(Refused::rule(
                "GRANT_HOURS",
                "不在授权的用印时段内",
                "outside the hours of the grant",
            ));
        }
        if !self.document_kinds.is_empty() && !self.document_kinds.iter().any(|own| own == kind) {
            return Err(Refused::rule(
                "GRANT_KIND",
                "授权不包括该种文件",
                "the grant does not cover this kind of document",
            ));
        }
        Ok(())
    }
}

/// A right to use a seal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UseGrant {
    id: UseGrantId,
    seal: SealId,
    unit: UnitId,
    parent_unit: Option<UnitId>,
    area_path: AreaPath,
    to: String,
    to_name: String,
    limits: Limits,
    used: u32,
    state: GrantState,
    created_at: Timestamp,
    history: Vec<Step>,
}

/// What happens to a grant.
#[derive(Debug, Clone)]
pub enum GrantEvent {
    /// Documents are about to be sealed under it.
    Take {
        /// How many.
        documents: u32,
        /// Kind of document.
        document_kind: String,
        /// Time of day where the seal is used.
        local_time: Time,
    },
    /// Documents were not sealed after all.
    GiveBack {
        /// How many.
        documents: u32,
    },
    /// Taken back.
    Revoke {
        /// Why.
        reason: String,
    },
    /// Its time is over.
    Expire,
}

impl UseGrant {
    /// Gives a right.
    ///
    /// # Errors
    /// `GRANT_TIME` when it ends before it begins or lasts over two years; `GRANT_LIMIT` for a count of zero or over-long lists.
    pub fn give(
        id: UseGrantId,
        belongs: Belongs,
        to: String,
        to_name: String,
        limits: Limits,
        by: &By,
        now: Timestamp,
    ) -> Result<Self, Refused> {
        let longest = jiff::SignedDuration::from_hours(24 * 731);
        if limits.until <= limits.from
            || limits.until <= now
            || limits.until.duration_since(limits.from) > longest
        {
            return Err(Refused::rule(
                "GRANT_TIME",
                "授权期限应在两年以内，且止于将来",
                "a grant ends in the future, two years after its begin at the latest",
            ));
        }
        if limits.most == Some(0)
            || limits.document_kinds.len() > 50
            || limits.document_kinds.iter().any(|kind| !(1..=64).contains(&kind.chars().count()))
        {
            return Err(Refused::rule(
                "GRANT_LIMIT",
                "授权次数或者文件种类不合规",
                "count or kinds are out of bounds",
            ));
        }
        let mut grant = Self {
            id,
            seal: belongs.seal,
            unit: belongs.unit,
            parent_unit: belongs.parent_unit,
            area_path: belongs.area_path,
            to,
            to_name,
            limits,
            used: 0,
            state: G::Live,
            created_at: now,
            history: Vec::new(),
        };
        grant.record("give", G::Live, by, now, None);
        Ok(grant)
    }

    /// Takes a step.
    ///
    /// # Errors
    /// [`Refused`]: by the table, or `GRANT_NOT_YET`, `GRANT_OVER`, `GRANT_HOURS`, `GRANT_KIND`, `GRANT_COUNT`, `NOT_OVER_YET`,
    /// `REASON_MISSING`.
    pub fn apply(
        mut self,
        event: GrantEvent,
        by: &By,
        now: Timestamp,
    ) -> Result<(Self, Vec<Effect>), Refused> {
        let name = match &event {
            GrantEvent::Take { documents, .. } if self.left() == Some(*documents) => "take_last",
            GrantEvent::Take { .. } => "take",
            GrantEvent::GiveBack { .. } => "give_back",
            GrantEvent::Revoke { .. } => "revoke",
            GrantEvent::Expire => "expire",
        };
        let to = next(TABLE, self.state, name)?;
        let from = self.state;
        let mut why = None;
        let mut effects = Vec::new();
        match event {
            GrantEvent::Take { documents, document_kind, local_time } => {
                self.covers(documents, &document_kind, local_time, now)?;
                self.used = self.used.saturating_add(documents);
            }
            GrantEvent::GiveBack { documents } => self.used = given_back(self.used, documents)?,
            GrantEvent::Revoke { reason: text } => {
                reason(&text)?;
                why = Some(text);
                effects.push(Effect::unit("grant.revoked"));
            }
            GrantEvent::Expire => {
                if now < self.limits.until {
                    return Err(Refused::rule("NOT_OVER_YET", "授权尚未到期", "the grant is not over yet"));
                }
            }
        }
        self.state = to;
        // Uses stand in the use register; only what changes the right itself stands in its history.
        if !matches!(name, "take" | "give_back") {
            self.record(name, from, by, now, why);
        }
        Ok((self, effects))
    }

    fn covers(&self, documents: u32, kind: &str, local_time: Time, now: Timestamp) -> Result<(), Refused> {
        self.limits.cover(kind, local_time, now)?;
        if documents == 0 || self.left().is_some_and(|left| documents > left) {
            return Err(Refused::rule(
                "GRANT_COUNT",
                "授权次数不足",
                "the grant does not cover so many documents",
            ));
        }
        Ok(())
    }

    fn record(&mut self, event: &str, from: GrantState, by: &By, now: Timestamp, why: Option<String>) {
        self.history.push(Step {
            at: now,
            effective_at: now,
            event: event.to_owned(),
            from: from.as_str().to_owned(),
            to: self.state.as_str().to_owned(),
            by: by.clone(),
            reason: why,
            document: None,
        });
    }

    /// Documents that may still be sealed; `None` without a limit.
    pub fn left(&self) -> Option<u32> {
        self.limits.most.map(|most| most.saturating_sub(self.used))
    }

    /// Key.
    pub fn id(&self) -> &UseGrantId {
        &self.id
    }
    /// Seal.
    pub fn seal(&self) -> &SealId {
        &self.seal
    }
    crate::place::getters!();
    /// Account or client that may.
    pub fn to(&self) -> &str {
        &self.to
    }
    /// Name of it.
    pub fn to_name(&self) -> &str {
        &self.to_name
    }
    /// What may be done.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }
    /// Documents sealed under it.
    pub fn used(&self) -> u32 {
        self.used
    }
    /// Where it stands.
    pub fn state(&self) -> GrantState {
        self.state
    }
    /// When it was given.
    pub fn created_at(&self) -> Timestamp {
        self.created_at
    }
    /// Every step.
    pub fn history(&self) -> &[Step] {
        &self.history
    }
}

/// The count after documents were not sealed after all. Nothing given back would bring a used-up right to life again.
pub(crate) fn given_back(used: u32, documents: u32) -> Result<u32, Refused> {
    used.checked_sub(documents).filter(|_| documents > 0).ok_or_else(|| {
        Refused::rule(
            "GRANT_COUNT",
            "退回的次数须大于零且不多于已用次数",
            "between one and what was taken is given back",
        )
    })
}
