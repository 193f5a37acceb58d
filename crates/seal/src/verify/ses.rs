//! The checks on an SES signature (GB/T 38540-2020 §7.3), apart from the document it protects.

use jiff::{SignedDuration, Timestamp};
use yinxin_crypto::{DEFAULT_USER_ID, PublicKey, sm3};
use yinxin_formats::der::Limits;
use yinxin_formats::ses::{CertDigest, CertList, Seal, SesSignature, read_sm2_signature};
use yinxin_formats::x509::Certificate;

use super::seal_checks::{self, SKEW, Use, verify_value};
use super::{people, timestamp};
use crate::report::{Check, Outcome, text};
use crate::trust::{ChainState, Evaluator, Judgement, Policy, Purpose, Remembered, RevocationState};

/// When a signature was made, as far as is known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SigningTime {
    /// The moment the checks are made for.
    pub moment: Timestamp,
    /// Whether the signature states any time.
    pub known: bool,
    /// Whether a trusted timestamp proves it.
    pub proven: bool,
}

impl SigningTime {
    /// The word for reports.
    pub fn source(self) -> &'static str {
        match (self.known, self.proven) {
            (_, true) => "timestamp",
            (true, false) => "claimed",
            (false, false) => "none",
        }
    }
}

/// What the document part of the verification needs to know.
pub(crate) struct Judged {
    /// Subject of the signer.
    pub signer: Option<String>,
    /// When.
    pub time: SigningTime,
    /// The check on the timestamp, listed after the document's.
    pub timestamp: Check,
}

/// Runs the checks in the order of the standard up to the document digest.
pub(crate) fn run(
    sig: &SesSignature,
    evaluator: &Evaluator<'_>,
    limits: &Limits,
    out: &mut Vec<Check>,
) -> Judged {
    critical_extensions(sig, out);
    let lent = seal_checks::lent(&sig.seal, evaluator, limits, out);
    let theirs = lent
        .as_ref()
        .map(|list| Evaluator::new(&list.facts, evaluator.now, evaluator.policy).existed(evaluator.existed));
    let evaluator = theirs.as_ref().unwrap_or(evaluator);
    let stamp = sig
        .timestamp
        .as_ref()
        .map(|token| timestamp::judge("TIMESTAMP", token, &sig.signature, evaluator, limits));
    if let Some(s) = &stamp {
        no_revocation_data(&s.uncovered, evaluator.policy, out);
    }
    let claimed = sig.time_info.at;
    let proven = earliest(stamp.as_ref().and_then(|s| s.proven), evaluator.existed);
    let time = SigningTime {
        moment: proven.or(claimed).unwrap_or(evaluator.now),
        known: proven.or(claimed).is_some(),
        proven: proven.is_some(),
    };
    let used = Use { moment: time.moment, proven: time.proven, standalone: false };
    seal_checks::run(&sig.seal, evaluator, limits, used, out);

    let signer = Certificate::parse(&sig.signer_cert, limits);
    match &signer {
        Err(e) => {
            let t = text(
                format!("签章人证书无法解析：{e}"),
                format!("the signer's certificate cannot be read: {e}"),
            );
            out.push(Check::new("SIGNATURE_VALUE", Outcome::Fail, t).with("byte", e.at.to_string()));
        }
        Ok(cert) => {
            out.push(signature_value(sig, cert, &evaluator.facts.remembered));
            out.push(listed(&sig.seal, cert, limits));
            let judgement = evaluator.judge(cert, &[], Purpose::Signer, time.moment);
            certificate_checks(&judgement, cert, SIGNER, time.moment, time.proven, evaluator, out);
        }
    }
    let stated = earliest(stamp.as_ref().and_then(|s| s.stated), evaluator.existed);
    out.push(time_order(claimed, stated, evaluator.now));
    Judged {
        signer: signer.ok().map(|c| c.subject.to_string()),
        time,
        timestamp: stamp.map_or_else(no_timestamp, |s| s.check),
    }
}

/// The earlier of two times, of which either may be unknown.
pub(super) fn earliest(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    a.into_iter().chain(b).min()
}

/// The check listed where a signature carries no timestamp.
pub(super) fn no_timestamp() -> Check {
    let t = text("签章没有时间戳（可选）", "the signature carries no timestamp (optional)");
    Check::new("TIMESTAMP", Outcome::NotRun, t)
}

fn critical_extensions(sig: &SesSignature, out: &mut Vec<Check>) {
    for e in sig.extensions.iter().filter(|e| e.critical) {
        let t = text(
            format!("签章数据含有不理解的关键扩展 {}", e.oid),
            format!("the signature carries critical extension {}, which is not understood", e.oid),
        );
        out.push(Check::new("CRITICAL_EXTENSION", Outcome::Fail, t).with("oid", e.oid.to_string()));
    }
}

