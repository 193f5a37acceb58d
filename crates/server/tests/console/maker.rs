//! A maker at his desk, from the order to the seal, with what was made outside brought as files; a department that resumes, cancels and
//! declares void.

use crate::browser::Browser;
use crate::pages::{axe, judge, look};
use crate::support::scene::Scene;
use crate::support::{Server, on_sqlite, sample};
use crate::{log_in, log_out, served};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use jiff::SignedDuration;
use serde_json::json;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, Mutex};
use yinxin_formats::pem;
use yinxin_server::making::authority::{
    CertificateAuthority as _, CertificateKind, CertificateProfile, CertificateRequest, SubjectFields,
};
use yinxin_server::making::dto::{
    CertificateRequestDto, MadeDto, OrderDto, OrderPageDto, SendBackDto, WorkshopFactsDto,
};
use yinxin_server::making::runner;
use yinxin_server::making::transport::{Answer, LocalRegistry, PortError, RegistryPort};

fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("console-maker");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// A certification request as OpenSSL makes it, DER.
fn request() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let openssl = |arguments: &str| {
        let done = Command::new("openssl").args(arguments.split(' ')).current_dir(&folder).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    openssl("genpkey -algorithm SM2 -out seal.key");
    openssl(
        "req -new -key seal.key -sm3 -sigopt distid:1234567812345678 -subj /CN=seal -outform DER -out seal.csr",
    );
    std::fs::read(folder.path().join("seal.csr")).unwrap()
}

/// Hands nothing in: what was made stays with whoever made it.
struct Withheld {
    registry: LocalRegistry,
    made: Mutex<Option<MadeDto>>,
}

impl RegistryPort for Withheld {
    fn facts(&self, maker: &str) -> Answer<'_, WorkshopFactsDto> {
        self.registry.facts(maker)
    }

    fn orders(&self, maker: &str, cursor: Option<&str>) -> Answer<'_, OrderPageDto> {
        self.registry.orders(maker, cursor)
    }

    fn take(&self, order: &OrderDto) -> Answer<'_, OrderDto> {
        self.registry.take(order)
    }

    fn send_back(&self, order: &OrderDto, fault: &SendBackDto) -> Answer<'_, ()> {
        self.registry.send_back(order, fault)
    }

    fn request_certificate(&self, seal: &str, request: &CertificateRequestDto) -> Answer<'_, ()> {
        self.registry.request_certificate(seal, request)
    }

    fn hand_in(&self, _seal: &str, made: &MadeDto) -> Answer<'_, ()> {
        *self.made.lock().unwrap() = Some(made.clone());
        Box::pin(async { Err(PortError::Unreachable("handed in by a person".to_owned())) })
    }
}

/// What the workshop makes of the order it finds.
async fn made_outside(server: &Server) -> MadeDto {
    let host = server.app.workshop.get().unwrap();
    let workshop = host.open(&server.app).await.unwrap().expect("the workshop works for nobody yet");
    let registry = LocalRegistry::new(server.router.clone(), host.signer(&server.app).unwrap());
    let registry = Withheld { registry, made: Mutex::default() };
    let trust = server.app.authority.trust();
    runner::round(&Arc::new(workshop), &registry, &trust, server.now()).await.unwrap();
    registry.made.into_inner().unwrap().expect("one seal was made")
}

/// Takes the order of the maker up and goes to the page of the seal; its path.
fn taken(browser: &mut Browser, scene: &Scene<'_>) -> String {
    browser.go(&format!("/desk/makers/{}", scene.maker));
    browser.click("form[action$='/row/take'] button");
    browser.reads("已领取");
    browser.go("/desk/making?state=making");
    browser.click("a[href^='/desk/making/seal_']");
    browser.path().split('?').next().unwrap().to_owned()
}

fn hand_in(browser: &mut Browser, files: &[&PathBuf]) {
    let names: Vec<&str> = files.iter().map(|file| file.to_str().unwrap()).collect();
    browser.choose_all("#file", &names);
    browser.click("main form button.button");
}

