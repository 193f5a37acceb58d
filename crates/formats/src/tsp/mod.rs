//! Timestamps (时间戳): GB/T 20520 and RFC 3161.

mod builder;
mod info;
mod request;
mod response;
mod token;

pub use builder::build_token;
pub use info::{Accuracy, MessageImprint, TstInfo};
pub use request::TimeStampReq;
pub use response::{AnswerMismatch, FailureInfo, PkiStatus, TimeStampResp};
pub use token::{EssBinding, TimeStampToken, TokenFault};
