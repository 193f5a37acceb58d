//! Nobody receives what he may not read, and nobody has to do with another's webhooks.

use crate::events::{deliveries, hook, path, suspend};
use crate::hearers::{Obedient, deliver, each, near, receiver};
use crate::stage::Stage;
use crate::support::CITY;
use serde_json::{Value, json};

#[test]
fn an_address_is_told_of_its_own_area_or_unit_and_of_the_kinds_it_asked_for() {
    each(near, async |server| {
        let stage = Stage::set(server).await;
        deliver(server).await;
        let other = stage.scene.owner(12).await;
        let ears = [
            Obedient::start().await,
            Obedient::start().await,
            Obedient::start().await,
            Obedient::start().await,
        ];
        let [own, others, city, elsewhere] = &ears;
        hook(&stage, &own.url, &["seal.suspended"]).await;
        let body = |url: &str, scope: &str| json!({ "name": "示例系统", "url": url, "scope": scope });
        other.agent.post("/webhooks", body(&others.url, &other.id)).await.ok();
        let system = server.admin("system").await;
        system.post("/webhooks", body(&city.url, CITY)).await.ok();
        let far = system.post("/webhooks", body(&elsewhere.url, "/100000/620000/")).await;
        assert_eq!(far.faults(), [("/scope".to_owned(), "UNKNOWN".to_owned())]);
        suspend(&stage).await;
        crate::events::resume(&stage).await;
        deliver(server).await;
        let told = |ear: &Obedient| -> Vec<Value> {
            ear.got().iter().map(|got| got.json()["event"].clone()).collect()
        };
        assert_eq!(told(own), [json!("seal.suspended")]);
        assert_eq!(told(city), [json!("seal.suspended"), json!("seal.active")]);
        assert_eq!((told(others), told(elsewhere)), (Vec::new(), Vec::new()));
        // The same event has the same identifier wherever it is sent.
        assert_eq!(own.got()[0].header("yinxin-event"), city.got()[0].header("yinxin-event"));
        assert_eq!(city.got()[1].json()["sequence"], 2);
    });
}

#[test]
fn a_program_is_told_no_more_than_it_may_read() {
    each(near, async |server| {
        let stage = Stage::set(server).await;
        deliver(server).await;
        let security = server.admin("security").await;
        let client = |scopes: &[&str], unit: &str| {
            json!({
                "name": "示例系统", "key": { "kind": "hmac_sm3" }, "scopes": scopes,
                "grants": [{ "role": "business_system", "scope": unit }],
            })
        };
        let other = stage.scene.owner(12).await;
        let blind = security.post("/clients", client(&["uses_read"], &stage.owner.id)).await.ok();
        let seeing = security.post("/clients", client(&["seals_read"], &stage.owner.id)).await.ok();
        let foreign = security.post("/clients", client(&["seals_read"], &other.id)).await.ok();
        let ears = [Obedient::start().await, Obedient::start().await];
        let body = |url: &str, client: &Value| json!({ "name": "示例系统", "url": url, "scope": stage.owner.id, "client": client["id"] });
        stage.agent.post("/webhooks", body(&ears[0].url, &blind)).await.ok();
        stage.agent.post("/webhooks", body(&ears[1].url, &seeing)).await.ok();
        let refused = stage.agent.post("/webhooks", body(&ears[1].url, &foreign)).await;
        assert_eq!(refused.faults(), [("/client".to_owned(), "NOT_ABLE".to_owned())]);
        suspend(&stage).await;
        deliver(server).await;
        assert_eq!((ears[0].got().len(), ears[1].got().len()), (0, 1));
        // A client that was closed is told nothing any more.
        let path = format!("/clients/{}", seeing["id"].as_str().unwrap());
        security.step(&path, "disable", json!({ "reason": "系统下线" })).await.ok();
        crate::events::resume(&stage).await;
        deliver(server).await;
        assert_eq!(ears[1].got().len(), 1);
    });
}

