//! Units, bodies and branches.

use crate::support::scene::Scene;
use crate::support::{CITY, Role, for_each_engine, on_sqlite, sample};
use crate::{add_other_city, items, stranger};
use serde_json::json;

#[test]
fn a_unit_is_seen_and_changed_within_its_area_only() {
    for_each_engine(async |server| {
        add_other_city(server).await;
        let reviewer = server.account(Role::IssuingReviewer, Some(CITY)).await;
        let made = reviewer.post("/units", sample::unit(1)).await;
        assert_eq!(made.status, 201);
        assert_eq!(made.version(), 1);
        let path = made.header("location").to_owned();
        let code = sample::credit_code(1);
        assert_eq!(items(&reviewer, &format!("/units?credit_code={code}")).await.len(), 1);

        let foreign = stranger(server).await;
        foreign.get(&path).await.problem("NOT_FOUND");
        assert!(items(&foreign, "/units").await.is_empty());
        assert!(items(&foreign, &format!("/units?credit_code={code}")).await.is_empty());
        foreign.get(&format!("/units?scope={CITY}")).await.problem("NOT_FOUND");
        foreign.patch_at(1, &path, json!({ "name": "示例别名" })).await.problem("NOT_FOUND");
        foreign.post("/units", sample::unit(2)).await.problem("NOT_FOUND");
        let reason = json!({ "reason": "准予注销" });
        foreign.post_at(1, &format!("{path}/dissolve"), reason).await.problem("NOT_FOUND");

        reviewer.post("/units", sample::unit(1)).await.problem("DUPLICATE");
        assert_eq!(items(&reviewer, "/units?state=active&kind=enterprise").await.len(), 1);
        assert!(items(&reviewer, "/units?state=dissolved").await.is_empty());
    });
}

#[test]
fn a_wrong_check_character_is_told_with_the_right_one() {
    on_sqlite(async |server| {
        let reviewer = server.account(Role::IssuingReviewer, Some(CITY)).await;
        let mut unit = sample::unit(1);
        let right = sample::credit_code(1);
        let wrong = if right.ends_with('0') { "1" } else { "0" };
        unit["credit_code"] = json!(format!("{}{wrong}", &right[..17]));
        unit["legal_representative"]["id_number"] = json!("610102197001150010");
        let answer = reviewer.post("/units", unit).await;
        let faults = answer.faults();
        assert!(faults.contains(&("/credit_code".to_owned(), "CREDIT_CODE_CHECK".to_owned())), "{faults:?}");
        assert!(faults.iter().any(|(pointer, _)| pointer == "/legal_representative/id_number"), "{faults:?}");
        let problem = answer.json();
        let told =
            problem["errors"].as_array().unwrap().iter().find(|e| e["pointer"] == "/credit_code").unwrap();
        assert!(told["detail"].as_str().unwrap().contains(&right[17..]), "{told}");
    });
}

#[test]
fn bodies_and_branches_stand_under_their_unit() {
    on_sqlite(async |server| {
        let scene = Scene::set(server).await;
        let owner = scene.owner(1).await;
        let mut body = sample::unit(2);
        body["form"] = json!("internal_body");
        body["name"] = json!("示例财务部");
        let faults = scene.reviewer.post("/units", body.clone()).await.faults();
        assert_eq!(faults, [("/credit_code".to_owned(), "CREDIT_CODE_UNEXPECTED".to_owned())]);
        body.as_object_mut().unwrap().remove("credit_code");
        let faults = scene.reviewer.post("/units", body.clone()).await.faults();
        assert_eq!(faults, [("/parent".to_owned(), "PARENT".to_owned())]);
        body["parent"] = json!(owner.id);
        let made = scene.reviewer.post("/units", body).await.ok();
        let path = format!("/units/{}", made["id"].as_str().unwrap());
        // The agent of the unit acts for its body.
        assert_eq!(owner.agent.get(&path).await.ok()["parent"], owner.id);
        assert_eq!(items(&owner.agent, "/units").await.len(), 2);
    });
}

