//! Who keeps a seal.

use crate::stage::{Stage, rule};
use crate::support::{Role, for_each_engine, on_sqlite};
use serde_json::json;

#[test]
fn a_seal_is_kept_by_who_accepted_it_and_passes_on_when_both_confirm() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let (seal, agent) = (&stage.seal, &stage.agent);
        server.tick().await;
        let vacant = agent.get(&format!("{seal}/custody")).await;
        assert_eq!((&vacant.ok()["state"], vacant.version()), (&json!("vacant"), 1));
        let one = json!({ "account": stage.custodian.id });
        stage.custody(&stage.custodian, "offer", one.clone()).await.problem("FORBIDDEN");
        let nobody = json!({ "account": stage.user.id });
        assert_eq!(stage.custody(agent, "offer", nobody).await.faults()[0].1, "NOT_ABLE");
        stage.custody(agent, "offer", one.clone()).await.ok();
        let other = stage.another(Role::Custodian).await;
        assert_eq!(rule(&stage.custody(&other, "accept", json!({})).await), "NOT_THE_TAKER");
        let kept = stage.custody(&stage.custodian, "accept", json!({ "check_days": 30 })).await.ok();
        assert_eq!(kept["keeper"]["account"], stage.custodian.id.as_str());
        stage.custody(agent, "offer", one).await.problem("STATE_CONFLICT");

        // Begun by another custodian it is not; by its own it is, and then both confirm.
        let pass = json!({ "account": other.id, "reason": "岗位调整" });
        assert_eq!(rule(&stage.custody(&other, "hand-over", pass.clone()).await), "NOT_THE_KEEPER");
        stage.custody(&stage.custodian, "hand-over", pass).await.ok();
        let half = stage.custody(&other, "confirm", json!({})).await.ok();
        assert_eq!(
            (&half["state"], &half["keeper"]["account"]),
            (&json!("handing_over"), &json!(stage.custodian.id))
        );
        assert_eq!(rule(&stage.custody(&other, "confirm", json!({})).await), "CONFIRMED_ALREADY");
        let whole = stage.custody(&stage.custodian, "confirm", json!({})).await.ok();
        assert_eq!((&whole["state"], &whole["keeper"]["account"]), (&json!("kept"), &json!(other.id)));
        assert_eq!(
            rule(
                &stage
                    .custody(&stage.custodian, "check", json!({ "in_order": true, "note": "账实相符" }))
                    .await
            ),
            "NOT_THE_KEEPER"
        );
        let checked =
            stage.custody(&other, "check", json!({ "in_order": false, "note": "介质有划痕" })).await;
        assert_eq!(checked.ok()["checks"][0]["in_order"], false);

        // A stale version is told, and the same key twice is one step.
        let seen = agent.get(&format!("{seal}/custody")).await.version();
        let replace = json!({ "account": stage.custodian.id, "reason": "原保管人离职" });
        let path = format!("{seal}/custody/replace");
        agent.post_at(seen - 1, &path, replace.clone()).await.problem("PRECONDITION_FAILED");
        let tag = format!("\"{seen}\"");
        let headers = [("idempotency-key", "replace-once"), ("if-match", &*tag)];
        let first = agent.json("POST", &path, &headers, replace.clone()).await;
        let again = agent.json("POST", &path, &headers, replace).await;
        assert_eq!((first.ok(), again.header("idempotency-replayed")), (again.ok(), "true"));
        stage.custody(&stage.custodian, "decline", json!({ "reason": "即将退休" })).await.ok();
        assert_eq!(agent.get(&format!("{seal}/custody")).await.ok()["state"], "vacant");

        let log = stage.log(seal).await;
        for action in [
            "custody.offer",
            "custody.accept",
            "custody.begin_handover",
            "custody.confirm",
            "custody.complete",
            "custody.check",
            "custody.replace",
            "custody.decline",
        ] {
            assert!(log.contains(&action.to_owned()), "{action}: {log:?}");
        }
    });
}

