//! While a seal is put in its place: what is not saved yet stays, whatever else one looks for meanwhile, and the document is read once.

use crate::browser::Browser;
use crate::documents::contract;
use crate::sealing::{bring, bring_one, field, file, opened, previewed};
use crate::stage::Stage;
use crate::support::on_sqlite;
use crate::{log_in, served};
use serde_json::{Value, json};

fn choose(browser: &Browser, name: &str, value: &str) {
    browser.run(&format!(
        "const s = document.querySelector(\"[name='{name}']\"); s.value = {}; s.dispatchEvent(new Event('input', {{ bubbles: true }}))",
        json!(value)
    ));
}

/// Lines of the form that say a place: kind, from the left, from the top.
fn lines(browser: &Browser) -> Value {
    browser.run(
        "return [...document.querySelectorAll('[data-line]')].map((l) => ['kind', 'x', 'y'].map((n) => l.querySelector(`[name^=\"${n}.\"]`).value)).filter((l) => l[0])",
    )
}

/// How often a document of this request was read, as the audit log says.
async fn readings(stage: &Stage<'_>, request: &str) -> usize {
    stage.log(request).await.iter().filter(|action| *action == "use.read_content").count()
}

#[test]
fn browser_what_is_not_saved_stays_when_a_word_is_looked_for_or_a_template_used() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        stage.grant(|_| {}).await;
        let kept = |name: &str, x: u32| {
            let place = json!({ "kind": "at", "pages": { "kind": "last" }, "x": x, "y": 5000 });
            json!({ "name": name, "placements": [place] })
        };
        let templates = json!({ "templates": [kept("甲", 4000), kept("乙", 9000)] });
        stage.user.put_at(0, "/session/place-templates", templates).await.ok();
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        log_in(&mut browser, &stage.user);
        let request = opened(&mut browser, &stage);
        bring_one(&mut browser, "位置不丢.ofd");
        let before = readings(&stage, &request).await;
        browser.click("a[href$='/place']");
        // Moved, one more on page 1, one across the edges, one line that is wrong; nothing of it is saved.
        browser.fill("[name='x.0']", "61.25");
        browser.fill("[name='y.0']", "88");
        browser.click("[data-here='1']");
        browser.click("[data-cross]");
        choose(&browser, "kind.3", "at");
        browser.fill("[name='x.3']", "左边");
        let (said, shown) = (lines(&browser), previewed(&browser));
        assert_eq!((said.as_array().unwrap().len(), shown.len()), (4, 4), "{said}");
        browser.fill("#template_name", "还没有保存");
        browser.fill("#word", "合同金额");
        browser.click("button[name=find]");
        browser.reads("找到的位置");
        assert_eq!(lines(&browser), said);
        assert_eq!(previewed(&browser), shown);
        assert_eq!(browser.run("return document.getElementById('template_name').value"), "还没有保存");
        browser.picture("place-found-beside-unsaved");
        // A word that was ticked is a line, too, and the enter key looks for the next one.
        browser.run("document.querySelector('input[name=hit]').click()");
        let said = lines(&browser);
        browser.fill("#word", "没有这几个字\u{e007}");
        browser.waits_for("没有找到这些文字");
        assert_eq!(lines(&browser), said);
        // A template takes the place of what is saved and of the template before it, of nothing else.
        choose(&browser, "template", "甲");
        browser.click("button[name=load]");
        let with = |x: &str| {
            let mut all = vec![json!(["at", x, "50"])];
            all.extend(said.as_array().unwrap().iter().cloned());
            Value::from(all)
        };
        assert_eq!(lines(&browser), with("40"));
        choose(&browser, "template", "乙");
        browser.click("button[name=load]");
        assert_eq!(lines(&browser), with("90"));
        browser.picture("place-template-beside-unsaved");
        // Nor does a template that is deleted take anything along.
        browser.click(".templates details summary");
        browser.click("button[name=forget][value='甲']");
        assert!(!browser.has("#template option[value='甲']"), "{}", browser.text());
        assert_eq!(lines(&browser), with("90"));
        // All of it together can be saved once the wrong line is right.
        browser.fill("[name='x.4']", "150");
        browser.fill("[name='y.4']", "60");
        browser.click("#places .actions button");
        browser.reads("印章位置已保存");
        let items = format!("{}/items", request.replace("/uses/", "/use-requests/"));
        let items = stage.user.get(&items).await.ok();
        let places = items["items"][0]["placements"].as_array().unwrap();
        assert_eq!((places.len(), &places[1]["x"]), (6, &json!(6125)), "{items}");
        // The whole sitting read the document once; what a page shows of it is counted apart.
        assert_eq!(readings(&stage, &request).await - before, 2, "placing, and the page of the request");
        browser.is_clean();
    });
}

#[test]
fn browser_without_scripts_what_is_not_saved_stays_too() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        stage.grant(|_| {}).await;
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        log_in(&mut browser, &stage.user);
        opened(&mut browser, &stage);
        bring(&mut browser, &[file("无脚本.ofd", &contract(8))]);
        browser.cdp("Emulation.setScriptExecutionDisabled", &json!({ "value": true }));
        browser.click("a[href$='/place']");
        browser.fill("[name='x.0']", "70.5");
        browser.fill("[name='y.0']", "90");
        // The enter key in the field looks for the word, in a line it saves.
        browser.fill("#word", "合同金额\u{e007}");
        browser.waits_for("找到的位置");
        browser.click("input[name=hit]");
        browser.fill("#word", "第一条");
        browser.click("button[name=find]");
        browser.picture_as_is("plain-place-found");
        browser.cdp("Emulation.setScriptExecutionDisabled", &json!({ "value": false }));
        let said = lines(&browser);
        assert_eq!((&said[0], said.as_array().unwrap().len()), (&json!(["at", "70.5", "90"]), 2), "{said}");
        assert!((field(&browser, "first.1") - 1.0).abs() < f64::EPSILON, "the word stands on page 1");
        browser.cdp("Emulation.setScriptExecutionDisabled", &json!({ "value": true }));
        browser.fill("[name='y.0']", "91\u{e007}");
        browser.waits_for("印章位置已保存");
        browser.is_clean();
    });
}
