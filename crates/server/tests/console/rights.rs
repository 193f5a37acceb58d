//! Roles and rights: what a role is for is chosen, not typed; a program gets its right on the card of a seal, and people vote on it.

use crate::browser::Browser;
use crate::pages::{axe, look};
use crate::stage::Stage;
use crate::support::{CITY, Role, on_sqlite};
use crate::{log_in, log_in_with_code, log_out, served};
use serde_json::{Value, json};

/// Sends the last step of giving a role.
fn give(browser: &mut Browser) {
    browser.click("form[action='/roles/give'] button.button");
    browser.reads("岗位已授予");
}

#[test]
fn browser_what_a_role_is_for_is_chosen_out_of_the_tree_and_among_many_units() {
    on_sqlite(async |server| {
        let axe = axe();
        let stage = Stage::set(server).await;
        // More units than a page of the list shows.
        for number in 100..140 {
            stage.scene.reviewer.post("/units", crate::support::sample::unit(number)).await.ok();
        }
        let security = server.admin("security").await;
        let made = security.post("/accounts", json!({ "name": "示例新人", "login": "new.one" })).await.ok();
        let api = format!("/accounts/{}", made["id"].as_str().unwrap());
        let page = format!("/desk{api}");
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        log_in_with_code(&mut browser, server, &security).await;
        browser.go(&page);
        browser.click("a[href^='/roles/give?account=']");
        browser.reads("互相排斥");
        let whose = browser.path();
        browser.picture("role-which");
        // A unit among many, without scripts: by how its name begins, by its credit code, or page by page.
        browser.cdp("Emulation.setScriptExecutionDisabled", &json!({ "value": true }));
        browser.click(".pick a[href*='role=user']");
        browser.click("main .actions a[href*='cursor=']");
        browser.fill("#name", "没有这个单位");
        browser.click("form[role=search] button");
        browser.reads("没有找到");
        let unit = stage.scene.reviewer.get(&format!("/units/{}", stage.owner.id)).await.ok();
        browser.fill("#name", unit["credit_code"].as_str().unwrap());
        browser.click("form[role=search] button");
        browser.reads(unit["name"].as_str().unwrap());
        let choice = format!(".pick a[href*='{}']", stage.owner.id);
        browser.fill("#name", unit["name"].as_str().unwrap());
        browser.click("form[role=search] button");
        browser.picture_as_is("role-unit");
        browser.click(&choice);
        browser.reads(unit["name"].as_str().unwrap());
        browser.picture_as_is("role-confirm");
        give(&mut browser);
        browser.cdp("Emulation.setScriptExecutionDisabled", &json!({ "value": false }));
        let grants = security.get(&api).await.ok()["grants"].clone();
        assert_eq!((&grants[0]["role"], &grants[0]["scope"]), (&json!("user"), &json!(stage.owner.id)));
        // A role is taken back by choosing it among those that are held.
        browser.click("details:has(form[action$='/take-back']) > summary");
        let held = browser.run("return document.querySelector(\"select[name=held]\").innerText");
        assert!(held.as_str().unwrap().contains(unit["name"].as_str().unwrap()), "{held}");
        browser.fill("form[action$='/take-back'] textarea", "调离单位");
        browser.click("form[action$='/take-back'] button");
        browser.reads("岗位已收回");
        // An area out of the tree, down and up again; an end in the past is refused beside its field.
        browser.go(&whose);
        browser.click(".pick a[href*='role=filing_officer']");
        browser.click(".pick a.into[href*='within=610000']");
        browser.click(".pick a.into[href*='within=610100']");
        browser.reads("没有下级区划");
        browser.click(".crumbs a[href*='within=610000']");
        browser.picture("role-area");
        browser.click(".pick li > a:not(.into)[href*='610100']");
        browser.reads("示例市（610100）");
        browser.run("document.querySelector('input[type=date]').value = '2020-01-01'");
        browser.expected = vec![422];
        browser.click("form[action='/roles/give'] button.button");
        browser.reads("示例市（610100）");
        assert!(browser.has("input[type=date][aria-invalid=true]"), "{}", browser.text());
        browser.run("document.querySelector('input[type=date]').value = ''");
        give(&mut browser);
        let grants = security.get(&api).await.ok()["grants"].clone();
        assert_eq!((&grants[0]["role"], &grants[0]["scope"]), (&json!("filing_officer"), &json!(CITY)));
        let steps = [
            whose.clone(),
            format!("{whose}&role=supervisor"),
            format!("{whose}&role=maker_operator"),
            format!("{whose}&role=unit_agent&scope={}", stage.owner.id),
        ];
        look(&mut browser, &axe, &steps.each_ref().map(String::as_str), "roles");
        // Nobody else has these pages.
        log_out(&mut browser);
        log_in(&mut browser, &stage.agent);
        browser.expected = vec![404];
        browser.go(&whose);
        browser.reads("没有找到这个页面");
        stage.agent.get("/role-scopes?kind=unit").await.problem("FORBIDDEN");
        browser.is_clean();
    });
}

