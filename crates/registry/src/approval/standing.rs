//! Standing authorizations (常设授权): a program may have documents of one template sealed without a person's vote on each, within limits
//! that people voted on beforehand by the unit's own flow.

use super::course::{Course, Outcome};
use super::flow::{Approver, Flow};
use crate::area::AreaPath;
use crate::custody::activation::Belongs;
use crate::custody::grant::{Limits, given_back};
use crate::ids::{ClientId, SealId, StandingId, UnitId};
use crate::lifecycle::{By, Effect, Refused, Rule, State, Step, next, reason, states};
use jiff::Timestamp;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};

states! {
    /// Where an authorization stands.
    StandingState {
        /// People are voting on it.
        Proposed = "proposed", "审批中";
        /// In force.
        Live = "live", "有效";
        /// Refused.
        Refused = "refused", "不予同意";
        /// Its count or its value is spent.
        UsedUp = "used_up", "已用完";
        /// Taken back.
        Revoked = "revoked", "已收回";
        /// Its time is over.
        Over = "over", "已到期";
    }
}

use StandingState as S;

/// The table.
pub const TABLE: &[Rule<StandingState>] = &[
    Rule { from: S::Proposed, event: "agree", to: S::Proposed },
    Rule { from: S::Proposed, event: "approve", to: S::Live },
    Rule { from: S::Proposed, event: "refuse", to: S::Refused },
    Rule { from: S::Proposed, event: "delegate", to: S::Proposed },
    Rule { from: S::Proposed, event: "escalate", to: S::Proposed },
    Rule { from: S::Proposed, event: "revoke", to: S::Revoked },
    Rule { from: S::Proposed, event: "expire", to: S::Over },
    Rule { from: S::Live, event: "take", to: S::Live },
    Rule { from: S::Live, event: "take_last", to: S::UsedUp },
    Rule { from: S::Live, event: "give_back", to: S::Live },
    Rule { from: S::Live, event: "revoke", to: S::Revoked },
    Rule { from: S::Live, event: "expire", to: S::Over },
    Rule { from: S::UsedUp, event: "give_back", to: S::Live },
    Rule { from: S::UsedUp, event: "revoke", to: S::Revoked },
    Rule { from: S::UsedUp, event: "expire", to: S::Over },
];

/// Events of the table.
pub const EVENTS: &[&str] = &[
    "agree",
    "approve",
    "refuse",
    "delegate",
    "escalate",
    "take",
    "take_last",
    "give_back",
    "revoke",
    "expire",
];

/// What is authorized.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Program.
    pub client: ClientId,
    /// Its name.
    pub client_name: String,
    /// Time, kinds of document, count, hours.
    pub limits: Limits,
    /// Name of the template the program fills: every document names it.
    pub template: String,
    /// Value of one document at most, in fen; `None` where documents have no value.
    pub value_each: Option<u64>,
    /// Value of all documents together at most, in fen.
    pub value_total: Option<u64>,
    /// Why.
    pub reason: String,
}

/// Documents a program wants sealed under an authorization.
#[derive(Debug, Clone)]
pub struct Take<'a> {
    /// Program.
    pub client: &'a str,
    /// How many documents.
    pub documents: u32,
    /// Their kind.
    pub document_kind: &'a str,
    /// Their template.
    pub template: &'a str,
    /// Value of the dearest, in fen.
    pub value_most: u64,
    /// Value of all together, in fen.
    pub value_sum: u64,
    /// Time of day where the seal is used.
    pub local_time: Time,
}

/// A standing authorization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    id: StandingId,
    seal: SealId,
    unit: UnitId,
    parent_unit: Option<UnitId>,
    area_path: AreaPath,
    terms: Terms,
    course: Course,
    used: u32,
    value_used: u64,
    state: StandingState,
    created_at: Timestamp,
    history: Vec<Step>,
}

