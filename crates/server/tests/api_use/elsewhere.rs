//! A seal whose key is in the unit's own device. The device is OpenSSL: what it signs, it signs without a line of this project.

use crate::pdfs::pdf_contract;
use crate::stage::{Stage, rule};
use crate::support::{Answer, Client, for_each_engine};
use crate::uses::{approved, contract, looked_at, register_codes, sign};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use serde_json::{Value, json};
use yinxin_seal::Verdict;
use yinxin_testkit::oracle::Lab;

/// A device with one SM2 key.
struct Device(Lab);

impl Device {
    fn new(name: &str) -> Self {
        let lab = Lab::new(name);
        lab.openssl(&["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", "k.pem"]);
        let id = ["-sm3", "-sigopt", "distid:1234567812345678"];
        let request =
            ["req", "-new", "-utf8", "-key", "k.pem", "-subj", "/CN=示例智能密码钥匙", "-out", "r.csr"];
        lab.openssl(&[&request[..], &id[..]].concat());
        Self(lab)
    }

    fn request(&self) -> String {
        String::from_utf8(self.0.read("r.csr")).unwrap()
    }

    /// Signs what it is handed.
    fn sign(&self, prepared: &Value) -> String {
        self.0.write("m", STANDARD.decode(prepared["to_sign"].as_str().unwrap()).unwrap());
        let id = ["-sigopt", "distid:1234567812345678"];
        self.0.openssl(&[&["dgst", "-sm3", "-sign", "k.pem"], &id[..], &["-out", "s", "m"]].concat());
        STANDARD.encode(self.0.read("s"))
    }
}

async fn prepare(who: &Client, item: &str) -> Answer {
    who.json("POST", &format!("{item}/prepare"), &[], json!({})).await
}

async fn complete(who: &Client, item: &str, token: &Value, signature: &str) -> Answer {
    let body = json!({ "token": token, "signature": signature });
    who.json("POST", &format!("{item}/complete"), &[], body).await
}

#[test]
fn documents_are_prepared_here_signed_in_the_units_device_and_finished_here() {
    for_each_engine(async |server| {
        let device = Device::new("device");
        let key = json!({ "kind": "elsewhere", "request": device.request() });
        let stage = Stage::set_with(server, |content| content["key"] = key).await.kept().await;
        stage.flow().await;
        let (request, items) = approved(&stage, &[contract(1), pdf_contract(2)]).await;
        assert_eq!(rule(&prepare(&stage.user, &items[0]).await), "REQUEST_STATE");
        sign(&stage.user, &request, json!({})).await.ok();
        server.tick().await;
        assert_eq!(stage.user.get(&request).await.ok()["state"], "signing", "nothing signs by itself");

        prepare(&stage.stranger().await, &items[0]).await.problem("NOT_FOUND");
        prepare(&stage.supervisor, &items[0]).await.problem("FORBIDDEN");
        let first = prepare(&stage.user, &items[0]).await.ok();
        assert_eq!(prepare(&stage.user, &items[0]).await.ok(), first, "asked again, the same");
        let signature = device.sign(&first);
        assert_eq!(
            rule(&complete(&stage.user, &items[1], &first["token"], &signature).await),
            "TOKEN_DIFFERS"
        );
        // Another key's signature is none, and is written down; the document is prepared anew.
        let wrong = Device::new("other").sign(&first);
        assert_eq!(rule(&complete(&stage.user, &items[0], &first["token"], &wrong).await), "SIGNATURE_WRONG");
        assert_eq!(
            rule(&complete(&stage.user, &items[0], &first["token"], &signature).await),
            "TOKEN_DIFFERS"
        );
        let second = prepare(&stage.user, &items[0]).await.ok();
        assert_ne!(second["token"], first["token"]);
        let signature = device.sign(&second);
        let done = complete(&stage.user, &items[0], &second["token"], &signature).await.ok();
        assert_eq!(done["state"], "signed", "{done}");
        complete(&stage.user, &items[0], &second["token"], &signature).await.problem("CONFLICT");
        prepare(&stage.user, &items[0]).await.problem("STATE_CONFLICT");

        // The other one is left until its time is over, and begun anew by the custodian.
        let late = prepare(&stage.user, &items[1]).await.ok();
        let signature = device.sign(&late);
        server.advance(SignedDuration::from_mins(11)).await;
        assert_eq!(rule(&complete(&stage.user, &items[1], &late["token"], &signature).await), "TOKEN_OVER");
        let again = prepare(&stage.custodian, &items[1]).await.ok();
        let signature = device.sign(&again);
        complete(&stage.custodian, &items[1], &again["token"], &signature).await.ok();
        server.tick().await;
        let whole = stage.user.get(&request).await.ok();
        assert_eq!((&whole["state"], &whole["tally"]["signed"]), (&json!("done"), &json!(2)), "{whole}");
        for item in &items {
            let sealed = stage.user.get(&format!("{item}/sealed")).await;
            let (verdict, approval) = looked_at(&stage, &sealed.body);
            assert_eq!(verdict, Verdict::Valid);
            assert_eq!(approval, whole["approval_record"].as_str().unwrap());
        }
        let told = register_codes(&stage).await;
        assert_eq!(told, ["sealed", "BROKEN_OFF", "sealed", "WRONG_SIGNATURE", "REQUEST_STATE"]);
    });
}

#[test]
fn a_key_kept_here_signs_here_and_a_lost_device_signs_nothing() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let (_, items) = approved(&stage, &[contract(1)]).await;
        assert_eq!(rule(&prepare(&stage.user, &items[0]).await), "KEY_HERE");
    });
    for_each_engine(async |server| {
        let device = Device::new("lost");
        let key = json!({ "kind": "elsewhere", "request": device.request() });
        let stage = Stage::set_with(server, |content| content["key"] = key).await.kept().await;
        stage.flow().await;
        let (request, items) = approved(&stage, &[contract(1)]).await;
        sign(&stage.user, &request, json!({})).await.ok();
        let prepared = prepare(&stage.user, &items[0]).await.ok();
        let signature = device.sign(&prepared);
        let loss = json!({ "reason": "loss", "detail": "智能密码钥匙遗失" });
        stage.agent.post(&format!("{}/report-loss", stage.seal), loss).await.ok();
        let refused = complete(&stage.user, &items[0], &prepared["token"], &signature).await;
        assert_eq!(rule(&refused), "SEAL_NOT_ACTIVE");
        stage.user.get(&format!("{}/sealed", items[0])).await.problem("NOT_FOUND");
    });
}
