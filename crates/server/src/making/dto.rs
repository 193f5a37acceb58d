//! What goes over the wire between registry and workshop. Binary data is base64 (standard alphabet, padded), digests are
//! SM3 in lower-case hexadecimal, moments RFC 3339 in UTC.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yinxin_registry::profile::SealKind;

/// An order (制作任务): an approved application that a maker may take up or has taken up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderDto {
    /// The application.
    pub application: String,
    /// SM3 of the application's content.
    pub application_digest: String,
    /// The maker it is meant for.
    pub maker: String,
    /// Path of the area: `/100000/610000/610100/`.
    pub area_path: String,
    /// The unit that will own the seal.
    pub unit: OrderUnitDto,
    /// What is to be made.
    pub seal: OrderSealDto,
    /// The imprint.
    pub imprint: OrderImprintDto,
    /// Where the owner's key lives.
    pub key: OrderKeyDto,
    /// Approval certificate (准予制作凭证), SignedData DER, base64.
    pub approval: String,
    /// What the registry gave the seal when the maker took the order up; absent before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned: Option<AssignedSealDto>,
}

/// The owning unit of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderUnitDto {
    /// Key of the unit.
    pub id: String,
    /// Name.
    pub name: String,
    /// Unified social credit code, its own or that of the unit above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit_code: Option<String>,
}

/// The seal of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderSealDto {
    /// Code of the kind, such as `business_contract`.
    #[schema(value_type = String)]
    pub kind: SealKind,
    /// Name of the seal.
    pub name: String,
    /// Name of the person a personal seal is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<String>,
    /// Years it is to be valid from its making.
    pub years: u32,
}

/// What the registry gave a seal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignedSealDto {
    /// Key of the seal.
    pub id: String,
    /// Seal code (印章编码), ASCII; it becomes the seal's esID.
    pub code: String,
    /// Number among several business seals of one kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// Certification request that the workshop handed in, DER, base64; absent where its authority answers by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate_request: Option<String>,
    /// The certificate that came for it, then its issuers; DER, base64.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certificates: Vec<String>,
}

/// The imprint of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum OrderImprintDto {
    /// To be drawn by the maker from the name of the unit or person.
    Drawn {
        /// Width in tenths of a millimeter.
        width_tenth_mm: u32,
        /// Height in tenths of a millimeter.
        height_tenth_mm: u32,
    },
    /// The picture on record.
    Given {
        /// The picture: PNG, JPG, BMP, GIF or SVG, base64.
        picture: String,
        /// SM3 of the picture.
        digest: String,
        /// Width in tenths of a millimeter.
        width_tenth_mm: u32,
        /// Height in tenths of a millimeter.
        height_tenth_mm: u32,
    },
}

/// Where the owner's key lives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum OrderKeyDto {
    /// Made in the workshop's key provider.
    Workshop,
    /// Made elsewhere, in the owner's USB key for example.
    Elsewhere {
        /// Certification request (PKCS#10) signed by that key, DER, base64.
        request: String,
    },
}

/// A page of orders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderPageDto {
    /// The orders.
    pub items: Vec<OrderDto>,
    /// Cursor of the next page; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Body of taking an order up: empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeOrderDto {}

/// Body of sending an order back: the second check found a fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendBackDto {
    /// Stable code of the fault, such as `APPROVAL_MISMATCH`.
    #[schema(pattern = "^[A-Z0-9_]{1,64}$", example = "APPROVAL_MISMATCH")]
    pub code: String,
    /// The fault in words.
    #[schema(min_length = 1, max_length = 4000)]
    pub detail: String,
}

/// A certification request that an authority outside is to answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CertificateRequestDto {
    /// Certification request (PKCS#10) signed by the seal's key, DER, base64.
    #[schema(max_length = 16384)]
    pub request: String,
}

/// A made seal as the workshop hands it in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MadeDto {
    /// The seal (印章), DER, base64.
    pub seal: String,
    /// Version of its format: 4 (GB/T 38540-2020) or 5 (GM/T 0031-2025).
    pub format_version: u32,
    /// The owner's certificate first, then its issuers; DER, base64.
    pub certificates: Vec<String>,
    /// SM3 of the imprint's picture inside the seal.
    pub imprint_digest: String,
    /// Where the owner's key lives.
    pub key: MadeKeyDto,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub made_at: Timestamp,
    /// Number of the approval certificate it was made on.
    pub approval: String,
    /// What the maker remarks: codes.
    #[serde(default)]
    pub notes: Vec<String>,
}

/// Where the owner's key lives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum MadeKeyDto {
    /// In the workshop.
    Workshop {
        /// Label in its provider.
        id: String,
        /// Name of the provider.
        provider: String,
    },
    /// In the owner's own device.
    Elsewhere,
}

/// What the registry tells a workshop of its maker, and by what its approvals are known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WorkshopFactsDto {
    /// Key of the maker.
    pub maker: String,
    /// Name.
    pub name: String,
    /// Unified social credit code.
    pub credit_code: String,
    /// Number of the license.
    pub license: String,
    /// First moment of the license.
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// When license or entrusting ends, whichever is first.
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
    /// Paths of the areas served, each with those below it.
    pub areas: Vec<String>,
    /// Whether an authority stopped the maker.
    pub stopped: bool,
    /// Certificate registered for its seals, DER, base64; absent before there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// Authorities that approve.
    pub approvers: Vec<ApproverDto>,
}

/// An authority that approves. A workshop believes it only where the certificate is one it was told of by another way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ApproverDto {
    /// Code of the authority.
    pub code: String,
    /// Path of the area it is in charge of.
    pub area: String,
    /// Its certificate first, then its issuers up to the root; DER, base64.
    pub certificates: Vec<String>,
    /// Revocation lists of these issuers, DER, base64.
    pub revocation_lists: Vec<String>,
    /// When another certificate took its place: approvals it signed before still hold. Absent for the one in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
}
