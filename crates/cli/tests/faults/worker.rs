//! A client that carries the things of one unit through their life, step by step, and keeps book of what it was told.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use yinxin_testkit::http::{Answer, Http};

use crate::chance::Chance;
use crate::ledger::Ledger;
use crate::person::{Request, version};
use crate::sample;
use crate::town::{Officers, Unit};

/// Things under way at most.
const MOST: usize = 6;
/// Statuses of faults that pass: the request is sent again as it was.
const PASSING: [u16; 4] = [429, 500, 503, 507];

/// What a request is about.
#[derive(Debug, Clone)]
enum About {
    /// A new application of this kind.
    Open { legal: bool },
    /// A change of this seal.
    Change { seal: String },
    /// A document for this application.
    Document { thing: String, code: String },
    /// A step of this thing.
    Step { thing: String, action: String },
}

/// Why the client stops for now.
#[derive(Debug)]
pub struct Broken;

/// A client.
#[derive(Debug)]
pub struct Worker {
    pub unit: Unit,
    officers: Officers,
    chance: Chance,
    pub ledger: Ledger,
    /// Paths of applications, seals.
    things: Vec<String>,
    /// The legal-name application or seal, where there is one.
    legal: Option<String>,
    /// Seals whose change is open.
    changing: Vec<String>,
    /// Codes of required materials by kind of seal.
    materials: BTreeMap<String, Vec<String>>,
    /// The request that was sent and not answered, or answered with a fault that passes.
    pub pending: Option<Pending>,
    /// Answers with faults that pass: status, code, whether they said when to come back.
    pub faults: Vec<(u16, String, bool)>,
}

/// Stops the clients when it goes, however a test ends.
#[derive(Debug)]
pub struct Stop<'a>(pub &'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A request in doubt.
#[derive(Debug, Clone)]
pub struct Pending {
    request: Request,
    about: About,
    /// No answer came; otherwise it was one that promises that nothing was done, or that sending again is safe.
    unanswered: bool,
}

impl Worker {
    pub fn new(unit: Unit, officers: Officers, chance: Chance) -> Self {
        Self {
            unit,
            officers,
            chance,
            ledger: Ledger::default(),
            things: Vec::new(),
            legal: None,
            changing: Vec::new(),
            materials: BTreeMap::new(),
            pending: None,
            faults: Vec::new(),
        }
    }

    /// Works until told to stop, or until the service does not answer.
    pub fn work(&mut self, at: &Http, stop: &AtomicBool) {
        while !stop.load(Ordering::Relaxed) {
            let gone = match self.pending {
                Some(_) => self.settle(at),
                None => self.step(at),
            };
            if gone.is_err() && self.pending.as_ref().is_none_or(|p| p.unanswered) {
                return;
            }
            if gone.is_err() {
                std::thread::sleep(Duration::from_millis(20));
            }
        }
    }

