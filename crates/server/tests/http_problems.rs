//! Problems as a client meets them, and the pages that explain them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod http_client;

use std::collections::BTreeSet;
use std::path::PathBuf;

use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use http_client::client;
use yinxin_server::http::problem::{CODES, RULES, pages};
use yinxin_server::http::{Code, Problem};
use yinxin_testkit::folder::files;

fn app() -> http_client::Client {
    async fn refuse(Path(which): Path<String>) -> Problem {
        match which.as_str() {
            "state" => Problem::state_conflict("MAKING", "hand_over", ["file", "fail"]),
            "locked" => Problem::new(Code::LockedOut).retry_after(900),
            "full" => Problem::new(Code::StorageFull),
            "busy" => Problem::new(Code::Unavailable),
            "rule" => Problem::new(Code::Conflict).rule("NOT_FILED"),
            "fast" => Problem::new(Code::RateLimited),
            "who" => Problem::new(Code::Unauthenticated),
            _ => Problem::new(Code::Conflict).detail("具体原因。", "The reason."),
        }
    }
    client(Router::new().route("/refuse/{which}", get(refuse)))
}

#[tokio::test]
async fn a_problem_carries_its_members_and_the_request_id() {
    let problem = app().get("/refuse/plain").await.problem("CONFLICT");
    assert_eq!(problem["detail"], "具体原因。");
    assert_eq!(problem["detail_en"], "The reason.");
    for absent in ["errors", "retry_after", "rule", "state", "event", "allowed"] {
        assert!(problem.get(absent).is_none(), "{absent} is only there when it says something");
    }
}

#[tokio::test]
async fn a_refused_event_tells_state_event_and_what_is_allowed() {
    let problem = app().get("/refuse/state").await.problem("STATE_CONFLICT");
    assert_eq!(problem["state"], "MAKING");
    assert_eq!(problem["event"], "hand_over");
    assert_eq!(problem["allowed"], serde_json::json!(["file", "fail"]));
}

#[tokio::test]
async fn a_rule_that_was_not_kept_is_named_beside_the_code() {
    assert_eq!(app().get("/refuse/rule").await.problem("CONFLICT")["rule"], "NOT_FILED");
}

/// Codes in `rule("…"` of a source file.
fn rules_named(text: &str, found: &mut BTreeSet<String>) {
    for after in text.split("rule(").skip(1) {
        let Some(code) = after.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next()) else {
            continue;
        };
        found.insert(code.to_owned());
    }
}

fn sources(folder: &std::path::Path, found: &mut BTreeSet<String>) {
    let is_source = |path: &PathBuf| {
        path.extension().is_some_and(|end| end == "rs") && !path.ends_with("problem/rules.rs")
    };
    for path in files(folder).into_iter().filter(is_source) {
        rules_named(&std::fs::read_to_string(folder.join(path)).unwrap(), found);
    }
}

#[test]
fn every_rule_that_code_names_is_in_the_table_and_the_table_holds_no_other() {
    let crates = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut named = BTreeSet::new();
    for folder in ["lifecycle", "correction", "custody", "approval", "usage", "retention", "exchange"] {
        sources(&crates.join("registry/src").join(folder), &mut named);
    }
    for file in ["supervision.rs", "drill.rs", "use_rules.rs"] {
        rules_named(&std::fs::read_to_string(crates.join("registry/src").join(file)).unwrap(), &mut named);
    }
    sources(&crates.join("server/src"), &mut named);
    // Chosen by the fault of a maker before they are named.
    named.extend(["MAKER_LICENSE", "MAKER_STOPPED", "MAKER_ENTRUSTING", "MAKER_RECORD"].map(str::to_owned));
    let listed: BTreeSet<String> = RULES.iter().map(|rule| rule.code.to_owned()).collect();
    assert_eq!(named, listed);
    assert_eq!(RULES.len(), listed.len(), "no rule stands twice");
    for rule in RULES {
        assert!(!rule.zh.is_ascii() && rule.en.is_ascii() | rule.en.contains('…'), "{}", rule.code);
    }
}

