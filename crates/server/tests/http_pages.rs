//! Lists in pages, and cursors that only the server can make.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod http_client;

use axum::Router;
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http_client::{Client, client, settings};
use serde::Deserialize;
use yinxin_server::http::{CursorKey, FrameSettings, List, NoFilter, Page, Problem, frame};

#[derive(Deserialize)]
struct Filter {
    even: Option<bool>,
    min: Option<u32>,
}

/// Rows 0 to 249, each with two key columns.
fn rows(after: Option<[&str; 2]>, fetch: i64, keep: impl Fn(u32) -> bool) -> Vec<u32> {
    let from = after.map_or(0, |[group, id]| {
        assert_eq!(group, "g");
        id.parse::<u32>().unwrap() + 1
    });
    (from..250).filter(|n| keep(*n)).take(usize::try_from(fetch).unwrap()).collect()
}

fn key(n: &u32) -> Vec<String> {
    vec!["g".to_owned(), n.to_string()]
}

fn router() -> Router {
    async fn numbers(list: List<Filter>) -> Result<Page<u32>, Problem> {
        let (even, min) = (list.filter.even.unwrap_or_default(), list.filter.min.unwrap_or_default());
        let rows = rows(list.after()?, list.fetch(), |n| (!even || n % 2 == 0) && n >= min);
        Ok(list.page(rows, key))
    }
    async fn others(list: List<NoFilter>) -> Result<Page<String>, Problem> {
        let rows = rows(list.after()?, list.fetch(), |_| true);
        Ok(list.page(rows, key).map(|n| n.to_string()))
    }
    let v1 = Router::new().route("/numbers", get(numbers)).route("/others", get(others));
    Router::new().nest("/api/v1", v1)
}

fn app() -> Client {
    client(router())
}

async fn walk(app: &Client, path: &str) -> (Vec<u64>, usize) {
    let (mut all, mut pages, mut cursor) = (Vec::new(), 0, String::new());
    loop {
        let page = app.get(&format!("{path}{cursor}")).await.json();
        all.extend(page["items"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()));
        pages += 1;
        match page.get("next") {
            Some(next) => cursor = format!("&cursor={}", next.as_str().unwrap()),
            None => return (all, pages),
        }
    }
}

#[tokio::test]
async fn walking_the_pages_meets_every_row_once() {
    let all: Vec<u64> = (0..250).collect();
    assert_eq!(walk(&app(), "/api/v1/numbers?limit=7").await, (all.clone(), 36));
    assert_eq!(walk(&app(), "/api/v1/numbers?limit=125").await, (all, 2), "no empty page at the end");
    let even: Vec<u64> = (100..250).step_by(2).collect();
    assert_eq!(walk(&app(), "/api/v1/numbers?limit=10&even=true&min=100").await, (even, 8));
}

#[tokio::test]
async fn a_page_has_fifty_rows_unless_asked_otherwise() {
    let count = |page: serde_json::Value| page["items"].as_array().unwrap().len();
    assert_eq!(count(app().get("/api/v1/numbers").await.json()), 50);
    assert_eq!(count(app().get("/api/v1/numbers?limit=1").await.json()), 1);
    assert_eq!(count(app().get("/api/v1/numbers?limit=200").await.json()), 200);
    for limit in ["0", "201", "-1", "x", "", "1.5", "99999999999", "+5", "%2B5", "1&limit=2"] {
        let (name, _) = app().get(&format!("/api/v1/numbers?limit={limit}")).await.fault("BAD_REQUEST");
        assert_eq!(name, "limit");
    }
}

#[tokio::test]
async fn an_unknown_filter_is_refused() {
    assert_eq!(app().get("/api/v1/numbers?evne=true").await.fault("BAD_REQUEST").0, "evne");
    assert_eq!(app().get("/api/v1/others?even=true").await.fault("BAD_REQUEST").0, "even");
}

async fn cursor(app: &Client, path: &str) -> String {
    app.get(path).await.json()["next"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_cursor_with_any_bit_changed_is_refused() {
    let app = app();
    let good = cursor(&app, "/api/v1/others?limit=3").await;
    let bytes = URL_SAFE_NO_PAD.decode(&good).unwrap();
    for index in 0..bytes.len() {
        for bit in [1, 128] {
            let mut forged = bytes.clone();
            forged[index] ^= bit;
            let forged = URL_SAFE_NO_PAD.encode(forged);
            app.get(&format!("/api/v1/others?cursor={forged}")).await.fault("BAD_REQUEST");
        }
    }
    for length in 0..bytes.len() {
        let cut = URL_SAFE_NO_PAD.encode(&bytes[..length]);
        app.get(&format!("/api/v1/others?cursor={cut}")).await.fault("BAD_REQUEST");
    }
    for text in ["x", "%00", "%E4%B8%AD", &"A".repeat(5000), &format!("{good}&cursor={good}")] {
        app.get(&format!("/api/v1/others?cursor={text}")).await.fault("BAD_REQUEST");
    }
    assert_eq!(app.get(&format!("/api/v1/others?cursor={good}")).await.status, 200);
}

#[tokio::test]
async fn a_cursor_of_another_list_filter_or_installation_is_refused() {
    let app = app();
    let plain = cursor(&app, "/api/v1/numbers?limit=3").await;
    let filtered = cursor(&app, "/api/v1/numbers?limit=3&even=true&min=4").await;
    for path in [
        format!("/api/v1/others?cursor={plain}"),
        format!("/api/v1/numbers?even=true&cursor={plain}"),
        format!("/api/v1/numbers?cursor={filtered}"),
        format!("/api/v1/numbers?even=true&min=5&cursor={filtered}"),
    ] {
        assert_eq!(app.get(&path).await.fault("BAD_REQUEST").0, "cursor", "{path}");
    }
    let swapped = format!("/api/v1/numbers?min=4&cursor={filtered}&even=true&limit=9");
    assert_eq!(app.get(&swapped).await.json()["items"][0], 10, "order and page size may change");
    let other = FrameSettings { cursor_key: CursorKey::derive(b"another secret"), ..settings() };
    let other = Client(frame(router(), &other));
    other.get(&format!("/api/v1/numbers?cursor={plain}")).await.fault("BAD_REQUEST");
}

#[tokio::test]
async fn all_nodes_of_an_installation_take_each_others_cursors() {
    let next = cursor(&app(), "/api/v1/numbers?limit=3").await;
    assert_eq!(app().get(&format!("/api/v1/numbers?cursor={next}")).await.json()["items"][0], 3);
}
