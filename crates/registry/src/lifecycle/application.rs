//! Applications for seals (制章申请).

use super::checks::Check;
pub use super::content::{Agent, Content, Imprint, Material, PhysicalSeal, Publicity};
pub use super::truth::{Truth, TruthCertificate};
use super::{By, Effect, ProofRef, Refused, Rule, State, Step, next, reason, states};
use crate::area::{AreaCode, AreaPath};
use crate::ids::{ApplicationId, ChangeId, MakerId, SealId, UnitId};
use crate::profile::ApplicantKind;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

states! {
    /// Where an application stands.
    ApplicationState {
        /// Being written.
        Draft = "draft", "填写中";
        /// Handed in, waiting for a decision.
        Submitted = "submitted", "待审核";
        /// Returned for correction.
        Returned = "returned", "待补正";
        /// Refused with reasons; may be written anew.
        Refused = "refused", "不予批准";
        /// Approved, waiting for a maker.
        Approved = "approved", "已批准";
        /// A maker has taken it up.
        Making = "making", "制作中";
        /// The seal is in its owner's hands.
        Completed = "completed", "已办结";
        /// Taken back by the unit.
        Withdrawn = "withdrawn", "已撤回";
        /// Ended unused.
        Lapsed = "lapsed", "已失效";
    }
}

use ApplicationState as A;

/// The table.
pub const TABLE: &[Rule<ApplicationState>] = &[
    Rule { from: A::Draft, event: "edit", to: A::Draft },
    Rule { from: A::Draft, event: "submit", to: A::Submitted },
    Rule { from: A::Draft, event: "withdraw", to: A::Withdrawn },
    Rule { from: A::Submitted, event: "return", to: A::Returned },
    Rule { from: A::Submitted, event: "refuse", to: A::Refused },
    Rule { from: A::Submitted, event: "approve", to: A::Approved },
    Rule { from: A::Submitted, event: "withdraw", to: A::Withdrawn },
    Rule { from: A::Returned, event: "edit", to: A::Returned },
    Rule { from: A::Returned, event: "submit", to: A::Submitted },
    Rule { from: A::Returned, event: "withdraw", to: A::Withdrawn },
    Rule { from: A::Returned, event: "lapse", to: A::Lapsed },
    Rule { from: A::Refused, event: "reopen", to: A::Draft },
    Rule { from: A::Approved, event: "take", to: A::Making },
    Rule { from: A::Approved, event: "send_back", to: A::Submitted },
    Rule { from: A::Approved, event: "lapse", to: A::Lapsed },
    Rule { from: A::Making, event: "send_back", to: A::Submitted },
    Rule { from: A::Making, event: "complete", to: A::Completed },
    Rule { from: A::Making, event: "lapse", to: A::Lapsed },
    Rule { from: A::Lapsed, event: "reopen", to: A::Draft },
];

/// Events of the table, in the order of a life.
pub const EVENTS: &[&str] = &[
    "edit",
    "submit",
    "return",
    "refuse",
    "approve",
    "withdraw",
    "reopen",
    "take",
    "send_back",
    "complete",
    "lapse",
];

/// Why there is an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Basis {
    /// A first seal.
    New,
    /// The certificate ends; the next seal follows it.
    Renewal {
        /// The seal to be followed.
        seal: SealId,
    },
    /// A change: the old seal is canceled by the approval.
    Change {
        /// The seal to be changed.
        seal: SealId,
        /// The case that carries both.
        case: ChangeId,
    },
    /// The old seal was lost, leaked or damaged.
    Remake {
        /// The seal that was.
        seal: SealId,
    },
}

impl Basis {
    /// The seal it follows.
    pub fn previous(&self) -> Option<&SealId> {
        match self {
            Basis::New => None,
            Basis::Renewal { seal } | Basis::Change { seal, .. } | Basis::Remake { seal } => Some(seal),
        }
    }

