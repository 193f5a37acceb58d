//! Reports: the same facts give the same bytes, and every report fits the published schema.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here fails the test"
)]

mod support;

use yinxin_formats::der::Limits;
use yinxin_seal::report::{JSON_SCHEMA, Lang};
use yinxin_seal::{TrustFacts, VerifyOptions, verify, verify_seal};
use yinxin_testkit::oracle::{HOW, Lab};
use yinxin_testkit::{Pki, clock, vectors};

/// A report of every document in the collection.
fn reports(lang: Lang) -> Vec<serde_json::Value> {
    let pki = Pki::new();
    let facts = support::facts(&pki);
    let options = VerifyOptions::at(clock::now());
    let mut out = Vec::new();
    for family in vectors::load().into_iter().filter(|f| f.kind == "ofd") {
        for case in &family.cases {
            let bytes = case.load(&vectors::folder());
            out.push(verify(std::io::Cursor::new(bytes), &facts, &options).to_json(&case.id, lang));
        }
    }
    out
}

#[test]
fn the_same_facts_give_the_same_bytes() {
    let once = serde_json::to_vec(&reports(Lang::Zh)).unwrap();
    let again = serde_json::to_vec(&reports(Lang::Zh)).unwrap();
    assert!(once == again);
}

#[test]
fn the_order_of_trust_files_changes_nothing() {
    let pki = Pki::new();
    let bytes = support::sealed(&pki);
    let options = VerifyOptions::at(clock::now());
    let ders = [pki.root.der(), pki.ca.der(), pki.stranger.der()];
    let backwards: Vec<&[u8]> = ders.iter().rev().copied().collect();
    let report =
        |facts: &TrustFacts| verify(std::io::Cursor::new(&bytes), facts, &options).to_json("x", Lang::En);
    assert_eq!(report(&support::facts_of(&ders, &[])), report(&support::facts_of(&backwards, &[])));
}

#[test]
fn every_report_fits_the_published_schema() {
    let lab = Lab::new("schema");
    lab.write("schema.json", JSON_SCHEMA);
    lab.write("zh.json", serde_json::to_vec(&reports(Lang::Zh)).unwrap());
    lab.write("en.json", serde_json::to_vec(&reports(Lang::En)).unwrap());
    let program = "import json, jsonschema\n\
                   schema = json.load(open('schema.json'))\n\
                   jsonschema.Draft202012Validator.check_schema(schema)\n\
                   for f in ('zh.json', 'en.json'):\n    \
                   jsonschema.Draft202012Validator(schema).validate(json.load(open(f)))\n\
                   import copy\n\
                   bad = copy.deepcopy(json.load(open('zh.json'))); bad[0]['verdict'] = 'probably'\n\
                   assert list(jsonschema.Draft202012Validator(schema).iter_errors(bad)), 'refuses nothing'\n\
                   print('fits')\n";
    // Debian's own Python, which has the package `python3-jsonschema`.
    let (ok, text) = lab.run("/usr/bin/python3", &["-c", program]);
    assert!(ok && text.contains("fits"), "{text}\n{HOW}");
}

#[test]
fn no_report_is_empty_in_either_language_and_every_check_has_its_clause() {
    for lang in [Lang::Zh, Lang::En] {
        for report in reports(lang) {
            let signatures = report["signatures"].as_array().unwrap();
            let of_signatures = signatures.iter().flat_map(|s| s["checks"].as_array().unwrap());
            for check in report["checks"].as_array().unwrap().iter().chain(of_signatures) {
                assert_ne!(check["clause"], "", "{check}");
                assert_ne!(check["detail"], "", "{check}");
            }
        }
    }
}

#[test]
fn a_seal_made_here_is_valid_by_itself_and_reads_without_deviation() {
    let pki = Pki::new();
    for version in [yinxin_formats::ses::SesVersion::V4, yinxin_formats::ses::SesVersion::V5] {
        let der = support::seal(&pki, version, &pki.signer_a);
        let report = verify_seal(&der, &support::facts(&pki), &VerifyOptions::at(clock::now()));
        assert_eq!(report.verdict, yinxin_seal::Verdict::Valid, "{}", report.to_text(Lang::En, true));
        assert!(yinxin_formats::ses::Seal::parse(&der, &Limits::default()).unwrap().deviations.is_empty());
    }
}
