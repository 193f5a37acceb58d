//! Whole documents: sound ones, and attacks on what a signature protects.

use yinxin_formats::cms::Family;

use super::{Case, Scene};
use crate::clock;
use crate::ofd::{OfdForge, PathStyle, SignForge};
use crate::seal::{Covers, Layout, SealForge, extension, seq};
use crate::signature::SignatureForge;
use crate::signed_data;
use crate::value::ValueForm;
use yinxin_formats::der::write as w;

pub(super) const PAGE: &str = "Doc_0/Pages/Page_0/Content.xml";

pub(super) fn cases(s: &Scene) -> Vec<Case> {
    let mut out = sound(s);
    out.extend(plain(s));
    out.extend(tampered(s));
    out.extend(forged(s));
    out
}

pub(super) fn case(id: &str, flag: &str, zh: &str, en: &str, verdict: &str, doc: OfdForge) -> Case {
    Case::new(id, flag, zh, en, verdict, doc.build())
}

fn sound(s: &Scene) -> Vec<Case> {
    let good = |id, zh, en, doc| case(id, "valid", zh, en, "valid", doc).check("COVERAGE", "pass");
    let second = s.part(SignatureForge::new(
        Layout::V4,
        SealForge::new(Layout::V4, &s.pki, &[&s.pki.signer_b]).build(),
        &s.pki.signer_b,
    ));
    let two = OfdForge::signed(vec![s.good(), second.clone().with(|p| p.id = "2".into())]);
    let clips = (0..2)
        .map(|i| {
            format!(
                "<ofd:StampAnnot ID=\"{i}\" PageRef=\"{}\" Boundary=\"{} 128 40 40\" Clip=\"{} 0 20 40\"/>",
                i + 1,
                210 - 20 * (i + 1),
                20 * i
            )
        })
        .collect::<String>();
    vec![
        Case::new(
            "unsigned",
            "valid",
            "没有签章的文件",
            "no signature at all",
            "unsigned",
            OfdForge::new().build(),
        )
        .check("CONTAINER", "pass"),
        good("v4", "第四版签章", "a v4 signature", s.document()).check("SIGNATURE_VALUE", "pass"),
        good("v5", "第五版签章", "a v5 signature", s.with_of(Layout::V5, |x| x, |x| x)),
        good("v1", "第一版签章", "a v1 signature", s.with_of(Layout::V1, |x| x, |x| x)),
        good(
            "digest-list",
            "印章以证书摘要列出签章人",
            "the seal lists a certificate digest",
            s.with(|x| x.digests("SM3", &[&s.pki.signer_a], false), |x| x),
        )
        .check("SIGNER_NOT_LISTED", "pass"),
        good(
            "two-owners",
            "印章列出两位签章人，第二位签章",
            "a seal of two owners used by the second",
            {
                let seal = SealForge::new(Layout::V4, &s.pki, &[&s.pki.signer_a, &s.pki.signer_b]).build();
                OfdForge::signed(vec![s.part(SignatureForge::new(Layout::V4, seal, &s.pki.signer_b))])
            },
        ),
        good("two-signatures", "两位签章人先后签章", "two signatures one after the other", two),
        good(
            "cross-page",
            "骑缝章",
            "a cross-page seal",
            OfdForge::signed(vec![s.good().with(|p| p.stamps = clips)]),
        )
        .check("STAMP", "pass"),
        good(
            "whole-mode",
            "整体签章",
            "whole mode",
            OfdForge::signed(vec![s.good().with(|p| p.whole = true)]),
        ),
        good(
            "relative-paths",
            "相对路径",
            "relative paths",
            OfdForge::signed(vec![s.good().with(|p| p.paths = PathStyle::Relative)]),
        ),
        good(
            "bare-paths",
            "不带斜杠的根路径",
            "bare paths",
            OfdForge::signed(vec![s.good().with(|p| p.paths = PathStyle::Bare)]),
        ),
        good(
            "sm3-by-name",
            "摘要算法写作 SM3",
            "CheckMethod written SM3",
            OfdForge::signed(vec![s.good().with(|p| p.check_method = Some("SM3".into()))]),
        ),
        good(
            "signvalue-name",
            "签名值文件名为 SignValue.dat",
            "the value file is SignValue.dat",
            OfdForge::signed(vec![s.good().with(|p| p.value_name = "SignValue.dat".into())]),
        ),
        good("type-omitted", "未写类型（缺省 Seal）", "Type left out (Seal)", {
            OfdForge::signed(vec![s.good().with(|p| p.kind = None)])
        }),
        good("no-seal-file", "文件包中没有 Seal.esl", "no Seal.esl in the package", {
            OfdForge::signed(vec![s.good().with(|p| p.seal = None)])
        })
        .check("SEAL_FILE_MISMATCH", "not_run"),
        good(
            "extension-not-critical",
            "含不认识的非关键扩展",
            "an unknown extension that is not critical",
            s.with(|x| x.extensions(&[extension("1.2.3.4", None)]), |x| x),
        ),
    ]
}

