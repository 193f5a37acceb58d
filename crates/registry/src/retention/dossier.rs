//! The dossier of a request (用印案卷): its documents as something that is kept, held, listed for disposal and disposed of.

use crate::area::AreaPath;
use crate::ids::{DisposalId, UnitId, UseRequestId};
use crate::lifecycle::{By, Refused, Rule, State, Step, next, reason, states};
use crate::role::Role;
use crate::usage::request::UseRequest;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

states! {
    /// Where a dossier stands.
    DossierState {
        /// The request has not ended.
        Current = "current", "在办";
        /// Kept.
        Kept = "kept", "保管中";
        /// On a list of disposal.
        Listed = "listed", "已列入销毁清单";
        /// Contents are being deleted at this moment.
        Deleting = "deleting", "销毁中";
        /// Its contents are gone.
        Disposed = "disposed", "已销毁";
    }
}

use DossierState as D;

/// The table.
pub const TABLE: &[Rule<DossierState>] = &[
    Rule { from: D::Current, event: "end", to: D::Kept },
    Rule { from: D::Current, event: "hold", to: D::Current },
    Rule { from: D::Current, event: "lift", to: D::Current },
    Rule { from: D::Kept, event: "end", to: D::Kept },
    Rule { from: D::Kept, event: "hold", to: D::Kept },
    Rule { from: D::Kept, event: "lift", to: D::Kept },
    Rule { from: D::Kept, event: "enlist", to: D::Listed },
    Rule { from: D::Listed, event: "hold", to: D::Listed },
    Rule { from: D::Listed, event: "lift", to: D::Listed },
    Rule { from: D::Listed, event: "release", to: D::Kept },
    Rule { from: D::Listed, event: "delete", to: D::Deleting },
    Rule { from: D::Deleting, event: "pause", to: D::Listed },
    Rule { from: D::Deleting, event: "finish", to: D::Disposed },
];

/// Events of the table.
pub const EVENTS: &[&str] = &["end", "hold", "lift", "enlist", "release", "delete", "pause", "finish"];

/// Which side holds a dossier. Each lifts its own hold only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The unit's own people.
    Unit,
    /// The issuing department of the area.
    Authority,
}

impl Side {
    /// The side of a role.
    pub fn of(role: &str) -> Self {
        if role == Role::IssuingReviewer.as_str() { Self::Authority } else { Self::Unit }
    }

    /// Stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::Authority => "authority",
        }
    }
}

/// A hold (留存): nothing is disposed of until it is lifted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    /// Which side.
    pub side: Side,
    /// Who.
    pub by: By,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// A dossier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dossier {
    request: UseRequestId,
    unit: UnitId,
    parent_unit: Option<UnitId>,
    area_path: AreaPath,
    document_kind: String,
    ended_at: Option<Timestamp>,
    kept_until: Option<Timestamp>,
    holds: Vec<Hold>,
    disposal: Option<DisposalId>,
    /// Documents before this place have been disposed of.
    reached: u32,
    state: DossierState,
    history: Vec<Step>,
}

/// What happens to a dossier.
#[derive(Debug, Clone)]
pub enum DossierEvent {
    /// The request ended, or ended anew after a retry.
    End {
        /// When.
        at: Timestamp,
        /// Until when it is kept; `None` for ever.
        kept_until: Option<Timestamp>,
    },
    /// Held, by the side of who does it.
    Hold {
        /// Why.
        reason: String,
    },
    /// The hold of one's own side is lifted.
    Lift {
        /// Why.
        reason: String,
    },
    /// Put on a list of what is due before a day.
    Enlist {
        /// The list.
        disposal: DisposalId,
        /// The day.
        cutoff: Timestamp,
    },
    /// The list came to nothing.
    Release,
    /// Some of its documents are about to be deleted.
    Delete,
    /// Those are gone, others are left.
    Pause {
        /// Place of the first that is left.
        reached: u32,
    },
    /// All are gone.
    Finish,
}

impl Dossier {
    /// Opens the dossier of a request.
    pub fn open(request: &UseRequest) -> Self {
        Self {
            request: request.id().clone(),
            unit: request.unit().clone(),
            parent_unit: request.parent_unit().cloned(),
            area_path: request.area_path().clone(),
            document_kind: request.asked().document_kind.clone(),
            ended_at: None,
            kept_until: None,
            holds: Vec::new(),
            disposal: None,
            reached: 0,
            state: D::Current,
            history: Vec::new(),
        }
    }

