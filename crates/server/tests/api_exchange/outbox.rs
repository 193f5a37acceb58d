//! What one system tells the other: delivered in order, once each, with receipts that are believed only when they hold.

use crate::documents::{sealed, verify};
use crate::link::{Reachable, deliver, near, outbox, status, told};
use crate::neighbor::{elsewhere, take_up, trust_list};
use crate::stage::Stage;
use crate::support::{Engine, Server, for_each_engine_with, on_sqlite_with};
use jiff::SignedDuration;
use serde_json::{Value, json};

async fn suspend(stage: &Stage<'_>) {
    let body = json!({ "reason": "authority", "detail": "依法暂停使用", "document": "示停〔2026〕1 号" });
    stage.scene.reviewer.step(&stage.seal, "suspend", body).await.ok();
}

async fn resume(stage: &Stage<'_>) {
    let body = json!({ "reason": "核实无误，恢复使用", "document": "示停〔2026〕2 号" });
    stage.scene.reviewer.step(&stage.seal, "resume", body).await.ok();
}

fn column<'a>(rows: &'a [Value], name: &str) -> Vec<&'a str> {
    rows.iter().map(|row| row[name].as_str().unwrap_or("-")).collect()
}

/// How often a server took a message in.
async fn received(server: &Server) -> Vec<Value> {
    let log = server.admin("audit").await.get("/audit?action=exchange.receive&limit=200").await.ok();
    log["items"].as_array().unwrap().iter().rev().map(|row| row["details"].clone()).collect()
}

#[test]
fn a_seal_filed_in_one_system_is_known_in_the_other_and_its_loss_counts_there() {
    for_each_engine_with(elsewhere, async |here| {
        let there = Server::start_with(Engine::Sqlite, near).await;
        let reachable = Reachable::start(here).await;
        let (to_here, from_there) = told(&there, here, reachable.port).await;
        let stage = Stage::set(&there).await.kept().await;
        stage.flow().await;
        deliver(&there).await;
        let sent = outbox(&there, &to_here).await;
        assert_eq!(column(&sent, "event"), ["seal.filed", "seal.active"], "{sent:?}");
        assert_eq!(column(&sent, "state"), ["delivered", "delivered"], "{sent:?}");
        assert_eq!(column(&sent, "taken"), ["taken", "taken"]);
        assert!(sent.iter().all(|one| one["receipt"].as_str().unwrap().starts_with("RCP-620100-")));

        let seal = stage.agent.get(&stage.seal).await.ok();
        let code = seal["code"].as_str().unwrap();
        let known = status(here, code).await;
        assert_eq!((&known["status"], &known["source"]["system"]), (&json!("valid"), &json!("610100")));
        assert_eq!((&known["seal"]["name"], &known["seal"]["owner"]), (&seal["name"], &seal["unit_name"]));
        let own = status(&there, code).await;
        assert_eq!((&known["timeline"], &known["seal"]), (&own["timeline"], &own["seal"]));

        let (document, _) = sealed(&stage, 1).await;
        take_up(here, &from_there, &trust_list(&there).await).await.ok();
        let told = verify(&here.visitor(), &document).await.ok();
        assert_eq!(told["verdict"], "valid", "{told}");
        assert!(told.to_string().contains("据系统 610100"), "the source of the status is named: {told}");

        there.advance_days(1).await;
        here.advance_days(1).await;
        let loss = json!({ "reason": "loss", "detail": "密钥载体遗失" });
        stage.agent.post(&format!("{}/report-loss", stage.seal), loss).await.ok();
        deliver(&there).await;
        assert_eq!(status(here, code).await["status"], "suspended");
        let told = verify(&here.visitor(), &document).await.ok();
        assert_eq!((&told["verdict"], &told["failed"]), (&json!("indeterminate"), &json!([])));
        assert_eq!(crate::documents::codes(&told, "indeterminate"), ["STATUS_SUSPENDED_THEN"]);
    });
}

#[test]
fn what_happened_while_the_other_side_was_down_is_delivered_later_in_order_and_once() {
    for_each_engine_with(elsewhere, async |here| {
        let there = Server::start_with(Engine::Sqlite, near).await;
        // What follows takes six hours of one day (UTC), whenever the test runs.
        let left = SignedDuration::from_secs(86_400 - there.now().as_second().rem_euclid(86_400));
        if left < SignedDuration::from_hours(8) {
            there.advance(left).await;
            here.advance(left).await;
        }
        let reachable = Reachable::start(here).await;
        let port = reachable.port;
        let (to_here, _) = told(&there, here, port).await;
        drop(reachable);
        let stage = Stage::set(&there).await;
        suspend(&stage).await;
        there.advance(SignedDuration::from_secs(60)).await;
        here.advance(SignedDuration::from_secs(60)).await;
        resume(&stage).await;
        for _ in 0..6 {
            deliver(&there).await;
            there.advance(SignedDuration::from_hours(1)).await;
        }
        let sent = outbox(&there, &to_here).await;
        assert_eq!(column(&sent, "state"), ["waiting"; 4]);
        assert_eq!(sent[0]["last_fault"], "UNREACHABLE");
        assert!(
            sent[0]["attempts"].as_u64() > Some(2) && sent[1]["attempts"] == 0,
            "the next waits its turn: {sent:?}"
        );
        let notices = there.admin("system").await.get("/notices?limit=200").await.ok();
        let waits =
            notices["items"].as_array().unwrap().iter().filter(|one| one["kind"] == "peer.waits").count();
        assert_eq!(waits, 1, "told once a day: {notices} {sent:?}");

        // Answers that were lost on their way: the message comes again, and is the same message.
        here.advance(SignedDuration::from_hours(6)).await;
        let lost = Reachable::start_at(here, port, |_| String::new()).await;
        deliver(&there).await;
        let sent = outbox(&there, &to_here).await;
        assert_eq!(received(here).await.len(), 1, "{sent:?}");
        assert_eq!(sent[0]["last_fault"], "RECEIPT_MALFORMED", "{sent:?}");
        drop(lost);
        let _reachable = Reachable::start_at(here, port, |answer| answer).await;
        for _ in 0..8 {
            there.advance(SignedDuration::from_hours(1)).await;
            here.advance(SignedDuration::from_hours(1)).await;
            deliver(&there).await;
        }
        let sent = outbox(&there, &to_here).await;
        assert_eq!(column(&sent, "state"), ["delivered"; 4], "{sent:?}");
        let events = ["seal.filed", "seal.active", "seal.suspended", "seal.active"];
        assert_eq!(column(&sent, "event"), events);
        let got = received(here).await;
        let numbers: Vec<u64> = got.iter().map(|details| details["sequence"].as_u64().unwrap()).collect();
        assert_eq!(numbers, [1, 2, 3, 4], "in order and once each");
        let digests: Vec<&Value> = got.iter().map(|details| &details["digest"]).collect();
        assert_eq!(digests, sent.iter().map(|one| &one["digest"]).collect::<Vec<_>>());
        let code = sent[0]["code"].as_str().unwrap();
        assert_eq!(status(here, code).await["status"], "valid");
    });
}

