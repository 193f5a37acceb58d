//! Loss, suspension, resumption, a seal made anew.

use crate::stage::{Stage, Whole as _, key};
use crate::support::for_each_engine;
use jiff::SignedDuration;
use serde_json::json;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

#[test]
fn loss_counts_from_when_it_happened_and_the_next_seal_cancels_the_lost_one() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let seal = stage.active().await;
        server.advance(HOUR * 10).await;
        let effective_at = server.now() - HOUR * 3;
        let loss =
            json!({ "reason": "key_leak", "detail": "密钥载体被他人复制", "effective_at": effective_at });
        let lost = stage.agent.post(&format!("{seal}/report-loss"), loss).await.ok();
        assert_eq!(lost["state"], "suspended");
        assert_eq!(stage.standing(&seal, HOUR * 4).await, "valid");
        assert_eq!(stage.standing(&seal, HOUR * 2).await, "suspended");
        let resume = json!({ "reason": "载体已找回" });
        stage.agent.step(&seal, "resume", resume.clone()).await.problem("FORBIDDEN");
        let never = stage.reviewer.step(&seal, "resume", resume).await.problem("CONFLICT");
        assert!(never["detail"].as_str().unwrap().contains("KEY_LEAKED"), "{never}");

        let old = key(&seal);
        let mut other = stage.content();
        other["kind"] = json!("business_contract");
        let body =
            json!({ "unit": stage.unit, "basis": { "kind": "remake", "seal": old }, "content": other });
        let kind = stage.agent.post("/applications", body).await.problem("CONFLICT");
        assert!(kind["detail"].as_str().unwrap().contains("KIND_FIXED"), "{kind}");
        let remake = stage.approved(json!({ "kind": "remake", "seal": old })).await;
        let next = stage.delivered(&remake).await;
        assert_eq!(stage.state(&seal).await, "suspended", "until the next is in hand");
        stage.agent.step(&next, "accept", json!({})).await.ok();
        let ended = stage.agent.get(&seal).await.ok();
        assert_eq!((&ended["state"], &ended["end"]["reason"]), (&json!("canceled"), &json!("remade")));
        stage.agent.get(&format!("{seal}/proofs/cancellation")).await.ok_bytes();
        assert_eq!(stage.standing(&seal, HOUR * 4).await, "valid", "the past stays");
        assert_eq!(stage.agent.get(&next).await.ok()["previous"], json!(old));
        assert_eq!(stage.state(&next).await, "active");
    });
}

#[test]
fn a_loss_lies_not_in_the_future_and_is_a_loss() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let seal = stage.active().await;
        let report = format!("{seal}/report-loss");
        let tomorrow = server.now() + HOUR * 24;
        let early = json!({ "reason": "loss", "detail": "明天会丢", "effective_at": tomorrow });
        stage.agent.post(&report, early).await.problem("CONFLICT");
        let other = json!({ "reason": "unlawful", "detail": "涉嫌违法" });
        assert_eq!(stage.agent.post(&report, other).await.faults()[0].1, "REASON");
        let unknown = json!({ "reason": "sold", "detail": "卖掉了" });
        stage.agent.post(&report, unknown).await.problem("VALIDATION");
        assert_eq!(stage.state(&seal).await, "active");
    });
}

#[test]
fn unit_and_authority_suspend_each_for_reasons_of_their_own() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let seal = stage.active().await;
        let unlawful = json!({ "reason": "unlawful", "detail": "涉嫌违法使用" });
        stage.agent.step(&seal, "suspend", unlawful.clone()).await.problem("FORBIDDEN");
        let bare = stage.reviewer.step(&seal, "suspend", unlawful).await.problem("CONFLICT");
        assert!(bare["detail"].as_str().unwrap().contains("DOCUMENT_MISSING"), "{bare}");

        let own = json!({ "reason": "unit_request", "detail": "年度盘点", "document": "示授〔2026〕1 号" });
        stage.agent.step(&seal, "suspend", own).await.ok();
        let until = server.now() + HOUR * 24 * 30;
        let correct = json!({ "reason": "correction", "detail": "限期整改", "document": "示改〔2026〕1 号", "until": until });
        let twice = stage.reviewer.step(&seal, "suspend", correct).await.ok();
        assert_eq!(twice["suspensions"].as_array().unwrap().len(), 2);
        stage.reviewer.step(&seal, "resume", json!({ "reason": "整改完成" })).await.ok();
        let resumed = stage.agent.get(&seal).await.ok();
        assert_eq!((&resumed["state"], &resumed["suspensions"]), (&json!("active"), &json!([])));
    });
}

#[test]
fn a_void_seal_was_void_from_the_moment_the_decision_names() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let seal = stage.active().await;
        server.advance(HOUR * 10).await;
        let since = server.now() - HOUR * 5;
        let body = json!({
            "reason": "false_materials", "detail": "材料经查证系伪造", "effective_at": since, "document": "示决〔2026〕1 号",
        });
        stage.agent.step(&seal, "void", body.clone()).await.problem("FORBIDDEN");
        stage.reviewer.step(&seal, "void", body.clone()).await.ok();
        assert_eq!(stage.standing(&seal, HOUR * 6).await, "valid");
        assert_eq!(stage.standing(&seal, HOUR * 4).await, "void");

        // One that is still on its way takes its application along.
        let application = stage.approved(json!({ "kind": "new" })).await;
        let coming = stage.scene.make(&application).await;
        let mut body = body;
        body["effective_at"] = json!(server.now());
        stage.reviewer.step(&coming, "void", body).await.ok();
        assert_eq!(stage.state(&application).await, "lapsed");
    });
}
