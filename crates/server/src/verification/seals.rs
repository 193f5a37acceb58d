//! Which seals stand in a document: looked up in the registry before the document is judged.

use std::collections::{BTreeMap, BTreeSet};
use yinxin_seal::SealInDocument;

/// Most codes that are looked up.
const CODES: usize = 100;
/// Longest code of a seal.
const CODE: usize = 64;

/// Seals of a document: SM3 of each seal's data, hex, by the code it says.
pub(super) type Seals = BTreeMap<String, BTreeSet<String>>;

/// Those of the seals found that could be of this registry.
pub(super) fn by_code(found: Vec<SealInDocument>) -> Seals {
    let mut seals = Seals::new();
    for SealInDocument { code, digest } in found {
        if is_code(&code) && (seals.contains_key(&code) || seals.len() < CODES) {
            seals.entry(code).or_default().insert(hex::encode(digest));
        }
    }
    seals
}

/// Whether a seal of this registry could have this code.
fn is_code(text: &str) -> bool {
    (1..=CODE).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}
