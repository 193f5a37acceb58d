//! The checks on a seal, by itself or inside a signature (GB/T 38540-2020 §6.3; GM/T 0031-2025).

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use yinxin_crypto::{DEFAULT_USER_ID, PublicKey, SignatureAlgorithm};
use yinxin_formats::der::Limits;
use yinxin_formats::ses::{CertList, Seal, SesVersion, read_sm2_signature};
use yinxin_formats::x509::Certificate;

use super::{people, timestamp};
use crate::report::{Check, Outcome, text};
use crate::trust::{ChainState, Evaluator, ListedTrust, Purpose, Remembered};

/// Clocks may differ by this much.
pub(super) const SKEW: SignedDuration = SignedDuration::from_mins(10);

/// The use a seal is judged for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Use {
    /// When the seal was used (or now).
    pub moment: Timestamp,
    /// Whether that moment is proven.
    pub proven: bool,
    /// The seal is judged by itself, not inside a signature.
    pub standalone: bool,
}

/// The list of another system by which a seal is judged, together with all that is signed with it: a root that one's own trust ends at comes
/// first, and a list vouches for nothing else than the seals of its makers.
pub(crate) fn lent(
    seal: &Seal,
    evaluator: &Evaluator<'_>,
    limits: &Limits,
    out: &mut Vec<Check>,
) -> Option<Arc<ListedTrust>> {
    if evaluator.facts.listed.is_empty() {
        return None;
    }
    let maker = Certificate::parse(&seal.maker_cert, limits).ok()?;
    let own = evaluator.judge(&maker, &[], Purpose::SealMaker, evaluator.now);
    if own.chain == ChainState::Anchored {
        return None;
    }
    let (list, check) = ListedTrust::choose(seal, evaluator.facts, evaluator.now);
    out.extend(check);
    list
}

/// Runs the checks on a parsed seal.
pub(crate) fn run(seal: &Seal, evaluator: &Evaluator<'_>, limits: &Limits, used: Use, out: &mut Vec<Check>) {
    critical_extensions(seal, out);
    let maker = match Certificate::parse(&seal.maker_cert, limits) {
        Ok(c) => c,
        Err(e) => {
            let t = text(
                format!("制章人证书无法解析：{e}"),
                format!("the maker's certificate cannot be read: {e}"),
            );
            out.push(Check::new("SEAL_SIGNATURE", Outcome::Fail, t).with("byte", e.at.to_string()));
            return;
        }
    };
    out.push(maker_signature(seal, &maker, &evaluator.facts.remembered));

    // The timestamp comes first, because its time is the proof of when a version 5 seal was made.
    let stamp = seal
        .timestamp
        .as_ref()
        .map(|token| timestamp::judge("SEAL_TIMESTAMP", token, &seal.signature, evaluator, limits));
    // Version 5 asks whether the maker was good when the seal was made, earlier ones when it is used.
    let made = seal.property.create_date;
    let moment = if seal.version == SesVersion::V5 { made } else { used.moment };
    let proven = if seal.version == SesVersion::V5 {
        stamp.as_ref().is_some_and(|s| s.proven.is_some())
    } else {
        used.proven
    };
    let judgement = evaluator.judge(&maker, &[], Purpose::SealMaker, moment);
    // A maker of a version 5 seal revoked later is a note, unless whoever has the key could have dated the seal back.
    let proven = proven || seal.version == SesVersion::V5 && timestamp::harmless_later(&judgement.revocation);
    let codes = super::ses::RoleCodes {
        chain: "SEAL_MAKER_CHAIN",
        expired: "SEAL_MAKER_EXPIRED_THEN",
        revoked: "SEAL_MAKER_REVOKED_THEN",
        usage: "SEAL_MAKER_KEY_USAGE",
        zh: "制章人",
        en: "seal maker",
    };
    super::ses::certificate_checks(&judgement, &maker, codes, moment, proven, evaluator, out);
    let anchored = judgement.chain == ChainState::Anchored;
    out.push(create_date(seal, evaluator, used));
    out.extend(validity(seal, used, anchored));
    out.extend(outlives_certificate(seal, limits));
    match stamp {
        Some(s) => {
            let late = s.stated.is_some_and(|t| made > t.saturating_add(SKEW).unwrap_or(t));
            super::ses::no_revocation_data(&s.uncovered, evaluator.policy, out);
            out.push(s.check);
            if late {
                let t =
                    text("制作日期晚于印章时间戳", "the day of making is later than the seal's timestamp");
                out.push(Check::new("SEAL_TIMESTAMP", Outcome::Fail, t));
            }
        }
        None if seal.version == SesVersion::V5 => {
            let t = text("印章没有时间戳（可选）", "the seal carries no timestamp (optional)");
            out.push(Check::new("SEAL_TIMESTAMP", Outcome::NotRun, t));
        }
        None => {}
    }
}

