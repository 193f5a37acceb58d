//! What must hold of a certificate before a seal is made with it, whoever issued it and however it came.

use jiff::Timestamp;
use yinxin_crypto::PublicKey;
use yinxin_formats::der::Limits;
use yinxin_formats::oids;
use yinxin_formats::x509::Certificate;
use yinxin_seal::report::Text;
use yinxin_seal::trust::{ChainState, Evaluator, Purpose};
use yinxin_seal::{Policy, TrustFacts};

use super::IssuedCertificate;

/// Most certificates that come with one.
const MAX_CHAIN: usize = 8;

/// What the certificate should be.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The key it must certify.
    pub key: &'a PublicKey,
    /// The unit it must name.
    pub organization: &'a str,
    /// The credit code it must carry, where it carries any.
    pub credit_code: Option<&'a str>,
}

/// Why a certificate is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateFault {
    /// It cannot be read, deviates from strict DER, or comes with too many others.
    #[error("证书格式不正确：{0} / the certificate is malformed: {0}")]
    Malformed(String),
    /// It certifies another key.
    #[error("证书与本印章的密钥不匹配 / the certificate is not for the seal's key")]
    Key,
    /// It names another unit.
    #[error("证书主体不是用章单位 / the certificate names another unit")]
    Subject,
    /// It is one of an authority.
    #[error("机构证书不能用于印章 / a CA certificate cannot be a seal's")]
    Authority,
    /// Not yet or no longer valid.
    #[error("证书不在有效期内（{from} 至 {until}） / the certificate is not valid now ({from} to {until})")]
    Time {
        /// First moment.
        from: Timestamp,
        /// Last moment.
        until: Timestamp,
    },
    /// It is not for signatures.
    #[error("证书用途不符：{} / the certificate is for another use: {}", .0.zh, .0.en)]
    Usage(Text),
    /// It leads to no configured anchor.
    #[error(
        "证书链不通向 ca.trust_anchors 中的根，缺少“{0}” / the chain leads to no anchor of ca.trust_anchors; \"{0}\" is missing"
    )]
    Chain(String),
    /// Anything else of chain, usage or revocation.
    #[error("证书不可用：{} / the certificate is refused: {}", .0.zh, .0.en)]
    Trust(Text),
}

impl CertificateFault {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "CERTIFICATE_MALFORMED",
            Self::Key => "CERTIFICATE_KEY",
            Self::Subject => "CERTIFICATE_SUBJECT",
            Self::Authority => "CERTIFICATE_IS_AUTHORITY",
            Self::Time { .. } => "CERTIFICATE_TIME",
            Self::Usage(_) => "CERTIFICATE_USAGE",
            Self::Chain(_) => "CERTIFICATE_CHAIN",
            Self::Trust(_) => "CERTIFICATE_REFUSED",
        }
    }
}

/// Reads a certificate and its issuers, each as DER, the certificate first. Strict: deviations are refused.
///
/// # Errors
/// [`CertificateFault::Malformed`].
pub fn read_chain<B: AsRef<[u8]>>(ders: &[B]) -> Result<IssuedCertificate, CertificateFault> {
    if ders.len() > MAX_CHAIN {
        return Err(CertificateFault::Malformed("too many certificates".to_owned()));
    }
    let mut read = Vec::with_capacity(ders.len());
    for der in ders {
        let cert = Certificate::parse(der.as_ref(), &Limits::default())
            .map_err(|e| CertificateFault::Malformed(e.to_string()))?;
        if let Some(d) = cert.deviations().first() {
            return Err(CertificateFault::Malformed(d.code.to_owned()));
        }
        read.push(cert);
    }
    let mut read = read.into_iter();
    let leaf = read.next().ok_or_else(|| CertificateFault::Malformed("no certificate".to_owned()))?;
    Ok(IssuedCertificate { leaf, chain: read.collect() })
}

/// Checks a certificate made here or elsewhere (导入): the seal's key, the unit's name, a chain to an anchor, good now, for
/// signatures.
///
/// # Errors
/// The first [`CertificateFault`] found.
pub fn check_certificate(
    issued: &IssuedCertificate,
    expected: Expected<'_>,
    facts: &TrustFacts,
    at: Timestamp,
) -> Result<(), CertificateFault> {
    let leaf = &issued.leaf;
    let key = leaf.public_key().map_err(|e| CertificateFault::Malformed(e.to_string()))?;
    if key != *expected.key {
        return Err(CertificateFault::Key);
    }
    if leaf.basic_constraints().ok().flatten().is_some_and(|b| b.ca) {
        return Err(CertificateFault::Authority);
    }
    let names = [&oids::AT_ORGANIZATION, &oids::AT_COMMON_NAME].map(|oid| leaf.subject.get(oid));
    let named = names.into_iter().flatten().any(|n| n == expected.organization);
    let stated = leaf.subject.get(&oids::AT_SERIAL_NUMBER).filter(|s| s.len() == 18);
    let code_fits = match (stated, expected.credit_code) {
        (Some(stated), Some(code)) => stated == code,
        _ => true,
    };
    if !named || !code_fits {
        return Err(CertificateFault::Subject);
    }
    if at < leaf.not_before || at > leaf.not_after {
        return Err(CertificateFault::Time { from: leaf.not_before, until: leaf.not_after });
    }
    let judged = Evaluator::new(facts, at, Policy::Default).judge(leaf, &issued.chain, Purpose::Signer, at);
    if let Err(t) = &judged.usage {
        return Err(CertificateFault::Usage(t.clone()));
    }
    if let Some(t) = judged.problem() {
        return Err(CertificateFault::Trust(t.clone()));
    }
    match &judged.chain {
        ChainState::Anchored => Ok(()),
        ChainState::Broken(t) => Err(CertificateFault::Trust(t.clone())),
        ChainState::NoAnchor(missing) => Err(CertificateFault::Chain(missing.to_string())),
    }
}
