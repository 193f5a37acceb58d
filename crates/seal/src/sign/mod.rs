//! Applying a seal or a plain signature to a document (电子签章生成): GB/T 38540-2020 §7.2, GM/T 0099-2020.
//!
//! Signing is resumable: [`prepare_ofd`] gives the exact bytes to sign, a key anywhere signs them, and
//! [`PreparedSignature::complete`] verifies that signature and gives the value, which goes into the document by
//! [`PreparedSignature::embed`]. [`sign_ofd`] does all of it with a key at hand.

mod error;
mod fitness;
mod ofd;

pub use error::SignDocumentError;
pub use ofd::{PreparedSignature, SignRequest, What, prepare_ofd, sign_ofd};

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
