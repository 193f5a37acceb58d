//! One signature of a PDF: its value by content, its range, and what came after.

use std::io::{Read, Seek};

use jiff::Timestamp;
use yinxin_crypto::DigestAlgorithm;
use yinxin_formats::cms::{CmsError, SignedData};
use yinxin_formats::oids;
use yinxin_formats::ses::SesSignature;
use yinxin_formats::x509::Certificate;
use yinxin_pdf::{Document, Drawn, Signature};

use super::super::value::{Value, parse_value};
use super::super::{VerifyOptions, deviations, people, ses, signed_data, status, timestamp};
use super::bare::Bare;
use super::protection;
use crate::involved::{self, Involved};
use crate::picture::in_pdf;
use crate::report::{Check, Outcome, SignatureReport, text};
use crate::trust::Evaluator;

/// Most signed bytes that are held in memory, where a signature without attributes asks for it.
const MAX_HELD: u64 = 128 << 20;

/// Pictures that are drawn to be compared, those of the last signatures: a document with a thousand should not cost a thousand drawings.
const MAX_PICTURES: usize = 100;

/// A judged signature, with what judging the others needs.
pub(super) struct Judged {
    pub report: SignatureReport,
    /// The time that a document timestamp proves for everything before it.
    pub proves: Option<Timestamp>,
    /// Whose certificates it stands on, and the time it is proven for.
    pub people: Vec<Involved>,
    pub proven: Option<Timestamp>,
}

/// Where a signature stands among the others.
pub(super) struct Place<'a> {
    /// Whether another field has it as its value too.
    pub twice: bool,
    /// The signatures after it.
    pub after: &'a [Signature],
    /// Pages of the document.
    pub pages: usize,
}

/// Judges a signature.
pub(super) fn judge<R: Read + Seek>(
    document: &mut Document<R>,
    signature: &Signature,
    place: &Place<'_>,
    evaluator: &Evaluator<'_>,
    options: &VerifyOptions,
) -> Judged {
    let mut report = SignatureReport::begun(signature.field.clone());
    let out = &mut report.checks;
    let mut bare = None;
    let value = match exact(&signature.contents) {
        Ok(bytes) => {
            bare = Bare::read(&bytes, signature, options);
            if bare.is_some() { None } else { parse_value(Some(&bytes), options, out) }
        }
        Err(check) => {
            out.push(check);
            None
        }
    };
    let mut last: Vec<Check> = Vec::new();
    let mut time = None;
    let mut proves = None;
    let mut people = Vec::new();
    if let Some(bare) = bare {
        report.format = "PKCS1";
        let t = text("签名值是单独的 RSA 签名", "the value is a bare RSA signature");
        out.push(Check::new("FORMAT", Outcome::Pass, t));
        out.push(kind(signature, Kind::Bare));
        people = bare.people();
        let stated = signature.date.as_deref().and_then(date);
        let judged = bare.run(document, signature, stated, evaluator, out);
        last.push(judged.timestamp);
        report.signer = judged.signer;
        time = Some(judged.time);
    }
    match value {
        None => {}
        Some(Value::Ses(sig)) => {
            report.format = people::version_word(sig.version);
            report.seal = Some(people::seal_summary(&sig.seal, &options.limits));
            out.extend(deviations::check(&sig.deviations, 0));
            out.push(kind(signature, Kind::Seal));
            people = involved::of_ses(&sig, evaluator.facts, &options.limits);
            let judged = ses::run(&sig, evaluator, &options.limits, out);
            out.push(data_hash(document, signature, &sig));
            out.push(picture(document, signature, &sig, place.after.len() < MAX_PICTURES));
            last.push(judged.timestamp);
            last.push(status::check(
                &sig.seal.es_id,
                Some(judged.time.moment),
                judged.time.proven,
                evaluator.facts,
            ));
            report.signer = judged.signer;
            time = Some(judged.time);
        }
        Some(Value::Cms(cms)) if cms.content_type == oids::TST_INFO => {
            report.format = "RFC3161";
            out.extend(deviations::check(cms.deviations(), 0));
            out.push(kind(signature, Kind::Timestamp));
            people = involved::of_signed_data(&cms, evaluator.facts, &options.limits);
            let mut covers = |imprint: &yinxin_formats::tsp::MessageImprint| {
                let algorithm = DigestAlgorithm::from_oid(&imprint.algorithm)?;
                digest(document, signature, algorithm).map(|d| d == imprint.hash)
            };
            let judged =
                timestamp::judge_imprint("TIMESTAMP", cms.raw(), &mut covers, evaluator, &options.limits);
            ses::no_revocation_data(&judged.uncovered, evaluator.policy, out);
            report.signing_time = judged.stated.map(|t| t.to_string());
            report.time_source = if judged.proven.is_some() { "timestamp" } else { "claimed" };
            proves = judged.proven.filter(|_| signature.faults.is_empty() && !place.twice);
            last.push(judged.check);
        }
        Some(Value::Cms(cms)) => {
            report.format = signed_data::format_word(&cms);
            out.extend(deviations::check(cms.deviations(), 0));
            out.push(kind(signature, Kind::SignedData));
            people = involved::of_signed_data(&cms, evaluator.facts, &options.limits);
            let stated = signature.date.as_deref().and_then(date);
            let content = signed_data::Content {
                value: &mut |i, cert| signer_value(document, signature, &cms, i, cert),
                stated,
            };
            let judged = signed_data::run(&cms, content, evaluator, &options.limits, out);
            last.push(judged.timestamp);
            report.signer = judged.signer;
            time = Some(judged.time);
        }
    }
    if let Some(time) = time {
        report.signing_time = time.known.then(|| time.moment.to_string());
        report.time_source = time.source();
    }
    out.push(protection::byte_range(signature, place.twice));
    let (stamps, check) = protection::stamps(document, signature, place.pages);
    report.stamps = stamps;
    out.push(check);
    out.push(protection::coverage(document, signature));
    out.extend(protection::later(document, signature, place.after));
    out.extend(last);
    let proven = proves.or(time.filter(|t| t.proven).map(|t| t.moment));
    Judged { report, proves, people, proven }
}

