//! Rules of use of units: handed in, looked at again, and seen where they are missing.

use crate::support::scene::Scene;
use crate::support::{Answer, CITY, Client, Role, for_each_engine, sample};
use crate::{OTHER_CITY, add_other_city};
use serde_json::{Value, json};

async fn hand_in(who: &Client, unit: &str, reviewed_on: &str, bytes: &[u8]) -> Answer {
    let seen = who.get(&format!("/units/{unit}/use-rules")).await;
    let version = if seen.status.is_success() { seen.version() } else { 0 };
    let target = format!(
        "/api/v1/units/{unit}/use-rules?file_name=rules.pdf&body_in_charge=office&reviewed_on={reviewed_on}"
    );
    let tag = format!("\"{version}\"");
    who.send("PUT", &target, &[("content-type", "application/pdf"), ("if-match", &tag)], bytes.to_vec()).await
}

async fn units(who: &Client, query: &str) -> Vec<String> {
    let listed = who.get(&format!("/use-rules{query}")).await.ok();
    listed["items"].as_array().unwrap().iter().map(|line| line["unit"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_supervisor_sees_which_units_have_no_rules_or_old_ones() {
    for_each_engine(async |server| {
        let scene = Scene::set(server).await;
        let supervisor = server.account(Role::Supervisor, Some(CITY)).await;
        let (one, other) = (scene.owner(1).await, scene.owner(2).await);
        let mut body = sample::unit(3);
        body["form"] = json!("internal_body");
        body["parent"] = json!(one.id);
        body["credit_code"] = Value::Null;
        scene.reviewer.post("/units", body).await.ok();
        assert_eq!(
            units(&supervisor, "").await,
            [one.id.clone(), other.id.clone()],
            "bodies go by their unit's"
        );

        let rules = format!("/units/{}/use-rules", one.id);
        assert_eq!(one.agent.get(&rules).await.ok()["state"], "missing");
        one.agent.get(&format!("{rules}/document")).await.problem("NOT_FOUND");
        let today = yinxin_registry::profile::day_of(server.now());
        let bytes = sample::pdf("印章使用管理制度");
        hand_in(&other.agent, &one.id, &today.to_string(), &bytes).await.problem("NOT_FOUND");
        hand_in(&scene.reviewer, &one.id, &today.to_string(), &bytes).await.problem("FORBIDDEN");
        let ahead = today.tomorrow().unwrap().to_string();
        let ahead = hand_in(&one.agent, &one.id, &ahead, &bytes).await.problem("CONFLICT");
        assert_eq!(ahead["rule"], "RULES_REVIEW");
        hand_in(&one.agent, &one.id, "2026-13-01", &bytes).await.problem("BAD_REQUEST");
        let put = hand_in(&one.agent, &one.id, &today.to_string(), &bytes).await.ok();
        assert_eq!((&put["state"], &put["body_in_charge"]), (&json!("current"), &json!("office")));
        assert_eq!(supervisor.get(&format!("{rules}/document")).await.body, bytes);
        assert_eq!(units(&supervisor, "?state=missing").await, [other.id.as_str()]);
        assert_eq!(units(&supervisor, "?state=current").await, [one.id.as_str()]);
        one.agent.get("/use-rules").await.problem("NOT_FOUND");
        supervisor.get("/use-rules?state=old").await.problem("BAD_REQUEST");

        // A year and more goes by; looking at them again makes them current.
        server.advance_days(400).await;
        assert_eq!(one.agent.get(&rules).await.ok()["state"], "outdated");
        assert_eq!(units(&supervisor, "?state=outdated").await, [one.id.as_str()]);
        assert!(units(&supervisor, "?state=current").await.is_empty());
        let today = yinxin_registry::profile::day_of(server.now());
        let review = json!({ "reviewed_on": today, "body_in_charge": "综合管理部" });
        let seen = one.agent.step(&rules, "review", review.clone()).await.ok();
        assert_eq!(
            (&seen["state"], &seen["document"]["digest"]),
            (&json!("current"), &put["document"]["digest"])
        );
        assert_eq!((&seen["former"][0]["body_in_charge"], &seen["version"]), (&json!("office"), &json!(2)));
        other
            .agent
            .post_at(0, &format!("/units/{}/use-rules/review", other.id), review)
            .await
            .problem("NOT_FOUND");
        assert!(units(&supervisor, "?state=outdated").await.is_empty());

        add_other_city(server).await;
        let strange = server.account(Role::Supervisor, Some(OTHER_CITY)).await;
        assert!(units(&strange, "").await.is_empty());
        strange.get(&rules).await.problem("NOT_FOUND");
        let auditor = server.admin("audit").await;
        let log = auditor.get(&format!("/audit?subject={}&limit=200", one.id)).await.ok();
        let count = |action: &str| {
            log["items"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|row| row["action"] == action && row["outcome"] == "ok")
                .count()
        };
        assert_eq!(
            (count("use_rules.put"), count("use_rules.review"), count("use_rules.read_document")),
            (1, 1, 1)
        );
    });
}
