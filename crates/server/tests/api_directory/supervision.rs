//! Supervision of makers: written and settled by the issuing department, read by supervisors, filing officers and the maker itself.

use crate::support::scene::Scene;
use crate::support::{CITY, for_each_engine, sample};
use jiff::SignedDuration;
use serde_json::{Value, json};
use yinxin_registry::role::Role;

fn ids(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|e| e["id"].as_str().unwrap()).collect()
}

#[test]
fn what_is_found_at_an_entrusted_maker_is_ordered_corrected_settled_and_audited() {
    for_each_engine(async |server| {
        let scene = Scene::set(server).await;
        let mut entrusted = sample::maker(7, server.now());
        let until = server.now() + SignedDuration::from_hours(24 * 300);
        entrusted["entrusted"] =
            json!({ "by": "示例市行政审批局", "document": "示例委〔2026〕1号", "until": until });
        let made = scene.reviewer.post("/makers", entrusted).await.ok();
        let id = made["id"].as_str().unwrap();
        let log = format!("/makers/{id}/supervision");
        let operator = server.account(Role::MakerOperator, Some(id)).await;
        let supervisor = server.account(Role::Supervisor, Some(CITY)).await;
        let due = server.now() + SignedDuration::from_hours(24 * 10);

        let seen = json!({ "kind": "inspection", "text": "季度检查", "document": "示例检〔2026〕3号" });
        let inspection = scene.reviewer.post_as("key-1", &log, seen.clone()).await;
        let again = scene.reviewer.post_as("key-1", &log, seen).await;
        assert_eq!(
            (inspection.ok()["id"].clone(), again.header("idempotency-replayed")),
            (again.ok()["id"].clone(), "true")
        );
        let inspection = inspection.ok();
        assert_eq!(
            (&inspection["state"], &inspection["entrusted_by"]),
            (&json!("noted"), &json!("示例市行政审批局"))
        );
        let order = json!({
            "kind": "order", "text": "印模库未双人保管，责令整改", "due": due, "follows": inspection["id"],
        });
        let order = scene.reviewer.post(&log, order).await.ok();
        assert_eq!((&order["state"], &order["overdue"]), (&json!("open"), &json!(false)));
        let one = format!("/supervision/{}", order["id"].as_str().unwrap());

        // The maker reads what is said of it, and of nobody else; it writes nothing.
        assert_eq!(ids(&operator.get(&log).await.ok()).len(), 2);
        assert_eq!(ids(&operator.get("/supervision?state=open").await.ok()), [order["id"].as_str().unwrap()]);
        operator.get(&one).await.ok();
        scene.operator.get(&one).await.problem("NOT_FOUND");
        scene.operator.get(&log).await.problem("NOT_FOUND");
        assert!(ids(&scene.operator.get("/supervision").await.ok()).is_empty());
        let settle = json!({ "remark": "复查合格" });
        operator.step(&one, "settle", settle.clone()).await.problem("FORBIDDEN");
        supervisor.step(&one, "settle", settle.clone()).await.problem("FORBIDDEN");
        supervisor.post(&log, json!({ "kind": "finding", "text": "监督员只读" })).await.problem("FORBIDDEN");
        assert_eq!(ids(&supervisor.get("/supervision?kind=order").await.ok()).len(), 1);
        supervisor.get("/supervision?kind=orders").await.problem("BAD_REQUEST");

        server.advance(SignedDuration::from_hours(24 * 11)).await;
        let reviewer = server.login_again(&scene.reviewer).await;
        assert_eq!(reviewer.get(&one).await.ok()["overdue"], true);
        let done = reviewer.step(&one, "settle", settle.clone()).await.ok();
        assert_eq!(
            (&done["state"], &done["overdue"], &done["remark"]),
            (&json!("done"), &json!(false), &json!("复查合格"))
        );
        let twice = reviewer.step(&one, "settle", settle.clone()).await.problem("STATE_CONFLICT");
        assert_eq!(twice["state"], "done");
        let noted = format!("/supervision/{}", inspection["id"].as_str().unwrap());
        assert_eq!(reviewer.step(&noted, "settle", settle).await.problem("STATE_CONFLICT")["state"], "noted");

        let case = json!({ "case": "示例监管案", "subjects": [id], "document": "示例调证〔2026〕3号" });
        let case = supervisor.post("/cases", case).await.ok();
        assert!(case["export"].as_str().unwrap().contains("supervision.settle"));
        let auditor = server.admin("audit").await;
        let rows = auditor.get(&format!("/audit?subject={id}&limit=200")).await.ok();
        let actions: Vec<&str> =
            rows["items"].as_array().unwrap().iter().map(|row| row["action"].as_str().unwrap()).collect();
        for (action, times) in [("supervision.write", 2), ("supervision.settle", 1)] {
            assert_eq!(actions.iter().filter(|found| **found == action).count(), times, "{actions:?}");
        }
    });
}

#[test]
fn an_entry_follows_its_rules_and_stays_within_its_area() {
    for_each_engine(async |server| {
        let scene = Scene::set(server).await;
        let log = format!("/makers/{}/supervision", scene.maker);
        let due = server.now() + SignedDuration::from_hours(24);
        for body in [
            json!({ "kind": "order", "text": "责令整改" }),
            json!({ "kind": "finding", "text": "发现问题", "due": due }),
        ] {
            assert_eq!(scene.reviewer.post(&log, body).await.problem("CONFLICT")["rule"], "ORDER_DUE");
        }
        let strange =
            json!({ "kind": "finding", "text": "发现问题", "follows": "sup_00000000000000000000000000" });
        assert_eq!(
            scene.reviewer.post(&log, strange).await.faults(),
            [("/follows".into(), "UNKNOWN".into())]
        );
        scene.reviewer.post(&log, json!({ "kind": "visit", "text": "走访" })).await.problem("VALIDATION");
        let finding = json!({ "kind": "finding", "text": "发现问题" });
        let other = server.account(Role::IssuingReviewer, Some("/100000/610000/")).await;
        other.post(&log, finding.clone()).await.ok();
        scene.filer.post(&log, finding.clone()).await.problem("FORBIDDEN");
        let system = server.admin("system").await;
        let district = json!({
            "parent": "610100", "code": "610113", "name": "示例区", "level": "county", "authority": "示例区行政审批局",
        });
        system.post("/areas", district).await.ok();
        let below = server.account(Role::IssuingReviewer, Some("/100000/610000/610100/610113/")).await;
        below.post(&log, finding).await.problem("NOT_FOUND");
        below.get(&log).await.problem("NOT_FOUND");
        assert!(ids(&below.get("/supervision").await.ok()).is_empty());
    });
}
