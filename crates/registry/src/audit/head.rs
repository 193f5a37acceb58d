//! Signed heads: what the chain was at a moment, beyond the reach of whoever holds database and MAC key.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Digest, SignatureCheck, hex_digest};

const TAG: &str = "yinxin-audit-head-v1";

/// A head of the chain before it is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Number of the last row it covers.
    pub seq: u64,
    /// Hash of that row.
    pub hash: Digest,
    /// Root of the Merkle tree over the hashes of rows 1 to `seq`: [`super::merkle::Frontier::root`].
    pub root: Digest,
    /// When it is signed; kept to the microsecond.
    pub at: Timestamp,
    /// Which key signs.
    pub key_id: String,
}

impl Head {
    /// The bytes to sign: `text("yinxin-audit-head-v1") u64(seq) hash root i64(at, µs) text(key id)`, in the notation of
    /// the entries.
    pub fn to_be_signed(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(128 + self.key_id.len());
        prefixed(&mut out, TAG.as_bytes());
        out.extend(self.seq.to_be_bytes());
        out.extend(self.hash);
        out.extend(self.root);
        out.extend(self.at.as_microsecond().to_be_bytes());
        prefixed(&mut out, self.key_id.as_bytes());
        out
    }

    /// The head with the signature over [`Head::to_be_signed`].
    pub fn signed(self, signature: Vec<u8>) -> SignedHead {
        let Self { seq, hash, root, at, key_id } = self;
        SignedHead { seq, hash, root, at, key_id, signature }
    }
}

fn prefixed(out: &mut Vec<u8>, bytes: &[u8]) {
    // Key identifiers are short names of ours; a longer length than 32 bits cannot occur and would only fail to verify.
    out.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend(bytes);
}

/// A head of the chain with its signature (SM2); hashes and signature are hexadecimal in JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedHead {
    /// Number of the last row it covers.
    pub seq: u64,
    /// Hash of that row.
    #[serde(with = "hex_digest")]
    pub hash: Digest,
    /// Root of the Merkle tree over the hashes of rows 1 to `seq`.
    #[serde(with = "hex_digest")]
    pub root: Digest,
    /// When it was signed.
    pub at: Timestamp,
    /// Which key signed.
    pub key_id: String,
    /// Signature over [`Head::to_be_signed`].
    #[serde(with = "hex_digest")]
    pub signature: Vec<u8>,
}

impl SignedHead {
    /// Whether the signature holds, by `check(key id, message, signature)`.
    pub fn verify(&self, check: &SignatureCheck<'_>) -> bool {
        let head = Head {
            seq: self.seq,
            hash: self.hash,
            root: self.root,
            at: self.at,
            key_id: self.key_id.clone(),
        };
        check(&self.key_id, &head.to_be_signed(), &self.signature)
    }
}
