//! Somebody who sends requests: nobody in particular, a person with a session, a program with a key.

use super::answer::Answer;
use super::people::Login;
use super::running::Server;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Request, header};
use getrandom::SysRng;
use getrandom::rand_core::{Rng as _, UnwrapErr};
use serde_json::Value;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tower::ServiceExt as _;
use yinxin_server::app::Shared;
use yinxin_server::auth::session_cookie::CSRF_HEADER;
use yinxin_server::security::Secret;
use yinxin_server::security::request_signature::{RequestLine, RequestSigner, sign_request};

/// Largest answer that is read.
const MOST: usize = 64 << 20;

#[derive(Debug, Clone, Default)]
enum Proof {
    #[default]
    None,
    Session {
        cookie: String,
        csrf: String,
    },
    Signed {
        client: String,
        secret: Secret,
    },
}

/// Somebody who sends requests. Clones share the session.
#[derive(Clone)]
pub struct Client {
    router: Router,
    app: Shared,
    proof: Arc<Mutex<Proof>>,
    address: SocketAddr,
    /// Key of the account or client; empty for nobody.
    pub id: String,
    /// How the person logs in.
    pub login: Login,
}

impl Client {
    pub(super) fn nobody(server: &Server) -> Self {
        Self {
            router: server.router.clone(),
            app: server.app.clone(),
            proof: Arc::default(),
            address: SocketAddr::from(([127, 0, 0, 1], 40_000)),
            id: String::new(),
            login: Login::default(),
        }
    }

    /// A program that signs its requests with a shared secret.
    pub fn signing(server: &Server, client: &str, secret: &str) -> Self {
        let proof = Proof::Signed { client: client.to_owned(), secret: Secret::new(secret) };
        Self { proof: Arc::new(Mutex::new(proof)), id: client.to_owned(), ..Self::nobody(server) }
    }

    /// The same, asking from another address.
    pub fn from(&self, address: &str) -> Self {
        Self { address: SocketAddr::new(address.parse().unwrap(), 40_000), ..self.clone() }
    }

    /// Cookie and token of the session as they are now.
    pub fn session(&self) -> Option<(String, String)> {
        match &*self.proof.lock().unwrap() {
            Proof::Session { cookie, csrf } => Some((cookie.clone(), csrf.clone())),
            _ => None,
        }
    }

    /// Takes another session.
    pub fn take_session(&self, cookie: &str, csrf: &str) {
        *self.proof.lock().unwrap() = Proof::Session { cookie: cookie.to_owned(), csrf: csrf.to_owned() };
    }

    /// `GET /api/v1<path>`.
    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", &api(path), &[], Vec::new()).await
    }

    /// `POST /api/v1<path>` with a new idempotency key.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.json("POST", path, &[("idempotency-key", &new_key())], body).await
    }

    /// `POST` with this idempotency key.
    pub async fn post_as(&self, key: &str, path: &str, body: Value) -> Answer {
        self.json("POST", path, &[("idempotency-key", key)], body).await
    }

    /// `POST` to what has this version.
    pub async fn post_at(&self, version: i64, path: &str, body: Value) -> Answer {
        let headers = [("idempotency-key", &*new_key()), ("if-match", &*tag(version))];
        self.json("POST", path, &headers, body).await
    }

    /// `PUT` to what has this version.
    pub async fn put_at(&self, version: i64, path: &str, body: Value) -> Answer {
        let headers = [("idempotency-key", &*new_key()), ("if-match", &*tag(version))];
        self.json("PUT", path, &headers, body).await
    }

    /// `PATCH` of what has this version.
    pub async fn patch_at(&self, version: i64, path: &str, body: Value) -> Answer {
        let headers = [("idempotency-key", &*new_key()), ("if-match", &*tag(version))];
        self.json("PATCH", path, &headers, body).await
    }

    /// `DELETE` of what has this version.
    pub async fn delete_at(&self, version: i64, path: &str) -> Answer {
        self.send("DELETE", &api(path), &[("if-match", &tag(version))], Vec::new()).await
    }

    /// Reads `thing` and posts `<thing>/<verb>` to the version read: `step("/applications/app_…", "submit", …)`.
    pub async fn step(&self, thing: &str, verb: &str, body: Value) -> Answer {
        let seen = self.get(thing).await;
        seen.ok();
        self.post_at(seen.version(), &format!("{thing}/{verb}"), body).await
    }

    /// Hands a document in to `thing` as it is now: `upload("/applications/app_…", "imprint", pdf)`.
    pub async fn upload(&self, thing: &str, code: &str, document: Vec<u8>) -> Answer {
        let seen = self.get(thing).await;
        seen.ok();
        let target = api(&format!("{thing}/materials/{code}?file_name={code}.pdf"));
        let version = tag(seen.version());
        let headers = [("content-type", "application/pdf"), ("if-match", &*version)];
        self.send("PUT", &target, &headers, document).await
    }

    /// A request with a JSON body and these headers, under `/api/v1`.
    pub async fn json(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Value) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.extend_from_slice(headers);
        self.send(method, &api(path), &all, body.to_string().into_bytes()).await
    }

    /// Any request; `target` is the whole path. Cookie and token, or signature, are added.
    pub async fn send(&self, method: &str, target: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let mut request = Request::builder().method(method).uri(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let proof = self.proof.lock().unwrap().clone();
        match proof {
            Proof::None => {}
            Proof::Session { cookie, csrf } => {
                request = request.header(header::COOKIE, cookie).header(CSRF_HEADER, csrf);
            }
            Proof::Signed { client, secret } => {
                let line = RequestLine::new(method, target);
                let (signer, mut rng) = (RequestSigner::HmacSm3(&secret), UnwrapErr(SysRng));
                let now = self.app.now().unwrap();
                let signed = sign_request(&client, &signer, &line, &body, now, &mut rng).unwrap();
                for (name, value) in signed.pairs() {
                    request = request.header(name, value);
                }
            }
        }
        self.exchange(request.body(Body::from(body)).unwrap()).await
    }

    /// A `POST` whose body comes piece by piece, by nobody or by a person.
    pub async fn stream(&self, target: &str, headers: &[(&str, &str)], body: Body) -> Answer {
        let mut request = Request::builder().method("POST").uri(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some((cookie, csrf)) = self.session() {
            request = request.header(header::COOKIE, cookie).header(CSRF_HEADER, csrf);
        }
        self.exchange(request.body(body).unwrap()).await
    }

    async fn exchange(&self, mut request: Request<Body>) -> Answer {
        let asked = format!("{} {}", request.method(), request.uri());
        request.extensions_mut().insert(ConnectInfo(self.address));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, MOST).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body, asked }
    }

    /// Takes the session of an answer: its cookie, and the token in its body.
    #[track_caller]
    pub(super) fn adopt(&self, answer: &Answer) {
        let session = answer.ok();
        let cookie = answer.header("set-cookie").split(';').next().unwrap();
        assert!(cookie.contains('='), "{}: no cookie", answer.asked);
        self.take_session(cookie, session["csrf_token"].as_str().unwrap());
    }
}

/// A path under the API; `/api/…` stays as it is.
fn api(path: &str) -> String {
    if path.starts_with("/api/") { path.to_owned() } else { format!("/api/v1{path}") }
}

fn tag(version: i64) -> String {
    format!("\"{version}\"")
}

/// A key that was never used.
pub fn new_key() -> String {
    let mut bytes = [0; 16];
    UnwrapErr(SysRng).fill_bytes(&mut bytes);
    hex::encode(bytes)
}
