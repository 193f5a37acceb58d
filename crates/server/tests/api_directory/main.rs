//! What stands in the registry before there is a seal: areas, designations, profiles, makers, units, blocked agents, and the figures
//! of an area. As clients meet it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod areas;
mod blocks;
mod designations;
mod makers;
mod overview;
mod personal_details;
mod profiles;
mod supervision;
#[path = "../support/mod.rs"]
mod support;
mod units;
mod use_rules;

use serde_json::{Value, json};
use support::{Client, Role, Server};

/// Path of the other city, 示例二市.
pub const OTHER_CITY: &str = "/100000/610000/610200/";

/// Adds the other city.
pub async fn add_other_city(server: &Server) {
    server.admin("system").await.post("/areas", area("610000", "610200", "city")).await.ok();
}

/// An area to be added.
pub fn area(parent: &str, code: &str, level: &str) -> Value {
    json!({
        "parent": parent, "code": code, "name": format!("示例区划{code}"), "level": level,
        "authority": format!("示例区划{code}行政审批局"),
    })
}

/// A reviewer of the other city.
pub async fn stranger(server: &Server) -> Client {
    server.account(Role::IssuingReviewer, Some(OTHER_CITY)).await
}

/// The members of a list.
pub async fn items(client: &Client, path: &str) -> Vec<Value> {
    client.get(path).await.ok()["items"].as_array().unwrap().clone()
}
