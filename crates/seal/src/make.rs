//! Making a seal (电子印章制作): GB/T 38540-2020 §6.2, GM/T 0031-2025.
//!
//! Picture, name, owner's certificates and validity become SES_SealInfo; the maker signs it; version 5 may carry a
//! timestamp over the signature. All five parts that make a seal a seal are required (NM-2), and it may not outlive its
//! owner's certificate (NM-14).

use jiff::Timestamp;
use yinxin_crypto::{DEFAULT_USER_ID, SignError, SigningKey, sm3};
use yinxin_formats::ses::{
    CertDigest, CertList, SealInfoBuilder, SealPicture, SesVersion, SesWriteError, assemble_seal,
    read_sm2_signature,
};
use yinxin_formats::x509::Certificate;

use crate::report::Text;
use crate::sign::{TimestampSource, stamped};
use crate::trust::{Evaluator, Policy, Purpose, Remembered, TrustFacts};

/// How the owner's certificates are listed in the seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ListKind {
    /// Whole certificates (certListType 1).
    #[default]
    Certificates,
    /// SM3 digests of them (certListType 2).
    Digests,
}

/// What is asked of the maker.
#[derive(Debug, Clone)]
pub struct SealRequest {
    /// Version 4 or 5.
    pub version: SesVersion,
    /// Vendor identifier (厂商标识), ASCII.
    pub vendor: String,
    /// Seal code (印章编码), ASCII.
    pub id: String,
    /// Seal type code (印章类型).
    pub seal_type: u64,
    /// Name of the seal (印章名称).
    pub name: String,
    /// Certificates of those who may use the seal; at least one.
    pub owners: Vec<Certificate>,
    /// How they are listed.
    pub list: ListKind,
    /// The imprint with its size in mm.
    pub picture: SealPicture,
    /// When the seal is made.
    pub created: Timestamp,
    /// First moment of validity.
    pub valid_start: Timestamp,
    /// Last moment of validity.
    pub valid_end: Timestamp,
}

/// Why a seal was not made.
#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    /// No owner's certificate was given.
    #[error("印章必须列出至少一张所有者证书 / a seal must list at least one certificate of its owner")]
    NoOwner,
    /// The seal would outlive its owner's certificate.
    #[error(
        "印章有效期 {valid_end} 晚于所有者证书有效期 {not_after}，请缩短有效期或先更新证书 / the seal would be valid until {valid_end}, its owner's certificate only until {not_after}"
    )]
    OutlivesCertificate {
        /// End asked for.
        valid_end: Timestamp,
        /// End of the certificate.
        not_after: Timestamp,
    },
    /// A certificate may not be used for its role.
    #[error("证书不可用：{} / certificate refused: {}", .0.zh, .0.en)]
    Certificate(Text),
    /// The key is not the one in the maker's certificate.
    #[error("私钥与制章人证书不匹配 / the key does not belong to the maker's certificate")]
    KeyMismatch,
    /// The seal cannot be written as asked.
    #[error(transparent)]
    Write(#[from] SesWriteError),
    /// The key refused.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The signature handed in does not fit.
    #[error(
        "签名值不正确：不是制章人对这份印章数据的签名 / the signature is not the maker's over this seal data"
    )]
    WrongSignature,
    /// The timestamp could not be had.
    #[error("取时间戳失败：{0} / no timestamp: {0}")]
    Timestamp(String),
}

impl MakeError {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoOwner => "SEAL_NO_OWNER",
            Self::OutlivesCertificate { .. } => "SEAL_OUTLIVES_CERTIFICATE",
            Self::Certificate(_) => "CERTIFICATE_REFUSED",
            Self::KeyMismatch => "KEY_MISMATCH",
            Self::Write(e) => e.code(),
            Self::Sign(e) => e.code(),
            Self::WrongSignature => "WRONG_SIGNATURE",
            Self::Timestamp(_) => "TIMESTAMP_UNAVAILABLE",
        }
    }
}

/// SES_SealInfo ready for the maker's key, wherever that is.
#[derive(Debug, Clone)]
pub struct PreparedSeal {
    info: Vec<u8>,
    maker: Certificate,
    version: SesVersion,
}

impl PreparedSeal {
    /// The exact bytes for the maker to sign (SM2 with SM3, user id `1234567812345678`).
    pub fn to_sign(&self) -> &[u8] {
        &self.info
    }

    /// Puts the seal together from the maker's signature (DER or r‖s), which is verified first.
    pub fn complete(
        &self,
        signature: &[u8],
        timestamp: Option<&dyn TimestampSource>,
    ) -> Result<Vec<u8>, MakeError> {
        let value = checked_value(&self.maker, &self.info, signature, &Remembered::default())
            .ok_or(MakeError::WrongSignature)?;
        self.assemble(&value, timestamp)
    }

