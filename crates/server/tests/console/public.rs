//! Anybody with a document, a code, a print-out.

use crate::browser::Browser;
use crate::documents::{changed, contract, sealed};
use crate::stage::Stage;
use crate::support::on_sqlite;
use crate::{log_in, served};
use std::path::PathBuf;

fn file(name: &str, bytes: &[u8]) -> PathBuf {
    // A folder of its own: the browser sends nothing that another test writes anew meanwhile.
    static FILES: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let own = FILES.fetch_add(1, std::sync::atomic::Ordering::Relaxed).to_string();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("console-files").join(own);
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn verify(browser: &mut Browser, path: &std::path::Path) {
    browser.go("/");
    browser.choose("#file", path);
    browser.click("#drop button");
}

#[test]
fn browser_anybody_verifies_a_document_and_reads_why() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let (good, _) = sealed(&stage, 1).await;
        let bad = changed(&good, "Content.xml", |content| {
            let text = String::from_utf8(content.clone()).unwrap();
            *content = text.replace("100 元", "900 元").into_bytes();
        });
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        browser.go("/");
        browser.reads("这份文件上的电子印章是真的吗");
        browser.picture("public-front");
        verify(&mut browser, &file("合同.ofd", &good));
        browser.reads("有效");
        assert!(browser.has(".verdict.valid"), "{}", browser.text());
        assert!(browser.run("return [...document.querySelectorAll('.pages img')].length") == 2);
        browser.picture("public-valid");
        assert!(
            browser.run(
                "return [...document.querySelectorAll('.pages img')].every((i) => i.naturalWidth > 600)"
            ) == true,
            "every page is drawn"
        );
        let token = browser.path();
        verify(&mut browser, &file("改过的合同.ofd", &bad));
        assert!(browser.has(".verdict.invalid"), "{}", browser.text());
        browser.reads("不要据此付款");
        browser.picture("public-invalid");
        verify(&mut browser, &file("没盖章.ofd", &contract(7)));
        assert!(browser.has(".verdict.unsigned"), "{}", browser.text());
        // What was uploaded goes when one says so; its page says it is gone.
        browser.go(&token);
        browser.click("form[action$='/forget'] button");
        browser.reads("已删除");
        browser.expected = vec![410];
        browser.go(&token);
        browser.reads("已经过期");
        browser.picture("public-gone");
        browser.is_clean();
    });
}

#[test]
fn browser_what_was_done_to_a_pdf_since_is_told_and_what_was_signed_can_be_had() {
    on_sqlite(async |server| {
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        let name = "filled-uncertified.pdf";
        let bytes = std::fs::read(yinxin_testkit::vectors::folder().join("pdf").join(name)).unwrap();
        verify(&mut browser, &file(name, &bytes));
        browser.reads("签名之后的改动");
        browser.reads("第 1 页：填写了表单字段“amount”（第 2 个版本）。未获许可");
        assert!(browser.has(".since .open"), "{}", browser.text());
        browser.picture("public-since");
        let length = "return fetch(document.querySelector(\"a[href*='/signed/1']\").href).then((r) => r.arrayBuffer()).then((b) => b.byteLength)";
        let length = usize::try_from(browser.run(length).as_u64().unwrap()).unwrap();
        // The first of the two revisions, to its end.
        assert!(length < bytes.len() && bytes[..length].ends_with(b"%%EOF\n"), "{length}");
        browser.is_clean();
    });
}