#[test]
fn a_receipt_that_was_bent_or_is_for_another_message_is_not_believed() {
    on_sqlite_with(elsewhere, async |here| {
        let there = Server::start_with(Engine::Sqlite, near).await;
        let bent = Reachable::start_at(here, 0, |answer| answer.replace("610100", "610101")).await;
        let port = bent.port;
        let (to_here, _) = told(&there, here, port).await;
        let stage = Stage::set(&there).await;
        deliver(&there).await;
        let sent = outbox(&there, &to_here).await;
        assert_eq!(
            (&sent[0]["state"], &sent[0]["last_fault"]),
            (&json!("waiting"), &json!("RECEIPT_SIGNATURE"))
        );
        assert!(sent[0].get("receipt").is_none());
        drop(bent);
        // The other side's word, truly signed, but about something else.
        let other = Reachable::start_at(here, port, |_| OTHER.lock().unwrap().clone()).await;
        *OTHER.lock().unwrap() = here.visitor().get("/status/1").await.text().to_owned();
        there.advance(SignedDuration::from_mins(1)).await;
        here.advance(SignedDuration::from_mins(1)).await;
        deliver(&there).await;
        assert_eq!(outbox(&there, &to_here).await[0]["last_fault"], "RECEIPT_FORMAT");
        drop(other);
        let _reachable = Reachable::start_at(here, port, |answer| answer).await;
        there.advance(SignedDuration::from_mins(5)).await;
        here.advance(SignedDuration::from_mins(5)).await;
        deliver(&there).await;
        let sent = outbox(&there, &to_here).await;
        assert_eq!(column(&sent, "state"), ["delivered", "delivered"], "{sent:?}");
        assert_eq!(
            sent[0]["taken"], "taken",
            "it was taken in the first time, and the receipt is that of then"
        );
        drop(stage);
    });
}

/// An answer to give to everything.
static OTHER: std::sync::Mutex<String> = std::sync::Mutex::new(String::new());

#[test]
fn what_the_other_side_refuses_for_good_is_given_up_told_of_and_sent_again_by_hand() {
    on_sqlite_with(elsewhere, async |here| {
        let there = Server::start_with(Engine::Sqlite, near).await;
        let refusing = Reachable::start_at(here, 0, |answer| answer).await;
        let (to_here, from_there) = told(&there, here, refusing.port).await;
        // Nobody may speak for a system that is suspended; that passes.
        let security = here.admin("security").await;
        security.step(&from_there, "suspend", json!({ "reason": "核查中" })).await.ok();
        let stage = Stage::set(&there).await;
        deliver(&there).await;
        let sent = outbox(&there, &to_here).await;
        assert_eq!((&sent[0]["state"], &sent[0]["last_fault"]), (&json!("waiting"), &json!("FORBIDDEN")));
        let mut hours = 0;
        while outbox(&there, &to_here).await[0]["state"] == "waiting" {
            there.advance(SignedDuration::from_hours(1)).await;
            here.advance(SignedDuration::from_hours(1)).await;
            deliver(&there).await;
            hours += 1;
            assert!(hours < 80, "never given up");
        }
        let system = there.admin("system").await;
        let notices = system.get("/notices?limit=200").await.ok();
        assert!(
            notices["items"].as_array().unwrap().iter().any(|one| one["kind"] == "peer.failed"),
            "{notices}"
        );
        security.step(&from_there, "resume", json!({ "reason": "核查完毕" })).await.ok();
        let failed = outbox(&there, &to_here).await[0].clone();
        let retry = format!("/exchange-deliveries/{}/retry", failed["id"].as_str().unwrap());
        there.admin("security").await.post(&retry, json!({})).await.problem("FORBIDDEN");
        system.post(&retry, json!({})).await.ok();
        system.post(&retry, json!({})).await.problem("STATE_CONFLICT");
        for _ in 0..4 {
            there.advance(SignedDuration::from_hours(1)).await;
            here.advance(SignedDuration::from_hours(1)).await;
            deliver(&there).await;
        }
        let sent = outbox(&there, &to_here).await;
        assert_eq!(column(&sent, "state"), ["delivered", "delivered"], "{sent:?}");
        drop(stage);
    });
}