/// The value of a signature's `/Contents` without its padding, where it is one.
pub(crate) fn exact_value(contents: &[u8]) -> Option<Vec<u8>> {
    exact(contents).ok()
}

/// The value without its padding: zeros may follow, anything else could be a value for another reader.
fn exact(contents: &[u8]) -> Result<Vec<u8>, Check> {
    let fail = |zh: &str, en: &str| Err(Check::new("FORMAT", Outcome::Fail, text(zh, en)));
    if contents.iter().all(|b| *b == 0) {
        return fail("签名值为空", "the signature value is empty");
    }
    let Some(length) = encoded_length(contents) else {
        // Indefinite length ends with two zeros for each open structure, which cannot be told from padding.
        let used = contents.iter().rposition(|b| *b != 0).map_or(0, |n| n.saturating_add(1));
        let full = |zeros: usize| contents.get(..used.saturating_add(zeros)).map(<[u8]>::to_vec);
        let fits = |b: &Vec<u8>| SignedData::parse(b, &Default::default()).is_ok();
        return match (0..24).filter_map(full).find(fits) {
            Some(found) => Ok(found),
            None => Ok(contents.to_vec()),
        };
    };
    let (value, rest) = contents.split_at_checked(length).unwrap_or((contents, &[]));
    if rest.iter().any(|b| *b != 0) {
        return Err(Check::new(
            "FORMAT",
            Outcome::Fail,
            text("签名值之后还藏有别的数据", "other data are hidden behind the signature value"),
        )
        .with("CONTENTS_SMUGGLED", format!("{} bytes after byte {length}", rest.len())));
    }
    Ok(value.to_vec())
}

