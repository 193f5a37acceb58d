//! What a step costs the database: ten round trips are the aim, login and answer included.

use crate::stage::{Stage, thing};
use crate::support::{Client, Server, for_each_engine};
use serde_json::{Value, json};

const MOST: u64 = 10;

/// A step on something read before, and what the step alone cost.
async fn cost(server: &Server, who: &Client, path: &str, verb: &str, body: Value) -> (Value, u64) {
    let version = who.get(path).await.version();
    let before = server.app.store.round_trips();
    let answer = who.post_at(version, &format!("{path}/{verb}"), body).await;
    let trips = server.app.store.round_trips() - before;
    (answer.ok(), trips)
}

#[test]
fn no_step_of_the_full_path_costs_more_than_it_should() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let mut costs = Vec::new();
        let before = server.app.store.round_trips();
        let body = json!({ "unit": stage.unit, "basis": { "kind": "new" }, "content": stage.content() });
        let opened = stage.agent.post("/applications", body).await.ok();
        costs.push(("open", server.app.store.round_trips() - before));
        let application = thing("applications", &opened);
        stage.owner.hand_in_materials(&application).await;
        let truth = stage.owner.truth(&application).await;
        costs.push(("submit", cost(server, &stage.agent, &application, "submit", truth).await.1));
        costs.push(("approve", cost(server, &stage.reviewer, &application, "approve", json!({})).await.1));

        let before = server.app.store.round_trips();
        let taken = stage.operator.post(&format!("{application}/making"), json!({})).await.ok();
        costs.push(("take", server.app.store.round_trips() - before));
        server.make_all().await;

        let seal = format!("/seals/{}", taken["assigned"]["id"].as_str().unwrap());
        costs.push(("file", cost(server, &stage.filer, &seal, "file", json!({})).await.1));
        let to = json!({ "to": "示例甲" });
        costs.push(("deliver", cost(server, &stage.operator, &seal, "deliver", to).await.1));
        costs.push(("accept", cost(server, &stage.agent, &seal, "accept", json!({})).await.1));
        let loss = json!({ "reason": "loss", "detail": "载体遗失" });
        costs.push(("report-loss", cost(server, &stage.agent, &seal, "report-loss", loss).await.1));
        let resume = json!({ "reason": "已找回" });
        costs.push(("resume", cost(server, &stage.reviewer, &seal, "resume", resume).await.1));
        let cancel = json!({ "reason": "end_of_use", "detail": "不再使用" });
        costs.push(("cancel", cost(server, &stage.reviewer, &seal, "cancel", cancel).await.1));
        let dear: Vec<_> = costs.iter().filter(|(_, trips)| *trips > MOST).collect();
        assert!(dear.is_empty(), "{dear:?} of {costs:?}");
    });
}
