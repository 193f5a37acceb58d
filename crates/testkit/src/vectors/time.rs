//! Moments: validity of seals and certificates, revocation, timestamps.

use yinxin_formats::cms::Family;
use yinxin_formats::crl::RevocationReason;
use yinxin_formats::ocsp::CertStatus;

use super::{Case, Scene};
use crate::clock::at;
use crate::ofd::OfdForge;
use crate::pki::{CertSpec, Identity, issue};
use crate::revocation::{CrlForge, ocsp};
use crate::seal::Layout;
use crate::signature::SignatureForge;
use crate::timestamp;

/// A timestamp made from a value.
type Stamper = Box<dyn Fn(&[u8]) -> Vec<u8>>;

const SIGNED: &str = "2026-11-20T08:00:00Z";

pub(super) fn cases(s: &Scene) -> Vec<Case> {
    let mut out = dates(s);
    out.extend(revocation(s));
    out.extend(stamps(s));
    out
}

fn case(id: &str, flag: &str, zh: &str, en: &str, verdict: &str, doc: OfdForge) -> Case {
    Case::new(id, flag, zh, en, verdict, doc.build())
}

fn dates(s: &Scene) -> Vec<Case> {
    let bad = |id, zh, en, code, doc| case(id, "attack", zh, en, "invalid", doc).check(code, "fail");
    let signed_at = |t: &str| {
        let t = t.to_owned();
        s.with(|x| x, move |x| x.at(&t))
    };
    let leaf = |cn: &str, from, to| s.pki.leaf(&CertSpec::leaf(cn).dates(from, to));
    let short = leaf("短期签章人 Short", "2026-10-01T00:00:00Z", "2026-11-21T00:00:00Z");
    let past = leaf("过期签章人 Expired", "2025-01-01T00:00:00Z", "2026-11-10T00:00:00Z");
    let future = leaf("未生效签章人 Future", "2026-12-01T00:00:00Z", "2028-01-01T00:00:00Z");
    let late_maker = leaf("过期制章人 Expired Maker", "2025-01-01T00:00:00Z", "2026-11-10T00:00:00Z");
    let v5_maker = || s.seal_of(Layout::V5).made_by(&late_maker);
    vec![
        bad(
            "signed-2011",
            "签章时间 2011 年",
            "signed in 2011",
            "SEAL_NOT_YET_VALID",
            signed_at("2011-01-01T00:00:00Z"),
        )
        .check("SIGNER_EXPIRED_THEN", "fail"),
        bad(
            "signed-2096",
            "签章时间 2096 年",
            "signed in 2096",
            "TIME_ORDER",
            signed_at("2096-01-01T00:00:00Z"),
        )
        .check("SEAL_EXPIRED_THEN", "fail"),
        case(
            "signed-eight-hours-ahead",
            "dialect",
            "把当地时间写成世界时",
            "local time written as UTC",
            "valid",
            signed_at("2026-11-22T07:00:00Z"),
        )
        .check("TIME_ORDER", "warn"),
        bad("seal-expired", "签章时印章已过期", "the seal had expired", "SEAL_EXPIRED_THEN", {
            s.with(|x| x.dates("2026-10-01T00:00:00Z", "2026-10-01T00:00:00Z", "2026-11-10T00:00:00Z"), |x| x)
        }),
        bad(
            "seal-not-yet-valid",
            "签章时印章尚未生效",
            "the seal was not yet valid",
            "SEAL_NOT_YET_VALID",
            {
                s.with(
                    |x| x.dates("2026-11-01T00:00:00Z", "2026-11-21T00:00:00Z", "2027-11-01T00:00:00Z"),
                    |x| x,
                )
            },
        ),
        bad(
            "seal-made-after-use",
            "印章制作晚于使用",
            "the seal was made after it was used",
            "SEAL_CREATE_DATE",
            {
                s.with(
                    |x| x.dates("2026-11-21T20:00:00Z", "2026-11-01T00:00:00Z", "2027-11-01T00:00:00Z"),
                    |x| x,
                )
            },
        ),
        case(
            "seal-expired-since",
            "valid",
            "印章签章后才过期",
            "the seal expired after signing",
            "valid",
            {
                s.with(
                    |x| x.dates("2026-10-01T00:00:00Z", "2026-10-01T00:00:00Z", "2026-11-21T00:00:00Z"),
                    |x| x,
                )
            },
        )
        .check("SEAL_EXPIRED_THEN", "pass"),
        bad(
            "signer-expired",
            "签章时证书已过期",
            "the signer's certificate had expired",
            "SIGNER_EXPIRED_THEN",
            s.signed_by(&past, SIGNED),
        ),
        bad(
            "signer-not-yet-valid",
            "签章时证书尚未生效",
            "the signer's certificate was not yet valid",
            "SIGNER_EXPIRED_THEN",
            s.signed_by(&future, SIGNED),
        ),
        case(
            "signer-expired-since",
            "valid",
            "签章后证书过期，无时间戳",
            "the certificate expired since, no timestamp",
            "valid",
            s.signed_by(&short, SIGNED),
        )
        .check("TIME_UNPROVEN", "warn"),
        bad(
            "maker-expired-v4",
            "第四版：制章人证书签章时已过期",
            "v4: the maker's certificate had expired",
            "SEAL_MAKER_EXPIRED_THEN",
            s.with(|x| x.made_by(&late_maker), |x| x),
        ),
        case(
            "maker-expired-since-v5",
            "valid",
            "第五版：制章人证书制章后过期",
            "v5: the maker's certificate expired after making",
            "valid",
            OfdForge::signed(vec![s.part(s.sign(Layout::V5, v5_maker().build()))]),
        )
        .check("SEAL_MAKER_EXPIRED_THEN", "pass")
        .check("TIME_UNPROVEN", "warn"),
        bad(
            "maker-expired-then-v5",
            "第五版：制章时制章人证书已过期",
            "v5: the maker's certificate had expired at making",
            "SEAL_MAKER_EXPIRED_THEN",
            {
                let seal =
                    v5_maker().dates("2026-11-15T00:00:00Z", "2026-11-15T00:00:00Z", "2027-11-01T00:00:00Z");
                OfdForge::signed(vec![s.part(s.sign(Layout::V5, seal.build()))])
            },
        ),
        case(
            "seal-outlives-certificate",
            "dialect",
            "印章有效期超过所有者证书",
            "the seal outlives its owner's certificate",
            "valid",
            {
                s.with(
                    |x| x.dates("2026-11-01T00:00:00Z", "2026-11-01T00:00:00Z", "2035-01-01T00:00:00Z"),
                    |x| x,
                )
            },
        )
        .check("SEAL_OUTLIVES_CERTIFICATE", "warn"),
        bad(
            "judged-before-signing",
            "在签章之前判断",
            "judged before the signing",
            "TIME_ORDER",
            s.document(),
        )
        .at("2026-11-15T00:00:00Z"),
    ]
}

