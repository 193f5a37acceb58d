//! What keeps a made seal from being accepted.

use super::super::authority::CertificateFault;
use super::super::imprint::ImprintFault;

/// What keeps a made seal from being accepted. The text may be shown to users.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MadeFault {
    /// A field is no base64, or too long.
    #[error("字段编码不正确：{0} / the field is not encoded as it should be: {0}")]
    Encoding(&'static str),
    /// No seal.
    #[error("印章数据无法解析：{0} / the seal cannot be read: {0}")]
    Unreadable(String),
    /// The seal deviates from the standard.
    #[error("印章数据不符合标准：{0} / the seal deviates from the standard: {0}")]
    Deviates(&'static str),
    /// Neither 4 nor 5, or not the one stated.
    #[error("印章版本不正确 / the version of the seal is wrong")]
    Version,
    /// esID is not the seal code.
    #[error("印章标识与印章编码不一致 / the seal's identifier is not its code")]
    SealCode,
    /// Another name.
    #[error("印章名称与批准的不一致 / the name is not the one approved")]
    SealName,
    /// Another type.
    #[error("印章类型与批准的不一致 / the type is not the one approved")]
    SealType,
    /// Made on another approval.
    #[error("不是凭该准予制作凭证制作 / made on another approval")]
    Approval,
    /// Signed with another certificate than the maker's registered one.
    #[error("制章人证书不是该制作单位登记的证书 / not signed with the maker's registered certificate")]
    Maker,
    /// Made before the approval or in the future.
    #[error("制作时间早于批准或晚于现在 / made before the approval or in the future")]
    Created,
    /// Validity not as approved.
    #[error("印章有效期与批准的不一致 / the validity is not as approved")]
    Validity,
    /// The seal would outlive its certificate.
    #[error("印章有效期晚于证书有效期 / the seal would outlive its certificate")]
    OutlivesCertificate,
    /// The seal lists other certificates than the one handed in.
    #[error("印章所列证书与提交的不一致 / the seal lists other certificates than handed in")]
    Owner,
    /// The picture is not the one approved, or not the one stated.
    #[error("印模与批准或所报的不一致 / the imprint is not the one approved or stated")]
    ImprintDigest,
    /// Another size.
    #[error("印模尺寸与批准的不一致 / the size of the imprint is not the one approved")]
    ImprintSize,
    /// The picture is unfit.
    #[error(transparent)]
    Imprint(ImprintFault),
    /// Not SM2, the maker's own, not where it was to be made, or not the owner's.
    #[error("印章密钥不符合要求 / the seal's key is not the one it must be")]
    Key,
    /// The certificate is unfit.
    #[error(transparent)]
    Certificate(CertificateFault),
    /// The verification of the seal says no; codes of the checks.
    #[error("印章验证未通过：{0} / the seal does not verify: {0}")]
    Verification(String),
}

impl MadeFault {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Encoding(_) => "MADE_ENCODING",
            Self::Unreadable(_) => "MADE_UNREADABLE",
            Self::Deviates(_) => "MADE_DEVIATES",
            Self::Version => "MADE_VERSION",
            Self::SealCode => "MADE_SEAL_CODE",
            Self::SealName => "MADE_SEAL_NAME",
            Self::SealType => "MADE_SEAL_TYPE",
            Self::Approval => "MADE_APPROVAL",
            Self::Maker => "MADE_MAKER",
            Self::Created => "MADE_TIME",
            Self::Validity => "MADE_VALIDITY",
            Self::OutlivesCertificate => "MADE_OUTLIVES_CERTIFICATE",
            Self::Owner => "MADE_OWNER",
            Self::ImprintDigest => "MADE_IMPRINT_DIGEST",
            Self::ImprintSize => "MADE_IMPRINT_SIZE",
            Self::Imprint(e) => e.code(),
            Self::Key => "MADE_KEY",
            Self::Certificate(e) => e.code(),
            Self::Verification(_) => "MADE_VERIFICATION",
        }
    }
}
