//! The report as one self-contained HTML page: no scripts, nothing loaded from elsewhere.

use std::fmt::Write;

use super::text::{time_source, verdict_sentence, verdict_word};
use super::{Check, Lang, Outcome, Report, code_entry};

const STYLE: &str = "body{font:16px/1.6 system-ui,'Noto Sans CJK SC','Microsoft YaHei',sans-serif;margin:2rem auto;\
max-width:60rem;padding:0 1rem;color:#1f2430;background:#fff}h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}\
.v{padding:1rem 1.25rem;border-radius:.5rem;font-size:1.2rem;border-left:.5rem solid}.valid{background:#e9f7ef;\
border-color:#1a7f43}.invalid{background:#fdecec;border-color:#b3261e}.indeterminate{background:#fff6e0;\
border-color:#8a6100}.unsigned{background:#eef1f5;border-color:#5b6675}details{border-bottom:1px solid #dde1e7;\
padding:.5rem 0}summary{cursor:pointer}code{font-size:.85em;color:#444c5a;word-break:break-all}dl{display:grid;\
grid-template-columns:max-content 1fr;gap:.1rem 1rem;margin:.5rem 0}dt{color:#444c5a}dd{margin:0;word-break:break-all}\
.pass{color:#1a7f43}.fail{color:#b3261e;font-weight:600}.warn,.und{color:#8a6100;font-weight:600}.not{color:#5b6675}\
@media(prefers-color-scheme:dark){body{background:#14171c;color:#e6e9ee}.valid{background:#12351f}.invalid{background:\
#431513}.indeterminate{background:#3a2c06}.unsigned{background:#262b33}code,dt,.not{color:#aab3c0}.pass{color:#6fd196}\
.fail{color:#ff8a80}.warn,.und{color:#ffd166}details{border-color:#333a45}}@media print{details{break-inside:avoid}}";

impl Report {
    /// One HTML page for one file.
    pub fn to_html(&self, file: &str, lang: Lang) -> String {
        let zh = lang == Lang::Zh;
        let title = if zh { "电子签章验证报告" } else { "Seal verification report" };
        let mut out = String::new();
        let _ = write!(
            out,
            "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
             content=\"width=device-width,initial-scale=1\"><title>{title}</title><style>{STYLE}</style></head><body>\n\
             <h1>{title}</h1><p><code>{}</code></p><p class=\"v {}\">{}</p>\n<p>{}{} · {}{}</p>\n",
            if zh { "zh-CN" } else { "en" },
            escape(file),
            self.verdict.word(),
            verdict_sentence(self.verdict, lang),
            if zh { "判断时刻 " } else { "Judged at " },
            self.judged_at,
            if zh { "策略 " } else { "policy " },
            self.policy
        );
        if !self.checks.is_empty() {
            let _ = writeln!(out, "<h2>{}</h2>", if zh { "文件整体" } else { "The document as a whole" });
            checks(&mut out, &self.checks, lang);
        }
        for (i, s) in self.signatures.iter().enumerate() {
            let _ = writeln!(
                out,
                "<h2>{} {} · {} · {}</h2><dl>",
                if zh { "签名" } else { "Signature" },
                i + 1,
                s.format,
                verdict_word(s.verdict, lang)
            );
            let mut row = |name: &str, value: &str| {
                let _ = writeln!(out, "<dt>{name}</dt><dd>{}</dd>", escape(value));
            };
            if let Some(seal) = &s.seal {
                row(if zh { "印章" } else { "Seal" }, &format!("{} ({})", seal.name, seal.id));
                row(if zh { "有效期" } else { "Valid" }, &format!("{} – {}", seal.valid_from, seal.valid_to));
                row(if zh { "制章人" } else { "Maker" }, &seal.maker);
            }
            if let Some(signer) = &s.signer {
                row(if zh { "签章人" } else { "Signer" }, signer);
            }
            if let Some(t) = &s.signing_time {
                let source = time_source(s.time_source, lang);
                row(if zh { "签章时间" } else { "Time" }, &format!("{t} ({source})"));
            }
            for stamp in &s.stamps {
                let page =
                    if zh { format!("第 {} 页", stamp.page) } else { format!("page {}", stamp.page) };
                row(if zh { "位置" } else { "Place" }, &format!("{page}：{} mm", stamp.boundary));
            }
            out.push_str("</dl>\n");
            checks(&mut out, &s.checks, lang);
        }
        out.push_str("</body></html>\n");
        out
    }
}

fn checks(out: &mut String, list: &[Check], lang: Lang) {
    let zh = lang == Lang::Zh;
    for c in list {
        let Some(entry) = code_entry(c.code) else { continue };
        let open = !matches!(c.outcome, Outcome::Pass | Outcome::NotRun);
        let (class, mark) = match c.outcome {
            Outcome::Pass => ("pass", if zh { "通过" } else { "pass" }),
            Outcome::Fail => ("fail", if zh { "不通过" } else { "fail" }),
            Outcome::Warn => ("warn", if zh { "提醒" } else { "warning" }),
            Outcome::Indeterminate => ("und", if zh { "无法判定" } else { "undecided" }),
            Outcome::NotRun => ("not", if zh { "未检查" } else { "not run" }),
        };
        let _ = write!(
            out,
            "<details{}><summary><span class=\"{class}\">{mark}</span> {} <code>{}</code></summary><p>{}</p>",
            if open { " open" } else { "" },
            if zh { entry.title_zh } else { entry.title_en },
            c.code,
            escape(c.detail.get(lang))
        );
        if !c.changes().is_empty() {
            out.push_str("<ul>");
            for change in c.changes() {
                let _ = write!(out, "<li>{}</li>", escape(change.text.get(lang)));
            }
            out.push_str("</ul>");
        }
        if let Some(signed) = c.signed().filter(|_| open) {
            let _ = write!(out, "<p>→ {}</p>", escape(signed.advice().get(lang)));
        }
        let _ = write!(out, "<p>{}</p>", if zh { entry.meaning_zh } else { entry.meaning_en });
        if open {
            let _ = write!(out, "<p>→ {}</p>", if zh { entry.action_zh } else { entry.action_en });
        }
        let _ = write!(out, "<dl><dt>{}</dt><dd>{}</dd>", if zh { "依据" } else { "Clause" }, c.clause);
        for (name, value) in &c.evidence {
            let _ = write!(out, "<dt>{name}</dt><dd><code>{}</code></dd>", escape(value));
        }
        out.push_str("</dl></details>\n");
    }
}

/// Text made safe for HTML, between marks and in attributes; control characters but a line feed are shown as U+FFFD.
pub fn escape(s: &str) -> String {
    let mut out = String::with_capacity(s.len());
    for c in s.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() && c != '\n' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn escapes_markup_in_names() {
        assert_eq!(super::escape("<a href='x'>&\u{7}"), "&lt;a href=&#39;x&#39;&gt;&amp;\u{fffd}");
    }
}
