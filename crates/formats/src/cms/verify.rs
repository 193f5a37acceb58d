//! The arithmetic of a signer: attributes, digest, signature value.

use const_oid::ObjectIdentifier;
use yinxin_crypto::{DigestAlgorithm, PublicKey, SignatureAlgorithm, Sm2Signature};

use super::{SignedData, SignerInfo};
use crate::der::ParseError;
use crate::oids;
use crate::x509::{Certificate, signature_algorithm};

/// Why a signer's signature does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CmsError {
    /// There is no signer with this index.
    #[error("the structure has no signer {0}")]
    NoSuchSigner(usize),
    /// The structure holds no content and none was handed in.
    #[error("the signed content is neither inside the structure nor given; hand in the detached content")]
    ContentMissing,
    /// The content inside is not the content handed in.
    #[error("the content inside the structure is not the content given")]
    ContentMismatch,
    /// Digest or signature algorithm unknown, or the two do not belong together.
    #[error("algorithms are not supported together: digest {digest}, signature {signature}")]
    AlgorithmUnsupported {
        /// Digest algorithm as written.
        digest: ObjectIdentifier,
        /// Signature algorithm as written.
        signature: ObjectIdentifier,
    },
    /// The certificate is not the one the signer names.
    #[error("the certificate is not the one the signer identifier names")]
    WrongCertificate,
    /// The certificate's key is unusable.
    #[error("the signer's key cannot be used: {0}")]
    Key(ParseError),
    /// A signed attribute is malformed or repeated.
    #[error("signed attributes cannot be read: {0}")]
    Attributes(ParseError),
    /// A required signed attribute is absent.
    #[error("signed attribute {0} is missing")]
    AttributeMissing(&'static str),
    /// contentType does not name the type of the content.
    #[error("the contentType attribute does not name the type of the content")]
    ContentTypeMismatch,
    /// messageDigest is not the digest of the content.
    #[error(
        "the messageDigest attribute is not the digest of the content: the content was changed or is another"
    )]
    DigestMismatch,
    /// The content signed without attributes is itself a set of attributes: most likely the signature of another
    /// document in a new frame.
    #[error("the content is a set of signed attributes taken from another signature")]
    AttributesAsContent,
    /// The signature value does not fit.
    #[error("the signature value does not match the signed bytes and the signer's key")]
    SignatureWrong,
}

impl CmsError {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoSuchSigner(_) => "CMS_NO_SUCH_SIGNER",
            Self::ContentMissing => "CMS_CONTENT_MISSING",
            Self::ContentMismatch => "CMS_CONTENT_MISMATCH",
            Self::AlgorithmUnsupported { .. } => "CMS_ALGORITHM_UNSUPPORTED",
            Self::WrongCertificate => "CMS_WRONG_CERTIFICATE",
            Self::Key(_) => "CMS_KEY_UNUSABLE",
            Self::Attributes(_) => "CMS_ATTRIBUTES_MALFORMED",
            Self::AttributeMissing(_) => "CMS_ATTRIBUTE_MISSING",
            Self::ContentTypeMismatch => "CMS_CONTENT_TYPE_MISMATCH",
            Self::DigestMismatch => "CMS_DIGEST_MISMATCH",
            Self::AttributesAsContent => "CMS_ATTRIBUTES_AS_CONTENT",
            Self::SignatureWrong => "CMS_SIGNATURE_WRONG",
        }
    }
}

