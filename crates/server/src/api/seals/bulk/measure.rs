//! A measure: what was ordered, by whom, for where, and how far it has come.

use super::BulkSuspension;
use crate::app::{Stop, Work};
use crate::http::{Code, Problem};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use yinxin_registry::area::AreaPath;
use yinxin_registry::audit::ActorRef;
use yinxin_registry::drill::Target;
use yinxin_registry::lifecycle::reasons::SuspensionReason;
use yinxin_registry::lifecycle::seal::{Seal, SealEvent, Suspension};
use yinxin_registry::lifecycle::{By, Effect};
use yinxin_registry::role::Scope;
use yinxin_store::{Access, ListFilter, Page, StoreError, Tx};

/// A measure as its job carries it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Its key.
    pub id: String,
    /// What was ordered.
    pub order: BulkSuspension,
    /// Where it reaches.
    pub areas: Vec<AreaPath>,
    /// Who ordered it, as histories keep it.
    pub by: By,
    /// Who ordered it, as the audit log keeps it.
    pub actor: ActorRef,
    /// The request that ordered it.
    pub request_id: String,
    /// When; it counts from then, however long its work takes.
    pub at: Timestamp,
}

impl Measure {
    /// Of a request.
    pub fn new(work: &Work, id: String, areas: Vec<AreaPath>, order: BulkSuspension, by: &By) -> Self {
        let actor = work.caller().actor(by);
        let request_id = work.caller().request_id().to_owned();
        Self { id, order, areas, by: by.clone(), actor, request_id, at: work.now }
    }

    /// As a job carries it.
    ///
    /// # Errors
    /// `INTERNAL` when it cannot be written.
    pub fn payload(&self) -> Result<String, Problem> {
        serde_json::to_string(self).map_err(|_| Problem::new(Code::Internal))
    }

    /// What it wants.
    ///
    /// # Errors
    /// `VALIDATION` of an order that nobody checked.
    pub fn wanted(&self) -> Result<Wanted, Problem> {
        Wanted::of(&self.order, self.areas.clone())
    }

    /// What happens to a seal it concerns.
    pub fn event(&self) -> SealEvent {
        let suspension = Suspension {
            reason: self.order.reason,
            detail: self.order.detail.clone(),
            effective_at: self.at,
            until: None,
            document: Some(self.order.document.clone()),
            ticket: None,
        };
        SealEvent::Suspend { suspension }
    }

    /// Details of the audit record of one seal.
    pub fn details(&self) -> Value {
        json!({ "reason": self.order.reason, "document": self.order.document, "measure": self.id })
    }
}

/// Which seals are wanted, and where.
#[derive(Debug, Clone)]
pub struct Wanted {
    target: Target,
    areas: Vec<AreaPath>,
    /// Reason and number of the decision; a drill has none.
    decision: Option<(SuspensionReason, String)>,
}

impl Wanted {
    /// Those of an order.
    ///
    /// # Errors
    /// `VALIDATION` of an order that nobody checked.
    pub fn of(order: &BulkSuspension, areas: Vec<AreaPath>) -> Result<Self, Problem> {
        let decision = Some((order.reason, order.document.clone()));
        Ok(Self { target: order.target()?, areas, decision })
    }

    /// Those of a drill.
    pub fn rehearsed(target: Target, areas: Vec<AreaPath>) -> Self {
        Self { target, areas, decision: None }
    }

    /// Whether a seal is concerned: in force, within the areas, and not suspended by this very decision already. Asking twice
    /// therefore does nothing twice.
    pub fn concerns(&self, seal: &Seal) -> bool {
        let already = self.decision.as_ref().is_some_and(|(reason, document)| {
            seal.suspensions().iter().any(|s| s.reason == *reason && s.document.as_ref() == Some(document))
        });
        seal.is_in_force() && !already && self.reaches(seal)
    }

    /// Whether it is one of these seals, on its way and not in force.
    pub fn awaits(&self, seal: &Seal) -> bool {
        seal.is_coming() && self.reaches(seal)
    }

    fn reaches(&self, seal: &Seal) -> bool {
        self.target.covers(seal) && self.areas.iter().any(|area| area.covers(seal.area_path()))
    }

    /// Seals to be looked at, in parts; of the filter cursor and limit count.
    ///
    /// # Errors
    /// Problems of the database.
    pub async fn page(&self, access: &mut Access, filter: &ListFilter<'_>) -> Result<Page<Seal>, StoreError> {
        let scope = match &self.target {
            Target::Issuer { issuer, first_serial, last_serial } => {
                let (first, last) = (first_serial.as_deref(), last_serial.as_deref());
                return access.seals_by_issuer(issuer, first, last, filter).await;
            }
            Target::Unit { unit } => Scope::Unit(unit.clone()),
            Target::Area { area } => Scope::Area(area.clone()),
            Target::Maker { maker } => Scope::Maker(maker.clone()),
        };
        access.list::<Seal>(&scope, filter).await
    }
}

/// The authority knows what it ordered: it is not told of every seal.
pub fn without_authority(effects: Vec<Effect>) -> Vec<Effect> {
    effects.into_iter().filter(|effect| !matches!(effect, Effect::NotifyAuthority { .. })).collect()
}

/// How far a measure has come; kept beside its job, so that whoever takes the job over goes on from there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// The measure.
    pub measure: String,
    /// Where it reaches.
    pub areas: Vec<AreaPath>,
    /// Behind which seal to go on.
    pub cursor: Option<String>,
    /// Seals looked at.
    pub looked_at: u64,
    /// Seals suspended.
    pub suspended: u64,
    /// Whether it is done.
    pub done: bool,
}

impl Progress {
    /// Of a measure that has not begun.
    pub fn begin(measure: &Measure) -> Self {
        Self {
            measure: measure.id.clone(),
            areas: measure.areas.clone(),
            cursor: None,
            looked_at: 0,
            suspended: 0,
            done: false,
        }
    }

    /// Reads it.
    ///
    /// # Errors
    /// Problems of the database.
    pub async fn load(access: &mut Access, measure: &str) -> Result<Option<Self>, Stop> {
        let text = access.setting(&setting(measure)).await?;
        let read = text.map(|text| serde_json::from_str(&text)).transpose();
        read.map_err(|_| Problem::new(Code::Integrity).into())
    }

    /// Keeps it.
    ///
    /// # Errors
    /// Problems of the database.
    pub async fn save(&self, tx: &mut Tx, now: Timestamp) -> Result<(), StoreError> {
        let text = serde_json::to_string(self).unwrap_or_default();
        tx.set_setting(&setting(&self.measure), &text, now).await
    }
}

fn setting(measure: &str) -> String {
    format!("bulk-suspension/{measure}")
}
