//! A ticket as a request carries it.

use crate::api::text::{check_line, check_reason};
use crate::api::times;
use crate::http::{Faults, Problem};
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;
use yinxin_registry::correction::{Breach, MOST_BREACHES, MOST_SEALS};
use yinxin_registry::ids::{SealId, TicketId};
use yinxin_registry::supervision::SupervisionKind;

/// Code of a breach, for the description of the API.
#[derive(Debug, Clone, ToSchema)]
#[schema(
    pattern = "^(false_materials|forged|traded|beyond_approval|password_not_kept|loss_not_reported|not_canceled|no_records|no_rules|data_leaked|not_cooperating|other)$",
    example = "beyond_approval"
)]
#[allow(dead_code, reason = "documentation only; bodies hold `Breach`")]
pub struct BreachCode(String);

/// A ticket to be opened.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenTicket {
    /// `inspection` (nothing to be done after it), `finding` or `order`.
    #[schema(value_type = String, pattern = "^(inspection|finding|order)$", example = "order")]
    pub kind: SupervisionKind,
    /// What the unit is held to account for; with a finding or an order at least one, each once.
    #[serde(default)]
    #[schema(value_type = Vec<BreachCode>, max_items = 12, example = json!(["beyond_approval"]))]
    pub breaches: Vec<Breach>,
    /// What was seen or is ordered; the unit reads it.
    #[schema(min_length = 2, max_length = 2000, example = "超出审批范围用印，责令限期整改")]
    pub text: String,
    /// Law and article it rests on; always with an order.
    #[serde(default)]
    #[schema(min_length = 2, max_length = 200, example = "《示例市电子印章管理办法》第三十七条")]
    pub basis: Option<String>,
    /// Number of the document.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100, example = "示例责改〔2026〕1号")]
    pub document: Option<String>,
    /// Seals of the unit, or of bodies and branches under it, that it is about.
    #[serde(default)]
    #[schema(value_type = Vec<String>, max_items = 100, example = json!(["seal_01k0000000000000000000000a"]))]
    pub seals: Vec<SealId>,
    /// Until when an order is to be carried out; only and always with an order.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due: Option<Timestamp>,
    /// Ticket of the same unit it comes from.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "tkt_01k0000000000000000000000a")]
    pub follows: Option<TicketId>,
}

impl OpenTicket {
    /// Notes what is wrong with it in itself.
    ///
    /// # Errors
    /// `VALIDATION` naming every field.
    pub fn check(&self, now: Timestamp) -> Result<(), Problem> {
        let mut faults = Faults::new();
        check_reason("/text", &self.text, &mut faults);
        for (pointer, text, length) in
            [("/basis", &self.basis, 2..=200), ("/document", &self.document, 1..=100)]
        {
            if let Some(text) = text {
                check_line(pointer, text, length, &mut faults);
            }
        }
        if let Some(due) = self.due {
            times::check("/due", due, now, &mut faults);
        }
        for (pointer, many, most) in
            [("/breaches", self.breaches.len(), MOST_BREACHES), ("/seals", self.seals.len(), MOST_SEALS)]
        {
            if many > most {
                faults.push(pointer, "OUT_OF_RANGE", format!("至多 {most} 项"), format!("{most} at most"));
            }
        }
        faults.into_result()
    }
}
