//! Orders between registry and maker.

use crate::stage::Stage;
use crate::support::{Role, for_each_engine, on_sqlite, sample};
use serde_json::json;
use yinxin_registry::account::Account;
use yinxin_registry::ids::MakerId;
use yinxin_registry::role::{Grant, Scope};

#[test]
fn who_approved_may_not_make() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let application = stage.approved(json!({ "kind": "new" })).await;
        // The reviewer changes sides, which only the database can be made to allow so soon.
        let mut tx = server.app.store.begin().await.unwrap();
        let mut found = tx.get::<Account>(&stage.reviewer.id).await.unwrap();
        found.value.grants = vec![Grant {
            role: Role::MakerOperator,
            scope: Scope::Maker(MakerId::parse(&stage.maker).unwrap()),
            from: server.now() - jiff::SignedDuration::from_secs(1),
            until: None,
            by: None,
        }];
        tx.save(&found.value, found.version).await.unwrap();
        tx.commit().await.unwrap();
        stage.reviewer.post(&format!("{application}/making"), json!({})).await.problem("MAKER_IS_ISSUER");
        stage.operator.post(&format!("{application}/making"), json!({})).await.ok();
    });
}

#[test]
fn order_sent_back_is_approved_anew_and_made() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let application = stage.approved(json!({ "kind": "new" })).await;
        let orders = format!("/makers/{}/orders", stage.maker);
        let listed = stage.operator.get(&orders).await.ok();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);
        assert!(listed["items"][0]["assigned"].is_null());
        let taken = stage.operator.post(&format!("{application}/making"), json!({})).await.ok();
        let first = taken["assigned"]["id"].as_str().unwrap().to_owned();
        assert_eq!(stage.operator.get(&orders).await.ok()["items"], json!([taken]));
        let twice = stage.operator.post(&format!("{application}/making"), json!({})).await;
        twice.problem("STATE_CONFLICT");

        let fault = json!({ "code": "IMPRINT_DRAWING", "detail": "印模无法绘制" });
        let back = stage.operator.post(&format!("{application}/send-back"), fault).await.ok();
        assert_eq!(back["state"], "submitted");
        assert_eq!(stage.state(&format!("/seals/{first}")).await, "abandoned");
        assert_eq!(stage.operator.get(&orders).await.ok()["items"], json!([]));

        stage.reviewer.step(&application, "approve", json!({})).await.ok();
        let seal = stage.scene.make(&application).await;
        assert_ne!(seal, format!("/seals/{first}"));
        assert_eq!(stage.state(&seal).await, "made");
        assert_eq!(stage.operator.get(&orders).await.ok()["items"], json!([]), "made, not filed");

        // Given up once more, by the seal this time.
        stage.operator.step(&seal, "abandon", json!({ "reason": "设备故障" })).await.ok();
        assert_eq!(stage.state(&application).await, "submitted");
    });
}

#[test]
fn a_maker_sees_and_takes_only_what_its_license_covers() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await;
        let application = stage.approved(json!({ "kind": "new" })).await;
        let other = stage.reviewer.post("/makers", sample::maker(2, server.now())).await.ok();
        let other = other["id"].as_str().unwrap().to_owned();
        let stranger = server.account(Role::MakerOperator, Some(&other)).await;
        stranger.get(&format!("/makers/{}/orders", stage.maker)).await.problem("NOT_FOUND");
        stage.reviewer.get(&format!("/makers/{other}/orders")).await.problem("FORBIDDEN");
        let own = format!("/makers/{other}/orders");
        assert_eq!(stranger.get(&own).await.ok()["items"].as_array().unwrap().len(), 1);

        stage.reviewer.step(&format!("/makers/{other}"), "stop", json!({ "reason": "违规经营" })).await.ok();
        assert_eq!(stranger.get(&own).await.ok()["items"], json!([]));
        stranger.post(&format!("{application}/making"), json!({})).await.problem("CONFLICT");
        let named = format!("{application}/making?maker={}", stage.maker);
        stranger.post(&named, json!({})).await.problem("NOT_FOUND");

        stage.operator.post(&format!("{application}/making"), json!({})).await.ok();
        let fault = json!({ "code": "SOMETHING", "detail": "不是本单位的任务" });
        stranger.post(&format!("{application}/send-back"), fault).await.problem("NOT_FOUND");
        let round = server.work_round().await;
        assert_eq!(round.len(), 1, "the workshop goes on with what its operator took: {round:?}");
    });
}

