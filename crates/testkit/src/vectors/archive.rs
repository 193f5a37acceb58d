//! Packages: the zip structure around a sound document, bent.

use super::{Case, Scene};
use crate::zip::{Item, Zip, item};

const PAGE: &str = "Doc_0/Pages/Page_0/Content.xml";

pub(super) fn cases(s: &Scene) -> Vec<Case> {
    let zip = || s.document().zip();
    let mut out = good(&zip);
    out.extend(bad(&zip));
    out.extend(broken(&zip));
    out
}

fn good(zip: &dyn Fn() -> Zip) -> Vec<Case> {
    let ok = |id, zh, en, zip: Zip| Case::new(id, "valid", zh, en, "valid", zip.build());
    let all = |change: fn(&mut Item)| zip().with(|z| z.items.iter_mut().for_each(change));
    vec![
        ok("deflated", "压缩存放", "deflated", all(|i| i.deflate = true)).check("CONTAINER", "pass"),
        ok(
            "descriptors",
            "尺寸写在数据之后",
            "data descriptors",
            all(|i| (i.deflate, i.descriptor) = (true, true)),
        )
        .check("CONTAINER", "pass"),
        ok(
            "descriptors-stored",
            "未压缩而尺寸在后",
            "data descriptors on stored entries",
            all(|i| i.descriptor = true),
        )
        .names("CONTAINER", "warn", &["PACKAGE_STORED_DESCRIPTOR"]),
        ok("absolute-names", "条目名带前导斜杠", "names with a leading slash", {
            all(|i| i.name.insert(0, b'/'))
        }),
        ok(
            "comment",
            "有归档注释",
            "an archive comment",
            zip().with(|z| z.comment = b"made by hand".to_vec()),
        )
        .check("CONTAINER", "pass"),
        ok(
            "prefix",
            "首部之前有多余字节",
            "bytes before the first header",
            zip().with(|z| z.prefix = b"#!/bin/sh\n".to_vec()),
        )
        .names("CONTAINER", "warn", &["PACKAGE_PREFIX"]),
        ok(
            "trailing",
            "文件末尾有多余字节",
            "bytes after the end",
            zip().with(|z| z.trailing = b"\r\n".to_vec()),
        )
        .names("CONTAINER", "warn", &["PACKAGE_TRAILING"]),
        ok("gap", "条目之间有空隙", "a gap between entries", zip().with(|z| z.items[2].before = vec![0; 64]))
            .names("CONTAINER", "warn", &["PACKAGE_GAP"]),
        ok("name-variant", "仅大小写不同的条目", "a name that differs in case only", {
            zip().and(item(&PAGE.to_lowercase(), b"<x/>"))
        })
        .names("CONTAINER", "warn", &["PACKAGE_NAME_VARIANT"]),
        ok("symbolic-link", "标为符号链接的条目", "an entry marked as a symbolic link", {
            zip().and(item("Doc_0/link", b"/etc/passwd").with(|i| i.external = 0o120_777 << 16))
        })
        .names("CONTAINER", "warn", &["PACKAGE_SYMLINK"]),
        ok("chinese-names", "中文文件名", "Chinese file names", zip().and(item("Doc_0/附件.txt", b"x")))
            .check("COVERAGE", "warn"),
    ]
}

