//! From a document to a sealed document: a request is opened, documents are brought, the seal is put in its place with pointer, keys and
//! words, handed in; what the preview showed is what the signed file shows.

use crate::browser::Browser;
use crate::documents::contract;
use crate::stage::Stage;
use crate::support::on_sqlite;
use crate::{log_in, log_out, served};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Millimeters within which picture and preview agree: a pixel of the picture is 0.2 mm.
const NEAR: f64 = 0.6;

pub fn file(name: &str, bytes: &[u8]) -> PathBuf {
    // A folder of its own: the browser sends nothing that another test writes anew meanwhile.
    static FILES: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let own = FILES.fetch_add(1, std::sync::atomic::Ordering::Relaxed).to_string();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("console-sealing").join(own);
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// Opens a request by the form; its path.
pub fn opened(browser: &mut Browser, stage: &Stage<'_>) -> String {
    browser.go(&format!("/uses/new?seal={}", stage.seal.rsplit('/').next().unwrap()));
    browser.fill("textarea[name='s:/reason']", "签订年度采购合同");
    browser.fill("input[name='s:/recipient']", "示例市第2示例有限公司");
    browser.click("form[action='/uses/new'] button");
    browser.reads("申请已建立");
    browser.path().split('?').next().unwrap().to_owned()
}

/// Brings documents, and waits until the page says so.
pub fn bring(browser: &mut Browser, files: &[PathBuf]) {
    let names: Vec<&str> = files.iter().map(|file| file.to_str().unwrap()).collect();
    browser.choose_all("#documents", &names);
    browser.waits_for("文件已添加");
}

/// Brings one contract under this name.
pub fn bring_one(browser: &mut Browser, name: &str) {
    bring(browser, &[file(name, &contract(77))]);
}

/// Boxes of the seals over the pages as the preview has them: page, left, top, right, bottom in mm.
pub fn previewed(browser: &Browser) -> Vec<[f64; 5]> {
    let boxes = browser.run(
        "return [...document.querySelectorAll('.overlay .stamp')].map((s) => { const n = (a) => Number(s.getAttribute(a));\
         return [Number(s.closest('.sheet').dataset.page), n('x'), n('y'), n('x') + n('width'), n('y') + n('height')]; })",
    );
    let boxes = boxes.as_array().unwrap().iter();
    boxes.map(|one| std::array::from_fn(|at| one[at].as_f64().unwrap())).collect()
}

/// The box of what is red on page `number` within `area` (mm), in mm, as the picture of the page shows it.
fn inked(browser: &Browser, number: usize, area: &[f64; 5]) -> Value {
    let [_, left, top, right, bottom] = area;
    browser.run(&format!(
        "const i = document.querySelectorAll('.pages img')[{}]; const c = document.createElement('canvas'); c.width = i.naturalWidth; c.height = i.naturalHeight;\
         const x = c.getContext('2d'); x.drawImage(i, 0, 0); const mm = c.width / 210, d = x.getImageData(0, 0, c.width, c.height).data;\
         let [l, t, r, b] = [1e9, 1e9, -1, -1];\
         for (let v = Math.max(0, Math.floor({top} * mm) - 9); v < Math.min(c.height, Math.ceil({bottom} * mm) + 9); v += 1)\
         for (let u = Math.max(0, Math.floor({left} * mm) - 9); u < Math.min(c.width, Math.ceil({right} * mm) + 9); u += 1) {{\
         const p = 4 * (v * c.width + u); if (d[p] > 150 && d[p + 1] < 110 && d[p + 2] < 110) {{ l = Math.min(l, u); r = Math.max(r, u + 1); t = Math.min(t, v); b = Math.max(b, v + 1); }} }}\
         return [l / mm, t / mm, r / mm, b / mm];",
        number - 1
    ))
}

/// Presses a key at what has the focus, with a modifier.
fn press(browser: &Browser, key: &str, modifiers: u32) {
    for kind in ["keyDown", "keyUp"] {
        let event = json!({ "type": kind, "key": key, "code": key, "modifiers": modifiers });
        browser.cdp("Input.dispatchKeyEvent", &event);
    }
}

/// Drags from one point of the window to another.
fn drag(browser: &Browser, from: (f64, f64), to: (f64, f64), modifiers: u32) {
    let mouse = |kind: &str, (x, y): (f64, f64), buttons: u32| {
        let event = json!({
            "type": kind, "x": x, "y": y, "button": "left", "buttons": buttons, "clickCount": 1, "modifiers": modifiers,
        });
        browser.cdp("Input.dispatchMouseEvent", &event);
    };
    mouse("mousePressed", from, 1);
    let middle = (f64::midpoint(from.0, to.0), f64::midpoint(from.1, to.1));
    mouse("mouseMoved", middle, 1);
    mouse("mouseMoved", to, 1);
    mouse("mouseReleased", to, 0);
}

/// Middle of a seal in the window, and pixels of a millimeter.
fn middle(browser: &Browser, selector: &str) -> ((f64, f64), f64) {
    let seen = browser.run(&format!(
        "const s = document.querySelector({}); s.scrollIntoView({{ block: 'center' }}); const b = s.getBoundingClientRect();\
         const o = s.closest('.overlay').getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2, o.width / Number(s.closest('.sheet').dataset.width)];",
        json!(selector)
    ));
    let number = |at: usize| seen[at].as_f64().unwrap();
    ((number(0), number(1)), number(2))
}

pub fn field(browser: &Browser, name: &str) -> f64 {
    let value = browser.run(&format!("return document.querySelector(\"[name='{name}']\").value"));
    value.as_str().unwrap().parse().unwrap_or(f64::NAN)
}

/// Hands a draft in, lets the approver agree, begins the sealing; all by the forms.
fn agreed_and_sealed(browser: &mut Browser, stage: &Stage<'_>, request: &str) {
    browser.go(request);
    browser.click("form[action$='/submit'] button");
    browser.reads("已提交审批");
    log_out(browser);
    log_in(browser, &stage.approver);
    browser.go(request);
    browser.click("form[action$='/approve'] button");
    browser.reads("已同意用印");
    log_out(browser);
    log_in(browser, &stage.user);
    browser.go(request);
    browser.click("form[action$='/sign'] button");
}

#[test]
fn browser_a_user_places_seals_and_the_signed_file_shows_what_the_preview_showed() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        stage.grant(|_| {}).await;
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        log_in(&mut browser, &stage.user);
        browser.go("/uses");
        browser.click("a[href='/uses/new']");
        browser.reads("用这枚印章");
        browser.picture("ask-choose");
        // What is wrong is told beside its field, what was typed stays.
        browser.click("a[href^='/uses/new?seal=']");
        browser.fill("textarea[name='s:/reason']", "签");
        browser.fill("input[name='s:/recipient']", "示例市");
        browser.expected = vec![422];
        browser.click("form[action='/uses/new'] button");
        assert!(browser.has("textarea[name='s:/reason'][aria-invalid=true]"), "{}", browser.text());
        let kept = browser.run("return document.querySelector(\"input[name='s:/recipient']\").value");
        assert_eq!(kept, "示例市");
        browser.picture("ask-refused");
        browser.expected.clear();
        let request = opened(&mut browser, &stage);
        browser.picture("ask-documents");
        bring(&mut browser, &[file("年度采购合同.ofd", &contract(5))]);
        browser.picture("ask-brought");
        browser.click("a[href$='/place']");
        browser.waits_for("在本页盖章");
        browser.shows(".sheet img");
        assert_eq!(previewed(&browser).len(), 1, "the seal stands on the last page");
        // Dragged by 30 mm to the left and 20 mm up, without snapping.
        let (x, y) = (field(&browser, "x.0"), field(&browser, "y.0"));
        let (from, pixels) = middle(&browser, ".stamp");
        drag(&browser, from, (from.0 - 30.0 * pixels, from.1 - 20.0 * pixels), 1);
        assert!((field(&browser, "x.0") - (x - 30.0)).abs() < 0.5, "{x} {}", field(&browser, "x.0"));
        assert!((field(&browser, "y.0") - (y - 20.0)).abs() < 0.5, "{y} {}", field(&browser, "y.0"));
        // Near the center line it snaps to it.
        let (from, pixels) = middle(&browser, ".stamp");
        let away = (105.0 - field(&browser, "x.0") + 1.2) * pixels;
        drag(&browser, from, (from.0 + away, from.1), 0);
        assert!((field(&browser, "x.0") - 105.0).abs() < f64::EPSILON, "{}", field(&browser, "x.0"));
        // By keys: 1, 10 and 0.1 mm, and a screen reader is told.
        let y = field(&browser, "y.0");
        browser.run("document.querySelector('.stamp').focus()");
        press(&browser, "ArrowRight", 0);
        press(&browser, "ArrowDown", 8);
        press(&browser, "ArrowLeft", 2);
        assert!((field(&browser, "x.0") - 105.9).abs() < 0.001, "{}", field(&browser, "x.0"));
        assert!((field(&browser, "y.0") - (y + 10.0)).abs() < 0.001);
        let said = browser.run("return document.getElementById('place-says').textContent");
        assert!(said.as_str().unwrap().contains("105.9"), "{said}");
        // A second one on the first page, and one across the edges.
        browser.click("[data-here='1']");
        browser.click("[data-cross]");
        assert_eq!(previewed(&browser).len(), 4);
        browser.picture("place");
        browser.resize(390, 844);
        let wide = browser.run("return document.documentElement.scrollWidth");
        assert!(wide.as_i64().unwrap() <= 390, "{wide}");
        browser.picture("place-phone");
        browser.resize(1280, 900);
        let shown = previewed(&browser);
        browser.click("#places .actions button");
        browser.reads("印章位置已保存");
        browser.picture("ask-placed");
        // Over a word: the keyword stands on page 1.
        browser.click("a[href$='/place']");
        browser.fill("#word", "合同金额");
        browser.click("button[name=find]");
        browser.reads("找到的位置");
        browser.picture("place-words");
        browser.run("document.querySelector('input[name=hit]').click()");
        assert_eq!(previewed(&browser).len(), 5);
        press(&browser, "Delete", 0);
        assert_eq!(previewed(&browser), shown, "what was saved stands where it stood");
        agreed_and_sealed(&mut browser, &stage, &request);
        server.tick().await;
        browser.go(&request);
        browser.reads("已用印");
        browser.click("a[href*='?open=']");
        browser.shows(".pages figure:nth-child(2) img");
        browser.picture("ask-sealed");
        // A round seal of 40 mm touches all four sides of its box; a strip at least top or bottom and the edge of the paper.
        for area in shown.iter().filter(|area| area[3] - area[1] > 30.0) {
            let ink = inked(&browser, area[0] as usize, area);
            for side in 0..4 {
                let found = ink[side].as_f64().unwrap();
                assert!((found - area[side + 1]).abs() < NEAR + 0.5, "{area:?} {ink}");
            }
        }
        for area in shown.iter().filter(|area| area[3] - area[1] < 30.0) {
            let ink = inked(&browser, area[0] as usize, area);
            for side in [1, 3] {
                let found = ink[side].as_f64().unwrap();
                assert!((found - area[side + 1]).abs() < NEAR + 0.5, "{area:?} {ink}");
            }
            assert!(ink[0].as_f64().unwrap() > area[1] - NEAR, "{area:?} {ink}");
        }
        browser.is_clean();
    });
}

