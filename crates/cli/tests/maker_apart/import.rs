//! Certificates from an authority outside: OpenSSL plays it.

use crate::stage::{Stage, files, not_ready, openssl, program, until};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use yinxin_testkit::process::Service;

/// The identifier of SM2 signatures that everybody uses.
const DISTID: &str = "distid:1234567812345678";
const FOR_SIGNATURES: &str =
    "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation\n";

/// An authority in a folder: key and self-signed certificate, made by OpenSSL.
struct Outside {
    folder: PathBuf,
}

impl Outside {
    fn new(folder: &Path, name: &str) -> Self {
        let folder = folder.join(name);
        std::fs::create_dir(&folder).unwrap();
        openssl(&folder, &["genpkey", "-algorithm", "SM2", "-out", "ca.key"]);
        let subject = format!("/C=CN/O=Example CA/CN={name}");
        openssl(
            &folder,
            &[
                "req",
                "-x509",
                "-new",
                "-key",
                "ca.key",
                "-sm3",
                "-sigopt",
                DISTID,
                "-days",
                "3650",
                "-subj",
                &subject,
                "-addext",
                "keyUsage=critical,keyCertSign,cRLSign",
                "-out",
                "ca.pem",
            ],
        );
        Self { folder }
    }

    fn certificate(&self) -> String {
        self.folder.join("ca.pem").to_string_lossy().into_owned()
    }

    /// Signs a request; gives the certificate and the authority's own, PEM.
    fn sign_with(&self, request: &str, extensions: &str) -> String {
        std::fs::write(self.folder.join("in.csr"), request).unwrap();
        std::fs::write(self.folder.join("ext"), extensions).unwrap();
        openssl(
            &self.folder,
            &[
                "x509",
                "-req",
                "-in",
                "in.csr",
                "-CA",
                "ca.pem",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-sm3",
                "-sigopt",
                DISTID,
                "-vfyopt",
                DISTID,
                "-days",
                "365",
                "-extfile",
                "ext",
                "-out",
                "out.pem",
            ],
        );
        let read = |name: &str| std::fs::read_to_string(self.folder.join(name)).unwrap();
        read("out.pem") + &read("ca.pem")
    }

    fn sign(&self, request: &str) -> String {
        self.sign_with(request, FOR_SIGNATURES)
    }

    /// A certificate for a key that nobody asked for, under the names of a request.
    fn for_another_key(&self, request: &str) -> String {
        std::fs::write(self.folder.join("names.csr"), request).unwrap();
        openssl(&self.folder, &["genpkey", "-algorithm", "SM2", "-out", "other.key"]);
        openssl(
            &self.folder,
            &[
                "req",
                "-new",
                "-key",
                "other.key",
                "-sm3",
                "-sigopt",
                DISTID,
                "-subj",
                "/CN=other",
                "-out",
                "other.csr",
            ],
        );
        self.sign(&std::fs::read_to_string(self.folder.join("other.csr")).unwrap())
    }
}

