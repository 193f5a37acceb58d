//! Emergency measures: rehearsed first, then carried out upon the same seals.

use crate::stage::{Stage, key, thing};
use crate::support::{CITY, Role, for_each_engine, sample};
use serde_json::{Value, json};

fn measure(which: &Value, drill: Option<&str>) -> Value {
    let mut body = json!({
        "reason": "unlawful", "detail": "涉嫌集中冒用", "document": "示例急停〔2026〕1号", "dry_run": false,
    });
    for (name, value) in which.as_object().unwrap() {
        body[name] = value.clone();
    }
    body["drill"] = json!(drill);
    body
}

#[test]
fn a_drill_says_what_a_measure_would_touch_changes_nothing_and_is_referred_to() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let own = stage.active().await;
        let other = stage.scene.owner(12).await;
        let others = stage.scene.legal_name_seal(&other).await;
        let coming = other.submitted(sample::contract_content(12)).await;
        stage.scene.approve(&coming).await;
        stage.scene.make(&coming).await;
        let made = stage.agent.get(&own).await.ok()["made"].clone();
        let (issuer, serial) = (&made["certificate_issuer"], &made["certificate_serial"]);

        let plan = |which: &Value| json!({ "plan": "集中冒用应急预案", "seals": which });
        let targets: [(Value, u64, u64); 5] = [
            (json!({ "issuer": issuer }), 2, 1),
            (json!({ "issuer": issuer, "first_serial": serial, "last_serial": serial }), 1, 0),
            (json!({ "unit": stage.unit }), 1, 0),
            (json!({ "area": CITY }), 2, 1),
            (json!({ "maker": stage.maker }), 2, 1),
        ];
        let mut drills = Vec::new();
        for (which, seals, coming) in &targets {
            let held = stage.reviewer.post("/drills", plan(which)).await.ok();
            let found = &held["found"];
            assert_eq!(
                (&found["seals"], &found["coming"], &found["complete"]),
                (&json!(seals), &json!(coming), &json!(true)),
                "{which}"
            );
            assert_eq!(found["first"].as_array().unwrap().len() as u64, *seals);
            assert!(held["took_ms"].is_u64());
            drills.push(held["id"].as_str().unwrap().to_owned());
        }
        assert_eq!(stage.state(&own).await, "active", "rehearsed only");
        assert_eq!(other.agent.get(&others).await.ok()["state"], "active");
        let supervisor = server.account(Role::Supervisor, Some(CITY)).await;
        supervisor.post("/drills", plan(&targets[0].0)).await.problem("FORBIDDEN");
        stage.agent.get("/drills").await.problem("FORBIDDEN");
        assert_eq!(supervisor.get("/drills").await.ok()["items"].as_array().unwrap().len(), 5);
        let city = json!({
            "parent": "610000", "code": "610200", "name": "示例二市", "level": "city", "authority": "示例二市行政审批局",
        });
        server.admin("system").await.post("/areas", city).await.ok();
        let strange = server.account(Role::IssuingReviewer, Some("/100000/610000/610200/")).await;
        strange.get(&format!("/drills/{}", drills[0])).await.problem("NOT_FOUND");
        for bad in [
            json!({}),
            json!({ "unit": stage.unit, "area": CITY }),
            json!({ "unit": stage.unit, "first_serial": "1" }),
        ] {
            assert_eq!(
                stage.reviewer.post("/drills", plan(&bad)).await.faults(),
                [("/seals".to_owned(), "EXCLUSIVE".to_owned())]
            );
        }

        // The real measure upon the same seals, and upon no others, refers to its drill.
        let bulk = "/seals/bulk-suspensions";
        let unit = &targets[2].0;
        let differs = stage.reviewer.post(bulk, measure(unit, Some(&drills[3]))).await.problem("CONFLICT");
        assert_eq!(differs["rule"], "DRILL_DIFFERS");
        let unknown = measure(unit, Some("drl_00000000000000000000000000"));
        assert_eq!(
            stage.reviewer.post(bulk, unknown).await.faults(),
            [("/drill".to_owned(), "UNKNOWN".to_owned())]
        );
        assert_eq!(stage.state(&own).await, "active");
        let done = stage.reviewer.post(bulk, measure(unit, Some(&drills[2]))).await.ok();
        assert_eq!((&done["state"], &done["suspended"]), (&json!("done"), &json!(1)));
        assert_eq!(stage.state(&own).await, "suspended");
        assert_eq!(other.agent.get(&others).await.ok()["state"], "active", "another unit's");
        let drill = supervisor.get(&format!("/drills/{}", drills[2])).await.ok();
        assert_eq!(drill["carried_out"][0]["measure"], done["measure"]);
        assert_eq!(drill["found"]["seals"], 1, "what was found stays as it was found");
        let listed = supervisor.get("/drills?state=carried_out").await.ok();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);

        // By maker without a drill: what is suspended already gets a further ground once.
        let maker = stage.reviewer.post(bulk, measure(&targets[4].0, None)).await.ok();
        assert_eq!(
            maker["suspended"], 1,
            "the other unit's; the first is suspended by this decision already"
        );
        let area = stage.reviewer.post(bulk, measure(&targets[3].0, None)).await.ok();
        assert_eq!(area["suspended"], 0);
        let auditor = server.admin("audit").await;
        let log = auditor.get("/audit?action=drill.hold&limit=200").await.ok();
        assert_eq!(log["items"].as_array().unwrap().len(), 5);
        let log = auditor.get(&format!("/audit?subject={}", done["measure"].as_str().unwrap())).await.ok();
        assert_eq!(log["items"][0]["details"]["drill"], json!(drills[2]));
        assert_eq!(key(&thing("drills", &drill)), drills[2]);
    });
}