#[test]
fn browser_without_scripts_a_request_is_opened_placed_and_handed_in() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        stage.grant(|_| {}).await;
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        log_in(&mut browser, &stage.user);
        browser.cdp("Emulation.setScriptExecutionDisabled", &json!({ "value": true }));
        let request = opened(&mut browser, &stage);
        // Of three files one is no document and one is broken: each is told, the third is taken.
        let files = [
            file("合同甲.ofd", &contract(6)),
            file("\u{202e}fdo.exe.ofd", b"MZ no document"),
            file("<img src=x onerror=alert(1)>.ofd", b"PK\x03\x04 broken"),
        ];
        let names: Vec<&str> = files.iter().map(|file| file.to_str().unwrap()).collect();
        browser.choose_all("#documents", &names);
        browser.expected = vec![422];
        browser.click("#bring button");
        browser.reads("合同甲.ofd: 已添加");
        browser.reads("不是 OFD 或者 PDF 文件");
        browser.reads("文件已损坏，打不开");
        browser.picture_as_is("plain-brought");
        // Brought again, what is here is not taken twice.
        browser.choose_all("#documents", &names[..1]);
        browser.click("#bring button");
        browser.reads("文件已添加");
        assert_eq!(
            stage.user.get(&request.replace("/uses/", "/use-requests/")).await.ok()["tally"]["documents"],
            1
        );
        browser.click("a[href$='/place']");
        browser.fill("[name='x.0']", "400");
        browser.click("#places .actions button");
        browser.reads("超出页面");
        browser.fill("[name='x.0']", "60.5");
        browser.fill("[name='y.0']", "100");
        browser.click("#places .actions button");
        browser.reads("印章位置已保存");
        browser.click("form[action$='/submit'] button");
        browser.reads("已提交审批");
        let items = format!("{}/items", request.replace("/uses/", "/use-requests/"));
        let items = stage.user.get(&items).await.ok();
        assert_eq!(
            items["items"][0]["placements"],
            json!([{ "kind": "at", "pages": { "kind": "last" }, "x": 6050, "y": 10000 }])
        );
        browser.cdp("Emulation.setScriptExecutionDisabled", &json!({ "value": false }));
        // Taken back with a reason.
        browser.go(&request);
        browser.click("details > summary.danger");
        browser.fill("form[action$='/withdraw'] textarea", "合同内容有误");
        browser.click("form[action$='/withdraw'] button");
        browser.reads("已撤回");
        browser.is_clean();
    });
}