fn plain(s: &Scene) -> Vec<Case> {
    let a = s.pki.signer_a.clone();
    let by = |f: fn(&crate::Identity, &[u8]) -> Vec<u8>| {
        let a = a.clone();
        OfdForge::signed(vec![SignForge::plain(move |xml, _| f(&a, xml))])
    };
    let stamp = s.stamp("2026-11-20T09:00:00Z");
    let stamped = {
        let a = a.clone();
        OfdForge::signed(vec![SignForge::plain(move |xml, _| {
            signed_data::stamped(&a, xml, clock::signed(), stamp.clone())
        })])
    };
    let good = |id, zh, en, doc| {
        case(id, "valid", zh, en, "valid", doc)
            .check("SIGNATURE_VALUE", "pass")
            .check("SIGNATURE_TYPE", "pass")
    };
    vec![
        good("sign-gbt-detached", "不带印章的签名（GB/T 35275）", "no seal, GB/T 35275, detached", {
            by(|a, xml| signed_data::signed(Family::Gbt35275, a, xml, clock::signed(), false))
        }),
        good("sign-gbt-attached", "原文在内", "no seal, content inside", {
            by(|a, xml| signed_data::signed(Family::Gbt35275, a, xml, clock::signed(), true))
        }),
        good(
            "sign-gbt-digest",
            "内容为签名文件的摘要",
            "no seal, content is the digest of Signature.xml",
            by(|a, xml| signed_data::bare(a, &yinxin_crypto::sm3(xml), true)),
        ),
        good("sign-gbt-no-attributes", "没有签名属性", "no seal, no signed attributes", {
            by(|a, xml| signed_data::bare(a, xml, false))
        }),
        good("sign-rfc5652", "国际标识的签名数据", "no seal, identifiers of RFC 5652", {
            by(|a, xml| signed_data::signed(Family::Rfc5652, a, xml, clock::signed(), false))
        }),
        good("sign-stamped", "带时间戳", "no seal, with a timestamp", stamped).check("TIMESTAMP", "pass"),
        case("sign-no-signer", "attack", "签名数据没有签名人", "signerInfos is empty", "invalid", {
            by(signed_data::no_signers)
        })
        .check("SIGNATURE_VALUE", "fail"),
        case(
            "sign-other-content",
            "attack",
            "签名数据属于别的内容",
            "SignedData over other content",
            "invalid",
            by(|a, _| signed_data::signed(Family::Gbt35275, a, b"other", clock::signed(), true)),
        )
        .check("DOCUMENT_MODIFIED", "fail"),
        case(
            "sign-other-detached",
            "attack",
            "签名值取自别处",
            "detached SignedData of another document",
            "invalid",
            by(|a, _| signed_data::signed(Family::Gbt35275, a, b"other", clock::signed(), false)),
        )
        .check("DOCUMENT_MODIFIED", "fail"),
        case(
            "type-swapped-to-sign",
            "attack",
            "印章签章声明为 Sign",
            "a seal signature declared Sign",
            "invalid",
            OfdForge::signed(vec![s.good().with(|p| p.kind = Some("Sign".into()))]),
        )
        .check("SIGNATURE_TYPE", "fail"),
        case(
            "type-swapped-to-seal",
            "attack",
            "无印章的签名声明为 Seal",
            "a plain signature declared Seal",
            "invalid",
            {
                let a = a.clone();
                OfdForge::signed(vec![
                    SignForge::plain(move |xml, _| signed_data::bare(&a, xml, false))
                        .with(|p| p.kind = Some("Seal".into())),
                ])
            },
        )
        .check("SIGNATURE_TYPE", "fail"),
    ]
}

