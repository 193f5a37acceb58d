//! Verification of the chain in one pass.
//!
//! Three things are told apart. A row is *genuine* when its MAC proves its hash and its hash its number, its link and its
//! content; it then stands for its own number whatever number it is stored under. Rows that are not genuine are
//! *suspects*: they wait for the next genuine row, whose link tells what must have stood before it. Numbers nobody stands
//! for are *gaps*. From these follow the names of the faults: a suspect in a gap is a changed row, one without a gap an
//! inserted one; a genuine row that comes late into a gap was moved; a gap that stays is a deletion.

mod displaced;
mod fault;
mod findings;
mod gaps;
mod signed;

use std::collections::VecDeque;

use serde::Serialize;

pub use fault::{Fault, Part};

use self::displaced::Displaced;
use self::findings::Findings;
use self::gaps::Gaps;
use self::signed::SignedHeads;
use super::chain::{AuditKeys, ChainHead, Row, row_hash};
use super::head::SignedHead;
use super::merkle::Frontier;
use super::wire;
use super::{Digest, GENESIS, SignatureCheck, hex_digest};

/// Most rows that wait for a genuine one.
const MAX_SUSPECTS: usize = 4096;

/// Outcome of a verification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Rows read.
    pub rows: u64,
    /// Number of the last row.
    pub last_seq: u64,
    /// Its hash, hexadecimal in JSON.
    #[serde(with = "hex_digest")]
    pub last_hash: Digest,
    /// Signed heads that fit their rows.
    pub heads_matched: u64,
    /// What is wrong, in order of rows.
    pub faults: Vec<Fault>,
    /// How many more faults there were than are listed.
    pub omitted: u64,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }
}

/// Reads rows in the order of their stored numbers and names what was tampered with. Memory does not grow with the
/// number of rows; it grows with the number of signed heads.
pub struct Verifier<'k> {
    keys: &'k AuditKeys,
    findings: Findings,
    heads: SignedHeads,
    rows: u64,
    /// Highest number a row stands for, and that row's hash unless it is in doubt.
    high: u64,
    high_hash: Option<Digest>,
    /// The last genuine row that went forward.
    anchor: (u64, Digest),
    /// Stored number minus own number of the last genuine row.
    shift: i128,
    gaps: Gaps,
    suspects: VecDeque<Suspect>,
    displaced: Displaced,
    /// Tree of the rows so far, while none is missing or in doubt.
    tree: Option<Frontier>,
}

/// A row proven by its MAC.
struct Genuine {
    stored: u64,
    seq: u64,
    prev: Digest,
    hash: Digest,
}

/// A row in doubt.
struct Suspect {
    stored: u64,
    prev: Digest,
    hash: Digest,
    /// Hash that number, link and content give; `None` when the content is no entry.
    computed: Option<Digest>,
}

impl Suspect {
    fn is_whole(&self) -> bool {
        self.computed == Some(self.hash)
    }
}

impl<'k> Verifier<'k> {
    /// A verifier of a whole chain, from row 1.
    ///
    /// `heads` are the signed heads in any order; `check(key id, message, signature)` verifies their signatures.
    pub fn new(keys: &'k AuditKeys, heads: &[SignedHead], check: &SignatureCheck<'_>) -> Self {
        let mut findings = Findings::default();
        let heads = SignedHeads::new(heads, check, &mut findings);
        Self {
            keys,
            findings,
            heads,
            rows: 0,
            high: 0,
            high_hash: Some(GENESIS),
            anchor: (0, GENESIS),
            shift: 0,
            gaps: Gaps::default(),
            suspects: VecDeque::new(),
            displaced: Displaced::default(),
            tree: Some(Frontier::new()),
        }
    }

    /// Begins behind a row verified before, instead of at row 1: push the rows after it. Roots of signed heads are then
    /// not compared, their hashes are.
    #[must_use]
    pub fn after(mut self, verified: ChainHead) -> Self {
        self.high = verified.seq;
        self.high_hash = Some(verified.hash);
        self.anchor = (verified.seq, verified.hash);
        self.heads.skip_to(verified.seq);
        self.tree = None;
        self
    }

