//! Documents made by other software open as they should, and what was done to them is seen.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "test code may fail loudly")]

mod forge;

use std::collections::BTreeMap;
use std::path::Path;

use forge::{Opened, interop, open};
use yinxin_ofd::{Document, PartKind, Severity, SignatureList, SignatureXml, references};

fn package(folder: &Path, name: &str) -> Opened {
    open(std::fs::read(folder.join(name)).unwrap()).unwrap()
}

fn signatures(package: &mut Opened) -> Vec<SignatureXml> {
    let document = Document::load(package).unwrap();
    let mut out = Vec::new();
    for path in document.bodies.iter().filter_map(|body| body.signatures.clone()) {
        let Ok(list) = SignatureList::load(package, &path) else { continue };
        for record in &list.records {
            out.push(SignatureXml::load(package, record.path.as_deref().unwrap()).unwrap());
        }
    }
    out
}

/// Parts whose digest is not the one stated, or which are absent.
fn broken_references(package: &mut Opened, signature: &SignatureXml) -> Vec<String> {
    signature
        .references
        .iter()
        .filter(|reference| {
            let path = reference.path.as_deref().unwrap();
            package.sm3(path).map_or(true, |digest| digest.as_slice() != reference.check_value)
        })
        .map(|reference| reference.file_ref.clone())
        .collect()
}

#[test]
fn every_row_opens_and_counts_its_signatures() {
    let Some(folder) = interop() else { return };
    let table = std::fs::read_to_string(folder.join("expected.tsv")).unwrap();
    let mut rows = 0;
    for row in table.lines().skip(1) {
        let columns: Vec<&str> = row.split('\t').collect();
        let (file, count) = (columns[0], columns[1].parse::<usize>().unwrap());
        let bytes = std::fs::read(folder.join(file)).unwrap();
        rows += 1;
        if file.ends_with("zip-truncated.ofd") {
            assert_eq!(open(bytes).unwrap_err().code(), "PACKAGE_TRUNCATED");
            continue;
        }
        let mut package = open(bytes).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(signatures(&mut package).len(), count, "{file}");
    }
    assert!(rows > 60, "{rows}");
}

#[test]
fn sound_documents_have_no_fatal_finding_and_all_digests_match() {
    let Some(folder) = interop() else { return };
    let mut seen = 0;
    for group in ["clean", "dialect", "repo-keys"] {
        for file in std::fs::read_dir(folder.join(group)).unwrap() {
            let file = file.unwrap().path();
            let mut package = open(std::fs::read(&file).unwrap()).unwrap();
            assert_eq!(package.anomalies(), [], "{}", file.display());
            for signature in signatures(&mut package) {
                assert!(
                    signature.notes.iter().all(|note| note.severity < Severity::Warning),
                    "{:?}",
                    signature.notes
                );
                assert_eq!(
                    broken_references(&mut package, &signature),
                    Vec::<String>::new(),
                    "{}",
                    file.display()
                );
                seen += 1;
            }
        }
    }
    assert!(seen >= 18, "{seen}");
}

#[test]
fn packages_that_two_readers_see_differently_are_fatal() {
    let Some(folder) = interop() else { return };
    let expected = [
        ("zip-directory-shows-evil-stream-shows-true", &["PACKAGE_AMBIGUOUS", "PACKAGE_HEADER_MISMATCH"][..]),
        ("zip-dot-path-variant-added", &["PACKAGE_DUPLICATE"]),
        ("zip-duplicate-entry-evil-first", &["PACKAGE_DUPLICATE"]),
    ];
    for (name, codes) in expected {
        let package = package(&folder, &format!("tampered/{name}.ofd"));
        let fatal = package.fatal().unwrap_or_else(|| panic!("{name}: {:?}", package.anomalies()));
        assert!(codes.contains(&fatal.code), "{name}: {fatal:?}");
    }
    let variant = package(&folder, "tampered/zip-backslash-variant-added.ofd");
    assert_eq!(forge::findings(&variant), [("PACKAGE_NAME_VARIANT", Severity::Warning)]);
}

#[test]
fn changed_and_deleted_parts_are_named() {
    let Some(folder) = interop() else { return };
    let expected = [
        ("gbt-ofd-xml-changed", "/OFD.xml"),
        ("gbt-page-deleted", "/Doc_0/Pages/Page_0/Content.xml"),
        ("v1-protected-file-deleted", "/Doc_0/PublicRes.xml"),
        ("v4-page-one-byte", "/Doc_0/Pages/Page_0/Content.xml"),
        ("ride-page-3-changed", "/Doc_0/Pages/Page_2/Content.xml"),
        ("v4-whole-signatures-whitespace", "/Doc_0/Signs/Signatures.xml"),
        ("v5-seal-one-byte", "/Doc_0/Signs/Sign_0/Seal.esl"),
    ];
    for (name, path) in expected {
        let mut package = package(&folder, &format!("tampered/{name}.ofd"));
        let all = signatures(&mut package);
        assert_eq!(broken_references(&mut package, &all[0]), [path], "{name}");
    }
}

