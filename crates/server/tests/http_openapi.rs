//! The description of the API: finished the same for all, and faults in it found.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
#![allow(dead_code, reason = "the endpoints are described, not called")]

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::openapi::OpenApi;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yinxin_server::http::openapi::{ApiFacts, finish, lint, to_json};
use yinxin_server::http::{
    Command, IdempotencyKey, IfMatch, Json, List, NoBody, Page, PageQuery, Path, Problem, StoredResponse,
    Versioned,
};

#[derive(Serialize, Deserialize, ToSchema)]
struct Thing {
    name: String,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ThingFilter {
    /// 名称 · Name.
    name: Option<String>,
}

#[derive(Deserialize)]
struct ThingId(String);

/// 列出 · List things.
#[utoipa::path(get, path = "/things", operation_id = "things.list", tag = "things",
    params(PageQuery, ThingFilter), responses((status = 200, description = "一页 · A page.", body = Page<Thing>)))]
async fn list(_list: List<ThingFilter>) {}

/// 新建 · Make a thing.
#[utoipa::path(post, path = "/things", operation_id = "things.create", tag = "things", params(IdempotencyKey),
    request_body = Thing, responses((status = 201, description = "已建 · Made.", body = Thing,
    headers(("ETag" = String, description = "版本 · Version.")))))]
async fn create(_command: Command<Thing>) -> Result<StoredResponse, Problem> {
    Ok(StoredResponse::no_content())
}

/// 读取 · Read a thing.
#[utoipa::path(get, path = "/things/{id}", operation_id = "things.read", tag = "things",
    params(("id" = String, Path, description = "编号 · Identifier.")),
    responses((status = 200, description = "对象 · The thing.", body = Thing,
    headers(("ETag" = String, description = "版本 · Version.")))))]
async fn read(Path(_id): Path<ThingId>) -> Versioned<()> {
    Versioned { version: 1, body: () }
}

/// 修改 · Change a thing.
#[utoipa::path(put, path = "/things/{id}", operation_id = "things.change", tag = "things",
    params(("id" = String, Path), IfMatch), request_body = Thing,
    responses((status = 200, description = "对象 · The thing.", body = Thing), (status = 409, description = "自己的说明 · Own words.")))]
async fn change(Path(_id): Path<ThingId>, _version: IfMatch, Json(_thing): Json<Thing>) {}

/// 登录 · Log in.
#[utoipa::path(post, path = "/session", operation_id = "session.create", tag = "session", security(()),
    extensions(("x-no-idempotency-key" = json!(true))),
    responses((status = 204, description = "已登录 · Logged in.")))]
async fn login(_body: Json<NoBody>) {}

fn facts() -> ApiFacts<'static> {
    ApiFacts {
        version: "0.1.0",
        session_cookie: "__Host-example",
        csrf_header: "X-Example-Csrf",
        client_headers: &[
            ("X-Example-Client", "编号 · Identifier."),
            ("X-Example-Signature", "签名 · Signature."),
        ],
    }
}

fn assembled() -> OpenApi {
    let v1: OpenApiRouter = OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(read, change))
        .routes(routes!(login));
    OpenApiRouter::new().nest("/api/v1", v1).into_openapi()
}

fn finished() -> OpenApi {
    finish(assembled(), &facts())
}

fn document() -> Value {
    serde_json::from_str(&to_json(&finished()).unwrap()).unwrap()
}

fn statuses(document: &Value, path: &str, method: &str) -> Vec<String> {
    document["paths"][path][method]["responses"].as_object().unwrap().keys().cloned().collect()
}

#[test]
fn a_description_as_endpoints_write_it_has_no_fault() {
    assert_eq!(lint(&finished()), Vec::<String>::new());
}

#[test]
fn the_description_says_version_license_and_a_relative_server() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["info"]["version"], "0.1.0");
    assert_eq!(document["servers"], json!([{"url": "/"}]));
    assert_eq!(document["info"]["license"]["identifier"], "Apache-2.0 OR MulanPSL-2.0");
}

