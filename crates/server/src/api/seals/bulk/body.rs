//! What a measure asks for.

use crate::api::scope::AreaPathText;
use crate::api::seals::DOCUMENT;
use crate::api::text::{check_line, check_reason};
use crate::http::{Code, Faults, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yinxin_registry::area::AreaPath;
use yinxin_registry::drill::Target;
use yinxin_registry::ids::{DrillId, MakerId, UnitId};
use yinxin_registry::lifecycle::reasons::SuspensionReason;

/// Longest serial number, hexadecimal digits: 20 bytes (RFC 5280, 4.1.2.2).
const MAX_SERIAL: usize = 40;

/// Which seals a measure is about: those of an issuer of certificates, of a unit, of an area, or of a maker. Exactly one of the four.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhichSeals {
    /// Issuer as on the certificates and as seals show it (RFC 4514).
    #[serde(default)]
    #[schema(min_length = 1, max_length = 500, example = "CN=示例电子认证机构,O=示例,C=CN")]
    pub issuer: Option<String>,
    /// First serial number, hexadecimal; from the first when absent. With an issuer only.
    #[serde(default)]
    #[schema(pattern = "^[0-9A-Fa-f]{1,40}$")]
    pub first_serial: Option<String>,
    /// Last serial number, included; to the last when absent. With an issuer only.
    #[serde(default)]
    #[schema(pattern = "^[0-9A-Fa-f]{1,40}$")]
    pub last_serial: Option<String>,
    /// Unit, with the bodies and branches under it.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^unit_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    pub unit: Option<UnitId>,
    /// Path of an area, with what lies in it.
    #[serde(default)]
    #[schema(value_type = Option<AreaPathText>)]
    pub area: Option<AreaPath>,
    /// Maker that made them.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^mkr_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    pub maker: Option<MakerId>,
}

impl WhichSeals {
    /// Notes what is wrong with it; gives what it says.
    pub fn target(&self, at: &str, faults: &mut Faults) -> Option<Target> {
        let serials = [("first_serial", &self.first_serial), ("last_serial", &self.last_serial)];
        for (name, serial) in serials {
            if serial.as_deref().is_some_and(|text| !is_serial(text)) {
                let pointer = format!("{at}/{name}");
                faults.push(&pointer, "SERIAL", "应为 1 至 40 位十六进制数字", "1 to 40 hexadecimal digits");
            }
        }
        if let (Some(first), Some(last)) = (&self.first_serial, &self.last_serial)
            && number(first) > number(last)
        {
            let pointer = format!("{at}/last_serial");
            faults.push(&pointer, "RANGE", "末号不得小于首号", "the last comes before the first");
        }
        if let Some(issuer) = &self.issuer {
            check_line(&format!("{at}/issuer"), issuer, 1..=500, faults);
        }
        let ranged = self.first_serial.is_some() || self.last_serial.is_some();
        match (&self.issuer, &self.unit, &self.area, &self.maker) {
            (Some(issuer), None, None, None) => Some(Target::Issuer {
                issuer: issuer.clone(),
                first_serial: self.first_serial.clone(),
                last_serial: self.last_serial.clone(),
            }),
            (None, Some(unit), None, None) if !ranged => Some(Target::Unit { unit: unit.clone() }),
            (None, None, Some(area), None) if !ranged => Some(Target::Area { area: area.clone() }),
            (None, None, None, Some(maker)) if !ranged => Some(Target::Maker { maker: maker.clone() }),
            _ => {
                faults.push(
                    at,
                    "EXCLUSIVE",
                    "应在证书颁发者（可限定序列号）、单位、区划、制作单位中选填一项",
                    "give one of issuer (with serial numbers), unit, area and maker",
                );
                None
            }
        }
    }
}

/// Suspends seals in bulk: those of an issuer of certificates, of a unit, of an area, or of a maker. Exactly one of the four.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkSuspension {
    /// Issuer as on the certificates and as seals show it (RFC 4514).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 500, example = "CN=示例电子认证机构,O=示例,C=CN")]
    pub issuer: Option<String>,
    /// First serial number, hexadecimal; from the first when absent.
    #[serde(default)]
    #[schema(pattern = "^[0-9A-Fa-f]{1,40}$")]
    pub first_serial: Option<String>,
    /// Last serial number, included; to the last when absent.
    #[serde(default)]
    #[schema(pattern = "^[0-9A-Fa-f]{1,40}$")]
    pub last_serial: Option<String>,
    /// Unit, with the bodies and branches under it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^unit_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    pub unit: Option<UnitId>,
    /// Path of an area, with what lies in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<AreaPathText>)]
    pub area: Option<AreaPath>,
    /// Maker that made them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^mkr_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    pub maker: Option<MakerId>,
    /// Drill in which it was rehearsed: about the same seals. Not with `dry_run`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^drl_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    pub drill: Option<DrillId>,
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
    /// Which seals it is about, as a part of it.
    fn which(&self) -> WhichSeals {
        WhichSeals {
            issuer: self.issuer.clone(),
            first_serial: self.first_serial.clone(),
            last_serial: self.last_serial.clone(),
            unit: self.unit.clone(),
            area: self.area.clone(),
            maker: self.maker.clone(),
        }
    }

    /// Which seals it is about.
    ///
    /// # Errors
    /// `VALIDATION` when it says none or too many.
    pub fn target(&self) -> Result<Target, Problem> {
        let mut faults = Faults::new();
        let target = self.which().target("", &mut faults);
        faults.into_result()?;
        target.ok_or_else(|| Problem::new(Code::Internal))
    }

    /// Notes what is wrong with it.
    ///
    /// # Errors
    /// `VALIDATION` naming every field.
    pub fn check(&self) -> Result<(), Problem> {
        let mut faults = Faults::new();
        let _ = self.which().target("", &mut faults);
        if self.dry_run && self.drill.is_some() {
            let (zh, en) = ("试算不引用演练", "a look ahead refers to no drill");
            faults.push("/drill", "EXCLUSIVE", zh, en);
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
            issuer: Some("CN=示例".to_owned()),
            first_serial: Some(first.to_owned()),
            last_serial: Some(last.to_owned()),
            unit: None,
            area: None,
            maker: None,
            drill: None,
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
    fn one_kind_of_seals_is_named_and_serials_belong_to_an_issuer() {
        let unit = UnitId::parse(&format!("unit_{}", "0".repeat(26))).ok();
        let plain = BulkSuspension { first_serial: None, last_serial: None, ..order("1", "2") };
        assert_eq!(plain.target().unwrap().as_str(), "issuer");
        let both = BulkSuspension { unit: unit.clone(), ..plain.clone() };
        assert!(both.check().is_err());
        let of_unit = BulkSuspension { issuer: None, unit: unit.clone(), ..plain.clone() };
        assert_eq!(of_unit.target().unwrap().as_str(), "unit");
        assert!(BulkSuspension { issuer: None, unit, ..order("1", "2") }.check().is_err());
        assert!(BulkSuspension { issuer: None, ..plain.clone() }.check().is_err());
        let drill = DrillId::parse(&format!("drl_{}", "0".repeat(26))).ok();
        assert!(BulkSuspension { drill: drill.clone(), ..plain.clone() }.check().is_err(), "a dry run");
        assert!(BulkSuspension { drill, dry_run: false, ..plain }.check().is_ok());
    }

    #[test]
    fn what_is_no_serial_is_refused() {
        for bad in ["", "xyz", &"1".repeat(41)] {
            assert!(order(bad, "2").check().is_err(), "{bad}");
        }
    }
}
