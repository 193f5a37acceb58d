//! Supervision of makers (制作单位监管): what the department in charge found there, what it ordered, and what came of it. Whoever entrusts
//! a maker answers for it (national measures, about article 10), so the entry keeps who that was.

use crate::area::AreaPath;
use crate::ids::{MakerId, SupervisionId};
use crate::lifecycle::{By, Refused, reason};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SupervisionKind {
    /// An inspection (检查); there is nothing to be done after it.
    Inspection,
    /// Something that is not as it should be (问题).
    Finding,
    /// An order to correct something (责令整改), by a day.
    Order,
}

impl SupervisionKind {
    /// All.
    pub const ALL: [Self; 3] = [Self::Inspection, Self::Finding, Self::Order];

    /// Stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inspection => "inspection",
            Self::Finding => "finding",
            Self::Order => "order",
        }
    }

    /// In Chinese.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Inspection => "检查",
            Self::Finding => "问题",
            Self::Order => "责令整改",
        }
    }
}

/// That what was found or ordered is done with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settled {
    /// When.
    pub at: Timestamp,
    /// Who says so.
    pub by: By,
    /// What came of it.
    pub remark: String,
}

/// An entry of the log. Its words never change; it is settled once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SupervisionEntry {
    /// Key.
    pub id: SupervisionId,
    /// The maker.
    pub maker: MakerId,
    /// Its name at the time.
    pub maker_name: String,
    /// Area that registered it.
    pub area_path: AreaPath,
    /// What it is.
    pub kind: SupervisionKind,
    /// What was seen or ordered, 2 to 2000 characters.
    pub text: String,
    /// Number of the document, where there is one.
    pub document: Option<String>,
    /// Unit that entrusted the maker at the time and answers for it.
    pub entrusted_by: Option<String>,
    /// Until when an order is to be carried out.
    pub due: Option<Timestamp>,
    /// The entry it comes from: a finding of an inspection, an order upon a finding.
    pub follows: Option<SupervisionId>,
    /// Who wrote it.
    pub by: By,
    /// When.
    pub at: Timestamp,
    /// That it is done with.
    pub settled: Option<Settled>,
}

impl SupervisionEntry {
    /// Checks what must hold of a new entry.
    ///
    /// # Errors
    /// [`Refused::Rule`]: `REASON_MISSING`, `REASON_LONG`, `ORDER_DUE`.
    pub fn check(&self) -> Result<(), Refused> {
        reason(&self.text)?;
        let due = match self.kind {
            SupervisionKind::Order => self.due.is_some_and(|due| due > self.at),
            SupervisionKind::Inspection | SupervisionKind::Finding => self.due.is_none(),
        };
        if due {
            return Ok(());
        }
        Err(Refused::rule(
            "ORDER_DUE",
            "责令整改须有将来的期限，其他记录没有期限",
            "an order has a day to come by which it is carried out, other entries none",
        ))
    }

    /// `noted`, `open` or `done`.
    pub fn state(&self) -> &'static str {
        match (self.kind, &self.settled) {
            (SupervisionKind::Inspection, _) => "noted",
            (_, None) => "open",
            (_, Some(_)) => "done",
        }
    }

    /// An order whose day has passed without it being done.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.settled.is_none() && self.due.is_some_and(|due| due <= now)
    }

    /// Settles a finding or an order.
    ///
    /// # Errors
    /// [`Refused::State`] for what is settled or needs no settling; the rules of a reason.
    pub fn settle(mut self, remark: &str, by: &By, now: Timestamp) -> Result<Self, Refused> {
        let state = self.state();
        if state != "open" {
            return Err(Refused::State { state, event: "settle", allowed: Vec::new() });
        }
        reason(remark)?;
        self.settled = Some(Settled { at: now, by: by.clone(), remark: remark.trim().to_owned() });
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(kind: SupervisionKind, due: Option<i64>) -> SupervisionEntry {
        let at = |second| Timestamp::from_second(second).unwrap();
        SupervisionEntry {
            id: SupervisionId::parse("sup_00000000000000000000000001").unwrap(),
            maker: MakerId::parse("mkr_00000000000000000000000001").unwrap(),
            maker_name: "示例制作单位".to_owned(),
            area_path: AreaPath::nation(),
            kind,
            text: "印模库未双人保管".to_owned(),
            document: None,
            entrusted_by: None,
            due: due.map(at),
            follows: None,
            by: By::system(),
            at: at(100),
            settled: None,
        }
    }

    #[test]
    fn only_an_order_has_a_day_and_that_lies_ahead() {
        for (kind, due, fits) in [
            (SupervisionKind::Inspection, None, true),
            (SupervisionKind::Inspection, Some(200), false),
            (SupervisionKind::Finding, None, true),
            (SupervisionKind::Finding, Some(200), false),
            (SupervisionKind::Order, Some(200), true),
            (SupervisionKind::Order, Some(100), false),
            (SupervisionKind::Order, None, false),
        ] {
            assert_eq!(entry(kind, due).check().is_ok(), fits, "{kind:?} {due:?}");
        }
    }

    #[test]
    fn findings_and_orders_are_settled_once_and_inspections_never() {
        let now = Timestamp::from_second(300).unwrap();
        let order = entry(SupervisionKind::Order, Some(200));
        assert!(order.is_overdue(now) && !order.is_overdue(order.at));
        assert_eq!(order.clone().settle(" ", &By::system(), now).unwrap_err().code(), "REASON_MISSING");
        let done = order.settle(" 已按双人双锁保管 ", &By::system(), now).unwrap();
        assert_eq!((done.state(), done.is_overdue(now)), ("done", false));
        assert_eq!(done.settled.as_ref().unwrap().remark, "已按双人双锁保管");
        assert_eq!(done.settle("再次", &By::system(), now).unwrap_err().code(), "STATE_CONFLICT");
        let inspection = entry(SupervisionKind::Inspection, None);
        assert_eq!(inspection.state(), "noted");
        assert_eq!(inspection.settle("完成", &By::system(), now).unwrap_err().code(), "STATE_CONFLICT");
    }
}
