//! Mails, to a mail server that is not ours.

use crate::hearers::{deliver, each, mail_server};
use crate::support::scene::Scene;
use crate::support::{Client, Server, sample};
use jiff::SignedDuration;
use serde_json::json;
use yinxin_server::config::{Config, MailSecurity};
use yinxin_server::outbound::check_relay;

fn relay(config: &mut Config, port: u16) {
    config.mail.host = Some("127.0.0.1".to_owned());
    config.mail.port = Some(port);
    config.mail.security = MailSecurity::None;
    config.mail.from = Some("seal@registry.example".to_owned());
    config.public_url = Some("https://registry.example".to_owned());
}

async fn with_address(who: &Client, address: &str) {
    let set = who.post("/session/email", json!({ "email": address })).await.ok();
    assert_eq!(set["email"], format!("{}***@{}", &address[..1], address.split_once('@').unwrap().1));
}

async fn failed(server: &Server) -> Vec<serde_json::Value> {
    let list = server.admin("system").await.get("/failed-mails").await.ok();
    list["items"].as_array().unwrap().clone()
}

#[test]
fn who_has_an_address_gets_a_mail_that_names_no_person() {
    let post = mail_server(None);
    each(
        |config| relay(config, post.port),
        async |server| {
            let before = post.heard().len();
            check_relay(&server.app.config.mail).await.unwrap().unwrap();
            let scene = Scene::set(server).await;
            with_address(&scene.reviewer, "reviewer@city.example").await;
            let owner = scene.owner(51).await;
            let application = owner.submitted(sample::content(51)).await;
            assert_eq!(deliver(server).await, 1, "one person has an address");
            let mail = &post.hear(before + 1)[before];
            assert_eq!(
                (&mail["from"], &mail["to"]),
                (&json!("seal@registry.example"), &json!(["reviewer@city.example"]))
            );
            assert_eq!(mail["subject"], "[印信] 有新的申请待审核 · An application waits for a decision");
            assert_eq!(mail["defects"], json!([]));
            let text = mail["text"].as_str().unwrap();
            let shown = scene.reviewer.get(&application).await.ok();
            let notice = scene.reviewer.get("/notices").await.ok()["items"][0].clone();
            assert!(text.contains(shown["number"].as_str().unwrap()), "{text}");
            let link = format!("https://registry.example/api/v1/notices/{}", notice["id"].as_str().unwrap());
            assert!(text.contains(&link) && text.contains("Deadline"), "{text}");
            let id = format!("<{}@registry.example>", notice["id"].as_str().unwrap());
            assert_eq!(mail["head"]["Message-ID"], id, "sent twice, it is known again");
            let whole = mail.to_string();
            for personal in ["示例人员", &sample::unit_name(51), &sample::id_number(51)] {
                assert!(!whole.contains(personal), "{personal}: {whole}");
            }
            // The address is encrypted where it is kept, and shown masked.
            let security = server.admin("security").await;
            let account = format!("/accounts/{}", scene.reviewer.id);
            let shown = security.get(&account).await;
            assert_eq!(shown.ok()["email"], "r***@city.example");
            assert_eq!(scene.reviewer.get("/session").await.ok()["account"]["email"], "r***@city.example");
            let log = server.admin("audit").await.get("/audit?limit=200").await;
            assert!(!log.text().contains("reviewer@city"), "not in the audit log");
            security.post_at(shown.version(), &format!("{account}/email"), json!({})).await.ok();
            let other = scene.owner(52).await;
            other.submitted(sample::content(52)).await;
            assert_eq!(deliver(server).await, 0, "nobody has an address any more");
            assert_eq!(scene.reviewer.get("/notices").await.ok()["unread"], 2);
        },
    );
}

