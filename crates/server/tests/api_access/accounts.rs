//! Accounts and roles.

use crate::log;
use crate::new_key;
use crate::support::{CITY, Client, Role, for_each_engine};
use serde_json::{Value, json};

fn why() -> Value {
    json!({ "reason": "岗位调整" })
}

async fn id_of(security: &Client, login: &str) -> String {
    let list = security.get("/accounts?limit=200").await.ok();
    let found = list["items"].as_array().unwrap().iter().find(|a| a["login"] == login).cloned();
    found.unwrap()["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_disabled_account_loses_its_sessions_at_once_and_gets_none() {
    for_each_engine(async |server| {
        let security = server.admin("security").await;
        let person = server.account(Role::IssuingReviewer, Some(CITY)).await;
        let (name, password) = (person.login.name.clone(), person.login.password.clone());
        let path = format!("/accounts/{}", person.id);
        person.get("/session").await.ok();
        let answer = security.step(&path, "disable", why()).await.ok();
        assert_eq!(answer["state"], "disabled");
        person.get("/session").await.problem("SESSION_EXPIRED");
        server.try_login(&name, &password, None).await.0.problem("LOGIN_FAILED");
        let refused = security.step(&path, "disable", why()).await.problem("STATE_CONFLICT");
        assert_eq!((&refused["state"], &refused["allowed"]), (&json!("disabled"), &json!(["enable"])));
        security.step(&path, "enable", why()).await.ok();
        person.get("/session").await.problem("SESSION_EXPIRED");
        server.login(&name, &password).await;
        assert_eq!(log::last(server, "account.disable").await.subject, person.id);
    });
}

#[test]
fn what_a_role_can_be_given_for_is_found_by_name_code_and_itself() {
    for_each_engine(async |server| {
        let scene = crate::support::scene::Scene::set(server).await;
        let owner = scene.owner(7).await;
        let unit = scene.reviewer.get(&format!("/units/{}", owner.id)).await.ok();
        let (name, code) = (unit["name"].as_str().unwrap(), unit["credit_code"].as_str().unwrap());
        let security = server.admin("security").await;
        let found = async |query: &str| {
            let list = security.get(&format!("/role-scopes?{query}")).await.ok();
            list["items"].as_array().unwrap().clone()
        };
        let one = [json!({ "scope": owner.id, "name": name, "code": code })];
        assert_eq!(found(&format!("kind=unit&name={name}")).await, one);
        assert_eq!(found(&format!("kind=unit&name={code}")).await, one);
        assert_eq!(found(&format!("scope={}", owner.id)).await, one);
        assert_eq!(found("kind=area&name=示例市").await[0]["scope"], CITY);
        assert_eq!(found(&format!("scope={CITY}")).await[0]["name"], "示例市");
        assert_eq!(found("kind=maker").await[0]["scope"], scene.maker.as_str());
        for nothing in
            ["kind=unit&name=没有", "scope=/100000/620000/", "scope=unit_00000000000000000000000009"]
        {
            assert!(found(nothing).await.is_empty(), "{nothing}");
        }
        assert_eq!(found("limit=1").await[0]["scope"], "/100000/", "areas, where nothing is said");
        security.get("/role-scopes?scope=somewhere").await.problem("BAD_REQUEST");
        security.get("/role-scopes?kind=city").await.problem("BAD_REQUEST");
        for other in [&scene.reviewer, &owner.agent, &server.admin("system").await] {
            other.get("/role-scopes?kind=unit").await.problem("FORBIDDEN");
        }
        // A unit that is dissolved takes no more roles by its name.
        scene
            .reviewer
            .step(&format!("/units/{}", owner.id), "dissolve", json!({ "reason": "已注销" }))
            .await
            .ok();
        for ended in [name, code] {
            assert!(found(&format!("kind=unit&name={ended}")).await.is_empty(), "{ended}");
        }
    });
}

#[test]
fn roles_that_exclude_each_other_are_not_held_by_one_account() {
    for_each_engine(async |server| {
        let security = server.admin("security").await;
        let make = async |grants: Value| {
            let body =
                json!({ "login": format!("x{}", &new_key()[..8]), "name": "示例甲", "grants": grants });
            security.post("/accounts", body).await
        };
        let conflicts = [
            json!([{ "role": "system_administrator" }, { "role": "audit_administrator" }]),
            json!([{ "role": "system_administrator" }, { "role": "issuing_reviewer", "scope": CITY }]),
            json!([{ "role": "supervisor", "scope": CITY }, { "role": "filing_officer", "scope": CITY }]),
        ];
        for grants in conflicts {
            make(grants).await.problem("ROLE_CONFLICT");
        }
        make(json!([{ "role": "issuing_reviewer", "scope": CITY }, { "role": "filing_officer", "scope": CITY }])).await.ok();

        let person = server.account(Role::IssuingReviewer, Some(CITY)).await;
        let path = format!("/accounts/{}", person.id);
        let give = json!({ "role": "audit_administrator" });
        security.step(&path, "grants", give.clone()).await.problem("ROLE_CONFLICT");
        let back = json!({ "role": "issuing_reviewer", "scope": CITY, "reason": "岗位调整" });
        security.step(&path, "grants/take-back", back.clone()).await.ok();
        security.step(&path, "grants/take-back", back).await.problem("CONFLICT");
        security.step(&path, "grants", give).await.ok();
        // From this moment on the session needs a second factor.
        person.get("/areas").await.problem("SECOND_FACTOR_REQUIRED");
        assert_eq!(log::last(server, "account.grant").await.subject, person.id);
    });
}

#[test]
fn a_role_reaches_only_where_something_is() {
    for_each_engine(async |server| {
        let security = server.admin("security").await;
        let faulty = [
            (json!({ "role": "issuing_reviewer" }), "/grants/0/scope", "SCOPE_KIND"),
            (
                json!({ "role": "issuing_reviewer", "scope": "/100000/990000/" }),
                "/grants/0/scope",
                "SCOPE_UNKNOWN",
            ),
            (json!({ "role": "issuing_reviewer", "scope": "/610100/" }), "/grants/0/scope", "SCOPE_UNKNOWN"),
            (
                json!({ "role": "unit_agent", "scope": "unit_01k0000000000000000000000a" }),
                "/grants/0/scope",
                "SCOPE_UNKNOWN",
            ),
            (json!({ "role": "maker_operator", "scope": CITY }), "/grants/0/scope", "SCOPE_KIND"),
            (
                json!({ "role": "issuing_reviewer", "scope": CITY, "until": "2020-01-01T00:00:00Z" }),
                "/grants/0/until",
                "PAST",
            ),
        ];
        for (grant, pointer, code) in faulty {
            let body = json!({ "login": "some.one", "name": "示例甲", "grants": [grant] });
            let answer = security.post("/accounts", body).await;
            assert_eq!(answer.faults(), [(pointer.to_owned(), code.to_owned())], "{grant}");
        }
    });
}

#[test]
fn nobody_administers_his_own_account_and_only_security_administers_at_all() {
    for_each_engine(async |server| {
        let security = server.admin("security").await;
        let own = format!("/accounts/{}", id_of(&security, "security").await);
        for (verb, body) in [("disable", why()), ("unlock", why()), ("reset-password", why())] {
            security.step(&own, verb, body).await.problem("FORBIDDEN");
        }
        let grant = json!({ "role": "security_administrator" });
        security.step(&own, "grants", grant).await.problem("FORBIDDEN");
        for name in ["system", "audit"] {
            let other = server.admin(name).await;
            other.get("/accounts").await.problem("FORBIDDEN");
            other.post("/accounts", json!({ "login": "some.one", "name": "甲" })).await.problem("FORBIDDEN");
            other.get("/clients").await.problem("FORBIDDEN");
            other.get("/keys").await.problem("FORBIDDEN");
        }
    });
}

#[test]
fn a_one_time_password_is_in_the_first_answer_only() {
    for_each_engine(async |server| {
        let security = server.admin("security").await;
        let id = id_of(&security, "security").await;
        let (key, body) = (new_key(), json!({ "login": "some.one", "name": "示例甲" }));
        let first = security.post_as(&key, "/accounts", body.clone()).await;
        let made = first.ok();
        let one_time = made["one_time_password"].as_str().unwrap().to_owned();
        let again = security.post_as(&key, "/accounts", body.clone()).await;
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(again.status, first.status);
        assert_eq!((&again.ok()["id"], again.header("location")), (&made["id"], first.header("location")));
        assert!(again.ok().get("one_time_password").is_none());
        let kept = server.app.store.read().await.unwrap().kept_answer(&id, &key, server.now()).await;
        let kept = kept.unwrap().expect("an answer is kept");
        assert!(!String::from_utf8_lossy(&kept.body).contains(&one_time));
        log::holds_none_of(server, &[&one_time]).await;
        security.post("/accounts", body).await.problem("DUPLICATE");
        server.login("some.one", &one_time).await;
    });
}

#[test]
fn a_reset_takes_the_old_password_and_where_asked_the_second_factor() {
    for_each_engine(async |server| {
        let security = server.admin("security").await;
        let audit = server.admin("audit").await;
        let path = format!("/accounts/{}", id_of(&security, "audit").await);
        let reset = security.step(&path, "reset-password", json!({ "reason": "忘记口令" })).await.ok();
        let one_time = reset["one_time_password"].as_str().unwrap();
        audit.get("/session").await.problem("SESSION_EXPIRED");
        server.try_login("audit", &audit.login.password, None).await.0.problem("LOGIN_FAILED");
        server.try_login("audit", one_time, None).await.0.problem("SECOND_FACTOR_REQUIRED");
        let body = json!({ "reason": "手机丢失", "second_factor": true });
        let reset = security.step(&path, "reset-password", body).await.ok();
        let session = server.login("audit", reset["one_time_password"].as_str().unwrap()).await;
        let session = session.get("/session").await.ok();
        assert_eq!(
            (&session["second_factor"], &session["must_change_password"]),
            (&json!("required"), &json!(true))
        );
    });
}

#[test]
fn changes_need_the_version_they_are_based_on_and_a_reason() {
    for_each_engine(async |server| {
        let security = server.admin("security").await;
        let person = server.account(Role::IssuingReviewer, Some(CITY)).await;
        let path = format!("/accounts/{}", person.id);
        let version = security.get(&path).await.version();
        security.post(&format!("{path}/disable"), why()).await.problem("PRECONDITION_REQUIRED");
        security.post_at(version + 1, &format!("{path}/disable"), why()).await.problem("PRECONDITION_FAILED");
        let answer = security.post_at(version, &format!("{path}/disable"), json!({ "reason": " " })).await;
        assert_eq!(answer.faults(), [("/reason".to_owned(), "REASON".to_owned())]);
        let unknown = format!("/accounts/acct_{}/disable", "0".repeat(26));
        security.post_at(1, &unknown, why()).await.problem("NOT_FOUND");
        person.get("/session").await.ok();
    });
}

#[test]
fn accounts_are_listed_in_parts() {
    for_each_engine(async |server| {
        let security = server.admin("security").await;
        for number in 0..5 {
            let body = json!({ "login": format!("list.{number}"), "name": format!("列表{number}") });
            security.post("/accounts", body).await.ok();
        }
        let mut logins = Vec::new();
        let mut path = "/accounts?limit=3".to_owned();
        loop {
            let page = security.get(&path).await.ok();
            let items = page["items"].as_array().unwrap().clone();
            assert!(items.len() <= 3);
            logins.extend(items.iter().map(|a| a["login"].as_str().unwrap().to_owned()));
            let Some(next) = page["next"].as_str() else { break };
            path = format!("/accounts?limit=3&cursor={next}");
        }
        assert_eq!(logins.len(), 8);
        let named = security.get("/accounts?name=%E5%88%97%E8%A1%A8&state=active").await.ok();
        assert_eq!(named["items"].as_array().unwrap().len(), 5);
        assert!(!security.get("/accounts").await.text().contains("argon2"));
    });
}

#[test]
fn a_record_of_the_log_is_read_by_its_number_and_the_reading_recorded() {
    for_each_engine(async |server| {
        let auditor = server.admin("audit").await;
        let row = auditor.get("/audit?action=account.create&limit=1").await.ok();
        let security = server.admin("security").await;
        let first = auditor.get("/audit/1").await.ok();
        assert_eq!(first["seq"], 1, "{row}");
        let last = auditor.get("/audit?limit=1").await.ok()["items"][0].clone();
        let again = auditor.get(&format!("/audit/{}", last["seq"])).await.ok();
        assert_eq!((&again["hash"], &again["action"]), (&last["hash"], &last["action"]));
        let read = auditor.get("/audit?action=audit.read&limit=1").await.ok();
        assert_eq!(read["items"][0]["details"]["seq"], last["seq"]);
        auditor.get("/audit/0").await.problem("NOT_FOUND");
        auditor.get("/audit/999999999").await.problem("NOT_FOUND");
        auditor.get("/audit/18446744073709551615").await.problem("NOT_FOUND");
        security.get("/audit/1").await.problem("FORBIDDEN");
    });
}
