//! What the steps of the registry's story share: stage, server, and a book of what came out.

use std::cell::RefCell;

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use yinxin_server::app::clock::Source as _;

use super::api::Api;
use super::host::Host;
use super::person::Person;
use crate::command::demo::stage::{Stage, day};
use crate::failure::Failure;

/// The story while it is told.
pub struct Tale<'a> {
    /// Folder and voice.
    pub stage: &'a Stage,
    /// The server.
    pub host: &'a Host,
    /// A client of it that is nobody yet.
    pub api: Api,
    facts: RefCell<Map<String, Value>>,
    odd: RefCell<u32>,
}

impl<'a> Tale<'a> {
    /// Begins.
    pub fn new(stage: &'a Stage, host: &'a Host) -> Self {
        let facts = json!({ "url": host.url });
        let facts = facts.as_object().cloned().unwrap_or_default();
        Self { stage, host, api: Api::new(&host.url), facts: RefCell::new(facts), odd: RefCell::new(0) }
    }

    /// Heading of a step that happens so many days before today.
    pub fn step(&self, number: u32, days_back: i64, zh: &str, en: &str) -> Result<(), Failure> {
        self.host.turn_clock(days_back)?;
        let today = day(self.now());
        self.stage.step(number, &format!("{zh}（{today}）"), &format!("{en} ({today})"));
        Ok(())
    }

    /// A sentence.
    pub fn tell(&self, zh: &str, en: &str) {
        self.stage.tell(zh, en);
    }

    /// The registry's clock.
    pub fn now(&self) -> Timestamp {
        self.host.clock.now()
    }

    /// Notes something for the summary.
    pub fn note(&self, name: &str, value: Value) {
        self.facts.borrow_mut().insert(name.to_owned(), value);
    }

    /// Something that the story says and the registry has to say too.
    pub fn claim(&self, zh: &str, en: &str, got: &str, told: &str) {
        if got == told {
            self.stage.tell(&format!("✓ {zh} [{got}]"), &format!("✓ {en} [{got}]"));
            return;
        }
        *self.odd.borrow_mut() += 1;
        let (zh, en) = (format!("✗ {zh} [{got}]"), format!("✗ {en} [{got}]"));
        self.stage.tell(&zh, &en);
        let note = self.stage.out.pick("与所讲的不符，应为", "NOT AS TOLD, expected");
        self.stage.out.note(format!("{note}：{told}"));
    }

    /// First login of an account that somebody has just been given.
    pub fn first_login(
        &self,
        role: (&'static str, &'static str),
        login: &str,
        one_time: &str,
        administers: bool,
    ) -> Result<Person, Failure> {
        Person::first_login(&self.api, &self.host.clock, role, login, one_time, administers)
    }

    /// The facts, and whether all claims came out as told.
    pub fn finish(self) -> (Value, bool) {
        let as_told = *self.odd.borrow() == 0;
        let mut facts = self.facts.into_inner();
        facts.insert("as_told".to_owned(), json!(as_told));
        (Value::Object(facts), as_told)
    }
}
