//! Hostile bytes: an error or a finding, never a panic, never more than a bounded amount of work.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here fails the test"
)]

use std::io::{Cursor, Write as _};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use proptest::prelude::*;
use yinxin_pdf::{Document, Limits, PdfError};
use yinxin_testkit::pdf::{self, PdfSignForge};

/// Does everything a verifier does; gives whether it opened.
fn walk(bytes: &[u8]) -> bool {
    let Ok(mut document) = Document::open(Cursor::new(bytes), &Limits::default()) else { return false };
    let _ = document.audit();
    let _ = document.pages();
    let _ = document.hidden_signatures();
    let _ = document.validation_data();
    for signature in document.signatures().unwrap_or_default() {
        let _ = document.shown(&signature);
        let _ = document.drawn(&signature);
        let _ = document.signed_validation_data(&signature);
        let _ = document.changes_since(&signature);
    }
    true
}

fn two_signatures() -> Vec<u8> {
    let forge = PdfSignForge::new("adbe.pkcs7.detached", |_| vec![0x30, 1, 0]).with(|f| f.reserve = 20);
    let one = forge.build(&pdf::plain());
    forge.after(&[pdf::FREE]).build(&one)
}

#[test]
fn every_cut_of_a_signed_document_is_survived() {
    let bytes = two_signatures();
    assert!(walk(&bytes));
    for end in 0..bytes.len() {
        walk(&bytes[..end]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn changed_bytes_are_survived(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12)) {
        let mut bytes = two_signatures();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        walk(&bytes);
    }

    #[test]
    fn pieces_in_another_order_are_survived(order in Just((0..20).collect::<Vec<usize>>()).prop_shuffle()) {
        let bytes = two_signatures();
        let size = bytes.len() / 20 + 1;
        let mixed: Vec<u8> = order.iter().flat_map(|i| bytes.chunks(size).nth(*i).unwrap_or_default().to_vec()).collect();
        walk(&[b"%PDF-1.7\n".as_slice(), &mixed].concat());
    }
}

/// A file whose only section is a stream with these entries (each 1 + 4 + 2 bytes), behind these objects.
fn with_stream(objects: &[u8], rows: &[(u8, u32, u16)], root: u32) -> Vec<u8> {
    let mut out = [b"%PDF-1.7\n", objects].concat();
    let data: Vec<u8> =
        rows.iter().flat_map(|(k, a, b)| [&[*k][..], &a.to_be_bytes(), &b.to_be_bytes()].concat()).collect();
    let at = out.len();
    out.extend(
        format!(
            "900 0 obj\n<< /Type /XRef /W [1 4 2] /Index [0 {}] /Size {} /Root {root} 0 R /Length {} >>\nstream\n",
            rows.len(),
            rows.len(),
            data.len()
        )
        .bytes(),
    );
    out.extend(data);
    out.extend(format!("\nendstream\nendobj\nstartxref\n{at}\n%%EOF\n").bytes());
    out
}

#[test]
fn an_object_stream_that_inflates_without_end_is_refused_at_the_limit() {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    for _ in 0..1000 {
        encoder.write_all(&vec![b' '; 100_000]).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    let mut objects = format!(
        "1 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length {} >>\nstream\n",
        bomb.len()
    )
    .into_bytes();
    objects.extend(bomb);
    objects.extend(b"\nendstream\nendobj\n");
    let bytes = with_stream(&objects, &[(0, 0, 0), (1, 9, 0), (2, 1, 0)], 2);
    let mut document = Document::open(Cursor::new(bytes), &Limits::default()).unwrap();
    let error = document.catalog().unwrap_err();
    assert!(matches!(error, PdfError::Limit { .. }), "{error}");
}

#[test]
fn an_object_stream_inside_itself_is_refused() {
    let bytes = with_stream(b"", &[(0, 0, 0), (2, 1, 0), (2, 1, 1)], 2);
    let mut document = Document::open(Cursor::new(bytes), &Limits::default()).unwrap();
    assert_eq!(document.catalog().unwrap_err().code(), "PDF_OBJECT");
}

#[test]
fn deep_nesting_is_refused_at_the_limit() {
    let deep = format!("1 0 obj\n{}{}\nendobj\n", "[".repeat(100_000), "]".repeat(100_000));
    let bytes = with_stream(deep.as_bytes(), &[(0, 0, 0), (1, 9, 0)], 1);
    let mut document = Document::open(Cursor::new(bytes), &Limits::default()).unwrap();
    assert!(matches!(document.catalog().unwrap_err(), PdfError::Limit { .. }));
}

#[test]
fn a_page_tree_in_a_circle_is_refused() {
    let bytes = pdf::append(&pdf::plain(), &[(2, "<< /Type /Pages /Kids [2 0 R] >>".into())], pdf::TRAILER);
    let mut document = Document::open(Cursor::new(bytes), &Limits::default()).unwrap();
    assert_eq!(document.pages().unwrap_err().code(), "PDF_STRUCTURE");
}

#[test]
fn a_million_entries_for_one_place_cost_little() {
    let rows = vec![(1u8, 9u32, 0u16); 900_000];
    let bytes = with_stream(b"1 0 obj\n<< /Type /Catalog >>\nendobj\n", &rows, 1);
    let mut document = Document::open(Cursor::new(bytes), &Limits::default()).unwrap();
    let findings = document.audit().unwrap();
    assert!(findings.iter().any(|f| f.code == "PDF_XREF_MISMATCH"));
    assert!(findings.len() < 1000);
}

#[test]
fn a_page_of_ten_thousand_objects_is_compared_object_by_object() {
    let notes: Vec<(u32, String)> = (1000..11_000)
        .map(|n| (n, "<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (a) >>".to_owned()))
        .collect();
    let list: String = (1000..11_000).map(|n| format!("{n} 0 R ")).collect();
    let mut objects =
        vec![(pdf::PAGE, pdf::page_object(pdf::PAGE, "/Annots 999 0 R ")), (999, format!("[{list}]"))];
    objects.extend(notes);
    let base = pdf::append(&pdf::plain(), &objects, pdf::TRAILER);
    let forge = PdfSignForge::new("adbe.pkcs7.detached", |_| vec![0x30, 1, 0]).with(|f| {
        f.reserve = 20;
        f.shown = false;
    });
    let mut signature = forge.objects();
    signature.retain(|(n, _)| *n != pdf::PAGE);
    let signed = forge.fill(pdf::append(&base, &signature, pdf::TRAILER));
    let edited = objects[2..].iter().map(|(n, o)| (*n, o.replace("(a)", "(b)"))).collect::<Vec<_>>();
    let later = pdf::append(&signed, &edited, pdf::TRAILER);
    let mut document = Document::open(Cursor::new(later), &Limits::default()).unwrap();
    let signatures = document.signatures().unwrap();
    let changes = document.changes_since(&signatures[0]).unwrap().unwrap();
    assert_eq!((changes.total, changes.harmful), (10_000, 10_000));
    assert!(changes.list.len() <= 200);
}

/// A dictionary of the standard handler with keys that are none, and passwords of any length.
#[test]
fn encryption_that_makes_no_sense_stays_closed() {
    for terms in [
        "/V 1 /R 2",
        "/V 2 /R 3 /Length 128 /O (x) /U (y) /P -1",
        "/V 4 /R 4 /StmF /A /StrF /A /CF << /A << /CFM /AESV2 >> >> /O <00> /U <00> /P 0",
        "/V 4 /R 4 /StmF /A /StrF /A /O <00> /U <00> /P 0",
        "/V 5 /R 6 /Length 256 /O <00> /U <00> /OE <00> /UE <00> /P 0",
        "/V 5 /R 6 /StmF /A /StrF /A /CF << /A << /CFM /V2 >> >>",
        "/V 9 /R 9",
        "/V (a) /R [2]",
        "/V 2 /R 3 /Length -8",
    ] {
        let trailer = format!("{} /Encrypt 20 0 R", pdf::TRAILER);
        let object = format!("<< /Filter /Standard {terms} >>");
        let bytes = pdf::append(&pdf::plain(), &[(20, object)], &trailer);
        for password in [None, Some(""), Some("x"), Some("口令"), Some(&*"x".repeat(5000))] {
            let mut document =
                Document::open_with(Cursor::new(&bytes), &Limits::default(), password).unwrap();
            assert!(document.encrypted() && document.locked().is_some(), "{terms}");
            assert!(document.catalog().unwrap_err().code().starts_with("PDF_ENCRYPT"), "{terms}");
        }
    }
}
