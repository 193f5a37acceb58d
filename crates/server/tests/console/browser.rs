//! A real browser, driven by the protocol every browser speaks (W3C WebDriver): Debian's Chromium behind its chromedriver. The protocol is
//! a few JSON requests, so the client is these lines and no dependency.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Name of an element in the protocol.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser with one window.
pub struct Browser {
    driver: Child,
    agent: ureq::Agent,
    session: String,
    /// Address of the server.
    pub base: String,
    /// Requests that went elsewhere, and what the console said, so far.
    pub complaints: Vec<String>,
    /// Statuses that pages may have here without a complaint of the console.
    pub expected: Vec<u16>,
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.agent.delete(&self.session).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .proxy(None)
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(90)))
        .build()
        .new_agent()
}

impl Browser {
    /// Starts one that will look at `base`, in Chinese.
    pub fn start(base: &str) -> Self {
        Self::start_with(base, "zh-CN", &[])
    }

    /// The same with other arguments.
    pub fn start_with(base: &str, lang: &str, more: &[&str]) -> Self {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Debian's packages chromium and chromium-driver are needed: apt-get install chromium chromium-driver");
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                line.split("successfully on port ").nth(1).map(|rest| rest.trim_end_matches('.').to_owned())
            })
            .expect("chromedriver says its port");
        std::thread::spawn(move || lines.for_each(drop));
        let lang_arg = format!("--lang={lang}");
        let mut args = vec![
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--window-size=1280,900",
            &lang_arg,
        ];
        args.extend_from_slice(more);
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
            "goog:chromeOptions": { "args": args, "prefs": { "intl.accept_languages": lang } },
        } } });
        let agent = agent();
        let made = post(&agent, &format!("http://127.0.0.1:{port}/session"), &wanted);
        let session = format!("http://127.0.0.1:{port}/session/{}", made["sessionId"].as_str().unwrap());
        Self { driver, agent, session, base: base.to_owned(), complaints: Vec::new(), expected: Vec::new() }
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        post(&self.agent, &format!("{}{path}", self.session), body)
    }

    fn get(&self, path: &str) -> Value {
        let mut answer = self.agent.get(format!("{}{path}", self.session)).call().unwrap();
        let body: Value = serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
        body["value"].clone()
    }

    /// Goes to a path of the server.
    pub fn go(&mut self, path: &str) {
        let url = format!("{}{path}", self.base);
        self.post("/url", &json!({ "url": url }));
        self.listen();
    }

    /// Where it is.
    pub fn path(&self) -> String {
        self.get("/url").as_str().unwrap().trim_start_matches(&self.base).to_owned()
    }

    /// What a script gives.
    pub fn run(&self, script: &str) -> Value {
        self.post("/execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// What a script gives later, by its callback `arguments[0]`.
    pub fn run_async(&self, script: &str) -> Value {
        self.post("/execute/async", &json!({ "script": script, "args": [] }))
    }

    fn find(&self, selector: &str) -> Option<String> {
        let found = self.post("/elements", &json!({ "using": "css selector", "value": selector }));
        found.as_array()?.first()?[ELEMENT].as_str().map(str::to_owned)
    }

    #[track_caller]
    fn one(&self, selector: &str) -> String {
        let until = Instant::now() + Duration::from_secs(10);
        loop {
            if let Some(found) = self.find(selector) {
                return found;
            }
            assert!(Instant::now() < until, "no `{selector}` at {}:\n{}", self.path(), self.text());
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Whether there is such an element.
    pub fn has(&self, selector: &str) -> bool {
        self.find(selector).is_some()
    }

    /// Clicks, and waits for the page that comes.
    #[track_caller]
    pub fn click(&mut self, selector: &str) {
        let element = self.one(selector);
        self.run(&format!("document.querySelector({}).scrollIntoView({{block:'center'}})", json!(selector)));
        self.post(&format!("/element/{element}/click"), &json!({}));
        self.settle();
    }

    /// Types into a field, after what stands there was taken out.
    #[track_caller]
    pub fn fill(&mut self, selector: &str, text: &str) {
        let element = self.one(selector);
        self.post(&format!("/element/{element}/clear"), &json!({}));
        self.post(&format!("/element/{element}/value"), &json!({ "text": text }));
    }

    /// Chooses a file.
    #[track_caller]
    pub fn choose(&mut self, selector: &str, file: &Path) {
        let element = self.one(selector);
        self.post(&format!("/element/{element}/value"), &json!({ "text": file.to_str().unwrap() }));
        self.settle();
    }

    /// Chooses several files; nothing is waited for.
    #[track_caller]
    pub fn choose_all(&mut self, selector: &str, files: &[&str]) {
        let element = self.one(selector);
        self.post(&format!("/element/{element}/value"), &json!({ "text": files.join("\n") }));
    }

    /// Waits until this can be read, on whatever page.
    #[track_caller]
    pub fn waits_for(&mut self, words: &str) {
        let until = Instant::now() + Duration::from_secs(90);
        while !self.text().contains(words) {
            assert!(Instant::now() < until, "`{words}` does not come at {}:\n{}", self.path(), self.text());
            std::thread::sleep(Duration::from_millis(150));
        }
        self.settle();
    }

    /// Waits until the page is there.
    pub fn settle(&mut self) {
        std::thread::sleep(Duration::from_millis(250));
        let until = Instant::now() + Duration::from_secs(30);
        while self.run("return document.readyState") != "complete" && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(50));
        }
        self.listen();
    }

    /// What can be read on the page.
    pub fn text(&self) -> String {
        self.run("return document.body.innerText").as_str().unwrap_or_default().to_owned()
    }

    /// Asserts that this can be read.
    #[track_caller]
    pub fn reads(&self, words: &str) {
        let text = self.text();
        assert!(text.contains(words), "`{words}` is not at {}:\n{text}", self.path());
    }

    /// Asserts that a picture is there, and more than a dot.
    #[track_caller]
    pub fn shows(&self, selector: &str) {
        self.one(selector);
        let width = format!("return document.querySelector({}).naturalWidth", json!(selector));
        let until = Instant::now() + Duration::from_secs(20);
        while self.run(&width).as_u64().unwrap_or_default() < 100 {
            assert!(Instant::now() < until, "`{selector}` shows nothing at {}", self.path());
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Presses a key, wherever the focus is.
    pub fn press(&self, key: &str) {
        for kind in ["keyDown", "keyUp"] {
            self.cdp("Input.dispatchKeyEvent", &json!({ "type": kind, "key": key, "text": key }));
        }
    }

    /// Asserts that a chart of this name is drawn, wide enough to be read.
    #[track_caller]
    pub fn shows_chart(&self, name: &str) {
        let selector = json!(format!("svg.chart[aria-label='{name}']"));
        let drawn = format!(
            "const c = document.querySelector({selector}); return c ? [c.getBoundingClientRect().width, c.querySelectorAll('rect').length] : null"
        );
        let drawn = self.run(&drawn);
        let wide = drawn[0].as_f64().unwrap_or_default();
        assert!(wide > 200.0 && drawn[1].as_u64() > Some(0), "{name}: {drawn} at {}", self.path());
    }

    /// Width and height of the window.
    pub fn resize(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.cdp("Emulation.setDeviceMetricsOverride", &size);
    }

    /// A command of the developer tools.
    pub fn cdp(&self, command: &str, params: &Value) -> Value {
        self.post("/goog/cdp/execute", &json!({ "cmd": command, "params": params }))
    }

    /// Keeps a picture of the whole page among the test's output; every picture on it is waited for.
    pub fn picture(&mut self, name: &str) -> PathBuf {
        self.run_async(
            "const done = arguments[0]; document.querySelectorAll('img[loading=lazy]').forEach((i) => { i.loading = 'eager'; });\
             Promise.all([...document.images].map((i) => i.complete ? 0 : new Promise((r) => { i.onload = i.onerror = r; }))).then(() => done(1));",
        );
        self.picture_as_is(name)
    }

    /// The same without a script that waits.
    pub fn picture_as_is(&mut self, name: &str) -> PathBuf {
        let shot =
            self.cdp("Page.captureScreenshot", &json!({ "format": "png", "captureBeyondViewport": true }));
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("console");
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(format!("{name}.png"));
        std::fs::write(&path, STANDARD.decode(shot["data"].as_str().unwrap()).unwrap()).unwrap();
        self.listen();
        path
    }

    /// Hears what the console says and which requests were made.
    pub fn listen(&mut self) {
        let heard = self.post("/se/log", &json!({ "type": "browser" }));
        for entry in heard.as_array().into_iter().flatten() {
            let message = entry["message"].as_str().unwrap_or_default();
            let answered = self
                .expected
                .iter()
                .any(|status| message.contains(&format!("responded with a status of {status}")));
            if entry["level"] == "SEVERE" && !answered {
                self.complaints.push(message.to_owned());
            }
        }
        let made = self.post("/se/log", &json!({ "type": "performance" }));
        for entry in made.as_array().into_iter().flatten() {
            let message: Value =
                serde_json::from_str(entry["message"].as_str().unwrap_or_default()).unwrap_or_default();
            if message["message"]["method"] == "Network.requestWillBeSent" {
                let url = message["message"]["params"]["request"]["url"].as_str().unwrap_or_default();
                if !url.starts_with(&self.base)
                    && !url.starts_with("data:")
                    && !url.starts_with("chrome")
                    && !url.starts_with("blob:")
                {
                    self.complaints.push(format!("outside request: {url}"));
                }
            }
        }
    }

    /// Asserts that the console was silent and nobody else was asked.
    #[track_caller]
    pub fn is_clean(&mut self) {
        self.listen();
        assert!(self.complaints.is_empty(), "{:#?}", self.complaints);
    }
}

#[track_caller]
fn post(agent: &ureq::Agent, url: &str, body: &Value) -> Value {
    let mut answer =
        agent.post(url).header("content-type", "application/json").send(body.to_string()).unwrap();
    let text = answer.body_mut().with_config().limit(64 << 20).read_to_string().unwrap();
    let value: Value = serde_json::from_str(&text).unwrap_or_default();
    assert!(answer.status().is_success(), "{url} {body}: {text}");
    value["value"].clone()
}
