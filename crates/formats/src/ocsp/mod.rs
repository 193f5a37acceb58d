//! Online certificate status (在线证书状态): RFC 6960.

mod builder;
mod cert_id;
mod request;
mod response;

pub use builder::OcspResponseBuilder;
pub use cert_id::CertId;
pub use request::OcspRequest;
pub use response::{BasicResponse, CertStatus, OcspResponse, OcspStatus, ResponderId, SingleResponse};