    /// Takes the next row in the order of stored numbers.
    pub fn push(&mut self, row: &Row) {
        self.rows += 1;
        match self.examine(row) {
            Ok(genuine) => self.place(&genuine),
            Err(suspect) => {
                self.suspects.push_back(suspect);
                if self.suspects.len() > MAX_SUSPECTS
                    && let Some(oldest) = self.suspects.pop_front()
                {
                    self.give_up_on(&oldest);
                }
            }
        }
    }

    /// Ends the reading. `head` is the last row by the store's own account; without it a cut tail shows only by signed
    /// heads.
    pub fn finish(mut self, head: Option<ChainHead>) -> Report {
        let last = self.high.max(self.suspects.back().map_or(0, |s| s.stored));
        let (end, hash) = self.expected_end(head);
        let tail = self.high.saturating_add(1);
        if end > self.high {
            self.open_gap(tail, end);
            self.resolve(Some((end, hash)));
        } else if head.is_some() {
            self.resolve(None);
        }
        while let Some(oldest) = self.suspects.pop_front() {
            self.give_up_on(&oldest);
        }
        if let Some(head) = head {
            if head.seq < last {
                self.findings.add(Fault::HeadBehind { head: head.seq, last });
            } else if head.seq == self.high && self.high_hash.is_some_and(|hash| hash != head.hash) {
                self.findings.add(Fault::HeadDiffers { seq: head.seq });
            }
        }
        for (from, to) in self.gaps.into_ranges() {
            if from < tail {
                self.findings.add(Fault::Deleted { from, to: to.min(tail - 1) });
            }
            if to >= tail {
                self.findings.add(Fault::TailCut { from: from.max(tail), to });
            }
        }
        self.displaced.finish(&mut self.findings);
        let (faults, omitted) = self.findings.finish();
        Report {
            rows: self.rows,
            last_seq: self.high,
            last_hash: self.high_hash.unwrap_or(self.anchor.1),
            heads_matched: self.heads.matched,
            faults,
            omitted,
        }
    }

    /// What the row says it is, if it can prove it.
    fn examine(&mut self, row: &Row) -> Result<Genuine, Suspect> {
        let Ok((seq, entry)) = wire::decode(&row.content) else {
            return Err(Suspect { stored: row.seq, prev: row.prev, hash: row.hash, computed: None });
        };
        let computed = row_hash(seq, &row.prev, &row.content);
        let mut genuine = Genuine { stored: row.seq, seq, prev: row.prev, hash: computed };
        if computed == row.hash && self.keys.verifies(seq, &computed, &row.mac) {
            // As it was written.
        } else if self.keys.verifies(seq, &computed, &row.mac) {
            self.findings.add(Fault::Changed { seq: row.seq, part: Part::Hash });
        } else if let Some(prev) = self.true_link(seq, row) {
            self.findings.add(Fault::Changed { seq: row.seq, part: Part::Link });
            genuine.prev = prev;
            genuine.hash = row.hash;
        } else {
            let whole = computed == row.hash;
            if whole {
                self.compare_columns(seq, row, &entry);
            }
            return Err(Suspect {
                stored: row.seq,
                prev: row.prev,
                hash: row.hash,
                computed: Some(computed),
            });
        }
        self.compare_columns(seq, row, &entry);
        Ok(genuine)
    }

    /// The link the row was written with, when only that column was changed.
    fn true_link(&self, seq: u64, row: &Row) -> Option<Digest> {
        let prev = self.high_hash.filter(|_| self.high.checked_add(1) == Some(seq))?;
        (row_hash(seq, &prev, &row.content) == row.hash && self.keys.verifies(seq, &row.hash, &row.mac))
            .then_some(prev)
    }

    fn compare_columns(&mut self, seq: u64, row: &Row, entry: &super::Entry) {
        let mut columns = entry.columns().differing(&row.columns);
        if row.key != self.keys.at(seq) {
            columns.push("key_number");
        }
        if !columns.is_empty() {
            self.findings.add(Fault::ColumnsDiffer { seq: row.seq, columns });
        }
    }

    fn place(&mut self, row: &Genuine) {
        let Genuine { stored, seq, prev, hash } = *row;
        if seq <= self.high
            && self.anchor.0.checked_add(1) == Some(seq)
            && self.anchor.1 == prev
            && !self.gaps.contains(seq)
        {
            // Rows given up on between the anchor and here were inserted, not changed: the chain goes on without them.
            self.high = self.anchor.0;
            self.high_hash = Some(self.anchor.1);
        }
        if seq > self.high {
            self.forward(row);
        } else if self.gaps.fill(seq) {
            if stored != seq {
                self.findings.add(Fault::Reordered { at: stored, belongs_at: seq });
                self.displaced.came_late(seq);
            }
        } else {
            self.findings.add(Fault::Inserted { seq: stored, copy_of: Some(seq) });
            return;
        }
        self.shift = i128::from(stored) - i128::from(seq);
        if seq == self.high {
            self.anchor = (seq, hash);
        }
    }

