//! What comes after a seal: its renewal, a change, another in place of a lost one, its end; each begins on its card.

use crate::browser::Browser;
use crate::support::on_sqlite;
use crate::support::scene::Scene;
use crate::work::person;
use crate::{log_in, log_out, served};
use serde_json::json;

/// Fills in the people of an application and saves it as a draft; its path.
fn saved(browser: &mut Browser) -> String {
    for (place, number) in [("agent", 12), ("seal_administrator", 11), ("legal_representative", 10)] {
        person(browser, place, number);
    }
    browser.click("form.sheet > .actions button");
    browser.reads("已保存为草稿");
    browser.path().split('?').next().unwrap().to_owned()
}

#[test]
fn browser_an_agent_renews_changes_replaces_and_gives_up_a_seal() {
    on_sqlite(async |server| {
        let scene = Scene::set(server).await;
        let owner = scene.owner(31).await;
        let seal = scene.legal_name_seal(&owner).await;
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        log_in(&mut browser, &owner.agent);
        browser.go(&seal);
        browser.picture("following-card");
        browser.click("a[href$='basis=renewal']");
        browser.reads("申请续期");
        let name = browser.run("return document.querySelector(\"input[name='s:/seal_name']\").value");
        let known = owner.agent.get(&seal).await.ok();
        assert_eq!(name, known["name"], "the new one is called as the old one was");
        // Everything stands as the application before had it; the numbers of people are typed anew.
        let before =
            owner.agent.get(&format!("/applications/{}", known["application"].as_str().unwrap())).await.ok();
        let value =
            |part: &str| browser.run(&format!("return document.querySelector(\"[name='s:/{part}']\").value"));
        for part in ["agent/name", "legal_representative/name", "technical_measures"] {
            let (said, at) = (value(part), format!("/content/{part}"));
            assert_eq!(Some(&said), before.pointer(&at), "{part}");
            assert!(!said.as_str().unwrap().is_empty(), "{part}");
        }
        assert_eq!(value("agent/id_number"), "");
        browser.picture("following-renewal");
        let id = known["id"].clone();
        let renewal = saved(&mut browser);
        let renewed = owner.agent.get(&renewal).await.ok();
        assert_eq!((&renewed["basis"], &renewed["previous_seal"]), (&json!("renewal"), &id));
        // One at a time: the second is refused in words, and what was typed stays for when the first is withdrawn.
        browser.go(&seal);
        browser.click("a[href$='basis=remake']");
        browser.reads("丢失、泄露或者损坏");
        for (place, number) in [("agent", 12), ("seal_administrator", 11), ("legal_representative", 10)] {
            person(&mut browser, place, number);
        }
        browser.expected = vec![422];
        browser.click("form.sheet > .actions button");
        browser.reads("这枚印章已有一项正在办理的申请");
        browser.picture("following-refused");
        owner.agent.step(&renewal, "withdraw", json!({ "reason": "改为补办" })).await.ok();
        browser.click("form.sheet > .actions button");
        browser.reads("已保存为草稿");
        let remake = browser.path().split('?').next().unwrap().to_owned();
        assert_eq!(owner.agent.get(&remake).await.ok()["basis"], "remake");
        owner.agent.step(&remake, "withdraw", json!({ "reason": "改为变更" })).await.ok();
        // A change says why; without it the page comes back with everything that was typed.
        browser.go(&seal);
        browser.click("a[href$='basis=change']");
        browser.reads("批准前原印章照常使用");
        browser.fill("textarea[name=reason]", "改");
        for (place, number) in [("agent", 12), ("seal_administrator", 11), ("legal_representative", 10)] {
            person(&mut browser, place, number);
        }
        browser.expected = vec![422];
        browser.click("form.sheet > .actions button");
        assert!(browser.has("textarea[name=reason][aria-invalid=true]"), "{}", browser.text());
        browser.picture("following-change-refused");
        browser.fill("textarea[name=reason]", "单位名称变更");
        browser.fill("input[name='s:/seal_name']", "示例市第31示例股份有限公司");
        let change = saved(&mut browser);
        let changed = owner.agent.get(&change).await.ok();
        assert_eq!(changed["basis"], "change");
        let cases = owner.agent.get("/changes").await.ok();
        assert_eq!((&cases["items"][0]["seal"], &cases["items"][0]["application"]), (&id, &changed["id"]));
        // It is not used any more: asked for, told, decided by the department.
        browser.go(&seal);
        browser.click("details:has(form[action$='/request-cancel']) > summary");
        browser.fill("form[action$='/request-cancel'] textarea", "业务终止，不再使用");
        browser.picture("following-cancel");
        browser.click("form[action$='/request-cancel'] button");
        browser.reads("缴销申请已送达主管部门");
        assert_eq!(owner.agent.get(&seal).await.ok()["state"], "active");
        log_out(&mut browser);
        server.tick().await;
        log_in(&mut browser, &scene.reviewer);
        browser.go("/notices");
        browser.reads("缴销");
        browser.go(&seal.replace("/seals", "/desk/making"));
        browser.click("details:has(form[action$='/cancel']) > summary");
        browser.fill("form[action$='/cancel'] textarea", "应单位申请");
        browser.click("form[action$='/cancel'] button.button");
        browser.reads("已缴销");
        log_out(&mut browser);
        // Nothing is offered any more but one in its place.
        log_in(&mut browser, &owner.agent);
        browser.go(&seal);
        let offered = browser.run("return document.querySelectorAll(\"a[href*='basis=']\").length");
        assert_eq!(offered, 1);
        assert!(!browser.has("form[action$='/request-cancel']"));
        browser.is_clean();
    });
}
