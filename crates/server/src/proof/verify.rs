//! Verification of proofs.

use jiff::{SignedDuration, Timestamp};
use yinxin_crypto::sm3;
use yinxin_formats::cms::{Family, SignedData, SignerId, SignerInfo};
use yinxin_formats::crl::RevocationReason;
use yinxin_formats::der::Limits;
use yinxin_formats::oids;
use yinxin_formats::x509::Certificate;
use yinxin_seal::report::{Text, text};
use yinxin_seal::trust::{ChainState, Evaluator, Purpose, RevocationState};
use yinxin_seal::{Policy, TrustFacts};

use super::canonical::from_canonical;
use super::trust::{AuthorizedSigner, ProofTrust};
use super::{ProofFault, ProofKind, Statement};

/// Clocks may differ by this much.
const SKEW: SignedDuration = SignedDuration::from_mins(10);
/// Longest proof, bytes.
const MAX_PROOF: usize = 1 << 20;
/// Most certificates beside the signer's.
const MAX_CERTIFICATES: usize = 8;

/// A proof that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// What it states.
    pub statement: Statement,
    /// When its signer says to have signed it.
    pub signed_at: Timestamp,
    /// Subject of the signer's certificate.
    pub signer: String,
    /// SM3 of the whole proof.
    pub digest: [u8; 32],
}

/// Verifies a proof of one kind at a moment: structure, content, signature, signer, certificate, times.
///
/// # Errors
/// The first [`ProofFault`] found.
pub fn verify(
    der: &[u8],
    kind: ProofKind,
    trust: ProofTrust<'_>,
    at: Timestamp,
) -> Result<Verified, ProofFault> {
    let opened = open(der)?;
    let signer = opened.signer_among(trust.signers)?;
    opened.signature_holds(&signer.certificate)?;
    let statement = &opened.statement;
    let in_charge = signer.area.ends_with('/') && statement.area.starts_with(&signer.area);
    if statement.authority.code != signer.code || !in_charge {
        return Err(ProofFault::Signer);
    }
    if signer.until.is_some_and(|until| opened.signed_at > until.saturating_add(SKEW).unwrap_or(until)) {
        return Err(ProofFault::Signer);
    }
    certificate_holds(&signer.certificate, &opened.certificates, trust.facts, opened.signed_at, at)?;
    if statement.kind != kind {
        return Err(ProofFault::Kind { expected: kind, found: statement.kind });
    }
    times_hold(statement, opened.signed_at, at)?;
    Ok(Verified {
        signed_at: opened.signed_at,
        signer: signer.certificate.subject.to_string(),
        digest: sm3(der),
        statement: opened.statement,
    })
}

/// A proof taken apart; nothing is believed yet.
#[derive(Debug)]
pub(super) struct Opened {
    data: SignedData,
    certificates: Vec<Certificate>,
    signed_at: Timestamp,
    statement: Statement,
}

/// Takes a proof apart: strict DER, plain content inside, one signer with signed attributes.
pub(super) fn open(der: &[u8]) -> Result<Opened, ProofFault> {
    let malformed = |why: &str| ProofFault::Malformed(why.to_owned());
    if der.len() > MAX_PROOF {
        return Err(malformed("too long"));
    }
    let limits = Limits::default();
    let data = SignedData::parse(der, &limits).map_err(|e| ProofFault::Malformed(e.to_string()))?;
    if let Some(d) = data.deviations().first() {
        return Err(ProofFault::Malformed(d.code.to_owned()));
    }
    if data.family != Family::Gbt35275 || data.content_type != Family::Gbt35275.data() {
        return Err(ProofFault::ContentType);
    }
    // What stands outside the signature is fixed as well, so that one proof has one encoding.
    if data.version != 1 || data.digest_algorithms != [oids::SM3] {
        return Err(malformed("version or digest algorithm"));
    }
    let content = data.econtent.as_deref().ok_or_else(|| malformed("no content inside"))?;
    let [signer] = data.signer_infos.as_slice() else { return Err(malformed("not exactly one signer")) };
    let signed_at = signing_time(signer)?;
    if data.certificates.len() > MAX_CERTIFICATES {
        return Err(malformed("too many certificates"));
    }
    // A SET OF in DER has one order (X.690, 11.6), and a second copy of a certificate adds nothing.
    if !data.certificates.is_sorted_by(|a, b| a < b) {
        return Err(malformed("certificates out of order"));
    }
    let parsed = data.certificates.iter().map(|c| Certificate::parse(c, &limits));
    let certificates: Vec<Certificate> =
        parsed.collect::<Result<_, _>>().map_err(|e| ProofFault::Malformed(e.to_string()))?;
    let statement = from_canonical(content)?;
    statement.check()?;
    Ok(Opened { certificates, signed_at, statement, data })
}

