//! Notices in the application: who is told, and what he marks.

use crate::hearers::{deliver, each};
use crate::stage::Stage;
use crate::support::scene::Scene;
use crate::support::{CITY, Client, Role, for_each_engine, sample};
use serde_json::{Value, json};

/// Kinds of somebody's notices, the oldest first.
pub async fn kinds(who: &Client) -> Vec<String> {
    let listed = who.get("/notices?limit=200").await.ok();
    let items = listed["items"].as_array().unwrap();
    items.iter().rev().map(|item| item["kind"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn people_concerned_are_told_and_nobody_else() {
    for_each_engine(async |server| {
        let scene = Scene::set(server).await;
        let province = server.account(Role::IssuingReviewer, Some("/100000/610000/")).await;
        let other_province = json!({
            "parent": "100000", "code": "620000", "name": "示例省", "level": "province", "authority": "示例省政务服务局",
        });
        server.admin("system").await.post("/areas", other_province).await.ok();
        let elsewhere = server.account(Role::IssuingReviewer, Some("/100000/620000/")).await;
        let owner = scene.owner(21).await;
        let other = scene.owner(22).await;
        let application = owner.submitted(sample::content(21)).await;
        server.tick().await;
        assert_eq!(kinds(&scene.reviewer).await, ["application.submitted"]);
        // The city has officers of its own: the province is not told of each case.
        for stranger in [&province, &elsewhere, &scene.filer, &scene.operator, &owner.agent, &other.agent] {
            assert_eq!(kinds(stranger).await, Vec::<String>::new(), "{}", stranger.login.name);
        }
        let told = scene.reviewer.get("/notices").await.ok()["items"][0].clone();
        let shown = scene.reviewer.get(&application).await.ok();
        assert_eq!(
            (&told["label"], &told["due"], &told["subject"]),
            (&shown["number"], &shown["due"], &shown["id"])
        );
        assert!(told["text"]["zh"].as_str().unwrap().contains(shown["number"].as_str().unwrap()));

        scene.approve(&application).await;
        server.tick().await;
        assert_eq!(kinds(&owner.agent).await, ["application.approved"]);
        assert_eq!(kinds(&scene.operator).await, ["order.ready"]);
        let seal = scene.make(&application).await;
        server.tick().await;
        assert_eq!(kinds(&scene.filer).await, ["seal.made"]);
        scene.hand_over(&owner, &seal).await;
        server.tick().await;
        // Of one moment, in no order.
        let mut told = kinds(&owner.agent).await;
        told.sort_unstable();
        assert_eq!(told, ["application.approved", "application.completed", "seal.delivered"]);
        assert_eq!(kinds(&scene.operator).await, ["order.ready", "seal.filed"]);
        for stranger in [&province, &elsewhere, &other.agent] {
            assert_eq!(kinds(stranger).await, Vec::<String>::new());
        }
        server.admin("audit").await.get("/notices").await.ok();
    });
}

#[test]
fn an_account_that_was_closed_or_lost_its_role_is_not_told() {
    for_each_engine(async |server| {
        let scene = Scene::set(server).await;
        let closed = server.account(Role::IssuingReviewer, Some(CITY)).await;
        let security = server.admin("security").await;
        let account = format!("/accounts/{}", closed.id);
        security.step(&account, "disable", json!({ "reason": "离职" })).await.ok();
        let owner = scene.owner(23).await;
        owner.submitted(sample::content(23)).await;
        server.tick().await;
        assert_eq!(kinds(&scene.reviewer).await, ["application.submitted"]);
        security.step(&account, "enable", json!({ "reason": "返聘" })).await.ok();
        let back = server.login_again(&closed).await;
        assert_eq!(kinds(&back).await, Vec::<String>::new());
    });
}

#[test]
fn votes_and_custody_are_told_to_those_who_act() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        server.tick().await;
        stage.custody(&stage.agent, "offer", json!({ "account": stage.custodian.id })).await.ok();
        server.tick().await;
        assert_eq!(kinds(&stage.custodian).await, ["custody.offered"]);
        let offered = stage.custodian.get("/notices").await.ok()["items"][0].clone();
        assert!(offered["due"].is_string(), "{offered}");
        stage.custody(&stage.custodian, "accept", json!({})).await.ok();
        stage.flow().await;
        let client = json!({
            "name": "示例开票系统", "key": { "kind": "hmac_sm3" }, "scopes": ["uses_write"],
            "grants": [{ "role": "business_system", "scope": stage.owner.id }],
        });
        let client = server.admin("security").await.post("/clients", client).await.ok();
        let terms = json!({
            "client": client["id"], "until": stage.in_days(30), "document_kinds": ["电子发票"], "most": 100,
            "template": "发票模板", "reason": "批量开具电子发票",
        });
        let proposed = stage.custodian.post(&format!("{}/standings", stage.seal), terms).await.ok();
        server.tick().await;
        assert_eq!(kinds(&stage.approver).await, ["approval.waits"]);
        assert_eq!(kinds(&stage.user).await, Vec::<String>::new());
        let one = format!("/standings/{}", proposed["id"].as_str().unwrap());
        let agree = json!({ "digest": proposed["approval"]["digest"] });
        stage.approver.step(&one, "approve", agree).await.ok();
        server.tick().await;
        assert!(kinds(&stage.custodian).await.contains(&"approval.agreed".to_owned()));
        assert_eq!(kinds(&stage.approver).await, ["approval.waits"], "who votes knows");
        // A program has no notices.
        let program =
            Client::signing(server, client["id"].as_str().unwrap(), client["secret"].as_str().unwrap());
        program.get("/notices").await.problem("FORBIDDEN");
    });
}

