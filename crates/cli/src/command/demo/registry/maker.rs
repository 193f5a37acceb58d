//! Step 12: a maker is registered and its workshop put to work.

use jiff::SignedDuration;
use serde_json::json;

use super::api::text;
use super::founding::Staff;
use super::tale::Tale;
use super::{CITY, CITY_PATH};
use crate::failure::Failure;

/// The maker.
#[derive(Debug)]
pub struct Maker {
    /// Name.
    pub name: &'static str,
}

/// Registers and attaches.
pub fn tell(tale: &Tale<'_>, staff: &mut Staff) -> Result<Maker, Failure> {
    tale.step(12, 39, "登记制作单位，制作系统就位", "A maker is registered, its workshop put to work")?;
    let maker = Maker { name: "示例市印章制作有限公司" };
    let now = tale.now();
    let hours = |days: i64| SignedDuration::from_hours(24 * days);
    let from = now.saturating_sub(hours(300)).unwrap_or(now);
    let until = now.saturating_add(hours(3 * 365)).unwrap_or(now);
    let body = json!({
        "area": CITY,
        "name": maker.name,
        "credit_code": "91610100MA0000002E",
        "jurisdictions": [CITY_PATH],
        "license": { "number": "示例公特〔2026〕1号", "issuer": "示例市公安局", "from": from, "until": until },
        "responsible": "示例丙",
    });
    let reviewer = staff.get("reviewer")?;
    let id = text(&reviewer.post("/makers", &body)?, "id");
    let workshop = reviewer.post("/workshop", &json!({ "maker": id }))?;
    staff.hire(tale, "maker", ("maker_operator", "制章操作员", "maker's operator"), Some(&id))?;
    tale.tell(
        &format!("“{}”持特种行业许可登记，制作系统生成自己的密钥、取得制章证书，用签名请求领取任务。", maker.name),
        "A licensed maker is registered; its workshop makes its keys, gets its certificate, and asks for orders by signed requests.",
    );
    tale.note("maker", json!({ "id": id, "name": maker.name, "client": text(&workshop, "client") }));
    Ok(maker)
}