/// What happens to an authorization.
#[derive(Debug, Clone)]
pub enum StandingEvent<'a> {
    /// Somebody votes.
    Vote {
        /// Agreed or refused.
        agrees: bool,
        /// Words.
        words: Option<String>,
        /// SM3 of what was decided on, hex.
        digest: String,
    },
    /// Somebody lets another vote in his place.
    Delegate {
        /// Who votes instead.
        to: Approver,
        /// Why.
        reason: String,
    },
    /// A step is overdue.
    Escalate,
    /// Documents are about to be sealed under it.
    Take(Take<'a>),
    /// Documents were not sealed after all.
    GiveBack {
        /// How many.
        documents: u32,
        /// Their value, in fen.
        value: u64,
    },
    /// Taken back.
    Revoke {
        /// Why.
        reason: String,
    },
    /// Its time is over.
    Expire,
}

impl Standing {
    /// Proposes an authorization; people vote by the flow.
    ///
    /// # Errors
    /// `REASON_MISSING`, `STANDING_LIMITS` (no count, no end, or a value of nothing), those of [`Course::begin`].
    pub fn propose(
        id: StandingId,
        belongs: Belongs,
        terms: Terms,
        flow: &Flow,
        by: &By,
        now: Timestamp,
    ) -> Result<(Self, Vec<Effect>), Refused> {
        reason(&terms.reason)?;
        let limits = &terms.limits;
        let template = terms.template.trim().chars().count();
        if limits.most.is_none_or(|most| most == 0)
            || limits.until <= limits.from
            || limits.until <= now
            || terms.value_each == Some(0)
            || terms.value_total == Some(0)
            || !(1..=128).contains(&template)
        {
            return Err(Refused::rule(
                "STANDING_LIMITS",
                "常设授权须有次数上限、截止时间和模板",
                "a standing authorization has a count, an end and a template",
            ));
        }
        let (course, effects) = Course::begin(flow, digest(&belongs.seal, &terms), by, now)?;
        let mut standing = Self {
            id,
            seal: belongs.seal,
            unit: belongs.unit,
            parent_unit: belongs.parent_unit,
            area_path: belongs.area_path,
            terms,
            course,
            used: 0,
            value_used: 0,
            state: S::Proposed,
            created_at: now,
            history: Vec::new(),
        };
        standing.record("propose", S::Proposed, by, now, None);
        Ok((standing, effects))
    }

    /// Takes a step.
    ///
    /// # Errors
    /// [`Refused`]: by the table, by the course of approval, or `NOT_THE_CLIENT`, `GRANT_NOT_YET`, `GRANT_OVER`, `GRANT_HOURS`,
    /// `GRANT_KIND`, `GRANT_COUNT`, `TEMPLATE_DIFFERS`, `VALUE_EACH`, `VALUE_TOTAL`, `NOT_OVER_YET`.
    pub fn apply(
        mut self,
        event: StandingEvent<'_>,
        by: &By,
        now: Timestamp,
    ) -> Result<(Self, Vec<Effect>), Refused> {
        let mut effects = Vec::new();
        let mut why = None;
        let probe = match &event {
            StandingEvent::Vote { agrees: true, .. } => "agree",
            StandingEvent::Vote { agrees: false, .. } => "refuse",
            StandingEvent::Delegate { .. } => "delegate",
            StandingEvent::Escalate => "escalate",
            StandingEvent::Take(_) => "take",
            StandingEvent::GiveBack { .. } => "give_back",
            StandingEvent::Revoke { .. } => "revoke",
            StandingEvent::Expire => "expire",
        };
        // Asked of the table first, so that a closed authorization says so before anything else.
        next(TABLE, self.state, probe)?;
        let name = match event {
            StandingEvent::Vote { agrees, words, digest } => {
                why.clone_from(&words);
                let (outcome, more) = self.course.vote(agrees, words, &digest, by, now)?;
                effects.extend(more);
                match outcome {
                    Outcome::Open | Outcome::NextStep => "agree",
                    Outcome::Approved => "approve",
                    Outcome::Refused => "refuse",
                }
            }
            StandingEvent::Delegate { to, reason } => {
                why = Some(reason.clone());
                effects.extend(self.course.delegate(to, reason, by, now)?);
                probe
            }
            StandingEvent::Escalate => {
                effects.extend(self.course.escalate(now)?);
                probe
            }
            StandingEvent::Take(take) => {
                self.covers(&take, now)?;
                self.used = self.used.saturating_add(take.documents);
                self.value_used = self.value_used.saturating_add(take.value_sum);
                match self.left() {
                    0 => "take_last",
                    _ => probe,
                }
            }
            StandingEvent::GiveBack { documents, value } => {
                self.used = given_back(self.used, documents)?;
                self.value_used = self.value_used.saturating_sub(value);
                probe
            }
            StandingEvent::Revoke { reason: text } => {
                reason(&text)?;
                why = Some(text);
                effects.push(Effect::unit("standing.revoked"));
                probe
            }
            StandingEvent::Expire => {
                if now < self.terms.limits.until {
                    return Err(Refused::rule(
                        "NOT_OVER_YET",
                        "授权尚未到期",
                        "the authorization is not over yet",
                    ));
                }
                probe
            }
        };
        let to = next(TABLE, self.state, name)?;
        let from = std::mem::replace(&mut self.state, to);
        // Uses stand in the use register; only what changes the right itself stands in its history.
        if !matches!(name, "take" | "give_back") {
            self.record(name, from, by, now, why);
        }
        Ok((self, effects))
    }

