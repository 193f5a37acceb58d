//! The authority's certificate is renewed and its key rotated; what was signed before stays good, and it is clear which key signed what.

use crate::log;
use crate::support::scene::Scene;
use crate::support::{Client, Role, Server, for_each_engine};
use jiff::SignedDuration;
use serde_json::{Value, json};
use yinxin_crypto::SignatureAlgorithm;
use yinxin_formats::der::Limits;
use yinxin_formats::pem;
use yinxin_formats::x509::Certificate;
use yinxin_registry::audit::{CaseExport, Head};
use yinxin_server::app::authority::UnsignedHead;
use yinxin_server::app::clock::System;
use yinxin_server::app::ending;
use yinxin_server::audit::{sign_head, verify};
use yinxin_server::config::Role as ProcessRole;
use yinxin_server::proof::{ProofKind, ProofTrust, verify as verify_proof};
use yinxin_server::start::{prepare, renew_authority};

fn certificate(view: &Value) -> Certificate {
    let blocks =
        pem::parse_pem_or_der(view["certificate"].as_str().unwrap().as_bytes(), &Limits::default()).unwrap();
    Certificate::parse(&blocks[0].der, &Limits::default()).unwrap()
}

/// The next certificate, asked for and put into use: how the authority stands then.
async fn renewed(security: &Client, new_key: bool) -> Value {
    let asked = security.post("/authority/renewals", json!({ "new_key": new_key })).await.ok();
    let turned = security.post("/authority/certificate", json!({})).await.ok();
    assert_eq!(turned["current"]["sm3"], asked["issued"]["sm3"]);
    assert_eq!(security.get("/authority").await.ok(), turned, "the answer says what is then");
    turned
}

async fn chain_is_sound(server: &Server) {
    sign_head(&server.app).await.unwrap_or_else(|_| panic!("no head"));
    let report = verify(&server.app).await.unwrap_or_else(|_| panic!("not verified"));
    assert!(report.is_sound(), "{report:?}");
    assert!(report.heads_matched > 0);
}

/// An approval that was given and never made into a seal: its proof.
async fn approval(scene: &Scene<'_>, owner: &crate::support::scene::Owner) -> Vec<u8> {
    let content = crate::support::sample::contract_content(owner.number);
    let application = owner.submitted(content).await;
    scene.approve(&application).await;
    owner.agent.get(&format!("{application}/approval")).await.body.to_vec()
}

fn holds(server: &Server, proof: &[u8]) -> String {
    let (facts, signers) = (server.app.authority.trust(), server.app.authority.as_approvers());
    let trust = ProofTrust { facts: &facts, signers: &signers };
    verify_proof(proof, ProofKind::MakingApproval, trust, server.now()).unwrap().statement.number
}

async fn export(server: &Server, subject: &str) -> Value {
    let auditor = server.admin("audit").await;
    let body = json!({ "case": "示案 1", "document": "示调〔2026〕1 号", "subjects": [subject] });
    auditor.post("/cases", body).await.ok()
}

/// Verifies an export by the certificate that came with it, and by no other.
fn export_holds(export: &Value, other: &Certificate) {
    let case: CaseExport = serde_json::from_str(export["export"].as_str().unwrap()).unwrap();
    let by = |certificate: &Certificate| {
        let (key, id) = (certificate.public_key().unwrap(), hex::encode(certificate.sm3()));
        case.verify(&|named: &str, text: &[u8], signature: &[u8]| {
            named == id && key.verify(SignatureAlgorithm::Sm2Sm3, text, signature).is_ok()
        })
        .is_ok()
    };
    assert!(by(&certificate(export)) && !by(other));
}

