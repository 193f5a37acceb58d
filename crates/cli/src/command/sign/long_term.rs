//! Levels of signatures in a PDF.

use std::fs::File;

use clap::ValueEnum;
use jiff::Timestamp;
use yinxin_seal::TrustFacts;
use yinxin_seal::sign::{Extend, LongTerm, TimestampSource, extend_pdf};

use crate::failure::Failure;

/// Level of a new signature (ETSI EN 319 142-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SignLevel {
    /// 带时间戳 / with a timestamp
    T,
    /// 另带证书和吊销信息 / with certificates and revocation data too
    Lt,
    /// 另加文档时间戳 / with a document timestamp over them
    Lta,
}

impl SignLevel {
    fn data(self) -> Option<LongTerm> {
        match self {
            Self::T => None,
            Self::Lt => Some(LongTerm::Data),
            Self::Lta => Some(LongTerm::Archive),
        }
    }
}

/// What extending goes by.
pub struct Extending {
    /// The moment to judge at.
    pub now: Timestamp,
    /// Password of an encrypted document.
    pub password: Option<String>,
}

/// Appends what the level asks for beyond the signature; gives the size of the document.
pub fn reach(
    level: Option<SignLevel>,
    file: &mut File,
    bytes: u64,
    facts: &TrustFacts,
    request: Extending,
    timestamp: Option<&dyn TimestampSource>,
) -> Result<u64, Failure> {
    match level.and_then(SignLevel::data) {
        Some(level) => {
            let how = Extend { level, now: request.now, password: request.password };
            Ok(extend_pdf(file, &how, facts, timestamp)?.bytes)
        }
        None => Ok(bytes),
    }
}
