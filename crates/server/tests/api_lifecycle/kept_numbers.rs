//! Numbers of people that are sent as they were shown stay as they are; another person's are told in full.

use crate::stage::Stage;
use crate::support::{on_sqlite, sample};
use serde_json::{Value, json};
use yinxin_registry::lifecycle::application::Application;
use yinxin_registry::unit::Unit;

#[test]
fn an_application_keeps_the_numbers_it_shows() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await;
        let path = stage.draft(json!({ "kind": "new" }), stage.content()).await;
        let id = path.rsplit('/').next().unwrap();
        let agent = async || {
            let mut read = server.app.store.read().await.unwrap();
            read.get::<Application>(id).await.unwrap().value.content().agent.person.clone()
        };
        let before = agent().await;
        let answer = stage.agent.get(&path).await;
        let (version, shown) = (answer.version(), answer.ok());
        let person = |role: &str| {
            let mut person = shown["content"][role].clone();
            assert!(person["id_number"].as_str().unwrap().contains("***"), "{person}");
            person.as_object_mut().unwrap().retain(|_, value| !value.is_null());
            person
        };
        let mut content = stage.content();
        for role in ["agent", "legal_representative", "seal_administrator"] {
            content[role] = person(role);
        }
        content["years"] = json!(2);
        let edited = stage.agent.put_at(version, &path, content.clone()).await;
        let version = edited.version();
        assert_eq!(edited.ok()["content"]["years"], 2);
        let after = agent().await;
        assert_eq!(
            after.id_number.cipher, before.id_number.cipher,
            "the number itself, not its mask, is kept"
        );
        assert_eq!(after.id_number.index, before.id_number.index);
        // Under another name it would be another person's number.
        content["agent"]["name"] = json!("示例乙");
        let refused = stage.agent.put_at(version, &path, content.clone()).await.problem("VALIDATION");
        assert!(
            refused["errors"].as_array().unwrap().iter().any(|e| e["pointer"] == "/agent/id_number"),
            "{refused}"
        );
        content["agent"]["id_number"] = json!(sample::id_number(77));
        content["agent"].as_object_mut().unwrap().remove("phone");
        stage.agent.put_at(version, &path, content).await.ok();
        assert_ne!(agent().await.id_number.index, before.id_number.index);
    });
}

#[test]
fn a_unit_keeps_the_numbers_it_shows_and_a_new_record_needs_them_in_full() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await;
        let unit = format!("/units/{}", stage.unit);
        let holder = async || {
            let mut read = server.app.store.read().await.unwrap();
            read.get::<Unit>(&stage.unit).await.unwrap().value.legal_representative
        };
        let before = holder().await;
        let answer = stage.agent.get(&unit).await;
        let (version, shown) = (answer.version(), answer.ok());
        let mut person: Value = shown["legal_representative"].clone();
        person["phone"] = json!("13900000099");
        let body = json!({ "legal_representative": person });
        stage.agent.patch_at(version, &unit, body).await.ok();
        let after = holder().await;
        assert_eq!(after.id_number.cipher, before.id_number.cipher);
        assert_ne!(after.phone, before.phone);
        // Nobody stands there yet in a draft that is opened.
        let mut content = stage.content();
        content["agent"]["id_number"] = json!("110***********002X");
        let body = json!({ "unit": stage.unit, "basis": { "kind": "new" }, "content": content });
        let refused = stage.agent.post("/applications", body).await.problem("VALIDATION");
        assert_eq!(refused["errors"][0]["pointer"], "/content/agent/id_number");
    });
}
