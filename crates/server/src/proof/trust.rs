//! Whose proofs are relied on.

use jiff::Timestamp;
use yinxin_formats::x509::Certificate;
use yinxin_seal::TrustFacts;

/// An authority whose proofs count.
///
/// A chain to an anchor says who somebody is, not what he may certify: owners of seals have certificates of the same CAs.
/// So the certificate itself is named here, and the authority it may sign for.
#[derive(Debug, Clone)]
pub struct AuthorizedSigner {
    /// Code of the authority, as its statements give it.
    pub code: String,
    /// Path of the area it is in charge of; it may certify for this area and those below.
    pub area: String,
    /// Its signing certificate.
    pub certificate: Certificate,
    /// When another certificate took its place; nothing it signed later counts. `None` for the one in use.
    pub until: Option<Timestamp>,
}

/// What a verifier of proofs relies on.
#[derive(Debug, Clone, Copy)]
pub struct ProofTrust<'a> {
    /// Anchors, intermediates and revocation data.
    pub facts: &'a TrustFacts,
    /// The authorities.
    pub signers: &'a [AuthorizedSigner],
}
