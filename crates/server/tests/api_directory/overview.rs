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
