//! No input makes this crate panic, loop or allocate without bound.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "test code may fail loudly")]

mod forge;

use std::io::Cursor;

use forge::{Descriptor, Zip, document, item, open};
use proptest::prelude::*;
use yinxin_ofd::sign::{Placement, SealKind, SignRequest, prepare};
use yinxin_ofd::{
    Document, Limits, Package, Rect, SignatureList, SignatureXml, normalize, references, resolve, sample,
};

/// Everything a caller may do with bytes from anywhere.
fn exercise(bytes: &[u8]) {
    let limits = Limits {
        max_total_size: 64 << 20,
        max_part_size: 4 << 20,
        max_xml_nodes: 50_000,
        ..Limits::default()
    };
    let Ok(mut package) = Package::open(Cursor::new(bytes), &limits) else { return };
    let paths: Vec<String> = package.parts().map(|entry| entry.path.clone()).collect();
    for path in paths.iter().take(50) {
        let _ = package.sm3(path);
    }
    if let Ok(document) = Document::load(&mut package) {
        let reach = references(&mut package, &document);
        let _ = reach.orphans(&package);
        for body in &document.bodies {
            let Some(path) = &body.signatures else { continue };
            let Ok(list) = SignatureList::load(&mut package, path) else { continue };
            for path in list.records.iter().filter_map(|record| record.path.as_ref()) {
                let _ = SignatureXml::load(&mut package, path);
            }
        }
    }
    let request = SignRequest::new(SealKind::Seal(vec![1]), jiff::Timestamp::UNIX_EPOCH)
        .place(Placement::on_page(0, 10.0, 10.0, 40.0, 40.0));
    if let Ok(prepared) = prepare(&mut package, &request) {
        let mut out = Vec::new();
        if prepared.embed(&mut package, b"v", &mut out, &mut |_, _| {}).is_ok() {
            let signed = open(out).unwrap();
            assert_eq!(signed.fatal(), None, "what was sound stays sound");
        }
    }
}

fn signed() -> Vec<u8> {
    let mut items = document();
    items[1].descriptor = Some(Descriptor { signed: true, wide: false, wrong: false });
    items[1].deflate = true;
    items[2].zip64 = true;
    let mut package = open(Zip { zip64_end: true, ..Zip::of(items) }.build()).unwrap();
    let request = SignRequest::new(SealKind::Seal(vec![1; 50]), jiff::Timestamp::UNIX_EPOCH)
        .place(Placement::on_page(0, 10.0, 10.0, 40.0, 40.0));
    let mut out = Vec::new();
    prepare(&mut package, &request).unwrap().embed(&mut package, b"value", &mut out, &mut |_, _| {}).unwrap();
    out
}

#[test]
fn every_truncation_gives_an_error_or_a_judged_package() {
    let whole = signed();
    for len in 0..whole.len() {
        exercise(&whole[..len]);
    }
}

