//! People at work: an agent applies, a reviewer decides, a custodian keeps, an approver looks and agrees.

use crate::browser::Browser;
use crate::documents::{contract, digest};
use crate::stage::Stage;
use crate::support::scene::Scene;
use crate::support::{Answer, Role, on_sqlite, sample};
use crate::{log_in, log_out, served};
use serde_json::json;
use std::path::PathBuf;

fn pdf() -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("材料.pdf");
    std::fs::write(&path, yinxin_pdf::sample::document(2, "授权委托书", &["示例市示例有限公司"])).unwrap();
    path
}

pub fn person(browser: &mut Browser, place: &str, number: u32) {
    browser.fill(&format!("input[name='s:/{place}/name']"), &format!("示例人{number}"));
    browser.fill(&format!("input[name='s:/{place}/id_number']"), &sample::id_number(number));
}

#[test]
fn browser_an_agent_applies_and_a_reviewer_decides() {
    on_sqlite(async |server| {
        let scene = Scene::set(server).await;
        let owner = scene.owner(1).await;
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        log_in(&mut browser, &owner.agent);
        browser.picture("agent-home-empty");
        browser.click("a[href='/applications/new']");
        browser.picture("agent-choose");
        browser.click("a[href*='kind=legal_name']");
        person(&mut browser, "agent", 12);
        person(&mut browser, "seal_administrator", 11);
        person(&mut browser, "legal_representative", 10);
        // One wrong digit is told as one leaves the field, and by the server beside the field; what was typed stays.
        browser.fill("input[name='s:/agent/id_number']", "610102197001010011");
        browser.run("document.activeElement.blur()");
        browser.reads("校验位不正确");
        browser.picture("agent-form-checked");
        browser.expected = vec![422];
        browser.click("form.sheet > .actions button");
        assert!(browser.has("input[name='s:/agent/id_number'][aria-invalid=true]"), "{}", browser.text());
        let kept = browser
            .run("return document.querySelector(\"input[name='s:/legal_representative/name']\").value");
        assert_eq!(kept, "示例人10");
        browser.picture("agent-form-refused");
        browser.fill("input[name='s:/agent/id_number']", &sample::id_number(12));
        browser.click("form.sheet > .actions button");
        browser.reads("已保存为草稿");
        let application = browser.path().split('?').next().unwrap().to_owned();
        browser.picture("agent-draft");
        // Every document that is missing; each upload comes back to the page.
        while browser.has(".materials li:has(.missing) input[type=file]") {
            browser.choose(".materials li:has(.missing) input[type=file]", &pdf());
            browser.reads("材料已上传");
        }
        browser.click("form[action$='/submit'] input[type=checkbox]");
        browser.picture("agent-ready");
        browser.click("form[action$='/submit'] button");
        browser.reads("申请已提交");
        log_out(&mut browser);
        // Returned with reasons, put right, handed in again, approved.
        log_in(&mut browser, &scene.reviewer);
        browser.picture("reviewer-home");
        browser.click(&format!("a[href='{application}']"));
        browser.shows(".imprint img");
        browser.picture("reviewer-decides");
        // A document handed in is looked at page by page.
        browser.click(".materials a[href$='/pages']");
        browser.shows(".pages img");
        browser.picture("reviewer-material");
        browser.go(&application);
        browser.fill("form[action$='/return'] textarea", "授权委托书缺少签章页");
        browser.click("form[action$='/return'] button");
        browser.reads("已退回补正");
        log_out(&mut browser);
        log_in(&mut browser, &owner.agent);
        browser.picture("agent-home");
        browser.click(&format!("a[href='{application}']"));
        browser.reads("授权委托书缺少签章页");
        browser.picture("agent-returned");
        browser.click("form[action$='/submit'] input[type=checkbox]");
        browser.click("form[action$='/submit'] button");
        log_out(&mut browser);
        log_in(&mut browser, &scene.reviewer);
        browser.go(&application);
        browser.click("form[action$='/approve'] button");
        browser.reads("已批准");
        browser.picture("reviewer-approved");
        browser.is_clean();
        assert_eq!(owner.agent.get(&application).await.ok()["state"], "approved");
    });
}

