//! An order as the workshop understands it: every field read and bounded, nothing believed yet.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use yinxin_crypto::sm3;
use yinxin_registry::profile::SealKind;

use super::dto::{AssignedSealDto, OrderDto, OrderImprintDto, OrderKeyDto};
use super::imprint::{ImprintOrder, Lettering};
use crate::proof::Statement;

/// Largest approval or request in an order, bytes.
const MAX_PART: usize = 1 << 20;

/// A field of an order cannot be read or cannot be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("制作任务的内容不正确：{0} / the order is malformed: {0}")]
pub struct OrderFault(pub &'static str);

impl OrderFault {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        "ORDER_MALFORMED"
    }
}

/// Where the owner's key comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyOrder {
    /// Made here.
    Workshop,
    /// Made elsewhere: certification request, DER.
    Elsewhere(Vec<u8>),
}

/// An order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The application.
    pub application: String,
    /// SM3 of the application, hex.
    pub application_digest: String,
    /// The maker it is meant for.
    pub maker: String,
    /// Path of the area.
    pub area_path: String,
    /// Key of the unit.
    pub unit: String,
    /// Name of the unit.
    pub unit_name: String,
    /// Credit code of the unit.
    pub credit_code: Option<String>,
    /// Kind of seal.
    pub kind: SealKind,
    /// Name of the seal.
    pub seal_name: String,
    /// Person of a personal seal.
    pub holder: Option<String>,
    /// Years of validity.
    pub years: u32,
    /// The imprint.
    pub imprint: ImprintOrder,
    /// The key.
    pub key: KeyOrder,
    /// Approval certificate, DER.
    pub approval: Vec<u8>,
    /// What the registry gave the seal, once the order is taken up.
    pub assigned: Option<AssignedSealDto>,
    /// SM3 over all of it.
    pub digest: [u8; 32],
}

impl Order {
    /// Reads an order.
    ///
    /// # Errors
    /// [`OrderFault`] with the field.
    pub fn read(dto: &OrderDto) -> Result<Self, OrderFault> {
        for (field, text) in [
            ("application", &dto.application),
            ("maker", &dto.maker),
            ("area_path", &dto.area_path),
            ("unit.id", &dto.unit.id),
            ("unit.name", &dto.unit.name),
            ("seal.name", &dto.seal.name),
        ] {
            if text.trim().is_empty() || text.chars().count() > 200 || text.chars().any(char::is_control) {
                return Err(OrderFault(field));
            }
        }
        if dto.seal.kind.is_personal() != dto.seal.holder.is_some() {
            return Err(OrderFault("seal.holder"));
        }
        if !(1..=10).contains(&dto.seal.years) {
            return Err(OrderFault("seal.years"));
        }
        let key = match &dto.key {
            OrderKeyDto::Workshop => KeyOrder::Workshop,
            OrderKeyDto::Elsewhere { request } => KeyOrder::Elsewhere(binary(request, "key.request")?),
        };
        if let Some(a) = &dto.assigned {
            let ascii = a.code.bytes().all(|b| b.is_ascii_graphic());
            if a.code.is_empty() || a.code.len() > 64 || !ascii {
                return Err(OrderFault("assigned.code"));
            }
        }
        // What comes while the order is worked on is no part of it: it stays the same order.
        let mut ordered = dto.clone();
        if let Some(assigned) = &mut ordered.assigned {
            assigned.certificate_request = None;
            assigned.certificates = Vec::new();
        }
        let json = serde_json::to_vec(&ordered).map_err(|_| OrderFault("order"))?;
        Ok(Self {
            application: dto.application.clone(),
            application_digest: dto.application_digest.clone(),
            maker: dto.maker.clone(),
            area_path: dto.area_path.clone(),
            unit: dto.unit.id.clone(),
            unit_name: dto.unit.name.clone(),
            credit_code: dto.unit.credit_code.clone(),
            kind: dto.seal.kind,
            seal_name: dto.seal.name.clone(),
            holder: dto.seal.holder.clone(),
            years: dto.seal.years,
            imprint: imprint(&dto.imprint)?,
            key,
            approval: binary(&dto.approval, "approval")?,
            assigned: dto.assigned.clone(),
            digest: sm3(&json),
        })
    }

    /// What stands on a drawn imprint.
    pub fn lettering(&self) -> Lettering<'_> {
        Lettering {
            kind: self.kind,
            unit: &self.unit_name,
            seal_name: &self.seal_name,
            holder: self.holder.as_deref(),
            number: self.assigned.as_ref().and_then(|a| a.number),
            credit_code: self.credit_code.as_deref(),
        }
    }

    /// The first field in which an approval says something else than this order.
    pub fn differs_from(&self, approval: &Statement) -> Option<&'static str> {
        let imprint = match &self.imprint {
            ImprintOrder::Given { digest, .. } => Some(hex::encode(digest)),
            ImprintOrder::Drawn { .. } => None,
        };
        let s = &approval.subjects;
        let pairs = [
            ("application", s.application.as_deref() == Some(&self.application)),
            ("application_digest", approval.application_digest.as_deref() == Some(&self.application_digest)),
            ("unit", s.unit.as_deref() == Some(&self.unit)),
            ("unit.name", approval.unit.name == self.unit_name),
            ("unit.credit_code", approval.unit.credit_code == self.credit_code),
            ("seal.kind", approval.seal.kind == self.kind.as_str()),
            ("seal.name", approval.seal.name == self.seal_name),
            ("seal.holder", approval.seal.holder == self.holder),
            ("seal.years", approval.seal.years == Some(self.years)),
            ("imprint_digest", approval.imprint_digest == imprint),
            ("area", approval.area == self.area_path),
            ("seal.code", self.is_numbered_as(approval)),
            // An approval may leave the choice of the maker open.
            ("maker", s.maker.as_ref().is_none_or(|m| *m == self.maker)),
        ];
        pairs.into_iter().find(|(_, same)| !same).map(|(field, _)| field)
    }

    /// Where code and number were settled with the approval, the seal got these and no others.
    fn is_numbered_as(&self, approval: &Statement) -> bool {
        match (&self.assigned, &approval.seal.code) {
            (Some(assigned), Some(code)) => assigned.code == *code && assigned.number == approval.seal.number,
            _ => true,
        }
    }
}

fn imprint(dto: &OrderImprintDto) -> Result<ImprintOrder, OrderFault> {
    Ok(match dto {
        OrderImprintDto::Drawn { width_tenth_mm, height_tenth_mm } => {
            ImprintOrder::Drawn { width_tenth_mm: *width_tenth_mm, height_tenth_mm: *height_tenth_mm }
        }
        OrderImprintDto::Given { picture, digest, width_tenth_mm, height_tenth_mm } => {
            let digest = hex::decode(digest).ok().and_then(|d| d.try_into().ok());
            let picture = STANDARD.decode(picture).map_err(|_| OrderFault("imprint.picture"))?;
            ImprintOrder::Given {
                picture,
                digest: digest.ok_or(OrderFault("imprint.digest"))?,
                width_tenth_mm: *width_tenth_mm,
                height_tenth_mm: *height_tenth_mm,
            }
        }
    })
}

fn binary(text: &str, field: &'static str) -> Result<Vec<u8>, OrderFault> {
    let bytes = STANDARD.decode(text).map_err(|_| OrderFault(field))?;
    if bytes.is_empty() || bytes.len() > MAX_PART { Err(OrderFault(field)) } else { Ok(bytes) }
}
