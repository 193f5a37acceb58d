//! Tickets (监管单): an inspection, a finding or an order to correct (责令整改), with all that follows from it.
//!
//! Seals may be suspended by an order that was not carried out in time, at once where the breach is grave. They resume by themselves: on
//! the day that was named, at the latest when the ticket ends. What else keeps a seal suspended stays.

use super::opening::order_due;
use super::{Answer, Breach, MOST_FILES, MOST_SEALS, Opening, TicketFile};
use crate::area::AreaPath;
use crate::ids::{SealId, TicketId, UnitId};
use crate::lifecycle::{By, Effect, Refused, Rule, State as _, Step, next, reason, states};
use crate::supervision::SupervisionKind;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

states! {
    /// Where a ticket stands.
    TicketState {
        /// Written down; there is nothing to be done.
        Noted = "noted", "已记录";
        /// The unit has to do something.
        Open = "open", "待整改";
        /// The unit says that it did.
        Answered = "answered", "待复查";
        /// The department is satisfied.
        Accepted = "accepted", "整改合格";
        /// Ended in another way: passed on to another authority, the unit is gone.
        Closed = "closed", "已结案";
    }
}

use TicketState as T;

/// The table.
pub const TABLE: &[Rule<TicketState>] = &[
    Rule { from: T::Open, event: "attach", to: T::Open },
    Rule { from: T::Open, event: "detach", to: T::Open },
    Rule { from: T::Open, event: "answer", to: T::Answered },
    Rule { from: T::Open, event: "extend", to: T::Open },
    Rule { from: T::Open, event: "overdue", to: T::Open },
    Rule { from: T::Open, event: "suspend", to: T::Open },
    Rule { from: T::Open, event: "close", to: T::Closed },
    Rule { from: T::Answered, event: "accept", to: T::Accepted },
    Rule { from: T::Answered, event: "send_back", to: T::Open },
    Rule { from: T::Answered, event: "suspend", to: T::Answered },
    Rule { from: T::Answered, event: "close", to: T::Closed },
];

/// Events of the table.
pub const EVENTS: &[&str] =
    &["attach", "detach", "answer", "accept", "send_back", "extend", "overdue", "suspend", "close"];

/// The deadline of a ticket, as its clock is named.
pub const OVERDUE: &str = "ticket_overdue";
/// The unit is reminded, as its clock is named.
pub const SOON: &str = "ticket_soon";
/// What it suspended is let go, as its clock is named.
pub const OVER: &str = "ticket_over";

/// The unit is reminded so long before the day.
pub const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 3);

/// Seals suspended by a ticket at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealsOrdered {
    /// Which.
    pub seals: Vec<SealId>,
    /// Until which day; absent: until the ticket ends.
    pub until: Option<Timestamp>,
    /// Why, 2 to 2000 characters.
    pub detail: String,
    /// Number of the decision.
    pub document: String,
    /// When.
    pub at: Timestamp,
    /// Who decided.
    pub by: By,
}

/// A ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ticket {
    id: TicketId,
    unit: UnitId,
    parent_unit: Option<UnitId>,
    area_path: AreaPath,
    unit_name: String,
    kind: SupervisionKind,
    breaches: Vec<Breach>,
    text: String,
    basis: Option<String>,
    document: Option<String>,
    seals: Vec<SealId>,
    due: Option<Timestamp>,
    follows: Option<TicketId>,
    files: Vec<TicketFile>,
    answers: Vec<Answer>,
    suspensions: Vec<SealsOrdered>,
    state: TicketState,
    created_at: Timestamp,
    history: Vec<Step>,
}

