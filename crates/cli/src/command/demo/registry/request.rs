//! Steps 14 and 16: applications, refused and approved.

use serde_json::{Value, json};
use yinxin_server::proof::ProofKind;

use super::api::text;
use super::founding::Staff;
use super::owner::{Owner, administrator, agent, representative};
use super::person::Person;
use super::tale::Tale;
use super::{DISTRICT, paper};
use crate::failure::Failure;

/// What is asked for a seal.
pub fn content(kind: &str, seal_name: &str, measures: &str) -> Value {
    json!({
        "kind": kind,
        "seal_name": seal_name,
        "agent": agent(),
        "legal_representative": representative(),
        "seal_administrator": administrator(),
        "technical_measures": measures,
        "imprint": { "kind": "drawn", "width_tenth_mm": 400, "height_tenth_mm": 400 },
        "years": 3,
    })
}

/// How the unit keeps its seals.
pub const MEASURES: &str = "印章密钥存放在密码设备内，使用须经办人与印章管理员双人到场，操作全程留痕。";

/// Applies for the legal-name seal: incomplete, refused, corrected, approved. Gives the application.
pub fn first(tale: &Tale<'_>, staff: &Staff, owner: &Owner) -> Result<String, Failure> {
    tale.step(14, 37, "申请法定名称章", "Applying for the legal-name seal")?;
    let (agent, reviewer) = (staff.get("agent")?, staff.get("reviewer")?);
    let body = json!({
        "unit": owner.id, "basis": { "kind": "new" }, "content": content("legal_name", &owner.name, "专人保管。"),
    });
    let application = format!("/applications/{}", text(&agent.post("/applications", &body)?, "id"));
    let refused = agent.try_step(&application, "submit", &truth(agent, &application)?)?;
    tale.claim(
        &format!("材料未交齐，系统不受理：{}", text(&refused.json(), "detail")),
        &format!(
            "materials are missing, the system does not take it: {}",
            text(&refused.json(), "detail_en")
        ),
        &refused.problem(),
        "CONFLICT",
    );
    let count = hand_in(agent, &application, "legal_name")?;
    let handed = agent.step(&application, "submit", &truth(agent, &application)?)?;
    tale.tell(
        &format!("交齐 {count} 份材料，经办人签署真实性承诺，提交，受理编号 {}。", text(&handed, "number")),
        &format!(
            "{count} documents and a statement of truth later it is handed in, number {}.",
            text(&handed, "number")
        ),
    );
    let reason = "技术保障措施过于简略，请写明密钥存放与双人控制的做法";
    reviewer.step(&application, "refuse", &json!({ "reasons": [reason] }))?;
    tale.tell(
        &format!("审核员不予批准，理由：“{reason}”。"),
        "The reviewer refuses with a reason: the measures for keeping the seal say too little.",
    );
    tale.host.turn_clock(36)?;
    agent.step(&application, "reopen", &json!({}))?;
    agent.put(&application, &content("legal_name", &owner.name, MEASURES))?;
    agent.step(&application, "submit", &truth(agent, &application)?)?;
    let approved = reviewer.step(&application, "approve", &json!({}))?;
    tale.claim(
        "补正后再次提交，审核员批准",
        "corrected, handed in again, approved",
        &text(&approved, "state"),
        "approved",
    );
    let proof = agent.get(&format!("{application}/approval"))?;
    let verified = paper::proof(tale, "papers/approval.p7b", &proof.body, ProofKind::MakingApproval)?;
    tale.stage.made("papers/approval.p7b", "准予制作凭证，已验证", "certificate of approval, verified");
    tale.note(
        "application",
        json!({
            "id": text(&approved, "id"),
            "number": text(&approved, "number"),
            "rounds": approved.get("round"),
            "refused_because": reason,
            "seal_code": text(&approved, "seal_code"),
            "approval": { "number": verified.number, "file": "papers/approval.p7b", "verified": true },
        }),
    );
    Ok(application)
}

/// Applies for the contract seal, without incident.
pub fn contract(tale: &Tale<'_>, staff: &Staff, owner: &Owner) -> Result<String, Failure> {
    tale.step(16, 30, "再办一枚合同专用章", "A second seal, for contracts")?;
    let (agent, reviewer) = (staff.get("agent")?, staff.get("reviewer")?);
    let name = format!("{}合同专用章", owner.name);
    let body = json!({
        "unit": owner.id, "basis": { "kind": "new" }, "content": content("business_contract", &name, MEASURES),
    });
    let application = format!("/applications/{}", text(&agent.post("/applications", &body)?, "id"));
    approved(agent, reviewer, &application, "business_contract")?;
    Ok(application)
}

/// Documents, submission, approval.
pub fn approved(agent: &Person, reviewer: &Person, application: &str, kind: &str) -> Result<Value, Failure> {
    hand_in(agent, application, kind)?;
    agent.step(application, "submit", &truth(agent, application)?)?;
    reviewer.step(application, "approve", &json!({}))
}

/// Hands in every document the procedure asks for; gives how many.
fn hand_in(agent: &Person, application: &str, kind: &str) -> Result<usize, Failure> {
    let path = format!("/procedures?area={DISTRICT}&applicant_kind=enterprise&seal_kind={kind}");
    let procedure = agent.get(&path)?.json();
    let materials = procedure.get("materials").and_then(Value::as_array).cloned().unwrap_or_default();
    let required = materials.iter().filter(|m| m.get("required") == Some(&Value::Bool(true)));
    let mut count = 0;
    for material in required {
        let code = text(material, "code");
        agent.upload(application, &code, format!("%PDF-1.4\n% sample: {code}\n%%EOF\n").into_bytes())?;
        count += 1;
    }
    Ok(count)
}

/// The statement of truth over the content as it is now.
fn truth(agent: &Person, application: &str) -> Result<Value, Failure> {
    let checks = agent.get(&format!("{application}/checks"))?.json();
    Ok(json!({ "content_digest": text(&checks, "content_digest"), "statement": text(&checks, "statement") }))
}
