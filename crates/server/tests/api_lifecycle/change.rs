//! Change cases: cancel, then apply, carried as one.

use crate::stage::{Stage, key, thing};
use crate::support::for_each_engine;
use serde_json::json;

#[test]
fn approval_of_the_new_seal_cancels_the_old_one_and_its_acceptance_closes_the_case() {
    for_each_engine(async |server| {
        let mut stage = Stage::set(server).await;
        let seal = stage.active().await;
        stage.unit_name = "示例市新示例科技有限公司".to_owned();
        let unit = format!("/units/{}", stage.unit);
        let version = stage.reviewer.get(&unit).await.version();
        let rename = [("if-match", &*format!("\"{version}\"")), ("idempotency-key", "rename")];
        stage.reviewer.json("PATCH", &unit, &rename, json!({ "name": stage.unit_name })).await.ok();

        let old = key(&seal).to_owned();
        let mut other = stage.content();
        other["kind"] = json!("business_contract");
        let body = |content| json!({ "seal": old, "reason": "单位名称变更", "content": content });
        stage.agent.post("/changes", body(other)).await.problem("CONFLICT");
        let opened = stage.agent.post("/changes", body(stage.content())).await.ok();
        let case = thing("changes", &opened);
        // Two rules of the database forbid it, and each engine names the one it looks at first.
        let second = stage.agent.post("/changes", body(stage.content())).await;
        let code = second.json()["code"].as_str().unwrap().to_owned();
        assert!(["DUPLICATE", "LEGAL_NAME_SEAL_EXISTS"].contains(&&*code), "{code}");
        let application = format!("/applications/{}", opened["application"].as_str().unwrap());
        stage.owner.hand_in_materials(&application).await;
        stage.owner.submit(&application).await;

        // A refusal leaves the old one in force.
        let refused = json!({ "reasons": ["变更材料不全"] });
        stage.reviewer.step(&application, "refuse", refused).await.ok();
        assert_eq!(stage.state(&seal).await, "active");
        stage.agent.step(&application, "reopen", json!({})).await.ok();
        stage.owner.submit(&application).await;
        let alone = stage.agent.step(&application, "withdraw", json!({ "reason": "不办了" })).await;
        assert!(alone.problem("CONFLICT")["detail"].as_str().unwrap().contains("CHANGE_CASE"));
        stage.reviewer.step(&application, "approve", json!({})).await.ok();
        let ended = stage.agent.get(&seal).await.ok();
        assert_eq!((&ended["state"], &ended["end"]["reason"]), (&json!("canceled"), &json!("change")));
        assert_eq!(stage.state(&case).await, "canceled");
        let late = stage.agent.step(&case, "withdraw", json!({ "reason": "不办了" })).await;
        late.problem("STATE_CONFLICT");

        let new = stage.delivered(&application).await;
        stage.agent.step(&new, "accept", json!({})).await.ok();
        let closed = stage.agent.get(&case).await.ok();
        assert_eq!(closed["state"], "completed");
        assert_eq!(format!("/seals/{}", closed["new_seal"].as_str().unwrap()), new);
        assert_eq!(stage.agent.get(&new).await.ok()["name"], json!(stage.unit_name));
        let listed = stage.agent.get("/changes?state=completed").await.ok();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn a_withdrawn_case_leaves_the_seal_and_takes_its_application_along() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let seal = stage.active().await;
        let body = json!({ "seal": key(&seal), "reason": "印模变更", "content": stage.content() });
        for refused in [false, true] {
            let opened = stage.agent.post("/changes", body.clone()).await.ok();
            let case = thing("changes", &opened);
            let application = format!("/applications/{}", opened["application"].as_str().unwrap());
            if refused {
                stage.owner.hand_in_materials(&application).await;
                stage.owner.submit(&application).await;
                let why = json!({ "reasons": ["理由不充分"] });
                stage.reviewer.step(&application, "refuse", why).await.ok();
            }
            stage.agent.step(&case, "withdraw", json!({ "reason": "不再变更" })).await.ok();
            assert_eq!(stage.state(&application).await, "withdrawn");
            assert_eq!(stage.state(&case).await, "withdrawn");
            assert_eq!(stage.state(&seal).await, "active");
        }
    });
}

#[test]
fn a_seal_canceled_while_its_change_is_open_lets_the_change_go_on() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let seal = stage.active().await;
        let body = json!({ "seal": key(&seal), "reason": "印模变更", "content": stage.content() });
        let opened = stage.agent.post("/changes", body).await.ok();
        let application = format!("/applications/{}", opened["application"].as_str().unwrap());
        stage.owner.hand_in_materials(&application).await;
        stage.owner.submit(&application).await;
        let damage = json!({ "reason": "damage", "detail": "载体损毁" });
        stage.reviewer.step(&seal, "cancel", damage).await.ok();
        assert_eq!(stage.state(&thing("changes", &opened)).await, "canceled");
        stage.reviewer.step(&application, "approve", json!({})).await.ok();
        let new = stage.delivered(&application).await;
        stage.agent.step(&new, "accept", json!({})).await.ok();
        assert_eq!(stage.state(&thing("changes", &opened)).await, "completed");
    });
}