/// The custody of a seal is opened by a job that follows the seal into force; nobody who read it before is told that it has changed.
#[test]
fn what_was_decided_on_a_custody_stands_when_it_is_opened_meanwhile() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let custody = format!("{}/custody", stage.seal);
        let offer = format!("{custody}/offer");
        let one = json!({ "account": stage.custodian.id });
        let seen = stage.agent.get(&custody).await.version();
        server.tick().await;
        assert_eq!(stage.agent.get(&custody).await.version(), seen);
        stage.agent.post_at(seen, &offer, one.clone()).await.ok();
        // But an offer is a change, on record or not before.
        stage.agent.post_at(seen, &offer, one).await.problem("PRECONDITION_FAILED");
    });
}

#[test]
fn who_comes_before_the_custody_is_opened_opens_it() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let custody = format!("{}/custody", stage.seal);
        let (offer, one) = (format!("{custody}/offer"), json!({ "account": stage.custodian.id }));
        let seen = stage.agent.get(&custody).await.version();
        stage.agent.post_at(seen, &offer, one.clone()).await.ok();
        stage.agent.post_at(seen, &offer, one).await.problem("PRECONDITION_FAILED");
        server.tick().await;
        assert_eq!(stage.agent.get(&custody).await.ok()["state"], "offered");
    });
}

#[test]
fn custody_is_the_units_own_business_and_ends_with_the_seal() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        let seal = &stage.seal;
        let path = format!("{seal}/custody");
        let stranger = stage.stranger().await;
        stranger.get(&path).await.problem("NOT_FOUND");
        let pass = json!({ "account": stranger.id, "reason": "不是我的印章" });
        for verb in ["hand-over", "replace"] {
            stranger.post_at(2, &format!("{path}/{verb}"), pass.clone()).await.problem("NOT_FOUND");
        }
        stage.supervisor.get(&path).await.ok();
        stage.supervisor.post_at(2, &format!("{path}/confirm"), json!({})).await.problem("FORBIDDEN");
        stage.scene.operator.get(&path).await.problem("FORBIDDEN");
        // Nobody of elsewhere can be named either.
        assert_eq!(stage.custody(&stage.agent, "replace", pass).await.faults()[0].1, "NOT_ABLE");
        let listed = stage.supervisor.get("/custodies?state=kept").await.ok();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);
        assert_eq!(stranger.get("/custodies").await.ok()["items"], json!([]));
        stage.agent.get("/custodies?state=held").await.problem("BAD_REQUEST");

        let cancel = json!({ "reason": "end_of_use", "detail": "业务终止，不再使用" });
        stage.scene.reviewer.step(seal, "cancel", cancel).await.ok();
        server.tick().await;
        assert_eq!(stage.agent.get(&path).await.ok()["state"], "ended");
        let check = json!({ "in_order": true, "note": "账实相符" });
        assert_eq!(rule(&stage.custody(&stage.custodian, "check", check).await), "SEAL_NOT_IN_FORCE");
        assert!(stage.log(seal).await.contains(&"custody.end".to_owned()));
    });
}

#[test]
fn a_check_that_nobody_made_and_a_handover_nobody_confirmed_are_noticed() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await.kept().await;
        let other = stage.another(Role::Custodian).await;
        let pass = json!({ "account": other.id, "reason": "岗位调整" });
        stage.custody(&stage.agent, "hand-over", pass).await.ok();
        server.advance_days(8).await;
        server.tick().await;
        assert!(stage.log(&stage.seal).await.contains(&"custody.handover_overdue".to_owned()));
        assert_eq!(stage.agent.get(&format!("{}/custody", stage.seal)).await.ok()["check_overdue"], false);
        server.advance_days(90).await;
        server.tick().await;
        assert!(stage.log(&stage.seal).await.contains(&"custody.check_due".to_owned()));
        assert_eq!(stage.agent.get(&format!("{}/custody", stage.seal)).await.ok()["check_overdue"], true);
    });
}
