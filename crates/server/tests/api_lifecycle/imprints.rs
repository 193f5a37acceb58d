//! Imprints at application and at making: by the rules, and beside the imprint on record.

use crate::stage::Stage;
use crate::support::{Answer, for_each_engine, on_sqlite, sample};
use serde_json::{Value, json};
use yinxin_crypto::sm3;
use yinxin_imprint::{Bitmap, Font, ImprintSpec, draw};

/// The imprint of a physical seal as it was scanned: by the rules, at 300 dpi.
fn scan(name: &str, size_mm: f64) -> Vec<u8> {
    draw(&ImprintSpec::official(name).with_size_mm(size_mm), &Font::builtin()).unwrap().to_png(300).unwrap()
}

fn digest(picture: &[u8]) -> String {
    hex::encode(sm3(picture))
}

/// Content that names an imprint on record, or the picture to be used, by its digest.
fn content(stage: &Stage<'_>, filed: Option<&[u8]>, given: Option<&[u8]>) -> Value {
    let mut content = stage.content();
    if let Some(filed) = filed {
        content["physical"] = json!({
            "registration": "6101000000001", "engraver": "示例刻章社", "engraved_on": "2026-01-05",
            "imprint_digest": digest(filed),
        });
    }
    if let Some(given) = given {
        content["imprint"] = json!({
            "kind": "given", "digest": digest(given), "width_tenth_mm": 400, "height_tenth_mm": 400,
        });
    }
    content
}

async fn put(stage: &Stage<'_>, application: &str, code: &str, picture: &[u8]) -> Answer {
    let tag = format!("\"{}\"", stage.agent.get(application).await.version());
    let target = format!("/api/v1{application}/materials/{code}?file_name={code}.png");
    let headers = [("content-type", "image/png"), ("if-match", &*tag)];
    stage.agent.send("PUT", &target, &headers, picture.to_vec()).await
}

/// The check with this code among those of an application as it is now.
async fn check(stage: &Stage<'_>, application: &str, code: &str) -> Value {
    let checks = stage.agent.get(&format!("{application}/checks")).await.ok();
    let found = checks["checks"].as_array().unwrap().iter().find(|check| check["code"] == code).cloned();
    found.unwrap_or_default()
}

async fn draft(stage: &Stage<'_>, content: Value) -> String {
    stage.draft(json!({ "kind": "new" }), content).await
}

#[test]
fn a_drawn_imprint_keeps_every_rule_and_is_shown() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await;
        let application = draft(&stage, content(&stage, None, None)).await;
        let checks = stage.agent.get(&format!("{application}/checks")).await.ok();
        let of_rules: Vec<&Value> = checks["checks"].as_array().unwrap().iter().collect();
        let of_rules: Vec<_> = of_rules
            .into_iter()
            .filter(|c| c["code"].as_str().unwrap().starts_with("IMPRINT_CHECK_"))
            .collect();
        assert_eq!(of_rules.len(), 15, "{checks}");
        assert!(of_rules.iter().all(|check| check["passed"] == true), "{checks}");
        let width = check(&stage, &application, "IMPRINT_CHECK_WIDTH").await;
        assert!(
            width["zh"].as_str().unwrap().contains("实测 40.0"),
            "measured and allowed are told: {width}"
        );
        assert!(width["zh"].as_str().unwrap().contains("允许 30–45 mm"), "{width}");
        assert_eq!(check(&stage, &application, "IMPRINT_FILED").await, Value::Null, "none is on record");

        let shown = stage.agent.get(&format!("{application}/imprint")).await;
        assert_eq!((shown.status.as_u16(), shown.header("content-type")), (200, "image/png"));
        assert_eq!(Bitmap::decode(&shown.body).unwrap().size_px(), (945, 945), "40 mm at 600 dpi");
        stage.agent.get(&format!("{application}/imprint/difference")).await.problem("NOT_FOUND");
        stage.operator.get(&format!("{application}/imprint")).await.problem("NOT_FOUND");
    });
}

#[test]
fn the_imprint_on_record_is_compared_at_application_and_at_making() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let filed = scan(&stage.unit_name, 40.0);
        let application = draft(&stage, content(&stage, Some(&filed), None)).await;
        let missing = check(&stage, &application, "IMPRINT_FILED").await;
        assert_eq!((&missing["passed"], &missing["blocking"]), (&json!(false), &json!(false)), "{missing}");

        put(&stage, &application, "imprint", &filed).await.ok();
        let same = check(&stage, &application, "IMPRINT_COMPARE").await;
        assert_eq!(same["passed"], true, "{same}");
        assert!(same["zh"].as_str().unwrap().contains("相似度 1.0000（≥ 0.99）"), "{same}");
        stage.owner.submit(&application).await;
        let difference = stage.reviewer.get(&format!("{application}/imprint/difference")).await;
        assert!(Bitmap::decode(&difference.body).is_ok(), "{}", String::from_utf8_lossy(&difference.body));

        stage.scene.approve(&application).await;
        let seal = stage.scene.make(&application).await;
        let made = stage.agent.get(&seal).await.ok()["made"]["imprint"].clone();
        assert_eq!((&made["compared_with"], &made["same"]), (&json!("filed"), &json!(true)), "{made}");
        assert!(made["score"].as_u64().unwrap() >= 9_900, "{made}");
        assert_eq!(made["remarks"], json!([]), "{made}");
    });
}

