//! Appending signatures: what is protected, what stays, what is refused.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "test code may fail loudly")]

mod forge;

use std::io::Cursor;

use forge::{Item, Opened, Zip, document, interop, item, open};
use yinxin_ofd::sign::{
    Edge, Mode, PageSelection, Placement, Prepared, SealKind, SignError, SignRequest, prepare,
};
use yinxin_ofd::{Document, DocumentRoot, Rect, SignatureKind, SignatureList, SignatureXml, sample};

fn now() -> jiff::Timestamp {
    "2026-11-21T13:25:15Z".parse().unwrap()
}

fn seal() -> SignRequest {
    SignRequest::new(SealKind::Seal(b"seal bytes".to_vec()), now())
        .place(Placement::on_page(0, 120.0, 200.0, 40.0, 40.0))
}

fn plain() -> SignRequest {
    SignRequest::new(SealKind::Sign, now())
}

fn sign(bytes: &[u8], request: &SignRequest, value: &[u8]) -> Result<Vec<u8>, SignError> {
    let mut package = open(bytes.to_vec())?;
    let prepared = prepare(&mut package, request)?;
    let mut out = Vec::new();
    let written = prepared.embed(&mut package, value, &mut out, &mut |_, _| {})?;
    assert_eq!(written, out.len() as u64);
    assert_old_entries_kept(bytes, &out);
    Ok(out)
}

/// Every old record but those of OFD.xml and the signature list is in the output, byte for byte.
fn assert_old_entries_kept(old: &[u8], new: &[u8]) {
    let (before, after) = (open(old.to_vec()).unwrap(), open(new.to_vec()).unwrap());
    assert_eq!(after.anomalies().len(), 0, "{:?}", after.anomalies());
    for entry in before.parts() {
        if entry.path == "/OFD.xml" || entry.path.ends_with("/Signatures.xml") {
            continue;
        }
        let kept = after.entry(&entry.path).unwrap();
        let range = |one: &yinxin_ofd::Entry| one.header_offset as usize..one.end_offset as usize;
        assert_eq!(old[range(entry)], new[range(kept)], "{}", entry.path);
    }
}

fn list(package: &mut Opened) -> SignatureList {
    let document = Document::load(package).unwrap();
    let path = document.bodies[0].signatures.clone().unwrap();
    SignatureList::load(package, &path).unwrap()
}

fn last_signature(package: &mut Opened) -> SignatureXml {
    let list = list(package);
    SignatureXml::load(package, list.records.last().unwrap().path.as_deref().unwrap()).unwrap()
}

fn assert_intact(package: &mut Opened, signature: &SignatureXml) {
    assert_eq!(signature.notes, []);
    for reference in &signature.references {
        let digest = package.sm3(reference.path.as_deref().unwrap()).unwrap();
        assert_eq!(digest.as_slice(), reference.check_value, "{}", reference.file_ref);
    }
}

fn assert_all_intact(package: &mut Opened) {
    for record in list(package).records {
        let signature = SignatureXml::load(package, record.path.as_deref().unwrap()).unwrap();
        assert_intact(package, &signature);
    }
}

#[test]
fn first_seal_protects_everything_but_the_list_and_itself() {
    let signed =
        sign(&sample::document(2, "合同", &["甲方：示例市测试有限公司"]), &seal(), b"value").unwrap();
    let mut package = open(signed).unwrap();
    let list = list(&mut package);
    assert_eq!((list.max_sign_id.as_deref(), list.notes.len()), (Some("s002"), 0));
    assert_eq!((list.records[0].id.as_str(), list.records[0].kind), ("s001", SignatureKind::Seal));
    let signature = last_signature(&mut package);
    assert_intact(&mut package, &signature);
    let mut listed: Vec<&str> = signature.references.iter().filter_map(|one| one.path.as_deref()).collect();
    listed.sort_unstable();
    let mut expected: Vec<&str> = package.parts().map(|entry| entry.path.as_str()).collect();
    expected.retain(|path| {
        ![
            "/Doc_0/Signs/Signatures.xml",
            "/Doc_0/Signs/Sign_0/Signature.xml",
            "/Doc_0/Signs/Sign_0/SignedValue.dat",
        ]
        .contains(path)
    });
    expected.sort_unstable();
    assert_eq!(listed, expected);
    assert_eq!(signature.check_method.as_deref(), Some("1.2.156.10197.1.401"));
    assert_eq!(signature.date_time.as_deref(), Some("2026-11-21 21:25:15"));
    assert_eq!(signature.stamps[0].boundary, Some(Rect::new(120.0, 200.0, 40.0, 40.0)));
    assert_eq!(package.read("/Doc_0/Signs/Sign_0/Seal.esl").unwrap(), b"seal bytes");
    assert_eq!(package.read("/Doc_0/Signs/Sign_0/SignedValue.dat").unwrap(), b"value");
}