    fn assemble(&self, value: &[u8], timestamp: Option<&dyn TimestampSource>) -> Result<Vec<u8>, MakeError> {
        let token = match timestamp {
            Some(source) if self.version == SesVersion::V5 => {
                Some(stamped(source, value).map_err(MakeError::Timestamp)?)
            }
            _ => None,
        };
        let algorithm = yinxin_crypto::SignatureAlgorithm::Sm2Sm3.oid();
        Ok(assemble_seal(&self.info, self.maker.raw(), &algorithm, value, token.as_deref())?)
    }
}

/// Checks a request and writes SES_SealInfo.
///
/// With `trust`, the maker's certificate must lead to an anchor and be good at the day of making, as version 5 demands;
/// without, only its usage and dates are looked at.
pub fn prepare(
    request: &SealRequest,
    maker: &Certificate,
    trust: Option<&TrustFacts>,
) -> Result<PreparedSeal, MakeError> {
    let nothing = TrustFacts::default();
    let evaluator = Evaluator::new(trust.unwrap_or(&nothing), request.created, Policy::Default);
    let judged = evaluator.judge(maker, &[], Purpose::SealMaker, request.created);
    accept(&judged, trust.is_some())?;
    let Some(latest) = request.owners.iter().map(|c| c.not_after).min() else {
        return Err(MakeError::NoOwner);
    };
    if request.valid_end > latest {
        return Err(MakeError::OutlivesCertificate { valid_end: request.valid_end, not_after: latest });
    }
    for owner in &request.owners {
        let judged = evaluator.judge(owner, &[], Purpose::Signer, request.created);
        accept(&judged, false)?;
    }
    let certs = match request.list {
        ListKind::Certificates => {
            CertList::Certificates(request.owners.iter().map(|c| c.raw().to_vec()).collect())
        }
        ListKind::Digests => CertList::Digests(
            request
                .owners
                .iter()
                .map(|c| CertDigest { algorithm: "SM3".to_owned(), value: sm3(c.raw()).to_vec() })
                .collect(),
        ),
    };
    let info = SealInfoBuilder {
        version: request.version,
        vid: request.vendor.clone(),
        es_id: request.id.clone(),
        seal_type: request.seal_type,
        name: request.name.clone(),
        certs,
        create_date: request.created,
        valid_start: request.valid_start,
        valid_end: request.valid_end,
        picture: request.picture.clone(),
        extensions: Vec::new(),
    }
    .build()?;
    Ok(PreparedSeal { info, maker: maker.clone(), version: request.version })
}

/// Makes a seal with a key at hand. The key verifies its signature before it leaves.
pub fn make(
    request: &SealRequest,
    maker: &Certificate,
    key: &dyn SigningKey,
    trust: Option<&TrustFacts>,
    timestamp: Option<&dyn TimestampSource>,
) -> Result<Vec<u8>, MakeError> {
    if maker.public_key().ok().as_ref() != Some(key.public_key()) {
        return Err(MakeError::KeyMismatch);
    }
    let prepared = prepare(request, maker, trust)?;
    let value = key.sign(prepared.to_sign())?;
    prepared.assemble(&value, timestamp)
}

fn accept(judged: &crate::trust::Judgement, need_anchor: bool) -> Result<(), MakeError> {
    if let Some(t) = judged.problem() {
        return Err(MakeError::Certificate(t.clone()));
    }
    match (&judged.chain, &judged.out_of_date) {
        (crate::trust::ChainState::NoAnchor(missing), _) if need_anchor => Err(MakeError::Certificate(
            crate::report::text(format!("证书链缺少“{missing}”"), format!("the chain lacks \"{missing}\"")),
        )),
        (_, Some(t)) => Err(MakeError::Certificate(t.clone())),
        _ => Ok(()),
    }
}

/// An SM2 value as strict DER, if it verifies under a certificate's key.
pub(crate) fn checked_value(
    cert: &Certificate,
    message: &[u8],
    signature: &[u8],
    remembered: &Remembered,
) -> Option<Vec<u8>> {
    let (value, _) = read_sm2_signature(signature).ok()?;
    let key = cert.public_key().ok()?;
    let e = key.sm2_message_digest_with(DEFAULT_USER_ID, message, remembered.met()).ok()?;
    let der = value.to_der();
    remembered.holds_digest(&e, &der, || key.verify_sm2_digest(&e, &value).is_ok()).then_some(der)
}
