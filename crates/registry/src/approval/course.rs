//! The course of one approval through its flow. It is about one digest: a vote that names another digest is about something else and
//! does not count.

use super::flow::{Approver, Flow, FlowStep};
use crate::ids::{AccountId, FlowId};
use crate::lifecycle::{By, Effect, Refused, reason};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// What somebody decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vote {
    /// Who.
    pub by: By,
    /// In whose place, by delegation.
    pub instead_of: Option<AccountId>,
    /// Agreed or refused.
    pub agrees: bool,
    /// Words; never empty for a refusal.
    pub words: Option<String>,
    /// SM3 of what was decided on, hex.
    pub digest: String,
    /// When.
    pub at: Timestamp,
}

/// Somebody lets another decide in his place (委托审批).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delegation {
    /// Who was to decide.
    pub from: AccountId,
    /// Who decides instead.
    pub to: Approver,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// A step with what happened at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// The step as the flow had it.
    pub step: FlowStep,
    /// When it is due; set when it is reached.
    pub due: Option<Timestamp>,
    /// When its superior was called.
    pub escalated_at: Option<Timestamp>,
    /// Delegations.
    pub delegations: Vec<Delegation>,
    /// Votes.
    pub votes: Vec<Vote>,
}

/// What a vote led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// More votes are needed at this step.
    Open,
    /// The next step begins.
    NextStep,
    /// Every step agreed.
    Approved,
    /// Somebody refused.
    Refused,
}

/// An approval under way or done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Course {
    flow: FlowId,
    flow_version: u32,
    digest: String,
    asked_by: String,
    stages: Vec<Stage>,
    at: usize,
}

impl Course {
    /// Begins by a flow, about a digest (SM3, hex), for who asks.
    ///
    /// # Errors
    /// `FLOW_RETIRED`; `FLOW_STUCK` when a step needs the vote of who asks.
    pub fn begin(
        flow: &Flow,
        digest: String,
        asked_by: &By,
        now: Timestamp,
    ) -> Result<(Self, Vec<Effect>), Refused> {
        if flow.is_retired() {
            return Err(Refused::rule("FLOW_RETIRED", "该流程已停用", "the flow is retired"));
        }
        for step in flow.steps() {
            let others = step.approvers.iter().filter(|a| a.account.as_str() != asked_by.id).count();
            if others < usize::from(step.need) {
                return Err(Refused::rule(
                    "FLOW_STUCK",
                    format!("步骤「{}」除申请人外审批人不足", step.name),
                    format!("step {:?} has too few approvers besides who asks", step.name),
                ));
            }
        }
        let stage = |step: &FlowStep| Stage {
            step: step.clone(),
            due: None,
            escalated_at: None,
            delegations: Vec::new(),
            votes: Vec::new(),
        };
        let mut course = Self {
            flow: flow.id().clone(),
            flow_version: flow.version(),
            digest,
            asked_by: asked_by.id.clone(),
            stages: flow.steps().iter().map(stage).collect(),
            at: 0,
        };
        let effects = course.reach(now);
        Ok((course, effects))
    }

    fn reach(&mut self, now: Timestamp) -> Vec<Effect> {
        let Some(stage) = self.stages.get_mut(self.at) else { return Vec::new() };
        let hours = i64::from(stage.step.hours);
        let due = now.checked_add(SignedDuration::from_hours(hours)).unwrap_or(now);
        stage.due = Some(due);
        vec![Effect::unit("approval.waits"), Effect::clock("approval_overdue", due)]
    }

    fn stage(&mut self) -> Result<&mut Stage, Refused> {
        self.stages
            .get_mut(self.at)
            .ok_or_else(|| Refused::rule("APPROVAL_DONE", "审批已经结束", "the approval is over"))
    }

    /// Somebody decides.
    ///
    /// # Errors
    /// `APPROVAL_DONE`, `DIGEST_DIFFERS`, `ASKER_IS_APPROVER`, `NOT_AN_APPROVER`, `VOTED_ALREADY`, `REASON_MISSING` (for a refusal).
    pub fn vote(
        &mut self,
        agrees: bool,
        words: Option<String>,
        digest: &str,
        by: &By,
        now: Timestamp,
    ) -> Result<(Outcome, Vec<Effect>), Refused> {
        if digest != self.digest {
            return Err(Refused::rule(
                "DIGEST_DIFFERS",
                "所审批的内容已经变化，请重新查看后再决定",
                "what you decided on is not what stands here: look at it again",
            ));
        }
        if by.id == self.asked_by {
            return Err(Refused::rule(
                "ASKER_IS_APPROVER",
                "申请人不得审批自己的用印申请",
                "nobody approves what he asked for",
            ));
        }
        if !agrees {
            reason(words.as_deref().unwrap_or_default())?;
        }
        let stage = self.stage()?;
        let (seat, superior) = seat(stage, &by.id)?;
        let instead_of = (seat.as_str() != by.id).then(|| seat.clone());
        if stage
            .votes
            .iter()
            .any(|vote| vote.instead_of.as_ref().map_or(vote.by.id.as_str(), |a| a.as_str()) == seat.as_str())
        {
            return Err(Refused::rule("VOTED_ALREADY", "您已经作出决定", "you have decided already"));
        }
        stage.votes.push(Vote {
            by: by.clone(),
            instead_of,
            agrees,
            words,
            digest: digest.to_owned(),
            at: now,
        });
        if !agrees {
            return Ok((Outcome::Refused, vec![Effect::unit("approval.refused")]));
        }
        let agreed = stage.votes.iter().filter(|vote| vote.agrees).count();
        if !superior && agreed < usize::from(stage.step.need) {
            return Ok((Outcome::Open, Vec::new()));
        }
        self.at += 1;
        if self.at < self.stages.len() {
            return Ok((Outcome::NextStep, self.reach(now)));
        }
        Ok((Outcome::Approved, vec![Effect::unit("approval.agreed")]))
    }