#[test]
fn browser_a_batch_goes_up_goes_on_after_a_break_and_comes_back_as_one_archive() {
    const MANY: u32 = 120;
    on_sqlite(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        stage.grant(|body| body["most"] = json!(500)).await;
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        log_in(&mut browser, &stage.user);
        let request = opened(&mut browser, &stage);
        let files: Vec<PathBuf> =
            (0..MANY).map(|number| file(&format!("合同{number:03}.ofd"), &contract(number))).collect();
        // Some came before the page was closed; the rest is brought by choosing all of them again.
        bring(&mut browser, &files[..30]);
        browser.go(&request);
        bring(&mut browser, &files);
        let api = request.replace("/uses/", "/use-requests/");
        assert_eq!(stage.user.get(&api).await.ok()["tally"]["documents"], MANY);
        browser.picture("batch-brought");
        // One document is placed, for all.
        browser.click("a[href$='/place']");
        browser.fill("[name='x.0']", "120");
        browser.click("#places button[name=all]");
        browser.reads("印章位置已保存");
        let last = stage.user.get(&format!("{api}/items?limit=200")).await.ok();
        assert_eq!(last["items"][119]["placements"][0]["x"], 12000);
        browser.go(&request);
        browser.click("form[action$='/submit'] button");
        browser.reads("已提交审批");
        let pending = stage.approver.get(&api).await.ok();
        stage.approver.step(&api, "approve", json!({ "digest": pending["digest"] })).await.ok();
        browser.go(&request);
        browser.click("form[action$='/sign'] button");
        browser.reads("用印进度");
        browser.picture("batch-sealing");
        // The page moves on by itself.
        server.tick().await;
        browser.waits_for("下载全部已用印文件");
        assert_eq!(browser.run("return Number(document.getElementById('bar').value)"), MANY);
        browser.picture("batch-sealed");
        let size = browser.run_async(
            "const done = arguments[0]; fetch(document.querySelector('a[href$=\"/archive\"]').href).then((r) => r.blob()).then((b) => done([b.type, b.size]));",
        );
        assert!(size[0] == "application/zip" && size[1].as_u64().unwrap() > 120_000, "{size}");
        browser.is_clean();
    });
}

