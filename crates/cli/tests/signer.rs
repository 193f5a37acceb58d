//! The key process, driven directly: it signs for a live token of a registry it was told of, once, and for nothing else. OpenSSL plays the
//! registry that gives tokens out, and verifies what was signed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use yinxin_crypto::keystore::Password;
use yinxin_crypto::sm3;
use yinxin_formats::ses::{SesVersion, TbsBuilder};
use yinxin_registry::ids::{SealId, TokenId, UseItemId, UseRequestId};
use yinxin_registry::usage::token::Claims;
use yinxin_server::gate::approval_extension;
use yinxin_server::making::keys::{KeyId, KeyShelf, SealKeys as _};
use yinxin_server::security::master_file;
use yinxin_testkit::Pki;
use yinxin_testkit::process::Service;
use yinxin_testkit::rng::SeededRng;
use yinxin_testkit::seal::{Layout, SealForge};

const PATH: &str = "/v1/signatures";
const APPROVAL: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const DISTID: &str = "distid:1234567812345678";

fn openssl(folder: &Path, words: &str) -> Vec<u8> {
    let output = Command::new("openssl").args(words.split_whitespace()).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{words}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// A key shelf with one key, a seal, and a registry made by OpenSSL.
struct Place {
    service: Service,
    key: KeyId,
    public: Vec<u8>,
    seal: Vec<u8>,
}

impl Place {
    fn new() -> Self {
        let service = Service::new(env!("CARGO_BIN_EXE_yinxin"));
        let data = service.folder().join("data");
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(data.join("keys")).unwrap();
        let mut rng = SeededRng::new("signer");
        let (master, _) = master_file::load_or_create(&data.join("keys/master.key"), &mut rng).unwrap();
        let secret = Password::new(master.secret_for("workshop").reveal().as_bytes().to_vec());
        let shelf = KeyShelf::open(&data.join("workshop-keys"), &secret, &mut rng).unwrap();
        let key = KeyId::new(&mut rng);
        let public = shelf.make(&key, &mut rng).unwrap().public_key().spki_der();
        let pki = Pki::new();
        let seal = SealForge::new(Layout::V4, &pki, &[&pki.signer_a]).build();
        let place = Self { service, key, public, seal };
        place.registry("registry");
        let issuers = place.file("registry.pem");
        Self { service: place.service.set("roles", "signer").set("signer.issuers", &issuers), ..place }
    }

    fn folder(&self) -> PathBuf {
        self.service.folder().to_owned()
    }

    fn file(&self, name: &str) -> String {
        self.folder().join(name).to_string_lossy().into_owned()
    }

    /// Key and certificate of a registry.
    fn registry(&self, name: &str) {
        openssl(&self.folder(), &format!("genpkey -algorithm SM2 -out {name}.key"));
        openssl(
            &self.folder(),
            &format!(
                "req -x509 -new -key {name}.key -sm3 -sigopt {DISTID} -days 30 -subj /C=CN/O=Example/CN={name} \
                 -addext basicConstraints=critical,CA:FALSE -out {name}.pem"
            ),
        );
    }

    /// What is to be signed of a document.
    fn to_sign(&self, document: &str) -> Vec<u8> {
        let tbs = TbsBuilder {
            version: SesVersion::V4,
            seal: self.seal.clone(),
            time: Timestamp::from_second(Timestamp::now().as_second()).unwrap(),
            data_hash: sm3(document.as_bytes()).to_vec(),
            property_info: "/Doc_0/Signs/Sign_0/Signature.xml".to_owned(),
            extensions: vec![approval_extension(APPROVAL).unwrap()],
        };
        tbs.build().unwrap()
    }

    fn claims(&self, number: u32, document: &str) -> Claims {
        let id = |prefix: &str| format!("{prefix}_{number:026}");
        let now = Timestamp::now();
        Claims {
            id: TokenId::parse(&id("tkn")).unwrap(),
            request: UseRequestId::parse(&id("use")).unwrap(),
            item: UseItemId::parse(&id("item")).unwrap(),
            seal: SealId::parse(&id("seal")).unwrap(),
            seal_digest: hex::encode(sm3(&self.seal)),
            key_digest: hex::encode(sm3(&self.public)),
            document: "03".repeat(32),
            line: "04".repeat(32),
            data_hash: hex::encode(sm3(document.as_bytes())),
            approval: APPROVAL.to_owned(),
            issued_at: now,
            until: now + SignedDuration::from_mins(5),
        }
    }

    /// An ask with a token signed by a registry.
    fn ask(&self, claims: &Claims, by: &str, to_sign: &[u8]) -> Value {
        let bytes = claims.canonical();
        std::fs::write(self.folder().join("claims"), &bytes).unwrap();
        openssl(&self.folder(), &format!("dgst -sm3 -sign {by}.key -sigopt {DISTID} -out token claims"));
        let signature = std::fs::read(self.folder().join("token")).unwrap();
        json!({
            "claims": STANDARD.encode(bytes), "signature": STANDARD.encode(signature),
            "key": self.key.as_str(), "to_sign": STANDARD.encode(to_sign),
        })
    }

    /// What came of asks: `signed`, or the code of the refusal.
    #[track_caller]
    fn asked(&self, asks: &[Value]) -> Vec<String> {
        let answer = self.service.client().post(PATH, &json!({ "asks": asks })).expect(200);
        let each = answer["answers"].as_array().unwrap().iter();
        each.map(|one| one.get("code").unwrap_or(&one["outcome"]).as_str().unwrap().to_owned()).collect()
    }

    /// OpenSSL verifies a signature of the key.
    fn verifies(&self, to_sign: &[u8], answer: &Value) {
        let write = |name: &str, bytes: &[u8]| std::fs::write(self.folder().join(name), bytes).unwrap();
        write("key.der", &self.public);
        write("m", to_sign);
        write("s", &STANDARD.decode(answer["signature"].as_str().unwrap()).unwrap());
        let words = format!("dgst -sm3 -keyform DER -verify key.der -sigopt {DISTID} -signature s m");
        assert_eq!(openssl(&self.folder(), &words), b"Verified OK\n");
    }
}

#[test]
fn the_key_process_signs_what_a_token_names_once_and_nothing_else() {
    let place = Place::new();
    place.registry("stranger");
    let running = place.service.start();
    let to_sign = place.to_sign("合同一");
    let good = place.ask(&place.claims(1, "合同一"), "registry", &to_sign);

    // Nobody signs without a token, with another's, or for anything that the token does not name.
    let mut bare = good.clone();
    (bare["claims"], bare["signature"]) = (json!(""), json!(""));
    let mut turned = good.clone();
    turned["signature"] = place.ask(&place.claims(2, "合同一"), "registry", &to_sign)["signature"].clone();
    let stranger = place.ask(&place.claims(1, "合同一"), "stranger", &to_sign);
    let mut other_key = good.clone();
    other_key["key"] = json!(KeyId::new(&mut SeededRng::new("other")).as_str());
    let document = place.ask(&place.claims(3, "合同二"), "registry", &to_sign);
    let old = Timestamp::now() - SignedDuration::from_hours(1);
    let over =
        Claims { issued_at: old, until: old + SignedDuration::from_mins(5), ..place.claims(4, "合同一") };
    let over = place.ask(&over, "registry", &to_sign);
    let long =
        Claims { until: Timestamp::now() + SignedDuration::from_hours(9), ..place.claims(5, "合同一") };
    let long = place.ask(&long, "registry", &to_sign);
    let words = place.ask(&place.claims(6, "合同一"), "registry", b"any text a thief would like signed");
    assert_eq!(
        place.asked(&[bare, turned, stranger, other_key, document, over, long, words]),
        [
            "TOKEN_ISSUER",
            "TOKEN_ISSUER",
            "TOKEN_ISSUER",
            "KEY_UNKNOWN",
            "TOKEN_DOCUMENT",
            "TOKEN_OVER",
            "TOKEN_LONG",
            "TO_SIGN_FORM"
        ]
    );

    // With the token it does, once: asked twice at the same time, again, and after a kill.
    let answer = place.service.client().post(PATH, &json!({ "asks": [good, good] })).expect(200);
    place.verifies(&to_sign, &answer["answers"][0]);
    assert_eq!(answer["answers"][1]["code"], "TOKEN_SPENT");
    assert_eq!(place.asked(std::slice::from_ref(&good)), ["TOKEN_SPENT"]);
    running.kill();
    let running = place.service.start();
    let next = place.ask(&place.claims(7, "合同一"), "registry", &to_sign);
    assert_eq!(place.asked(&[good.clone(), next]), ["TOKEN_SPENT", "signed"]);

    // One gate before one set of keys: a second process does not start.
    let second = place.service.command().env("YINXIN_LISTEN", "127.0.0.1:0").output().unwrap();
    assert!(!second.status.success());
    assert!(String::from_utf8_lossy(&second.stderr).contains("JOURNAL_BUSY"), "{second:?}");

    // The next certificate of the registry counts from the moment it stands in the file.
    let by_next = place.ask(&place.claims(8, "合同一"), "stranger", &to_sign);
    assert_eq!(place.asked(std::slice::from_ref(&by_next)), ["TOKEN_ISSUER"]);
    let both =
        ["registry.pem", "stranger.pem"].map(|name| std::fs::read_to_string(place.file(name)).unwrap());
    std::fs::write(place.file("registry.pem"), both.concat()).unwrap();
    assert_eq!(place.asked(&[by_next]), ["signed"]);

    let page = place.service.client().get("/metrics").text();
    assert!(page.contains("yinxin_gate_signatures_total{outcome=\"signed\"} 2"), "{page}");
    assert!(running.stop().success());
    assert!(!place.service.log().contains(&STANDARD.encode(&to_sign)), "nothing of a document in the log");
}

#[test]
fn bad_input_is_told_and_nothing_else_happens() {
    let place = Place::new();
    let _running = place.service.start();
    let client = place.service.client();
    let send = |body: &[u8]| {
        client.send("POST", PATH, &[("connection", "close")], Some(("application/json", body))).unwrap()
    };
    assert_eq!(send(b"{").problem(400), "INVALID_JSON");
    assert_eq!(send(br#"{"asks":[],"more":1}"#).problem(422), "UNKNOWN_FIELD");
    assert_eq!(send(br#"{"asks":[{}]}"#).problem(422), "VALIDATION");
    let ask = json!({ "claims": "*", "signature": "", "key": "", "to_sign": "" });
    let many = vec![json!({ "claims": "", "signature": "", "key": "", "to_sign": "" }); 65];
    for asks in [json!([ask]), json!(many)] {
        assert_eq!(client.post(PATH, &json!({ "asks": asks })).problem(422), "VALIDATION");
    }
    assert_eq!(client.get(PATH).problem(405), "METHOD_NOT_ALLOWED");
    assert_eq!(client.get("/api/v1/seals").problem(404), "NOT_FOUND");
    assert_eq!(place.asked(&[]), Vec::<String>::new());
    let deep = format!("{{\"asks\":{}{}}}", "[".repeat(5000), "]".repeat(5000));
    assert_eq!(send(deep.as_bytes()).problem(400), "INVALID_JSON");
    // The answer may come before all was sent.
    let large = vec![b' '; 33 << 20];
    let refused = client.send("POST", PATH, &[("connection", "close")], Some(("application/json", &large)));
    assert!(refused.is_err() || refused.unwrap().problem(413) == "BODY_TOO_LARGE");
    assert_eq!(client.get("/readyz").expect(200), json!({ "status": "ready" }));
}

#[test]
fn it_does_not_start_without_keys_or_registries_and_says_so() {
    let place = Place::new();
    let said = |service: &Service| {
        let output = service.command().output().unwrap();
        assert!(!output.status.success());
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let empty = place.file("empty.pem");
    std::fs::write(&empty, "nothing").unwrap();
    let service = place.service.set("signer.issuers", &empty);
    assert!(said(&service).contains("empty.pem"));
    let service = service.set("workshop.keys_dir", "/nowhere/keys");
    assert!(said(&service).contains("/nowhere/keys"));
    let service = service.set("roles", "signer,registry");
    assert!(said(&service).contains("roles"));
}
