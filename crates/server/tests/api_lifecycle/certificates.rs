//! Keys and certificates that come from outside: certificates by import, keys in the unit's own device.

use crate::stage::{Stage, Whole as _};
use crate::support::{Role, Server, for_each_engine, on_sqlite, sample};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use jiff::SignedDuration;
use serde_json::json;
use std::path::Path;
use std::process::Command;
use yinxin_crypto::{PublicKey, SignatureAlgorithm, SigningKey as _, SoftwareKey};
use yinxin_formats::csr::{Csr, CsrBuilder};
use yinxin_formats::der::Limits;
use yinxin_formats::pem;
use yinxin_formats::ses::{CertList, Seal};
use yinxin_formats::x509::{Certificate, Name};
use yinxin_server::making::authority::{
    CertificateAuthority as _, CertificateKind, CertificateProfile, CertificateRequest, SubjectFields,
};

/// A new key and its request, DER.
fn key_and_request() -> (SoftwareKey, Vec<u8>) {
    let key = SoftwareKey::generate(&mut UnwrapErr(SysRng));
    let csr = CsrBuilder::new(Name::build(&[])).sign(&key).unwrap();
    (key, csr)
}

/// What the authority issues for a request under a unit's name: the certificate and its issuers, PEM.
fn issued(server: &Server, reference: &str, csr: &[u8], unit: &str) -> String {
    issued_for(server, reference, csr, unit, 24 * 365)
}

/// The same with a certificate that ends in so many hours.
fn issued_for(server: &Server, reference: &str, csr: &[u8], unit: &str, hours: i64) -> String {
    let now = server.now();
    let subject =
        SubjectFields { organization: unit.to_owned(), credit_code: None, common_name: unit.to_owned() };
    let profile = CertificateProfile {
        kind: CertificateKind::Seal,
        subject,
        not_before: now - SignedDuration::from_hours(48),
        not_after: now + SignedDuration::from_hours(hours),
    };
    let request = CertificateRequest { reference, csr, profile };
    let issued = server.test_authority().issue(&request, now, &mut UnwrapErr(SysRng)).unwrap();
    let all = std::iter::once(&issued.leaf).chain(&issued.chain);
    all.map(|c| pem::encode("CERTIFICATE", c.raw())).collect()
}

