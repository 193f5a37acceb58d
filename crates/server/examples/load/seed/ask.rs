//! What to ask a seeded registry for.

use super::ground::Ground;
use super::log::actor;
use super::records::{ISSUER, Kept};
use serde_json::{Value, json};

/// Different requests of a class that looks something up.
const SAMPLES: usize = 500;

/// People, and requests by class: who asks, method, path, body.
pub fn requests(ground: &Ground, kept: &[Kept], people: Value) -> Value {
    let step = (kept.len() / SAMPLES).max(1);
    // Not in the order of the table.
    let mut samples: Vec<&Kept> = kept.iter().step_by(step).collect();
    samples.sort_by_key(|kept| kept.index * 7919 % 10_007);
    let get =
        |who: &str, path: String| json!({ "who": who, "method": "GET", "path": format!("/api/v1{path}") });
    let each = |path: &dyn Fn(&Kept) -> String| -> Value {
        samples.iter().map(|kept| get("reviewer", path(kept))).collect()
    };
    let lists =
        |who: &str, paths: &[String]| -> Value { paths.iter().map(|p| get(who, p.clone())).collect() };
    let month = ground.now - jiff::SignedDuration::from_hours(24 * 30);
    let provinces: Vec<String> = ground
        .districts
        .iter()
        .step_by(100)
        .filter_map(|d| Some(d.path.parent()?.parent()?.to_string()))
        .collect();
    let cities: Vec<String> =
        ground.districts.iter().step_by(10).filter_map(|d| Some(d.path.parent()?.to_string())).collect();
    let districts: Vec<String> = ground.districts.iter().step_by(7).map(|d| d.path.to_string()).collect();
    let in_each = |places: &[String], path: &str| -> Vec<String> {
        places.iter().map(|place| format!("{path}&scope={place}")).collect()
    };
    let by_serial: Value = samples
        .iter()
        .filter_map(|kept| kept.serial.as_deref())
        .map(|serial| {
            let body = json!({
                "issuer": ISSUER, "first_serial": serial, "last_serial": serial, "reason": "certificate_authority",
                "detail": "负载测量", "document": "示1号", "dry_run": true,
            });
            json!({ "who": "reviewer", "method": "POST", "path": "/api/v1/seals/bulk-suspensions", "body": body })
        })
        .collect();
    json!({
        "people": people,
        "classes": {
            "seal by id": each(&|kept| format!("/seals/{}", kept.seal)),
            "seal by code": each(&|kept| format!("/seals/by-code/{}", kept.code)),
            "seal by certificate serial (dry run of a suspension)": by_serial,
            "status now": each(&|kept| format!("/seals/{}/status", kept.seal)),
            "status at a time": each(&|kept| format!("/seals/{}/status?at={month}", kept.seal)),
            "application by id": each(&|kept| format!("/applications/{}", kept.application)),
            "application, its checks": each(&|kept| format!("/applications/{}/checks", kept.application)),
            "unit by id": each(&|kept| format!("/units/{}", kept.unit)),
            "seals, nation, first page": lists("reviewer", &["/seals?limit=50".to_owned()]),
            "seals, nation, half-way": [{ "who": "reviewer", "method": "GET", "path": "/api/v1/seals?limit=50", "deep": kept.len() / 2 }],
            "seals, province, active": lists("reviewer", &in_each(&provinces, "/seals?limit=50&state=active")),
            "seals, province, contract": lists("reviewer", &in_each(&provinces, "/seals?limit=50&kind=business_contract")),
            "seals, province, legal name and suspended": lists("reviewer", &in_each(&provinces, "/seals?limit=8&kind=legal_name&state=suspended")),
            "seals, city": lists("reviewer", &in_each(&cities, "/seals?limit=50")),
            "seals, district": lists("reviewer", &in_each(&districts, "/seals?limit=8")),
            "seals of a unit": lists("agent", &["/seals?limit=50".to_owned()]),
            "seals, name begins": lists("reviewer", &["/seals?limit=50&name=示例甲字".to_owned(), "/seals?limit=50&name=示例丁字第1".to_owned()]),
            "applications that wait, nation": lists("reviewer", &["/applications?limit=50&state=submitted".to_owned()]),
            "applications that wait, province": lists("reviewer", &in_each(&provinces, "/applications?limit=20&state=submitted")),
            "orders of a maker": lists("operator", &["/applications?limit=20&state=making".to_owned()]),
            "units, name begins, nation": lists("reviewer", &(0..10).map(|n| format!("/units?limit=20&name=示例{}字", ["甲","乙","丙","丁","戊","己","庚","辛","壬","癸"][n])).collect::<Vec<_>>()),
            "units, name begins, city": lists("reviewer", &in_each(&cities, "/units?limit=20&name=示例")),
            "units, name begins, district": lists("reviewer", &in_each(&districts, "/units?limit=2&name=示例")),
            "unit by credit code": samples.iter().filter_map(|kept| super::ground::credit_code(kept.index / super::ground::PER_UNIT)).map(|code| get("reviewer", format!("/units?credit_code={code}"))).collect::<Value>(),
            "overview, nation": lists("reviewer", &["/overview".to_owned()]),
            "overview, province": lists("reviewer", &provinces.iter().map(|place| format!("/overview?scope={place}")).collect::<Vec<_>>()),
            "overview, district": lists("reviewer", &districts.iter().map(|place| format!("/overview?scope={place}")).collect::<Vec<_>>()),
            "log, newest": lists("auditor", &["/audit?limit=50".to_owned()]),
            "log of a seal": samples.iter().map(|kept| get("auditor", format!("/audit?limit=50&subject={}", kept.seal))).collect::<Value>(),
            "log of an actor": (0..100).map(|n| get("auditor", format!("/audit?limit=50&actor={}", actor(n)))).collect::<Value>(),
            "log, an action until a time": lists("auditor", &[format!("/audit?limit=50&action=seal.file&until={month}")]),
            "login": [{ "who": null, "method": "POST", "path": "/api/v1/sessions", "login": "agent" }],
        }
    })
}
