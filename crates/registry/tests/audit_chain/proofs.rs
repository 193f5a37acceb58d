//! The Merkle tree and its proofs.

use proptest::prelude::*;
use yinxin_crypto::sm3;
use yinxin_registry::audit::Digest;
use yinxin_registry::audit::merkle::{Frontier, InclusionProof, ProofBuilder};

/// RFC 6962 §2.1 word by word.
fn tree_root(hashes: &[Digest]) -> Digest {
    match hashes {
        [] => sm3(&[]),
        [one] => sm3(&[&[0], one.as_slice()].concat()),
        many => {
            let split = 1 << (many.len() - 1).ilog2();
            let (left, right) = many.split_at(split);
            sm3(&[[1].as_slice(), &tree_root(left), &tree_root(right)].concat())
        }
    }
}

fn leaves(count: u64) -> Vec<Digest> {
    (0..count).map(|n| sm3(&n.to_be_bytes())).collect()
}

#[test]
fn the_tree_has_the_shape_of_rfc_6962_and_every_leaf_a_proof() {
    for count in 0..=70 {
        let hashes = leaves(count);
        let mut frontier = Frontier::new();
        let mut proofs = ProofBuilder::new();
        for hash in &hashes {
            frontier.push(hash);
            proofs.push(hash, true);
        }
        let expected = tree_root(&hashes);
        assert_eq!(frontier.root(), expected, "{count} leaves");
        let kept = Frontier::resume(frontier.size(), frontier.peaks().to_vec()).unwrap();
        assert_eq!(kept, frontier);
        let (root, proofs) = proofs.finish();
        assert_eq!(root, expected);
        assert_eq!(proofs.len() as u64, count);
        for (proof, hash) in proofs.iter().zip(&hashes) {
            assert_eq!(proof.root(hash), Some(expected), "leaf {} of {count}", proof.index);
            assert!(proof.path.len() <= 7);
        }
    }
    assert!(Frontier::resume(5, vec![[0; 32]; 3]).is_none());
}

proptest! {
    #[test]
    fn a_proof_altered_anywhere_does_not_lead_to_the_root(
        count in 1u64..200, pick: u64, place: usize, bit in 0u8..8, how in 0usize..6,
    ) {
        let hashes = leaves(count);
        let wanted = pick % count;
        let mut builder = ProofBuilder::new();
        for (i, hash) in hashes.iter().enumerate() {
            builder.push(hash, i as u64 == wanted);
        }
        let (root, mut proofs) = builder.finish();
        let good = proofs.pop().unwrap();
        let hash = hashes[usize::try_from(wanted).unwrap()];
        prop_assert_eq!(good.root(&hash), Some(root));
        let mut bad: InclusionProof = good.clone();
        let mut other = hash;
        match how {
            0 => other[place % 32] ^= 1 << bit,
            1 if !bad.path.is_empty() => {
                let i = place % bad.path.len();
                bad.path[i][place % 32] ^= 1 << bit;
            }
            2 => { bad.path.pop(); }
            3 => bad.path.push([0; 32]),
            4 => bad.index = bad.index.wrapping_add(1 + pick % 50),
            _ => bad.path.reverse(),
        }
        if (&bad, other) != (&good, hash) {
            prop_assert_ne!(bad.root(&other), Some(root));
        }
    }
}
