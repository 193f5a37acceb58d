//! Applying a seal or a plain signature to a document (电子签章生成): GB/T 38540-2020 §7.2, GM/T 0099-2020.
//!
//! Signing is resumable: [`prepare_ofd`] gives the exact bytes to sign, a key anywhere signs them, and
//! [`PreparedSignature::complete`] verifies that signature and gives the value, which goes into the document by
//! [`PreparedSignature::embed`]. [`sign_ofd`] does all of it with a key at hand. A service that must not see the document gets only its
//! `Signature.xml`: [`prepare_signature_file`]. PDF goes the same way: [`prepare_pdf`], [`sign_pdf`];
//! [`extend_pdf`] adds to a sealed one what verifies it in later years.

mod error;
mod fitness;
mod long_term;
mod ofd;
mod pdf;
mod range_digest;
mod signature_file;
mod unsigned;

pub use error::SignDocumentError;
pub use long_term::{Extend, Extended, LongTerm, extend_pdf};
pub use ofd::{PreparedSignature, SignRequest, What, prepare_ofd, sign_ofd};
pub use pdf::{PreparedPdf, prepare_pdf, shown_otherwise, sign_pdf};
pub use range_digest::{prepare_range_digest, range_digest, range_digest_file};
pub use signature_file::{SignatureFile, prepare_signature_file};

use yinxin_formats::der::Limits;
use yinxin_formats::tsp::{MessageImprint, TimeStampToken};

/// Where timestamps come from. The network is the caller's.
pub trait TimestampSource {
    /// A token over the SM3 of these bytes.
    fn stamp(&self, covered: &[u8]) -> Result<Vec<u8>, String>;

    /// A token over this SM3, for what is too large to be held: a whole document.
    ///
    /// # Errors
    /// Where there is none; a source that does not say otherwise stamps no digests.
    fn stamp_digest(&self, _digest: &[u8; 32]) -> Result<Vec<u8>, String> {
        Err("这一时间戳来源不能对摘要盖戳 / this source stamps no digests".to_owned())
    }
}

impl<F: Fn(&[u8]) -> Result<Vec<u8>, String>> TimestampSource for F {
    fn stamp(&self, covered: &[u8]) -> Result<Vec<u8>, String> {
        self(covered)
    }
}

/// A token over a digest, refused unless it is one and holds exactly that.
pub(crate) fn stamped_digest(source: &dyn TimestampSource, digest: &[u8; 32]) -> Result<Vec<u8>, String> {
    let token = source.stamp_digest(digest)?;
    let parsed = TimeStampToken::parse(&token, &Limits::default()).map_err(|e| e.to_string())?;
    if parsed.info.imprint == MessageImprint::sm3_digest(digest) {
        return Ok(token);
    }
    Err("时间戳不属于这个摘要 / the timestamp does not cover this digest".to_owned())
}

/// A token from a source, refused unless it is one and covers the value.
pub(crate) fn stamped(source: &dyn TimestampSource, value: &[u8]) -> Result<Vec<u8>, String> {
    let token = source.stamp(value)?;
    let parsed = TimeStampToken::parse(&token, &Limits::default()).map_err(|e| e.to_string())?;
    match parsed.info.imprint.covers(value) {
        Some(true) => Ok(token),
        _ => Err("时间戳不属于这个签名值 / the timestamp does not cover this signature value".to_owned()),
    }
}
