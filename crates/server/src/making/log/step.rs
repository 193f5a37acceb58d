//! The steps of making.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::super::keys::KeyId;

/// A picture in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoggedPicture {
    /// `PNG`, …
    pub format: String,
    /// The file, base64.
    pub data: String,
    /// SM3 of the file, hex.
    pub digest: String,
    /// Whole millimeters.
    pub width_mm: u64,
    /// Whole millimeters.
    pub height_mm: u64,
    /// Codes of what the maker remarks.
    pub notes: Vec<String>,
}

/// One step done. Binary data is base64. No step holds a private key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "step")]
pub enum Step {
    /// The second check was passed; the key will have this identifier.
    Accepted {
        /// When.
        at: Timestamp,
        /// SM3 of the order.
        order: String,
        /// Number of the approval certificate.
        approval: String,
        /// SM3 of the approval certificate.
        approval_digest: String,
        /// Identifier of the key to be made here; absent where the owner made one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        key: Option<KeyId>,
    },
    /// The imprint is fixed.
    Imprint {
        /// The picture.
        picture: LoggedPicture,
    },
    /// The key is there and the request for its certificate is signed.
    Requested {
        /// The certification request.
        csr: String,
        /// First moment of the certificate asked for.
        not_before: Timestamp,
        /// Last moment of the certificate asked for.
        not_after: Timestamp,
    },
    /// The certificate is there.
    Certified {
        /// The certificate, then its issuers.
        certificates: Vec<String>,
    },
    /// The seal is made and verified.
    Sealed {
        /// The seal.
        seal: String,
        /// When.
        at: Timestamp,
    },
    /// The registry has taken the seal in.
    Delivered {
        /// When.
        at: Timestamp,
    },
    /// An attempt was refused.
    Refused {
        /// When.
        at: Timestamp,
        /// Code of the reason.
        code: String,
    },
}

impl Step {
    /// The word in records.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Accepted { .. } => "accepted",
            Self::Imprint { .. } => "imprint",
            Self::Requested { .. } => "requested",
            Self::Certified { .. } => "certified",
            Self::Sealed { .. } => "sealed",
            Self::Delivered { .. } => "delivered",
            Self::Refused { .. } => "refused",
        }
    }
}
