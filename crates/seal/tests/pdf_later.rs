//! What was done to a PDF after a signature, in words for its receiver.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here fails the test"
)]

mod support;

use yinxin_seal::Report;
use yinxin_seal::report::{Lang, LaterChange, Standing};
use yinxin_testkit::vectors::{self, Case};

fn case(id: &str) -> Case {
    let families = vectors::load();
    let cases = families.into_iter().filter(|f| f.family == "pdf").flat_map(|f| f.cases);
    cases.into_iter().find(|c| c.id == id).unwrap_or_else(|| panic!("no case {id}"))
}

fn report(id: &str) -> Report {
    let pki = yinxin_testkit::Pki::new();
    support::judge(&case(id).load(&vectors::folder()), &support::facts(&pki))
}

/// What the first signature's report says of later changes.
fn changes(report: &Report) -> Vec<LaterChange> {
    report.signatures[0].checks.iter().flat_map(|c| c.changes().to_vec()).collect()
}

/// Code, standing, pages, revision.
type Told = (&'static str, Standing, Vec<usize>, Option<usize>);

fn told(id: &str) -> Vec<Told> {
    let told = changes(&report(id)).into_iter();
    told.map(|c| (c.code, c.standing, c.pages, c.revision)).collect()
}

#[test]
fn each_change_is_told_with_its_page_its_revision_and_whether_it_was_allowed() {
    use Standing::{Forbidden, Harmless, Locked, Open, Permitted};
    let expected: [(&str, &[Told]); 18] = [
        ("filled-permitted", &[("FIELD_FILLED", Permitted, vec![1], Some(2))]),
        ("filled-forbidden", &[("FIELD_FILLED", Forbidden, vec![1], Some(2))]),
        ("filled-locked", &[("FIELD_FILLED", Locked, vec![1], Some(2))]),
        ("filled-uncertified", &[("FIELD_FILLED", Open, vec![1], Some(2))]),
        ("filled-moved", &[("FIELD_CHANGED", Open, vec![1], Some(2))]),
        ("annotation-permitted", &[("ANNOTATION", Permitted, vec![1], Some(2))]),
        ("annotation-forbidden", &[("ANNOTATION", Forbidden, vec![1], Some(2))]),
        ("two-signatures", &[("SIGNATURE_ADDED", Harmless, vec![], Some(2))]),
        ("saving-content", &[("PAGE_PART", Open, vec![1], Some(2))]),
        ("saving-page", &[("PAGE_CONTENT", Open, vec![1], Some(2))]),
        ("saving-page-removed", &[("PAGE_TREE", Open, vec![1], Some(2))]),
        ("shadow-overlay", &[("ANNOTATION", Open, vec![1], Some(2))]),
        ("shadow-replace-font", &[("PAGE_PART", Open, vec![1, 2], Some(2))]),
        ("shadow-page-box", &[("PAGE_CHANGED", Open, vec![1], Some(2))]),
        ("shadow-other-root", &[("TRAILER", Open, vec![], None)]),
        ("open-action", &[("CATALOG", Open, vec![], Some(2))]),
        ("document-timestamp", &[("TIMESTAMP_ADDED", Harmless, vec![], Some(2))]),
        // A signature changes nothing, but the certification wanted none.
        ("certified-then-changed", &[("SIGNATURE_ADDED", Forbidden, vec![], Some(2))]),
    ];
    let mut wrong = Vec::new();
    for (id, expected) in expected {
        let found = told(id);
        assert!(!expected.is_empty());
        for one in expected {
            if !found.contains(one) {
                wrong.push(format!("{id}: {one:?} is not in {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_form_of_the_report_tells_it_and_how_to_see_what_was_signed() {
    let report = report("filled-locked");
    let zh = report.to_text(Lang::Zh, false);
    assert!(
        zh.contains(
            "第 1 页：填写了表单字段“amount”（第 2 个版本）。不允许：该字段已被签名锁定（FieldMDP）。"
        ),
        "{zh}"
    );
    assert!(zh.contains("yinxin extract FILE --revision 1"), "{zh}");
    let en = report.to_text(Lang::En, false);
    assert!(en.contains("page 1: the form field \"amount\" was filled in (revision 2); not allowed"), "{en}");
    let html = report.to_html("x.pdf", Lang::Zh);
    assert!(html.contains("<li>第 1 页：填写了表单字段“amount”"), "{html}");
    let json = report.to_json("x.pdf", Lang::En);
    let checks = json["signatures"][0]["checks"].as_array().unwrap();
    let check = checks.iter().find(|c| c["code"] == "LATER_CHANGES").unwrap();
    assert_eq!(check["changes"][0]["code"], "FIELD_FILLED");
    assert_eq!(check["changes"][0]["standing"], "locked");
    assert_eq!(check["changes"][0]["subject"], "amount");
    assert_eq!(check["signed"]["revision"], 1);
    // What it says was signed is what the bytes are.
    let bytes = usize::try_from(check["signed"]["bytes"].as_u64().unwrap()).unwrap();
    let file = case("filled-locked").load(&vectors::folder());
    assert!(bytes < file.len() && file[..bytes].ends_with(b"%%EOF\n"));
}