#[test]
fn a_webhook_is_its_units_and_a_system_administrators_business() {
    each(near, async |server| {
        let stage = Stage::set(server).await;
        let made = hook(&stage, "http://127.0.0.1:9/hook", &["seal.suspended"]).await;
        let one = path(&made);
        let stranger = stage.stranger().await;
        stranger.get(&one).await.problem("NOT_FOUND");
        stranger.get(&format!("{one}/deliveries")).await.problem("NOT_FOUND");
        stranger.post(&format!("{one}/test"), json!({})).await.problem("NOT_FOUND");
        stranger.post_at(1, &format!("{one}/rotate-secret"), json!({})).await.problem("NOT_FOUND");
        stranger.post_at(1, &format!("{one}/end"), json!({})).await.problem("NOT_FOUND");
        assert_eq!(stranger.get("/webhooks").await.ok()["items"], json!([]));
        let body = json!({ "name": "x", "url": "http://127.0.0.1:9/hook", "scope": stage.owner.id });
        stranger.post("/webhooks", body.clone()).await.problem("NOT_FOUND");
        for who in [&stage.user, &stage.custodian, &stage.supervisor, &stage.scene.reviewer] {
            who.get("/webhooks").await.problem("FORBIDDEN");
            who.post("/webhooks", body.clone()).await.problem("FORBIDDEN");
        }
        // An agent's reach ends with his unit.
        let mut wide = body.clone();
        wide["scope"] = json!(CITY);
        stage.agent.post("/webhooks", wide).await.problem("NOT_FOUND");
        let mut unknown = body;
        unknown["events"] = json!(["seal.sold"]);
        assert_eq!(stage.agent.post("/webhooks", unknown).await.faults()[0].1, "EVENT");
        let system = server.admin("system").await;
        let listed = system.get("/webhooks").await;
        assert_eq!(listed.ok()["items"].as_array().unwrap().len(), 1);
        assert!(!listed.text().contains(made["secret"].as_str().unwrap()));
        system.step(&one, "end", json!({})).await.ok();
        stage.agent.step(&one, "end", json!({})).await.problem("STATE_CONFLICT");
        stage.agent.post(&format!("{one}/test"), json!({})).await.problem("STATE_CONFLICT");
        let log = stage.log(&one).await;
        assert_eq!(log, ["webhook.create", "webhook.end"]);
    });
}

#[test]
fn a_rotated_secret_counts_at_once_and_an_ended_webhook_is_sent_nothing() {
    each(near, async |server| {
        let stage = Stage::set(server).await;
        deliver(server).await;
        let first = receiver(server, &[(1, "?")], None);
        let (port, url) = (first.port, format!("http://127.0.0.1:{}/hook", first.port));
        drop(first);
        let made = hook(&stage, &url, &[]).await;
        let one = path(&made);
        let key = "rotate-once";
        let tag = "\"1\"";
        let headers = [("idempotency-key", key), ("if-match", tag)];
        let rotated =
            stage.agent.json("POST", &format!("{one}/rotate-secret"), &headers, json!({})).await.ok();
        let again = stage.agent.json("POST", &format!("{one}/rotate-secret"), &headers, json!({})).await.ok();
        assert_eq!((&again["secret"], &again["secret_number"]), (&Value::Null, &json!(2)), "shown once");
        let (old, new) = (made["secret"].as_str().unwrap(), rotated["secret"].as_str().unwrap());
        assert_ne!(old, new);
        let ear = crate::hearers::receiver_at(server, port, &[(1, old)], None);
        stage.agent.post(&format!("{one}/test"), json!({})).await.ok();
        deliver(server).await;
        assert!(ear.said().contains(&"refused: key".to_owned()), "{:?}", ear.said());
        drop(ear);
        server.advance(jiff::SignedDuration::from_secs(11)).await;
        let ear = crate::hearers::receiver_at(server, port, &[(1, old), (2, new)], None);
        deliver(server).await;
        assert_eq!(ear.hear(1)[0]["event"], "webhook.test");
        drop(ear);
        suspend(&stage).await;
        deliver(server).await;
        stage.agent.step(&one, "end", json!({})).await.ok();
        server.advance(jiff::SignedDuration::from_secs(60)).await;
        deliver(server).await;
        let sent = deliveries(&stage.agent, &made).await;
        assert_eq!((&sent[1]["state"], &sent[1]["last_fault"]), (&json!("failed"), &json!("ENDED")));
    });
}