#[test]
fn browser_a_maker_hands_in_a_made_seal_as_files() {
    on_sqlite(async |server| {
        let scene = Scene::set(server).await;
        let owner = scene.owner(21).await;
        // The unit's key is in a device of its own: the seal can be made anywhere.
        let mut content = sample::content(21);
        content["key"] = json!({ "kind": "elsewhere", "request": STANDARD.encode(request()) });
        let application = owner.submitted(content).await;
        scene.approve(&application).await;
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        log_in(&mut browser, &scene.operator);
        let seal = taken(&mut browser, &scene);
        let made = made_outside(server).await;
        let api = seal.replace("/desk/making", "/seals");
        assert_eq!(scene.operator.get(&api).await.ok()["state"], "making");
        let der = STANDARD.decode(&made.seal).unwrap();
        let esl = file("制成的印章.esl", &der);
        let certificates: Vec<Vec<u8>> =
            made.certificates.iter().map(|one| STANDARD.decode(one).unwrap()).collect();
        // The owner's as DER, those above it as one PEM file, the farthest first.
        let leaf = file("所有人.cer", &certificates[0]);
        let above: String =
            certificates[1..].iter().rev().map(|one| pem::encode("CERTIFICATE", one)).collect();
        let above = file("上级证书.pem", above.as_bytes());
        browser.go(&seal);
        browser.click("a[href$='/papers/made']");
        browser.picture("papers-made");
        // What is no seal, two seals, a changed one: told in words, and the page is still there.
        browser.expected = vec![422];
        hand_in(&mut browser, &[&leaf]);
        browser.reads("没有印章");
        hand_in(&mut browser, &[&esl, &file("另一枚.esl", &der)]);
        browser.reads("不止一枚印章");
        let mut changed = der.clone();
        let tail = changed.len() - 10;
        changed[tail] ^= 1;
        hand_in(&mut browser, &[&file("改过的.esl", &changed), &leaf, &above]);
        browser.reads("请改正下列各处");
        browser.picture("papers-made-refused");
        assert_eq!(scene.operator.get(&api).await.ok()["state"], "making");
        hand_in(&mut browser, &[&above, &esl, &leaf]);
        browser.reads("等待备案");
        let card = scene.filer.get(&api).await.ok();
        assert_eq!(
            (&card["state"], &card["made"]["imprint_digest"]),
            (&json!("made"), &json!(made.imprint_digest))
        );
        browser.is_clean();
    });
}

/// What an authority issues for a request: the certificate and its issuers, DER.
fn issued(server: &Server, csr: &[u8], unit: &str) -> Vec<Vec<u8>> {
    let now = server.now();
    let subject =
        SubjectFields { organization: unit.to_owned(), credit_code: None, common_name: unit.to_owned() };
    let profile = CertificateProfile {
        kind: CertificateKind::Seal,
        subject,
        not_before: now - SignedDuration::from_hours(48),
        not_after: now + SignedDuration::from_hours(24 * 365),
    };
    let request = CertificateRequest { reference: "console", csr, profile };
    let issued = server.test_authority().issue(&request, now, &mut UnwrapErr(SysRng)).unwrap();
    std::iter::once(&issued.leaf).chain(&issued.chain).map(|one| one.raw().to_vec()).collect()
}

#[test]
fn browser_a_maker_brings_request_and_certificate_as_files_and_gives_up() {
    on_sqlite(async |server| {
        let scene = Scene::set(server).await;
        let owner = scene.owner(22).await;
        let application = owner.submitted(sample::content(22)).await;
        scene.approve(&application).await;
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        log_in(&mut browser, &scene.operator);
        let seal = taken(&mut browser, &scene);
        let api = seal.replace("/desk/making", "/seals");
        assert!(!browser.has("a[href$='/certificate-request']"), "there is no request yet");
        let csr = request();
        browser.click("a[href$='/papers/request']");
        browser.expected = vec![422];
        hand_in(&mut browser, &[&file("不是申请.csr", b"nothing")]);
        browser.reads("证书申请");
        hand_in(&mut browser, &[&file("印章.csr", &csr)]);
        browser.reads("证书申请已提交");
        let fetched = browser.run_async(
            "const done = arguments[0]; fetch(document.querySelector('a[href$=\"/certificate-request\"]').href).then((r) => r.text()).then(done)",
        );
        assert_eq!(fetched.as_str().unwrap(), pem::encode("CERTIFICATE REQUEST", &csr));
        let unit = scene.reviewer.get(&format!("/units/{}", owner.id)).await.ok();
        let chain = issued(server, &csr, unit["name"].as_str().unwrap());
        let files: Vec<PathBuf> =
            chain.iter().enumerate().map(|(at, one)| file(&format!("证书{at}.cer"), one)).collect();
        browser.click("a[href$='/papers/certificate']");
        // In whatever order they are chosen.
        let all: Vec<&PathBuf> = files.iter().rev().collect();
        hand_in(&mut browser, &all);
        browser.reads("证书已导入");
        let orders = scene.operator.get(&format!("/makers/{}/orders", scene.maker)).await.ok();
        let kept: Vec<String> = chain.iter().map(|one| STANDARD.encode(one)).collect();
        assert_eq!(orders["items"][0]["assigned"]["certificates"], json!(kept));
        // The making is given up, and the application goes back to who decides.
        browser.click("details:has(form[action$='/abandon']) > summary");
        browser.fill("form[action$='/abandon'] [name='s:/reason']", "制章设备故障");
        browser.click("form[action$='/abandon'] button.button");
        browser.reads("已终止制作");
        assert_eq!(owner.agent.get(&application).await.ok()["state"], "submitted");
        assert_eq!(scene.reviewer.get(&api).await.ok()["state"], "abandoned");
        browser.is_clean();
    });
}

