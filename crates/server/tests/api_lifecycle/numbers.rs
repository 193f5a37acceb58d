//! Numbers of business seals: a renewal keeps that of the seal it follows, every other seal gets one of its own.

use crate::stage::{Stage, key};
use crate::support::{for_each_engine, sample};
use jiff::SignedDuration;
use serde_json::{Value, json};

async fn number(stage: &Stage<'_>, seal: &str) -> Value {
    stage.agent.get(seal).await.ok()["number"].clone()
}

/// An approved application for a contract seal.
async fn approved(stage: &Stage<'_>, basis: Value) -> String {
    let application = stage.draft(basis, sample::contract_content(stage.owner.number)).await;
    stage.owner.submit(&application).await;
    stage.scene.approve(&application).await;
    application
}

#[test]
fn a_renewed_business_seal_keeps_its_number_and_a_seal_made_anew_gets_another() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let new = || json!({ "kind": "new" });
        let mut seals = Vec::new();
        for _ in 0..2 {
            let seal = stage.delivered(&approved(&stage, new()).await).await;
            stage.agent.step(&seal, "accept", json!({})).await.ok();
            seals.push(seal);
        }
        assert_eq!((number(&stage, &seals[0]).await, number(&stage, &seals[1]).await), (json!(1), json!(2)));

        let end: jiff::Timestamp =
            stage.agent.get(&seals[0]).await.ok()["valid_until"].as_str().unwrap().parse().unwrap();
        let wait = (end - SignedDuration::from_hours(24 * 40)).duration_since(server.now());
        server.advance(wait).await;
        let renewal = approved(&stage, json!({ "kind": "renewal", "seal": key(&seals[0]) })).await;
        let renewed = stage.delivered(&renewal).await;
        assert_eq!(number(&stage, &renewed).await, json!(1));
        let while_both = stage.delivered(&approved(&stage, new()).await).await;
        assert_eq!(number(&stage, &while_both).await, json!(3));
        stage.agent.step(&renewed, "accept", json!({})).await.ok();
        assert_eq!(stage.state(&seals[0]).await, "replaced");
        assert_eq!(
            (stage.state(&renewed).await, number(&stage, &renewed).await),
            ("active".into(), json!(1))
        );

        let loss = json!({ "reason": "loss", "detail": "载体遗失" });
        stage.agent.post(&format!("{}/report-loss", seals[1]), loss).await.ok();
        let remake = approved(&stage, json!({ "kind": "remake", "seal": key(&seals[1]) })).await;
        let again = stage.delivered(&remake).await;
        assert_eq!(
            number(&stage, &again).await,
            json!(4),
            "what is lost is told apart from what comes after it"
        );
        stage.agent.step(&again, "accept", json!({})).await.ok();
        assert_eq!(number(&stage, &seals[1]).await, json!(2));
    });
}

#[test]
fn seals_approved_at_the_same_moment_get_numbers_of_their_own() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let mut waiting = Vec::new();
        for _ in 0..4 {
            let content = sample::contract_content(stage.owner.number);
            let application = stage.draft(json!({ "kind": "new" }), content).await;
            stage.owner.submit(&application).await;
            waiting.push(application);
        }
        futures_util::future::join_all(waiting.iter().map(|path| stage.scene.approve(path))).await;
        let mut numbers = Vec::new();
        for application in &waiting {
            let seal = stage.scene.make(application).await;
            numbers.push(number(&stage, &seal).await.as_u64().unwrap());
        }
        numbers.sort_unstable();
        assert_eq!(numbers, [1, 2, 3, 4]);
    });
}
