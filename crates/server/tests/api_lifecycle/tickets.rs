//! Supervision of units: what is ordered, answered and accepted, and what happens to seals meanwhile.

use crate::stage::{Stage, key, thing};
use crate::support::{Answer, CITY, Client, Role, Server, for_each_engine, for_each_engine_with, sample};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use yinxin_crypto::sm3;

fn days(server: &Server, count: i64) -> Timestamp {
    server.now() + SignedDuration::from_hours(24 * count)
}

/// An order about `seals`, due in ten days.
fn order(server: &Server, breach: &str, seals: &[&str]) -> Value {
    json!({
        "kind": "order", "breaches": [breach], "text": "超出审批范围用印，责令限期整改",
        "basis": "《示例市电子印章管理办法》第三十七条", "document": "示例责改〔2026〕1号",
        "seals": seals.iter().map(|seal| key(seal)).collect::<Vec<_>>(), "due": days(server, 10),
    })
}

async fn opened(stage: &Stage<'_>, body: Value) -> String {
    let made = stage.reviewer.post(&format!("/units/{}/tickets", stage.unit), body).await.ok();
    thing("tickets", &made)
}

fn suspension(until: Option<Timestamp>) -> Value {
    json!({ "detail": "逾期未整改", "document": "示例停〔2026〕1号", "until": until })
}

async fn bring(who: &Client, ticket: &str, digest: &str, bytes: &[u8]) -> Answer {
    let seen = who.get(ticket).await;
    let version = if seen.status.is_success() { seen.version() } else { 1 };
    let target = format!("/api/v1{ticket}/files/{digest}?file_name=report.pdf");
    let tag = format!("\"{version}\"");
    who.send("PUT", &target, &[("content-type", "application/pdf"), ("if-match", &tag)], bytes.to_vec()).await
}

async fn told(who: &Client, kind: &str) -> usize {
    who.get(&format!("/notices?kind={kind}")).await.ok()["items"].as_array().unwrap().len()
}

/// What was done to a thing, the oldest first.
async fn recorded(server: &Server, thing: &str) -> Vec<String> {
    let log = server.admin("audit").await.get(&format!("/audit?subject={}&limit=200", key(thing))).await.ok();
    let done = log["items"].as_array().unwrap().iter().rev().filter(|row| row["outcome"] == "ok");
    done.map(|row| row["action"].as_str().unwrap().to_owned()).collect()
}

fn ids(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|e| e["id"].as_str().unwrap()).collect()
}

