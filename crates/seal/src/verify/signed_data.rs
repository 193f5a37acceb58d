//! Signatures without a seal: SignedData of GB/T 35275 or RFC 5652 (GM/T 0099-2020 §7.2.2).

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use yinxin_crypto::{DigestAlgorithm, SignatureAlgorithm, sm3};
use yinxin_formats::cms::{CmsError, Family, SignedData, SignerInfo};
use yinxin_formats::der::Limits;
use yinxin_formats::oids;
use yinxin_formats::x509::Certificate;
use yinxin_ofd::SignatureXml;

use super::ses::{
    Judged, SIGNER, SigningTime, certificate_checks, earliest, no_revocation_data, no_timestamp, time_order,
};
use super::{people, timestamp};
use crate::report::{Check, Outcome, text};
use crate::trust::{Evaluator, Purpose};

/// Most signers looked at in one structure.
const MAX_SIGNERS: usize = 16;

/// The word for the family in reports.
pub(super) fn format_word(cms: &SignedData) -> &'static str {
    match cms.family {
        Family::Gbt35275 => "GBT35275",
        _ => "CMS",
    }
}

/// What a structure should cover.
pub(super) struct Content<'a> {
    /// Checks the arithmetic of a signer, by its number, with its certificate.
    pub value: &'a mut dyn FnMut(usize, &Certificate) -> Check,
    /// The time that stands beside the structure, where it has none of its own.
    pub stated: Option<Timestamp>,
}

/// Runs the checks on every signer; a structure without signers proves nothing.
pub(super) fn run(
    cms: &SignedData,
    content: Content<'_>,
    evaluator: &Evaluator<'_>,
    limits: &Limits,
    out: &mut Vec<Check>,
) -> Judged {
    let mut judged = Judged {
        signer: None,
        time: SigningTime { moment: evaluator.now, known: false, proven: false },
        timestamp: no_timestamp(),
    };
    if cms.signer_infos.is_empty() {
        let t = text(
            "签名数据里没有任何签名人，什么也不证明",
            "the structure holds no signer: it proves nothing",
        );
        out.push(Check::new("SIGNATURE_VALUE", Outcome::Fail, t));
        return judged;
    }
    let certs: Vec<Certificate> =
        cms.certificates.iter().filter_map(|c| Certificate::parse(c, limits).ok()).collect();
    if cms.signer_infos.len() > MAX_SIGNERS {
        let t = text("签名人过多，未全部检查", "more signers than are checked");
        out.push(Check::new("SIGNATURE_VALUE", Outcome::Indeterminate, t));
    }
    for (i, info) in cms.signer_infos.iter().enumerate().take(MAX_SIGNERS) {
        let pool = certs.iter().chain(&evaluator.facts.intermediates).chain(&evaluator.facts.anchors);
        let Some(cert) = pool.into_iter().find(|c| info.sid.matches(c)) else {
            let t = text("签名数据没有附带签名人的证书", "the signer's certificate is not in the structure");
            out.push(Check::new("SIGNATURE_VALUE", Outcome::Indeterminate, t));
            continue;
        };
        let value = (content.value)(i, cert);
        let weak = weak(info, &value);
        out.push(value);
        out.extend(weak);
        let token = info.unsigned(&oids::ATTR_TIMESTAMP_TOKEN).next();
        let stamp = token.map(|t| timestamp::judge("TIMESTAMP", t, &info.signature, evaluator, limits));
        let claimed =
            info.signed_attrs.as_ref().and_then(|a| a.signing_time().ok().flatten()).or(content.stated);
        let proven = earliest(stamp.as_ref().and_then(|s| s.proven), evaluator.existed);
        let time = SigningTime {
            moment: proven.or(claimed).unwrap_or(evaluator.now),
            known: proven.or(claimed).is_some(),
            proven: proven.is_some(),
        };
        let judgement = evaluator.judge(cert, &certs, Purpose::Signer, time.moment);
        certificate_checks(&judgement, cert, SIGNER, time.moment, time.proven, evaluator, out);
        let stated = earliest(stamp.as_ref().and_then(|s| s.stated), evaluator.existed);
        out.push(time_order(claimed, stated, evaluator.now));
        if i == 0 {
            judged.signer = Some(cert.subject.to_string());
            judged.time = time;
        }
        if let Some(s) = stamp {
            no_revocation_data(&s.uncovered, evaluator.policy, out);
            judged.timestamp = s.check;
        }
    }
    judged
}

