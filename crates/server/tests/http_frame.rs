//! The frame: identifiers, headers, limits, and refusals nobody wrote.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod http_client;

use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use http_client::{Client, client, settings};
use yinxin_server::http::{FrameSettings, RequestId, Target, frame};

fn router() -> Router {
    async fn id(id: RequestId) -> String {
        id.to_string()
    }
    async fn panics() -> &'static str {
        let secret = "hunter2";
        panic!("the password {secret} was not expected");
    }
    async fn slow() {
        tokio::time::sleep(Duration::from_secs(3600)).await;
    }
    async fn plain(axum::extract::Path(status): axum::extract::Path<u16>) -> Response {
        (StatusCode::from_u16(status).unwrap(), [("x-own", "kept")], "some library's words").into_response()
    }
    async fn page() -> Response {
        (StatusCode::FORBIDDEN, Html("<p>own page</p>")).into_response()
    }
    async fn own_policy() -> ([(&'static str, &'static str); 1], &'static str) {
        ([("cache-control", "public")], "x")
    }
    let nested = Router::new().route("/thing", get(id).put(id)).route("/make", post(id));
    Router::new()
        .route("/id", get(id))
        .route("/panics", get(panics))
        .route("/slow", get(slow))
        .route("/plain/{status}", get(plain))
        .route("/page", get(page))
        .route("/own", get(own_policy))
        .nest("/api/v1", nested)
}

fn app() -> Client {
    client(router())
}

#[tokio::test]
async fn every_answer_has_an_identifier_and_a_good_one_is_taken_over() {
    let first = app().get("/id").await;
    assert_eq!(first.text(), first.header("x-request-id"), "the handler sees what the client sees");
    assert!(first.text().starts_with("req_"));
    assert_ne!(first.text(), app().get("/id").await.text());
    let send = async |id: &str| app().call("GET", "/id", &[("x-request-id", id)], "").await;
    let longest = "a".repeat(64);
    for good in ["0191f2c4-7b1e-7c32-9d57-2f6a1c9e8b10", "a.b_c-12", longest.as_str()] {
        assert_eq!(send(good).await.header("x-request-id"), good);
    }
    let too_long = "a".repeat(65);
    for bad in ["short", "with space", "semi;colon-x", "印信印信", "\"quoted-id\"", too_long.as_str()] {
        assert!(send(bad).await.header("x-request-id").starts_with("req_"), "{bad}");
    }
}

#[tokio::test]
async fn every_answer_has_the_security_headers() {
    for path in ["/id", "/nowhere", "/panics", "/problems/NOT_FOUND"] {
        let answer = app().get(path).await;
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"), "{path}");
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(answer.header("strict-transport-security"), "");
    }
    assert_eq!(app().get("/id").await.header("cache-control"), "no-store");
    assert_eq!(app().get("/nowhere").await.header("cache-control"), "no-store");
    assert_eq!(app().get("/own").await.header("cache-control"), "public", "a handler may know better");
}

#[tokio::test]
async fn strict_transport_is_asked_for_over_https_only() {
    let https = Client(frame(router(), &FrameSettings { https: true, ..settings() }));
    assert_eq!(https.get("/id").await.header("strict-transport-security"), "max-age=31536000");
    assert_ne!(https.get("/nowhere").await.header("strict-transport-security"), "");
}

#[tokio::test]
async fn an_unknown_path_is_a_problem() {
    for path in ["/nowhere", "/api/v1/nowhere", "/api/v1", "/api/v1/thing/", "/%FF"] {
        app().get(path).await.problem("NOT_FOUND");
    }
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let answer = app().call("DELETE", "/api/v1/thing", &[], "").await;
    answer.problem("METHOD_NOT_ALLOWED");
    let mut allowed: Vec<_> = answer.header("allow").split(',').collect();
    allowed.sort_unstable();
    assert_eq!(allowed, ["GET", "HEAD", "PUT"]);
    let answer = app().call("GET", "/api/v1/make", &[], "").await;
    answer.problem("METHOD_NOT_ALLOWED");
    assert_eq!(answer.header("allow"), "POST");
    app().call("BREW", "/id", &[], "").await.problem("METHOD_NOT_ALLOWED");
    app().call("POST", "/problems", &[], "").await.problem("METHOD_NOT_ALLOWED");
}

#[tokio::test]
async fn a_panic_tells_the_client_nothing() {
    let answer = app().get("/panics").await;
    answer.problem("INTERNAL");
    assert!(!answer.text().contains("hunter2"));
    assert_eq!(app().get("/id").await.status, 200, "the next request is served");
}

#[tokio::test]
async fn a_handler_that_takes_too_long_is_given_up() {
    let hasty = FrameSettings { deadline: Duration::from_millis(20), ..settings() };
    let hasty = Client(frame(router(), &hasty));
    hasty.get("/slow").await.problem("TIMEOUT");
    assert_eq!(hasty.get("/id").await.status, 200);
}

#[tokio::test]
async fn plain_errors_of_libraries_become_problems() {
    for (status, code) in [
        (400, "BAD_REQUEST"),
        (401, "UNAUTHENTICATED"),
        (403, "FORBIDDEN"),
        (408, "TIMEOUT"),
        (413, "BODY_TOO_LARGE"),
        (418, "BAD_REQUEST"),
        (429, "RATE_LIMITED"),
        (500, "INTERNAL"),
        (503, "UNAVAILABLE"),
        (507, "STORAGE_FULL"),
    ] {
        let answer = app().get(&format!("/plain/{status}")).await;
        answer.problem(code);
        assert_eq!(answer.header("x-own"), "kept");
        assert!(!answer.text().contains("library"));
    }
    assert_eq!(app().get("/plain/200").await.text(), "some library's words");
}

#[tokio::test]
async fn an_error_page_stays_a_page() {
    let answer = app().get("/page").await;
    assert_eq!((answer.status.as_u16(), answer.text()), (403, "<p>own page</p>"));
}

#[tokio::test]
async fn head_is_get_without_a_body() {
    for path in ["/id", "/nowhere", "/problems"] {
        let (get, head) = (app().get(path).await, app().call("HEAD", path, &[], "").await);
        assert_eq!(head.status, get.status);
        assert!(head.body.is_empty());
        assert_eq!(head.header("content-type"), get.header("content-type"));
    }
}

#[tokio::test]
async fn content_length_is_that_of_the_body() {
    for path in ["/id", "/nowhere", "/panics", "/plain/400", "/problems"] {
        let answer = app().get(path).await;
        assert_eq!(answer.header("content-length"), answer.body.len().to_string(), "{path}");
    }
}

#[tokio::test]
async fn a_nested_handler_can_tell_where_the_request_went() {
    async fn target(request: axum::extract::Request) -> String {
        let (parts, _) = request.into_parts();
        let target = Target::of(&parts);
        format!("{} {} {}", parts.uri.path(), target.path(), target.path_and_query())
    }
    let nested = Router::new().nest("/a", Router::new().route("/b", get(target)));
    assert_eq!(client(nested).get("/a/b?c=d").await.text(), "/b /a/b /a/b?c=d");
}
