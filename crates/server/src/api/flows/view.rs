//! Flows, and approvals under way by them, as answers show them.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use yinxin_registry::approval::course::{Course, Delegation, Stage, Vote};
use yinxin_registry::approval::flow::{Approver, Flow, FlowStep};

/// Somebody who decides.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApproverView {
    /// Account.
    #[schema(example = "acct_01k0000000000000000000000a")]
    pub account: String,
    /// Name.
    pub name: String,
}

impl From<&Approver> for ApproverView {
    fn from(approver: &Approver) -> Self {
        Self { account: approver.account.to_string(), name: approver.name.clone() }
    }
}

/// A step of a flow.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FlowStepView {
    /// Name.
    pub name: String,
    /// Who decides.
    pub approvers: Vec<ApproverView>,
    /// How many of them must agree.
    pub need: u16,
    /// Hours until it is due.
    pub hours: u16,
    /// Whose single vote decides once it is overdue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub superior: Option<ApproverView>,
    /// Whether an approver may let somebody else decide.
    pub delegable: bool,
}

impl From<&FlowStep> for FlowStepView {
    fn from(step: &FlowStep) -> Self {
        Self {
            name: step.name.clone(),
            approvers: step.approvers.iter().map(ApproverView::from).collect(),
            need: step.need,
            hours: step.hours,
            superior: step.superior.as_ref().map(ApproverView::from),
            delegable: step.delegable,
        }
    }
}

/// A flow.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FlowView {
    /// Key.
    #[schema(example = "flow_01k0000000000000000000000a")]
    pub id: String,
    /// Which version of the flow, from 1.
    pub flow_version: u32,
    /// Unit.
    pub unit: String,
    /// Name.
    pub name: String,
    /// Kinds of seal; empty: every kind.
    pub seal_kinds: Vec<String>,
    /// Kinds of document; empty: every kind.
    pub document_kinds: Vec<String>,
    /// Steps, in order.
    pub steps: Vec<FlowStepView>,
    /// `live` or `retired`.
    #[schema(example = "live")]
    pub state: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Version of the record, as in the ETag.
    pub version: i64,
}

impl FlowView {
    /// Of a flow.
    pub fn of(flow: &Flow, version: i64) -> Self {
        Self {
            id: flow.id().to_string(),
            flow_version: flow.version(),
            unit: flow.unit().to_string(),
            name: flow.name().to_owned(),
            seal_kinds: flow.covers().seal_kinds.iter().map(|kind| kind.as_str().to_owned()).collect(),
            document_kinds: flow.covers().document_kinds.clone(),
            steps: flow.steps().iter().map(FlowStepView::from).collect(),
            state: if flow.is_retired() { "retired" } else { "live" }.to_owned(),
            created_at: flow.created_at(),
            version,
        }
    }
}

/// A vote.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VoteView {
    /// Account.
    pub account: String,
    /// Name.
    pub name: String,
    /// In whose place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<String>,
    /// Agreed or refused.
    pub agrees: bool,
    /// Words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

impl From<&Vote> for VoteView {
    fn from(vote: &Vote) -> Self {
        Self {
            account: vote.by.id.clone(),
            name: vote.by.name.clone(),
            instead_of: vote.instead_of.as_ref().map(ToString::to_string),
            agrees: vote.agrees,
            words: vote.words.clone(),
            at: vote.at,
        }
    }
}

/// Somebody lets another decide.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DelegationView {
    /// Who was to decide.
    pub from: String,
    /// Who decides instead.
    pub to: ApproverView,
    /// Why.
    pub reason: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

impl From<&Delegation> for DelegationView {
    fn from(delegation: &Delegation) -> Self {
        Self {
            from: delegation.from.to_string(),
            to: (&delegation.to).into(),
            reason: delegation.reason.clone(),
            at: delegation.at,
        }
    }
}

/// A step with what happened at it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StageView {
    /// The step.
    #[serde(flatten)]
    pub step: FlowStepView,
    /// When it is due, once it is reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due: Option<Timestamp>,
    /// When its superior was called.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub escalated_at: Option<Timestamp>,
    /// Delegations.
    pub delegations: Vec<DelegationView>,
    /// Votes.
    pub votes: Vec<VoteView>,
}

impl From<&Stage> for StageView {
    fn from(stage: &Stage) -> Self {
        Self {
            step: (&stage.step).into(),
            due: stage.due,
            escalated_at: stage.escalated_at,
            delegations: stage.delegations.iter().map(DelegationView::from).collect(),
            votes: stage.votes.iter().map(VoteView::from).collect(),
        }
    }
}

/// An approval under way or done.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CourseView {
    /// Flow.
    pub flow: String,
    /// Version of it.
    pub flow_version: u32,
    /// SM3 of what is voted on, hex: a vote names it.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub digest: String,
    /// Step reached, from 0; the number of steps when it is over.
    pub reached: usize,
    /// Whether every step agreed.
    pub approved: bool,
    /// Accounts whose vote is waited for.
    pub waits_for: Vec<String>,
    /// Steps, in order.
    pub steps: Vec<StageView>,
}

impl From<&Course> for CourseView {
    fn from(course: &Course) -> Self {
        let (flow, flow_version) = course.flow();
        Self {
            flow: flow.to_string(),
            flow_version,
            digest: course.digest().to_owned(),
            reached: course.reached(),
            approved: course.is_approved(),
            waits_for: course.waits_for().into_iter().map(ToString::to_string).collect(),
            steps: course.stages().iter().map(StageView::from).collect(),
        }
    }
}
