//! Seals and signatures made by other software: versions and dialects.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]
#![allow(clippy::print_stdout, reason = "absent data is announced")]

mod ses_support;

use std::collections::BTreeMap;
use std::path::Path;

use ses_support::{codes, interop, limits, unzip, value_entries};
use yinxin_formats::ses::{CertList, Seal, SesSignature, SesVersion, TimeForm};

#[test]
fn reads_every_seal_file_as_the_version_it_is() {
    let Some(dir) = interop() else { return };
    let mut seen = 0;
    for entry in std::fs::read_dir(dir.join("seals")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_ascii_lowercase();
        let bytes = std::fs::read(&path).unwrap();
        let seal = Seal::parse(&bytes, &limits()).unwrap();
        let version = match &name {
            n if n.contains("v1") => SesVersion::V1,
            n if n.contains("v4") => SesVersion::V4,
            _ => SesVersion::V5,
        };
        assert_eq!((seal.version, codes(&seal.deviations)), (version, vec![]), "{name}");
        assert_eq!(seal.raw(), bytes);
        assert_eq!(matches!(seal.property.certs, CertList::Digests(_)), name.contains("digestlist"));
        assert_eq!(seal.extensions.iter().any(|e| e.critical), name == "v4_ext_crit");
        assert_eq!(seal.timestamp.is_some(), name == "v5_ts");
        assert_eq!(seal.property.certs.len(), if name == "v4_two" { 2 } else { 1 });
        seen += 1;
    }
    assert_eq!(seen, 13);
}

/// Format of each file's signatures as `expected.tsv` states it.
fn expected(dir: &Path) -> BTreeMap<String, String> {
    let table = std::fs::read_to_string(dir.join("expected.tsv")).unwrap();
    let row = |l: &str| {
        let cells: Vec<&str> = l.split('\t').collect();
        (cells[0].to_owned(), cells[2].to_owned())
    };
    table.lines().skip(1).map(row).collect()
}

#[test]
fn reads_every_signature_value_as_the_format_that_the_table_states() {
    let Some(dir) = interop() else { return };
    let mut seen = BTreeMap::<&str, usize>::new();
    for (file, format) in expected(&dir) {
        let path = dir.join(&file);
        for entry in value_entries(&path) {
            let format = match (format.as_str(), entry.contains("Sign_1")) {
                ("GBT35275+SESv5", second) => {
                    if second {
                        "SESv5"
                    } else {
                        "GBT35275"
                    }
                }
                ("SESv1+SESv4", second) => {
                    if second {
                        "SESv4"
                    } else {
                        "SESv1"
                    }
                }
                ("SESv1", _) => "SESv1",
                ("SESv4", _) => "SESv4",
                ("SESv5", _) => "SESv5",
                ("GBT35275", _) => "GBT35275",
                ("unknown", _) => "unknown",
                // No signature is listed in the package, so that the table says nothing of the value.
                _ => continue,
            };
            *seen.entry(format).or_default() += 1;
            let read = SesSignature::parse(&unzip(&path, &entry), &limits());
            let found = read.as_ref().map_or("", |s| match s.version {
                SesVersion::V1 => "SESv1",
                SesVersion::V4 => "SESv4",
                SesVersion::V5 => "SESv5",
            });
            assert_eq!(found, if format.starts_with("SES") { format } else { "" }, "{file} {entry}");
            if let Ok(s) = read {
                assert_eq!(codes(&s.deviations), dialect(&file, s.version), "{file} {entry}");
                assert!(s.time_info.at.is_some() && s.data_hash.len() == 32);
                assert!(s.property_info.ends_with("Signature.xml"));
            }
        }
    }
    assert!(
        seen["SESv1"] > 10 && seen["SESv4"] > 30 && seen["SESv5"] > 5 && seen["unknown"] == 4,
        "{seen:?}"
    );
}

fn dialect(file: &str, version: SesVersion) -> Vec<&'static str> {
    match file {
        "dialect/v4-seal-ext-tagged0.ofd" => vec!["EXT_TAGGED"],
        "dialect/v4-seal-raw64.ofd" => vec!["SIGNATURE_RAW64"],
        "dialect/v4-tbs-ext-implicit.ofd" => vec!["EXT_IMPLICIT"],
        "wild/dianju-v4.ofd" => vec!["PICTURE_TYPE_CASE"],
        "wild/gomain-test-tax-seal.ofd" => vec!["PICTURE_TYPE_OFD"],
        // This library writes local time as text into the BIT STRING of v1.
        _ if version == SesVersion::V1 => vec!["TIME_LOCAL_TEXT"],
        _ => vec![],
    }
}

#[test]
fn local_time_of_v1_is_told_apart() {
    let Some(dir) = interop() else { return };
    let value = unzip(&dir.join("repo-keys/v1-p1.ofd"), "Doc_0/Signs/Sign_0/SignedValue.dat");
    let read = SesSignature::parse(&value, &limits()).unwrap();
    assert_eq!(read.time_info.form, TimeForm::LocalText);
    assert_eq!(read.time_info.raw, b"2026-11-21 21:24:54");
}
