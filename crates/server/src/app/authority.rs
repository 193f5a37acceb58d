//! The authority (主管部门) as a signer: of approval certificates, receipts, cancellation certificates and of heads of the audit chain.

use crate::proof::{self, AuthorizedSigner, IssuingAuthority, Proof, ProofSigner, SignProofError, Statement};
use jiff::Timestamp;
use std::sync::{Arc, PoisonError, RwLock};
use yinxin_crypto::{SignatureAlgorithm, SigningKey};
use yinxin_formats::x509::Certificate;
use yinxin_registry::audit::{Head, SignedHead};
use yinxin_seal::TrustFacts;

/// Key, certificate and trust of the authority that runs this registry.
pub struct Authority {
    /// Name and code, as printed on certificates.
    pub party: IssuingAuthority,
    /// Area it is in charge of, as a path.
    pub area: String,
    /// Its key.
    pub key: Box<dyn SigningKey>,
    /// Its certificate.
    pub certificate: Certificate,
    /// Issuers of its certificate, the nearest first.
    pub chain: Vec<Certificate>,
    /// What certificates of makers, owners and people are judged by; replaced when revocation lists are.
    trust: RwLock<Arc<TrustFacts>>,
}

/// Where an [`Authority`] comes from.
pub struct AuthorityParts {
    /// Name and code, as printed on certificates.
    pub party: IssuingAuthority,
    /// Path of the area it is in charge of.
    pub area: String,
    /// Its key.
    pub key: Box<dyn SigningKey>,
    /// Its certificate.
    pub certificate: Certificate,
    /// Issuers of its certificate, the nearest first.
    pub chain: Vec<Certificate>,
    /// Trust.
    pub trust: TrustFacts,
}

impl Authority {
    /// Of its parts.
    pub fn new(parts: AuthorityParts) -> Self {
        Self {
            party: parts.party,
            area: parts.area,
            key: parts.key,
            certificate: parts.certificate,
            chain: parts.chain,
            trust: RwLock::new(Arc::new(parts.trust)),
        }
    }

    /// What certificates are judged by now.
    pub fn trust(&self) -> Arc<TrustFacts> {
        Arc::clone(&self.trust.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts newer trust in place.
    pub fn set_trust(&self, trust: TrustFacts) {
        *self.trust.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(trust);
    }

    /// Name and code.
    pub fn party(&self) -> IssuingAuthority {
        self.party.clone()
    }

    /// Signs a statement; verified before it is given out.
    ///
    /// # Errors
    /// [`SignProofError`].
    pub fn prove(&self, statement: Statement, now: Timestamp) -> Result<Proof, SignProofError> {
        let signer = ProofSigner { key: &*self.key, certificate: &self.certificate, chain: &self.chain };
        proof::sign(statement, signer, now)
    }

    /// As makers know it, to check its approvals.
    pub fn as_approver(&self) -> AuthorizedSigner {
        AuthorizedSigner {
            code: self.party.code.clone(),
            area: self.area.clone(),
            certificate: self.certificate.clone(),
        }
    }

    /// Name of the key in heads of the audit chain: SM3 of the certificate, hex.
    pub fn key_id(&self) -> String {
        hex::encode(yinxin_crypto::sm3(self.certificate.raw()))
    }

    /// Signs a head of the audit chain and verifies the signature.
    ///
    /// # Errors
    /// What the key says, or that its signature does not verify.
    pub fn sign_head(&self, head: Head) -> Result<SignedHead, String> {
        let bytes = head.to_be_signed();
        let signature = self.key.sign(&bytes).map_err(|error| error.to_string())?;
        if !self.verifies(&bytes, &signature) {
            return Err("the signature of the audit head does not verify".to_owned());
        }
        Ok(head.signed(signature))
    }

    /// Whether a signature over bytes is that of the authority's key.
    pub fn verifies(&self, bytes: &[u8], signature: &[u8]) -> bool {
        let Ok(key) = self.certificate.public_key() else { return false };
        key.verify(SignatureAlgorithm::Sm2Sm3, bytes, signature).is_ok()
    }
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").field("party", &self.party).finish_non_exhaustive()
    }
}
