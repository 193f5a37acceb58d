//! Step 17: the contract seal in daily use: a custodian keeps it, a colleague asks, an approver refuses and agrees, a document is
//! sealed and verified; then a hundred documents under one approval.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use yinxin_crypto::sm3;
use yinxin_ofd::sample;

use super::api::{Sent, text};
use super::founding::Staff;
use super::owner::Owner;
use super::person::Person;
use super::tale::Tale;
use crate::failure::Failure;

/// How long sealing may take.
const PATIENCE: Duration = Duration::from_secs(120);
/// Documents of the batch.
const BATCH: usize = 100;
/// Media type of OFD.
const OFD: &str = "application/ofd";
/// The document sealed by itself.
pub const SEALED: &str = "papers/contract-sealed.ofd";

/// What the rest of the story knows of it.
pub struct Used {
    /// The sealed contract.
    pub document: Vec<u8>,
}

/// Tells it; `seal` is the contract seal.
pub fn tell(tale: &Tale<'_>, staff: &mut Staff, owner: &Owner, seal: &str) -> Result<Used, Failure> {
    tale.step(17, 25, "合同章日常使用", "The contract seal in daily use")?;
    let unit = Some(owner.id.as_str());
    staff.hire(tale, "custodian", ("custodian", "印章保管人", "custodian"), unit)?;
    staff.hire(tale, "approver", ("approver", "用印审批人", "approver"), unit)?;
    staff.hire(tale, "user", ("user", "用印人", "user"), unit)?;
    custody(tale, staff, owner, seal)?;
    let grant = right(tale, staff, seal)?;
    let document = contract(1);
    let (request, item) = asked(tale, staff, seal, &grant, &document)?;
    let sealed = one(tale, staff, &request, &item)?;
    tale.stage.write(SEALED, &sealed)?;
    tale.stage.made(SEALED, "加盖合同章的合同", "the sealed contract");
    tale.stage.try_it(&format!(
        "yinxin verify {} --trust {}",
        tale.stage.show(SEALED),
        tale.stage.show("papers/trust")
    ));
    let signed = batch(tale, staff, seal, &grant)?;
    register(tale, staff, seal)?;
    let digest = hex::encode(sm3(&sealed));
    tale.note(
        "use",
        json!({ "file": SEALED, "digest": digest, "batch": { "documents": BATCH, "signed": signed } }),
    );
    Ok(Used { document: sealed })
}

/// The agent names a custodian, who takes the seal over.
fn custody(tale: &Tale<'_>, staff: &Staff, owner: &Owner, seal: &str) -> Result<(), Failure> {
    let (agent, custodian, approver) = (staff.get("agent")?, staff.get("custodian")?, staff.get("approver")?);
    let path = format!("{seal}/custody");
    agent.step(&path, "offer", &json!({ "account": custodian.account()? }))?;
    let kept = custodian.step(&path, "accept", &json!({}))?;
    tale.claim(
        "经办人指定保管人，保管人本人接收：双方确认，交接留痕",
        "the agent names a custodian, who accepts: both confirm, on record",
        &text(&kept, "state"),
        "kept",
    );
    let step = json!({ "name": "部门负责人", "approvers": [approver.account()?], "need": 1, "hours": 24 });
    let flow = json!({ "name": "合同用印审批", "steps": [step] });
    agent.post(&format!("/units/{}/flows", owner.id), &flow)?;
    tale.tell(
        "单位设定用印审批流程：部门负责人一人同意，24 小时内。",
        "The unit sets its approval flow: the head of the department agrees, within 24 hours.",
    );
    Ok(())
}

/// The custodian gives a right to use it.
fn right(tale: &Tale<'_>, staff: &Staff, seal: &str) -> Result<String, Failure> {
    let until = tale.now().saturating_add(jiff::SignedDuration::from_hours(24 * 30)).unwrap_or(tale.now());
    let body = json!({
        "to": staff.get("user")?.account()?, "until": until, "document_kinds": ["合同"], "most": 200,
    });
    let grant = staff.get("custodian")?.post(&format!("{seal}/use-grants"), &body)?;
    tale.tell(
        "保管人授权用印人：只限合同，三十日内，至多 200 份。",
        "The custodian grants its use: contracts only, thirty days, 200 at most.",
    );
    Ok(text(&grant, "id"))
}

/// A draft with its documents, handed in; gives the request and the paths of its documents.
fn handed_in(
    user: &Person,
    seal: &str,
    grant: &str,
    reason: &str,
    documents: &[Vec<u8>],
) -> Result<(String, Vec<String>), Failure> {
    let body = json!({
        "seal": seal.trim_start_matches("/seals/"), "right": { "kind": "grant", "grant": grant },
        "document_kind": "合同", "reason": reason,
    });
    let request = format!("/use-requests/{}", text(&user.post("/use-requests", &body)?, "id"));
    let item = |(number, bytes): (usize, &Vec<u8>)| {
        json!({
            "name": format!("采购合同{number}.ofd"), "digest": hex::encode(sm3(bytes)), "size": bytes.len(),
            "placements": [
                { "kind": "at", "pages": { "kind": "last" }, "x": 15000, "y": 22000 },
                { "kind": "cross_page", "pages": { "kind": "all" }, "y": 14850 },
            ],
        })
    };
    let items: Vec<Value> = (1..).zip(documents).map(item).collect();
    let added = user.step(&request, "items", &json!({ "items": items }))?;
    let added = added.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
    let paths: Vec<String> =
        added.iter().map(|item| format!("{request}/items/{}", text(item, "id"))).collect();
    let version = user.get(&request)?.version;
    for (path, bytes) in paths.iter().zip(documents) {
        user.bring(&format!("{path}/content"), version, OFD, bytes.clone())?;
    }
    user.step(&request, "submit", &json!({}))?;
    Ok((request, paths))
}

