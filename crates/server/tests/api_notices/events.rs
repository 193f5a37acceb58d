//! Events to programs: signed, in order, once each, ever again until they are taken.

use crate::hearers::{Obedient, deliver, each, near, receiver};
use crate::stage::Stage;
use crate::support::{Client, Server};
use jiff::SignedDuration;
use serde_json::{Value, json};
use yinxin_server::outbound::{self, signed_text};
use yinxin_testkit::oracle::Lab;

/// A webhook for the unit of the stage, made by its agent; the webhook with its secret.
pub async fn hook(stage: &Stage<'_>, url: &str, events: &[&str]) -> Value {
    let body = json!({ "name": "示例系统", "url": url, "scope": stage.owner.id, "events": events });
    stage.agent.post("/webhooks", body).await.ok()
}

pub fn path(hook: &Value) -> String {
    format!("/webhooks/{}", hook["id"].as_str().unwrap())
}

pub async fn deliveries(who: &Client, hook: &Value) -> Vec<Value> {
    let listed = who.get(&format!("{}/deliveries?limit=200", path(hook))).await.ok();
    listed["items"].as_array().unwrap().iter().rev().cloned().collect()
}

pub async fn suspend(stage: &Stage<'_>) {
    let body = json!({ "reason": "authority", "detail": "依法暂停使用", "document": "示停〔2026〕1 号" });
    stage.scene.reviewer.step(&stage.seal, "suspend", body).await.ok();
}

pub async fn resume(stage: &Stage<'_>) {
    let body = json!({ "reason": "核实无误，恢复使用", "document": "示停〔2026〕2 号" });
    stage.scene.reviewer.step(&stage.seal, "resume", body).await.ok();
}

#[test]
fn the_example_receiver_believes_what_the_registry_sends_and_nothing_else() {
    each(near, async |server| {
        let stage = Stage::set(server).await;
        deliver(server).await;
        // The port is known before the secret is, as in an installation.
        let waiting = receiver(server, &[(1, "not the secret")], None);
        let url = format!("http://127.0.0.1:{}/yinxin", waiting.port);
        let hook = hook(&stage, &url, &[]).await;
        let secret = hook["secret"].as_str().unwrap().to_owned();
        suspend(&stage).await;
        deliver(server).await;
        let sent = deliveries(&stage.agent, &hook).await;
        assert_eq!((&sent[0]["state"], &sent[0]["last_status"]), (&json!("waiting"), &json!(401)));
        assert!(waiting.said().contains(&"refused: signature".to_owned()), "{:?}", waiting.said());
        assert_eq!(waiting.heard(), Vec::<Value>::new());
        let port = waiting.port;
        drop(waiting);
        server.advance(SignedDuration::from_secs(15)).await;
        let right = crate::hearers::receiver_at(server, port, &[(1, &secret)], None);
        assert_eq!(deliver(server).await, 1);
        let heard = right.hear(1);
        let seal = stage.agent.get(&stage.seal).await.ok();
        let event = &heard[0];
        assert_eq!(
            (&event["event"], &event["subject"], &event["seal_code"], &event["from"], &event["to"]),
            (&json!("seal.suspended"), &seal["id"], &seal["code"], &json!("active"), &json!("suspended"))
        );
        assert_eq!((&event["sequence"], &event["id"]), (&json!(1), &sent[0]["event"]));
        let words = event.to_string();
        assert!(!words.contains("示例") && !words.contains("依法"), "no person, no reason: {words}");
        let sent = deliveries(&stage.agent, &hook).await;
        assert_eq!((&sent[0]["state"], &sent[0]["attempts"]), (&json!("delivered"), &json!(2)));

        // What is tried out is signed as anything else.
        stage.agent.post(&format!("{}/test", path(&hook)), json!({})).await.ok();
        deliver(server).await;
        assert_eq!(right.hear(2)[1]["event"], "webhook.test");
    });
}