#[test]
fn browser_places_are_kept_under_a_name_and_used_for_the_next_documents() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        stage.grant(|_| {}).await;
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        log_in(&mut browser, &stage.user);
        opened(&mut browser, &stage);
        bring(&mut browser, &[file("模板甲.ofd", &contract(31))]);
        browser.click("a[href$='/place']");
        browser.fill("[name='x.0']", "70");
        browser.fill("[name='y.0']", "90.5");
        browser.click("[data-cross]");
        browser.fill("#template_name", "末页与骑缝");
        browser.click("button[name=keep]");
        browser.reads("模板已保存");
        browser.picture("place-template");
        // Another request: its documents come with these places.
        let request = opened(&mut browser, &stage);
        browser.run("document.querySelector('select[name=template]').value = '末页与骑缝'");
        bring(&mut browser, &[file("模板乙.ofd", &contract(32))]);
        let items = format!("{}/items", request.replace("/uses/", "/use-requests/"));
        let items = stage.user.get(&items).await.ok();
        assert_eq!(
            items["items"][0]["placements"],
            json!([
                { "kind": "at", "pages": { "kind": "last" }, "x": 7000, "y": 9050 },
                { "kind": "cross_page", "pages": { "kind": "all" }, "edge": "right", "y": 14850 },
            ])
        );
        browser.click("a[href$='/place']");
        browser.click(".templates details summary");
        browser.click(".templates button.link");
        assert!(!browser.has("#template"), "{}", browser.text());
        let kept = stage.user.get("/session/place-templates").await.ok();
        assert_eq!((&kept["templates"], &kept["version"]), (&json!([]), &json!(2)));
        // They are one's own.
        let other = stage.another(crate::support::Role::User).await;
        assert_eq!(other.get("/session/place-templates").await.ok()["version"], 0);
        stage.approver.get("/session/place-templates").await.problem("FORBIDDEN");
        browser.is_clean();
    });
}