/// Asked, refused with a reason, asked again. Gives the second request and its document.
fn asked(
    tale: &Tale<'_>,
    staff: &Staff,
    seal: &str,
    grant: &str,
    document: &[u8],
) -> Result<(String, String), Failure> {
    let (user, approver) = (staff.get("user")?, staff.get("approver")?);
    let documents = [document.to_vec()];
    let (first, _) = handed_in(user, seal, grant, "签订合同", &documents)?;
    let early = user.try_step(&first, "sign", &json!({}))?;
    tale.claim(
        "用印人提交合同与位置；未经批准，系统不用印",
        "the user hands in a contract with the places of the seal; nothing is sealed without approval",
        &early.problem(),
        "STATE_CONFLICT",
    );
    let digest = text(&approver.get(&first)?.json(), "digest");
    let reason = "用印事由过于简略，请写明合同对方和金额";
    let refused = approver.step(&first, "refuse", &json!({ "digest": digest, "reason": reason }))?;
    tale.claim(
        &format!("审批人不同意：“{reason}”"),
        "the approver refuses: the reason says too little",
        &text(&refused, "state"),
        "refused",
    );
    let reason = "与示例市合作单位签订年度采购合同，金额十二万元";
    let (request, items) = handed_in(user, seal, grant, reason, &documents)?;
    let item = items.into_iter().next().unwrap_or_default();
    Ok((request, item))
}

/// Agreed to, sealed, verified; gives the sealed document.
fn one(tale: &Tale<'_>, staff: &Staff, request: &str, item: &str) -> Result<Vec<u8>, Failure> {
    let (user, approver) = (staff.get("user")?, staff.get("approver")?);
    agreed(approver, request)?;
    let done = sealed(user, request)?;
    tale.claim(
        "写明事由后再次申请，审批人看过合同，对这一份文件的摘要表示同意；密钥凭一次性令牌用印",
        "asked again with a full reason; the approver agrees to the digest of exactly this document, and the key signs by a token good for one signature",
        &text(&done, "state"),
        "done",
    );
    let bytes = user.get(&format!("{item}/sealed"))?.body;
    tale.claim(
        "任何人不必登录即可核验：印章真实，文件未改，签章时印章有效",
        "anybody can verify it without an account: a true seal, an unchanged document, a seal in force when it was used",
        &text(&verified(tale, &bytes)?, "verdict"),
        "valid",
    );
    Ok(bytes)
}

/// What the public verification service says of a document, to somebody it does not know.
pub fn verified(tale: &Tale<'_>, document: &[u8]) -> Result<Value, Failure> {
    let sent = Sent { headers: Vec::new(), body: Some((OFD, document.to_vec())) };
    Ok(tale.api.send("POST", "/verifications", sent)?.accepted()?.json())
}

fn agreed(approver: &Person, request: &str) -> Result<(), Failure> {
    let digest = text(&approver.get(request)?.json(), "digest");
    approver.step(request, "approve", &json!({ "digest": digest, "words": "同意用印" }))?;
    Ok(())
}

/// Carries it out and waits for the end.
fn sealed(user: &Person, request: &str) -> Result<Value, Failure> {
    user.step(request, "sign", &json!({}))?;
    let begin = Instant::now();
    while begin.elapsed() < PATIENCE {
        let shown = user.get(request)?.json();
        if text(&shown, "state") != "signing" {
            return Ok(shown);
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Err(Failure::new("DEMO_REGISTRY", format!("{request}: not sealed in time")))
}

/// A hundred documents under one approval, fetched as one archive; gives how many were sealed.
fn batch(tale: &Tale<'_>, staff: &Staff, seal: &str, grant: &str) -> Result<u64, Failure> {
    let (user, approver) = (staff.get("user")?, staff.get("approver")?);
    let documents: Vec<Vec<u8>> = (1..=BATCH).map(contract).collect();
    let (request, _) = handed_in(user, seal, grant, "与各门店签订年度框架合同一百份", &documents)?;
    agreed(approver, &request)?;
    let done = sealed(user, &request)?;
    let signed = done.get("tally").and_then(|tally| tally.get("signed")).and_then(Value::as_u64);
    let signed = signed.unwrap_or_default();
    tale.claim(
        "一次批准，一百份合同逐份用印",
        "one approval, a hundred contracts, sealed one by one",
        &signed.to_string(),
        &BATCH.to_string(),
    );
    let file = "papers/batch.zip";
    tale.stage.write(file, &user.get(&format!("{request}/archive"))?.body)?;
    tale.stage.made(file, "一百份已用印合同", "a hundred sealed contracts");
    Ok(signed)
}

/// Every use and every refused try stands in the register.
fn register(tale: &Tale<'_>, staff: &Staff, seal: &str) -> Result<(), Failure> {
    let custodian = staff.get("custodian")?;
    let shown = custodian.get(&format!("{seal}/uses?result=sealed&limit=200"))?.json();
    let count = shown.get("items").and_then(Value::as_array).map_or(0, Vec::len);
    tale.claim(
        "用印台账：谁、何时、何地、为何、经谁批准、哪一份文件，逐份在册",
        "the register of uses: who, when, from where, why, by whose approval, which document",
        &count.to_string(),
        &(BATCH + 1).to_string(),
    );
    Ok(())
}

/// A contract of two pages.
fn contract(number: usize) -> Vec<u8> {
    let line = format!("第一条 本合同为第 {number} 号样例合同，金额人民币壹拾贰万元整。");
    sample::document(2, "采购合同（样例）", &[&line, "第二条 本合同双方加盖电子印章后生效，各页加盖骑缝章。"])
}