    /// Works through faults that pass and through answers that never come, until told to stop.
    pub fn endure(&mut self, at: &Http, stop: &AtomicBool) {
        while !stop.load(Ordering::Relaxed) {
            self.work(at, stop);
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Sends the request in doubt again, as it was.
    pub fn settle(&mut self, at: &Http) -> Result<(), Broken> {
        let Some(Pending { request, about, unanswered }) = self.pending.take() else { return Ok(()) };
        let Ok(answer) = request.send(at) else {
            self.pending = Some(Pending { request, about, unanswered: true });
            return Err(Broken);
        };
        // A document has no key: it is there already where the version has moved on.
        if let (412, About::Document { thing, .. }, true) = (answer.status, &about, unanswered) {
            let shown = self.unit.agent.get(at, thing).map_err(|_| Broken)?;
            if shown.status != 200 {
                self.pending = Some(Pending { request, about, unanswered });
                return Err(Broken);
            }
            self.ledger.unanswered.0 += 1;
            self.accept(&request, &about, &shown);
            return Ok(());
        }
        let replayed = answer.header("idempotency-replayed").is_some();
        if unanswered && (200..300).contains(&answer.status) {
            let count = &mut self.ledger.unanswered;
            *(if replayed { &mut count.0 } else { &mut count.1 }) += 1;
        }
        assert!(
            unanswered || !replayed,
            "{} {} was refused for a fault, yet done",
            request.method,
            request.path
        );
        self.take(request, about, answer, unanswered)
    }

    fn send(&mut self, at: &Http, request: Request, about: About) -> Result<(), Broken> {
        match request.send(at) {
            Ok(answer) => self.take(request, about, answer, false),
            Err(_) => {
                self.pending = Some(Pending { request, about, unanswered: true });
                Err(Broken)
            }
        }
    }

    fn take(&mut self, request: Request, about: About, answer: Answer, doubt: bool) -> Result<(), Broken> {
        if (200..300).contains(&answer.status) {
            self.accept(&request, &about, &answer);
            return Ok(());
        }
        assert!(
            PASSING.contains(&answer.status),
            "unit {}: {} {} {about:?}: {} {}",
            self.unit.number,
            request.method,
            request.path,
            answer.status,
            answer.text()
        );
        self.fault(&answer);
        // A timeout and an internal error leave open whether it was done; a commit whose answer was lost is one of the former.
        self.pending = Some(Pending { request, about, unanswered: doubt || self.in_doubt(&answer) });
        Err(Broken)
    }

    fn in_doubt(&self, answer: &Answer) -> bool {
        answer.status != 507
    }

    fn fault(&mut self, answer: &Answer) {
        let code = answer.problem(answer.status);
        self.faults.push((answer.status, code, answer.header("retry-after").is_some()));
    }

    fn accept(&mut self, request: &Request, about: &About, answer: &Answer) {
        let ledger = &mut self.ledger;
        let of = |kind: &str, member: &str| format!("/{kind}/{}", answer.json()[member].as_str().unwrap());
        match about {
            About::Open { legal } => {
                let thing = of("applications", "id");
                ledger.note(&thing, "application.open", request, answer);
                ledger.opened += 1;
                if *legal {
                    self.legal = Some(thing.clone());
                }
                self.things.push(thing);
            }
            About::Change { seal } => {
                let thing = of("applications", "application");
                ledger.note(&of("changes", "id"), "change.open", request, answer);
                ledger.opened += 1;
                if self.legal.as_ref() == Some(seal) {
                    self.legal = Some(thing.clone());
                }
                self.changing.push(seal.clone());
                self.things.push(thing);
            }
            About::Document { thing, code } => {
                ledger.note(thing, "application.put_material", request, answer);
                ledger.documents.push((format!("{thing}/materials/{code}"), request.body.clone()));
            }
            About::Step { thing, action } => ledger.note(thing, action, request, answer),
        }
    }

    /// Reads a thing; faults that pass are noted.
    fn read(&mut self, at: &Http, path: &str) -> Result<(Value, i64), Broken> {
        let answer = self.unit.agent.get(at, path).map_err(|_| Broken)?;
        if PASSING.contains(&answer.status) {
            self.fault(&answer);
            std::thread::sleep(Duration::from_millis(20));
            return Err(Broken);
        }
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        Ok((answer.json(), version(&answer).unwrap_or_default()))
    }

    fn step(&mut self, at: &Http) -> Result<(), Broken> {
        if self.things.len() < MOST && (self.things.is_empty() || self.chance.one_in(4)) {
            return self.open(at);
        }
        let thing = self.things[self.chance.below(self.things.len())].clone();
        let (shown, version) = self.read(at, &thing)?;
        let state = shown["state"].as_str().unwrap().to_owned();
        if thing.starts_with("/applications/") {
            self.application(at, &thing, &state, &shown, version)
        } else {
            self.seal(at, &thing, &state, &shown, version)
        }
    }

    fn open(&mut self, at: &Http) -> Result<(), Broken> {
        let legal = self.legal.is_none();
        let content = self.content(legal);
        let body = json!({ "unit": self.unit.id, "basis": { "kind": "new" }, "content": content });
        let request = self.unit.agent.ask("POST", "/applications", None, &body, &mut self.chance);
        self.send(at, request, About::Open { legal })
    }

    fn content(&self, legal: bool) -> Value {
        match legal {
            true => sample::content(self.unit.number),
            false => sample::contract_content(self.unit.number),
        }
    }

    fn forget(&mut self, thing: &str) {
        self.things.retain(|known| known != thing);
        self.changing.retain(|known| known != thing);
        if self.legal.as_deref() == Some(thing) {
            self.legal = None;
        }
    }

    fn act(
        &mut self,
        at: &Http,
        thing: &str,
        verb: &str,
        version: Option<i64>,
        body: Value,
    ) -> Result<(), Broken> {
        let who = match verb {
            "approve" | "refuse" | "return" | "cancel" | "resume" => &self.officers.reviewer,
            "file" => &self.officers.filer,
            "deliver" => &self.officers.operator,
            _ => &self.unit.agent,
        };
        let request = who.ask("POST", &format!("{thing}/{verb}"), version, &body, &mut self.chance);
        let kind = if thing.starts_with("/seals/") { "seal" } else { "application" };
        let action = format!("{kind}.{}", verb.replace('-', "_"));
        self.send(at, request, About::Step { thing: thing.to_owned(), action })
    }

    fn application(
        &mut self,
        at: &Http,
        thing: &str,
        state: &str,
        shown: &Value,
        seen: i64,
    ) -> Result<(), Broken> {
        let version = Some(seen);
        match state {
            "draft" | "returned" => {
                if shown["basis"]["kind"] == "new" && self.chance.one_in(30) {
                    return self.act(at, thing, "withdraw", version, json!({ "reason": "不办了" }));
                }
                self.complete(at, thing, shown, seen)
            }
            "submitted" => match self.chance.below(12) {
                0 => self.act(at, thing, "refuse", version, json!({ "reasons": ["材料不清"] })),
                1 => self.act(at, thing, "return", version, json!({ "reasons": ["请补交材料"] })),
                _ => self.act(at, thing, "approve", version, json!({})),
            },
            "refused" => self.act(at, thing, "reopen", version, json!({})),
            "approved" | "making" | "completed" => {
                // From here on the seal is what is worked on.
                if let Some(seal) = shown["seal"].as_str().map(|id| format!("/seals/{id}")) {
                    if self.legal.as_deref() == Some(thing) {
                        self.legal = Some(seal.clone());
                    }
                    self.forget(thing);
                    self.things.push(seal);
                }
                Ok(())
            }
            _ => {
                self.forget(thing);
                Ok(())
            }
        }
    }

    /// Hands in the next document that is missing, or the whole.
    fn complete(&mut self, at: &Http, thing: &str, shown: &Value, version: i64) -> Result<(), Broken> {
        let kind = shown["kind"].as_str().unwrap().to_owned();
        if !self.materials.contains_key(&kind) {
            let path = format!("/procedures?area=610100&applicant_kind=enterprise&seal_kind={kind}");
            let (procedure, _) = self.read(at, &path)?;
            let required =
                procedure["materials"].as_array().unwrap().iter().filter(|m| m["required"] == true);
            let codes = required.map(|m| m["code"].as_str().unwrap().to_owned()).collect();
            self.materials.insert(kind.clone(), codes);
        }
        let empty = Vec::new();
        let there = shown["content"]["materials"].as_array().unwrap_or(&empty);
        let there: Vec<&str> = there.iter().filter_map(|m| m["code"].as_str()).collect();
        let missing = self.materials[&kind].iter().find(|code| !there.contains(&code.as_str())).cloned();
        if let Some(code) = missing {
            let document = sample::pdf(&self.chance.key());
            let request = self.unit.agent.upload(thing, &code, version, document);
            return self.send(at, request, About::Document { thing: thing.to_owned(), code });
        }
        let (checks, _) = self.read(at, &format!("{thing}/checks"))?;
        let truth = json!({ "content_digest": checks["content_digest"], "statement": checks["statement"] });
        self.act(at, thing, "submit", Some(version), truth)
    }

    fn seal(
        &mut self,
        at: &Http,
        thing: &str,
        state: &str,
        shown: &Value,
        version: i64,
    ) -> Result<(), Broken> {
        let version = Some(version);
        match state {
            "making" => Ok(()),
            "made" => self.act(at, thing, "file", version, json!({})),
            "filed" => self.act(at, thing, "deliver", version, json!({ "to": "示例乙" })),
            "delivered" => self.act(at, thing, "accept", version, json!({})),
            "active" => match self.chance.below(6) {
                0 => self.act(
                    at,
                    thing,
                    "report-loss",
                    None,
                    json!({ "reason": "loss", "detail": "载体遗失" }),
                ),
                1 => {
                    let own = json!({ "reason": "unit_request", "detail": "年度盘点", "document": "示授〔2026〕1 号" });
                    self.act(at, thing, "suspend", version, own)
                }
                2 | 3 if !self.changing.iter().any(|known| known == thing) => {
                    let content = self.content(shown["kind"] == "legal_name");
                    let id = thing.rsplit('/').next().unwrap();
                    let body = json!({ "seal": id, "reason": "印模变更", "content": content });
                    let request = self.unit.agent.ask("POST", "/changes", None, &body, &mut self.chance);
                    self.send(at, request, About::Change { seal: thing.to_owned() })
                }
                4 => {
                    let body = json!({ "reason": "end_of_use", "detail": "业务终止，不再使用" });
                    self.act(at, thing, "cancel", version, body)
                }
                _ => Ok(()),
            },
            "suspended" => match self.chance.below(3) {
                0 => {
                    let body = json!({ "reason": "damage", "detail": "载体损毁" });
                    self.act(at, thing, "cancel", version, body)
                }
                _ => self.act(at, thing, "resume", version, json!({ "reason": "已经找回" })),
            },
            _ => {
                self.forget(thing);
                Ok(())
            }
        }
    }
}

/// Sends what is in doubt again until it is answered; faults that pass may last a while.
pub fn settle_all(workers: &mut [Worker], at: &Http) {
    for worker in workers {
        for _ in 0..600 {
            if worker.settle(at).is_ok() {
                break;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        assert!(
            worker.pending.is_none(),
            "unit {}: {:?} {:?}",
            worker.unit.number,
            worker.pending,
            worker.faults.last()
        );
    }
}
