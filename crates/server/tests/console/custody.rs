//! The card of a seal in the hands of those who keep it: named, handed over, checked, locked by a password, rights given and withdrawn, the
//! register filtered and taken along; and a session that ends while somebody types.

use crate::browser::Browser;
use crate::documents::sealed;
use crate::stage::Stage;
use crate::support::{Role, on_sqlite};
use crate::{log_in, log_out, served};
use serde_json::json;

/// Unfolds what a form is folded into.
fn unfold(browser: &mut Browser, verb: &str) {
    browser.click(&format!("details:has(form[action$='/{verb}']) > summary"));
}

/// Sends the form of a verb.
fn send(browser: &mut Browser, verb: &str) {
    browser.click(&format!("form[action$='/{verb}'] button"));
}

fn select(browser: &Browser, selector: &str, value: &str) {
    browser.run(&format!("document.querySelector({}).value = {}", json!(selector), json!(value)));
}

#[test]
fn browser_a_seal_is_kept_handed_over_checked_and_rights_are_given_and_withdrawn() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await;
        let second = stage.another(Role::Custodian).await;
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        let card = stage.seal.clone();
        let custody = format!("{card}/custody");
        // The unit names a custodian by name, not by a number.
        log_in(&mut browser, &stage.agent);
        browser.go(&card);
        unfold(&mut browser, "custody-offer");
        select(&browser, "form[action$='/custody-offer'] select", &stage.custodian.id);
        browser.picture("custody-offer");
        send(&mut browser, "custody-offer");
        browser.reads("已指定保管人");
        log_out(&mut browser);
        log_in(&mut browser, &stage.custodian);
        browser.go(&card);
        browser.click("form[action$='/take-over'] button");
        browser.reads("已接收保管");
        // A check, and a right with its limits.
        unfold(&mut browser, "custody-check");
        browser.fill("form[action$='/custody-check'] textarea", "密钥载体在保险柜内，封签完好");
        send(&mut browser, "custody-check");
        browser.reads("核查已记录");
        unfold(&mut browser, "grant-give");
        select(&browser, "form[action$='/grant-give'] select", &stage.user.id);
        browser.fill("form[action$='/grant-give'] textarea", "合同");
        browser.fill("form[action$='/grant-give'] input[name='n:/most']", "20");
        // Two years and more are refused beside the field, and what was typed stays.
        select(&browser, "form[action$='/grant-give'] input[name=until]", "2039-01-01");
        browser.expected = vec![422];
        send(&mut browser, "grant-give");
        assert!(browser.has("input[name=until][aria-invalid=true]"), "{}", browser.text());
        let most = browser.run("return document.querySelector(\"input[name='n:/most']\").value");
        assert_eq!(most, "20");
        browser.picture("grant-refused");
        let day = (server.now() + jiff::SignedDuration::from_hours(24 * 60)).to_string();
        select(&browser, "form[action$='/grant-give'] input[name=until]", &day[..10]);
        send(&mut browser, "grant-give");
        browser.reads("授权已生效");
        let grants = stage.user.get(&format!("{card}/use-grants")).await.ok();
        assert_eq!(grants["items"][0]["limits"]["most"], 20);
        browser.picture("grant-given");
        browser.click("td details summary");
        browser.fill("td input[name='s:/reason']", "岗位调整");
        send(&mut browser, "grant-revoke");
        browser.reads("授权已收回");
        // The password of the seal, once more from the beginning when it is too weak.
        unfold(&mut browser, "custody-activation");
        browser.fill("input[name='s:/new']", "short");
        send(&mut browser, "custody-activation");
        assert!(browser.has("input[name='s:/new'][aria-invalid=true]"), "{}", browser.text());
        browser.fill("input[name='s:/new']", "Long-enough-42-seal");
        send(&mut browser, "custody-activation");
        browser.reads("印章激活口令已保存");
        browser.expected.clear();
        // Handed over: begun, confirmed by both.
        unfold(&mut browser, "custody-hand-over");
        select(&browser, "form[action$='/custody-hand-over'] select", &second.id);
        browser.fill("form[action$='/custody-hand-over'] textarea", "岗位调整");
        send(&mut browser, "custody-hand-over");
        browser.reads("交接已发起");
        unfold(&mut browser, "custody-confirm");
        send(&mut browser, "custody-confirm");
        browser.reads("您已确认交接");
        browser.picture("custody-handing-over");
        log_out(&mut browser);
        log_in(&mut browser, &second);
        browser.go(&card);
        browser.click("form[action$='/take-over'] button");
        browser.reads("已接收保管");
        browser.picture("custody-taken-over");
        let kept = stage.agent.get(&custody).await.ok();
        assert_eq!((&kept["keeper"]["account"], &kept["state"]), (&json!(second.id), &json!("kept")));
        // Everybody may scan the state of the seal.
        assert!(browser.has(".qr svg path"));
        browser.is_clean();
    });
}