/// A request that waits for the approver; its path.
pub async fn pending(stage: &Stage<'_>) -> String {
    let bytes = contract(5);
    let grant = stage.grant(|_| {}).await;
    let seal = stage.seal.rsplit('/').next().unwrap();
    let right = json!({ "kind": "grant", "grant": grant["id"] });
    let body = json!({ "seal": seal, "right": right, "document_kind": "合同", "reason": "签订年度采购合同", "recipient": "示例市第2示例有限公司" });
    let request = stage.user.post("/use-requests", body).await.ok();
    let request = format!("/use-requests/{}", request["id"].as_str().unwrap());
    let named = json!({
        "name": "年度采购合同.ofd", "digest": digest(&bytes), "size": bytes.len(),
        "placements": [
            { "kind": "at", "pages": { "kind": "last" }, "x": 15000, "y": 24000 },
            { "kind": "cross_page", "pages": { "kind": "all" }, "y": 14850 },
        ],
    });
    let added = stage.user.step(&request, "items", json!({ "items": [named] })).await.ok();
    let item = format!("{request}/items/{}", added["items"][0]["id"].as_str().unwrap());
    let tag = |answer: Answer| format!("\"{}\"", answer.version());
    let version = tag(stage.user.get(&request).await);
    let headers = [("content-type", "application/ofd"), ("if-match", &*version)];
    stage.user.send("PUT", &format!("/api/v1{item}/content"), &headers, bytes).await.ok();
    stage.user.step(&request, "submit", json!({})).await.ok();
    request
}

/// Where there is vermilion on the pages that are shown, in pixels.
fn red(browser: &Browser) -> serde_json::Value {
    browser.run(
        "return [...document.querySelectorAll('.pages img')].map((i) => { const c = document.createElement('canvas');\
         c.width = i.naturalWidth; c.height = i.naturalHeight; const x = c.getContext('2d'); x.drawImage(i, 0, 0);\
         const d = x.getImageData(0, 0, c.width, c.height).data; const r = { count: 0, left: 1e9, top: 1e9, right: 0, bottom: 0 };\
         for (let p = 0; p < d.length; p += 4) if (d[p] > 150 && d[p + 1] < 110 && d[p + 2] < 110) { const k = p / 4, a = k % c.width, b = (k - a) / c.width;\
         r.count += 1; r.left = Math.min(r.left, a); r.right = Math.max(r.right, a); r.top = Math.min(r.top, b); r.bottom = Math.max(r.bottom, b); } return r; });",
    )
}

#[test]
fn browser_an_approver_sees_what_will_be_sealed_and_the_user_seals_it() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let request = pending(&stage).await;
        let page = request.replace("/use-requests/", "/uses/");
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        log_in(&mut browser, &stage.approver);
        browser.picture("approver-home");
        browser.click(&format!("a[href='{page}']"));
        browser.reads("将要用印的文件");
        browser.picture("approver-sees");
        // The seal is in the picture, at its place on the last page and on the edge of both.
        let before = red(&browser);
        assert!(before[1]["count"].as_i64().unwrap() > 2000, "the seal is drawn on the last page: {before}");
        // On a phone, too, nothing has to be moved sideways.
        browser.resize(360, 740);
        browser.go(&page);
        let wide = browser.run("return document.documentElement.scrollWidth");
        assert!(wide.as_i64().unwrap() <= 360, "{wide}");
        browser.picture("approver-phone");
        browser.resize(1280, 900);
        browser.go(&page);
        browser.click("form[action$='/approve'] button");
        browser.reads("已同意用印");
        log_out(&mut browser);
        log_in(&mut browser, &stage.user);
        browser.go(&page);
        browser.click("form[action$='/sign'] button");
        browser.reads("正在用印");
        server.tick().await;
        browser.go(&page);
        browser.reads("已用印");
        browser.click("a[href*='?open=']");
        browser.picture("user-sealed");
        // What was shown before is what the signed file shows.
        let after = red(&browser);
        for page in 0..2 {
            for edge in ["left", "top", "right", "bottom"] {
                let (shown, signed) =
                    (before[page][edge].as_i64().unwrap(), after[page][edge].as_i64().unwrap());
                assert!((shown - signed).abs() <= 3, "page {page}, {edge}: {before} {after}");
            }
        }
        browser.is_clean();
    });
}