#[test]
fn browser_a_seal_is_cut_over_each_edge_and_the_sealed_pages_show_what_the_preview_showed() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        stage.grant(|_| {}).await;
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        log_in(&mut browser, &stage.user);
        let request = opened(&mut browser, &stage);
        let lines = ["双方确认以下条款。"];
        let pdf = yinxin_pdf::sample::document(2, "采购合同", &lines);
        bring(&mut browser, &[file("四边.pdf", &pdf), file("四边.ofd", &contract(51))]);
        browser.go(&request);
        browser.click("a[href$='/place']");
        // Over the right edge by the button, over the others by the line: what does not count goes, what counts comes.
        browser.run("const s = document.querySelector(\"[name='kind.0']\"); s.value = ''; s.dispatchEvent(new Event('input', { bubbles: true }))");
        let edges = ["right", "left", "top", "bottom"];
        for (number, edge) in edges.iter().enumerate() {
            browser.click("[data-cross]");
            browser.run(&format!("const s = document.querySelector(\"[name='edge.{number}']\"); s.value = '{edge}'; s.dispatchEvent(new Event('input', {{ bubbles: true }}))"));
            let seen = browser.run(&format!("return ['x', 'y'].map((n) => document.querySelector(`[name='${{n}}.{number}']`).checkVisibility())"));
            let flat = matches!(*edge, "top" | "bottom");
            assert_eq!(seen, json!([flat, !flat]), "{edge}");
        }
        let shown = previewed(&browser);
        assert_eq!(shown.len(), 8, "a strip over each edge of two pages: {shown:?}");
        let [wide, high] = [210.0, 297.0];
        for (number, edge) in edges.iter().enumerate() {
            let touches = |b: &&[f64; 5]| match *edge {
                "right" => (b[3] - wide).abs() < 0.01,
                "left" => b[1].abs() < 0.01,
                "top" => b[2].abs() < 0.01,
                _ => (b[4] - high).abs() < 0.01,
            };
            assert_eq!(shown.iter().filter(touches).count(), 2, "{number} {edge}: {shown:?}");
        }
        // By keys, along the edge only.
        browser.run("document.querySelector('.stamp[data-place=\"2\"]').focus()");
        press(&browser, "ArrowRight", 8);
        press(&browser, "ArrowDown", 8);
        let kept =
            browser.run("return ['x.2', 'y.2'].map((n) => document.querySelector(`[name='${n}']`).value)");
        assert_eq!(kept, json!(["115", "148.5"]));
        browser.picture("place-four-edges");
        let shown = previewed(&browser);
        browser.click("#places button[name='all']");
        browser.reads("印章位置已保存");
        let api = format!("{}/items", request.replace("/uses/", "/use-requests/"));
        let items = stage.user.get(&api).await.ok();
        let over = json!([
            { "kind": "cross_page", "pages": { "kind": "all" }, "edge": "right", "y": 14850 },
            { "kind": "cross_page", "pages": { "kind": "all" }, "edge": "left", "y": 14850 },
            { "kind": "cross_page", "pages": { "kind": "all" }, "edge": "top", "x": 11500 },
            { "kind": "cross_page", "pages": { "kind": "all" }, "edge": "bottom", "x": 10500 },
        ]);
        assert!(items["items"].as_array().unwrap().iter().all(|item| item["placements"] == over), "{items}");
        // What was saved stands there when one comes back, drawn by the server.
        let first = items["items"][0]["id"].as_str().unwrap().to_owned();
        let drawn = format!(
            "const done = arguments[0]; fetch('{request}/items/{first}/place').then((r) => r.text()).then((t) => done(t.split('class=\"stamp\"').length - 1))"
        );
        assert_eq!(browser.run_async(&drawn), 8);
        agreed_and_sealed(&mut browser, &stage, &request);
        server.tick().await;
        for item in items["items"].as_array().unwrap() {
            let id = item["id"].as_str().unwrap();
            let sealed = stage.user.get(&format!("{api}/{id}/sealed")).await;
            let verdict = crate::documents::verify(&stage.user, &sealed.body).await.ok();
            assert_eq!(verdict["verdict"], "valid", "{verdict}");
            browser.go(&format!("{request}?open={id}"));
            browser.shows(".pages figure:nth-of-type(2) img");
            let name = item["format"].as_str().unwrap();
            browser.picture(&format!("sealed-four-edges-{name}"));
            for area in &shown {
                let ink = inked(&browser, area[0] as usize, area);
                let found: [f64; 4] = std::array::from_fn(|side| ink[side].as_f64().unwrap());
                // Ink lies in the strip, reaches the paper's edge, and is no dot.
                let inside = found[0] > area[1] - NEAR
                    && found[1] > area[2] - NEAR
                    && found[2] < area[3] + NEAR
                    && found[3] < area[4] + NEAR;
                let long = (found[2] - found[0]).max(found[3] - found[1]);
                assert!(inside && long > 20.0, "{name} {area:?} {ink}");
            }
        }
        browser.is_clean();
    });
}

