//! Versions: no change without saying what it is based on, no body for what the client has.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod http_client;

use axum::Router;
use axum::routing::get;
use http_client::{Client, client};
use serde_json::json;
use yinxin_server::http::{IfMatch, Problem, Versioned};

fn app() -> Client {
    async fn read() -> Versioned<serde_json::Value> {
        Versioned { version: 7, body: json!({"name": "示例"}) }
    }
    async fn change(if_match: IfMatch) -> Result<Versioned<serde_json::Value>, Problem> {
        if_match.check(7)?;
        Ok(Versioned { version: 8, body: json!({}) })
    }
    client(Router::new().route("/thing", get(read).put(change)))
}

async fn change(tag: &str) -> http_client::Answer {
    app().call("PUT", "/thing", &[("if-match", tag)], "").await
}

#[tokio::test]
async fn a_change_without_a_version_is_refused() {
    app().call("PUT", "/thing", &[], "").await.problem("PRECONDITION_REQUIRED");
}

#[tokio::test]
async fn a_change_based_on_the_present_version_goes_through() {
    let tag = app().get("/thing").await.header("etag").to_owned();
    assert_eq!(tag, "\"7\"");
    for tag in [tag.as_str(), "\"6\", \"7\"", "\"6\",\"7\"", " \"7\" ", "\"a,b\", \"7\""] {
        let answer = change(tag).await;
        assert_eq!(answer.status, 200, "{tag}");
        assert_eq!(answer.header("etag"), "\"8\"");
    }
}

#[tokio::test]
async fn a_change_based_on_an_old_version_is_refused_and_told_the_new_one() {
    for tag in ["\"6\"", "\"70\"", "\"\"", "W/\"7\"", "\"6\", W/\"7\"", "\"abc\""] {
        let problem = change(tag).await.problem("PRECONDITION_FAILED");
        assert!(problem["detail"].as_str().unwrap().contains("\"7\""), "{problem}");
    }
}

#[tokio::test]
async fn a_malformed_if_match_is_a_bad_request() {
    for tag in ["*", "7", "\"7", "7\"", "\"7\" \"6\"", "w/\"7\"", "\"7\",*"] {
        assert_eq!(change(tag).await.fault("BAD_REQUEST").0, "If-Match", "{tag}");
    }
    let many = vec!["\"1\""; 1000].join(",");
    change(&many).await.problem("BAD_REQUEST");
}

#[tokio::test]
async fn what_the_client_has_is_not_sent_again() {
    for tag in ["\"7\"", "W/\"7\"", "\"1\", \"7\"", "*"] {
        let answer = app().call("GET", "/thing", &[("if-none-match", tag)], "").await;
        assert_eq!(answer.status, 304, "{tag}");
        assert!(answer.body.is_empty());
        assert_eq!(answer.header("etag"), "\"7\"");
        assert_eq!(answer.header("content-type"), "");
        assert_ne!(answer.header("x-request-id"), "");
    }
    for tag in ["\"6\"", "7", "\"77\""] {
        let answer = app().call("GET", "/thing", &[("if-none-match", tag)], "").await;
        assert_eq!(answer.status, 200, "{tag}");
        assert_eq!(answer.json()["name"], "示例");
    }
}

#[tokio::test]
async fn a_change_never_becomes_not_modified() {
    let headers = [("if-match", "\"7\""), ("if-none-match", "\"8\"")];
    assert_eq!(app().call("PUT", "/thing", &headers, "").await.status, 200);
}