#[test]
fn a_unit_answers_with_files_is_sent_back_and_accepted_and_every_step_is_recorded() {
    let near = |config: &mut yinxin_server::config::Config| {
        config.webhooks.allowed_networks = vec!["127.0.0.1".parse().unwrap()];
    };
    for_each_engine_with(near, async |server| {
        let stage = Stage::set(server).await;
        let supervisor = server.account(Role::Supervisor, Some(CITY)).await;
        let custodian = server.account(Role::Custodian, Some(&stage.unit)).await;
        let other = stage.scene.owner(12).await;
        let kinds = ["ticket.open", "ticket.answered", "ticket.accepted"];
        let hook = json!({ "name": "示例系统", "url": "http://127.0.0.1:9/hook", "scope": stage.unit, "events": kinds });
        let hook = thing("webhooks", &stage.agent.post("/webhooks", hook).await.ok());

        let path = format!("/units/{}/tickets", stage.unit);
        let body = order(server, "beyond_approval", &[]);
        for stranger in [&stage.agent, &supervisor, &stage.filer] {
            stranger.post(&path, body.clone()).await.problem("FORBIDDEN");
        }
        let first = stage.reviewer.post_as("order-1", &path, body.clone()).await;
        let again = stage.reviewer.post_as("order-1", &path, body).await;
        assert_eq!(
            (again.ok()["id"].clone(), again.header("idempotency-replayed")),
            (first.ok()["id"].clone(), "true")
        );
        let ticket = thing("tickets", &first.ok());
        assert_eq!(
            (&first.ok()["state"], &first.ok()["breaches"][0]["grave"]),
            (&json!("open"), &json!(false))
        );

        // The unit reads what is said of it, another unit nothing.
        for reader in [&stage.agent, &custodian, &supervisor, &stage.filer] {
            assert_eq!(ids(&reader.get("/tickets?state=open").await.ok()), [key(&ticket)]);
            reader.get(&ticket).await.ok();
        }
        assert!(ids(&other.agent.get("/tickets").await.ok()).is_empty());
        other.agent.get(&ticket).await.problem("NOT_FOUND");
        other.agent.get(&path).await.problem("NOT_FOUND");
        other
            .agent
            .post_at(1, &format!("{ticket}/answer"), json!({ "text": "代为反馈" }))
            .await
            .problem("NOT_FOUND");
        assert_eq!(ids(&supervisor.get(&format!("{path}?kind=order")).await.ok()), [key(&ticket)]);
        supervisor.get("/tickets?state=done").await.problem("BAD_REQUEST");

        // Files are what their digest says, and wait for the answer.
        let (bytes, wrong) = (sample::pdf("整改报告"), sample::pdf("另一份"));
        let digest = hex::encode(sm3(&bytes));
        assert_eq!(
            bring(&stage.agent, &ticket, &digest, &wrong).await.problem("CONFLICT")["rule"],
            "CONTENT_DIFFERS"
        );
        bring(&other.agent, &ticket, &digest, &bytes).await.problem("NOT_FOUND");
        bring(&stage.reviewer, &ticket, &digest, &bytes).await.problem("FORBIDDEN");
        bring(&stage.agent, &ticket, "00", &bytes).await.problem("BAD_REQUEST");
        bring(&stage.agent, &ticket, &digest, &bytes).await.ok();
        let file = format!("{ticket}/files/{digest}");
        let version = stage.agent.get(&ticket).await.version();
        stage.agent.delete_at(version, &file).await.ok();
        supervisor.get(&file).await.problem("NOT_FOUND");
        let brought = bring(&stage.agent, &ticket, &digest, &bytes).await.ok();
        assert_eq!(brought["files"].as_array().unwrap().len(), 1);
        stage
            .agent
            .post_at(1, &format!("{ticket}/answer"), json!({ "text": "已整改" }))
            .await
            .problem("PRECONDITION_FAILED");
        custodian.step(&ticket, "answer", json!({ "text": "已整改" })).await.problem("FORBIDDEN");
        let answered = stage.agent.step(&ticket, "answer", json!({ "text": "已收回借出的密钥" })).await.ok();
        assert_eq!(
            (&answered["state"], &answered["answers"][0]["files"][0]["digest"]),
            (&json!("answered"), &json!(digest))
        );
        assert_eq!(supervisor.get(&file).await.body, bytes);
        bring(&stage.agent, &ticket, &digest, &bytes).await.problem("STATE_CONFLICT");
        stage.agent.step(&ticket, "accept", json!({ "remark": "自行复查" })).await.problem("FORBIDDEN");
        supervisor.step(&ticket, "accept", json!({ "remark": "监督员只读" })).await.problem("FORBIDDEN");

        let back = json!({ "reason": "未附审批记录", "due": days(server, 20) });
        let back = stage.reviewer.step(&ticket, "send-back", back).await.ok();
        assert_eq!((&back["state"], back["files"].as_array().unwrap().len()), (&json!("open"), 0));
        stage.agent.step(&ticket, "answer", json!({ "text": "已补充审批记录" })).await.ok();
        let done = stage.reviewer.step(&ticket, "accept", json!({ "remark": "复查合格" })).await.ok();
        assert_eq!((&done["state"], done["answers"].as_array().unwrap().len()), (&json!("accepted"), 2));
        let ended = stage
            .reviewer
            .step(&ticket, "close", json!({ "reason": "再次办结" }))
            .await
            .problem("STATE_CONFLICT");
        assert_eq!(ended["state"], "accepted");

        server.tick().await;
        for who in [&stage.agent, &custodian] {
            assert_eq!((told(who, "ticket.opened").await, told(who, "ticket.accepted").await), (1, 1));
        }
        assert_eq!(
            (told(&stage.reviewer, "ticket.answered").await, told(&supervisor, "ticket.answered").await),
            (2, 2)
        );
        assert_eq!(told(&other.agent, "ticket.opened").await, 0);
        let sent = stage.agent.get(&format!("{hook}/deliveries?limit=200")).await.ok();
        let sent: Vec<&str> =
            sent["items"].as_array().unwrap().iter().rev().map(|d| d["kind"].as_str().unwrap()).collect();
        assert_eq!(
            sent,
            ["ticket.open", "ticket.answered", "ticket.open", "ticket.answered", "ticket.accepted"]
        );
        assert_eq!(
            recorded(server, &ticket)
                .await
                .iter()
                .filter(|action| !action.ends_with("_file"))
                .collect::<Vec<_>>(),
            ["ticket.open", "ticket.answer", "ticket.send_back", "ticket.answer", "ticket.accept"]
        );
        let case =
            json!({ "case": "示例整改案", "subjects": [key(&ticket)], "document": "示例调证〔2026〕4号" });
        let case = supervisor.post("/cases", case).await.ok();
        assert!(case["export"].as_str().unwrap().contains("ticket.send_back"));
    });
}

