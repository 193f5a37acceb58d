//! The SM2 private key: signing and decryption. Nothing here leaves the crate.

use sm2::elliptic_curve::{
    Curve, Generate, Group, PrimeField, ops::Reduce, point::AffineCoordinates, subtle::ConstantTimeEq,
};
use sm2::{AffinePoint, FieldBytes, NonZeroScalar, ProjectivePoint, Scalar, Sm2, U256};
use zeroize::{Zeroize, Zeroizing};

use super::{Sm2PublicKey, Sm2Signature};
use crate::rand_core::CryptoRng;

/// Retries before signing gives up; each happens with probability 2⁻²⁵⁶ for a sound generator.
const ATTEMPTS: usize = 8;

/// An SM2 private key d in [1, n-2] with (1+d)⁻¹, kept in one heap place that is erased when dropped.
pub(crate) struct Sm2Secret(Box<Parts>);

struct Parts {
    d: Scalar,
    /// (1+d)⁻¹, the costly part of every signature, computed once.
    inverse: Scalar,
}

impl Drop for Parts {
    fn drop(&mut self) {
        self.d.zeroize();
        self.inverse.zeroize();
    }
}

impl Sm2Secret {
    pub fn generate(rng: &mut dyn CryptoRng) -> Self {
        loop {
            let mut d: NonZeroScalar = NonZeroScalar::generate_from_rng(rng);
            let secret = Self::from_scalar(&d);
            d.zeroize();
            // Only d = n-1 has no inverse of 1+d.
            if let Some(secret) = secret {
                return secret;
            }
        }
    }

    /// Reads a big-endian private key of up to 32 bytes; `None` unless 1 ≤ d ≤ n-2.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let padded = Zeroizing::new(super::signature::left_pad(bytes)?);
        let mut d = Scalar::from_repr((*padded).into()).into_option()?;
        let secret = Self::from_scalar(&d);
        d.zeroize();
        secret
    }

    fn from_scalar(d: &Scalar) -> Option<Self> {
        if bool::from(d.ct_eq(&Scalar::ZERO)) {
            return None;
        }
        let inverse = (d + &Scalar::ONE).invert().into_option()?;
        Some(Self(Box::new(Parts { d: *d, inverse })))
    }

    /// The private key as 32 big-endian bytes, for sealing only.
    pub fn to_bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.d.to_repr().into())
    }

    pub fn public_key(&self) -> Option<Sm2PublicKey> {
        let point = ProjectivePoint::mul_by_generator(&self.0.d).to_affine();
        let key = sm2::PublicKey::from_affine(point).ok()?;
        Sm2PublicKey::from_point(&key).ok()
    }

    /// Signs e, GB/T 32918.2 clause 6.1 steps A3 to A6.
    ///
    /// The nonce is derived as in RFC 6979 (HMAC-DRBG over SM3, keyed with d and e): two different messages never
    /// share one, no random source can spoil it, and the same message gives the same signature. What derandomised
    /// signing is weak against, a fault during the computation, is caught by verifying before release.
    pub fn sign_digest(&self, e: &[u8; 32]) -> Option<Sm2Signature> {
        let Parts { d, inverse } = &*self.0;
        let d_bytes = Zeroizing::new(<[u8; 32]>::from(d.to_repr()));
        let order: &U256 = &Sm2::ORDER;
        let mut nonces = rfc6979::KGenerator::<sm3::Sm3, U256>::new(&*d_bytes, e, &[], order);
        let e = Scalar::reduce(&FieldBytes::from(*e));
        for _ in 0..ATTEMPTS {
            let mut k_bytes = Zeroizing::new([0u8; 32]);
            nonces.fill_next_k(&mut *k_bytes);
            let k = Zeroizing::new(Scalar::from_repr((*k_bytes).into()).into_option()?);
            let point = ProjectivePoint::mul_by_generator(&k).to_affine();
            let r = e + Scalar::reduce(&point.x());
            let r_plus_k = Zeroizing::new(r + *k);
            // s = (1+d)⁻¹(k - r·d) = (1+d)⁻¹(k + r) - r, which saves a multiplication and touches d no more.
            let s = *inverse * *r_plus_k - r;
            if !bool::from(r.is_zero() | r_plus_k.is_zero() | s.is_zero()) {
                return Some(Sm2Signature { r: r.to_repr().into(), s: s.to_repr().into() });
            }
        }
        None
    }

    /// [d]C, the shared point of decryption.
    pub fn shared_point(&self, point: &AffinePoint) -> AffinePoint {
        (ProjectivePoint::from(point) * self.0.d).to_affine()
    }
}
