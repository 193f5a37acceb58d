//! Sessions: their cookie, their token against forged requests, their end.

use crate::log;
use crate::new_key;
use crate::support::{CITY, Engine, Role, Server, for_each_engine};
use jiff::SignedDuration;
use serde_json::json;

#[test]
fn a_change_without_the_sessions_token_is_refused() {
    for_each_engine(async |server| {
        let security = server.admin("security").await;
        let other = server.login_again(&security).await;
        let (cookie, own) = security.session().unwrap();
        let foreign = other.session().unwrap().1;
        let body = json!({ "login": "some.one", "name": "示例甲" });
        let visitor = server.visitor();
        for token in [None, Some(""), Some(foreign.as_str()), Some("x")] {
            let key = new_key();
            let mut headers = vec![("cookie", cookie.as_str()), ("idempotency-key", &key)];
            headers.extend(token.map(|token| (yinxin_server::auth::session_cookie::CSRF_HEADER, token)));
            visitor.json("POST", "/accounts", &headers, body.clone()).await.problem("CSRF");
        }
        // Reading needs none.
        visitor.send("GET", "/api/v1/accounts", &[("cookie", &cookie)], Vec::new()).await.ok();
        let key = new_key();
        let headers = [
            ("cookie", cookie.as_str()),
            ("idempotency-key", &key),
            (yinxin_server::auth::session_cookie::CSRF_HEADER, &own),
        ];
        visitor.json("POST", "/accounts", &headers, body).await.ok();
    });
}

#[test]
fn the_cookie_is_for_this_host_only_and_out_of_reach_of_scripts() {
    for_each_engine(async |server| {
        let client = server.account(Role::IssuingReviewer, Some(CITY)).await;
        let body = json!({ "login": client.login.name, "password": client.login.password });
        let answer = server.visitor().json("POST", "/sessions", &[], body).await;
        assert_eq!(answer.status.as_u16(), 201);
        assert_eq!(answer.header("location"), "/api/v1/session");
        assert_eq!(answer.header("cache-control"), "no-store");
        let cookie = answer.header("set-cookie");
        for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        let token = cookie.split(';').next().unwrap().split_once('=').unwrap().1;
        assert!(!answer.text().contains(token), "the token is in the body");
        log::holds_none_of(server, &[token]).await;
    });
}

#[test]
fn secure_cookies_carry_the_host_prefix() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let url = "https://seal.example.gov.cn";
        let server = Server::start_with(Engine::Sqlite, |c| c.public_url = Some(url.to_owned())).await;
        let client = server.admin("audit").await;
        assert!(client.session().unwrap().0.starts_with("__Host-yinxin="));
    });
}

#[test]
fn one_logs_out_and_ends_ones_other_sessions_but_nobody_elses() {
    for_each_engine(async |server| {
        let one = server.account(Role::IssuingReviewer, Some(CITY)).await;
        let two = server.login_again(&one).await;
        let stranger = server.account(Role::Supervisor, Some(CITY)).await;
        let list = one.get("/sessions").await.ok();
        let items = list["items"].as_array().unwrap();
        assert_eq!(items.len(), 2);
        assert_eq!(items.iter().filter(|s| s["current"] == true).count(), 1);
        let other = items.iter().find(|s| s["current"] == false).unwrap()["id"].as_str().unwrap().to_owned();
        let end = |id: &str| format!("/api/v1/sessions/{id}");
        stranger.send("DELETE", &end(&other), &[], Vec::new()).await.problem("NOT_FOUND");
        two.get("/session").await.ok();
        one.send("DELETE", &end(&other), &[], Vec::new()).await.ok();
        two.get("/session").await.problem("SESSION_EXPIRED");

        let answer = one.send("DELETE", "/api/v1/session", &[], Vec::new()).await;
        answer.ok();
        assert!(answer.header("set-cookie").contains("Max-Age=0"));
        one.get("/session").await.problem("SESSION_EXPIRED");
        assert_eq!(log::last(server, "session.logout").await.actor, one.id);
    });
}

#[test]
fn an_ended_session_does_not_keep_its_browser_from_logging_in() {
    for_each_engine(async |server| {
        let one = server.account(Role::IssuingReviewer, Some(CITY)).await;
        let body = json!({ "login": one.login.name, "password": one.login.password });
        // Still open, without its token: a new session takes its place.
        let (cookie, _) = one.session().unwrap();
        let answer = server.visitor().json("POST", "/sessions", &[("cookie", &cookie)], body.clone()).await;
        answer.ok();
        one.get("/session").await.problem("SESSION_EXPIRED");
        server.visitor().json("POST", "/sessions", &[("cookie", &cookie)], body).await.ok();
    });
}

#[test]
fn an_idle_session_ends() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let server = Server::start_with(Engine::Sqlite, |c| {
            c.security.session_idle_minutes = 15;
            c.security.session_absolute_minutes = 60;
        })
        .await;
        let client = server.admin("audit").await;
        for _ in 0..3 {
            server.advance(SignedDuration::from_mins(14)).await;
            client.get("/session").await.ok();
        }
        let idle = server.login_again(&client).await;
        server.advance(SignedDuration::from_mins(16)).await;
        idle.get("/session").await.problem("SESSION_EXPIRED");
        let used = server.login_again(&client).await;
        for _ in 0..4 {
            server.advance(SignedDuration::from_mins(14)).await;
            used.get("/session").await.ok();
        }
        server.advance(SignedDuration::from_mins(5)).await;
        used.get("/session").await.problem("SESSION_EXPIRED");
    });
}
