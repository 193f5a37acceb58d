//! What must hold after every fault: nothing acknowledged is lost or doubled, nothing is half done, the chain is sound.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use serde_json::Value;
use yinxin_testkit::http::Http;
use yinxin_testkit::process::Service;

use crate::base::Base;
use crate::chance::Chance;
use crate::ledger::Acknowledged;
use crate::person::version;
use crate::town::Town;
use crate::worker::Worker;

/// Jobs that each action leaves to be done at once, by the tables of the lifecycle; an acceptance tells of seal and application, and each
/// change of state is announced to programs.
const WORK: &str = "CASE action WHEN 'application.submit' THEN 1 WHEN 'application.return' THEN 2 WHEN 'application.refuse' THEN 2 \
    WHEN 'application.approve' THEN 3 WHEN 'application.withdraw' THEN 2 WHEN 'seal.made' THEN 2 WHEN 'seal.file' THEN 2 \
    WHEN 'seal.deliver' THEN 2 WHEN 'seal.accept' THEN 4 WHEN 'seal.report_loss' THEN 4 WHEN 'seal.suspend' THEN 4 \
    WHEN 'seal.resume' THEN 3 WHEN 'seal.cancel' THEN 3 ELSE 0 END";

/// Deadlines that each action sets; an acceptance one for the end and four to remind.
const CLOCKS: &str = "CASE action WHEN 'application.submit' THEN 1 WHEN 'application.return' THEN 1 WHEN 'seal.made' THEN 1 \
    WHEN 'seal.file' THEN 1 WHEN 'seal.accept' THEN 5 ELSE 0 END";

/// What reminds of a deadline is left where the deadline is far enough away.
const NO_REMINDER: &str = "payload NOT LIKE '%\"name\":\"%soon\"%'";

/// Queries that name what is half done; each must find nothing. One statement sees one moment.
const HALF_DONE: &[(&str, &str)] = &[
    (
        "an approved application without a record of the approval",
        "SELECT a.id FROM application a WHERE a.state IN ('approved', 'making', 'completed') \
         AND NOT EXISTS (SELECT 1 FROM audit r WHERE r.subject = a.id AND r.action = 'application.approve' AND r.outcome = 'ok')",
    ),
    (
        "a seal without order",
        "SELECT s.id FROM seal s WHERE NOT EXISTS \
         (SELECT 1 FROM audit r WHERE r.subject = s.application_id AND r.action = 'order.take' AND r.outcome = 'ok')",
    ),
    (
        "a seal whose state no record explains",
        "SELECT s.id || ' ' || s.state FROM seal s WHERE NOT EXISTS (SELECT 1 FROM audit r WHERE r.subject = s.id AND r.outcome = 'ok' \
         AND r.action = CASE s.state WHEN 'made' THEN 'seal.made' WHEN 'filed' THEN 'seal.file' WHEN 'delivered' THEN 'seal.deliver' \
         WHEN 'active' THEN 'seal.accept' WHEN 'suspended' THEN 'seal.accept' WHEN 'canceled' THEN 'seal.cancel' END) \
         AND s.state <> 'making'",
    ),
    (
        "an application in making without a seal on its way",
        "SELECT a.id FROM application a WHERE a.state = 'making' AND 1 <> (SELECT count(*) FROM seal s \
         WHERE s.application_id = a.id AND s.state IN ('making', 'made', 'filed', 'delivered'))",
    ),
    (
        "a seal in force whose application is not completed",
        "SELECT s.id FROM seal s JOIN application a ON a.id = s.application_id \
         WHERE s.state IN ('active', 'suspended', 'canceled') AND a.state <> 'completed'",
    ),
    (
        "a completed application without a seal",
        "SELECT a.id FROM application a WHERE a.state = 'completed' AND 1 <> (SELECT count(*) FROM seal s \
         WHERE s.application_id = a.id AND s.state IN ('active', 'suspended', 'canceled', 'replaced'))",
    ),
    (
        "a change that and its seal disagree on",
        "SELECT c.id FROM change_case c JOIN seal s ON s.id = c.seal_id JOIN application a ON a.id = c.application_id \
         WHERE (c.state IN ('canceled', 'completed') AND s.state <> 'canceled') OR (c.state = 'open' AND s.state = 'canceled') \
         OR (c.state = 'completed') <> (a.state = 'completed')",
    ),
    (
        "a chain whose head is not its last row",
        "SELECT CAST(h.seq AS TEXT) FROM audit_head h WHERE h.seq <> (SELECT count(*) FROM audit) \
         OR h.seq <> (SELECT max(seq) FROM audit) OR h.hash <> (SELECT hash FROM audit WHERE seq = h.seq)",
    ),
    ("a job that was given up", "SELECT id || ' ' || coalesce(last_error, '') FROM job WHERE state = 'dead'"),
    (
        "figures that do not add up",
        "SELECT 'seal' FROM (SELECT 1 AS one) x WHERE (SELECT count(*) FROM seal) <> \
         (SELECT coalesce(sum(count), 0) FROM tally WHERE thing = 'seal') + (SELECT coalesce(sum(count), 0) FROM tally_change WHERE thing = 'seal') \
         UNION ALL SELECT 'application' FROM (SELECT 1 AS one) x WHERE (SELECT count(*) FROM application WHERE state = 'completed') <> \
         (SELECT coalesce(sum(count), 0) FROM tally WHERE thing = 'application' AND state = 'completed') \
         + (SELECT coalesce(sum(count), 0) FROM tally_change WHERE thing = 'application' AND state = 'completed')",
    ),
    (
        "a number given twice",
        "SELECT code FROM seal WHERE state <> 'abandoned' GROUP BY code HAVING count(*) > 1 \
         UNION ALL SELECT unit_id || CAST(number AS TEXT) FROM seal WHERE state <> 'abandoned' AND number IS NOT NULL \
         GROUP BY unit_id, kind, number HAVING count(*) > 1",
    ),
];

