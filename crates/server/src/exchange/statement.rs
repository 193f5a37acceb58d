//! What a trust list (信任列表) states.

use crate::proof::IssuingAuthority;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Mark of the format.
pub const FORMAT: &str = "yinxin-trust-list-1";

/// Where the authority's services answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListAddresses {
    /// Status of a seal; its code follows.
    pub status: String,
    /// List of seals that are or were not to be used.
    pub status_list: String,
    /// Certificate chains.
    pub certificates: String,
    /// This list.
    pub trust_list: String,
}

/// License of a maker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedLicense {
    /// Its number.
    pub number: String,
    /// The organ that gave it.
    pub issuer: String,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

/// A certificate that a maker signs or signed seals with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedCertificate {
    /// DER in base64.
    pub certificate: String,
    /// Start of its validity.
    pub not_before: Timestamp,
    /// End of its validity.
    pub not_after: Timestamp,
    /// When another took its place; absent: it is in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_at: Option<Timestamp>,
}

/// A licensed maker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedMaker {
    /// Name.
    pub name: String,
    /// Unified social credit code.
    pub credit_code: String,
    /// Area that registered it.
    pub area: String,
    /// Paths of the areas it makes for.
    pub jurisdictions: Vec<String>,
    /// License.
    pub license: ListedLicense,
    /// `active` or `stopped`: one that is stopped makes nothing; what it made before stays good.
    pub state: String,
    /// Its certificates, the one in use first.
    pub certificates: Vec<ListedCertificate>,
}

/// Another seal system that the authority recognizes. For people: nobody who takes this list up recognizes it by that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedSystem {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// `national`, `province`, `city`, `district`, `engraving` or `business`.
    pub kind: String,
    /// Path of its area.
    pub area: String,
    /// `confirmed` or `suspended`.
    pub state: String,
    /// Certificates it signs by, DER in base64.
    pub certificates: Vec<String>,
    /// Roots its seals lead to, DER in base64.
    pub anchors: Vec<String>,
    /// Where its status service answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_url: Option<String>,
}

/// A trust list. Certificates and revocation lists are DER in base64, times in UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustListStatement {
    /// Who publishes it.
    pub authority: IssuingAuthority,
    /// Number; a later list has a higher one.
    pub number: i64,
    /// When it was made.
    pub this_update: Timestamp,
    /// Until when it may be relied on; a newer one is there before.
    pub next_update: Timestamp,
    /// Where the services answer.
    pub addresses: ListAddresses,
    /// Certificates the authority signs and signed by, the present one first.
    pub signers: Vec<String>,
    /// Roots.
    pub anchors: Vec<String>,
    /// Certificate authorities below them.
    pub intermediates: Vec<String>,
    /// Newest revocation list of each of them, where it is small.
    pub revocation_lists: Vec<String>,
    /// Makers.
    pub makers: Vec<ListedMaker>,
    /// Other systems.
    pub systems: Vec<ListedSystem>,
}
