//! Seals of other systems, judged by the lists those systems signed.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here fails the test"
)]

mod support;

use std::io::Cursor;
use std::sync::Arc;
use support::{assert_verdict, facts, judge, outcome, sealed};
use yinxin_crypto::sm3;
use yinxin_seal::report::{Lang, Outcome, Report};
use yinxin_seal::trust::{ListedMaker, ListedTrust, SealState, SealStatus};
use yinxin_seal::{TrustFacts, Verdict, VerifyOptions, verify, verify_seal};
use yinxin_testkit::Pki;
use yinxin_testkit::clock::{self, at};

/// The list of the system whose makers are those of the fixture.
fn list(pki: &Pki) -> ListedTrust {
    ListedTrust {
        name: "示例省电子印章系统".to_owned(),
        code: "SAMPLE-620000".to_owned(),
        number: 7,
        until: at("2099-01-01T00:00:00Z"),
        suspended: false,
        facts: facts(pki),
        makers: vec![ListedMaker { digest: sm3(pki.maker.der()), until: None }],
    }
}

/// Nothing of one's own, and this list.
fn by(list: ListedTrust) -> TrustFacts {
    TrustFacts { listed: vec![Arc::new(list)], ..TrustFacts::default() }
}

fn has(report: &Report, code: &str) -> bool {
    report.signatures.iter().flat_map(|signature| &signature.checks).any(|check| check.code == code)
}

fn judged(pki: &Pki, change: impl FnOnce(&mut TrustFacts, &mut ListedTrust)) -> Report {
    let (mut facts, mut list) = (TrustFacts::default(), list(pki));
    change(&mut facts, &mut list);
    facts.listed.push(Arc::new(list));
    judge(&sealed(pki), &facts)
}

#[test]
fn a_seal_of_a_listed_maker_is_valid_and_the_report_says_by_whose_list() {
    let pki = Pki::new();
    let report = judged(&pki, |_, _| ());
    assert_verdict(&report, Verdict::Valid);
    assert_eq!(outcome(&report, "TRUST_LIST"), Outcome::Pass);
    let text = report.to_text(Lang::Zh, true);
    assert!(text.contains("示例省电子印章系统") && text.contains("第 7 号"), "{text}");
    let seal = support::seal(&pki, yinxin_formats::ses::SesVersion::V4, &pki.signer_a);
    let alone = verify_seal(&seal, &by(list(&pki)), &VerifyOptions::at(clock::now()));
    assert_eq!(alone.verdict, Verdict::Valid);
    assert!(alone.checks.iter().any(|check| check.code == "TRUST_LIST"));
}

#[test]
fn a_list_that_does_not_count_leaves_the_verdict_open_and_says_why() {
    let pki = Pki::new();
    type Change = fn(&mut TrustFacts, &mut ListedTrust);
    let cases: [(&str, Change); 4] = [
        ("暂停", |_, list| list.suspended = true),
        ("过期", |_, list| list.until = clock::now()),
        ("另一枚", |facts, _| facts.reserved.push("31010100000001".to_owned())),
        ("更换证书", |_, list| list.makers[0].until = Some(at("2020-01-01T00:00:00Z"))),
    ];
    for (word, change) in cases {
        let report = judged(&pki, change);
        assert_verdict(&report, Verdict::Indeterminate);
        assert_eq!(outcome(&report, "TRUST_LIST"), Outcome::Indeterminate, "{word}");
        assert_eq!(outcome(&report, "SEAL_MAKER_CHAIN"), Outcome::Indeterminate, "{word}");
        let text = report.to_text(Lang::Zh, true);
        assert!(text.contains(word), "{word}: {text}");
    }
}

#[test]
fn roots_of_a_list_vouch_for_no_maker_that_it_does_not_name() {
    let pki = Pki::new();
    let report = judged(&pki, |_, list| list.makers = vec![ListedMaker { digest: [7; 32], until: None }]);
    assert_verdict(&report, Verdict::Indeterminate);
    assert!(!has(&report, "TRUST_LIST"));
    // A maker is named, but the list's own roots do not lead to it.
    let report = judged(&pki, |_, list| list.facts = TrustFacts::default());
    assert_verdict(&report, Verdict::Indeterminate);
    assert_eq!(outcome(&report, "SEAL_MAKER_CHAIN"), Outcome::Indeterminate);
}

#[test]
fn ones_own_roots_come_first_and_no_list_changes_what_they_say() {
    let pki = Pki::new();
    for suspended in [false, true] {
        let listed = vec![Arc::new(ListedTrust { suspended, ..list(&pki) })];
        let report = judge(&sealed(&pki), &TrustFacts { listed, ..facts(&pki) });
        assert_verdict(&report, Verdict::Valid);
        assert!(!has(&report, "TRUST_LIST"));
    }
}

#[test]
fn another_list_takes_the_place_of_one_that_ran_out() {
    let pki = Pki::new();
    let over = ListedTrust { until: clock::now(), name: "甲".to_owned(), ..list(&pki) };
    let listed = vec![Arc::new(over), Arc::new(list(&pki))];
    let report = judge(&sealed(&pki), &TrustFacts { listed, ..TrustFacts::default() });
    assert_verdict(&report, Verdict::Valid);
    assert!(report.to_text(Lang::Zh, true).contains("示例省电子印章系统"));
}

#[test]
fn the_status_of_a_seal_counts_and_its_source_is_named() {
    let pki = Pki::new();
    let suspended = SealStatus {
        seal_id: "31010100000001".to_owned(),
        state: SealState::Suspended,
        from: at("2000-01-01T00:00:00Z"),
        until: None,
    };
    let source = yinxin_seal::report::text("示例省电子印章系统", "the sample province");
    let facts = TrustFacts {
        statuses: vec![suspended],
        status_sources: vec![("31010100000001".to_owned(), source)],
        ..by(list(&pki))
    };
    let report = verify(Cursor::new(sealed(&pki)), &facts, &VerifyOptions::at(clock::now()));
    assert_verdict(&report, Verdict::Invalid);
    assert_eq!(outcome(&report, "STATUS_SUSPENDED_THEN"), Outcome::Fail);
    assert!(report.to_text(Lang::Zh, true).contains("（据示例省电子印章系统）"));
}
