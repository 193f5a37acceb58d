//! A request to use a seal (用印申请): what for, on which documents, by whom; voted on by the unit's flow, or under a standing
//! authorization. What was voted on is fixed by one digest over everything a voter sees.

use crate::approval::course::{Course, Outcome};
use crate::approval::flow::{Approver, Flow};
use crate::area::AreaPath;
use crate::custody::activation::Belongs;
use crate::ids::{SealId, StandingId, UnitId, UseGrantId, UseRequestId};
use crate::lifecycle::{By, Effect, Refused, Rule, State, Step, next, reason, states};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

states! {
    /// Where a request stands.
    RequestState {
        /// Being written; documents are added.
        Draft = "draft", "填写中";
        /// People are voting on it.
        Pending = "pending", "审批中";
        /// Agreed to; nothing is sealed yet.
        Approved = "approved", "已批准";
        /// Documents are being sealed.
        Signing = "signing", "用印中";
        /// Every document is sealed.
        Done = "done", "已完成";
        /// Some documents could not be sealed.
        Partial = "partial", "部分完成";
        /// Refused.
        Refused = "refused", "不予同意";
        /// Taken back.
        Withdrawn = "withdrawn", "已撤回";
        /// Nobody decided, or nobody sealed, in time.
        Lapsed = "lapsed", "已失效";
    }
}

use crate::text::has_length;
use RequestState as R;

/// The table.
pub const TABLE: &[Rule<RequestState>] = &[
    Rule { from: R::Draft, event: "submit", to: R::Pending },
    Rule { from: R::Draft, event: "submit_standing", to: R::Approved },
    Rule { from: R::Draft, event: "withdraw", to: R::Withdrawn },
    Rule { from: R::Draft, event: "lapse", to: R::Lapsed },
    Rule { from: R::Pending, event: "agree", to: R::Pending },
    Rule { from: R::Pending, event: "approve", to: R::Approved },
    Rule { from: R::Pending, event: "refuse", to: R::Refused },
    Rule { from: R::Pending, event: "delegate", to: R::Pending },
    Rule { from: R::Pending, event: "escalate", to: R::Pending },
    Rule { from: R::Pending, event: "withdraw", to: R::Withdrawn },
    Rule { from: R::Pending, event: "lapse", to: R::Lapsed },
    Rule { from: R::Approved, event: "begin", to: R::Signing },
    Rule { from: R::Approved, event: "withdraw", to: R::Withdrawn },
    Rule { from: R::Approved, event: "lapse", to: R::Lapsed },
    Rule { from: R::Signing, event: "finish", to: R::Done },
    Rule { from: R::Signing, event: "finish_partly", to: R::Partial },
    Rule { from: R::Signing, event: "withdraw", to: R::Withdrawn },
    Rule { from: R::Signing, event: "lapse", to: R::Lapsed },
    Rule { from: R::Partial, event: "retry", to: R::Signing },
    Rule { from: R::Partial, event: "withdraw", to: R::Withdrawn },
    Rule { from: R::Partial, event: "lapse", to: R::Lapsed },
];

impl RequestState {
    /// Whether nothing more is sealed as it stands; what failed in part may be tried once more.
    pub fn has_ended(self) -> bool {
        matches!(self, R::Done | R::Partial | R::Refused | R::Withdrawn | R::Lapsed)
    }
}

/// Events of the table.
pub const EVENTS: &[&str] = &[
    "submit",
    "submit_standing",
    "agree",
    "approve",
    "refuse",
    "delegate",
    "escalate",
    "withdraw",
    "begin",
    "finish",
    "finish_partly",
    "retry",
    "lapse",
];

/// Documents of one request at most.
pub const MOST_DOCUMENTS: u32 = 10_000;
/// Hours an approval is good for.
pub const APPROVAL_HOURS: i64 = 72;

/// By which right the seal is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum Right {
    /// A grant of the custodian; people vote on each request.
    Grant {
        /// The grant.
        grant: UseGrantId,
    },
    /// A standing authorization; people voted beforehand.
    Standing {
        /// The authorization.
        standing: StandingId,
        /// The template the documents are filled from.
        template: String,
    },
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// By which right.
    pub right: Right,
    /// Kind of document: 合同.
    pub document_kind: String,
    /// Why.
    pub reason: String,
    /// To whom the documents go, where that is known.
    pub recipient: Option<String>,
}

