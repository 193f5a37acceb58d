//! Electronic seals (电子印章) and seal signatures (电子签章): GM/T 0031-2014 (v1), GB/T 38540-2020 (v4), GM/T 0031-2025 (v5).
//!
//! Reading accepts every layout and every dialect met in the field and names each as a [`Deviation`](crate::der::Deviation)
//! (all codes: [`DEVIATION_CODES`]). Received bytes are kept, so that signatures are verified over what was received.
//! Writing is strict and knows v4 and v5 only.

mod certs;
mod deviations;
mod extension;
mod picture;
mod seal;
mod signature;
mod sm2_value;
mod text;
mod time;
mod time_info;
mod value;
mod write_error;
mod write_field;
mod write_seal;
mod write_signature;

pub use certs::{CertDigest, CertList};
pub use deviations::{DEVIATION_CODES, deviation_text};
pub use extension::SesExtension;
pub use picture::{PictureFormat, SealPicture};
pub use seal::{Seal, SealHeader, SealProperty};
pub use signature::{SesSignature, ToSign};
pub use sm2_value::read_sm2_signature;
pub use time_info::{TimeForm, TimeInfo};
pub use write_error::SesWriteError;
pub use write_seal::{SealInfoBuilder, assemble_seal};
pub use write_signature::{TbsBuilder, assemble_signature};

/// Bounds of SES structures, beyond those of [`Limits`](crate::der::Limits).
pub mod bounds {
    /// Most entries in a seal's certificate list.
    pub const MAX_CERTS: usize = 1024;
    /// Most extension entries.
    pub const MAX_EXTENSIONS: usize = 256;
    /// Largest picture, in bytes.
    pub const MAX_PICTURE_BYTES: usize = 8 << 20;
    /// Largest width or height of a picture, in millimeters.
    pub const MAX_PICTURE_MM: u64 = 10_000;
    /// Longest text field, in bytes.
    pub const MAX_TEXT_BYTES: usize = 64 << 10;
}

/// Layout of a seal or signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SesVersion {
    /// GM/T 0031-2014.
    V1,
    /// GB/T 38540-2020.
    V4,
    /// GM/T 0031-2025.
    V5,
}

impl SesVersion {
    /// The number written in headers.
    pub fn number(self) -> u64 {
        match self {
            Self::V1 => 1,
            Self::V4 => 4,
            Self::V5 => 5,
        }
    }

    /// The standard that defines the layout.
    pub fn standard(self) -> &'static str {
        match self {
            Self::V1 => "GM/T 0031-2014",
            Self::V4 => "GB/T 38540-2020",
            Self::V5 => "GM/T 0031-2025",
        }
    }
}

impl std::fmt::Display for SesVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "v{}", self.number())
    }
}
