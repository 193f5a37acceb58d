//! Profiles and procedures.

use crate::items;
use crate::support::{CITY, Role, on_sqlite};
use serde_json::{Value, json};

#[test]
fn anybody_reads_what_to_bring_before_he_applies() {
    on_sqlite(async |server| {
        let visitor = server.visitor();
        let offered = visitor.get("/procedures/offered?area=610100").await.ok();
        assert_eq!((&offered["area_name"], &offered["profile"]), (&json!("示例市"), &json!("national@1")));
        let enterprise =
            offered["offered"].as_array().unwrap().iter().find(|o| o["applicant"]["code"] == "enterprise");
        let seals = enterprise.unwrap()["seals"].as_array().unwrap().clone();
        assert!(seals.iter().any(|s| s["code"] == "legal_name" && s["name"]["zh"] == "法定名称章"));

        let path = "/procedures?area=610100&applicant_kind=enterprise&seal_kind=legal_name";
        let procedure = visitor.get(path).await.ok();
        let both = |text: &Value| {
            !text["zh"].as_str().unwrap().is_empty() && !text["en"].as_str().unwrap().is_empty()
        };
        let materials = procedure["materials"].as_array().unwrap();
        assert!(materials.iter().any(|m| m["required"] == true));
        assert!(materials.iter().all(|m| both(&m["name"]) && both(&m["issuer"])));
        let steps = procedure["steps"].as_array().unwrap();
        assert!(steps.iter().all(|s| both(&s["name"]) && both(&s["help"])));
        if procedure["physical_first"] == true {
            assert_eq!(steps[0]["step"], "physical_seal");
        }
        assert!(procedure["deadlines"]["review_working_days"].as_u64().unwrap() > 0);
        assert!(
            procedure["imprints"].as_array().unwrap().iter().all(|i| i["width_mm"][0].as_u64() > Some(0))
        );
        visitor
            .get("/procedures?area=619999&applicant_kind=enterprise&seal_kind=legal_name")
            .await
            .problem("NOT_FOUND");
        visitor
            .get("/procedures?area=610100&applicant_kind=nobody&seal_kind=legal_name")
            .await
            .problem("BAD_REQUEST");
    });
}

#[test]
fn a_step_left_out_tells_why() {
    on_sqlite(async |server| {
        let mut seen = Vec::new();
        let offered = server.visitor().get("/procedures/offered?area=610100").await.ok();
        for offer in offered["offered"].as_array().unwrap() {
            let kind = offer["applicant"]["code"].as_str().unwrap();
            let seal = offer["seals"][0]["code"].as_str().unwrap();
            let path = format!("/procedures?area=610100&applicant_kind={kind}&seal_kind={seal}");
            let procedure = server.visitor().get(&path).await.ok();
            let skipped =
                procedure["steps"].as_array().unwrap().iter().filter(|s| s.get("skipped").is_some());
            seen.extend(skipped.map(|s| s["skipped"]["zh"].as_str().unwrap().to_owned()));
        }
        let reasons = yinxin_registry::profile::Profile::built_in("national").unwrap();
        let expected = reasons.procedures.iter().any(|p| !p.skips.is_empty());
        assert_eq!(!seen.is_empty(), expected, "{seen:?}");
    });
}

#[test]
fn a_new_version_counts_from_now_on_and_the_old_one_stays_readable() {
    on_sqlite(async |server| {
        let system = server.admin("system").await;
        let present = system.get("/profiles/national").await.ok();
        let text = present["text"].as_str().unwrap();
        let days = present["rules"]["deadlines"]["review_working_days"].as_u64().unwrap();
        let next = text.replace("version = 1", "version = 2").replace(
            &format!("review_working_days = {days}"),
            &format!("review_working_days = {}", days + 1),
        );
        let ids: Vec<Value> = items(&system, "/profiles").await.iter().map(|p| p["id"].clone()).collect();
        assert_eq!(ids, ["beijing", "national", "tianjin", "xian"]);
        let page = system.get("/profiles?limit=3").await.ok();
        let rest = format!("/profiles?limit=3&cursor={}", page["next"].as_str().unwrap());
        assert_eq!(items(&system, &rest).await.len(), 1);

        let reviewer = server.account(Role::IssuingReviewer, Some(CITY)).await;
        reviewer.post("/profiles", json!({ "text": next })).await.problem("FORBIDDEN");
        let again = system.post("/profiles", json!({ "text": text })).await.faults();
        assert_eq!(again, [("/text".to_owned(), "PROFILE_VERSION".to_owned())]);
        let narrower = next.replace("applies_to = \"\"", "applies_to = \"61\"");
        assert_ne!(narrower, next);
        let refused = system.post("/profiles", json!({ "text": narrower })).await.faults();
        assert_eq!(refused[0].0, "/text");
        let broken = system.post("/profiles", json!({ "text": "version = " })).await.problem("VALIDATION");
        assert_eq!(broken["errors"][0]["code"], "PROFILE_SYNTAX");
        assert!(broken["errors"][0]["detail"].as_str().unwrap().contains("行"), "{broken}");

        system.post("/profiles", json!({ "text": next })).await.ok();
        let path = "/procedures?area=610100&applicant_kind=enterprise&seal_kind=legal_name";
        let procedure = server.visitor().get(path).await.ok();
        assert_eq!(
            (&procedure["profile"], &procedure["deadlines"]["review_working_days"]),
            (&json!("national@2"), &json!(days + 1))
        );
        let old = system.get("/profiles/national?version=1").await.ok();
        assert_eq!(old["rules"]["deadlines"]["review_working_days"], days);
        system.get("/profiles/national?version=3").await.problem("NOT_FOUND");
        assert_eq!(
            yinxin_server::api::profiles::reload(&server.app).await.unwrap(),
            0,
            "memory knows all of them"
        );
    });
}
