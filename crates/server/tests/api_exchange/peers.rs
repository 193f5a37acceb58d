//! Other systems are proposed, confirmed by a second person, stopped; and their lists are taken up or refused.

use crate::neighbor::{confirm, elsewhere, encoded, proposed, recognized, take_up, terms, trust_list};
use crate::support::{CITY, Engine, Role, Server, for_each_engine, on_sqlite};
use jiff::SignedDuration;
use serde_json::{Value, json};
use yinxin_seal::TrustFacts;

/// A reason.
fn reason() -> Value {
    json!({ "reason": "对方签名密钥疑似泄露" })
}

#[test]
fn a_system_is_proposed_by_one_administrator_and_confirmed_by_another() {
    for_each_engine(async |server| {
        let there = Server::start_with(Engine::Sqlite, elsewhere).await;
        let (system, security) = (server.admin("system").await, server.admin("security").await);
        let peer = proposed(server, &there).await;
        let read = security.get(&peer).await.ok();
        assert_eq!((&read["state"], &read["state_zh"]), (&json!("proposed"), &json!("待确认")));
        // Neither does the part of the other.
        let digest = json!({ "digest": read["digest"] });
        system.step(&peer, "confirm", digest).await.problem("FORBIDDEN");
        security.post("/peers", terms(&there)).await.problem("FORBIDDEN");
        let other = json!({ "digest": "0".repeat(64) });
        let refused = security.step(&peer, "confirm", other).await;
        assert_eq!(refused.problem("CONFLICT")["rule"], "DIGEST_DIFFERS");
        let confirmed = confirm(server, &peer).await.ok();
        assert_eq!(confirmed["state"], "confirmed");
        assert_ne!(confirmed["proposed_by"], confirmed["confirmed_by"]);
        confirm(server, &peer).await.problem("STATE_CONFLICT");
        // The code is taken as long as it has not ended.
        system.post("/peers", terms(&there)).await.problem("DUPLICATE");

        // Either stops it at once; only the second person lets it go on.
        system.step(&peer, "suspend", reason()).await.ok();
        system.step(&peer, "resume", reason()).await.problem("FORBIDDEN");
        security.step(&peer, "resume", reason()).await.ok();
        let ended = security.step(&peer, "end", reason()).await.ok();
        let events: Vec<&str> =
            ended["history"].as_array().unwrap().iter().map(|step| step["event"].as_str().unwrap()).collect();
        assert_eq!(events, ["propose", "confirm", "suspend", "resume", "end"]);
        proposed(server, &there).await;
        let listed = system.get("/peers?state=proposed").await.ok();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);

        // Who has no part in it learns nothing, and both administrators are told.
        let reviewer = server.account(Role::IssuingReviewer, Some(CITY)).await;
        reviewer.get(&peer).await.problem("FORBIDDEN");
        reviewer.get("/peers").await.problem("FORBIDDEN");
        server.visitor().get("/peers").await.problem("UNAUTHENTICATED");
        server.tick().await;
        for administrator in [&system, &security] {
            let notices = administrator.get("/notices?limit=200").await.ok();
            let kinds: Vec<&Value> =
                notices["items"].as_array().unwrap().iter().map(|notice| &notice["kind"]).collect();
            for kind in ["peer.proposed", "peer.confirmed", "peer.suspended", "peer.resumed", "peer.ended"] {
                assert!(kinds.contains(&&json!(kind)), "{kind}: {kinds:?}");
            }
        }
        let id = peer.rsplit('/').next().unwrap();
        let log = server.admin("audit").await.get(&format!("/audit?subject={id}&limit=200")).await.ok();
        let actions: Vec<&str> =
            log["items"].as_array().unwrap().iter().map(|row| row["action"].as_str().unwrap()).collect();
        for action in ["peer.propose", "peer.confirm", "peer.suspend", "peer.resume", "peer.end"] {
            assert!(actions.contains(&action), "{action}: {actions:?}");
        }
    });
}

#[test]
fn terms_that_name_no_roots_or_no_keys_for_signatures_are_refused() {
    on_sqlite(async |server| {
        let there = Server::start_with(Engine::Sqlite, elsewhere).await;
        let system = server.admin("system").await;
        let signer = encoded(&there.app.authority.signing().certificate);
        let refused = async |change: &dyn Fn(&mut Value)| {
            let mut body = terms(&there);
            change(&mut body);
            system.post("/peers", body).await.faults()
        };
        let fault = |pointer: &str, code: &str| vec![(pointer.to_owned(), code.to_owned())];
        let got = refused(&|body| body["anchors"] = json!([signer])).await;
        assert_eq!(got, fault("/anchors/0", "NOT_A_ROOT"));
        let got = refused(&|body| body["anchors"] = json!([])).await;
        assert_eq!(got, fault("/anchors", "COUNT"));
        let got = refused(&|body| body["certificates"] = json!(["AAAA"])).await;
        assert_eq!(got, fault("/certificates/0", "BAD_VALUE"));
        let got = refused(&|body| body["code"] = json!("610100")).await;
        assert_eq!(got, fault("/code", "OWN_CODE"));
        let got = refused(&|body| body["code"] = json!("示例")).await;
        assert_eq!(got, fault("/code", "CODE"));
        let got = refused(&|body| body["status_url"] = json!("http://10.0.0.1/")).await;
        assert_eq!(got, fault("/status_url", "ADDRESS_FORBIDDEN"));
    });
}

