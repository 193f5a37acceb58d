//! Every page for everybody: axe finds nothing serious, nothing has to be moved sideways from 320 pixels to 4K, light and dark; the first
//! page is small.

use crate::browser::Browser;
use crate::stage::Stage;
use crate::support::on_sqlite;
use crate::{log_in, log_out, served};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::Command;

/// The rules of axe, from the npm registry at test time: they are no part of this repository.
pub fn axe() -> String {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("axe");
    let script = folder.join("node_modules/axe-core/axe.min.js");
    if !script.exists() {
        std::fs::create_dir_all(&folder).unwrap();
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"])
            .arg(&folder)
            .arg("axe-core@4");
        let done = npm.output().expect("npm is needed, and the npm registry: apt-get install npm");
        assert!(
            done.status.success(),
            "axe-core could not be had: {}",
            String::from_utf8_lossy(&done.stderr)
        );
    }
    std::fs::read_to_string(script).unwrap()
}

/// Level A and AA of WCAG 2.2, and what axe calls good practice.
const RUN: &str = "const done = arguments[0]; axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })\
               .then((r) => done(r.violations.map((v) => [v.impact, v.id, v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + ' ' + n.any.map((a) => a.message).join('; '))])), (e) => done([['critical', String(e), []]]));";

/// What axe finds at the page that is open: level A and AA of WCAG 2.2.
pub fn judge(browser: &mut Browser, axe: &str, seen: &str) {
    // By the developer tools, which the page's policy does not bind.
    browser.cdp("Runtime.evaluate", &json!({ "expression": axe }));
    let serious = serious(browser);
    assert!(serious.is_empty(), "{seen}: {serious:#?}");
}

/// Everything that is moderate or worse.
fn serious(browser: &Browser) -> Vec<Value> {
    let found = browser.run_async(RUN);
    let bad = |violation: &&Value| matches!(violation[0].as_str(), Some("serious" | "critical" | "moderate"));
    found.as_array().unwrap().iter().filter(bad).cloned().collect()
}

/// Night or day.
pub fn dark(browser: &Browser, on: bool) {
    let value = if on { "dark" } else { "light" };
    browser.cdp(
        "Emulation.setEmulatedMedia",
        &json!({ "features": [{ "name": "prefers-color-scheme", "value": value }] }),
    );
}

/// Looks at pages by day and by night, on small screens and large, with axe.
pub fn look(browser: &mut Browser, axe: &str, paths: &[&str], name: &str) {
    for path in paths {
        // Without identifiers, so that one run's pictures take the place of the last one's.
        let parts = path.split('?').next().unwrap().split('/').map(|part| part.split('_').next().unwrap());
        let called = format!("{name}{}", parts.collect::<Vec<_>>().join("-"));
        for night in [false, true] {
            dark(browser, night);
            browser.go(path);
            judge(browser, axe, &format!("{name} {path} dark={night}"));
        }
        browser.picture(&format!("dark-{called}"));
        dark(browser, false);
        for (width, height) in [(320, 900), (768, 900), (3840, 2160)] {
            browser.resize(width, height);
            browser.go(path);
            let wide = browser.run("return document.documentElement.scrollWidth").as_i64().unwrap();
            assert!(wide <= i64::from(width), "{name} {path} at {width}: {wide}");
            match width {
                320 => drop(browser.picture(&format!("narrow-{called}"))),
                3840 => {
                    bounded(browser, &format!("{name} {path}"));
                    browser.picture(&format!("wide-{called}"));
                }
                _ => {}
            }
        }
        browser.resize(1280, 900);
    }
}

/// On a wall of pixels lines stay as short as people read them, in the middle, in larger letters.
fn bounded(browser: &Browser, seen: &str) {
    let measured = browser.run(
        "const m = document.querySelector('main').getBoundingClientRect(); const size = (e) => parseFloat(getComputedStyle(e).fontSize);\
         return [m.left, innerWidth - m.right, m.width / size(document.documentElement), size(document.body)];",
    );
    let [left, right, ems, letters]: [f64; 4] = std::array::from_fn(|at| measured[at].as_f64().unwrap());
    assert!((left - right).abs() < 20.0 && left > 400.0, "{seen}: {measured}");
    assert!(ems <= 75.5 && letters >= 20.0, "{seen}: {measured}");
}