/// What a command of the program says; it must succeed.
#[track_caller]
fn said(service: &Service, words: &[&str]) -> String {
    let output = service.command_of(words).output().unwrap();
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Why a command of the program fails.
#[track_caller]
fn refused(service: &Service, words: &[&str]) -> String {
    let output = service.command_of(words).output().unwrap();
    assert!(!output.status.success(), "{words:?} went through");
    String::from_utf8(output.stderr).unwrap()
}

/// The seal of the maker's only order, once its request lies at the registry.
fn waiting_seal(stage: &Stage) -> String {
    let mut seal = String::new();
    until("a request lies at the registry", || {
        let orders = stage.operator.get(&format!("/makers/{}/orders", stage.maker));
        let assigned = &orders["items"][0]["assigned"];
        seal = format!("/seals/{}", assigned["id"].as_str().unwrap_or_default());
        assigned["certificate_request"].is_string()
    });
    seal
}

/// The operator takes the request out, has it signed, brings it, after some that do not fit.
fn certify(stage: &Stage, seal: &str, outside: &Outside, stranger: &Outside) {
    let request = stage.operator.text(&format!("{seal}/certificate-request"));
    assert!(request.starts_with("-----BEGIN CERTIFICATE REQUEST-----"), "{request}");
    let path = format!("{seal}/certificate");
    let faults = |chain: &str| stage.operator.faults(&path, &json!({ "chain": chain }));
    assert_eq!(faults("no certificate"), ["CERTIFICATE_MALFORMED"]);
    assert_eq!(faults(&outside.for_another_key(&request)), ["CERTIFICATE_KEY"]);
    assert_eq!(faults(&stranger.sign(&request)), ["CERTIFICATE_CHAIN"]);
    let encipherment = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,keyEncipherment\n";
    assert_eq!(faults(&outside.sign_with(&request, encipherment)), ["CERTIFICATE_USAGE"]);
    let authority = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n";
    assert_eq!(faults(&outside.sign_with(&request, authority)), ["CERTIFICATE_IS_AUTHORITY"]);
    stage.operator.post(&path, &json!({ "chain": outside.sign(&request) }));
}

#[test]
fn authority_maker_and_seal_are_certified_by_an_authority_outside() {
    let service = program();
    let outside = Outside::new(service.folder(), "outside");
    let stranger = Outside::new(service.folder(), "stranger");
    let service = service.set("ca.kind", "import").set("ca.trust_anchors", &outside.certificate());

    // Without a certificate of the authority the registry does not start, and says what to do.
    let output = service.command().output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("yinxin authority csr"));
    let request = said(&service, &["authority", "csr"]);
    let file = |chain: String| {
        let path = service.folder().join("authority.pem");
        std::fs::write(&path, chain).unwrap();
        path.to_string_lossy().into_owned()
    };
    let bad = file(stranger.sign(&request));
    assert!(refused(&service, &["authority", "import", &bad]).contains("CERTIFICATE_CHAIN"));
    let bad = file(outside.for_another_key(&request));
    assert!(refused(&service, &["authority", "import", &bad]).contains("CERTIFICATE_KEY"));
    // Another request is for the same key.
    let good = file(outside.sign(&said(&service, &["authority", "csr"])));
    said(&service, &["authority", "import", &good]);
    assert!(said(&service, &["authority", "show"]).contains("BEGIN CERTIFICATE"));
    refused(&service, &["authority", "import", &good]);

    // The workshop beside the registry gets its certificate in two steps.
    let stage = Stage::set(service);
    let waiting = stage.reviewer.post("/workshop", &json!({ "maker": stage.maker }));
    assert!(waiting["certificate"].is_null() && waiting["client"].is_null(), "{waiting}");
    let request = waiting["request"].as_str().unwrap();
    let wrong = json!({ "maker": stage.maker, "chain": stranger.sign(request) });
    assert_eq!(stage.reviewer.faults("/workshop", &wrong), ["CERTIFICATE_CHAIN"]);
    let attached =
        stage.reviewer.post("/workshop", &json!({ "maker": stage.maker, "chain": outside.sign(request) }));
    assert!(attached["certificate"].is_string(), "{attached}");

    let application = stage.approved("legal_name", "示例市第一示例有限公司");
    let seal = waiting_seal(&stage);
    assert_eq!(stage.reviewer.get(&seal)["state"], "making");
    certify(&stage, &seal, &outside, &stranger);
    assert_eq!(stage.made(&application), seal);
    // Three years were approved; the certificate has one, and the seal no more.
    let shown = stage.reviewer.get(&seal)["made"].clone();
    let day = |value: &Value| value.as_str().unwrap()[..10].to_owned();
    assert_eq!(day(&shown["valid_until"]), day(&shown["certificate_until"]), "{shown}");
    stage.hand_over(&seal);
}