/// Length of the first encoding with header, where it is definite.
fn encoded_length(bytes: &[u8]) -> Option<usize> {
    let first = *bytes.get(1)?;
    if first < 0x80 {
        return usize::from(first).checked_add(2);
    }
    let count = usize::from(first & 0x7f);
    if count == 0 || count > 8 {
        return None;
    }
    let digits = bytes.get(2..count.checked_add(2)?)?;
    let length = digits.iter().try_fold(0usize, |n, b| n.checked_mul(256)?.checked_add(usize::from(*b)))?;
    length.checked_add(count)?.checked_add(2)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Seal,
    SignedData,
    Timestamp,
    Bare,
}

/// What `/SubFilter` says against what the value is.
fn kind(signature: &Signature, actual: Kind) -> Check {
    let stated = signature.sub_filter.as_deref().unwrap_or("");
    let expected = match stated {
        "GM.sm2seal" => Some(Kind::Seal),
        "adbe.pkcs7.detached" | "adbe.pkcs7.sha1" | "ETSI.CAdES.detached" => Some(Kind::SignedData),
        "ETSI.RFC3161" => Some(Kind::Timestamp),
        "adbe.x509.rsa_sha1" => Some(Kind::Bare),
        _ => None,
    };
    let describe = |c: Check| c.with("SubFilter", stated.chars().take(64).collect::<String>());
    if expected == Some(actual) {
        let t = text("声明的签名类型与内容一致", "the value is of the type that is stated");
        return describe(Check::new("SIGNATURE_TYPE", Outcome::Pass, t));
    }
    // A token proves a time, not anybody's consent: it must not pass for a signature, nor the other way round.
    if actual == Kind::Timestamp || expected == Some(Kind::Timestamp) {
        let t = text(
            "声明的签名类型与内容不符：时间戳与签名不能互相冒充",
            "a timestamp is passed off as a signature, or a signature as a timestamp",
        );
        return describe(Check::new("SIGNATURE_TYPE", Outcome::Fail, t));
    }
    let t = text(
        format!("声明的签名类型“{stated}”不是内容的类型（厂商习惯），按内容验证"),
        format!("\"{stated}\" is not the type of the value (a vendor's habit); judged by content"),
    );
    describe(Check::new("SIGNATURE_TYPE", Outcome::Warn, t))
}

/// The digest of the range.
fn digest<R: Read + Seek>(
    document: &mut Document<R>,
    signature: &Signature,
    algorithm: DigestAlgorithm,
) -> Option<Vec<u8>> {
    let mut hasher = algorithm.hasher();
    document.feed(&signature.ranges?, &mut |piece| hasher.update(piece)).ok()?;
    Some(hasher.finalize())
}

fn unprotected() -> Check {
    let t =
        text("签名没有可用的范围，不保护任何内容", "the signature has no usable range: it protects nothing");
    Check::new("DOCUMENT_MODIFIED", Outcome::Fail, t)
}

fn modified() -> Check {
    let t = text(
        "签名范围内的内容在签名后被改动，或签名值取自别处",
        "what the range covers was changed after signing, or the value belongs to another document",
    );
    Check::new("DOCUMENT_MODIFIED", Outcome::Fail, t)
}

fn unchanged() -> Check {
    let t = text("签名范围内的每个字节与签名时一致", "every byte of the range is as it was signed");
    Check::new("DOCUMENT_MODIFIED", Outcome::Pass, t)
}

fn data_hash<R: Read + Seek>(document: &mut Document<R>, signature: &Signature, sig: &SesSignature) -> Check {
    let Some(actual) = digest(document, signature, DigestAlgorithm::Sm3) else { return unprotected() };
    if sig.data_hash == actual {
        return unchanged();
    }
    modified().with("signed", hex::encode(&sig.data_hash)).with("actual", hex::encode(actual))
}

