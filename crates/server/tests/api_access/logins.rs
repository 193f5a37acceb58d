//! Logging in: what is refused, what is counted, what an answer tells.

use crate::log;
use crate::support::{CITY, Engine, Role, Server, for_each_engine, on_sqlite};
use jiff::SignedDuration;
use serde_json::json;

async fn reviewer(server: &Server) -> (String, String) {
    let client = server.account(Role::IssuingReviewer, Some(CITY)).await;
    (client.login.name.clone(), client.login.password.clone())
}

#[test]
fn five_failures_lock_and_a_name_that_nobody_has_is_answered_the_same() {
    for_each_engine(async |server| {
        let (name, password) = reviewer(server).await;
        let mut answers = Vec::new();
        for login in [name.as_str(), "nobody.here"] {
            let mut seen = Vec::new();
            for _ in 0..7 {
                let answer = server.try_login(login, "Tq-wrong-wrong-11", None).await.0;
                let mut problem = answer.json();
                problem.as_object_mut().unwrap().remove("instance");
                seen.push((
                    answer.status.as_u16(),
                    answer.header("retry-after").len(),
                    problem["code"].clone(),
                    problem["detail"].clone(),
                ));
            }
            answers.push(seen);
        }
        assert_eq!(answers[0], answers[1]);
        let codes: Vec<_> = answers[0].iter().map(|a| a.2.as_str().unwrap()).collect();
        let expected = [
            "LOGIN_FAILED",
            "LOGIN_FAILED",
            "LOGIN_FAILED",
            "LOGIN_FAILED",
            "LOGIN_FAILED",
            "LOCKED_OUT",
            "LOCKED_OUT",
        ];
        assert_eq!(codes, expected);

        server.try_login(&name, &password, None).await.0.problem("LOCKED_OUT");
        server.advance(SignedDuration::from_mins(16)).await;
        server.login(&name, &password).await;
        // A success forgets the failures.
        for _ in 0..4 {
            server.try_login(&name, "Tq-wrong-wrong-11", None).await.0.problem("LOGIN_FAILED");
        }
        server.login(&name, &password).await;
        server.try_login(&name, "Tq-wrong-wrong-11", None).await.0.problem("LOGIN_FAILED");
        server.login(&name, &password).await;
    });
}

#[test]
fn a_lock_that_comes_again_lasts_longer_and_an_administrator_ends_it() {
    for_each_engine(async |server| {
        let client = server.account(Role::IssuingReviewer, Some(CITY)).await;
        let (name, password) = (client.login.name.clone(), client.login.password.clone());
        for lock in [15, 30] {
            for _ in 0..5 {
                server.try_login(&name, "Tq-wrong-wrong-11", None).await.0.problem("LOGIN_FAILED");
            }
            let refused = server.try_login(&name, &password, None).await.0.problem("LOCKED_OUT");
            let wait = refused["retry_after"].as_i64().unwrap();
            assert!((lock * 60 - 30..=lock * 60).contains(&wait), "{wait} s after {lock} min");
            if lock == 15 {
                server.advance(SignedDuration::from_mins(16)).await;
            }
        }
        let security = server.admin("security").await;
        let path = format!("/accounts/{}", client.id);
        assert!(security.get(&path).await.ok()["locked_until"].is_string());
        security.step(&path, "unlock", json!({ "reason": "本人当面申请" })).await.ok();
        server.login(&name, &password).await;
    });
}

#[test]
fn many_guesses_at_once_are_no_more_guesses_than_one_after_another() {
    for_each_engine(async |server| {
        let (name, password) = reviewer(server).await;
        for login in [name.as_str(), "nobody.here"] {
            let guesses = (0..12).map(|_| server.try_login(login, "Tq-wrong-wrong-11", None));
            let answers = futures_util::future::join_all(guesses).await;
            let count = |code: &str| answers.iter().filter(|(a, _)| a.json()["code"] == code).count();
            assert_eq!(count("LOGIN_FAILED"), 5, "{login}");
            assert_eq!(count("LOCKED_OUT") + count("UNAVAILABLE"), 7, "{login}");
        }
        server.try_login(&name, &password, None).await.0.problem("LOCKED_OUT");
    });
}

