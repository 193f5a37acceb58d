//! What somebody does for himself: sessions elsewhere ended, the rules of passwords read where one types; and whoever holds a print-out.

use crate::browser::Browser;
use crate::pages::{axe, dark, judge};
use crate::stage::Stage;
use crate::support::on_sqlite;
use crate::{log_in, served};
use serde_json::json;

#[test]
fn browser_a_session_elsewhere_is_ended_and_password_rules_stand_beside_the_field() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await;
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        log_in(&mut browser, &stage.agent);
        browser.click("a[href='/me']");
        // The other one is that of the program of this test.
        assert_eq!(browser.run("return document.querySelectorAll('tbody tr').length"), 2);
        browser.reads("本次登录");
        browser.picture("me-sessions");
        stage.agent.get(&stage.seal).await.ok();
        browser.click("form[action^='/me/sessions/'] button");
        assert_eq!(browser.run("return document.querySelectorAll('tbody tr').length"), 1);
        let ended = stage.agent.get(&stage.seal).await;
        assert_eq!(ended.status.as_u16(), 401, "{}", ended.text());
        // The rules are told before one types, and read out with the field; what is refused is told beside it.
        browser.go("/me/password");
        let described = browser.run(
            "const i = document.querySelector(\"input[name='s:/new']\"); return i.getAttribute('aria-describedby').split(' ').map((d) => document.getElementById(d)?.innerText ?? '').join(' ')",
        );
        assert!(described.as_str().unwrap().contains("12 个字符以上"), "{described}");
        browser.fill("input[name='s:/current']", &stage.agent.login.password);
        browser.fill("input[name='s:/new']", &stage.agent.login.name);
        browser.fill("input[name='s:/again']", &stage.agent.login.name);
        browser.expected = vec![422];
        browser.click("form[action='/me/password'] button");
        assert!(browser.has("input[name='s:/new'][aria-invalid=true]"), "{}", browser.text());
        let typed = browser.run(
            "return [...document.querySelectorAll('input[type=password]')].map((i) => i.value).join('')",
        );
        assert_eq!(typed, "", "no password comes back");
        browser.is_clean();
    });
}

#[test]
fn browser_whoever_holds_a_print_out_reads_what_it_is_worth() {
    on_sqlite(async |server| {
        let axe = axe();
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        crate::documents::sealed(&stage, 1).await;
        let done = stage.user.get("/use-requests?state=done").await.ok();
        let request = format!("/use-requests/{}", done["items"][0]["id"].as_str().unwrap());
        let items = stage.user.get(&format!("{request}/items")).await.ok();
        let item = format!("{request}/items/{}", items["items"][0]["id"].as_str().unwrap());
        let about = json!({ "form": { "kind": "print" }, "number": 1, "purpose": "对方单位存档" });
        let copy = stage.user.post(&format!("{item}/copies"), about).await.ok();
        let code = copy["code"].as_str().unwrap();
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        // By the code that stands on the paper, typed on the first page.
        browser.go("/");
        browser.fill("#paper", code);
        browser.click("form[action='/paper'] button");
        browser.reads("您手中的是副本");
        let landing = browser.path();
        assert!(landing.starts_with("/v/"), "{landing}");
        browser.picture("landing");
        for night in [false, true] {
            dark(&browser, night);
            judge(&mut browser, &axe, "print-out");
        }
        dark(&browser, false);
        for width in [320, 3840] {
            browser.resize(width, 900);
            browser.go(&landing);
            let wide = browser.run("return document.documentElement.scrollWidth").as_i64().unwrap();
            assert!(wide <= i64::from(width), "{width}: {wide}");
            browser.picture(&format!("landing-{width}"));
        }
        // It leads to where the original is verified.
        assert!(browser.has("main a[href$='/']"), "{}", browser.text());
        browser.is_clean();
    });
}
