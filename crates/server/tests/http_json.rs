//! JSON bodies: what is refused, and where the answer says the fault is.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod http_client;

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Body;
use axum::extract::DefaultBodyLimit;
use axum::http::Request;
use axum::routing::post;
use http_client::{Client, client};
use serde::{Deserialize, Serialize};
use yinxin_server::http::json::{MAX_DEPTH, MAX_VALUES, parse};
use yinxin_server::http::{Checked, Faults, Json, NoBody, Problem, Valid};

// None of these types says deny_unknown_fields: the extractor refuses without.
#[derive(Debug, Serialize, Deserialize, PartialEq)]
struct Unit {
    name: String,
    staff: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    agent: Option<Agent>,
    #[serde(default)]
    branches: Vec<Agent>,
    #[serde(default)]
    notes: BTreeMap<String, String>,
}

#[derive(Debug, Serialize, Deserialize, PartialEq)]
struct Agent {
    name: String,
    kind: Kind,
}

#[derive(Debug, Serialize, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Person,
    Firm { license: String },
    Pair(u8, u8),
    Tagged(Vec<i64>),
}

struct Change {
    name: String,
    password: String,
    count: u8,
}

#[derive(Deserialize)]
struct ChangeRequest {
    name: String,
    password: String,
    count: i64,
    lines: Vec<String>,
}

impl Checked for ChangeRequest {
    type Into = Change;

    fn checked(self, faults: &mut Faults) -> Option<Change> {
        if self.name.is_empty() {
            faults.push("/name", "TOO_SHORT", "不得为空。", "Must not be empty.");
        }
        let count = faults.take("/count", u8::try_from(self.count), |e| {
            ("OUT_OF_RANGE", "超出范围。".into(), e.to_string())
        });
        faults.within("/lines", |faults| {
            for (index, line) in self.lines.iter().enumerate() {
                if line.is_empty() {
                    faults.push(&format!("/{index}"), "TOO_SHORT", "不得为空。", "Must not be empty.");
                }
            }
        });
        Some(Change { name: self.name, password: self.password, count: count? })
    }
}

fn app() -> Client {
    async fn echo(Json(unit): Json<Unit>) -> Json<Unit> {
        Json(unit)
    }
    async fn change(Valid(change): Valid<ChangeRequest>) -> String {
        format!("{} {} {}", change.name, change.password.len(), change.count)
    }
    async fn nothing(Json(NoBody): Json<NoBody>) {}
    let large = post(echo).layer(DefaultBodyLimit::max(4 << 20));
    client(
        Router::new()
            .route("/units", post(echo))
            .route("/large", large)
            .route("/changes", post(change))
            .route("/nothing", post(nothing)),
    )
}

#[tokio::test]
async fn a_good_body_arrives_whole() {
    let text = r#"{"name":"示例市测试科技有限公司","staff":12,
        "agent":{"name":"甲","kind":"person"},
        "branches":[{"name":"乙","kind":{"firm":{"license":"x"}}},{"name":"丙","kind":{"pair":[1,2]}},
                    {"name":"丁","kind":{"tagged":[-1,2]}}],
        "notes":{"a/b":"c"}}"#;
    let answer = app().post("/units", text).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/json");
    let expected: Unit = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::from_slice::<Unit>(&answer.body).unwrap(), expected);
}

#[tokio::test]
async fn a_syntax_error_is_told_with_line_and_column() {
    let problem = app().post("/units", "{\"name\": \"x\",\n  \"staff\": 1,}").await.problem("INVALID_JSON");
    assert!(problem["detail"].as_str().unwrap().contains("第 2 行第 14 列"), "{problem}");
    assert!(problem["detail_en"].as_str().unwrap().starts_with("Line 2, column 14: "), "{problem}");
    let problem = app().post("/units", "{\"name\": \"x\"").await.problem("INVALID_JSON");
    assert!(problem["detail"].as_str().unwrap().contains("不完整"), "{problem}");
}

#[tokio::test]
async fn what_two_readers_could_read_differently_is_refused() {
    for text in [
        r#"{"name":"x","staff":1,"name":"y"}"#,
        r#"{"name":"x","staff":1,"agent":{"name":"a","kind":"person","kind":"person"}}"#,
        r#"{"name":"x","staff":1} {}"#,
        "\u{feff}{\"name\":\"x\",\"staff\":1}",
        r#"{"name":"\ud800","staff":1}"#,
        "{'name':'x','staff':1}",
        r#"{"name":"x","staff":NaN}"#,
    ] {
        app().post("/units", text).await.problem("INVALID_JSON");
    }
    let mut latin = Vec::from(&b"{\"staff\":1,\"name\":\""[..]);
    latin.extend_from_slice(&[0xe9, b'"', b'}']);
    let request = Request::post("/units").header("content-type", "application/json");
    app().send(request.body(Body::from(latin)).unwrap()).await.problem("INVALID_JSON");
}

