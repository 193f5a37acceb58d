//! Prints what a PDF is made of: sections, findings, pages, signatures and what came after each.
#![allow(clippy::print_stdout, reason = "an example")]

use std::fs::File;

use yinxin_pdf::{Document, Limits, PdfError};

fn main() -> Result<(), PdfError> {
    for path in std::env::args().skip(1) {
        let file = File::open(&path).map_err(|source| PdfError::Io { at: 0, source })?;
        let mut document = Document::open(file, &Limits::default())?;
        println!("{path}: {} bytes, {} sections", document.size(), document.sections());
        for finding in document.audit()? {
            println!("  {:?} {} @{} {}", finding.severity, finding.code, finding.at, finding.detail);
        }
        for page in document.pages()?.iter() {
            println!("  page {:?} turned {} {:?} mm", page.id, page.rotate, page.size_mm());
        }
        println!("  hidden signatures: {:?}", document.hidden_signatures()?);
        for signature in document.signatures()? {
            println!("  {} {:?} {:?}", signature.field, signature.sub_filter, signature.ranges);
            println!("    faults {:?}", signature.faults);
            println!("    shown {:?}", document.shown(&signature)?);
            if let Some(changes) = document.changes_since(&signature)? {
                println!("    {} changes, {} not harmless", changes.total, changes.harmful);
                for change in &changes.list {
                    println!("      {change:?}");
                }
            }
        }
    }
    Ok(())
}
