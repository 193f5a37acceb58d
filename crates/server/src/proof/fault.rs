//! Why a proof is not to be relied on.

use yinxin_formats::cms::CmsError;
use yinxin_seal::report::Text;

use super::ProofKind;
use super::canonical::CanonicalError;
use super::statement::StatementError;

/// Why a proof is not to be relied on. The text may be shown to users.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProofFault {
    /// Not a SignedData in strict DER, or with more or fewer parts than a proof has.
    #[error("凭证数据格式不正确：{0} / the proof is malformed: {0}")]
    Malformed(String),
    /// Signed data of another content type than plain data of GB/T 35275.
    #[error("凭证的内容类型不正确 / the proof has another content type")]
    ContentType,
    /// The signature does not hold.
    #[error(
        "凭证签名不正确，凭证是伪造的或被改动过：{0} / the signature is wrong, the proof is forged or altered: {0}"
    )]
    Signature(CmsError),
    /// The signer is none of the authorities relied on, or certifies for another authority or area than its own.
    #[error("凭证不是由受信任的主管部门签发 / the proof was not signed by an authority relied on")]
    Signer,
    /// The authority's certificate does not hold.
    #[error("签发机构的证书不可用：{} / the authority's certificate is refused: {}", .0.zh, .0.en)]
    Chain(Text),
    /// Issued in the future, or the times inside contradict each other.
    #[error("凭证的时间不正确：{0} / the times of the proof are wrong: {0}")]
    Time(&'static str),
    /// It counted only until a moment that has passed.
    #[error("凭证已过有效期 / the proof has expired")]
    Expired,
    /// It certifies something else.
    #[error("凭证种类不符：需要{}，实为{} / the proof is of another kind: {} needed, {} found",
        .expected.title().0, .found.title().0, .expected.title().1, .found.title().1)]
    Kind {
        /// The kind asked for.
        expected: ProofKind,
        /// The kind found.
        found: ProofKind,
    },
    /// The content is no statement in canonical form.
    #[error(transparent)]
    Content(#[from] CanonicalError),
    /// The statement lacks what its kind needs.
    #[error(transparent)]
    Statement(#[from] StatementError),
}

impl ProofFault {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "PROOF_MALFORMED",
            Self::ContentType => "PROOF_CONTENT_TYPE",
            Self::Signature(_) => "PROOF_SIGNATURE",
            Self::Signer => "PROOF_SIGNER",
            Self::Chain(_) => "PROOF_CERTIFICATE",
            Self::Time(_) => "PROOF_TIME",
            Self::Expired => "PROOF_EXPIRED",
            Self::Kind { .. } => "PROOF_KIND",
            Self::Content(_) => "PROOF_CONTENT",
            Self::Statement(_) => "PROOF_STATEMENT",
        }
    }
}
