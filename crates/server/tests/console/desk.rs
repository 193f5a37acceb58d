//! Administrators, departments, makers and auditors at their desks.

use crate::browser::Browser;
use crate::pages::{axe, dark, look};
use crate::stage::Stage;
use crate::support::scene::Scene;
use crate::support::{CITY, Role, on_sqlite, on_sqlite_with, sample};
use crate::{log_in, log_in_with_code, log_out, served};
use serde_json::{Value, json};

/// Opens a form of a page and sends it.
fn send(browser: &mut Browser, verb: &str) {
    browser.click(&format!("form[action$='/{verb}'] button.button"));
}

/// Opens the form behind its words.
fn open(browser: &mut Browser, verb: &str) {
    browser.click(&format!("details:has(form[action$='/{verb}']) > summary"));
}

fn fill(browser: &mut Browser, verb: &str, place: &str, text: &str) {
    browser.fill(&format!("form[action$='/{verb}'] [name='{place}']"), text);
}

fn choose(browser: &Browser, verb: &str, place: &str, code: &str) {
    browser.run(&format!(
        "document.querySelector({}).value = {}",
        json!(format!("form[action$='/{verb}'] [name='{place}']")),
        json!(code)
    ));
}

/// A day some days ahead of the server's clock, as fields have it.
/// Chooses a role, and the city for it out of the tree of areas.
fn for_the_city(browser: &mut Browser, role: &str) {
    browser.click(&format!(".pick a[href*='role={role}']"));
    browser.click(".pick a.into[href*='within=610000']");
    browser.click(".pick li > a:not(.into)[href*='610100']");
}

fn day(server: &crate::support::Server, ahead: i64) -> String {
    (server.now() + jiff::SignedDuration::from_hours(24 * ahead)).strftime("%Y-%m-%d").to_string()
}

fn type_day(browser: &Browser, verb: &str, place: &str, day: &str) {
    choose(browser, verb, place, day);
}

#[test]
fn browser_a_security_administrator_makes_accounts_and_programs() {
    on_sqlite(async |server| {
        let security = server.admin("security").await;
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        log_in_with_code(&mut browser, server, &security).await;
        browser.click("a[href='/desk']");
        browser.reads("三员分立");
        assert!(browser.has("li.mine"));
        assert!(!browser.has("a[href='/desk/areas']") && !browser.has("a[href='/audit']"), "others' posts");
        browser.picture("desk-security");
        browser.click("a[href='/desk/accounts']");
        browser.click("a[href='/desk/accounts/add/create']");
        fill(&mut browser, "create", "s:/name", "示例监督员");
        fill(&mut browser, "create", "s:/login", "Not A Login");
        browser.picture("desk-account-new");
        browser.expected = vec![422];
        send(&mut browser, "create");
        assert!(browser.has("input[name='s:/login'][aria-invalid=true]"), "{}", browser.text());
        let kept = browser.run("return document.querySelector(\"input[name='s:/name']\").value");
        assert_eq!(kept, "示例监督员", "what was typed stays");
        fill(&mut browser, "create", "s:/login", "watch.one");
        send(&mut browser, "create");
        browser.reads("只显示这一次");
        let password = browser.run("return document.querySelectorAll('.once code')[1].innerText");
        let password = password.as_str().unwrap().to_owned();
        assert!(password.len() >= 12);
        browser.picture("desk-account-once");
        browser.click("a.button");
        browser.reads("还没有岗位");
        let account = browser.path();
        browser.click("a[href^='/roles/give?account=']");
        for_the_city(&mut browser, "supervisor");
        browser.click("form[action='/roles/give'] button.button");
        browser.reads("岗位已授予");
        browser.reads("监督员");
        // Roles that exclude each other are refused, in words.
        browser.click("a[href^='/roles/give?account=']");
        for_the_city(&mut browser, "issuing_reviewer");
        browser.expected = vec![403, 409, 422];
        browser.click("form[action='/roles/give'] button.button");
        assert!(browser.has(".note.bad"), "{}", browser.text());
        browser.picture("desk-roles-exclude");
        // The person logs in with what was shown, and has to change it.
        let (answer, _) = server.try_login("watch.one", &password, None).await;
        assert_eq!(answer.ok()["must_change_password"], true);
        browser.go(&account);
        open(&mut browser, "disable");
        fill(&mut browser, "disable", "s:/reason", "调离岗位");
        send(&mut browser, "disable");
        browser.reads("账号已停用");
        let (answer, _) = server.try_login("watch.one", &password, None).await;
        answer.problem("LOGIN_FAILED");
        // The refused login is counted on the account: the page is of another version now.
        browser.go(&account);
        open(&mut browser, "enable");
        fill(&mut browser, "enable", "s:/reason", "返回岗位");
        send(&mut browser, "enable");
        open(&mut browser, "reset");
        fill(&mut browser, "reset", "s:/reason", "遗忘口令");
        send(&mut browser, "reset");
        let again = browser.run("return document.querySelectorAll('.once code')[1].innerText");
        assert_ne!(again, password.as_str());
        // A program, with its secret shown once.
        browser.go("/desk/clients/add/register");
        for_the_city(&mut browser, "supervisor");
        browser.reads("示例市（610100）");
        fill(&mut browser, "register", "s:/name", "示例市监督平台");
        browser.click("input[name='m:/scopes'][value='seals_read']");
        browser.click("input[name='m:/scopes'][value='units_read']");
        send(&mut browser, "register");
        let codes =
            browser.run("return [...document.querySelectorAll('.once code')].map((c) => c.innerText)");
        let (client, secret) = (codes[0].as_str().unwrap(), codes[1].as_str().unwrap());
        let program = crate::support::Client::signing(server, client, secret);
        program.get("/seals").await.ok();
        browser.click("a.button");
        let text = browser.text();
        assert!(!text.contains(secret), "never again");
        browser.reads("查看印章");
        browser.picture("desk-program");
        browser.go("/desk/authority");
        browser.reads("证书主体");
        browser.picture("desk-authority");
        browser.go("/desk/keys");
        browser.reads("审计链");
        browser.click("tr:has(td) form button");
        browser.reads("已轮换");
        browser.is_clean();
        let path = account.trim_start_matches("/desk").split('?').next().unwrap().to_owned();
        assert_eq!(security.get(&path).await.ok()["state"], "active");
    });
}

