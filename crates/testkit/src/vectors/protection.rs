//! What a signature says it protects: references, coverage, lists of signatures, several documents.

use super::document::{PAGE, case};
use super::{Case, Scene};
use crate::ofd::{self, OfdForge};
use crate::zip::item;

pub(super) fn cases(s: &Scene) -> Vec<Case> {
    let bad = |id, zh, en, doc: OfdForge| case(id, "attack", zh, en, "invalid", doc);
    let good = || s.good();
    let method = |m: Option<&str>| {
        let m = m.map(str::to_owned);
        OfdForge::signed(vec![good().with(|p| p.check_method = m)])
    };
    let evil = "Doc_0/Annots/evil.xml";
    vec![
        bad("protects-nothing", "签名不保护任何部件", "References lists nothing", {
            OfdForge::signed(vec![good().with(|p| p.protects_nothing = true)])
        })
        .check("DOCUMENT_MODIFIED", "fail"),
        bad("no-references", "没有 References 元素", "no References element", {
            OfdForge::signed(vec![good().edit(|x| {
                let (a, b) = (x.find("<ofd:References").unwrap(), x.find("</ofd:References>").unwrap());
                format!("{}{}", &x[..a], &x[b + 17..])
            })])
        })
        .names("FORMAT", "fail", &["SIGNATURE_NO_REFERENCES"]),
        case("page-unprotected", "attack", "第一页不受保护", "a page is left out", "indeterminate", {
            OfdForge::signed(vec![good().with(|p| p.unprotected.push(PAGE.into()))])
        })
        .names("COVERAGE", "indeterminate", &["shown"]),
        case("only-the-seal-protected", "attack", "只保护了印章文件", "only Seal.esl is protected", "indeterminate", {
            let all = OfdForge::new().parts.into_iter().map(|(n, _)| n).collect();
            OfdForge::signed(vec![good().with(|p| p.unprotected = all)])
        })
        .names("COVERAGE", "indeterminate", &["shown"]),
        Case::new("file-added", "attack", "签章后塞入无人引用的文件", "a file nothing names was added", "valid", {
            s.document().zip().and(item("Doc_0/hidden.bin", b"x")).build()
        })
        .names("COVERAGE", "warn", &["not shown"]),
        case("annotation-added", "attack", "签章时留出的注释部件", "an annotation part left unprotected", "indeterminate", {
            let doc = OfdForge::new().parts[1].1.clone();
            let doc = String::from_utf8(doc).unwrap().replace(
                "</ofd:Document>",
                "<ofd:Annotations>Annots/list.xml</ofd:Annotations></ofd:Document>",
            );
            let ns = ofd::NS;
            let list = format!("<ofd:Annotations {ns}><ofd:Page PageID=\"1\"><ofd:FileLoc>evil.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>");
            OfdForge::signed(vec![good().with(|p| p.unprotected.push(evil.into()))])
                .part("Doc_0/Document.xml", doc.as_bytes())
                .part("Doc_0/Annots/list.xml", list.as_bytes())
                .part(evil, format!("<ofd:PageAnnot {ns}/>").as_bytes())
        })
        .names("COVERAGE", "indeterminate", &["shown"]),
        bad("reference-twice", "同一部件两个摘要", "one part with two digests", {
            OfdForge::signed(vec![good().edit(|x| {
                let more = "<ofd:Reference FileRef=\"/OFD.xml\"><ofd:CheckValue>AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=</ofd:CheckValue></ofd:Reference></ofd:References>";
                x.replace("</ofd:References>", more)
            })])
        })
        .check("DOCUMENT_MODIFIED", "fail"),
        bad("reference-escapes", "引用路径逃出文件包", "a reference leaves the package", {
            OfdForge::signed(vec![good().edit(|x| {
                let more = "<ofd:Reference FileRef=\"../../../../etc/passwd\"><ofd:CheckValue>AAAA</ofd:CheckValue></ofd:Reference></ofd:References>";
                x.replace("</ofd:References>", more)
            })])
        })
        .names("DOCUMENT_MODIFIED", "fail", &["unusable"]),
        bad("reference-no-base64", "摘要不是 base64", "a digest that is no base64", {
            OfdForge::signed(vec![good().edit(|x| x.replacen("<ofd:CheckValue>", "<ofd:CheckValue>!!", 1))])
        })
        .check("DOCUMENT_MODIFIED", "fail"),
        bad("signed-info-twice", "两个 SignedInfo", "two SignedInfo elements", {
            OfdForge::signed(vec![good().edit(|x| x.replace("<ofd:SignedValue>", "<ofd:SignedInfo/><ofd:SignedValue>"))])
        })
        .names("FORMAT", "fail", &["SIGNATURE_DUPLICATE_ELEMENT"]),
        bad("check-method-md5", "摘要算法 MD5", "CheckMethod MD5", method(Some("MD5"))).check("CHECK_METHOD", "fail"),
        bad("check-method-missing", "未写摘要算法（缺省 MD5）", "no CheckMethod (MD5)", method(None))
            .check("CHECK_METHOD", "fail"),
        case("check-method-unknown", "broken", "未知摘要算法", "an unknown CheckMethod", "indeterminate", method(Some("1.2.3")))
            .check("CHECK_METHOD", "indeterminate"),
        case("record-hidden", "attack", "第二个签名被从列表摘除", "the second signature is not in the list", "valid", {
            OfdForge::signed(vec![good(), good().with(|p| (p.id, p.unlisted) = ("2".into(), true))])
        })
        .check("HIDDEN_SIGNATURE", "warn"),
        case("all-records-hidden", "attack", "列表为空而签名部件仍在", "an empty list beside signature parts", "unsigned", {
            OfdForge::signed(vec![good().with(|p| p.unlisted = true)])
        })
        .check("HIDDEN_SIGNATURE", "warn"),
        Case::new("signatures-element-removed", "attack", "OFD.xml 的 Signatures 被摘除", "Signatures taken out of OFD.xml", "unsigned", {
            s.document().zip().edit("OFD.xml", |c| *c = ofd::entry("").into_bytes()).build()
        })
        .check("HIDDEN_SIGNATURE", "warn"),
        bad("type-unknown", "未知的签名类型", "an unknown Type", {
            OfdForge::signed(vec![good().with(|p| p.kind = Some("Other".into()))])
        })
        .check("SIGNATURE_LIST", "fail"),
        bad("record-escapes", "签名记录路径逃出文件包", "a record leaves the package", {
            let mut doc = s.document();
            doc.edit_list = Some(std::sync::Arc::new(|x| x.replace("/Doc_0/Signs/Sign_0/", "../../../../")));
            doc
        })
        .check("SIGNATURE_LIST", "fail"),
        case("stamp-on-no-page", "broken", "印章外观指向不存在的页面", "a stamp on no page", "valid", {
            OfdForge::signed(vec![good().with(|p| p.stamps = p.stamps.replace("PageRef=\"1\"", "PageRef=\"77\""))])
        })
        .check("STAMP", "warn"),
        case("two-bodies", "valid", "两个 DocBody，签名列表共用", "two documents in one package", "valid", {
            let body = "<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures></ofd:DocBody><ofd:DocBody>\
                        <ofd:DocRoot>Doc_1/Document.xml</ofd:DocRoot>";
            let doc = OfdForge::new().parts[1].1.clone();
            s.document()
                .with(|d| d.parts[0].1 = ofd::entry(body).into_bytes())
                .part("Doc_1/Document.xml", &doc)
                .part("Doc_1/PublicRes.xml", b"<ofd:Res xmlns:ofd=\"http://www.ofdspec.org/2016\"/>")
                .part("Doc_1/Pages/Page_0/Content.xml", b"<ofd:Page xmlns:ofd=\"http://www.ofdspec.org/2016\"/>")
                .part("Doc_1/Pages/Page_1/Content.xml", b"<ofd:Page xmlns:ofd=\"http://www.ofdspec.org/2016\"/>")
        })
        .check("COVERAGE", "pass"),
        Case::new("second-body-added", "attack", "签章后添加第二个文档", "a second document added after signing", "invalid", {
            let body = "<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures></ofd:DocBody><ofd:DocBody>\
                        <ofd:DocRoot>Doc_1/Document.xml</ofd:DocRoot>";
            s.document()
                .zip()
                .edit("OFD.xml", |c| *c = ofd::entry(body).into_bytes())
                .and(item("Doc_1/Document.xml", b"<ofd:Document xmlns:ofd=\"http://www.ofdspec.org/2016\"/>"))
                .build()
        })
        .check("DOCUMENT_MODIFIED", "fail"),
        bad("doc-root-twice", "两个 DocRoot", "two DocRoot elements", {
            s.document().with(|d| {
                let more = "<ofd:DocRoot>Doc_9/Document.xml</ofd:DocRoot><ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures>";
                d.parts[0].1 = ofd::entry(more).into_bytes();
            })
        })
        .check("DOCUMENT_STRUCTURE", "fail"),
    ]
}
