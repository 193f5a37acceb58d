//! Figures of an area.

use crate::support::scene::Scene;
use crate::support::{CITY, Role, for_each_engine, sample};
use crate::{OTHER_CITY, add_other_city, stranger};
use serde_json::Value;

fn count(list: &Value, state: &str) -> u64 {
    list.as_array().unwrap().iter().find(|line| line["state"] == state).unwrap()["count"].as_u64().unwrap()
}

#[test]
fn figures_follow_the_work_and_tell_what_is_overdue_and_what_ends() {
    for_each_engine(async |server| {
        add_other_city(server).await;
        let scene = Scene::set(server).await;
        let (first, second) = (scene.owner(1).await, scene.owner(2).await);
        scene.legal_name_seal(&first).await;
        let waiting = second.submitted(sample::content(2)).await;
        let seen = scene.reviewer.get("/overview").await.ok();
        assert_eq!((seen["scope"].as_str(), seen["units"].as_u64()), (Some(CITY), Some(2)));
        assert_eq!((count(&seen["seals"], "active"), count(&seen["seals"], "making")), (1, 0));
        assert_eq!(
            (count(&seen["applications"], "submitted"), count(&seen["applications"], "completed")),
            (1, 1)
        );
        assert_eq!(
            (seen["overdue_reviews"]["count"].as_u64(), seen["expiring"]["count"].as_u64()),
            (Some(0), Some(0))
        );

        // Nobody decides for a month, and files for a month what was made then.
        server.advance_days(30).await;
        let seen = scene.reviewer.get("/overview").await.ok();
        assert_eq!(
            (&seen["overdue_reviews"]["count"], &seen["overdue_reviews"]["more"]),
            (&1.into(), &false.into())
        );
        scene.approve(&waiting).await;
        scene.make(&waiting).await;
        server.advance_days(60).await;
        let seen = scene.filer.get(&format!("/overview?scope={CITY}")).await.ok();
        assert_eq!(
            (&seen["overdue_reviews"]["count"], &seen["overdue_filings"]["count"]),
            (&0.into(), &1.into())
        );
        server.advance_days(3 * 365 - 120).await;
        let seen = scene.reviewer.get("/overview").await.ok();
        assert_eq!(seen["expiring"]["count"], 1, "{seen}");

        let foreign = stranger(server).await;
        let seen = foreign.get("/overview").await.ok();
        assert_eq!((seen["scope"].as_str(), seen["units"].as_u64()), (Some(OTHER_CITY), Some(0)));
        foreign.get(&format!("/overview?scope={CITY}")).await.problem("NOT_FOUND");
        first.agent.get("/overview").await.problem("FORBIDDEN");
        let supervisor = server.account(Role::Supervisor, Some("/100000/610000/")).await;
        assert_eq!(supervisor.get("/overview").await.ok()["units"], 2);
    });
}

#[test]
fn what_was_done_is_counted_by_month_and_area_before_and_after_it_is_added_up() {
    for_each_engine(async |server| {
        add_other_city(server).await;
        let scene = Scene::set(server).await;
        let owner = scene.owner(1).await;
        scene.legal_name_seal(&owner).await;
        let document = yinxin_ofd::sample::document(1, "示例", &["甲"]);
        let verify = async |document: Vec<u8>| {
            let headers = [("content-type", "application/ofd")];
            server.visitor().send("POST", "/api/v1/verifications", &headers, document).await.ok();
        };
        verify(document.clone()).await;
        let province = server.account(Role::Supervisor, Some("/100000/610000/")).await;
        let seen = scene.reviewer.get("/overview/months").await.ok();
        assert_eq!((seen["scope"].as_str(), seen["months"].as_array().unwrap().len()), (Some(CITY), 12));
        assert_eq!((&seen["months"][11]["filed"], &seen["months"][10]["filed"]), (&1.into(), &0.into()));

        // Added up, and with more on top of it; a month later both stand where they belong.
        let mut tx = server.app.store.begin().await.unwrap();
        assert!(tx.add_up_figures(1_000).await.unwrap() > 0);
        tx.commit().await.unwrap();
        server.advance_days(31).await;
        let second = scene.owner(2).await;
        scene.legal_name_seal(&second).await;
        verify(document).await;
        let seen = province.get("/overview/months?months=3").await.ok();
        let months = seen["months"].as_array().unwrap();
        let filed: u64 = months.iter().map(|month| month["filed"].as_u64().unwrap()).sum();
        assert_eq!((months.len(), filed), (3, 2), "{seen}");
        assert!(months.iter().all(|month| month["filed"].as_u64().unwrap() < 2), "{seen}");
        let cities = seen["areas"].as_array().unwrap();
        let of = |path: &str| cities.iter().find(|area| area["path"] == path).unwrap()["filed"].clone();
        assert_eq!((of(CITY), of(OTHER_CITY)), (2.into(), 0.into()));
        let nation = server.account(Role::Supervisor, Some("/100000/")).await;
        let seen = nation.get("/overview/months").await.ok();
        let unsigned: u64 =
            seen["months"].as_array().unwrap().iter().map(|month| month["unsigned"].as_u64().unwrap()).sum();
        assert_eq!(unsigned, 2, "{seen}");
        // The other figures are not touched by it.
        assert_eq!(count(&nation.get("/overview").await.ok()["seals"], "active"), 2);
        nation.get("/overview/months?months=0").await.problem("BAD_REQUEST");
        nation.get("/overview/months?months=37").await.problem("BAD_REQUEST");
        stranger(server).await.get(&format!("/overview/months?scope={CITY}")).await.problem("NOT_FOUND");
        owner.agent.get("/overview/months").await.problem("FORBIDDEN");
    });
}