    fn forward(&mut self, row: &Genuine) {
        let Genuine { stored, seq, prev, hash } = *row;
        let adjacent = seq - self.high == 1;
        if !adjacent {
            self.open_gap(self.high.saturating_add(1), seq - 1);
        }
        self.resolve(Some((seq - 1, prev)));
        if adjacent && self.high_hash.is_some_and(|high| high != prev) {
            self.findings.add(Fault::LinkBroken { seq: stored });
        }
        self.displaced.went_forward(stored, seq, adjacent);
        self.high = seq;
        self.high_hash = Some(hash);
        if let Some(tree) = &mut self.tree {
            tree.push(&hash);
        }
        let tree = &self.tree;
        self.heads.meet(seq, &hash, || tree.as_ref().map(Frontier::root), &mut self.findings);
    }

    fn open_gap(&mut self, from: u64, to: u64) {
        self.tree = None;
        if let Some((from, to)) = self.gaps.open(from, to) {
            self.findings.add(Fault::Deleted { from, to });
        }
    }

    /// Names the waiting suspects. `before` is the number and true hash of the row that stood last among them.
    fn resolve(&mut self, before: Option<(u64, Digest)>) {
        let mut expected = before;
        let mut named = Vec::new();
        while let Some(suspect) = self.suspects.pop_back() {
            let seq = suspect.stored;
            let Some(place) = self.place_of(seq) else {
                named.push(Fault::Inserted { seq, copy_of: None });
                continue;
            };
            self.gaps.fill(place);
            if expected.is_some_and(|(at, hash)| at == place && suspect.computed == Some(hash)) {
                named.push(if suspect.is_whole() {
                    Fault::MacWrong { from: seq, to: seq }
                } else {
                    Fault::Changed { seq, part: Part::Hash }
                });
                expected = Some((place.saturating_sub(1), suspect.prev));
            } else {
                named.push(Fault::Changed { seq, part: Part::Content });
                expected = None;
            }
        }
        for fault in named.into_iter().rev() {
            self.findings.add(fault);
        }
    }

    /// The missing number a suspect stands for: its stored one, or that corrected by how far rows are shifted here.
    fn place_of(&self, stored: u64) -> Option<u64> {
        if self.gaps.contains(stored) {
            return Some(stored);
        }
        let shifted = u64::try_from(i128::from(stored) - self.shift).ok()?;
        self.gaps.contains(shifted).then_some(shifted)
    }

    /// Names a suspect by what is before it only: too many wait, or no genuine row follows.
    fn give_up_on(&mut self, suspect: &Suspect) {
        let seq = suspect.stored;
        if let Some(place) = self.place_of(seq) {
            self.gaps.fill(place);
            self.findings.add(Fault::Changed { seq, part: Part::Content });
            return;
        }
        let place = u64::try_from(i128::from(seq) - self.shift).unwrap_or(0);
        if place <= self.high {
            self.findings.add(Fault::Inserted { seq, copy_of: None });
            return;
        }
        let adjacent = place - self.high == 1;
        if !adjacent {
            self.open_gap(self.high.saturating_add(1), place - 1);
        }
        let linked = suspect.is_whole() && adjacent && self.high_hash == Some(suspect.prev);
        self.findings.add(if linked {
            Fault::MacWrong { from: seq, to: seq }
        } else {
            Fault::Changed { seq, part: Part::Content }
        });
        self.high = place;
        self.high_hash = suspect.computed.filter(|_| suspect.is_whole());
        self.tree = None;
    }

    /// The last row by the store's head and the signed heads, with the hash the later of them names.
    fn expected_end(&self, head: Option<ChainHead>) -> (u64, Digest) {
        let by_head = head.map_or((0, GENESIS), |head| (head.seq, head.hash));
        match self.heads.highest() {
            Some((seq, hash)) if seq > by_head.0 => (seq, hash),
            _ => by_head,
        }
    }
}
