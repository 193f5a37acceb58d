//! A maker as an answer shows it.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use yinxin_registry::maker::{Entrusted, License, Maker};

/// License.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LicenseView {
    /// Its number.
    pub number: String,
    /// The organ that gave it.
    pub issuer: String,
    /// From when.
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// Until when.
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
}

impl From<&License> for LicenseView {
    fn from(license: &License) -> Self {
        Self {
            number: license.number.clone(),
            issuer: license.issuer.clone(),
            from: license.from,
            until: license.until,
        }
    }
}

/// Entrusting.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EntrustedView {
    /// Unit that entrusts.
    pub by: String,
    /// Number of the agreement.
    pub document: String,
    /// Until when.
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
}

impl From<&Entrusted> for EntrustedView {
    fn from(entrusted: &Entrusted) -> Self {
        Self { by: entrusted.by.clone(), document: entrusted.document.clone(), until: entrusted.until }
    }
}

/// A maker.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MakerView {
    /// Key.
    pub id: String,
    /// Name.
    #[schema(example = "示例印章制作有限公司")]
    pub name: String,
    /// Credit code.
    #[schema(example = "91610100MA00000011")]
    pub credit_code: String,
    /// Area of registration.
    #[schema(example = "610100")]
    pub area: String,
    /// `active` or `stopped`.
    #[schema(example = "active")]
    pub state: String,
    /// Why it was stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
    /// Paths of the areas it makes for.
    pub jurisdictions: Vec<String>,
    /// License.
    pub license: LicenseView,
    /// Who entrusts it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entrusted: Option<EntrustedView>,
    /// Certificate it signs seals with, DER, base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// Person who answers for it.
    pub responsible: String,
    /// Version, as in the ETag.
    pub version: i64,
}

impl MakerView {
    /// Of a maker.
    pub fn of(maker: &Maker, version: i64) -> Self {
        Self {
            id: maker.id.to_string(),
            name: maker.name.clone(),
            credit_code: maker.credit_code.to_string(),
            area: maker.area.to_string(),
            state: if maker.stopped.is_some() { "stopped" } else { "active" }.to_owned(),
            stopped: maker.stopped.clone(),
            jurisdictions: maker.jurisdictions.iter().map(ToString::to_string).collect(),
            license: LicenseView::from(&maker.license),
            entrusted: maker.entrusted.as_ref().map(EntrustedView::from),
            certificate: maker.certificate.clone(),
            responsible: maker.responsible.clone(),
            version,
        }
    }
}
