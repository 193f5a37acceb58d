//! An agent sees the imprint while filling in the form, keeps the numbers that are shown, hands in the imprint on record and compares.

use crate::browser::Browser;
use crate::support::scene::Scene;
use crate::support::{on_sqlite, sample};
use crate::{log_in, served};
use serde_json::json;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use yinxin_imprint::{Font, ImprintSpec, draw};

/// The scan of the physical seal of a unit, 40 mm at 300 dpi.
fn scan(unit: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("备案印模.png");
    let picture = draw(&ImprintSpec::official(unit).with_size_mm(40.0), &Font::builtin()).unwrap();
    std::fs::write(&path, picture.to_png(300).unwrap()).unwrap();
    path
}

/// Waits until a script says yes.
fn until(browser: &Browser, script: &str) {
    let begin = Instant::now();
    while browser.run(script) != json!(true) {
        assert!(begin.elapsed() < Duration::from_secs(30), "{script}\n{}", browser.text());
        std::thread::sleep(Duration::from_millis(100));
    }
}

const DRAWN: &str =
    "const i = document.querySelector('.trial img'); return !i.hidden && i.complete && i.naturalWidth > 100";

#[test]
fn browser_an_agent_sees_the_imprint_before_it_is_asked_for() {
    on_sqlite(async |server| {
        let scene = Scene::set(server).await;
        let owner = scene.owner(1).await;
        let unit =
            owner.agent.get(&format!("/units/{}", owner.id)).await.ok()["name"].as_str().unwrap().to_owned();
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        log_in(&mut browser, &owner.agent);
        browser.go(&format!("/applications/new?unit={}&kind=legal_name", owner.id));
        until(&browser, DRAWN);
        browser.reads("符合该类印章的规则");
        browser.picture("imprint-tried");
        // What cannot stand on a seal is told while one types, and the picture goes.
        let typed = |browser: &Browser, name: &str, value: &str| {
            browser.run(&format!(
                "const f = document.querySelector(\"[name='{name}']\"); f.value = '{value}'; f.dispatchEvent(new Event('input', {{ bubbles: true }}))"
            ));
        };
        typed(&browser, "s:/seal_name", "示例公司");
        until(
            &browser,
            "return document.querySelector('.trial .found').innerText.includes('法定名称章的名称')",
        );
        browser.picture("imprint-tried-refused");
        typed(&browser, "s:/seal_name", &unit);
        until(&browser, DRAWN);
        for (place, number) in [("agent", 12), ("legal_representative", 10), ("seal_administrator", 11)] {
            browser.fill(&format!("input[name='s:/{place}/name']"), &format!("示例人{number}"));
            browser.fill(&format!("input[name='s:/{place}/id_number']"), &sample::id_number(number));
        }
        browser.click("form.sheet > .actions button");
        browser.reads("已保存为草稿");
        let application = browser.path().split('?').next().unwrap().to_owned();
        // The scan of the physical seal is handed in and named; the numbers stay as they are shown.
        browser.choose("#m-imprint", &scan(&unit));
        browser.reads("材料已上传");
        browser.click(&format!("a[href='{application}/edit']"));
        let shown = browser.run("return document.querySelector(\"[name='s:/agent/id_number']\").value");
        assert!(shown.as_str().unwrap().contains("***"), "{shown}");
        browser.fill("input[name='s:/physical/registration']", "6101000000001");
        browser.fill("input[name='s:/physical/engraver']", "示例刻章社");
        typed(&browser, "s:/physical/engraved_on", "2026-01-05");
        browser.run("const s = document.querySelector(\"[name='s:/physical/imprint_digest']\"); s.value = s.options[1].value");
        browser.picture("imprint-edit");
        browser.click("form.sheet > .actions button");
        browser.reads("已保存为草稿");
        let content = owner.agent.get(&application).await.ok()["content"].clone();
        assert_eq!(content["physical"]["engraver"], "示例刻章社");
        assert_eq!(content["agent"]["id_number"], shown);
        browser.reads("与备案印模对照");
        let slider = "const s = document.querySelector('.beside + label input'); s.value = 25; s.dispatchEvent(new Event('input'));\
                      return document.querySelector('.beside .over').style.clipPath";
        assert_eq!(browser.run(slider), "inset(0px 0px 0px 25%)");
        browser.picture("imprint-compared");
        browser.is_clean();
    });
}

#[test]
fn browser_without_scripts_the_imprint_is_drawn_by_a_button() {
    on_sqlite(async |server| {
        let scene = Scene::set(server).await;
        let owner = scene.owner(2).await;
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        browser.cdp("Emulation.setScriptExecutionDisabled", &json!({ "value": true }));
        browser.go("/login");
        browser.fill("input[name='s:/login']", &owner.agent.login.name);
        browser.fill("input[name='s:/password']", &owner.agent.login.password);
        browser.click("form[action='/login'] button");
        browser.go(&format!("/applications/new?unit={}&kind=legal_name", owner.id));
        browser.fill("input[name='s:/seal_name']", "示例市第二示例有限公司");
        browser.fill("input[name='s:/agent/name']", "示例甲");
        browser.click("button[name='try']");
        assert!(browser.has("input[name='s:/agent/name'][value='示例甲']"), "what was typed stays");
        assert!(browser.has(".trial img[src*='name=%E7%A4%BA']"));
        assert!(!browser.has("[aria-invalid=true]"), "nothing is refused yet");
        browser.picture_as_is("imprint-tried-plain");
        assert_eq!(
            owner.agent.get("/applications").await.ok()["items"].as_array().unwrap().len(),
            0,
            "nothing is kept"
        );
    });
}
