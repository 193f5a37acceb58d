//! What a start looks at, what the workers clear away, and what a running server says of itself.

use crate::support::{Server, for_each_engine, on_sqlite, sample, scene::Scene};
use jiff::SignedDuration;
use serde_json::json;
use std::fs::{File, create_dir_all, rename, write};
use std::path::Path;
use std::time::{Duration, SystemTime};
use yinxin_registry::area::Area;
use yinxin_server::app::clock::System;
use yinxin_server::app::health;
use yinxin_server::config::{Config, DatabaseUrl, Role};
use yinxin_server::security::Secret;
use yinxin_server::start::{StartError, bind, prepare, prepare_showing, sweep};

/// Starts another node of the same registry, one that makes no seals.
async fn again(config: &Config) -> Result<(), StartError> {
    let mut config = config.clone();
    config.listen = "127.0.0.1:0".parse().unwrap();
    config.data_dir.push("another-node");
    config.roles = vec![Role::Registry];
    let prepared = prepare(config, Box::new(System)).await?;
    let app = prepared.app.clone();
    let bound = bind(prepared).await;
    app.store.close().await;
    bound.map(drop)
}

fn old_file(path: &Path, age: Duration) {
    write(path, "left by a killed process").unwrap();
    let file = File::options().write(true).open(path).unwrap();
    file.set_modified(SystemTime::now() - age).unwrap();
}

#[test]
fn readiness_follows_the_parts_and_ends_when_the_server_is_to_stop() {
    on_sqlite(async |server| {
        health::check(&server.app).await.unwrap();
        let folder = server.app.config.documents.folder.clone();
        let away = folder.with_extension("away");
        rename(&folder, &away).unwrap();
        server.advance(SignedDuration::from_secs(3)).await;
        health::check(&server.app).await.unwrap_err();
        rename(&away, &folder).unwrap();
        server.advance(SignedDuration::from_secs(3)).await;
        health::check(&server.app).await.unwrap();
        server.app.health.stop();
        health::check(&server.app).await.unwrap_err();
    });
}

#[test]
fn what_killed_processes_left_unfinished_is_cleared_away_and_nothing_else() {
    on_sqlite(async |server| {
        let (documents, keys) = (&server.app.config.documents.folder, &server.app.config.workshop.keys_dir);
        create_dir_all(documents.join("objects")).unwrap();
        let (hour, minute) = (Duration::from_secs(3700), Duration::from_secs(60));
        let left = [documents.join("objects/abc#7"), keys.join(".key.p8.0123")];
        let kept = [documents.join("objects/def#8"), keys.join(".key.p8.4567"), keys.join("note.p8")];
        left.iter().for_each(|path| old_file(path, hour));
        kept.iter().take(2).for_each(|path| old_file(path, minute));
        old_file(&kept[2], hour);
        sweep(server.app.clone()).await;
        assert!(left.iter().all(|path| !path.exists()));
        assert!(kept.iter().all(|path| path.exists()));
    });
}

#[test]
fn a_registry_does_not_start_on_a_document_store_that_is_not_its_own() {
    for_each_engine(async |server| {
        let mut config = server.app.config.clone();
        again(&config).await.unwrap();
        config.documents.folder = server.data().join("elsewhere");
        let refused = again(&config).await.unwrap_err().to_string();
        assert!(refused.contains("材料库") && refused.contains("document store"), "{refused}");
    });
}

#[test]
fn a_profile_that_does_not_exist_stops_the_start_and_is_named_with_its_area() {
    for_each_engine(async |server| {
        let mut config = server.app.config.clone();
        config.area.profile = "nowhere".to_owned();
        let refused = again(&config).await.unwrap_err().to_string();
        assert!(refused.contains("area.profile") && refused.contains("nowhere"), "{refused}");
        assert!(refused.contains("national"), "what there is: {refused}");
        let mut tx = server.app.store.begin().await.unwrap();
        let mut area = tx.get::<Area>("610100").await.unwrap();
        area.value.profile = Some("gone".to_owned());
        tx.save(&area.value, area.version).await.unwrap();
        tx.commit().await.unwrap();
        let refused = again(&server.app.config).await.unwrap_err().to_string();
        assert!(refused.contains("610100 示例市") && refused.contains("gone"), "{refused}");
    });
    // At the first start nothing is kept: the next one, with the right name, is the first.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::defaults_in(&folder.path().join("data"));
        config.area.profile = "nowhere".to_owned();
        let refused = prepare(config.clone(), Box::new(System)).await.map(drop).unwrap_err().to_string();
        assert!(refused.contains("nowhere"), "{refused}");
        config.area.profile = "national".to_owned();
        let prepared = prepare(config, Box::new(System)).await.unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(prepared.first.len(), 3);
        prepared.app.store.close().await;
    });
}

