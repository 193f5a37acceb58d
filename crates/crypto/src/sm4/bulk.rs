//! 256 blocks of SM4 at once, bit by bit (位切片), in the vectors that the processor has: many times as fast as one block after another,
//! and without tables.
//!
//! Everything that is kept at rest goes through this.

#![allow(clippy::indexing_slicing, reason = "every index is below the length of an array, which is known")]
#![allow(
    clippy::inline_always,
    reason = "vectors are used inside what was chosen for the processor, and only there"
)]

use fearless_simd::{Level, Simd, dispatch, prelude::*, u64x4};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::sbox::{INPUT, OUTPUT, sbox};

/// Blocks at once: one for each bit of a vector.
pub(super) const BLOCKS: usize = 256;
/// So many blocks.
pub(super) type Blocks = [[u8; 16]; BLOCKS];
/// One bit of each of so many blocks. Where the processor's vectors are shorter it is two of them.
type Lanes<S> = u64x4<S>;
/// System parameters FK and the rule of CK, GB/T 32907 clause 7.3.
const FK: [u32; 4] = [0xa3b1_bac6, 0x56aa_3350, 0x677d_9197, 0xb270_22dc];

/// The round keys, changed so that the circuit's constants need no gates.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(super) struct RoundKeys {
    rounds: [u32; 32],
    /// What the four words at the end differ by from those of the cipher; no secret.
    last: [u32; 4],
}

impl RoundKeys {
    pub(super) fn new(key: [u8; 16]) -> Self {
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

    /// Encrypts blocks in place.
    pub(super) fn encrypt(&self, blocks: &mut Blocks) {
        dispatch!(Level::new(), simd => encrypt(simd, self, blocks));
    }
}

/// The S-box on each byte of a word, by the circuit.
fn tau(word: u32) -> u32 {
    let word = word ^ u32::from_ne_bytes([INPUT; 4]);
    let bits = sbox(std::array::from_fn(|bit| word >> bit & 0x0101_0101));
    bits.iter().zip(0..).fold(0, |word, (bits, at)| word | bits << at) ^ u32::from_ne_bytes([OUTPUT; 4])
}

/// L of GB/T 32907 clause 6.2.
fn linear(b: u32) -> u32 {
    b ^ b.rotate_left(2) ^ b.rotate_left(10) ^ b.rotate_left(18) ^ b.rotate_left(24)
}

/// Swaps rows and columns of 64 times 64 bits, in each lane.
#[inline(always)]
fn transpose<S: Simd>(simd: S, rows: &mut [Lanes<S>; 64]) {
    let (mut width, mut mask) = (32_u32, 0x0000_0000_ffff_ffff_u64);
    while width > 0 {
        let (step, lower) = (width as usize, Lanes::splat(simd, mask));
        let mut start = 0;
        while start < 64 {
            for at in start..start + step {
                let swapped = (rows[at] >> width ^ rows[at + step]) & lower;
                rows[at] ^= swapped << width;
                rows[at + step] ^= swapped;
            }
            start += 2 * step;
        }
        width /= 2;
        mask ^= mask << width;
    }
}

/// One round: the first word is replaced.
#[inline(always)]
fn round<S: Simd>(simd: S, first: &mut [Lanes<S>; 32], others: [&[Lanes<S>; 32]; 3], key: u32) {
    let [b, c, d] = others;
    let mut t = [Lanes::splat(simd, 0); 32];
    for start in [0, 8, 16, 24] {
        let mut bits = [Lanes::splat(simd, 0); 8];
        for (at, bit) in bits.iter_mut().enumerate() {
            let at = start + at;
            *bit = b[at] ^ c[at] ^ d[at] ^ Lanes::splat(simd, 0_u64.wrapping_sub(u64::from(key >> at & 1)));
        }
        t[start..start + 8].copy_from_slice(&sbox(bits));
    }
    for at in 0..32 {
        let turned = t[(at + 30) % 32] ^ t[(at + 22) % 32] ^ t[(at + 14) % 32] ^ t[(at + 8) % 32];
        first[at] ^= t[at] ^ turned;
    }
}

/// Half of every block, big endian: block 64·l + r is in lane l of row r.
#[inline(always)]
fn load<S: Simd>(simd: S, blocks: &Blocks, half: usize) -> [Lanes<S>; 64] {
    let mut rows = [Lanes::splat(simd, 0); 64];
    for (at, row) in rows.iter_mut().enumerate() {
        let mut lanes = [0; 4];
        for (lane, value) in lanes.iter_mut().enumerate() {
            let mut bytes = [0; 8];
            bytes.copy_from_slice(&blocks[64 * lane + at][8 * half..8 * half + 8]);
            *value = u64::from_be_bytes(bytes);
        }
        *row = Lanes::simd_from(simd, lanes);
    }
    rows
}

/// Encrypts 256 blocks in place.
#[inline(always)]
fn encrypt<S: Simd>(simd: S, keys: &RoundKeys, blocks: &mut Blocks) {
    let mut words = [[Lanes::splat(simd, 0); 32]; 4];
    for half in 0..2 {
        let mut rows = load(simd, blocks, half);
        transpose(simd, &mut rows);
        // The first word of a half is the upper one.
        words[2 * half + 1].copy_from_slice(&rows[..32]);
        words[2 * half].copy_from_slice(&rows[32..]);
    }
    let [x0, x1, x2, x3] = &mut words;
    for keys in keys.rounds.chunks_exact(4) {
        round(simd, x0, [x1, x2, x3], keys[0]);
        round(simd, x1, [x2, x3, x0], keys[1]);
        round(simd, x2, [x3, x0, x1], keys[2]);
        round(simd, x3, [x0, x1, x2], keys[3]);
    }
    for half in 0..2 {
        // The words come out in reverse order.
        let (upper, lower) = (3 - 2 * half, 2 - 2 * half);
        let mut rows = [Lanes::splat(simd, 0); 64];
        rows[..32].copy_from_slice(&words[lower]);
        rows[32..].copy_from_slice(&words[upper]);
        transpose(simd, &mut rows);
        let last = u64::from(keys.last[upper]) << 32 | u64::from(keys.last[lower]);
        for (at, row) in rows.iter().enumerate() {
            for (lane, value) in row.iter().enumerate() {
                blocks[64 * lane + at][8 * half..8 * half + 8].copy_from_slice(&(value ^ last).to_be_bytes());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cbc::cipher::{BlockCipherEncrypt, KeyInit};

    fn bytes(seed: u8, len: usize) -> Vec<u8> {
        (0..len).map(|at| seed.wrapping_mul(31).wrapping_add((at * at / 3 + at) as u8)).collect()
    }

    #[test]
    fn every_block_is_as_the_crate_has_it() {
        for seed in 0..=255_u8 {
            let key: [u8; 16] = bytes(seed, 16).try_into().unwrap();
            let mut blocks: Blocks = std::array::from_fn(|at| bytes(at as u8 ^ seed, 16).try_into().unwrap());
            let crate_sm4 = sm4::Sm4::new(&key.into());
            let expected = blocks.map(|block| {
                let mut block = block.into();
                crate_sm4.encrypt_block(&mut block);
                <[u8; 16]>::from(block)
            });
            RoundKeys::new(key).encrypt(&mut blocks);
            assert_eq!(blocks, expected, "key {seed}");
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
