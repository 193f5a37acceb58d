//! The SM2 signature value and its two encodings.

use crate::asn1::{self, Asn1Error, Reader};

/// An SM2 signature value (r, s), GB/T 32918.2, each a 256-bit big-endian number.
///
/// Ranges are not checked here but when verifying, so that a reader can name what it met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sm2Signature {
    /// First part.
    pub r: [u8; 32],
    /// Second part.
    pub s: [u8; 32],
}

impl Sm2Signature {
    /// Reads `SEQUENCE { r INTEGER, s INTEGER }` of GB/T 35276 (GM/T 0009), strict DER, nothing after it.
    ///
    /// # Errors
    /// The place and kind of the first deviation; negative or longer numbers are deviations.
    pub fn from_der(der: &[u8]) -> Result<Self, Asn1Error> {
        let mut outer = Reader::new(der);
        let mut inner = outer.sequence("SM2 signature SEQUENCE expected")?;
        outer.finish("bytes after the SM2 signature")?;
        let r = scalar(&mut inner)?;
        let s = scalar(&mut inner)?;
        inner.finish("more than r and s in the SM2 signature")?;
        Ok(Self { r, s })
    }

    /// Reads the plain concatenation r‖s of 64 bytes.
    ///
    /// # Errors
    /// When there are not exactly 64 bytes.
    pub fn from_raw64(bytes: &[u8]) -> Result<Self, Asn1Error> {
        let bytes: &[u8; 64] = bytes.try_into().map_err(|_| Asn1Error {
            at: bytes.len().min(64),
            what: "plain SM2 signature is not 64 bytes",
        })?;
        let mut signature = Self { r: [0; 32], s: [0; 32] };
        let (r, s) = bytes.split_at(32);
        signature.r.copy_from_slice(r);
        signature.s.copy_from_slice(s);
        Ok(signature)
    }

    /// The DER form of GB/T 35276.
    pub fn to_der(&self) -> Vec<u8> {
        asn1::group(asn1::SEQUENCE, &[&asn1::unsigned(&self.r), &asn1::unsigned(&self.s)])
    }

    /// The plain concatenation r‖s.
    pub fn to_raw64(&self) -> [u8; 64] {
        let mut out = [0; 64];
        let (r, s) = out.split_at_mut(32);
        r.copy_from_slice(&self.r);
        s.copy_from_slice(&self.s);
        out
    }
}

fn scalar(reader: &mut Reader<'_>) -> Result<[u8; 32], Asn1Error> {
    let too_long = reader.error("SM2 signature number is longer than 256 bits");
    let digits = reader.unsigned("SM2 signature INTEGER expected")?;
    left_pad(digits).ok_or(too_long)
}

/// Big-endian digits right-aligned in 32 bytes; `None` if there are more.
pub(crate) fn left_pad(digits: &[u8]) -> Option<[u8; 32]> {
    let mut out = [0; 32];
    let start = out.len().checked_sub(digits.len())?;
    out.get_mut(start..)?.copy_from_slice(digits);
    Some(out)
}
