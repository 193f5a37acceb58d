//! The description of the API: complete, and the one in the documentation.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use yinxin_server::http::openapi::{lint, to_json};
use yinxin_server::start::api_document;
use yinxin_testkit::folder::files;

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

/// Two types of one name would be one schema, and the description of one of them wrong.
#[test]
fn no_two_schemas_have_one_name() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut named: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for path in files(&sources) {
        let text = std::fs::read_to_string(sources.join(&path)).unwrap();
        let derived = text.split("#[derive(").skip(1).filter_map(|rest| rest.split_once(")]"));
        for (traits, rest) in derived.filter(|(traits, _)| traits.contains("ToSchema")) {
            let mut words = rest.split(|c: char| !c.is_alphanumeric() && c != '_');
            let keyword = words.find(|word| ["struct", "enum"].contains(word));
            assert!(keyword.is_some(), "{}: {traits}", path.display());
            named.entry(words.next().unwrap().to_owned()).or_default().push(path.clone());
        }
    }
    assert!(named.len() > 100, "{}", named.len());
    let twice: Vec<_> = named.iter().filter(|(_, places)| places.len() > 1).collect();
    assert!(twice.is_empty(), "{twice:#?}");
}
