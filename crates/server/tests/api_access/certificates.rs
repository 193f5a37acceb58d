//! Logging in with a certificate.

use crate::log;
use crate::support::{Answer, CITY, Client, Role, Server, for_each_engine};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use yinxin_seal::trust::TrustFacts;
use yinxin_testkit::{CertSpec, Identity, Pki};

/// Certificates of the test are trusted beside those of the server.
fn trusted(server: &Server) -> Pki {
    let pki = Pki::new();
    let mut facts = TrustFacts::default();
    facts.add_certificate(pki.root.cert.clone());
    facts.add_certificate(pki.ca.cert.clone());
    server.app.authority.set_trust(facts);
    pki
}

fn answer_to(challenge: &Value, who: &Identity) -> Value {
    let signature = who.sign(challenge["text"].as_str().unwrap().as_bytes());
    json!({
        "challenge": challenge["challenge"],
        "certificate": STANDARD.encode(who.der()),
        "signature": STANDARD.encode(signature),
    })
}

async fn bind(client: &Client, who: &Identity) -> Answer {
    let challenge = client.json("POST", "/session/challenges", &[], json!({})).await.ok();
    client.json("POST", "/session/certificates", &[], answer_to(&challenge, who)).await
}

async fn login(server: &Server, who: &Identity) -> Answer {
    let visitor = server.visitor();
    let challenge = visitor.json("POST", "/login-challenges", &[], json!({})).await.ok();
    visitor.json("POST", "/sessions/certificate", &[], answer_to(&challenge, who)).await
}

fn session(server: &Server, answer: &Answer) -> Client {
    let body = answer.ok();
    let client = server.visitor();
    let cookie = answer.header("set-cookie").split(';').next().unwrap();
    client.take_session(cookie, body["csrf_token"].as_str().unwrap());
    client
}

#[test]
fn a_bound_certificate_logs_in_and_counts_as_a_second_factor() {
    for_each_engine(async |server| {
        let pki = trusted(server);
        let security = server.admin("security").await;
        login(server, &pki.signer_a).await.problem("LOGIN_FAILED");
        assert!(log::last(server, "session.login").await.content.contains("CERTIFICATE_UNBOUND"));
        let bound = bind(&security, &pki.signer_a).await.ok();
        assert!(bound["subject"].as_str().unwrap().contains("Test Signer A"));
        bind(&security, &pki.signer_a).await.problem("DUPLICATE");

        let answer = login(server, &pki.signer_a).await;
        assert_eq!(answer.ok()["method"], "certificate");
        let client = session(server, &answer);
        client.get("/accounts").await.ok();
        login(server, &pki.signer_b).await.problem("LOGIN_FAILED");

        let path = format!("/api/v1/session/certificates/{}", bound["serial"].as_str().unwrap());
        client.send("DELETE", &path, &[], Vec::new()).await.ok();
        client.send("DELETE", &path, &[], Vec::new()).await.problem("NOT_FOUND");
        login(server, &pki.signer_a).await.problem("LOGIN_FAILED");
        for action in ["session.bind_certificate", "session.unbind_certificate"] {
            assert_eq!(log::last(server, action).await.outcome, "ok");
        }
    });
}

#[test]
fn a_certificate_serves_one_account_only() {
    for_each_engine(async |server| {
        let pki = trusted(server);
        let one = server.account(Role::IssuingReviewer, Some(CITY)).await;
        let other = server.account(Role::FilingOfficer, Some(CITY)).await;
        bind(&one, &pki.signer_a).await.ok();
        bind(&other, &pki.signer_a).await.problem("DUPLICATE");
        assert_eq!(login(server, &pki.signer_a).await.ok()["account"]["id"], one.id);
    });
}

#[test]
fn a_challenge_serves_once_for_its_purpose_and_its_account() {
    for_each_engine(async |server| {
        let pki = trusted(server);
        let one = server.account(Role::IssuingReviewer, Some(CITY)).await;
        let other = server.account(Role::FilingOfficer, Some(CITY)).await;
        bind(&one, &pki.signer_a).await.ok();
        let visitor = server.visitor();
        let challenge = visitor.json("POST", "/login-challenges", &[], json!({})).await.ok();
        let answer = answer_to(&challenge, &pki.signer_a);
        visitor.json("POST", "/sessions/certificate", &[], answer.clone()).await.ok();
        visitor.json("POST", "/sessions/certificate", &[], answer).await.problem("LOGIN_FAILED");

        // A challenge to bind does not log in, a challenge to log in does not bind, and nobody binds with another's.
        let challenge = one.json("POST", "/session/challenges", &[], json!({})).await.ok();
        let answer = answer_to(&challenge, &pki.signer_a);
        visitor.json("POST", "/sessions/certificate", &[], answer).await.problem("LOGIN_FAILED");
        let challenge = visitor.json("POST", "/login-challenges", &[], json!({})).await.ok();
        let answer = answer_to(&challenge, &pki.signer_b);
        one.json("POST", "/session/certificates", &[], answer).await.problem("LOGIN_FAILED");
        let challenge = one.json("POST", "/session/challenges", &[], json!({})).await.ok();
        let answer = answer_to(&challenge, &pki.signer_b);
        other.json("POST", "/session/certificates", &[], answer).await.problem("LOGIN_FAILED");

        let challenge = visitor.json("POST", "/login-challenges", &[], json!({})).await.ok();
        let answer = answer_to(&challenge, &pki.signer_a);
        server.advance(jiff::SignedDuration::from_mins(3)).await;
        visitor.json("POST", "/sessions/certificate", &[], answer).await.problem("LOGIN_FAILED");
    });
}

#[test]
fn strangers_impostors_and_expired_certificates_are_refused() {
    for_each_engine(async |server| {
        let pki = trusted(server);
        let one = server.account(Role::IssuingReviewer, Some(CITY)).await;
        bind(&one, &pki.signer_a).await.ok();
        login(server, &pki.signer_a.with_key_of(&pki.signer_b)).await.problem("LOGIN_FAILED");
        assert!(log::last(server, "session.login").await.content.contains("CHALLENGE_SIGNATURE_WRONG"));
        let stranger =
            yinxin_testkit::pki::issue(&pki.stranger, &CertSpec::leaf("测试签章人甲 Test Signer A"));
        assert!(
            bind(&one, &stranger).await.problem("LOGIN_FAILED")["detail"]
                .as_str()
                .unwrap()
                .contains("不受信任")
        );
        let expired = pki.leaf(&CertSpec::leaf("过期").dates("2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z"));
        bind(&one, &expired).await.problem("LOGIN_FAILED");
        let body = json!({ "challenge": "x".repeat(43), "certificate": "AAAA", "signature": "!" });
        let answer = server.visitor().json("POST", "/sessions/certificate", &[], body).await;
        assert_eq!(answer.faults()[0].0, "/certificate");
    });
}