/// Whether the value is right for the bytes that the standard says.
fn holds(sig: &SesSignature, key: &PublicKey, remembered: &Remembered) -> bool {
    match key.sm2_message_digest_with(DEFAULT_USER_ID, sig.tbs_raw(), remembered.met()) {
        Ok(e) => remembered.holds_digest(&e, &sig.signature, || {
            read_sm2_signature(&sig.signature).is_ok_and(|(v, _)| key.verify_sm2_digest(&e, &v).is_ok())
        }),
        // No SM2 key.
        Err(_) => verify_value(key, &sig.algorithm, sig.tbs_raw(), &sig.signature),
    }
}

fn signature_value(sig: &SesSignature, cert: &Certificate, remembered: &Remembered) -> Check {
    let key = match cert.public_key() {
        Ok(k) => k,
        Err(e) => {
            let t = text(
                format!("签章人公钥无法使用：{e}"),
                format!("the signer's public key cannot be used: {e}"),
            );
            return Check::new("SIGNATURE_VALUE", Outcome::Fail, t);
        }
    };
    let describe = |c: Check| c.with("signer", cert.subject.to_string()).with("serial", people::serial(cert));
    if holds(sig, &key, remembered) {
        if let Some(c) = seal_checks::stated_algorithm("SIGNATURE_VALUE", &key, &sig.algorithm) {
            return describe(c);
        }
        let t = text(
            "签名值正确，签章数据未被改动",
            "the signature value is right; the signed data is unchanged",
        );
        return describe(Check::new("SIGNATURE_VALUE", Outcome::Pass, t));
    }
    for (name, bytes) in sig.signed_bytes_alternatives() {
        if verify_value(&key, &sig.algorithm, &bytes, &sig.signature) {
            let t = text(
                format!("签名值覆盖的数据与标准不同（{name}）：印章和时间不受其保护，不认定为可靠"),
                format!(
                    "the value covers other data than the standard says ({name}): seal and time are not protected by it"
                ),
            );
            return describe(Check::new("SIGNATURE_VALUE", Outcome::Indeterminate, t)).with("covers", name);
        }
    }
    let t = text(
        "签名值不正确：签章被伪造、损坏，或取自别处",
        "the signature value is wrong: forged, damaged, or taken from elsewhere",
    );
    describe(Check::new("SIGNATURE_VALUE", Outcome::Fail, t))
}

/// Whether the seal names the signer's certificate.
pub(crate) fn listed(seal: &Seal, cert: &Certificate, limits: &Limits) -> Check {
    let pass = |zh: &str, en: &str| Check::new("SIGNER_NOT_LISTED", Outcome::Pass, text(zh, en));
    match &seal.property.certs {
        CertList::Certificates(list) => {
            if list.iter().any(|c| c.as_slice() == cert.raw()) {
                return pass(
                    "签章人证书在印章的证书列表中",
                    "the signer's certificate is in the seal's list",
                );
            }
            let renewed = list
                .iter()
                .filter_map(|c| Certificate::parse(c, limits).ok())
                .any(|c| c.subject.matches(&cert.subject) && c.issuer.matches(&cert.issuer));
            let t = if renewed {
                text(
                    "签章人证书不在印章的证书列表中；列表中有同名的另一张证书：证书更新后应重新制作印章",
                    "the signer's certificate is not in the seal's list, but another one of the same name is: \
                     after renewing a certificate the seal must be made anew",
                )
            } else {
                text(
                    format!("签章人“{}”的证书不在印章的证书列表中，无权使用此印章", cert.subject),
                    format!(
                        "the certificate of \"{}\" is not in the seal's list: not entitled to this seal",
                        cert.subject
                    ),
                )
            };
            Check::new("SIGNER_NOT_LISTED", Outcome::Fail, t)
        }
        CertList::Digests(list) => {
            for d in list {
                match digest_matches(d, cert) {
                    Some("plain") => {
                        return pass(
                            "签章人证书的摘要在印章的列表中",
                            "the digest of the signer's certificate is in the seal's list",
                        );
                    }
                    Some(how) => {
                        return Check::new(
                            "SIGNER_NOT_LISTED",
                            Outcome::Warn,
                            text(
                                "签章人证书的摘要在印章的列表中，但摘要混入了 SM2 的 Z 值（厂商习惯）",
                                "the certificate's digest is listed, computed with SM2's Z mixed in (a vendor's habit)",
                            ),
                        )
                        .with("digest", how);
                    }
                    None => {}
                }
            }
            let t = text(
                format!("签章人“{}”的证书摘要不在印章的列表中，无权使用此印章", cert.subject),
                format!("no digest in the seal's list fits the certificate of \"{}\"", cert.subject),
            );
            Check::new("SIGNER_NOT_LISTED", Outcome::Fail, t)
        }
    }
}

