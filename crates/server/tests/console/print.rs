//! What comes out of the printer, as Chromium makes it and poppler reads it: what was found is on the paper, whole; what one clicks is not.

use crate::browser::Browser;
use crate::documents::sealed;
use crate::pages::dark;
use crate::stage::Stage;
use crate::support::on_sqlite;
use crate::{log_in, log_in_with_code, log_out, served};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Words of what is only for the screen.
const NOT_ON_PAPER: &[&str] =
    &["退出", "English", "我的待办", "打印\n", "导出", "下一页", "跳到正文", "这一页说明"];

fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("console-paper");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn poppler(tool: &str, arguments: &[&str]) -> Vec<u8> {
    let done = Command::new(tool).args(arguments).output();
    let done = done.unwrap_or_else(|error| panic!("{tool}: {error}: apt-get install poppler-utils"));
    assert!(done.status.success(), "{tool} {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    done.stdout
}

/// Prints the page that is open; its text, by poppler. Pictures of the sheets stay among the test's output.
fn printed(browser: &mut Browser, name: &str) -> String {
    browser.picture(&format!("screen-before-{name}"));
    let options = json!({ "preferCSSPageSize": true, "printBackground": false });
    let pdf = browser.cdp("Page.printToPDF", &options);
    let pdf = STANDARD.decode(pdf["data"].as_str().unwrap()).unwrap();
    let path = folder().join(format!("{name}.pdf"));
    std::fs::write(&path, pdf).unwrap();
    let path = path.to_str().unwrap().to_owned();
    poppler("pdftoppm", &["-r", "70", "-png", &path, path.trim_end_matches(".pdf")]);
    let info = String::from_utf8(poppler("pdfinfo", &[&path])).unwrap();
    assert!(info.contains("A4"), "{info}");
    let text = String::from_utf8(poppler("pdftotext", &["-layout", &path, "-"])).unwrap();
    for words in NOT_ON_PAPER {
        assert!(!text.contains(words), "`{words}` is on the paper of {name}:\n{text}");
    }
    assert!(text.contains("打印时间："), "{name}:\n{text}");
    // Every sheet says which of how many it is.
    let sheets = info.lines().find_map(|line| line.strip_prefix("Pages:")).unwrap().trim().to_owned();
    // Words may stand apart where a line ends, and letters where poppler sees a gap.
    let text: String = text.split_whitespace().collect();
    assert!(text.contains(&format!("{sheets}/{sheets}")), "{name}:\n{text}");
    // No sheet is left all but empty, and what is wide lies across.
    let first = String::from_utf8(poppler("pdftotext", &["-l", "1", &path, "-"])).unwrap();
    assert!(first.split_whitespace().collect::<String>().chars().count() > 60, "{name}: {first}");
    let across = browser.has("table.wide, table.log");
    assert_eq!(info.contains("Page size:       841."), across, "{name}: {info}");
    text
}

#[track_caller]
fn has(text: &str, words: &[&str]) {
    for word in words {
        let word: String = word.split_whitespace().collect();
        assert!(text.contains(&word), "`{word}` is not on the paper:\n{text}");
    }
}

#[test]
fn browser_cards_registers_logs_and_verdicts_are_whole_on_paper() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let (document, _) = sealed(&stage, 1).await;
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        // Paper is white, whatever the screen is.
        dark(&browser, true);
        let file = folder().join("合同-打印.ofd");
        std::fs::write(&file, document).unwrap();
        browser.go("/");
        browser.choose("#file", &file);
        browser.click("#drop button");
        assert!(browser.path().starts_with("/verify/"), "{}", browser.text());
        assert_eq!(
            browser.run("return document.querySelectorAll('.all[open]').length"),
            0,
            "folded on the screen"
        );
        let code = stage.agent.get(&stage.seal).await.ok()["code"].as_str().unwrap().to_owned();
        let verdict = printed(&mut browser, "verdict");
        has(&verdict, &["有效", "合同-打印.ofd", &code, "盖章时间", "SEAL_SIGNATURE"]);
        log_in(&mut browser, &stage.custodian);
        browser.go(&stage.seal);
        let card = printed(&mut browser, "card");
        let seal = stage.custodian.get(&stage.seal).await.ok();
        let name = seal["name"].as_str().unwrap();
        has(
            &card,
            &[
                name,
                &code,
                "保管",
                "用印登记",
                "办理记录",
                seal["made"]["certificate_serial"].as_str().unwrap(),
            ],
        );
        browser.go(&format!("{}/uses", stage.seal));
        let register = printed(&mut browser, "register");
        let entry =
            stage.custodian.get(&format!("{}/uses?limit=10", stage.seal)).await.ok()["items"][0].clone();
        let about = [
            &entry["document_name"],
            &entry["asked_by"]["name"],
            &entry["reason"],
            &entry["approved_by"][0]["name"],
        ];
        has(&register, &["用印登记", name]);
        has(&register, &about.map(|words| words.as_str().unwrap()));
        log_out(&mut browser);
        log_in(&mut browser, &stage.scene.reviewer);
        browser.go(&stage.seal.replace("/seals", "/desk/making"));
        has(&printed(&mut browser, "making"), &[name, &code, "办理记录"]);
        log_out(&mut browser);
        log_in_with_code(&mut browser, server, &server.admin("audit").await).await;
        browser.go("/audit?action=application.approve");
        has(&printed(&mut browser, "audit"), &["审计", "application.approve"]);
        browser.go("/audit/3");
        has(&printed(&mut browser, "audit-record"), &["审计记录3"]);
        browser.is_clean();
    });
}