/// What the documents are, once they are all there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// How many.
    pub documents: u32,
    /// SM3 over their lines: [`super::document::manifest_digest`], hex.
    pub digest: String,
    /// Value of the dearest, in fen.
    pub value_most: u64,
    /// Value of all together, in fen.
    pub value_sum: u64,
}

/// Documents sealed and not, so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    /// Sealed.
    pub signed: u32,
    /// Failed.
    pub failed: u32,
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UseRequest {
    id: UseRequestId,
    number: String,
    seal: SealId,
    unit: UnitId,
    parent_unit: Option<UnitId>,
    area_path: AreaPath,
    asked_by: By,
    asked: Asked,
    manifest: Option<Manifest>,
    course: Option<Course>,
    approval: Option<String>,
    good_until: Option<Timestamp>,
    tally: Tally,
    state: RequestState,
    created_at: Timestamp,
    history: Vec<Step>,
}

/// What happens to a request.
#[derive(Debug, Clone)]
pub enum RequestEvent<'a> {
    /// Handed in to the people of a flow.
    Submit {
        /// Its documents.
        manifest: Manifest,
        /// By which flow.
        flow: &'a Flow,
    },
    /// Handed in under a standing authorization, which has been asked and has counted it.
    SubmitStanding {
        /// Its documents.
        manifest: Manifest,
        /// SM3 of the record of the authorization's own approval, hex.
        approval: String,
    },
    /// Somebody votes.
    Vote {
        /// Agreed or refused.
        agrees: bool,
        /// Words.
        words: Option<String>,
        /// SM3 of what was decided on, hex.
        digest: String,
    },
    /// Somebody lets another vote in his place.
    Delegate {
        /// Who votes instead.
        to: Approver,
        /// Why.
        reason: String,
    },
    /// A step is overdue.
    Escalate,
    /// Taken back: nothing more is sealed.
    Withdraw {
        /// Why.
        reason: String,
    },
    /// Sealing begins.
    Begin,
    /// Every document has had its turn.
    Finish {
        /// What came of them.
        tally: Tally,
    },
    /// The failed ones once more.
    Retry,
    /// Its time is over.
    Lapse {
        /// What came of its documents until then.
        tally: Tally,
    },
}

impl UseRequest {
    /// Opens a draft.
    ///
    /// # Errors
    /// `REASON_MISSING`, `DOCUMENT_KIND`.
    pub fn open(
        id: UseRequestId,
        number: String,
        belongs: Belongs,
        asked: Asked,
        by: &By,
        now: Timestamp,
    ) -> Result<Self, Refused> {
        reason(&asked.reason)?;
        if !has_length(&asked.document_kind, 1..=64) {
            return Err(Refused::rule(
                "DOCUMENT_KIND",
                "文件种类应为 1 至 64 字",
                "a kind of document has 1 to 64 characters",
            ));
        }
        let mut request = Self {
            id,
            number,
            seal: belongs.seal,
            unit: belongs.unit,
            parent_unit: belongs.parent_unit,
            area_path: belongs.area_path,
            asked_by: by.clone(),
            asked,
            manifest: None,
            course: None,
            approval: None,
            good_until: None,
            tally: Tally::default(),
            state: R::Draft,
            created_at: now,
            history: Vec::new(),
        };
        request.record("open", R::Draft, by, now, None);
        Ok(request)
    }

