//! What the clock does.

use crate::stage::{Stage, key};
use crate::support::{Server, for_each_engine, on_sqlite};
use jiff::SignedDuration;
use serde_json::{Value, json};
use yinxin_server::jobs;
use yinxin_store::{JobState, NewJob};

async fn actions(server: &Server, subject: &str) -> Vec<Value> {
    let id = key(subject);
    let auditor = server.admin("audit").await;
    let log = auditor.get(&format!("/audit?subject={id}&limit=200")).await.ok();
    log["items"].as_array().unwrap().clone()
}

async fn count(server: &Server, subject: &str, action: &str) -> usize {
    actions(server, subject).await.iter().filter(|row| row["action"] == action).count()
}

#[test]
fn a_seal_nobody_claims_lapses_with_its_application() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let application = stage.approved(json!({ "kind": "new" })).await;
        let seal = stage.delivered(&application).await;
        let days = |n: i64| SignedDuration::from_hours(24 * n);
        server.advance(days(80)).await;
        server.tick().await;
        assert_eq!(stage.state(&seal).await, "delivered", "three months are not over");
        server.advance(days(20)).await;
        server.tick().await;
        assert_eq!(stage.state(&seal).await, "lapsed");
        assert_eq!(stage.state(&application).await, "lapsed");
        let done = actions(server, &seal).await;
        let lapse = done.iter().find(|row| row["action"] == "seal.lapse").unwrap();
        assert_eq!(lapse["role"], "system", "{lapse}");
        stage.agent.step(&seal, "accept", json!({})).await.problem("STATE_CONFLICT");
        stage.agent.step(&application, "reopen", json!({})).await.ok();
        assert_eq!(server.tick().await, 0);
    });
}

#[test]
fn a_seal_is_renewed_after_reminders_or_expires() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let seal = stage.active().await;
        server.tick().await;
        let end: jiff::Timestamp =
            stage.agent.get(&seal).await.ok()["valid_until"].as_str().unwrap().parse().unwrap();
        let before = (end - SignedDuration::from_hours(24 * 40)).duration_since(server.now());
        server.advance(before).await;
        server.tick().await;
        assert_eq!(count(server, &seal, "seal.renewal_reminder").await, 1, "90 days before");
        let old = key(&seal);
        let renewal = stage.approved(json!({ "kind": "renewal", "seal": old })).await;
        let next = stage.delivered(&renewal).await;
        stage.agent.step(&next, "accept", json!({})).await.ok();
        let replaced = stage.agent.get(&seal).await.ok();
        assert_eq!((&replaced["state"], &replaced["next"]), (&json!("replaced"), &json!(key(&next))));

        // The next one comes to its end.
        let end: jiff::Timestamp =
            stage.agent.get(&next).await.ok()["valid_until"].as_str().unwrap().parse().unwrap();
        let before = (end - SignedDuration::from_hours(24 * 5)).duration_since(server.now());
        server.advance(before).await;
        server.tick().await;
        assert_eq!(count(server, &next, "seal.renewal_reminder").await, 3, "90, 30 and 7 days before");
        assert_eq!(stage.state(&next).await, "active");
        server.advance(SignedDuration::from_hours(24 * 6)).await;
        server.tick().await;
        assert_eq!(count(server, &seal, "seal.renewal_reminder").await, 1, "a replaced seal is not renewed");
        assert_eq!(stage.state(&next).await, "expired");
        assert_eq!(stage.state(&seal).await, "replaced");
    });
}

