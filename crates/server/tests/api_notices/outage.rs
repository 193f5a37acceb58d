//! Receivers that keep failing, lead elsewhere, or are not to be reached.

use crate::events::{deliveries, hook, path, resume, suspend};
use crate::hearers::{Obedient, deliver, each, near};
use crate::notices::kinds;
use crate::stage::Stage;
use jiff::SignedDuration;
use serde_json::json;

#[test]
fn an_event_is_given_up_after_three_days_told_of_and_sent_again_by_hand() {
    each(near, async |server| {
        let stage = Stage::set(server).await;
        deliver(server).await;
        let ear = Obedient::start().await;
        let hook = hook(&stage, &ear.url, &["seal.suspended", "seal.active"]).await;
        suspend(&stage).await;
        resume(&stage).await;
        let mut tries = 0;
        ear.answer(&[500; 75]);
        while deliveries(&stage.agent, &hook).await.first().is_none_or(|one| one["state"] == "waiting") {
            deliver(server).await;
            server.advance(SignedDuration::from_hours(1)).await;
            tries += 1;
            assert!(tries < 80, "never given up");
        }
        assert!(tries > 70, "given up after {tries} hours");
        let sent = deliveries(&stage.agent, &hook).await;
        assert_eq!((&sent[0]["state"], &sent[0]["last_fault"]), (&json!("failed"), &json!("REFUSED")));
        assert_eq!(sent[1]["state"], "waiting", "what comes behind it goes on");
        assert!(kinds(&stage.agent).await.contains(&"webhook.failed".to_owned()), "who made it is told");
        let system = server.admin("system").await;
        assert_eq!(kinds(&system).await, ["webhook.failed"]);
        // It is there again.
        let rest = ear.got().len();
        while deliveries(&stage.agent, &hook).await[1]["state"] == "waiting" {
            server.advance(SignedDuration::from_hours(1)).await;
            deliver(server).await;
            assert!(ear.got().len() < rest + 200);
        }
        let retry = format!("/webhooks/deliveries/{}/retry", sent[0]["id"].as_str().unwrap());
        stage.user.post(&retry, json!({})).await.problem("FORBIDDEN");
        stage.agent.post(&retry, json!({})).await.ok();
        stage.agent.post(&retry, json!({})).await.problem("STATE_CONFLICT");
        let before = ear.got()[0].header("yinxin-event").to_owned();
        for _ in 0..200 {
            if deliveries(&stage.agent, &hook).await[0]["state"] == "delivered" {
                break;
            }
            server.advance(SignedDuration::from_hours(1)).await;
            deliver(server).await;
        }
        assert_eq!(deliveries(&stage.agent, &hook).await[0]["state"], "delivered");
        assert_eq!(ear.got().last().unwrap().header("yinxin-event"), before);
    });
}

#[test]
fn no_redirect_is_followed() {
    each(near, async |server| {
        let stage = Stage::set(server).await;
        deliver(server).await;
        let ear = Obedient::start().await;
        let hook = hook(&stage, &ear.url, &["seal.suspended"]).await;
        ear.answer(&[307]);
        suspend(&stage).await;
        deliver(server).await;
        assert_eq!(ear.got().len(), 1, "nobody asked at the other place");
        let sent = deliveries(&stage.agent, &hook).await;
        assert_eq!((&sent[0]["state"], &sent[0]["last_status"]), (&json!("waiting"), &json!(307)));
    });
}

#[test]
fn events_are_not_sent_into_the_building() {
    each(
        |_| {},
        async |server| {
            let stage = Stage::set(server).await;
            let body = |url: &str| json!({ "name": "示例系统", "url": url, "scope": stage.owner.id });
            for (url, code) in [
                ("https://127.0.0.1:8443/hook", "ADDRESS_FORBIDDEN"),
                ("https://localhost/hook", "ADDRESS_FORBIDDEN"),
                ("https://169.254.169.254/latest", "ADDRESS_FORBIDDEN"),
                ("https://[::ffff:10.0.0.1]/hook", "ADDRESS_FORBIDDEN"),
                ("https://2130706433/hook", "ADDRESS_FORBIDDEN"),
                ("http://receiver.example/hook", "URL_NOT_HTTPS"),
                ("https://user:word@receiver.example/", "URL_CREDENTIALS"),
                ("ftp://receiver.example/hook", "URL"),
            ] {
                let answer = stage.agent.post("/webhooks", body(url)).await;
                assert_eq!(answer.faults(), [("/url".to_owned(), code.to_owned())], "{url}");
            }
            // One that was made when it was allowed: it is looked at again before every try.
            let ear = Obedient::start().await;
            let made = stage.agent.post("/webhooks", body("https://receiver.example/hook")).await.ok();
            let mut tx = server.app.store.begin().await.unwrap();
            let found =
                tx.get::<yinxin_registry::webhook::Webhook>(made["id"].as_str().unwrap()).await.unwrap();
            let mut moved = found.value;
            moved.url.clone_from(&ear.url);
            tx.save(&moved, found.version).await.unwrap();
            tx.commit().await.unwrap();
            stage.agent.post(&format!("{}/test", path(&made)), json!({})).await.ok();
            deliver(server).await;
            assert_eq!(ear.got().len(), 0);
            assert_eq!(deliveries(&stage.agent, &made).await[0]["last_fault"], "ADDRESS_FORBIDDEN");
        },
    );
}
