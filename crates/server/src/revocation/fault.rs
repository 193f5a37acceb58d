//! Why a revocation list was not taken.

use jiff::Timestamp;
use yinxin_store::StoreError;

/// Why a list does not count. The text may be shown to operators.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ListFault {
    /// Nobody answers, or not with a list's bytes.
    #[error("无法取得撤销列表：{0} / the list cannot be fetched: {0}")]
    Unreachable(String),
    /// It is no list.
    #[error("不是证书撤销列表：{0} / this is no revocation list: {0}")]
    Form(String),
    /// None of the certificates known here signed it.
    #[error(
        "撤销列表的签发者 {0} 不在 ca.trust_anchors 之中，或签名不正确 / its issuer {0} is not among ca.trust_anchors, or the signature is wrong"
    )]
    Issuer(String),
    /// It is dated ahead.
    #[error("撤销列表的签发时间 {0} 尚未到来 / the list is dated {0}, which is still to come")]
    Future(Timestamp),
    /// Its time is over.
    #[error("撤销列表已于 {0} 过期 / the list ran out on {0}")]
    Stale(Timestamp),
    /// A newer one is known.
    #[error("取得的撤销列表比已有的旧 / the list is older than the one that is known")]
    Older,
    /// The clock is not to be trusted.
    #[error("系统时钟异常 / the clock is not to be trusted")]
    Clock,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ListFault {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreachable(_) => "CRL_UNREACHABLE",
            Self::Form(_) => "CRL_FORM",
            Self::Issuer(_) => "CRL_ISSUER",
            Self::Future(_) => "CRL_FUTURE",
            Self::Stale(_) => "CRL_STALE",
            Self::Older => "CRL_OLDER",
            Self::Clock => "CLOCK_WENT_BACK",
            Self::Store(e) => e.code(),
        }
    }
}