#[test]
fn a_renewed_certificate_and_a_rotated_key_leave_everything_signed_before_good() {
    for_each_engine(async |server| {
        let scene = Scene::set(server).await;
        let owner = scene.owner(21).await;
        let security = server.admin("security").await;
        let first = security.get("/authority").await.ok();
        assert!(first["next"].is_null() && first["former"] == json!([]), "{first}");
        let old_proof = approval(&scene, &owner).await;
        let old_export = export(server, &owner.id).await;

        // Renewed: another certificate of the same key.
        server.advance(SignedDuration::from_hours(1)).await;
        let same = renewed(&security, false).await;
        assert_eq!(same["current"]["key_sm3"], first["current"]["key_sm3"]);
        assert_ne!(same["current"]["sm3"], first["current"]["sm3"]);
        assert!(same["current"]["not_after"].as_str() > first["current"]["not_after"].as_str());
        assert_eq!(same["former"][0]["sm3"], first["current"]["sm3"]);
        chain_is_sound(server).await;
        let same_proof = approval(&scene, &owner).await;
        let same_export = export(server, &owner.id).await;

        // Rotated: another key.
        server.advance(SignedDuration::from_hours(1)).await;
        let rotated = renewed(&security, true).await;
        assert_ne!(rotated["current"]["key_sm3"], first["current"]["key_sm3"]);
        let former: Vec<&Value> = rotated["former"].as_array().unwrap().iter().map(|f| &f["sm3"]).collect();
        assert_eq!(former, [&same["current"]["sm3"], &first["current"]["sm3"]]);
        chain_is_sound(server).await;
        let new_proof = approval(&scene, &owner).await;
        let new_export = export(server, &owner.id).await;

        // Every proof and every export of all three times.
        let numbers = [&old_proof, &same_proof, &new_proof].map(|proof| holds(server, proof));
        assert!(numbers[0] != numbers[1] && numbers[1] != numbers[2], "{numbers:?}");
        let (one, three) = (certificate(&first["current"]), certificate(&rotated["current"]));
        export_holds(&old_export, &three);
        export_holds(&same_export, &one);
        export_holds(&new_export, &one);
        assert_eq!(certificate(&new_export), three);
        // The workshop makes what was approved under each.
        server.make_all().await;

        let record = log::last(server, "authority.certificate").await;
        let digest = |view: &Value| view["current"]["sm3"].as_str().unwrap().to_owned();
        assert!(record.content.contains(&digest(&rotated)) && record.content.contains(&digest(&same)));
        log::last(server, "authority.renewal").await;
    });
}

#[test]
fn nodes_and_later_starts_sign_under_the_certificate_that_another_node_put_into_use() {
    for_each_engine(async |server| {
        let mut config = server.app.config.clone();
        config.data_dir.push("another-node");
        config.roles = vec![ProcessRole::Registry];
        let other = prepare(config.clone(), Box::new(System)).await.unwrap_or_else(|e| panic!("{e}")).app;
        assert!(!renew_authority(&other).await.unwrap(), "nothing has changed");
        let security = server.admin("security").await;
        let turned = renewed(&security, true).await;
        assert!(renew_authority(&other).await.unwrap());
        assert!(!renew_authority(&other).await.unwrap());
        let (here, there) = (server.app.authority.signing(), other.authority.signing());
        assert_eq!(here.certificate, there.certificate);
        assert_eq!(hex::encode(there.certificate.sm3()), turned["current"]["sm3"].as_str().unwrap());
        assert_eq!(there.key.public_key(), here.key.public_key());
        sign_head(&other).await.unwrap_or_else(|_| panic!("no head"));
        let report = verify(&other).await.unwrap_or_else(|_| panic!("not verified"));
        assert!(report.is_sound(), "{report:?}");
        other.store.close().await;
        let third = prepare(config, Box::new(System)).await.unwrap_or_else(|e| panic!("{e}")).app;
        assert_eq!(third.authority.signing().certificate, here.certificate);
        assert_eq!(third.authority.signing().former.len(), 1);
        third.store.close().await;
    });
}

#[test]
fn a_key_that_was_replaced_signs_no_head_of_the_chain_afterwards() {
    for_each_engine(async |server| {
        let before = server.app.authority.signing();
        let at = server.now();
        let unsigned = |at| UnsignedHead { seq: 1, hash: [1; 32], root: [2; 32], at };
        let judged = |head: &yinxin_registry::audit::SignedHead| {
            let signing = server.app.authority.signing();
            head.verify(&|id: &str, bytes: &[u8], signature: &[u8]| {
                signing.signed_head(id, head.at, bytes, signature)
            })
        };
        let early = server.app.authority.sign_head(unsigned(at)).unwrap();
        assert!(judged(&early));
        renewed(&server.admin("security").await, true).await;
        assert!(judged(&early), "what it signed in its time stays good");
        // Whoever has kept the old key signs with it an hour later, under its name or that of the new one.
        let late = at + SignedDuration::from_hours(1);
        let names = [before.certificate.sm3(), server.app.authority.signing().certificate.sm3()];
        for name in names.map(hex::encode) {
            let head = Head { seq: 1, hash: [1; 32], root: [2; 32], at: late, key_id: name };
            let signature = before.key.sign(&head.to_be_signed()).unwrap();
            assert!(!judged(&head.signed(signature)));
        }
    });
}