#[test]
fn an_address_is_checked_and_only_ones_own_or_a_security_administrators_to_set() {
    each(
        |_| {},
        async |server| {
            let scene = Scene::set(server).await;
            for bad in ["one", "one@unit", "one@unit.example\r\nBcc: x@y.example", "一@unit.example"] {
                let answer = scene.reviewer.post("/session/email", json!({ "email": bad })).await;
                assert_eq!(answer.faults(), [("/email".to_owned(), "EMAIL".to_owned())], "{bad}");
            }
            let account = format!("/accounts/{}/email", scene.filer.id);
            let body = json!({ "email": "filer@city.example" });
            scene.reviewer.post_at(1, &account, body.clone()).await.problem("FORBIDDEN");
            server.admin("system").await.post_at(1, &account, body.clone()).await.problem("FORBIDDEN");
            let security = server.admin("security").await;
            let own = format!("/accounts/{}", security.id);
            let version = security.get(&own).await.version();
            security.post_at(version, &format!("{own}/email"), body.clone()).await.problem("FORBIDDEN");
            security.post_at(1, &account, body).await.problem("PRECONDITION_FAILED");
            scene.reviewer.get("/failed-mails").await.problem("FORBIDDEN");
            // No relay, no mails: the notice is there all the same.
            with_address(&scene.reviewer, "reviewer@city.example").await;
            let owner = scene.owner(53).await;
            owner.submitted(sample::content(53)).await;
            assert_eq!(deliver(server).await, 0);
            assert_eq!(scene.reviewer.get("/notices").await.ok()["unread"], 1);
        },
    );
}

#[test]
fn a_mailbox_that_is_not_there_is_given_up_and_seen_by_system_administrators() {
    let post = mail_server(Some("550 5.1.1 no such mailbox"));
    each(
        |config| relay(config, post.port),
        async |server| {
            let scene = Scene::set(server).await;
            with_address(&scene.reviewer, "nobody@city.example").await;
            let owner = scene.owner(54).await;
            owner.submitted(sample::content(54)).await;
            assert_eq!(deliver(server).await, 1);
            let listed = failed(server).await;
            assert_eq!(
                (listed.len(), &listed[0]["fault"], &listed[0]["attempts"]),
                (1, &json!("SMTP_550"), &json!(1))
            );
            assert!(!listed[0].to_string().contains("nobody"), "no address in the list");
            let retry = format!("/failed-mails/{}/retry", listed[0]["id"].as_str().unwrap());
            let system = server.admin("system").await;
            scene.reviewer.post(&retry, json!({})).await.problem("FORBIDDEN");
            system.post(&retry, json!({})).await.ok();
            assert_eq!(failed(server).await.len(), 0);
            system.post(&retry, json!({})).await.problem("STATE_CONFLICT");
            assert_eq!(deliver(server).await, 1);
            assert_eq!(failed(server).await.len(), 1, "still not there");
        },
    );
}

#[test]
fn a_relay_that_is_down_is_tried_for_two_days_and_one_without_tls_is_never_sent_a_mail() {
    let plain = mail_server(None);
    each(
        |config| {
            relay(config, plain.port);
            config.mail.security = MailSecurity::Starttls;
        },
        async |server| {
            assert!(check_relay(&server.app.config.mail).await.unwrap().is_err(), "it has no STARTTLS");
            let scene = Scene::set(server).await;
            with_address(&scene.reviewer, "reviewer@city.example").await;
            let owner = scene.owner(55).await;
            owner.submitted(sample::content(55)).await;
            assert_eq!(deliver(server).await, 1);
            assert_eq!(deliver(server).await, 0, "not at once again");
            server.advance(SignedDuration::from_secs(31)).await;
            assert_eq!(deliver(server).await, 1);
            assert_eq!(failed(server).await.len(), 0);
            server.advance(SignedDuration::from_hours(49)).await;
            deliver(server).await;
            assert_eq!(failed(server).await.len(), 1);
            assert_eq!(plain.heard().len(), 0, "nothing went out in clear");
        },
    );
}
