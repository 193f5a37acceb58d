//! A request sent twice is done once and answered twice.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod http_client;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Extension, Router};
use http_client::{Answer, Client, client};
use serde::Deserialize;
use serde_json::json;
use yinxin_server::http::idempotency::Record;
use yinxin_server::http::{
    Command, Decision, IdempotencyKey, NoBody, Problem, RequestDigest, StoredResponse, decide,
};

#[derive(Deserialize)]
struct New {
    name: String,
}

/// Stands for the store: key to record, and how often the work was done.
#[derive(Default)]
struct Kept {
    records: HashMap<String, Record>,
    done: u32,
}

type Store = Arc<Mutex<Kept>>;

async fn create(State(store): State<Store>, command: Command<New>) -> Result<Response, Problem> {
    let mut kept = store.lock().unwrap();
    let existing = kept.records.get(command.key.as_str()).cloned();
    if let Some(before) = decide(existing, &command.digest).proceed()? {
        return Ok(before.replay());
    }
    kept.done += 1;
    let body = json!({"name": command.body.name, "number": kept.done});
    let response = StoredResponse::created(format!("/api/v1/units/{}", kept.done), &body)?.version(1);
    let record = Record { digest: command.digest, response: Some(response.clone()) };
    kept.records.insert(command.key.as_str().to_owned(), record);
    Ok(response.into_response())
}

fn app() -> (Client, Store) {
    async fn act(command: Command<NoBody>) -> String {
        hex::encode(command.digest.0)
    }
    async fn only_key(key: IdempotencyKey) -> String {
        key.as_str().to_owned()
    }
    let store = Store::default();
    let units = Router::new().route("/", post(create)).route("/act", post(act)).with_state(store.clone());
    let seals = Router::new().route("/act", post(act)).route("/key", post(only_key));
    let v1 = Router::new().nest("/units", units).nest("/seals", seals);
    let router = Router::new().nest("/api/v1", v1).layer(Extension(()));
    (client(router), store)
}

async fn send(app: &Client, path: &str, key: &str, body: &str) -> Answer {
    let headers = [("content-type", "application/json"), ("idempotency-key", key)];
    app.call("POST", path, &headers, body).await
}

#[tokio::test]
async fn the_same_request_twice_is_done_once() {
    let (app, store) = app();
    let body = r#"{"name":"示例"}"#;
    let first = send(&app, "/api/v1/units", "k-1", body).await;
    assert_eq!(first.status, 201);
    assert_eq!(first.header("location"), "/api/v1/units/1");
    assert_eq!(first.header("idempotency-replayed"), "");
    let again = send(&app, "/api/v1/units", "k-1", body).await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    for name in ["location", "etag", "content-type"] {
        assert_eq!(again.header(name), first.header(name));
    }
    assert_ne!(again.header("x-request-id"), first.header("x-request-id"));
    assert_eq!(store.lock().unwrap().done, 1);
    assert_eq!(
        send(&app, "/api/v1/units", "k-2", body).await.json()["number"],
        2,
        "another key is another operation"
    );
}

