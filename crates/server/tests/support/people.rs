//! Accounts: the first administrators, and those a security administrator makes.

use super::answer::Answer;
use super::client::{Client, new_key};
use super::running::Server;
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::sync::atomic::Ordering;
use yinxin_registry::role::Role;
use yinxin_server::security::Secret;
use yinxin_server::security::totp::TotpSecret;

/// How a person logs in.
#[derive(Debug, Clone, Default)]
pub struct Login {
    /// Name.
    pub name: String,
    /// Password.
    pub password: String,
    /// Secret of one-time codes, Base32; empty without.
    pub totp: String,
}

impl Server {
    /// One of the first administrators, `system`, `security` or `audit`: logged in, password changed, one-time codes enrolled.
    pub async fn admin(&self, login: &str) -> Client {
        let mut known = self.administrators.lock().await;
        if let Some(client) = known.get(login) {
            return client.clone();
        }
        let client = self.enter(login, self.first_password(login), true).await;
        known.insert(login.to_owned(), client.clone());
        client
    }

    /// A new account with one role, logged in with a password of its own; with one-time codes where the role needs them.
    pub async fn account(&self, role: Role, scope: Option<&str>) -> Client {
        self.account_with(&[(role, scope)]).await
    }

    /// A new account with these roles.
    pub async fn account_with(&self, roles: &[(Role, Option<&str>)]) -> Client {
        let number = self.accounts.fetch_add(1, Ordering::SeqCst) + 1;
        let grants: Vec<Value> = roles
            .iter()
            .map(|(role, scope)| match scope {
                Some(scope) => json!({ "role": role.as_str(), "scope": scope }),
                None => json!({ "role": role.as_str() }),
            })
            .collect();
        let name = format!("person.{number}");
        let body = json!({ "login": name, "name": format!("示例人员{number}"), "grants": grants });
        let made = self.admin("security").await.post("/accounts", body).await.ok();
        let administers = roles.iter().any(|(role, _)| role.is_administrator());
        self.enter(&name, made["one_time_password"].as_str().unwrap(), administers).await
    }

    /// Logs in; the answer and the client, who has a session where it was a success.
    pub async fn try_login(&self, name: &str, password: &str, code: Option<&str>) -> (Answer, Client) {
        let mut client = self.visitor();
        let mut body = json!({ "login": name, "password": password });
        if let Some(code) = code {
            body["code"] = json!(code);
        }
        let answer = client.json("POST", "/sessions", &[], body).await;
        if answer.status.is_success() {
            client.adopt(&answer);
            client.id = answer.json()["account"]["id"].as_str().unwrap().to_owned();
        }
        client.login = Login { name: name.to_owned(), password: password.to_owned(), totp: String::new() };
        (answer, client)
    }

    /// Logs in with a password alone.
    pub async fn login(&self, name: &str, password: &str) -> Client {
        let (answer, client) = self.try_login(name, password, None).await;
        answer.ok();
        client
    }

    /// Logs somebody in once more, in a session of its own. Moves the clock where the one-time code was used already.
    pub async fn login_again(&self, who: &Client) -> Client {
        let Login { name, password, totp } = &who.login;
        let mut code = None;
        if !totp.is_empty() {
            self.advance(SignedDuration::from_secs(60)).await;
            code = Some(self.code(totp));
        }
        let (answer, mut client) = self.try_login(name, password, code.as_deref()).await;
        answer.ok();
        client.login.totp.clone_from(totp);
        client
    }

    /// The one-time code of this moment.
    pub fn code(&self, totp: &str) -> String {
        let secret = TotpSecret::from_base32(&Secret::new(totp)).unwrap();
        secret.code_at(self.now()).unwrap().reveal().to_owned()
    }

    /// First login with a one-time password: changes it, and enrolls one-time codes where asked.
    async fn enter(&self, name: &str, one_time: &str, second_factor: bool) -> Client {
        let mut client = self.login(name, one_time).await;
        let password = format!("Tq-{}", &new_key()[..20]);
        let change = json!({ "current": one_time, "new": password });
        client.adopt(&client.json("POST", "/session/password", &[], change).await);
        client.login.password = password;
        if second_factor {
            let begun = client.json("POST", "/session/totp", &[], json!({})).await.ok();
            let totp = begun["secret"].as_str().unwrap().to_owned();
            let code = json!({ "code": self.code(&totp) });
            client.adopt(&client.json("PUT", "/session/totp", &[], code).await);
            client.login.totp = totp;
        }
        client
    }
}
