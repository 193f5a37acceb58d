//! A statement with the authority's signature: the statement as a text, so that nobody has to write JSON anew to verify it.

use crate::app::Authority;
use crate::proof::sorted;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// A signed statement. `openssl dgst -sm3 -verify key.pem -sigopt distid:1234567812345678 -signature signature.der statement.txt`
/// verifies it, with the bytes of `statement` in `statement.txt` and of `signature` in `signature.der`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// What is stated: JSON with its members in order and without white space; these very bytes are signed.
    pub statement: String,
    /// SM2 signature with SM3 over the statement, DER in Base64.
    pub signature: String,
    /// Certificate of the authority that signed, then its issuers; DER in Base64.
    pub certificates: Vec<String>,
}

/// A statement was not signed.
#[derive(Debug, thiserror::Error)]
pub enum SignFault {
    /// It has no JSON.
    #[error("the statement cannot be written: {0}")]
    Json(#[from] serde_json::Error),
    /// The key refused.
    #[error("the key refused: {0}")]
    Key(String),
    /// What was signed does not verify. It is not given out.
    #[error("the signature does not verify")]
    SelfCheck,
}

impl Envelope {
    /// Writes a statement in its one form, marked with its format, and signs it; verified before it is given out.
    ///
    /// # Errors
    /// [`SignFault`].
    pub fn sign<T: Serialize>(statement: &T, format: &str, authority: &Authority) -> Result<Self, SignFault> {
        Self::sign_text(canonical(statement, format)?, authority)
    }

    /// Signs a statement that was written already.
    ///
    /// # Errors
    /// [`SignFault`].
    pub(super) fn sign_text(statement: String, authority: &Authority) -> Result<Self, SignFault> {
        let signing = authority.signing();
        let signature =
            signing.key.sign(statement.as_bytes()).map_err(|error| SignFault::Key(error.to_string()))?;
        if !crate::app::authority::verifies(&signing.certificate, statement.as_bytes(), &signature) {
            return Err(SignFault::SelfCheck);
        }
        let certificates = std::iter::once(&signing.certificate)
            .chain(&signing.chain)
            .map(|certificate| STANDARD.encode(certificate.raw()))
            .collect();
        Ok(Self { statement, signature: STANDARD.encode(signature), certificates })
    }
}

/// The one form of a statement.
///
/// # Errors
/// It has no JSON.
pub(super) fn canonical<T: Serialize>(statement: &T, format: &str) -> Result<String, serde_json::Error> {
    let mut value = serde_json::to_value(statement)?;
    if let Value::Object(members) = &mut value {
        members.insert("format".to_owned(), Value::String(format.to_owned()));
    }
    serde_json::to_string(&sorted(value))
}