/// What happens to a ticket.
#[derive(Debug, Clone)]
pub enum TicketEvent {
    /// The unit brings a file for its next answer.
    Attach(TicketFile),
    /// The unit takes it back.
    Detach {
        /// SM3 of the file, hex.
        digest: String,
    },
    /// The unit says what it did.
    Answer {
        /// In words.
        text: String,
    },
    /// The department is satisfied.
    Accept {
        /// In words.
        remark: String,
    },
    /// It is not.
    SendBack {
        /// What is missing.
        reason: String,
        /// Another day; the old one stays when absent, as long as it lies ahead.
        due: Option<Timestamp>,
    },
    /// The unit gets more time.
    Extend {
        /// Until when.
        due: Timestamp,
        /// Why.
        reason: String,
    },
    /// The day has passed.
    Overdue,
    /// Seals are suspended.
    Suspend {
        /// Which.
        seals: Vec<SealId>,
        /// Until which day; absent: until the ticket ends.
        until: Option<Timestamp>,
        /// Why.
        detail: String,
        /// Number of the decision.
        document: String,
    },
    /// Ended in another way.
    Close {
        /// Why.
        reason: String,
    },
}

impl TicketEvent {
    /// Name in the table.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Attach(_) => "attach",
            Self::Detach { .. } => "detach",
            Self::Answer { .. } => "answer",
            Self::Accept { .. } => "accept",
            Self::SendBack { .. } => "send_back",
            Self::Extend { .. } => "extend",
            Self::Overdue => "overdue",
            Self::Suspend { .. } => "suspend",
            Self::Close { .. } => "close",
        }
    }
}

impl Ticket {
    /// Opens a ticket.
    ///
    /// # Errors
    /// Those of [`Opening::check`].
    pub fn open(opening: Opening, by: &By, now: Timestamp) -> Result<(Self, Vec<Effect>), Refused> {
        opening.check(now)?;
        let (unit, parent_unit, area_path) = opening.of;
        let state = if opening.kind == SupervisionKind::Inspection { T::Noted } else { T::Open };
        let mut ticket = Self {
            id: opening.id,
            unit,
            parent_unit,
            area_path,
            unit_name: opening.unit_name,
            kind: opening.kind,
            breaches: opening.breaches,
            text: opening.text.trim().to_owned(),
            basis: opening.basis,
            document: opening.document,
            seals: opening.seals,
            due: opening.due,
            follows: opening.follows,
            files: Vec::new(),
            answers: Vec::new(),
            suspensions: Vec::new(),
            state,
            created_at: now,
            history: Vec::new(),
        };
        ticket.record("open", state, by, now, Some(ticket.text.clone()), ticket.document.clone());
        let mut effects = vec![
            Effect::unit("ticket.opened"),
            Effect::announce("ticket", state.as_str(), state.as_str(), now),
        ];
        effects.extend(ticket.clocks(now));
        Ok((ticket, effects))
    }

