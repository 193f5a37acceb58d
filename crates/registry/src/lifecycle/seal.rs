//! Seals (电子印章) from making to their end.

use super::application::{Application, Publicity};
use super::reasons::{CancelReason, SuspensionReason, VoidReason};
pub use super::stations::{Delivery, End, Filing, ImprintCompared, ImprintFound, Made, Suspension};
use super::{By, Effect, ProofRef, Refused, Rule, State, Step, next, reason, states};
use crate::area::{AreaCode, AreaPath};
use crate::ids::{ApplicationId, MakerId, SealId, TicketId, UnitId};
use crate::profile::SealKind;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

states! {
    /// Where a seal stands.
    SealState {
        /// A maker works on it.
        Making = "making", "制作中";
        /// Made, not yet filed.
        Made = "made", "待备案";
        /// Filed, not yet handed over.
        Filed = "filed", "已备案";
        /// Handed over, not yet accepted.
        Delivered = "delivered", "待领取确认";
        /// In force.
        Active = "active", "有效";
        /// Suspended.
        Suspended = "suspended", "暂停使用";
        /// Its time is over.
        Expired = "expired", "已过期";
        /// Canceled.
        Canceled = "canceled", "已缴销";
        /// Followed by another.
        Replaced = "replaced", "已更换";
        /// Void.
        Void = "void", "无效";
        /// Nobody came for it.
        Lapsed = "lapsed", "逾期未领";
        /// Making was given up.
        Abandoned = "abandoned", "制作终止";
    }
}

use SealState as S;

/// The table.
pub const TABLE: &[Rule<SealState>] = &[
    Rule { from: S::Making, event: "request_certificate", to: S::Making },
    Rule { from: S::Making, event: "import_certificate", to: S::Making },
    Rule { from: S::Making, event: "made", to: S::Made },
    Rule { from: S::Making, event: "abandon", to: S::Abandoned },
    Rule { from: S::Made, event: "file", to: S::Filed },
    Rule { from: S::Made, event: "abandon", to: S::Abandoned },
    Rule { from: S::Made, event: "void", to: S::Void },
    Rule { from: S::Filed, event: "deliver", to: S::Delivered },
    Rule { from: S::Filed, event: "lapse", to: S::Lapsed },
    Rule { from: S::Filed, event: "void", to: S::Void },
    Rule { from: S::Delivered, event: "accept", to: S::Active },
    Rule { from: S::Delivered, event: "decline", to: S::Filed },
    Rule { from: S::Delivered, event: "lapse", to: S::Lapsed },
    Rule { from: S::Delivered, event: "void", to: S::Void },
    Rule { from: S::Active, event: "suspend", to: S::Suspended },
    Rule { from: S::Active, event: "cancel", to: S::Canceled },
    Rule { from: S::Active, event: "replace", to: S::Replaced },
    Rule { from: S::Active, event: "expire", to: S::Expired },
    Rule { from: S::Active, event: "void", to: S::Void },
    Rule { from: S::Suspended, event: "suspend", to: S::Suspended },
    Rule { from: S::Suspended, event: "resume", to: S::Active },
    Rule { from: S::Suspended, event: "release", to: S::Active },
    Rule { from: S::Suspended, event: "relieve", to: S::Suspended },
    Rule { from: S::Suspended, event: "cancel", to: S::Canceled },
    Rule { from: S::Suspended, event: "replace", to: S::Replaced },
    Rule { from: S::Suspended, event: "expire", to: S::Expired },
    Rule { from: S::Suspended, event: "void", to: S::Void },
    Rule { from: S::Expired, event: "cancel", to: S::Canceled },
    Rule { from: S::Expired, event: "replace", to: S::Replaced },
    Rule { from: S::Expired, event: "void", to: S::Void },
    Rule { from: S::Canceled, event: "void", to: S::Void },
    Rule { from: S::Replaced, event: "void", to: S::Void },
];

/// Events of the table, in the order of a life.
pub const EVENTS: &[&str] = &[
    "request_certificate",
    "import_certificate",
    "made",
    "abandon",
    "file",
    "deliver",
    "accept",
    "decline",
    "lapse",
    "suspend",
    "resume",
    "release",
    "relieve",
    "cancel",
    "replace",
    "expire",
    "void",
];

