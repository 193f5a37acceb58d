//! A flow as a request describes it.

use crate::api::custody::person;
use crate::app::{Stop, Work};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa::openapi::{Array, ArrayBuilder, ObjectBuilder, Type};
use yinxin_registry::approval::flow::{Approver, Covers, Draft, FlowStep, MOST_APPROVERS, MOST_STEPS};
use yinxin_registry::ids::AccountId;
use yinxin_registry::permission::{Action, Place};
use yinxin_registry::profile::SealKind;

/// A step of a flow.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FlowStepBody {
    /// Name, 1 to 64 characters.
    #[schema(min_length = 1, max_length = 64, example = "部门负责人")]
    pub name: String,
    /// Accounts with the role `approver` in the unit, 1 to 50 different ones.
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 50, example = json!(["acct_01k0000000000000000000000a"]))]
    pub approvers: Vec<AccountId>,
    /// How many of them must agree.
    #[schema(minimum = 1, maximum = 50, example = 1)]
    pub need: u16,
    /// Hours until it is due.
    #[schema(minimum = 1, maximum = 1440, example = 24)]
    pub hours: u16,
    /// Whose single vote decides the step once it is overdue; none of the approvers.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "acct_01k0000000000000000000000a")]
    pub superior: Option<AccountId>,
    /// Whether an approver may let somebody else decide in his place.
    #[serde(default)]
    pub delegable: bool,
}

/// A flow.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FlowBody {
    /// Name, 1 to 64 characters.
    #[schema(min_length = 1, max_length = 64, example = "合同用印审批")]
    pub name: String,
    /// Kinds of seal it is for; empty: every kind.
    #[serde(default)]
    #[schema(schema_with = seal_kinds)]
    pub seal_kinds: Vec<SealKind>,
    /// Kinds of document it is for; empty: every kind.
    #[serde(default)]
    #[schema(max_items = 50, example = json!(["合同"]))]
    pub document_kinds: Vec<String>,
    /// Steps, in order, 1 to 10.
    #[schema(min_items = 1, max_items = 10)]
    pub steps: Vec<FlowStepBody>,
}

/// A list of kinds of seal, for the description of the API.
fn seal_kinds() -> Array {
    let words = SealKind::ALL.iter().map(|kind| kind.as_str());
    let kind = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words));
    let example = serde_json::json!(["business_contract"]);
    ArrayBuilder::new().items(kind).max_items(Some(20)).examples([example]).build()
}

impl FlowBody {
    /// The draft, every person looked up.
    pub(super) async fn draft(self, work: &mut Work, place: &Place) -> Result<Draft, Stop> {
        let mut steps = Vec::new();
        // What is beyond the bounds is refused by the flow; nobody is looked up for it.
        for (at, step) in self.steps.into_iter().take(MOST_STEPS + 1).enumerate() {
            let mut approvers = Vec::new();
            for (number, id) in step.approvers.iter().take(MOST_APPROVERS + 1).enumerate() {
                let pointer = format!("/steps/{at}/approvers/{number}");
                approvers.push(approver(work, id, &pointer, place).await?);
            }
            let superior = match &step.superior {
                Some(id) => Some(approver(work, id, &format!("/steps/{at}/superior"), place).await?),
                None => None,
            };
            let FlowStepBody { name, need, hours, delegable, .. } = step;
            steps.push(FlowStep { name, approvers, need, hours, superior, delegable });
        }
        let covers = Covers { seal_kinds: self.seal_kinds, document_kinds: self.document_kinds };
        Ok(Draft { name: self.name, covers, steps })
    }
}

/// Somebody who may vote in the unit.
pub async fn approver(
    work: &mut Work,
    id: &AccountId,
    pointer: &str,
    place: &Place,
) -> Result<Approver, Stop> {
    let account = person(work, id, pointer, Action::UseVote, place).await?;
    Ok(Approver { account: account.id, name: account.name })
}
