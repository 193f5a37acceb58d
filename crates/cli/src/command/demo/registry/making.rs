//! Step 15: the workshop makes, the filing department files, the maker hands over, the unit accepts.

use std::time::{Duration, Instant};

use serde_json::json;

use super::api::text;
use super::founding::Staff;
use super::maker::Maker;
use super::tale::Tale;
use super::{paper, records};
use crate::failure::Failure;

/// How long the workshop may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// Makes the seal of an application, step by step; gives the path of the seal.
pub fn tell(tale: &Tale<'_>, staff: &Staff, maker: &Maker, application: &str) -> Result<String, Failure> {
    tale.step(15, 35, "制作、备案、交付、签收", "Made, filed, handed over, accepted")?;
    let seal = wait(staff, application)?;
    let shown = staff.get("reviewer")?.get(&seal)?.json();
    tale.claim(
        &format!("“{}”再次核验批准凭证后制作完成，印章编码 {}", maker.name, text(&shown, "code")),
        &format!("the workshop checked the approval once more and made seal {}", text(&shown, "code")),
        &text(&shown, "state"),
        "made",
    );
    let early = staff.get("agent")?.get_any(&format!("{seal}/data"))?;
    tale.claim(
        "未备案不得交付：单位此时拿不到印章",
        "nothing is handed over before filing",
        &early.problem(),
        "CONFLICT",
    );
    tale.host.turn_clock(34)?;
    hand_over(staff, &seal)?;
    let active = staff.get("agent")?.get(&seal)?.json();
    tale.claim(
        "备案、交付、单位签收，印章生效",
        "filed, handed over, accepted: in force",
        &text(&active, "state"),
        "active",
    );
    paper::seal(tale, "papers/seal.esl", &staff.get("agent")?.get(&format!("{seal}/data"))?.body)?;
    tale.note("seal", records::seal_facts(&active, Some("papers/seal.esl")));
    Ok(seal)
}

/// The same in one sentence.
pub fn quietly(tale: &Tale<'_>, staff: &Staff, application: &str) -> Result<String, Failure> {
    let seal = wait(staff, application)?;
    hand_over(staff, &seal)?;
    let active = staff.get("agent")?.get(&seal)?.json();
    tale.claim(
        &format!("合同专用章 {} 办妥", text(&active, "code")),
        &format!("the contract seal {} is in force", text(&active, "code")),
        &text(&active, "state"),
        "active",
    );
    tale.note("contract_seal", records::seal_facts(&active, None));
    Ok(seal)
}

/// Waits until the workshop has made the seal of an application.
pub fn wait(staff: &Staff, application: &str) -> Result<String, Failure> {
    let reviewer = staff.get("reviewer")?;
    let begin = Instant::now();
    while begin.elapsed() < PATIENCE {
        let id = text(&reviewer.get(application)?.json(), "seal");
        if !id.is_empty() {
            let seal = format!("/seals/{id}");
            if text(&reviewer.get(&seal)?.json(), "state") == "made" {
                return Ok(seal);
            }
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    Err(Failure::new("DEMO_REGISTRY", format!("{application}: the workshop has not made its seal")))
}

/// Filing, hand-over, acceptance.
pub fn hand_over(staff: &Staff, seal: &str) -> Result<(), Failure> {
    staff.get("filer")?.step(seal, "file", &json!({}))?;
    staff.get("maker")?.step(seal, "deliver", &json!({ "to": "示例乙" }))?;
    staff.get("agent")?.step(seal, "accept", &json!({}))?;
    Ok(())
}
