//! 64 blocks of SM4 at once, bit by bit (位切片): twice as fast as one block after another, and without tables.
//!
//! Everything that is kept at rest goes through this. One block, and what is left over, goes through the crate `sm4`.

#![allow(clippy::indexing_slicing, reason = "every index is below the length of an array, which is known")]

use cbc::cipher::common::{Block, BlockSizeUser, Key, KeyInit, KeySizeUser, ParBlocks, ParBlocksSizeUser};
use cbc::cipher::consts::{U16, U64};
use cbc::cipher::{BlockCipherEncBackend, BlockCipherEncClosure, BlockCipherEncrypt, InOut};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::sbox::{INPUT, OUTPUT, sbox};

/// Blocks at once: one for each bit of a word.
const LANES: usize = 64;
/// System parameters FK and the rule of CK, GB/T 32907 clause 7.3.
const FK: [u32; 4] = [0xa3b1_bac6, 0x56aa_3350, 0x677d_9197, 0xb270_22dc];

/// SM4 that takes 64 blocks at once.
pub(super) struct BulkSm4 {
    single: sm4::Sm4,
    keys: RoundKeys,
}

/// The round keys, changed so that the circuit's constants need no gates.
#[derive(Zeroize, ZeroizeOnDrop)]
struct RoundKeys {
    rounds: [u32; 32],
    /// What the four words at the end differ by from those of the cipher; no secret.
    last: [u32; 4],
}

impl RoundKeys {
    fn new(key: [u8; 16]) -> Self {
        let word = |at: usize| u32::from_be_bytes([key[at], key[at + 1], key[at + 2], key[at + 3]]);
        let mut k = [word(0) ^ FK[0], word(4) ^ FK[1], word(8) ^ FK[2], word(12) ^ FK[3]];
        let constant = linear(u32::from_ne_bytes([OUTPUT; 4]));
        let mut last = [0; 4];
        let mut ck = 0_u8;
        let rounds = std::array::from_fn(|_| {
            let ck = u32::from_be_bytes(std::array::from_fn(|_| {
                let byte = ck;
                ck = ck.wrapping_add(7);
                byte
            }));
            let b = tau(k[1] ^ k[2] ^ k[3] ^ ck);
            let key = k[0] ^ b ^ b.rotate_left(13) ^ b.rotate_left(23);
            k = [k[1], k[2], k[3], key];
            let changed = key ^ u32::from_ne_bytes([INPUT; 4]) ^ last[1] ^ last[2] ^ last[3];
            last = [last[1], last[2], last[3], last[0] ^ constant];
            changed
        });
        k.zeroize();
        Self { rounds, last }
    }
}

/// The S-box on each byte of a word, by the circuit.
fn tau(word: u32) -> u32 {
    let word = word ^ u32::from_ne_bytes([INPUT; 4]);
    let bits = sbox(std::array::from_fn(|bit| u64::from(word >> bit & 0x0101_0101)));
    let word = bits.iter().zip(0..).fold(0, |word, (bits, at)| word | bits << at);
    u32::try_from(word & 0xffff_ffff).unwrap_or_default() ^ u32::from_ne_bytes([OUTPUT; 4])
}

/// L of GB/T 32907 clause 6.2.
fn linear(b: u32) -> u32 {
    b ^ b.rotate_left(2) ^ b.rotate_left(10) ^ b.rotate_left(18) ^ b.rotate_left(24)
}

/// Swaps rows and columns of 64 times 64 bits.
#[inline]
fn transpose(rows: &mut [u64; LANES]) {
    let (mut width, mut mask) = (32, 0x0000_0000_ffff_ffff_u64);
    while width > 0 {
        let mut start = 0;
        while start < LANES {
            for at in start..start + width {
                let swapped = (rows[at] >> width ^ rows[at + width]) & mask;
                rows[at] ^= swapped << width;
                rows[at + width] ^= swapped;
            }
            start += 2 * width;
        }
        width /= 2;
        mask ^= mask << width;
    }
}

/// One round: the first word is replaced.
#[inline]
fn round(first: &mut [u64; 32], others: [&[u64; 32]; 3], key: u32) {
    let [b, c, d] = others;
    let mut t = [0; 32];
    for start in [0, 8, 16, 24] {
        let bit = |at: usize| b[at] ^ c[at] ^ d[at] ^ 0_u64.wrapping_sub(u64::from(key >> at & 1));
        t[start..start + 8].copy_from_slice(&sbox(std::array::from_fn(|bits| bit(start + bits))));
    }
    for at in 0..32 {
        let turned = t[(at + 30) % 32] ^ t[(at + 22) % 32] ^ t[(at + 14) % 32] ^ t[(at + 8) % 32];
        first[at] ^= t[at] ^ turned;
    }
}

