//! A Merkle tree over the row hashes, shaped as in RFC 6962 §2.1, with SM3: leaf = SM3(0x00 ‖ row hash),
//! node = SM3(0x01 ‖ left ‖ right), empty tree = SM3("").

use serde::{Deserialize, Serialize};
use yinxin_crypto::{Sm3, sm3};

use super::{Digest, hex_digest};

fn leaf(row_hash: &Digest) -> Digest {
    let mut digest = Sm3::new();
    digest.update(&[0]);
    digest.update(row_hash);
    digest.finalize()
}

fn node(left: &Digest, right: &Digest) -> Digest {
    let mut digest = Sm3::new();
    digest.update(&[1]);
    digest.update(left);
    digest.update(right);
    digest.finalize()
}

/// The right edge of a growing tree: enough to add rows and to tell the root, at most 64 hashes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    /// Roots of the complete subtrees, largest first: one for each bit set in `size`.
    peaks: Vec<Digest>,
}

impl Frontier {
    /// The empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// A frontier kept from before: its size and [`Frontier::peaks`]. `None` when their number does not fit the size.
    ///
    /// Whoever kept it may have been tampered with: compare [`Frontier::root`] with a signed head of the same size.
    pub fn resume(size: u64, peaks: Vec<Digest>) -> Option<Self> {
        (usize::try_from(size.count_ones()).ok()? == peaks.len()).then_some(Self { size, peaks })
    }

    /// Adds the hash of the next row.
    pub fn push(&mut self, row_hash: &Digest) {
        let mut hash = leaf(row_hash);
        let mut size = self.size;
        while size & 1 == 1 {
            if let Some(left) = self.peaks.pop() {
                hash = node(&left, &hash);
            }
            size >>= 1;
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// Number of rows in the tree.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Roots of the complete subtrees, largest first, to be kept for [`Frontier::resume`].
    pub fn peaks(&self) -> &[Digest] {
        &self.peaks
    }

    /// Root of the tree.
    pub fn root(&self) -> Digest {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else { return sm3(&[]) };
        peaks.fold(*last, |right, left| node(left, &right))
    }
}

/// Proof that a row is in the tree: the hashes beside the way from its leaf to the root (RFC 6962 §2.1.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InclusionProof {
    /// Place of the row in the tree, from 0: its number minus 1.
    pub index: u64,
    /// Number of rows in the tree.
    pub tree_size: u64,
    /// Sibling hashes, the leaf's first; hexadecimal in JSON.
    #[serde(with = "hex_digest::list")]
    pub path: Vec<Digest>,
}

impl InclusionProof {
    /// The root this proof leads to from a row's hash, to be compared with a signed one; `None` when the path does not
    /// have the length that index and size ask for (RFC 9162 §2.1.3.2).
    pub fn root(&self, row_hash: &Digest) -> Option<Digest> {
        if self.index >= self.tree_size {
            return None;
        }
        let mut place = self.index;
        let mut last = self.tree_size - 1;
        let mut hash = leaf(row_hash);
        for sibling in &self.path {
            if last == 0 {
                return None;
            }
            if place & 1 == 1 || place == last {
                hash = node(sibling, &hash);
                // A right-most node without sibling climbs until it has one.
                while place & 1 == 0 && place != 0 {
                    place >>= 1;
                    last >>= 1;
                }
            } else {
                hash = node(&hash, sibling);
            }
            place >>= 1;
            last >>= 1;
        }
        (last == 0).then_some(hash)
    }
}

/// Makes proofs for chosen rows in one pass over all row hashes; memory grows with the chosen rows only.
#[derive(Debug, Default)]
pub struct ProofBuilder {
    size: u64,
    peaks: Vec<Peak>,
    chosen: Vec<(u64, Vec<Digest>)>,
}

/// Root of a complete subtree and the chosen rows below it, by their places in `chosen`.
#[derive(Debug)]
struct Peak {
    hash: Digest,
    below: Vec<usize>,
}

impl ProofBuilder {
    /// No rows yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the hash of the next row; `wanted` asks for its proof.
    pub fn push(&mut self, row_hash: &Digest, wanted: bool) {
        let mut peak = Peak { hash: leaf(row_hash), below: Vec::new() };
        if wanted {
            peak.below.push(self.chosen.len());
            self.chosen.push((self.size, Vec::new()));
        }
        let mut size = self.size;
        while size & 1 == 1 {
            if let Some(left) = self.peaks.pop() {
                peak = self.join(left, peak);
            }
            size >>= 1;
        }
        self.peaks.push(peak);
        self.size += 1;
    }

    fn join(&mut self, left: Peak, right: Peak) -> Peak {
        for (below, sibling) in [(&left.below, right.hash), (&right.below, left.hash)] {
            for place in below {
                if let Some((_, path)) = self.chosen.get_mut(*place) {
                    path.push(sibling);
                }
            }
        }
        let hash = node(&left.hash, &right.hash);
        let mut below = left.below;
        below.extend(right.below);
        Peak { hash, below }
    }

    /// The root and the proofs in the order of their rows.
    pub fn finish(mut self) -> (Digest, Vec<InclusionProof>) {
        let mut root = None;
        while let Some(left) = self.peaks.pop() {
            root = Some(match root {
                None => left,
                Some(right) => self.join(left, right),
            });
        }
        let tree_size = self.size;
        let proofs =
            self.chosen.into_iter().map(|(index, path)| InclusionProof { index, tree_size, path }).collect();
        (root.map_or_else(|| sm3(&[]), |peak| peak.hash), proofs)
    }
}