#[test]
fn a_maker_apart_waits_for_an_authority_outside_and_goes_on() {
    let registry = program().set("roles", "registry");
    let outside = Outside::new(registry.folder(), "outside");
    let stranger = Outside::new(registry.folder(), "stranger");
    let stage = Stage::set(registry.set("ca.trust_anchors", &outside.certificate()));
    let maker =
        stage.maker_service().set("ca.kind", "import").set("ca.trust_anchors", &outside.certificate());
    let mut working = maker.spawn();
    until("the maker waits for its certificate", || not_ready(&maker).contains("AUTHORITY_PENDING"));
    let data = maker.folder().join("data");
    let request = std::fs::read_to_string(data.join("maker.csr")).unwrap();
    std::fs::write(data.join("maker-issued.pem"), stranger.sign(&request)).unwrap();
    until("a strange certificate is refused", || not_ready(&maker).contains("CERTIFICATE_CHAIN"));
    std::fs::write(data.join("maker-issued.pem"), outside.sign(&request)).unwrap();
    until("the maker asks for registration", || {
        not_ready(&maker).contains("MAKER_CERTIFICATE_NOT_REGISTERED")
    });
    stage.register_certificate(&maker);
    working.wait_until_ready().unwrap();

    let application = stage.approved("legal_name", "示例市第一示例有限公司");
    let seal = waiting_seal(&stage);
    let before = stage.operator.text(&format!("{seal}/certificate-request"));
    // Killed while it waits, it waits for the same certificate with the same key.
    working.kill();
    let _working = maker.start();
    assert_eq!(stage.operator.text(&format!("{seal}/certificate-request")), before);
    certify(&stage, &seal, &outside, &stranger);
    assert_eq!(stage.made(&application), seal);
    assert_eq!(files(&data.join("workshop-keys"), ".p8").len(), 2);
    assert!(!data.join("ca").exists(), "no test CA beside one outside");
}

/// How the authority stands, as its security administrator sees it.
fn authority(stage: &Stage) -> Value {
    stage.security.get("/authority")
}

#[test]
fn the_authority_is_certified_anew_and_changes_its_key_beside_the_running_registry() {
    let service = program();
    let outside = Outside::new(service.folder(), "outside");
    let stranger = Outside::new(service.folder(), "stranger");
    let service = service.set("ca.kind", "import").set("ca.trust_anchors", &outside.certificate());
    let file = |name: &str, chain: &str| {
        let path = service.folder().join(name);
        std::fs::write(&path, chain).unwrap();
        path.to_string_lossy().into_owned()
    };
    assert!(refused(&service, &["authority", "csr", "--renew"]).contains("尚无主管部门证书"));
    let first = outside.sign(&said(&service, &["authority", "csr"]));
    said(&service, &["authority", "import", &file("first.pem", &first)]);
    let service_folder = service.folder().to_owned();
    let mut stage = Stage::set(service);
    let file = |name: &str, chain: &str| {
        let path = service_folder.join(name);
        std::fs::write(&path, chain).unwrap();
        path.to_string_lossy().into_owned()
    };
    let before = authority(&stage);
    stage.approved("business_contract", "示例市第一示例有限公司合同专用章");
    let case = json!({ "case": "示案 1", "document": "示调 1", "subjects": [stage.unit] });
    let url = stage.registry().url();
    let supervisor = stage.security.account(&url, "supervisor", "supervisor", crate::people::CITY);
    let export = || supervisor.post("/cases", &case);
    let old_export = export();

    // The same key, then another, each put into use by the command while the registry runs.
    let mut before = before["current"].clone();
    for (word, name) in [("--renew", "second.pem"), ("--new-key", "third.pem")] {
        let request = said(stage.registry(), &["authority", "csr", word]);
        let bad = file("bad.pem", &stranger.sign(&request));
        assert!(refused(stage.registry(), &["authority", "import", &bad]).contains("CERTIFICATE_CHAIN"));
        let bad = file("bad.pem", &outside.for_another_key(&request));
        assert!(refused(stage.registry(), &["authority", "import", &bad]).contains("CERTIFICATE_KEY"));
        let good = file(name, &outside.sign(&request));
        said(stage.registry(), &["authority", "import", &good]);
        refused(stage.registry(), &["authority", "import", &good]);
        until("the registry takes it over", || authority(&stage)["current"]["sm3"] != before["sm3"]);
        let now = authority(&stage)["current"].clone();
        assert_eq!(now["key_sm3"] == before["key_sm3"], word == "--renew");
        before = now;
    }
    let new_export = export();

    // By the interface as well: the request goes out, what was issued comes in.
    let asked = stage.security.post("/authority/renewals", &json!({ "new_key": true }));
    assert!(asked["issued"].is_null(), "{asked}");
    assert_eq!(stage.security.faults("/authority/certificate", &json!({})), ["REQUIRED"]);
    let chain = outside.sign(asked["request"].as_str().unwrap());
    let turned = stage.security.post("/authority/certificate", &json!({ "chain": chain }));
    assert_eq!(turned["former"].as_array().unwrap().len(), 3);

    // What was exported under each is good by the certificates there were, and by no less.
    let all = file("all.pem", &said(stage.registry(), &["authority", "show", "--all"]));
    let one = file("one.pem", &said(stage.registry(), &["authority", "show"]));
    for (name, export) in [("old.json", &old_export), ("new.json", &new_export)] {
        let case = file(name, export["export"].as_str().unwrap());
        said(stage.registry(), &["audit", "case", &case, "--cert", &all]);
        refused(stage.registry(), &["audit", "case", &case, "--cert", &one]);
        let own = file("own.pem", export["certificate"].as_str().unwrap());
        said(stage.registry(), &["audit", "case", &case, "--cert", &own]);
    }
    // So is the chain, with the records of the commands in it, and the next start knows them all.
    stage.running.take().unwrap().stop();
    said(stage.registry(), &["audit", "verify"]);
    let shown: Value =
        serde_json::from_str(&said(stage.registry(), &["authority", "show", "--json"])).unwrap();
    assert_eq!(shown["sm3"], turned["current"]["sm3"]);
    assert_eq!(shown["former"].as_array().unwrap().len(), 3);
    stage.running = Some(stage.registry().start());
    assert_eq!(authority(&stage)["former"], turned["former"]);
}