#[test]
fn every_single_bit_flip_of_headers_is_judged() {
    let whole = signed();
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        exercise(&bytes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_are_refused_or_judged(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        exercise(&bytes);
    }

    #[test]
    fn random_bytes_behind_a_valid_start_are_refused_or_judged(
        bytes in prop::collection::vec(any::<u8>(), 0..200), cut in 0usize..2000,
    ) {
        let mut whole = signed();
        whole.truncate(cut);
        whole.extend_from_slice(&bytes);
        whole.extend_from_slice(&signed());
        exercise(&whole);
    }

    #[test]
    fn several_flipped_bytes_are_judged(flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12)) {
        let mut bytes = signed();
        for (at, value) in flips {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        exercise(&bytes);
    }

    #[test]
    fn broken_xml_in_every_part_is_judged(
        part in 0usize..7, at in any::<prop::sample::Index>(), new in "[<>/=\"' a-z&;!\\[\\]0-9-]{0,12}", gone in 0usize..20,
    ) {
        let mut package = open(signed()).unwrap();
        let paths: Vec<String> = package.parts().map(|entry| entry.path.clone()).collect();
        let mut items = Vec::new();
        for (number, path) in paths.iter().enumerate() {
            let mut content = package.read(path).unwrap();
            if number == part && !content.is_empty() {
                let start = at.index(content.len());
                let end = (start + gone).min(content.len());
                content.splice(start..end, new.bytes());
            }
            items.push(item(&path[1..], &content));
        }
        exercise(&Zip::of(items).build());
    }

    #[test]
    fn random_xml_never_panics(text in "(<[a-zA-Z:/?! =\"'-]{0,20}>|[^<]{0,10}){0,30}") {
        let bytes = text.into_bytes();
        let limits = Limits::default();
        let _ = Document::parse(bytes.clone(), &limits, &|_| true);
        let _ = SignatureList::parse("/a/b.xml", bytes.clone(), &limits, &|_| true);
        let _ = SignatureXml::parse("/a/b.xml", bytes, &limits, &|_| false);
    }

    #[test]
    fn resolved_paths_never_leave_the_root(base in "(/[a-z.]{1,4}){1,4}", loc in "[a-z./\\\\]{1,30}") {
        if let Ok(path) = resolve(&base, &loc) {
            prop_assert!(path.starts_with('/'));
            prop_assert!(!path.split('/').any(|segment| segment == ".." || segment == "."));
            prop_assert!(!path.contains("//"));
            prop_assert_eq!(normalize(&path).unwrap(), path);
        }
    }

    #[test]
    fn boxes_survive_writing(x in -500.0..500.0f64, y in -500.0..500.0f64, w in 0.1..500.0f64, h in 0.1..500.0f64) {
        let read = Rect::parse(&Rect::new(x, y, w, h).to_string()).unwrap();
        prop_assert!((read.x - x).abs() < 1e-4 && (read.height - h).abs() < 1e-4);
    }

    #[test]
    fn samples_open_for_any_text(pages in 0usize..4, title in "\\PC{0,40}", line in any::<String>()) {
        let mut package = open(sample::document(pages, &title, &[&line])).unwrap();
        let document = Document::load(&mut package).unwrap();
        let reach = references(&mut package, &document);
        prop_assert!(package.anomalies().is_empty() && reach.missing.is_empty() && reach.notes.is_empty());
    }
}

#[test]
fn a_hundred_thousand_records_on_one_header_cost_little() {
    // Every record of the directory points to the same local header.
    let one = item("OFD.xml", b"<a/>");
    let mut items = vec![one.clone()];
    items.extend((0..20_000).map(|n| item(&format!("{n}"), b"").with(|item| item.offset = Some(0))));
    let started = std::time::Instant::now();
    let package = open(Zip::of(items).build()).unwrap();
    assert!(package.fatal().is_some());
    assert!(package.anomalies().len() < 1000);
    assert!(started.elapsed().as_secs() < 20);
}

#[test]
fn xml_made_to_be_slow_is_refused_or_read_in_linear_time() {
    let attributes: String = (0..300_000).map(|n| format!(" a{n}=''")).collect();
    let stamps = "<StampAnnot ID='1' PageRef='1' Boundary='1 1 1 1'/>".repeat(20_000);
    let different: String =
        (0..20_000).map(|n| format!("<StampAnnot ID='{n}' PageRef='1' Boundary='1 1 1 1'/>")).collect();
    let namespaces: String = (0..60_000).map(|n| format!("<a xmlns:n{n}='u{n}'/>")).collect();
    let started = std::time::Instant::now();
    let limits = Limits::default();
    for info in [stamps, different, namespaces, format!("<x{attributes}/>")] {
        let xml = format!("<Signature><SignedInfo>{info}</SignedInfo></Signature>");
        let _ = SignatureXml::parse("/S.xml", xml.into_bytes(), &limits, &|_| true);
    }
    let mut items = document();
    items[2].content = format!("<Page><Template{attributes}/>{}</Page>", "<b>".repeat(100_000)).into_bytes();
    items[3].content = format!("<Page><Content>{}</Content></Page>", "<b>".repeat(100_000)).into_bytes();
    exercise(&Zip::of(items).build());
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}