#[test]
fn browser_the_register_is_filtered_and_taken_along_with_its_signature() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        sealed(&stage, 1).await;
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        log_in(&mut browser, &stage.custodian);
        browser.go(&stage.seal);
        browser.click("main a[href$='/uses']");
        browser.reads("签订年度采购合同");
        browser.picture("register");
        browser.fill("input[name=document_kind]", "公函");
        browser.click("form[method=get] button");
        browser.reads("没有符合条件的登记");
        browser
            .go(&format!("{}/uses?result=sealed&document_kind=合同&asked_by={}", stage.seal, stage.user.id));
        browser.reads("采购合同.ofd");
        let archive = browser.run_async(
            "const done = arguments[0]; fetch(document.querySelector('a[href*=\"/export\"]').href).then((r) => r.arrayBuffer())\
             .then((b) => done([...new Uint8Array(b)]));",
        );
        let archive: Vec<u8> = archive
            .as_array()
            .unwrap()
            .iter()
            .map(|byte| u8::try_from(byte.as_u64().unwrap()).unwrap())
            .collect();
        // Others' programs: unzip takes it apart, openssl verifies the signature by the certificate inside.
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("register.zip"), &archive).unwrap();
        let run = |program: &str, args: &[&str]| {
            let done =
                std::process::Command::new(program).args(args).current_dir(folder.path()).output().unwrap();
            let said =
                format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
            assert!(done.status.success(), "{program}: {said}");
            said
        };
        run("unzip", &["-q", "register.zip"]);
        run("openssl", &["base64", "-d", "-A", "-in", "register.csv.sm2.base64", "-out", "signature"]);
        run("openssl", &["x509", "-in", "authority.pem", "-pubkey", "-noout", "-out", "key.pem"]);
        let verify = ["dgst", "-sm3", "-verify", "key.pem", "-sigopt", "distid:1234567812345678"];
        let said = run("openssl", &[&verify[..], &["-signature", "signature", "register.csv"]].concat());
        assert!(said.contains("Verified OK"), "{said}");
        let csv = std::fs::read_to_string(path("register.csv")).unwrap();
        assert!(csv.contains("采购合同.ofd") && csv.lines().count() == 3, "{csv}");
        browser.is_clean();
    });
}

#[test]
fn browser_what_was_typed_is_there_after_the_session_ended_and_one_logged_in_again() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        stage.grant(|_| {}).await;
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        log_in(&mut browser, &stage.user);
        browser.go(&format!("/uses/new?seal={}", stage.seal.rsplit('/').next().unwrap()));
        browser.fill("textarea[name='s:/reason']", "签订年度采购合同，共三份");
        browser.cdp("Network.clearBrowserCookies", &json!({}));
        browser.click("form[action='/uses/new'] button");
        assert!(browser.path().starts_with("/login?next="), "{}", browser.path());
        browser.fill("input[name='s:/login']", &stage.user.login.name);
        browser.fill("input[name='s:/password']", &stage.user.login.password);
        browser.click("form[action='/login'] button");
        browser.reads("签订年度采购合同，共三份");
        browser.picture("again");
        browser.click("main form button");
        browser.reads("申请已建立");
        browser.reads("签订年度采购合同，共三份");
        browser.is_clean();
    });
}

#[test]
fn browser_a_vote_is_delegated_and_the_other_approver_gives_it() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await.kept().await;
        let step = json!({ "name": "部门负责人", "approvers": [stage.approver.id], "need": 1, "hours": 24, "delegable": true });
        let flow = json!({ "name": "可委托的审批", "steps": [step] });
        stage.agent.post(&format!("/units/{}/flows", stage.owner.id), flow).await.ok();
        let second = stage.another(Role::Approver).await;
        let page = crate::work::pending(&stage).await.replace("/use-requests/", "/uses/");
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        log_in(&mut browser, &stage.approver);
        browser.resize(390, 844);
        browser.go(&page);
        unfold(&mut browser, "delegate");
        select(&browser, "form[action$='/delegate'] select", &second.id);
        browser.fill("form[action$='/delegate'] textarea", "出差，无法及时审批");
        browser.picture("delegate-phone");
        send(&mut browser, "delegate");
        browser.reads("已委托他人审批");
        assert!(!browser.has("form[action$='/approve']"), "the vote is the other's now");
        browser.resize(1280, 900);
        log_out(&mut browser);
        log_in(&mut browser, &second);
        browser.go(&page);
        browser.click("form[action$='/approve'] button");
        browser.reads("已同意用印");
        browser.is_clean();
    });
}
