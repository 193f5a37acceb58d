//! People of a unit who keep and use its seal, and what they ask for.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use yinxin_crypto::sm3;
use yinxin_testkit::http::Http;

use crate::chance::Chance;
use crate::person::{Person, api, version};
use crate::sample;
use crate::town::Town;

/// People of a unit who use its seal.
pub struct Users {
    pub custodian: Person,
    pub approver: Person,
    pub user: Person,
    pub seal: String,
    pub grant: String,
}

pub fn state(at: &Http, users: &Users, request: &str) -> String {
    users.user.get(at, request).unwrap().json()["state"].as_str().unwrap_or_default().to_owned()
}

/// A step of a thing at the version it has now.
pub fn take_step(
    at: &Http,
    who: &Person,
    thing: &str,
    verb: &str,
    body: &Value,
    chance: &mut Chance,
) -> Value {
    loop {
        let seen = version(&who.get(at, thing).unwrap());
        let answer = who.ask("POST", &format!("{thing}/{verb}"), seen, body, chance).send(at).unwrap();
        // Jobs work on the same things: who comes too late looks again.
        if answer.status == 412 {
            continue;
        }
        assert!((200..300).contains(&answer.status), "{thing}/{verb}: {}", answer.text());
        return answer.json();
    }
}

pub fn post(at: &Http, who: &Person, path: &str, body: &Value, chance: &mut Chance) -> Value {
    let answer = who.ask("POST", path, None, body, chance).send(at).unwrap();
    assert!((200..300).contains(&answer.status), "{path}: {}", answer.text());
    answer.json()
}

/// The unit's contract seal in force, kept, with a flow and a right to use it.
pub fn users(town: &Town, chance: &mut Chance) -> Users {
    let at = &town.service.client();
    let unit = town.units[0].clone();
    let seal = seal_in_force(town, chance);
    let hire =
        |login: &str, role: &str, chance: &mut Chance| town.hire(login, &[(role, unit.id.as_str())], chance);
    let (custodian, custodian_id) = hire("custodian", "custodian", chance);
    let (approver, approver_id) = hire("approver", "approver", chance);
    let (user, user_id) = hire("user", "user", chance);
    let custody = format!("{seal}/custody");
    take_step(at, &unit.agent, &custody, "offer", &json!({ "account": custodian_id }), chance);
    take_step(at, &custodian, &custody, "accept", &json!({}), chance);
    let step = json!({ "name": "部门负责人", "approvers": [approver_id], "need": 1, "hours": 24 });
    let flow = json!({ "name": "合同用印审批", "steps": [step] });
    post(at, &unit.agent, &format!("/units/{}/flows", unit.id), &flow, chance);
    let until = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * 30);
    let right = json!({ "to": user_id, "until": until, "document_kinds": ["合同"], "most": 100_000 });
    let grant = post(at, &custodian, &format!("{seal}/use-grants"), &right, chance);
    let grant = grant["id"].as_str().unwrap().to_owned();
    Users { custodian, approver, user, seal, grant }
}

fn seal_in_force(town: &Town, chance: &mut Chance) -> String {
    let at = &town.service.client();
    let unit = &town.units[0];
    let agent = &unit.agent;
    let body = json!({ "unit": unit.id, "basis": { "kind": "new" }, "content": sample::contract_content(unit.number) });
    let application =
        format!("/applications/{}", post(at, agent, "/applications", &body, chance)["id"].as_str().unwrap());
    let path = "/procedures?area=610100&applicant_kind=enterprise&seal_kind=business_contract";
    let procedure = agent.get(at, path).unwrap().json();
    for material in procedure["materials"].as_array().unwrap().iter().filter(|m| m["required"] == true) {
        let code = material["code"].as_str().unwrap();
        let seen = version(&agent.get(at, &application).unwrap()).unwrap();
        let answer = agent.upload(&application, code, seen, sample::pdf(code)).send(at).unwrap();
        assert!((200..300).contains(&answer.status), "{code}: {}", answer.text());
    }
    let checks = agent.get(at, &format!("{application}/checks")).unwrap().json();
    let truth = json!({ "content_digest": checks["content_digest"], "statement": checks["statement"] });
    take_step(at, agent, &application, "submit", &truth, chance);
    take_step(at, &town.officers.reviewer, &application, "approve", &json!({}), chance);
    let begin = Instant::now();
    let seal = loop {
        let shown = agent.get(at, &application).unwrap().json();
        if let Some(seal) = shown["seal"].as_str().map(|id| format!("/seals/{id}"))
            && agent.get(at, &seal).unwrap().json()["state"] == "made"
        {
            break seal;
        }
        assert!(begin.elapsed() < Duration::from_secs(120), "the seal is not made");
        std::thread::sleep(Duration::from_millis(200));
    };
    take_step(at, &town.officers.filer, &seal, "file", &json!({}), chance);
    take_step(at, &town.officers.operator, &seal, "deliver", &json!({ "to": "示例乙" }), chance);
    take_step(at, agent, &seal, "accept", &json!({}), chance);
    seal
}

/// A request for so many documents, handed in.
pub fn asked(at: &Http, users: &Users, count: u32, chance: &mut Chance) -> String {
    let user = &users.user;
    let body = json!({
        "seal": users.seal.trim_start_matches("/seals/"), "right": { "kind": "grant", "grant": users.grant },
        "document_kind": "合同", "reason": "签订年度框架合同",
    });
    let request =
        format!("/use-requests/{}", post(at, user, "/use-requests", &body, chance)["id"].as_str().unwrap());
    let numbers: Vec<u32> = (1..=count).collect();
    let mut paths = Vec::new();
    for part in numbers.chunks(500) {
        let items: Vec<Value> = part
            .iter()
            .map(|number| {
                let bytes = contract(*number);
                json!({
                    "name": format!("合同{number}.ofd"), "digest": hex::encode(sm3(&bytes)), "size": bytes.len(),
                    "placements": [{ "kind": "at", "pages": { "kind": "last" }, "x": 15000, "y": 24000 }],
                })
            })
            .collect();
        let added = take_step(at, user, &request, "items", &json!({ "items": items }), chance);
        for item in added["items"].as_array().unwrap() {
            paths.push(format!("{request}/items/{}/content", item["id"].as_str().unwrap()));
        }
    }
    let seen = version(&user.get(at, &request).unwrap());
    for (path, number) in paths.iter().zip(&numbers) {
        let answer = user.bring(&api(path), seen, "application/ofd", contract(*number)).send(at).unwrap();
        assert!((200..300).contains(&answer.status), "{path}: {}", answer.text());
    }
    take_step(at, user, &request, "submit", &json!({}), chance);
    request
}

/// How many pages contracts have.
static PAGES: AtomicUsize = AtomicUsize::new(1);

/// From now on contracts have so many pages.
pub fn set_pages(pages: usize) {
    PAGES.store(pages, Ordering::Relaxed);
}

/// A contract.
pub fn contract(number: u32) -> Vec<u8> {
    let pages = PAGES.load(Ordering::Relaxed);
    yinxin_ofd::sample::document(pages, "示例合同", &[&format!("第一条 第{number}号合同。")])
}