    fn probe(event: &RequestEvent<'_>, manifest: Option<&Manifest>) -> &'static str {
        match event {
            RequestEvent::Submit { .. } => "submit",
            RequestEvent::SubmitStanding { .. } => "submit_standing",
            RequestEvent::Vote { agrees: true, .. } => "agree",
            RequestEvent::Vote { agrees: false, .. } => "refuse",
            RequestEvent::Delegate { .. } => "delegate",
            RequestEvent::Escalate => "escalate",
            RequestEvent::Withdraw { .. } => "withdraw",
            RequestEvent::Begin => "begin",
            RequestEvent::Finish { tally } => {
                match manifest.is_some_and(|m| m.documents == tally.signed && tally.failed == 0) {
                    true => "finish",
                    false => "finish_partly",
                }
            }
            RequestEvent::Retry => "retry",
            RequestEvent::Lapse { .. } => "lapse",
        }
    }

    /// Takes a step.
    ///
    /// # Errors
    /// [`Refused`]: by the table, by the course of approval, or `NOT_THE_ASKER`, `DOCUMENT_COUNT`, `RIGHT_DIFFERS`, `APPROVAL_OVER`,
    /// `NOT_OVER_YET`, `TALLY`, `REASON_MISSING`.
    pub fn apply(
        mut self,
        event: RequestEvent<'_>,
        by: &By,
        now: Timestamp,
    ) -> Result<(Self, Vec<Effect>), Refused> {
        let probe = Self::probe(&event, self.manifest.as_ref());
        // Asked of the table first, so that a closed request says so before anything else.
        next(TABLE, self.state, probe)?;
        let mut name = probe;
        let mut effects = Vec::new();
        let mut why = None;
        match event {
            RequestEvent::Submit { manifest, flow } => {
                self.only_the_asker(by)?;
                if !matches!(self.asked.right, Right::Grant { .. }) {
                    return Err(right_differs());
                }
                self.take(manifest)?;
                let (course, more) = Course::begin(flow, self.content_digest(), by, now)?;
                self.course = Some(course);
                effects = more;
            }
            RequestEvent::SubmitStanding { manifest, approval } => {
                self.only_the_asker(by)?;
                if !matches!(self.asked.right, Right::Standing { .. }) {
                    return Err(right_differs());
                }
                self.take(manifest)?;
                self.approved(approval, now, &mut effects);
            }
            RequestEvent::Vote { agrees, words, digest } => {
                why.clone_from(&words);
                let course = self.course.as_mut().ok_or_else(right_differs)?;
                let (outcome, more) = course.vote(agrees, words, &digest, by, now)?;
                effects = more;
                if outcome == Outcome::Approved {
                    name = "approve";
                    let record = course.record_digest();
                    self.approved(record, now, &mut effects);
                }
            }
            RequestEvent::Delegate { to, reason } => {
                why = Some(reason.clone());
                let course = self.course.as_mut().ok_or_else(right_differs)?;
                effects = course.delegate(to, reason, by, now)?;
            }
            RequestEvent::Escalate => {
                effects = self.course.as_mut().ok_or_else(right_differs)?.escalate(now)?;
            }
            RequestEvent::Withdraw { reason: text } => {
                reason(&text)?;
                why = Some(text);
                effects.push(Effect::unit("use.withdrawn"));
            }
            RequestEvent::Begin | RequestEvent::Retry => self.is_good(now)?,
            RequestEvent::Finish { tally } => {
                self.count(tally, true)?;
                effects.push(Effect::unit("use.finished"));
            }
            RequestEvent::Lapse { tally } => {
                if self.good_until.is_some_and(|until| now < until) {
                    return Err(Refused::rule(
                        "NOT_OVER_YET",
                        "批准仍在有效期内",
                        "the approval is still good",
                    ));
                }
                self.count(tally, false)?;
                effects.push(Effect::unit("use.lapsed"));
            }
        }
        let to = next(TABLE, self.state, name)?;
        let from = std::mem::replace(&mut self.state, to);
        if from != to && !matches!(to, RequestState::Pending | RequestState::Signing) {
            effects.push(Effect::announce("use", from.as_str(), to.as_str(), now));
        }
        if from != to && to.has_ended() {
            effects.push(Effect::clock("use_kept", now));
        }
        self.record(name, from, by, now, why);
        Ok((self, effects))
    }

    fn take(&mut self, manifest: Manifest) -> Result<(), Refused> {
        if !(1..=MOST_DOCUMENTS).contains(&manifest.documents) {
            return Err(Refused::rule(
                "DOCUMENT_COUNT",
                "一次申请应有 1 至 10000 份文件",
                "a request has 1 to 10,000 documents",
            ));
        }
        self.manifest = Some(manifest);
        Ok(())
    }

    fn approved(&mut self, record: String, now: Timestamp, effects: &mut Vec<Effect>) {
        let until = now.checked_add(SignedDuration::from_hours(APPROVAL_HOURS)).unwrap_or(now);
        self.approval = Some(record);
        self.good_until = Some(until);
        effects.push(Effect::clock("use_lapses", until));
    }

    fn count(&mut self, tally: Tally, all: bool) -> Result<(), Refused> {
        let documents = self.manifest.as_ref().map_or(0, |m| m.documents);
        let sum = tally.signed.checked_add(tally.failed);
        let fits = sum.is_some_and(|sum| if all { sum == documents } else { sum <= documents });
        if !fits || tally.signed < self.tally.signed {
            return Err(Refused::rule(
                "TALLY",
                "用印份数与申请的文件份数不符",
                "the documents counted are not those of the request",
            ));
        }
        self.tally = tally;
        Ok(())
    }

    fn only_the_asker(&self, by: &By) -> Result<(), Refused> {
        if self.asked_by.id == by.id {
            return Ok(());
        }
        Err(Refused::rule("NOT_THE_ASKER", "只有申请人可以提交", "only who asks hands it in"))
    }

    /// Whether documents may be sealed by this approval now.
    ///
    /// # Errors
    /// `APPROVAL_MISSING`, `APPROVAL_OVER`.
    pub fn is_good(&self, now: Timestamp) -> Result<(), Refused> {
        match (&self.approval, self.good_until) {
            (Some(_), Some(until)) if now < until => Ok(()),
            (Some(_), Some(_)) => Err(Refused::rule(
                "APPROVAL_OVER",
                "批准已过有效期，请重新申请",
                "the approval is over: ask anew",
            )),
            _ => Err(Refused::rule("APPROVAL_MISSING", "尚未批准", "there is no approval")),
        }
    }

    fn record(&mut self, event: &str, from: RequestState, by: &By, now: Timestamp, why: Option<String>) {
        self.history.push(Step {
            at: now,
            effective_at: now,
            event: event.to_owned(),
            from: from.as_str().to_owned(),
            to: self.state.as_str().to_owned(),
            by: by.clone(),
            reason: why,
            document: None,
        });
    }

    /// SM3 over what voters decide on, hex: seal, asker, what is asked, and the manifest.
    pub fn content_digest(&self) -> String {
        // Field order of a struct is fixed, and maps do not occur: the same content gives the same bytes.
        let content = (&self.id, &self.seal, &self.unit, &self.asked_by, &self.asked, &self.manifest);
        hex::encode(yinxin_crypto::sm3(&serde_json::to_vec(&content).unwrap_or_default()))
    }

    /// Key.
    pub fn id(&self) -> &UseRequestId {
        &self.id
    }
    /// Number.
    pub fn number(&self) -> &str {
        &self.number
    }
    /// Seal.
    pub fn seal(&self) -> &SealId {
        &self.seal
    }
    crate::place::getters!();
    /// Who asks.
    pub fn asked_by(&self) -> &By {
        &self.asked_by
    }
    /// What is asked.
    pub fn asked(&self) -> &Asked {
        &self.asked
    }
    /// Its documents, once it is handed in.
    pub fn manifest(&self) -> Option<&Manifest> {
        self.manifest.as_ref()
    }
    /// How it was voted on; none under a standing authorization.
    pub fn course(&self) -> Option<&Course> {
        self.course.as_ref()
    }
    /// SM3 of the record of approval, hex: goes into the signed data.
    pub fn approval(&self) -> Option<&str> {
        self.approval.as_deref()
    }
    /// Until when the approval is good.
    pub fn good_until(&self) -> Option<Timestamp> {
        self.good_until
    }
    /// What came of the documents.
    pub fn tally(&self) -> Tally {
        self.tally
    }
    /// Where it stands.
    pub fn state(&self) -> RequestState {
        self.state
    }
    /// When it was opened.
    pub fn created_at(&self) -> Timestamp {
        self.created_at
    }
    /// Every step.
    pub fn history(&self) -> &[Step] {
        &self.history
    }
}

fn right_differs() -> Refused {
    Refused::rule("RIGHT_DIFFERS", "申请所依据的权利与此操作不符", "the request stands on another right")
}