#[test]
fn browser_a_custodian_takes_a_seal_over_and_reports_its_loss_in_two_clicks() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await;
        stage.custody(&stage.agent, "offer", json!({ "account": stage.custodian.id })).await.ok();
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        log_in(&mut browser, &stage.custodian);
        browser.reads("待接收");
        browser.picture("custodian-home");
        browser.click(&format!("a[href='{}']", stage.seal));
        browser.click("form[action$='/take-over'] button");
        browser.reads("已接收保管");
        browser.picture("seal-card");
        browser.click("details > summary.danger");
        browser.fill("form[action$='/report-loss'] textarea", "密钥载体遗失");
        browser.picture("seal-loss");
        browser.click("form[action$='/report-loss'] button");
        browser.reads("挂失已生效");
        browser.picture("seal-suspended");
        // By its code everybody sees it at once.
        let code = stage.agent.get(&stage.seal).await.ok()["code"].as_str().unwrap().to_owned();
        browser.go(&format!("/status?code={code}"));
        browser.reads("暂停使用");
        browser.go(&format!("/find?q={code}"));
        assert_eq!(browser.path(), stage.seal);
        browser.is_clean();
    });
}

#[test]
fn browser_a_new_person_changes_the_password_and_an_administrator_enrolls_codes() {
    on_sqlite(async |server| {
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        let one_time = server.first_password("system").to_owned();
        browser.go("/home");
        assert!(browser.path().starts_with("/login"));
        browser.expected = vec![401, 422];
        browser.fill("input[name='s:/login']", "system");
        browser.fill("input[name='s:/password']", "wrong");
        browser.click("form[action='/login'] button");
        browser.reads("登录失败");
        browser.picture("login-failed");
        browser.fill("input[name='s:/password']", &one_time);
        browser.click("form[action='/login'] button");
        assert_eq!(browser.path(), "/me/password");
        let change = |browser: &mut Browser, new: &str, again: &str| {
            browser.fill("input[name='s:/current']", &one_time);
            browser.fill("input[name='s:/new']", new);
            browser.fill("input[name='s:/again']", again);
            browser.click("form[action='/me/password'] button");
        };
        change(&mut browser, "Tq-long-enough-7", "another");
        browser.reads("两次输入的新口令不同");
        change(&mut browser, "short", "short");
        browser.picture("password-refused");
        change(&mut browser, "Tq-long-enough-7", "Tq-long-enough-7");
        assert_eq!(browser.path(), "/me/totp");
        browser.click("form[action='/me/totp'] button");
        browser.picture("totp");
        let secret =
            browser.run("return document.querySelector('.secret').textContent").as_str().unwrap().to_owned();
        browser.fill("input[name='s:/code']", &server.code(&secret));
        browser.click("form[action='/me/totp'] button");
        browser.reads("动态口令已启用");
        browser.go("/me");
        browser.picture("me");
        browser.is_clean();
    });
}

#[test]
fn browser_a_supervisor_sees_figures_and_nothing_to_change() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await;
        let other = server.account(Role::Supervisor, Some(crate::support::CITY)).await;
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        log_in(&mut browser, &other);
        browser.picture("supervisor-home");
        browser.go(&stage.seal);
        browser.reads("用印登记");
        assert!(!browser.has("main form[method=post]"), "nothing to change");
        browser.go("/seals");
        browser.picture("seals");
        browser.go("/notices");
        browser.picture("notices-empty");
        browser.is_clean();
    });
}
