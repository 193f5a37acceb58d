//! GCM (带 Galois 计数器的认证加密), NIST SP 800-38D and RFC 8998, over [`super::bulk`]: the counter mode takes 256 blocks at once, so that
//! what is short costs one turn and what is long no single block.

use ghash::GHash;
use ghash::universal_hash::UniversalHash;
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

use super::bulk::{BLOCKS, Blocks, RoundKeys};
use super::{KEY_LEN, NONCE_LEN, TAG_LEN};

/// Most bytes of one message: 2³⁶-32.
const MOST: u64 = (1 << 36) - 32;

/// Blocks of the first turn that are not for the message: zero, whose cipher is the key of GHASH, and the one that masks the tag.
const OWN: usize = 2;

/// One message under one key and nonce.
pub(super) struct Gcm {
    keys: RoundKeys,
    nonce: [u8; NONCE_LEN],
    /// What the counter begins with in the next turn.
    counter: u32,
    /// Stream of this turn.
    stream: Blocks,
    /// Of which so many blocks are used up.
    used: usize,
    hash: GHash,
    mask: [u8; TAG_LEN],
}

impl Gcm {
    /// `None` for a message that is too long.
    pub(super) fn new(key: &[u8; KEY_LEN], nonce: &[u8; NONCE_LEN], length: usize) -> Option<Self> {
        if u64::try_from(length).is_ok_and(|length| length > MOST) {
            return None;
        }
        let keys = RoundKeys::new(*key);
        let mut stream = counters(nonce, u32::MAX);
        stream[0] = [0; 16];
        keys.encrypt(&mut stream);
        let [mut zero, mask, ..] = stream;
        let hash = GHash::new(&zero.into());
        zero.zeroize();
        let counter = u32::try_from(BLOCKS - 1).ok()?;
        Some(Self { keys, nonce: *nonce, counter, stream, used: OWN, hash, mask })
    }

    /// Encrypts or decrypts in place. To be called once.
    pub(super) fn apply(&mut self, message: &mut [u8]) {
        let mut rest = message;
        while !rest.is_empty() {
            if self.used == BLOCKS {
                self.stream = counters(&self.nonce, self.counter);
                self.counter = self.counter.wrapping_add(u32::try_from(BLOCKS).unwrap_or_default());
                self.keys.encrypt(&mut self.stream);
                self.used = 0;
            }
            let stream = self.stream.as_flattened().get(16 * self.used..).unwrap_or_default();
            let (now, later) = rest.split_at_mut(stream.len().min(rest.len()));
            now.iter_mut().zip(stream).for_each(|(byte, key)| *byte ^= key);
            self.used = BLOCKS;
            rest = later;
        }
    }

    /// The tag over what is only authenticated, and over the ciphertext.
    pub(super) fn tag(&self, associated: &[u8], ciphertext: &[u8]) -> [u8; TAG_LEN] {
        let mut hash = self.hash.clone();
        hash.update_padded(associated);
        hash.update_padded(ciphertext);
        let mut lengths = [0; 16];
        let (first, second) = lengths.split_at_mut(8);
        first.copy_from_slice(&bits(associated).to_be_bytes());
        second.copy_from_slice(&bits(ciphertext).to_be_bytes());
        hash.update(&[lengths.into()]);
        let mut tag = <[u8; TAG_LEN]>::from(hash.finalize());
        tag.iter_mut().zip(self.mask).for_each(|(byte, mask)| *byte ^= mask);
        tag
    }

    /// Whether that is the tag; how long it takes does not tell where they differ.
    pub(super) fn is_tag(&self, associated: &[u8], ciphertext: &[u8], tag: &[u8; TAG_LEN]) -> bool {
        self.tag(associated, ciphertext).ct_eq(tag).into()
    }
}

impl Drop for Gcm {
    fn drop(&mut self) {
        self.stream.as_flattened_mut().zeroize();
        self.mask.zeroize();
    }
}

/// Length in bits.
fn bits(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX).saturating_mul(8)
}

/// Blocks of a turn: the nonce, and a counter that goes on from `first`. The message begins with the counter 2.
fn counters(nonce: &[u8; NONCE_LEN], first: u32) -> Blocks {
    let mut blocks = [[0; 16]; BLOCKS];
    let mut counter = first;
    for block in &mut blocks {
        counter = counter.wrapping_add(1);
        let (start, end) = block.split_at_mut(NONCE_LEN);
        start.copy_from_slice(nonce);
        end.copy_from_slice(&counter.to_be_bytes());
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;
    use aes_gcm::aead::{Aead, KeyInit, Payload, consts::U12};

    #[test]
    fn messages_of_every_length_are_as_the_crate_has_them() {
        let lengths = (0..200).chain(4000..4200).chain([8143, 8144, 8160, 8161, 65_536, 70_001]);
        for length in lengths {
            let seed = length as u8;
            let key: [u8; 16] = std::array::from_fn(|at| seed.wrapping_mul(7) ^ at as u8);
            let nonce: [u8; 12] = std::array::from_fn(|at| seed ^ (at * at) as u8);
            let message: Vec<u8> = (0..length).map(|at| (at * at / 3 + at) as u8).collect();
            let associated = message.get(..usize::from(seed) % 40).unwrap_or_default();
            let theirs = aes_gcm::AesGcm::<sm4::Sm4, U12>::new(&key.into());
            let expected = theirs.encrypt(&nonce.into(), Payload { msg: &message, aad: associated }).unwrap();
            let mut ours = message.clone();
            let mut gcm = Gcm::new(&key, &nonce, length).unwrap();
            gcm.apply(&mut ours);
            let tag = gcm.tag(associated, &ours);
            ours.extend_from_slice(&tag);
            assert_eq!(ours, expected, "{length} bytes");
        }
    }
}
