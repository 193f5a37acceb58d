//! What a ticket begins with.

use super::Breach;
use crate::area::AreaPath;
use crate::ids::{SealId, TicketId, UnitId};
use crate::lifecycle::{Refused, reason};
use crate::supervision::SupervisionKind;
use jiff::Timestamp;
use std::collections::BTreeSet;

/// Breaches of one ticket at most.
pub const MOST_BREACHES: usize = 12;
/// Seals of one ticket at most; they are suspended and resumed in one transaction.
pub const MOST_SEALS: usize = 100;

/// What a ticket begins with.
#[derive(Debug, Clone)]
pub struct Opening {
    /// Key.
    pub id: TicketId,
    /// Unit, unit above it, place.
    pub of: (UnitId, Option<UnitId>, AreaPath),
    /// Name of the unit at the time.
    pub unit_name: String,
    /// Inspection, finding or order.
    pub kind: SupervisionKind,
    /// What the unit is held to account for; none for an inspection that found nothing.
    pub breaches: Vec<Breach>,
    /// What was seen or is ordered, 2 to 2000 characters.
    pub text: String,
    /// Law and article an order rests on.
    pub basis: Option<String>,
    /// Number of the document, where there is one.
    pub document: Option<String>,
    /// Seals it is about.
    pub seals: Vec<SealId>,
    /// Until when an order is to be carried out.
    pub due: Option<Timestamp>,
    /// The ticket it comes from: a finding of an inspection, an order upon a finding.
    pub follows: Option<TicketId>,
}

impl Opening {
    /// Checks what must hold of it.
    ///
    /// # Errors
    /// [`Refused::Rule`]: `REASON_MISSING`, `REASON_LONG`, `ORDER_DUE`, `BREACHES`, `BASIS_MISSING`, `TICKET_SEALS`.
    pub fn check(&self, now: Timestamp) -> Result<(), Refused> {
        reason(&self.text)?;
        let order = self.kind == SupervisionKind::Order;
        let due = if order { self.due.is_some_and(|due| due > now) } else { self.due.is_none() };
        if !due {
            return Err(order_due());
        }
        let once: BTreeSet<&str> = self.breaches.iter().map(|breach| breach.as_str()).collect();
        let named = self.kind == SupervisionKind::Inspection || !self.breaches.is_empty();
        if !named || once.len() != self.breaches.len() || self.breaches.len() > MOST_BREACHES {
            return Err(Refused::rule(
                "BREACHES",
                "问题和责令整改须列明违规情形，每种列一次，至多 12 种",
                "findings and orders name what was breached, each once, twelve at most",
            ));
        }
        if order && self.basis.as_deref().is_none_or(|basis| basis.trim().is_empty()) {
            return Err(Refused::rule(
                "BASIS_MISSING",
                "责令整改须写明依据",
                "an order names the law it rests on",
            ));
        }
        let seals: BTreeSet<&SealId> = self.seals.iter().collect();
        if seals.len() != self.seals.len() || seals.len() > MOST_SEALS {
            return Err(Refused::rule(
                "TICKET_SEALS",
                "涉及的印章应各列一次，至多 100 枚",
                "each seal concerned is named once, a hundred at most",
            ));
        }
        Ok(())
    }
}

pub(super) fn order_due() -> Refused {
    Refused::rule(
        "ORDER_DUE",
        "责令整改须有将来的期限，其他记录没有期限",
        "an order has a day to come by which it is carried out, other entries none",
    )
}