    /// Lets another decide in one's place at the step reached.
    ///
    /// # Errors
    /// `APPROVAL_DONE`, `NOT_DELEGABLE`, `NOT_AN_APPROVER`, `VOTED_ALREADY`, `DELEGATE` (who asked, who decides here anyway, or a
    /// second time), `REASON_MISSING`.
    pub fn delegate(
        &mut self,
        to: Approver,
        why: String,
        by: &By,
        now: Timestamp,
    ) -> Result<Vec<Effect>, Refused> {
        reason(&why)?;
        let asked_by = self.asked_by.clone();
        let stage = self.stage()?;
        if !stage.step.delegable {
            return Err(Refused::rule(
                "NOT_DELEGABLE",
                "该步骤不得委托他人审批",
                "this step cannot be delegated",
            ));
        }
        let own =
            stage.step.approvers.iter().find(|a| a.account.as_str() == by.id).ok_or_else(not_an_approver)?;
        let from = own.account.clone();
        if stage.votes.iter().any(|vote| vote.by.id == by.id) {
            return Err(Refused::rule("VOTED_ALREADY", "您已经作出决定", "you have decided already"));
        }
        let taken = to.account.as_str() == asked_by
            || stage.step.approvers.iter().chain(&stage.step.superior).any(|a| a.account == to.account)
            || stage.delegations.iter().any(|d| d.from == from || d.to.account == to.account);
        if taken {
            return Err(Refused::rule(
                "DELEGATE",
                "不得委托给申请人、本步骤的其他审批人或者再次委托",
                "not to who asked, not to who decides here anyway, and only once",
            ));
        }
        stage.delegations.push(Delegation { from, to, reason: why, at: now });
        Ok(vec![Effect::unit("approval.waits")])
    }

    /// The step reached is overdue: its superior is called. Without one, who asked is told, and people go on deciding.
    ///
    /// # Errors
    /// `APPROVAL_DONE`; `NOT_OVER_YET` before the deadline; `ESCALATED` when it happened already.
    pub fn escalate(&mut self, now: Timestamp) -> Result<Vec<Effect>, Refused> {
        let stage = self.stage()?;
        if stage.due.is_none_or(|due| now < due) {
            return Err(Refused::rule("NOT_OVER_YET", "该步骤尚未超过时限", "the step is not overdue"));
        }
        if stage.escalated_at.is_some() {
            return Err(Refused::rule("ESCALATED", "已经提请上级处理", "the superior was called already"));
        }
        stage.escalated_at = Some(now);
        Ok(vec![Effect::unit("approval.overdue")])
    }

    /// Who may decide at the step reached now.
    pub fn waits_for(&self) -> Vec<&AccountId> {
        let Some(stage) = self.stages.get(self.at) else { return Vec::new() };
        let mut people: Vec<&AccountId> = stage
            .step
            .approvers
            .iter()
            .map(|approver| {
                let delegation = stage.delegations.iter().find(|d| d.from == approver.account);
                delegation.map_or(&approver.account, |d| &d.to.account)
            })
            .filter(|account| !stage.votes.iter().any(|vote| vote.by.id == account.as_str()))
            .filter(|account| account.as_str() != self.asked_by)
            .collect();
        people.extend(stage.escalated_at.and(stage.step.superior.as_ref()).map(|s| &s.account));
        people
    }

    /// Flow by which it goes.
    pub fn flow(&self) -> (&FlowId, u32) {
        (&self.flow, self.flow_version)
    }
    /// What it is about: SM3, hex.
    pub fn digest(&self) -> &str {
        &self.digest
    }
    /// Steps with their votes.
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }
    /// Step reached, from 0; the number of steps when it is over.
    pub fn reached(&self) -> usize {
        self.at
    }
    /// Whether every step agreed.
    pub fn is_approved(&self) -> bool {
        self.at == self.stages.len() && self.stages.iter().flat_map(|s| &s.votes).all(|vote| vote.agrees)
    }

    /// SM3 of the whole record, hex: what the signature says of its approval.
    pub fn record_digest(&self) -> String {
        // Field order of a struct is fixed, and maps do not occur: the same course gives the same bytes.
        hex::encode(yinxin_crypto::sm3(&serde_json::to_vec(self).unwrap_or_default()))
    }
}

/// The approver whose seat somebody fills at a step, and whether it is the superior's.
fn seat(stage: &Stage, id: &str) -> Result<(AccountId, bool), Refused> {
    if let Some(superior) =
        stage.escalated_at.and(stage.step.superior.as_ref()).filter(|s| s.account.as_str() == id)
    {
        return Ok((superior.account.clone(), true));
    }
    if let Some(delegation) = stage.delegations.iter().find(|d| d.to.account.as_str() == id) {
        return Ok((delegation.from.clone(), false));
    }
    let own = stage.step.approvers.iter().find(|a| a.account.as_str() == id).ok_or_else(not_an_approver)?;
    if stage.delegations.iter().any(|d| d.from == own.account) {
        return Err(Refused::rule("DELEGATED", "您已委托他人审批", "you have let somebody else decide"));
    }
    Ok((own.account.clone(), false))
}

fn not_an_approver() -> Refused {
    Refused::rule("NOT_AN_APPROVER", "您不是该步骤的审批人", "you do not decide at this step")
}
