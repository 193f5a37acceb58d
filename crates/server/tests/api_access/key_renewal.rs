//! What follows a change of a key: rows, personal data and indexes are renewed under the new one, the audit chain turns to it. What was
//! written before stays readable throughout.

use crate::log;
use crate::support::scene::Scene;
use crate::support::{Client, Server, for_each_engine, sample};
use jiff::SignedDuration;
use serde_json::{Value, json};
use yinxin_registry::block::BlockedAgent;
use yinxin_registry::ids::BlockId;
use yinxin_server::api::keys::reload;
use yinxin_server::app::keys::Turns;
use yinxin_server::audit::verify;
use yinxin_server::security::keyring::Purpose;
use yinxin_store::{RowKeys, Store, TABLES};

async fn wait_for_the_nodes(server: &Server) {
    server.advance(SignedDuration::from_secs(61)).await;
    reload(&server.app).await.unwrap_or_else(|_| panic!("keys"));
}

/// The database as a program sees it that has nothing but the newest row key.
fn with_the_newest_row_key_alone(server: &Server) -> Store {
    let vault = server.app.vault();
    let (number, key) = vault.ring().keys(Purpose::Row).max_by_key(|(number, _)| *number).unwrap();
    server.app.store.with_keys(RowKeys::new(number, key))
}

async fn under_another_key(store: &Store) -> usize {
    let mut others = 0;
    let mut access = store.read().await.unwrap();
    for table in TABLES {
        others += access.check_rows(table, "", 1000).await.unwrap().broken.len();
    }
    others
}

async fn renewal(security: &Client, purpose: &str) -> Value {
    security.get(&format!("/keys/{purpose}/renewal")).await.ok()
}

#[test]
fn a_new_row_key_is_put_to_use_when_every_node_has_it_and_every_row_renewed() {
    for_each_engine(async |server| {
        let security = server.admin("security").await;
        let scene = Scene::set(server).await;
        let owner = scene.owner(1).await;
        security.get("/keys/row/renewal").await.problem("NOT_FOUND");
        let rotated = security.post("/keys/row/rotate", json!({})).await.ok();
        assert_eq!(rotated, json!({ "purpose": "row", "number": 2, "takes_effect": "soon" }));
        assert_eq!(renewal(&security, "row").await["state"], "waiting");
        security.post("/keys/row/rotate", json!({})).await.problem("CONFLICT");
        // A node that has not heard of it reads what is written meanwhile.
        let unit = scene.reviewer.post("/units", sample::unit(2)).await.ok();
        assert_eq!(server.app.vault().ring().active_number(Purpose::Row), 1);
        let newest = with_the_newest_row_key_alone(server);
        assert!(under_another_key(&newest).await > 10);
        server.tick().await;
        assert_eq!(renewal(&security, "row").await["state"], "waiting");

        wait_for_the_nodes(server).await;
        scene.reviewer.get(&format!("/units/{}", unit["id"].as_str().unwrap())).await.ok();
        server.tick().await;
        let done = renewal(&security, "row").await;
        assert_eq!((&done["state"], &done["broken"]), (&json!("done"), &json!(0)), "{done}");
        assert!(done["renewed"].as_u64().unwrap() > 10 && done["tables_done"] == done["tables"], "{done}");
        assert_eq!(under_another_key(&newest).await, 0);
        assert!(newest.read().await.unwrap().setting("registry.started").await.unwrap().is_some());
        owner.draft(sample::content(1)).await;
        let line = log::last(server, "key.renewed").await;
        assert_eq!(line.subject, "key/row");
        // And once more, to a third.
        security.post("/keys/row/rotate", json!({})).await.ok();
        wait_for_the_nodes(server).await;
        server.tick().await;
        assert_eq!(renewal(&security, "row").await["number"], 3);
        assert_eq!(under_another_key(&with_the_newest_row_key_alone(server)).await, 0);
    });
}

#[test]
fn a_renewal_whose_worker_died_goes_on_and_two_workers_at_once_do_it_once() {
    for_each_engine(async |server| {
        let security = server.admin("security").await;
        let scene = Scene::set(server).await;
        scene.owner(1).await;
        security.post("/keys/row/rotate", json!({})).await.ok();
        wait_for_the_nodes(server).await;
        // A worker takes the job and dies.
        let lease = server.now().saturating_add(SignedDuration::from_secs(60)).unwrap();
        let mut tx = server.app.store.begin().await.unwrap();
        let taken = tx.claim_jobs("work", server.now(), lease, 100, "node").await.unwrap();
        tx.commit().await.unwrap();
        let job = taken.iter().find(|job| job.kind == "renew_keys").unwrap().clone();
        server.tick().await;
        assert_eq!(renewal(&security, "row").await["state"], "waiting");
        server.advance(SignedDuration::from_secs(61)).await;
        let (one, other) = tokio::join!(server.tick(), server.tick());
        assert!(one + other > 0);
        server.tick().await;
        let done = renewal(&security, "row").await;
        assert_eq!((&done["state"], &done["broken"]), (&json!("done"), &json!(0)), "{done}");
        assert_eq!(under_another_key(&with_the_newest_row_key_alone(server)).await, 0);
        // The dead one wakes up: its lease is lost.
        yinxin_server::api::keys::run_renewal(&server.app, &job).await.unwrap_err();
        assert_eq!(renewal(&security, "row").await, done);
    });
}