    /// Takes a step.
    ///
    /// # Errors
    /// [`Refused`]: by the table, or `REASON_MISSING`, `REASON_LONG`, `ORDER_DUE`, `NOT_DUE`, `TICKET_FILES`, `ONLY_ORDER`,
    /// `SUSPENSION_EARLY`, `TICKET_SEALS`, `DOCUMENT_MISSING`.
    pub fn apply(
        mut self,
        event: TicketEvent,
        by: &By,
        now: Timestamp,
    ) -> Result<(Self, Vec<Effect>), Refused> {
        let name = event.name();
        let to = next(TABLE, self.state, name)?;
        let mut effects = Vec::new();
        let (mut why, mut decision) = (None, None);
        match event {
            TicketEvent::Attach(file) => self.attach(file)?,
            TicketEvent::Detach { digest } => self.detach(&digest)?,
            TicketEvent::Answer { text } => {
                reason(&text)?;
                let files = std::mem::take(&mut self.files);
                self.answers.push(Answer { at: now, by: by.clone(), text: text.trim().to_owned(), files });
                effects.push(Effect::authority("ticket.answered"));
                why = Some(text);
            }
            TicketEvent::Accept { remark } => {
                reason(&remark)?;
                effects.push(Effect::unit("ticket.accepted"));
                effects.extend(self.let_go(now));
                why = Some(remark);
            }
            TicketEvent::SendBack { reason: text, due } => {
                reason(&text)?;
                self.put_off(due.or(self.due), now)?;
                effects.push(Effect::unit("ticket.sent_back"));
                effects.extend(self.clocks(now));
                why = Some(text);
            }
            TicketEvent::Extend { due, reason: text } => {
                reason(&text)?;
                self.put_off(Some(due), now)?;
                effects.push(Effect::unit("ticket.extended"));
                effects.extend(self.clocks(now));
                why = Some(text);
            }
            TicketEvent::Overdue => {
                if !self.is_overdue(now) {
                    return Err(Refused::rule("NOT_DUE", "整改期限未到", "the day has not come"));
                }
                effects.extend([Effect::unit("ticket.overdue"), Effect::authority("ticket.overdue")]);
                effects.push(self.overdue_announced(now));
            }
            TicketEvent::Suspend { seals, until, detail, document } => {
                let ordered = SealsOrdered { seals, until, detail, document, at: now, by: by.clone() };
                (why, decision) = (Some(ordered.detail.clone()), Some(ordered.document.clone()));
                self.suspend(ordered, now)?;
            }
            TicketEvent::Close { reason: text } => {
                reason(&text)?;
                effects.push(Effect::unit("ticket.closed"));
                effects.extend(self.let_go(now));
                why = Some(text);
            }
        }
        let from = std::mem::replace(&mut self.state, to);
        if from != to {
            effects.push(Effect::announce("ticket", from.as_str(), to.as_str(), now));
        }
        self.record(name, from, by, now, why, decision);
        Ok((self, effects))
    }

    /// The same bytes are one file, under the name they came with last.
    fn attach(&mut self, file: TicketFile) -> Result<(), Refused> {
        self.files.retain(|known| known.digest != file.digest);
        if self.files.len() >= MOST_FILES {
            return Err(Refused::rule(
                "TICKET_FILES",
                "一次反馈至多 20 个文件",
                "an answer has twenty files at most",
            ));
        }
        self.files.push(file);
        Ok(())
    }

    fn detach(&mut self, digest: &str) -> Result<(), Refused> {
        let before = self.files.len();
        self.files.retain(|known| known.digest != digest);
        if self.files.len() < before {
            return Ok(());
        }
        Err(Refused::rule("TICKET_FILES", "没有这个待提交的文件", "no such file waits for the next answer"))
    }

    /// Only an order has a day, and that lies ahead.
    fn put_off(&mut self, due: Option<Timestamp>, now: Timestamp) -> Result<(), Refused> {
        let order = self.kind == SupervisionKind::Order;
        if due.is_some() != order || due.is_some_and(|due| due <= now) {
            return Err(order_due());
        }
        self.due = due;
        Ok(())
    }

    fn suspend(&mut self, ordered: SealsOrdered, now: Timestamp) -> Result<(), Refused> {
        reason(&ordered.detail)?;
        if ordered.document.trim().is_empty() {
            return Err(Refused::rule(
                "DOCUMENT_MISSING",
                "须填写决定文号",
                "the decision's number is missing",
            ));
        }
        if self.kind != SupervisionKind::Order {
            return Err(Refused::rule(
                "ONLY_ORDER",
                "只有责令整改可以附带停用印章",
                "only an order to correct suspends seals",
            ));
        }
        if !self.is_overdue(now) && !self.breaches.iter().any(|breach| breach.is_grave()) {
            return Err(Refused::rule(
                "SUSPENSION_EARLY",
                "整改尚未逾期，且不属于可以立即停用的情形",
                "the order is not overdue, and the breach is none upon which seals are suspended at once",
            ));
        }
        if ordered.until.is_some_and(|until| until <= now) {
            return Err(Refused::rule("NOT_DUE", "停用期限应晚于现在", "the suspension ends in the future"));
        }
        let seals: BTreeSet<&SealId> = ordered.seals.iter().collect();
        if seals.is_empty() || seals.len() != ordered.seals.len() || seals.len() > MOST_SEALS {
            return Err(Refused::rule(
                "TICKET_SEALS",
                "应列明 1 至 100 枚印章，每枚列一次",
                "name one to a hundred seals, each once",
            ));
        }
        self.suspensions.push(ordered);
        Ok(())
    }