#[test]
fn browser_a_bad_upload_is_answered_in_words() {
    on_sqlite(async |server| {
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        browser.go("/");
        // A wrong kind of file is told before it is sent.
        browser.choose("#file", &file("readme.txt", b"nothing"));
        browser.reads("请选择 OFD 或 PDF 文件");
        // What only has the name of a document is judged by its content.
        verify(&mut browser, &file("<img src=x onerror=alert(1)>.ofd", b"no document at all"));
        assert!(browser.has(".verdict"), "{}", browser.text());
        browser.reads("<img src=x onerror=alert(1)>.ofd");
        browser.picture("public-broken");
        // A form without a document.
        browser.expected = vec![400, 404];
        browser.go("/");
        browser.run(
            "document.getElementById('file').required = false; document.getElementById('drop').submit()",
        );
        browser.settle();
        browser.reads("提交的内容无法读取");
        browser.go("/no-such-page");
        browser.reads("没有找到这个页面");
        browser.picture("public-not-found");
        browser.is_clean();
    });
}

#[test]
fn browser_the_status_of_a_seal_is_told_by_its_code() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await;
        let code = stage.agent.get(&stage.seal).await.ok()["code"].as_str().unwrap().to_owned();
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        browser.go("/status");
        browser.fill("#code", &code);
        browser.click(".find button");
        browser.reads("有效");
        browser.reads("合同专用章");
        browser.picture("public-status");
        browser.go("/status?code=NO-SUCH-SEAL");
        browser.reads("没有这枚印章");
        browser.expected = vec![422];
        browser.go("/status?code=%3Cscript%3E");
        browser.reads("印章编码由字母和数字组成");
        // The same in English, and back.
        browser.click(".tools a[hreflang]");
        browser.reads("Status of a seal");
        browser.go("/");
        browser.picture("public-front-en");
        browser.click(".tools a[hreflang]");
        browser.go("/help");
        browser.reads("什么是电子印章");
        browser.picture("public-help");
        // Whoever is logged in verifies as himself.
        log_in(&mut browser, &stage.agent);
        verify(&mut browser, &file("合同2.ofd", &contract(2)));
        assert!(browser.has(".verdict.unsigned"), "{}", browser.text());
        browser.is_clean();
    });
}

#[test]
fn browser_a_file_of_two_gigabytes_is_answered_in_words() {
    on_sqlite(async |server| {
        let base = served(server).await;
        let path = file("两个吉字节.ofd", b"PK");
        std::fs::File::options().write(true).open(&path).unwrap().set_len(2 << 30).unwrap();
        let mut browser = Browser::start(&base);
        // With scripts it is told before anything is sent; without them by the server, which hears the form to its end.
        browser.go("/");
        browser.choose("#file", &path);
        browser.reads("文件不能超过");
        browser.cdp("Emulation.setScriptExecutionDisabled", &serde_json::json!({ "value": true }));
        browser.expected = vec![413];
        browser.go("/");
        browser.choose("#file", &path);
        browser.click("#drop button");
        browser.waits_for("文件太大");
        browser.picture_as_is("public-too-large");
        // The next one is taken as always.
        browser.go("/");
        browser.choose("#file", &file("合同.ofd", &contract(1)));
        browser.click("#drop button");
        browser.waits_for("没有电子印章");
        browser.is_clean();
        std::fs::remove_file(path).unwrap();
    });
}

#[test]
fn browser_on_a_slow_line_the_verdict_comes_before_the_pages() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let (good, _) = sealed(&stage, 1).await;
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        // A poor mobile connection: 50 kB/s, 400 ms to the other side.
        let slow = serde_json::json!({ "offline": false, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000 });
        browser.cdp("Network.enable", &serde_json::json!({}));
        browser.cdp("Network.emulateNetworkConditions", &slow);
        browser.go("/");
        browser.reads("这份文件上的电子印章是真的吗");
        browser.choose("#file", &file("合同.ofd", &good));
        browser.click("#drop button");
        browser.waits_for("有效");
        // The answer is read while pages may still be on their way; then each comes.
        assert!(browser.has(".verdict.valid"));
        browser.shows(".pages img");
        // What belongs to every page is not asked for again.
        let again = browser.run("return performance.getEntriesByType('resource').filter((r) => r.name.includes('/assets/') && r.transferSize > 0).length");
        assert_eq!(again, 0, "assets come out of the browser's store");
        browser.is_clean();
    });
}
