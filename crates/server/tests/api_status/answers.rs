//! Signed answers.

use crate::support::scene::Scene;
use crate::support::{CITY, Role, for_each_engine, on_sqlite, sample};
use crate::{code_of, stated, status_in};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use serde_json::{Value, json};
use yinxin_formats::pem;
use yinxin_registry::lifecycle::status::whole_second;
use yinxin_server::status::{PublicStatus, feed, verify};
use yinxin_testkit::oracle::Lab;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

#[test]
fn anybody_learns_the_status_of_a_seal_now_and_at_any_time() {
    for_each_engine(async |server| {
        let scene = Scene::set(server).await;
        let owner = scene.owner(11).await;
        let seal = scene.legal_name_seal(&owner).await;
        let code = code_of(&owner.agent, &seal).await;
        let visitor = server.visitor();
        let path = format!("/status/{code}");
        let now = stated(server, &visitor.get(&path).await);
        assert_eq!((now.status, now.code.as_str()), (PublicStatus::Valid, code.as_str()));
        assert!(now.this_update < now.next_update && now.at == now.this_update);
        let told = now.seal.unwrap();
        let full = owner.agent.get(&seal).await.ok();
        assert_eq!(told.owner, sample::unit_name(11));
        assert_eq!(told.kind, "legal_name");
        assert_eq!(json!(told.certificate_serial), full["made"]["certificate_serial"]);
        assert_eq!(now.authority, server.app.authority.party());

        server.advance(HOUR * 10).await;
        let effective_at = server.now() - HOUR * 3;
        let loss = json!({ "reason": "loss", "detail": "载体遗失", "effective_at": effective_at });
        owner.agent.post(&format!("{seal}/report-loss"), loss).await.ok();
        let lost = stated(server, &visitor.get(&path).await);
        assert_eq!((lost.status, lost.since), (PublicStatus::Suspended, Some(whole_second(effective_at))));
        let at = async |ago: SignedDuration| {
            let at = server.now() - ago;
            stated(server, &visitor.get(&format!("{path}?at={at}")).await).status
        };
        assert_eq!(at(HOUR * 4).await, PublicStatus::Valid, "before the loss");
        assert_eq!(at(HOUR * 2).await, PublicStatus::Suspended, "loss counts from when it happened");
        assert_eq!(at(HOUR * 24 * 365).await, PublicStatus::NotInForce, "before it was made");
        let ahead = server.now() + HOUR;
        visitor.get(&format!("{path}?at={ahead}")).await.problem("BAD_REQUEST");
        visitor.get(&format!("{path}?when=now")).await.problem("BAD_REQUEST");

        let since = server.now() - HOUR * 5;
        let void = json!({
            "reason": "false_materials", "detail": "材料经查证系伪造", "effective_at": since, "document": "示决〔2026〕1 号",
        });
        scene.reviewer.step(&seal, "void", void).await.ok();
        assert_eq!(stated(server, &visitor.get(&path).await).since, Some(whole_second(since)));
        assert_eq!(at(HOUR * 4).await, PublicStatus::Void, "from the moment the decision names");
        assert_eq!(at(HOUR * 6).await, PublicStatus::Valid);
    });
}

#[test]
fn an_unknown_code_is_answered_signed_and_nonsense_is_not() {
    for_each_engine(async |server| {
        let visitor = server.visitor();
        let unknown = stated(server, &visitor.get("/status/61010000000000").await);
        assert_eq!((unknown.status, unknown.seal, unknown.since), (PublicStatus::Unknown, None, None));
        assert!(unknown.timeline.is_empty());
        visitor.get("/status/%E5%8D%B0").await.problem("BAD_REQUEST");
        visitor.get(&format!("/status/{}", "1".repeat(65))).await.problem("BAD_REQUEST");
    });
}