/// What a caller knows of the content.
#[derive(Clone, Copy)]
enum Content<'a> {
    Bytes(&'a [u8]),
    Digest(&'a [u8]),
}

impl SignedData {
    /// Checks the arithmetic of signer `i` with its certificate: identifier, attributes, digest, signature value.
    ///
    /// `content` is the detached content; where the structure holds its own, it may be left out, and if given must
    /// be the same. Chain, dates and rights of the certificate are not looked at.
    pub fn verify_signer(
        &self,
        i: usize,
        content: Option<&[u8]>,
        cert: &Certificate,
    ) -> Result<(), CmsError> {
        let content = match (self.econtent.as_deref(), content) {
            (Some(inside), Some(given)) if inside != given => return Err(CmsError::ContentMismatch),
            (Some(inside), _) => inside,
            (None, Some(given)) => given,
            (None, None) => return Err(CmsError::ContentMissing),
        };
        self.verify(i, Content::Bytes(content), cert)
    }

    /// As [`Self::verify_signer`] for a caller that hashed the content already. The digest must be of the signer's
    /// digest algorithm. Without signed attributes the content itself is needed: [`CmsError::ContentMissing`].
    pub fn verify_signer_with_digest(
        &self,
        i: usize,
        digest: &[u8],
        cert: &Certificate,
    ) -> Result<(), CmsError> {
        self.verify(i, Content::Digest(digest), cert)
    }

    fn verify(&self, i: usize, content: Content<'_>, cert: &Certificate) -> Result<(), CmsError> {
        let signer = self.signer_infos.get(i).ok_or(CmsError::NoSuchSigner(i))?;
        if !signer.sid.matches(cert) {
            return Err(CmsError::WrongCertificate);
        }
        let key = cert.public_key().map_err(CmsError::Key)?;
        let (digest, algorithm) = signer.algorithms()?;
        let Some(attrs) = &signer.signed_attrs else {
            let Content::Bytes(bytes) = content else { return Err(CmsError::ContentMissing) };
            self.allows_no_attributes(bytes)?;
            return check(&key, algorithm, bytes, &signer.signature);
        };
        let named = attrs.content_type().map_err(CmsError::Attributes)?;
        if named.ok_or(CmsError::AttributeMissing("contentType"))? != self.content_type {
            return Err(CmsError::ContentTypeMismatch);
        }
        let signed = attrs.message_digest().map_err(CmsError::Attributes)?;
        let signed = signed.ok_or(CmsError::AttributeMissing("messageDigest"))?;
        let matches = match content {
            Content::Bytes(bytes) => signed == digest.digest(bytes),
            Content::Digest(given) => signed == given,
        };
        if !matches {
            return Err(CmsError::DigestMismatch);
        }
        let received = check(&key, algorithm, attrs.signed_bytes(), &signer.signature);
        match (received, attrs.sorted_alternative()) {
            (Err(_), Some(sorted)) => check(&key, algorithm, sorted, &signer.signature),
            (result, _) => result,
        }
    }
}

impl SignedData {
    /// RFC 5652 §5.3 wants attributes for everything but plain data. A signature over attributes must not be passed
    /// off as one over content that happens to be their encoding.
    fn allows_no_attributes(&self, content: &[u8]) -> Result<(), CmsError> {
        if ![oids::DATA, oids::GB_DATA].contains(&self.content_type) {
            return Err(CmsError::AttributeMissing("contentType"));
        }
        let digest = oids::ATTR_MESSAGE_DIGEST;
        let digest = digest.as_bytes();
        if content.first() == Some(&0x31) && content.windows(digest.len()).any(|w| w == digest) {
            return Err(CmsError::AttributesAsContent);
        }
        Ok(())
    }
}

impl SignerInfo {
    /// Digest and signature algorithm, where both are known and belong together.
    pub fn algorithms(&self) -> Result<(DigestAlgorithm, SignatureAlgorithm), CmsError> {
        let unsupported = || CmsError::AlgorithmUnsupported {
            digest: self.digest_algorithm,
            signature: self.signature_algorithm,
        };
        let digest = DigestAlgorithm::from_oid(&self.digest_algorithm).ok_or_else(unsupported)?;
        let algorithm = match (self.signature_algorithm, digest) {
            (oids::RSA_ENCRYPTION, _) => SignatureAlgorithm::rsa_with(digest),
            (oids::EC_PUBLIC_KEY, DigestAlgorithm::Sm3) => Some(SignatureAlgorithm::Sm2Sm3),
            (oids::EC_PUBLIC_KEY, DigestAlgorithm::Sha256) => Some(SignatureAlgorithm::EcdsaSha256),
            (oids::EC_PUBLIC_KEY, DigestAlgorithm::Sha384) => Some(SignatureAlgorithm::EcdsaSha384),
            (oid, _) => self.known_algorithm.or_else(|| signature_algorithm(&oid)),
        };
        match algorithm {
            Some(a) if a.digest() == digest => Ok((digest, a)),
            _ => Err(unsupported()),
        }
    }
}

/// One signature value; SM2 as r‖s of 64 bytes is accepted beside DER (noted when parsed).
fn check(
    key: &PublicKey,
    algorithm: SignatureAlgorithm,
    message: &[u8],
    signature: &[u8],
) -> Result<(), CmsError> {
    let rewritten = if algorithm == SignatureAlgorithm::Sm2Sm3 { raw64(signature) } else { None };
    let signature = rewritten.as_deref().unwrap_or(signature);
    key.verify(algorithm, message, signature).map_err(|_| CmsError::SignatureWrong)
}

/// DER of an SM2 signature that is written as r‖s.
pub(super) fn raw64(signature: &[u8]) -> Option<Vec<u8>> {
    if signature.len() != 64 || Sm2Signature::from_der(signature).is_ok() {
        return None;
    }
    Sm2Signature::from_raw64(signature).ok().map(|s| s.to_der())
}
