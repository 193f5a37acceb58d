//! With nothing but a keyboard: somebody logs in, asks for a seal, moves it to its place, hands the request in; somebody else approves it.
//! What has the focus can be seen, the order is that of the page, and no part of it holds one fast.

use crate::browser::Browser;
use crate::documents::contract;
use crate::sealing::{bring, field, file};
use crate::served;
use crate::stage::Stage;
use crate::support::{Client, on_sqlite};
use serde_json::{Value, json};

/// Stops of the tab key after which a page has been gone through more than twice.
const MOST_STOPS: usize = 250;
const SHIFT: u32 = 8;

fn key(browser: &Browser, key: &str, modifiers: u32) {
    let (code, text) = match key {
        "Tab" => (9, ""),
        "Enter" => (13, "\r"),
        " " => (32, " "),
        "ArrowLeft" => (37, ""),
        "ArrowUp" => (38, ""),
        "ArrowRight" => (39, ""),
        "ArrowDown" => (40, ""),
        other => panic!("{other}"),
    };
    let event = |kind: &str| {
        json!({
            "type": kind, "key": key, "code": if key == " " { "Space" } else { key }, "text": text, "modifiers": modifiers,
            "windowsVirtualKeyCode": code, "nativeVirtualKeyCode": code,
        })
    };
    for kind in [if text.is_empty() { "rawKeyDown" } else { "keyDown" }, "keyUp"] {
        browser.cdp("Input.dispatchKeyEvent", &event(kind));
    }
}

/// Types: letters as keys, what an input method makes as it comes out of one.
fn type_in(browser: &Browser, text: &str) {
    browser.cdp("Input.insertText", &json!({ "text": text }));
}

/// What has the focus: whether it matches, whether it can be seen and what tells that it has the focus, where it stands in the page.
fn focused(browser: &Browser, selector: &str) -> Value {
    browser.run(&format!(
        "const e = document.activeElement; if (!e || e === document.body) return null;\
         const s = (x) => x && getComputedStyle(x); const ring = (x) => x && s(x).outlineStyle !== 'none' && parseFloat(s(x).outlineWidth) >= 2;\
         const stand = e.closest('.drop, .bring, .upload')?.querySelector('.zone, label'); const hold = e.querySelector?.('.hold');\
         const marked = ring(e) || ring(stand) || (hold && s(hold).strokeOpacity === '1' && s(hold).strokeDasharray === 'none');\
         const within = e.matches('.stamp') ? e.closest('.sheets').getBoundingClientRect() : {{ top: 0, bottom: innerHeight, left: 0, right: innerWidth }};\
         const seen = [e, stand].some((x) => {{ const b = x?.getBoundingClientRect(); return b && b.width > 4 && b.height > 4\
           && b.bottom > Math.max(0, within.top) && b.top < Math.min(innerHeight, within.bottom) && b.right > within.left && b.left < within.right; }});\
         const all = [...document.querySelectorAll('*')];\
         return [e.matches({}), marked === true, seen, all.indexOf(e), e.outerHTML.slice(0, 160)];",
        json!(selector)
    ))
}

/// Goes on by the tab key until what has the focus matches; looks at every stop on the way.
#[track_caller]
fn to(browser: &Browser, selector: &str) {
    let (mut before, mut last) = (-1, Value::Null);
    for _ in 0..MOST_STOPS {
        key(browser, "Tab", 0);
        let stop = focused(browser, selector);
        if stop.is_null() {
            // Past the end of the page it begins anew.
            before = -1;
            continue;
        }
        assert_ne!(stop[4], last, "{} holds the focus", stop[4]);
        last = stop[4].clone();
        assert!(
            stop[1] == true,
            "at {} one does not see that this has the focus: {}",
            browser.path(),
            stop[4]
        );
        assert!(stop[2] == true, "at {} what has the focus is out of sight: {}", browser.path(), stop[4]);
        let at = stop[3].as_i64().unwrap();
        let skip = stop[4].as_str().unwrap().contains("class=\"skip\"");
        assert!(at > before || skip, "at {} the order jumps back to {}", browser.path(), stop[4]);
        before = at;
        if stop[0] == true {
            return;
        }
    }
    panic!("the tab key does not reach `{selector}` at {}:\n{}", browser.path(), browser.text());
}