#[test]
fn the_workshop_beside_the_registry_is_certified_anew_outside() {
    let service = program();
    let outside = Outside::new(service.folder(), "outside");
    let service = service.set("ca.kind", "import").set("ca.trust_anchors", &outside.certificate());
    let path = service.folder().join("authority.pem");
    std::fs::write(&path, outside.sign(&said(&service, &["authority", "csr"]))).unwrap();
    said(&service, &["authority", "import", &path.to_string_lossy()]);
    let stage = Stage::set(service);
    let post = |path: &str, body: Value| stage.reviewer.post(path, &body);
    let request = post("/workshop", json!({ "maker": stage.maker }))["request"].clone();
    let first =
        post("/workshop", json!({ "maker": stage.maker, "chain": outside.sign(request.as_str().unwrap()) }));
    for new_key in [false, true] {
        let body = json!({ "maker": stage.maker, "new_key": new_key });
        let waiting = post("/workshop/renewals", body.clone());
        let request = waiting["request"].as_str().unwrap();
        // Asked again it waits for the same key.
        assert!(post("/workshop/renewals", body)["certificate"].is_null());
        let wrong = json!({ "maker": stage.maker, "chain": outside.for_another_key(request) });
        assert_eq!(stage.reviewer.faults("/workshop/renewals", &wrong), ["CERTIFICATE_KEY"]);
        let issued =
            post("/workshop/renewals", json!({ "maker": stage.maker, "chain": outside.sign(request) }));
        assert!(issued["certificate"].is_string() && issued["certificate"] != first["certificate"]);
        let application = stage.approved("business_contract", "示例市第一示例有限公司合同专用章");
        let seal = waiting_seal(&stage);
        let request = stage.operator.text(&format!("{seal}/certificate-request"));
        stage.operator.post(&format!("{seal}/certificate"), &json!({ "chain": outside.sign(&request) }));
        assert_eq!(stage.made(&application), seal);
        stage.hand_over(&seal);
    }
}