#[test]
fn browser_a_system_administrator_adds_an_area_and_a_webhook() {
    let near = |config: &mut yinxin_server::config::Config| {
        config.webhooks.allowed_networks = vec!["127.0.0.1".parse().unwrap()];
    };
    on_sqlite_with(near, async |server| {
        let system = server.admin("system").await;
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        log_in_with_code(&mut browser, server, &system).await;
        browser.go("/desk/areas/add/add");
        choose(&browser, "add", "s:/parent", "610100");
        fill(&mut browser, "add", "s:/code", "610113");
        fill(&mut browser, "add", "s:/name", "示例区");
        choose(&browser, "add", "s:/level", "county");
        fill(&mut browser, "add", "s:/authority", "示例区行政审批局");
        send(&mut browser, "add");
        browser.reads("区划已新增");
        browser.reads("/100000/610000/610100/610113/");
        browser.picture("desk-area");
        browser.go("/desk/profiles/national");
        browser.reads("生效时间");
        browser.picture("desk-profile");
        browser.go("/desk/webhooks");
        browser.reads("测试事件");
        browser.go("/desk/webhooks/add/create");
        fill(&mut browser, "create", "s:/name", "示例市办事大厅");
        fill(&mut browser, "create", "s:/url", "http://127.0.0.1:9/yinxin");
        fill(&mut browser, "create", "s:/scope", CITY);
        browser.click("input[name='m:/events'][value='seal.suspended']");
        send(&mut browser, "create");
        browser.reads("只显示这一次");
        browser.click("a.button");
        browser.reads("印章停用");
        let hook = browser.path();
        open(&mut browser, "test");
        send(&mut browser, "test");
        browser.go(&hook);
        browser.reads("webhook.test");
        browser.picture("desk-webhook");
        open(&mut browser, "end");
        send(&mut browser, "end");
        browser.reads("已停止");
        browser.go("/desk/failed-mails");
        browser.reads("没有发送失败的邮件");
        browser.is_clean();
        system.get("/areas/610113").await.ok();
    });
}

