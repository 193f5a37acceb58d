//! Reminders: before a seal ends, and before something is due.

use crate::notices::kinds;
use crate::stage::Stage;
use crate::support::for_each_engine;
use crate::support::scene::Scene;
use crate::support::{Server, sample};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

fn day(number: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * number)
}

/// Moves the clock to this moment and lets what is due happen.
async fn come_to(server: &Server, moment: Timestamp) {
    server.advance(moment.duration_since(server.now())).await;
    server.tick().await;
}

#[test]
fn a_seal_that_ends_is_told_four_times_and_a_canceled_one_never() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        server.tick().await;
        let stage = stage.kept().await;
        let other = stage.scene.owner(12).await;
        let gone = stage.scene.seal_in_force(&other, sample::contract_content(12)).await;
        server.tick().await;
        let ends: Timestamp =
            stage.agent.get(&stage.seal).await.ok()["valid_until"].as_str().unwrap().parse().unwrap();
        let cancel = json!({ "reason": "end_of_use", "detail": "业务终止，不再使用" });
        stage.scene.reviewer.step(&gone, "cancel", cancel).await.ok();
        let before = kinds(&stage.agent).await.len();
        let mut told = Vec::new();
        for days in [90, 30, 7, 1] {
            come_to(server, ends - day(days) - SignedDuration::from_mins(5)).await;
            let early = stage.agent.get("/notices?kind=seal.renewal_reminder").await.ok();
            assert_eq!(early["items"].as_array().unwrap().len(), told.len(), "not before {days} days");
            come_to(server, ends - day(days) + SignedDuration::from_mins(5)).await;
            let due = stage.agent.get("/notices?kind=seal.renewal_reminder").await.ok();
            told.push(days);
            assert_eq!(due["items"].as_array().unwrap().len(), told.len(), "{days} days before");
            assert_eq!(due["items"][0]["due"].as_str().unwrap().parse::<Timestamp>().unwrap(), ends);
        }
        let keeper = stage.custodian.get("/notices?kind=seal.renewal_reminder").await.ok();
        assert_eq!(keeper["items"].as_array().unwrap().len(), 4, "its custodian is told, too");
        assert!(kinds(&stage.agent).await.len() >= before + 4);
        let other = other.agent.get("/notices?kind=seal.renewal_reminder").await.ok();
        assert_eq!(other["items"], json!([]));
        come_to(server, ends + SignedDuration::from_mins(5)).await;
        assert!(kinds(&stage.agent).await.contains(&"seal.expired".to_owned()));
    });
}

#[test]
fn a_reminder_found_twice_is_told_once() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let ends: Timestamp =
            stage.agent.get(&stage.seal).await.ok()["valid_until"].as_str().unwrap().parse().unwrap();
        // As a clock that was left twice, or a day of an older profile.
        let seal = stage.seal.rsplit('/').next().unwrap();
        let at = ends - day(30);
        let effect = yinxin_registry::lifecycle::Effect::Clock { name: "renewal_reminder".to_owned(), at };
        let now = server.now();
        let job = yinxin_server::jobs::job_of(&effect, seal, now, &mut server.app.rng()).unwrap();
        let mut tx = server.app.store.begin().await.unwrap();
        tx.add_jobs(&[job], now).await.unwrap();
        tx.commit().await.unwrap();
        come_to(server, at + SignedDuration::from_mins(5)).await;
        let told = stage.agent.get("/notices?kind=seal.renewal_reminder").await.ok();
        // That of 90 days and that of 30, which came together after a long pause, each once.
        let items = told["items"].as_array().unwrap();
        assert!(items.len() <= 2, "{told}");
    });
}

#[test]
fn who_must_act_is_reminded_before_it_is_late() {
    for_each_engine(async |server| {
        let scene = Scene::set(server).await;
        let owner = scene.owner(41).await;
        let application = owner.submitted(sample::content(41)).await;
        let due: Timestamp =
            scene.reviewer.get(&application).await.ok()["due"].as_str().unwrap().parse().unwrap();
        come_to(server, due - day(1) + SignedDuration::from_mins(5)).await;
        assert_eq!(kinds(&scene.reviewer).await, ["application.submitted", "application.review_soon"]);
        scene.approve(&application).await;
        let seal = scene.make(&application).await;
        server.tick().await;
        let due: Timestamp =
            scene.filer.get(&seal).await.ok()["filing_due"].as_str().unwrap().parse().unwrap();
        if due - day(1) > server.now() {
            come_to(server, due - day(1) + SignedDuration::from_mins(5)).await;
            assert_eq!(kinds(&scene.filer).await, ["seal.made", "seal.filing_soon"]);
            assert!(kinds(&scene.operator).await.contains(&"seal.filing_soon".to_owned()));
        }
        scene.filer.step(&seal, "file", json!({})).await.ok();
        let due: Timestamp =
            scene.filer.get(&seal).await.ok()["claim_due"].as_str().unwrap().parse().unwrap();
        come_to(server, due - day(7) + SignedDuration::from_mins(5)).await;
        assert!(kinds(&owner.agent).await.contains(&"seal.claim_soon".to_owned()));
        come_to(server, due + SignedDuration::from_mins(5)).await;
        let told = kinds(&owner.agent).await;
        assert!(
            ["seal.lapsed", "application.ended"].iter().all(|kind| told.contains(&(*kind).to_owned())),
            "{told:?}"
        );
    });
}