fn tampered(s: &Scene) -> Vec<Case> {
    let zip = || s.document().zip();
    let sign = "Doc_0/Signs/Sign_0";
    let bad = |id, zh, en, zip: crate::zip::Zip| Case::new(id, "attack", zh, en, "invalid", zip.build());
    let other_seal = || s.seal().with(|x| x.es_id = w::ia5("OTHER")).build();
    vec![
        bad("page-changed", "页面内容在签章后被改", "a page changed after signing", {
            zip()
                .edit(PAGE, |c| *c = String::from_utf8(c.clone()).unwrap().replace("100", "900").into_bytes())
        })
        .check("DOCUMENT_MODIFIED", "fail"),
        bad("page-removed", "受保护的页面被删除", "a protected page removed", zip().without(PAGE)).names(
            "DOCUMENT_MODIFIED",
            "fail",
            &["missing"],
        ),
        bad("entry-changed", "OFD.xml 被改", "OFD.xml changed", {
            zip().edit("OFD.xml", |c| c.extend_from_slice(b"<!-- -->"))
        })
        .check("DOCUMENT_MODIFIED", "fail"),
        bad("signature-xml-changed", "Signature.xml 被改", "Signature.xml changed", {
            zip().edit(&format!("{sign}/Signature.xml"), |c| c.extend_from_slice(b"\n"))
        })
        .check("DOCUMENT_MODIFIED", "fail"),
        bad("references-rewritten", "改了页面又改了引用摘要", "page and its digest rewritten", {
            let forged =
                s.document().part(PAGE, b"<ofd:Page xmlns:ofd=\"http://www.ofdspec.org/2016\"/>").zip();
            let xml =
                forged.items.iter().find(|i| i.name.ends_with(b"Signature.xml")).unwrap().content.clone();
            let page = forged.items.iter().find(|i| i.name == PAGE.as_bytes()).unwrap().content.clone();
            zip().edit(PAGE, |c| *c = page).edit(&format!("{sign}/Signature.xml"), |c| *c = xml)
        })
        .check("DOCUMENT_MODIFIED", "fail"),
        bad("seal-file-replaced", "Seal.esl 被换成另一枚印章", "Seal.esl replaced by another seal", {
            zip().edit(&format!("{sign}/Seal.esl"), |c| *c = other_seal())
        })
        .check("SEAL_FILE_MISMATCH", "fail"),
        bad(
            "seal-file-replaced-and-signed",
            "签章时放入的 Seal.esl 就是另一枚",
            "another Seal.esl, protected from the start",
            OfdForge::signed(vec![s.good().with(|p| p.seal = Some(other_seal()))]).zip(),
        )
        .check("SEAL_FILE_MISMATCH", "fail")
        .check("DOCUMENT_MODIFIED", "pass"),
        bad(
            "value-removed",
            "签名值被删除",
            "the value removed",
            zip().without(&format!("{sign}/SignedValue.dat")),
        )
        .check("FORMAT", "fail"),
        bad("value-empty", "签名值为空", "the value is empty", {
            zip().edit(&format!("{sign}/SignedValue.dat"), Vec::clear)
        })
        .check("FORMAT", "fail"),
        bad("value-truncated", "签名值被截断", "the value cut off", {
            zip().edit(&format!("{sign}/SignedValue.dat"), |c| c.truncate(700))
        })
        .check("FORMAT", "fail"),
        bad("value-of-another-document", "签名值取自另一文件", "the value of another document", {
            let other = s.document().part(PAGE, b"<x/>").zip();
            let value =
                other.items.iter().find(|i| i.name.ends_with(b"SignedValue.dat")).unwrap().content.clone();
            zip().edit(&format!("{sign}/SignedValue.dat"), |c| *c = value)
        })
        .check("DOCUMENT_MODIFIED", "fail"),
        bad("list-removed", "签名列表被删除", "the list of signatures removed", {
            zip().without("Doc_0/Signs/Signatures.xml")
        })
        .check("SIGNATURE_LIST", "fail"),
        bad("signature-xml-removed", "Signature.xml 被删除", "Signature.xml removed", {
            zip().without(&format!("{sign}/Signature.xml"))
        })
        .check("SIGNATURE_LIST", "fail"),
        bad("list-broken", "签名列表不是 XML", "the list is no XML", {
            zip().edit("Doc_0/Signs/Signatures.xml", |c| *c = b"\xff\xfe nonsense".to_vec())
        })
        .check("SIGNATURE_LIST", "fail"),
        bad("list-deep", "签名列表嵌套过深", "the list nested too deeply", {
            zip().edit("Doc_0/Signs/Signatures.xml", |c| {
                *c = [b"<a>".repeat(3000), b"</a>".repeat(3000)].concat()
            })
        })
        .check("SIGNATURE_LIST", "fail"),
        bad("list-entity", "签名列表含实体炸弹", "the list carries entities", {
            zip().edit("Doc_0/Signs/Signatures.xml", |c| {
                *c = b"<!DOCTYPE a [<!ENTITY b 'bbbb'><!ENTITY c '&b;&b;&b;&b;'>]><a>&c;</a>".to_vec();
            })
        })
        .check("SIGNATURE_LIST", "fail"),
        bad("whole-mode-extended", "整体签章后又加签", "signed again after whole mode", {
            let first = s.good().with(|p| p.whole = true);
            let mut zip = OfdForge::signed(vec![first]).zip();
            let two = OfdForge::signed(vec![s.good(), s.good().with(|p| p.id = "2".into())]).zip();
            let list =
                two.items.iter().find(|i| i.name.ends_with(b"Signatures.xml")).unwrap().content.clone();
            zip = zip.edit("Doc_0/Signs/Signatures.xml", |c| *c = list);
            for one in two.items.into_iter().filter(|i| i.name.starts_with(b"Doc_0/Signs/Sign_1")) {
                zip = zip.and(one);
            }
            zip
        })
        .check("DOCUMENT_MODIFIED", "fail"),
    ]
}

