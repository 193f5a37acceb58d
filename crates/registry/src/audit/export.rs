//! Case export (案卷导出): the rows of a case with the proof that they stand in a chain whose head was signed.
//!
//! A reader needs the public key of the head's signature and nothing else. The other rows are not given away: a proof
//! holds their hashes only, and every entry carries a random request id, so hashes cannot be guessed back.
//! What an export cannot prove is that no row of the case was left out; for that the whole chain is verified on the spot.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::chain::{Row, row_hash};
use super::entry::Entry;
use super::head::SignedHead;
use super::merkle::{InclusionProof, ProofBuilder};
use super::{Digest, GENESIS, SignatureCheck, hex_digest, wire};

/// Rows of a case with their proofs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseExport {
    /// Identifier of the case.
    pub case: String,
    /// Identifiers of the things the case is about: every row's subject is one of them.
    pub subjects: Vec<String>,
    /// When it was made.
    pub exported_at: Timestamp,
    /// The signed head the proofs lead to.
    pub head: SignedHead,
    /// The rows in order of their numbers.
    pub rows: Vec<ExportedRow>,
}

/// A row in an export. The MAC stays behind: nobody outside can check it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportedRow {
    /// Number.
    pub seq: u64,
    /// Hash of the row before.
    #[serde(with = "hex_digest")]
    pub prev: Digest,
    /// Hash.
    #[serde(with = "hex_digest")]
    pub hash: Digest,
    /// The hashed bytes, hexadecimal.
    #[serde(with = "hex_digest")]
    pub content: Vec<u8>,
    /// The same for people; has to agree with the content.
    pub entry: Entry,
    /// Proof that the row is in the tree of the signed head.
    pub proof: InclusionProof,
}

/// Why an export is not made or not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExportFault {
    /// The rows handed in do not form the chain of the signed head.
    #[error(
        "审计链在第 {seq} 行不完整，先运行审计核验 / the chain is broken at row {seq}; verify the audit first"
    )]
    Chain {
        /// Where it breaks.
        seq: u64,
    },
    /// Rows and signed head do not belong together.
    #[error(
        "审计链与签名链头不符，先运行审计核验 / the chain does not lead to the signed head; verify the audit first"
    )]
    Head,
    /// The head's signature does not hold.
    #[error("链头签名无效（密钥 {key_id}） / the signature of the head does not hold (key {key_id})")]
    HeadSignature {
        /// The key it names.
        key_id: String,
    },
    /// A row's hash is not that of its content.
    #[error("第 {seq} 行的内容与杂凑值不符 / the content of row {seq} does not have its hash")]
    Hash {
        /// The row.
        seq: u64,
    },
    /// The entry written for people differs from the content.
    #[error("第 {seq} 行的可读条目与内容不符 / the readable entry of row {seq} differs from its content")]
    Entry {
        /// The row.
        seq: u64,
    },
    /// The proof does not lead to the root of the signed head.
    #[error("第 {seq} 行的存在性证明不成立 / the proof of row {seq} does not lead to the signed head")]
    Proof {
        /// The row.
        seq: u64,
    },
    /// Rows are twice there or out of order.
    #[error("第 {seq} 行重复或次序不对 / row {seq} is out of order or twice there")]
    Order {
        /// The row.
        seq: u64,
    },
    /// A row does not belong to the case.
    #[error("第 {seq} 行不属于本案 / row {seq} does not belong to the case")]
    Subject {
        /// The row.
        seq: u64,
    },
}

impl ExportFault {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Chain { .. } => "EXPORT_CHAIN",
            Self::Head => "EXPORT_HEAD",
            Self::HeadSignature { .. } => "EXPORT_HEAD_SIGNATURE",
            Self::Hash { .. } => "EXPORT_ROW_HASH",
            Self::Entry { .. } => "EXPORT_ROW_ENTRY",
            Self::Proof { .. } => "EXPORT_ROW_PROOF",
            Self::Order { .. } => "EXPORT_ROW_ORDER",
            Self::Subject { .. } => "EXPORT_ROW_SUBJECT",
        }
    }
}