/// The same, and the enter key.
#[track_caller]
fn press(browser: &mut Browser, selector: &str) {
    to(browser, selector);
    key(browser, "Enter", 0);
    browser.settle();
}

fn log_in(browser: &mut Browser, who: &Client) {
    browser.go("/login");
    to(browser, "input[name='s:/login']");
    type_in(browser, &who.login.name);
    to(browser, "input[name='s:/password']");
    type_in(browser, &who.login.password);
    key(browser, "Enter", 0);
    browser.waits_for("我的待办");
    assert_eq!(browser.path(), "/home");
}

#[test]
fn browser_with_keys_alone_a_seal_is_asked_for_placed_and_approved() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        stage.grant(|_| {}).await;
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        log_in(&mut browser, &stage.user);
        // The first stop of a page leads past what is on every page.
        browser.go("/home");
        to(&browser, "a.skip");
        browser.picture_as_is("keys-skip");
        key(&browser, "Enter", 0);
        to(&browser, "main a, main button, main input, main summary");
        press(&mut browser, ".roles a[href='/uses']");
        press(&mut browser, "main a[href='/uses/new']");
        press(&mut browser, "a[href^='/uses/new?seal=']");
        to(&browser, "textarea[name='s:/reason']");
        type_in(&browser, "签订年度采购合同");
        to(&browser, "input[name='s:/recipient']");
        type_in(&browser, "示例市第2示例有限公司");
        press(&mut browser, "form[action='/uses/new'] button");
        browser.reads("申请已建立");
        let request = browser.path().split('?').next().unwrap().to_owned();
        // The window in which one chooses files is the system's, not the page's.
        to(&browser, "#documents");
        bring(&mut browser, &[file("键盘.ofd", &contract(9))]);
        press(&mut browser, "a[href$='/place']");
        // The seal is a stop of its own; the arrows move it, and the tab key leads on.
        to(&browser, ".stamp");
        let (x, y) = (field(&browser, "x.0"), field(&browser, "y.0"));
        key(&browser, "ArrowLeft", 0);
        key(&browser, "ArrowLeft", 0);
        key(&browser, "ArrowUp", SHIFT);
        assert!((field(&browser, "x.0") - (x - 2.0)).abs() < 0.001, "{x} {}", field(&browser, "x.0"));
        assert!((field(&browser, "y.0") - (y - 10.0)).abs() < 0.001, "{y} {}", field(&browser, "y.0"));
        let stop = focused(&browser, ".stamp");
        assert_eq!(
            (&stop[0], &stop[2]),
            (&json!(true), &json!(true)),
            "what moves keeps the focus, in sight: {stop}"
        );
        browser.picture_as_is("keys-place");
        // Back and forth again.
        key(&browser, "Tab", SHIFT);
        assert_eq!(focused(&browser, ".stamp")[0], false);
        to(&browser, ".stamp");
        // A seal across the edges by the button, which is before the pages: around the page once.
        to(&browser, "[data-cross]");
        key(&browser, " ", 0);
        let stop = focused(&browser, ".stamp");
        assert_eq!(
            (&stop[0], &stop[2]),
            (&json!(true), &json!(true)),
            "what was added has the focus: {stop}"
        );
        press(&mut browser, "#places .actions button");
        browser.reads("印章位置已保存");
        let items = format!("{}/items", request.replace("/uses/", "/use-requests/"));
        let placed = stage.user.get(&items).await.ok()["items"][0]["placements"].clone();
        let kinds: Vec<&str> =
            placed.as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["at", "cross_page"]);
        press(&mut browser, "form[action$='/submit'] button");
        browser.reads("已提交审批");
        press(&mut browser, "form[action='/logout'] button");
        browser.reads("已退出登录");
        log_in(&mut browser, &stage.approver);
        press(&mut browser, &format!("main a[href='{request}']"));
        browser.reads("将要用印的文件");
        to(&browser, "form[action$='/approve'] button");
        browser.picture_as_is("keys-approve");
        key(&browser, "Enter", 0);
        browser.waits_for("已同意用印");
        let api = request.replace("/uses/", "/use-requests/");
        assert_eq!(stage.user.get(&api).await.ok()["state"], "approved");
        browser.is_clean();
    });
}
