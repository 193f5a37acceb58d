//! A PDF document as text.

use std::fmt::Write;

use yinxin_pdf::{Severity, Shown};

use super::pdf::{Inspected, Signed};
use super::tree_lang;
use crate::failure::Failure;
use crate::output::Output;

/// Pages listed one by one; of more only their number is told.
const MOST_PAGES: usize = 100;

/// Everything about a document. Writing to a `String` cannot fail.
pub fn whole(found: &Inspected, out: &Output) -> String {
    let mut t = String::new();
    let sections = out.pick("个交叉引用段", "cross-reference section(s)");
    let _ = writeln!(
        t,
        "{} {} B, {} {sections}",
        out.pick("PDF 文件，共", "PDF document,"),
        found.size,
        found.sections
    );
    if found.encrypted {
        let _ = writeln!(t, "  {}", out.pick("已加密", "encrypted"));
    }
    for finding in &found.findings {
        let weight = match finding.severity {
            Severity::Warning => out.pick("提醒", "warning"),
            Severity::Fatal => out.pick("严重", "fatal"),
        };
        let _ = writeln!(t, "  ! {weight} {} @{}: {}", finding.code, finding.at, finding.detail);
    }
    match &found.pages {
        Ok(pages) => {
            for (at, (width, height)) in pages.iter().enumerate().take(MOST_PAGES) {
                let _ = writeln!(
                    t,
                    "  {} {}: {width:.2}×{height:.2} mm",
                    out.pick("页", "page"),
                    at.saturating_add(1)
                );
            }
            if pages.len() > MOST_PAGES {
                let _ = writeln!(t, "  … {} {}", out.pick("共", "in all"), pages.len());
            }
        }
        Err(f) => problem(&mut t, f),
    }
    match &found.revisions {
        Ok(revisions) => {
            for (at, revision) in revisions.iter().enumerate() {
                let who = match revision.signatures.is_empty() {
                    true => out.pick("现在的文件", "the file as it is").to_owned(),
                    false => {
                        format!("{} {}", out.pick("签名域", "signed in"), revision.signatures.join(", "))
                    }
                };
                let word = out.pick("版本", "revision");
                let _ = writeln!(t, "  {word} {}: {} B, {who}", at.saturating_add(1), revision.end);
            }
        }
        Err(f) => problem(&mut t, f),
    }
    match &found.signatures {
        Ok(list) if list.is_empty() => {
            let _ = writeln!(t, "  {}", out.pick("没有签名", "no signature"));
        }
        Ok(list) => list.iter().for_each(|s| signature(&mut t, s, out)),
        Err(f) => problem(&mut t, f),
    }
    match &found.empty_fields {
        Ok(list) => {
            for field in list {
                let _ = writeln!(t, "\n{} {}", out.pick("空签名域", "Empty signature field"), field.name);
                places(&mut t, &field.room, out);
            }
        }
        Err(f) => problem(&mut t, f),
    }
    t
}

fn places(t: &mut String, shown: &[Shown], out: &Output) {
    for at in shown {
        let page = at.page.saturating_add(1);
        let _ = writeln!(
            t,
            "  {} {page}: {:.2} {:.2} {:.2} {:.2} mm",
            out.pick("页", "page"),
            at.x,
            at.y,
            at.width,
            at.height
        );
    }
}

fn problem(t: &mut String, f: &Failure) {
    let _ = writeln!(t, "  !! {f}");
}

fn signature(t: &mut String, s: &Signed, out: &Output) {
    let Signed { signature, shown, value } = s;
    let kind = signature.sub_filter.as_deref().unwrap_or("?");
    let date = signature.date.as_deref().unwrap_or("-");
    let _ = writeln!(t, "\n{} {}: {kind}, {date}", out.pick("签名域", "Field"), signature.field);
    if let Some([(a, b), (c, d)]) = signature.ranges {
        let _ = writeln!(t, "  {} {a}–{b}, {c}–{d}", out.pick("所签字节", "signed bytes"));
    }
    for fault in &signature.faults {
        let _ = writeln!(t, "  !! {} @{}: {}", fault.code, fault.at, fault.detail);
    }
    places(t, shown, out);
    match value {
        Ok(tree) => {
            for line in tree.to_text(tree_lang(out.lang)).lines() {
                let _ = writeln!(t, "    {line}");
            }
        }
        Err(f) => problem(t, f),
    }
}
