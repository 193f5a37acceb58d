//! Who keeps a seal (保管). A seal passes from hand to hand only when giver and taker both confirm; until then the giver answers for it.

use crate::area::AreaPath;
use crate::ids::{AccountId, SealId, UnitId};
use crate::lifecycle::{By, Effect, Refused, Rule, State, Step, next, reason, states};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

states! {
    /// Where the custody of a seal stands.
    KeepingState {
        /// Nobody keeps it; it cannot be used.
        Vacant = "vacant", "待指定";
        /// Somebody is named and has not accepted yet; it cannot be used.
        Offered = "offered", "待接收";
        /// In somebody's keeping.
        Kept = "kept", "在管";
        /// On its way to another; who had it still answers for it.
        HandingOver = "handing_over", "交接中";
        /// The seal is no more.
        Ended = "ended", "已终止";
    }
}

use KeepingState as K;

/// The table.
pub const TABLE: &[Rule<KeepingState>] = &[
    Rule { from: K::Vacant, event: "offer", to: K::Offered },
    Rule { from: K::Vacant, event: "end", to: K::Ended },
    Rule { from: K::Offered, event: "accept", to: K::Kept },
    Rule { from: K::Offered, event: "decline", to: K::Vacant },
    Rule { from: K::Offered, event: "take_back", to: K::Vacant },
    Rule { from: K::Offered, event: "end", to: K::Ended },
    Rule { from: K::Kept, event: "begin_handover", to: K::HandingOver },
    Rule { from: K::Kept, event: "check", to: K::Kept },
    Rule { from: K::Kept, event: "replace", to: K::Offered },
    Rule { from: K::Kept, event: "end", to: K::Ended },
    Rule { from: K::HandingOver, event: "confirm", to: K::HandingOver },
    Rule { from: K::HandingOver, event: "complete", to: K::Kept },
    Rule { from: K::HandingOver, event: "decline", to: K::Kept },
    Rule { from: K::HandingOver, event: "take_back", to: K::Kept },
    Rule { from: K::HandingOver, event: "replace", to: K::Offered },
    Rule { from: K::HandingOver, event: "end", to: K::Ended },
];

/// Events of the table.
pub const EVENTS: &[&str] = &[
    "offer",
    "accept",
    "decline",
    "take_back",
    "begin_handover",
    "confirm",
    "complete",
    "check",
    "replace",
    "end",
];

/// Days a named custodian has to accept, and both have to confirm a handover.
pub const CONFIRM_DAYS: i64 = 7;

/// A custodian (保管人).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keeper {
    /// Who.
    pub account: AccountId,
    /// Name at that time.
    pub name: String,
    /// Since when the seal is in these hands.
    pub since: Timestamp,
}

/// A handover under way (交接).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handover {
    /// Who is to have it.
    pub to: AccountId,
    /// Name.
    pub to_name: String,
    /// Both must have confirmed by then.
    pub due: Timestamp,
    /// When the giver confirmed.
    pub given: Option<Timestamp>,
    /// When the taker confirmed.
    pub taken: Option<Timestamp>,
}

/// A periodic check that the seal is where it should be (定期核查).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: By,
    /// Everything in order.
    pub in_order: bool,
    /// What was found.
    pub note: String,
}

/// The custody of one seal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keeping {
    seal: SealId,
    unit: UnitId,
    parent_unit: Option<UnitId>,
    area_path: AreaPath,
    keeper: Option<Keeper>,
    handover: Option<Handover>,
    check_due: Option<Timestamp>,
    checks: Vec<Check>,
    state: KeepingState,
    created_at: Timestamp,
    history: Vec<Step>,
}

/// What happens to a custody.
#[derive(Debug, Clone)]
pub enum KeepingEvent {
    /// The unit names a custodian where there is none.
    Offer {
        /// Who.
        to: AccountId,
        /// Name.
        name: String,
    },
    /// The named one accepts.
    Accept {
        /// Days until the first periodic check.
        check_days: u16,
    },
    /// The named one declines.
    Decline {
        /// Why.
        reason: String,
    },
    /// The unit takes an offer or a handover back.
    TakeBack {
        /// Why.
        reason: String,
    },
    /// A handover to another begins.
    BeginHandover {
        /// Who is to have it.
        to: AccountId,
        /// Name.
        name: String,
        /// Why.
        reason: String,
    },
    /// Giver or taker confirms; the second confirmation completes the handover.
    Confirm {
        /// Days until the next periodic check.
        check_days: u16,
    },
    /// A periodic check.
    Check {
        /// Everything in order.
        in_order: bool,
        /// What was found.
        note: String,
        /// Days until the next.
        check_days: u16,
    },
    /// The unit names another because the custodian cannot give the seal away himself (left, ill, suspected).
    Replace {
        /// Who.
        to: AccountId,
        /// Name.
        name: String,
        /// Why.
        reason: String,
    },
    /// The seal has ended.
    End,
}

