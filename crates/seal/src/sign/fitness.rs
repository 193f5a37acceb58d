//! Whether a seal and a signer may be used now (GB/T 38540-2020 §7.2 a–c).

use jiff::Timestamp;
use yinxin_formats::der::Limits;
use yinxin_formats::ses::Seal;
use yinxin_formats::x509::Certificate;

use super::SignDocumentError;
use crate::report::{Check, Outcome};
use crate::trust::{Evaluator, Policy, Purpose, TrustFacts};
use crate::verify::seal_checks::{self, Use};
use crate::verify::ses::{SIGNER, certificate_checks, listed};

/// Refuses a seal that is forged, expired or not the signer's, and a signer whose certificate is not good now.
///
/// Where trust anchors are given, both chains must lead to one; where none are, chains cannot be judged here and are
/// left to whoever verifies.
pub(super) fn check(
    seal: Option<&Seal>,
    signer: &Certificate,
    facts: &TrustFacts,
    now: Timestamp,
) -> Result<(), SignDocumentError> {
    let evaluator = Evaluator::new(facts, now, Policy::Default);
    let limits = Limits::default();
    let mut checks = Vec::new();
    if let Some(seal) = seal {
        let used = Use { moment: now, proven: false, standalone: true };
        seal_checks::run(seal, &evaluator, &limits, used, &mut checks);
        checks.push(listed(seal, signer, &limits));
    }
    let judgement = evaluator.judge(signer, &[], Purpose::Signer, now);
    certificate_checks(&judgement, signer, SIGNER, now, false, &evaluator, &mut checks);
    first_refusal(checks, !facts.anchors.is_empty())
}

/// The first of the checks that forbids the use.
pub(super) fn first_refusal(checks: Vec<Check>, anchors: bool) -> Result<(), SignDocumentError> {
    match checks.into_iter().find(|c| refuses(c, anchors)) {
        Some(c) => Err(SignDocumentError::Refused { code: c.code, detail: c.detail }),
        None => Ok(()),
    }
}

/// Dates are refused whoever vouches for them: one's own seal must be in date.
fn refuses(c: &Check, anchors: bool) -> bool {
    let dates = ["SEAL_NOT_YET_VALID", "SEAL_EXPIRED_THEN", "SEAL_MAKER_EXPIRED_THEN", "SIGNER_EXPIRED_THEN"];
    match c.outcome {
        Outcome::Fail => true,
        // A seal that outlives its certificate must not be used (NM-14: checked at every use).
        Outcome::Warn => c.code == "SEAL_OUTLIVES_CERTIFICATE",
        Outcome::Indeterminate => anchors || dates.contains(&c.code) || c.code == "SEAL_SIGNATURE",
        Outcome::Pass | Outcome::NotRun => false,
    }
}
