//! The maker in a process of its own: two programs that share nothing but the registry's API.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod import;
mod people;
mod signing;
mod stage;

use serde_json::json;
use stage::{Stage, files, not_ready, program, until};

#[test]
fn seals_are_made_by_a_process_that_shares_nothing_with_the_registry() {
    let mut stage = Stage::set(program().set("roles", "registry"));
    let maker = stage.maker_service();
    let mut working = maker.spawn();

    // The maker waits until its certificate is registered, and says so.
    until("the maker asks for registration", || {
        not_ready(&maker).contains("MAKER_CERTIFICATE_NOT_REGISTERED")
    });
    stage.register_certificate(&maker);
    working.wait_until_ready().unwrap();
    assert_eq!(maker.client().get("/healthz").json(), json!({ "status": "ok" }));

    // The registry goes away, and comes back with the maker's CA among what it trusts.
    let anchors = ["root.cer", "issuing.cer"].map(|name| maker.folder().join("data/ca").join(name));
    let anchors = anchors.map(|path| path.to_string_lossy().into_owned()).join(",");
    stage.running.take().unwrap().kill();
    until("the maker misses the registry", || not_ready(&maker).contains("REGISTRY_UNREACHABLE"));
    stage.registry = stage.registry.take().map(|registry| registry.set("ca.trust_anchors", &anchors));
    stage.running = Some(stage.registry().start());
    working.wait_until_ready().unwrap();

    // Apply, approve, order, made by the other process, file, deliver.
    let application = stage.approved("legal_name", "示例市第一示例有限公司");
    let seal = stage.made(&application);
    stage.hand_over(&seal);

    // Killed again and again in the middle of its work, it makes each seal once.
    let applications: Vec<String> = (0..3)
        .map(|_| {
            stage
                .agent
                .apply(&stage.unit, &Stage::content("business_contract", "示例市第一示例有限公司合同专用章"))
        })
        .collect();
    let (keys, orders) =
        (maker.folder().join("data/workshop-keys"), maker.folder().join("data/workshop-keys/log/orders"));
    for application in &applications {
        let before = files(&orders, ".jsonl").len();
        stage.reviewer.step(application, "approve", &json!({}));
        until("an order is taken up", || files(&orders, ".jsonl").len() > before);
        working.kill();
        working = maker.spawn();
    }
    let seals: Vec<String> = applications.iter().map(|application| stage.made(application)).collect();
    let numbers: std::collections::BTreeSet<String> =
        seals.iter().map(|seal| stage.reviewer.get(seal)["code"].to_string()).collect();
    assert_eq!(numbers.len(), 3);
    // One key of the maker, one for each seal, and no more.
    assert_eq!(files(&keys, ".p8").len(), 1 + 4);
    assert_eq!(files(&orders, ".jsonl").len(), 4);

    // The registry is killed while an order waits at it; nobody has to do anything.
    let waiting = stage
        .agent
        .apply(&stage.unit, &Stage::content("business_contract", "示例市第一示例有限公司合同专用章"));
    working.kill();
    stage.reviewer.step(&waiting, "approve", &json!({}));
    stage.running.take().unwrap().kill();
    working = maker.spawn();
    until("the maker misses the registry", || not_ready(&maker).contains("REGISTRY_UNREACHABLE"));
    stage.running = Some(stage.registry().start());
    working.wait_until_ready().unwrap();
    stage.made(&waiting);

    let page = maker.client().get("/metrics").text();
    assert!(page.contains("yinxin_workshop_orders_total{fate=\"made\"}"), "{page}");
    assert!(page.contains("yinxin_ready{part=\"workshop\"} 1"), "{page}");

    // Each side has its own and nothing of the other's.
    let data =
        |service: &yinxin_testkit::process::Service, name: &str| service.folder().join("data").join(name);
    assert!(!data(stage.registry(), "workshop-keys").exists());
    assert!(!data(&maker, "registry.db").exists() && !data(&maker, "documents").exists());

    // It stops when told, and with a shared secret in place of the key pair it goes on.
    assert!(working.stop().success());
    let client = stage.client(json!({ "kind": "hmac_sm3" }));
    let secret = maker.folder().join("secret");
    std::fs::write(&secret, client["secret"].as_str().unwrap()).unwrap();
    let maker = maker
        .set("workshop.client_id", client["id"].as_str().unwrap())
        .set("workshop.client_secret.file", &secret.to_string_lossy());
    let _working = maker.start();
    let last = stage.approved("business_contract", "示例市第一示例有限公司合同专用章");
    stage.made(&last);
}

#[test]
fn a_maker_believes_no_registry_but_the_one_it_was_told_of() {
    let stage = Stage::set(program().set("roles", "registry"));
    let other = "00".repeat(32);
    let maker = stage.maker_service().set("workshop.registry_signers", &other);
    let working = maker.spawn();
    until("the maker distrusts", || not_ready(&maker).contains("REGISTRY_SIGNER_NOT_TRUSTED"));
    // Nothing was made for it: no key, no certificate.
    assert!(files(&maker.folder().join("data/workshop-keys"), ".p8").is_empty());
    assert!(!maker.folder().join("data/maker.pem").exists());
    working.kill();

    // A client of another maker learns nothing here.
    let mut record = Stage::maker_record(true);
    record["credit_code"] = json!(people::credit_code(900_002));
    let other = stage.reviewer.post("/makers", &record)["id"].as_str().unwrap().to_owned();
    let certificate = stage.authority_certificate();
    let maker =
        maker.set("workshop.registry_signers", &certificate.to_string_lossy()).set("workshop.maker", &other);
    let _working = maker.spawn();
    until("the registry refuses", || not_ready(&maker).contains("REGISTRY_REFUSED"));
}
