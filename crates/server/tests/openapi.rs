//! The description of the API: complete, and the one in the documentation.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::path::Path;
use yinxin_server::http::openapi::{lint, to_json};
use yinxin_server::start::api_document;

#[test]
fn every_operation_keeps_the_conventions() {
    let faults = lint(&api_document());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_description_in_the_documentation_is_that_of_the_routers() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/generated/openapi.json");
    let text = to_json(&api_document()).unwrap();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == text, "docs/generated/openapi.json is out of date: run with UPDATE_DOCS=1");
}

#[test]
fn the_description_is_openapi_3_1() {
    let value: serde_json::Value = serde_json::from_str(&to_json(&api_document()).unwrap()).unwrap();
    assert!(value["openapi"].as_str().unwrap().starts_with("3.1"));
    assert!(value["paths"].as_object().unwrap().keys().all(|path| path.starts_with("/api/v1/")));
}
