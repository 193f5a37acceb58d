//! Agents who may not apply.

use crate::support::scene::Scene;
use crate::support::{for_each_engine, on_sqlite, sample};
use crate::{add_other_city, items, stranger};
use serde_json::{Value, json};

fn block(id_number: &Value) -> Value {
    json!({
        "area": "610100", "name": "示例甲", "id_number": id_number, "reason": "提交虚假材料", "document": "示例决〔2026〕1号",
    })
}

/// Whether the check that the agent may apply holds.
fn allowed(checks: &Value) -> bool {
    let check = checks["checks"].as_array().unwrap().iter().find(|c| c["code"] == "AGENT_ALLOWED").unwrap();
    check["passed"] == true
}

#[test]
fn an_application_of_a_blocked_agent_fails_its_check_until_the_block_is_lifted() {
    for_each_engine(async |server| {
        let scene = Scene::set(server).await;
        let owner = scene.owner(1).await;
        let application = owner.draft(sample::content(1)).await;
        owner.hand_in_materials(&application).await;
        let checks = format!("{application}/checks");
        assert!(allowed(&owner.agent.get(&checks).await.ok()));

        let agent = sample::content(1)["agent"]["id_number"].clone();
        let added = scene.reviewer.post("/blocks", block(&agent)).await.ok();
        assert!(!added.to_string().contains(agent.as_str().unwrap()), "{added}");
        assert!(!allowed(&owner.agent.get(&checks).await.ok()));
        let truth = owner.truth(&application).await;
        let refused = owner.agent.step(&application, "submit", truth).await;
        assert!(refused.status.is_client_error(), "{}", refused.text());

        let path = format!("/blocks/{}", added["id"].as_str().unwrap());
        let lifted = scene.reviewer.step(&path, "lift", json!({ "reason": "复核后撤销原决定" })).await.ok();
        assert!(lifted["lifted_at"].is_string());
        scene.reviewer.step(&path, "lift", json!({ "reason": "复核后撤销" })).await.problem("STATE_CONFLICT");
        assert!(allowed(&owner.agent.get(&checks).await.ok()));
        owner.submit(&application).await;
    });
}

#[test]
fn a_block_counts_in_its_area_and_time_and_only_its_authority_sees_it() {
    on_sqlite(async |server| {
        add_other_city(server).await;
        let scene = Scene::set(server).await;
        let owner = scene.owner(1).await;
        let application = owner.draft(sample::content(1)).await;
        let checks = format!("{application}/checks");
        let agent = sample::content(1)["agent"]["id_number"].clone();
        let foreign = stranger(server).await;
        foreign.post("/blocks", block(&agent)).await.problem("NOT_FOUND");
        let mut elsewhere = block(&agent);
        elsewhere["area"] = json!("610200");
        foreign.post("/blocks", elsewhere).await.ok();
        assert!(
            allowed(&owner.agent.get(&checks).await.ok()),
            "the block of another city does not count here"
        );

        let mut short = block(&agent);
        short["until"] = json!(server.now().saturating_add(jiff::SignedDuration::from_hours(24)).unwrap());
        let added = scene.reviewer.post("/blocks", short).await.ok();
        assert!(!allowed(&owner.agent.get(&checks).await.ok()));
        assert_eq!(items(&scene.reviewer, "/blocks").await.len(), 1);
        assert_eq!(items(&foreign, "/blocks").await.len(), 1);
        foreign.get(&format!("/blocks/{}", added["id"].as_str().unwrap())).await.problem("NOT_FOUND");
        owner.agent.get("/blocks").await.problem("FORBIDDEN");
        server.advance_days(2).await;
        assert!(allowed(&owner.agent.get(&checks).await.ok()), "it has ended");

        let mut wrong = block(&json!("610102197001150010"));
        wrong["until"] = json!("2020-01-01T00:00:00Z");
        let faults = scene.reviewer.post("/blocks", wrong).await.faults();
        let pointers: Vec<&str> = faults.iter().map(|(pointer, _)| pointer.as_str()).collect();
        assert_eq!(pointers, ["/id_number", "/until"]);
    });
}