/// Who files is reminded so long before filing is due.
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// The unit is reminded so long before its seal lapses.
const WEEK: SignedDuration = SignedDuration::from_hours(24 * 7);

/// A seal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    id: SealId,
    code: String,
    number: Option<u32>,
    name: String,
    kind: SealKind,
    publicity: Publicity,
    unit: UnitId,
    parent_unit: Option<UnitId>,
    unit_name: String,
    credit_code: Option<String>,
    area: AreaCode,
    area_path: AreaPath,
    application: ApplicationId,
    approval: ProofRef,
    approved_by: String,
    maker: MakerId,
    excluded_uses: Vec<String>,
    state: SealState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    certificate_request: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    certificates: Vec<String>,
    made: Option<Made>,
    filing_due: Option<Timestamp>,
    filing: Option<Filing>,
    claim_due: Option<Timestamp>,
    delivery: Option<Delivery>,
    suspensions: Vec<Suspension>,
    end: Option<End>,
    previous: Option<SealId>,
    next: Option<SealId>,
    created_at: Timestamp,
    history: Vec<Step>,
}

/// What happens to a seal.
#[derive(Debug, Clone)]
pub enum SealEvent {
    /// The maker waits for a certificate from an authority outside.
    RequestCertificate {
        /// Certification request (PKCS#10), DER, base64.
        request: String,
    },
    /// The certificate came. Another may follow as long as the seal is not made.
    ImportCertificate {
        /// The certificate, then its issuers; DER, base64.
        certificates: Vec<String>,
    },
    /// Made, checked.
    Made {
        /// What was made.
        made: Box<Made>,
        /// Filing is due.
        filing_due: Timestamp,
    },
    /// Making is given up.
    Abandon {
        /// Why.
        reason: String,
    },
    /// Filed.
    File {
        /// Receipt.
        filing: Filing,
        /// It has to be claimed by then.
        claim_due: Timestamp,
    },
    /// Handed over.
    Deliver {
        /// To whom.
        to: String,
    },
    /// Accepted.
    Accept,
    /// Declined.
    Decline {
        /// Why.
        reason: String,
    },
    /// Nobody came.
    Lapse,
    /// Suspended.
    Suspend {
        /// Ground.
        suspension: Suspension,
    },
    /// All grounds are gone.
    Resume {
        /// Why.
        reason: String,
        /// Decision.
        document: Option<String>,
    },
    /// What a ticket suspended it for is over, and nothing else keeps it suspended.
    Release {
        /// The ticket.
        ticket: TicketId,
        /// Why.
        reason: String,
    },
    /// What a ticket suspended it for is over; other grounds stay.
    Relieve {
        /// The ticket.
        ticket: TicketId,
        /// Why.
        reason: String,
    },
    /// Canceled.
    Cancel {
        /// Why.
        reason: CancelReason,
        /// In words.
        detail: String,
        /// Certificate of cancellation.
        proof: ProofRef,
    },
    /// Followed by another.
    Replace {
        /// The other.
        by: SealId,
    },
    /// Its time is over.
    Expire,
    /// Declared void.
    Void {
        /// Why.
        reason: VoidReason,
        /// In words.
        detail: String,
        /// From when; may lie before the decision.
        effective_at: Timestamp,
        /// The decision.
        document: String,
    },
}

impl SealEvent {
    /// Name in the table.
    pub fn name(&self) -> &'static str {
        match self {
            Self::RequestCertificate { .. } => "request_certificate",
            Self::ImportCertificate { .. } => "import_certificate",
            Self::Made { .. } => "made",
            Self::Abandon { .. } => "abandon",
            Self::File { .. } => "file",
            Self::Deliver { .. } => "deliver",
            Self::Accept => "accept",
            Self::Decline { .. } => "decline",
            Self::Lapse => "lapse",
            Self::Suspend { .. } => "suspend",
            Self::Resume { .. } => "resume",
            Self::Release { .. } => "release",
            Self::Relieve { .. } => "relieve",
            Self::Cancel { .. } => "cancel",
            Self::Replace { .. } => "replace",
            Self::Expire => "expire",
            Self::Void { .. } => "void",
        }
    }
}

