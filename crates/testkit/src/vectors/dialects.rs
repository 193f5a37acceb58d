//! Encodings that no standard allows and real software writes: to be read and named.

use yinxin_crypto::{SigningKey as _, sm3};
use yinxin_formats::der::{Tag, write as w};

use super::{Case, Scene};
use crate::clock::{made, seal_end, signed};
use crate::ofd::{OfdForge, SignForge};
use crate::seal::{Covers, Layout, SealForge, extension, seq, utc};
use crate::signature::SignatureForge;
use crate::value::ValueForm;

type BendSeal = fn(SealForge) -> SealForge;
type BendSign = fn(SignatureForge) -> SignatureForge;

fn same<T>(x: T) -> T {
    x
}

pub(super) fn cases(s: &Scene) -> Vec<Case> {
    let mut out = Vec::new();
    let rows: Vec<(&str, &str, &str, Layout, &str, BendSeal, BendSign)> = vec![
        (
            "raw64",
            "签名值为 r‖s（Tongzhi）",
            "the value is r‖s (Tongzhi)",
            Layout::V4,
            "SIGNATURE_RAW64",
            same,
            |x| x.with(|v| v.form = ValueForm::Raw64),
        ),
        (
            "raw64-seal",
            "制章人签名值为 r‖s",
            "the maker's value is r‖s",
            Layout::V4,
            "SIGNATURE_RAW64",
            |x| x.with(|v| v.form = ValueForm::Raw64),
            same,
        ),
        (
            "padded-integer",
            "签名值整数有多余零",
            "INTEGERs with needless zeros",
            Layout::V4,
            "SIGNATURE_PADDED_INTEGER",
            same,
            |x| x.with(|v| v.form = ValueForm::Padded),
        ),
        (
            "utc-time-in-v4",
            "第四版用 UTCTime",
            "UTCTime inside v4",
            Layout::V4,
            "TIME_UTC_IN_V4",
            |x| x.times([utc(made()), utc(made()), utc(seal_end())]),
            same,
        ),
        (
            "utc-time-info",
            "签章时间用 UTCTime",
            "timeInfo is a UTCTime",
            Layout::V4,
            "TIME_UTC_IN_V4",
            same,
            |x| x.with(|v| v.time = utc(signed())),
        ),
        (
            "v1-header-2",
            "第一版结构、版本号 2（KingGrid）",
            "layout of v1 with version 2 (KingGrid)",
            Layout::V1,
            "V1_LAYOUT_HEADER_2",
            |x| x.with(|v| v.header[1] = w::small(2)),
            |x| x.with(|v| v.version = 2),
        ),
        (
            "v1-header-3",
            "第一版结构、版本号 3",
            "layout of v1 with version 3",
            Layout::V1,
            "V1_LAYOUT_HEADER_3",
            |x| x.with(|v| v.header[1] = w::small(3)),
            |x| x.with(|v| v.version = 3),
        ),
        (
            "v1-local-time",
            "签章时间为当地时间文字（KingGrid）",
            "timeInfo holds local time text (KingGrid)",
            Layout::V1,
            "TIME_LOCAL_TEXT",
            same,
            |x| x.with(|v| v.time = w::bits(b"2026-11-20 16:00:00")),
        ),
        (
            "v1-generalized-seal",
            "第一版印章用 GeneralizedTime",
            "GeneralizedTime in a v1 seal",
            Layout::V1,
            "TIME_GENERALIZED_IN_V1",
            |x| {
                let g = crate::seal::generalized;
                x.times([g(made()), g(made()), g(seal_end())])
            },
            same,
        ),
        (
            "v1-time-not-bits",
            "第一版签章时间不是 BIT STRING",
            "timeInfo of v1 is no BIT STRING",
            Layout::V1,
            "TIME_NOT_BIT_STRING",
            same,
            |x| x.with(|v| v.time = utc(signed())),
        ),
        (
            "v4-time-bits",
            "第四版签章时间为 BIT STRING",
            "timeInfo of v4 is a BIT STRING",
            Layout::V4,
            "TIME_BIT_STRING_IN_V4",
            same,
            |x| x.with(|v| v.time = w::bits(b"20261120080000Z")),
        ),
        (
            "property-info-json",
            "原文属性为 JSON（Azt）",
            "propertyInfo holds JSON (Azt)",
            Layout::V4,
            "PROPERTY_INFO_JSON",
            same,
            |x| {
                x.with(|v| {
                    v.property_info = Some(w::utf8("{\"path\":\"/Doc_0/Signs/Sign_0/Signature.xml\"}"))
                })
            },
        ),
        (
            "extension-false-written",
            "写出缺省的 FALSE",
            "critical FALSE written out",
            Layout::V4,
            "EXT_CRITICAL_FALSE_WRITTEN",
            |x| x.extensions(&[extension("1.2.3.4", Some(false))]),
            same,
        ),
        (
            "extension-tagged",
            "印章扩展带标记",
            "extDatas of a seal with a tag",
            Layout::V4,
            "EXT_TAGGED",
            |x| x.with(|v| v.extensions = w::explicit(0, &seq(&[extension("1.2.3.4", None)]))),
            same,
        ),
        (
            "extension-untagged",
            "签章扩展缺标记",
            "extDatas of a signature without its tag",
            Layout::V4,
            "EXT_UNTAGGED",
            same,
            |x| x.with(|v| v.extensions = seq(&[extension("1.2.3.4", None)])),
        ),
        (
            "cert-list-type-omitted",
            "缺少列表类型",
            "certListType left out",
            Layout::V4,
            "CERT_LIST_TYPE_OMITTED",
            |x| x.with(|v| drop(v.property.remove(2))),
            same,
        ),
        (
            "cert-list-type-wrong",
            "列表类型与内容不符",
            "certListType does not fit",
            Layout::V4,
            "CERT_LIST_TYPE_MISMATCH",
            |x| x.with(|v| v.property[2] = w::small(2)),
            same,
        ),
        (
            "picture-ofd",
            "印章图像为整个 OFD",
            "the picture is a whole OFD",
            Layout::V4,
            "PICTURE_TYPE_OFD",
            |x| {
                let inner = OfdForge::new().build();
                x.with(|v| (v.picture[0], v.picture[1]) = (w::ia5("ofd"), w::octets(&inner)))
            },
            same,
        ),
        (
            "picture-lower-case",
            "图像类型小写",
            "picture type in lower case",
            Layout::V4,
            "PICTURE_TYPE_CASE",
            |x| x.with(|v| v.picture[0] = w::ia5("png")),
            same,
        ),
        (
            "picture-bmp",
            "图像类型 bmp",
            "picture type bmp",
            Layout::V4,
            "PICTURE_TYPE_CASE",
            |x| x.with(|v| (v.picture[0], v.picture[1]) = (w::ia5("bmp"), w::octets(b"BM------"))),
            same,
        ),
        (
            "picture-gif",
            "图像类型 gif",
            "picture type gif",
            Layout::V4,
            "PICTURE_TYPE_CASE",
            |x| x.with(|v| (v.picture[0], v.picture[1]) = (w::ia5("gif"), w::octets(b"GIF89a--"))),
            same,
        ),
        (
            "picture-mismatch",
            "图像内容与类型不符",
            "the picture is not of its type",
            Layout::V4,
            "PICTURE_TYPE_MISMATCH",
            |x| x.with(|v| v.picture[1] = w::octets(b"GIF89a--")),
            same,
        ),
        (
            "string-type",
            "字符串类型不同",
            "another string type",
            Layout::V4,
            "STRING_TYPE",
            |x| x.with(|v| v.es_id = w::utf8("31010100000001")),
            same,
        ),
        (
            "header-id",
            "头标识不是 ES",
            "header ID is not ES",
            Layout::V4,
            "HEADER_ID",
            |x| x.with(|v| v.header[0] = w::ia5("SE")),
            same,
        ),
        (
            "ber-length",
            "长度未用最短形式",
            "a length not in its shortest form",
            Layout::V4,
            "BER_LENGTH",
            |x| x.with(|v| v.es_id = b"\x16\x81\x0131"[..4].to_vec()),
            same,
        ),
    ];
    for (id, zh, en, layout, code, seal, sign) in rows {
        let doc = s.with_of(layout, seal, sign);
        out.push(Case::new(id, "dialect", zh, en, "valid", doc.build()).names("DIALECT", "warn", &[code]));
    }
    out.extend(special(s));
    out
}