fn digest_matches(d: &CertDigest, cert: &Certificate) -> Option<&'static str> {
    let name = d.algorithm.to_ascii_uppercase();
    let sm3_like = name == "SM3" || name == "1.2.156.10197.1.401";
    if sm3_like && d.value == sm3(cert.raw()) {
        return Some("plain");
    }
    if sm3_like
        && let Ok(key @ PublicKey::Sm2(_)) = cert.public_key()
        && key.sm2_message_digest(DEFAULT_USER_ID, cert.raw()).is_ok_and(|e| d.value == e)
    {
        return Some("with Z");
    }
    let sha256 = matches!(name.as_str(), "SHA256" | "SHA-256" | "2.16.840.1.101.3.4.2.1");
    (sha256 && d.value == yinxin_crypto::DigestAlgorithm::Sha256.digest(cert.raw())).then_some("plain")
}

/// The codes under which a certificate's checks are listed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RoleCodes {
    pub chain: &'static str,
    pub expired: &'static str,
    pub revoked: &'static str,
    pub usage: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
}

/// Codes of the signer.
pub(crate) const SIGNER: RoleCodes = RoleCodes {
    chain: "SIGNER_CHAIN",
    expired: "SIGNER_EXPIRED_THEN",
    revoked: "SIGNER_REVOKED_THEN",
    usage: "SIGNER_KEY_USAGE",
    zh: "签章人",
    en: "signer",
};

/// Lists a judgement as chain, dates, revocation and usage.
pub(crate) fn certificate_checks(
    j: &Judgement,
    cert: &Certificate,
    codes: RoleCodes,
    moment: Timestamp,
    proven: bool,
    evaluator: &Evaluator<'_>,
    out: &mut Vec<Check>,
) {
    let (zh, en) = (codes.zh, codes.en);
    let path = j.path.join(" ← ");
    match &j.chain {
        ChainState::Anchored => {
            let t = text(
                format!("{zh}证书可追溯到受信任的根"),
                format!("the {en}'s certificate leads to a trusted root"),
            );
            out.push(Check::new(codes.chain, Outcome::Pass, t).with("path", path));
        }
        ChainState::NoAnchor(missing) => {
            let t = text(
                format!("{zh}证书链到“{missing}”为止，它不在信任范围内"),
                format!("the {en}'s chain ends at \"{missing}\", which is not trusted"),
            );
            out.push(Check::new(codes.chain, Outcome::Indeterminate, t).with("path", path));
            untrusted(missing, out);
        }
        ChainState::Broken(reason) => {
            out.push(Check::new(codes.chain, Outcome::Fail, reason.clone()).with("path", path));
        }
    }
    let anchored = j.chain == ChainState::Anchored;
    let dates = match &j.out_of_date {
        None => Check::new(
            codes.expired,
            Outcome::Pass,
            text(
                format!("{zh}证书在 {moment} 时有效期内"),
                format!("the {en}'s certificate was in date at {moment}"),
            ),
        ),
        Some(t) if anchored => Check::new(codes.expired, Outcome::Fail, t.clone()),
        Some(t) => {
            let t = text(
                format!("{}；发证机构未受信任，日期只是其自述", t.zh),
                format!("{}; its issuer is not trusted, so nobody vouches for the dates", t.en),
            );
            Check::new(codes.expired, Outcome::Indeterminate, t)
        }
    };
    out.push(
        dates.with("not_before", cert.not_before.to_string()).with("not_after", cert.not_after.to_string()),
    );
    if anchored && j.out_of_date.is_none() && j.out_of_date_now && !proven {
        let t = text(
            format!("{zh}证书现已过期，而签章时间没有时间戳证明"),
            format!("the {en}'s certificate has expired since, and no timestamp proves the signing time"),
        );
        out.push(Check::new("TIME_UNPROVEN", Outcome::Warn, t));
    }
    revocation(j, codes, proven, evaluator.policy, out);
    out.push(match &j.usage {
        Ok(None) => {
            let t = text(format!("{zh}证书允许签名"), format!("the {en}'s certificate may sign"));
            Check::new(codes.usage, Outcome::Pass, t)
        }
        Ok(Some(t)) => Check::new(codes.usage, Outcome::Warn, t.clone()),
        Err(t) => Check::new(codes.usage, Outcome::Fail, t.clone()),
    });
}

/// Names a missing issuer once.
fn untrusted(missing: &str, out: &mut Vec<Check>) {
    if out.iter().any(|c| c.code == "UNTRUSTED" && c.evidence.iter().any(|(_, v)| v == missing)) {
        return;
    }
    let t = text(
        format!("信任目录中没有“{missing}”的证书"),
        format!("no certificate of \"{missing}\" is among the trust anchors and intermediates"),
    );
    out.push(Check::new("UNTRUSTED", Outcome::Indeterminate, t).with("missing", missing));
}

