//! `report.html`: all verdicts on one page, each with a link to its own.

use std::fmt::Write as _;

use yinxin_seal::report::{Outcome, escape};

use super::pages::pictures;
use super::stage::Stage;
use super::trial::{Trial, report_file, word};
use crate::failure::Failure;

const STYLE: &str = "body{font:16px/1.6 system-ui,'Noto Sans CJK SC','Microsoft YaHei',sans-serif;margin:2rem auto;\
max-width:64rem;padding:0 1rem;color:#1f2430;background:#fff}h1{font-size:1.5rem}.imprint{width:40mm;height:40mm;float:right;\
background:#fff;padding:2mm}.pages{display:flex;flex-wrap:wrap;gap:1rem;padding:0;margin:1.5rem 0}figure{margin:0;flex:1 1 15rem}\
figure img{width:100%;background:#fff;border:1px solid #dde1e7}figcaption{font-size:.9em}table{border-collapse:collapse;width:100%;clear:both}caption{text-align:left;padding:.5rem 0}th,td{\
text-align:left;vertical-align:top;padding:.5rem .75rem;border-bottom:1px solid #dde1e7}code{\
font-size:.85em}td{overflow-wrap:anywhere}@media(min-width:50rem){td:nth-child(2){min-width:15rem}td:nth-child(3){min-width:13rem}}.valid{color:#1a7f43}.invalid{color:#b3261e}.indeterminate,.unsigned{color:#8a6100}td.v{\
font-weight:600;white-space:nowrap}@media(prefers-color-scheme:dark){body{background:#14171c;color:#e6e9ee}th,td{\
border-color:#333a45}a{color:#8ab4ff}.valid{color:#6fd196}.invalid{color:#ff8a80}.indeterminate,.unsigned{\
color:#ffd166}}";

/// Writes the page.
pub fn write(stage: &Stage, trial: &Trial) -> Result<(), Failure> {
    let pick = |zh, en| stage.out.pick(zh, en);
    let title = pick("印信演示：验证结果", "Yinxin demo: verdicts");
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width,initial-scale=1\"><title>{title}</title><style>{STYLE}</style></head><body>\n\
         <img class=\"imprint\" src=\"imprint.png\" alt=\"{}\"><h1>{title}</h1><p>{}</p><p>{} {}</p>\n",
        pick("zh-CN", "en"),
        pick("印模", "imprint"),
        pick(
            "文件、单位和证书都是演示程序刚刚生成的，仅供测试。点文件名看逐项检查。",
            "Documents, units and certificates were made by the demo and are for tests only. A file's name leads to its checks.",
        ),
        pick("判断时刻", "Judged at"),
        stage.calendar.now,
    );
    let _ = writeln!(
        out,
        "<table><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th>\
         <th scope=\"col\">{}</th></tr></thead><tbody>",
        pick("结论", "Verdict"),
        pick("文件", "File"),
        pick("做了什么", "What was done"),
        pick("原因或提醒", "Reason or warning"),
    );
    for f in &trial.findings {
        let verdict = f.report.verdict;
        let reason = f.reason().map_or_else(
            || pick("各项检查全部通过", "every check passed").to_owned(),
            |c| {
                let kind = if c.outcome == Outcome::Warn { pick("提醒：", "warning: ") } else { "" };
                format!("{kind}{} <code>{}</code>", escape(c.detail.get(stage.out.lang)), c.code)
            },
        );
        let _ = writeln!(
            out,
            "<tr><td class=\"v {}\">{}</td><td><a href=\"{}\"><code>{}</code></a></td><td>{}</td><td>{reason}</td></tr>",
            verdict.word(),
            word(stage, verdict),
            report_file(f.claim.file),
            f.claim.file,
            escape(f.claim.deed.get(stage.out.lang)),
        );
    }
    out.push_str("</tbody></table>\n");
    show_pages(stage, &mut out);
    out.push_str("</body></html>\n");
    stage.write("report.html", out.as_bytes())
}

/// The sealed pages.
fn show_pages(stage: &Stage, out: &mut String) {
    let lead = stage.out.pick(
        "签章页，每枚章按结论加框：绿为有效，红为无效，橙为无法判定。",
        "Sealed pages, each seal framed by its verdict: green valid, red invalid, orange indeterminate.",
    );
    let _ = writeln!(out, "<p>{lead}</p><div class=\"pages\">");
    for picture in pictures() {
        let caption = escape(picture.caption.get(stage.out.lang));
        let _ = writeln!(
            out,
            "<figure><a href=\"{0}\"><img src=\"{0}\" alt=\"{caption}\"></a><figcaption>{caption}</figcaption></figure>",
            picture.picture,
        );
    }
    out.push_str("</div>\n");
}
