//! A city whose service runs: officers at their posts, a maker at work, units with their agents. All of it comes about by HTTP.

use jiff::Timestamp;
use serde_json::{Value, json};
use yinxin_testkit::http::Http;
use yinxin_testkit::process::{Running, Service};

use crate::base::Base;
use crate::chance::Chance;
use crate::person::Person;
use crate::{CITY, sample};

/// A unit and its agent.
#[derive(Debug, Clone)]
pub struct Unit {
    pub number: u32,
    pub id: String,
    pub agent: Person,
}

/// Who decides, files, makes.
#[derive(Debug, Clone)]
pub struct Officers {
    pub reviewer: Person,
    pub filer: Person,
    pub operator: Person,
}

/// A city.
#[derive(Debug)]
pub struct Town {
    pub service: Service,
    pub base: Base,
    pub officers: Officers,
    pub units: Vec<Unit>,
    security: Person,
}

/// A service of 示例市 that tests may knock at as fast as they like.
pub fn service(base: &Base) -> Service {
    let service = Service::new(env!("CARGO_BIN_EXE_yinxin")).arguments(&["--json", "serve"]);
    base.settle(service)
        .set("area.code", "610100")
        .set("area.name", "示例市")
        .set("security.login_per_minute", "10000")
        .set("security.requests_per_second", "1000000")
        .set("security.request_burst", "1000000")
        .set("security.session_idle_minutes", "10080")
        .set("security.session_absolute_minutes", "10080")
        .set("workshop.poll_seconds", "1")
        .set("audit.head_interval_seconds", "1")
}

impl Town {
    /// Founds it, with so many units. The service goes on running.
    pub fn found(base: Base, service: Service, units: u32, chance: &mut Chance) -> (Self, Running) {
        let running = service.start();
        let first = running.line_with("first_administrators");
        let first: Value = serde_json::from_str(&first).unwrap();
        let one_time = first["first_administrators"].as_array().unwrap().iter();
        let one_time =
            one_time.clone().find(|a| a["login"] == "security").unwrap()["password"].as_str().unwrap();
        let at = service.client();
        let security = Person::enter(&service.url(), "security", one_time, true, chance);
        let url = service.url();
        let city = [("issuing_reviewer", CITY), ("filing_officer", CITY)];
        let officer = hire(&url, &security, "officer", &city, chance);
        let maker = make(&at, &officer, "/makers", &sample::maker(1, Timestamp::now()), chance);
        let maker = maker["id"].as_str().unwrap().to_owned();
        make(&at, &officer, "/workshop", &json!({ "maker": maker }), chance);
        let operator = hire(&url, &security, "operator", &[("maker_operator", &maker)], chance);
        let register = |number| {
            let made = make(&at, &officer, "/units", &sample::unit(number), chance);
            (number, made["id"].as_str().unwrap().to_owned())
        };
        let registered: Vec<(u32, String)> = (1..=units).map(register).collect();
        // One agent for all of them: hashing passwords takes most of the time.
        let grants: Vec<_> = registered.iter().map(|(_, id)| ("unit_agent", id.as_str())).collect();
        let agent = hire(&url, &security, "agent", &grants, chance);
        let unit = |(number, id)| Unit { number, id, agent: agent.clone() };
        let units = registered.into_iter().map(unit).collect();
        let officers = Officers { reviewer: officer.clone(), filer: officer, operator };
        (Self { service, base, officers, units, security }, running)
    }

    /// A new account with these roles, and its key.
    pub fn hire(&self, login: &str, grants: &[(&str, &str)], chance: &mut Chance) -> (Person, String) {
        let person = hire(&self.service.url(), &self.security, login, grants, chance);
        let session = person.get(&self.service.client(), "/session").unwrap().json();
        let id = session["account"]["id"].as_str().unwrap().to_owned();
        (person, id)
    }

    /// Rows of a query that gives one text each.
    pub fn lines(&self, query: &str) -> Vec<String> {
        self.base.lines(&self.service, query)
    }

    /// The number a query gives.
    pub fn number(&self, query: &str) -> i64 {
        let lines = self.lines(query);
        lines.first().unwrap_or_else(|| panic!("{query}: nothing")).parse().unwrap()
    }
}

fn make(at: &Http, who: &Person, path: &str, body: &Value, chance: &mut Chance) -> Value {
    let answer = who.ask("POST", path, None, body, chance).send(at).unwrap();
    assert!((200..300).contains(&answer.status), "{path}: {}", answer.text());
    answer.json()
}

fn hire(url: &str, security: &Person, login: &str, grants: &[(&str, &str)], chance: &mut Chance) -> Person {
    let grants: Vec<Value> =
        grants.iter().map(|(role, scope)| json!({ "role": role, "scope": scope })).collect();
    let body = json!({ "login": login, "name": format!("示例人员 {login}"), "grants": grants });
    let made = make(&Http::new(url), security, "/accounts", &body, chance);
    Person::enter(url, login, made["one_time_password"].as_str().unwrap(), false, chance)
}
