//! Designations of departments (XA-7).

use crate::support::{CITY, Role, for_each_engine};
use crate::{add_other_city, area, items, stranger};
use serde_json::json;

#[test]
fn a_district_designates_and_the_city_files_it() {
    for_each_engine(async |server| {
        add_other_city(server).await;
        let system = server.admin("system").await;
        system.post("/areas", area("610100", "610113", "county")).await.ok();
        let district = format!("{CITY}610113/");
        let reviewer = server.account(Role::IssuingReviewer, Some(&district)).await;
        let body = json!({
            "area": "610113", "department": "示例区行政审批局", "responsible": "示例甲", "document": "示例政发〔2026〕1号",
        });
        stranger(server).await.post("/designations", body.clone()).await.problem("NOT_FOUND");
        let made = reviewer.post("/designations", body.clone()).await.ok();
        let path = format!("/designations/{}", made["id"].as_str().unwrap());
        assert_eq!(system.get("/areas/610113").await.ok()["designation"], made["id"]);
        reviewer.post("/designations", body.clone()).await.problem("CONFLICT");

        let receipt = json!({ "receipt": "示例备〔2026〕1号" });
        let below = server.account(Role::FilingOfficer, Some(&district)).await;
        below.step(&path, "file", receipt.clone()).await.problem("NOT_FOUND");
        reviewer.step(&path, "file", receipt.clone()).await.problem("FORBIDDEN");
        let above = server.account(Role::FilingOfficer, Some(CITY)).await;
        let filed = above.step(&path, "file", receipt.clone()).await.ok();
        assert_eq!((&filed["state"], &filed["receipt"]), (&json!("filed"), &json!("示例备〔2026〕1号")));
        let refused = above.step(&path, "file", receipt).await.problem("STATE_CONFLICT");
        assert_eq!((&refused["state"], &refused["allowed"]), (&json!("filed"), &json!(["end"])));

        assert_eq!(items(&above, "/designations?state=filed").await.len(), 1);
        let foreign = stranger(server).await;
        assert!(items(&foreign, "/designations").await.is_empty());
        foreign.get(&path).await.problem("NOT_FOUND");

        let ended = reviewer.step(&path, "end", json!({ "reason": "机构调整" })).await.ok();
        assert_eq!(ended["state"], "ended");
        assert!(system.get("/areas/610113").await.ok().get("designation").is_none());
        reviewer.post("/designations", body).await.ok();
    });
}