fn revocation(j: &Judgement, codes: RoleCodes, proven: bool, policy: Policy, out: &mut Vec<Check>) {
    let (zh, en) = (codes.zh, codes.en);
    let check = |outcome, t| Check::new(codes.revoked, outcome, t);
    match &j.revocation {
        RevocationState::NotRun => {
            let t = text("证书链不可信，吊销状态未检查", "the chain is not trusted: revocation not checked");
            out.push(check(Outcome::NotRun, t));
        }
        RevocationState::Good(sources) => {
            let t = text(format!("{zh}证书当时未被吊销"), format!("the {en}'s certificate was not revoked"));
            let mut c = check(Outcome::Pass, t);
            for s in sources {
                c = c.with("source", s.clone());
            }
            out.push(c);
        }
        RevocationState::Revoked(t) => out.push(check(Outcome::Fail, t.clone())),
        RevocationState::RevokedLater(t, _) if proven => out.push(check(Outcome::Pass, t.clone())),
        RevocationState::RevokedLater(t, _) => {
            let t = text(
                format!("{}；签章时间没有时间戳证明，不能排除在吊销之后", t.zh),
                format!("{}; no timestamp proves that the signature is older", t.en),
            );
            out.push(check(Outcome::Indeterminate, t));
        }
        RevocationState::NoData(why) => {
            let t = text("没有可用的吊销信息", "no usable revocation data");
            out.push(check(Outcome::NotRun, t));
            no_revocation_data(why, policy, out);
        }
    }
}

pub(super) fn no_revocation_data(why: &[String], policy: Policy, out: &mut Vec<Check>) {
    if why.is_empty() {
        return;
    }
    let known = out.iter().position(|c| c.code == "NO_REVOCATION_DATA");
    let mut check = match known {
        Some(i) => out.remove(i),
        None => {
            let outcome = if policy == Policy::Strict { Outcome::Indeterminate } else { Outcome::Warn };
            let t = text("没有下列证书的吊销信息", "no revocation data for the certificates named");
            Check::new("NO_REVOCATION_DATA", outcome, t)
        }
    };
    for w in why {
        if !check.evidence.iter().any(|(_, v)| v == w) {
            check.evidence.push(("certificate", w.clone()));
        }
    }
    out.push(check);
}

/// The time a viewer shows (SignatureDateTime) against the one that is signed for (timeInfo); zones are written loosely.
pub(super) fn shown_time(signed: Option<Timestamp>, shown: Option<&str>) -> Option<Check> {
    let (signed, shown) = (signed?, super::signed_data::local_time(shown?)?);
    let apart = signed.duration_since(shown).abs();
    (apart > SignedDuration::from_hours(24)).then(|| {
        let t = text(
            format!("签名文件写的时间 {shown} 与签章数据的时间 {signed} 相差很大"),
            format!("the time shown, {shown}, is far from the time in the signature, {signed}"),
        );
        Check::new("TIME_ORDER", Outcome::Warn, t)
    })
}

/// The stated time against the moment of judging and the timestamp.
pub(super) fn time_order(claimed: Option<Timestamp>, stamped: Option<Timestamp>, now: Timestamp) -> Check {
    let check = |outcome, zh: String, en: String| Check::new("TIME_ORDER", outcome, text(zh, en));
    let Some(t) = claimed else {
        return match stamped {
            Some(s) => check(
                Outcome::Pass,
                format!("时间由时间戳给出：{s}"),
                format!("the time is the timestamp's: {s}"),
            ),
            None => check(
                Outcome::Indeterminate,
                "签章没有可读的时间".to_owned(),
                "the signature states no readable time".to_owned(),
            ),
        };
    };
    let after = |limit: Timestamp, slack: SignedDuration| t > limit.saturating_add(slack).unwrap_or(limit);
    if let Some(s) = stamped
        && after(s, SKEW)
    {
        return check(
            Outcome::Fail,
            format!("签章时间 {t} 晚于时间戳 {s}"),
            format!("the stated time {t} is later than the timestamp {s}"),
        );
    }
    if after(now, SignedDuration::from_hours(24)) {
        return check(
            Outcome::Fail,
            format!("签章时间 {t} 在判断时刻 {now} 之后"),
            format!("the stated time {t} lies after the moment of judging {now}"),
        );
    }
    if after(now, SKEW) {
        return check(
            Outcome::Warn,
            format!("签章时间 {t} 略晚于判断时刻 {now}，可能把当地时间写成了世界时"),
            format!("the stated time {t} is a little after {now}: local time written as UTC, perhaps"),
        );
    }
    check(Outcome::Pass, format!("签章时间 {t}"), format!("stated time {t}"))
}