#[test]
fn an_overdue_order_suspends_seals_until_the_correction_is_accepted() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let seal = stage.active().await;
        let supervisor = server.account(Role::Supervisor, Some(CITY)).await;
        let ticket = opened(&stage, order(server, "password_not_kept", &[&seal])).await;
        let early = stage.reviewer.step(&ticket, "suspend", suspension(None)).await.problem("CONFLICT");
        assert_eq!(early["rule"], "SUSPENSION_EARLY");
        assert_eq!(stage.state(&seal).await, "active", "nothing of a refused step remains");

        // Near the day the unit is reminded; one more week is given, and the first day passes without a word.
        server.advance_days(8).await;
        server.tick().await;
        assert_eq!(told(&stage.agent, "ticket.soon").await, 1);
        let more = json!({ "due": days(server, 9), "reason": "设备采购需要时间" });
        stage.reviewer.step(&ticket, "extend", more).await.ok();
        server.advance_days(3).await;
        server.tick().await;
        assert_eq!(told(&stage.agent, "ticket.overdue").await, 0);
        assert_eq!(supervisor.get("/overview").await.ok()["overdue_tickets"]["count"], 0);
        server.advance_days(7).await;
        server.tick().await;
        for who in [&stage.agent, &stage.reviewer, &supervisor] {
            assert_eq!(told(who, "ticket.overdue").await, 1);
        }
        assert_eq!(stage.agent.get(&ticket).await.ok()["overdue"], true);
        assert_eq!(supervisor.get("/overview").await.ok()["overdue_tickets"]["count"], 1);

        stage.agent.step(&ticket, "suspend", suspension(None)).await.problem("FORBIDDEN");
        let done = stage.reviewer.step(&ticket, "suspend", suspension(None)).await.ok();
        assert_eq!(done["suspensions"][0]["seals"], json!([key(&seal)]));
        let shown = stage.agent.get(&seal).await.ok();
        assert_eq!(
            (&shown["state"], &shown["suspensions"][0]["ticket"]),
            (&json!("suspended"), &json!(key(&ticket)))
        );
        let mut named = suspension(None);
        named["seals"] = json!([key(&seal), "seal_00000000000000000000000000"]);
        let twice = stage.reviewer.step(&ticket, "suspend", named).await;
        assert_eq!(
            twice.faults(),
            [("/seals/0".to_owned(), "ALREADY".to_owned()), ("/seals/1".to_owned(), "UNKNOWN".to_owned())]
        );

        stage.agent.step(&ticket, "answer", json!({ "text": "口令已更换，保管制度已修订" })).await.ok();
        assert_eq!(stage.state(&seal).await, "suspended");
        stage.reviewer.step(&ticket, "accept", json!({ "remark": "复查合格" })).await.ok();
        server.tick().await;
        assert_eq!(stage.state(&seal).await, "active");
        assert_eq!(told(&stage.agent, "seal.resumed").await, 1);
        let steps = recorded(server, &seal).await;
        assert_eq!(steps[steps.len() - 2..], ["seal.suspend", "seal.release"]);
        let history = stage.agent.get(&seal).await.ok()["history"].clone();
        assert_eq!(history.as_array().unwrap().last().unwrap()["event"], "release");
        assert_eq!(server.tick().await, 0);
    });
}