#[test]
fn browser_a_sealed_document_gets_another_seal_and_keeps_the_first() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        crate::documents::sealed(&stage, 41).await;
        let found = stage.user.get("/use-requests?state=done").await.ok();
        let first = found["items"][0]["id"].as_str().unwrap().to_owned();
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        log_in(&mut browser, &stage.user);
        browser.go(&format!("/uses/{first}"));
        browser.click("a[href^='/uses/new?from=']");
        browser.click("a[href*='&from=']");
        browser.fill("textarea[name='s:/reason']", "加盖第二枚印章");
        browser.click("form[action='/uses/new'] button");
        browser.reads("文件已添加");
        // The page shows the first seal, of the document, and the second, which is to come.
        let request = browser.path().split('?').next().unwrap().to_owned();
        browser.shows(".pages figure:nth-child(2) img");
        browser.picture("another-seal");
        browser.click("form[action$='/submit'] button");
        browser.reads("已提交审批");
        let api = request.replace("/uses/", "/use-requests/");
        let pending = stage.approver.get(&api).await.ok();
        stage.approver.step(&api, "approve", json!({ "digest": pending["digest"] })).await.ok();
        browser.go(&request);
        browser.click("form[action$='/sign'] button");
        server.tick().await;
        let items = stage.user.get(&format!("{api}/items")).await.ok();
        let item = items["items"][0]["id"].as_str().unwrap();
        let sealed = stage.user.get(&format!("{api}/items/{item}/sealed")).await;
        let verdict = crate::documents::verify(&stage.user, &sealed.body).await.ok();
        assert_eq!(verdict["verdict"], "valid", "{verdict}");
        assert_eq!(verdict["report"]["signatures"].as_array().unwrap().len(), 2);
        browser.is_clean();
    });
}