#[test]
fn a_list_is_taken_up_only_signed_in_date_newer_and_from_a_confirmed_system() {
    for_each_engine(async |server| {
        let there = Server::start_with(Engine::Sqlite, elsewhere).await;
        let peer = proposed(server, &there).await;
        let list = trust_list(&there).await;
        take_up(server, &peer, &list).await.problem("STATE_CONFLICT");
        confirm(server, &peer).await.ok();
        let fault = |answer: crate::support::Answer| answer.faults()[0].1.clone();
        let mut bent = list.clone();
        bent["statement"] =
            json!(list["statement"].as_str().unwrap().replace("\"number\":1", "\"number\":9"));
        assert_eq!(fault(take_up(server, &peer, &bent).await), "STATUS_SIGNATURE");
        let own = trust_list(server).await;
        assert_eq!(fault(take_up(server, &peer, &own).await), "STATUS_SIGNER");
        // A status answer of the same authority, signed by the same key, is no list.
        let answer = there.visitor().get("/status/61010000000000").await.ok();
        assert_eq!(fault(take_up(server, &peer, &answer).await), "STATUS_FORMAT");

        let taken = take_up(server, &peer, &list).await.ok();
        assert_eq!((&taken["number"], &taken["counts"]), (&json!(1), &json!(true)));
        assert_eq!(taken["unconfirmed_anchors"], 0);
        assert_eq!(take_up(server, &peer, &list).await.problem("CONFLICT")["rule"], "LIST_OLDER");
        let security = server.admin("security").await;
        security.post(&format!("{peer}/trust-list"), list.clone()).await.problem("FORBIDDEN");

        // A root that nobody confirmed does not come in by a list.
        let mut trust = TrustFacts::clone(&there.app.authority.trust());
        trust.anchors.extend(server.app.authority.trust().anchors.iter().cloned());
        there.app.authority.set_trust(trust);
        there.advance(SignedDuration::from_secs(6)).await;
        let mut trust = TrustFacts::clone(&there.app.authority.trust());
        trust.anchors.extend(server.app.authority.trust().anchors.iter().cloned());
        there.app.authority.set_trust(trust);
        let wider = take_up(server, &peer, &trust_list(&there).await).await.ok();
        assert_eq!((&wider["number"], &wider["unconfirmed_anchors"]), (&json!(2), &json!(1)));

        // Who runs the registry is told in time.
        server.advance_days(6).await;
        server.tick().await;
        let notices = server.admin("system").await.get("/notices?limit=200").await.ok();
        let told = notices["items"].as_array().unwrap().iter().filter(|one| one["kind"] == "peer.list_ends");
        assert_eq!(told.count(), 1, "of the list that counts, not of the one before: {notices}");

        // One that ran out comes too late.
        let late = trust_list(&there).await;
        server.advance_days(2).await;
        assert_eq!(take_up(server, &peer, &late).await.problem("CONFLICT")["rule"], "LIST_OVER");
        let shown = server.admin("audit").await.get(&peer).await.ok();
        assert_eq!(
            (&shown["trust_list"]["number"], &shown["trust_list"]["counts"]),
            (&json!(2), &json!(false))
        );
    });
}

#[test]
fn a_system_whose_certificates_lead_to_other_roots_brings_no_list() {
    on_sqlite(async |server| {
        let there = Server::start_with(Engine::Sqlite, elsewhere).await;
        let mut body = terms(&there);
        body["anchors"] = json!(server.app.authority.trust().anchors.iter().map(encoded).collect::<Vec<_>>());
        let made = server.admin("system").await.post("/peers", body).await.ok();
        let peer = format!("/peers/{}", made["id"].as_str().unwrap());
        confirm(server, &peer).await.ok();
        let refused = take_up(server, &peer, &trust_list(&there).await).await;
        assert_eq!(refused.faults()[0].1, "STATUS_CERTIFICATE");
        let system = server.admin("system").await;
        system.step(&peer, "end", reason()).await.ok();
        recognized(server, &there).await;
    });
}
