//! Seals by themselves.

use yinxin_formats::der::write as w;

use super::{Case, Scene};
use crate::seal::{Covers, Layout, extension, seq};
use crate::value::ValueForm;

pub(super) fn cases(s: &Scene) -> Vec<Case> {
    let v4 = || s.seal();
    let good = |id, zh, en, der| Case::new(id, "valid", zh, en, "valid", der).check("SEAL_SIGNATURE", "pass");
    let bad = |id, zh, en, der, code| Case::new(id, "attack", zh, en, "invalid", der).check(code, "fail");
    let form = |f| v4().with(|x| x.form = f).build();
    let whole = v4().build();
    let mut trailing = whole.clone();
    trailing.extend_from_slice(&[0x30, 0]);
    let stamp: crate::seal::Stamp = std::sync::Arc::new(s.stamp("2026-11-01T01:00:00Z"));
    vec![
        good("v1", "第一版印章", "a v1 seal", s.seal_of(Layout::V1).build()),
        good("v4", "第四版印章", "a v4 seal", whole.clone()),
        good("v5", "第五版印章", "a v5 seal", s.seal_of(Layout::V5).build())
            .check("SEAL_TIMESTAMP", "not_run"),
        good("v5-stamped", "第五版印章带时间戳", "a v5 seal with a timestamp", {
            s.seal_of(Layout::V5).with(|x| x.stamp = Some(stamp.clone())).build()
        })
        .check("SEAL_TIMESTAMP", "pass"),
        good(
            "digests",
            "列出证书摘要",
            "digests listed",
            v4().digests("SM3", &[&s.pki.signer_a], false).build(),
        ),
        good("svg", "SVG 图像（第五版）", "an SVG picture (v5)", {
            s.seal_of(Layout::V5)
                .with(|x| (x.picture[0], x.picture[1]) = (w::ia5("SVG"), w::octets(b"<svg/>")))
                .build()
        }),
        bad(
            "value-wrong",
            "制章人签名错一位",
            "one bit of the maker's value wrong",
            form(ValueForm::Flipped),
            "SEAL_SIGNATURE",
        ),
        bad("value-empty", "没有签名值", "no value", form(ValueForm::Empty), "SEAL_SIGNATURE"),
        bad(
            "value-trailing",
            "签名值后有多余字节",
            "a byte after the value",
            form(ValueForm::Trailing),
            "SEAL_SIGNATURE",
        ),
        bad(
            "signed-else",
            "签名覆盖别的数据",
            "signed over something else",
            v4().with(|x| x.covers = Covers::Else).build(),
            "SEAL_SIGNATURE",
        ),
        bad(
            "expired",
            "已过期",
            "expired",
            v4().dates("2025-11-01T00:00:00Z", "2025-11-01T00:00:00Z", "2026-11-01T00:00:00Z").build(),
            "SEAL_EXPIRED_THEN",
        ),
        bad(
            "not-yet-valid",
            "尚未生效",
            "not yet valid",
            v4().dates("2026-11-01T00:00:00Z", "2027-01-01T00:00:00Z", "2027-11-01T00:00:00Z").build(),
            "SEAL_NOT_YET_VALID",
        ),
        bad(
            "made-in-the-future",
            "制作日期在未来",
            "made in the future",
            v4().dates("2026-12-01T00:00:00Z", "2026-11-01T00:00:00Z", "2027-11-01T00:00:00Z").build(),
            "SEAL_CREATE_DATE",
        ),
        bad(
            "critical-extension",
            "不认识的关键扩展",
            "an unknown critical extension",
            v4().extensions(&[extension("1.2.3.4", Some(true))]).build(),
            "CRITICAL_EXTENSION",
        ),
        bad("truncated", "被截断", "cut off", whole[..whole.len() - 5].to_vec(), "FORMAT"),
        bad("empty", "空", "no bytes", Vec::new(), "FORMAT"),
        bad("random", "随机数据", "random bytes", b"\x30\x82\xff\xff\x02\x01random".to_vec(), "FORMAT"),
        bad(
            "deep",
            "嵌套过深",
            "nested too deeply",
            {
                (0..20_000usize)
                    .fold(Vec::new(), |_, _| Vec::new())
                    .into_iter()
                    .chain([0x30u8, 0x80].repeat(4000))
                    .collect()
            },
            "FORMAT",
        ),
        bad(
            "version-9",
            "未知版本 9",
            "version 9",
            v4().with(|x| x.header[1] = w::small(9)).build(),
            "FORMAT",
        ),
        bad(
            "three-members",
            "成员数不合任何版本",
            "three members",
            seq(&[v4().info(), w::octets(s.pki.maker.der()), w::bits(b"x")]),
            "FORMAT",
        ),
        bad(
            "picture-huge",
            "图像尺寸荒谬",
            "a picture of 100 m",
            v4().with(|x| x.picture[2] = w::small(100_000)).build(),
            "FORMAT",
        ),
        bad(
            "maker-certificate-rubbish",
            "制章人证书不是证书",
            "the maker's certificate is none",
            {
                let seal = v4();
                let info = seal.info();
                let value = w::bits(&s.pki.maker.sign(&info));
                seq(&[info, w::octets(b"\x30\x00"), w::oid(&yinxin_formats::oids::SM2_WITH_SM3), value])
            },
            "SEAL_SIGNATURE",
        ),
        Case::new(
            "v1-style",
            "dialect",
            "第四版按第一版范围签名",
            "a v4 seal signed over the range of v1",
            "indeterminate",
            v4().with(|x| x.covers = Covers::V1Style).build(),
        )
        .check("SEAL_SIGNATURE", "indeterminate"),
        Case::new("trailing", "dialect", "印章后有多余字节", "bytes after the seal", "valid", trailing)
            .names("DIALECT", "warn", &["TRAILING_BYTES"]),
        Case::new("raw64", "dialect", "签名值为 r‖s", "the value is r‖s", "valid", form(ValueForm::Raw64))
            .names("DIALECT", "warn", &["SIGNATURE_RAW64"]),
        Case::new(
            "name-empty",
            "dialect",
            "没有名称",
            "no name",
            "valid",
            v4().with(|x| x.property[1] = w::utf8("")).build(),
        )
        .names("DIALECT", "warn", &["NAME_EMPTY"]),
        Case::new("size-zero", "dialect", "图像尺寸为零", "a picture of no size", "valid", {
            v4().with(|x| x.picture[2] = w::small(0)).build()
        })
        .names("DIALECT", "warn", &["PICTURE_SIZE_ZERO"]),
        Case::new(
            "header-mismatch",
            "dialect",
            "版本号与结构不符",
            "version number of another layout",
            "valid",
            s.seal_of(Layout::V1).with(|x| x.header[1] = w::small(4)).build(),
        )
        .names("DIALECT", "warn", &["HEADER_VERSION_MISMATCH"]),
    ]
}