#[test]
fn prepared_tells_what_the_signer_needs() {
    let mut package = open(sample::document(1, "t", &[])).unwrap();
    let prepared = prepare(&mut package, &seal()).unwrap();
    assert_eq!(prepared.data_hash, yinxin_crypto::sm3(prepared.signature_xml()));
    assert_eq!(prepared.property_info(), "/Doc_0/Signs/Sign_0/Signature.xml");
    assert_eq!(prepared.seal_bytes(), Some(&b"seal bytes"[..]));
}

#[test]
fn second_and_third_signature_keep_the_first_ones_intact() {
    let first = sign(&sample::document(3, "t", &["x"]), &seal(), b"one").unwrap();
    let second = sign(&first, &seal().place(Placement::cross_page(Edge::Right, 40.0, 40.0)), b"two").unwrap();
    let mut third = plain();
    third.relative_to = Some("s001".into());
    let third = sign(&second, &third, b"three").unwrap();
    let mut package = open(third).unwrap();
    assert_all_intact(&mut package);
    let list = list(&mut package);
    let ids: Vec<&str> = list.records.iter().map(|record| record.id.as_str()).collect();
    // s002 and s004 to s007 are stamps.
    assert_eq!(ids, ["s001", "s003", "s008"]);
    assert_eq!(list.max_sign_id.as_deref(), Some("s008"));
    assert_eq!(list.records[2].relative.as_deref(), Some("s001"));
    assert_eq!(list.records[2].kind, SignatureKind::Sign);
    let last = last_signature(&mut package);
    assert_eq!((last.seal_path.as_deref(), last.stamps.len()), (None, 0));
    assert!(last.references.iter().any(|one| one.file_ref == "/Doc_0/Signs/Sign_0/SignedValue.dat"));
    assert_eq!(last.path, "/Doc_0/Signs/Sign_2/Signature.xml");
}

