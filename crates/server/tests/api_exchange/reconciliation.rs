//! Both sides compare what they have.

use crate::link::{Reachable, deliver, near, outbox, status, told};
use crate::neighbor::elsewhere;
use crate::stage::Stage;
use crate::support::{Engine, Server, for_each_engine_with, on_sqlite_with};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use yinxin_registry::exchange::delivery::{ExchangeDelivery, Receipt};

/// Comparisons with a system, the oldest first.
async fn comparisons(server: &Server, peer: &str) -> Vec<Value> {
    let listed = server.admin("system").await.get(&format!("{peer}/reconciliations")).await.ok();
    listed["items"].as_array().unwrap().iter().rev().cloned().collect()
}

/// Compares today and the day before.
async fn compare(server: &Server, peer: &str) -> Value {
    let day = |at: Timestamp| at.to_string()[..10].to_owned();
    let days = json!({ "from": day(server.now() - SignedDuration::from_hours(24)), "to": day(server.now()) });
    server.admin("system").await.post(&format!("{peer}/reconcile"), days).await.ok();
    deliver(server).await;
    comparisons(server, peer).await.pop().unwrap()
}

#[test]
fn what_the_other_side_does_not_have_is_found_and_sent_again() {
    for_each_engine_with(elsewhere, async |here| {
        let there = Server::start_with(Engine::Sqlite, near).await;
        let reachable = Reachable::start(here).await;
        let port = reachable.port;
        let (to_here, _) = told(&there, here, port).await;
        let stage = Stage::set(&there).await;
        deliver(&there).await;
        let same = compare(&there, &to_here).await;
        assert_eq!((&same["agrees"], &same["differences"]), (&json!(true), &json!([])), "{same}");
        let counted: u64 =
            same["theirs"].as_array().unwrap().iter().map(|day| day["count"].as_u64().unwrap()).sum();
        assert_eq!((counted, &same["ours"]), (2, &same["theirs"]));

        // A receipt for what the other side has not: as after it was restored from an older backup.
        drop(reachable);
        let loss = json!({ "reason": "loss", "detail": "密钥载体遗失" });
        stage.agent.post(&format!("{}/report-loss", stage.seal), loss).await.ok();
        deliver(&there).await;
        let waiting = outbox(&there, &to_here).await.pop().unwrap();
        let id = waiting["id"].as_str().unwrap();
        let mut tx = there.app.store.begin().await.unwrap();
        let found = tx.get::<ExchangeDelivery>(id).await.unwrap();
        let (number, envelope) = ("RCP-620100-00000009".to_owned(), "{}".to_owned());
        let receipt = Receipt { number, at: there.now(), taken: "taken".to_owned(), envelope };
        tx.save(&found.value.tried(Ok(receipt), there.now()), found.version).await.unwrap();
        tx.commit().await.unwrap();
        let _reachable = Reachable::start_at(here, port, |answer| answer).await;
        let code = waiting["code"].as_str().unwrap();
        assert_eq!(status(here, code).await["status"], "valid");
        let missing = compare(&there, &to_here).await;
        assert_eq!((&missing["agrees"], &missing["sent_again"]), (&json!(false), &json!(1)), "{missing}");
        let difference = &missing["differences"][0];
        assert_eq!((&difference["kind"], &difference["code"]), (&json!("missing"), &waiting["code"]));
        let notices = there.admin("system").await.get("/notices?limit=200").await.ok();
        assert!(
            notices["items"].as_array().unwrap().iter().any(|one| one["kind"] == "peer.differs"),
            "{notices}"
        );
        for _ in 0..3 {
            there.advance(SignedDuration::from_mins(30)).await;
            here.advance(SignedDuration::from_mins(30)).await;
            deliver(&there).await;
        }
        assert_eq!(status(here, code).await["status"], "suspended", "it was sent again");
        assert_eq!(compare(&there, &to_here).await["agrees"], true);
    });
}

#[test]
fn the_comparison_is_made_daily_and_a_bent_or_absent_answer_is_no_comparison() {
    on_sqlite_with(elsewhere, async |here| {
        let there = Server::start_with(Engine::Sqlite, near).await;
        let reachable = Reachable::start(here).await;
        let port = reachable.port;
        let (to_here, _) = told(&there, here, port).await;
        for _ in 0..2 {
            there.advance_days(1).await;
            here.advance_days(1).await;
            there.advance(SignedDuration::from_mins(1)).await;
            here.advance(SignedDuration::from_mins(1)).await;
            deliver(&there).await;
        }
        let made = comparisons(&there, &to_here).await;
        assert_eq!(made.len(), 2, "{made:?}");
        assert!(made.iter().all(|one| one["agrees"] == true && one["by"] == "system"), "{made:?}");
        assert_ne!(made[0]["from"], made[1]["from"]);
        drop(reachable);

        let _bent =
            Reachable::start_at(here, port, |answer| answer.replace("\\\"count\\\":0", "\\\"count\\\":1"))
                .await;
        let day = json!({ "from": "2026-01-01", "to": "2026-01-31" });
        let system = there.admin("system").await;
        system.post(&format!("{to_here}/reconcile"), day).await.ok();
        for _ in 0..8 {
            there.advance(SignedDuration::from_mins(11)).await;
            here.advance(SignedDuration::from_mins(11)).await;
            deliver(&there).await;
        }
        let last = comparisons(&there, &to_here).await.pop().unwrap();
        assert_eq!((&last["fault"], &last["agrees"]), (&json!("SUMMARY_SIGNATURE"), &json!(false)), "{last}");
        let wrong = json!({ "from": "2026-01-02", "to": "2026-01-01" });
        assert_eq!(system.post(&format!("{to_here}/reconcile"), wrong).await.faults()[0].0, "/to");
        let wide = json!({ "from": "2026-01-01", "to": "2026-02-01" });
        assert_eq!(system.post(&format!("{to_here}/reconcile"), wide).await.faults()[0].0, "/to");
    });
}
