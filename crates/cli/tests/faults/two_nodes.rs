//! Two processes on one PostgreSQL.

use std::collections::BTreeSet;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use yinxin_testkit::http::{Answer, Http};
use yinxin_testkit::postgres;
use yinxin_testkit::process::{Running, Service};

use crate::base::Base;
use crate::chance::Chance;
use crate::person::{Person, Request, version};
use crate::sample;
use crate::town::{Town, Unit, service};
use crate::truth;
use crate::worker::{Worker, settle_all};

/// A town with a second node, which makes no seals.
struct Twins {
    town: Town,
    second: Service,
    _running: [Running; 2],
}

fn twins(units: u32, chance: &mut Chance) -> Option<Twins> {
    let database = postgres::database()?;
    let url = database.url().to_owned();
    let base = Base::Postgres(database);
    let first = service(&base);
    let data = first.folder().join("data");
    let shared = |place: &str| data.join(place).to_string_lossy().into_owned();
    let second = service(&Base::Sqlite)
        .set("database.url", &url)
        .set("roles", "registry")
        .set("documents.folder", &shared("documents"))
        .set("security.master_key_file", &shared("keys/master.key"));
    let (town, running) = Town::found(base, first, units, chance);
    let other = second.start();
    Some(Twins { town, second, _running: [running, other] })
}

impl Twins {
    fn nodes(&self) -> [Http; 2] {
        [self.town.service.client(), self.second.client()]
    }