/// What the registry gives a seal when a maker takes up the application.
#[derive(Debug, Clone)]
pub struct Start {
    /// Key.
    pub id: SealId,
    /// Maker.
    pub maker: MakerId,
}

impl Seal {
    /// Begins making, for an approved application.
    ///
    /// # Errors
    /// `APPROVAL_MISSING`, `MAKER_IS_ISSUER`.
    pub fn begin(start: Start, application: &Application, by: &By, now: Timestamp) -> Result<Self, Refused> {
        let (Some(approval), Some(approved_by), Some(code)) =
            (application.approval(), application.approved_by(), application.seal_code())
        else {
            return Err(Refused::rule(
                "APPROVAL_MISSING",
                "缺少准予制作凭证",
                "there is no approval certificate",
            ));
        };
        if approved_by == by.id {
            return Err(maker_is_issuer());
        }
        let content = application.content();
        let mut seal = Self {
            id: start.id,
            code: code.to_owned(),
            number: application.seal_number(),
            name: content.seal_name.clone(),
            kind: content.kind,
            publicity: content.publicity,
            unit: application.unit().clone(),
            parent_unit: application.parent_unit().cloned(),
            unit_name: application.unit_name().to_owned(),
            credit_code: application.credit_code().map(str::to_owned),
            area: application.area().clone(),
            area_path: application.area_path().clone(),
            application: application.id().clone(),
            approval: approval.clone(),
            approved_by: approved_by.to_owned(),
            maker: start.maker,
            excluded_uses: content.excluded_uses.clone(),
            state: S::Making,
            certificate_request: None,
            certificates: Vec::new(),
            made: None,
            filing_due: None,
            filing: None,
            claim_due: None,
            delivery: None,
            suspensions: Vec::new(),
            end: None,
            previous: application.basis().previous().cloned(),
            next: None,
            created_at: now,
            history: Vec::new(),
        };
        let document = Some(seal.approval.number.clone());
        seal.record("begin", S::Making, by, now, now, None, document);
        Ok(seal)
    }

