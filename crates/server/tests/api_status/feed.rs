//! A change is seen by every node.

use crate::support::scene::Scene;
use crate::support::{Engine, Server, for_each_engine};
use crate::{code_of, status_in};
use serde_json::json;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use yinxin_registry::lifecycle::By;
use yinxin_registry::lifecycle::reasons::SuspensionReason;
use yinxin_registry::lifecycle::seal::{Seal, SealEvent, Suspension};
use yinxin_server::config::Role;
use yinxin_server::status::feed;
use yinxin_store::Store;

/// Suspends or resumes a seal past the server, as another node does.
async fn turn(store: &Store, seal: &str, hold: Duration) {
    loop {
        let mut tx = store.begin().await.unwrap();
        let found = tx.get::<Seal>(seal).await.unwrap();
        let now = jiff::Timestamp::now();
        let event = match found.value.state().to_string().as_str() {
            "active" => SealEvent::Suspend {
                suspension: Suspension {
                    reason: SuspensionReason::UnitRequest,
                    detail: "盘点".to_owned(),
                    effective_at: now,
                    until: None,
                    document: None,
                    ticket: None,
                },
            },
            _ => SealEvent::Resume { reason: "盘点完成".to_owned(), document: None },
        };
        let (changed, _) = found.value.apply(event, &By::system(), now).unwrap();
        let saved = tx.save(&changed, found.version).await;
        tokio::time::sleep(hold).await;
        if saved.is_ok() && tx.commit().await.is_ok() {
            return;
        }
    }
}

