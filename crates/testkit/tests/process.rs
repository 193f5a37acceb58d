//! Starting, killing and asking a service that runs as a process, with a stand-in for the service.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use serde_json::json;
use yinxin_testkit::process::Service;

/// Answers with what it was asked; ready at once; ends with 7 on SIGTERM.
const STAND_IN: &str = r#"
import http.server, json, os, signal, sys
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def answer(self):
        length = int(self.headers.get("content-length", 0))
        seen = {"method": self.command, "path": self.path, "body": self.rfile.read(length).decode(),
                "cookie": self.headers.get("cookie"), "match": self.headers.get("if-match"),
                "type": self.headers.get("content-type"), "env": os.environ.get("YINXIN_FAULT_ROUNDS")}
        body = json.dumps({"code": "GONE_X"} if self.path == "/gone" else seen).encode()
        self.send_response(410 if self.path == "/gone" else 200)
        self.send_header("content-type", "application/problem+json" if self.path == "/gone" else "application/json")
        self.send_header("set-cookie", "session=; Max-Age=0" if self.path == "/logout" else "session=s1; HttpOnly")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    do_GET = do_POST = do_DELETE = do_PUT = answer
signal.signal(signal.SIGTERM, lambda *_: os._exit(7))
host, port = os.environ["YINXIN_LISTEN"].split(":")
server = http.server.ThreadingHTTPServer((host, int(port)), Handler)
print("first password", os.getpid(), flush=True)
server.serve_forever()
"#;

fn service() -> Service {
    Service::new("python3").arguments(&["-c", STAND_IN])
}

#[test]
fn a_killed_service_starts_again_at_the_same_address() {
    let service = service();
    let first = service.start();
    let id = first.id();
    assert_eq!(first.line_with("password"), format!("first password {id}"));
    assert!(first.ready_after().is_some());
    first.kill();
    assert!(service.client().send("GET", "/", &[], None).is_err(), "a killed service answers");
    let second = service.start();
    assert_ne!(second.id(), id);
    assert_eq!(second.client().get("/x").expect(200)["path"], "/x");
    assert_eq!(second.stop().code(), Some(7));
}

#[test]
fn the_client_keeps_cookies_and_takes_every_status() {
    let service = service();
    let running = service.start();
    let client = running.client();
    assert_eq!(client.get("/1").json()["cookie"], json!(null));
    let seen = client.json("PUT", "/2", &[("If-Match", "\"3\"")], &json!({"a": 1})).expect(200);
    assert_eq!(seen["cookie"], "session=s1");
    assert_eq!((&seen["match"], &seen["body"]), (&json!("\"3\""), &json!("{\"a\":1}")));
    assert_eq!(seen["type"], "application/json");
    assert_eq!(seen["env"], json!(null), "a variable of the tests reached the service");
    assert_eq!(client.delete("/3", &[]).expect(200)["method"], "DELETE");
    assert_eq!(client.get("/gone").problem(410), "GONE_X");
    client.get("/logout");
    assert_eq!(client.cookie("session"), None);
    assert_eq!(client.send("POST", "/empty", &[], None).unwrap().json()["body"], "");
}

#[test]
#[should_panic(expected = "the service is not ready: it ended")]
fn a_service_that_ends_at_once_fails_the_test_at_once() {
    Service::new("false").start();
}
