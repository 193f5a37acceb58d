//! Metadata of a sealed document for an archive: the groups of DA/T 46 and GB/T 39362 (object, agents, business, relations, technical data,
//! signatures), as XML with the names of the standards' own language.

use crate::verification::Judged;
use jiff::Timestamp;
use std::fmt::Write as _;
use yinxin_registry::lifecycle::By;
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::usage::document::{Format, Sealed, UseItem};
use yinxin_registry::usage::record::UseRecord;
use yinxin_registry::usage::request::UseRequest;
use yinxin_seal::report::escape;

/// What is told of a document.
pub(super) struct Archived<'a> {
    pub request: &'a UseRequest,
    pub item: &'a UseItem,
    pub sealed: &'a Sealed,
    pub record: &'a UseRecord,
    pub seal: &'a Seal,
    pub judged: Option<&'a Judged>,
    pub holder: &'a str,
    pub at: Timestamp,
}

/// The XML, UTF-8.
pub(super) fn metadata(of: &Archived<'_>) -> String {
    let mut out =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<归档元数据 格式=\"yinxin-archive-1\">\n");
    group(&mut out, "对象", &object(of));
    for (role, by) in agents(of) {
        let facts = [("角色", role.to_owned()), ("姓名", by.name.clone()), ("标识", by.id.clone())];
        group(&mut out, "机构人员", &facts);
    }
    let owner = [
        ("角色", "用章单位".to_owned()),
        ("姓名", of.seal.unit_name().to_owned()),
        ("标识", of.request.unit().to_string()),
    ];
    group(&mut out, "机构人员", &owner);
    for business in business(of) {
        group(&mut out, "业务", &business);
    }
    let relations = [
        ("用印申请", of.request.id().to_string()),
        ("申请编号", of.request.number().to_owned()),
        ("用印登记", of.record.id.to_string()),
        ("审批记录摘要", of.request.approval().unwrap_or_default().to_owned()),
        ("用印前文件摘要", of.item.document().digest.clone()),
    ];
    group(&mut out, "关系", &relations);
    group(&mut out, "技术", &technical(of));
    group(&mut out, "签名", &signature(of));
    out.push_str("</归档元数据>\n");
    out
}

type Facts = Vec<(&'static str, String)>;

fn object(of: &Archived<'_>) -> Facts {
    vec![
        ("标识", of.item.id().to_string()),
        ("题名", of.item.document().name.clone()),
        ("文件种类", of.record.document_kind.clone()),
        ("验证码", of.sealed.verification_code.clone()),
    ]
}

fn agents<'a>(of: &'a Archived<'a>) -> Vec<(&'static str, &'a By)> {
    let asked = std::iter::once(("用印申请人", &of.record.asked_by));
    asked.chain(of.record.approved_by.iter().map(|by| ("用印审批人", by))).collect()
}

fn business(of: &Archived<'_>) -> Vec<Facts> {
    let act = |what: &str, at: Timestamp, who: &str, result: &str, basis: &str| -> Facts {
        vec![
            ("行为", what.to_owned()),
            ("时间", at.to_string()),
            ("行为人", who.to_owned()),
            ("结果", result.to_owned()),
            ("依据", basis.to_owned()),
        ]
    };
    let mut all = vec![act("用印", of.sealed.at, &of.record.asked_by.name, "已用印", &of.record.reason)];
    if let Some(judged) = of.judged {
        let basis = "GB/T 38540-2020、GB/T 33190-2016";
        all.push(act("核验", judged.at, of.holder, judged.verdict.as_str(), basis));
    }
    all.push(act("归档", of.at, of.holder, "已打包", "manifest.json"));
    all
}

fn technical(of: &Archived<'_>) -> Facts {
    let what = match of.item.document().format {
        Format::Ofd => "OFD（GB/T 33190）",
        Format::Pdf => "PDF（ISO 32000）",
        Format::OfdSignature => "SES_Signature（GB/T 38540），OFD 文件由用章单位自行保存",
        Format::PdfDigest => "SES_Signature（GB/T 38540），PDF 文件由用章单位自行保存",
    };
    let pages: Vec<String> = of.record.pages.iter().map(ToString::to_string).collect();
    vec![
        ("格式", what.to_owned()),
        ("摘要算法", "SM3（1.2.156.10197.1.401）".to_owned()),
        ("摘要", of.sealed.digest.clone()),
        ("字节数", of.sealed.size.to_string()),
        ("用印页", pages.join(" ")),
    ]
}

fn signature(of: &Archived<'_>) -> Facts {
    let made = of.seal.made();
    let report = of.judged.map(|judged| serde_json::to_vec_pretty(&judged.report).unwrap_or_default());
    vec![
        ("签名规则", "GB/T 38540".to_owned()),
        ("签名人", of.seal.unit_name().to_owned()),
        ("印章名称", of.seal.name().to_owned()),
        ("印章编码", of.seal.code().to_owned()),
        ("印章数据摘要", made.map(|made| made.digest.clone()).unwrap_or_default()),
        ("签名时间", of.sealed.at.to_string()),
        ("签名算法", "SM2-with-SM3（1.2.156.10197.1.501）".to_owned()),
        ("验证结果", of.judged.map(|judged| judged.verdict.as_str().to_owned()).unwrap_or_default()),
        ("验证人", of.judged.map(|_| of.holder.to_owned()).unwrap_or_default()),
        ("验证报告摘要", report.map(|report| hex::encode(yinxin_crypto::sm3(&report))).unwrap_or_default()),
    ]
}

/// A group of facts; those without a value are left out.
fn group(out: &mut String, name: &str, facts: &[(&'static str, String)]) {
    let _ = writeln!(out, "  <{name}>");
    for (fact, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
        let _ = writeln!(out, "    <{fact}>{}</{fact}>", escape(value));
    }
    let _ = writeln!(out, "  </{name}>");
}