    /// Stable name.
    pub fn as_str(&self) -> &'static str {
        match self {
            Basis::New => "new",
            Basis::Renewal { .. } => "renewal",
            Basis::Change { .. } => "change",
            Basis::Remake { .. } => "remake",
        }
    }
}

/// What somebody decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Round of submission, from 1.
    pub round: u32,
    /// `approve`, `refuse`, `return`.
    pub outcome: String,
    /// Reasons; never empty for a refusal.
    pub reasons: Vec<String>,
    /// Who.
    pub by: By,
    /// When.
    pub at: Timestamp,
}

/// Version of a profile, as it was when the application was handed in: what changes later does not reach it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileRef {
    /// Identifier.
    pub id: String,
    /// Version.
    pub version: u32,
}

/// An application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Application {
    id: ApplicationId,
    number: Option<String>,
    basis: Basis,
    unit: UnitId,
    parent_unit: Option<UnitId>,
    unit_name: String,
    credit_code: Option<String>,
    applicant_kind: ApplicantKind,
    area: AreaCode,
    area_path: AreaPath,
    profile: ProfileRef,
    content: Content,
    round: u32,
    state: ApplicationState,
    truth: Option<Truth>,
    checks: Vec<Check>,
    decisions: Vec<Decision>,
    due: Option<Timestamp>,
    approval: Option<ProofRef>,
    approved_by: Option<String>,
    seal_code: Option<String>,
    seal_number: Option<u32>,
    maker: Option<MakerId>,
    seal: Option<SealId>,
    created_at: Timestamp,
    history: Vec<Step>,
}

/// Who applies for what, at the beginning.
#[derive(Debug, Clone)]
pub struct Opening {
    /// Key.
    pub id: ApplicationId,
    /// Why.
    pub basis: Basis,
    /// Unit.
    pub unit: UnitId,
    /// Unit above it.
    pub parent_unit: Option<UnitId>,
    /// Its name.
    pub unit_name: String,
    /// Its credit code, or that of the unit above it.
    pub credit_code: Option<String>,
    /// Its kind.
    pub applicant_kind: ApplicantKind,
    /// Area.
    pub area: AreaCode,
    /// Its place.
    pub area_path: AreaPath,
    /// Profile in force.
    pub profile: ProfileRef,
    /// What is asked.
    pub content: Content,
}

/// What happens to an application.
#[derive(Debug, Clone)]
pub enum ApplicationEvent {
    /// The unit changes what it asks.
    Edit {
        /// New content.
        content: Box<Content>,
    },
    /// Handed in.
    Submit {
        /// Statement of truth.
        truth: Box<Truth>,
        /// Result of the automatic checks.
        checks: Vec<Check>,
        /// Number given on the first round.
        number: String,
        /// Profile in force now.
        profile: ProfileRef,
        /// Decision is due.
        due: Timestamp,
    },
    /// Returned for correction.
    Return {
        /// What to correct.
        reasons: Vec<String>,
        /// Until when.
        due: Timestamp,
    },
    /// Refused.
    Refuse {
        /// Why.
        reasons: Vec<String>,
    },
    /// Approved.
    Approve {
        /// The signed certificate.
        proof: ProofRef,
        /// Code the seal will bear (印章编码).
        code: String,
        /// Number among the unit's seals of this kind, for kinds that are numbered; a renewal keeps that of the seal it follows.
        number: Option<u32>,
        /// Notes of the reviewer.
        notes: Vec<String>,
    },
    /// Taken back.
    Withdraw {
        /// Why.
        reason: String,
    },
    /// Written anew after a refusal or after it lapsed.
    Reopen,
    /// A maker takes it up after the second check.
    Take {
        /// Maker.
        maker: MakerId,
        /// The seal that will be.
        seal: SealId,
    },
    /// The second check found a fault.
    SendBack {
        /// Which.
        reason: String,
        /// Decision is due.
        due: Timestamp,
    },
    /// The seal is in its owner's hands.
    Complete,
    /// Ended unused.
    Lapse {
        /// Why.
        reason: String,
    },
}