    /// Sends each request to its node, all at the same moment.
    fn at_once(&self, requests: &[(usize, Request)]) -> Vec<Answer> {
        let barrier = Barrier::new(requests.len());
        let send = |(node, request): &(usize, Request)| {
            let at = if *node == 0 { self.town.service.client() } else { self.second.client() };
            // The connection is there before the signal.
            at.get("/healthz");
            barrier.wait();
            request.send(&at).unwrap()
        };
        std::thread::scope(|scope| {
            let threads: Vec<_> = requests.iter().map(|each| scope.spawn(|| send(each))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        })
    }

    /// A first application, complete and handed in, through both nodes by turns.
    fn submitted(&self, unit: &Unit, content: &Value, chance: &mut Chance) -> String {
        let nodes = self.nodes();
        let agent = &unit.agent;
        let opened = agent.ask("POST", "/applications", None, &opening(unit, content), chance);
        let id = opened.send(&nodes[0]).unwrap().expect(201)["id"].as_str().unwrap().to_owned();
        let path = format!("/applications/{id}");
        let kind = content["kind"].as_str().unwrap();
        let procedure = format!("/procedures?area=610100&applicant_kind=enterprise&seal_kind={kind}");
        let procedure = agent.get(&nodes[1], &procedure).unwrap().expect(200);
        for (turn, material) in procedure["materials"].as_array().unwrap().iter().enumerate() {
            if material["required"] == true {
                let at = &nodes[turn % 2];
                let code = material["code"].as_str().unwrap();
                let seen = version(&agent.get(at, &path).unwrap()).unwrap();
                agent.upload(&path, code, seen, sample::pdf(&chance.key())).send(at).unwrap().expect(200);
            }
        }
        let shown = agent.get(&nodes[1], &path).unwrap();
        let checks = agent.get(&nodes[0], &format!("{path}/checks")).unwrap().expect(200);
        let truth = json!({ "content_digest": checks["content_digest"], "statement": checks["statement"] });
        let submit = agent.ask("POST", &format!("{path}/submit"), version(&shown), &truth, chance);
        submit.send(&nodes[1]).unwrap().expect(200);
        path
    }

    fn approval(&self, path: &str, chance: &mut Chance) -> Request {
        let reviewer = &self.town.officers.reviewer;
        let shown = reviewer.get(&self.nodes()[0], path).unwrap();
        reviewer.ask("POST", &format!("{path}/approve"), version(&shown), &json!({}), chance)
    }
}

#[test]
fn faults_two_nodes() {
    let mut chance = Chance::of_run("faults_two_nodes");
    let Some(twins) = twins(11, &mut chance) else { return };
    let units = &twins.town.units;
    share_sessions(&twins, &units[..1], &mut chance);
    give_a_unit_one_legal_name_seal(&twins, &units[..3], &mut chance);
    do_a_request_sent_to_both_once(&twins, &units[3..4], &mut chance);
    number_no_seal_twice(&twins, &units[4..5], &mut chance);
    keep_one_chain_and_do_each_job_once(&twins, &units[5..], &mut chance);
}

fn opening(unit: &Unit, content: &Value) -> Value {
    json!({ "unit": unit.id, "basis": { "kind": "new" }, "content": content })
}

fn give_a_unit_one_legal_name_seal(twins: &Twins, units: &[Unit], chance: &mut Chance) {
    for unit in units {
        let body = opening(unit, &sample::content(unit.number));
        let ask = |node: usize| (node % 2, unit.agent.ask("POST", "/applications", None, &body, chance));
        let requests: Vec<_> = (0..6).map(ask).collect();
        let answers = twins.at_once(&requests);
        let won: Vec<&Answer> = answers.iter().filter(|a| a.status == 201).collect();
        assert_eq!(won.len(), 1, "unit {}", unit.number);
        for lost in answers.iter().filter(|a| a.status != 201) {
            assert_eq!(lost.problem(409), "LEGAL_NAME_SEAL_EXISTS");
        }
        // Both see it, whoever made it.
        let path = format!("/applications/{}", won[0].json()["id"].as_str().unwrap());
        for at in twins.nodes() {
            unit.agent.get(&at, &path).unwrap().expect(200);
        }
    }
}

fn number_no_seal_twice(twins: &Twins, units: &[Unit], chance: &mut Chance) {
    let unit = &units[0];
    let content = sample::contract_content(unit.number);
    let paths: Vec<String> = (0..8).map(|_| twins.submitted(unit, &content, chance)).collect();
    let requests: Vec<_> =
        paths.iter().enumerate().map(|(n, path)| (n % 2, twins.approval(path, chance))).collect();
    let answers = twins.at_once(&requests);
    let codes: BTreeSet<String> =
        answers.iter().map(|a| a.expect(200)["seal_code"].as_str().unwrap().to_owned()).collect();
    assert_eq!(codes.len(), 8, "every code once");
    truth::comes_to_rest(&twins.town, true);
    truth::nothing_half_done(&twins.town);
    let numbers = twins.town.lines(&format!(
        "SELECT CAST(number AS TEXT) FROM seal WHERE unit_id = '{}' ORDER BY number",
        unit.id
    ));
    let each: Vec<String> = (1..=8).map(|n: u32| n.to_string()).collect();
    assert_eq!(numbers, each, "every number once and none left out");
}

fn do_a_request_sent_to_both_once(twins: &Twins, units: &[Unit], chance: &mut Chance) {
    let unit = &units[0];
    let content = sample::contract_content(unit.number);
    let once = |request: Request| {
        let requests =
            [(0, request.clone()), (1, request.clone()), (0, request.clone()), (1, request.clone())];
        let answers = twins.at_once(&requests);
        let given: BTreeSet<Vec<u8>> =
            answers.iter().filter(|a| a.status < 300).map(|a| a.body.clone()).collect();
        let told: Vec<_> = answers.iter().map(|a| (a.status, a.text())).collect();
        assert_eq!(given.len(), 1, "{} gave {told:?}", request.path);
        let fresh = answers.iter().filter(|a| a.status < 300 && a.header("idempotency-replayed").is_none());
        assert_eq!(fresh.count(), 1, "{} was done more than once: {told:?}", request.path);
        // Whoever came while it was being done is told just that, never that it was refused.
        for other in answers.iter().filter(|a| a.status >= 300) {
            assert_eq!(other.problem(409), "IDEMPOTENCY_KEY_IN_PROGRESS", "{}", request.path);
        }
        for at in twins.nodes() {
            let again = request.send(&at).unwrap();
            assert!(again.header("idempotency-replayed").is_some() && given.contains(&again.body));
        }
    };
    for _ in 0..6 {
        once(unit.agent.ask("POST", "/applications", None, &opening(unit, &content), chance));
    }
    let mine = format!("SELECT CAST(count(*) AS TEXT) FROM application WHERE unit_id = '{}'", unit.id);
    assert_eq!(twins.town.number(&mine), 6);
    for _ in 0..4 {
        let path = twins.submitted(unit, &content, chance);
        once(twins.approval(&path, chance));
    }
    let approved =
        "SELECT CAST(count(*) AS TEXT) FROM audit WHERE action = 'application.approve' AND outcome = 'ok'";
    assert_eq!(twins.town.number(approved), 4);
}

fn share_sessions(twins: &Twins, units: &[Unit], chance: &mut Chance) {
    let agent = &units[0].agent;
    let [first, second] = twins.nodes();
    let person = Person::log_in(&twins.second.url(), &agent.login, &agent.password);
    for at in [&first, &second] {
        person.get(at, "/session").unwrap().expect(200);
    }
    let leave = person.ask("DELETE", "/session", None, &Value::Null, chance).send(&first).unwrap();
    assert!(leave.status < 300, "{}", leave.text());
    for at in [&first, &second] {
        assert_eq!(person.get(at, "/session").unwrap().problem(401), "SESSION_EXPIRED");
    }
}

fn keep_one_chain_and_do_each_job_once(twins: &Twins, units: &[Unit], chance: &mut Chance) {
    let worker = |unit: &_| Worker::new(Clone::clone(unit), twins.town.officers.clone(), chance.branch());
    let mut workers: Vec<Worker> = units.iter().map(worker).collect();
    let (nodes, stop) = (twins.nodes(), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for (number, worker) in workers.iter_mut().enumerate() {
            let at = &nodes[number % 2];
            scope.spawn(|| worker.work(at, &stop));
        }
        std::thread::sleep(Duration::from_secs(4));
        stop.store(true, Ordering::Relaxed);
    });
    settle_all(&mut workers, &nodes[1]);
    truth::comes_to_rest(&twins.town, true);
    truth::holds(&twins.town, &nodes[0], &mut workers, chance);
    truth::chain_is_sound(&twins.town.service);
    truth::chain_is_sound(&twins.second);
    // Notices: each leaves a line where it is done.
    let jobs = twins.town.lines("SELECT id FROM job WHERE queue = 'work' AND kind = 'notify'");
    assert!(!jobs.is_empty());
    let logs = [twins.town.service.log(), twins.second.log()];
    let told = |job: &str| {
        let line = |log: &String| log.lines().filter(|l| l.contains("notice") && l.contains(job)).count();
        logs.iter().map(line).sum::<usize>()
    };
    for job in &jobs {
        assert_eq!(told(job), 1, "{job} was done more or less than once");
    }
    let tried = "SELECT id FROM job WHERE queue = 'work' AND kind = 'notify' AND attempts <> 1";
    assert_eq!(twins.town.lines(tried), [""; 0], "nobody took what another had");
    let both = logs.iter().filter(|log| log.contains("notice")).count();
    println!(
        "{} notices, by {both} nodes; heads signed by {} nodes",
        jobs.len(),
        logs.iter().filter(|l| l.contains("audit head signed")).count()
    );
    assert!(!jobs.is_empty());
}
