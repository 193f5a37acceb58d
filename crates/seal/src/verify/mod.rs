//! Verification: any bytes in, a report out.

mod coverage;
mod deviations;
mod ofd;
mod opened;
mod pdf;
mod people;
pub(crate) mod seal_checks;
pub(crate) mod ses;
mod signed_data;
mod status;
mod timestamp;
mod value;

pub(crate) use coverage::check_method;
pub use opened::{OpenedDocument, SealInDocument};
pub(crate) use pdf::exact_value;

use std::io::{Read, Seek};

use jiff::Timestamp;
use yinxin_formats::der::Limits;
use yinxin_formats::ses::Seal;

use crate::report::{Check, Outcome, Report, SealReport, Verdict, text};
use crate::trust::{Evaluator, Policy, TrustFacts};

/// How to verify.
#[derive(Debug, Clone)]
pub struct VerifyOptions {
    /// The moment to judge at.
    pub at: Timestamp,
    /// How strictly missing facts are taken.
    pub policy: Policy,
    /// Bounds of ASN.1 structures.
    pub limits: Limits,
    /// Bounds of packages.
    pub ofd_limits: yinxin_ofd::Limits,
    /// Bounds of PDF documents.
    pub pdf_limits: yinxin_pdf::Limits,
    /// Password of an encrypted PDF, a user's or its owner's; the empty one is tried where none is given.
    pub pdf_password: Option<String>,
}

impl VerifyOptions {
    /// Default bounds and policy at a moment.
    pub fn at(at: Timestamp) -> Self {
        Self {
            at,
            policy: Policy::Default,
            limits: Limits::default(),
            ofd_limits: yinxin_ofd::Limits::default(),
            pdf_limits: yinxin_pdf::Limits::default(),
            pdf_password: None,
        }
    }
}

/// Verifies a document, by its content an OFD or a PDF. Every input gives a report; nothing panics and nothing is written.
pub fn verify<R: Read + Seek>(input: R, facts: &TrustFacts, options: &VerifyOptions) -> Report {
    OpenedDocument::open(input, options).judge(facts)
}

/// Verifies a seal by itself, as of the moment to judge at (GB/T 38540-2020 §6.3, GM/T 0031-2025).
pub fn verify_seal(bytes: &[u8], facts: &TrustFacts, options: &VerifyOptions) -> SealReport {
    let judged_at = options.at.to_string();
    match Seal::parse(bytes, &options.limits) {
        Err(e) => {
            let t = text(format!("印章数据无法解析：{e}"), format!("the seal cannot be read: {e}"));
            let check =
                Check::new("FORMAT", Outcome::Fail, t).with("byte", e.at.to_string()).with("error", e.code());
            SealReport { verdict: Verdict::Invalid, seal: None, checks: vec![check], judged_at }
        }
        Ok(seal) => {
            let evaluator = Evaluator::new(facts, options.at, options.policy);
            let mut checks = vec![Check::new(
                "FORMAT",
                Outcome::Pass,
                text(
                    format!("印章按 {} 的格式读出", seal.version.standard()),
                    format!("read as a seal of {}", seal.version.standard()),
                ),
            )];
            checks.extend(deviations::check(&seal.deviations, 0));
            let lent = seal_checks::lent(&seal, &evaluator, &options.limits, &mut checks);
            let theirs = lent.as_ref().map(|list| Evaluator::new(&list.facts, options.at, options.policy));
            let evaluator = theirs.unwrap_or(evaluator);
            let use_of = seal_checks::Use { moment: options.at, proven: true, standalone: true };
            seal_checks::run(&seal, &evaluator, &options.limits, use_of, &mut checks);
            SealReport {
                verdict: Verdict::of(&checks),
                seal: Some(people::seal_summary(&seal, &options.limits)),
                checks,
                judged_at,
            }
        }
    }
}
