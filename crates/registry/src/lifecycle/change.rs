//! Change cases (变更): cancel first, then apply, carried as one so that the unit is not lost half-way (Xi'an measures, article 11).
//!
//! A refusal leaves the old seal in force. The approval cancels it in the same transaction. From then on the case stays open, even
//! when the application lapses, until a new seal is in its owner's hands.

use super::{By, Refused, Rule, State, Step, next, reason, states};
use crate::area::AreaPath;
use crate::ids::{ApplicationId, ChangeId, SealId, UnitId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

states! {
    /// Where a change case stands.
    ChangeState {
        /// Opened; the old seal is in force.
        Open = "open", "办理中";
        /// The old seal is canceled, the new one is on its way.
        Canceled = "canceled", "原章已缴销";
        /// The new seal is in its owner's hands.
        Completed = "completed", "已办结";
        /// Withdrawn before anything was canceled.
        Withdrawn = "withdrawn", "已撤回";
    }
}

use ChangeState as C;

/// The table.
pub const TABLE: &[Rule<ChangeState>] = &[
    Rule { from: C::Open, event: "cancel_old", to: C::Canceled },
    Rule { from: C::Open, event: "withdraw", to: C::Withdrawn },
    Rule { from: C::Canceled, event: "complete", to: C::Completed },
];

/// Events of the table.
pub const EVENTS: &[&str] = &["cancel_old", "withdraw", "complete"];

/// What happens to a case.
#[derive(Debug, Clone)]
pub enum ChangeEvent {
    /// The application is approved and the old seal canceled.
    CancelOld,
    /// Withdrawn.
    Withdraw {
        /// Why.
        reason: String,
    },
    /// The new seal is accepted.
    Complete {
        /// The new seal.
        seal: SealId,
    },
}

impl ChangeEvent {
    /// Name in the table.
    pub fn name(&self) -> &'static str {
        match self {
            Self::CancelOld => "cancel_old",
            Self::Withdraw { .. } => "withdraw",
            Self::Complete { .. } => "complete",
        }
    }
}

/// A change case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeCase {
    id: ChangeId,
    unit: UnitId,
    #[serde(default)]
    parent_unit: Option<UnitId>,
    area_path: AreaPath,
    seal: SealId,
    application: ApplicationId,
    new_seal: Option<SealId>,
    reason: String,
    state: ChangeState,
    created_at: Timestamp,
    history: Vec<Step>,
}

/// What a case begins with.
#[derive(Debug, Clone)]
pub struct ChangeOpening {
    /// Key.
    pub id: ChangeId,
    /// Unit.
    pub unit: UnitId,
    /// Unit above it, whose agents act for it.
    pub parent_unit: Option<UnitId>,
    /// Its place.
    pub area_path: AreaPath,
    /// Seal to be changed.
    pub seal: SealId,
    /// Application for the new one.
    pub application: ApplicationId,
    /// Why.
    pub reason: String,
}

impl ChangeCase {
    /// Opens a case.
    ///
    /// # Errors
    /// `REASON_MISSING`.
    pub fn open(opening: ChangeOpening, by: &By, now: Timestamp) -> Result<Self, Refused> {
        reason(&opening.reason)?;
        let mut case = Self {
            id: opening.id,
            unit: opening.unit,
            parent_unit: opening.parent_unit,
            area_path: opening.area_path,
            seal: opening.seal,
            application: opening.application,
            new_seal: None,
            reason: opening.reason.clone(),
            state: C::Open,
            created_at: now,
            history: Vec::new(),
        };
        case.record("open", C::Open, by, now, Some(opening.reason));
        Ok(case)
    }

    /// Takes a step.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn apply(mut self, event: ChangeEvent, by: &By, now: Timestamp) -> Result<Self, Refused> {
        let name = event.name();
        let to = next(TABLE, self.state, name)?;
        let from = self.state;
        let mut why = None;
        match event {
            ChangeEvent::CancelOld => {}
            ChangeEvent::Withdraw { reason: text } => {
                reason(&text)?;
                why = Some(text);
            }
            ChangeEvent::Complete { seal } => self.new_seal = Some(seal),
        }
        self.state = to;
        self.record(name, from, by, now, why);
        Ok(self)
    }

    fn record(&mut self, event: &str, from: ChangeState, by: &By, now: Timestamp, why: Option<String>) {
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

    /// Key.
    pub fn id(&self) -> &ChangeId {
        &self.id
    }
    /// Unit.
    pub fn unit(&self) -> &UnitId {
        &self.unit
    }
    /// Unit above it.
    pub fn parent_unit(&self) -> Option<&UnitId> {
        self.parent_unit.as_ref()
    }
    /// Its place.
    pub fn area_path(&self) -> &AreaPath {
        &self.area_path
    }
    /// Seal to be changed.
    pub fn seal(&self) -> &SealId {
        &self.seal
    }
    /// Application for the new one.
    pub fn application(&self) -> &ApplicationId {
        &self.application
    }
    /// The new one, at the end.
    pub fn new_seal(&self) -> Option<&SealId> {
        self.new_seal.as_ref()
    }
    /// Why.
    pub fn reason(&self) -> &str {
        &self.reason
    }
    /// Where it stands.
    pub fn state(&self) -> ChangeState {
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