#[test]
fn browser_a_department_registers_a_unit_and_orders_it_to_correct() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await;
        let reviewer = &stage.scene.reviewer;
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        log_in(&mut browser, reviewer);
        browser.go("/desk/units/add/register");
        fill(&mut browser, "register", "s:/name", "示例市新设有限公司");
        fill(&mut browser, "register", "s:/credit_code", "91610100MA00000012");
        choose(&browser, "register", "s:/area", "610100");
        fill(&mut browser, "register", "s:/legal_representative/name", "示例甲");
        fill(&mut browser, "register", "s:/legal_representative/id_number", &sample::id_number(31));
        browser.expected = vec![422];
        send(&mut browser, "register");
        assert!(browser.has("input[name='s:/credit_code'][aria-invalid=true]"), "{}", browser.text());
        browser.picture("desk-unit-refused");
        let code = sample::unit(77)["credit_code"].as_str().unwrap().to_owned();
        fill(&mut browser, "register", "s:/credit_code", &code);
        send(&mut browser, "register");
        browser.reads("单位已登记");
        let masked = browser.text();
        assert!(!masked.contains(&sample::id_number(31)), "masked");
        browser.picture("desk-unit");
        open(&mut browser, "reveal");
        fill(&mut browser, "reveal", "s:/reason", "核对身份");
        send(&mut browser, "reveal");
        browser.reads(&sample::id_number(31));
        // An order to the unit that has a seal.
        browser.go(&format!("/desk/units/{}", stage.owner.id));
        open(&mut browser, "ticket");
        choose(&browser, "ticket", "s:/kind", "order");
        fill(&mut browser, "ticket", "s:/text", "超出审批范围用印，责令限期整改");
        browser.expected = vec![409, 422];
        send(&mut browser, "ticket");
        assert!(browser.has(".note.bad"), "an order names breach, basis and day: {}", browser.text());
        browser.click("input[name='m:/breaches'][value='beyond_approval']");
        fill(&mut browser, "ticket", "s:/basis", "《示例市电子印章管理办法》第三十七条");
        type_day(&browser, "ticket", "u:/due", &day(server, 10));
        send(&mut browser, "ticket");
        browser.reads("监管单已开具");
        browser.picture("desk-unit-ticket");
        browser.click("a[href^='/desk/tickets/tkt_']");
        let ticket = browser.path();
        browser.reads("待整改");
        browser.picture("desk-ticket");
        log_out(&mut browser);
        log_in(&mut browser, &stage.agent);
        browser.go(&ticket);
        browser.click("a[href$='/files']");
        let proof = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("整改报告.pdf");
        std::fs::write(&proof, sample::pdf("整改报告")).unwrap();
        browser.choose("#file", &proof);
        browser.click("main form button");
        browser.reads("整改报告.pdf");
        browser.picture("ticket-files");
        browser.go(&format!("/units/{}/rules", stage.owner.id));
        browser.reads("未报送");
        browser.fill("[name=body_in_charge]", "办公室");
        browser.run(&format!("document.querySelector('[name=reviewed_on]').value = '{}'", day(server, -2)));
        browser.choose("#file", &proof);
        browser.click("main form button");
        browser.reads("制度已报送");
        browser.go(&ticket);
        open(&mut browser, "answer");
        fill(&mut browser, "answer", "s:/text", "已修订审批流程并培训");
        send(&mut browser, "answer");
        browser.reads("已反馈");
        log_out(&mut browser);
        log_in(&mut browser, reviewer);
        browser.go(&ticket);
        open(&mut browser, "accept");
        fill(&mut browser, "accept", "s:/remark", "复查合格");
        send(&mut browser, "accept");
        browser.reads("整改合格");
        browser.picture("desk-ticket-accepted");
        // Rehearsed, then carried out upon the same seals.
        browser.go("/desk/drills/add/rehearse");
        fill(&mut browser, "rehearse", "s:/plan", "集中冒用应急预案");
        fill(&mut browser, "rehearse", "s:/seals/unit", &stage.owner.id);
        send(&mut browser, "rehearse");
        browser.reads("没有改变任何印章");
        browser.picture("desk-drill");
        assert_eq!(stage.agent.get(&stage.seal).await.ok()["state"], "active", "rehearsed only");
        let drill = browser.path().split('?').next().unwrap().to_owned();
        open(&mut browser, "carry-out");
        choose(&browser, "carry-out", "s:/reason", "unlawful");
        fill(&mut browser, "carry-out", "s:/document", "示例急停〔2026〕1号");
        fill(&mut browser, "carry-out", "s:/detail", "涉嫌集中冒用");
        send(&mut browser, "carry-out");
        browser.reads("批量停用已执行");
        browser.picture("desk-measure");
        assert_eq!(stage.agent.get(&stage.seal).await.ok()["state"], "suspended");
        browser.go(&drill);
        browser.reads("已按此处置");
        browser.is_clean();
    });
}

