//! Signed heads met on the way through the rows.

use super::fault::Fault;
use super::findings::Findings;
use crate::audit::{Digest, SignatureCheck, SignedHead};

/// Heads whose signature holds, by row.
#[derive(Debug, Default)]
pub(super) struct SignedHeads {
    /// Highest row last to be met first.
    waiting: Vec<(u64, Digest, Digest)>,
    highest: Option<(u64, Digest)>,
    /// Last row whose signed head fits.
    confirmed: u64,
    rewritten: bool,
    pub(super) matched: u64,
}

impl SignedHeads {
    pub(super) fn new(heads: &[SignedHead], check: &SignatureCheck<'_>, findings: &mut Findings) -> Self {
        let mut waiting = Vec::with_capacity(heads.len());
        for head in heads {
            if head.verify(check) {
                waiting.push((head.seq, head.hash, head.root));
            } else {
                findings.add(Fault::HeadSignature { seq: head.seq, key_id: head.key_id.clone() });
            }
        }
        waiting.sort_by_key(|head| std::cmp::Reverse(head.0));
        let highest = waiting.first().map(|(seq, hash, _)| (*seq, *hash));
        Self { waiting, highest, confirmed: 0, rewritten: false, matched: 0 }
    }

    /// Passes over the heads of rows up to `seq`, which are verified already.
    pub(super) fn skip_to(&mut self, seq: u64) {
        self.waiting.retain(|(at, ..)| *at > seq);
        self.confirmed = seq;
    }

    /// Compares the heads signed at `seq`; `root` is that of the tree of rows 1 to `seq` when all of them were seen.
    pub(super) fn meet(
        &mut self,
        seq: u64,
        hash: &Digest,
        root: impl Fn() -> Option<Digest>,
        findings: &mut Findings,
    ) {
        while let Some((at, ..)) = self.waiting.last() {
            if *at > seq {
                return;
            }
            let Some((at, signed_hash, signed_root)) = self.waiting.pop() else { return };
            if at < seq {
                // Its row is missing or changed, which is told already.
                continue;
            }
            if signed_hash == *hash && root().is_none_or(|root| root == signed_root) {
                self.confirmed = seq;
                self.matched += 1;
            } else if !self.rewritten {
                // Every later head differs too, and tells nothing more.
                self.rewritten = true;
                findings.add(Fault::Rewritten { from: self.confirmed + 1, to: seq });
            }
        }
    }

    /// The highest row any head names, with its hash.
    pub(super) fn highest(&self) -> Option<(u64, Digest)> {
        self.highest
    }
}
