//! Keys that documents are encrypted under.

use std::collections::BTreeMap;
use std::fmt;

use zeroize::Zeroizing;

/// Length of a key in bytes: SM4.
pub const KEY_LEN: usize = 16;

/// The current key and those of before (材料密钥). A document tells the number of its key; keys are wiped when dropped.
#[derive(Clone)]
pub struct DocumentKeys {
    current: u32,
    keys: BTreeMap<u32, Zeroizing<[u8; KEY_LEN]>>,
}

impl DocumentKeys {
    /// With the key that new documents are encrypted under.
    pub fn new(number: u32, key: Zeroizing<[u8; KEY_LEN]>) -> Self {
        Self { current: number, keys: BTreeMap::from([(number, key)]) }
    }

    /// From numbered keys, as a key ring gives them; `None` if `current` is not among them or one has a wrong length.
    pub fn of_ring<'a>(current: u32, keys: impl IntoIterator<Item = (u32, &'a [u8])>) -> Option<Self> {
        let mut known = BTreeMap::new();
        for (number, key) in keys {
            known.insert(number, Zeroizing::new(<[u8; KEY_LEN]>::try_from(key).ok()?));
        }
        known.contains_key(&current).then_some(Self { current, keys: known })
    }

    /// Adds a key of before, for reading. The current key is not replaced.
    #[must_use]
    pub fn and(mut self, number: u32, key: Zeroizing<[u8; KEY_LEN]>) -> Self {
        self.keys.entry(number).or_insert(key);
        self
    }

    /// Number of the key for new documents.
    pub fn current(&self) -> u32 {
        self.current
    }

    /// The key with a number.
    pub(super) fn get(&self, number: u32) -> Option<&[u8; KEY_LEN]> {
        self.keys.get(&number).map(|key| &**key)
    }
}

impl fmt::Debug for DocumentKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DocumentKeys(current {}, known {:?})", self.current, self.keys.keys())
    }
}
