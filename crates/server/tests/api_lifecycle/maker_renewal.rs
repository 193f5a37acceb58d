//! The maker's certificate is renewed, its key replaced, while orders go on.

use crate::stage::Stage;
use crate::support::{Server, for_each_engine, on_sqlite, sample};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use serde_json::{Value, json};
use yinxin_formats::der::Limits;
use yinxin_formats::ses::Seal;
use yinxin_formats::x509::Certificate;
use yinxin_seal::{Verdict, VerifyOptions, verify_seal};
use yinxin_server::making::keys::KeyId;

async fn registered(stage: &Stage<'_>) -> Vec<u8> {
    let maker = stage.reviewer.get(&format!("/makers/{}", stage.maker)).await.ok();
    STANDARD.decode(maker["certificate"].as_str().unwrap()).unwrap()
}

/// A contract seal in force, as its file.
async fn seal(stage: &Stage<'_>) -> Vec<u8> {
    let content = sample::contract_content(stage.owner.number);
    let seal = stage.scene.seal_in_force(&stage.owner, content).await;
    stage.agent.get(&format!("{seal}/data")).await.body.to_vec()
}

fn made_under(seal: &[u8]) -> Vec<u8> {
    Seal::parse(seal, &Limits::default()).unwrap().maker_cert
}

fn is_valid(server: &Server, seal: &[u8]) {
    let report = verify_seal(seal, &server.app.authority.trust(), &VerifyOptions::at(server.now()));
    assert_eq!(report.verdict, Verdict::Valid, "{report:?}");
}

fn key_of(certificate: &[u8]) -> Vec<u8> {
    Certificate::parse(certificate, &Limits::default()).unwrap().spki_der().to_vec()
}

async fn renewed(stage: &Stage<'_>, new_key: bool) -> Value {
    let body = json!({ "maker": stage.maker, "new_key": new_key });
    stage.reviewer.post("/workshop/renewals", body).await.ok()
}

#[test]
fn a_renewed_maker_signs_under_its_new_certificate_and_its_old_seals_stay_valid() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let first = registered(&stage).await;
        let old = seal(&stage).await;
        assert_eq!(made_under(&old), first);
        server.advance(SignedDuration::from_hours(24)).await;

        let answer = renewed(&stage, false).await;
        let second = registered(&stage).await;
        assert_eq!(answer["certificate"], json!(STANDARD.encode(&second)));
        assert!(second != first && key_of(&second) == key_of(&first));
        let next = seal(&stage).await;
        assert_eq!(made_under(&next), second);

        let host = server.app.workshop.get().unwrap();
        let replaced = KeyId::parse(&host.state().unwrap().maker_key).unwrap();
        assert!(host.seal_keys().list().unwrap().contains(&replaced));
        renewed(&stage, true).await;
        let third = registered(&stage).await;
        assert_ne!(key_of(&third), key_of(&first));
        let last = seal(&stage).await;
        assert_eq!(made_under(&last), third);
        // What no seal will be made with any more is gone.
        assert!(!host.seal_keys().list().unwrap().contains(&replaced));
        assert_eq!(host.state().unwrap().retired, Vec::<String>::new());
        for made in [&old, &next, &last] {
            is_valid(server, made);
        }
    });
}

#[test]
fn only_the_department_in_charge_renews_and_only_a_workshop_that_works_for_the_maker() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let body = json!({ "maker": stage.maker });
        stage.operator.post("/workshop/renewals", body.clone()).await.problem("FORBIDDEN");
        stage.agent.post("/workshop/renewals", body).await.problem("FORBIDDEN");
        let other = stage.reviewer.post("/makers", sample::maker(2, server.now())).await.ok();
        let none = stage.reviewer.post("/workshop/renewals", json!({ "maker": other["id"] })).await;
        assert_eq!(none.problem("CONFLICT")["rule"], "NO_WORKSHOP");
        let unasked = json!({ "maker": stage.maker, "chain": "no certificate" });
        let refused = stage.reviewer.post("/workshop/renewals", unasked).await;
        assert_eq!(refused.problem("CONFLICT")["rule"], "NO_CERTIFICATE_ASKED");
    });
}

#[test]
fn a_test_certificate_lasts_as_long_as_the_setting_says() {
    on_sqlite(async |server| {
        assert_eq!(server.app.config.ca.test_validity_days, 1095);
        let stage = Stage::set(server).await;
        let seal = stage.active().await;
        let made = stage.agent.get(&seal).await.ok()["made"].clone();
        let moment = |name: &str| made[name].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        assert!(moment("certificate_until") <= server.now() + SignedDuration::from_hours(24 * 1095));
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let shorter = |config: &mut yinxin_server::config::Config| config.ca.test_validity_days = 100;
        let server = Server::start_with(crate::support::Engine::Sqlite, shorter).await;
        let stage = Stage::set(&server).await;
        let before = server.now();
        let seal = stage.active().await;
        let made = stage.agent.get(&seal).await.ok()["made"].clone();
        let moment = |name: &str| made[name].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        let days = SignedDuration::from_hours(24 * 100);
        let (earliest, latest) = (before + days - SignedDuration::from_secs(1), server.now() + days);
        // Three years were asked for.
        assert!((earliest..=latest).contains(&moment("certificate_until")), "{made}");
        assert_eq!(made["valid_until"], made["certificate_until"]);
        server.app.store.close().await;
    });
}
