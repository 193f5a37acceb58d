//! Without scripts everything works, too.

use crate::browser::Browser;
use crate::documents::contract;
use crate::served;
use crate::stage::Stage;
use crate::support::on_sqlite;
use serde_json::json;

#[test]
fn browser_without_scripts_a_document_is_verified_and_a_seal_accepted() {
    on_sqlite(async |server| {
        let scene = crate::support::scene::Scene::set(server).await;
        let owner = scene.owner(3).await;
        let application = owner.submitted(crate::support::sample::content(3)).await;
        scene.approve(&application).await;
        let seal = scene.make(&application).await;
        scene.filer.step(&seal, "file", json!({})).await.ok();
        scene.operator.step(&seal, "deliver", json!({ "to": "示例乙" })).await.ok();
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        browser.cdp("Emulation.setScriptExecutionDisabled", &json!({ "value": true }));
        let path = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("plain.ofd");
        std::fs::write(&path, contract(1)).unwrap();
        browser.go("/");
        browser.choose("#file", &path);
        browser.click("#drop button");
        assert!(browser.has(".verdict.unsigned"));
        browser.picture_as_is("plain-verdict");
        browser.go("/login");
        browser.fill("input[name='s:/login']", &owner.agent.login.name);
        browser.fill("input[name='s:/password']", &owner.agent.login.password);
        browser.click("form[action='/login'] button");
        browser.go(&seal);
        browser.click("form[action$='/accept'] button");
        assert!(browser.has(".note.good"));
        browser.picture_as_is("plain-accepted");
        browser.is_clean();
        assert_eq!(owner.agent.get(&seal).await.ok()["state"], "active");
    });
}

#[test]
fn browser_a_form_of_another_site_is_refused() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await;
        let send = |headers: &'static [(&'static str, &'static str)]| async {
            let mut all =
                vec![("content-type", "application/x-www-form-urlencoded"), ("host", "seal.example")];
            all.extend_from_slice(headers);
            let target = format!("{}/accept", stage.seal);
            stage.agent.send("POST", &target, &all, b"once=1".to_vec()).await.status.as_u16()
        };
        assert_eq!(send(&[("sec-fetch-site", "cross-site")]).await, 403);
        assert_eq!(send(&[("origin", "https://other.example")]).await, 403);
        // From this site, but without the token of the form.
        assert_eq!(send(&[("sec-fetch-site", "same-origin")]).await, 403);
    });
}