#[test]
fn a_certificate_from_outside_is_taken_only_for_the_request_that_waits() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let application = stage.approved(json!({ "kind": "new" })).await;
        let taken = stage.operator.post(&format!("{application}/making"), json!({})).await.ok();
        let seal = format!("/seals/{}", taken["assigned"]["id"].as_str().unwrap());
        let (request_path, path) = (format!("{seal}/certificate-request"), format!("{seal}/certificate"));
        let (_, csr) = key_and_request();
        let (_, other) = key_and_request();
        let good = issued(server, "good", &csr, &stage.unit_name);

        // Before a request there is nothing to take out and nothing to bring.
        stage.operator.get(&request_path).await.problem("NOT_FOUND");
        let early = stage.operator.post(&path, json!({ "chain": good })).await.problem("CONFLICT");
        assert!(early["detail"].as_str().unwrap().contains("NO_CERTIFICATE_REQUEST"), "{early}");

        let body = json!({ "request": STANDARD.encode(&csr) });
        stage.filer.post(&request_path, body.clone()).await.problem("FORBIDDEN");
        let first = stage.operator.post_as("request-1", &request_path, body.clone()).await.ok();
        assert_eq!(first["state"], "making");
        let replayed = stage.operator.post_as("request-1", &request_path, body.clone()).await;
        assert_eq!(replayed.header("idempotency-replayed"), "true");
        stage.operator.post(&request_path, body).await.ok();
        let other = json!({ "request": STANDARD.encode(&other) });
        stage.operator.post(&request_path, other).await.problem("CONFLICT");
        let forged = json!({ "request": STANDARD.encode(&csr[..csr.len() - 1]) });
        let faults = stage.operator.post(&request_path, forged).await.faults();
        assert_eq!(faults[0], ("/request".to_owned(), "KEY_REQUEST".to_owned()));

        let orders = format!("/makers/{}/orders", stage.maker);
        let listed = stage.operator.get(&orders).await.ok();
        assert_eq!(listed["items"][0]["assigned"]["certificate_request"], STANDARD.encode(&csr));
        let shown = stage.operator.get(&request_path).await;
        assert_eq!(shown.ok_bytes(), pem::encode("CERTIFICATE REQUEST", &csr).as_bytes());
        stage.agent.get(&request_path).await.problem("FORBIDDEN");

        let strange = stage.reviewer.post("/makers", sample::maker(2, server.now())).await.ok();
        let stranger = server.account(Role::MakerOperator, strange["id"].as_str()).await;
        stranger.get(&request_path).await.problem("NOT_FOUND");
        stranger.post(&path, json!({ "chain": good })).await.problem("NOT_FOUND");
        stage.agent.post(&path, json!({ "chain": good })).await.problem("FORBIDDEN");

        let (_, others) = key_and_request();
        let code = async |chain: String| {
            stage.operator.post(&path, json!({ "chain": chain })).await.faults()[0].1.clone()
        };
        assert_eq!(code("nothing".to_owned()).await, "CERTIFICATE_MALFORMED");
        assert_eq!(code(issued(server, "key", &others, &stage.unit_name)).await, "CERTIFICATE_KEY");
        assert_eq!(code(issued(server, "unit", &csr, "示例市另一家公司")).await, "CERTIFICATE_SUBJECT");
        let past = issued_for(server, "past", &csr, &stage.unit_name, -24);
        assert_eq!(code(past).await, "CERTIFICATE_TIME");
        stage.operator.post(&path, json!({ "chain": good })).await.ok();
        let listed = stage.operator.get(&orders).await.ok();
        assert_eq!(listed["items"][0]["assigned"]["certificates"].as_array().unwrap().len(), 3);
        let auditor = server.admin("audit").await;
        let id = seal.rsplit('/').next().unwrap();
        let log = auditor.get(&format!("/audit?subject={id}&limit=200")).await.ok();
        let actions: Vec<_> =
            log["items"].as_array().unwrap().iter().map(|row| row["action"].clone()).collect();
        for action in ["seal.request_certificate", "seal.import_certificate"] {
            assert!(actions.contains(&json!(action)), "{action}: {actions:?}");
        }
    });
}

#[track_caller]
fn openssl(folder: &Path, arguments: &[&str]) {
    let output = Command::new("openssl").args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A key in a device, played by OpenSSL; gives its request, PEM.
fn device(folder: &Path) -> String {
    openssl(folder, &["genpkey", "-algorithm", "SM2", "-out", "device.key"]);
    let request =
        "req -new -key device.key -sm3 -sigopt distid:1234567812345678 -subj /CN=device -out device.csr";
    openssl(folder, &request.split(' ').collect::<Vec<_>>());
    std::fs::read_to_string(folder.join("device.csr")).unwrap()
}

fn request_of(text: &str) -> Csr {
    let blocks = pem::parse_pem_or_der(text.as_bytes(), &Limits::default()).unwrap();
    Csr::parse(&blocks[0].der, &Limits::default()).unwrap()
}

#[test]
fn a_seal_is_made_for_the_key_in_the_units_own_device() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let folder = tempfile::tempdir().unwrap();
        let request = device(folder.path());
        let public: PublicKey = request_of(&request).public_key().unwrap();
        let keys_before = shelf(server);

        let mut content = stage.content();
        content["key"] = json!({ "kind": "elsewhere", "request": request });
        let application = stage.draft(json!({ "kind": "new" }), content).await;
        let shown = stage.agent.get(&application).await.ok();
        assert_eq!(shown["content"]["key"]["kind"], "elsewhere", "{shown}");
        stage.owner.submit(&application).await;
        stage.scene.approve(&application).await;
        let orders = stage.operator.get(&format!("/makers/{}/orders", stage.maker)).await.ok();
        assert_eq!(orders["items"][0]["key"]["kind"], "elsewhere");
        let seal = stage.scene.make(&application).await;
        // No key was made on our side.
        assert_eq!(shelf(server), keys_before);

        stage.scene.hand_over(&stage.owner, &seal).await;
        let data = stage.agent.get(&format!("{seal}/data")).await;
        let made = Seal::parse(data.ok_bytes(), &Limits::default()).unwrap();
        let CertList::Certificates(list) = &made.property.certs else { panic!("no certificates") };
        let certificate = Certificate::parse(&list[0], &Limits::default()).unwrap();
        assert_eq!((list.len(), certificate.public_key().unwrap()), (1, public));
        // What the device signs, the certificate in the seal verifies.
        std::fs::write(folder.path().join("document"), "示例").unwrap();
        let sign = "dgst -sm3 -sign device.key -sigopt distid:1234567812345678 -out signature document";
        openssl(folder.path(), &sign.split(' ').collect::<Vec<_>>());
        let signature = std::fs::read(folder.path().join("signature")).unwrap();
        let key = certificate.public_key().unwrap();
        key.verify(SignatureAlgorithm::Sm2Sm3, "示例".as_bytes(), &signature).unwrap();
    });
}