    /// Takes a step.
    ///
    /// # Errors
    /// [`Refused`]: by the table, or `REASON_MISSING`, `HELD_ALREADY`, `NOT_HELD`, `HOLD_OF_OTHERS`, `HELD`, `RETENTION_NOT_OVER`.
    pub fn apply(mut self, event: DossierEvent, by: &By, now: Timestamp) -> Result<Self, Refused> {
        let name = match &event {
            DossierEvent::End { .. } => "end",
            DossierEvent::Hold { .. } => "hold",
            DossierEvent::Lift { .. } => "lift",
            DossierEvent::Enlist { .. } => "enlist",
            DossierEvent::Release => "release",
            DossierEvent::Delete => "delete",
            DossierEvent::Pause { .. } => "pause",
            DossierEvent::Finish => "finish",
        };
        let to = next(TABLE, self.state, name)?;
        let mut why = None;
        match event {
            DossierEvent::End { at, kept_until } => {
                self.ended_at = Some(at);
                self.kept_until = kept_until;
            }
            DossierEvent::Hold { reason: text } => {
                reason(&text)?;
                why = Some(text.clone());
                self.hold(text, by, now)?;
            }
            DossierEvent::Lift { reason: text } => {
                reason(&text)?;
                why = Some(text);
                self.lift(Side::of(&by.role))?;
            }
            DossierEvent::Enlist { disposal, cutoff } => {
                self.only_free()?;
                if self.kept_until.is_none_or(|until| until > cutoff || until > now) {
                    return Err(Refused::rule(
                        "RETENTION_NOT_OVER",
                        "保管期限未满",
                        "the time for which it is kept is not over",
                    ));
                }
                self.disposal = Some(disposal);
            }
            DossierEvent::Release => self.disposal = None,
            DossierEvent::Delete => self.only_free()?,
            DossierEvent::Pause { reached } => self.reached = reached,
            DossierEvent::Finish => {}
        }
        let from = std::mem::replace(&mut self.state, to);
        // A large dossier is deleted in hundreds of pieces: its history tells of the first and the last.
        if !(name == "pause" || name == "delete" && self.reached > 0) {
            self.record(name, from, by, now, why);
        }
        Ok(self)
    }

    fn hold(&mut self, reason: String, by: &By, now: Timestamp) -> Result<(), Refused> {
        let side = Side::of(&by.role);
        if self.holds.iter().any(|hold| hold.side == side) {
            return Err(Refused::rule(
                "HELD_ALREADY",
                "该案卷已经留存",
                "your side holds this dossier already",
            ));
        }
        self.holds.push(Hold { side, by: by.clone(), reason, at: now });
        Ok(())
    }

    fn lift(&mut self, side: Side) -> Result<(), Refused> {
        let before = self.holds.len();
        self.holds.retain(|hold| hold.side != side);
        match (before == self.holds.len(), before) {
            (false, _) => Ok(()),
            (true, 0) => Err(Refused::rule("NOT_HELD", "该案卷没有留存", "nobody holds this dossier")),
            (true, _) => Err(Refused::rule(
                "HOLD_OF_OTHERS",
                "留存由另一方作出，只能由该方解除",
                "the hold is another side's, and lifted by that side only",
            )),
        }
    }

    fn only_free(&self) -> Result<(), Refused> {
        if self.holds.is_empty() {
            return Ok(());
        }
        Err(Refused::rule(
            "HELD",
            "该案卷已留存，不得销毁",
            "the dossier is held: nothing of it is disposed of",
        ))
    }

    fn record(&mut self, event: &str, from: DossierState, by: &By, now: Timestamp, why: Option<String>) {
        self.history.push(Step {
            at: now,
            effective_at: now,
            event: event.to_owned(),
            from: from.as_str().to_owned(),
            to: self.state.as_str().to_owned(),
            by: by.clone(),
            reason: why,
            document: self.disposal.as_ref().map(ToString::to_string),
        });
    }

    /// Request: the key.
    pub fn request(&self) -> &UseRequestId {
        &self.request
    }
    crate::place::getters!();
    /// Kind of its documents.
    pub fn document_kind(&self) -> &str {
        &self.document_kind
    }
    /// When the request ended.
    pub fn ended_at(&self) -> Option<Timestamp> {
        self.ended_at
    }
    /// Until when it is kept; `None` before the request ends, and where it is kept for ever.
    pub fn kept_until(&self) -> Option<Timestamp> {
        self.kept_until
    }
    /// Who holds it.
    pub fn holds(&self) -> &[Hold] {
        &self.holds
    }
    /// Whether somebody holds it.
    pub fn is_held(&self) -> bool {
        !self.holds.is_empty()
    }
    /// List it stands on, or was disposed of by.
    pub fn disposal(&self) -> Option<&DisposalId> {
        self.disposal.as_ref()
    }
    /// Place of the first document that has not been disposed of, once some have.
    pub fn reached(&self) -> u32 {
        self.reached
    }
    /// Where it stands.
    pub fn state(&self) -> DossierState {
        self.state
    }
    /// Every step.
    pub fn history(&self) -> &[Step] {
        &self.history
    }
}