#[test]
fn a_login_asks_for_the_code_counts_wrong_ones_and_takes_each_once() {
    for_each_engine(async |server| {
        let audit = server.admin("audit").await;
        let (name, password, totp) = (&audit.login.name, &audit.login.password, &audit.login.totp);
        server.advance(SignedDuration::from_secs(60)).await;
        server.try_login(name, password, None).await.0.problem("SECOND_FACTOR_REQUIRED");
        let code = server.code(totp);
        let (answer, client) = server.try_login(name, password, Some(&code)).await;
        assert_eq!(answer.ok()["method"], "password_totp");
        client.get("/session").await.ok();
        server.try_login(name, password, Some(&code)).await.0.problem("LOGIN_FAILED");
        assert!(log::last(server, "session.login").await.content.contains("TOTP_REPLAYED"));
        for _ in 0..4 {
            server.try_login(name, password, Some("000000")).await.0.problem("LOGIN_FAILED");
        }
        server.advance(SignedDuration::from_secs(60)).await;
        server.try_login(name, password, Some(&server.code(totp))).await.0.problem("LOCKED_OUT");
    });
}

#[test]
fn replacing_one_time_codes_needs_a_code_of_the_present_device() {
    for_each_engine(async |server| {
        let audit = server.admin("audit").await;
        let begin = async |code: Option<&str>| {
            audit.json("POST", "/session/totp", &[], code.map_or(json!({}), |c| json!({ "code": c }))).await
        };
        assert_eq!(begin(None).await.faults(), [("/code".to_owned(), "REQUIRED".to_owned())]);
        assert_eq!(begin(Some("000000")).await.faults(), [("/code".to_owned(), "TOTP_WRONG".to_owned())]);
        server.advance(SignedDuration::from_secs(60)).await;
        let code = server.code(&audit.login.totp);
        begin(Some(&code)).await.ok();
        assert_eq!(begin(Some(&code)).await.faults()[0].1, "TOTP_REPLAYED");
    });
}

#[test]
fn every_try_is_recorded_and_no_password_with_it() {
    for_each_engine(async |server| {
        let client = server.account(Role::IssuingReviewer, Some(CITY)).await;
        let (name, password) = (client.login.name.clone(), client.login.password.clone());
        server.login(&name, &password).await;
        let line = log::last(server, "session.login").await;
        assert_eq!((line.actor.as_str(), line.outcome.as_str()), (client.id.as_str(), "ok"));
        server.try_login(&name, "Tq-wrong-wrong-11", None).await.0.problem("LOGIN_FAILED");
        let line = log::last(server, "session.login").await;
        assert_eq!((line.actor.as_str(), line.outcome.as_str()), ("", "refused"));
        assert_eq!(line.subject, client.id);
        server.try_login("nobody.here", "Tq-wrong-wrong-11", None).await.0.problem("LOGIN_FAILED");
        assert_eq!(log::last(server, "session.login").await.subject, "nobody.here");
        // A password typed into the wrong field.
        server.try_login("Tq Wrong+wrong", "x", None).await.0.problem("LOGIN_FAILED");
        assert_eq!(log::last(server, "session.login").await.subject, "?");
        log::holds_none_of(server, &[&password, "Tq-wrong-wrong-11", "Tq Wrong+wrong"]).await;
    });
}

#[test]
fn an_address_that_tries_too_often_waits_and_others_do_not() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let server = Server::start_with(Engine::Sqlite, |c| c.security.login_per_minute = 3).await;
        let body = json!({ "login": "nobody.here", "password": "Tq-wrong-wrong-11" });
        let (here, there) = (server.visitor().from("192.0.2.1"), server.visitor().from("192.0.2.2"));
        for _ in 0..3 {
            here.json("POST", "/sessions", &[], body.clone()).await.problem("LOGIN_FAILED");
        }
        let refused = here.json("POST", "/sessions", &[], body.clone()).await.problem("RATE_LIMITED");
        assert!(refused["retry_after"].as_i64().unwrap() > 0);
        there.json("POST", "/sessions", &[], body.clone()).await.problem("LOGIN_FAILED");
        server.advance(SignedDuration::from_secs(21)).await;
        here.json("POST", "/sessions", &[], body).await.problem("LOGIN_FAILED");
    });
}

#[test]
fn logins_of_the_wrong_shape_name_the_field() {
    on_sqlite(async |server| {
        let visitor = server.visitor();
        let long = "x".repeat(600);
        let answer = visitor
            .json("POST", "/sessions", &[], json!({ "login": "a", "password": long, "code": long }))
            .await;
        let pointers: Vec<String> = answer.faults().into_iter().map(|f| f.0).collect();
        assert_eq!(pointers, ["/password", "/code"]);
        visitor
            .json("POST", "/sessions", &[], json!({ "login": "a", "password": "b", "x": 1 }))
            .await
            .problem("UNKNOWN_FIELD");
    });
}