#[test]
fn documents_are_read_and_written_over_a_change_of_their_key() {
    for_each_engine(async |server| {
        let scene = Scene::set(server).await;
        let security = server.admin("security").await;
        let owner = scene.owner(1).await;
        let first = server.app.documents.put("one".into(), "text/plain").await.unwrap();
        security.post("/keys/document/rotate", json!({})).await.ok();
        server.advance(SignedDuration::from_secs(61)).await;
        assert!(yinxin_server::api::keys::reload(&server.app).await.unwrap_or_else(|_| panic!("keys")));
        let application = owner.draft(sample::content(1)).await;
        owner.hand_in_materials(&application).await;
        let second = server.app.documents.put("two".into(), "text/plain").await.unwrap();
        again(&server.app.config).await.unwrap();
        for document in [first, second] {
            server.app.documents.get(document.digest).await.unwrap();
        }
    });
}

#[test]
fn passwords_follow_the_configured_rules_and_cost() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let server = Server::start_with(crate::support::Engine::Sqlite, |config| {
            config.security.password_min_length = 30;
            config.security.password_min_length_mixed = 30;
            config.security.password_hash_passes = 3;
        })
        .await;
        let text = server.first_password("security").to_owned();
        let client = server.visitor();
        let opened = client.post("/sessions", json!({ "login": "security", "password": text })).await;
        assert!(opened.status.is_success(), "{}", opened.text());
        let mut read = server.app.store.read().await.unwrap();
        let account = read.account_by_login("security").await.unwrap().unwrap().value;
        assert!(account.credentials.password.contains("t=3"), "{}", account.credentials.password);
        let policy = server.app.config.security.password_policy();
        let secret = yinxin_server::security::Secret::new("Vuzmar-93-holpex-qwa");
        assert_eq!(policy.check(&secret, "x").unwrap_err().code(), "PASSWORD_TOO_SHORT");
    });
}

/// A first start on an empty database of each engine: its configuration, and how to cut the server's connections where that can be done.
fn first_starts(test: impl AsyncFn(Config, Option<&yinxin_testkit::postgres::Database>)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    runtime.block_on(test(Config::defaults_in(&folder.path().join("sqlite")), None));
    if let Some(database) = yinxin_testkit::postgres::database() {
        let mut config = Config::defaults_in(&folder.path().join("postgres"));
        config.database.url = DatabaseUrl::try_from(database.url().to_owned()).unwrap();
        runtime.block_on(test(config, Some(&database)));
    }
}

#[test]
fn one_time_passwords_that_could_not_be_shown_were_never_made() {
    first_starts(async |config, _| {
        let mut lost = Vec::new();
        let show = |first: &[(String, Secret)]| {
            lost = first.iter().map(|(login, _)| login.clone()).collect();
            Err(std::io::Error::other("no terminal"))
        };
        let refused = prepare_showing(config.clone(), Box::new(System), show).await.map(drop).unwrap_err();
        assert!(refused.to_string().contains("no terminal"), "{refused}");
        assert_eq!(lost, ["system", "security", "audit"]);
        let prepared = prepare(config, Box::new(System)).await.unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(prepared.first.len(), 3);
        prepared.app.store.close().await;
    });
}

#[test]
fn one_time_passwords_shown_before_a_commit_that_failed_are_replaced_by_the_next_start() {
    first_starts(async |config, database| {
        // On PostgreSQL the server ends the connection between showing and commit; nothing does that to a file.
        let Some(database) = database else { return };
        let mut shown = 0;
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";
        let show = |first: &[(String, Secret)]| {
            shown = first.len();
            database.sql(cut).map(drop).map_err(std::io::Error::other)
        };
        prepare_showing(config.clone(), Box::new(System), show).await.map(drop).unwrap_err();
        assert_eq!(shown, 3);
        let prepared = prepare(config, Box::new(System)).await.unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(prepared.first.len(), 3, "others in their place");
        prepared.app.store.close().await;
    });
}