impl CaseExport {
    /// Checks everything an outsider can: the head's signature by `check(key id, message, signature)`, and for every
    /// row its order, hash, readable entry, subject and proof.
    ///
    /// # Errors
    /// The first fault.
    pub fn verify(&self, check: &SignatureCheck<'_>) -> Result<(), ExportFault> {
        if !self.head.verify(check) {
            return Err(ExportFault::HeadSignature { key_id: self.head.key_id.clone() });
        }
        let mut last = 0;
        for row in &self.rows {
            if row.seq <= last {
                return Err(ExportFault::Order { seq: row.seq });
            }
            last = row.seq;
            self.verify_row(row)?;
        }
        Ok(())
    }

    fn verify_row(&self, row: &ExportedRow) -> Result<(), ExportFault> {
        let seq = row.seq;
        if row_hash(seq, &row.prev, &row.content) != row.hash {
            return Err(ExportFault::Hash { seq });
        }
        match wire::decode(&row.content) {
            Ok((number, entry)) if number == seq && entry == row.entry => {}
            _ => return Err(ExportFault::Entry { seq }),
        }
        if !self.subjects.contains(&row.entry.subject) {
            return Err(ExportFault::Subject { seq });
        }
        let proof = &row.proof;
        let placed = proof.index.checked_add(1) == Some(seq) && proof.tree_size == self.head.seq;
        if !placed || proof.root(&row.hash) != Some(self.head.root) {
            return Err(ExportFault::Proof { seq });
        }
        Ok(())
    }
}

/// Makes an export in one pass over the chain; memory grows with the rows of the case only.
#[derive(Debug)]
pub struct ExportBuilder {
    case: String,
    subjects: Vec<String>,
    head: SignedHead,
    seq: u64,
    hash: Digest,
    tree: ProofBuilder,
    rows: Vec<(Row, Entry)>,
}

impl ExportBuilder {
    /// An export of the rows about `subjects`. Rows behind `head` cannot be proven by it: have a head signed first.
    pub fn new(case: String, subjects: Vec<String>, head: SignedHead) -> Self {
        Self { case, subjects, head, seq: 0, hash: GENESIS, tree: ProofBuilder::new(), rows: Vec::new() }
    }

    /// Takes the next row of the chain, of the case or not, from row 1 to the head's.
    ///
    /// # Errors
    /// [`ExportFault::Chain`] when the row does not continue the chain or lies behind the head.
    pub fn push(&mut self, row: &Row) -> Result<(), ExportFault> {
        let fault = ExportFault::Chain { seq: row.seq };
        let follows = row.seq == self.seq + 1 && row.seq <= self.head.seq && row.prev == self.hash;
        if !follows || row_hash(row.seq, &row.prev, &row.content) != row.hash {
            return Err(fault);
        }
        let (number, entry) = wire::decode(&row.content).map_err(|_| fault.clone())?;
        if number != row.seq {
            return Err(fault);
        }
        let wanted = self.subjects.contains(&entry.subject);
        self.tree.push(&row.hash, wanted);
        if wanted {
            self.rows.push((row.clone(), entry));
        }
        self.seq = row.seq;
        self.hash = row.hash;
        Ok(())
    }

    /// The export.
    ///
    /// # Errors
    /// [`ExportFault::Head`] when the rows did not lead to the signed head.
    pub fn finish(self, exported_at: Timestamp) -> Result<CaseExport, ExportFault> {
        let (root, proofs) = self.tree.finish();
        if (self.seq, self.hash, root) != (self.head.seq, self.head.hash, self.head.root) {
            return Err(ExportFault::Head);
        }
        let rows = self
            .rows
            .into_iter()
            .zip(proofs)
            .map(|((row, entry), proof)| ExportedRow {
                seq: row.seq,
                prev: row.prev,
                hash: row.hash,
                content: row.content,
                entry,
                proof,
            })
            .collect();
        Ok(CaseExport { case: self.case, subjects: self.subjects, exported_at, head: self.head, rows })
    }
}
