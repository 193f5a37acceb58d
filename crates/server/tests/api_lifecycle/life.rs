//! The whole life.

use crate::stage::{Stage, Whole as _};
use crate::support::{for_each_engine, on_sqlite};
use jiff::SignedDuration;
use serde_json::json;
use yinxin_formats::der::Limits;
use yinxin_formats::ses::Seal;
use yinxin_server::proof::{ProofKind, ProofTrust, verify};

#[test]
fn what_is_wrong_in_the_content_is_named_where_it_stands_in_the_body() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let mut content = stage.content();
        content["agent"]["id_number"] = json!("610102199003070000");
        let body = json!({ "unit": stage.unit, "basis": { "kind": "new" }, "content": content });
        let opened = stage.agent.post("/applications", body).await.faults();
        assert_eq!(opened, [("/content/agent/id_number".to_owned(), "RESIDENT_ID_CHECK".to_owned())]);
        let draft = stage.draft(json!({ "kind": "new" }), stage.content()).await;
        let version = stage.agent.get(&draft).await.version();
        let edited = stage.agent.put_at(version, &draft, content).await.faults();
        assert_eq!(edited, [("/agent/id_number".to_owned(), "RESIDENT_ID_CHECK".to_owned())]);
    });
}

#[test]
fn from_refusal_to_force_and_to_cancellation() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let application = stage.draft(json!({ "kind": "new" }), stage.content()).await;
        stage.owner.submit(&application).await;
        let refused = json!({ "reasons": ["授权委托书缺少签章页"] });
        stage.reviewer.step(&application, "refuse", refused).await.ok();
        stage.agent.step(&application, "reopen", json!({})).await.ok();
        stage.owner.submit(&application).await;
        stage.reviewer.step(&application, "approve", json!({})).await.ok();

        let seal = stage.scene.make(&application).await;
        let shown = stage.agent.get(&seal).await.ok();
        assert_eq!((&shown["state"], &shown["name"]), (&json!("made"), &json!(stage.unit_name)));
        assert_eq!(shown["code"], stage.agent.get(&application).await.ok()["seal_code"]);
        assert_eq!(stage.standing(&seal, SignedDuration::ZERO).await, "not_in_force");

        stage.filer.step(&seal, "file", json!({})).await.ok();
        stage.operator.step(&seal, "deliver", json!({ "to": "示例甲" })).await.ok();
        server.advance(SignedDuration::from_hours(1)).await;
        stage.agent.step(&seal, "accept", json!({})).await.ok();
        assert_eq!(stage.state(&application).await, "completed");
        server.advance(SignedDuration::from_hours(2)).await;
        let status = stage.agent.get(&format!("{seal}/status")).await.ok();
        assert_eq!(status["standing"], "valid");
        let states: Vec<_> = status["timeline"].as_array().unwrap().iter().map(|s| &s["state"]).collect();
        assert_eq!(states, ["making", "made", "filed", "delivered", "active"]);
        assert_eq!(stage.standing(&seal, SignedDuration::from_secs(9000)).await, "not_in_force");
        let tomorrow = server.now() + SignedDuration::from_hours(24);
        stage.agent.get(&format!("{seal}/status?at={tomorrow}")).await.problem("BAD_REQUEST");

        let code = shown["code"].as_str().unwrap();
        let found = stage.agent.get(&format!("/seals/by-code/{code}")).await.ok();
        assert_eq!(found["id"], shown["id"]);
        stage.agent.get("/seals/by-code/9999999999999").await.problem("NOT_FOUND");
        let listed = stage.agent.get("/seals?state=active&kind=legal_name").await.ok();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1, "{listed}");
        assert_eq!(listed["items"][0]["internal"], false);

        let data = stage.agent.get(&format!("{seal}/data")).await;
        data.ok_bytes();
        let read = Seal::parse(&data.body, &Limits::default()).unwrap();
        assert_eq!((read.es_id.as_str(), read.property.name.as_str()), (code, stage.unit_name.as_str()));
        let kinds = [("approval", ProofKind::MakingApproval), ("filing", ProofKind::FilingReceipt)];
        for (name, kind) in kinds {
            proof_holds(&stage, &seal, name, kind).await;
        }
        stage.agent.get(&format!("{seal}/proofs/cancellation")).await.problem("NOT_FOUND");

        stage
            .agent
            .post(&format!("{seal}/request-cancel"), json!({ "reason": "end_of_use", "detail": "业务终止" }))
            .await
            .ok();
        assert_eq!(stage.state(&seal).await, "active", "asked for, not done");
        let cancel = json!({ "reason": "end_of_use", "detail": "业务终止，不再使用" });
        stage.agent.step(&seal, "cancel", cancel.clone()).await.problem("FORBIDDEN");
        let change = json!({ "reason": "change", "detail": "变更" });
        assert_eq!(stage.reviewer.step(&seal, "cancel", change).await.faults()[0].1, "REASON");
        stage.reviewer.step(&seal, "cancel", cancel.clone()).await.ok();
        proof_holds(&stage, &seal, "cancellation", ProofKind::CancellationCertificate).await;
        assert_eq!(stage.standing(&seal, SignedDuration::ZERO).await, "ended");
        let again = stage.reviewer.step(&seal, "cancel", cancel).await.problem("STATE_CONFLICT");
        assert_eq!(again["allowed"], json!(["void"]));

        // Every step stands in the audit log, readings too.
        let auditor = server.admin("audit").await;
        let id = shown["id"].as_str().unwrap();
        let log = auditor.get(&format!("/audit?subject={id}&limit=200")).await.ok();
        let actions: Vec<_> =
            log["items"].as_array().unwrap().iter().map(|row| row["action"].as_str().unwrap()).collect();
        for action in [
            "seal.made",
            "seal.file",
            "seal.deliver",
            "seal.accept",
            "seal.read_data",
            "seal.read_proof",
            "seal.request_cancel",
            "seal.cancel",
        ] {
            assert!(actions.contains(&action), "{action}: {actions:?}");
        }
    });
}

#[test]
fn a_seal_for_internal_business_is_marked_wherever_it_shows() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await;
        let mut content = stage.content();
        content["internal"] = json!(true);
        let application = stage.draft(json!({ "kind": "new" }), content).await;
        stage.owner.submit(&application).await;
        stage.scene.approve(&application).await;
        let seal = stage.scene.make(&application).await;
        assert_eq!(stage.agent.get(&seal).await.ok()["internal"], true);
        assert_eq!(stage.agent.get(&format!("{seal}/status")).await.ok()["internal"], true);
        assert_eq!(stage.agent.get("/seals").await.ok()["items"][0]["internal"], true);
    });
}

async fn proof_holds(stage: &Stage<'_>, seal: &str, name: &str, kind: ProofKind) {
    let der = stage.agent.get(&format!("{seal}/proofs/{name}")).await;
    der.ok_bytes();
    let authority = &stage.server.app.authority;
    let facts = authority.trust();
    let signers = authority.as_approvers();
    let trust = ProofTrust { facts: &facts, signers: &signers };
    let verified = verify(&der.body, kind, trust, stage.server.now()).unwrap();
    let shown = stage.agent.get(seal).await.ok();
    assert_eq!(verified.statement.seal.code.as_deref(), shown["code"].as_str(), "{name}");
    assert_eq!(verified.statement.unit.name, stage.unit_name);
}