fn revocation(s: &Scene) -> Vec<Case> {
    let victim = s.pki.leaf(&CertSpec::leaf("被吊销签章人 Revoked"));
    let root_crl = "pki/root.crl";
    let list = |name: &str, crl: CrlForge| s.file(name, crl.build());
    let fresh = || CrlForge::fresh(&s.pki.ca);
    let before = list(
        "ca-revoked-before.crl",
        fresh().revoke(&victim, "2026-11-10T00:00:00Z", Some(RevocationReason::KeyCompromise)),
    );
    let after = list(
        "ca-revoked-after.crl",
        fresh().revoke(&victim, "2026-11-21T00:00:00Z", Some(RevocationReason::Superseded)),
    );
    let stale = list("ca-stale.crl", CrlForge::stale(&s.pki.ca));
    let plain = || s.signed_by(&victim, SIGNED);
    let stamped = |t: &str| {
        let seal = crate::seal::SealForge::new(Layout::V4, &s.pki, &[&victim]).build();
        let sign = SignatureForge::new(Layout::V4, seal, &victim).stamped(s.stamp(t));
        OfdForge::signed(vec![s.part(sign)])
    };
    let answer = |name: &str, status, this: &str| {
        let next = "2026-11-29T00:00:00Z";
        s.file(name, ocsp(&s.pki.ocsp, &s.pki.ca, &victim, status, this, Some(next)))
    };
    let good = answer("victim-good.ocsp", CertStatus::Good, "2026-11-21T00:00:00Z");
    let gone = answer(
        "victim-revoked.ocsp",
        CertStatus::Revoked { date: at("2026-11-10T00:00:00Z"), reason: None },
        "2026-11-21T00:00:00Z",
    );
    vec![
        case("revoked-before", "attack", "签章前已吊销", "revoked before signing", "invalid", plain())
            .crl(&[root_crl, &before])
            .check("SIGNER_REVOKED_THEN", "fail"),
        case(
            "revoked-before-stamped",
            "attack",
            "签章前已吊销，有时间戳",
            "revoked before signing, timestamped",
            "invalid",
            stamped("2026-11-20T08:05:00Z"),
        )
        .crl(&[root_crl, &before])
        .check("SIGNER_REVOKED_THEN", "fail"),
        case(
            "revoked-after",
            "time",
            "签章后吊销，时间未经证明",
            "revoked after signing, no proof of time",
            "indeterminate",
            plain(),
        )
        .crl(&[root_crl, &after])
        .check("SIGNER_REVOKED_THEN", "indeterminate"),
        case(
            "revoked-after-stamped",
            "valid",
            "签章后吊销，时间戳证明",
            "revoked after signing, proven by a timestamp",
            "valid",
            stamped("2026-11-20T08:05:00Z"),
        )
        .crl(&[root_crl, &after])
        .check("SIGNER_REVOKED_THEN", "pass")
        .check("TIMESTAMP", "pass"),
        case(
            "stamped-after-revocation",
            "attack",
            "时间戳晚于吊销",
            "timestamped after the revocation",
            "invalid",
            stamped("2026-11-21T12:00:00Z"),
        )
        .crl(&[root_crl, &after])
        .check("SIGNER_REVOKED_THEN", "fail"),
        case(
            "stale-crl",
            "trust",
            "吊销列表过期",
            "the revocation list is out of date",
            "valid",
            s.document(),
        )
        .crl(&[root_crl, &stale])
        .check("NO_REVOCATION_DATA", "warn"),
        case(
            "stale-crl-strict",
            "trust",
            "严格策略下吊销列表过期",
            "the same under the strict policy",
            "indeterminate",
            s.document(),
        )
        .crl(&[root_crl, &stale])
        .strict()
        .check("NO_REVOCATION_DATA", "indeterminate"),
        case("no-crl", "trust", "没有吊销信息", "no revocation data", "valid", s.document())
            .crl(&[])
            .check("NO_REVOCATION_DATA", "warn"),
        case(
            "no-crl-strict",
            "trust",
            "严格策略下没有吊销信息",
            "no revocation data under the strict policy",
            "indeterminate",
            s.document(),
        )
        .crl(&[])
        .strict()
        .check("NO_REVOCATION_DATA", "indeterminate"),
        case(
            "strict-with-data",
            "valid",
            "严格策略，信息齐全",
            "strict with all data",
            "valid",
            s.document(),
        )
        .strict(),
        case("ocsp-good", "valid", "OCSP 答复有效", "OCSP says good", "valid", plain())
            .crl(&[root_crl, "pki/ca.crl"])
            .ocsp(&[&good])
            .check("SIGNER_REVOKED_THEN", "pass"),
        case("ocsp-revoked", "attack", "OCSP 答复已吊销", "OCSP says revoked", "invalid", plain())
            .ocsp(&[&gone])
            .check("SIGNER_REVOKED_THEN", "fail"),
    ]
}