/// Files of keys on the workshop's shelf.
fn shelf(server: &Server) -> Vec<String> {
    let entries = std::fs::read_dir(server.data().join("workshop-keys")).unwrap().flatten();
    let mut names: Vec<_> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| name.ends_with(".p8"));
    names.sort();
    names
}

#[test]
fn a_key_elsewhere_is_taken_only_with_proof_of_possession() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await;
        let folder = tempfile::tempdir().unwrap();
        let good = device(folder.path());
        let code = async |request: &str| {
            let mut content = stage.content();
            content["key"] = json!({ "kind": "elsewhere", "request": request });
            let body = json!({ "unit": stage.unit, "basis": { "kind": "new" }, "content": content });
            stage.agent.post("/applications", body).await.faults()[0].clone()
        };
        let at = |code: &str| ("/content/key/request".to_owned(), code.to_owned());
        assert_eq!(code("no request").await, at("KEY_REQUEST_ENCODING"));
        // Signed by another key than the one inside.
        let (_, strange) = key_and_request();
        let mut forged = request_of(&good).raw().to_vec();
        let tail = forged.len() - 8;
        forged[tail..].copy_from_slice(&strange[strange.len() - 8..]);
        assert_eq!(code(&STANDARD.encode(&forged)).await, at("KEY_REQUEST"));
        openssl(
            folder.path(),
            &[
                "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "r.key", "-subj", "/CN=r", "-out",
                "r.csr",
            ],
        );
        let rsa = std::fs::read_to_string(folder.path().join("r.csr")).unwrap();
        assert_eq!(code(&rsa).await, at("KEY_REQUEST"));
    });
}

#[test]
fn a_seal_for_the_makers_key_in_place_of_the_units_own_is_refused() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await;
        let (key, csr) = key_and_request();
        let mut content = stage.content();
        content["key"] = json!({ "kind": "elsewhere", "request": STANDARD.encode(&csr) });
        let application = stage.draft(json!({ "kind": "new" }), content).await;
        stage.owner.submit(&application).await;
        stage.scene.approve(&application).await;
        let taken = stage.operator.post(&format!("{application}/making"), json!({})).await.ok();
        let seal = format!("/seals/{}", taken["assigned"]["id"].as_str().unwrap());
        // A request for another key than the unit's does not get as far as an authority.
        let (_, other) = key_and_request();
        let request = json!({ "request": STANDARD.encode(&other) });
        let refused = stage.operator.post(&format!("{seal}/certificate-request"), request).await;
        assert!(refused.problem("CONFLICT")["detail"].as_str().unwrap().contains("OTHER_KEY"));
        let own = json!({ "request": STANDARD.encode(&csr) });
        stage.operator.post(&format!("{seal}/certificate-request"), own).await.ok();
        server.make_all().await;
        assert_eq!(stage.state(&seal).await, "made");
        let id = seal.rsplit('/').next().unwrap();
        let mut access = server.app.store.read().await.unwrap();
        let kept = access.get::<yinxin_registry::lifecycle::seal::Seal>(id).await.unwrap().value;
        let digest = hex::encode(yinxin_crypto::sm3(&key.public_key().spki_der()));
        assert_eq!(kept.made().unwrap().key_digest, digest);
    });
}