#[test]
fn openssl_verifies_the_authoritys_signature_without_a_shared_secret() {
    each(near, async |server| {
        let stage = Stage::set(server).await;
        let ear = Obedient::start().await;
        let hook = hook(&stage, &ear.url, &["seal.suspended"]).await;
        suspend(&stage).await;
        deliver(server).await;
        let got = ear.got().pop().unwrap();
        let (stamp, event) = (got.header("yinxin-timestamp"), got.header("yinxin-event"));
        assert_eq!(got.json()["id"], event);
        assert_eq!(got.header("yinxin-key"), format!("{}/1", hook["id"].as_str().unwrap()));
        let text = signed_text(stamp.parse().unwrap(), event, &got.body);
        let lab = Lab::new("event");
        lab.write("text", &text);
        let signature = got.header("yinxin-authority-signature").strip_prefix("sm2-sm3=").unwrap();
        lab.write("signature", hex::decode(signature).unwrap());
        let signing = server.app.authority.signing();
        assert_eq!(got.header("yinxin-authority-certificate"), hex::encode(signing.certificate.sm3()));
        lab.write("certificate.der", signing.certificate.raw());
        lab.openssl(&[
            "x509",
            "-inform",
            "DER",
            "-in",
            "certificate.der",
            "-pubkey",
            "-noout",
            "-out",
            "key.pem",
        ]);
        let verify = |file: &str| {
            let args = [
                "dgst",
                "-sm3",
                "-verify",
                "key.pem",
                "-sigopt",
                "distid:1234567812345678",
                "-signature",
                "signature",
                file,
            ];
            lab.run("openssl", &args).0
        };
        assert!(verify("text"), "OpenSSL verifies it");
        lab.write("other", text.replace("seal.suspended", "seal.void"));
        assert!(!verify("other"), "and nothing else");
        // The shared secret, by OpenSSL too.
        let key = format!("key:{}", hook["secret"].as_str().unwrap());
        let mac = lab.openssl(&["dgst", "-sm3", "-mac", "HMAC", "-macopt", &key, "text"]);
        let sent = got.header("yinxin-signature").strip_prefix("hmac-sm3=").unwrap();
        assert!(mac.trim().ends_with(sent), "{mac} {sent}");
    });
}

#[test]
fn events_of_a_seal_keep_their_order_and_hold_up_no_other_seal() {
    each(near, async |server| {
        let stage = Stage::set(server).await;
        deliver(server).await;
        let other = stage.scene.seal_in_force(&stage.owner, crate::support::sample::content(11)).await;
        deliver(server).await;
        let ear = Obedient::start().await;
        let hook = hook(&stage, &ear.url, &["seal.suspended", "seal.active", "seal.canceled"]).await;
        ear.answer(&[500, 503]);
        suspend(&stage).await;
        resume(&stage).await;
        suspend(&stage).await;
        assert_eq!(deliver(server).await, 1, "the second waits for the first");
        let of_seal = |got: &[crate::hearers::Got]| -> Vec<(u64, String)> {
            let seal = json!(stage.seal.rsplit('/').next().unwrap());
            let events = got.iter().map(crate::hearers::Got::json).filter(|event| event["seal"] == seal);
            events.map(|e| (e["sequence"].as_u64().unwrap(), e["to"].as_str().unwrap().to_owned())).collect()
        };
        let suspended =
            json!({ "reason": "authority", "detail": "依法暂停使用", "document": "示停〔2026〕3 号" });
        stage.scene.reviewer.step(&other, "suspend", suspended).await.ok();
        assert_eq!(deliver(server).await, 1, "another seal goes on");
        server.advance(SignedDuration::from_secs(11)).await;
        deliver(server).await;
        let first = (1, "suspended".to_owned());
        assert_eq!(of_seal(&ear.got())[..2], [first.clone(), first.clone()], "tried again before the next");
        for _ in 0..3 {
            server.advance(SignedDuration::from_secs(60)).await;
            deliver(server).await;
        }
        let mut seen = of_seal(&ear.got());
        seen.dedup();
        assert_eq!(seen, [first, (2, "active".to_owned()), (3, "suspended".to_owned())]);
        let ids: Vec<Value> = ear.got().iter().map(|got| got.json()["id"].clone()).collect();
        let sent = deliveries(&stage.agent, &hook).await;
        assert!(
            sent.iter().all(|one| one["state"] == "delivered" && ids.contains(&one["event"])),
            "{sent:?}"
        );
        assert_eq!(sent.len(), 4);
    });
}