#[test]
fn a_row_changed_from_outside_is_named_and_left_as_it_is() {
    for_each_engine(async |server| {
        let security = server.admin("security").await;
        let scene = Scene::set(server).await;
        let owner = scene.owner(1).await;
        // As somebody would leave it who can write to the database and has no key.
        let forger = server.app.store.with_keys(RowKeys::new(1, b"no key of ours"));
        let mut tx = forger.begin().await.unwrap();
        let mut area = yinxin_registry::area::Area::nation();
        area.code = yinxin_registry::area::AreaCode::parse("990000").unwrap();
        area.path = yinxin_registry::area::AreaPath::nation().child(&area.code);
        tx.insert(&area).await.unwrap();
        tx.commit().await.unwrap();
        security.post("/keys/row/rotate", json!({})).await.ok();
        wait_for_the_nodes(server).await;
        server.tick().await;
        let done = renewal(&security, "row").await;
        assert_eq!((&done["state"], &done["broken"]), (&json!("done"), &json!(1)), "{done}");
        assert_eq!(done["first_broken"], json!(["area 990000"]));
        assert_eq!(under_another_key(&with_the_newest_row_key_alone(server)).await, 1);
        owner.draft(sample::content(1)).await;
    });
}

fn allowed(checks: &Value, code: &str) -> bool {
    checks["checks"].as_array().unwrap().iter().find(|c| c["code"] == code).unwrap()["passed"] == true
}

#[test]
fn a_blocked_agent_is_found_before_while_and_after_the_index_key_changes() {
    for_each_engine(async |server| {
        let security = server.admin("security").await;
        let scene = Scene::set(server).await;
        let owner = scene.owner(1).await;
        let application = owner.draft(sample::content(1)).await;
        let checks = format!("{application}/checks");
        let agent = sample::content(1)["agent"]["id_number"].clone();
        let body = |reason: &str| json!({ "area": "610100", "name": "示例甲", "id_number": agent, "reason": reason, "document": "示例决〔2026〕1号" });
        let id = scene.reviewer.post("/blocks", body("提交虚假材料")).await.ok()["id"].clone();
        let id = id.as_str().unwrap().to_owned();
        let stored = async |id: &str| {
            server.app.store.read().await.unwrap().get::<BlockedAgent>(id).await.unwrap().value
        };
        let first = stored(&id).await;
        let found = async |when: &str| {
            let shown = owner.agent.get(&checks).await.ok();
            assert!(!allowed(&shown, "AGENT_ALLOWED"), "{when}");
            assert!(allowed(&shown, "LEGAL_REPRESENTATIVE"), "{when}");
        };
        found("before").await;
        security.post("/keys/index/rotate", json!({})).await.ok();
        found("while the nodes take the key over").await;
        wait_for_the_nodes(server).await;
        found("while some are indexed under the old key").await;
        // The entry stands under the old index, an application made now under the new one; and the other way round.
        let other = scene.owner(2).await;
        let mut content = sample::content(2);
        content["agent"] = sample::content(1)["agent"].clone();
        let later = other.draft(content).await;
        assert!(!allowed(&other.agent.get(&format!("{later}/checks")).await.ok(), "AGENT_ALLOWED"));
        // One from before the number was kept cannot be indexed again.
        let mut bare =
            BlockedAgent { id: BlockId::new(server.now(), &mut server.app.rng()), ..first.clone() };
        bare.cipher = None;
        let mut tx = server.app.store.begin().await.unwrap();
        tx.insert(&bare).await.unwrap();
        tx.commit().await.unwrap();
        server.tick().await;
        let done = renewal(&security, "index").await;
        assert_eq!((&done["state"], &done["broken"]), (&json!("done"), &json!(0)), "{done}");
        assert_ne!(stored(&id).await.index, first.index);
        assert_eq!(stored(bare.id.as_str()).await, bare);
        found("afterwards").await;
        for lifted in [id.as_str(), bare.id.as_str()] {
            let path = format!("/blocks/{lifted}");
            assert!(!allowed(&owner.agent.get(&checks).await.ok(), "AGENT_ALLOWED"), "{lifted}");
            scene.reviewer.step(&path, "lift", json!({ "reason": "复核后撤销原决定" })).await.ok();
        }
        assert!(allowed(&owner.agent.get(&checks).await.ok(), "AGENT_ALLOWED"));
    });
}