#[test]
fn browser_an_auditor_searches_reads_and_verifies_the_log() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await;
        let auditor = server.admin("audit").await;
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        log_in_with_code(&mut browser, server, &auditor).await;
        browser.go("/audit");
        browser.picture("audit-log");
        fill_query(&mut browser, "action", "application.approve");
        browser.click("form[method=get] button");
        let rows = browser.run("return document.querySelectorAll('table.log tbody tr').length");
        assert!(rows.as_u64().unwrap() >= 1, "{}", browser.text());
        assert!(!browser.text().contains("session.login"), "the filter holds");
        let seq = browser.run("return document.querySelector('table.log tbody a').innerText");
        browser.click("table.log tbody a");
        browser.reads("链上摘要");
        browser.reads(seq.as_str().unwrap());
        browser.picture("audit-record");
        browser.go(&format!("/audit?subject={}", stage.seal.rsplit('/').next().unwrap()));
        browser.reads("seal.accept");
        browser.go("/audit");
        browser.click("form[action='/audit/verify'] button");
        browser.reads("审计链完好");
        browser.picture("audit-chain");
        browser.expected = vec![404, 422];
        browser.go("/audit/999999999");
        browser.reads("不存在");
        browser.is_clean();
        // The copy and the case, as files.
        let csv = auditor.send("GET", "/audit/copy.csv?action=application.approve", &[], Vec::new()).await;
        let text = String::from_utf8(csv.body.to_vec()).unwrap();
        assert!(text.starts_with('\u{feff}') && text.contains("application.approve"), "{text}");
        let form = format!(
            "csrf={}&once=case-1&s%3A%2Fcase=%E7%A4%BA%E4%BE%8B%E6%A1%88&s%3A%2Fdocument=%E8%B0%83%E5%8F%96%E5%87%BD1&l%3A%2Fsubjects={}",
            auditor.session().unwrap().1,
            stage.seal.rsplit('/').next().unwrap()
        );
        let headers =
            [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
        let case = auditor.send("POST", "/audit/case", &headers, form.into_bytes()).await;
        assert!(case.header("content-disposition").contains("case.json"));
        let case: Value = serde_json::from_slice(&case.body).unwrap();
        assert!(case["export"].as_str().unwrap().contains("seal.accept"));
        // A change in the database is found, and said so.
        tamper(server);
        browser.go("/audit");
        browser.click("form[action='/audit/verify'] button");
        browser.reads("审计链不完好");
        browser.reads("第 3 行");
        browser.picture("audit-chain-broken");
    });
}

fn fill_query(browser: &mut Browser, name: &str, text: &str) {
    browser.fill(&format!("form[method=get] [name='{name}']"), text);
}

/// Changes a row of the log behind the server's back, as somebody could who holds the database.
fn tamper(server: &crate::support::Server) {
    let script = "import sqlite3, sys\nc = sqlite3.connect(sys.argv[1])\nc.execute('DROP TRIGGER audit_no_update')\n\
                  c.execute(\"UPDATE audit SET subject = 'seal_0' WHERE seq = 3\")\nc.commit()";
    let database = server.data().join("registry.db");
    assert!(database.exists());
    let done = std::process::Command::new("python3").args(["-c", script]).arg(database).status();
    assert!(done.unwrap().success());
}

#[test]
fn browser_a_supervisor_sees_figures_with_the_table_behind() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await;
        let supervisor = server.account(Role::Supervisor, Some(CITY)).await;
        let visitor = server.visitor();
        let document = crate::documents::contract(3);
        visitor
            .send("POST", "/api/v1/verifications", &[("content-type", "application/ofd")], document)
            .await
            .ok();
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        log_in(&mut browser, &supervisor);
        browser.go("/supervision");
        browser.shows_chart("制成并备案的印章");
        browser.picture("supervision");
        browser.click(".charts details summary");
        let month = server
            .now()
            .to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8)))
            .strftime("%Y-%m")
            .to_string();
        let row = browser.run(
            "return [...document.querySelectorAll('.charts details[open] tbody tr')].at(-1).innerText.split(/\\s+/)",
        );
        assert_eq!(row, json!([month, "1"]), "one seal was filed this month");
        let shown = supervisor.get("/overview/months?months=6").await.ok();
        assert_eq!(shown["months"].as_array().unwrap().len(), 6);
        assert_eq!(shown["months"][5]["filed"], 1);
        assert!(stage.agent.get("/overview/months").await.status.as_u16() == 403);
        let city = json!({
            "parent": "610000", "code": "610200", "name": "示例二市", "level": "city", "authority": "示例二市行政审批局",
        });
        server.admin("system").await.post("/areas", city).await.ok();
        let outside = server.account(Role::Supervisor, Some("/100000/610000/610200/")).await;
        outside.get(&format!("/overview/months?scope={CITY}")).await.problem("NOT_FOUND");
        let elsewhere = outside.get("/overview/months").await.ok();
        assert_eq!(elsewhere["months"][11]["filed"], 0);
        // The province sees its cities one by one.
        let province = server.account(Role::Supervisor, Some("/100000/610000/")).await;
        log_out(&mut browser);
        log_in(&mut browser, &province);
        browser.go("/supervision?months=24");
        browser.reads("示例二市");
        browser.click("a[href*='610100']");
        browser.reads("返回所辖最大范围");
        browser.picture("supervision-city");
        dark(&browser, true);
        browser.go("/supervision");
        browser.picture("supervision-dark");
        dark(&browser, false);
        browser.is_clean();
    });
}

