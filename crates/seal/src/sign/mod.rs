//! Applying a seal or a plain signature to a document (电子签章生成): GB/T 38540-2020 §7.2, GM/T 0099-2020.
//!
//! Signing is resumable: [`prepare_ofd`] gives the exact bytes to sign, a key anywhere signs them, and
//! [`PreparedSignature::complete`] verifies that signature and gives the value, which goes into the document by
//! [`PreparedSignature::embed`]. [`sign_ofd`] does all of it with a key at hand. A service that must not see the document gets only its
//! `Signature.xml`: [`prepare_signature_file`]. PDF goes the same way: [`prepare_pdf`], [`sign_pdf`].

mod error;
mod fitness;
mod ofd;
mod pdf;
mod signature_file;

pub use error::SignDocumentError;
pub use ofd::{PreparedSignature, SignRequest, What, prepare_ofd, sign_ofd};
pub use pdf::{PreparedPdf, prepare_pdf, sign_pdf};
pub use signature_file::{SignatureFile, prepare_signature_file};

use yinxin_formats::der::Limits;
use yinxin_formats::tsp::TimeStampToken;

/// Where timestamps come from. The network is the caller's.
pub trait TimestampSource {
    /// A token over the SM3 of these bytes.
    fn stamp(&self, covered: &[u8]) -> Result<Vec<u8>, String>;
}

impl<F: Fn(&[u8]) -> Result<Vec<u8>, String>> TimestampSource for F {
    fn stamp(&self, covered: &[u8]) -> Result<Vec<u8>, String> {
        self(covered)
    }
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