fn critical_extensions(seal: &Seal, out: &mut Vec<Check>) {
    for e in seal.extensions.iter().filter(|e| e.critical) {
        let t = text(
            format!("印章含有不理解的关键扩展 {}", e.oid),
            format!("the seal carries critical extension {}, which is not understood", e.oid),
        );
        out.push(Check::new("CRITICAL_EXTENSION", Outcome::Fail, t).with("oid", e.oid.to_string()));
    }
}

/// The maker's signature over the bytes received.
fn maker_signature(seal: &Seal, maker: &Certificate, remembered: &Remembered) -> Check {
    let fail = |zh: String, en: String| Check::new("SEAL_SIGNATURE", Outcome::Fail, text(zh, en));
    let key = match maker.public_key() {
        Ok(k) => k,
        Err(e) => {
            return fail(
                format!("制章人公钥无法使用：{e}"),
                format!("the maker's public key cannot be used: {e}"),
            );
        }
    };
    let describe =
        |c: Check| c.with("maker", maker.subject.to_string()).with("serial", people::serial(maker));
    let holds = || verify_value(&key, &seal.algorithm, &seal.signed_bytes(), &seal.signature);
    if remembered.holds(seal.raw(), maker.spki_der(), holds) {
        if let Some(c) = stated_algorithm("SEAL_SIGNATURE", &key, &seal.algorithm) {
            return describe(c);
        }
        let t = text(
            format!("制章人“{}”的签名正确，印章自制作后未被改动", maker.subject),
            format!("the signature of maker \"{}\" is right; the seal is unchanged", maker.subject),
        );
        return describe(Check::new("SEAL_SIGNATURE", Outcome::Pass, t));
    }
    for (name, bytes) in seal.signed_bytes_alternatives() {
        if verify_value(&key, &seal.algorithm, &bytes, &seal.signature) {
            let t = text(
                format!("制章人签名覆盖的数据与标准不同（{name}），不认定为可靠"),
                format!(
                    "the maker's signature covers other data than the standard says ({name}): not taken as sound"
                ),
            );
            return describe(Check::new("SEAL_SIGNATURE", Outcome::Indeterminate, t)).with("covers", name);
        }
    }
    describe(fail(
        "制章人签名不正确：印章是伪造的或被改动过".to_owned(),
        "the maker's signature is wrong: the seal is forged or altered".to_owned(),
    ))
}

/// Verifies a value of any encoding met in the wild.
pub(super) fn verify_value(
    key: &PublicKey,
    algorithm: &const_oid::ObjectIdentifier,
    message: &[u8],
    value: &[u8],
) -> bool {
    if matches!(key, PublicKey::Sm2(_)) {
        return read_sm2_signature(value)
            .is_ok_and(|(v, _)| key.verify_sm2(DEFAULT_USER_ID, message, &v).is_ok());
    }
    SignatureAlgorithm::from_oid(algorithm).is_some_and(|a| key.verify(a, message, value).is_ok())
}