#[test]
fn browser_a_program_gets_its_right_on_the_card_of_a_seal() {
    on_sqlite(async |server| {
        let axe = axe();
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        log_in(&mut browser, &stage.custodian);
        browser.go(&stage.seal);
        browser.click("details.deed:has(> summary):last-of-type > summary");
        browser.reads("没有可以授权的业务系统");
        let program = |name: &str, scopes: Value| {
            json!({
                "name": name, "scopes": scopes, "key": { "kind": "hmac_sm3" },
                "grants": [{ "role": "business_system", "scope": stage.owner.id }],
            })
        };
        let security = server.admin("security").await;
        let wanted = program("示例开票系统", json!(["uses_write", "uses_read"]));
        security.post("/clients", wanted).await.ok();
        // One that may only read is not offered.
        security.post("/clients", program("示例查询系统", json!(["uses_read"]))).await.ok();
        browser.go(&stage.seal);
        let form = "form[action$='/standing-propose']";
        browser.click(&format!("details:has({form}) > summary"));
        let offered = browser.run(&format!("return document.querySelector(\"{form} select\").innerText"));
        assert_eq!(offered, "示例开票系统");
        browser.fill(&format!("{form} input[name='s:/template']"), "电子发票");
        browser.fill(&format!("{form} textarea[name='l:/document_kinds']"), "合同");
        browser.fill(&format!("{form} input[name='n:/most']"), "500");
        browser.fill(&format!("{form} input[name='value_each']"), "2000.50");
        browser.fill(&format!("{form} textarea[name='s:/reason']"), "批量开具电子发票");
        let until = |browser: &Browser, day: &str| {
            browser.run(&format!("document.querySelector(\"{form} input[name=until]\").value = '{day}'"));
        };
        // What is wrong stands beside its field; what was typed stays.
        until(&browser, "2020-01-01");
        browser.expected = vec![422, 409];
        browser.click(&format!("{form} button"));
        assert!(browser.has(&format!("{form} input[name=until][aria-invalid=true]")), "{}", browser.text());
        let kept =
            browser.run(&format!("return document.querySelector(\"{form} input[name='value_each']\").value"));
        assert_eq!(kept, "2000.50");
        browser.picture("standing-refused");
        let day = (server.now() + jiff::SignedDuration::from_hours(24 * 60)).to_string();
        until(&browser, &day[..10]);
        browser.click(&format!("{form} button"));
        browser.reads("授权已提交审批");
        browser.picture("standing-proposed");
        log_out(&mut browser);
        // An approver who is not asked reads it, with the seal by its name, and is offered no vote.
        let seal = stage.supervisor.get(&stage.seal).await.ok()["name"].as_str().unwrap().to_owned();
        let asked_not = stage.another(Role::Approver).await;
        let list = stage.supervisor.get("/standings").await.ok();
        log_in(&mut browser, &asked_not);
        browser.go(&format!("/desk/standings/{}", list["items"][0]["id"].as_str().unwrap()));
        browser.reads(&seal);
        assert!(!browser.has("form[action$='/approve']") && !browser.has("form[action$='/delegate']"));
        log_out(&mut browser);
        // The approver finds it among what waits, sees all its limits, and agrees to exactly them.
        log_in(&mut browser, &stage.approver);
        browser.reads("待审批的业务系统用印授权");
        browser.picture("approver-home-standing");
        browser.click("main a[href^='/desk/standings/']");
        let page = browser.path();
        for words in ["示例开票系统", "电子发票", "2000.50 元", "批量开具电子发票", "部门负责人"]
        {
            browser.reads(words);
        }
        look(&mut browser, &axe, &[&page, "/desk/standings"], "standing");
        browser.go(&page);
        browser.click("details:has(form[action$='/approve']) > summary");
        browser.click("form[action$='/approve'] button");
        browser.reads("已同意授权");
        let api = page.replace("/desk", "");
        let live = stage.supervisor.get(&api).await.ok();
        assert_eq!((&live["state"], &live["value_each"]), (&json!("live"), &json!(200_050)));
        log_out(&mut browser);
        // The card shows it; who keeps the seal takes it back.
        log_in(&mut browser, &stage.custodian);
        browser.go(&stage.seal);
        browser.click(&format!("a[href='{page}']"));
        browser.click("details:has(form[action$='/revoke']) > summary");
        browser.fill("form[action$='/revoke'] textarea", "系统停用");
        browser.click("form[action$='/revoke'] button");
        browser.reads("授权已收回");
        assert_eq!(stage.supervisor.get(&api).await.ok()["state"], "revoked");
        // Others are not told which programs there are.
        let other = stage.another(Role::User).await;
        other.get(&format!("{}/programs", stage.seal)).await.problem("FORBIDDEN");
        browser.is_clean();
    });
}