#[tokio::test]
async fn waiting_problems_say_how_long() {
    assert_eq!(app().get("/refuse/locked").await.problem("LOCKED_OUT")["retry_after"], 900);
    for (path, code) in [("full", "STORAGE_FULL"), ("busy", "UNAVAILABLE"), ("fast", "RATE_LIMITED")] {
        app().get(&format!("/refuse/{path}")).await.problem(code);
    }
}

#[tokio::test]
async fn an_unauthenticated_answer_names_its_challenge() {
    let answer = app().get("/refuse/who").await;
    answer.problem("UNAUTHENTICATED");
    assert!(answer.header("www-authenticate").starts_with("Session"));
}

#[tokio::test]
async fn every_code_has_its_page_where_type_leads() {
    let app = app();
    let index = app.get("/problems").await;
    assert_eq!(index.header("content-type"), "text/html; charset=utf-8");
    for kind in CODES {
        assert!(index.text().contains(&format!("href=\"/problems/{}\"", kind.code)));
        let page = app.get(&format!("/problems/{}", kind.code)).await;
        assert_eq!(page.status, 200);
        for text in [kind.title_zh, kind.meaning_zh, kind.what_to_do_zh, kind.meaning_en, kind.what_to_do_en]
        {
            assert!(page.text().contains(text), "{}: {text}", kind.code);
        }
    }
    app.get("/problems/NO_SUCH_CODE").await.problem("NOT_FOUND");
}

#[tokio::test]
async fn the_catalogue_is_there_for_programs_too() {
    let accept = |kind| [("accept", kind)];
    let app = app();
    let all = app.call("GET", "/problems", &accept("application/json"), "").await.json();
    assert_eq!(all.as_array().unwrap().len(), CODES.len());
    let one = app.call("GET", "/problems/REPLAY", &accept("text/html;q=0.5, */*;q=0.8"), "").await.json();
    assert_eq!(one["status"], 401);
    app.call("GET", "/problems", &accept("image/png, text/html;q=0"), "").await.problem("NOT_ACCEPTABLE");
}

#[tokio::test]
async fn the_style_of_a_page_is_the_one_its_policy_allows() {
    use base64::Engine as _;
    let page = app().get("/problems").await;
    let style = page.text().split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
    let digest = yinxin_crypto::DigestAlgorithm::Sha256.digest(style.as_bytes());
    let digest = base64::engine::general_purpose::STANDARD.encode(digest);
    assert!(page.header("content-security-policy").contains(&format!("'sha256-{digest}'")));
}

#[test]
fn codes_are_stable_names_with_words_in_both_languages() {
    let names: BTreeSet<_> = CODES.iter().map(|kind| kind.code).collect();
    assert_eq!(names.len(), CODES.len(), "no code twice");
    for kind in CODES {
        assert!(kind.code.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'), "{}", kind.code);
        assert!((400..600).contains(&kind.status), "{}", kind.code);
        assert_eq!(
            kind.retry_after.is_some(),
            matches!(kind.status, 429 | 503 | 507) || kind.code == "IDEMPOTENCY_KEY_IN_PROGRESS",
            "{}",
            kind.code
        );
        for english in [kind.title_en, kind.meaning_en, kind.what_to_do_en] {
            assert!(english.is_ascii() && !english.is_empty(), "{}: {english}", kind.code);
        }
        for chinese in [kind.title_zh, kind.meaning_zh, kind.what_to_do_zh] {
            assert!(!chinese.is_ascii(), "{}: {chinese}", kind.code);
        }
        for text in [kind.meaning_zh, kind.meaning_en, kind.what_to_do_zh, kind.what_to_do_en, kind.title_zh]
        {
            assert!(!text.contains(['<', '>', '&']), "pages do not escape: {text}");
        }
    }
}

#[test]
fn the_published_page_is_the_table() {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/problems.md");
    let expected = pages::markdown();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&file, &expected).unwrap();
    }
    assert!(
        std::fs::read_to_string(&file).unwrap_or_default() == expected,
        "docs/problems.md is out of date: run UPDATE_DOCS=1 cargo test -p yinxin-server --test http_problems"
    );
}
