//! The status of seals as anybody may ask for it: signed answers, lists, certificates. On both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod answers;
mod certificates;
mod feed;
mod lists;
#[path = "../support/mod.rs"]
mod support;

use serde_json::Value;
use support::{Answer, Server};
use yinxin_seal::TrustFacts;
use yinxin_server::status::{StatusStatement, verify};

/// The statement of an answer whose signature holds.
#[track_caller]
pub fn stated(server: &Server, answer: &Answer) -> StatusStatement {
    answer.ok();
    let signers = [server.app.authority.signing().certificate.clone()];
    let facts: &TrustFacts = &server.app.authority.trust();
    verify::answer(&answer.body, &signers, facts, server.now()).unwrap_or_else(|e| panic!("{e}"))
}

/// Code of a seal.
pub async fn code_of(client: &support::Client, seal: &str) -> String {
    client.get(seal).await.ok()["code"].as_str().unwrap().to_owned()
}

/// Status in an answer, as text.
#[track_caller]
pub fn status_in(answer: &Answer) -> String {
    let envelope = answer.ok();
    let statement: Value = serde_json::from_str(envelope["statement"].as_str().unwrap()).unwrap();
    statement["status"].as_str().unwrap().to_owned()
}