fn bad(zip: &dyn Fn() -> Zip) -> Vec<Case> {
    let ko = |id, zh, en, code, zip: Zip| {
        Case::new(id, "attack", zh, en, "invalid", zip.build()).names("CONTAINER", "fail", &[code])
    };
    let page = |change: fn(&mut Item)| zip().with(|z| change(z.item(PAGE)));
    let evil = || item(PAGE, b"<evil/>");
    vec![
        ko("duplicate", "同一路径两份内容", "one path twice", "PACKAGE_DUPLICATE", zip().and(evil())),
        ko(
            "duplicate-first",
            "同一路径两份内容，假的在前",
            "one path twice, the false one first",
            "PACKAGE_DUPLICATE",
            zip().with(|z| z.items.insert(0, evil())),
        ),
        ko(
            "duplicate-normalized",
            "写法不同而归一后相同",
            "one path in two spellings",
            "PACKAGE_DUPLICATE",
            zip().and(item("Doc_0/./Pages/Page_0/Content.xml", b"<evil/>")),
        ),
        ko(
            "hidden-entry",
            "目录之外的隐藏条目",
            "an entry that the directory does not list",
            "PACKAGE_HIDDEN_ENTRY",
            zip().with(|z| z.items.insert(1, item("Doc_0/x.xml", b"<x/>").with(|i| i.hidden = true))),
        ),
        ko(
            "hidden-version",
            "受保护部件的隐藏版本",
            "a hidden second version of a protected part",
            "PACKAGE_AMBIGUOUS",
            zip().with(|z| z.items.insert(1, evil().with(|i| i.hidden = true))),
        ),
        ko(
            "local-name-differs",
            "本地头名称不同",
            "another name in the local header",
            "PACKAGE_HEADER_MISMATCH",
            page(|i| i.local_name = Some(b"Doc_0/Pages/Page_9/Content.xml".to_vec())),
        ),
        ko(
            "local-method-differs",
            "本地头压缩方法不同",
            "another method in the local header",
            "PACKAGE_HEADER_MISMATCH",
            page(|i| i.local_method = Some(8)),
        ),
        ko(
            "local-size-differs",
            "本地头尺寸不同",
            "another size in the local header",
            "PACKAGE_HEADER_MISMATCH",
            page(|i| i.local_size = Some(3)),
        ),
        ko(
            "local-crc-differs",
            "本地头校验不同",
            "another CRC in the local header",
            "PACKAGE_HEADER_MISMATCH",
            page(|i| i.local_crc = Some(3)),
        ),
        ko("overlap", "两个条目共用数据", "two entries share their data", "PACKAGE_OVERLAP", {
            zip().and(item("Doc_0/copy.xml", b"").with(|i| i.offset = Some(0)))
        }),
        ko("zip-slip", "路径逃出文件包", "a name that leaves the package", "PACKAGE_PATH_ESCAPE", {
            zip().and(item("../../x", b"owned"))
        }),
        ko(
            "zip-slip-inside",
            "中途逃出文件包",
            "a name that leaves by the middle",
            "PACKAGE_PATH_ESCAPE",
            zip().and(item("Doc_0/../../x", b"owned")),
        ),
        ko(
            "second-package-behind",
            "末尾附着第二个文件包",
            "a second package behind the end",
            "PACKAGE_AMBIGUOUS",
            {
                let inner = Zip::of(vec![item("OFD.xml", b"<evil/>")]).build();
                zip().with(|z| z.trailing = inner)
            },
        ),
        ko(
            "second-package-before",
            "前面附着第二个文件包",
            "a second package before",
            "PACKAGE_AMBIGUOUS",
            {
                let inner = Zip::of(vec![item("OFD.xml", b"<evil/>")]).build();
                zip().with(|z| z.prefix = inner)
            },
        ),
        ko(
            "count-too-small",
            "目录条数写少",
            "the directory tells fewer entries",
            "PACKAGE_AMBIGUOUS",
            zip().with(|z| z.count = Some(4)),
        ),
        ko(
            "control-character",
            "名称含控制字符",
            "a control character in a name",
            "PACKAGE_NAME_CONTROL",
            zip().and(item("Doc_0/a\0b.xml", b"x")),
        ),
        Case::new(
            "crc-wrong",
            "attack",
            "校验值错误",
            "a wrong CRC",
            "invalid",
            page(|i| i.crc = Some(7)).build(),
        )
        .check("DOCUMENT_MODIFIED", "fail"),
        Case::new("bomb", "attack", "压缩炸弹", "a part that inflates to 8 MB from 8 kB", "invalid", {
            page(|i| (i.content, i.deflate) = (vec![0; 8 << 20], true)).build()
        })
        .check("DOCUMENT_MODIFIED", "fail"),
        Case::new(
            "bomb-understated",
            "attack",
            "解压超出所述尺寸",
            "a part that inflates beyond its stated size",
            "invalid",
            page(|i| (i.deflate, i.size) = (true, Some(10))).build(),
        )
        .check("DOCUMENT_MODIFIED", "fail"),
    ]
}

fn broken(zip: &dyn Fn() -> Zip) -> Vec<Case> {
    let whole = zip().build();
    let cut = |n: usize| whole[..n].to_vec();
    let container =
        |id, zh, en, bytes| Case::new(id, "broken", zh, en, "invalid", bytes).check("CONTAINER", "fail");
    let structure = |id, zh, en, zip: Zip| {
        Case::new(id, "broken", zh, en, "invalid", zip.build()).check("DOCUMENT_STRUCTURE", "fail")
    };
    vec![
        Case::new("empty", "broken", "空文件", "no bytes", "invalid", Vec::new())
            .check("UNSUPPORTED_FORMAT", "fail"),
        container(
            "pdf",
            "只有首尾的 PDF",
            "a PDF with a head and an end only",
            b"%PDF-1.7\n%%EOF\n".to_vec(),
        ),
        container("random", "随机数据", "random bytes", {
            let mut rng = crate::rng::SeededRng::new("random vector");
            let mut bytes = vec![0; 2000];
            rand_core::Rng::fill_bytes(&mut rng, &mut bytes);
            bytes
        }),
        container(
            "truncated-in-directory",
            "在目录中截断",
            "cut off in the directory",
            cut(whole.len() - 30),
        ),
        container("truncated-in-data", "在数据中截断", "cut off in the data", cut(whole.len() / 2)),
        container("truncated-early", "只剩开头", "only the first bytes", cut(40)),
        structure("no-entry", "没有 OFD.xml", "no OFD.xml", zip().without("OFD.xml")),
        structure(
            "entry-no-xml",
            "OFD.xml 不是 XML",
            "OFD.xml is no XML",
            zip().edit("OFD.xml", |c| *c = b"OFD".to_vec()),
        ),
        structure(
            "entry-dtd",
            "OFD.xml 含 DTD",
            "OFD.xml carries a DTD",
            zip().edit("OFD.xml", |c| {
                *c = b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>".to_vec();
            }),
        ),
        structure(
            "entry-deep",
            "OFD.xml 嵌套过深",
            "OFD.xml nested too deeply",
            zip().edit("OFD.xml", |c| {
                *c = [b"<a>".repeat(3000), b"</a>".repeat(3000)].concat();
            }),
        ),
        structure(
            "entry-no-body",
            "OFD.xml 没有 DocBody",
            "OFD.xml without DocBody",
            zip().edit("OFD.xml", |c| {
                *c = b"<ofd:OFD xmlns:ofd=\"http://www.ofdspec.org/2016\"/>".to_vec();
            }),
        ),
    ]
}