#[test]
fn what_another_node_changed_is_not_answered_from_memory_once_the_feed_was_read() {
    for_each_engine(async |server| {
        let scene = Scene::set(server).await;
        let owner = scene.owner(11).await;
        let seal = scene.legal_name_seal(&owner).await;
        let path = format!("/status/{}", code_of(&owner.agent, &seal).await);
        let id = seal.rsplit("/").next().unwrap().to_owned();
        let visitor = server.visitor();
        assert_eq!(status_in(&visitor.get(&path).await), "valid");
        feed::look(&server.app).await.unwrap();
        assert_eq!(status_in(&visitor.get(&path).await), "valid");
        assert_eq!(server.app.statuses.len(), 1);
        turn(&server.app.store, &id, Duration::ZERO).await;
        feed::look(&server.app).await.unwrap();
        assert!(server.app.statuses.is_empty());
        assert_eq!(status_in(&visitor.get(&path).await), "suspended");
        // Where the feed cannot be read, what is kept is not used.
        assert_eq!(server.app.statuses.len(), 1);
        turn(&server.app.store, &id, Duration::ZERO).await;
        let deadline = Instant::now() + Duration::from_secs(30);
        while server.app.feed.is_fresh(Duration::from_millis(750)) {
            assert!(Instant::now() < deadline);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(status_in(&visitor.get(&path).await), "valid");
    });
}

#[test]
fn the_node_that_changes_a_seal_answers_anew_at_once() {
    for_each_engine(async |server| {
        let scene = Scene::set(server).await;
        let owner = scene.owner(11).await;
        let seal = scene.legal_name_seal(&owner).await;
        let path = format!("/status/{}", code_of(&owner.agent, &seal).await);
        let visitor = server.visitor();
        for round in 0..3 {
            feed::look(&server.app).await.unwrap();
            assert_eq!(status_in(&visitor.get(&path).await), "valid", "round {round}");
            let loss = json!({ "reason": "loss", "detail": "载体遗失" });
            owner.agent.post(&format!("{seal}/report-loss"), loss).await.ok();
            assert_eq!(status_in(&visitor.get(&path).await), "suspended", "round {round}");
            scene.reviewer.step(&seal, "resume", json!({ "reason": "载体已找回" })).await.ok();
        }
    });
}

#[test]
fn a_reader_of_the_feed_passes_by_nothing_that_appears_later() {
    for_each_engine(async |server| {
        let scene = Scene::set(server).await;
        let mut seals = Vec::new();
        for number in [11, 12, 13] {
            let owner = scene.owner(number).await;
            let seal = scene.legal_name_seal(&owner).await;
            seals.push(seal.rsplit('/').next().unwrap().to_owned());
        }
        let store = server.app.store.clone();
        let from = store.read().await.unwrap().last_status_change().await.unwrap();
        // Writers whose transactions overlap, some of them long.
        let writers: Vec<_> = seals
            .into_iter()
            .enumerate()
            .map(|(place, seal)| {
                let store = store.clone();
                tokio::spawn(async move {
                    for round in 0..20_u64 {
                        turn(&store, &seal, Duration::from_millis((round * 7 + place as u64 * 5) % 23)).await;
                    }
                })
            })
            .collect();
        let (mut at, mut seen) = (from, BTreeSet::new());
        let mut ended = false;
        loop {
            let changes = store.read().await.unwrap().status_changes(at).await.unwrap();
            for change in &changes {
                assert!(change.seq > at);
                at = change.seq;
                seen.insert(change.seq);
            }
            if ended && changes.is_empty() {
                break;
            }
            ended = writers.iter().all(tokio::task::JoinHandle::is_finished);
            tokio::task::yield_now().await;
        }
        for writer in writers {
            writer.await.unwrap();
        }
        let all = store.read().await.unwrap().status_changes(from).await.unwrap();
        assert_eq!(all.len(), 60);
        assert_eq!(seen, all.iter().map(|change| change.seq).collect::<BTreeSet<_>>());
    });
}

/// Looks again and again, as the worker of a served node does.
fn follow(server: &Server) -> tokio::task::JoinHandle<()> {
    let app = server.app.clone();
    tokio::spawn(async move {
        loop {
            let _ = feed::look(&app).await;
            tokio::time::sleep(feed::EVERY).await;
        }
    })
}

#[test]
fn a_suspension_on_one_node_is_in_the_live_answer_of_the_other() {
    let Some(database) = yinxin_testkit::postgres::database() else { return };
    let url = database.url().to_owned();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let one = Server::start(Engine::Postgres(url.clone())).await;
        let data = one.data();
        let two = Server::start_with(Engine::Postgres(url), |config| {
            config.roles = vec![Role::Registry];
            config.documents.folder = data.join("documents");
            config.security.master_key_file = data.join("keys").join("master.key");
        })
        .await;
        let following = [follow(&one), follow(&two)];
        let scene = Scene::set(&one).await;
        let owner = scene.owner(11).await;
        let seal = scene.legal_name_seal(&owner).await;
        let path = format!("/status/{}", code_of(&owner.agent, &seal).await);
        let there = two.visitor();
        for round in 0..5 {
            for (verb, wanted) in [("report-loss", "suspended"), ("resume", "valid")] {
                // Kept in the memory of the other node before the change.
                let before = if wanted == "valid" { "suspended" } else { "valid" };
                assert_eq!(status_in(&there.get(&path).await), before);
                match verb {
                    "resume" => {
                        scene.reviewer.step(&seal, verb, json!({ "reason": "载体已找回" })).await.ok();
                    }
                    _ => {
                        let loss = json!({ "reason": "loss", "detail": "载体遗失" });
                        owner.agent.post(&format!("{seal}/{verb}"), loss).await.ok();
                    }
                }
                let changed = Instant::now();
                while status_in(&there.get(&path).await) != wanted {
                    // Promised within a second; a machine that stands still for half a minute is another matter.
                    assert!(
                        changed.elapsed() < Duration::from_secs(30),
                        "round {round}: {wanted} never came"
                    );
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                eprintln!("{wanted} on the other node after {:?}", changed.elapsed());
            }
        }
        assert!(!two.app.statuses.is_empty(), "the answers came from memory in between");
        following.iter().for_each(tokio::task::JoinHandle::abort);
        one.app.store.close().await;
        two.app.store.close().await;
    });
}
