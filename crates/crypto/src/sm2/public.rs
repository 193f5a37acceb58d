//! The SM2 public key: point, Z value, verification.

use std::sync::OnceLock;

use sm2::elliptic_curve::{
    PrimeField,
    ops::{MulByGeneratorVartime, Reduce},
    point::AffineCoordinates,
    sec1::ToSec1Point,
};
use sm2::{FieldBytes, ProjectivePoint, Scalar};

use super::Sm2Signature;
use crate::{DEFAULT_USER_ID, DigestMemory, PublicKeyError, Sm3, VerifyError};

/// Curve constants a, b, xG, yG of GB/T 32918.5 in the order Z hashes them.
const CURVE_CONSTANTS: [u8; 128] = curve_constants();

/// An SM2 public key (SM2 公钥): a point checked to lie on the curve, with what repeated verification reuses.
#[derive(Clone)]
pub struct Sm2PublicKey {
    point: ProjectivePoint,
    sec1: [u8; 65],
    /// Z of the default user identifier, hashed once per key.
    default_z: OnceLock<[u8; 32]>,
}

impl Sm2PublicKey {
    /// Reads a point `04‖X‖Y` (or compressed `02/03‖X`).
    ///
    /// # Errors
    /// [`PublicKeyError::NotOnCurve`] for anything that is not an affine point of the curve.
    pub fn from_sec1(bytes: &[u8]) -> Result<Self, PublicKeyError> {
        let key = sm2::PublicKey::from_sec1_bytes(bytes).map_err(|_| PublicKeyError::NotOnCurve)?;
        Self::from_point(&key)
    }

    pub(super) fn from_point(key: &sm2::PublicKey) -> Result<Self, PublicKeyError> {
        let encoded = key.to_sec1_point(false);
        let sec1 = encoded.as_bytes().try_into().map_err(|_| PublicKeyError::NotOnCurve)?;
        Ok(Self { point: ProjectivePoint::from(key), sec1, default_z: OnceLock::new() })
    }

    /// The point as `04‖X‖Y`.
    pub fn sec1(&self) -> &[u8; 65] {
        &self.sec1
    }

    pub(super) fn point(&self) -> &ProjectivePoint {
        &self.point
    }

    /// Z, the digest of user identifier, curve and key (用户杂凑值), GB/T 32918.2 clause 5.5.
    ///
    /// # Errors
    /// [`VerifyError::UserIdTooLong`] beyond 8191 bytes, the most its 16-bit bit count can express.
    pub fn z(&self, user_id: &[u8]) -> Result<[u8; 32], VerifyError> {
        if user_id == DEFAULT_USER_ID {
            if let Some(known) = self.default_z.get() {
                return Ok(*known);
            }
            let z = self.hash_z(user_id)?;
            return Ok(*self.default_z.get_or_init(|| z));
        }
        self.hash_z(user_id)
    }

    fn hash_z(&self, user_id: &[u8]) -> Result<[u8; 32], VerifyError> {
        let bits = user_id.len().checked_mul(8).and_then(|bits| u16::try_from(bits).ok());
        let bits = bits.ok_or(VerifyError::UserIdTooLong)?;
        let mut hasher = Sm3::new();
        hasher.update(&bits.to_be_bytes());
        hasher.update(user_id);
        hasher.update(&CURVE_CONSTANTS);
        hasher.update(self.sec1.get(1..).unwrap_or_default());
        Ok(hasher.finalize())
    }

    /// e = SM3(Z‖M), the number an SM2 signature covers.
    ///
    /// # Errors
    /// [`VerifyError::UserIdTooLong`].
    pub fn message_digest(&self, user_id: &[u8], message: &[u8]) -> Result<[u8; 32], VerifyError> {
        self.message_digest_with(user_id, message, &DigestMemory::default())
    }

    /// The same where messages that begin alike were digested before.
    ///
    /// # Errors
    /// [`VerifyError::UserIdTooLong`].
    pub fn message_digest_with(
        &self,
        user_id: &[u8],
        message: &[u8],
        met: &DigestMemory,
    ) -> Result<[u8; 32], VerifyError> {
        Ok(met.sm3(&self.z(user_id)?, message))
    }

    /// Verifies a signature over e, GB/T 32918.2 clause 7.1 steps B1, B2 and B5 to B7.
    ///
    /// # Errors
    /// [`VerifyError::SignatureOutOfRange`] if r or s is 0 or not below the order, [`VerifyError::Mismatch`] otherwise.
    pub fn verify_digest(&self, e: &[u8; 32], signature: &Sm2Signature) -> Result<(), VerifyError> {
        let r = non_zero(&signature.r)?;
        let s = non_zero(&signature.s)?;
        let e = Scalar::reduce(&FieldBytes::from(*e));
        let t = r + s;
        if bool::from(t.is_zero()) {
            return Err(VerifyError::Mismatch);
        }
        // Everything here is public, so the faster routine with data-dependent timing is fine. The one without the
        // table of the generator is chosen: building that table costs more than a verification.
        let sum = ProjectivePoint::mul_by_generator_and_mul_add_vartime(&s, &t, &self.point);
        let x = sum.to_affine().x();
        // The identity has x = 0 here, but s·G + t·P is the identity only for forgeries of a known key; refuse it.
        if sum == ProjectivePoint::IDENTITY || e + Scalar::reduce(&x) != r {
            return Err(VerifyError::Mismatch);
        }
        Ok(())
    }
}

impl PartialEq for Sm2PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.sec1 == other.sec1
    }
}

impl Eq for Sm2PublicKey {}

impl core::fmt::Debug for Sm2PublicKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Sm2PublicKey(")?;
        self.sec1.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str(")")
    }
}

fn non_zero(bytes: &[u8; 32]) -> Result<Scalar, VerifyError> {
    let scalar = Scalar::from_repr((*bytes).into()).into_option();
    match scalar {
        Some(scalar) if !bool::from(scalar.is_zero()) => Ok(scalar),
        _ => Err(VerifyError::SignatureOutOfRange),
    }
}

#[allow(clippy::indexing_slicing, reason = "evaluated by the compiler only")]
const fn curve_constants() -> [u8; 128] {
    const HEX: &[u8; 256] = b"\
        fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc\
        28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93\
        32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7\
        bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0";
    let mut out = [0; 128];
    let mut at = 0;
    while at < 128 {
        out[at] = (digit(HEX[2 * at]) << 4) | digit(HEX[2 * at + 1]);
        at += 1;
    }
    out
}

const fn digit(hex: u8) -> u8 {
    if hex >= b'a' { hex - b'a' + 10 } else { hex - b'0' }
}