#[test]
fn equal_descriptions_are_equal_bytes_with_sorted_members() {
    let text = to_json(&finished()).unwrap();
    for _ in 0..5 {
        assert_eq!(to_json(&finished()).unwrap(), text);
    }
    fn sorted(value: &Value) {
        if let Value::Object(members) = value {
            assert!(members.keys().is_sorted());
            members.values().for_each(sorted);
        }
    }
    sorted(&serde_json::from_str(&text).unwrap());
    assert!(text.ends_with("}\n"));
}

#[test]
fn operations_get_the_problems_that_follow_from_what_they_are() {
    let document = document();
    assert_eq!(
        statuses(&document, "/api/v1/things", "get"),
        ["200", "400", "401", "403", "429", "500", "503"]
    );
    assert_eq!(
        statuses(&document, "/api/v1/things", "post"),
        ["201", "400", "401", "403", "409", "413", "415", "422", "429", "500", "503", "507"]
    );
    assert_eq!(
        statuses(&document, "/api/v1/things/{id}", "get"),
        ["200", "304", "400", "401", "403", "404", "429", "500", "503"]
    );
    let change = statuses(&document, "/api/v1/things/{id}", "put");
    assert!(change.contains(&"412".to_owned()) && change.contains(&"428".to_owned()));
    let login = statuses(&document, "/api/v1/session", "post");
    assert!(!login.contains(&"401".to_owned()), "who logs in is not known yet");
    let own = &document["paths"]["/api/v1/things/{id}"]["put"]["responses"]["409"];
    assert_eq!(own["description"], "自己的说明 · Own words.");
    assert_eq!(own["content"]["application/problem+json"]["schema"]["$ref"], "#/components/schemas/Problem");
}

#[test]
fn a_shared_response_lists_the_codes_of_its_status() {
    let document = document();
    let conflict = document["components"]["responses"]["Conflict"]["description"].as_str().unwrap();
    assert!(conflict.contains("STATE_CONFLICT") && conflict.contains("LEGAL_NAME_SEAL_EXISTS"));
    assert!(!conflict.contains("NOT_FOUND"));
    let full = &document["components"]["responses"]["StorageFull"]["headers"];
    assert!(full.get("Retry-After").is_some() && full.get("X-Request-Id").is_some());
}

#[test]
fn changes_by_people_need_the_csrf_header_and_clients_all_their_headers() {
    let document = document();
    let client = json!({"client-x-example-client": [], "client-x-example-signature": []});
    assert_eq!(document["paths"]["/api/v1/things"]["get"]["security"], json!([{"session": []}, client]));
    let changing = json!([{"csrf": [], "session": []}, client]);
    assert_eq!(document["paths"]["/api/v1/things"]["post"]["security"], changing);
    let schemes = &document["components"]["securitySchemes"];
    assert_eq!(schemes["session"]["name"], "__Host-example");
    assert_eq!(schemes["csrf"]["name"], "X-Example-Csrf");
    assert_eq!(schemes["client-x-example-signature"]["in"], "header");
    assert_eq!(document["paths"]["/api/v1/session"]["post"]["security"], json!([{}]));
}

