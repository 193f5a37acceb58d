//! Timestamps (时间戳): GB/T 20520 and RFC 3161.

mod info;
mod token;

pub use info::{Accuracy, MessageImprint, TstInfo};
pub use token::{EssBinding, TimeStampToken, TokenFault};
