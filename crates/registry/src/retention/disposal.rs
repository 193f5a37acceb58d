//! A list of disposal (销毁清单): exactly which documents go, proposed by one person and agreed to by another.

use crate::area::AreaPath;
use crate::ids::{DisposalId, UnitId, UseRequestId};
use crate::lifecycle::{By, Effect, Refused, Rule, State, Step, next, reason, states};
use crate::usage::document::{UseItem, manifest_digest};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use super::outcome::{Count, Disposed, Fate};

states! {
    /// Where a list stands.
    DisposalState {
        /// Waits for a second person.
        Proposed = "proposed", "待批准";
        /// Agreed to; nothing is gone yet.
        Approved = "approved", "已批准";
        /// Contents are being deleted.
        Disposing = "disposing", "销毁中";
        /// All are gone.
        Done = "done", "已销毁";
        /// Refused.
        Refused = "refused", "不予批准";
        /// Taken back.
        Withdrawn = "withdrawn", "已撤回";
    }
}

use DisposalState as D;

/// The table.
pub const TABLE: &[Rule<DisposalState>] = &[
    Rule { from: D::Proposed, event: "approve", to: D::Approved },
    Rule { from: D::Proposed, event: "refuse", to: D::Refused },
    Rule { from: D::Proposed, event: "withdraw", to: D::Withdrawn },
    Rule { from: D::Approved, event: "begin", to: D::Disposing },
    Rule { from: D::Approved, event: "withdraw", to: D::Withdrawn },
    Rule { from: D::Disposing, event: "count", to: D::Disposing },
    Rule { from: D::Disposing, event: "finish", to: D::Done },
];

/// Events of the table.
pub const EVENTS: &[&str] = &["approve", "refuse", "withdraw", "begin", "count", "finish"];

/// Requests of one list at most.
pub const MOST_REQUESTS: usize = 500;
/// Documents of one list at most; a single request may have as many.
pub const MOST_DOCUMENTS: u32 = 10_000;

/// The documents of one request on a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Request.
    pub request: UseRequestId,
    /// Its number.
    pub number: String,
    /// How many documents.
    pub documents: u32,
    /// SM3 over the lines of its documents in their order, hex.
    pub digest: String,
}

impl Line {
    /// The line of a request with all its documents, in their order.
    pub fn of<'a>(request: UseRequestId, number: &str, items: impl IntoIterator<Item = &'a UseItem>) -> Self {
        let lines: Vec<String> = items.into_iter().map(UseItem::content_digest).collect();
        let digest = manifest_digest(lines.iter().map(String::as_str));
        let documents = u32::try_from(lines.len()).unwrap_or(u32::MAX);
        Self { request, number: number.to_owned(), documents, digest }
    }

    fn line_digest(&self) -> String {
        hex::encode(yinxin_crypto::sm3(&serde_json::to_vec(self).unwrap_or_default()))
    }
}

/// What a list is made of.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// Unit, unit above it, place.
    pub of: (UnitId, Option<UnitId>, AreaPath),
    /// What was to be kept no longer than until then.
    pub cutoff: Timestamp,
    /// Why.
    pub reason: String,
    /// What goes.
    pub lines: Vec<Line>,
}

/// A list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disposal {
    id: DisposalId,
    unit: UnitId,
    parent_unit: Option<UnitId>,
    area_path: AreaPath,
    cutoff: Timestamp,
    reason: String,
    lines: Vec<Line>,
    documents: u32,
    digest: String,
    proposed_by: By,
    decided_by: Option<By>,
    count: Count,
    state: DisposalState,
    created_at: Timestamp,
    history: Vec<Step>,
}

/// What happens to a list.
#[derive(Debug, Clone)]
pub enum DisposalEvent {
    /// A second person agrees.
    Approve {
        /// SM3 of the list as he read it, hex.
        digest: String,
        /// Words.
        words: Option<String>,
    },
    /// A second person refuses.
    Refuse {
        /// SM3 of the list as he read it, hex.
        digest: String,
        /// Why.
        reason: String,
    },
    /// Taken back before anything is gone.
    Withdraw {
        /// Why.
        reason: String,
    },
    /// Deleting begins.
    Begin,
    /// Some are gone.
    Count(Count),
    /// All are gone.
    Finish,
}

impl Disposal {
    /// Proposes a list.
    ///
    /// # Errors
    /// `REASON_MISSING`, `DISPOSAL_EMPTY`, `DISPOSAL_TOO_LARGE`, `DISPOSAL_CUTOFF`.
    pub fn propose(
        id: DisposalId,
        proposal: Proposal,
        by: &By,
        now: Timestamp,
    ) -> Result<(Self, Vec<Effect>), Refused> {
        let Proposal { of: (unit, parent_unit, area_path), cutoff, reason: text, lines } = proposal;
        reason(&text)?;
        if cutoff > now {
            return Err(Refused::rule(
                "DISPOSAL_CUTOFF",
                "截止时间不得晚于当前时间",
                "nothing is listed before it is due",
            ));
        }
        if lines.is_empty() {
            return Err(Refused::rule(
                "DISPOSAL_EMPTY",
                "没有保管期限已满的案卷",
                "nothing is due that could be listed",
            ));
        }
        let documents = lines.iter().fold(0u32, |sum, line| sum.saturating_add(line.documents));
        if lines.len() > MOST_REQUESTS || documents > MOST_DOCUMENTS {
            return Err(Refused::rule(
                "DISPOSAL_TOO_LARGE",
                "一份清单至多 500 件申请、10000 份文件",
                "a list has 500 requests and 10,000 documents at most",
            ));
        }
        let digests: Vec<String> = lines.iter().map(Line::line_digest).collect();
        let mut disposal = Self {
            digest: manifest_digest(digests.iter().map(String::as_str)),
            id,
            unit,
            parent_unit,
            area_path,
            cutoff,
            reason: text.clone(),
            lines,
            documents,
            proposed_by: by.clone(),
            decided_by: None,
            count: Count::default(),
            state: D::Proposed,
            created_at: now,
            history: Vec::new(),
        };
        disposal.record("propose", D::Proposed, by, now, Some(text));
        let effects = vec![
            Effect::unit("disposal.proposed"),
            Effect::announce("disposal", D::Proposed.as_str(), D::Proposed.as_str(), now),
        ];
        Ok((disposal, effects))
    }

