//! Each way a package can lie or be odd, and the code it is given.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "test code may fail loudly")]

mod forge;

use forge::{Descriptor, Item, Zip, deflate, document, findings, item, open};
use yinxin_ofd::{Limits, Package, Severity};

fn codes(zip: &Zip) -> Vec<(&'static str, Severity)> {
    findings(&open(zip.build()).unwrap())
}

fn two() -> Vec<Item> {
    vec![item("OFD.xml", b"<a/>"), item("Doc_0/Document.xml", b"<bbbbbbbbbbbbbbbbbbbb/>").deflated()]
}

#[track_caller]
fn assert_fatal(zip: &Zip, code: &str) {
    let found = codes(zip);
    assert!(found.contains(&(code_of(&found, code), Severity::Fatal)), "{code} expected, found {found:?}");
}

fn code_of(found: &[(&'static str, Severity)], code: &str) -> &'static str {
    found.iter().map(|(found, _)| *found).find(|found| *found == code).unwrap_or("absent")
}

#[track_caller]
fn assert_only(zip: &Zip, code: &str, severity: Severity) {
    let found = codes(zip);
    assert!(
        !found.is_empty() && found.iter().all(|one| *one == (code_of(&found, code), severity)),
        "{found:?}"
    );
}

#[test]
fn plain_packages_have_no_findings_and_read_back() {
    let mut package = open(Zip::of(two()).build()).unwrap();
    assert_eq!(package.anomalies(), []);
    assert_eq!(package.read("/OFD.xml").unwrap(), b"<a/>");
    assert_eq!(package.read("/Doc_0/Document.xml").unwrap(), b"<bbbbbbbbbbbbbbbbbbbb/>");
    assert_eq!(package.read("/nothing").unwrap_err().code(), "PART_MISSING");
    assert_eq!(package.sm3("/OFD.xml").unwrap(), yinxin_crypto::sm3(b"<a/>"));
}

#[test]
fn accepts_all_four_forms_of_data_descriptors() {
    for signed in [true, false] {
        for wide in [true, false] {
            let form = Descriptor { signed, wide, wrong: false };
            let items =
                two().into_iter().map(|one| one.deflated().with(|one| one.descriptor = Some(form))).collect();
            let mut package = open(Zip::of(items).build()).unwrap();
            assert_eq!(package.anomalies(), [], "signed {signed}, wide {wide}");
            assert_eq!(package.read("/OFD.xml").unwrap(), b"<a/>");
        }
    }
}

#[test]
fn rejects_descriptors_that_disagree_with_the_directory() {
    let form = Descriptor { signed: true, wide: false, wrong: true };
    let items = two().into_iter().map(|one| one.deflated().with(|one| one.descriptor = Some(form))).collect();
    assert_fatal(&Zip::of(items), "PACKAGE_HEADER_MISMATCH");
}

#[test]
fn warns_of_stored_entries_with_descriptor() {
    let form = Descriptor { signed: true, wide: false, wrong: false };
    let items = vec![item("OFD.xml", b"<a/>").with(|one| one.descriptor = Some(form))];
    assert_only(&Zip::of(items), "PACKAGE_STORED_DESCRIPTOR", Severity::Warning);
}

#[test]
fn reads_zip64_fields_and_end_records() {
    let mut zip = Zip::of(two().into_iter().map(|one| one.with(|one| one.zip64 = true)).collect());
    zip.zip64_end = true;
    for prefix in [0usize, 7] {
        zip.prefix = vec![b'x'; prefix];
        let mut package = open(zip.build()).unwrap();
        assert_eq!(package.read("/Doc_0/Document.xml").unwrap(), b"<bbbbbbbbbbbbbbbbbbbb/>");
        assert_eq!(package.fatal(), None, "prefix {prefix}");
    }
}

#[test]
fn warns_of_bytes_before_the_first_header_and_reads_on() {
    for absolute in [true, false] {
        let zip = Zip { prefix: b"MZ something".to_vec(), absolute, ..Zip::of(two()) };
        assert_only(&zip, "PACKAGE_PREFIX", Severity::Warning);
        assert_eq!(open(zip.build()).unwrap().read("/OFD.xml").unwrap(), b"<a/>");
    }
}

#[test]
fn warns_of_trailing_bytes_and_gaps() {
    assert_only(&Zip { trailing: b"\n\n".to_vec(), ..Zip::of(two()) }, "PACKAGE_TRAILING", Severity::Warning);
    let mut items = two();
    items[1].before = vec![0; 100];
    assert_only(&Zip::of(items), "PACKAGE_GAP", Severity::Warning);
    assert_only(&Zip { before_directory: vec![7; 9], ..Zip::of(two()) }, "PACKAGE_GAP", Severity::Warning);
}

#[test]
fn accepts_comments_and_warns_of_wrong_lengths() {
    assert_eq!(codes(&Zip { comment: b"made by hand".to_vec(), ..Zip::of(two()) }), []);
    assert_eq!(codes(&Zip { comment: vec![b' '; 0xffff], ..Zip::of(two()) }), []);
    let zip = Zip { comment: b"short".to_vec(), declared_comment: Some(500), ..Zip::of(two()) };
    assert_only(&zip, "PACKAGE_COMMENT", Severity::Warning);
}

#[test]
fn rejects_a_second_package_in_the_comment_or_behind_the_end() {
    let inner = Zip::of(vec![item("OFD.xml", b"<evil/>")]).build();
    assert_fatal(&Zip { comment: inner.clone(), ..Zip::of(two()) }, "PACKAGE_AMBIGUOUS");
    assert_fatal(&Zip { trailing: inner.clone(), ..Zip::of(two()) }, "PACKAGE_AMBIGUOUS");
    assert_fatal(&Zip { prefix: inner.clone(), ..Zip::of(two()) }, "PACKAGE_AMBIGUOUS");
    assert_fatal(&Zip { prefix: inner, absolute: true, ..Zip::of(two()) }, "PACKAGE_AMBIGUOUS");
}

#[test]
fn accepts_a_package_stored_inside_a_part() {
    let inner = Zip::of(two()).build();
    let mut package =
        open(Zip::of(vec![item("OFD.xml", b"<a/>"), item("Doc_0/a.ofd", &inner)]).build()).unwrap();
    assert_eq!(package.anomalies(), []);
    assert_eq!(package.read("/Doc_0/a.ofd").unwrap(), inner);
}

#[test]
fn rejects_an_entry_hidden_from_the_directory() {
    let mut items = two();
    items.insert(1, item("Doc_0/other.xml", b"<x/>").with(|one| one.hidden = true));
    assert_fatal(&Zip::of(items), "PACKAGE_HIDDEN_ENTRY");
}

#[test]
fn rejects_a_hidden_second_version_of_a_listed_part() {
    for name in ["OFD.xml", "./OFD.xml", "//OFD.xml"] {
        let mut items = two();
        items.insert(1, item(name, b"<other/>").with(|one| one.hidden = true));
        assert_fatal(&Zip::of(items), "PACKAGE_AMBIGUOUS");
    }
}

#[test]
fn rejects_duplicates_in_every_spelling_that_normalizes() {
    for name in ["OFD.xml", "./OFD.xml", "/OFD.xml", "//OFD.xml", "Doc_0/../OFD.xml"] {
        let mut items = two();
        items.push(item(name, b"<b/>"));
        assert_fatal(&Zip::of(items), "PACKAGE_DUPLICATE");
    }
}

#[test]
fn warns_of_names_that_differ_in_case_or_slash_only_and_keeps_them_apart() {
    for name in ["doc_0/document.XML", "Doc_0\\Document.xml"] {
        let mut items = two();
        items.push(item(name, b"<b/>"));
        let zip = Zip::of(items);
        assert_only(&zip, "PACKAGE_NAME_VARIANT", Severity::Warning);
        let mut package = open(zip.build()).unwrap();
        assert_eq!(package.read(&format!("/{name}")).unwrap(), b"<b/>");
        assert_eq!(package.read("/Doc_0/Document.xml").unwrap(), b"<bbbbbbbbbbbbbbbbbbbb/>");
    }
}

#[test]
fn rejects_every_disagreement_of_local_header_and_directory() {
    let changes: [fn(&mut Item); 8] = [
        |one| one.local_name = Some(b"OFD.xmI".to_vec()),
        |one| one.local_name = Some(b"Doc_0/OFD.xml".to_vec()),
        |one| one.local_method = Some(8),
        |one| one.local_flags = Some(1),
        |one| one.local_flags = Some(8),
        |one| one.local_crc = Some(1),
        |one| one.local_size = Some(3),
        |one| one.offset = Some(3),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut items = two();
        change(&mut items[0]);
        let found = codes(&Zip::of(items));
        assert!(found.contains(&("PACKAGE_HEADER_MISMATCH", Severity::Fatal)), "change {number}: {found:?}");
    }
}

#[test]
fn rejects_two_entries_that_share_their_data() {
    let mut items = two();
    items.push(item("Doc_0/x.xml", b"<x/>").with(|one| one.offset = Some(0)));
    let found = codes(&Zip::of(items));
    assert!(found.contains(&("PACKAGE_OVERLAP", Severity::Fatal)), "{found:?}");
}

#[test]
fn rejects_a_second_name_in_a_unicode_path_field() {
    let mut extra = vec![0x75, 0x70, 16, 0, 1];
    extra.extend_from_slice(&crc32fast::hash(b"OFD.xml").to_le_bytes());
    extra.extend_from_slice(b"Evil.xml:::");
    for local in [true, false] {
        let mut items = two();
        if local {
            items[0].local_extra = extra.clone();
        } else {
            items[0].extra = extra.clone();
        }
        assert_fatal(&Zip::of(items), "PACKAGE_HEADER_MISMATCH");
    }
}

#[test]
fn rejects_names_that_leave_the_package_and_makes_them_unreachable() {
    for name in ["../x", "Doc_0/../../x", "/../../etc/passwd"] {
        let mut items = two();
        items.push(item(name, b"x"));
        let zip = Zip::of(items);
        assert_fatal(&zip, "PACKAGE_PATH_ESCAPE");
        let mut package = open(zip.build()).unwrap();
        assert!(package.parts().all(|entry| entry.path != "/x"));
        assert!(package.read("/../x").is_err() && package.read("/x").is_err());
    }
}

#[test]
fn rejects_control_characters_in_names() {
    let mut items = two();
    items.push(item("a\0b.xml", b"x"));
    assert_fatal(&Zip::of(items), "PACKAGE_NAME_CONTROL");
}

#[test]
fn accepts_absolute_names_with_a_note() {
    let items = vec![item("/OFD.xml", b"<a/>"), item("/Doc_0/Document.xml", b"<b/>")];
    let zip = Zip::of(items);
    assert_only(&zip, "PACKAGE_NAME_ABSOLUTE", Severity::Note);
    assert!(open(zip.build()).unwrap().contains("/Doc_0/Document.xml"));
}

#[test]
fn warns_of_names_that_are_not_utf8() {
    let mut items = two();
    items.push(item("x", b"x").with(|one| one.name = b"\xd5\xc2.xml".to_vec()));
    assert_only(&Zip::of(items), "PACKAGE_NAME_ENCODING", Severity::Warning);
}

#[test]
fn refuses_to_read_encrypted_entries_and_unknown_methods() {
    let mut items = two();
    items[0].flags = 1;
    items[1].method = Some(14);
    items[1].deflate = false;
    let mut package = open(Zip::of(items).build()).unwrap();
    assert_eq!(package.read("/OFD.xml").unwrap_err().code(), "PART_ENCRYPTED");
    assert_eq!(package.read("/Doc_0/Document.xml").unwrap_err().code(), "PART_METHOD");
}

#[test]
fn warns_of_symbolic_links_and_folders_with_data() {
    let mut items = two();
    items.push(item("Doc_0/link", b"/etc/passwd").with(|one| {
        one.made_by = 3 << 8 | 20;
        one.external = 0o120_777 << 16;
    }));
    assert_only(&Zip::of(items), "PACKAGE_SYMLINK", Severity::Warning);
    let mut items = two();
    items.push(item("Doc_0/folder/", b"data"));
    assert_only(&Zip::of(items), "PACKAGE_DIRECTORY_DATA", Severity::Warning);
}

#[test]
fn rejects_wrong_crc_wrong_sizes_and_bytes_behind_the_stream_on_reading() {
    let read = |change: fn(&mut Item)| {
        let mut items = two();
        change(&mut items[1]);
        open(Zip::of(items).build()).unwrap().read("/Doc_0/Document.xml").unwrap_err().code()
    };
    assert_eq!(read(|one| one.crc = Some(1)), "PACKAGE_CRC");
    assert_eq!(read(|one| one.size = Some(5)), "PACKAGE_BOMB");
    assert_eq!(read(|one| one.size = Some(500)), "PART_CORRUPT");
    assert_eq!(read(|one| one.tail = vec![0; 5]), "PART_CORRUPT");
    assert_eq!(read(|one| one.tail = deflate(b"second stream")), "PART_CORRUPT");
}

#[test]
fn refuses_bombs_by_ratio_and_by_declared_sum() {
    let zeros = vec![0u8; 8 << 20];
    let bytes = Zip::of(vec![item("OFD.xml", &zeros).deflated()]).build();
    let mut package = open(bytes.clone()).unwrap();
    assert_eq!(package.read("/OFD.xml").unwrap_err().code(), "PACKAGE_BOMB");
    assert_eq!(package.sm3("/OFD.xml").unwrap_err().code(), "PACKAGE_BOMB");
    let tight = Limits { max_total_size: 1 << 20, ..Limits::default() };
    let error = Package::open(std::io::Cursor::new(bytes), &tight).unwrap_err();
    assert_eq!(error.code(), "PACKAGE_LIMIT");
}

#[test]
fn refuses_more_entries_than_the_limit_and_a_wrong_count() {
    let tight = Limits { max_entries: 1, ..Limits::default() };
    let error = Package::open(std::io::Cursor::new(Zip::of(two()).build()), &tight).unwrap_err();
    assert_eq!(error.code(), "PACKAGE_LIMIT");
    assert_fatal(&Zip { count: Some(1), ..Zip::of(two()) }, "PACKAGE_AMBIGUOUS");
}

#[test]
fn tells_empty_foreign_and_truncated_files_apart() {
    assert_eq!(open(Vec::new()).unwrap_err().code(), "PACKAGE_NOT_ZIP");
    assert_eq!(open(b"%PDF-1.7 and so on".to_vec()).unwrap_err().code(), "PACKAGE_NOT_ZIP");
    let whole = Zip::of(document()).build();
    let error = open(whole[..whole.len() - 30].to_vec()).unwrap_err();
    assert_eq!(error.code(), "PACKAGE_TRUNCATED");
    assert!(error.to_string().contains(&(whole.len() - 30).to_string()), "{error}");
}