#[test]
fn a_seal_that_is_over_by_time_is_expired_without_anybodys_step() {
    for_each_engine(async |server| {
        let scene = Scene::set(server).await;
        let owner = scene.owner(11).await;
        let seal = scene.legal_name_seal(&owner).await;
        let code = code_of(&owner.agent, &seal).await;
        let visitor = server.visitor();
        feed::look(&server.app).await.unwrap();
        let path = format!("/status/{code}");
        let until = stated(server, &visitor.get(&path).await).seal.unwrap().valid_until;
        let left = until.duration_since(server.now());
        server.advance(left - SignedDuration::from_secs(100)).await;
        feed::look(&server.app).await.unwrap();
        let last = stated(server, &visitor.get(&path).await);
        assert_eq!(
            (last.status, last.next_update),
            (PublicStatus::Valid, until),
            "no answer outlives the seal"
        );
        server.advance(SignedDuration::from_secs(101)).await;
        feed::look(&server.app).await.unwrap();
        let over = stated(server, &visitor.get(&path).await);
        assert_eq!((over.status, over.since), (PublicStatus::Expired, Some(until)));
    });
}

#[test]
fn a_seal_for_internal_business_is_unknown_to_all_but_those_who_may_read_it() {
    for_each_engine(async |server| {
        let scene = Scene::set(server).await;
        let owner = scene.owner(11).await;
        let stranger = scene.owner(12).await;
        let mut content = sample::content(11);
        content["internal"] = json!(true);
        let seal = scene.seal_in_force(&owner, content).await;
        let path = format!("/status/{}", code_of(&owner.agent, &seal).await);
        let asked = [&server.visitor(), &stranger.agent];
        for client in asked {
            let hidden = stated(server, &client.get(&path).await);
            assert_eq!((hidden.status, hidden.seal), (PublicStatus::Unknown, None));
            let history = client.get(&format!("{path}/history")).await.ok();
            assert!(history.get("steps").is_none(), "{history}");
        }
        assert_eq!(stated(server, &owner.agent.get(&path).await).status, PublicStatus::Valid);
        assert_eq!(stated(server, &server.visitor().get(&path).await).status, PublicStatus::Unknown);
    });
}

#[test]
fn the_history_names_people_and_reasons_only_to_those_who_may_read_the_seal() {
    for_each_engine(async |server| {
        let scene = Scene::set(server).await;
        let owner = scene.owner(11).await;
        let seal = scene.legal_name_seal(&owner).await;
        let code = code_of(&owner.agent, &seal).await;
        let loss = json!({ "reason": "loss", "detail": "载体遗失" });
        owner.agent.post(&format!("{seal}/report-loss"), loss).await.ok();
        let path = format!("/status/{code}/history");
        let public = server.visitor().get(&path).await;
        let statement: Value =
            serde_json::from_str(public.ok()["answer"]["statement"].as_str().unwrap()).unwrap();
        let line: Vec<&str> =
            statement["timeline"].as_array().unwrap().iter().map(|s| s["status"].as_str().unwrap()).collect();
        assert_eq!(line, ["valid", "suspended"]);
        assert!(public.ok().get("steps").is_none() && !public.text().contains("遗失"));
        let supervisor = server.account(Role::Supervisor, Some(CITY)).await;
        for client in [&owner.agent, &supervisor] {
            let full = client.get(&path).await.ok();
            assert!(full["steps"].as_array().unwrap().iter().any(|s| s["event"] == "suspend"), "{full}");
        }
        let stranger = scene.owner(12).await;
        assert!(stranger.agent.get(&path).await.ok().get("steps").is_none());
    });
}

#[test]
fn a_nonce_comes_back_in_an_answer_made_anew_and_a_tag_saves_the_body() {
    for_each_engine(async |server| {
        let scene = Scene::set(server).await;
        let owner = scene.owner(11).await;
        let seal = scene.legal_name_seal(&owner).await;
        let path = format!("/status/{}", code_of(&owner.agent, &seal).await);
        let visitor = server.visitor();
        feed::look(&server.app).await.unwrap();
        let first = visitor.get(&path).await;
        assert_eq!(first.header("cache-control"), "public, no-cache");
        assert_eq!(visitor.get(&path).await.body, first.body, "from memory");
        assert_eq!(server.app.statuses.len(), 1);
        let tag = first.header("etag").to_owned();
        let target = format!("/api/v1{path}");
        let same = visitor.send("GET", &target, &[("if-none-match", &tag)], Vec::new()).await;
        assert_eq!((same.status.as_u16(), same.body.len()), (304, 0));
        let head = visitor.send("HEAD", &target, &[], Vec::new()).await;
        assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
        let fresh = visitor.get(&format!("{path}?nonce=abc-123")).await;
        assert_eq!(stated(server, &fresh).nonce.as_deref(), Some("abc-123"));
        assert_ne!(fresh.body, first.body);
        visitor.get(&format!("{path}?nonce=a%20b")).await.problem("BAD_REQUEST");
        visitor.send("POST", &target, &[], Vec::new()).await.problem("METHOD_NOT_ALLOWED");
    });
}

