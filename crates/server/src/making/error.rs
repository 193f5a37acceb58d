//! Why a seal is not made.

use jiff::Timestamp;
use yinxin_crypto::SignError;
use yinxin_formats::x509::BuildError;
use yinxin_seal::make::MakeError;

use super::authority::{AuthorityError, CertificateFault};
use super::imprint::ImprintFault;
use super::keys::KeyStoreError;
use super::log::LogError;
use super::order::OrderFault;
use crate::proof::ProofFault;

/// Why a seal is not made. The text may be shown to users.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MakingError {
    /// The order cannot be read.
    #[error(transparent)]
    Order(#[from] OrderFault),
    /// The order is meant for another maker.
    #[error("该任务不属于本制作单位 / the order is meant for another maker")]
    OtherMaker,
    /// The order was not taken up, so that the seal has no code.
    #[error("任务尚未接收 / the order has not been taken up")]
    NotTaken,
    /// The order is another than the one that was accepted for this seal.
    #[error("任务内容与接收时不同 / the order is not the one that was accepted")]
    OrderChanged,
    /// The maker is not licensed now.
    #[error("制作单位许可证不在有效期内 / the maker's license is not valid now")]
    License,
    /// The maker was stopped.
    #[error("制作单位已被停业 / the maker has been stopped")]
    Stopped,
    /// The maker does not serve the area.
    #[error("该区域不在制作单位的业务范围内 / the maker does not serve this area")]
    Jurisdiction,
    /// The maker issued the approval itself.
    #[error("制发部门与制作单位须分离 / who issues approvals may not make seals")]
    MakerIsIssuer,
    /// The approval does not hold.
    #[error(transparent)]
    Approval(#[from] ProofFault),
    /// The approval is for something else.
    #[error("准予制作凭证与任务不符：{0} / the approval is for something else: {0}")]
    ApprovalMismatch(&'static str),
    /// The imprint is unfit.
    #[error(transparent)]
    Imprint(#[from] ImprintFault),
    /// The key cannot be had.
    #[error(transparent)]
    Key(#[from] KeyStoreError),
    /// The certification request of a key made elsewhere is unfit.
    #[error("所有者的证书申请不可用：{0} / the owner's certification request is refused: {0}")]
    KeyRequest(String),
    /// The request for the certificate could not be signed.
    #[error("证书申请签名失败：{0} / the certification request could not be signed: {0}")]
    Request(#[from] BuildError),
    /// The authority did not issue.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    /// The certificate is unfit.
    #[error(transparent)]
    Certificate(#[from] CertificateFault),
    /// The certificate leaves no time for the seal.
    #[error(
        "证书有效期 {not_after} 不足以制作印章 / the certificate ends at {not_after}, too early for the seal"
    )]
    NoValidity {
        /// End of the certificate.
        not_after: Timestamp,
    },
    /// The seal was not made.
    #[error(transparent)]
    Make(#[from] MakeError),
    /// The made seal does not verify; it does not leave.
    #[error("制成的印章未通过验证：{0} / the made seal does not verify: {0}")]
    SelfCheck(String),
    /// The maker's key refused.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The work log.
    #[error(transparent)]
    Log(#[from] LogError),
    /// What the log holds cannot be read back.
    #[error("制作日志内容无法读出：{0} / the work log cannot be read back: {0}")]
    LogContent(&'static str),
}

impl MakingError {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Order(e) => e.code(),
            Self::OtherMaker => "ORDER_OTHER_MAKER",
            Self::NotTaken => "ORDER_NOT_TAKEN",
            Self::OrderChanged => "ORDER_CHANGED",
            Self::License => "LICENSE_NOT_VALID",
            Self::Stopped => "MAKER_STOPPED",
            Self::Jurisdiction => "MAKER_JURISDICTION",
            Self::MakerIsIssuer => "MAKER_IS_ISSUER",
            Self::Approval(e) => e.code(),
            Self::ApprovalMismatch(_) => "APPROVAL_MISMATCH",
            Self::Imprint(e) => e.code(),
            Self::Key(e) => e.code(),
            Self::KeyRequest(_) => "KEY_REQUEST",
            Self::Request(_) => "KEY_REQUEST_NOT_SIGNED",
            Self::Authority(e) => e.code(),
            Self::Certificate(e) => e.code(),
            Self::NoValidity { .. } => "CERTIFICATE_TOO_SHORT",
            Self::Make(e) => e.code(),
            Self::SelfCheck(_) => "SEAL_SELF_CHECK",
            Self::Sign(e) => e.code(),
            Self::Log(e) => e.code(),
            Self::LogContent(_) => "LOG_CONTENT",
        }
    }

    /// Whether the order itself is at fault, so that trying again cannot help: it is to be sent back. Everything else is
    /// the workshop's own affair, to be tried again.
    pub fn is_refusal(&self) -> bool {
        match self {
            Self::Order(_)
            | Self::OtherMaker
            | Self::OrderChanged
            | Self::Jurisdiction
            | Self::MakerIsIssuer
            | Self::Approval(_)
            | Self::ApprovalMismatch(_)
            | Self::Imprint(_)
            | Self::KeyRequest(_)
            | Self::Log(LogError::ApprovalUsed(_))
            | Self::Authority(AuthorityError::Subject(_)) => true,
            Self::NotTaken
            | Self::License
            | Self::Stopped
            | Self::Key(_)
            | Self::Request(_)
            | Self::Authority(_)
            | Self::Certificate(_)
            | Self::NoValidity { .. }
            | Self::Make(_)
            | Self::SelfCheck(_)
            | Self::Sign(_)
            | Self::Log(_)
            | Self::LogContent(_) => false,
        }
    }
}
