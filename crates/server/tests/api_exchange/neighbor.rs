//! Another system beside 示例市, and how the two come to know each other.

use crate::support::{Answer, Client, Server};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use yinxin_formats::x509::Certificate;
use yinxin_server::config::{AreaConfig, Config};

/// 示例州 (620100): an authority of its own, with other roots.
pub fn elsewhere(config: &mut Config) {
    config.area =
        AreaConfig {
            code: "620100".to_owned(), name: "示例州".to_owned(), profile: "national".to_owned()
        };
}

/// In base64.
pub fn encoded(certificate: &Certificate) -> String {
    STANDARD.encode(certificate.raw())
}

/// What `there` is proposed by.
pub fn terms(there: &Server) -> Value {
    let authority = &there.app.authority;
    json!({
        "code": authority.party.code,
        "name": "示例市电子印章系统",
        "area": "/100000/610000/610100/",
        "kind": "city",
        "certificates": [encoded(&authority.signing().certificate)],
        "anchors": authority.trust().anchors.iter().map(encoded).collect::<Vec<_>>(),
    })
}

/// Proposes `there` in `here`; the path of the system.
pub async fn proposed(here: &Server, there: &Server) -> String {
    let made = here.admin("system").await.post("/peers", terms(there)).await.ok();
    format!("/peers/{}", made["id"].as_str().unwrap())
}

/// The security administrator confirms what he reads.
pub async fn confirm(here: &Server, peer: &str) -> Answer {
    let security = here.admin("security").await;
    let read = security.get(peer).await.ok();
    security.step(peer, "confirm", json!({ "digest": read["digest"] })).await
}

/// `there` proposed and confirmed in `here`; the path of the system.
pub async fn recognized(here: &Server, there: &Server) -> String {
    let peer = proposed(here, there).await;
    confirm(here, &peer).await.ok();
    peer
}

/// The trust list of a server as anybody gets it.
pub async fn trust_list(of: &Server) -> Value {
    of.visitor().get("/trust-list").await.ok()
}

/// Brings a list.
pub async fn take_up(here: &Server, peer: &str, list: &Value) -> Answer {
    let system: Client = here.admin("system").await;
    system.post(&format!("{peer}/trust-list"), list.clone()).await
}