#[test]
fn personal_data_and_secrets_are_encrypted_anew_and_what_was_signed_stays() {
    for_each_engine(async |server| {
        let security = server.admin("security").await;
        let audit = server.admin("audit").await;
        let scene = Scene::set(server).await;
        let owner = scene.owner(1).await;
        let draft = owner.draft(sample::content(1)).await;
        let other = scene.owner(2).await;
        let submitted = other.submitted(sample::content(2)).await;
        security.post("/keys/field/rotate", json!({})).await.ok();
        let text = async |path: &str| {
            let id = path.rsplit('/').next().unwrap().to_owned();
            let mut access = server.app.store.read().await.unwrap();
            match path.starts_with("/units") {
                true => serde_json::to_string(
                    &access.get::<yinxin_registry::unit::Unit>(&id).await.unwrap().value,
                ),
                false => serde_json::to_string(
                    &access
                        .get::<yinxin_registry::lifecycle::application::Application>(&id)
                        .await
                        .unwrap()
                        .value,
                ),
            }
            .unwrap()
        };
        let unit = format!("/units/{}", owner.id);
        let before = text(&submitted).await;
        wait_for_the_nodes(server).await;
        server.tick().await;
        let done = renewal(&security, "field").await;
        assert_eq!((&done["state"], &done["broken"]), (&json!("done"), &json!(0)), "{done}");
        for path in [&unit, &draft] {
            let text = text(path).await;
            assert!(text.contains("\"k2.") && !text.contains("\"k1."), "{path}");
        }
        // Handed in and stated to be true: to the byte as it was, and approved as it was.
        assert_eq!(text(&submitted).await, before);
        scene.approve(&submitted).await;
        scene.make(&submitted).await;
        // One-time codes and the authority's key under the new key.
        server.login_again(&audit).await;
        let key = server.app.store.read().await.unwrap().setting("authority.key").await.unwrap().unwrap();
        assert!(key.starts_with("k2."));
        let detail = json!({ "field": "legal_representative.id_number", "reason": "核对申请人身份证原件" });
        let shown = scene.reviewer.post(&format!("{unit}/reveal"), detail).await.ok();
        assert_eq!(shown["value"], sample::unit(1)["legal_representative"]["id_number"]);
    });
}

#[test]
fn the_audit_chain_turns_to_a_new_key_and_is_proven_across_the_turn() {
    for_each_engine(async |server| {
        let security = server.admin("security").await;
        let audit = server.admin("audit").await;
        let before = server.app.vault().ring().clone();
        security.post("/keys/audit/rotate", json!({})).await.ok();
        assert_eq!(renewal(&security, "audit").await["state"], "waiting");
        assert!(verify(&server.app).await.unwrap_or_else(|_| panic!()).is_sound());
        wait_for_the_nodes(server).await;
        server.tick().await;
        let done = renewal(&security, "audit").await;
        assert_eq!(done["state"], "done", "{done}");
        security.get("/keys").await.ok();
        let mut access = server.app.store.read().await.unwrap();
        let rows = access.audit_rows(0, 1000).await.unwrap();
        let turn = rows.iter().find(|row| row.key == 2).unwrap();
        assert_eq!(turn.columns.action, "key.turn");
        assert!(rows.iter().all(|row| row.key == if row.seq < turn.seq { 1 } else { 2 }));
        let order = rows.iter().find(|row| row.columns.action == "key.rotate").unwrap();
        assert!(order.seq < turn.seq);
        // A head signed at once covers the order and the turn.
        assert!(access.audit_seal_covering(turn.seq).await.unwrap().is_some());
        drop(access);
        let report = verify(&server.app).await.unwrap_or_else(|_| panic!());
        assert!(report.is_sound(), "{:?}", report.faults);
        let seen = audit.post("/audit/verifications", json!({})).await.ok();
        assert_eq!(seen["sound"], true, "{seen}");
        // A node that has the key and has not heard of the turn, and one that has not even the key.
        server.app.install(server.app.vault().ring(), Turns::default(), server.now()).unwrap();
        server.visitor().post("/sessions", json!({ "login": "nobody", "password": "x" })).await;
        server.app.install(&before, Turns::default(), server.now()).unwrap();
        let waiting = security.post("/keys/token/rotate", json!({})).await;
        assert_eq!(waiting.status.as_u16(), 503, "{}", waiting.text());
        assert!(reload(&server.app).await.unwrap_or_else(|_| panic!()));
        security.post("/keys/token/rotate", json!({})).await.ok();
        let report = verify(&server.app).await.unwrap_or_else(|_| panic!());
        assert!(report.is_sound(), "{:?}", report.faults);
        // And once more.
        security.post("/keys/audit/rotate", json!({})).await.ok();
        wait_for_the_nodes(server).await;
        server.tick().await;
        assert_eq!(renewal(&security, "audit").await["number"], 3);
        assert!(verify(&server.app).await.unwrap_or_else(|_| panic!()).is_sound());
    });
}
