//! Signature algorithms and their object identifiers.

use const_oid::ObjectIdentifier;

use crate::{DigestAlgorithm, oids};

/// A signature algorithm together with its digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum SignatureAlgorithm {
    /// SM2 with SM3 over Z‖M, GB/T 32918.2 and GB/T 35276.
    Sm2Sm3,
    /// ECDSA with SHA-256 on P-256 or P-384.
    EcdsaSha256,
    /// ECDSA with SHA-384 on P-256 or P-384.
    EcdsaSha384,
    /// RSA PKCS#1 v1.5 with SHA-1; verification only, callers should warn.
    RsaPkcs1Sha1,
    /// RSA PKCS#1 v1.5 with SHA-256.
    RsaPkcs1Sha256,
    /// RSA PKCS#1 v1.5 with SHA-384.
    RsaPkcs1Sha384,
    /// RSA PKCS#1 v1.5 with SHA-512.
    RsaPkcs1Sha512,
    /// RSASSA-PSS (RFC 8017 §8.1), its mask made with the same digest; verification only.
    RsaPss {
        /// The digest: SHA-256, SHA-384 or SHA-512.
        digest: DigestAlgorithm,
        /// Length of the salt in bytes.
        salt: u16,
    },
}

impl SignatureAlgorithm {
    /// The algorithm an `AlgorithmIdentifier` of certificates, CRLs and seals names. RSASSA-PSS is named by its parameters.
    pub fn from_oid(oid: &ObjectIdentifier) -> Option<Self> {
        match *oid {
            oids::SM2_WITH_SM3 => Some(Self::Sm2Sm3),
            oids::ECDSA_SHA256 => Some(Self::EcdsaSha256),
            oids::ECDSA_SHA384 => Some(Self::EcdsaSha384),
            oids::RSA_SHA1 => Some(Self::RsaPkcs1Sha1),
            oids::RSA_SHA256 => Some(Self::RsaPkcs1Sha256),
            oids::RSA_SHA384 => Some(Self::RsaPkcs1Sha384),
            oids::RSA_SHA512 => Some(Self::RsaPkcs1Sha512),
            _ => None,
        }
    }

    /// The object identifier to write.
    pub fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Sm2Sm3 => oids::SM2_WITH_SM3,
            Self::EcdsaSha256 => oids::ECDSA_SHA256,
            Self::EcdsaSha384 => oids::ECDSA_SHA384,
            Self::RsaPkcs1Sha1 => oids::RSA_SHA1,
            Self::RsaPkcs1Sha256 => oids::RSA_SHA256,
            Self::RsaPkcs1Sha384 => oids::RSA_SHA384,
            Self::RsaPkcs1Sha512 => oids::RSA_SHA512,
            Self::RsaPss { .. } => oids::RSASSA_PSS,
        }
    }

    /// RSA signature of this digest, for SignerInfos that name `rsaEncryption` and the digest apart.
    pub fn rsa_with(digest: DigestAlgorithm) -> Option<Self> {
        match digest {
            DigestAlgorithm::Sha1 => Some(Self::RsaPkcs1Sha1),
            DigestAlgorithm::Sha256 => Some(Self::RsaPkcs1Sha256),
            DigestAlgorithm::Sha384 => Some(Self::RsaPkcs1Sha384),
            DigestAlgorithm::Sha512 => Some(Self::RsaPkcs1Sha512),
            DigestAlgorithm::Sm3 => None,
        }
    }

    /// The digest inside.
    pub fn digest(self) -> DigestAlgorithm {
        match self {
            Self::Sm2Sm3 => DigestAlgorithm::Sm3,
            Self::RsaPkcs1Sha1 => DigestAlgorithm::Sha1,
            Self::EcdsaSha256 | Self::RsaPkcs1Sha256 => DigestAlgorithm::Sha256,
            Self::EcdsaSha384 | Self::RsaPkcs1Sha384 => DigestAlgorithm::Sha384,
            Self::RsaPkcs1Sha512 => DigestAlgorithm::Sha512,
            Self::RsaPss { digest, .. } => digest,
        }
    }

    /// Name for people: `SM2 with SM3`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sm2Sm3 => "SM2 with SM3",
            Self::EcdsaSha256 => "ECDSA with SHA-256",
            Self::EcdsaSha384 => "ECDSA with SHA-384",
            Self::RsaPkcs1Sha1 => "RSA with SHA-1",
            Self::RsaPkcs1Sha256 => "RSA with SHA-256",
            Self::RsaPkcs1Sha384 => "RSA with SHA-384",
            Self::RsaPkcs1Sha512 => "RSA with SHA-512",
            Self::RsaPss { digest: DigestAlgorithm::Sha256, .. } => "RSA-PSS with SHA-256",
            Self::RsaPss { digest: DigestAlgorithm::Sha384, .. } => "RSA-PSS with SHA-384",
            Self::RsaPss { digest: DigestAlgorithm::Sha512, .. } => "RSA-PSS with SHA-512",
            Self::RsaPss { .. } => "RSA-PSS",
        }
    }
}