impl Keeping {
    /// The custody of a seal that has just come into force: nobody has it.
    pub fn open(
        seal: SealId,
        unit: UnitId,
        parent_unit: Option<UnitId>,
        area_path: AreaPath,
        now: Timestamp,
    ) -> Self {
        Self {
            seal,
            unit,
            parent_unit,
            area_path,
            keeper: None,
            handover: None,
            check_due: None,
            checks: Vec::new(),
            state: K::Vacant,
            created_at: now,
            history: Vec::new(),
        }
    }

    /// Name of the event in the table, which for a confirmation depends on whether the other side has confirmed.
    fn name(&self, event: &KeepingEvent, by: &By) -> &'static str {
        match event {
            KeepingEvent::Offer { .. } => "offer",
            KeepingEvent::Accept { .. } => "accept",
            KeepingEvent::Decline { .. } => "decline",
            KeepingEvent::TakeBack { .. } => "take_back",
            KeepingEvent::BeginHandover { .. } => "begin_handover",
            KeepingEvent::Confirm { .. } => match &self.handover {
                Some(h) if h.to.as_str() == by.id && h.given.is_some() => "complete",
                Some(h) if h.to.as_str() != by.id && h.taken.is_some() => "complete",
                _ => "confirm",
            },
            KeepingEvent::Check { .. } => "check",
            KeepingEvent::Replace { .. } => "replace",
            KeepingEvent::End => "end",
        }
    }

    /// Takes a step.
    ///
    /// # Errors
    /// [`Refused`]: the table has no such step, or a rule is not kept: `NOT_THE_KEEPER`, `NOT_THE_TAKER`, `SAME_KEEPER`,
    /// `CONFIRMED_ALREADY`, `REASON_MISSING`, `CHECK_DAYS`.
    pub fn apply(
        mut self,
        event: KeepingEvent,
        by: &By,
        now: Timestamp,
    ) -> Result<(Self, Vec<Effect>), Refused> {
        let name = self.name(&event, by);
        let to = next(TABLE, self.state, name)?;
        let from = self.state;
        let mut why = None;
        let mut effects = Vec::new();
        match event {
            KeepingEvent::Offer { to, name } => self.offer(to, name, now, &mut effects),
            KeepingEvent::Replace { to, name, reason: text } => {
                reason(&text)?;
                self.not_the_same(&to)?;
                why = Some(text);
                self.keeper = None;
                self.check_due = None;
                self.offer(to, name, now, &mut effects);
            }
            KeepingEvent::Accept { check_days } => {
                let handover = self.only_the_taker(by)?;
                self.keep(handover, check_days, now, &mut effects)?;
            }
            KeepingEvent::Decline { reason: text } => {
                self.only_the_taker(by)?;
                reason(&text)?;
                why = Some(text);
                self.handover = None;
                effects.push(Effect::unit("custody.declined"));
            }
            KeepingEvent::TakeBack { reason: text } => {
                reason(&text)?;
                why = Some(text);
                self.handover = None;
            }
            KeepingEvent::BeginHandover { to, name, reason: text } => {
                reason(&text)?;
                self.not_the_same(&to)?;
                why = Some(text);
                self.offer(to, name, now, &mut effects);
            }
            KeepingEvent::Confirm { check_days } => self.confirm(by, check_days, now, &mut effects)?,
            KeepingEvent::Check { in_order, note, check_days } => {
                self.only_the_keeper(by)?;
                reason(&note)?;
                self.check_due = Some(after_days(check_days, now)?);
                self.checks.push(Check { at: now, by: by.clone(), in_order, note: note.clone() });
                why = Some(note);
                if !in_order {
                    effects.push(Effect::unit("custody.check_failed"));
                    effects.push(Effect::authority("custody.check_failed"));
                }
                effects.extend(self.check_due.map(|due| Effect::clock("custody_check_due", due)));
            }
            KeepingEvent::End => {
                self.handover = None;
                self.check_due = None;
            }
        }
        self.state = to;
        self.history.push(Step {
            at: now,
            effective_at: now,
            event: name.to_owned(),
            from: from.as_str().to_owned(),
            to: to.as_str().to_owned(),
            by: by.clone(),
            reason: why,
            document: None,
        });
        Ok((self, effects))
    }

    fn offer(&mut self, to: AccountId, to_name: String, now: Timestamp, effects: &mut Vec<Effect>) {
        let due = now.checked_add(SignedDuration::from_hours(24 * CONFIRM_DAYS)).unwrap_or(now);
        self.handover = Some(Handover { to, to_name, due, given: None, taken: None });
        effects.push(Effect::unit("custody.offered"));
        effects.push(Effect::clock("handover_overdue", due));
    }

    fn keep(
        &mut self,
        handover: Handover,
        check_days: u16,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Refused> {
        let due = after_days(check_days, now)?;
        self.keeper = Some(Keeper { account: handover.to, name: handover.to_name, since: now });
        self.handover = None;
        self.check_due = Some(due);
        effects.push(Effect::unit("custody.taken"));
        effects.push(Effect::clock("custody_check_due", due));
        Ok(())
    }

    fn confirm(
        &mut self,
        by: &By,
        check_days: u16,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Refused> {
        let is_keeper = self.is_keeper(&by.id);
        let Some(handover) = self.handover.as_mut() else { return Err(no_offer()) };
        let half = match (handover.to.as_str() == by.id, is_keeper) {
            (true, _) => &mut handover.taken,
            (false, true) => &mut handover.given,
            (false, false) => return Err(not_the_taker()),
        };
        if half.is_some() {
            return Err(Refused::rule("CONFIRMED_ALREADY", "您已经确认过", "you have confirmed already"));
        }
        *half = Some(now);
        if let Handover { given: Some(_), taken: Some(_), .. } = handover {
            let handover = handover.clone();
            self.keep(handover, check_days, now, effects)?;
        }
        Ok(())
    }

    fn only_the_taker(&self, by: &By) -> Result<Handover, Refused> {
        let handover = self.handover.as_ref().ok_or_else(no_offer)?;
        if handover.to.as_str() != by.id {
            return Err(not_the_taker());
        }
        Ok(handover.clone())
    }

    fn only_the_keeper(&self, by: &By) -> Result<(), Refused> {
        if self.is_keeper(&by.id) {
            return Ok(());
        }
        Err(Refused::rule(
            "NOT_THE_KEEPER",
            "只有该印章的保管人可以这样做",
            "only the seal's custodian may do this",
        ))
    }

    fn not_the_same(&self, to: &AccountId) -> Result<(), Refused> {
        if self.is_keeper(to.as_str()) {
            return Err(Refused::rule(
                "SAME_KEEPER",
                "该印章已由此人保管",
                "this person keeps the seal already",
            ));
        }
        Ok(())
    }

    fn is_keeper(&self, account: &str) -> bool {
        self.keeper.as_ref().is_some_and(|keeper| keeper.account.as_str() == account)
    }

    /// Whether somebody answers for the seal, without whom it may not be used.
    pub fn is_kept(&self) -> bool {
        matches!(self.state, K::Kept | K::HandingOver)
    }

    /// Seal.
    pub fn seal(&self) -> &SealId {
        &self.seal
    }
    crate::place::getters!();
    /// Who keeps it.
    pub fn keeper(&self) -> Option<&Keeper> {
        self.keeper.as_ref()
    }
    /// Handover or offer under way.
    pub fn handover(&self) -> Option<&Handover> {
        self.handover.as_ref()
    }
    /// When the next periodic check is due.
    pub fn check_due(&self) -> Option<Timestamp> {
        self.check_due
    }
    /// Periodic checks.
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }
    /// Where it stands.
    pub fn state(&self) -> KeepingState {
        self.state
    }
    /// Since when the seal has a custody.
    pub fn created_at(&self) -> Timestamp {
        self.created_at
    }
    /// Every step.
    pub fn history(&self) -> &[Step] {
        &self.history
    }
}

fn after_days(days: u16, now: Timestamp) -> Result<Timestamp, Refused> {
    if !(1..=366).contains(&days) {
        return Err(Refused::rule(
            "CHECK_DAYS",
            "核查间隔应为 1 至 366 天",
            "checks are 1 to 366 days apart",
        ));
    }
    Ok(now.checked_add(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(now))
}

fn no_offer() -> Refused {
    Refused::rule("NO_HANDOVER", "没有待确认的交接", "there is no handover to confirm")
}

fn not_the_taker() -> Refused {
    Refused::rule("NOT_THE_TAKER", "只有交接双方可以这样做", "only giver and taker may do this")
}