    /// What it suspended is let go by a job.
    fn let_go(&self, now: Timestamp) -> Option<Effect> {
        (!self.suspensions.is_empty()).then(|| Effect::clock(OVER, now))
    }

    fn clocks(&self, now: Timestamp) -> Vec<Effect> {
        self.due.map(|due| Effect::deadline(OVERDUE, due, SOON, AHEAD, now)).unwrap_or_default()
    }

    fn overdue_announced(&self, now: Timestamp) -> Effect {
        let state = self.state.as_str().to_owned();
        let event = "ticket.overdue".to_owned();
        Effect::Announce { event, from: state.clone(), to: state, at: now, due: self.due }
    }

    fn record(
        &mut self,
        event: &str,
        from: TicketState,
        by: &By,
        now: Timestamp,
        reason: Option<String>,
        document: Option<String>,
    ) {
        self.history.push(Step {
            at: now,
            effective_at: now,
            event: event.to_owned(),
            from: from.as_str().to_owned(),
            to: self.state.as_str().to_owned(),
            by: by.clone(),
            reason,
            document,
        });
    }

    /// Whether the unit has not answered by the day.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.state == T::Open && self.due.is_some_and(|due| due <= now)
    }

    /// Whether nothing more happens to it.
    pub fn has_ended(&self) -> bool {
        matches!(self.state, T::Noted | T::Accepted | T::Closed)
    }

    /// Every seal it ever suspended, each once.
    pub fn suspended_seals(&self) -> BTreeSet<&SealId> {
        self.suspensions.iter().flat_map(|ordered| &ordered.seals).collect()
    }

    /// A file by its digest: one that waits, or one of an answer.
    pub fn file(&self, digest: &str) -> Option<&TicketFile> {
        let answered = self.answers.iter().flat_map(|answer| &answer.files);
        self.files.iter().chain(answered).find(|file| file.digest == digest)
    }

    /// Key.
    pub fn id(&self) -> &TicketId {
        &self.id
    }
    crate::place::getters!();
    /// Name of the unit at the time.
    pub fn unit_name(&self) -> &str {
        &self.unit_name
    }
    /// What it is.
    pub fn kind(&self) -> SupervisionKind {
        self.kind
    }
    /// What the unit is held to account for.
    pub fn breaches(&self) -> &[Breach] {
        &self.breaches
    }
    /// What was seen or is ordered.
    pub fn text(&self) -> &str {
        &self.text
    }
    /// Law and article it rests on.
    pub fn basis(&self) -> Option<&str> {
        self.basis.as_deref()
    }
    /// Number of the document.
    pub fn document(&self) -> Option<&str> {
        self.document.as_deref()
    }
    /// Seals it is about.
    pub fn seals(&self) -> &[SealId] {
        &self.seals
    }
    /// Until when an order is to be carried out.
    pub fn due(&self) -> Option<Timestamp> {
        self.due
    }
    /// The ticket it comes from.
    pub fn follows(&self) -> Option<&TicketId> {
        self.follows.as_ref()
    }
    /// Files for the next answer.
    pub fn files(&self) -> &[TicketFile] {
        &self.files
    }
    /// What the unit answered, the oldest first.
    pub fn answers(&self) -> &[Answer] {
        &self.answers
    }
    /// What was suspended, the oldest first.
    pub fn suspensions(&self) -> &[SealsOrdered] {
        &self.suspensions
    }
    /// Where it stands.
    pub fn state(&self) -> TicketState {
        self.state
    }
    /// When it was opened.
    pub fn created_at(&self) -> Timestamp {
        self.created_at
    }
    /// Every step.
    pub fn history(&self) -> &[Step] {
        &self.history
    }
}
