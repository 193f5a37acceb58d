use std::io::{Read, Seek, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use yinxin_crypto::Sm3;

use super::error::SignError;
use crate::source::{Bytes, Source, pieces};

/// A signature without its value: may be stored, sent and taken up again elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prepared {
    /// Name of the new field.
    pub field: String,
    /// Bytes of the document prepared.
    pub size: u64,
    /// Its SM3.
    #[serde(serialize_with = "write_base64", deserialize_with = "read_digest")]
    pub sm3: [u8; 32],
    /// SM3 over the range to come: what a seal signature carries as dataHash, and SignedData as messageDigest.
    #[serde(serialize_with = "write_base64", deserialize_with = "read_digest")]
    pub data_hash: [u8; 32],
    /// The new revision, its value still zeros.
    #[serde(serialize_with = "write_base64", deserialize_with = "read_base64")]
    pub tail: Vec<u8>,
    /// Where the value begins in it, delimiter included.
    pub hole: usize,
    /// Where it ends.
    pub hole_end: usize,
    /// Whether the field asks for a value with a timestamp; who makes the value has to see to it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub timestamp_required: bool,
}

impl Prepared {
    /// Whether a value with or without a timestamp is what the field asks for.
    ///
    /// # Errors
    /// [`SignError::Seed`] where a timestamp is asked for and there is none.
    pub fn suits(&self, timestamp: bool) -> Result<(), SignError> {
        if self.timestamp_required && !timestamp {
            return Err(SignError::Seed { entry: "TimeStamp", wanted: "required".to_owned() });
        }
        Ok(())
    }

    /// Bytes reserved for the value.
    pub fn reserved(&self) -> usize {
        self.hole_end.saturating_sub(self.hole).saturating_sub(2) / 2
    }

    /// [`Self::embed`] without hashing again, for a caller that has kept the document open and to itself since it was prepared.
    /// Nothing but its size is compared.
    ///
    /// # Errors
    /// As [`Self::embed`].
    pub fn embed_unchecked<R: Read + Seek, W: Write>(
        &self,
        input: R,
        value: &[u8],
        out: W,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<u64, SignError> {
        self.copy(input, value, out, progress, &mut |_| ())
    }

    /// Writes the document with its new revision. Every byte is hashed again to be sure that the document is the one
    /// prepared. Returns the size written; `progress` is told bytes done and to do.
    ///
    /// # Errors
    /// [`SignError::Changed`] where the document is another one: by then all has been written out, and must be thrown away;
    /// [`SignError::ValueSize`]; reading and writing errors, after which the output is incomplete.
    pub fn embed<R: Read + Seek, W: Write>(
        &self,
        input: R,
        value: &[u8],
        out: W,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<u64, SignError> {
        let mut digest = Sm3::new();
        let total = self.copy(input, value, out, progress, &mut |piece| digest.update(piece))?;
        if digest.finalize() != self.sm3 {
            return Err(SignError::Changed);
        }
        Ok(total)
    }

    fn copy<R: Read + Seek, W: Write>(
        &self,
        input: R,
        value: &[u8],
        mut out: W,
        progress: &mut dyn FnMut(u64, u64),
        seen: &mut dyn FnMut(&[u8]),
    ) -> Result<u64, SignError> {
        // First of all: nothing should be written where the value does not fit.
        let filled = self.filled(value)?;
        let mut source = Source::new(input)?;
        if source.len() != self.size {
            return Err(SignError::Changed);
        }
        let total = self.size.saturating_add(self.tail.len() as u64);
        let mut failed = None;
        pieces(&mut source, 0, self.size, &mut |at, piece| {
            seen(piece);
            if failed.is_none() {
                failed = out.write_all(piece).err();
            }
            progress(at.saturating_add(piece.len() as u64), total);
        })?;
        if let Some(e) = failed {
            return Err(e.into());
        }
        out.write_all(&filled)?;
        out.flush()?;
        progress(total, total);
        Ok(total)
    }

    /// The new revision with its value, which zeros follow up to the end of its place: what stands behind the bytes prepared.
    ///
    /// # Errors
    /// [`SignError::ValueSize`]; [`SignError::Malformed`] where what was prepared does not hang together.
    pub fn filled(&self, value: &[u8]) -> Result<Vec<u8>, SignError> {
        let reserved = self.reserved();
        if value.is_empty() || value.len() > reserved {
            return Err(SignError::ValueSize { size: value.len(), reserved });
        }
        let mut tail = self.tail.clone();
        let from = self.hole.checked_add(1).ok_or(SignError::Malformed)?;
        let to = self.hole_end.checked_sub(1).ok_or(SignError::Malformed)?;
        let place = tail.get_mut(from..to).ok_or(SignError::Malformed)?;
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let digits = value.iter().flat_map(|b| [b >> 4, b & 15]);
        let text = digits.map(|d| DIGITS.get(usize::from(d)).copied().unwrap_or(b'0'));
        for (slot, digit) in place.iter_mut().zip(text) {
            *slot = digit;
        }
        Ok(tail)
    }
}

fn write_base64<S: Serializer>(bytes: &impl AsRef<[u8]>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&STANDARD.encode(bytes))
}

fn read_base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    STANDARD.decode(String::deserialize(deserializer)?).map_err(de::Error::custom)
}

fn read_digest<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 32], D::Error> {
    let bytes = read_base64(deserializer)?;
    <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| de::Error::custom("a digest must have 32 bytes"))
}
