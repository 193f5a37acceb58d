//! A custody as an answer shows it.

use crate::api::applications::StepView;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use yinxin_registry::custody::activation::Activation;
use yinxin_registry::custody::keeping::{Check, Handover, Keeper, Keeping};
use yinxin_registry::lifecycle::State as _;

/// A custodian (保管人).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KeeperView {
    /// Account.
    #[schema(example = "acct_01k0000000000000000000000a")]
    pub account: String,
    /// Name at that time.
    pub name: String,
    /// Since when the seal is in these hands.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
}

/// An offer or a handover under way.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HandoverView {
    /// Account that is to have the seal.
    pub to: String,
    /// Name.
    pub to_name: String,
    /// By then it should be confirmed.
    #[schema(value_type = String, format = DateTime)]
    pub due: Timestamp,
    /// When the giver confirmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub given_at: Option<Timestamp>,
    /// When the taker confirmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub taken_at: Option<Timestamp>,
}

/// A periodic check.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KeepingCheckView {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// Whether everything was in order.
    pub in_order: bool,
    /// What was found.
    pub note: String,
}

/// The activation password of a seal: never the password.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ActivationView {
    /// Whose password it is.
    pub keeper: String,
    /// Since when it is in force.
    #[schema(value_type = String, format = DateTime)]
    pub set_at: Timestamp,
    /// When it ends.
    #[schema(value_type = String, format = DateTime)]
    pub ends_at: Timestamp,
    /// Whether it must be changed before it activates anything.
    pub must_change: bool,
    /// Until when it is locked after wrong tries.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub locked_until: Option<Timestamp>,
}

/// The custody of a seal.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CustodyView {
    /// Seal.
    #[schema(example = "seal_01k0000000000000000000000a")]
    pub seal: String,
    /// Unit it belongs to.
    pub unit: String,
    /// `vacant`, `offered`, `kept`, `handing_over` or `ended`.
    #[schema(example = "kept")]
    pub state: String,
    /// In Chinese.
    #[schema(example = "在管")]
    pub state_zh: String,
    /// Who keeps it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keeper: Option<KeeperView>,
    /// An offer or a handover under way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handover: Option<HandoverView>,
    /// When the next periodic check is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub check_due: Option<Timestamp>,
    /// Whether that moment has passed.
    pub check_overdue: bool,
    /// Periodic checks, the oldest first.
    pub checks: Vec<KeepingCheckView>,
    /// Activation password, where one is set: the seal is then used with it only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activation: Option<ActivationView>,
    /// Every step.
    pub history: Vec<StepView>,
    /// Version, as in the ETag; 0 before anybody was named.
    pub version: i64,
}

impl From<&Keeper> for KeeperView {
    fn from(keeper: &Keeper) -> Self {
        Self { account: keeper.account.to_string(), name: keeper.name.clone(), since: keeper.since }
    }
}

impl From<&Handover> for HandoverView {
    fn from(handover: &Handover) -> Self {
        Self {
            to: handover.to.to_string(),
            to_name: handover.to_name.clone(),
            due: handover.due,
            given_at: handover.given,
            taken_at: handover.taken,
        }
    }
}

impl From<&Check> for KeepingCheckView {
    fn from(check: &Check) -> Self {
        Self { at: check.at, by: check.by.name.clone(), in_order: check.in_order, note: check.note.clone() }
    }
}

impl ActivationView {
    /// Of an activation.
    pub fn of(activation: &Activation, now: Timestamp) -> Self {
        Self {
            keeper: activation.keeper().to_string(),
            set_at: activation.set_at(),
            ends_at: activation.ends_at(),
            must_change: activation.must_change(now),
            locked_until: activation.locked_until().filter(|until| now < *until),
        }
    }
}

impl CustodyView {
    /// Of a custody.
    pub fn of(keeping: &Keeping, version: i64, activation: Option<&Activation>, now: Timestamp) -> Self {
        Self {
            seal: keeping.seal().to_string(),
            unit: keeping.unit().to_string(),
            state: keeping.state().as_str().to_owned(),
            state_zh: keeping.state().zh().to_owned(),
            keeper: keeping.keeper().map(KeeperView::from),
            handover: keeping.handover().map(HandoverView::from),
            check_due: keeping.check_due(),
            check_overdue: keeping.check_due().is_some_and(|due| due <= now),
            checks: keeping.checks().iter().map(KeepingCheckView::from).collect(),
            activation: activation.map(|a| ActivationView::of(a, now)),
            history: keeping.history().iter().map(StepView::from).collect(),
            version,
        }
    }
}
