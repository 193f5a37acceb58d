//! An OFD document as text.

use std::fmt::Write;
use std::fs::File;

use yinxin_ofd::{Anomaly, Package, Severity, SignatureXml};

use super::document::{Bodies, Body, Signature};
use super::tree_lang;
use crate::failure::Failure;
use crate::output::Output;

/// Everything about a document. Writing to a `String` cannot fail.
pub fn whole(package: &Package<File>, bodies: &Bodies, out: &Output) -> String {
    let mut t = String::new();
    let entries = package.entries();
    let _ = writeln!(
        t,
        "{} {} B, {} {}",
        out.pick("OFD 文件，共", "OFD document,"),
        package.file_size(),
        entries.len(),
        out.pick("个条目", "entries")
    );
    let _ = writeln!(t, "    offset         size       packed  method   path");
    for e in entries {
        let method = match e.method {
            0 => "stored".to_owned(),
            8 => "deflate".to_owned(),
            other => other.to_string(),
        };
        let _ = writeln!(
            t,
            "{:>10} {:>12} {:>12}  {method:<8} {}",
            e.header_offset, e.size, e.compressed_size, e.path
        );
    }
    anomalies(&mut t, package.anomalies(), out);
    match bodies {
        Ok((list, notes)) => {
            anomalies(&mut t, notes, out);
            list.iter().for_each(|b| body(&mut t, b, out));
        }
        Err(f) => problem(&mut t, f),
    }
    t
}

fn anomalies(t: &mut String, list: &[Anomaly], out: &Output) {
    for a in list {
        let weight = match a.severity {
            Severity::Note => out.pick("注意", "note"),
            Severity::Warning => out.pick("提醒", "warning"),
            Severity::Fatal => out.pick("严重", "fatal"),
        };
        let path = a.path.as_deref().unwrap_or("");
        let _ = writeln!(t, "  ! {weight} {} {path} @{}: {}", a.code, a.offset, a.detail);
    }
}

fn problem(t: &mut String, f: &Failure) {
    let _ = writeln!(t, "  !! {f}");
}

fn body(t: &mut String, b: &Body, out: &Output) {
    let title = b.body.title.as_deref().unwrap_or("-");
    let id = b.body.doc_id.as_deref().unwrap_or("-");
    let number = b.body.index.saturating_add(1);
    let _ =
        writeln!(t, "\n{} {number}: {title} (DocID {id}), {}", out.pick("文档", "Document"), b.body.doc_root);
    anomalies(t, &b.notes, out);
    match &b.pages {
        Ok(pages) => {
            for (p, size) in pages {
                let size = size.map_or_else(|| "?".to_owned(), |s| s.to_string());
                let number = p.index.saturating_add(1);
                let _ =
                    writeln!(t, "  {} {number}: {} (ID {}), {size} mm", out.pick("页", "page"), p.path, p.id);
            }
        }
        Err(f) => problem(t, f),
    }
    match &b.signatures {
        None => {
            let _ = writeln!(t, "  {}", out.pick("没有签名列表", "no signature list"));
        }
        Some(Ok(list)) => list.iter().for_each(|s| signature(t, s, out)),
        Some(Err(f)) => problem(t, f),
    }
}

fn signature(t: &mut String, s: &Signature, out: &Output) {
    let path = s.record.path.as_deref().unwrap_or(&s.record.base_loc);
    let relative = s.record.relative.as_ref().map(|r| format!(", Relative {r}")).unwrap_or_default();
    let word = out.pick("签名", "Signature");
    let _ = writeln!(t, "\n{word} ID {} ({}{relative}): {path}", s.record.id, s.record.kind.as_str());
    match &s.xml {
        Ok(x) => part(t, x, out),
        Err(f) => problem(t, f),
    }
    match &s.value {
        None => {}
        Some(Ok(tree)) => {
            let _ = write!(t, "\n{}", tree.to_text(tree_lang(out.lang)));
        }
        Some(Err(f)) => problem(t, f),
    }
}

fn part(t: &mut String, x: &SignatureXml, out: &Output) {
    let dash = |v: &Option<String>| v.clone().unwrap_or_else(|| "-".to_owned());
    if let Some(p) = &x.provider {
        let version = p.version.as_deref().unwrap_or("");
        let company = p.company.as_deref().unwrap_or("");
        let _ = writeln!(t, "  {} {} {version} {company}", out.pick("组件：", "Provider:"), p.name);
    }
    let _ = writeln!(t, "  SignatureMethod: {}", dash(&x.method));
    let _ = writeln!(t, "  SignatureDateTime: {}", dash(&x.date_time));
    let _ = writeln!(t, "  Seal: {}", dash(&x.seal_path));
    let _ = writeln!(t, "  SignedValue: {}", dash(&x.value_path));
    for s in &x.stamps {
        let show = |r: Option<yinxin_ofd::Rect>| r.map_or_else(|| "-".to_owned(), |r| r.to_string());
        let _ = writeln!(
            t,
            "  StampAnnot {}: PageRef {}, Boundary {}, Clip {}",
            s.id,
            s.page_ref,
            show(s.boundary),
            show(s.clip)
        );
    }
    let _ = writeln!(t, "  References: {} × {}", x.references.len(), dash(&x.check_method));
    for r in &x.references {
        let _ = writeln!(t, "    {} {}", hex::encode(&r.check_value), r.file_ref);
    }
}
