//! Statement of truth (真实性承诺): an applicant's agent signs, with his own SM2 certificate, that what was handed in is true.
//!
//! What is signed is a sentence with the digest of the application in it, not the bare digest: a signing device that
//! shows what it signs shows the promise.

use jiff::{SignedDuration, Timestamp};
use yinxin_crypto::SignatureAlgorithm;
use yinxin_formats::cms::{CmsError, SignedData};
use yinxin_formats::der::Limits;
use yinxin_formats::x509::Certificate;
use yinxin_seal::report::{Text, text};
use yinxin_seal::trust::{ChainState, Evaluator, Purpose};
use yinxin_seal::{Policy, TrustFacts};

/// Clocks may differ by this much.
const SKEW: SignedDuration = SignedDuration::from_mins(10);
/// Longest signed statement, bytes.
const MAX_SIGNED: usize = 256 << 10;

/// The exact bytes to sign for an application with this SM3 digest: UTF-8, LF line ends.
pub fn declaration(application_digest: &[u8; 32]) -> Vec<u8> {
    format!(
        "印信-真实性承诺-1\n本人及所代表单位承诺：本次电子印章申请所填内容和所交材料真实、合法、有效，并承担由此产生的法律责任。\n申请摘要 SM3 {}\n",
        hex::encode(application_digest)
    )
    .into_bytes()
}

/// Who signed a statement of truth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TruthSigner {
    /// Common name of the certificate.
    pub common_name: Option<String>,
    /// Subject of the certificate.
    pub subject: String,
    /// Issuer of the certificate.
    pub issuer: String,
    /// Serial of the certificate, hexadecimal.
    pub serial: String,
    /// SM3 of the certificate.
    pub certificate_digest: [u8; 32],
    /// When the signer says to have signed, where it says so.
    pub signed_at: Option<Timestamp>,
}

/// Why a statement of truth does not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TruthFault {
    /// Not a SignedData with one signer.
    #[error("承诺书签名数据格式不正确：{0} / the signed statement is malformed: {0}")]
    Malformed(String),
    /// The content inside is another than the declaration for this application.
    #[error("签名的内容不是对本申请的承诺 / what was signed is not the declaration for this application")]
    Content,
    /// The signer's certificate is not inside.
    #[error("签名数据中没有签名人证书 / the signer's certificate is not in the signed data")]
    CertificateMissing,
    /// Not SM2 with SM3.
    #[error("承诺书须用 SM2 签名 / the statement must be signed with SM2")]
    Algorithm,
    /// The signature does not hold.
    #[error("承诺书签名不正确：{0} / the signature is wrong: {0}")]
    Signature(CmsError),
    /// The certificate does not hold.
    #[error("签名人证书不可用：{} / the signer's certificate is refused: {}", .0.zh, .0.en)]
    Chain(Text),
    /// Signed in the future.
    #[error("签名时间在将来 / signed in the future")]
    Time,
}

impl TruthFault {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "TRUTH_MALFORMED",
            Self::Content => "TRUTH_CONTENT",
            Self::CertificateMissing => "TRUTH_CERTIFICATE_MISSING",
            Self::Algorithm => "TRUTH_ALGORITHM",
            Self::Signature(_) => "TRUTH_SIGNATURE",
            Self::Chain(_) => "TRUTH_CERTIFICATE",
            Self::Time => "TRUTH_TIME",
        }
    }
}

/// Verifies a signed statement of truth: SignedData of GB/T 35275 or RFC 5652, the declaration inside or left out, the
/// signer's certificate inside. Whether the signer is the agent named in the application is for the caller to compare.
///
/// # Errors
/// The first [`TruthFault`] found.
pub fn verify(
    signed: &[u8],
    application_digest: &[u8; 32],
    facts: &TrustFacts,
    at: Timestamp,
) -> Result<TruthSigner, TruthFault> {
    let malformed = |why: String| TruthFault::Malformed(why);
    if signed.len() > MAX_SIGNED {
        return Err(malformed("too long".to_owned()));
    }
    let limits = Limits::default();
    let data = SignedData::parse(signed, &limits).map_err(|e| malformed(e.to_string()))?;
    let [signer] = data.signer_infos.as_slice() else {
        return Err(malformed("not exactly one signer".to_owned()));
    };
    match signer.algorithms() {
        Ok((_, SignatureAlgorithm::Sm2Sm3)) => {}
        _ => return Err(TruthFault::Algorithm),
    }
    let parsed = data.certificates.iter().map(|c| Certificate::parse(c, &limits));
    let certificates: Vec<Certificate> =
        parsed.collect::<Result<_, _>>().map_err(|e| malformed(e.to_string()))?;
    let certificate =
        certificates.iter().find(|c| signer.sid.matches(c)).ok_or(TruthFault::CertificateMissing)?;
    data.verify_signer(0, Some(&declaration(application_digest)), certificate).map_err(|e| match e {
        CmsError::ContentMismatch | CmsError::DigestMismatch => TruthFault::Content,
        other => TruthFault::Signature(other),
    })?;
    let attrs = signer.signed_attrs.as_ref();
    let signed_at =
        attrs.map(|a| a.signing_time()).transpose().map_err(|e| malformed(e.to_string()))?.flatten();
    if signed_at.is_some_and(|t| t > at.saturating_add(SKEW).unwrap_or(at)) {
        return Err(TruthFault::Time);
    }
    // The moment of handing in is the one we know ourselves; the stated time may lie.
    let judged =
        Evaluator::new(facts, at, Policy::Default).judge(certificate, &certificates, Purpose::Signer, at);
    if let Some(t) = judged.problem() {
        return Err(TruthFault::Chain(t.clone()));
    }
    if let ChainState::NoAnchor(missing) = &judged.chain {
        let t = text(format!("证书链缺少“{missing}”"), format!("the chain lacks \"{missing}\""));
        return Err(TruthFault::Chain(t));
    }
    Ok(TruthSigner {
        common_name: certificate.subject.common_name().map(str::to_owned),
        subject: certificate.subject.to_string(),
        issuer: certificate.issuer.to_string(),
        serial: certificate.serial.to_string(),
        certificate_digest: certificate.sm3(),
        signed_at,
    })
}