#[test]
fn coverage_of_real_invoices_is_seen() {
    let Some(folder) = interop() else { return };
    let mut package = package(&folder, "wild/gomain-test-tax-seal.ofd");
    let document = Document::load(&mut package).unwrap();
    let reach = references(&mut package, &document);
    assert_eq!(reach.notes, []);
    let signature = &signatures(&mut package)[0];
    let listed: Vec<&str> = signature.references.iter().filter_map(|one| one.path.as_deref()).collect();
    let open_and_shown: Vec<&str> = reach
        .parts
        .iter()
        .filter(|(path, part)| part.shown && !listed.contains(&path.as_str()))
        .map(|(path, _)| path.as_str())
        .collect();
    assert_eq!(open_and_shown, ["/Doc_0/TPLS/TPL_0/Content.xml", "/Doc_0/TPLS/TPL_1/Content.xml"]);
    assert_eq!(reach.parts["/Doc_0/Res/image_0.png"].kind, PartKind::Media);
    assert_eq!(reach.parts["/Doc_0/Attachs/original_invoice.xml"].kind, PartKind::Attachment);
    assert!(
        !reach.shown("/Doc_0/Attachs/original_invoice.xml") && !reach.shown("/Doc_0/Tags/Tag_e-invoice.xml")
    );
    assert!(reach.shown("/Doc_0/Annotation.xml"));
    assert_eq!(reach.orphans(&package), Vec::<String>::new());
}

#[test]
fn resources_counted_from_the_root_are_found() {
    let Some(folder) = interop() else { return };
    let mut package = package(&folder, "wild/dianju-v4.ofd");
    let document = Document::load(&mut package).unwrap();
    let reach = references(&mut package, &document);
    assert_eq!((reach.missing.len(), reach.orphans(&package).len()), (0, 0), "{reach:?}");
    assert!(reach.shown("/Doc_0/Res/2.gif"));
    assert_eq!(reach.parts["/Doc_0/Signs/Sign_0/SignValue.dat"].kind, PartKind::SignatureValue);
}

#[test]
fn added_files_are_orphans_and_deleted_ones_missing() {
    let Some(folder) = interop() else { return };
    let look = |name: &str| {
        let mut package = package(&folder, &format!("tampered/{name}.ofd"));
        let document = Document::load(&mut package).unwrap();
        let reach = references(&mut package, &document);
        let missing: BTreeMap<String, bool> =
            reach.missing.iter().map(|one| (one.path.clone(), one.shown)).collect();
        (reach.orphans(&package), missing)
    };
    for name in ["v4-unprotected-file-added", "v1-annotations-added", "v4-whole-unprotected-file-added"] {
        let (orphans, missing) = look(name);
        assert_eq!((orphans.len(), missing.len()), (1, 0), "{name}: {orphans:?} {missing:?}");
    }
    let (_, missing) = look("gbt-page-deleted");
    assert_eq!(missing, BTreeMap::from([("/Doc_0/Pages/Page_0/Content.xml".to_owned(), true)]));
    let (orphans, missing) = look("gbt-signatures-deleted");
    assert_eq!(missing, BTreeMap::from([("/Doc_0/Signs/Signatures.xml".to_owned(), false)]));
    assert_eq!(orphans.len(), 2, "{orphans:?}");
    let (orphans, _) = look("v1-signatures-emptied");
    assert!(orphans.iter().any(|path| path.ends_with("/Signature.xml")), "a signature hidden from the list");
}

#[test]
fn two_maximum_ids_are_noted() {
    let Some(folder) = interop() else { return };
    let mut package = package(&folder, "wild/ofdrw-1.5.2-two-seals.ofd");
    let list = SignatureList::load(&mut package, "/Doc_0/Signs/Signatures.xml").unwrap();
    assert_eq!(list.max_sign_id.as_deref(), Some("s008"));
    assert_eq!(list.notes.iter().map(|note| note.code).collect::<Vec<_>>(), ["SIGNATURES_MAX_ID_DUPLICATE"]);
    let all = signatures(&mut package);
    assert_eq!(broken_references(&mut package, &all[0]), ["/Doc_0/Signs/Signatures.xml"]);
    assert_eq!(all[0].stamps.len(), 5);
}

#[test]
fn unsigned_documents_load_with_all_their_pages() {
    let Some(folder) = interop() else { return };
    for (name, pages) in [("VPage7", 5), ("doc1File", 11), ("helloworld", 1), ("p1", 1), ("p20", 20)] {
        let mut package = package(&folder, &format!("documents/{name}.ofd"));
        assert_eq!(package.anomalies(), [], "{name}");
        let document = Document::load(&mut package).unwrap();
        let root = yinxin_ofd::DocumentRoot::load(&mut package, &document.bodies[0].doc_root).unwrap();
        assert_eq!(root.pages.len(), pages, "{name}");
        let page_box = root.physical_box(&mut package, &root.pages[0]).unwrap();
        assert!((page_box.width - 210.0).abs() < 0.2, "{name}: {page_box}");
        let reach = references(&mut package, &document);
        // This one names a resource list that it does not have.
        let missing: &[&str] = if name == "VPage7" { &["/Doc_0/PublicRes.xml"] } else { &[] };
        assert_eq!(reach.missing.iter().map(|one| one.path.as_str()).collect::<Vec<_>>(), missing, "{name}");
        assert_eq!(reach.orphans(&package), Vec::<String>::new(), "{name}");
    }
}
