//! Documents sealed in 示例市 are judged by 示例州, which has other roots.

use crate::documents::{codes, sealed, verify};
use crate::neighbor::{elsewhere, recognized, take_up, trust_list};
use crate::stage::Stage;
use crate::support::{Engine, Server, for_each_engine_with};
use serde_json::{Value, json};
use yinxin_registry::exchange::list::PeerList;

async fn judged(server: &Server, document: &[u8]) -> Value {
    verify(&server.visitor(), document).await.ok()
}

/// The check of a list, in the report.
fn by_list(told: &Value) -> Option<Value> {
    let checks = told["report"]["signatures"][0]["checks"].as_array().unwrap();
    checks.iter().find(|check| check["code"] == "TRUST_LIST").cloned()
}

#[test]
fn a_neighbors_seal_is_valid_by_its_list_and_only_as_long_as_that_counts() {
    for_each_engine_with(elsewhere, async |here| {
        let there = Server::start(Engine::Sqlite).await;
        let stage = Stage::set(&there).await.kept().await;
        stage.flow().await;
        let (document, _) = sealed(&stage, 1).await;
        assert_eq!(judged(&there, &document).await["verdict"], "valid");

        let unknown = judged(here, &document).await;
        assert_eq!((&unknown["verdict"], by_list(&unknown)), (&json!("indeterminate"), None));
        let peer = recognized(here, &there).await;
        assert_eq!(judged(here, &document).await["verdict"], "indeterminate", "recognized, without a list");
        take_up(here, &peer, &trust_list(&there).await).await.ok();
        let told = judged(here, &document).await;
        assert_eq!((&told["verdict"], &told["failed"]), (&json!("valid"), &json!([])), "{told}");
        let check = by_list(&told).unwrap();
        assert_eq!(check["outcome"], "pass");
        assert!(check["detail"].as_str().unwrap().contains("示例市电子印章系统"), "{check}");
        assert_eq!(told["seals"][0]["registered"], "no");

        let security = here.admin("security").await;
        let reason = json!({ "reason": "对方签名密钥疑似泄露" });
        security.step(&peer, "suspend", reason.clone()).await.ok();
        let told = judged(here, &document).await;
        assert_eq!(told["verdict"], "indeterminate");
        assert!(by_list(&told).unwrap()["detail"].as_str().unwrap().contains("暂停"));
        security.step(&peer, "resume", reason.clone()).await.ok();
        assert_eq!(judged(here, &document).await["verdict"], "valid");

        here.advance_days(8).await;
        let told = judged(here, &document).await;
        assert_eq!(told["verdict"], "indeterminate");
        assert!(codes(&told, "indeterminate").contains(&"TRUST_LIST".to_owned()));
        assert!(by_list(&told).unwrap()["detail"].as_str().unwrap().contains("过期"));
        there.advance_days(8).await;
        take_up(here, &peer, &trust_list(&there).await).await.ok();
        assert_eq!(judged(here, &document).await["verdict"], "valid", "by the newer list");

        here.admin("system").await.step(&peer, "end", reason).await.ok();
        let told = judged(here, &document).await;
        assert_eq!((&told["verdict"], by_list(&told)), (&json!("indeterminate"), None));
    });
}

#[test]
fn a_kept_list_that_is_no_longer_what_was_signed_vouches_for_nothing() {
    for_each_engine_with(elsewhere, async |here| {
        let there = Server::start(Engine::Sqlite).await;
        let stage = Stage::set(&there).await.kept().await;
        stage.flow().await;
        let (document, _) = sealed(&stage, 1).await;
        let peer = recognized(here, &there).await;
        take_up(here, &peer, &trust_list(&there).await).await.ok();
        assert_eq!(judged(here, &document).await["verdict"], "valid");
        let id = peer.rsplit('/').next().unwrap();
        let mut tx = here.app.store.begin().await.unwrap();
        let kept = tx.get::<PeerList>(id).await.unwrap();
        let envelope = kept.value.envelope.replace("active", "stopped");
        assert_ne!(envelope, kept.value.envelope);
        let changed = PeerList { envelope, number: kept.value.number + 1, ..kept.value };
        tx.save(&changed, kept.version).await.unwrap();
        tx.commit().await.unwrap();
        let told = judged(here, &document).await;
        assert_eq!((&told["verdict"], by_list(&told)), (&json!("indeterminate"), None));
    });
}