/// A signature value whose integers both read as negative without their zero byte.
fn negative(s: &Scene) -> OfdForge {
    let seal = s.seal().build();
    // Whether an INTEGER needs its zero byte depends on the value: try moments until both do.
    let sign = |second: i64| {
        let t = signed().saturating_add(jiff::SignedDuration::from_secs(second)).unwrap();
        s.sign(Layout::V4, seal.clone())
            .with(|v| (v.form, v.time) = (ValueForm::Negative, w::generalized_time(t)))
    };
    let needs = |second: i64| {
        let doc = OfdForge::signed(vec![s.part(sign(second).with(|v| v.form = ValueForm::Der))]).zip();
        let value = &doc.items.iter().find(|i| i.name.ends_with(b"SignedValue.dat")).unwrap().content;
        // SEQUENCE of 70 bytes: both numbers with a zero before them.
        value[value.len() - 72..].starts_with(&[0x30, 70])
    };
    let second = (0..200).find(|n| needs(*n)).unwrap();
    OfdForge::signed(vec![s.part(sign(second))])
}

fn special(s: &Scene) -> Vec<Case> {
    let case = |id, zh, en, verdict, doc: OfdForge| Case::new(id, "dialect", zh, en, verdict, doc.build());
    let unsound = |id, zh, en, doc| case(id, zh, en, "indeterminate", doc);
    let timed =
        |tag: Tag| w::tlv(Tag::BIT_STRING, &[&[0], w::tlv(tag, b"20261120080000Z").as_slice()].concat());
    vec![
        case(
            "negative-integer",
            "签名值整数缺前导零（Azt）",
            "INTEGERs that read as negative (Azt)",
            "valid",
            negative(s),
        )
        .names("DIALECT", "warn", &["SIGNATURE_NEGATIVE_INTEGER"]),
        case(
            "critical-omitted",
            "扩展省略 critical",
            "critical left out, as its DEFAULT allows",
            "valid",
            s.with(|x| x.extensions(&[extension("1.2.3.4", None)]), same),
        )
        .check("SEAL_SIGNATURE", "pass"),
        case(
            "v1-generalized-time-info",
            "第一版签章时间为 DER GeneralizedTime（KingGrid）",
            "timeInfo of v1 wraps a DER GeneralizedTime (KingGrid)",
            "valid",
            {
                s.with_of(
                    Layout::V1,
                    |x| x.with(|v| v.header[1] = w::small(2)),
                    |x| x.with(|v| (v.version, v.time) = (2, timed(Tag::GENERALIZED_TIME))),
                )
            },
        )
        .names("DIALECT", "warn", &["V1_LAYOUT_HEADER_2"]),
        unsound(
            "signed-data-hash",
            "签名值对摘要本身所作（dms360）",
            "the value covers dataHash alone (dms360)",
            s.with(same, |x| x.with(|v| v.covers = Covers::Info)),
        )
        .names("SIGNATURE_VALUE", "indeterminate", &["covers"]),
        unsound(
            "seal-signed-v1-style",
            "第四版印章按第一版范围签名",
            "a v4 seal signed over the range of v1",
            s.with(|x| x.with(|v| v.covers = Covers::V1Style), same),
        )
        .names("SEAL_SIGNATURE", "indeterminate", &["covers"]),
        unsound(
            "seal-signed-info-only",
            "第一版印章仅对信息签名",
            "a v1 seal signed over its info alone",
            s.with_of(Layout::V1, |x| x.with(|v| v.covers = Covers::Info), same),
        )
        .names("SEAL_SIGNATURE", "indeterminate", &["covers"]),
        case("data-hash-with-z", "摘要混入 Z", "dataHash with Z mixed in", "valid", {
            s.with(same, |x| x.with(|v| v.hash_with_z = true))
        })
        .names("DIALECT", "warn", &["DATA_HASH_WITH_Z"]),
        case("cert-digest-with-z", "证书摘要混入 Z", "certificate digest with Z mixed in", "valid", {
            s.with(|x| x.digests("SM3", &[&s.pki.signer_a], true), same)
        })
        .check("SIGNER_NOT_LISTED", "warn"),
        case("digest-by-oid", "证书摘要算法写为 OID", "digest type as a dotted OID", "valid", {
            s.with(|x| x.digests("1.2.156.10197.1.401", &[&s.pki.signer_a], false), same)
        })
        .check("SIGNER_NOT_LISTED", "pass"),
        case("property-info-other", "原文属性不是路径", "propertyInfo is not the path", "valid", {
            s.with(same, |x| x.with(|v| v.property_info = Some(w::ia5("signature"))))
        })
        .names("DIALECT", "warn", &["PROPERTY_INFO_NOT_PATH"]),
        case("zero-padding", "签章值之后补零", "zeros after the value", "valid", {
            s.with(same, |x| x.with(|v| v.trailing = vec![0; 100]))
        })
        .names("DIALECT", "warn", &["TRAILING_BYTES"]),
        case(
            "algorithm-by-sm3-reference",
            "引用摘要算法为 401.1",
            "CheckMethod 1.2.156.10197.1.401.1",
            "valid",
            {
                OfdForge::signed(vec![
                    s.good().with(|p| p.check_method = Some("1.2.156.10197.1.401.1".into())),
                ])
            },
        )
        .check("DOCUMENT_MODIFIED", "pass"),
        case("seal-type-109", "印章类型 109", "seal type 109", "valid", {
            s.with(|x| x.with(|v| v.property[0] = w::small(109)), same)
        })
        .check("SEAL_SIGNATURE", "pass"),
        case(
            "v4-seal-in-v5",
            "第四版印章用于第五版签章",
            "a v4 seal inside a v5 signature",
            "valid",
            {
                let seal = s.seal().build();
                OfdForge::signed(vec![s.part(s.sign(Layout::V5, seal))])
            },
        )
        .names("DIALECT", "warn", &["SEAL_VERSION_DIFFERS"]),
        Case::new(
            "time-unreadable",
            "broken",
            "签章时间无法读出",
            "no readable time",
            "indeterminate",
            s.with(same, |x| x.with(|v| v.time = w::bits(b"yesterday"))).build(),
        )
        .check("TIME_ORDER", "indeterminate"),
        Case::new(
            "elements-reordered",
            "dialect",
            "Signature.xml 元素次序不同",
            "elements of Signature.xml in another order",
            "valid",
            {
                let move_seal = |x: String| {
                    let (a, b) = (x.find("<ofd:Seal>").unwrap(), x.find("</ofd:Seal>").unwrap() + 11);
                    let seal = x[a..b].to_owned();
                    let rest = format!("{}{}", &x[..a], &x[b..]);
                    rest.replace("<ofd:SignedInfo>", &format!("<ofd:SignedInfo>{seal}"))
                };
                OfdForge::signed(vec![s.good().edit(move_seal)]).build()
            },
        )
        .check("SEAL_FILE_MISMATCH", "pass"),
        Case::new(
            "data-hash-with-other-z",
            "attack",
            "摘要混入别人的 Z",
            "dataHash with somebody else's Z",
            "invalid",
            {
                let key = s.pki.signer_b.key.public_key().clone();
                let sign = s.sign(Layout::V4, s.seal().build());
                let seal = sign.seal.clone();
                let part = SignForge::seal(&seal, move |xml, path| {
                    let e = key.sm2_message_digest(yinxin_crypto::DEFAULT_USER_ID, xml).unwrap();
                    sign.clone().with(|v| v.data_hash = Some(e.to_vec())).build(xml, path)
                });
                OfdForge::signed(vec![part]).build()
            },
        )
        .check("DOCUMENT_MODIFIED", "fail"),
        Case::new(
            "data-hash-of-nothing",
            "attack",
            "摘要属于空数据",
            "dataHash of no data",
            "invalid",
            s.with(same, |x| x.with(|v| v.data_hash = Some(sm3(b"").to_vec()))).build(),
        )
        .check("DOCUMENT_MODIFIED", "fail"),
    ]
}
