//! Signing of proofs.

use jiff::Timestamp;
use yinxin_crypto::{SigningKey, sm3};
use yinxin_formats::cms::{Family, SignedDataBuilder};
use yinxin_formats::x509::{BuildError, Certificate};
use yinxin_registry::lifecycle::status::whole_second;

use super::ProofFault;
use super::canonical::{CanonicalError, to_canonical};
use super::statement::{Statement, StatementError};
use super::verify::open;

/// The signing key of an authority, with its certificate and those between it and the anchor.
#[derive(Clone, Copy)]
pub struct ProofSigner<'a> {
    /// The key.
    pub key: &'a dyn SigningKey,
    /// The certificate of the key.
    pub certificate: &'a Certificate,
    /// Certificates a verifier may lack, issuer of the first one first; the anchor may be left out.
    pub chain: &'a [Certificate],
}

/// A signed proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// SignedData of GB/T 35275, DER, content inside.
    pub der: Vec<u8>,
    /// SM3 of `der`.
    pub digest: [u8; 32],
    /// What it states.
    pub statement: Statement,
}

/// Why a proof was not issued.
#[derive(Debug, thiserror::Error)]
pub enum SignProofError {
    /// The statement lacks what its kind needs.
    #[error(transparent)]
    Statement(#[from] StatementError),
    /// The statement has no canonical form.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
    /// The authority's certificate is not valid now.
    #[error("签发机构的证书不在有效期内 / the authority's certificate is not valid now")]
    OutOfDate,
    /// The key refused, or is not that of the certificate.
    #[error("凭证签名失败：{0} / the proof could not be signed: {0}")]
    Sign(#[from] BuildError),
    /// What was signed does not verify. It is not given out.
    #[error("凭证签名后验证失败：{0} / the proof does not verify after signing: {0}")]
    SelfCheck(#[from] ProofFault),
}

impl SignProofError {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Statement(e) => e.code(),
            Self::Canonical(_) => "PROOF_CONTENT",
            Self::OutOfDate => "PROOF_CERTIFICATE",
            Self::Sign(_) => "PROOF_NOT_SIGNED",
            Self::SelfCheck(_) => "PROOF_SELF_CHECK",
        }
    }
}

/// Signs a statement at the moment `now` and verifies the result before it is given out. Times of the statement are cut
/// to whole seconds.
///
/// # Errors
/// See [`SignProofError`].
pub fn sign(statement: Statement, signer: ProofSigner<'_>, now: Timestamp) -> Result<Proof, SignProofError> {
    let statement = statement.in_seconds();
    statement.check()?;
    if now < signer.certificate.not_before || now > signer.certificate.not_after {
        return Err(SignProofError::OutOfDate);
    }
    let content = to_canonical(&statement)?;
    let builder = SignedDataBuilder::attached(Family::Gbt35275, &content)
        .certificate(signer.certificate.raw())
        .signing_time(whole_second(now))
        .signing_certificate();
    let builder = signer.chain.iter().fold(builder, |b, c| b.certificate(c.raw()));
    let der = builder.sign(signer.certificate, signer.key)?;
    let opened = open(&der)?;
    opened.signature_holds(signer.certificate)?;
    Ok(Proof { digest: sm3(&der), der, statement })
}
