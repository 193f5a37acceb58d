//! Step 13: the unit and its agent.

use serde_json::{Value, json};

use super::DISTRICT;
use super::api::text;
use super::founding::Staff;
use super::tale::Tale;
use crate::failure::Failure;

/// The unit.
#[derive(Debug)]
pub struct Owner {
    /// Key.
    pub id: String,
    /// Name.
    pub name: String,
}

/// Credit code of the unit.
const CREDIT_CODE: &str = "91610113MA00000016";

/// People of the unit: made up, with numbers whose check digits hold.
fn person(name: &str, id_number: &str) -> Value {
    json!({ "name": name, "id_number": id_number, "phone": "13900000000" })
}

/// Legal representative.
pub fn representative() -> Value {
    person("示例甲", "610113199001010019")
}

/// Agent.
pub fn agent() -> Value {
    person("示例乙", "610113199001020022")
}

/// Seal administrator.
pub fn administrator() -> Value {
    person("示例丁", "610113199001030036")
}

/// Registers both.
pub fn tell(tale: &Tale<'_>, staff: &mut Staff) -> Result<Owner, Failure> {
    tale.step(13, 38, "登记单位与经办人", "The unit and its agent")?;
    let name = "示例市样章科技有限公司".to_owned();
    let body = json!({
        "form": "legal",
        "credit_code": CREDIT_CODE,
        "name": name,
        "applicant_kind": "enterprise",
        "area": DISTRICT,
        "legal_representative": representative(),
        "seal_administrator": administrator(),
        "technical_measures": "印章密钥存放在密码设备内，双人双控。",
    });
    let unit = staff.get("reviewer")?.post("/units", &body)?;
    let id = text(&unit, "id");
    staff.hire(tale, "agent", ("unit_agent", "单位经办人", "agent of the unit"), Some(&id))?;
    let shown = unit.get("legal_representative").map(|p| text(p, "id_number")).unwrap_or_default();
    tale.claim(
        &format!("“{name}”已登记；身份证号加密保存，只显示掩码"),
        "the unit is registered; identity numbers are stored encrypted and shown masked",
        &shown,
        "610***********0019",
    );
    tale.note("unit", json!({ "id": id, "name": name, "credit_code": CREDIT_CODE }));
    Ok(Owner { id, name })
}