    fn covers(&self, take: &Take<'_>, now: Timestamp) -> Result<(), Refused> {
        let Terms { client, limits, template, value_each, value_total, .. } = &self.terms;
        if client.as_str() != take.client {
            return Err(Refused::rule(
                "NOT_THE_CLIENT",
                "该授权属于另一业务系统",
                "the authorization is another program's",
            ));
        }
        if template != take.template {
            return Err(Refused::rule(
                "TEMPLATE_DIFFERS",
                "授权不包括该模板",
                "the authorization is for another template",
            ));
        }
        limits.cover(take.document_kind, take.local_time, now)?;
        if take.documents == 0 || take.documents > self.left() {
            return Err(Refused::rule(
                "GRANT_COUNT",
                "授权次数不足",
                "the authorization does not cover so many documents",
            ));
        }
        if value_each.is_some_and(|most| take.value_most > most) {
            return Err(Refused::rule(
                "VALUE_EACH",
                "单份文件金额超过授权",
                "a document's value is above the limit",
            ));
        }
        if value_total.is_some_and(|most| self.value_used.saturating_add(take.value_sum) > most) {
            return Err(Refused::rule(
                "VALUE_TOTAL",
                "累计金额超过授权",
                "the sum of values is above the limit",
            ));
        }
        Ok(())
    }

    fn record(&mut self, event: &str, from: StandingState, by: &By, now: Timestamp, why: Option<String>) {
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

    /// Documents that may still be sealed.
    pub fn left(&self) -> u32 {
        self.terms.limits.most.unwrap_or(0).saturating_sub(self.used)
    }

    /// Key.
    pub fn id(&self) -> &StandingId {
        &self.id
    }
    /// Seal.
    pub fn seal(&self) -> &SealId {
        &self.seal
    }
    crate::place::getters!();
    /// What is authorized.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }
    /// How it was voted on.
    pub fn course(&self) -> &Course {
        &self.course
    }
    /// Documents sealed under it.
    pub fn used(&self) -> u32 {
        self.used
    }
    /// Value of them, in fen.
    pub fn value_used(&self) -> u64 {
        self.value_used
    }
    /// Where it stands.
    pub fn state(&self) -> StandingState {
        self.state
    }
    /// When it was proposed.
    pub fn created_at(&self) -> Timestamp {
        self.created_at
    }
    /// Every step.
    pub fn history(&self) -> &[Step] {
        &self.history
    }
}

/// SM3 of what is voted on, hex.
fn digest(seal: &SealId, terms: &Terms) -> String {
    hex::encode(yinxin_crypto::sm3(&serde_json::to_vec(&(seal, terms)).unwrap_or_default()))
}
