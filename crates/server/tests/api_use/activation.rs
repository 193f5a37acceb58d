//! The activation password of a seal.

use crate::stage::{Stage, rule};
use crate::support::{Client, Role, for_each_engine};
use serde_json::{Value, json};

const FIRST: &str = "Mao-Bi-8823-Zhang";
const SECOND: &str = "Yin-Ni-4471-Zhu";

async fn set(stage: &Stage<'_>, who: &Client, body: Value) -> crate::support::Answer {
    who.json("POST", &format!("{}/custody/activation", stage.seal), &[], body).await
}

#[test]
fn the_password_is_the_keepers_own_and_has_its_rules() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        let first = json!({ "new": FIRST });
        set(&stage, &stage.agent, first.clone()).await.problem("FORBIDDEN");
        let other = stage.another(Role::Custodian).await;
        assert_eq!(rule(&set(&stage, &other, first.clone()).await), "NOT_THE_KEEPER");
        set(&stage, &stage.stranger().await, first.clone()).await.problem("NOT_FOUND");
        let weak = set(&stage, &stage.custodian, json!({ "new": "12345678" })).await;
        assert_eq!(weak.faults()[0].0, "/new");
        let shown = set(&stage, &stage.custodian, first.clone()).await.ok();
        assert_eq!(shown["activation"]["must_change"], false);
        assert!(!shown.to_string().contains("argon2"), "{shown}");

        // Changed only by who knows it, and not back to an earlier one.
        assert_eq!(set(&stage, &stage.custodian, json!({ "new": SECOND })).await.faults()[0].1, "REQUIRED");
        let wrong = json!({ "current": "Cuo-Wu-0000-Mima", "new": SECOND });
        assert_eq!(rule(&set(&stage, &stage.custodian, wrong).await), "ACTIVATION_WRONG");
        let next = json!({ "current": FIRST, "new": SECOND });
        set(&stage, &stage.custodian, next).await.ok();
        let back = json!({ "current": SECOND, "new": FIRST });
        assert_eq!(rule(&set(&stage, &stage.custodian, back).await), "PASSWORD_REUSED");

        // Forced by the unit, and over after its days.
        let force = format!("{}/custody/force-change", stage.seal);
        let why = json!({ "reason": "疑似泄露" });
        stage.custodian.post(&force, why.clone()).await.problem("FORBIDDEN");
        let forced = stage.agent.post(&force, why).await.ok();
        assert_eq!(forced["activation"]["must_change"], true);
        let third = json!({ "current": SECOND, "new": "San-Ci-9902-Genghuan" });
        assert_eq!(set(&stage, &stage.custodian, third).await.ok()["activation"]["must_change"], false);
        server.advance_days(91).await;
        let over = stage.agent.get(&format!("{}/custody", stage.seal)).await.ok();
        assert_eq!(over["activation"]["must_change"], true);

        // A new custodian does not know it and sets his own.
        let pass = json!({ "account": other.id, "reason": "岗位调整" });
        stage.custody(&stage.agent, "replace", pass).await.ok();
        stage.custody(&other, "accept", json!({})).await.ok();
        let own = set(&stage, &other, json!({ "new": "Xin-Ren-5512-Guanli" })).await.ok();
        assert_eq!(own["activation"]["keeper"], other.id.as_str());
    });
}

#[test]
fn wrong_passwords_lock_the_seal_for_longer_each_time() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        set(&stage, &stage.custodian, json!({ "new": FIRST })).await.ok();
        let wrong = json!({ "current": "Cuo-Wu-0000-Mima", "new": SECOND });
        for _ in 0..5 {
            assert_eq!(rule(&set(&stage, &stage.custodian, wrong.clone()).await), "ACTIVATION_WRONG");
        }
        // Locked: the right one is not even looked at.
        let right = json!({ "current": FIRST, "new": SECOND });
        assert_eq!(rule(&set(&stage, &stage.custodian, right.clone()).await), "ACTIVATION_LOCKED");
        let shown = stage.agent.get(&format!("{}/custody", stage.seal)).await.ok();
        assert!(shown["activation"]["locked_until"].is_string(), "{shown}");
        server.advance(jiff::SignedDuration::from_mins(16)).await;
        set(&stage, &stage.custodian, right).await.ok();
        let tries = stage.log(&stage.seal).await.iter().filter(|a| *a == "custody.activate").count();
        assert_eq!(tries, 5);
    });
}

/// Five at once are five tries: no more of them are looked at than there are.
#[test]
fn tries_at_the_same_moment_do_not_get_around_the_lock() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        set(&stage, &stage.custodian, json!({ "new": FIRST })).await.ok();
        let wrong = json!({ "current": "Cuo-Wu-0000-Mima", "new": SECOND });
        let tries = (0..12).map(|_| set(&stage, &stage.custodian, wrong.clone()));
        let answers = futures_util::future::join_all(tries).await;
        let wrongs = answers.iter().filter(|a| rule(a) == "ACTIVATION_WRONG").count();
        let locked = answers.iter().filter(|a| rule(a) == "ACTIVATION_LOCKED").count();
        assert_eq!((wrongs, locked), (5, 7));
    });
}
