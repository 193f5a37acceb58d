//! Whose certificates a signature stands on, and what is known of them.

use jiff::Timestamp;
use yinxin_formats::cms::SignedData;
use yinxin_formats::crl::Crl;
use yinxin_formats::der::Limits;
use yinxin_formats::ocsp::OcspResponse;
use yinxin_formats::oids;
use yinxin_formats::ses::{Seal, SesSignature, SesVersion};
use yinxin_formats::tsp::TimeStampToken;
use yinxin_formats::x509::Certificate;

use crate::trust::{ChainState, Evaluator, Purpose, RevocationState, TrustFacts};

/// A certificate that a signature stands on.
#[derive(Debug, Clone)]
pub(crate) struct Involved {
    pub cert: Certificate,
    /// Certificates that came with it.
    pub embedded: Vec<Certificate>,
    pub purpose: Purpose,
    /// When it was used, where that is known from the data themselves.
    pub moment: Option<Timestamp>,
}

/// Most certificates of one structure that are looked at.
const MAX_EMBEDDED: usize = 100;
/// Longest chain.
const MAX_CHAIN: usize = 10;

fn parsed(list: &[Vec<u8>], limits: &Limits) -> Vec<Certificate> {
    list.iter().take(MAX_EMBEDDED).filter_map(|c| Certificate::parse(c, limits).ok()).collect()
}

/// Everybody a SignedData stands on: signers and the authorities of their timestamps, or the authority of a token.
pub(crate) fn of_signed_data(cms: &SignedData, facts: &TrustFacts, limits: &Limits) -> Vec<Involved> {
    let embedded = parsed(&cms.certificates, limits);
    let token = (cms.content_type == oids::TST_INFO).then(|| TimeStampToken::parse(cms.raw(), limits).ok());
    let stated = token.flatten().map(|t| t.info.gen_time);
    let purpose = if stated.is_some() { Purpose::Timestamp } else { Purpose::Signer };
    let mut out = Vec::new();
    for info in cms.signer_infos.iter().take(16) {
        let pool = embedded.iter().chain(&facts.intermediates).chain(&facts.anchors);
        if let Some(cert) = pool.into_iter().find(|c| info.sid.matches(c)) {
            let (cert, embedded) = (cert.clone(), embedded.clone());
            out.push(Involved { cert, embedded, purpose, moment: stated });
        }
        for token in info.unsigned(&oids::ATTR_TIMESTAMP_TOKEN).take(4) {
            out.extend(of_token(token, facts, limits));
        }
    }
    out
}

/// Everybody an SES_Signature stands on: signer, maker of the seal, authorities of the timestamps of both.
pub(crate) fn of_ses(sig: &SesSignature, facts: &TrustFacts, limits: &Limits) -> Vec<Involved> {
    let mut out = Vec::new();
    let mut one = |der: &[u8], purpose, moment| {
        let cert = Certificate::parse(der, limits).ok();
        out.extend(cert.map(|cert| Involved { cert, embedded: Vec::new(), purpose, moment }));
    };
    one(&sig.signer_cert, Purpose::Signer, None);
    let seal: &Seal = &sig.seal;
    // Version 5 asks whether the maker was good when the seal was made.
    let made = (seal.version == SesVersion::V5).then_some(seal.property.create_date);
    one(&seal.maker_cert, Purpose::SealMaker, made);
    for token in sig.timestamp.iter().chain(&seal.timestamp) {
        out.extend(of_token(token, facts, limits));
    }
    out
}

fn of_token(token: &[u8], facts: &TrustFacts, limits: &Limits) -> Vec<Involved> {
    SignedData::parse(token, limits).map(|cms| of_signed_data(&cms, facts, limits)).unwrap_or_default()
}

/// What is known of one or several of them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Found {
    pub certificates: Vec<Certificate>,
    pub crls: Vec<Crl>,
    pub ocsp: Vec<OcspResponse>,
}

/// The chain of each, and the revocation data that speak about it, from the facts.
pub(crate) fn collect(all: &[Involved], facts: &TrustFacts) -> Found {
    let mut out = Found::default();
    for one in all {
        let mut now = one.cert.clone();
        for _ in 0..MAX_CHAIN {
            let known = out.certificates.iter().any(|c| c.raw() == now.raw());
            if !known {
                out.certificates.push(now.clone());
            }
            if now.is_self_issued() {
                break;
            }
            let pool = facts.anchors.iter().chain(&facts.intermediates).chain(&one.embedded);
            let made = |c: &&Certificate| {
                c.subject.matches(&now.issuer)
                    && c.public_key().is_ok_and(|key| now.verify_signature(&key).is_ok())
            };
            let Some(issuer) = pool.into_iter().find(made).cloned() else { break };
            let crls = facts.crls.iter().filter(|c| c.issuer.matches(&issuer.subject));
            for crl in crls {
                if !out.crls.iter().any(|c| c.raw() == crl.raw()) {
                    out.crls.push(crl.clone());
                }
            }
            for answer in &facts.ocsp {
                let about = answer
                    .basic
                    .as_ref()
                    .is_some_and(|b| b.responses.iter().any(|r| r.cert_id.matches(&issuer, &now.serial)));
                if about && !out.ocsp.iter().any(|o| o.raw() == answer.raw()) {
                    out.ocsp.push(answer.clone());
                }
            }
            now = issuer;
        }
    }
    out
}

/// Whether these facts alone tell that a certificate was good when it was used; who is not covered otherwise.
pub(crate) fn covered(
    all: &[Involved],
    facts: &TrustFacts,
    evaluator: &Evaluator<'_>,
    used: Timestamp,
) -> Result<(), String> {
    let alone = Evaluator::new(facts, evaluator.now, evaluator.policy);
    for one in all {
        let judged = alone.judge(&one.cert, &one.embedded, one.purpose, one.moment.unwrap_or(used));
        let who = one.cert.subject.to_string();
        match (judged.chain, judged.revocation) {
            (ChainState::Anchored, RevocationState::Good(_) | RevocationState::RevokedLater(..)) => {}
            (ChainState::Anchored, RevocationState::NoData(list)) => return Err(list.join("; ")),
            (ChainState::Anchored, _) => return Err(format!("{who}: revoked")),
            (ChainState::NoAnchor(missing), _) => return Err(format!("{who}: {missing}")),
            (ChainState::Broken(t), _) => return Err(format!("{who}: {}", t.en)),
        }
    }
    Ok(())
}
