//! How a workshop reaches the registry: always through the HTTP API, over the network or inside one process.

mod local;
mod remote;
mod request;

use futures_util::future::BoxFuture;

use super::dto::{CertificateRequestDto, MadeDto, OrderDto, OrderPageDto, SendBackDto, WorkshopFactsDto};

pub use local::LocalRegistry;
pub use remote::RemoteRegistry;
pub(crate) use remote::{base_of, client};
pub use request::{OutgoingRequest, RequestSigner, SignerFault};

/// Why the registry did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PortError {
    /// It cannot be reached, or its answer did not arrive. Whether it did what was asked is not known.
    #[error("登记系统无法连接：{0} / the registry cannot be reached: {0}")]
    Unreachable(String),
    /// It refused, with a problem (RFC 9457).
    #[error("登记系统拒绝：{status} {code} {detail} / the registry refused: {status} {code} {detail}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// Stable code of the problem, empty where there is none.
        code: String,
        /// What it says.
        detail: String,
    },
    /// The answer is not what the API promises.
    #[error("登记系统的答复不正确：{0} / the registry's answer is wrong: {0}")]
    Answer(String),
    /// The request could not be signed.
    #[error("请求签名失败：{0} / the request could not be signed: {0}")]
    Signer(String),
}

impl PortError {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreachable(_) => "REGISTRY_UNREACHABLE",
            Self::Refused { .. } => "REGISTRY_REFUSED",
            Self::Answer(_) => "REGISTRY_ANSWER",
            Self::Signer(_) => "REQUEST_NOT_SIGNED",
        }
    }

    /// Whether the same request may succeed later.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Unreachable(_) => true,
            Self::Refused { status, .. } => *status >= 500 || [408, 409, 425, 429].contains(status),
            Self::Answer(_) | Self::Signer(_) => false,
        }
    }
}

/// What comes back.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, PortError>>;

/// The registry as a workshop sees it. Every call may be repeated: the registry recognizes it by its idempotency key.
pub trait RegistryPort: Send + Sync {
    /// What the registry has on record of a maker, and who approves: `GET /api/v1/makers/{maker}/workshop-facts`.
    fn facts(&self, maker: &str) -> Answer<'_, WorkshopFactsDto>;

    /// The orders of a maker that are not done, a page of them: `GET /api/v1/makers/{maker}/orders`.
    fn orders(&self, maker: &str, cursor: Option<&str>) -> Answer<'_, OrderPageDto>;

    /// Takes an order up: `POST /api/v1/applications/{application}/making`. The answer is the order with what the registry
    /// gave the seal.
    fn take(&self, order: &OrderDto) -> Answer<'_, OrderDto>;

    /// Sends an order back, as the second check found a fault: `POST /api/v1/applications/{application}/send-back`.
    fn send_back(&self, order: &OrderDto, fault: &SendBackDto) -> Answer<'_, ()>;

    /// Hands in the request for a certificate that an authority outside is to issue: `POST /api/v1/seals/{seal}/certificate-request`.
    fn request_certificate(&self, seal: &str, request: &CertificateRequestDto) -> Answer<'_, ()>;

    /// Hands a made seal in: `POST /api/v1/seals/{seal}/made`.
    fn hand_in(&self, seal: &str, made: &MadeDto) -> Answer<'_, ()>;
}