#[test]
fn a_receiver_that_is_down_for_a_day_gets_everything_and_takes_it_once() {
    each(near, async |server| {
        let stage = Stage::set(server).await;
        deliver(server).await;
        let folder = tempfile::tempdir().unwrap();
        let seen = folder.path().join("seen");
        let up = receiver(server, &[(1, "?")], Some(&seen));
        let (port, url) = (up.port, format!("http://127.0.0.1:{}/yinxin", up.port));
        drop(up);
        let hook = hook(&stage, &url, &[]).await;
        let secret = hook["secret"].as_str().unwrap().to_owned();
        suspend(&stage).await;
        resume(&stage).await;
        for _ in 0..25 {
            deliver(server).await;
            server.advance(SignedDuration::from_hours(1)).await;
        }
        let sent = deliveries(&stage.agent, &hook).await;
        assert_eq!((&sent[0]["state"], &sent[0]["last_fault"]), (&json!("waiting"), &json!("UNREACHABLE")));
        assert!(sent[0]["attempts"].as_u64().unwrap() >= 20, "{}", sent[0]);
        assert_eq!(sent[1]["attempts"], 0, "the second was not sent before the first");
        server.advance(SignedDuration::from_hours(1)).await;
        let up = crate::hearers::receiver_at(server, port, &[(1, &secret)], Some(&seen));
        deliver(server).await;
        let order: Vec<Value> = up.hear(2).iter().map(|event| event["to"].clone()).collect();
        assert_eq!(order, [json!("suspended"), json!("active")]);

        // Sent once more after a crash, it is the same event, and taken no second time: not even by a receiver that was started anew.
        drop(up);
        let up = crate::hearers::receiver_at(server, port, &[(1, &secret)], Some(&seen));
        let id = sent[0]["id"].as_str().unwrap();
        again(server, id).await;
        deliver(server).await;
        let until = std::time::Instant::now() + std::time::Duration::from_secs(10);
        while !up.said().iter().any(|word| word.starts_with("again:")) {
            assert!(std::time::Instant::now() < until, "{:?}", up.said());
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        assert_eq!(up.heard(), Vec::<Value>::new());
    });
}

/// Has a delivery sent again, as after a crash between the answer and the commit.
async fn again(server: &Server, delivery: &str) {
    use yinxin_registry::webhook::{Delivery, DeliveryState};
    let mut tx = server.app.store.begin().await.unwrap();
    let found = tx.get::<Delivery>(delivery).await.unwrap();
    let mut one = found.value;
    one.state = DeliveryState::Waiting;
    one.settled_at = None;
    one.tried_from = server.now();
    tx.save(&one, found.version).await.unwrap();
    let now = server.now();
    let job = yinxin_store::NewJob {
        id: yinxin_registry::ids::JobId::new(now, &mut server.app.rng()).as_str().to_owned(),
        queue: "webhook".to_owned(),
        kind: "webhook".to_owned(),
        subject: "again".to_owned(),
        payload: json!({ "delivery": delivery }).to_string(),
        run_at: now,
    };
    tx.add_jobs(&[job], now).await.unwrap();
    tx.commit().await.unwrap();
}

#[test]
fn a_process_that_died_while_sending_sends_the_same_event_again() {
    each(near, async |server| {
        let stage = Stage::set(server).await;
        deliver(server).await;
        let ear = Obedient::start().await;
        let hook = hook(&stage, &ear.url, &["seal.suspended"]).await;
        ear.answer(&[0]);
        suspend(&stage).await;
        server.tick().await;
        // The receiver has it and does not answer: here the process dies.
        let dying = outbound::tick(&server.app, server.now());
        assert!(tokio::time::timeout(std::time::Duration::from_millis(700), dying).await.is_err());
        assert_eq!(ear.got().len(), 1);
        assert_eq!(deliver(server).await, 0, "another worker leaves it alone while the lease lasts");
        server.advance(SignedDuration::from_secs(61)).await;
        assert_eq!(deliver(server).await, 1);
        let got = ear.got();
        assert_eq!((got.len(), got[0].header("yinxin-event")), (2, got[1].header("yinxin-event")));
        assert_eq!(got[0].body, got[1].body);
        assert_eq!(deliveries(&stage.agent, &hook).await[0]["state"], "delivered");
    });
}

#[test]
fn two_workers_send_an_event_once() {
    each(near, async |server| {
        let stage = Stage::set(server).await;
        deliver(server).await;
        let ear = Obedient::start().await;
        hook(&stage, &ear.url, &["seal.suspended"]).await;
        suspend(&stage).await;
        server.tick().await;
        let now = server.now();
        let (one, other) = tokio::join!(outbound::tick(&server.app, now), outbound::tick(&server.app, now));
        assert_eq!(one.unwrap() + other.unwrap(), 1);
        assert_eq!(ear.got().len(), 1);
    });
}