    /// Takes a step.
    ///
    /// # Errors
    /// [`Refused`]: the table has no such step, or a rule is not kept.
    pub fn apply(
        mut self,
        event: SealEvent,
        by: &By,
        now: Timestamp,
    ) -> Result<(Self, Vec<Effect>), Refused> {
        let name = event.name();
        let to = next(TABLE, self.state, name)?;
        let from = self.state;
        let mut effective_at = now;
        let mut why = None;
        let mut document = None;
        let mut effects = Vec::new();
        match event {
            SealEvent::RequestCertificate { request } => {
                if self.certificate_request.as_ref().is_some_and(|known| *known != request) {
                    return Err(Refused::rule(
                        "CERTIFICATE_REQUESTED",
                        "该印章已有另一份证书申请",
                        "there is another certification request for this seal",
                    ));
                }
                self.certificate_request = Some(request);
                effects.push(Effect::maker("seal.certificate_requested"));
            }
            SealEvent::ImportCertificate { certificates } => {
                if self.certificate_request.is_none() {
                    return Err(Refused::rule(
                        "NO_CERTIFICATE_REQUEST",
                        "该印章没有待签发的证书申请",
                        "this seal waits for no certificate",
                    ));
                }
                self.certificates = certificates;
            }
            SealEvent::Made { made, filing_due } => {
                self.check_made(&made)?;
                // They have done their service: the certificate stands in the seal.
                self.certificate_request = None;
                self.certificates = Vec::new();
                self.made = Some(*made);
                self.filing_due = Some(filing_due);
                effects.push(Effect::authority("seal.made"));
                effects.extend(Effect::deadline("filing_overdue", filing_due, "filing_soon", DAY, now));
            }
            SealEvent::Abandon { reason: text } => {
                reason(&text)?;
                why = Some(text);
                effects.push(Effect::unit("seal.abandoned"));
            }
            SealEvent::File { filing, claim_due } => {
                if self.made.as_ref().is_some_and(|made| made.by == filing.by) {
                    return Err(Refused::rule(
                        "MAKER_FILES",
                        "制作人不得办理备案",
                        "who made the seal may not file it",
                    ));
                }
                document = Some(filing.proof.number.clone());
                self.filing = Some(filing);
                self.claim_due = Some(claim_due);
                effects.push(Effect::maker("seal.filed"));
                effects.extend(Effect::deadline("unclaimed", claim_due, "claim_soon", WEEK, now));
            }
            SealEvent::Deliver { to } => {
                if to.trim().is_empty() {
                    return Err(Refused::rule(
                        "RECIPIENT_MISSING",
                        "须填写领取人",
                        "the recipient is missing",
                    ));
                }
                self.delivery = Some(Delivery { at: now, by: by.id.clone(), to, accepted_at: None });
                effects.push(Effect::unit("seal.delivered"));
            }
            SealEvent::Accept => {
                if self.filing.is_none() {
                    return Err(Refused::rule(
                        "NOT_FILED",
                        "未备案的印章不得交付",
                        "a seal is filed before hand-over",
                    ));
                }
                if let Some(delivery) = &mut self.delivery {
                    delivery.accepted_at = Some(now);
                }
                if let Some(made) = &self.made {
                    effects.push(Effect::clock("expire", made.valid_until));
                    effects.push(Effect::clock("renewal_reminder", made.valid_until));
                }
                effects.push(Effect::PublishStatus);
            }
            SealEvent::Decline { reason: text } => {
                reason(&text)?;
                why = Some(text);
                self.delivery = None;
                effects.push(Effect::maker("seal.declined"));
            }
            SealEvent::Lapse => {
                if self.claim_due.is_none_or(|due| now < due) {
                    return Err(Refused::rule("NOT_DUE", "领取期限未到", "the time to claim it is not over"));
                }
                self.finish("unclaimed", "逾期未领取", now, None);
                effects.push(Effect::unit("seal.lapsed"));
                effects.push(Effect::PublishStatus);
            }
            SealEvent::Suspend { suspension } => {
                reason(&suspension.detail)?;
                if suspension.effective_at > now {
                    return Err(future());
                }
                effective_at = self.not_before_making(suspension.effective_at);
                why = Some(format!("{}：{}", suspension.reason.zh(), suspension.detail));
                document = suspension.document.clone();
                if let Some(until) = suspension.until {
                    effects.push(Effect::clock("suspension_ends", until));
                }
                self.suspensions.push(Suspension { effective_at, ..suspension });
                effects.push(Effect::unit("seal.suspended"));
                effects.push(Effect::authority("seal.suspended"));
                effects.push(Effect::PublishStatus);
            }
            SealEvent::Resume { reason: text, document: decision } => {
                reason(&text)?;
                if self.suspensions.iter().any(|s| s.reason == SuspensionReason::KeyLeak) {
                    return Err(Refused::rule(
                        "KEY_LEAKED",
                        "密钥已泄露的印章不得恢复使用，须缴销后重新制作",
                        "a seal whose key leaked is canceled and made anew, never resumed",
                    ));
                }
                why = Some(text);
                document = decision;
                self.suspensions.clear();
                effects.push(Effect::unit("seal.resumed"));
                effects.push(Effect::PublishStatus);
            }
            SealEvent::Release { ticket, reason: text } => {
                reason(&text)?;
                self.drop_ground(&ticket, to)?;
                why = Some(text);
                effects.push(Effect::unit("seal.resumed"));
                effects.push(Effect::PublishStatus);
            }
            SealEvent::Relieve { ticket, reason: text } => {
                reason(&text)?;
                self.drop_ground(&ticket, to)?;
                why = Some(text);
                effects.push(Effect::PublishStatus);
            }
            SealEvent::Cancel { reason: code, detail, proof } => {
                reason(&detail)?;
                // What was suspended stays out of force without a gap: the cancellation follows the suspension in time.
                why = Some(format!("{}：{detail}", code.zh()));
                document = Some(proof.number.clone());
                self.finish(code.as_str(), &detail, now, Some(proof));
                effects.push(Effect::unit("seal.canceled"));
                effects.push(Effect::PublishStatus);
            }
            SealEvent::Replace { by: other } => {
                self.next = Some(other);
                self.finish("replaced", "已由新印章接替", now, None);
                effects.push(Effect::PublishStatus);
            }
            SealEvent::Expire => {
                let end = self.made.as_ref().map(|made| made.valid_until);
                match end {
                    Some(end) if end <= now => effective_at = end,
                    _ => return Err(Refused::rule("NOT_DUE", "印章尚未到期", "the seal's time is not over")),
                }
                effects.push(Effect::unit("seal.expired"));
                effects.push(Effect::PublishStatus);
            }
            SealEvent::Void { reason: code, detail, effective_at: since, document: decision } => {
                reason(&detail)?;
                if decision.trim().is_empty() {
                    return Err(Refused::rule(
                        "DOCUMENT_MISSING",
                        "须填写决定文号",
                        "the decision's number is missing",
                    ));
                }
                if since > now {
                    return Err(future());
                }
                effective_at = self.not_before_making(since);
                why = Some(format!("{}：{detail}", code.zh()));
                document = Some(decision);
                self.finish(code.as_str(), &detail, effective_at, None);
                effects.push(Effect::unit("seal.void"));
                effects.push(Effect::PublishStatus);
            }
        }
        self.state = to;
        if from != to {
            effects.push(Effect::announce("seal", from.as_str(), to.as_str(), effective_at));
        }
        self.record(name, from, by, now, effective_at, why, document);
        Ok((self, effects))
    }