impl ApplicationEvent {
    /// Name in the table.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Edit { .. } => "edit",
            Self::Submit { .. } => "submit",
            Self::Return { .. } => "return",
            Self::Refuse { .. } => "refuse",
            Self::Approve { .. } => "approve",
            Self::Withdraw { .. } => "withdraw",
            Self::Reopen => "reopen",
            Self::Take { .. } => "take",
            Self::SendBack { .. } => "send_back",
            Self::Complete => "complete",
            Self::Lapse { .. } => "lapse",
        }
    }
}

/// Who decides is reminded so long before a decision is due.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Whether programs are told that an application came to stand so.
fn is_decision(to: ApplicationState) -> bool {
    matches!(to, A::Approved | A::Refused | A::Returned | A::Completed | A::Withdrawn | A::Lapsed)
}

impl Application {
    /// Opens a draft.
    ///
    /// # Errors
    /// [`Refused::Rule`] for content no seal can have.
    pub fn open(opening: Opening, by: &By, now: Timestamp) -> Result<Self, Refused> {
        opening.content.check()?;
        let mut application = Self {
            id: opening.id,
            number: None,
            basis: opening.basis,
            unit: opening.unit,
            parent_unit: opening.parent_unit,
            unit_name: opening.unit_name,
            credit_code: opening.credit_code,
            applicant_kind: opening.applicant_kind,
            area: opening.area,
            area_path: opening.area_path,
            profile: opening.profile,
            content: opening.content,
            round: 0,
            state: A::Draft,
            truth: None,
            checks: Vec::new(),
            decisions: Vec::new(),
            due: None,
            approval: None,
            approved_by: None,
            seal_code: None,
            seal_number: None,
            maker: None,
            seal: None,
            created_at: now,
            history: Vec::new(),
        };
        application.record("open", A::Draft, by, now, None, None);
        Ok(application)
    }

