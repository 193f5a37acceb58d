//! How long a signature of a PDF can be verified by what the document itself carries (ETSI EN 319 142-1: B, T, LT, LTA).

use jiff::Timestamp;
use yinxin_formats::crl::Crl;
use yinxin_formats::ocsp::OcspResponse;
use yinxin_formats::x509::Certificate;
use yinxin_pdf::ValidationData;

use crate::involved::{Involved, covered};
use crate::report::{Check, Outcome, text};
use crate::trust::{Evaluator, TrustFacts};
use crate::verify::VerifyOptions;

/// What the document carries, as facts; certificates only help to build chains, anchors stay the verifier's.
pub(super) fn carried(
    data: &ValidationData,
    evaluator: &Evaluator<'_>,
    options: &VerifyOptions,
) -> TrustFacts {
    let limits = &options.limits;
    TrustFacts {
        anchors: evaluator.facts.anchors.clone(),
        intermediates: data.certificates.iter().filter_map(|c| Certificate::parse(c, limits).ok()).collect(),
        crls: data.crls.iter().filter_map(|c| Crl::parse(c, limits).ok()).collect(),
        ocsp: data.ocsp.iter().filter_map(|o| OcspResponse::parse(o, limits).ok()).collect(),
        remembered: evaluator.facts.remembered.clone(),
        ..TrustFacts::default()
    }
}

/// The verifier's facts with what the document carries.
pub(super) fn joined(facts: &TrustFacts, carried: &TrustFacts) -> TrustFacts {
    let mut out = facts.clone();
    out.intermediates.extend(carried.intermediates.iter().cloned());
    out.crls.extend(carried.crls.iter().cloned());
    out.ocsp.extend(carried.ocsp.iter().cloned());
    out
}

/// What the document carries, now and in the revision that the last sound document timestamp covers.
pub(super) struct Carried {
    pub now: Option<TrustFacts>,
    pub stamped: Option<TrustFacts>,
}

/// The level that a signature reaches.
pub(super) fn level(
    all: &[Involved],
    proven: Option<Timestamp>,
    carried: &Carried,
    evaluator: &Evaluator<'_>,
) -> Check {
    let found = |level: &str, outcome, zh: String, en: String| {
        Check::new("LONG_TERM", outcome, text(zh, en)).with("level", level)
    };
    let Some(proven) = proven else {
        let (zh, en) = ("没有时间戳证明签名时间（B 级）", "no timestamp proves the time (level B)");
        return found("B", Outcome::NotRun, zh.into(), en.into());
    };
    let enough = |facts: &Option<TrustFacts>| match facts {
        None => Err(None),
        Some(facts) => covered(all, facts, evaluator, proven).map_err(Some),
    };
    match enough(&carried.now) {
        Err(None) => {
            let (zh, en) =
                ("文档没有附带验证资料（T 级）", "the document carries no validation data (level T)");
            found("T", Outcome::NotRun, zh.into(), en.into())
        }
        Err(Some(missing)) => found(
            "T",
            Outcome::NotRun,
            format!("文档附带的验证资料不完整（T 级）：{missing}"),
            format!("the validation data that the document carries are not complete (level T): {missing}"),
        ),
        Ok(()) if enough(&carried.stamped).is_ok() => {
            let zh = "文档附带全部验证资料，并由文档时间戳保护（LTA 级）";
            let en = "the document carries all validation data, under a document timestamp (level LTA)";
            found("LTA", Outcome::Pass, zh.into(), en.into())
        }
        Ok(()) => {
            let zh = "文档附带全部验证资料（LT 级）；证书到期前可加文档时间戳延长";
            let en =
                "the document carries all validation data (level LT); a document timestamp would extend it";
            found("LT", Outcome::Pass, zh.into(), en.into())
        }
    }
}