#[test]
fn another_name_on_record_is_found_and_told_to_the_reviewer() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await;
        let filed = scan(&stage.unit_name.replace("有限", "无限"), 40.0);
        let application = draft(&stage, content(&stage, Some(&filed), None)).await;
        put(&stage, &application, "imprint", &filed).await.ok();
        let differs = check(&stage, &application, "IMPRINT_COMPARE").await;
        assert_eq!((&differs["passed"], &differs["blocking"]), (&json!(false), &json!(false)), "{differs}");
        assert!(differs["zh"].as_str().unwrap().starts_with("与备案印模不一致"), "{differs}");
        // It may be handed in: whether it is a fault or a bad scan a person decides, who sees it among the checks.
        stage.owner.submit(&application).await;
        let seen = stage.reviewer.get(&application).await.ok();
        assert!(seen["checks"].as_array().unwrap().contains(&differs), "{seen}");
        stage.scene.approve(&application).await;
        let seal = stage.scene.make(&application).await;
        let made = stage.agent.get(&seal).await.ok()["made"]["imprint"].clone();
        assert_eq!((&made["same"], &made["remarks"]), (&json!(false), &json!(["IMPRINT_COMPARE"])), "{made}");
    });
}

#[test]
fn what_cannot_be_made_is_not_taken() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await;
        let given = scan(&stage.unit_name, 40.0);
        let application = draft(&stage, content(&stage, None, Some(&given))).await;
        let missing = check(&stage, &application, "IMPRINT_PICTURE").await;
        assert_eq!((&missing["passed"], &missing["blocking"]), (&json!(false), &json!(true)), "{missing}");
        assert!(missing["en"].as_str().unwrap().contains("[IMPRINT_MISSING]"), "{missing}");
        stage.agent.get(&format!("{application}/imprint")).await.problem("CONFLICT");
        let truth = stage.owner.truth(&application).await;
        stage.agent.step(&application, "submit", truth).await.problem("CONFLICT");

        put(&stage, &application, "imprint_picture", &given).await.ok();
        assert_eq!(check(&stage, &application, "IMPRINT_PICTURE").await["passed"], true);
        stage.owner.submit(&application).await;

        // A damaged picture has the right digest and still cannot be made.
        let broken = given[..given.len() / 2].to_vec();
        let other = scan_of_contract(&stage, &broken).await;
        let fault = check(&stage, &other, "IMPRINT_CHECK").await;
        assert_eq!(fault["passed"], false, "{fault}");
    });
}

/// A draft for a contract seal with this picture.
async fn scan_of_contract(stage: &Stage<'_>, picture: &[u8]) -> String {
    let mut content = sample::contract_content(stage.owner.number);
    content["imprint"] = json!({
        "kind": "given", "digest": digest(picture), "width_tenth_mm": 400, "height_tenth_mm": 400,
    });
    let application = draft(stage, content).await;
    put(stage, &application, "imprint_picture", picture).await.ok();
    application
}

#[test]
fn sizes_are_those_of_the_profile() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await;
        for (width, height, passes) in
            [(400, 400, true), (380, 380, true), (460, 460, false), (370, 370, false), (400, 390, false)]
        {
            let mut content = sample::contract_content(stage.owner.number);
            content["imprint"] =
                json!({ "kind": "drawn", "width_tenth_mm": width, "height_tenth_mm": height });
            let application = draft(&stage, content).await;
            let found = check(&stage, &application, "IMPRINT_SIZE_ALLOWED").await;
            assert_eq!(
                (&found["passed"], &found["blocking"]),
                (&json!(passes), &json!(true)),
                "{width} × {height}"
            );
        }
    });
}

#[test]
fn an_imprint_is_tried_before_anything_is_asked_for() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await;
        let application = draft(&stage, content(&stage, None, None)).await;
        let asked = stage.agent.get(&application).await.ok();
        let (unit, name) = (asked["unit"].as_str().unwrap(), asked["seal_name"].as_str().unwrap());
        let query = |name: &str, size: u32| {
            let name: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
            format!("?kind=legal_name&seal_name={name}&width_tenth_mm={size}&height_tenth_mm={size}")
        };
        let tried = format!("/units/{unit}/imprint-trial");
        let shown = stage.agent.get(&format!("{tried}{}", query(name, 400))).await;
        assert_eq!((shown.status.as_u16(), shown.header("content-type")), (200, "image/png"));
        let of_draft = stage.agent.get(&format!("{application}/imprint")).await;
        assert_eq!(shown.body, of_draft.body, "the draft gets the very picture that was tried");
        let checks = stage.agent.get(&format!("{tried}/checks{}", query(name, 400))).await.ok();
        assert_eq!(checks["drawn"], true);
        assert!(checks["checks"].as_array().unwrap().iter().all(|check| check["passed"] == true), "{checks}");
        // A size its kind does not have is told in words.
        let wide = stage.agent.get(&format!("{tried}/checks{}", query(name, 600))).await.ok();
        let zh = wide["checks"][2]["zh"].as_str().unwrap();
        assert!(zh.contains("尺寸 60 毫米超出该类印章允许的 30 至 45 毫米"), "{wide}");
        let large = stage.agent.get(&format!("{tried}/checks{}", query(name, 900))).await.ok();
        assert_eq!(
            (&large["drawn"], &large["checks"][2]["code"]),
            (&json!(false), &json!("IMPRINT_PICTURE"))
        );
        stage.agent.get(&format!("{tried}{}", query(name, 900))).await.problem("CONFLICT");
        // The legal name stands on it whatever is typed, and that is told.
        let other = stage.agent.get(&format!("{tried}/checks{}", query("示例别名", 400))).await.ok();
        assert_eq!(
            (&other["checks"][0]["code"], &other["checks"][0]["passed"]),
            (&json!("LEGAL_NAME"), &json!(false))
        );
        stage.agent.get(&format!("{tried}{}", query("章", 400))).await.problem("VALIDATION");
        stage.operator.get(&format!("{tried}{}", query(name, 400))).await.problem("FORBIDDEN");
    });
}