#[test]
fn browser_a_seal_is_placed_over_words_in_documents_of_either_kind() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        stage.grant(|_| {}).await;
        let base = served(server).await;
        let mut browser = Browser::start(&base);
        log_in(&mut browser, &stage.user);
        let request = opened(&mut browser, &stage);
        let lines = ["双方确认以下条款。", "", "", "合同金额：壹万元整"];
        let pdf = yinxin_pdf::sample::document(2, "采购合同", &lines);
        bring(&mut browser, &[file("对账单.pdf", &pdf), file("合同.ofd", &contract(3))]);
        browser.go(&request);
        browser.click("a[href$='/place']");
        // The line says which words; the server says where they stand, on each document its own way.
        browser.run(
            "const s = document.querySelector(\"[name='kind.0']\"); s.value = 'keyword'; s.dispatchEvent(new Event('input', { bubbles: true }))",
        );
        browser.fill("[name='word.0']", "合同金额");
        browser.fill("[name='hit.0']", "1");
        browser.picture("place-over-words");
        browser.click("#places button[name='all']");
        browser.reads("印章位置已保存");
        let items = format!("{}/items", request.replace("/uses/", "/use-requests/"));
        let items = stage.user.get(&items).await.ok();
        let over = json!([{ "kind": "keyword", "word": "合同金额", "hit": 1 }]);
        let kinds: Vec<&Value> =
            items["items"].as_array().unwrap().iter().map(|item| &item["format"]).collect();
        assert!(kinds.contains(&&json!("pdf")) && kinds.contains(&&json!("ofd")), "{items}");
        assert!(items["items"].as_array().unwrap().iter().all(|item| item["placements"] == over), "{items}");
        let pdf_at =
            items["items"].as_array().unwrap().iter().position(|item| item["format"] == "pdf").unwrap();
        let id = items["items"][pdf_at]["id"].as_str().unwrap();
        browser.go(&format!("{request}/items/{id}/place"));
        let shown = browser.run(
            "return [...document.querySelectorAll('.worded')].map((s) => { const n = (a) => Number(s.getAttribute(a));\
             return [Number(s.closest('.sheet').dataset.page), n('x'), n('y'), n('x') + n('width'), n('y') + n('height')]; })",
        );
        let area: [f64; 5] = std::array::from_fn(|at| shown[0][at].as_f64().unwrap());
        assert_eq!((shown.as_array().unwrap().len(), area[0]), (1, 1.0), "{shown}");
        browser.shows(".paper img");
        browser.picture("placed-over-words");
        agreed_and_sealed(&mut browser, &stage, &request);
        server.tick().await;
        browser.go(&format!("{request}?open={id}"));
        browser.reads("已用印");
        browser.shows(".pages figure img");
        let ink = inked(&browser, 1, &area);
        for side in 0..4 {
            let found = ink[side].as_f64().unwrap();
            assert!((found - area[side + 1]).abs() < NEAR + 0.5, "{area:?} {ink}");
        }
        browser.is_clean();
    });
}