#[test]
fn what_stood_on_a_unit_before_is_kept_masked() {
    on_sqlite(async |server| {
        let scene = Scene::set(server).await;
        let owner = scene.owner(1).await;
        let path = format!("/units/{}", owner.id);
        let body = json!({ "legal_representative": sample::person(500), "technical_measures": "双人双控。" });
        let changed = owner.agent.patch_at(1, &path, body.clone()).await.ok();
        assert_eq!(changed["legal_representative"]["name"], sample::person(500)["name"]);
        let former: Vec<_> =
            changed["former"].as_array().unwrap().iter().map(|f| f["what"].clone()).collect();
        assert_eq!(former, ["legal_representative", "technical_measures"]);
        let number = sample::person(10)["id_number"].as_str().unwrap().to_owned();
        assert!(!changed.to_string().contains(&number) && changed.to_string().contains("***"));
        owner.agent.patch_at(1, &path, body).await.problem("PRECONDITION_FAILED");
        let faults = owner.agent.patch_at(2, &path, json!({})).await.faults();
        assert_eq!(faults, [(String::new(), "EMPTY".to_owned())]);
        owner
            .agent
            .json("PATCH", &path, &[("idempotency-key", "k1")], json!({ "name": "示例" }))
            .await
            .problem("PRECONDITION_REQUIRED");
    });
}

#[test]
fn whoever_dissolves_a_unit_is_told_which_seals_remain() {
    for_each_engine(async |server| {
        let scene = Scene::set(server).await;
        let owner = scene.owner(1).await;
        let seal = scene.legal_name_seal(&owner).await;
        let path = format!("/units/{}", owner.id);
        let reason = json!({ "reason": "示例市场监管局准予注销登记" });
        owner.agent.step(&path, "dissolve", reason.clone()).await.problem("FORBIDDEN");
        let answer = scene.reviewer.step(&path, "dissolve", reason.clone()).await.ok();
        assert_eq!((&answer["unit"]["state"], &answer["more"]), (&json!("dissolved"), &json!(false)));
        let seals = answer["seals"].as_array().unwrap();
        assert_eq!((seals.len(), &seals[0]["state"]), (1, &json!("active")));
        assert_eq!(format!("/seals/{}", seals[0]["id"].as_str().unwrap()), seal);
        scene.reviewer.step(&path, "dissolve", reason).await.problem("STATE_CONFLICT");
        owner.agent.patch_at(2, &path, json!({ "name": "示例别名" })).await.problem("STATE_CONFLICT");
    });
}

#[test]
fn people_of_a_unit_are_listed_by_role_to_those_who_write_its_flows() {
    for_each_engine(async |server| {
        let scene = Scene::set(server).await;
        let (owner, other) = (scene.owner(1).await, scene.owner(2).await);
        let approver = server.account(Role::Approver, Some(&owner.id)).await;
        server.account(Role::Approver, Some(&other.id)).await;
        let keeper = server.account(Role::Custodian, Some(&owner.id)).await;
        let path = format!("/units/{}/people", owner.id);
        let ids = async |path: &str| -> Vec<String> {
            let found = owner.agent.get(path).await.ok();
            let people = found["items"].as_array().unwrap().iter();
            people.map(|person| person["account"].as_str().unwrap().to_owned()).collect()
        };
        let path = format!("{path}?role=approver");
        assert_eq!(ids(&path).await, std::slice::from_ref(&approver.id));
        assert_eq!(ids(&path.replace("approver", "custodian")).await, [keeper.id]);
        owner.agent.get(&path.replace("approver", "supervisor")).await.problem("BAD_REQUEST");
        other.agent.get(&path).await.problem("NOT_FOUND");
        scene.reviewer.get(&path).await.problem("FORBIDDEN");
        // Who is disabled is not offered.
        let security = server.admin("security").await;
        let account = format!("/accounts/{}", approver.id);
        security.step(&account, "disable", json!({ "reason": "离岗" })).await.ok();
        assert!(ids(&path).await.is_empty());
    });
}
