//! The tree of areas.

use crate::support::{CITY, Role, for_each_engine, on_sqlite};
use crate::{area, items};
use serde_json::json;

#[test]
fn a_district_is_added_listed_and_changed_and_takes_over_the_profile_above() {
    for_each_engine(async |server| {
        let system = server.admin("system").await;
        let made = system.post("/areas", area("610100", "610113", "county")).await;
        assert_eq!(made.status, 201);
        assert_eq!(made.header("location"), "/api/v1/areas/610113");
        let made = made.ok();
        assert_eq!((made["profile"].as_str(), made["version"].as_i64()), (Some("national"), Some(1)));
        assert_eq!(made["path"], format!("{CITY}610113/"));
        system.post("/areas", area("610100", "610113", "county")).await.problem("DUPLICATE");

        let reviewer = server.account(Role::IssuingReviewer, Some(CITY)).await;
        let codes = async |path: &str| -> Vec<String> {
            items(&reviewer, path).await.iter().map(|a| a["code"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(codes("/areas").await, ["100000", "610000", "610100", "610113"]);
        assert_eq!(codes("/areas?within=610100").await, ["610100", "610113"]);
        assert_eq!(codes("/areas?parent=610000").await, ["610100"], "not what lies deeper");
        assert_eq!(
            codes(
                "/areas?name=示例区划".replace("示例区划", "%E7%A4%BA%E4%BE%8B%E5%8C%BA%E5%88%92").as_str()
            )
            .await,
            ["610113"]
        );
        let first = reviewer.get("/areas?limit=3").await.ok();
        let next = format!("/areas?limit=3&cursor={}", first["next"].as_str().unwrap());
        assert_eq!(codes(&next).await, ["610113"]);

        let seen = system.get("/areas/610113").await;
        let body = json!({ "name": "示例新区", "authority": "示例新区行政审批局", "profile": "xian" });
        let changed = system.put_at(seen.version(), "/areas/610113", body.clone()).await.ok();
        assert_eq!((&changed["name"], &changed["profile"]), (&json!("示例新区"), &json!("xian")));
        system.put_at(seen.version(), "/areas/610113", body.clone()).await.problem("PRECONDITION_FAILED");
        reviewer.put_at(2, "/areas/610113", body).await.problem("FORBIDDEN");
    });
}

#[test]
fn an_area_with_faults_is_refused_with_all_of_them() {
    on_sqlite(async |server| {
        let system = server.admin("system").await;
        system.post("/areas", area("619999", "610113", "county")).await.problem("VALIDATION");
        let mut wrong = area("610100", "610113", "city");
        wrong["name"] = json!(" ");
        wrong["profile"] = json!("tianjin");
        let faults = system.post("/areas", wrong).await.faults();
        let codes: Vec<_> = faults.iter().map(|(pointer, code)| (pointer.as_str(), code.as_str())).collect();
        assert_eq!(codes, [("/name", "TEXT"), ("/profile", "PROFILE_AREA"), ("/level", "AREA_LEVEL")]);
        let mut wrong = area("610100", "610113", "county");
        wrong["profile"] = json!("nowhere");
        let faults = system.post("/areas", wrong).await.faults();
        assert_eq!(faults, [("/profile".to_owned(), "PROFILE_UNKNOWN".to_owned())]);
        server.visitor().get("/areas").await.problem("UNAUTHENTICATED");
    });
}