#[test]
fn whole_mode_protects_the_list_and_forbids_a_further_signature() {
    let mut whole = seal();
    whole.mode = Mode::Whole;
    let first = sign(&sample::document(1, "t", &[]), &seal(), b"one").unwrap();
    let closed = sign(&first, &whole, b"two").unwrap();
    let mut package = open(closed.clone()).unwrap();
    assert_all_intact(&mut package);
    let signature = last_signature(&mut package);
    assert!(signature.references.iter().any(|one| one.file_ref == "/Doc_0/Signs/Signatures.xml"));
    match sign(&closed, &seal(), b"three") {
        Err(SignError::WouldBreak { signature, path }) => {
            assert_eq!((signature.as_str(), path.as_str()), ("s003", "/Doc_0/Signs/Signatures.xml"));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn refuses_to_name_a_list_in_an_entry_part_another_document_has_signed() {
    let mut items = document();
    let bytes = String::from_utf8(items[0].content.clone()).unwrap();
    items[0].content = bytes
        .replace(
            "</ofd:DocBody>",
            "</ofd:DocBody><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>",
        )
        .into_bytes();
    let two = Zip::of(items).build();
    let first = sign(&two, &plain(), b"one").unwrap();
    let mut second = plain();
    second.body = 1;
    assert!(
        matches!(sign(&first, &second, b"two"), Err(SignError::WouldBreak { path, .. }) if path == "/OFD.xml")
    );
    second.body = 2;
    assert_eq!(sign(&first, &second, b"two").unwrap_err().code(), "SIGN_NO_SUCH_DOCUMENT");
    second.body = 1;
    let mut package = open(sign(&two, &second, b"one").unwrap()).unwrap();
    let document = Document::load(&mut package).unwrap();
    assert_eq!(
        (document.bodies[0].signatures.is_some(), document.bodies[1].signatures.is_some()),
        (false, true)
    );
}

#[test]
fn survives_a_process_boundary_and_refuses_a_changed_document() {
    let bytes = sample::document(1, "t", &["same length A"]);
    let stored = serde_json::to_vec(&prepare(&mut open(bytes.clone()).unwrap(), &seal()).unwrap()).unwrap();
    let prepared: Prepared = serde_json::from_slice(&stored).unwrap();
    let mut out = Vec::new();
    prepared.embed(&mut open(bytes.clone()).unwrap(), b"value", &mut out, &mut |_, _| {}).unwrap();
    assert_all_intact(&mut open(out).unwrap());
    let embed =
        |bytes: Vec<u8>| prepared.embed(&mut open(bytes).unwrap(), b"value", Vec::new(), &mut |_, _| {});
    for other in [sample::document(1, "t", &["same length B"]), sample::document(2, "t", &["same length A"])]
    {
        assert_eq!(embed(other).unwrap_err().code(), "SIGN_DOCUMENT_CHANGED");
    }
    let already = sign(&bytes, &seal(), b"value").unwrap();
    assert_eq!(embed(already).unwrap_err().code(), "SIGN_DOCUMENT_CHANGED");
    let none = prepared.embed(&mut open(bytes).unwrap(), b"", Vec::new(), &mut |_, _| {});
    assert_eq!(none.unwrap_err().code(), "SIGN_EMPTY_VALUE");
}

#[test]
fn notices_a_change_that_keeps_size_and_crc() {
    // The CRC of this part is forged to stay the same: four bytes of a comment are chosen.
    let make = |letter: u8| {
        let mut items = document();
        items.push(item("Doc_0/x.bin", &crc_collision(letter)));
        Zip::of(items).build()
    };
    let prepared = prepare(&mut open(make(b'a')).unwrap(), &plain()).unwrap();
    let error = prepared.embed(&mut open(make(b'b')).unwrap(), b"v", Vec::new(), &mut |_, _| {}).unwrap_err();
    assert_eq!(error.code(), "SIGN_DOCUMENT_CHANGED");
    assert!(error.to_string().contains("digest"), "{error}");
}

/// `letter` and four bytes that bring the CRC to a fixed value.
fn crc_collision(letter: u8) -> Vec<u8> {
    // CRC-32 is affine: solve for the four bytes bit by bit over GF(2).
    let target = 0x1234_5678u32;
    let crc = |tail: u32| {
        let mut bytes = vec![letter];
        bytes.extend_from_slice(&tail.to_le_bytes());
        crc32fast::hash(&bytes)
    };
    let zero = crc(0);
    let mut rows: Vec<(u32, u32)> = (0..32).map(|bit| (crc(1 << bit) ^ zero, 1u32 << bit)).collect();
    let mut want = target ^ zero;
    let mut tail = 0;
    for bit in 0..32 {
        let Some(at) = rows.iter().position(|(image, _)| image >> bit & 1 == 1) else { continue };
        let (image, source) = rows.swap_remove(at);
        for row in rows.iter_mut().filter(|(other, _)| other >> bit & 1 == 1) {
            *row = (row.0 ^ image, row.1 ^ source);
        }
        if want >> bit & 1 == 1 {
            (want, tail) = (want ^ image, tail ^ source);
        }
    }
    let mut bytes = vec![letter];
    bytes.extend_from_slice(&tail.to_le_bytes());
    assert_eq!(crc32fast::hash(&bytes), target);
    bytes
}

#[test]
fn refuses_unsound_packages() {
    let mut items = document();
    items.push(item("./OFD.xml", b"<x/>"));
    assert!(matches!(
        sign(&Zip::of(items).build(), &plain(), b"v"),
        Err(SignError::Unsound { code: "PACKAGE_DUPLICATE", .. })
    ));
    let mut items = document();
    let text = String::from_utf8(items[0].content.clone()).unwrap();
    items[0].content =
        text.replace("<ofd:DocRoot>", "<ofd:DocRoot>a</ofd:DocRoot><ofd:DocRoot>").into_bytes();
    assert!(matches!(
        sign(&Zip::of(items).build(), &plain(), b"v"),
        Err(SignError::Unsound { code: "OFD_DUPLICATE_ELEMENT", .. })
    ));
}

#[test]
fn refuses_where_the_list_was_removed_or_a_signature_is_unreadable() {
    let signed = sign(&sample::document(1, "t", &[]), &seal(), b"one").unwrap();
    let without = |gone: &str| {
        let mut package = open(signed.clone()).unwrap();
        let paths: Vec<String> = package.parts().map(|entry| entry.path.clone()).collect();
        let items: Vec<Item> = paths
            .iter()
            .filter(|path| !path.ends_with(gone))
            .map(|path| item(&path[1..], &package.read(path).unwrap()))
            .collect();
        sign(&Zip::of(items).build(), &seal(), b"two").unwrap_err().code()
    };
    assert_eq!(without("Signatures.xml"), "SIGN_LIST_MISSING");
    assert_eq!(without("Signature.xml"), "SIGN_EXISTING_UNREADABLE");
}

#[test]
fn refuses_placements_that_miss_their_page() {
    let bytes = sample::document(3, "t", &[]);
    let code = |placement: Placement| {
        let request = SignRequest::new(SealKind::Seal(vec![1]), now()).place(placement);
        sign(&bytes, &request, b"v").map(|_| "ok").unwrap_or_else(|error| error.code())
    };
    assert_eq!(code(Placement::on_page(3, 10.0, 10.0, 40.0, 40.0)), "SIGN_NO_SUCH_PAGE");
    assert_eq!(code(Placement::on_page(0, 210.0, 10.0, 40.0, 40.0)), "SIGN_OUTSIDE_PAGE");
    assert_eq!(code(Placement::on_page(0, 10.0, -40.0, 40.0, 40.0)), "SIGN_OUTSIDE_PAGE");
    assert_eq!(code(Placement::on_page(0, f64::NAN, 0.0, 40.0, 40.0)), "SIGN_OUTSIDE_PAGE");
    assert_eq!(code(Placement::on_page(0, 10.0, 10.0, 0.0, 40.0)), "SIGN_BAD_SIZE");
    assert_eq!(code(Placement::on_page(0, 10.0, 10.0, f64::INFINITY, 40.0)), "SIGN_BAD_SIZE");
    assert_eq!(code(Placement::on_page(0, 200.0, -20.0, 40.0, 40.0)), "ok");
    let along = Placement::CrossPage {
        pages: PageSelection::All,
        edge: Edge::Right,
        width: 40.0,
        height: 40.0,
        along: Some(300.0),
    };
    assert_eq!(code(along), "SIGN_OUTSIDE_PAGE");
    let one = Placement::CrossPage {
        pages: PageSelection::Pages(vec![1]),
        edge: Edge::Top,
        width: 40.0,
        height: 40.0,
        along: None,
    };
    assert_eq!(code(one), "SIGN_CROSS_PAGE_TOO_FEW");
    assert_eq!(code(Placement::At { pages: PageSelection::All, area: Rect::new(1.0, 1.0, 9.0, 9.0) }), "ok");
    let request = plain().place(Placement::on_page(0, 1.0, 1.0, 9.0, 9.0));
    assert_eq!(sign(&bytes, &request, b"v").unwrap_err().code(), "SIGN_STAMP_WITHOUT_SEAL");
    let mut request = plain();
    request.relative_to = Some("s009".into());
    assert_eq!(sign(&bytes, &request, b"v").unwrap_err().code(), "SIGN_NO_SUCH_RELATIVE");
    let mut request = plain();
    request.provider.name = "a\u{1}".into();
    assert_eq!(sign(&bytes, &request, b"v").unwrap_err().code(), "SIGN_BAD_TEXT");
}

#[test]
fn takes_over_packages_with_prefix_descriptors_and_zip64() {
    let form = forge::Descriptor { signed: true, wide: true, wrong: false };
    let items = document().into_iter().enumerate().map(|(number, one)| match number {
        1 => one.deflated().with(|one| one.descriptor = Some(form)),
        2 => one.with(|one| one.zip64 = true),
        _ => one.with(|one| one.extra = vec![0x55, 0x54, 5, 0, 7, 1, 2, 3, 4]),
    });
    let zip = Zip { prefix: b"#!prefix\n".to_vec(), zip64_end: true, ..Zip::of(items.collect()) };
    let signed = sign(&zip.build(), &seal(), b"v").unwrap();
    assert_eq!(&signed[..4], b"PK\x03\x04", "the prefix belongs to no entry and is not taken over");
    assert_all_intact(&mut open(signed).unwrap());
}

#[test]
fn unusual_names_of_parts_are_protected_under_their_own_name() {
    let mut items = document();
    items.push(item("Doc_0/附件 & <一>.bin", b"x"));
    items.push(item("Doc_0\\Document.xml", b"y"));
    items.push(item("/Doc_0/abs'\".bin", b"z"));
    let bytes = Zip::of(items).build();
    let mut package = open(bytes).unwrap();
    let prepared = prepare(&mut package, &plain()).unwrap();
    let mut out = Vec::new();
    prepared.embed_unchecked(&mut package, b"v", &mut out, &mut |_, _| {}).unwrap();
    let mut package = open(out).unwrap();
    let signature = last_signature(&mut package);
    assert_intact(&mut package, &signature);
    for path in ["/Doc_0/附件 & <一>.bin", "/Doc_0\\Document.xml", "/Doc_0/abs'\".bin"] {
        assert!(signature.references.iter().any(|one| one.path.as_deref() == Some(path)), "{path}");
    }
}

#[test]
fn cross_page_seals_stand_on_every_page_at_each_edge() {
    let Some(folder) = interop() else { return };
    let bytes = std::fs::read(folder.join("documents/p20.ofd")).unwrap();
    for edge in [Edge::Left, Edge::Right, Edge::Top, Edge::Bottom] {
        let request =
            SignRequest::new(SealKind::Seal(vec![1]), now()).place(Placement::cross_page(edge, 40.0, 40.0));
        let mut package = open(sign(&bytes, &request, b"v").unwrap()).unwrap();
        let document = Document::load(&mut package).unwrap();
        let root = DocumentRoot::load(&mut package, &document.bodies[0].doc_root).unwrap();
        let signature = last_signature(&mut package);
        assert_intact(&mut package, &signature);
        let pages: Vec<&str> = signature.stamps.iter().map(|stamp| stamp.page_ref.as_str()).collect();
        let ids: Vec<&str> = root.pages.iter().map(|page| page.id.as_str()).collect();
        assert_eq!(pages, ids, "{edge:?}");
        let paper = Rect::new(0.0, 0.0, 210.0, 297.0);
        let strip: f64 = signature
            .stamps
            .iter()
            .map(|stamp| {
                let (boundary, clip) = (stamp.boundary.unwrap(), stamp.clip.unwrap());
                let seen = Rect::new(boundary.x + clip.x, boundary.y + clip.y, clip.width, clip.height);
                assert!(seen.intersects(&paper), "{edge:?}: {seen}");
                clip.width * clip.height
            })
            .sum();
        assert!((strip - 1600.0).abs() < 0.01, "{edge:?}: {strip}");
    }
}

#[test]
fn pages_with_a_box_of_their_own_are_judged_by_it() {
    let mut items = document();
    items[3].content = String::from_utf8(items[3].content.clone())
        .unwrap()
        .replace(
            "<ofd:Content>",
            "<ofd:Area><ofd:PhysicalBox>0 0 420 297</ofd:PhysicalBox></ofd:Area><ofd:Content>",
        )
        .into_bytes();
    let request = SignRequest::new(SealKind::Seal(vec![1]), now()).place(Placement::cross_page(
        Edge::Right,
        40.0,
        40.0,
    ));
    let mut package = open(sign(&Zip::of(items).build(), &request, b"v").unwrap()).unwrap();
    let stamps = last_signature(&mut package).stamps;
    assert_eq!(stamps[0].boundary, Some(Rect::new(190.0, 128.5, 40.0, 40.0)));
    assert_eq!(stamps[1].boundary, Some(Rect::new(380.0, 128.5, 40.0, 40.0)));
}

#[test]
fn documents_of_other_vendors_take_a_further_signature() {
    let Some(folder) = interop() else { return };
    for name in [
        "wild/dianju-v4",
        "clean/multi-v4-v4-relative",
        "clean/gbt-p1",
        "wild/ofdrw-2.4.0-v4",
        "documents/doc1File",
    ] {
        let bytes = std::fs::read(folder.join(format!("{name}.ofd"))).unwrap();
        let signed = sign(&bytes, &seal(), b"v").unwrap();
        let mut package = open(signed).unwrap();
        let signature = last_signature(&mut package);
        assert_intact(&mut package, &signature);
    }
    let dianju = std::fs::read(folder.join("wild/dianju-v4.ofd")).unwrap();
    let mut package = open(sign(&dianju, &seal(), b"v").unwrap()).unwrap();
    let list = list(&mut package);
    assert_eq!(
        (list.records[1].id.as_str(), list.max_sign_id.as_deref()),
        ("3", Some("4")),
        "plain numbers go on"
    );
    let whole = std::fs::read(folder.join("clean/multi-gbt-v5whole.ofd")).unwrap();
    assert_eq!(sign(&whole, &seal(), b"v").unwrap_err().code(), "SIGN_WOULD_BREAK_SIGNATURE");
}

#[test]
fn progress_reaches_the_end() {
    let mut package = open(sample::document(5, "t", &["x"])).unwrap();
    let prepared = prepare(&mut package, &seal()).unwrap();
    let mut last = (0, 0);
    prepared
        .embed(&mut package, b"v", Cursor::new(Vec::new()), &mut |done, total| last = (done, total))
        .unwrap();
    assert!(last.1 > 0 && last.0 == last.1, "{last:?}");
}