#[tokio::test]
async fn a_key_with_another_request_is_refused() {
    let (app, store) = app();
    send(&app, "/api/v1/units", "k", r#"{"name":"a"}"#).await;
    for (path, body) in [
        ("/api/v1/units", r#"{"name":"b"}"#),
        ("/api/v1/units", r#"{"name":"a"} "#),
        ("/api/v1/units?x=1", r#"{"name":"a"}"#),
    ] {
        send(&app, path, "k", body).await.problem("IDEMPOTENCY_KEY_REUSED");
    }
    assert_eq!(store.lock().unwrap().done, 1);
}

#[tokio::test]
async fn a_key_whose_first_request_is_still_running_says_wait() {
    let (app, store) = app();
    let body = r#"{"name":"a"}"#;
    let digest = RequestDigest::of(&Method::POST, "/api/v1/units", body.as_bytes());
    store.lock().unwrap().records.insert("k".to_owned(), Record { digest, response: None });
    send(&app, "/api/v1/units", "k", body).await.problem("IDEMPOTENCY_KEY_IN_PROGRESS");
}

#[tokio::test]
async fn a_key_is_required_and_is_visible_ascii() {
    let (app, _) = app();
    app.post("/api/v1/units", r#"{"name":"a"}"#).await.problem("IDEMPOTENCY_KEY_REQUIRED");
    app.post("/api/v1/seals/key", "").await.problem("IDEMPOTENCY_KEY_REQUIRED");
    let longest = "k".repeat(64);
    for key in ["x", "!~\"", longest.as_str()] {
        assert_eq!(send(&app, "/api/v1/seals/key", key, "").await.text(), key);
    }
    let too_long = "k".repeat(65);
    for key in ["", "a b", "a\tb", "钥匙", too_long.as_str()] {
        let (name, _) = send(&app, "/api/v1/seals/key", key, "").await.fault("BAD_REQUEST");
        assert_eq!(name, "Idempotency-Key", "{key}");
    }
    let twice = [("idempotency-key", "a"), ("idempotency-key", "b")];
    app.call("POST", "/api/v1/seals/key", &twice, "").await.problem("BAD_REQUEST");
}

#[tokio::test]
async fn equal_ends_of_different_paths_are_different_requests() {
    let (app, _) = app();
    let one = send(&app, "/api/v1/units/act", "k", "").await;
    let other = send(&app, "/api/v1/seals/act", "k", "").await;
    assert_eq!((one.status.as_u16(), other.status.as_u16()), (200, 200));
    assert_ne!(one.body, other.body, "a nested router must not hide where the request went");
    let expected = RequestDigest::of(&Method::POST, "/api/v1/seals/act", b"");
    assert_eq!(other.text(), hex::encode(expected.0));
}

#[test]
fn a_digest_tells_where_one_part_ends() {
    let of = |method: Method, target: &str, body: &str| RequestDigest::of(&method, target, body.as_bytes());
    let all = [
        of(Method::POST, "/ab", "c"),
        of(Method::POST, "/a", "bc"),
        of(Method::PUT, "/ab", "c"),
        of(Method::POST, "/ab?", "c"),
        of(Method::POST, "/abc", ""),
    ];
    for (index, one) in all.iter().enumerate() {
        assert!(!all[index + 1..].contains(one));
    }
}

#[test]
fn decisions_follow_the_record() {
    let mine = RequestDigest([1; 32]);
    let other = RequestDigest([2; 32]);
    let done = StoredResponse::no_content();
    assert_eq!(decide(None, &mine), Decision::Fresh);
    let record = |digest, response| Some(Record { digest, response });
    assert_eq!(decide(record(mine, Some(done.clone())), &mine), Decision::Replay(done.clone()));
    assert_eq!(decide(record(mine, None), &mine), Decision::InProgress);
    assert_eq!(decide(record(other, Some(done)), &mine), Decision::Reused);
    assert_eq!(decide(record(other, None), &mine), Decision::Reused);
}

#[test]
fn a_stored_response_survives_the_store() {
    let all = [
        StoredResponse::created("/api/v1/seals/seal_1", &json!({"a": "印"})).unwrap().version(3),
        StoredResponse::ok(&json!([])).unwrap(),
        StoredResponse::accepted(&json!({"job": "job_1"})).unwrap(),
        StoredResponse::no_content().version(9),
    ];
    for response in all {
        let kept = (response.status(), response.headers_text().unwrap(), response.body().to_vec());
        assert_eq!(StoredResponse::from_parts(kept.0, &kept.1, kept.2).unwrap(), response);
    }
    for (status, headers) in [(500, "{}"), (200, "not json")] {
        let problem = StoredResponse::from_parts(status, headers, Vec::new()).unwrap_err();
        assert_eq!(problem.document().code, "INTEGRITY");
    }
}
