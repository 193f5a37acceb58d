//! AlgorithmIdentifier and the check of a signature over received bytes.

use const_oid::ObjectIdentifier;
use yinxin_crypto::{PublicKey, SignError, SignatureAlgorithm, SigningKey};

use super::pss;
use crate::der::{Ctx, Limits, ParseError, ParseErrorKind, Reader, write};
use crate::oids;

/// AlgorithmIdentifier as received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlgorithmIdentifier {
    /// Algorithm.
    pub oid: ObjectIdentifier,
    /// Parameters with header, where present.
    pub parameters: Option<Vec<u8>>,
    /// Position in the input.
    pub at: usize,
}

/// Why a signature does not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// Nothing here can check this algorithm.
    #[error("signature algorithm {0} is not supported")]
    UnsupportedAlgorithm(ObjectIdentifier),
    /// The value does not fit message, key and algorithm.
    #[error("the signature value does not match the signed bytes and the signer's key")]
    Wrong,
}

impl SignatureError {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnsupportedAlgorithm(_) => "SIGNATURE_ALGORITHM_UNSUPPORTED",
            Self::Wrong => "SIGNATURE_WRONG",
        }
    }
}

impl AlgorithmIdentifier {
    /// Reads `SEQUENCE { OBJECT IDENTIFIER, parameters ANY OPTIONAL }`.
    pub(crate) fn read(r: &mut Reader<'_, '_>, what: &'static str) -> Result<Self, ParseError> {
        let (node, mut s) = r.sequence(what)?;
        let oid = s.oid(what)?;
        let parameters = if s.is_empty() { None } else { Some(s.any(what)?.raw.to_vec()) };
        s.finish(what)?;
        Ok(Self { oid, parameters, at: node.offset })
    }

    /// Refuses an inner algorithm that is not the outer one (RFC 5280 §4.1.1.2); NULL against nothing is noted.
    pub(crate) fn must_equal(&self, outer: &Self, ctx: &Ctx) -> Result<(), ParseError> {
        let null = |p: &Option<Vec<u8>>| p.as_deref().is_none_or(|p| p == [5, 0]);
        let same_parameters = self.parameters == outer.parameters;
        if self.oid != outer.oid || !(same_parameters || null(&self.parameters) && null(&outer.parameters)) {
            let kind = ParseErrorKind::Value("inner and outer signature algorithm differ");
            return Err(ParseError::new(kind, outer.at, "signatureAlgorithm"));
        }
        if !same_parameters {
            ctx.deviate(
                "ALGORITHM_PARAMETERS",
                outer.at,
                "inner and outer parameters differ: NULL and absent",
            );
        }
        Ok(())
    }

    /// The signature algorithm that identifier and parameters name, where it is one that is verified here.
    pub fn known(&self) -> Option<SignatureAlgorithm> {
        match self.oid {
            oids::RSASSA_PSS => pss::algorithm(self.parameters.as_deref()),
            _ => SignatureAlgorithm::from_oid(&self.oid),
        }
    }

    /// Checks a signature by this algorithm over `message`.
    pub(crate) fn verify(
        &self,
        key: &PublicKey,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        let unsupported = || SignatureError::UnsupportedAlgorithm(self.oid);
        let algorithm = self.known().or_else(|| signature_algorithm(&self.oid)).ok_or_else(unsupported)?;
        key.verify(algorithm, message, signature).map_err(|_| SignatureError::Wrong)
    }
}

/// The algorithm behind an identifier; the SM2 curve and the bare SM2 signature mean SM2 with SM3.
pub(crate) fn signature_algorithm(oid: &ObjectIdentifier) -> Option<SignatureAlgorithm> {
    match *oid {
        oids::SM2 | oids::SM2_SIGN => Some(SignatureAlgorithm::Sm2Sm3),
        _ => SignatureAlgorithm::from_oid(oid),
    }
}

/// Reads a SubjectPublicKeyInfo that stands at `at`. The SM2 curve identifier in place of id-ecPublicKey, as some
/// issuers write it, is accepted.
pub(crate) fn read_public_key(spki: &[u8], at: usize) -> Result<PublicKey, ParseError> {
    let what = "subjectPublicKeyInfo";
    let ctx = Ctx::new(&Limits::default());
    let mut r = Reader::at(spki, at, &ctx)?;
    let (_, mut s) = r.sequence(what)?;
    let algorithm = AlgorithmIdentifier::read(&mut s, "algorithm")?;
    let (_, bits) = s.bits("subjectPublicKey")?;
    s.finish(what)?;
    let rewritten;
    let spki = if algorithm.oid == oids::SM2 {
        rewritten = sm2_spki(bits);
        &rewritten
    } else {
        spki
    };
    let kind = ParseErrorKind::Value("unsupported or invalid public key");
    PublicKey::from_spki_der(spki).map_err(|_| ParseError::new(kind, at, what))
}

fn sm2_spki(point: &[u8]) -> Vec<u8> {
    let algorithm = write::sequence(&[&write::oid(&oids::EC_PUBLIC_KEY), &write::oid(&oids::SM2)]);
    write::sequence(&[&algorithm, &write::bits(point)])
}

/// AlgorithmIdentifier of a digest to be written: parameters absent (RFC 5754 §2, GB/T 35275).
pub(crate) fn digest_identifier(oid: &ObjectIdentifier) -> Vec<u8> {
    write::sequence(&[&write::oid(oid)])
}

/// AlgorithmIdentifier of a signature to be written: RSA with NULL (RFC 4055 §5), all others without parameters.
pub(crate) fn signature_identifier(algorithm: SignatureAlgorithm) -> Vec<u8> {
    use SignatureAlgorithm::{RsaPkcs1Sha1, RsaPkcs1Sha256, RsaPkcs1Sha384, RsaPkcs1Sha512};
    let oid = write::oid(&algorithm.oid());
    match algorithm {
        RsaPkcs1Sha1 | RsaPkcs1Sha256 | RsaPkcs1Sha384 | RsaPkcs1Sha512 => {
            write::sequence(&[&oid, &write::null()])
        }
        _ => write::sequence(&[&oid]),
    }
}

/// `SEQUENCE { tbs, algorithm, BIT STRING }`, the form of certificates, lists and requests.
pub(crate) fn sign_structure(tbs: &[u8], key: &dyn SigningKey) -> Result<Vec<u8>, SignError> {
    let signature = key.sign(tbs)?;
    Ok(write::sequence(&[tbs, &signature_identifier(key.algorithm()), &write::bits(&signature)]))
}