/// Looks at everything; `workers` have nothing under way.
pub fn holds(town: &Town, at: &Http, workers: &mut [Worker], chance: &mut Chance) {
    nothing_half_done(town);
    let done = done(town);
    let kept: BTreeSet<String> =
        town.lines("SELECT owner || ' ' || key FROM idempotency").into_iter().collect();
    let kept: BTreeSet<&str> = kept.iter().filter_map(|line| line.split(' ').nth(1)).collect();
    for worker in workers {
        assert!(worker.pending.is_none(), "unit {} is still in doubt", worker.unit.number);
        acknowledged(town, at, worker, &done);
        for fresh in worker.ledger.fresh.iter().filter_map(|fresh| fresh.request.key.as_deref()) {
            assert!(kept.contains(fresh), "the answer under {fresh} is gone");
        }
        let sent: Vec<&Acknowledged> =
            worker.ledger.fresh.iter().filter(|f| f.request.key.is_some()).collect();
        for _ in 0..2.min(sent.len()) {
            again(at, sent[chance.below(sent.len())]);
        }
        worker.ledger.looked_at();
    }
}

/// How often which action was done to which subject, by the audit chain.
fn done(town: &Town) -> BTreeMap<(String, String), u64> {
    let query = "SELECT subject || ' ' || action || ' ' || CAST(count(*) AS TEXT) FROM audit WHERE outcome = 'ok' GROUP BY subject, action";
    let read = |line: String| {
        let mut words = line.split(' ').map(str::to_owned);
        let mut word = || words.next().unwrap();
        ((word(), word()), word().parse().unwrap())
    };
    town.lines(query).into_iter().map(read).collect()
}

/// Every change that was acknowledged is there, once.
fn acknowledged(town: &Town, at: &Http, worker: &Worker, done: &BTreeMap<(String, String), u64>) {
    let ledger = &worker.ledger;
    for ((subject, action), times) in &ledger.done {
        let found = done.get(&(subject.clone(), action.clone())).copied().unwrap_or_default();
        assert_eq!(
            found, *times,
            "{action} of {subject}: acknowledged {times} times, recorded {found} times"
        );
    }
    let opened = town.number(&format!(
        "SELECT CAST(count(*) AS TEXT) FROM application WHERE unit_id = '{}'",
        worker.unit.id
    ));
    assert_eq!(opened as u64, ledger.opened, "applications of unit {}", worker.unit.number);
    for (thing, least) in &ledger.versions {
        // Reading checks the row's MAC.
        let shown = worker.unit.agent.get(at, thing).unwrap();
        assert_eq!(shown.status, 200, "{thing}: {}", shown.text());
        let seen = version(&shown).unwrap();
        assert!(seen >= *least, "{thing}: version {seen}, acknowledged {least}");
        let state = shown.json()["state"].as_str().unwrap().to_owned();
        if thing.starts_with("/applications/") && ["approved", "making", "completed"].contains(&&*state) {
            let proof = worker.unit.agent.get(at, &format!("{thing}/approval")).unwrap();
            assert!(
                proof.status == 200 && !proof.body.is_empty(),
                "{thing}: no certificate: {}",
                proof.text()
            );
        }
    }
    let mut last: BTreeMap<&str, &[u8]> = BTreeMap::new();
    for (path, content) in &ledger.documents {
        last.insert(path, content);
    }
    for (path, content) in last {
        let found = worker.unit.agent.get(at, path).unwrap();
        assert!(found.status == 200 && found.body == content, "{path}: {}", found.status);
    }
}

