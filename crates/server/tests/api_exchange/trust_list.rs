//! The list this authority signs.

use crate::neighbor::{elsewhere, recognized, trust_list};
use crate::support::scene::Scene;
use crate::support::{Answer, Engine, Server, for_each_engine, on_sqlite};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use serde_json::{Value, json};
use yinxin_formats::pem;
use yinxin_testkit::oracle::Lab;

#[track_caller]
fn statement(envelope: &Value) -> Value {
    serde_json::from_str(envelope["statement"].as_str().unwrap()).unwrap()
}

fn number(list: &Value) -> i64 {
    list["number"].as_i64().unwrap()
}

async fn read(server: &Server) -> (Answer, Value) {
    // What was served is served again for some seconds.
    server.advance(SignedDuration::from_secs(6)).await;
    let answer = server.visitor().get("/trust-list").await;
    let said = statement(&answer.ok());
    (answer, said)
}

#[test]
fn openssl_verifies_the_trust_list_and_refuses_it_bent() {
    on_sqlite(async |server| {
        let envelope = trust_list(server).await;
        let text = |name: &str| envelope[name].as_str().unwrap();
        let lab = Lab::new("trust-list-openssl");
        let certificate = STANDARD.decode(envelope["certificates"][0].as_str().unwrap()).unwrap();
        lab.write("authority.pem", pem::encode("CERTIFICATE", &certificate));
        lab.write("statement.txt", text("statement"));
        lab.write("bent.txt", text("statement").replace("\"number\":1", "\"number\":2"));
        lab.write("signature.der", STANDARD.decode(text("signature")).unwrap());
        lab.write("key.pem", lab.openssl(&["x509", "-in", "authority.pem", "-pubkey", "-noout"]));
        let verify = |file: &str| {
            let id = "distid:1234567812345678";
            lab.run(
                "openssl",
                &["dgst", "-sm3", "-verify", "key.pem", "-sigopt", id, "-signature", "signature.der", file],
            )
        };
        assert!(verify("statement.txt").0, "{}", verify("statement.txt").1);
        assert!(text("statement").contains("\"number\":1") && !verify("bent.txt").0);
    });
}

#[test]
fn the_list_names_roots_makers_and_services_and_its_number_grows_when_something_changes() {
    for_each_engine(async |server| {
        let answer = server.visitor().get("/trust-list").await;
        let first = statement(&answer.ok());
        assert_eq!((&first["number"], &first["makers"]), (&json!(1), &json!([])));
        assert_eq!(answer.header("etag"), "\"1\"");
        assert_eq!(answer.header("cache-control"), "public, no-cache", "asked again each time, by its tag");
        assert_eq!(server.visitor().get("/trust-list").await.body, answer.body, "nothing changed");
        let headers = [("if-none-match", "\"1\"")];
        let unchanged = server.visitor().send("GET", "/api/v1/trust-list", &headers, Vec::new()).await;
        assert_eq!(unchanged.status.as_u16(), 304);

        let scene = Scene::set(server).await;
        let (_, second) = read(server).await;
        assert!(number(&second) > number(&first), "a maker with its certificate: {second}");
        let maker = &second["makers"][0];
        assert_eq!((&maker["state"], &maker["area"]), (&json!("active"), &json!("610100")));
        assert!(maker["license"]["number"].as_str().unwrap().contains("示例公特"));
        let shown = scene.operator.get(&format!("/makers/{}", scene.maker)).await.ok();
        assert_eq!(maker["certificates"][0]["certificate"], shown["certificate"]);
        let trust = server.app.authority.trust();
        for (name, certificates) in [("anchors", &trust.anchors), ("intermediates", &trust.intermediates)] {
            let expected: Vec<String> = certificates.iter().map(crate::neighbor::encoded).collect();
            assert_eq!(second[name], json!(expected), "{name}");
        }
        assert!(!second["revocation_lists"].as_array().unwrap().is_empty());
        let status = second["addresses"]["status"].as_str().unwrap();
        assert!(status.ends_with("/api/v1/status/"), "{status}");

        let stop = json!({ "reason": "责令停业整顿" });
        scene.reviewer.step(&format!("/makers/{}", scene.maker), "stop", stop).await.ok();
        let (_, third) = read(server).await;
        assert_eq!(third["makers"][0]["state"], "stopped");
        assert!(number(&third) > number(&second));
    });
}

#[test]
fn a_newer_list_is_there_before_one_runs_out() {
    for_each_engine(async |server| {
        let (_, first) = read(server).await;
        server.advance_days(4).await;
        let (_, second) = read(server).await;
        assert!(number(&second) > number(&first), "half its time is over");
        let until = |list: &Value| list["next_update"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        assert!(server.now() < until(&first) && until(&first) < until(&second));
    });
}

#[test]
fn recognized_systems_stand_on_the_list_and_those_that_ended_do_not() {
    on_sqlite(async |server| {
        let there = Server::start_with(Engine::Sqlite, elsewhere).await;
        let peer = recognized(server, &there).await;
        let (_, list) = read(server).await;
        let system = &list["systems"][0];
        assert_eq!((&system["code"], &system["state"]), (&json!("620100"), &json!("confirmed")));
        assert_eq!(system["anchors"].as_array().unwrap().len(), there.app.authority.trust().anchors.len());
        let reason = json!({ "reason": "对方系统停止运行" });
        server.admin("security").await.step(&peer, "end", reason).await.ok();
        let (_, list) = read(server).await;
        assert_eq!(list["systems"], json!([]));
    });
}