#[test]
fn a_grave_breach_suspends_at_once_until_a_day_and_nothing_lost_is_resumed() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let lost = stage.active().await;
        let mut content = sample::contract_content(11);
        content["seal_name"] = json!(format!("{}合同专用章", stage.unit_name));
        let lent = stage.scene.seal_in_force(&stage.owner, content).await;
        let ticket = opened(&stage, order(server, "traded", &[&lost, &lent])).await;
        let past = stage.reviewer.step(&ticket, "suspend", suspension(Some(days(server, -1)))).await;
        assert_eq!(past.faults(), [("/until".to_owned(), "PAST".to_owned())]);
        stage.reviewer.step(&ticket, "suspend", suspension(Some(days(server, 30)))).await.ok();
        let loss = json!({ "reason": "loss", "detail": "密钥载体遗失" });
        stage.agent.post(&format!("{lost}/report-loss"), loss).await.ok();

        server.advance_days(29).await;
        server.tick().await;
        assert_eq!((&*stage.state(&lost).await, &*stage.state(&lent).await), ("suspended", "suspended"));
        server.advance_days(2).await;
        server.tick().await;
        assert_eq!((&*stage.state(&lost).await, &*stage.state(&lent).await), ("suspended", "active"));
        let left = stage.agent.get(&lost).await.ok()["suspensions"].clone();
        assert_eq!((left.as_array().unwrap().len(), &left[0]["reason"]), (1, &json!("loss")));
        assert!(recorded(server, &lost).await.contains(&"seal.relieve".to_owned()));
        assert_eq!(
            told(&stage.reviewer, "seal.resumed").await,
            1,
            "the department learns of the one that is free"
        );
        assert_eq!(told(&stage.reviewer, "seal.suspension_ends").await, 0);

        // Suspended once more by the same ticket, which then ends in another way; the lost one stays where it is.
        let mut again = suspension(None);
        again["seals"] = json!([key(&lent)]);
        stage.reviewer.step(&ticket, "suspend", again).await.ok();
        assert_eq!(stage.state(&lent).await, "suspended");
        stage.reviewer.step(&ticket, "close", json!({ "reason": "移送公安机关处理" })).await.ok();
        server.tick().await;
        assert_eq!((&*stage.state(&lost).await, &*stage.state(&lent).await), ("suspended", "active"));
        let gone = suspension(None);
        stage.reviewer.step(&ticket, "suspend", gone).await.problem("STATE_CONFLICT");
    });
}

#[test]
fn a_ticket_follows_its_rules_and_stays_within_its_area() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let other = stage.scene.owner(12).await;
        let foreign = stage.scene.legal_name_seal(&other).await;
        let path = format!("/units/{}/tickets", stage.unit);
        let rules: [(&str, Value, &str); 4] = [
            ("due", Value::Null, "ORDER_DUE"),
            ("basis", Value::Null, "BASIS_MISSING"),
            ("breaches", json!([]), "BREACHES"),
            ("breaches", json!(["forged", "forged"]), "BREACHES"),
        ];
        for (member, value, rule) in rules {
            let mut body = order(server, "other", &[]);
            body[member] = value;
            assert_eq!(stage.reviewer.post(&path, body).await.problem("CONFLICT")["rule"], rule, "{member}");
        }
        let mut body = order(server, "other", &[&foreign]);
        body["follows"] = json!("tkt_00000000000000000000000000");
        assert_eq!(
            stage.reviewer.post(&path, body).await.faults(),
            [("/seals/0".to_owned(), "UNKNOWN".to_owned()), ("/follows".to_owned(), "UNKNOWN".to_owned())]
        );
        let mut body = order(server, "other", &[]);
        body["breaches"] = json!(["mischief"]);
        stage.reviewer.post(&path, body).await.problem("VALIDATION");

        let seen = json!({ "kind": "inspection", "text": "年度检查，未发现问题" });
        let seen = stage.reviewer.post(&path, seen).await.ok();
        assert_eq!(seen["state"], "noted");
        let finding = json!({ "kind": "finding", "breaches": ["no_rules"], "text": "未建立用印制度", "follows": seen["id"] });
        let finding = thing("tickets", &stage.reviewer.post(&path, finding).await.ok());
        let only = stage.reviewer.step(&finding, "suspend", suspension(None)).await.problem("CONFLICT");
        assert_eq!(only["rule"], "ONLY_ORDER");
        assert_eq!(
            stage
                .reviewer
                .step(&finding, "extend", json!({ "due": days(server, 3), "reason": "宽限" }))
                .await
                .problem("CONFLICT")["rule"],
            "ORDER_DUE"
        );
        stage.agent.step(&finding, "answer", json!({ "text": "已建立制度" })).await.ok();
        stage.reviewer.step(&finding, "accept", json!({ "remark": "属实" })).await.ok();

        let district = json!({
            "parent": "610100", "code": "610113", "name": "示例区", "level": "county", "authority": "示例区行政审批局",
        });
        server.admin("system").await.post("/areas", district).await.ok();
        let below = server.account(Role::IssuingReviewer, Some(&format!("{CITY}610113/"))).await;
        below.post(&path, order(server, "other", &[])).await.problem("NOT_FOUND");
        below.get(&finding).await.problem("NOT_FOUND");
        assert!(ids(&below.get("/tickets").await.ok()).is_empty());
        let above = server.account(Role::IssuingReviewer, Some("/100000/610000/")).await;
        above.post(&path, order(server, "other", &[])).await.ok();
    });
}