#[test]
fn browser_an_agent_writes_a_flow_and_sees_it_as_steps() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await.kept().await;
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        log_in(&mut browser, &stage.agent);
        browser.go("/desk/flows");
        browser.click("a[href='/flows/new']");
        browser.fill("[name='s:/name']", "对外合同审批");
        browser.click("[name='m:/seal_kinds'][value='legal_name']");
        browser.fill("[name='l:/document_kinds']", "对外合同");
        browser.fill("[name='s:/steps/0/name']", "部门负责人");
        browser.click("[name='m:/steps/0/approvers']");
        browser.fill("[name='n:/steps/0/need']", "9");
        browser.click("button[name=more]");
        assert_eq!(browser.run("return document.querySelectorAll('fieldset legend').length > 3"), true);
        let kept = browser.run("return document.querySelector(\"[name='s:/steps/0/name']\").value");
        assert_eq!(kept, "部门负责人");
        browser.picture("flow-form");
        browser.expected = vec![409, 422];
        browser.click("form.sheet .actions button");
        assert!(browser.has(".note.bad"), "nine of one cannot agree: {}", browser.text());
        browser.fill("[name='n:/steps/0/need']", "1");
        browser.click("form.sheet .actions button");
        browser.reads("流程已建立");
        assert!(browser.has(".stages li"));
        browser.picture("flow");
        browser.click("a[href$='/edit']");
        browser.fill("[name='s:/name']", "对外合同两级审批");
        browser.click("form.sheet .actions button");
        browser.reads("流程已修订");
        browser.reads("对外合同两级审批");
        browser.is_clean();
    });
}

#[test]
fn browser_a_certificate_is_bound_and_logs_in() {
    on_sqlite(async |server| {
        use base64::Engine as _;
        let pki = yinxin_testkit::Pki::new();
        let mut facts = yinxin_seal::trust::TrustFacts::default();
        facts.add_certificate(pki.root.cert.clone());
        facts.add_certificate(pki.ca.cert.clone());
        server.app.authority.set_trust(facts);
        let reviewer = server.account(Role::IssuingReviewer, Some(CITY)).await;
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        let file = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("signer.cer");
        std::fs::write(&file, pki.signer_a.der()).unwrap();
        let sign = |browser: &Browser, who: &yinxin_testkit::Identity| {
            let text = browser.run("return document.getElementById('text').value");
            base64::engine::general_purpose::STANDARD.encode(who.sign(text.as_str().unwrap().as_bytes()))
        };
        log_in(&mut browser, &reviewer);
        browser.go("/me");
        browser.click("a[href='/me/certificates']");
        browser.picture("certificate-bind");
        let signature = sign(&browser, &pki.signer_a);
        browser.choose("#certificate", &file);
        browser.fill("#pasted", &signature);
        browser.click("form[action='/me/certificates'] button");
        browser.reads("证书已绑定");
        browser.reads("Test Signer A");
        log_out(&mut browser);
        browser.go("/login");
        browser.click("a[href^='/login/certificate']");
        browser.picture("certificate-login");
        // Signed with another key: refused in words, with a new text.
        let wrong = sign(&browser, &pki.signer_b);
        browser.choose("#certificate", &file);
        browser.fill("#pasted", &wrong);
        browser.expected = vec![401];
        browser.click("form[action='/login/certificate'] button");
        assert!(browser.has(".note.bad"), "{}", browser.text());
        let signature = sign(&browser, &pki.signer_a);
        browser.choose("#certificate", &file);
        browser.fill("#pasted", &signature);
        browser.click("form[action='/login/certificate'] button");
        assert_eq!(browser.path(), "/home", "{}", browser.text());
        browser.is_clean();
    });
}

