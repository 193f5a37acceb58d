//! Step 18: the unit gets another name, and with it another seal.

use serde_json::json;

use super::api::text;
use super::founding::Staff;
use super::owner::Owner;
use super::request::{MEASURES, approved, content};
use super::tale::Tale;
use super::{making, paper, records};
use crate::failure::Failure;

/// Renames the unit and changes its seal; gives the path of the new one.
pub fn tell(tale: &Tale<'_>, staff: &Staff, owner: &mut Owner, old: &str) -> Result<String, Failure> {
    tale.step(18, 20, "单位更名，印章变更", "The unit is renamed and its seal changed")?;
    let (agent, reviewer) = (staff.get("agent")?, staff.get("reviewer")?);
    owner.name = "示例市新章科技有限公司".to_owned();
    let unit = format!("/units/{}", owner.id);
    reviewer.patch(&unit, &json!({ "name": owner.name }))?;
    let id = old.trim_start_matches("/seals/");
    let body = json!({
        "seal": id, "reason": "单位名称变更", "content": content("legal_name", &owner.name, MEASURES),
    });
    let case = agent.post("/changes", &body)?;
    let application = format!("/applications/{}", text(&case, "application"));
    let before = text(&agent.get(old)?.json(), "state");
    approved(agent, reviewer, &application, "legal_name")?;
    let after = text(&agent.get(old)?.json(), "state");
    tale.claim(
        &format!("更名为“{}”；批准新章的同一刻，旧章缴销", owner.name),
        "renamed; the approval of the new seal cancels the old one in the same moment",
        &format!("{before} → {after}"),
        "active → canceled",
    );
    let seal = making::wait(staff, &application)?;
    making::hand_over(staff, &seal)?;
    let active = agent.get(&seal)?.json();
    tale.claim(
        "新章制作、备案、签收",
        "the new seal is made, filed and accepted",
        &text(&active, "state"),
        "active",
    );
    paper::seal(tale, "papers/seal-renamed.esl", &agent.get(&format!("{seal}/data"))?.body)?;
    let case = agent.get(&format!("/changes/{}", text(&case, "id")))?.json();
    tale.note(
        "change",
        json!({
            "case": text(&case, "id"),
            "state": text(&case, "state"),
            "old_seal": { "id": id, "state": after },
            "new_seal": records::seal_facts(&active, Some("papers/seal-renamed.esl")),
        }),
    );
    Ok(seal)
}
