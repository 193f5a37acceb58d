//! Data keys: which there are, and new ones.

use crate::log;
use crate::new_key;
use crate::support::{Client, for_each_engine};
use jiff::SignedDuration;
use serde_json::json;
use yinxin_server::app::keys::Turns;

async fn numbers(security: &Client, purpose: &str) -> Vec<(u64, bool)> {
    let list = security.get("/keys").await.ok();
    let keys = list["items"].as_array().unwrap().clone();
    let of = keys.iter().filter(|key| key["purpose"] == purpose);
    of.map(|key| (key["number"].as_u64().unwrap(), key["active"].as_bool().unwrap())).collect()
}

#[test]
fn a_new_field_key_encrypts_from_now_on_and_the_old_one_still_reads() {
    for_each_engine(async |server| {
        let security = server.admin("security").await;
        let audit = server.admin("audit").await;
        assert_eq!(numbers(&security, "field").await, [(1, true)]);
        let key = new_key();
        let rotated = security.post_as(&key, "/keys/field/rotate", json!({})).await.ok();
        assert_eq!(rotated, json!({ "purpose": "field", "number": 2, "takes_effect": "now" }));
        let again = security.post_as(&key, "/keys/field/rotate", json!({})).await;
        assert_eq!(again.ok(), rotated);
        assert_eq!(numbers(&security, "field").await, [(1, false), (2, true)]);
        // The secret of one-time codes was encrypted under the old key.
        server.login_again(&audit).await;
        let body = json!({ "name": "示例系统", "key": { "kind": "hmac_sm3" }, "scopes": ["units_read"],
            "grants": [{ "role": "supervisor", "scope": crate::support::CITY }] });
        let made = security.post("/clients", body).await.ok();
        let id = made["id"].as_str().unwrap();
        let stored = server
            .app
            .store
            .read()
            .await
            .unwrap()
            .get::<yinxin_registry::client::ApiClient>(id)
            .await
            .unwrap();
        let kept = serde_json::to_value(&stored.value.key).unwrap();
        assert!(kept["secret"].as_str().unwrap().starts_with("k2."), "{kept}");
        Client::signing(server, id, made["secret"].as_str().unwrap()).get("/units").await.ok();
        let line = log::last(server, "key.rotate").await;
        assert_eq!((line.subject.as_str(), line.outcome.as_str()), ("key/field", "ok"));
    });
}

#[test]
fn a_new_token_key_leaves_sessions_as_they_are() {
    for_each_engine(async |server| {
        let security = server.admin("security").await;
        security.post("/keys/token/rotate", json!({})).await.ok();
        security.post("/keys/token/rotate", json!({})).await.ok();
        assert_eq!(numbers(&security, "token").await, [(1, false), (2, false), (3, true)]);
        server.advance(SignedDuration::from_secs(60)).await;
        assert!(!yinxin_server::api::keys::reload(&server.app).await.unwrap_or_else(|_| panic!("keys")));
    });
}

#[test]
fn a_node_takes_over_the_keys_of_another() {
    for_each_engine(async |server| {
        let security = server.admin("security").await;
        let before = server.app.vault().ring().clone();
        security.post("/keys/field/rotate", json!({})).await.ok();
        server.app.install(&before, Turns::default(), server.now()).unwrap();
        assert!(yinxin_server::api::keys::reload(&server.app).await.unwrap_or_else(|_| panic!("keys")));
        let purpose = yinxin_server::security::keyring::Purpose::Field;
        assert_eq!(server.app.vault().ring().active_number(purpose), 2);
    });
}

#[test]
fn no_answer_holds_a_key() {
    for_each_engine(async |server| {
        let security = server.admin("security").await;
        let rotated = security.post("/keys/document/rotate", json!({})).await.ok();
        assert_eq!(rotated["takes_effect"], "soon");
        security.post("/keys/other/rotate", json!({})).await.problem("NOT_FOUND");
        security.get("/keys/other/renewal").await.problem("NOT_FOUND");
        security.get("/keys/document/renewal").await.problem("NOT_FOUND");
        let list = security.get("/keys").await;
        assert!(!list.text().contains("wrapped\""), "{}", list.text());
    });
}

#[test]
fn only_the_security_administrator_changes_keys_and_sees_how_far_it_is() {
    for_each_engine(async |server| {
        for login in ["system", "audit"] {
            let other = server.admin(login).await;
            other.post("/keys/row/rotate", json!({})).await.problem("FORBIDDEN");
            other.get("/keys/row/renewal").await.problem("FORBIDDEN");
        }
        server.visitor().get("/keys/row/renewal").await.problem("UNAUTHENTICATED");
    });
}