fn forged(s: &Scene) -> Vec<Case> {
    let bad = |id, zh, en, doc| case(id, "attack", zh, en, "invalid", doc);
    let impostor = crate::Pki::root(
        &crate::CertSpec::leaf("测试制章人 Test Maker").with(|c| c.key = Some("evil".into())),
    );
    vec![
        bad(
            "value-wrong",
            "签名值错一位",
            "one bit of the value wrong",
            s.with(|x| x, |x| x.with(|v| v.form = ValueForm::Flipped)),
        )
        .check("SIGNATURE_VALUE", "fail"),
        bad("value-over-something-else", "签名值覆盖别的数据", "the value covers something else", {
            s.with(|x| x, |x| x.with(|v| v.covers = Covers::Else))
        })
        .check("SIGNATURE_VALUE", "fail"),
        bad("value-by-another-key", "签名值出自别的私钥", "the value made with another key", {
            let fake = s.pki.signer_a.with_key_of(&s.pki.signer_b);
            s.with(|x| x, |x| x.with(|v| v.signer = fake))
        })
        .check("SIGNATURE_VALUE", "fail"),
        bad(
            "signer-not-listed",
            "签章人不在印章的列表中",
            "the signer is not in the seal's list",
            s.with(|x| x, |x| x.with(|v| v.signer = s.pki.signer_b.clone())),
        )
        .check("SIGNER_NOT_LISTED", "fail"),
        bad("signer-not-in-digests", "签章人证书摘要不在列表中", "no digest fits the signer", {
            s.with(|x| x.digests("SM3", &[&s.pki.signer_b], false), |x| x)
        })
        .check("SIGNER_NOT_LISTED", "fail"),
        bad("list-empty", "印章没有列出任何签章人", "the seal lists nobody", {
            s.with(|x| x.with(|v| v.property[3] = seq(&[])), |x| x)
        })
        .check("SIGNER_NOT_LISTED", "fail"),
        bad("seal-broken-signature", "印章的制章人签名错误", "the maker's signature is wrong", {
            s.with(|x| x.with(|v| v.form = ValueForm::Flipped), |x| x)
        })
        .check("SEAL_SIGNATURE", "fail"),
        bad("seal-altered", "印章名称被改", "the seal's name altered after making", {
            let good = s.seal();
            let mut der = good.build();
            let name = "测试公司".as_bytes();
            let at = der.windows(name.len()).position(|x| x == name).unwrap();
            der[at..at + name.len()].copy_from_slice("某某公司".as_bytes());
            OfdForge::signed(vec![s.part(s.sign(Layout::V4, der))])
        })
        .check("SEAL_SIGNATURE", "fail"),
        bad(
            "seal-by-impostor",
            "攻击者自签同名制章人制作的印章",
            "a seal made by a self-signed impostor of the maker",
            s.with(|x| x.made_by(&impostor), |x| x),
        )
        .check("SEAL_MAKER_CHAIN", "fail"),
        case(
            "seal-by-stranger",
            "trust",
            "制章人属于未受信任的体系",
            "a maker under a root nobody trusts",
            "indeterminate",
            {
                let maker =
                    crate::pki::issue(&s.pki.stranger, &crate::CertSpec::leaf("陌生制章人 Stranger Maker"));
                s.with(|x| x.made_by(&maker), |x| x)
            },
        )
        .check("SEAL_MAKER_CHAIN", "indeterminate")
        .check("UNTRUSTED", "indeterminate"),
        case(
            "signer-stranger",
            "trust",
            "签章人属于未受信任的体系",
            "a signer under a root nobody trusts",
            "indeterminate",
            {
                let signer =
                    crate::pki::issue(&s.pki.stranger, &crate::CertSpec::leaf("陌生签章人 Stranger"));
                s.signed_by(&signer, "2026-11-20T08:00:00Z")
            },
        )
        .check("SIGNER_CHAIN", "indeterminate"),
        bad("signer-self-signed", "签章人证书自签", "a self-signed signer", {
            let signer = crate::Pki::root(&crate::CertSpec::leaf("自签 Self"));
            s.signed_by(&signer, "2026-11-20T08:00:00Z")
        })
        .check("SIGNER_CHAIN", "fail"),
        bad(
            "critical-extension-in-seal",
            "印章含不认识的关键扩展",
            "an unknown critical extension in the seal",
            s.with(|x| x.extensions(&[extension("1.2.3.4", Some(true))]), |x| x),
        )
        .check("CRITICAL_EXTENSION", "fail"),
        bad(
            "critical-extension-in-signature",
            "签章含不认识的关键扩展",
            "an unknown critical extension in the signature",
            {
                s.with(
                    |x| x,
                    |x| x.with(|v| v.extensions = w::explicit(0, &seq(&[extension("1.2.3.4", Some(true))]))),
                )
            },
        )
        .check("CRITICAL_EXTENSION", "fail"),
        case(
            "signature-trailing",
            "attack",
            "签章值之后有多余数据",
            "data after the signature value",
            "indeterminate",
            s.with(|x| x, |x| x.with(|v| v.trailing = b"more".to_vec())),
        )
        .check("FORMAT", "indeterminate")
        .names("DIALECT", "warn", &["TRAILING_BYTES"]),
        bad("signature-value-trailing", "SM2 签名值之后有多余字节", "a byte after r and s", {
            s.with(|x| x, |x| x.with(|v| v.form = ValueForm::Trailing))
        })
        .check("SIGNATURE_VALUE", "fail"),
        bad("signature-value-missing", "SM2 签名值为空", "no r and s at all", {
            s.with(|x| x, |x| x.with(|v| v.form = ValueForm::Empty))
        })
        .check("SIGNATURE_VALUE", "fail"),
        bad("encryption-certificate", "用加密证书签章", "signed with an encryption certificate", {
            use yinxin_formats::x509::KeyUsage;
            let usage = KeyUsage::KEY_ENCIPHERMENT.with(KeyUsage::DATA_ENCIPHERMENT);
            let enc =
                s.pki.leaf(&crate::CertSpec::leaf("加密证书 Encryption").with(|c| c.usage = Some(usage)));
            s.signed_by(&enc, "2026-11-20T08:00:00Z")
        })
        .check("SIGNER_KEY_USAGE", "fail"),
    ]
}
