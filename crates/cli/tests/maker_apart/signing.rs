//! Registry, maker and key process, each on its own: a document is sealed by a key that the registry never had.

use crate::people::{Person, accepted};
use crate::stage::{Stage, files, not_ready, program, until};
use serde_json::{Value, json};
use yinxin_crypto::sm3;
use yinxin_testkit::process::Service;

/// Who uses the seal.
struct Users {
    custodian: Person,
    approver: Person,
    user: Person,
    grant: String,
}

impl Users {
    fn of(stage: &Stage, seal: &str) -> Self {
        let url = stage.registry().url();
        let hire = |role: &str| stage.security.account(&url, role, role, &stage.unit);
        let (custodian, approver, user) = (hire("custodian"), hire("approver"), hire("user"));
        let id = |person: &Person| person.get("/session")["account"]["id"].clone();
        let custody = format!("{seal}/custody");
        stage.agent.step(&custody, "offer", &json!({ "account": id(&custodian) }));
        custodian.step(&custody, "accept", &json!({}));
        let step = json!({ "name": "部门负责人", "approvers": [id(&approver)], "need": 1, "hours": 24 });
        let flow = json!({ "name": "合同用印审批", "steps": [step] });
        stage.agent.post(&format!("/units/{}/flows", stage.unit), &flow);
        let until = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24);
        let right = json!({ "to": id(&user), "until": until, "document_kinds": ["合同"], "most": 100 });
        let grant = custodian.post(&format!("{seal}/use-grants"), &right)["id"].as_str().unwrap().to_owned();
        Self { custodian, approver, user, grant }
    }

    /// A document whose use of the seal is approved; the request, and the document in it.
    fn approved(&self, seal: &str, number: u32) -> (String, String) {
        let bytes = yinxin_ofd::sample::document(1, "示例合同", &[&format!("第一条 第{number}号合同。")]);
        let right = json!({ "kind": "grant", "grant": self.grant });
        let body = json!({
            "seal": seal.trim_start_matches("/seals/"), "right": right, "document_kind": "合同", "reason": "签订年度框架合同",
        });
        let asked = self.user.post("/use-requests", &body);
        let request = format!("/use-requests/{}", asked["id"].as_str().unwrap());
        let item = json!({
            "name": "合同.ofd", "digest": hex::encode(sm3(&bytes)), "size": bytes.len(),
            "placements": [{ "kind": "at", "pages": { "kind": "last" }, "x": 15000, "y": 24000 }],
        });
        let added = self.user.step(&request, "items", &json!({ "items": [item] }));
        let item = format!("{request}/items/{}", added["items"][0]["id"].as_str().unwrap());
        self.user.bring(&request, &format!("{item}/content"), "application/ofd", &bytes);
        let pending = self.user.step(&request, "submit", &json!({}));
        self.approver.step(&request, "approve", &json!({ "digest": pending["digest"] }));
        (request, item)
    }

    fn state(&self, request: &str) -> Value {
        self.user.get(request)["state"].clone()
    }
}

#[test]
fn a_document_is_sealed_by_a_key_process_that_stands_apart() {
    // The key process comes last, but its address is known.
    let signer = program().set("roles", "signer");
    let mut stage = Stage::set(program().set("roles", "registry").set("signer.url", &signer.url()));
    let maker = stage.maker_service();
    let mut working = maker.spawn();
    until("the maker asks for registration", || {
        not_ready(&maker).contains("MAKER_CERTIFICATE_NOT_REGISTERED")
    });
    stage.register_certificate(&maker);
    working.wait_until_ready().unwrap();
    let anchors = ["root.cer", "issuing.cer"].map(|name| maker.folder().join("data/ca").join(name));
    let anchors = anchors.map(|path| path.to_string_lossy().into_owned()).join(",");
    stage.running.take().unwrap().kill();
    stage.registry = stage.registry.take().map(|registry| registry.set("ca.trust_anchors", &anchors));
    stage.running = Some(stage.registry().start());
    working.wait_until_ready().unwrap();
    let seal = stage.made(&stage.approved("legal_name", "示例市第一示例有限公司"));
    stage.hand_over(&seal);
    let users = Users::of(&stage, &seal);

    // While there is no key process the document waits; nothing is lost, nothing is refused for good.
    let (request, item) = users.approved(&seal, 1);
    users.user.step(&request, "sign", &json!({}));
    let refusals = || users.custodian.get(&format!("{seal}/uses"));
    until("the document waits for the key process", || {
        refusals()["items"].to_string().contains("KEY_HOLDER_UNREACHABLE")
    });
    assert_eq!(users.state(&request), "signing");
    let doctor = |service: &Service| service.command_of(&["doctor"]).output().unwrap();
    assert!(String::from_utf8_lossy(&doctor(stage.registry()).stdout).contains("✗ signer"));

    // The maker's own keys, its master key, the registry's certificate: no more is needed.
    let data = maker.folder().join("data");
    let signer = signer
        .set("workshop.keys_dir", &data.join("workshop-keys").to_string_lossy())
        .set("security.master_key_file", &data.join("keys/master.key").to_string_lossy())
        .set("signer.issuers", &stage.authority_certificate().to_string_lossy());
    let keys = signer.start();
    assert!(String::from_utf8_lossy(&doctor(stage.registry()).stdout).contains("✓ signer"));
    until("the document is sealed", || users.state(&request) == "done");
    let sealed = users.user.bytes(&format!("{item}/sealed"));
    let document = Some(("application/ofd", sealed.as_slice()));
    let checked = stage.registry().client().send("POST", "/api/v1/verifications", &[], document).unwrap();
    assert_eq!(accepted(&checked)["verdict"], "valid");

    // Killed and back, it goes on; the register knows every try.
    keys.kill();
    let (request, _) = users.approved(&seal, 2);
    users.user.step(&request, "sign", &json!({}));
    let keys = signer.start();
    until("the next is sealed too", || users.state(&request) == "done");
    assert!(keys.stop().success());
    // The registry has no key, the key process no documents and no database.
    assert!(!stage.registry().folder().join("data/workshop-keys").exists());
    assert!(!files(&data.join("workshop-keys/gate"), ".log").is_empty());
    assert!(
        !signer.folder().join("data/registry.db").exists()
            && !signer.folder().join("data/documents").exists()
    );
}