/// The picture on the page against the one in the seal.
///
/// `drawing`: whether the seal's own may be drawn for it.
fn picture<R: Read + Seek>(
    document: &mut Document<R>,
    signature: &Signature,
    sig: &SesSignature,
    drawing: bool,
) -> Check {
    let check = |outcome, zh: &str, en: &str| {
        let t = text(zh, en);
        Check::new("SEAL_FILE_MISMATCH", outcome, t).with("field", signature.field.clone())
    };
    let drawn = match document.drawn(signature) {
        Ok(drawn) => drawn,
        Err(e) => {
            let (zh, en) = ("页面上的图像无法读取", "the picture on the page cannot be read");
            return check(Outcome::Indeterminate, zh, en).with("error", e.code());
        }
    };
    if drawn.iter().all(|d| *d == Drawn::Nothing) {
        let (zh, en) = ("签章没有显示图像", "the signature shows no picture");
        return check(Outcome::NotRun, zh, en);
    }
    let own = if drawing { in_pdf(&sig.seal.picture).ok().map(|made| made.picture) } else { None };
    let same = |d: &Drawn| own.as_ref()?.is(d);
    let all: Vec<Option<bool>> = drawn.iter().filter(|d| **d != Drawn::Nothing).map(same).collect();
    if all.contains(&Some(false)) {
        let zh = "页面上的图像不是印章内的图像；印章以本报告所列为准";
        let en = "the picture on the page is not the seal's own; go by the seal in this report";
        return check(Outcome::Warn, zh, en);
    }
    if all.contains(&None) {
        let zh = "页面上的外观由签名人另行绘制，无法与印章内的图像核对；印章以本报告所列为准";
        let en = "the appearance is drawn in a way that cannot be compared with the seal's picture; go by the seal in this report";
        return check(Outcome::NotRun, zh, en);
    }
    check(Outcome::Pass, "页面上的图像就是印章内的图像", "the picture on the page is the seal's own")
}

fn signer_value<R: Read + Seek>(
    document: &mut Document<R>,
    signature: &Signature,
    cms: &SignedData,
    i: usize,
    cert: &Certificate,
) -> Check {
    let describe = |c: Check| c.with("signer", cert.subject.to_string()).with("serial", people::serial(cert));
    describe(match arithmetic(document, signature, cms, i, cert) {
        Ok(check) => check,
        Err(CmsError::DigestMismatch) => modified(),
        Err(CmsError::SignatureWrong) => {
            let t = text(
                "签名值不正确：签名被伪造、损坏，或取自别处",
                "the signature value is wrong: forged, damaged, or taken from elsewhere",
            );
            Check::new("SIGNATURE_VALUE", Outcome::Fail, t)
        }
        Err(e) => {
            let outcome = match e {
                CmsError::AlgorithmUnsupported { .. } => Outcome::Indeterminate,
                _ => Outcome::Fail,
            };
            let t = text(format!("签名值无法验证：{e}"), e.to_string());
            Check::new("SIGNATURE_VALUE", outcome, t).with("error", e.code())
        }
    })
}

/// The signature covers the range itself, or its digest inside the structure.
fn arithmetic<R: Read + Seek>(
    document: &mut Document<R>,
    signature: &Signature,
    cms: &SignedData,
    i: usize,
    cert: &Certificate,
) -> Result<Check, CmsError> {
    if signature.ranges.is_none() {
        return Ok(unprotected());
    }
    let info = cms.signer_infos.get(i).ok_or(CmsError::NoSuchSigner(i))?;
    if let Some(inside) = cms.econtent.as_deref().filter(|c| !c.is_empty()) {
        return attached(document, signature, cms, i, cert, inside);
    }
    if info.signed_attrs.is_some() {
        let (algorithm, _) = info.algorithms()?;
        let Some(actual) = digest(document, signature, algorithm) else { return Ok(unprotected()) };
        cms.verify_signer_with_digest(i, &actual, cert)?;
        return Ok(right());
    }
    let content = match held(document, signature) {
        Content::Held(content) => content,
        Content::Unprotected(check) => return Ok(check),
    };
    cms.verify_signer(i, Some(&content), cert)?;
    Ok(right())
}

/// What is signed, in memory, or why not.
pub(super) enum Content {
    Held(Vec<u8>),
    Unprotected(Check),
}