fn send(browser: &mut Browser, verb: &str, fields: &[(&str, &str)]) {
    browser.click(&format!("details:has(form[action$='/{verb}']) > summary"));
    for (name, value) in fields {
        let selector = json!(format!("form[action$='/{verb}'] [name='{name}']"));
        browser.run(&format!("document.querySelector({selector}).value = {}", json!(value)));
    }
    browser.click(&format!("form[action$='/{verb}'] button.button"));
}

#[test]
fn browser_a_department_resumes_cancels_and_declares_void() {
    on_sqlite(async |server| {
        let scene = Scene::set(server).await;
        let (one, two) = (scene.owner(23).await, scene.owner(24).await);
        let (first, second) = (scene.legal_name_seal(&one).await, scene.legal_name_seal(&two).await);
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        log_in(&mut browser, &one.agent);
        browser.go(&first);
        browser.click("details:has(form[action$='/suspend']) > summary");
        browser.fill("form[action$='/suspend'] [name='s:/detail']", "经办人出差，暂停使用");
        browser.click("form[action$='/suspend'] button.danger");
        assert_eq!(one.agent.get(&first).await.ok()["state"], "suspended", "{}", browser.text());
        log_out(&mut browser);
        log_in(&mut browser, &scene.reviewer);
        let desk = |seal: &str| seal.replace("/seals", "/desk/making");
        browser.go(&desk(&first));
        send(&mut browser, "resume", &[("s:/reason", "已经返回，核实无误")]);
        browser.reads("已恢复使用");
        assert_eq!(one.agent.get(&first).await.ok()["state"], "active");
        send(&mut browser, "cancel", &[("s:/reason", "dissolution"), ("s:/detail", "单位注销")]);
        browser.reads("已缴销");
        browser.picture("seal-canceled");
        browser.go(&desk(&second));
        let today = (server.now() + SignedDuration::from_hours(8)).strftime("%Y-%m-%d").to_string();
        let fields = [
            ("s:/reason", "false_materials"),
            ("s:/detail", "申请材料系伪造"),
            ("s:/document", "示公决〔2026〕1号"),
            ("t:/effective_at", today.as_str()),
        ];
        send(&mut browser, "void", &fields);
        browser.reads("已宣告无效");
        browser.picture("seal-void");
        let states = [&first, &second].map(|seal| seal.clone());
        assert_eq!(scene.reviewer.get(&states[0]).await.ok()["state"], "canceled");
        assert_eq!(scene.reviewer.get(&states[1]).await.ok()["state"], "void");
        browser.is_clean();
    });
}

#[test]
fn browser_pages_of_papers_are_accessible_and_fit_every_screen() {
    on_sqlite(async |server| {
        let axe = axe();
        let scene = Scene::set(server).await;
        let owner = scene.owner(24).await;
        let application = owner.submitted(sample::content(24)).await;
        scene.approve(&application).await;
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        log_in(&mut browser, &scene.operator);
        let making = taken(&mut browser, &scene);
        let papers = ["request", "certificate", "made"];
        let papers =
            papers.map(|paper| format!("{}/papers/{paper}", making.replace("/desk/making", "/seals")));
        let paths = ["/home", "/desk/making", &making, &papers[0], &papers[1], &papers[2]];
        look(&mut browser, &axe, &paths, "maker");
        // So are they with what was refused.
        browser.go(&papers[0]);
        browser.expected = vec![422];
        hand_in(&mut browser, &[&file("不是申请.csr", b"nothing")]);
        browser.reads("证书申请");
        judge(&mut browser, &axe, "a refused request");
        browser.is_clean();
    });
}

#[test]
fn browser_an_operator_whose_maker_is_not_on_record_is_told_what_to_do() {
    on_sqlite(async |server| {
        let scene = Scene::set(server).await;
        // A database that was put together from others' may lack it; by the pages it cannot be made away with.
        let script = "import sqlite3, sys\nc = sqlite3.connect(sys.argv[1])\nc.execute('DELETE FROM maker')\nc.commit()";
        let database = server.data().join("registry.db");
        let done = Command::new("python3").args(["-c", script]).arg(database).status();
        assert!(done.unwrap().success());
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        log_in(&mut browser, &scene.operator);
        browser.reads("您的岗位对应的制作单位没有登记");
        browser.picture("maker-not-on-record");
        for path in ["/seals", "/desk", "/desk/making", "/notices", "/me"] {
            browser.go(path);
            let status = browser.run("return performance.getEntriesByType('navigation')[0].responseStatus");
            assert_eq!(status, 200, "{path}: {}", browser.text());
        }
        browser.is_clean();
    });
}
