//! Programs that sign their requests.

use crate::log;
use crate::new_key;
use crate::support::{CITY, Client, Server, for_each_engine};
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use serde_json::{Value, json};
use yinxin_crypto::{SigningKey, SoftwareKey};
use yinxin_server::security::Secret;
use yinxin_server::security::request_signature::{RequestLine, RequestSigner, sign_request};

fn body(key: Value) -> Value {
    json!({
        "name": "示例市办事大厅", "key": key, "scopes": ["units_read", "seals_read"],
        "grants": [{ "role": "supervisor", "scope": CITY }],
    })
}

async fn register(server: &Server) -> (String, String) {
    let security = server.admin("security").await;
    let made = security.post("/clients", body(json!({ "kind": "hmac_sm3" }))).await.ok();
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    (text("id"), text("secret"))
}

/// Headers of a signed request.
fn signed(
    server: &Server,
    client: &str,
    signer: &RequestSigner<'_>,
    method: &str,
    target: &str,
    body: &[u8],
) -> Vec<(String, String)> {
    let line = RequestLine::new(method, target);
    let signed = sign_request(client, signer, &line, body, server.now(), &mut UnwrapErr(SysRng)).unwrap();
    signed.pairs().iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

async fn send(
    visitor: &Client,
    method: &str,
    target: &str,
    headers: &[(String, String)],
    body: &[u8],
) -> crate::support::Answer {
    let mut all: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    if !body.is_empty() {
        all.push(("content-type", "application/json"));
    }
    visitor.send(method, target, &all, body.to_vec()).await
}

#[test]
fn a_signed_request_counts_once_and_not_when_altered() {
    for_each_engine(async |server| {
        let (id, secret) = register(server).await;
        let (secret, visitor) = (Secret::new(secret), server.visitor());
        let signer = RequestSigner::HmacSm3(&secret);
        let target = "/api/v1/units?limit=5";
        let headers = signed(server, &id, &signer, "GET", target, b"");
        send(&visitor, "GET", target, &headers, b"").await.ok();
        send(&visitor, "GET", target, &headers, b"").await.problem("REPLAY");

        let headers = signed(server, &id, &signer, "GET", target, b"");
        for altered in ["/api/v1/units?limit=6", "/api/v1/units", "/api/v1/seals?limit=5"] {
            send(&visitor, "GET", altered, &headers, b"").await.problem("SIGNATURE_INVALID");
        }
        let later = server.now().as_second() + 30;
        let (later, nonce, none) = (later.to_string(), "another-nonce-0001".to_owned(), "0".repeat(64));
        let forged = format!("hmac-sm3={none}");
        for (place, value) in [(1, later), (2, nonce), (3, none), (4, forged)] {
            let mut altered = headers.clone();
            altered[place].1 = value;
            send(&visitor, "GET", target, &altered, b"").await.problem("SIGNATURE_INVALID");
        }
        // None of these used the nonce up.
        send(&visitor, "GET", target, &headers, b"").await.ok();

        let posted = json!({ "x": 1 }).to_string().into_bytes();
        let headers = signed(server, &id, &signer, "POST", "/api/v1/units", &posted);
        let other = json!({ "x": 2 }).to_string().into_bytes();
        send(&visitor, "POST", "/api/v1/units", &headers, &other).await.problem("SIGNATURE_INVALID");
        let headers = signed(server, &id, &signer, "GET", target, b"");
        server.advance(jiff::SignedDuration::from_mins(6)).await;
        send(&visitor, "GET", target, &headers, b"").await.problem("CLOCK_SKEW");
    });
}

#[test]
fn a_secret_is_shown_once_and_kept_in_no_clear_form() {
    for_each_engine(async |server| {
        let security = server.admin("security").await;
        let (key, body) = (new_key(), body(json!({ "kind": "hmac_sm3" })));
        let made = security.post_as(&key, "/clients", body.clone()).await.ok();
        let secret = made["secret"].as_str().unwrap();
        let again = security.post_as(&key, "/clients", body).await;
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert!(again.ok().get("secret").is_none());
        let path = format!("/clients/{}", made["id"].as_str().unwrap());
        assert!(!security.get(&path).await.text().contains(secret));
        assert!(!security.get("/clients").await.text().contains(secret));
        log::holds_none_of(server, &[secret]).await;
    });
}

#[test]
fn a_client_signs_with_its_own_key_pair_too() {
    for_each_engine(async |server| {
        let security = server.admin("security").await;
        let key = SoftwareKey::generate(&mut UnwrapErr(SysRng));
        let pem = yinxin_formats::pem::encode("PUBLIC KEY", &key.public_key().spki_der());
        let made = security.post("/clients", body(json!({ "kind": "sm2", "public_key": pem }))).await.ok();
        assert!(made.get("secret").is_none());
        let id = made["id"].as_str().unwrap();
        let headers = signed(server, id, &RequestSigner::Sm2(&key), "GET", "/api/v1/units", b"");
        send(&server.visitor(), "GET", "/api/v1/units", &headers, b"").await.ok();
        let another = SoftwareKey::generate(&mut UnwrapErr(SysRng));
        let headers = signed(server, id, &RequestSigner::Sm2(&another), "GET", "/api/v1/units", b"");
        send(&server.visitor(), "GET", "/api/v1/units", &headers, b"").await.problem("SIGNATURE_INVALID");
        let answer = security.post("/clients", body(json!({ "kind": "sm2", "public_key": "x" }))).await;
        assert_eq!(answer.faults(), [("/key/public_key".to_owned(), "KEY".to_owned())]);
    });
}

#[test]
fn a_client_does_what_its_scopes_and_roles_allow_and_nothing_of_people() {
    for_each_engine(async |server| {
        let (id, secret) = register(server).await;
        let client = Client::signing(server, &id, &secret);
        client.get("/units").await.ok();
        client.get("/seals").await.ok();
        // A role of its would, its scopes do not.
        client.get("/applications").await.problem("FORBIDDEN");
        for path in ["/accounts", "/clients", "/keys", "/session", "/sessions"] {
            client.get(path).await.problem("FORBIDDEN");
        }
        let security = server.admin("security").await;
        let mut bad = body(json!({ "kind": "hmac_sm3" }));
        bad["grants"] = json!([{ "role": "security_administrator" }]);
        assert_eq!(security.post("/clients", bad).await.faults()[0].0, "/grants/0/role");
    });
}

#[test]
fn a_disabled_or_expired_client_is_refused_without_saying_why() {
    for_each_engine(async |server| {
        let (id, secret) = register(server).await;
        let client = Client::signing(server, &id, &secret);
        let security = server.admin("security").await;
        let path = format!("/clients/{id}");
        client.get("/units").await.ok();
        security.step(&path, "disable", json!({ "reason": "停止合作" })).await.ok();
        let disabled = client.get("/units").await.problem("SIGNATURE_INVALID");
        let unknown = Client::signing(server, &format!("clnt_{}", "0".repeat(26)), &secret);
        assert_eq!(unknown.get("/units").await.problem("SIGNATURE_INVALID")["detail"], disabled["detail"]);
        security.step(&path, "enable", json!({ "reason": "恢复合作" })).await.ok();
        client.get("/units").await.ok();

        let mut short = body(json!({ "kind": "hmac_sm3" }));
        let end = server.now().checked_add(jiff::SignedDuration::from_hours(1)).unwrap();
        short["expires_at"] = json!(end.to_string());
        let made = security.post("/clients", short).await.ok();
        let short = Client::signing(server, made["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
        short.get("/units").await.ok();
        server.advance(jiff::SignedDuration::from_hours(1)).await;
        short.get("/units").await.problem("SIGNATURE_INVALID");
    });
}