    fn check_made(&self, made: &Made) -> Result<(), Refused> {
        if made.by == self.approved_by {
            return Err(maker_is_issuer());
        }
        if made.valid_until > made.certificate_until || made.valid_from < made.certificate_from {
            return Err(Refused::rule(
                "VALIDITY_BEYOND_CERTIFICATE",
                "印章有效期超出证书有效期",
                "the seal is valid outside its certificate's validity",
            ));
        }
        if made.valid_from >= made.valid_until {
            return Err(Refused::rule("VALIDITY", "印章有效期不正确", "the seal ends before it begins"));
        }
        Ok(())
    }

    /// What happens when a ticket keeps it suspended no longer; `None` where the ticket does not.
    pub fn end_of_ticket(&self, ticket: &TicketId, reason: &str) -> Option<SealEvent> {
        let (own, others): (Vec<_>, Vec<_>) =
            self.suspensions.iter().partition(|ground| ground.ticket.as_ref() == Some(ticket));
        if self.state != S::Suspended || own.is_empty() {
            return None;
        }
        let (ticket, reason) = (ticket.clone(), reason.to_owned());
        Some(match others.is_empty() {
            true => SealEvent::Release { ticket, reason },
            false => SealEvent::Relieve { ticket, reason },
        })
    }

    /// Takes the grounds of a ticket away; what is left must fit the state that follows.
    fn drop_ground(&mut self, ticket: &TicketId, to: SealState) -> Result<(), Refused> {
        let before = self.suspensions.len();
        self.suspensions.retain(|ground| ground.ticket.as_ref() != Some(ticket));
        if self.suspensions.len() == before {
            return Err(Refused::rule(
                "NOT_THE_TICKET",
                "该印章不是因此监管单停用的",
                "this ticket does not keep the seal suspended",
            ));
        }
        if self.suspensions.is_empty() == (to == S::Suspended) {
            return Err(Refused::rule(
                "OTHER_GROUNDS",
                "该印章另有停用原因",
                "whether anything else keeps the seal suspended decides what follows",
            ));
        }
        Ok(())
    }

    fn not_before_making(&self, at: Timestamp) -> Timestamp {
        at.max(self.created_at)
    }

    fn finish(&mut self, code: &str, detail: &str, effective_at: Timestamp, proof: Option<ProofRef>) {
        self.end = Some(End { reason: code.to_owned(), detail: detail.to_owned(), effective_at, proof });
    }

    #[expect(clippy::too_many_arguments, reason = "one call names everything a step keeps")]
    fn record(
        &mut self,
        event: &str,
        from: SealState,
        by: &By,
        now: Timestamp,
        effective_at: Timestamp,
        why: Option<String>,
        document: Option<String>,
    ) {
        self.history.push(Step {
            at: now,
            effective_at,
            event: event.to_owned(),
            from: from.as_str().to_owned(),
            to: self.state.as_str().to_owned(),
            by: by.clone(),
            reason: why,
            document,
        });
    }

