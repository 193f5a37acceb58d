//! Flows of approval as data of a unit.

use crate::stage::{Stage, rule};
use crate::support::for_each_engine;
use serde_json::{Value, json};

#[test]
fn a_unit_writes_its_flows_and_the_closest_applies() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let path = format!("/units/{}/flows", stage.owner.id);
        let applies = async |kind: &str| {
            let found = stage.user.get(&format!("{}/flow?document_kind={kind}", stage.seal)).await;
            found.status.is_success().then(|| found.ok()["name"].as_str().unwrap().to_owned())
        };
        assert_eq!(rule(&stage.user.get(&format!("{}/flow?document_kind=X", stage.seal)).await), "NO_FLOW");
        let all = stage.flow().await;
        assert_eq!((&all["flow_version"], &all["state"]), (&json!(1), &json!("live")));
        let step = |approvers: Value, need: u16| json!([{ "name": "总经理", "approvers": approvers, "need": need, "hours": 48, "delegable": true }]);
        let body = json!({
            "name": "合同专用", "seal_kinds": ["business_contract"], "document_kinds": ["contract"],
            "steps": step(json!([stage.approver.id]), 1),
        });
        stage.user.post(&path, body.clone()).await.problem("FORBIDDEN");
        stage.stranger().await.post(&path, body.clone()).await.problem("NOT_FOUND");
        let close = stage.agent.post(&path, body.clone()).await.ok();
        assert_eq!(applies("contract").await.as_deref(), Some("合同专用"));
        assert_eq!(applies("letter").await.as_deref(), Some("合同用印审批"));

        for (change, expected) in [
            (json!({ "steps": [] }), "FLOW_STEPS"),
            (json!({ "steps": step(json!([stage.approver.id]), 2) }), "FLOW_NEED"),
            (json!({ "steps": step(json!([stage.approver.id, stage.approver.id]), 1) }), "FLOW_APPROVERS"),
            (json!({ "name": " " }), "FLOW_NAME"),
        ] {
            let mut bad = body.clone();
            bad.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            assert_eq!(rule(&stage.agent.post(&path, bad).await), expected);
        }
        let mut strange = body.clone();
        strange["steps"] = step(json!([stage.user.id]), 1);
        let faults = stage.agent.post(&path, strange).await.faults();
        assert_eq!(faults[0], ("/steps/0/approvers/0".to_owned(), "NOT_ABLE".to_owned()));

        let one = format!("/flows/{}", close["id"].as_str().unwrap());
        let mut next = body;
        next["name"] = json!("合同专用（修订）");
        stage.agent.put_at(7, &one, next.clone()).await.problem("PRECONDITION_FAILED");
        let revised = stage.agent.put_at(1, &one, next.clone()).await.ok();
        assert_eq!((&revised["flow_version"], &revised["name"]), (&json!(2), &json!("合同专用（修订）")));
        stage.agent.step(&one, "retire", json!({ "reason": "流程合并" })).await.ok();
        assert_eq!(applies("contract").await.as_deref(), Some("合同用印审批"));
        assert_eq!(rule(&stage.agent.put_at(3, &one, next).await), "FLOW_RETIRED");
        let live = stage.supervisor.get("/flows?state=live").await.ok();
        assert_eq!(live["items"].as_array().unwrap().len(), 1);
        stage
            .supervisor
            .post_at(3, &format!("{one}/retire"), json!({ "reason": "监督" }))
            .await
            .problem("FORBIDDEN");
        assert_eq!(stage.log(&one).await, ["flow.open", "flow.revise", "flow.retire"]);
    });
}