#[test]
fn the_authoritys_certificates_are_the_security_administrators_and_counted_once_asked_for() {
    for_each_engine(async |server| {
        let security = server.admin("security").await;
        let none = security.post("/authority/certificate", json!({})).await.problem("CONFLICT");
        assert_eq!(none["rule"], "NO_CERTIFICATE_ASKED");
        for login in ["system", "audit"] {
            let other = server.admin(login).await;
            other.get("/authority").await.problem("FORBIDDEN");
            other.post("/authority/renewals", json!({})).await.problem("FORBIDDEN");
            other.post("/authority/certificate", json!({})).await.problem("FORBIDDEN");
        }
        let reviewer = server.account(Role::IssuingReviewer, Some(crate::support::CITY)).await;
        reviewer.post("/authority/renewals", json!({})).await.problem("FORBIDDEN");

        // Asked twice, the later request counts; sent twice, it is one.
        let first = security.post("/authority/renewals", json!({ "new_key": true })).await.ok();
        let key = [("idempotency-key", "renew-once")];
        let body = json!({ "new_key": false });
        let second = security.json("POST", "/authority/renewals", &key, body.clone()).await.ok();
        assert_eq!(security.json("POST", "/authority/renewals", &key, body).await.ok(), second);
        assert_ne!(first["issued"]["sm3"], second["issued"]["sm3"]);
        let shown = security.get("/authority").await.ok();
        assert_eq!(shown["next"]["issued"]["sm3"], second["issued"]["sm3"]);
        // A certificate of another key, and what is none.
        let bent = json!({ "chain": "no certificate" });
        let faults = security.post("/authority/certificate", bent).await.faults();
        assert_eq!(faults, [("/chain".to_owned(), "CERTIFICATE_MALFORMED".to_owned())]);
        let foreign = json!({ "chain": first["issued"]["certificate"] });
        let faults = security.post("/authority/certificate", foreign).await.faults();
        assert_eq!(faults[0].1, "CERTIFICATE_KEY");
        // Two at once put it into use once.
        let turns = (0..4).map(|_| security.post("/authority/certificate", json!({})));
        let answers = futures_util::future::join_all(turns).await;
        assert_eq!(answers.iter().filter(|answer| answer.status.is_success()).count(), 1);
        assert_eq!(security.get("/authority").await.ok()["former"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn certificates_that_end_soon_are_told_where_they_stand() {
    for_each_engine(async |server| {
        let scene = Scene::set(server).await;
        let told = async || {
            ending::look(&server.app).await.unwrap();
            let shown = scene.reviewer.get("/overview").await.ok();
            let all = shown["ending_certificates"].as_array().unwrap().clone();
            all.iter().map(|found| found["whose"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert!(told().await.is_empty());
        let maker = scene.reviewer.get(&format!("/makers/{}", scene.maker)).await.ok();
        let end = yinxin_server::app::ending::days_until(certificate_of(&maker).not_after, server.now());
        server.advance(SignedDuration::from_hours(24 * (end - 80))).await;
        assert_eq!(told().await, ["maker"]);
        scene.reviewer.post("/workshop/renewals", json!({ "maker": scene.maker })).await.ok();
        assert!(told().await.is_empty(), "renewed");
        let own = server.app.authority.signing().certificate.not_after;
        server.advance((own - SignedDuration::from_hours(24 * 10)).duration_since(server.now())).await;
        let now = told().await;
        assert!(now.contains(&"authority".to_owned()), "{now:?}");
        renewed(&server.admin("security").await, false).await;
        assert!(!told().await.contains(&"authority".to_owned()));
    });
}

fn certificate_of(maker: &Value) -> Certificate {
    use base64::Engine as _;
    let der =
        base64::engine::general_purpose::STANDARD.decode(maker["certificate"].as_str().unwrap()).unwrap();
    Certificate::parse(&der, &Limits::default()).unwrap()
}