#[test]
fn browser_a_maker_takes_up_and_a_department_files() {
    on_sqlite(async |server| {
        let scene = Scene::set(server).await;
        let owner = scene.owner(4).await;
        let application = owner.submitted(sample::content(4)).await;
        scene.approve(&application).await;
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        log_in(&mut browser, &scene.operator);
        browser.go(&format!("/desk/makers/{}", scene.maker));
        browser.reads("制作任务");
        browser.picture("maker-orders");
        browser.click("form[action$='/row/take'] button");
        browser.reads("已领取");
        server.make_all().await;
        log_out(&mut browser);
        log_in(&mut browser, &scene.filer);
        browser.go("/desk/making?state=made");
        browser.click("a[href^='/desk/making/seal_']");
        browser.picture("seal-to-file");
        open(&mut browser, "file");
        send(&mut browser, "file");
        browser.reads("已备案");
        let seal = browser.path().split('?').next().unwrap().to_owned();
        log_out(&mut browser);
        log_in(&mut browser, &scene.operator);
        browser.go(&seal);
        open(&mut browser, "deliver");
        fill(&mut browser, "deliver", "s:/to", "示例乙");
        send(&mut browser, "deliver");
        browser.reads("已交付");
        browser.is_clean();
        let path = seal.replace("/desk/making", "/seals");
        assert_eq!(owner.agent.get(&path).await.ok()["state"], "delivered");
    });
}

#[test]
fn browser_help_is_on_every_page_and_the_guide_needs_no_account() {
    on_sqlite(async |server| {
        let scene = Scene::set(server).await;
        let owner = scene.owner(5).await;
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        browser.go("/help");
        browser.click("a[href='/guide']");
        browser.click("a[href*='applicant=enterprise'][href*='kind=legal_name']");
        browser.reads("材料");
        browser.reads("办理步骤");
        browser.picture("guide");
        browser.fill("#area", "999999");
        browser.click("main form button");
        browser.reads("没有这个区划");
        log_in(&mut browser, &owner.agent);
        for path in
            ["/home", "/applications", "/seals", "/uses", "/notices", "/me", "/desk/units", "/desk/tickets"]
        {
            browser.go(path);
            assert!(browser.has("details.about"), "{path}");
        }
        // The key opens it, but not where one types.
        browser.go("/home");
        browser.run("document.getElementById('q').focus()");
        browser.press("?");
        assert!(!browser.has("details.about[open]"), "typed into the field");
        browser.run("document.activeElement.blur()");
        browser.press("?");
        assert!(browser.has("details.about[open]"));
        browser.is_clean();
    });
}

#[test]
fn browser_every_page_of_the_desk_is_accessible_and_fits_every_screen() {
    on_sqlite(async |server| {
        let axe = axe();
        let stage = Stage::set(server).await.kept().await;
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        look(&mut browser, &axe, &["/login/certificate", "/guide"], "certificate");
        let unit = format!("/desk/units/{}", stage.owner.id);
        let maker = format!("/desk/makers/{}", stage.scene.maker);
        let making = stage.seal.replace("/seals", "/desk/making");
        log_in(&mut browser, &stage.scene.reviewer);
        let paths = [
            "/desk",
            "/desk/units",
            &unit,
            "/desk/units/add/register",
            &maker,
            &making,
            "/desk/drills/add/rehearse",
            "/supervision",
        ];
        look(&mut browser, &axe, &paths, "reviewer");
        log_out(&mut browser);
        log_in(&mut browser, &stage.agent);
        look(&mut browser, &axe, &["/flows/new", "/desk/webhooks/add/create", "/me/certificates"], "agent");
        log_out(&mut browser);
        log_in_with_code(&mut browser, server, &server.admin("security").await).await;
        look(
            &mut browser,
            &axe,
            &["/desk", "/desk/accounts", "/desk/clients/add/register", "/desk/keys", "/desk/authority"],
            "security",
        );
        log_out(&mut browser);
        log_in_with_code(&mut browser, server, &server.admin("audit").await).await;
        look(&mut browser, &axe, &["/audit", "/audit/1", "/audit/case"], "audit");
        browser.is_clean();
    });
}
