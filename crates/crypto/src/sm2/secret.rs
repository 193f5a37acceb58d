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
        let d_bytes = self.to_bytes();
        let order: &U256 = &Sm2::ORDER;
        let mut nonces = rfc6979::KGenerator::<sm3::Sm3, U256>::new(&*d_bytes, e, &[], order);
        let e = Scalar::reduce(&FieldBytes::from(*e));
        for _ in 0..ATTEMPTS {
            let mut k_bytes = Zeroizing::new([0u8; 32]);
            nonces.fill_next_k(&mut *k_bytes);
            let k = Zeroizing::new(Scalar::from_repr((*k_bytes).into()).into_option()?);
            if let Some(signature) = self.sign_with_nonce(&e, &k) {
                return Some(signature);
            }
        }
        None
    }

    /// One attempt; `None` if the nonce happens to be unusable.
    fn sign_with_nonce(&self, e: &Scalar, k: &Scalar) -> Option<Sm2Signature> {
        let point = ProjectivePoint::mul_by_generator(k).to_affine();
        let r = *e + Scalar::reduce(&point.x());
        let r_plus_k = Zeroizing::new(r + *k);
        // s = (1+d)⁻¹(k - r·d) = (1+d)⁻¹(k + r) - r, which saves a multiplication and touches d no more.
        let s = self.0.inverse * *r_plus_k - r;
        let unusable = bool::from(r.is_zero() | r_plus_k.is_zero() | s.is_zero());
        (!unusable).then(|| Sm2Signature { r: r.to_repr().into(), s: s.to_repr().into() })
    }

    /// [d]C, the shared point of decryption.
    pub fn shared_point(&self, point: &AffinePoint) -> AffinePoint {
        (ProjectivePoint::from(point) * self.0.d).to_affine()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex_text: &str) -> [u8; 32] {
        hex::decode(hex_text).unwrap().try_into().unwrap()
    }

    fn scalar(hex_text: &str) -> Scalar {
        Scalar::from_repr(bytes(hex_text).into()).unwrap()
    }

    #[test]
    fn signs_as_the_example_of_gbt_32918_5_does_with_its_nonce() {
        let secret =
            Sm2Secret::from_bytes(&bytes("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8"))
                .unwrap();
        let e = scalar("f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640");
        let k = scalar("59276e27d506861a16680f3ad9c02dccef3cc1fa3cdbe4ce6d54b80deac1bc21");
        let signature = secret.sign_with_nonce(&e, &k).unwrap();
        assert_eq!(
            hex::encode(signature.to_raw64()),
            "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3\
             b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
        );
    }

    #[test]
    fn nonces_differ_between_messages_and_repeat_for_the_same_message() {
        let secret = Sm2Secret::from_bytes(&[7; 32]).unwrap();
        let (a, b) = (secret.sign_digest(&[1; 32]).unwrap(), secret.sign_digest(&[2; 32]).unwrap());
        // r - e is the nonce's point; equal points would give the key away.
        let nonce_point = |s: &Sm2Signature, e: [u8; 32]| {
            Scalar::from_repr(s.r.into()).unwrap() - Scalar::reduce(&FieldBytes::from(e))
        };
        assert_ne!(nonce_point(&a, [1; 32]), nonce_point(&b, [2; 32]));
        assert_eq!(a, secret.sign_digest(&[1; 32]).unwrap());
    }

    #[test]
    fn rejects_private_keys_outside_1_to_n_minus_2() {
        let order = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d541";
        for (last, accepted) in [("20", true), ("21", true), ("22", false), ("23", false), ("24", false)] {
            let d = bytes(&format!("{order}{last}"));
            assert_eq!(Sm2Secret::from_bytes(&d).is_some(), accepted, "…{last}");
        }
        assert!(Sm2Secret::from_bytes(&[0; 32]).is_none());
        assert!(Sm2Secret::from_bytes(&[]).is_none());
        assert!(Sm2Secret::from_bytes(&[1; 33]).is_none());
        assert!(Sm2Secret::from_bytes(&[1]).is_some());
    }
}