/// Encrypts 64 blocks in place.
fn encrypt(keys: &RoundKeys, blocks: &mut [Block<sm4::Sm4>; LANES]) {
    let mut words = [[0; 32]; 4];
    for half in 0..2 {
        let mut rows = [0; LANES];
        for (row, block) in rows.iter_mut().zip(blocks.iter()) {
            let mut bytes = [0; 8];
            bytes.copy_from_slice(&block[8 * half..8 * half + 8]);
            *row = u64::from_be_bytes(bytes);
        }
        transpose(&mut rows);
        // The first word of a half is the upper one.
        words[2 * half + 1].copy_from_slice(&rows[..32]);
        words[2 * half].copy_from_slice(&rows[32..]);
    }
    let [x0, x1, x2, x3] = &mut words;
    for keys in keys.rounds.chunks_exact(4) {
        round(x0, [x1, x2, x3], keys[0]);
        round(x1, [x2, x3, x0], keys[1]);
        round(x2, [x3, x0, x1], keys[2]);
        round(x3, [x0, x1, x2], keys[3]);
    }
    for half in 0..2 {
        // The words come out in reverse order.
        let (upper, lower) = (3 - 2 * half, 2 - 2 * half);
        let mut rows = [0; LANES];
        rows[..32].copy_from_slice(&words[lower]);
        rows[32..].copy_from_slice(&words[upper]);
        transpose(&mut rows);
        let last = u64::from(keys.last[upper]) << 32 | u64::from(keys.last[lower]);
        for (block, row) in blocks.iter_mut().zip(rows) {
            block[8 * half..8 * half + 8].copy_from_slice(&(row ^ last).to_be_bytes());
        }
    }
}

impl KeySizeUser for BulkSm4 {
    type KeySize = U16;
}

impl KeyInit for BulkSm4 {
    fn new(key: &Key<Self>) -> Self {
        Self { single: sm4::Sm4::new(key), keys: RoundKeys::new((*key).into()) }
    }
}

impl BlockSizeUser for BulkSm4 {
    type BlockSize = U16;
}

impl ParBlocksSizeUser for BulkSm4 {
    type ParBlocksSize = U64;
}

impl BlockCipherEncrypt for BulkSm4 {
    fn encrypt_with_backend(&self, f: impl BlockCipherEncClosure<BlockSize = U16>) {
        f.call(self);
    }
}

impl BlockCipherEncBackend for BulkSm4 {
    fn encrypt_block(&self, block: InOut<'_, '_, Block<Self>>) {
        self.single.encrypt_block_inout(block);
    }

    fn encrypt_par_blocks(&self, mut blocks: InOut<'_, '_, ParBlocks<Self>>) {
        let mut all = blocks.clone_in().0;
        encrypt(&self.keys, &mut all);
        *blocks.get_out() = all.into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(seed: u8, len: usize) -> Vec<u8> {
        (0..len).map(|at| seed.wrapping_mul(31).wrapping_add((at * at / 3 + at) as u8)).collect()
    }

    #[test]
    fn every_block_is_as_the_crate_has_it() {
        for seed in 0..=255_u8 {
            let key: [u8; 16] = bytes(seed, 16).try_into().unwrap();
            let (ours, theirs) = (BulkSm4::new(&key.into()), sm4::Sm4::new(&key.into()));
            let blocks: Vec<Block<BulkSm4>> = (0..=255_u8)
                .map(|first| Block::<BulkSm4>::try_from(&bytes(first ^ seed, 16)[..]).unwrap())
                .collect();
            let (mut mine, mut expected) = (blocks.clone(), blocks);
            ours.encrypt_blocks(&mut mine);
            theirs.encrypt_blocks(&mut expected);
            assert_eq!(mine, expected, "key {seed}");
        }
    }

    /// Products in GF(2⁸) modulo x⁸+x⁷+x⁶+x⁵+x⁴+x²+1.
    fn product(a: u8, b: u8) -> u8 {
        let doubled = |a: u8| (a << 1) ^ if a & 0x80 == 0 { 0 } else { 0xf5 };
        let powers = std::iter::successors(Some(a), |a| Some(doubled(*a)));
        powers.zip(0..8).filter(|(_, bit)| b >> bit & 1 == 1).fold(0, |sum, (power, _)| sum ^ power)
    }

    #[test]
    fn the_circuit_is_the_s_box_for_every_byte() {
        let affine = |x: u8| {
            (0..8).fold(0xd3, |sum, bit| {
                sum ^ u8::from((0xa7_u8.rotate_left(bit) & x).count_ones() % 2 == 1) << bit
            })
        };
        let inverse = |x: u8| (0..254).fold(1, |power, _| product(power, x));
        let of = |x: u8| affine(inverse(affine(x)));
        // The first and the last of GB/T 32907 clause 6.2, table 1.
        assert_eq!((of(0), of(255)), (0xd6, 0x48));
        for [a, b, c, d] in (0..=255_u8).map(|x| [x, !x, x ^ 0x5a, x.rotate_left(3)]) {
            assert_eq!(tau(u32::from_be_bytes([a, b, c, d])).to_be_bytes(), [a, b, c, d].map(of));
        }
    }
}