/// Reads what is signed, where the signature is over the bytes themselves.
pub(super) fn held<R: Read + Seek>(document: &mut Document<R>, signature: &Signature) -> Content {
    let Some(ranges) = signature.ranges else { return Content::Unprotected(unprotected()) };
    if signature.end().is_none_or(|end| end > MAX_HELD) {
        let t = text("文件太大，这种签名无法验证", "too large for a signature of this kind");
        return Content::Unprotected(Check::new("SIGNATURE_VALUE", Outcome::Indeterminate, t));
    }
    let mut content = Vec::new();
    match document.feed(&ranges, &mut |piece| content.extend_from_slice(piece)) {
        Ok(()) => Content::Held(content),
        Err(_) => Content::Unprotected(unprotected()),
    }
}

/// `adbe.pkcs7.sha1` and kin: the structure holds a digest of the range.
fn attached<R: Read + Seek>(
    document: &mut Document<R>,
    signature: &Signature,
    cms: &SignedData,
    i: usize,
    cert: &Certificate,
    inside: &[u8],
) -> Result<Check, CmsError> {
    let candidates: &[DigestAlgorithm] = match inside.len() {
        20 => &[DigestAlgorithm::Sha1],
        32 => &[DigestAlgorithm::Sm3, DigestAlgorithm::Sha256],
        _ => &[],
    };
    for algorithm in candidates {
        if digest(document, signature, *algorithm).as_deref() != Some(inside) {
            continue;
        }
        cms.verify_signer(i, None, cert)?;
        if *algorithm == DigestAlgorithm::Sha1 {
            let t = text(
                "签名值正确，但文档摘要用的是已不安全的 SHA-1，不能证明内容未被改动",
                "the value is right, but the digest of the document is SHA-1, which proves nothing any more",
            );
            return Ok(Check::new("WEAK_ALGORITHM", Outcome::Indeterminate, t));
        }
        return Ok(right());
    }
    Ok(modified().with("signed", hex::encode(inside.get(..32).unwrap_or(inside))))
}

fn right() -> Check {
    let t = text(
        "签名值正确，签名范围内的内容未被改动",
        "the value is right; what the range covers is unchanged",
    );
    Check::new("SIGNATURE_VALUE", Outcome::Pass, t)
}

/// A date as PDF writes it: `D:20261120160000+08'00'`.
fn date(text: &str) -> Option<Timestamp> {
    let t = text.strip_prefix("D:")?;
    let (day, zone) = t.split_at_checked(14)?;
    let [y, m, d] = [day.get(..4)?, day.get(4..6)?, day.get(6..8)?];
    let [hour, minute, second] = [day.get(8..10)?, day.get(10..12)?, day.get(12..14)?];
    let zone = match zone.trim_end_matches('\'').replace('\'', ":").as_str() {
        "" | "Z" => "Z".to_owned(),
        other if other.len() == 3 => format!("{other}:00"),
        other => other.to_owned(),
    };
    format!("{y}-{m}-{d}T{hour}:{minute}:{second}{zone}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{date, encoded_length, exact};

    #[test]
    fn reads_the_dates_of_pdf() {
        let t = date("D:20261120160000+08'00'").unwrap();
        assert_eq!(t.to_string(), "2026-11-20T08:00:00Z");
        assert_eq!(date("D:20261120160000+08'00"), Some(t));
        assert_eq!(date("D:20261120080000Z"), Some(t));
        assert_eq!(date("20261120080000"), None);
    }

    #[test]
    fn rejects_what_stands_behind_a_value() {
        assert_eq!(exact(&[0x30, 1, 5, 0, 0]).unwrap(), [0x30, 1, 5]);
        assert!(exact(&[0x30, 1, 5, 0, 7]).is_err());
        assert!(exact(&[0, 0]).is_err());
        assert_eq!(encoded_length(&[0x30, 0x82, 1, 0]), Some(260));
        assert_eq!(encoded_length(&[0x30, 0x88, 255, 255, 255, 255, 255, 255, 255, 255]), None);
    }
}
