//! Make, sign and verify electronic seals, and say why.
//!
//! The facade a business system adds. Three verbs:
//! - [`make`]: a licensed maker turns a picture, an owner's certificate and a validity into a seal (印章);
//! - [`sign`]: a seal's owner applies it to a document (签章), in one go or prepared for a remote key;
//! - [`verify()`]: any bytes give a [`report::Report`]: an ordered list of checks, each with its clause, outcome and reason,
//!   and a verdict that is a pure function of them.
//!
//! Nothing here reads a clock, a file or the network: the moment to judge at, trust anchors, revocation data and
//! randomness come in as values, so the same facts always give the same report.

mod involved;
pub mod make;
mod picture;
pub mod report;
pub mod sign;
pub mod trust;
pub mod verify;

pub use report::{Check, Outcome, Report, SealReport, SignatureReport, Verdict};
pub use trust::{Policy, TrustFacts};
pub use verify::{OpenedDocument, SealInDocument, VerifyOptions, verify, verify_seal};
pub use yinxin_ofd::{DocumentKind, document_kind};