    /// Takes a step.
    ///
    /// # Errors
    /// [`Refused`]: the table has no such step, or a rule is not kept.
    pub fn apply(
        mut self,
        event: ApplicationEvent,
        by: &By,
        now: Timestamp,
    ) -> Result<(Self, Vec<Effect>), Refused> {
        let name = event.name();
        let to = next(TABLE, self.state, name)?;
        let from = self.state;
        let mut why = None;
        let mut document = None;
        let mut effects = Vec::new();
        match event {
            ApplicationEvent::Edit { content } => {
                content.check()?;
                if content.kind != self.content.kind && self.basis != Basis::New {
                    return Err(Refused::rule(
                        "KIND_FIXED",
                        "续期、变更、重制申请不得改变印章种类",
                        "an application that follows a seal keeps its kind",
                    ));
                }
                self.content = *content;
                self.truth = None;
            }
            ApplicationEvent::Submit { truth, checks, number, profile, due } => {
                if truth.digest != self.content_digest() {
                    return Err(Refused::rule(
                        "TRUTH_DIGEST",
                        "承诺书对应的申请内容与当前内容不一致",
                        "the statement of truth covers other content",
                    ));
                }
                if let Some(failed) = checks.iter().find(|c| !c.passed && c.blocking) {
                    return Err(Refused::rule("CHECK_FAILED", failed.zh.clone(), failed.en.clone()));
                }
                self.truth = Some(*truth);
                self.checks = checks;
                self.number.get_or_insert(number);
                self.profile = profile;
                self.round += 1;
                self.due = Some(due);
                effects.push(Effect::authority("application.submitted"));
                effects.extend(Effect::deadline("review_overdue", due, "review_soon", DAY, now));
            }
            ApplicationEvent::Return { reasons, due } => {
                why = Some(self.decide("return", reasons, by, now)?);
                self.due = Some(due);
                effects.push(Effect::unit("application.returned"));
                effects.push(Effect::clock("correction_overdue", due));
            }
            ApplicationEvent::Refuse { reasons } => {
                why = Some(self.decide("refuse", reasons, by, now)?);
                self.due = None;
                effects.push(Effect::unit("application.refused"));
            }
            ApplicationEvent::Approve { proof, code, number, notes } => {
                self.not_the_agent(by)?;
                if self.content.kind.is_numbered() != number.is_some() {
                    return Err(Refused::rule(
                        "NUMBER",
                        "业务印章须编号，其他印章不编号",
                        "business seals are numbered, others not",
                    ));
                }
                self.decisions.push(Decision {
                    round: self.round,
                    outcome: "approve".to_owned(),
                    reasons: notes,
                    by: by.clone(),
                    at: now,
                });
                document = Some(proof.number.clone());
                self.approval = Some(proof);
                self.approved_by = Some(by.id.clone());
                self.seal_code = Some(code);
                self.seal_number = number;
                self.due = None;
                effects.push(Effect::unit("application.approved"));
                effects.push(Effect::maker("order.ready"));
            }
            ApplicationEvent::Withdraw { reason: text } | ApplicationEvent::Lapse { reason: text } => {
                reason(&text)?;
                why = Some(text);
                self.due = None;
                self.approval = None;
                effects.push(Effect::authority("application.ended"));
                if to == A::Lapsed {
                    effects.push(Effect::unit("application.ended"));
                }
            }
            ApplicationEvent::Reopen => {
                self.truth = None;
                self.checks.clear();
                self.approval = None;
                self.approved_by = None;
                self.seal_code = None;
                self.seal_number = None;
                self.maker = None;
                self.seal = None;
            }
            ApplicationEvent::Take { maker, seal } => {
                if self.approval.is_none() {
                    return Err(Refused::rule(
                        "APPROVAL_MISSING",
                        "缺少准予制作凭证",
                        "there is no approval certificate",
                    ));
                }
                if self.approved_by.as_deref() == Some(by.id.as_str()) {
                    return Err(Refused::rule(
                        "MAKER_IS_ISSUER",
                        "批准人不得同时制作该印章",
                        "who approved the application may not make the seal",
                    ));
                }
                self.maker = Some(maker);
                self.seal = Some(seal);
            }
            ApplicationEvent::SendBack { reason: text, due } => {
                reason(&text)?;
                why = Some(text);
                self.approval = None;
                self.approved_by = None;
                self.seal_code = None;
                self.seal_number = None;
                self.maker = None;
                self.seal = None;
                self.due = Some(due);
                effects.push(Effect::authority("application.sent_back"));
                effects.extend(Effect::deadline("review_overdue", due, "review_soon", DAY, now));
            }
            ApplicationEvent::Complete => effects.push(Effect::unit("application.completed")),
        }
        self.state = to;
        if from != to && is_decision(to) {
            effects.push(Effect::announce("application", from.as_str(), to.as_str(), now));
        }
        self.record(name, from, by, now, why, document);
        Ok((self, effects))
    }

    fn decide(
        &mut self,
        outcome: &str,
        reasons: Vec<String>,
        by: &By,
        now: Timestamp,
    ) -> Result<String, Refused> {
        self.not_the_agent(by)?;
        if reasons.is_empty() || reasons.len() > 20 {
            return Err(Refused::rule(
                "REASON_MISSING",
                "须说明 1 至 20 条理由",
                "1 to 20 reasons are required",
            ));
        }
        for text in &reasons {
            reason(text)?;
        }
        let joined = reasons.join("；");
        self.decisions.push(Decision {
            round: self.round,
            outcome: outcome.to_owned(),
            reasons,
            by: by.clone(),
            at: now,
        });
        Ok(joined)
    }

    fn not_the_agent(&self, by: &By) -> Result<(), Refused> {
        let own = self.truth.as_ref().is_some_and(|t| t.by.id == by.id)
            || self.content.agent.account.as_ref().is_some_and(|a| a.as_str() == by.id);
        if own {
            return Err(Refused::rule(
                "REVIEWER_IS_AGENT",
                "经办人不得审核自己的申请",
                "nobody decides on an application of his own",
            ));
        }
        Ok(())
    }