#[test]
fn what_is_read_is_marked_by_its_reader_alone() {
    each(
        |_| {},
        async |server| {
            let scene = Scene::set(server).await;
            let other = server.account(Role::IssuingReviewer, Some(CITY)).await;
            for number in 31..36 {
                let owner = scene.owner(number).await;
                owner.submitted(sample::content(number)).await;
                server.tick().await;
            }
            deliver(server).await;
            let reviewer = &scene.reviewer;
            let all = reviewer.get("/notices").await.ok();
            assert_eq!((all["items"].as_array().unwrap().len(), &all["unread"]), (5, &json!(5)));
            let ids: Vec<&str> =
                all["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect();
            assert!(ids.is_sorted_by(|one, next| one > next), "the newest first");
            // In parts, with nothing left out.
            let mut parts = Vec::new();
            let mut path = "/notices?limit=2".to_owned();
            loop {
                let part = reviewer.get(&path).await.ok();
                parts.extend(part["items"].as_array().unwrap().clone());
                match part["next"].as_str() {
                    Some(next) => path = format!("/notices?limit=2&cursor={next}"),
                    None => break,
                }
            }
            assert_eq!(&Value::Array(parts), &all["items"]);

            let one = format!("/notices/{}/read", ids[0]);
            let read = reviewer.post(&one, json!({})).await.ok();
            assert!(read["read_at"].is_string());
            let again = reviewer.post(&one, json!({})).await.ok();
            assert_eq!(again["read_at"], reviewer.get(&format!("/notices/{}", ids[0])).await.ok()["read_at"]);
            let unread = reviewer.get("/notices?unread=true").await.ok();
            assert_eq!((unread["items"].as_array().unwrap().len(), &unread["unread"]), (4, &json!(4)));
            let marked = reviewer.post("/notices/read-all", json!({ "up_to": ids[2] })).await.ok();
            assert_eq!(marked["marked"], 3);
            assert_eq!(reviewer.get("/notices").await.ok()["unread"], 1);

            // Another's notices are nothing to him, and what he marks is his own.
            assert_eq!(other.get("/notices").await.ok()["unread"], 5);
            other.get(&format!("/notices/{}", ids[0])).await.problem("NOT_FOUND");
            other.post(&one, json!({})).await.problem("NOT_FOUND");
            let subject = all["items"][1]["subject"].as_str().unwrap();
            let about = reviewer.get(&format!("/notices?subject={subject}")).await.ok();
            assert_eq!(about["items"].as_array().unwrap().len(), 1);
            let none = reviewer.get("/notices?kind=seal.void").await.ok();
            assert_eq!((&none["items"], &none["unread"]), (&json!([]), &json!(1)));
            for bad in ["kind=x", "subject=x", "unread=maybe", "state=read"] {
                reviewer.get(&format!("/notices?{bad}")).await.problem("BAD_REQUEST");
            }
        },
    );
}
