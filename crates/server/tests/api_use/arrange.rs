//! A draft is put in order by who asks: the seal moved, documents taken out; templates of places; people who may be named.

use crate::stage::{Stage, rule};
use crate::support::{Client, Role, for_each_engine};
use crate::uses::{add, contract, draft, sign};
use serde_json::{Value, json};

/// A draft of three documents whose bytes are here; path of the request and keys of its documents.
async fn three(stage: &Stage<'_>) -> (String, Vec<String>) {
    let grant = stage.grant(|_| {}).await;
    let request = draft(stage, &stage.user, json!({ "kind": "grant", "grant": grant["id"] })).await;
    let items = add(&stage.user, &request, &[contract(1), contract(2), contract(3)]).await;
    (request, items.iter().map(|item| item.rsplit('/').next().unwrap().to_owned()).collect())
}

async fn places(who: &Client, request: &str) -> Vec<Value> {
    let items = who.get(&format!("{request}/items")).await.ok();
    items["items"].as_array().unwrap().iter().map(|item| item["placements"].clone()).collect()
}

#[test]
fn the_seal_is_moved_on_one_document_or_all_by_who_asks_and_only_in_a_draft() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let (request, ids) = three(&stage).await;
        let at = |x: u32| json!([{ "kind": "at", "pages": { "kind": "range", "first": 1, "last": 1 }, "x": x, "y": 100 }]);
        let one = json!({ "items": [ids[1]], "placements": at(7000) });
        stage.user.step(&request, "place", one.clone()).await.ok();
        let now = places(&stage.user, &request).await;
        assert_eq!((&now[1], now[0] == at(7000)), (&at(7000), false));
        stage.user.step(&request, "place", json!({ "placements": at(8000) })).await.ok();
        assert!(places(&stage.user, &request).await.iter().all(|place| *place == at(8000)));
        // Places that are none, documents of nobody, twice, or of another request; another version; another person.
        let none = json!({ "placements": [] });
        assert_eq!(rule(&stage.user.step(&request, "place", none).await), "PLACEMENT");
        let unknown = json!({ "items": ["item_01k0000000000000000000000a"], "placements": at(1) });
        stage.user.step(&request, "place", unknown).await.problem("NOT_FOUND");
        let twice = json!({ "items": [ids[0], ids[0]], "placements": at(1) });
        stage.user.step(&request, "place", twice).await.problem("NOT_FOUND");
        let (other, theirs) = three(&stage).await;
        let foreign = json!({ "items": [theirs[0]], "placements": at(1) });
        stage.user.step(&request, "place", foreign).await.problem("NOT_FOUND");
        stage.user.post_at(1, &format!("{request}/place"), one.clone()).await.problem("PRECONDITION_FAILED");
        let colleague = stage.another(Role::User).await;
        assert_eq!(rule(&colleague.step(&request, "place", one.clone()).await), "NOT_THE_ASKER");
        stage.approver.step(&request, "place", one.clone()).await.problem("FORBIDDEN");
        stage.user.step(&request, "submit", json!({})).await.ok();
        stage.user.step(&request, "place", one).await.problem("STATE_CONFLICT");
        stage.user.step(&request, "remove", json!({ "items": [ids[0]] })).await.problem("STATE_CONFLICT");
        let log = stage.log(&request).await;
        assert_eq!(log.iter().filter(|action| *action == "use.place_items").count(), 2);
        assert_ne!(other, request);
    });
}

#[test]
fn what_was_taken_out_is_neither_handed_in_nor_sealed() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let (request, ids) = three(&stage).await;
        stage.user.step(&request, "remove", json!({ "items": [ids[0]] })).await.ok();
        assert_eq!(stage.user.get(&request).await.ok()["tally"]["documents"], 2);
        // Once is enough, and its bytes are not taken any more.
        stage.user.step(&request, "remove", json!({ "items": [ids[0]] })).await.problem("STATE_CONFLICT");
        stage.user.step(&request, "remove", json!({ "items": [] })).await.problem("VALIDATION");
        let pending = stage.user.step(&request, "submit", json!({})).await.ok();
        assert_eq!(pending["tally"]["documents"], 2);
        stage.approver.step(&request, "approve", json!({ "digest": pending["digest"] })).await.ok();
        sign(&stage.user, &request, json!({})).await.ok();
        server.tick().await;
        let done = stage.user.get(&request).await.ok();
        assert_eq!(
            (&done["state"], &done["tally"]["signed"], &done["tally"]["documents"]),
            (&json!("done"), &json!(2), &json!(2))
        );
        let items = stage.user.get(&format!("{request}/items")).await.ok();
        let states: Vec<&str> =
            items["items"].as_array().unwrap().iter().map(|item| item["state"].as_str().unwrap()).collect();
        assert_eq!(states, ["dropped", "signed", "signed"]);
    });
}

#[test]
fn templates_of_places_are_ones_own_and_people_are_named_within_the_unit() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        let path = "/session/place-templates";
        let template = |name: &str| json!({ "name": name, "placements": [{ "kind": "cross_page", "pages": { "kind": "all" }, "edge": "right", "y": 14850 }] });
        assert_eq!(stage.user.get(path).await.ok(), json!({ "templates": [], "version": 0 }));
        let body = json!({ "templates": [template("骑缝"), template("备用")] });
        stage.user.put_at(0, path, body.clone()).await.ok();
        stage.user.put_at(0, path, body.clone()).await.problem("PRECONDITION_FAILED");
        let kept = stage.user.get(path).await.ok();
        assert_eq!((&kept["templates"], &kept["version"]), (&body["templates"], &json!(1)));
        let twice = json!({ "templates": [template("骑缝"), template("骑缝")] });
        assert_eq!(rule(&stage.user.put_at(1, path, twice).await), "TEMPLATES");
        assert_eq!(stage.another(Role::User).await.get(path).await.ok()["version"], 0);
        stage.custodian.get(path).await.problem("FORBIDDEN");
        server.visitor().get(path).await.problem("UNAUTHENTICATED");
        // Custodians and users of the unit, by name; nobody of another one, and nobody from there asks.
        let names = async |who: &Client, role: &str| {
            let found = who.get(&format!("{}/people?role={role}", stage.seal)).await.ok();
            let items = found["items"].as_array().unwrap().clone();
            items.iter().map(|one| one["account"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let stranger = stage.stranger().await;
        assert_eq!(names(&stage.agent, "custodian").await, std::slice::from_ref(&stage.custodian.id));
        assert_eq!(names(&stage.approver, "approver").await, std::slice::from_ref(&stage.approver.id));
        assert!(names(&stage.custodian, "user").await.contains(&stage.user.id));
        stranger.get(&format!("{}/people", stage.seal)).await.problem("NOT_FOUND");
        stage.agent.get(&format!("{}/people?role=auditor", stage.seal)).await.problem("BAD_REQUEST");
    });
}