/// The algorithm a structure states lies outside its signature: it must at least be one of the key's.
pub(super) fn stated_algorithm(
    code: &'static str,
    key: &PublicKey,
    stated: &const_oid::ObjectIdentifier,
) -> Option<Check> {
    // Key identifiers stand in the place of signature identifiers at some vendors.
    const SM2: [&str; 3] = ["1.2.156.10197.1.501", "1.2.156.10197.1.301", "1.2.156.10197.1.301.1"];
    let text_form = stated.to_string();
    if !matches!(key, PublicKey::Sm2(_)) || SM2.contains(&text_form.as_str()) {
        return None;
    }
    let t = text(
        format!("签名值计算正确，但所写的算法 {text_form} 不是 SM2：数据在签名之外被改动或写错"),
        format!(
            "the value is right, but the algorithm stated, {text_form}, is not SM2: altered outside the signature"
        ),
    );
    Some(Check::new(code, Outcome::Indeterminate, t).with("algorithm", text_form))
}

fn create_date(seal: &Seal, evaluator: &Evaluator<'_>, used: Use) -> Check {
    let made = seal.property.create_date;
    let latest = used.moment.min(evaluator.now);
    let bound = latest.saturating_add(SignedDuration::from_hours(24)).unwrap_or(latest);
    if made > bound {
        let t = text(
            format!("印章制作日期 {made} 晚于其使用时间 {latest}"),
            format!("the seal was made at {made}, after it was used at {latest}"),
        );
        return Check::new("SEAL_CREATE_DATE", Outcome::Fail, t);
    }
    let t = text(format!("印章制作于 {made}"), format!("the seal was made at {made}"));
    Check::new("SEAL_CREATE_DATE", Outcome::Pass, t)
}

/// The seal's own dates. Where nobody trusted vouches for them they decide nothing.
fn validity(seal: &Seal, used: Use, anchored: bool) -> Vec<Check> {
    let (from, to) = (seal.property.valid_start, seal.property.valid_end);
    let moment = used.moment;
    let (act_zh, act_en) = if used.standalone {
        ("判断时刻", "moment of judging")
    } else {
        ("签章时间", "signing time")
    };
    let outcome = |bad: bool| match (bad, anchored) {
        (false, _) => Outcome::Pass,
        (true, true) => Outcome::Fail,
        (true, false) => Outcome::Indeterminate,
    };
    let tail = |bad: bool| match (bad, anchored) {
        (true, false) => ("（制章人未受信任，日期只是其自述）", " (nobody trusted vouches for the dates)"),
        _ => ("", ""),
    };
    let early = moment < from;
    let late = moment > to;
    let (ez, ee) = tail(early);
    let (lz, le) = tail(late);
    vec![
        Check::new(
            "SEAL_NOT_YET_VALID",
            outcome(early),
            text(
                format!("印章自 {from} 起有效，{act_zh} {moment}{ez}"),
                format!("the seal is valid from {from}, {act_en} {moment}{ee}"),
            ),
        ),
        Check::new(
            "SEAL_EXPIRED_THEN",
            outcome(late),
            text(
                format!("印章有效至 {to}，{act_zh} {moment}{lz}"),
                format!("the seal is valid until {to}, {act_en} {moment}{le}"),
            ),
        ),
    ]
}

/// A seal must not outlive every certificate it lists (NM-14).
fn outlives_certificate(seal: &Seal, limits: &Limits) -> Option<Check> {
    let CertList::Certificates(list) = &seal.property.certs else { return None };
    let latest = list.iter().filter_map(|c| Certificate::parse(c, limits).ok()).map(|c| c.not_after).max()?;
    (seal.property.valid_end > latest).then(|| {
        let t = text(
            format!("印章有效至 {}，而所有者证书只到 {latest}", seal.property.valid_end),
            format!(
                "the seal is valid until {}, its owner's certificate only until {latest}",
                seal.property.valid_end
            ),
        );
        Check::new("SEAL_OUTLIVES_CERTIFICATE", Outcome::Warn, t)
    })
}
