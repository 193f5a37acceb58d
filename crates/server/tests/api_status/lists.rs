//! The list of status and what changed since an earlier one.

use crate::code_of;
use crate::support::scene::{Owner, Scene};
use crate::support::{Answer, Client, Server, for_each_engine, sample};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use yinxin_server::status::{DELTA_FORMAT, DeltaStatement, ListStatement, PublicStatus, list, verify};

#[track_caller]
fn listed(server: &Server, answer: &Answer) -> ListStatement {
    answer.ok();
    let signers = [server.app.authority.signing().certificate.clone()];
    let list = verify::list(&answer.body, &signers, &server.app.authority.trust(), server.now());
    list.unwrap_or_else(|e| panic!("{e}"))
}

#[track_caller]
fn delta(answer: &Answer) -> DeltaStatement {
    let envelope = answer.ok();
    let mut statement: Value = serde_json::from_str(envelope["statement"].as_str().unwrap()).unwrap();
    let format = statement.as_object_mut().unwrap().remove("format");
    assert_eq!(format, Some(json!(DELTA_FORMAT)));
    serde_json::from_value(statement).unwrap()
}

struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % bound) as usize
    }
}

/// One step of a seal's life, whatever may come.
async fn step(scene: &Scene<'_>, owner: &Owner, seal: &str, chance: &mut Chance) {
    let state = owner.agent.get(seal).await.ok()["state"].as_str().unwrap().to_owned();
    match state.as_str() {
        "active" => {
            let loss = json!({ "reason": "loss", "detail": "载体遗失" });
            owner.agent.post(&format!("{seal}/report-loss"), loss).await.ok();
        }
        "suspended" if chance.below(12) == 0 => {
            let void = json!({
                "reason": "false_materials", "detail": "材料经查证系伪造", "effective_at": scene.server.now(),
                "document": "示决〔2026〕1 号",
            });
            scene.reviewer.step(seal, "void", void).await.ok();
        }
        "suspended" => {
            scene.reviewer.step(seal, "resume", json!({ "reason": "载体已找回" })).await.ok();
        }
        _ => {}
    }
}

#[test]
fn deltas_put_in_place_of_any_older_list_give_exactly_the_newest() {
    for_each_engine(async |server| {
        let scene = Scene::set(server).await;
        let mut seals = Vec::new();
        for number in 11..14 {
            let owner = scene.owner(number).await;
            let seal = scene.legal_name_seal(&owner).await;
            seals.push((owner, seal));
        }
        let visitor = server.visitor();
        let mut lists = BTreeMap::new();
        lists.insert(0, ListStatement { number: 0, ..listed(server, &visitor.get("/status-list").await) });
        lists.get_mut(&0).unwrap().entries.clear();
        let mut chance = Chance(20_261_122);
        for _ in 0..8 {
            for _ in 0..=chance.below(4) {
                let (owner, seal) = &seals[chance.below(3)];
                step(&scene, owner, seal, &mut chance).await;
            }
            server.advance(SignedDuration::from_secs(61)).await;
            list::renew(&server.app).await.unwrap_or_else(|_| panic!("no list"));
            let newest = listed(server, &visitor.get("/status-list").await);
            for (number, older) in &lists {
                let change = delta(&visitor.get(&format!("/status-list/since/{number}")).await);
                let applied = older.clone().apply(change).unwrap_or_else(|e| panic!("{number}: {e}"));
                assert_eq!(applied, newest, "from list {number}");
            }
            lists.insert(newest.number, newest);
        }
        assert!(lists.len() > 4, "{:?}", lists.keys());
        let newest = lists.values().last().unwrap();
        // Each entry says what the seal itself says.
        for entry in &newest.entries {
            let live = crate::stated(server, &visitor.get(&format!("/status/{}", entry.code)).await);
            assert_eq!(live.timeline, entry.timeline);
        }
        assert!(
            newest.entries.iter().any(|e| e.timeline.len() > 2),
            "a seal that was suspended stays on the list"
        );
        visitor.get(&format!("/status-list/since/{}", newest.number + 1)).await.problem("NOT_FOUND");
        visitor.get("/status-list/since/-1").await.problem("NOT_FOUND");
        let mut lost = delta(&visitor.get("/status-list/since/0").await);
        lost.changed.pop();
        assert!(lists[&0].clone().apply(lost).is_err(), "a delta that lost something is found out");
    });
}

#[test]
fn a_list_that_ran_out_is_never_served_and_a_seal_for_internal_business_is_on_none() {
    for_each_engine(async |server| {
        let scene = Scene::set(server).await;
        let owner = scene.owner(11).await;
        let mut content = sample::content(11);
        content["internal"] = json!(true);
        let hidden = scene.seal_in_force(&owner, content).await;
        let other = scene.owner(12).await;
        let seal = scene.legal_name_seal(&other).await;
        let visitor: Client = server.visitor();
        let first = listed(server, &visitor.get("/status-list").await);
        assert!(first.entries.is_empty());
        let loss = json!({ "reason": "loss", "detail": "载体遗失" });
        for (agent, seal) in [(&owner.agent, &hidden), (&other.agent, &seal)] {
            agent.post(&format!("{seal}/report-loss"), loss.clone()).await.ok();
        }
        assert_eq!(
            listed(server, &visitor.get("/status-list").await),
            first,
            "the least time has not passed"
        );
        server.advance(SignedDuration::from_hours(25)).await;
        let second = listed(server, &visitor.get("/status-list").await);
        assert!(server.now() < second.next_update && second.number > first.number);
        let codes: Vec<&str> = second.entries.iter().map(|entry| entry.code.as_str()).collect();
        assert_eq!(codes, [code_of(&other.agent, &seal).await]);
        assert_eq!(second.entries[0].timeline.last().unwrap().status, PublicStatus::Suspended);
        // Nothing changed: the next one comes when half the time of this is over.
        server.advance(SignedDuration::from_hours(11)).await;
        assert!(!list::renew(&server.app).await.unwrap_or(true));
        server.advance(SignedDuration::from_hours(2)).await;
        assert!(list::renew(&server.app).await.unwrap_or(false));
        let third = listed(server, &visitor.get("/status-list").await);
        assert_eq!((third.entries, third.entries_digest), (second.entries, second.entries_digest));
    });
}