    /// Takes a step.
    ///
    /// # Errors
    /// [`Refused`]: by the table, or `SAME_PERSON`, `DIGEST_DIFFERS`, `REASON_MISSING`, `TALLY`.
    pub fn apply(
        mut self,
        event: DisposalEvent,
        by: &By,
        now: Timestamp,
    ) -> Result<(Self, Vec<Effect>), Refused> {
        let name = match &event {
            DisposalEvent::Approve { .. } => "approve",
            DisposalEvent::Refuse { .. } => "refuse",
            DisposalEvent::Withdraw { .. } => "withdraw",
            DisposalEvent::Begin => "begin",
            DisposalEvent::Count(_) => "count",
            DisposalEvent::Finish => "finish",
        };
        let to = next(TABLE, self.state, name)?;
        let mut why = None;
        match event {
            DisposalEvent::Approve { digest, words } => {
                self.decide(&digest, by)?;
                why = words;
            }
            DisposalEvent::Refuse { digest, reason: text } => {
                reason(&text)?;
                self.decide(&digest, by)?;
                why = Some(text);
            }
            DisposalEvent::Withdraw { reason: text } => {
                reason(&text)?;
                why = Some(text);
            }
            DisposalEvent::Count(more) => {
                self.count = self.count.and(more);
                self.only_so_many()?;
            }
            DisposalEvent::Finish => self.only_all()?,
            DisposalEvent::Begin => {}
        }
        let from = std::mem::replace(&mut self.state, to);
        let mut effects = Vec::new();
        if from != to {
            effects.extend(told(to).map(Effect::unit));
            effects.push(Effect::announce("disposal", from.as_str(), to.as_str(), now));
            self.record(name, from, by, now, why);
        }
        Ok((self, effects))
    }

    /// Four eyes: who proposed decides nothing.
    fn decide(&mut self, digest: &str, by: &By) -> Result<(), Refused> {
        if self.proposed_by.id == by.id {
            return Err(Refused::rule(
                "SAME_PERSON",
                "提出人不得批准自己提出的销毁清单",
                "who proposed a list does not decide on it",
            ));
        }
        if self.digest != digest {
            return Err(Refused::rule(
                "DIGEST_DIFFERS",
                "所审批的内容已经变化，请重新查看后再决定",
                "what you decided on is not what stands here: look at it again",
            ));
        }
        self.decided_by = Some(by.clone());
        Ok(())
    }

    fn only_so_many(&self) -> Result<(), Refused> {
        let fits = self.count.documents <= self.documents && self.count.requests as usize <= self.lines.len();
        if fits { Ok(()) } else { Err(tally()) }
    }

    fn only_all(&self) -> Result<(), Refused> {
        let all = self.count.documents == self.documents && self.count.requests as usize == self.lines.len();
        if all { Ok(()) } else { Err(tally()) }
    }

    fn record(&mut self, event: &str, from: DisposalState, by: &By, now: Timestamp, why: Option<String>) {
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

    /// Key.
    pub fn id(&self) -> &DisposalId {
        &self.id
    }
    crate::place::getters!();
    /// What was to be kept no longer than until then.
    pub fn cutoff(&self) -> Timestamp {
        self.cutoff
    }
    /// Why.
    pub fn reason(&self) -> &str {
        &self.reason
    }
    /// What goes.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }
    /// How many documents.
    pub fn documents(&self) -> u32 {
        self.documents
    }
    /// SM3 over its lines, hex: what is decided on.
    pub fn digest(&self) -> &str {
        &self.digest
    }
    /// Who proposed it.
    pub fn proposed_by(&self) -> &By {
        &self.proposed_by
    }
    /// Who decided.
    pub fn decided_by(&self) -> Option<&By> {
        self.decided_by.as_ref()
    }
    /// What is gone so far.
    pub fn count(&self) -> Count {
        self.count
    }
    /// Where it stands.
    pub fn state(&self) -> DisposalState {
        self.state
    }
    /// When it was proposed.
    pub fn created_at(&self) -> Timestamp {
        self.created_at
    }
    /// Every step.
    pub fn history(&self) -> &[Step] {
        &self.history
    }
}

/// What the unit's people are told of a state.
fn told(state: DisposalState) -> Option<&'static str> {
    match state {
        D::Approved => Some("disposal.approved"),
        D::Refused => Some("disposal.refused"),
        D::Withdrawn => Some("disposal.withdrawn"),
        D::Done => Some("disposal.done"),
        D::Proposed | D::Disposing => None,
    }
}

fn tally() -> Refused {
    Refused::rule("TALLY", "销毁份数与清单不符", "the documents counted are not those of the list")
}
