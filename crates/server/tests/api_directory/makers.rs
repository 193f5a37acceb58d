//! Makers.

use crate::support::scene::Scene;
use crate::support::{CITY, Role, for_each_engine, on_sqlite, sample};
use crate::{add_other_city, items, stranger};
use serde_json::json;
use yinxin_server::making::runner::Fate;

#[test]
fn a_maker_is_registered_changed_stopped_and_resumed_in_its_area_only() {
    for_each_engine(async |server| {
        add_other_city(server).await;
        let reviewer = server.account(Role::IssuingReviewer, Some(CITY)).await;
        let made = reviewer.post("/makers", sample::maker(1, server.now())).await.ok();
        let path = format!("/makers/{}", made["id"].as_str().unwrap());
        reviewer.post("/makers", sample::maker(1, server.now())).await.problem("DUPLICATE");

        let foreign = stranger(server).await;
        foreign.get(&path).await.problem("NOT_FOUND");
        assert!(items(&foreign, "/makers").await.is_empty());
        foreign.get(&format!("/makers?scope={CITY}")).await.problem("NOT_FOUND");
        foreign.post("/makers", sample::maker(2, server.now())).await.problem("NOT_FOUND");
        foreign.post_at(1, &format!("{path}/stop"), json!({ "reason": "核查" })).await.problem("NOT_FOUND");

        let mut change = sample::maker(1, server.now());
        for part in ["area", "name", "credit_code"] {
            change.as_object_mut().unwrap().remove(part);
        }
        change["license"]["number"] = json!("示例公特〔2026〕9号");
        let changed = reviewer.put_at(1, &path, change.clone()).await.ok();
        assert_eq!(changed["license"]["number"], "示例公特〔2026〕9号");
        reviewer.put_at(1, &path, change).await.problem("PRECONDITION_FAILED");

        let stopped = reviewer.step(&path, "stop", json!({ "reason": "许可证核查" })).await.ok();
        assert_eq!((&stopped["state"], &stopped["stopped"]), (&json!("stopped"), &json!("许可证核查")));
        let refused =
            reviewer.step(&path, "stop", json!({ "reason": "许可证核查" })).await.problem("STATE_CONFLICT");
        assert_eq!(refused["allowed"], json!(["resume"]));
        assert_eq!(items(&reviewer, "/makers?state=stopped").await.len(), 1);
        let resumed = reviewer.step(&path, "resume", json!({ "reason": "核查结束" })).await.ok();
        assert!(resumed.get("stopped").is_none());
        assert_eq!(reviewer.get(&path).await.ok(), resumed);
    });
}

#[test]
fn a_maker_with_faults_is_refused_with_all_of_them() {
    on_sqlite(async |server| {
        let reviewer = server.account(Role::IssuingReviewer, Some(CITY)).await;
        let mut wrong = sample::maker(1, server.now());
        wrong["credit_code"] = json!("91610100MA0000001I");
        wrong["license"]["until"] = wrong["license"]["from"].clone();
        wrong["jurisdictions"] = json!([CITY, "/100000/610000/", format!("{CITY}610113/")]);
        wrong["certificate"] = json!("bm90IGEgY2VydGlmaWNhdGU=");
        let faults = reviewer.post("/makers", wrong).await.faults();
        let faults: Vec<_> = faults.iter().map(|(pointer, code)| (pointer.as_str(), code.as_str())).collect();
        assert_eq!(
            faults,
            [
                ("/credit_code", "CREDIT_CODE_CHARACTER"),
                ("/license/until", "TIME_ORDER"),
                ("/certificate", "CERTIFICATE"),
                ("/jurisdictions/1", "OUTSIDE"),
                ("/jurisdictions/2", "UNKNOWN"),
            ]
        );
    });
}

#[test]
fn a_stopped_maker_takes_nothing_up_and_its_operator_sees_itself_only() {
    on_sqlite(async |server| {
        let scene = Scene::set(server).await;
        let owner = scene.owner(1).await;
        scene.reviewer.post("/makers", sample::maker(2, server.now())).await.ok();
        let own = items(&scene.operator, "/makers").await;
        assert_eq!((own.len(), &own[0]["id"]), (1, &json!(scene.maker)));
        let maker = format!("/makers/{}", scene.maker);
        scene.reviewer.step(&maker, "stop", json!({ "reason": "许可证核查" })).await.ok();
        let application = owner.submitted(sample::content(1)).await;
        scene.approve(&application).await;
        let fates = server.work_round().await;
        assert!(!fates.iter().any(|(_, fate)| matches!(fate, Fate::HandedIn { .. })), "{fates:?}");
        assert_eq!(scene.reviewer.get(&application).await.ok()["state"], "approved");
        scene.reviewer.step(&maker, "resume", json!({ "reason": "核查结束" })).await.ok();
        scene.make(&application).await;
    });
}