/// The signing time, which a proof must carry under its signature. Everything outside the signature is refused.
fn signing_time(signer: &SignerInfo) -> Result<Timestamp, ProofFault> {
    let malformed = |why: &str| ProofFault::Malformed(why.to_owned());
    if !signer.unsigned_attrs.is_empty() {
        return Err(malformed("attributes outside the signature"));
    }
    if signer.digest_algorithm != oids::SM3 || signer.signature_algorithm != oids::SM2_SIGN {
        return Err(malformed("not signed with SM2 and SM3"));
    }
    let attrs = signer.signed_attrs.as_ref().ok_or_else(|| malformed("no signed attributes"))?;
    let time = attrs.signing_time().map_err(|e| ProofFault::Malformed(e.to_string()))?;
    time.ok_or_else(|| malformed("no signing time"))
}

impl Opened {
    /// The signature over the content, and that the signed attributes name this certificate and no other.
    pub(super) fn signature_holds(&self, certificate: &Certificate) -> Result<(), ProofFault> {
        if !self.certificates.contains(certificate) {
            return Err(ProofFault::Malformed("the signer's certificate is not inside".to_owned()));
        }
        let named_exactly = self.data.signer_infos.first().is_some_and(|s| match &s.sid {
            SignerId::IssuerSerial { issuer, serial } => {
                issuer.raw() == certificate.issuer.raw() && *serial == certificate.serial
            }
            SignerId::SubjectKeyId(_) => false,
        });
        if !named_exactly {
            return Err(ProofFault::Signer);
        }
        self.data.verify_signer(0, None, certificate).map_err(ProofFault::Signature)?;
        let attrs = self.data.signer_infos.first().and_then(|s| s.signed_attrs.as_ref());
        let named = attrs
            .map(|a| a.signing_certificate())
            .transpose()
            .map_err(|e| ProofFault::Malformed(e.to_string()))?
            .flatten();
        let fits = named.and_then(|list| list.first().map(|id| id.matches(certificate) == Some(true)));
        if fits == Some(true) { Ok(()) } else { Err(ProofFault::Signer) }
    }

    fn signer_among<'t>(&self, signers: &'t [AuthorizedSigner]) -> Result<&'t AuthorizedSigner, ProofFault> {
        let sid = self.data.signer_infos.first().map(|s| &s.sid);
        let named = |s: &&AuthorizedSigner| sid.is_some_and(|sid| sid.matches(&s.certificate));
        // One authority may stand here under several codes; the one the statement names counts.
        let mut found = signers.iter().filter(named);
        let first = found.clone().next().ok_or(ProofFault::Signer)?;
        Ok(found.find(|s| s.code == self.statement.authority.code).unwrap_or(first))
    }
}

/// The authority's certificate: good when it signed, and not revoked since for a reason that lets others sign back-dated.
pub(crate) fn certificate_holds(
    certificate: &Certificate,
    embedded: &[Certificate],
    facts: &TrustFacts,
    signed_at: Timestamp,
    at: Timestamp,
) -> Result<(), ProofFault> {
    let evaluator = Evaluator::new(facts, at, Policy::Default);
    let judged = evaluator.judge(certificate, embedded, Purpose::Signer, signed_at);
    if let Some(t) = judged.problem() {
        return Err(ProofFault::Chain(t.clone()));
    }
    match (&judged.chain, &judged.revocation) {
        (ChainState::Anchored, RevocationState::RevokedLater(t, reason)) if !harmless(*reason) => {
            Err(ProofFault::Chain(t.clone()))
        }
        (ChainState::Anchored, _) => Ok(()),
        (ChainState::NoAnchor(missing), _) => Err(ProofFault::Chain(unanchored(missing))),
        (ChainState::Broken(t), _) => Err(ProofFault::Chain(t.clone())),
    }
}

fn unanchored(missing: &str) -> Text {
    text(format!("证书链缺少“{missing}”"), format!("the chain lacks \"{missing}\""))
}

/// Reasons that say nothing against signatures made before.
fn harmless(reason: Option<RevocationReason>) -> bool {
    use RevocationReason::{AffiliationChanged, CessationOfOperation, Superseded};
    matches!(reason, Some(AffiliationChanged | CessationOfOperation | Superseded))
}

fn times_hold(statement: &Statement, signed_at: Timestamp, at: Timestamp) -> Result<(), ProofFault> {
    let later = |a: Timestamp, b: Timestamp| a > b.saturating_add(SKEW).unwrap_or(b);
    if later(signed_at, at) || later(statement.issued_at, at) {
        return Err(ProofFault::Time("它来自将来 (it is from the future)"));
    }
    if later(statement.issued_at, signed_at) || later(signed_at, statement.issued_at) {
        return Err(ProofFault::Time("签名时间与签发时间不一致 (signed at another time than it states)"));
    }
    if statement.valid_until.is_some_and(|until| at > until) {
        return Err(ProofFault::Expired);
    }
    Ok(())
}
