//! Documents to be verified, and the question.

use crate::stage::Stage;
use crate::support::{Answer, Client};
use serde_json::{Value, json};
use std::io::{Cursor, Read as _};
use yinxin_crypto::sm3;
use yinxin_ofd::{Package, sample};
use yinxin_testkit::zip::{Zip, item};

/// Where documents are brought.
pub const PATH: &str = "/api/v1/verifications";

/// Brings a document.
pub async fn verify(who: &Client, document: &[u8]) -> Answer {
    verify_as(who, "", document).await
}

/// The same, with parameters: `?keep=report`.
pub async fn verify_as(who: &Client, query: &str, document: &[u8]) -> Answer {
    let headers = [("content-type", "application/ofd")];
    who.send("POST", &format!("{PATH}{query}"), &headers, document.to_vec()).await
}

/// SM3, hex.
pub fn digest(document: &[u8]) -> String {
    hex::encode(sm3(document))
}

/// A contract that nobody has sealed.
pub fn contract(number: u32) -> Vec<u8> {
    sample::document(2, "示例合同", &[&format!("第一条 第{number}号合同金额 100 元。")])
}

/// A document sealed through the registry, with what it was before. The stage must have somebody who keeps the seal.
pub async fn sealed(stage: &Stage<'_>, number: u32) -> (Vec<u8>, Vec<u8>) {
    sealed_of(stage, contract(number)).await
}

/// The same with a document of either kind.
pub async fn sealed_of(stage: &Stage<'_>, bytes: Vec<u8>) -> (Vec<u8>, Vec<u8>) {
    let pdf = bytes.starts_with(b"%PDF-");
    let (name, kind) =
        if pdf { ("采购合同.pdf", "application/pdf") } else { ("采购合同.ofd", "application/ofd") };
    let grant = stage.grant(|body| body["most"] = json!(10)).await;
    let seal = stage.seal.rsplit('/').next().unwrap();
    let right = json!({ "kind": "grant", "grant": grant["id"] });
    let body = json!({ "seal": seal, "right": right, "document_kind": "合同", "reason": "签订年度采购合同" });
    let request = stage.user.post("/use-requests", body).await.ok();
    let request = format!("/use-requests/{}", request["id"].as_str().unwrap());
    let named = json!({
        "name": name, "digest": digest(&bytes), "size": bytes.len(),
        "placements": [{ "kind": "at", "pages": { "kind": "last" }, "x": 15000, "y": 24000 }],
    });
    let added = stage.user.step(&request, "items", json!({ "items": [named] })).await.ok();
    let one = format!("{request}/items/{}", added["items"][0]["id"].as_str().unwrap());
    let tag = |answer: Answer| format!("\"{}\"", answer.version());
    let version = tag(stage.user.get(&request).await);
    let headers = [("content-type", kind), ("if-match", &*version)];
    stage.user.send("PUT", &format!("/api/v1{one}/content"), &headers, bytes.clone()).await.ok();
    let pending = stage.user.step(&request, "submit", json!({})).await.ok();
    stage.approver.step(&request, "approve", json!({ "digest": pending["digest"] })).await.ok();
    let version = tag(stage.user.get(&request).await);
    stage.user.json("POST", &format!("{request}/sign"), &[("if-match", &*version)], json!({})).await.ok();
    stage.server.tick().await;
    let sealed = stage.user.get(&format!("{one}/sealed")).await;
    assert!(sealed.status.is_success(), "{}", sealed.text());
    (sealed.body.to_vec(), bytes)
}

/// A package taken apart and put together again, one part changed on the way.
pub fn changed(document: &[u8], part: &str, change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut package = Package::open(Cursor::new(document), &yinxin_ofd::Limits::default()).unwrap();
    let paths: Vec<String> = package.parts().map(|entry| entry.path.clone()).collect();
    let items = paths.iter().map(|path| item(path.trim_start_matches('/'), &package.read(path).unwrap()));
    let mut zip = Zip::of(items.collect());
    let found = zip.items.iter().position(|one| one.name.ends_with(part.as_bytes()));
    change(&mut zip.items[found.unwrap_or_else(|| panic!("no part {part}: {paths:?}"))].content);
    zip.build()
}

/// Files of this process without a name that once stood in a folder of documents to be verified.
pub fn nameless(stage: &crate::support::Server) -> usize {
    let folder = stage.data().join("verifications");
    let open = std::fs::read_dir("/proc/self/fd")
        .unwrap()
        .filter_map(|fd| std::fs::read_link(fd.unwrap().path()).ok());
    open.filter(|target| target.starts_with(&folder)).count()
}

/// Codes of the checks of a report that came out so.
pub fn codes(answer: &Value, outcome: &str) -> Vec<String> {
    let mut all = answer["report"]["checks"].as_array().unwrap().clone();
    for signature in answer["report"]["signatures"].as_array().unwrap() {
        all.extend(signature["checks"].as_array().unwrap().clone());
    }
    let wanted = all.iter().filter(|check| check["outcome"] == outcome);
    wanted.map(|check| check["code"].as_str().unwrap().to_owned()).collect()
}

/// So many bytes that nothing makes smaller.
pub fn noise(size: usize) -> Vec<u8> {
    let mut bytes = vec![0; size];
    let mut file = std::fs::File::open("/dev/urandom").unwrap();
    file.read_exact(&mut bytes).unwrap();
    bytes
}