#[test]
fn openssl_verifies_an_answer_and_refuses_it_bent() {
    on_sqlite(async |server| {
        let answer = server.visitor().get("/status/61010000000000").await;
        let envelope = answer.ok();
        let lab = Lab::new("status-openssl");
        let text = |name: &str| envelope[name].as_str().unwrap();
        let certificate = STANDARD.decode(envelope["certificates"][0].as_str().unwrap()).unwrap();
        lab.write("authority.pem", pem::encode("CERTIFICATE", &certificate));
        lab.write("statement.txt", text("statement"));
        lab.write("bent.txt", text("statement").replace("unknown", "valid"));
        lab.write("signature.der", STANDARD.decode(text("signature")).unwrap());
        let key = lab.openssl(&["x509", "-in", "authority.pem", "-pubkey", "-noout"]);
        lab.write("key.pem", key);
        let verify = |file: &str| {
            let id = "distid:1234567812345678";
            lab.run(
                "openssl",
                &["dgst", "-sm3", "-verify", "key.pem", "-sigopt", id, "-signature", "signature.der", file],
            )
        };
        assert!(verify("statement.txt").0, "{}", verify("statement.txt").1);
        assert!(!verify("bent.txt").0);
    });
}

#[test]
fn what_was_not_signed_by_a_named_authority_or_was_bent_is_refused() {
    on_sqlite(async |server| {
        let answer = server.visitor().get("/status/61010000000000").await;
        let facts = server.app.authority.trust();
        let (good, other) = (
            server.app.authority.signing().certificate.clone(),
            server.app.authority.signing().chain[0].clone(),
        );
        let now = server.now();
        let fault = |bytes: &[u8], signer, at| {
            verify::answer(bytes, std::slice::from_ref(signer), &facts, at).unwrap_err().code()
        };
        assert_eq!(fault(&answer.body, &other, now), "STATUS_SIGNER");
        assert_eq!(fault(&answer.body, &good, now - HOUR), "STATUS_TIME");
        let mut envelope = answer.ok();
        let bent = envelope["statement"].as_str().unwrap().replace("unknown", "valid");
        envelope["statement"] = json!(bent);
        assert_eq!(fault(envelope.to_string().as_bytes(), &good, now), "STATUS_SIGNATURE");
        assert_eq!(fault(b"{}", &good, now), "STATUS_MALFORMED");
        let list = server.visitor().get("/status-list").await;
        assert_eq!(fault(&list.body, &good, now), "STATUS_FORMAT");
        let nobody = yinxin_seal::TrustFacts::default();
        let unanchored = verify::answer(&answer.body, std::slice::from_ref(&good), &nobody, now);
        assert_eq!(unanchored.unwrap_err().code(), "STATUS_CERTIFICATE");
    });
}

#[test]
fn who_asks_too_often_waits() {
    let change = |config: &mut yinxin_server::config::Config| {
        config.security.requests_per_second = 1;
        config.security.request_burst = 3;
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let server = crate::support::Server::start_with(crate::support::Engine::Sqlite, change).await;
        let visitor = server.visitor();
        for _ in 0..3 {
            assert_eq!(status_in(&visitor.get("/status/6101").await), "unknown");
        }
        let limited = visitor.get("/status/6101").await;
        limited.problem("RATE_LIMITED");
        assert!(limited.header("retry-after").parse::<u32>().unwrap() >= 1);
    });
}