#[test]
fn shared_parameters_and_headers_are_described() {
    let document = document();
    let names = |path: &str, method: &str| -> Vec<String> {
        let parameters = document["paths"][path][method]["parameters"].as_array().unwrap();
        parameters.iter().map(|p| p["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names("/api/v1/things", "get"), ["limit", "cursor", "name"]);
    assert_eq!(names("/api/v1/things", "post"), ["Idempotency-Key"]);
    assert_eq!(names("/api/v1/things/{id}", "get"), ["id", "If-None-Match"]);
    assert_eq!(names("/api/v1/things/{id}", "put"), ["id", "If-Match"]);
    let created = &document["paths"]["/api/v1/things"]["post"]["responses"]["201"]["headers"];
    for header in ["X-Request-Id", "Idempotency-Replayed", "Location", "ETag"] {
        assert!(created.get(header).is_some(), "{header}");
    }
    let problem = &document["components"]["schemas"]["Problem"]["properties"];
    for member in
        ["type", "title", "status", "detail", "instance", "code", "errors", "retry_after", "allowed"]
    {
        assert!(problem.get(member).is_some(), "{member}");
    }
}

#[test]
fn what_problems_hold_is_what_their_schema_says() {
    let document = document();
    let problem = Problem::state_conflict("A", "b", ["c"])
        .retry_after(1)
        .rule("CHECK_FAILED")
        .instance("req_1")
        .with_error(yinxin_server::http::FieldError::body("/x", "REQUIRED", "缺少。", "Missing."));
    let written = serde_json::to_value(problem.document()).unwrap();
    let properties = document["components"]["schemas"]["Problem"]["properties"].as_object().unwrap();
    let mut names: Vec<_> = written.as_object().unwrap().keys().collect();
    names.sort();
    let mut described: Vec<_> = properties.keys().collect();
    described.sort();
    assert_eq!(names, described);
}

/// The faults lint finds after a change to the sound description.
fn faults(change: impl FnOnce(&mut Value)) -> Vec<String> {
    let mut document = serde_json::to_value(finished()).unwrap();
    change(&mut document);
    lint(&serde_json::from_value::<OpenApi>(document).unwrap())
}

fn remove(value: &mut Value, member: &str) {
    value.as_object_mut().unwrap().remove(member).unwrap();
}

#[test]
fn every_kind_of_fault_is_found() {
    let read = "/paths/~1api~1v1~1things~1{id}/get";
    let create = "/paths/~1api~1v1~1things/post";
    let change = "/paths/~1api~1v1~1things~1{id}/put";
    type Change<'a> = Box<dyn FnOnce(&mut Value) + 'a>;
    fn at<'a>(pointer: &'a str, f: impl FnOnce(&mut Value) + 'a) -> Change<'a> {
        Box::new(move |document| f(document.pointer_mut(pointer).unwrap()))
    }
    let first_parameter = format!("{read}/parameters/0");
    let login = "/paths/~1api~1v1~1session/post";
    let cases: Vec<(Change<'_>, &str)> = vec![
        (at(read, |o| remove(o, "operationId")), "GET /api/v1/things/{id}: no operationId"),
        (
            at(read, |o| o["operationId"] = json!("readThing")),
            "operationId readThing is not <resource>.<verb>",
        ),
        (at(read, |o| o["operationId"] = json!("things.list")), "operationId things.list is used twice"),
        (at(read, |o| remove(o, "summary")), "no summary"),
        (at(read, |o| o["summary"] = json!(" ")), "no summary"),
        (at(read, |o| remove(o, "tags")), "no tag"),
        (at(read, |o| remove(&mut o["responses"], "200")), ""),
        (at(read, |o| o["responses"] = json!({"200": {"description": "x"}})), "no 4xx response"),
        (
            at(read, |o| o["responses"] = json!({"404": {"$ref": "#/components/responses/NotFound"}})),
            "no response for success",
        ),
        (
            at(read, |o| o["responses"]["418"] = json!({"description": "x"})),
            "response 418 is no application/problem+json",
        ),
        (
            at(read, |o| o["responses"]["418"] = json!({"$ref": "#/components/responses/Nowhere"})),
            "leads nowhere",
        ),
        (at(read, |o| o["responses"]["200"]["description"] = json!("")), "response 200 has no description"),
        (
            at("/components/responses/NotFound", |r| remove(r, "content")),
            "response 404 is no application/problem+json",
        ),
        (at(&first_parameter, |p| remove(p, "schema")), "path parameter id has no schema"),
        (at(&first_parameter, |p| p["name"] = json!("other")), "path parameter id is not declared"),
        (at(&first_parameter, |p| p["name"] = json!("other")), "path parameter other is not in the path"),
        (at(create, |o| remove(o, "parameters")), "POST takes no Idempotency-Key"),
        (at(login, |o| remove(o, "x-no-idempotency-key")), "POST takes no Idempotency-Key"),
        (at(change, |o| o["parameters"] = json!([o["parameters"][0]])), "a change takes no If-Match"),
    ];
    for (index, (change, expected)) in cases.into_iter().enumerate() {
        let found = faults(change);
        if expected.is_empty() {
            continue;
        }
        assert!(found.iter().any(|fault| fault.contains(expected)), "case {index}: {expected}: {found:?}");
    }
}