/// The same request once more gets the same answer.
fn again(at: &Http, sent: &Acknowledged) {
    let answer = sent.request.send(at).unwrap();
    assert!(answer.header("idempotency-replayed").is_some(), "{}: done again", sent.request.path);
    assert!(
        (answer.status, &answer.body) == (sent.status, &sent.body),
        "{}: another answer",
        sent.request.path
    );
}

/// Nothing is half done, and every follow-up job is there.
pub fn nothing_half_done(town: &Town) {
    nothing_half_done_at(|query| town.lines(query));
}

/// The same of any database: `lines` gives the rows of a query.
pub fn nothing_half_done_at(lines: impl Fn(&str) -> Vec<String>) {
    for (what, query) in HALF_DONE {
        let found = lines(query);
        assert!(found.is_empty(), "{what}: {found:?}");
    }
    for (queue, each) in [("work", WORK), ("clock", CLOCKS)] {
        let query = format!(
            "SELECT CAST((SELECT count(*) FROM job WHERE queue = '{queue}' AND {NO_REMINDER}) AS TEXT) || ' ' || \
             CAST((SELECT coalesce(sum({each}), 0) FROM audit WHERE outcome = 'ok') AS TEXT)"
        );
        let line = lines(&query).remove(0);
        let (jobs, expected) = line.split_once(' ').unwrap();
        let told = || {
            let each = "SELECT substr(payload, 1, 45) || ' ' || CAST(count(*) AS TEXT) FROM job GROUP BY substr(payload, 1, 45) \
                        UNION ALL SELECT action || ' ' || CAST(count(*) AS TEXT) FROM audit WHERE outcome = 'ok' GROUP BY action";
            lines(each).join("\n")
        };
        assert_eq!(
            jobs,
            expected,
            "jobs in the queue {queue}, and those that recorded changes leave:\n{}",
            told()
        );
    }
}

/// `yinxin audit verify`, as an operator runs it.
pub fn chain_is_sound(service: &Service) {
    let mut command = service.command();
    let program = command.get_program().to_owned();
    let mut verify = std::process::Command::new(program);
    verify.args(["--json", "audit", "verify"]).current_dir(service.folder());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => verify.env(name, value),
            None => verify.env_remove(name),
        };
    }
    command = verify;
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "audit verify: {text}{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("\"sound\":true"), "{text}");
}

/// Waits until nothing that is due waits any longer: orders are made, notices sent. What a killed worker held, and what stands behind it,
/// comes free when its lease of a minute ends; it is waited for only `with_leases`.
pub fn comes_to_rest(town: &Town, with_leases: bool) {
    let patience = Duration::from_secs(150);
    let begin = Instant::now();
    let but = match with_leases {
        true => "",
        false => "AND NOT EXISTS (SELECT 1 FROM job h WHERE h.subject = j.subject AND h.state = 'running')",
    };
    let waiting = format!(
        "SELECT 'job ' || id || ' ' || kind || ' ' || state FROM job j WHERE queue = 'work' AND state <> 'done' {but} \
         UNION ALL SELECT 'order ' || id FROM application WHERE state = 'approved' \
         UNION ALL SELECT 'order ' || id FROM seal WHERE state = 'making'"
    );
    loop {
        let found = town.lines(&waiting);
        if found.is_empty() {
            return;
        }
        assert!(begin.elapsed() < patience, "after {patience:?} there is still {found:?}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// What records of an action say besides; it stands in their content as JSON.
pub fn details(town: &Town, action: &str) -> Vec<Value> {
    let content = match town.base {
        Base::Sqlite => "hex(content)",
        Base::Postgres(_) => "encode(content, 'hex')",
    };
    let rows = town.lines(&format!("SELECT {content} FROM audit WHERE action = '{action}' ORDER BY seq"));
    let read = |row: &String| -> Value {
        let content = hex::decode(row).unwrap();
        let begin = content.windows(2).position(|pair| pair == b"{\"").unwrap();
        serde_json::Deserializer::from_slice(&content[begin..]).into_iter().next().unwrap().unwrap()
    };
    rows.iter().map(read).collect()
}
