//! Chains: seals whose maker's certificate is issued in every way, judged by themselves.

use yinxin_formats::crl::RevocationReason;
use yinxin_formats::oids;
use yinxin_formats::x509::{GeneralName, KeyUsage, NameConstraints, extensions};

use super::{Case, Scene};
use crate::pki::{CertSpec, Identity, Pki, issue, name};
use crate::revocation::CrlForge;

const MAKER: &str = "制章人 Maker";

/// Name, flag, Chinese, English, verdict.
type Told<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str);

/// A seal made by `maker`; extra certificates beside root and CA are at hand.
fn case(s: &Scene, told: Told<'_>, maker: &Identity, more: &[&Identity]) -> Case {
    let (id, flag, zh, en, verdict) = told;
    let mut files = vec!["pki/root.cer".to_owned(), "pki/ca.cer".to_owned()];
    files.extend(more.iter().enumerate().map(|(i, c)| s.file(&format!("{id}-{i}.cer"), c.der().to_vec())));
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    Case::new(id, flag, zh, en, verdict, s.seal().made_by(maker).build()).trust(&files)
}

pub(super) fn cases(s: &Scene) -> Vec<Case> {
    let mut out = chains(s);
    out.extend(usages(s));
    out.extend(lists(s));
    out
}

fn chains(s: &Scene) -> Vec<Case> {
    let p = &s.pki;
    let bad = |id, zh, en, maker: &Identity, more: &[&Identity]| {
        case(s, (id, "attack", zh, en, "invalid"), maker, more).check("SEAL_MAKER_CHAIN", "fail")
    };
    let under = |ca: &Identity| issue(ca, &CertSpec::leaf(MAKER));
    let ca = |change: fn(&mut CertSpec)| issue(&p.root, &CertSpec::ca("另一机构 Other CA").with(change));
    let plain = ca(|_| ());
    let no_constraints = ca(|c| c.basic = None);
    let not_ca = ca(|c| c.basic = Some((false, None)));
    let no_sign = ca(|c| c.usage = Some(KeyUsage::CRL_SIGN));
    let critical = ca(|c| c.extra.push(crate::pki::unknown_critical()));
    let zero = ca(|c| c.basic = Some((true, Some(0))));
    let below_zero = issue(&zero, &CertSpec::ca("下级机构 Sub CA"));
    let expired_ca = issue(
        &p.root,
        &CertSpec::ca("过期机构 Expired CA").dates("2020-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
    );
    let constrained = |inside: bool| {
        let base =
            if inside { name("x") } else { yinxin_formats::x509::Name::build(&[(oids::AT_COUNTRY, "US")]) };
        let base =
            yinxin_formats::x509::Name::build(&[(oids::AT_COUNTRY, base.get(&oids::AT_COUNTRY).unwrap())]);
        let nc = NameConstraints { permitted: vec![GeneralName::Directory(base)], excluded: Vec::new() };
        let cn = if inside { "限本国 Inside CA" } else { "限外国 Outside CA" };
        issue(&p.root, &CertSpec::ca(cn).with(|c| c.extra.push(extensions::name_constraints(&nc))))
    };
    let (inside, outside) = (constrained(true), constrained(false));
    let excluding = {
        let base = yinxin_formats::x509::Name::build(&[(oids::AT_COUNTRY, "CN")]);
        let nc = NameConstraints { permitted: Vec::new(), excluded: vec![GeneralName::Directory(base)] };
        issue(
            &p.root,
            &CertSpec::ca("排除本国 Excluding CA").with(|c| c.extra.push(extensions::name_constraints(&nc))),
        )
    };
    let forged = p.ca.with_key_of(&p.signer_b);
    // The same CA key certified by the stranger as well: two paths, one of which ends at an anchor.
    let cross = issue(&p.stranger, &CertSpec::ca("测试签发机构 Test CA"));
    let leaf_issuer = under(&p.signer_a);
    let p256 = |spec: CertSpec| spec.with(|c| c.algorithm = yinxin_crypto::KeyAlgorithm::P256);
    let p256_ca = issue(&p.root, &p256(CertSpec::ca("P-256 机构 CA")));
    let v = |id, zh, en, maker: &Identity, more: &[&Identity]| {
        case(s, (id, "valid", zh, en, "valid"), maker, more).check("SEAL_MAKER_CHAIN", "pass")
    };
    vec![
        v("chain", "两级证书链", "a chain over one CA", &under(&plain), &[&plain]).crl(&["pki/root.crl"]),
        v("chain-by-root", "由根直接签发", "issued by the root", &under(&p.root), &[]),
        v(
            "name-constraints-inside",
            "在名称限制之内",
            "inside name constraints",
            &under(&inside),
            &[&inside],
        ),
        v(
            "cross-certified",
            "机构另有一条不受信任的链",
            "a CA certified by a stranger too",
            &p.maker,
            &[&cross],
        ),
        v(
            "p256-ca",
            "P-256 机构签发的 SM2 证书",
            "an SM2 certificate under a P-256 CA",
            &under(&p256_ca),
            &[&p256_ca],
        ),
        v("path-length-kept", "路径长度 0，之下没有机构", "path length 0 kept", &under(&zero), &[&zero]),
        bad(
            "issuer-not-ca",
            "签发者不是证书机构",
            "issued by a certificate that is no CA",
            &under(&not_ca),
            &[&not_ca],
        ),
        bad(
            "issuer-without-constraints",
            "签发者没有基本限制",
            "issued by a CA without basicConstraints",
            &under(&no_constraints),
            &[&no_constraints],
        ),
        bad(
            "issued-by-a-leaf",
            "由签章人的证书签发",
            "issued by a signer's certificate",
            &leaf_issuer,
            &[&p.signer_a],
        ),
        bad(
            "issuer-may-not-sign",
            "签发者的用途不含签发证书",
            "issued by a CA without keyCertSign",
            &under(&no_sign),
            &[&no_sign],
        ),
        bad(
            "issuer-critical-extension",
            "签发者含不认识的关键扩展",
            "an unknown critical extension in the CA",
            &under(&critical),
            &[&critical],
        ),
        bad(
            "path-length-exceeded",
            "超出路径长度",
            "path length exceeded",
            &under(&below_zero),
            &[&zero, &below_zero],
        ),
        bad(
            "name-constraints-outside",
            "在名称限制之外",
            "outside name constraints",
            &under(&outside),
            &[&outside],
        ),
        bad(
            "name-constraints-excluded",
            "被名称限制排除",
            "excluded by name constraints",
            &under(&excluding),
            &[&excluding],
        ),
        bad(
            "forged-issuer-signature",
            "签发者签名是伪造的",
            "the issuer's signature is forged",
            &{
                let spec = CertSpec::leaf(MAKER);
                // Named after the CA with its key identifier, signed with another key.
                let real = issue(&p.ca, &spec);
                let aki = yinxin_formats::x509::key_id(yinxin_crypto::SigningKey::public_key(&*p.ca.key));
                let fake = spec.with(|c| {
                    c.aki = false;
                    c.extra.push(extensions::authority_key_id(&aki));
                });
                Identity { cert: issue(&forged, &fake).cert, key: real.key }
            },
            &[],
        ),
        bad("self-signed", "自签的制章人", "a self-signed maker", &Pki::root(&CertSpec::leaf(MAKER)), &[]),
        bad(
            "maker-critical-extension",
            "制章人证书含不认识的关键扩展",
            "an unknown critical extension in the maker's certificate",
            &p.leaf(&CertSpec::leaf(MAKER).unknown_critical()),
            &[],
        ),
        case(
            s,
            ("issuer-expired", "attack", "签发机构证书已过期", "the CA's certificate has expired", "invalid"),
            &under(&expired_ca),
            &[&expired_ca],
        )
        .check("SEAL_MAKER_EXPIRED_THEN", "fail"),
        case(
            s,
            (
                "issuer-missing",
                "trust",
                "缺少签发机构的证书",
                "the CA's certificate is not at hand",
                "indeterminate",
            ),
            &under(&plain),
            &[],
        )
        .check("SEAL_MAKER_CHAIN", "indeterminate")
        .names("UNTRUSTED", "indeterminate", &["missing"]),
        case(
            s,
            ("anchor-missing", "trust", "根证书未受信任", "the root is not trusted", "indeterminate"),
            &p.maker,
            &[],
        )
        .trust(&["pki/ca.cer"])
        .check("SEAL_MAKER_CHAIN", "indeterminate")
        .names("UNTRUSTED", "indeterminate", &["missing"]),
        case(
            s,
            ("nobody-trusted", "trust", "没有任何信任依据", "nothing is trusted", "indeterminate"),
            &p.maker,
            &[],
        )
        .trust(&[])
        .check("SEAL_MAKER_CHAIN", "indeterminate"),
    ]
}

fn usages(s: &Scene) -> Vec<Case> {
    let leaf = |change: fn(&mut CertSpec)| s.pki.leaf(&CertSpec::leaf(MAKER).with(change));
    let bad = |id, zh, en, maker: &Identity| {
        case(s, (id, "attack", zh, en, "invalid"), maker, &[]).check("SEAL_MAKER_KEY_USAGE", "fail")
    };
    let ok = |id, zh, en, outcome, maker: &Identity| {
        case(s, (id, "valid", zh, en, "valid"), maker, &[]).check("SEAL_MAKER_KEY_USAGE", outcome)
    };
    vec![
        bad(
            "usage-encryption",
            "加密证书制章",
            "made with an encryption certificate",
            &leaf(|c| c.usage = Some(KeyUsage::KEY_ENCIPHERMENT.with(KeyUsage::DATA_ENCIPHERMENT))),
        ),
        bad(
            "usage-ca-only",
            "只能签发证书",
            "usage keyCertSign alone",
            &leaf(|c| c.usage = Some(KeyUsage::KEY_CERT_SIGN)),
        ),
        bad(
            "eku-wrong-critical",
            "关键的扩展用途与签章无关",
            "a critical extended key usage for timestamps",
            &leaf(|c| c.eku = Some((vec![oids::KP_TIME_STAMPING], true))),
        ),
        ok(
            "eku-wrong-not-critical",
            "扩展用途与签章无关但不关键",
            "the same, not critical",
            "warn",
            &leaf(|c| c.eku = Some((vec![oids::KP_TIME_STAMPING], false))),
        ),
        ok(
            "eku-any",
            "任意用途",
            "any extended key usage",
            "pass",
            &leaf(|c| c.eku = Some((vec![oids::KP_ANY], true))),
        ),
        ok("usage-missing", "未写密钥用途", "no key usage", "warn", &leaf(|c| c.usage = None)),
        ok(
            "usage-digital-signature",
            "仅数字签名",
            "digitalSignature alone",
            "pass",
            &leaf(|c| c.usage = Some(KeyUsage::DIGITAL_SIGNATURE)),
        ),
        ok(
            "usage-content-commitment",
            "仅抗抵赖",
            "nonRepudiation alone",
            "pass",
            &leaf(|c| c.usage = Some(KeyUsage::CONTENT_COMMITMENT)),
        ),
    ]
}

fn lists(s: &Scene) -> Vec<Case> {
    let p = &s.pki;
    let maker = &p.maker;
    let root = "pki/root.crl";
    let with = |id: &str, flag, zh, en, verdict, outcome: (&str, &str), crl: CrlForge| {
        let file = s.file(&format!("list-{id}.crl"), crl.build());
        case(s, (id, flag, zh, en, verdict), maker, &[]).crl(&[root, &file]).check(outcome.0, outcome.1)
    };
    let fresh = || CrlForge::fresh(&p.ca);
    let revoked =
        |c: CrlForge| c.revoke(maker, "2026-11-10T00:00:00Z", Some(RevocationReason::KeyCompromise));
    let missing = ("NO_REVOCATION_DATA", "warn");
    let fail = ("SEAL_MAKER_REVOKED_THEN", "fail");
    let pass = ("SEAL_MAKER_REVOKED_THEN", "pass");
    let ca_gone = s.file(
        "root-revokes-ca.crl",
        CrlForge::fresh(&p.root)
            .revoke(&p.ca, "2026-11-05T00:00:00Z", Some(RevocationReason::CaCompromise))
            .build(),
    );
    vec![
        with("crl-fresh", "valid", "吊销列表有效", "a fresh list", "valid", pass, fresh()),
        with(
            "crl-revoked",
            "attack",
            "制章人已被吊销",
            "the maker is revoked",
            "invalid",
            fail,
            revoked(fresh()),
        ),
        case(s, ("crl-ca-revoked", "attack", "签发机构被吊销", "the CA is revoked", "invalid"), maker, &[])
            .crl(&[&ca_gone, "pki/ca.crl"])
            .check(fail.0, fail.1),
        with("crl-stale", "trust", "吊销列表过期", "a stale list", "valid", missing, CrlForge::stale(&p.ca)),
        with(
            "crl-stale-revoked",
            "attack",
            "过期列表中已吊销",
            "revoked in a stale list",
            "invalid",
            fail,
            revoked(CrlForge::fresh(&p.ca).updates("2026-11-11T00:00:00Z", Some("2026-11-12T00:00:00Z"))),
        ),
        with(
            "crl-future",
            "trust",
            "吊销列表日期在未来",
            "a list dated in the future",
            "valid",
            missing,
            CrlForge::future(&p.ca),
        ),
        with("crl-delta", "trust", "增量列表", "a delta list alone", "valid", missing, fresh().delta()),
        with("crl-indirect", "trust", "间接列表", "an indirect list", "valid", missing, fresh().indirect()),
        with(
            "crl-only-ca",
            "trust",
            "只含机构证书的列表",
            "a list for CA certificates only",
            "valid",
            missing,
            fresh().only_ca(),
        ),
        with(
            "crl-wrong-signer",
            "attack",
            "列表签名者不是签发机构",
            "a list signed by somebody else",
            "valid",
            missing,
            fresh().signed_by(&p.signer_b),
        ),
        with(
            "crl-critical-extension",
            "trust",
            "列表含不认识的关键扩展",
            "an unknown critical extension in the list",
            "valid",
            missing,
            fresh().unknown_critical(),
        ),
        with(
            "crl-forged-revocation",
            "attack",
            "伪造的列表吊销制章人",
            "a forged list revokes the maker",
            "valid",
            missing,
            revoked(fresh()).signed_by(&p.signer_b),
        ),
        with("crl-removed", "valid", "已从列表移除", "removeFromCRL", "valid", pass, {
            fresh().revoke(maker, "2026-11-10T00:00:00Z", Some(RevocationReason::RemoveFromCrl))
        }),
        with(
            "crl-other-revoked",
            "valid",
            "列表吊销了别人",
            "somebody else is revoked",
            "valid",
            pass,
            fresh().revoke(&p.signer_b, "2026-11-10T00:00:00Z", None),
        ),
    ]
}
