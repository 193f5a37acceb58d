//! Under which address a service says that it is reached.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use serde_json::json;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use yinxin_testkit::http::Http;
use yinxin_testkit::process::Service;

#[test]
fn what_is_signed_and_linked_names_the_port_that_the_system_chose() {
    let service = Service::new(env!("CARGO_BIN_EXE_yinxin")).set("listen", "127.0.0.1:0");
    let mut child = service.command().stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let said = lines.filter_map(|line| Some(line.get(line.find("http://127.0.0.1:")?..)?.trim().to_owned()));
    let url = said.into_iter().next().unwrap();
    let challenge = Http::new(&url).post("/api/v1/login-challenges", &json!({})).json();
    let text = challenge["text"].as_str().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!url.ends_with(":0") && text.contains(&url), "{url}: {text}");
}
