//! Two systems that tell each other of their seals, over the network of this machine.

use crate::neighbor::{confirm, terms};
use crate::support::{Client, Server};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tower::ServiceExt as _;
use yinxin_formats::pem;
use yinxin_server::config::Config;
use yinxin_server::outbound;

/// May call what runs on this machine.
pub fn near(config: &mut Config) {
    config.webhooks.allowed_networks = vec!["127.0.0.0/8".parse().unwrap()];
}

/// What is made of an answer on its way back.
pub type Bend = fn(String) -> String;

/// A system that can be reached on a port, until this is dropped.
pub struct Reachable {
    pub port: u16,
    task: JoinHandle<()>,
}

impl Reachable {
    /// On a port that the system chooses.
    pub async fn start(server: &Server) -> Self {
        Self::start_at(server, 0, |answer| answer).await
    }

    /// On this port, with answers bent on their way back.
    pub async fn start_at(server: &Server, port: u16, bend: Bend) -> Self {
        let listener = bind(port).await;
        let port = listener.local_addr().unwrap().port();
        let inner = server.router.clone();
        let bent = axum::Router::new().fallback(move |request: Request| {
            let inner = inner.clone();
            async move {
                let (parts, body) = inner.oneshot(request).await.unwrap().into_parts();
                let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
                let text = bend(String::from_utf8(body.to_vec()).unwrap());
                let mut answer: Response = text.into_response();
                *answer.status_mut() = parts.status;
                // The next one that listens on this port is asked anew.
                answer.headers_mut().insert("connection", "close".parse().unwrap());
                answer
            }
        });
        let service = bent.into_make_service_with_connect_info::<SocketAddr>();
        let task = tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        Self { port, task }
    }
}

/// A listener on a port; one that was dropped just now gives its port up a moment later.
async fn bind(port: u16) -> TcpListener {
    for _ in 0..100 {
        match TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], port))).await {
            Ok(listener) => return listener,
            Err(_) => tokio::time::sleep(std::time::Duration::from_millis(50)).await,
        }
    }
    panic!("port {port} is never free")
}

impl Drop for Reachable {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Registers the program of `there` in `here` by the key of its authority; its identifier.
pub async fn client_for(here: &Server, there: &Server) -> String {
    let certificate = there.app.authority.signing().certificate.clone();
    let key = pem::encode("PUBLIC KEY", certificate.spki_der());
    let body = json!({
        "name": "对接系统程序", "key": { "kind": "sm2", "public_key": key }, "scopes": ["exchange"], "grants": [],
    });
    let made = here.admin("security").await.post("/clients", body).await.ok();
    made["client"].as_str().or(made["id"].as_str()).unwrap().to_owned()
}

/// `here` recognizes `there` with more than the bare terms; the path of the system.
pub async fn recognize(here: &Server, there: &Server, change: impl FnOnce(&mut Value)) -> String {
    let mut body = terms(there);
    change(&mut body);
    let made = here.admin("system").await.post("/peers", body).await.ok();
    let peer = format!("/peers/{}", made["id"].as_str().unwrap());
    confirm(here, &peer).await.ok();
    peer
}

/// `from` tells `to`, which listens on this port: the system in `from`, and the system in `to`.
pub async fn told(from: &Server, to: &Server, port: u16) -> (String, String) {
    let client = client_for(to, from).await;
    let outbound = json!({
        "url": format!("http://127.0.0.1:{port}/api/v1"), "scope": crate::support::CITY, "client": client,
    });
    let there = recognize(from, to, |body| {
        body["name"] = json!("示例州电子印章系统");
        body["area"] = json!("/100000/620000/620100/");
        body["outbound"] = outbound;
    })
    .await;
    let here = recognize(to, from, |body| body["client"] = json!(client)).await;
    (there, here)
}

/// Runs what is due, and sends what is due; how many messages and mails were tried.
pub async fn deliver(server: &Server) -> usize {
    let mut all = 0;
    loop {
        server.tick().await;
        let done = outbound::tick(&server.app, server.now()).await.unwrap();
        if done == 0 {
            return all;
        }
        all += done;
    }
}

/// Messages to a system, the oldest first.
pub async fn outbox(server: &Server, peer: &str) -> Vec<Value> {
    let listed = server.admin("system").await.get(&format!("{peer}/deliveries?limit=200")).await.ok();
    listed["items"].as_array().unwrap().iter().rev().cloned().collect()
}

/// What a system tells anybody of a code.
pub async fn status(of: &Server, code: &str) -> Value {
    let visitor: Client = of.visitor();
    let answer = visitor.get(&format!("/status/{code}")).await.ok();
    serde_json::from_str(answer["statement"].as_str().unwrap()).unwrap()
}
