//! Flows of approval as data (审批流程): steps in order, at each so many of so many people, with a deadline and a superior.

use crate::area::AreaPath;
use crate::ids::{AccountId, FlowId, UnitId};
use crate::lifecycle::Refused;
use crate::profile::SealKind;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Steps of a flow at most.
pub const MOST_STEPS: usize = 10;
/// Approvers of a step at most.
pub const MOST_APPROVERS: usize = 50;
/// Hours of a deadline at most: 60 days.
pub const MOST_HOURS: u16 = 1440;

/// Somebody who decides (审批人).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approver {
    /// Who.
    pub account: AccountId,
    /// Name.
    pub name: String,
}

/// A step of a flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlowStep {
    /// Name: 部门负责人.
    pub name: String,
    /// Who decides.
    pub approvers: Vec<Approver>,
    /// How many of them must agree.
    pub need: u16,
    /// Hours until it is due.
    pub hours: u16,
    /// Superior whose single vote decides the step once it is overdue.
    pub superior: Option<Approver>,
    /// Whether an approver may let somebody else decide in his place.
    pub delegable: bool,
}

/// What a flow is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Covers {
    /// Kinds of seal; empty means every kind.
    pub seal_kinds: Vec<SealKind>,
    /// Kinds of document; empty means every kind.
    pub document_kinds: Vec<String>,
}

impl Covers {
    /// How closely this fits: 0 when it does not, more when it names more.
    fn fit(&self, seal: SealKind, document: &str) -> u8 {
        let fits = (self.seal_kinds.is_empty() || self.seal_kinds.contains(&seal))
            && (self.document_kinds.is_empty() || self.document_kinds.iter().any(|kind| kind == document));
        match fits {
            false => 0,
            true => 1 + u8::from(!self.seal_kinds.is_empty()) + 2 * u8::from(!self.document_kinds.is_empty()),
        }
    }
}

/// A flow of a unit. A change makes a new version; what has begun goes on by the version it began with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    id: FlowId,
    version: u32,
    unit: UnitId,
    parent_unit: Option<UnitId>,
    area_path: AreaPath,
    name: String,
    covers: Covers,
    steps: Vec<FlowStep>,
    retired: bool,
    created_at: Timestamp,
}

/// Content of a flow.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Name.
    pub name: String,
    /// What it is for.
    pub covers: Covers,
    /// Steps, in order.
    pub steps: Vec<FlowStep>,
}

impl Flow {
    /// A new flow.
    ///
    /// # Errors
    /// `FLOW_NAME`, `FLOW_STEPS`, `FLOW_APPROVERS`, `FLOW_NEED`, `FLOW_HOURS`, `FLOW_KINDS`.
    pub fn open(
        id: FlowId,
        unit: UnitId,
        parent_unit: Option<UnitId>,
        area_path: AreaPath,
        draft: Draft,
        now: Timestamp,
    ) -> Result<Self, Refused> {
        check(&draft)?;
        let Draft { name, covers, steps } = draft;
        Ok(Self {
            id,
            version: 1,
            unit,
            parent_unit,
            area_path,
            name,
            covers,
            steps,
            retired: false,
            created_at: now,
        })
    }

    /// A new version.
    ///
    /// # Errors
    /// As [`Flow::open`]; `FLOW_RETIRED`.
    pub fn revise(mut self, draft: Draft) -> Result<Self, Refused> {
        self.only_live()?;
        check(&draft)?;
        let Draft { name, covers, steps } = draft;
        (self.name, self.covers, self.steps) = (name, covers, steps);
        self.version += 1;
        Ok(self)
    }

    /// No new approval begins by it.
    ///
    /// # Errors
    /// `FLOW_RETIRED`.
    pub fn retire(mut self) -> Result<Self, Refused> {
        self.only_live()?;
        self.retired = true;
        Ok(self)
    }

    fn only_live(&self) -> Result<(), Refused> {
        match self.retired {
            true => Err(Refused::rule("FLOW_RETIRED", "该流程已停用", "the flow is retired")),
            false => Ok(()),
        }
    }

    /// Of a unit's flows that by which a document is approved: the one that names most; of equals the elder.
    pub fn choose<'a>(
        flows: impl IntoIterator<Item = &'a Flow>,
        seal: SealKind,
        document: &str,
    ) -> Option<&'a Flow> {
        flows
            .into_iter()
            .filter(|flow| !flow.retired)
            .map(|flow| (flow.covers.fit(seal, document), flow))
            .filter(|(fit, _)| *fit > 0)
            .max_by(|(one, a), (other, b)| one.cmp(other).then_with(|| b.id.cmp(&a.id)))
            .map(|(_, flow)| flow)
    }

    /// Key.
    pub fn id(&self) -> &FlowId {
        &self.id
    }
    /// Version, from 1.
    pub fn version(&self) -> u32 {
        self.version
    }
    crate::place::getters!();
    /// Name.
    pub fn name(&self) -> &str {
        &self.name
    }
    /// What it is for.
    pub fn covers(&self) -> &Covers {
        &self.covers
    }
    /// Steps, in order.
    pub fn steps(&self) -> &[FlowStep] {
        &self.steps
    }
    /// Whether no new approval begins by it.
    pub fn is_retired(&self) -> bool {
        self.retired
    }
    /// When it was made.
    pub fn created_at(&self) -> Timestamp {
        self.created_at
    }
}

fn check(draft: &Draft) -> Result<(), Refused> {
    let named = |text: &str| (1..=64).contains(&text.trim().chars().count());
    if !named(&draft.name) || draft.steps.iter().any(|step| !named(&step.name)) {
        return Err(Refused::rule(
            "FLOW_NAME",
            "流程和步骤名称应为 1 至 64 字",
            "names have 1 to 64 characters",
        ));
    }
    if draft.covers.document_kinds.len() > 50 || draft.covers.document_kinds.iter().any(|kind| !named(kind)) {
        return Err(Refused::rule(
            "FLOW_KINDS",
            "文件种类过多或者过长",
            "too many kinds of document, or too long",
        ));
    }
    if !(1..=MOST_STEPS).contains(&draft.steps.len()) {
        return Err(Refused::rule("FLOW_STEPS", "流程应有 1 至 10 个步骤", "a flow has 1 to 10 steps"));
    }
    for step in &draft.steps {
        let people: BTreeSet<&AccountId> = step.approvers.iter().map(|a| &a.account).collect();
        let superior_is_one = step.superior.as_ref().is_some_and(|s| people.contains(&s.account));
        if !(1..=MOST_APPROVERS).contains(&step.approvers.len())
            || people.len() != step.approvers.len()
            || superior_is_one
        {
            return Err(Refused::rule(
                "FLOW_APPROVERS",
                format!("步骤「{}」应有 1 至 50 名互不相同的审批人，上级不在其中", step.name),
                format!("step {:?} has 1 to 50 different approvers, its superior not among them", step.name),
            ));
        }
        if step.need == 0 || usize::from(step.need) > step.approvers.len() {
            return Err(Refused::rule(
                "FLOW_NEED",
                format!("步骤「{}」须同意的人数不得为零，也不得超过审批人数", step.name),
                format!("step {:?} needs at least one and at most all of its approvers", step.name),
            ));
        }
        if !(1..=MOST_HOURS).contains(&step.hours) {
            return Err(Refused::rule(
                "FLOW_HOURS",
                format!("步骤「{}」的时限应为 1 至 1440 小时", step.name),
                format!("step {:?} is due after 1 to 1440 hours", step.name),
            ));
        }
    }
    Ok(())
}
