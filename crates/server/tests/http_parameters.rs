//! Query and path parameters: refusals name the parameter.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod http_client;

use axum::Router;
use axum::routing::get;
use http_client::{Client, client};
use serde::{Deserialize, Serialize};
use yinxin_server::http::{Json, Path, Query};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Active,
    Lost,
}

#[derive(Serialize, Deserialize)]
struct Filter {
    name: Option<String>,
    #[serde(default)]
    state: Vec<State>,
    age: Option<u8>,
    share: Option<f64>,
    deep: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
struct UnitId(String);

impl TryFrom<String> for UnitId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.starts_with("unit_") { Ok(Self(text)) } else { Err("not a unit id") }
    }
}

#[derive(Deserialize)]
struct Place {
    unit: UnitId,
    number: u32,
}

fn app() -> Client {
    async fn search(Query(filter): Query<Filter>) -> Json<Filter> {
        Json(filter)
    }
    async fn unit(Path(id): Path<UnitId>) -> String {
        id.0
    }
    async fn number(Path(number): Path<u32>) -> String {
        number.to_string()
    }
    async fn place(Path(place): Path<Place>) -> String {
        format!("{} {}", place.unit.0, place.number)
    }
    async fn pair(Path((unit, state)): Path<(UnitId, State)>) -> Json<(String, State)> {
        Json((unit.0, state))
    }
    async fn wrong(Path(_): Path<(u32, u32)>) {}
    client(
        Router::new()
            .route("/search", get(search))
            .route("/units/{id}", get(unit))
            .route("/numbers/{number}", get(number))
            .route("/places/{unit}/{number}", get(place))
            .route("/pairs/{unit}/{state}", get(pair))
            .route("/wrong/{one}", get(wrong))
            .route("/wrong/{unit}/{other}", get(place))
            .route("/wrong/{one}/{two}/{three}", get(wrong)),
    )
}

#[tokio::test]
async fn parameters_arrive_typed() {
    let found = app()
        .get("/search?name=%E7%A4%BA%E4%BE%8B+1&state=active&state=lost&age=7&share=-0.5&deep=true")
        .await;
    let expected = r#"{"name":"示例 1","state":["active","lost"],"age":7,"share":-0.5,"deep":true}"#;
    assert_eq!(found.text(), expected);
    assert_eq!(app().get("/search").await.json()["state"], serde_json::json!([]));
    assert_eq!(app().get("/search?state=lost").await.json()["state"], serde_json::json!(["lost"]));
}

#[tokio::test]
async fn a_bad_parameter_is_named() {
    for (query, name, code) in [
        ("nmae=x", "nmae", "UNKNOWN_FIELD"),
        ("name=a&name=b", "name", "DUPLICATE"),
        ("name=%00", "name", "BAD_VALUE"),
        ("state=active&state=gone", "state", "BAD_VALUE"),
        ("age=256", "age", "WRONG_TYPE"),
        ("age=-1", "age", "WRONG_TYPE"),
        ("age=%2B5", "age", "WRONG_TYPE"),
        ("age=", "age", "WRONG_TYPE"),
        ("share=NaN", "share", "WRONG_TYPE"),
        ("share=-inf", "share", "WRONG_TYPE"),
        ("deep=1", "deep", "WRONG_TYPE"),
        ("name=x&", "", ""),
    ] {
        let answer = app().get(&format!("/search?{query}")).await;
        if name.is_empty() {
            assert_eq!(answer.status, 200, "{query}");
            continue;
        }
        let (parameter, found) = answer.fault("BAD_REQUEST");
        assert_eq!((parameter.as_str(), found.as_str()), (name, code), "{query}");
    }
}

#[tokio::test]
async fn a_path_value_that_does_not_parse_is_a_bad_request() {
    let app = app();
    assert_eq!(app.get("/units/unit_1").await.text(), "unit_1");
    assert_eq!(app.get("/places/unit_1/5").await.text(), "unit_1 5");
    for path in ["/units/seal_1", "/units/%FF", "/units/unit_%00", "/numbers/x", "/numbers/-1"] {
        let answer = app.get(path).await;
        answer.problem("BAD_REQUEST");
        assert!(!answer.text().contains("seal_1"), "what was sent is not repeated");
    }
    assert_eq!(app.get("/pairs/unit_%E5%8D%B0/lost").await.text(), "[\"unit_印\",\"lost\"]");
    assert_eq!(
        app.get("/pairs/unit_1/gone").await.fault("BAD_REQUEST"),
        ("state".into(), "BAD_VALUE".into())
    );
    assert_eq!(app.get("/units/seal_1").await.fault("BAD_REQUEST"), ("id".into(), "BAD_VALUE".into()));
    assert_eq!(app.get("/places/seal_1/5").await.fault("BAD_REQUEST").0, "unit");
    assert_eq!(app.get("/places/unit_1/x").await.fault("BAD_REQUEST").0, "number");
}

#[tokio::test]
async fn a_handler_that_does_not_fit_its_route_is_our_fault() {
    for path in ["/wrong/1", "/wrong/unit_1/2", "/wrong/1/2/3"] {
        app().get(path).await.problem("INTERNAL");
    }
}
