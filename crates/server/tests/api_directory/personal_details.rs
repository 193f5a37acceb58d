//! Personal details in clear.

use crate::support::scene::Scene;
use crate::support::{CITY, Role, for_each_engine, sample};
use crate::{add_other_city, stranger};
use serde_json::json;

#[test]
fn a_detail_in_clear_is_shown_for_a_reason_and_recorded_without_it() {
    for_each_engine(async |server| {
        add_other_city(server).await;
        let scene = Scene::set(server).await;
        let owner = scene.owner(1).await;
        let path = format!("/units/{}/reveal", owner.id);
        let number = sample::person(10)["id_number"].as_str().unwrap().to_owned();
        let ask = json!({ "field": "legal_representative.id_number", "reason": "核对申请人身份证原件" });
        let reveal = async |who: &crate::support::Client, body| who.json("POST", &path, &[], body).await;

        let shown = reveal(&scene.reviewer, ask.clone()).await.ok();
        assert_eq!(shown["value"], number);
        let phone = json!({ "field": "seal_administrator.phone", "reason": "电话核实" });
        assert_eq!(reveal(&scene.reviewer, phone).await.ok()["value"], sample::person(11)["phone"]);

        reveal(&owner.agent, ask.clone()).await.problem("FORBIDDEN");
        reveal(&stranger(server).await, ask.clone()).await.problem("NOT_FOUND");
        let supervisor = server.account(Role::Supervisor, Some(CITY)).await;
        reveal(&supervisor, ask).await.ok();
        let bare = json!({ "field": "legal_representative.id_number", "reason": " " });
        let faults = reveal(&scene.reviewer, bare).await.faults();
        assert_eq!(faults, [("/reason".to_owned(), "REASON".to_owned())]);

        let rows = server.app.store.read().await.unwrap().audit_rows(0, 10_000).await.unwrap();
        let revealed: Vec<_> = rows.iter().filter(|row| row.columns.action == "person.reveal").collect();
        assert_eq!(revealed.len(), 3);
        let content = String::from_utf8_lossy(&revealed[0].content);
        assert!(
            content.contains("核对申请人身份证原件") && content.contains("legal_representative.id_number")
        );
        assert_eq!(revealed[0].columns.subject, owner.id);
        assert_eq!(revealed[0].columns.actor, scene.reviewer.id);
        for row in &rows {
            assert!(!String::from_utf8_lossy(&row.content).contains(&number), "{}", row.columns.action);
        }
    });
}