    fn record(
        &mut self,
        event: &str,
        from: ApplicationState,
        by: &By,
        now: Timestamp,
        why: Option<String>,
        document: Option<String>,
    ) {
        self.history.push(Step {
            at: now,
            effective_at: now,
            event: event.to_owned(),
            from: from.as_str().to_owned(),
            to: self.state.as_str().to_owned(),
            by: by.clone(),
            reason: why,
            document,
        });
    }

    /// SM3 over what the applicant answers for, hex: basis, unit and content in one canonical JSON.
    pub fn content_digest(&self) -> String {
        // Field order of a struct is fixed, and maps do not occur: the same content gives the same bytes.
        let bytes =
            serde_json::to_vec(&(&self.basis, &self.unit, &self.unit_name, &self.credit_code, &self.content))
                .unwrap_or_default();
        hex::encode(yinxin_crypto::sm3(&bytes))
    }

    /// Whether it still stands in the way of another for the unit's legal-name seal.
    pub fn is_open(&self) -> bool {
        !matches!(self.state, A::Completed | A::Withdrawn | A::Lapsed)
    }

    /// Key.
    pub fn id(&self) -> &ApplicationId {
        &self.id
    }
    /// Number, given when it was first handed in.
    pub fn number(&self) -> Option<&str> {
        self.number.as_deref()
    }
    /// Why.
    pub fn basis(&self) -> &Basis {
        &self.basis
    }
    /// Unit.
    pub fn unit(&self) -> &UnitId {
        &self.unit
    }
    /// Unit above it.
    pub fn parent_unit(&self) -> Option<&UnitId> {
        self.parent_unit.as_ref()
    }
    /// Name of the unit when the draft was opened.
    pub fn unit_name(&self) -> &str {
        &self.unit_name
    }
    /// Credit code of the unit.
    pub fn credit_code(&self) -> Option<&str> {
        self.credit_code.as_deref()
    }
    /// Kind of applicant.
    pub fn applicant_kind(&self) -> ApplicantKind {
        self.applicant_kind
    }
    /// Area.
    pub fn area(&self) -> &AreaCode {
        &self.area
    }
    /// Its place.
    pub fn area_path(&self) -> &AreaPath {
        &self.area_path
    }
    /// Profile by which it is treated.
    pub fn profile(&self) -> &ProfileRef {
        &self.profile
    }
    /// What is asked.
    pub fn content(&self) -> &Content {
        &self.content
    }
    /// Round of submission, 0 before the first.
    pub fn round(&self) -> u32 {
        self.round
    }
    /// Where it stands.
    pub fn state(&self) -> ApplicationState {
        self.state
    }
    /// Statement of truth.
    pub fn truth(&self) -> Option<&Truth> {
        self.truth.as_ref()
    }
    /// Automatic checks of the last submission.
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }
    /// Decisions of all rounds.
    pub fn decisions(&self) -> &[Decision] {
        &self.decisions
    }
    /// When the next step is due.
    pub fn due(&self) -> Option<Timestamp> {
        self.due
    }
    /// Approval certificate.
    pub fn approval(&self) -> Option<&ProofRef> {
        self.approval.as_ref()
    }
    /// Who approved.
    pub fn approved_by(&self) -> Option<&str> {
        self.approved_by.as_deref()
    }
    /// Code of the seal, given by the approval.
    pub fn seal_code(&self) -> Option<&str> {
        self.seal_code.as_deref()
    }
    /// Number of the seal among the unit's seals of this kind.
    pub fn seal_number(&self) -> Option<u32> {
        self.seal_number
    }
    /// Maker that took it up.
    pub fn maker(&self) -> Option<&MakerId> {
        self.maker.as_ref()
    }
    /// Seal made for it.
    pub fn seal(&self) -> Option<&SealId> {
        self.seal.as_ref()
    }
    /// When the draft was opened.
    pub fn created_at(&self) -> Timestamp {
        self.created_at
    }
    /// Every step.
    pub fn history(&self) -> &[Step] {
        &self.history
    }
}
