//! The authority (主管部门) as a signer: of approval certificates, receipts, cancellation certificates and of heads of the audit chain.

use crate::proof::{self, AuthorizedSigner, IssuingAuthority, Proof, ProofSigner, SignProofError, Statement};
use jiff::{SignedDuration, Timestamp};
use std::sync::{Arc, PoisonError, RwLock};
use yinxin_crypto::{SignatureAlgorithm, SigningKey};
use yinxin_formats::x509::Certificate;
use yinxin_registry::audit::{Head, SignedHead};
use yinxin_seal::TrustFacts;
use yinxin_seal::trust::Remembered;

/// The authority that runs this registry: who it is, what it signs with, what it relies on.
pub struct Authority {
    /// Name and code, as printed on certificates.
    pub party: IssuingAuthority,
    /// Area it is in charge of, as a path.
    pub area: String,
    /// Key and certificates as they are now; replaced when a certificate is renewed or a key rotated, by whichever node.
    signing: RwLock<Arc<Signing>>,
    /// What certificates of makers, owners and people are judged by; replaced when revocation lists are.
    trust: RwLock<Arc<TrustFacts>>,
}

/// Key and certificate that count now, and the certificates before.
pub struct Signing {
    /// The key.
    pub key: Box<dyn SigningKey>,
    /// Its certificate.
    pub certificate: Certificate,
    /// Issuers of the certificate, the nearest first.
    pub chain: Vec<Certificate>,
    /// Certificates that counted before, the newest first: what was signed under them stays good.
    pub former: Vec<FormerCertificate>,
}

/// A certificate of the authority that another has replaced.
#[derive(Debug, Clone)]
pub struct FormerCertificate {
    /// The certificate.
    pub certificate: Certificate,
    /// Its issuers, the nearest first.
    pub chain: Vec<Certificate>,
    /// When the next one took its place. Nothing is signed under it later.
    pub until: Timestamp,
}

/// A node that has not heard of a change yet signs under the former certificate for a while.
const NODES_FOLLOW: SignedDuration = SignedDuration::from_mins(10);

impl Signing {
    /// The certificate named by its SM3 in hex, where one of this authority has it; whether it counts still, else until when.
    pub fn named(&self, key_id: &str) -> Option<(&Certificate, Option<Timestamp>)> {
        let is = |certificate: &Certificate| hex::encode(certificate.sm3()) == key_id;
        if is(&self.certificate) {
            return Some((&self.certificate, None));
        }
        let found = self.former.iter().find(|former| is(&former.certificate));
        found.map(|former| (&former.certificate, Some(former.until)))
    }

    /// Whether a head of the audit chain, dated `at`, is signed by the key it names, in the time of that key.
    pub fn signed_head(&self, key_id: &str, at: Timestamp, bytes: &[u8], signature: &[u8]) -> bool {
        let Some((certificate, until)) = self.named(key_id) else { return false };
        let in_time = until.is_none_or(|until| at <= until.saturating_add(NODES_FOLLOW).unwrap_or(until));
        in_time && verifies(certificate, bytes, signature)
    }
}

/// Whether a signature over bytes is that of a certificate's key.
pub(crate) fn verifies(certificate: &Certificate, bytes: &[u8], signature: &[u8]) -> bool {
    let Ok(key) = certificate.public_key() else { return false };
    key.verify(SignatureAlgorithm::Sm2Sm3, bytes, signature).is_ok()
}

/// Where an [`Authority`] comes from.
pub struct AuthorityParts {
    /// Name and code, as printed on certificates.
    pub party: IssuingAuthority,
    /// Path of the area it is in charge of.
    pub area: String,
    /// Key and certificates.
    pub signing: Signing,
    /// Trust.
    pub trust: TrustFacts,
}

impl Authority {
    /// Of its parts.
    pub fn new(mut parts: AuthorityParts) -> Self {
        parts.trust.remembered = Remembered::shared();
        Self {
            party: parts.party,
            area: parts.area,
            signing: RwLock::new(Arc::new(parts.signing)),
            trust: RwLock::new(Arc::new(parts.trust)),
        }
    }

    /// Key and certificates as they are now.
    pub fn signing(&self) -> Arc<Signing> {
        Arc::clone(&self.signing.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts a newer key or certificate in place.
    pub fn set_signing(&self, signing: Signing) {
        *self.signing.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(signing);
    }

    /// What certificates are judged by now.
    pub fn trust(&self) -> Arc<TrustFacts> {
        Arc::clone(&self.trust.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts newer trust in place.
    pub fn set_trust(&self, mut trust: TrustFacts) {
        trust.remembered = self.trust().remembered.clone();
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
        let now_signing = self.signing();
        let Signing { key, certificate, chain, .. } = &*now_signing;
        proof::sign(statement, ProofSigner { key: &**key, certificate, chain }, now)
    }

    /// Signs bytes that begin with words of their own, so that they are nothing else, and verifies the signature: the signature (SM2,
    /// DER) with the key and certificate it was made by.
    ///
    /// # Errors
    /// What the key says, or that its signature does not verify.
    pub fn sign(&self, bytes: &[u8]) -> Result<(Vec<u8>, Arc<Signing>), String> {
        let signing = self.signing();
        let signature = signing.key.sign(bytes).map_err(|error| error.to_string())?;
        match verifies(&signing.certificate, bytes, &signature) {
            true => Ok((signature, signing)),
            false => Err("the signature does not verify".to_owned()),
        }
    }

    /// As makers know it, to check its approvals: under its certificate, and under those it had before.
    pub fn as_approvers(&self) -> Vec<AuthorizedSigner> {
        let signing = self.signing();
        let signer = |certificate: &Certificate, until: Option<Timestamp>| AuthorizedSigner {
            code: self.party.code.clone(),
            area: self.area.clone(),
            certificate: certificate.clone(),
            until,
        };
        let former = signing.former.iter().map(|former| signer(&former.certificate, Some(former.until)));
        std::iter::once(signer(&signing.certificate, None)).chain(former).collect()
    }

    /// Signs a head of the audit chain at a moment, under the certificate's SM3, and verifies the signature.
    ///
    /// # Errors
    /// What the key says, or that its signature does not verify.
    pub fn sign_head(&self, head: UnsignedHead) -> Result<SignedHead, String> {
        let signing = self.signing();
        let UnsignedHead { seq, hash, root, at } = head;
        let head = Head { seq, hash, root, at, key_id: hex::encode(signing.certificate.sm3()) };
        let bytes = head.to_be_signed();
        let signature = signing.key.sign(&bytes).map_err(|error| error.to_string())?;
        if !verifies(&signing.certificate, &bytes, &signature) {
            return Err("the signature of the audit head does not verify".to_owned());
        }
        Ok(head.signed(signature))
    }
}

/// A head of the audit chain before it is known which key signs it.
#[derive(Debug, Clone)]
pub struct UnsignedHead {
    /// Number of the last row.
    pub seq: u64,
    /// Its hash.
    pub hash: [u8; 32],
    /// Root of the tree over all rows.
    pub root: [u8; 32],
    /// When.
    pub at: Timestamp,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").field("party", &self.party).finish_non_exhaustive()
    }
}
