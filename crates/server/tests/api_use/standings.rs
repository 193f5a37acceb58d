//! Standing authorizations: voted on by the unit's own flow, with limits, taken back.

use crate::stage::{Stage, rule};
use crate::support::{Client, Role, for_each_engine};
use jiff::SignedDuration;
use serde_json::{Value, json};

pub async fn program(stage: &Stage<'_>, scopes: &[&str]) -> Client {
    let body = json!({
        "name": "示例开票系统", "key": { "kind": "hmac_sm3" }, "scopes": scopes,
        "grants": [{ "role": "business_system", "scope": stage.owner.id }],
    });
    let made = stage.server.admin("security").await.post("/clients", body).await.ok();
    Client::signing(stage.server, made["id"].as_str().unwrap(), made["secret"].as_str().unwrap())
}

fn terms(stage: &Stage<'_>, client: &Client) -> Value {
    json!({
        "client": client.id, "until": stage.in_days(30), "document_kinds": ["电子发票"], "most": 100,
        "template": "发票模板", "value_each": 1_000_000, "reason": "批量开具电子发票",
    })
}

#[test]
fn a_program_is_authorized_by_votes_on_exactly_these_terms() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        let path = format!("{}/standings", stage.seal);
        let client = program(&stage, &["uses_read", "uses_write"]).await;
        let terms = terms(&stage, &client);
        assert_eq!(rule(&stage.custodian.post(&path, terms.clone()).await), "NO_FLOW");
        stage.flow().await;
        let reader = program(&stage, &["uses_read"]).await;
        let mut wrong = terms.clone();
        wrong["client"] = json!(reader.id);
        assert_eq!(stage.custodian.post(&path, wrong).await.faults()[0].0, "/client");
        stage.user.post(&path, terms.clone()).await.problem("FORBIDDEN");
        let stranger = stage.stranger().await;
        stranger.post(&path, terms.clone()).await.problem("NOT_FOUND");
        let other = stage.another(Role::Custodian).await;
        assert_eq!(rule(&other.post(&path, terms.clone()).await), "NOT_THE_KEEPER");

        let proposed = stage.custodian.post(&path, terms.clone()).await.ok();
        assert_eq!(proposed["state"], "proposed");
        let one = format!("/standings/{}", proposed["id"].as_str().unwrap());
        assert_eq!(proposed["approval"]["waits_for"], json!([stage.approver.id]));
        stranger.get(&one).await.problem("NOT_FOUND");
        assert_eq!(client.get(&one).await.ok()["template"], "发票模板");
        let other_digest = json!({ "digest": "0".repeat(64) });
        assert_eq!(rule(&stage.approver.step(&one, "approve", other_digest).await), "DIGEST_DIFFERS");
        let agree = json!({ "digest": proposed["approval"]["digest"], "words": "同意" });
        stage.custodian.step(&one, "approve", agree.clone()).await.problem("FORBIDDEN");
        let outsider = stage.another(Role::Approver).await;
        assert_eq!(rule(&outsider.step(&one, "approve", agree.clone()).await), "NOT_AN_APPROVER");
        stranger.post_at(1, &format!("{one}/approve"), agree.clone()).await.problem("NOT_FOUND");
        let live = stage.approver.step(&one, "approve", agree.clone()).await.ok();
        assert_eq!((&live["state"], &live["approval"]["approved"]), (&json!("live"), &json!(true)));
        stage.approver.step(&one, "approve", agree).await.problem("STATE_CONFLICT");

        let revoked = stage.agent.step(&one, "revoke", json!({ "reason": "系统停用" })).await.ok();
        assert_eq!(revoked["state"], "revoked");
        let again = stage.custodian.post(&path, terms).await.ok();
        let two = format!("/standings/{}", again["id"].as_str().unwrap());
        let no = json!({ "digest": again["approval"]["digest"], "reason": "次数过多" });
        assert_eq!(stage.approver.step(&two, "refuse", no).await.ok()["state"], "refused");
        let listed = stage.supervisor.get("/standings?state=refused").await.ok();
        assert_eq!(listed["items"][0]["id"], again["id"]);
        assert_eq!(stage.user.get(&path).await.ok()["items"].as_array().unwrap().len(), 2);
        assert_eq!(stage.log(&one).await, ["standing.propose", "standing.approve", "standing.revoke"]);
    });
}

#[test]
fn a_vote_may_be_delegated_a_superior_is_called_and_time_ends_it() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        let (deputy, superior) = (stage.another(Role::Approver).await, stage.another(Role::Approver).await);
        let second = stage.another(Role::Approver).await;
        let step = json!({
            "name": "财务", "approvers": [stage.approver.id, second.id], "need": 2, "hours": 24,
            "superior": superior.id, "delegable": true,
        });
        let flow = json!({ "name": "发票用印", "steps": [step] });
        stage.agent.post(&format!("/units/{}/flows", stage.owner.id), flow).await.ok();
        let client = program(&stage, &["uses_read", "uses_write"]).await;
        let path = format!("{}/standings", stage.seal);
        let proposed = stage.agent.post(&path, terms(&stage, &client)).await.ok();
        let one = format!("/standings/{}", proposed["id"].as_str().unwrap());
        let agree = json!({ "digest": proposed["approval"]["digest"] });
        let to = json!({ "account": deputy.id, "reason": "出差" });
        stage.approver.step(&one, "delegate", to).await.ok();
        assert_eq!(rule(&stage.approver.step(&one, "approve", agree.clone()).await), "DELEGATED");
        let voted = stage_vote(&deputy, &one, &agree).await;
        assert_eq!(voted["approval"]["steps"][0]["votes"][0]["instead_of"], stage.approver.id.as_str());
        assert_eq!(rule(&superior.step(&one, "approve", agree.clone()).await), "NOT_AN_APPROVER");
        server.advance(SignedDuration::from_hours(25)).await;
        server.tick().await;
        let live = stage_vote(&superior, &one, &agree).await;
        assert_eq!(live["state"], "live");
        server.advance_days(30).await;
        server.tick().await;
        assert_eq!(stage.agent.get(&one).await.ok()["state"], "over");
        let log = stage.log(&one).await;
        assert!(log.contains(&"standing.escalate".to_owned()) && log.contains(&"standing.expire".to_owned()));
    });
}

async fn stage_vote(who: &Client, one: &str, agree: &Value) -> Value {
    who.step(one, "approve", agree.clone()).await.ok()
}
