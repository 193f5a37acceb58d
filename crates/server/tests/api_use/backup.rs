//! What was sealed comes back from a backup with the keys that sealed it, and what was about to be sealed is sealed there.

use crate::copies::sealed;
use crate::retention::{approve, due_now, path, propose, request_of};
use crate::stage::Stage;
use crate::support::{Server, for_each_engine};
use crate::uses::{approved, contract, sign};
use jiff::Timestamp;
use serde_json::json;
use std::path::Path;
use yinxin_crypto::keystore::Password;
use yinxin_registry::role::Scope;
use yinxin_server::app::clock::Source;
use yinxin_server::backup::{Lock, Order, Proof, Unlock, Wanted, restore, take};
use yinxin_server::config::Config;
use yinxin_server::jobs;
use yinxin_server::start::prepare;
use yinxin_store::UseFilter;

/// A clock that stands.
struct At(Timestamp);

impl Source for At {
    fn now(&self) -> Timestamp {
        self.0
    }
}

fn password() -> Password {
    Password::new("示例口令 for backups".as_bytes().to_vec())
}

fn holds(proof: &Proof, part: &str) -> String {
    let found = proof.findings.iter().find(|finding| finding.part == part).unwrap();
    assert!(found.holds, "{part}: {}", found.en);
    found.en.clone()
}

/// A full backup and its restore into a place of its own, with the number of documents taken.
async fn restored(server: &Server, folder: &Path) -> (u64, Config, Proof) {
    let (out, now) = (folder.join("full"), server.now());
    let order = Order { out: out.clone(), since: None, lock: Lock::Password(password()), master_key: true };
    let taken = take(server.app.config.clone(), Box::new(At(now)), &order).await;
    let taken = taken.unwrap_or_else(|e| panic!("{e}"));
    let mut config = Config::defaults_in(&folder.join("data"));
    config.area = server.app.config.area.clone();
    let wanted = Wanted { folders: vec![out], unlock: Unlock::Password(password()), signers: Vec::new() };
    let proof = restore(config.clone(), Box::new(At(now)), &wanted).await;
    let proof = proof.unwrap_or_else(|e| panic!("{e}"));
    (taken.documents, config, proof)
}

#[test]
fn a_sealed_document_verifies_and_a_waiting_one_is_sealed_after_a_restore() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let (first, _) = approved(&stage, &[contract(1)]).await;
        sign(&stage.user, &first, json!({})).await.ok();
        server.tick().await;
        // The second waits as a job.
        let (second, _) = approved(&stage, &[contract(2)]).await;
        sign(&stage.user, &second, json!({})).await.ok();

        let folder = tempfile::tempdir().unwrap();
        let now = server.now();
        let (documents, config, proof) = restored(server, folder.path()).await;
        assert!(documents > 3, "{documents}");
        assert!(proof.holds(), "{:?}", proof.findings);
        assert!(holds(&proof, "verification").contains("sealed document"));
        assert!(holds(&proof, "keys").contains("shelf"));

        let there = prepare(config, Box::new(At(now))).await.unwrap_or_else(|e| panic!("{e}"));
        assert!(there.first.is_empty(), "a restored registry is not started for the first time");
        while jobs::tick(&there.app, now).await.unwrap_or_else(|_| panic!("jobs stopped")) > 0 {}
        let filter = UseFilter { result: Some("sealed"), ..UseFilter::default() };
        let sealed = there.app.store.read().await.unwrap().uses(&Scope::All, &filter).await.unwrap();
        assert_eq!(sealed.len(), 2);
        there.app.store.close().await;
    });
}

#[test]
fn what_was_disposed_of_by_the_rules_is_no_loss_to_a_backup() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let document = sealed(&stage).await;
        server.tick().await;
        due_now(server, &request_of(&document)).await;
        let list = propose(&stage, &stage.agent).await.ok();
        approve(&list, &stage.approver).await.ok();
        server.tick().await;
        assert_eq!(stage.agent.get(&path(&list)).await.ok()["state"], "done");

        let folder = tempfile::tempdir().unwrap();
        let (_, _, proof) = restored(server, folder.path()).await;
        assert!(proof.holds(), "{:?}", proof.findings);
        // The one sealed document is gone: a seal is verified in its place.
        assert!(holds(&proof, "verification").contains("the seal "), "{:?}", proof.findings);
    });
}
