//! Timestamp tokens on signatures and seals (GB/T 20520, RFC 3161).

use jiff::Timestamp;
use yinxin_formats::crl::RevocationReason;
use yinxin_formats::der::Limits;
use yinxin_formats::tsp::{EssBinding, MessageImprint, TimeStampToken};
use yinxin_formats::x509::Certificate;

use super::seal_checks::SKEW;
use crate::report::{Check, Outcome, Text, text};
use crate::trust::{ChainState, Evaluator, Purpose, RevocationState};

/// What a token came to.
pub(super) struct Judged {
    /// The check to list.
    pub check: Check,
    /// The proven time, where the token is sound and its authority trusted.
    pub proven: Option<Timestamp>,
    /// The time the token states, trusted or not, where its arithmetic is right.
    pub stated: Option<Timestamp>,
    /// Certificates of the authority that no revocation data covers.
    pub uncovered: Vec<String>,
}

/// Judges a token that should cover `covered` (the bytes of a signature value).
pub(super) fn judge(
    code: &'static str,
    token: &[u8],
    covered: &[u8],
    evaluator: &Evaluator<'_>,
    limits: &Limits,
) -> Judged {
    judge_imprint(code, token, &mut |imprint| imprint.covers(covered), evaluator, limits)
}

/// The same for what is not at hand as bytes: `covers` says whether the imprint is its digest, `None` where the algorithm
/// is unknown.
pub(super) fn judge_imprint(
    code: &'static str,
    token: &[u8],
    covers: &mut dyn FnMut(&MessageImprint) -> Option<bool>,
    evaluator: &Evaluator<'_>,
    limits: &Limits,
) -> Judged {
    let refuse = |outcome, t: Text| Judged {
        check: Check::new(code, outcome, t),
        proven: None,
        stated: None,
        uncovered: Vec::new(),
    };
    let token = match TimeStampToken::parse(token, limits) {
        Ok(t) => t,
        Err(e) => {
            return refuse(
                Outcome::Fail,
                text(format!("时间戳不是有效的令牌：{e}"), format!("the timestamp is no token: {e}")),
            );
        }
    };
    let info = &token.info;
    if let Some(fault) = token.faults().first() {
        return refuse(
            Outcome::Fail,
            text(format!("时间戳不合规：{fault}"), format!("the timestamp breaks its standard: {fault}")),
        );
    }
    match covers(&info.imprint) {
        Some(true) => {}
        Some(false) => {
            return refuse(
                Outcome::Fail,
                text("时间戳不属于这个签名值", "the timestamp does not belong to this signature value"),
            );
        }
        None => {
            return refuse(
                Outcome::Indeterminate,
                text(
                    format!("时间戳的摘要算法 {} 不受支持", info.imprint.algorithm),
                    format!("digest {} of the timestamp is not supported", info.imprint.algorithm),
                ),
            );
        }
    }
    let certs: Vec<Certificate> =
        token.signed_data.certificates.iter().filter_map(|c| Certificate::parse(c, limits).ok()).collect();
    let mut pool = certs.iter().chain(&evaluator.facts.intermediates).chain(&evaluator.facts.anchors);
    let Some(signer) = token.signer().and_then(|s| pool.find(|c| s.sid.matches(c))) else {
        return refuse(
            Outcome::Indeterminate,
            text("时间戳没有附带时间戳机构的证书", "the certificate of the timestamp authority is missing"),
        );
    };
    if let Err(e) = token.verify(signer) {
        return refuse(
            Outcome::Fail,
            text(format!("时间戳的签名不正确：{e}"), format!("the signature of the timestamp is wrong: {e}")),
        );
    }
    if matches!(token.ess_binding(signer), Ok(EssBinding::Differs) | Err(_)) {
        return refuse(
            Outcome::Fail,
            text(
                "时间戳指明了另一张机构证书",
                "the timestamp names another certificate than the one at hand",
            ),
        );
    }
    let judgement = evaluator.judge(signer, &certs, Purpose::Timestamp, info.gen_time);
    let stated = Some(info.gen_time);
    let describe = |check: Check| {
        check.with("genTime", info.gen_time.to_string()).with("authority", signer.subject.to_string())
    };
    let settle = |outcome, t: Text, proven| Judged {
        check: describe(Check::new(code, outcome, t)),
        proven,
        stated,
        uncovered: match &judgement.revocation {
            RevocationState::NoData(list) => list.clone(),
            _ => Vec::new(),
        },
    };
    // Clocks differ, and authorities write fractions of a second.
    if info.gen_time > evaluator.now.saturating_add(SKEW).unwrap_or(evaluator.now) {
        return settle(
            Outcome::Fail,
            text("时间戳的时间在判断时刻之后", "the timestamp lies after the moment of judging"),
            None,
        );
    }
    if let Some(t) = judgement.problem() {
        let t = text(format!("时间戳机构不可信：{}", t.zh), format!("timestamp authority: {}", t.en));
        return settle(Outcome::Fail, t, None);
    }
    match (&judgement.chain, &judgement.revocation) {
        (ChainState::NoAnchor(missing), _) => settle(
            Outcome::Indeterminate,
            text(
                format!("时间戳计算正确，但其机构没有信任依据（缺少“{missing}”）"),
                format!(
                    "the timestamp is arithmetically right, but nothing vouches for its authority (missing \"{missing}\")"
                ),
            ),
            None,
        ),
        (_, RevocationState::RevokedLater(t, reason))
            if !still_proves(*reason) && !older_than_revocation(evaluator, signer, &certs, info.gen_time) =>
        {
            settle(
                Outcome::Indeterminate,
                text(
                    format!("{}；时间戳机构的密钥可能已外泄，时间可以倒填", t.zh),
                    format!("{}; whoever holds the authority's key can date tokens back", t.en),
                ),
                None,
            )
        }
        (_, RevocationState::RevokedLater(..) | RevocationState::Good(_) | RevocationState::NoData(_)) => {
            let t = text(
                format!("时间戳证明签名值在 {} 已存在", info.gen_time),
                format!("the timestamp proves that the value existed at {}", info.gen_time),
            );
            settle(Outcome::Pass, t, Some(info.gen_time))
        }
        _ => settle(
            Outcome::Indeterminate,
            text("时间戳机构无法判定", "the timestamp authority cannot be judged"),
            None,
        ),
    }
}

/// Whether a later timestamp proves that the token is older than the revocation of its authority.
fn older_than_revocation(
    evaluator: &Evaluator<'_>,
    signer: &Certificate,
    certs: &[Certificate],
    stated: Timestamp,
) -> bool {
    evaluator.existed.filter(|t| *t >= stated).is_some_and(|t| {
        let then = evaluator.judge(signer, certs, Purpose::Timestamp, t);
        matches!(then.revocation, RevocationState::RevokedLater(..) | RevocationState::Good(_))
    })
}

/// Whether a certificate was revoked later for a reason that says nothing against what it signed before.
pub(super) fn harmless_later(state: &RevocationState) -> bool {
    matches!(state, RevocationState::RevokedLater(_, reason) if still_proves(*reason))
}

/// Reasons of revocation that leave older tokens sound (RFC 3161 §4 item 1); without a reason none is.
fn still_proves(reason: Option<RevocationReason>) -> bool {
    use RevocationReason::{AffiliationChanged, CessationOfOperation, Superseded, Unspecified};
    matches!(reason, Some(Unspecified | AffiliationChanged | Superseded | CessationOfOperation))
}
