//! Nothing is handed over before it is filed, and nobody takes two parts that exclude each other.

use crate::stage::{Stage, Whole as _, key};
use crate::support::for_each_engine;
use serde_json::json;

#[test]
fn no_seal_is_handed_over_before_filing() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let application = stage.approved(json!({ "kind": "new" })).await;
        let seal = stage.scene.make(&application).await;
        let to = json!({ "to": "示例甲" });
        let early = stage.operator.step(&seal, "deliver", to.clone()).await.problem("STATE_CONFLICT");
        assert_eq!(early["allowed"], json!(["file", "abandon", "void"]));
        stage.agent.step(&seal, "accept", json!({})).await.problem("STATE_CONFLICT");
        // The data itself is not to be had either, but by those who work on it.
        let refused = stage.agent.get(&format!("{seal}/data")).await.problem("CONFLICT");
        assert!(refused["detail"].as_str().unwrap().contains("NOT_DELIVERED"), "{refused}");
        stage.filer.get(&format!("{seal}/data")).await.ok_bytes();
        stage.operator.get(&format!("{seal}/data")).await.ok_bytes();

        stage.operator.step(&seal, "file", json!({})).await.problem("FORBIDDEN");
        let filed = stage.filer.step(&seal, "file", json!({})).await.ok();
        assert_eq!(filed["filing"]["late"], false);
        stage.agent.get(&format!("{seal}/data")).await.problem("CONFLICT");
        assert_eq!(stage.operator.step(&seal, "deliver", json!({ "to": " " })).await.faults()[0].0, "/to");
        stage.operator.step(&seal, "deliver", to.clone()).await.ok();
        stage.agent.get(&format!("{seal}/data")).await.ok_bytes();

        stage.agent.step(&seal, "decline", json!({ "reason": "印模有瑕疵" })).await.ok();
        assert_eq!(stage.state(&seal).await, "filed");
        stage.operator.step(&seal, "deliver", to).await.ok();
        let accepted = stage.agent.step(&seal, "accept", json!({})).await.ok();
        assert!(accepted["delivery"]["accepted_at"].is_string(), "{accepted}");
    });
}

#[test]
fn somebody_of_another_unit_finds_nothing() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let seal = stage.active().await;
        let stranger = stage.scene.owner(12).await.agent;
        for path in
            [seal.clone(), format!("{seal}/status"), format!("{seal}/data"), format!("{seal}/proofs/filing")]
        {
            stranger.get(&path).await.problem("NOT_FOUND");
        }
        let loss = json!({ "reason": "loss", "detail": "不是我的印章" });
        stranger.post(&format!("{seal}/report-loss"), loss).await.problem("NOT_FOUND");
        assert_eq!(stranger.get("/seals").await.ok()["items"], json!([]));
        let body = json!({ "seal": key(&seal), "reason": "更名", "content": stage.content() });
        stranger.post("/changes", body).await.problem("NOT_FOUND");
    });
}
