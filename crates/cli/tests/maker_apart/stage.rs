//! A registry and a maker, each in a process with a data folder of its own, and the people around them.

use crate::people::{Person, credit_code, id_number, person};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use yinxin_testkit::process::{Running, Service};

/// How long anything may take that is waited for.
const PATIENCE: Duration = Duration::from_secs(90);

/// The program under test.
pub fn program() -> Service {
    Service::new(env!("CARGO_BIN_EXE_yinxin"))
        .set("area.code", "610100")
        .set("area.name", "示例市")
        .set("security.login_per_minute", "1000")
        .set("workshop.poll_seconds", "1")
        .environment("NO_PROXY", "*")
        .environment("no_proxy", "*")
}

/// Waits until something holds.
#[track_caller]
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !holds() {
        assert!(begin.elapsed() < PATIENCE, "in vain: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Runs OpenSSL in a folder.
#[track_caller]
pub fn openssl(folder: &Path, arguments: &[&str]) {
    let output = Command::new("openssl").args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// What `/readyz` says when it is not 200.
pub fn not_ready(service: &Service) -> String {
    let answer = service.client().send("GET", "/readyz", &[("connection", "close")], None);
    match answer {
        Ok(answer) if answer.status == 503 => answer.text(),
        _ => String::new(),
    }
}

/// Who takes part.
pub struct Stage {
    pub registry: Option<Service>,
    pub running: Option<Running>,
    pub security: Person,
    pub reviewer: Person,
    pub filer: Person,
    pub operator: Person,
    pub agent: Person,
    pub unit: String,
    pub maker: String,
}

impl Stage {
    /// A registry in a process of its own, with its officers, a maker on record, a unit and its agent.
    pub fn set(registry: Service) -> Self {
        let running = registry.start();
        let one_time = running.line_with("  security ");
        let one_time = one_time.split_whitespace().last().unwrap();
        let url = registry.url();
        let security = Person::enter(&url, "security", one_time, true);
        let city = crate::people::CITY;
        let reviewer = security.account(&url, "reviewer", "issuing_reviewer", city);
        let filer = security.account(&url, "filer", "filing_officer", city);
        let maker = reviewer.post("/makers", &Self::maker_record(true));
        let maker = maker["id"].as_str().unwrap().to_owned();
        let operator = security.account(&url, "operator", "maker_operator", &maker);
        let unit = reviewer.post("/units", &json!({
            "area": "610100", "form": "legal", "credit_code": credit_code(11), "name": "示例市第一示例有限公司",
            "applicant_kind": "enterprise", "legal_representative": person("示例甲", &id_number(1)),
            "seal_administrator": person("示例乙", &id_number(2)), "technical_measures": "双人双控。",
        }));
        let unit = unit["id"].as_str().unwrap().to_owned();
        let agent = security.account(&url, "agent", "unit_agent", &unit);
        Self {
            registry: Some(registry),
            running: Some(running),
            security,
            reviewer,
            filer,
            operator,
            agent,
            unit,
            maker,
        }
    }

    /// The maker's record; name and code only where it is new.
    pub fn maker_record(new: bool) -> Value {
        let mut record = json!({
            "jurisdictions": [crate::people::CITY],
            "license": {
                "number": "示例公特〔2026〕1号", "issuer": "示例市公安局",
                "from": "2026-01-01T00:00:00Z", "until": "2030-01-01T00:00:00Z",
            },
            "responsible": "示例丙",
        });
        if new {
            record["area"] = json!("610100");
            record["name"] = json!("示例市印章制作有限公司");
            record["credit_code"] = json!(credit_code(900_001));
        }
        record
    }

    pub fn registry(&self) -> &Service {
        self.registry.as_ref().unwrap()
    }

    /// Writes the certificate of the registry's authority to a file, as its operator would.
    pub fn authority_certificate(&self) -> PathBuf {
        let output = self.registry().command_of(&["authority", "show"]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let path = self.registry().folder().join("registry.pem");
        std::fs::write(&path, &output.stdout).unwrap();
        path
    }

    /// A client of the API for the maker with this key; gives the answer.
    pub fn client(&self, key: Value) -> Value {
        let grants = json!([{ "role": "maker_operator", "scope": self.maker }]);
        let body = json!({ "name": "制作系统", "key": key, "scopes": ["making"], "grants": grants });
        self.security.post("/clients", &body)
    }

    /// The maker's process, with an SM2 key made by OpenSSL; not started.
    pub fn maker_service(&self) -> Service {
        let maker = program();
        openssl(maker.folder(), &["genpkey", "-algorithm", "SM2", "-out", "client.pem"]);
        openssl(maker.folder(), &["pkey", "-in", "client.pem", "-pubout", "-out", "client.pub"]);
        let public = std::fs::read_to_string(maker.folder().join("client.pub")).unwrap();
        let client = self.client(json!({ "kind": "sm2", "public_key": public }));
        let key = maker.folder().join("client.pem");
        maker
            .set("roles", "maker")
            .set("workshop.registry_url", &self.registry().url())
            .set("workshop.registry_signers", &self.authority_certificate().to_string_lossy())
            .set("workshop.maker", &self.maker)
            .set("workshop.client_id", client["id"].as_str().unwrap())
            .set("workshop.client_key_file", &key.to_string_lossy())
    }

    /// Registers the certificate that the maker's process wrote to its data folder.
    pub fn register_certificate(&self, maker: &Service) {
        let pem = std::fs::read_to_string(maker.folder().join("data/maker.pem")).unwrap();
        let mut record = Self::maker_record(false);
        let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        record["certificate"] = json!(base64);
        self.reviewer.put(&format!("/makers/{}", self.maker), &record);
    }

    /// An approved application of the unit.
    pub fn approved(&self, kind: &str, name: &str) -> String {
        let application = self.agent.apply(&self.unit, &Self::content(kind, name));
        self.reviewer.step(&application, "approve", &json!({}));
        application
    }

    /// What is asked for a seal.
    pub fn content(kind: &str, name: &str) -> Value {
        json!({
            "kind": kind, "seal_name": name, "agent": person("示例丁", &id_number(3)),
            "legal_representative": person("示例甲", &id_number(1)),
            "seal_administrator": person("示例乙", &id_number(2)), "technical_measures": "双人双控。",
            "imprint": { "kind": "drawn", "width_tenth_mm": 400, "height_tenth_mm": 400 }, "years": 3,
        })
    }

    /// Waits until the seal of an application is made; gives `/seals/seal_…`.
    #[track_caller]
    pub fn made(&self, application: &str) -> String {
        let mut seal = String::new();
        until(&format!("{application} is made"), || {
            let shown = self.reviewer.get(application);
            let Some(id) = shown["seal"].as_str() else { return false };
            seal = format!("/seals/{id}");
            self.reviewer.get(&seal)["state"] == "made"
        });
        seal
    }

    /// Files, delivers and accepts a seal.
    pub fn hand_over(&self, seal: &str) {
        self.filer.step(seal, "file", &json!({}));
        self.operator.step(seal, "deliver", &json!({ "to": "示例丁" }));
        let active = self.agent.step(seal, "accept", &json!({}));
        assert_eq!(active["state"], "active");
    }
}

/// Files below a folder with this ending.
pub fn files(folder: &Path, ending: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| name.ends_with(ending)).collect()
}
