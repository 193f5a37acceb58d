//! The way of a first administrator from a one-time password to his work.

use crate::log;
use crate::support::{Client, Server, for_each_engine};
use serde_json::json;

const PASSWORD: &str = "Tq-walnut-harbor-51";

fn adopt(client: &Client, answer: &crate::support::Answer) {
    let session = answer.ok();
    let cookie = answer.header("set-cookie").split(';').next().unwrap();
    client.take_session(cookie, session["csrf_token"].as_str().unwrap());
}

async fn change(client: &Client, current: &str, new: &str) -> crate::support::Answer {
    client.json("POST", "/session/password", &[], json!({ "current": current, "new": new })).await
}

/// Logs `security` in and changes the one-time password.
async fn changed(server: &Server) -> Client {
    let one_time = server.first_password("security").to_owned();
    let client = server.login("security", &one_time).await;
    adopt(&client, &change(&client, &one_time, PASSWORD).await);
    client
}

#[test]
fn nothing_works_before_the_password_is_changed_and_a_second_factor_enrolled() {
    for_each_engine(async |server| {
        let one_time = server.first_password("security").to_owned();
        let typed = one_time.to_lowercase().replace('-', " ");
        let client = server.login("security", &typed).await;
        let session = client.get("/session").await.ok();
        assert_eq!(session["must_change_password"], true);
        assert_eq!(session["second_factor"], "required");
        client.get("/accounts").await.problem("PASSWORD_CHANGE_REQUIRED");

        let old = client.session().unwrap();
        adopt(&client, &change(&client, &one_time, PASSWORD).await);
        let fresh = client.session().unwrap();
        client.take_session(&old.0, &old.1);
        client.get("/session").await.problem("SESSION_EXPIRED");
        client.take_session(&fresh.0, &fresh.1);
        client.get("/accounts").await.problem("SECOND_FACTOR_REQUIRED");
        client
            .post("/accounts", json!({ "login": "one", "name": "甲" }))
            .await
            .problem("SECOND_FACTOR_REQUIRED");

        let begun = client.json("POST", "/session/totp", &[], json!({})).await.ok();
        let secret = begun["secret"].as_str().unwrap();
        assert!(begun["uri"].as_str().unwrap().starts_with("otpauth://totp/"));
        let wrong = client.json("PUT", "/session/totp", &[], json!({ "code": "000000" })).await;
        assert_eq!(wrong.faults(), [("/code".to_owned(), "TOTP_WRONG".to_owned())]);
        client.get("/accounts").await.problem("SECOND_FACTOR_REQUIRED");
        let code = server.code(secret);
        adopt(&client, &client.json("PUT", "/session/totp", &[], json!({ "code": code })).await);
        let session = client.get("/session").await.ok();
        assert_eq!(
            (&session["method"], &session["second_factor"]),
            (&json!("password_totp"), &json!("enrolled"))
        );
        client.get("/accounts").await.ok();
        log::holds_none_of(server, &[&one_time, PASSWORD, secret, &typed]).await;
        assert_eq!(log::last(server, "session.confirm_totp").await.outcome, "ok");
    });
}

#[test]
fn a_one_time_password_is_gone_once_it_was_changed() {
    for_each_engine(async |server| {
        let one_time = server.first_password("security").to_owned();
        changed(server).await;
        server.try_login("security", &one_time, None).await.0.problem("LOGIN_FAILED");
        let session = server.login("security", PASSWORD).await.get("/session").await.ok();
        assert_eq!(session["must_change_password"], false);
        assert_eq!(session["second_factor"], "required");
    });
}

#[test]
fn passwords_that_are_weak_used_before_or_look_like_one_time_passwords_are_refused() {
    for_each_engine(async |server| {
        let client = changed(server).await;
        let refused = [
            ("short", "PASSWORD_TOO_SHORT"),
            ("xx-security-51-Walnut", "PASSWORD_CONTAINS_LOGIN"),
            ("password123456", "PASSWORD_COMMON"),
            ("2345-6789-ABCD-EFGH-JKLM-WXYZ", "PASSWORD_ONE_TIME_FORM"),
            (PASSWORD, "PASSWORD_REUSED"),
        ];
        for (new, code) in refused {
            let answer = change(&client, PASSWORD, new).await;
            assert_eq!(answer.faults(), [("/new".to_owned(), code.to_owned())], "{new}");
        }
        let answer = change(&client, "not the present one", "Tq-second-maple-77").await;
        assert_eq!(answer.faults(), [("/current".to_owned(), "PASSWORD_WRONG".to_owned())]);
        let mut present = PASSWORD.to_owned();
        for number in 1..=5 {
            let next = format!("Tq-maple-orchid-6{number}");
            adopt(&client, &change(&client, &present, &next).await);
            if number < 5 {
                let answer = change(&client, &next, PASSWORD).await;
                assert_eq!(answer.faults()[0].1, "PASSWORD_REUSED", "after {number} others");
            }
            present = next;
        }
        adopt(&client, &change(&client, &present, PASSWORD).await);
    });
}

#[test]
fn guessing_the_present_password_in_a_stolen_session_locks_the_account_and_ends_the_session() {
    for_each_engine(async |server| {
        let client = changed(server).await;
        for _ in 0..5 {
            let answer = change(&client, "Tq-guess-guess-11", "Tq-second-maple-77").await;
            assert_eq!(answer.faults()[0].1, "PASSWORD_WRONG");
        }
        client.get("/session").await.problem("SESSION_EXPIRED");
        server.try_login("security", PASSWORD, None).await.0.problem("LOCKED_OUT");
        assert_eq!(log::last(server, "session.change_password").await.outcome, "refused");
    });
}

#[test]
fn changing_the_password_ends_the_other_sessions() {
    for_each_engine(async |server| {
        let one = changed(server).await;
        let other = server.login("security", PASSWORD).await;
        other.get("/session").await.ok();
        adopt(&one, &change(&one, PASSWORD, "Tq-second-maple-77").await);
        other.get("/session").await.problem("SESSION_EXPIRED");
        one.get("/session").await.ok();
    });
}

#[test]
fn a_password_that_is_too_old_must_be_changed() {
    for_each_engine(async |server| {
        changed(server).await;
        server.advance_days(91).await;
        let client = server.login("security", PASSWORD).await;
        assert_eq!(client.get("/session").await.ok()["must_change_password"], true);
        client.get("/accounts").await.problem("PASSWORD_CHANGE_REQUIRED");
    });
}
