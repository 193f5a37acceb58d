//! A made seal.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use yinxin_formats::ses::SesVersion;

use super::authority::IssuedCertificate;
use super::dto::{MadeDto, MadeKeyDto};
use super::keys::KeyId;

/// Where the owner's key lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MadeKey {
    /// In the workshop.
    Workshop {
        /// Its identifier.
        id: KeyId,
        /// Name of the provider.
        provider: String,
    },
    /// In the owner's own device.
    Elsewhere,
}

/// A made and verified seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeSeal {
    /// Key of the seal in the registry.
    pub seal: String,
    /// The seal, DER.
    pub der: Vec<u8>,
    /// Its version.
    pub version: SesVersion,
    /// The owner's certificate and those above it.
    pub certificate: IssuedCertificate,
    /// SM3 of the imprint's picture.
    pub imprint_digest: [u8; 32],
    /// The key.
    pub key: MadeKey,
    /// First moment of validity.
    pub valid_start: Timestamp,
    /// Last moment of validity.
    pub valid_end: Timestamp,
    /// When it was made.
    pub made_at: Timestamp,
    /// Number of the approval it was made on.
    pub approval: String,
    /// Codes of what the maker remarks.
    pub notes: Vec<String>,
}

impl MadeSeal {
    /// As it is handed in.
    pub fn to_dto(&self) -> MadeDto {
        let chain = std::iter::once(&self.certificate.leaf).chain(&self.certificate.chain);
        MadeDto {
            seal: STANDARD.encode(&self.der),
            format_version: u32::try_from(self.version.number()).unwrap_or_default(),
            certificates: chain.map(|c| STANDARD.encode(c.raw())).collect(),
            imprint_digest: hex::encode(self.imprint_digest),
            key: match &self.key {
                MadeKey::Workshop { id, provider } => {
                    MadeKeyDto::Workshop { id: id.to_string(), provider: provider.clone() }
                }
                MadeKey::Elsewhere => MadeKeyDto::Elsewhere,
            },
            made_at: self.made_at,
            approval: self.approval.clone(),
            notes: self.notes.clone(),
        }
    }
}