#[test]
fn a_seal_handed_in_is_believed_in_nothing() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await;
        let application = stage.approved(json!({ "kind": "new" })).await;
        let taken = stage.operator.post(&format!("{application}/making"), json!({})).await.ok();
        let seal = format!("/seals/{}", taken["assigned"]["id"].as_str().unwrap());
        let body = json!({
            "seal": "AAAA", "format_version": 4, "certificates": [], "imprint_digest": "00",
            "key": { "kind": "elsewhere" }, "made_at": server.now(), "approval": "ZZ-1",
        });
        let refused = stage.operator.post(&format!("{seal}/made"), body.clone()).await;
        assert_eq!(refused.faults()[0], ("/seal".to_owned(), "MADE_UNREADABLE".to_owned()));
        assert_eq!(stage.state(&seal).await, "making");
        stage.filer.post(&format!("{seal}/made"), body).await.problem("FORBIDDEN");
        server.make_all().await;
        assert_eq!(stage.state(&seal).await, "made");
    });
}

#[test]
fn of_two_applications_for_the_legal_name_at_once_one_wins() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let body = json!({ "unit": stage.unit, "basis": { "kind": "new" }, "content": stage.content() });
        let tries = (0..8).map(|_| stage.agent.post("/applications", body.clone()));
        let answers = futures_util::future::join_all(tries).await;
        let won = answers.iter().filter(|answer| answer.status.is_success()).count();
        assert_eq!(won, 1);
        for lost in answers.iter().filter(|answer| !answer.status.is_success()) {
            lost.problem("LEGAL_NAME_SEAL_EXISTS");
        }
        assert_eq!(stage.agent.get("/applications").await.ok()["items"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn a_workshop_learns_of_its_own_maker_and_of_who_approves() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let path = format!("/makers/{}/workshop-facts", stage.maker);
        let facts = stage.operator.get(&path).await.ok();
        let maker = stage.reviewer.get(&format!("/makers/{}", stage.maker)).await.ok();
        for (told, known) in [("maker", "id"), ("name", "name"), ("certificate", "certificate")] {
            assert_eq!(facts[told], maker[known], "{told}");
        }
        assert_eq!((&facts["license"], &facts["stopped"]), (&maker["license"]["number"], &json!(false)));
        let approver = &facts["approvers"][0];
        assert_eq!(approver["code"], "610100");
        // From the authority's certificate to a root, with the lists of both issuers.
        assert_eq!(approver["certificates"].as_array().unwrap().len(), 3);
        assert_eq!(approver["revocation_lists"].as_array().unwrap().len(), 2);

        let other = stage.reviewer.post("/makers", sample::maker(2, server.now())).await.ok();
        let other = other["id"].as_str().unwrap().to_owned();
        let stranger = server.account(Role::MakerOperator, Some(&other)).await;
        stranger.get(&path).await.problem("NOT_FOUND");
        stage.reviewer.get(&path).await.problem("FORBIDDEN");
        server.visitor().get(&path).await.problem("UNAUTHENTICATED");
        // Entrusting that ends before the license ends the maker's time.
        let seen = stage.reviewer.get(&format!("/makers/{other}")).await.ok();
        let until = server.now() + jiff::SignedDuration::from_hours(48);
        let mut record = sample::maker(2, server.now());
        for name in ["area", "name", "credit_code"] {
            record.as_object_mut().unwrap().remove(name);
        }
        record["entrusted"] =
            json!({ "by": "示例市行政审批局", "document": "示例委〔2026〕1号", "until": until });
        let version = seen["version"].as_i64().unwrap();
        stage.reviewer.put_at(version, &format!("/makers/{other}"), record).await.ok();
        let facts = stranger.get(&format!("/makers/{other}/workshop-facts")).await.ok();
        assert_eq!(facts["until"], json!(until));
        stage.reviewer.step(&format!("/makers/{other}"), "stop", json!({ "reason": "核查" })).await.ok();
        let facts = stranger.get(&format!("/makers/{other}/workshop-facts")).await.ok();
        assert_eq!(facts["stopped"], true);
    });
}
