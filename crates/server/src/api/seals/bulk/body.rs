//! What a measure asks for.

use crate::api::seals::DOCUMENT;
use crate::api::text::{check_line, check_reason};
use crate::http::{Faults, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yinxin_registry::lifecycle::reasons::SuspensionReason;

/// Longest serial number, hexadecimal digits: 20 bytes (RFC 5280, 4.1.2.2).
const MAX_SERIAL: usize = 40;

/// Suspends seals by the issuer of their certificates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkSuspension {
    /// Issuer as on the certificates and as seals show it (RFC 4514).
    #[schema(min_length = 1, max_length = 500, example = "CN=示例电子认证机构,O=示例,C=CN")]
    pub issuer: String,
    /// First serial number, hexadecimal; from the first when absent.
    #[serde(default)]
    #[schema(pattern = "^[0-9A-Fa-f]{1,40}$")]
    pub first_serial: Option<String>,
    /// Last serial number, included; to the last when absent.
    #[serde(default)]
    #[schema(pattern = "^[0-9A-Fa-f]{1,40}$")]
    pub last_serial: Option<String>,
    /// Why.
    #[schema(value_type = String, example = "certificate_authority",
        pattern = "^(correction|authority|certificate_authority|unlawful)$")]
    pub reason: SuspensionReason,
    /// In words, 2 to 2000 characters.
    #[schema(min_length = 2, max_length = 2000, example = "电子认证服务机构违规签发证书")]
    pub detail: String,
    /// Number of the decision.
    #[schema(min_length = 1, max_length = 200, example = "示政停〔2026〕1 号")]
    pub document: String,
    /// Only shows whom it concerns.
    pub dry_run: bool,
}

impl BulkSuspension {
    /// Notes what is wrong with it.
    ///
    /// # Errors
    /// `VALIDATION` naming every field.
    pub fn check(&self) -> Result<(), Problem> {
        let mut faults = Faults::new();
        check_line("/issuer", &self.issuer, 1..=500, &mut faults);
        let serials = [("/first_serial", &self.first_serial), ("/last_serial", &self.last_serial)];
        for (pointer, serial) in serials {
            if serial.as_deref().is_some_and(|text| !is_serial(text)) {
                faults.push(pointer, "SERIAL", "应为 1 至 40 位十六进制数字", "1 to 40 hexadecimal digits");
            }
        }
        if let (Some(first), Some(last)) = (&self.first_serial, &self.last_serial)
            && number(first) > number(last)
        {
            faults.push("/last_serial", "RANGE", "末号不得小于首号", "the last comes before the first");
        }
        if self.reason.is_units_own() {
            faults.push("/reason", "REASON", "应为主管部门的停用原因", "a reason of the authority's");
        }
        check_reason("/detail", &self.detail, &mut faults);
        check_line("/document", &self.document, DOCUMENT, &mut faults);
        faults.into_result()
    }
}

fn is_serial(text: &str) -> bool {
    (1..=MAX_SERIAL).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Texts in the order of the numbers they write.
fn number(serial: &str) -> (usize, String) {
    let digits = serial.trim_start_matches('0').to_ascii_lowercase();
    (digits.len(), digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(first: &str, last: &str) -> BulkSuspension {
        BulkSuspension {
            issuer: "CN=示例".to_owned(),
            first_serial: Some(first.to_owned()),
            last_serial: Some(last.to_owned()),
            reason: SuspensionReason::CertificateAuthority,
            detail: "示例理由".to_owned(),
            document: "示〔2026〕1 号".to_owned(),
            dry_run: true,
        }
    }

    #[test]
    fn serials_are_compared_as_numbers() {
        assert!(order("ff", "0100").check().is_ok());
        assert!(order("0100", "FF").check().is_err());
        assert!(order("0", "0").check().is_ok());
    }

    #[test]
    fn a_units_own_reason_is_not_given_in_bulk() {
        let order = BulkSuspension { reason: SuspensionReason::Loss, ..order("1", "2") };
        assert!(order.check().is_err());
    }

    #[test]
    fn what_is_no_serial_is_refused() {
        for bad in ["", "xyz", &"1".repeat(41)] {
            assert!(order(bad, "2").check().is_err(), "{bad}");
        }
    }
}
