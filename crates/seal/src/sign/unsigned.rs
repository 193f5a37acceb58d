//! What waits for a key, in a document of either kind: the bytes to sign, and by whom.

use yinxin_crypto::{DEFAULT_USER_ID, SigningKey};
use yinxin_formats::der::Limits;
use yinxin_formats::x509::Certificate;

use super::{SignDocumentError, SignRequest};
use crate::make::checked_value;
use crate::trust::Remembered;

/// Bytes to sign, and the certificate of who is to sign them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unsigned<'a> {
    pub to_sign: &'a [u8],
    pub signer: &'a [u8],
}

impl Unsigned<'_> {
    pub fn certificate(&self) -> Result<Certificate, SignDocumentError> {
        Certificate::parse(self.signer, &Limits::default())
            .map_err(|e| SignDocumentError::Prepared(format!("signer: {e}")))
    }

    /// e = SM3(Z ‖ M).
    pub fn digest(&self) -> Result<[u8; 32], SignDocumentError> {
        let bad = |e: &dyn std::fmt::Display| SignDocumentError::Prepared(e.to_string());
        let key = self.certificate()?.public_key().map_err(|e| bad(&e))?;
        key.sm2_message_digest(DEFAULT_USER_ID, self.to_sign).map_err(|e| bad(&e))
    }

    /// A signature made elsewhere (DER or r‖s), verified.
    pub fn checked(&self, signature: &[u8], remembered: &Remembered) -> Result<Vec<u8>, SignDocumentError> {
        checked_value(&self.certificate()?, self.to_sign, signature, remembered)
            .ok_or(SignDocumentError::WrongSignature)
    }
}

/// Refuses a key that is not the signer's.
pub(super) fn own_key(request: &SignRequest, key: &dyn SigningKey) -> Result<(), SignDocumentError> {
    match request.signer.public_key().ok().as_ref() == Some(key.public_key()) {
        true => Ok(()),
        false => Err(SignDocumentError::KeyMismatch),
    }
}