#[test]
fn a_maker_apart_is_certified_anew_and_follows_a_new_key_of_the_authority_without_a_stop() {
    let registry = program().set("roles", "registry");
    let outside = Outside::new(registry.folder(), "outside");
    let stage = Stage::set(registry.set("ca.trust_anchors", &outside.certificate()));
    let maker =
        stage.maker_service().set("ca.kind", "import").set("ca.trust_anchors", &outside.certificate());
    let mut working = maker.spawn();
    let data = maker.folder().join("data");
    until("the maker asks for its certificate", || data.join("maker.csr").exists());
    let request = std::fs::read_to_string(data.join("maker.csr")).unwrap();
    std::fs::write(data.join("maker-issued.pem"), outside.sign(&request)).unwrap();
    until("it is there to be registered", || data.join("maker.pem").exists());
    stage.register_certificate(&maker);
    working.wait_until_ready().unwrap();
    let registered = || stage.reviewer.get(&format!("/makers/{}", stage.maker))["certificate"].clone();
    let make = |stage: &Stage| {
        let application = stage.approved("business_contract", "示例市第一示例有限公司合同专用章");
        let seal = waiting_seal(stage);
        let request = stage.operator.text(&format!("{seal}/certificate-request"));
        stage.operator.post(&format!("{seal}/certificate"), &json!({ "chain": outside.sign(&request) }));
        assert_eq!(stage.made(&application), seal);
        stage.hand_over(&seal);
    };
    make(&stage);

    // A new key for the maker: asked for, certified outside, registered; it makes seals all the while.
    let first = registered();
    said(&maker, &["maker", "renew", "--new-key"]);
    until("the next request lies there", || data.join("maker-next.csr").exists());
    make(&stage);
    let request = std::fs::read_to_string(data.join("maker-next.csr")).unwrap();
    let before = std::fs::read_to_string(data.join("maker.pem")).unwrap();
    std::fs::write(data.join("maker-next-issued.pem"), outside.for_another_key(&request)).unwrap();
    make(&stage);
    std::fs::write(data.join("maker-next-issued.pem"), outside.sign(&request)).unwrap();
    until("the next certificate is there", || {
        std::fs::read_to_string(data.join("maker.pem")).unwrap() != before
    });
    make(&stage);
    stage.register_certificate(&maker);
    assert_ne!(registered(), first);
    make(&stage);
    until("the papers of the change are gone", || !data.join("maker-next-issued.pem").exists());
    // The replaced key is destroyed.
    assert_eq!(files(&data.join("workshop-keys"), ".p8").len(), 1 + 5);

    // A new key of the authority: told to the maker before it counts, and believed when it does.
    let asked = stage.security.post("/authority/renewals", &json!({ "new_key": true }));
    let pins = stage.registry().folder().join("registry.pem");
    let both = std::fs::read_to_string(&pins).unwrap() + asked["issued"]["certificate"].as_str().unwrap();
    std::fs::write(&pins, &both).unwrap();
    stage.security.post("/authority/certificate", &json!({}));
    make(&stage);
    assert_eq!(not_ready(&maker), "", "it never stopped");

    // One it was not told of stops it, and no order is sent back.
    stage.security.post("/authority/renewals", &json!({ "new_key": true }));
    let stranger = stage.security.post("/authority/certificate", &json!({}));
    let application = stage.approved("business_contract", "示例市第一示例有限公司合同专用章");
    let sm3 = stranger["current"]["sm3"].as_str().unwrap();
    until("the maker says whom it was not told of", || not_ready(&maker).contains(sm3));
    assert_eq!(stage.reviewer.get(&application)["state"], "approved");
    std::fs::write(&pins, both + stranger["current"]["certificate"].as_str().unwrap()).unwrap();
    working.wait_until_ready().unwrap();
    let seal = waiting_seal(&stage);
    let request = stage.operator.text(&format!("{seal}/certificate-request"));
    stage.operator.post(&format!("{seal}/certificate"), &json!({ "chain": outside.sign(&request) }));
    assert_eq!(stage.made(&application), seal);
}