    /// Whether it counts as the unit's seal in force: active or suspended.
    pub fn is_in_force(&self) -> bool {
        matches!(self.state, S::Active | S::Suspended)
    }

    /// Whether it is on its way: making to delivered.
    pub fn is_coming(&self) -> bool {
        matches!(self.state, S::Making | S::Made | S::Filed | S::Delivered)
    }

    /// Key.
    pub fn id(&self) -> &SealId {
        &self.id
    }
    /// Seal code.
    pub fn code(&self) -> &str {
        &self.code
    }
    /// Number among the unit's seals of this kind.
    pub fn number(&self) -> Option<u32> {
        self.number
    }
    /// Name.
    pub fn name(&self) -> &str {
        &self.name
    }
    /// Kind.
    pub fn kind(&self) -> SealKind {
        self.kind
    }
    /// Public or internal.
    pub fn publicity(&self) -> Publicity {
        self.publicity
    }
    /// Owner.
    pub fn unit(&self) -> &UnitId {
        &self.unit
    }
    /// Unit above the owner.
    pub fn parent_unit(&self) -> Option<&UnitId> {
        self.parent_unit.as_ref()
    }
    /// Owner's name.
    pub fn unit_name(&self) -> &str {
        &self.unit_name
    }
    /// Owner's credit code.
    pub fn credit_code(&self) -> Option<&str> {
        self.credit_code.as_deref()
    }
    /// Area.
    pub fn area(&self) -> &AreaCode {
        &self.area
    }
    /// Its place.
    pub fn area_path(&self) -> &AreaPath {
        &self.area_path
    }
    /// Application it was made for.
    pub fn application(&self) -> &ApplicationId {
        &self.application
    }
    /// Approval certificate.
    pub fn approval(&self) -> &ProofRef {
        &self.approval
    }
    /// Who approved.
    pub fn approved_by(&self) -> &str {
        &self.approved_by
    }
    /// Maker.
    pub fn maker(&self) -> &MakerId {
        &self.maker
    }
    /// Uses that a law excludes.
    pub fn excluded_uses(&self) -> &[String] {
        &self.excluded_uses
    }
    /// Where it stands.
    pub fn state(&self) -> SealState {
        self.state
    }
    /// Certification request that waits for an authority outside: DER, base64.
    pub fn certificate_request(&self) -> Option<&str> {
        self.certificate_request.as_deref()
    }
    /// The certificate that came for it, then its issuers: DER, base64; empty before.
    pub fn certificates(&self) -> &[String] {
        &self.certificates
    }
    /// What was made.
    pub fn made(&self) -> Option<&Made> {
        self.made.as_ref()
    }
    /// Filing is due.
    pub fn filing_due(&self) -> Option<Timestamp> {
        self.filing_due
    }
    /// Receipt of filing.
    pub fn filing(&self) -> Option<&Filing> {
        self.filing.as_ref()
    }
    /// To be claimed by.
    pub fn claim_due(&self) -> Option<Timestamp> {
        self.claim_due
    }
    /// Hand-over.
    pub fn delivery(&self) -> Option<&Delivery> {
        self.delivery.as_ref()
    }
    /// Grounds of the suspension in force.
    pub fn suspensions(&self) -> &[Suspension] {
        &self.suspensions
    }
    /// How it ended.
    pub fn end(&self) -> Option<&End> {
        self.end.as_ref()
    }
    /// Seal before it.
    pub fn previous(&self) -> Option<&SealId> {
        self.previous.as_ref()
    }
    /// Seal after it.
    pub fn next(&self) -> Option<&SealId> {
        self.next.as_ref()
    }
    /// When making began.
    pub fn created_at(&self) -> Timestamp {
        self.created_at
    }
    /// Every step.
    pub fn history(&self) -> &[Step] {
        &self.history
    }
}

fn maker_is_issuer() -> Refused {
    Refused::rule(
        "MAKER_IS_ISSUER",
        "批准人不得同时制作该印章",
        "who approved the application may not make the seal",
    )
}

fn future() -> Refused {
    Refused::rule("EFFECT_IN_FUTURE", "生效时间不得晚于当前时间", "the time of effect lies in the future")
}