#[test]
fn what_is_overdue_is_marked_once_and_what_is_not_corrected_lapses() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await;
        let application = stage.draft(json!({ "kind": "new" }), stage.content()).await;
        stage.owner.submit(&application).await;
        let days = |n: i64| SignedDuration::from_hours(24 * n);
        server.advance(days(20)).await;
        server.tick().await;
        assert_eq!(count(server, &application, "application.review_overdue").await, 1);
        assert_eq!(stage.state(&application).await, "submitted", "being late loses the applicant nothing");
        stage.reviewer.step(&application, "approve", json!({})).await.ok();
        let seal = stage.scene.make(&application).await;
        server.advance(days(2)).await;
        server.tick().await;
        assert_eq!(count(server, &seal, "seal.filing_overdue").await, 1);
        let filed = stage.filer.step(&seal, "file", json!({})).await.ok();
        assert_eq!(filed["filing"]["late"], true);
        stage.operator.step(&seal, "deliver", json!({ "to": "示例甲" })).await.ok();
        stage.agent.step(&seal, "accept", json!({})).await.ok();

        let until = server.now() + days(10);
        let correct = json!({ "reason": "correction", "detail": "限期整改", "document": "示改〔2026〕1 号", "until": until });
        stage.reviewer.step(&seal, "suspend", correct).await.ok();
        server.advance(days(11)).await;
        server.tick().await;
        assert_eq!(count(server, &seal, "seal.suspension_ends").await, 1);
        assert_eq!(stage.state(&seal).await, "suspended", "a person decides");

        let old = key(&seal);
        let next = stage.draft(json!({ "kind": "remake", "seal": old }), stage.content()).await;
        stage.owner.submit(&next).await;
        stage.reviewer.step(&next, "return", json!({ "reasons": ["请补交材料"] })).await.ok();
        server.advance(days(30)).await;
        server.tick().await;
        assert_eq!(stage.state(&next).await, "lapsed");
        assert_eq!(count(server, &next, "application.lapse").await, 1);
        assert_eq!(server.tick().await, 0);
    });
}

#[test]
fn work_that_cannot_be_done_is_given_up_and_stops_nothing() {
    on_sqlite(async |server| {
        let job = |id: char, kind: &str, payload: &str| NewJob {
            id: format!("job_0000000000000000000000000{id}"),
            queue: "work".to_owned(),
            kind: kind.to_owned(),
            subject: "nothing".to_owned(),
            payload: payload.to_owned(),
            run_at: server.now(),
        };
        let jobs = [
            job('a', "unheard_of", "{}"),
            job('b', "bulk_suspend", "{}"),
            job('c', "notify", "{}"),
            job('d', "publish_status", "{}"),
        ];
        let mut tx = server.app.store.begin().await.unwrap();
        tx.add_jobs(&jobs, server.now()).await.unwrap();
        tx.commit().await.unwrap();
        server.tick().await;
        let mut access = server.app.store.read().await.unwrap();
        for (job, state) in jobs.iter().zip([JobState::Dead, JobState::Dead, JobState::Dead, JobState::Done])
        {
            assert_eq!(access.job(&job.id).await.unwrap().unwrap().state, state, "{}", job.kind);
        }
    });
}

#[test]
fn a_deadline_of_something_missing_is_tried_ten_times() {
    on_sqlite(async |server| {
        let id = "job_0000000000000000000000000d";
        let payload = json!({ "effect": "clock", "name": "expire", "at": server.now() }).to_string();
        let job = NewJob {
            id: id.to_owned(),
            queue: "clock".to_owned(),
            kind: "clock".to_owned(),
            subject: "seal_00000000000000000000000000#x".to_owned(),
            payload,
            run_at: server.now(),
        };
        let mut tx = server.app.store.begin().await.unwrap();
        tx.add_jobs(&[job], server.now()).await.unwrap();
        tx.commit().await.unwrap();
        let mut now = server.now();
        for tries in 1..=10 {
            assert_eq!(jobs::tick(&server.app, now).await.unwrap(), 1, "{tries}");
            assert_eq!(jobs::tick(&server.app, now).await.unwrap(), 0, "not at once again");
            let found = server.app.store.read().await.unwrap().job(id).await.unwrap().unwrap();
            assert_eq!(found.attempts, tries);
            assert_eq!(found.state, if tries == 10 { JobState::Dead } else { JobState::Waiting });
            now += SignedDuration::from_hours(2);
        }
        assert_eq!(jobs::tick(&server.app, now).await.unwrap(), 0);
    });
}