#[tokio::test]
async fn deep_and_wide_bodies_are_refused() {
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert!(parse::<serde_json::Value>(deep(usize::from(MAX_DEPTH)).as_bytes()).is_ok());
    for levels in [usize::from(MAX_DEPTH) + 1, 100_000] {
        let problem = app().post("/units", &deep(levels)).await.problem("INVALID_JSON");
        assert!(problem["detail_en"].as_str().unwrap().contains("nested"), "{problem}");
    }
    let wide = format!("[{}0]", "0,".repeat(MAX_VALUES as usize));
    let problem = app().post("/units", &wide).await.problem("INVALID_JSON");
    assert!(problem["detail_en"].as_str().unwrap().contains("more than"), "{problem}");
}

#[tokio::test]
async fn unknown_members_are_refused_at_their_place() {
    for (text, place) in [
        (r#"{"name":"x","staff":1,"nmae":"y"}"#, "/nmae"),
        (r#"{"name":"x","staff":1,"agent":{"name":"a","kind":"person","a/b~c":[{}]}}"#, "/agent/a~1b~0c"),
        (
            r#"{"name":"x","staff":1,"branches":[{"name":"a","kind":{"firm":{"license":"l","x":0}}}]}"#,
            "/branches/0/kind/firm/x",
        ),
    ] {
        let (pointer, code) = app().post("/units", text).await.fault("UNKNOWN_FIELD");
        assert_eq!((pointer.as_str(), code.as_str()), (place, "UNKNOWN_FIELD"), "{text}");
    }
}

#[tokio::test]
async fn a_member_that_does_not_fit_is_told_with_its_pointer() {
    let agent = |kind: &str| {
        format!(
            r#"{{"name":"x","staff":1,"branches":[{{"name":"a","kind":"person"}},{{"name":"b","kind":{kind}}}]}}"#
        )
    };
    for (text, place, code) in [
        (r#"{"staff":1}"#.to_owned(), "/name", "REQUIRED"),
        (r#"{"name":7,"staff":1}"#.to_owned(), "/name", "WRONG_TYPE"),
        (r#"{"name":null,"staff":1}"#.to_owned(), "/name", "WRONG_TYPE"),
        (r#"{"name":"x","staff":"1"}"#.to_owned(), "/staff", "WRONG_TYPE"),
        (r#"{"name":"x","staff":1.5}"#.to_owned(), "/staff", "WRONG_TYPE"),
        (r#"{"name":"x","staff":-1}"#.to_owned(), "/staff", "OUT_OF_RANGE"),
        (r#"{"name":"x","staff":4294967296}"#.to_owned(), "/staff", "OUT_OF_RANGE"),
        (r#"{"name":"x\u0000","staff":1}"#.to_owned(), "/name", "BAD_VALUE"),
        (r#"{"name":"x","staff":1,"notes":{"k":5}}"#.to_owned(), "/notes/k", "WRONG_TYPE"),
        (r#"{"name":"x","staff":1,"agent":{"name":"a"}}"#.to_owned(), "/agent/kind", "REQUIRED"),
        (agent("\"robot\""), "/branches/1/kind", "BAD_VALUE"),
        (agent("{\"pair\":[1,2,3]}"), "/branches/1/kind/pair", "BAD_LENGTH"),
        (agent("{\"pair\":[1,300]}"), "/branches/1/kind/pair/1", "OUT_OF_RANGE"),
        (agent("{\"person\":{\"x\":1}}"), "/branches/1/kind/person", "UNKNOWN_FIELD"),
        (agent("[]"), "/branches/1/kind", "WRONG_TYPE"),
        ("[]".to_owned(), "", "REQUIRED"),
        ("null".to_owned(), "", "WRONG_TYPE"),
    ] {
        let answer = app().post("/units", &text).await;
        let kind = if code == "UNKNOWN_FIELD" { "UNKNOWN_FIELD" } else { "VALIDATION" };
        if text == "[]" {
            answer.problem("VALIDATION");
            continue;
        }
        let (pointer, found) = answer.fault(kind);
        assert_eq!((pointer.as_str(), found.as_str()), (place, code), "{text}");
    }
}

#[tokio::test]
async fn all_faults_of_a_body_are_told_at_once() {
    let text = r#"{"name":"","password":"p","count":400,"lines":["a","","b",""]}"#;
    let problem = app().post("/changes", text).await.problem("VALIDATION");
    let pointers: Vec<_> =
        problem["errors"].as_array().unwrap().iter().map(|e| e["pointer"].clone()).collect();
    assert_eq!(pointers, ["/name", "/count", "/lines/1", "/lines/3"]);
    assert_eq!(problem["errors"][1]["code"], "OUT_OF_RANGE");
    let fine = app().post("/changes", r#"{"name":"n","password":"p","count":4,"lines":[]}"#).await;
    assert_eq!(fine.text(), "n 1 4");
}

#[tokio::test]
async fn a_refused_value_is_never_repeated() {
    for text in [
        r#"{"name":"n","password":["hunter2"],"count":4,"lines":[]}"#,
        r#"{"name":"n","password":"x","count":"hunter2","lines":[]}"#,
        r#"{"name":"n","password":"x","count":4,"lines":[], "p":"hunter2"}"#,
        r#"{"name":"n","password":"hunter2"#,
    ] {
        let answer = app().post("/changes", text).await;
        assert!(answer.status.is_client_error());
        assert!(!answer.text().contains("hunter2"), "{}", answer.text());
    }
}

#[tokio::test]
async fn only_plain_json_in_utf8_is_read() {
    let body = r#"{"name":"x","staff":1}"#;
    for kind in ["application/json", "Application/JSON; charset=UTF-8", "application/vnd.example+json"] {
        assert_eq!(app().call("POST", "/units", &[("content-type", kind)], body).await.status, 200, "{kind}");
    }
    for kind in
        ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=gbk", "text/json", ""]
    {
        app().call("POST", "/units", &[("content-type", kind)], body).await.problem("UNSUPPORTED_MEDIA_TYPE");
    }
    app().call("POST", "/units", &[], body).await.problem("UNSUPPORTED_MEDIA_TYPE");
    let zipped = [("content-type", "application/json"), ("content-encoding", "gzip")];
    app().call("POST", "/units", &zipped, body).await.problem("UNSUPPORTED_MEDIA_TYPE");
}

#[tokio::test]
async fn a_large_body_is_refused_announced_or_not() {
    let text = format!(r#"{{"name":"{}","staff":1}}"#, "x".repeat(1 << 20));
    app().post("/units", &text).await.problem("BODY_TOO_LARGE");
    let chunks = text.clone().into_bytes();
    let stream = futures_util::stream::iter(
        chunks.chunks(60_000).map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec())).collect::<Vec<_>>(),
    );
    let request = Request::post("/units").header("content-type", "application/json");
    app().send(request.body(Body::from_stream(stream)).unwrap()).await.problem("BODY_TOO_LARGE");
    assert_eq!(app().post("/large", &text).await.status, 200, "a route may take more");
}

#[tokio::test]
async fn a_body_that_breaks_off_is_a_bad_request() {
    let pieces: [Result<&str, std::io::Error>; 2] = [Ok("{\"name\""), Err(std::io::Error::other("gone"))];
    let request = Request::post("/units").header("content-type", "application/json");
    let body = Body::from_stream(futures_util::stream::iter(pieces));
    app().send(request.body(body).unwrap()).await.problem("BAD_REQUEST");
}

#[tokio::test]
async fn an_empty_body_is_for_requests_that_say_nothing() {
    app().post("/units", "").await.problem("INVALID_JSON");
    for text in ["", "{}", "null"] {
        assert_eq!(app().post("/nothing", text).await.status, 200, "{text}");
    }
    assert_eq!(app().call("POST", "/nothing", &[], "").await.status, 200, "nothing needs no type");
    app().post("/nothing", "{\"x\":1}").await.fault("UNKNOWN_FIELD");
    app().post("/nothing", "[]").await.problem("VALIDATION");
}

#[test]
fn what_serde_json_reads_is_read_the_same() {
    fn same(text: &str) {
        let ours: Result<Unit, Problem> = parse(text.as_bytes());
        let theirs: Unit = serde_json::from_str(text).unwrap();
        assert_eq!(ours.unwrap(), theirs, "{text}");
    }
    for name in ["", r#"\"\\\n\u4e2d"#, "印信", r"\ud83d\ude00"] {
        for staff in ["0", "1", "4294967295"] {
            for kind in ["\"person\"", "{\"person\":null}", "{\"pair\":[0,255]}", "{\"tagged\":[]}"] {
                same(&format!(
                    r#"{{"staff":{staff},"name":"{name}","agent":{{"kind":{kind},"name":"{name}"}}}}"#
                ));
                same(&format!(
                    r#"{{"staff":{staff},"name":"{name}","agent":null,"notes":{{"{name}":"{name}"}}}}"#
                ));
            }
        }
    }
    for number in
        ["-9223372036854775808", "9223372036854775807", "18446744073709551615", "1e300", "-0.5", "0"]
    {
        let ours: serde_json::Value = parse(number.as_bytes()).unwrap();
        assert_eq!(ours, serde_json::from_str::<serde_json::Value>(number).unwrap());
    }
}