#[test]
fn browser_every_page_is_accessible_and_fits_every_screen() {
    on_sqlite(async |server| {
        let axe = axe();
        let stage = Stage::set(server).await.kept().await;
        let application = stage.agent.get(&stage.seal).await.ok()["application"].as_str().unwrap().to_owned();
        let draft = stage.owner.draft(crate::support::sample::content(11)).await;
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        // It does find what is wrong.
        browser.go("/");
        browser.cdp("Runtime.evaluate", &json!({ "expression": axe }));
        browser.run("document.querySelector('label[for=code]').remove(); document.getElementById('code').placeholder = ''");
        assert!(!serious(&browser).is_empty(), "axe sees a field without a label");
        look(&mut browser, &axe, &["/", "/status", "/help", "/login"], "public");
        log_in(&mut browser, &stage.agent);
        let (shown, edited) = (format!("/applications/{application}"), format!("{draft}/edit"));
        let paths = [
            "/home",
            "/applications",
            &shown,
            &draft,
            &edited,
            "/applications/new",
            "/seals",
            &stage.seal,
            "/uses",
            "/notices",
            "/me",
            "/me/password",
        ];
        look(&mut browser, &axe, &paths, "agent");
        log_out(&mut browser);
        log_in(&mut browser, &stage.scene.reviewer);
        look(&mut browser, &axe, &["/home"], "reviewer");
        dark(&browser, true);
        browser.go("/home");
        browser.picture("dark-reviewer-home");
        browser.go(&stage.seal);
        browser.picture("dark-seal");
        browser.is_clean();
    });
}

#[test]
fn browser_verdict_request_place_and_register_are_accessible_and_fit_every_screen() {
    on_sqlite(async |server| {
        let axe = axe();
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let (sealed, _) = crate::documents::sealed(&stage, 1).await;
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("合同-无障碍.ofd");
        std::fs::write(&file, sealed).unwrap();
        browser.go("/");
        browser.choose("#file", &file);
        browser.click("#drop button");
        let verdict = browser.path();
        assert!(verdict.starts_with("/verify/"), "{verdict}");
        look(&mut browser, &axe, &[&verdict], "verdict");
        log_in(&mut browser, &stage.user);
        let request = crate::sealing::opened(&mut browser, &stage);
        crate::sealing::bring_one(&mut browser, "无障碍.ofd");
        let place = browser.run("return document.querySelector('a[href$=\"/place\"]').getAttribute('href')");
        let new = format!("/uses/new?seal={}", stage.seal.rsplit('/').next().unwrap());
        look(&mut browser, &axe, &["/uses/new", &new, &request, place.as_str().unwrap()], "user");
        dark(&browser, true);
        browser.go(place.as_str().unwrap());
        browser.picture("dark-place");
        dark(&browser, false);
        browser.go(&request);
        browser.click("form[action$='/submit'] button");
        log_out(&mut browser);
        log_in(&mut browser, &stage.approver);
        look(&mut browser, &axe, &[&request], "approver");
        log_out(&mut browser);
        log_in(&mut browser, &stage.custodian);
        look(&mut browser, &axe, &[&stage.seal, &format!("{}/uses", stage.seal)], "custodian");
        browser.is_clean();
    });
}

#[test]
fn browser_the_first_page_is_small() {
    on_sqlite(async |server| {
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        browser.go("/");
        let size = "return performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource')).reduce((n, e) => n + e.transferSize, 0)";
        let bytes = browser.run(size).as_i64().unwrap();
        assert!((1_000..50_000).contains(&bytes), "{bytes} bytes");
        eprintln!("first page: {bytes} bytes");
        // A second time nothing but the page itself comes.
        browser.go("/");
        let again = browser.run(size).as_i64().unwrap();
        assert!(again < bytes / 2, "{again} of {bytes} bytes");
    });
}
