//! Export of a case: the right to it has to hold for every subject.

use crate::support::scene::Scene;
use crate::support::{CITY, for_each_engine, sample};
use serde_json::{Value, json};
use yinxin_registry::role::Role;

fn case(subjects: &[&str]) -> Value {
    json!({ "case": "示例案〔2026〕2号", "subjects": subjects, "document": "示例调证〔2026〕2号" })
}

#[test]
fn a_case_is_exported_only_by_who_may_see_every_subject_of_it() {
    for_each_engine(async |server| {
        let scene = Scene::set(server).await;
        let system = server.admin("system").await;
        let district = json!({
            "parent": "610100", "code": "610113", "name": "示例区", "level": "county", "authority": "示例区行政审批局",
        });
        system.post("/areas", district).await.ok();
        let mut within = sample::unit(31);
        within["area"] = json!("610113");
        let within = scene.reviewer.post("/units", within).await.ok()["id"].clone();
        let outside = scene.reviewer.post("/units", sample::unit(32)).await.ok()["id"].clone();
        let (within, outside) = (within.as_str().unwrap(), outside.as_str().unwrap());
        let local = server.account(Role::Supervisor, Some("/100000/610000/610100/610113/")).await;
        let whole = server.account(Role::Supervisor, Some(CITY)).await;

        local.post("/cases", case(&[within])).await.ok();
        // Wherever in the list the other's subject stands.
        for subjects in [[outside, within], [within, outside]] {
            local.post("/cases", case(&subjects)).await.problem("NOT_FOUND");
            let export = whole.post("/cases", case(&subjects)).await.ok();
            let text = export["export"].as_str().unwrap();
            assert!(text.contains(within) && text.contains(outside));
        }
        local.post("/cases", case(&[within, "unit_00000000000000000000000000"])).await.problem("NOT_FOUND");
        local.post("/cases", case(&[])).await.problem("VALIDATION");
        scene.reviewer.post("/cases", case(&[within])).await.problem("FORBIDDEN");
    });
}
