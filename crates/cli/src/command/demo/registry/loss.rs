//! Step 19: the contract seal is lost, suspended from the hour it was lost, and canceled.

use jiff::Timestamp;
use serde_json::json;
use yinxin_server::proof::ProofKind;

use super::api::text;
use super::founding::Staff;
use super::host::before;
use super::paper;
use super::person::Person;
use super::tale::Tale;
use super::usage::{Used, verified};
use crate::failure::Failure;

/// Reports the loss and cancels.
pub fn tell(tale: &Tale<'_>, staff: &Staff, seal: &str, used: &Used) -> Result<(), Failure> {
    tale.step(19, 10, "合同章载体丢失：挂失，再缴销", "The contract seal is lost: reported, then canceled")?;
    let (agent, reviewer) = (staff.get("agent")?, staff.get("reviewer")?);
    let lost = before(tale.now(), 20);
    let report = json!({ "reason": "loss", "detail": "密钥载体在外出途中遗失", "effective_at": lost });
    let suspended = agent.post(&format!("{seal}/report-loss"), &report)?;
    tale.claim(
        &format!("经办人挂失，自遗失之时（{lost}）起停用"),
        &format!("the agent reports the loss; suspended from the hour it was lost ({lost})"),
        &text(&suspended, "state"),
        "suspended",
    );
    let (earlier, later) =
        (standing(agent, seal, before(lost, 1))?, standing(agent, seal, before(lost, -1))?);
    tale.claim(
        "查任一时刻的状态：遗失前一小时有效，后一小时停用",
        "its status at any moment: valid an hour before the loss, suspended an hour after",
        &format!("{earlier}, {later}"),
        "valid, suspended",
    );
    let told = verified(tale, &used.document)?;
    let here = told.get("sealed_here").and_then(|uses| uses.get(0)).cloned().unwrap_or_default();
    let (then, now) = (text(&here, "status_then"), text(&here, "status_now"));
    tale.claim(
        "再次公开核验丢失之前加盖的合同：用印时印章有效，现已停用，用印在册",
        "the contract sealed before the loss is verified again in public: valid then, suspended now, its use on record",
        &format!("{then}, {now}"),
        "valid, suspended",
    );
    tale.note(
        "verified_again",
        json!({ "verdict": text(&told, "verdict"), "status_then": then, "status_now": now }),
    );
    tale.host.turn_clock(5)?;
    let cancel = json!({ "reason": "loss", "detail": "载体未能找回" });
    let ended = reviewer.step(seal, "cancel", &cancel)?;
    let proof = agent.get(&format!("{seal}/proofs/cancellation"))?;
    let file = "papers/cancellation.p7b";
    let statement = paper::proof(tale, file, &proof.body, ProofKind::CancellationCertificate)?;
    tale.claim(
        "审核员缴销，出具缴销证明",
        "canceled, with a certificate",
        &text(&ended, "state"),
        "canceled",
    );
    tale.stage.made(file, "缴销证明，已验证", "certificate of cancellation, verified");
    tale.note("loss", json!({ "effective_at": lost, "standing_before": earlier, "standing_after": later }));
    tale.note("cancellation", json!({ "number": statement.number, "file": file, "verified": true }));
    Ok(())
}

/// What a seal was worth at a moment.
fn standing(agent: &Person, seal: &str, at: Timestamp) -> Result<String, Failure> {
    Ok(text(&agent.get(&format!("{seal}/status?at={at}"))?.json(), "standing"))
}