fn stamps(s: &Scene) -> Vec<Case> {
    let doc = |stamp: Stamper| s.with(|x| x, |x| x.stamped(stamp));
    let by = |tsa: &Identity, t: &str| {
        let (tsa, t) = (tsa.clone(), at(t));
        doc(Box::new(move |v| timestamp::token(&tsa, v, t)))
    };
    let bad = |id, zh, en, doc| case(id, "attack", zh, en, "invalid", doc).check("TIMESTAMP", "fail");
    let later = "2026-11-20T08:05:00Z";
    let tsa = s.pki.tsa.clone();
    let family = |f: Family, embed: bool| {
        let tsa = tsa.clone();
        doc(Box::new(move |v| timestamp::token_of(f, &tsa, v, at("2026-11-20T08:05:00Z"), embed)))
    };
    let stranger = issue(&s.pki.stranger, &CertSpec::tsa("陌生时间戳 Stranger TSA"));
    let wrong_use = s.pki.leaf(&CertSpec::leaf("非时间戳证书 Not a TSA"));
    let expired = s
        .pki
        .leaf(&CertSpec::tsa("过期时间戳 Expired TSA").dates("2025-01-01T00:00:00Z", "2026-06-01T00:00:00Z"));
    let fake = tsa.with_key_of(&s.pki.signer_b);
    let v5 = |seal_stamp: &str, made: &str| {
        let stamp = s.stamp(seal_stamp);
        let made = made.to_owned();
        s.with_of(
            Layout::V5,
            |x| {
                x.dates(&made, "2026-11-01T00:00:00Z", "2027-11-01T00:00:00Z")
                    .with(|v| v.stamp = Some(std::sync::Arc::new(stamp)))
            },
            |x| x,
        )
    };
    vec![
        case("stamp", "valid", "时间戳有效", "a sound timestamp", "valid", by(&tsa, later))
            .check("TIMESTAMP", "pass"),
        case(
            "stamp-rfc5652",
            "valid",
            "国际标识的时间戳",
            "a timestamp with identifiers of RFC 5652",
            "valid",
            family(Family::Rfc5652, true),
        )
        .check("TIMESTAMP", "pass"),
        case(
            "stamp-no-certificate",
            "time",
            "时间戳未带证书",
            "a timestamp without its certificate",
            "indeterminate",
            family(Family::Gbt35275, false),
        )
        .check("TIMESTAMP", "indeterminate"),
        case(
            "stamp-no-certificate-but-known",
            "valid",
            "时间戳未带证书，但信任目录中有",
            "the same with the certificate at hand",
            "valid",
            family(Family::Gbt35275, false),
        )
        .trust(&["pki/root.cer", "pki/ca.cer", &s.file("tsa.cer", tsa.der().to_vec())])
        .check("TIMESTAMP", "pass"),
        bad(
            "stamp-no-token",
            "“时间戳”不是令牌",
            "a timestamp that is no token",
            doc(Box::new(|_| b"2026-11-20 16:00:00".to_vec())),
        ),
        bad("stamp-a-certificate", "“时间戳”是一张证书", "a certificate as the timestamp", {
            let der = tsa.der().to_vec();
            doc(Box::new(move |_| der.clone()))
        }),
        bad("stamp-other-value", "时间戳属于别的签名值", "a timestamp over another value", {
            let tsa = tsa.clone();
            doc(Box::new(move |_| timestamp::token(&tsa, b"other", at("2026-11-20T08:05:00Z"))))
        }),
        case(
            "stamp-untrusted",
            "time",
            "时间戳机构未受信任",
            "an authority nobody trusts",
            "indeterminate",
            by(&stranger, later),
        )
        .check("TIMESTAMP", "indeterminate"),
        bad(
            "stamp-wrong-purpose",
            "签发者不是时间戳证书",
            "made with a certificate of another purpose",
            by(&wrong_use, later),
        ),
        bad(
            "stamp-tsa-expired",
            "时间戳机构证书已过期",
            "the authority's certificate had expired",
            by(&expired, later),
        ),
        bad("stamp-forged", "时间戳签名错误", "the signature of the timestamp is wrong", by(&fake, later)),
        case(
            "stamp-before-time-info",
            "attack",
            "签章时间晚于时间戳",
            "stated time later than the timestamp",
            "invalid",
            by(&tsa, "2026-11-19T00:00:00Z"),
        )
        .check("TIME_ORDER", "fail"),
        bad(
            "stamp-in-the-future",
            "时间戳在判断之后",
            "a timestamp after the moment of judging",
            by(&tsa, "2026-12-01T00:00:00Z"),
        ),
        case(
            "seal-stamp",
            "valid",
            "印章时间戳有效（第五版）",
            "a sound timestamp on a v5 seal",
            "valid",
            v5("2026-11-01T01:00:00Z", "2026-11-01T00:00:00Z"),
        )
        .check("SEAL_TIMESTAMP", "pass"),
        case(
            "seal-made-after-stamp",
            "attack",
            "制章日期晚于印章时间戳",
            "createDate later than the seal's timestamp",
            "invalid",
            v5("2026-11-02T00:00:00Z", "2026-11-05T00:00:00Z"),
        )
        .check("SEAL_TIMESTAMP", "fail"),
    ]
}