/// A value that fits, over a digest for which others can be found that fit as well.
fn weak(info: &SignerInfo, value: &Check) -> Option<Check> {
    let sha1 = |(digest, algorithm): (DigestAlgorithm, SignatureAlgorithm)| {
        digest == DigestAlgorithm::Sha1 || algorithm.digest() == DigestAlgorithm::Sha1
    };
    let fits = value.code == "SIGNATURE_VALUE" && value.outcome == Outcome::Pass;
    let t = text(
        "签名值正确，但用的是已不安全的 SHA-1，不能证明内容未被改动",
        "the value is right, but it is over SHA-1, which proves nothing any more",
    );
    (fits && info.algorithms().is_ok_and(sha1))
        .then(|| Check::new("WEAK_ALGORITHM", Outcome::Indeterminate, t))
}

/// The signature covers either SM3 of Signature.xml or its bytes, inside the structure or detached.
pub(super) fn over_signature_xml(
    cms: &SignedData,
    i: usize,
    xml: &SignatureXml,
    cert: &Certificate,
) -> Check {
    let digest = sm3(&xml.raw);
    let describe = |c: Check| c.with("signer", cert.subject.to_string()).with("serial", people::serial(cert));
    if let Some(inside) = cms.econtent.as_deref()
        && inside != digest.as_slice()
        && inside != xml.raw.as_slice()
    {
        let t = text(
            format!("签名文件 {} 在签名后被改动，或签名值取自别处", xml.path),
            format!("{} was changed after signing, or the value belongs to another document", xml.path),
        );
        return describe(Check::new("DOCUMENT_MODIFIED", Outcome::Fail, t))
            .with("signed", hex::encode(inside.get(..32).unwrap_or(inside)))
            .with("actual", hex::encode(digest));
    }
    let tries = [cms.verify_signer(i, Some(&digest), cert), cms.verify_signer(i, Some(&xml.raw), cert)];
    if tries.iter().any(Result::is_ok) {
        let t =
            text("签名值正确，签名文件未被改动", "the signature value is right; Signature.xml is unchanged");
        return describe(Check::new("SIGNATURE_VALUE", Outcome::Pass, t));
    }
    let telling = |e: &CmsError| !matches!(e, CmsError::ContentMismatch);
    let error = tries.into_iter().filter_map(Result::err).find(telling).unwrap_or(CmsError::SignatureWrong);
    let (code, zh) = match error {
        CmsError::DigestMismatch => {
            ("DOCUMENT_MODIFIED", "签名文件在签名后被改动，或签名值取自别处".to_owned())
        }
        CmsError::SignatureWrong => {
            ("SIGNATURE_VALUE", "签名值不正确：签名被伪造、损坏，或取自别处".to_owned())
        }
        ref e => ("SIGNATURE_VALUE", format!("签名值无法验证：{e}")),
    };
    let outcome = match error {
        CmsError::AlgorithmUnsupported { .. } => Outcome::Indeterminate,
        _ => Outcome::Fail,
    };
    describe(Check::new(code, outcome, text(zh, error.to_string())))
}

/// SignatureDateTime as met in the field: local time (taken as UTC+8) with several separators, or with `Z`.
pub(super) fn local_time(s: &str) -> Option<Timestamp> {
    let s = s.trim();
    if let Ok(t) = s.parse::<Timestamp>() {
        return Some(t);
    }
    if let Some(t) = yinxin_formats::der::parse_generalized(s.as_bytes()) {
        return Some(t);
    }
    let cleaned = s.replace('/', "-").replacen(' ', "T", 1);
    let d: DateTime = cleaned.parse().ok()?;
    TimeZone::fixed(Offset::from_hours(8).ok()?).to_timestamp(d).ok()
}

#[cfg(test)]
mod tests {
    use super::local_time;

    #[test]
    fn reads_the_date_forms_met_in_the_field() {
        let t = local_time("2026-11-21 21:25:02").unwrap();
        assert_eq!(t.to_string(), "2026-11-21T13:25:02Z");
        assert_eq!(local_time("2026/11/21 21:25:02"), Some(t));
        assert_eq!(local_time("20261121132502Z"), Some(t));
        assert_eq!(local_time("nonsense"), None);
    }
}
