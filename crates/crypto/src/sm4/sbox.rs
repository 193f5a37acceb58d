//! The S-box of SM4 as a circuit: no table, so that time and cache tell nothing of what goes through it.

use std::ops::{BitAnd, BitXor};

/// What the input of the circuit differs by from that of the S-box.
pub(super) const INPUT: u8 = 0x75;
/// What its output differs by.
pub(super) const OUTPUT: u8 = 0xd3;

/// Bit by bit, the least first, for as many bytes as a word or a vector has bits: `SBOX(x) = sbox(x ^ INPUT) ^ OUTPUT`.
///
/// SM4 inverts in another representation of the field that AES inverts in. The middle is the inversion of Boyar and Peralta's circuit for
/// AES (IACR ePrint 2011/332); what leads to it and from it are linear maps, found for SM4 and shared out greedily: 116 gates.
#[inline(always)]
#[expect(clippy::too_many_lines, reason = "one gate a line")]
#[expect(
    clippy::inline_always,
    reason = "vectors are used inside what was chosen for the processor, and only there"
)]
pub(super) fn sbox<V: Copy + BitXor<Output = V> + BitAnd<Output = V>>(x: [V; 8]) -> [V; 8] {
    let [x0, x1, x2, x3, x4, x5, x6, x7] = x;
    let y21 = x3 ^ x5;
    let a9 = x4 ^ x7;
    let a10 = x0 ^ a9;
    let y5 = x1 ^ x5;
    let y15 = x2 ^ x6;
    let y16 = x0 ^ y21;
    let y1 = x3 ^ a10;
    let y12 = x7 ^ y21;
    let a16 = x2 ^ x4;
    let y6 = x1 ^ y15;
    let y3 = x2 ^ a10;
    let y14 = x7 ^ y16;
    let y11 = a9 ^ y5;
    let y7 = x5 ^ a9;
    let y4 = y16 ^ a16;
    let a23 = x3 ^ a16;
    let y18 = x1 ^ a10;
    let y17 = y15 ^ y16;
    let y2 = x0 ^ y5;
    let y9 = x1 ^ a23;
    let y8 = y5 ^ y3;
    let y10 = y1 ^ y6;
    let y20 = x2 ^ y12;
    let y19 = x6 ^ y21;
    let t2 = y12 & y15;
    let t3 = y3 & y6;
    let t4 = t3 ^ t2;
    let t5 = y4 & x1;
    let t6 = t5 ^ t2;
    let t7 = x0 & y16;
    let t8 = y5 & y1;
    let t9 = t8 ^ t7;
    let t10 = y2 & y7;
    let t11 = t10 ^ t7;
    let t12 = y9 & y11;
    let t13 = y14 & y17;
    let t14 = t13 ^ t12;
    let t15 = y8 & y10;
    let t16 = t15 ^ t12;
    let t17 = t4 ^ t14;
    let t18 = t6 ^ t16;
    let t19 = t9 ^ t14;
    let t20 = t11 ^ t16;
    let t21 = t17 ^ y20;
    let t22 = t18 ^ y19;
    let t23 = t19 ^ y21;
    let t24 = t20 ^ y18;
    let t25 = t21 ^ t22;
    let t26 = t21 & t23;
    let t27 = t24 ^ t26;
    let t28 = t25 & t27;
    let t29 = t28 ^ t22;
    let t30 = t23 ^ t24;
    let t31 = t22 ^ t26;
    let t32 = t31 & t30;
    let t33 = t32 ^ t24;
    let t34 = t23 ^ t33;
    let t35 = t27 ^ t33;
    let t36 = t24 & t35;
    let t37 = t36 ^ t34;
    let t38 = t27 ^ t36;
    let t39 = t29 & t38;
    let t40 = t25 ^ t39;
    let t41 = t40 ^ t37;
    let t42 = t29 ^ t33;
    let t43 = t29 ^ t40;
    let t44 = t33 ^ t37;
    let t45 = t42 ^ t41;
    let z0 = t44 & y15;
    let z1 = t37 & y6;
    let z2 = t33 & x1;
    let z3 = t43 & y16;
    let z4 = t40 & y1;
    let z5 = t29 & y7;
    let z6 = t42 & y11;
    let z7 = t45 & y17;
    let z8 = t41 & y10;
    let z9 = t44 & y12;
    let z10 = t37 & y3;
    let z11 = t33 & y4;
    let z12 = t43 & x0;
    let z13 = t40 & y5;
    let z14 = t29 & y2;
    let z15 = t42 & y9;
    let z16 = t45 & y14;
    let z17 = t41 & y8;
    let b18 = z0 ^ z3;
    let b19 = z5 ^ z8;
    let b20 = z1 ^ b18;
    let b21 = z10 ^ b19;
    let b22 = z12 ^ z13;
    let b23 = z9 ^ b22;
    let b24 = b20 ^ b21;
    let b25 = z11 ^ z17;
    let b26 = z16 ^ b25;
    let b27 = z6 ^ b21;
    let b28 = z7 ^ b24;
    let b29 = z3 ^ b27;
    let b30 = z4 ^ z7;
    let b31 = z4 ^ b20;
    let b32 = z9 ^ b28;
    let b33 = b26 ^ b31;
    let b34 = z2 ^ z8;
    let b35 = z15 ^ z17;
    let b36 = z16 ^ b32;
    let s3 = b19 ^ b30;
    let s4 = b23 ^ b29;
    let b39 = b18 ^ b30;
    let s1 = b23 ^ b28;
    let s7 = b34 ^ b39;
    let s2 = b23 ^ b33;
    let s6 = z15 ^ b36;
    let b44 = z12 ^ b31;
    let b45 = b35 ^ b44;
    let s0 = b26 ^ b29;
    let s5 = z14 ^ b45;
    [s0, s1, s2, s3, s4, s5, s6, s7]
}
