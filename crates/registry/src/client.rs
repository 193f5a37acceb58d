//! Clients of the API (业务系统接入): programs that sign their requests.

use crate::ids::ClientId;
use crate::role::Grant;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a client may do, on top of the roles it is granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientScope {
    /// Read units.
    UnitsRead,
    /// Read applications.
    ApplicationsRead,
    /// Write applications; handing in needs the agent's signature.
    ApplicationsWrite,
    /// Read seals and their status.
    SealsRead,
    /// Read requests to use seals, their documents and the use register.
    UsesRead,
    /// Ask for the use of seals and have it carried out.
    UsesWrite,
    /// Fetch orders and hand in made seals: workshops of makers.
    Making,
    /// Tell of the seals of another system, and compare: programs of confirmed systems.
    Exchange,
}

impl ClientScope {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            ClientScope::UnitsRead => "units_read",
            ClientScope::ApplicationsRead => "applications_read",
            ClientScope::ApplicationsWrite => "applications_write",
            ClientScope::SealsRead => "seals_read",
            ClientScope::UsesRead => "uses_read",
            ClientScope::UsesWrite => "uses_write",
            ClientScope::Making => "making",
            ClientScope::Exchange => "exchange",
        }
    }
}

/// How a client signs.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ClientKey {
    /// HMAC-SM3 with a shared secret, encrypted here.
    HmacSm3 {
        /// Cipher text of the secret.
        secret: String,
    },
    /// SM2 key pair; here the public key.
    Sm2 {
        /// SubjectPublicKeyInfo, PEM.
        public_key: String,
    },
}

impl std::fmt::Debug for ClientKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            ClientKey::HmacSm3 { .. } => "HmacSm3",
            ClientKey::Sm2 { .. } => "Sm2",
        })
    }
}

/// A client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiClient {
    /// Key, sent in the `Yinxin-Client` header.
    pub id: ClientId,
    /// Name of the system.
    pub name: String,
    /// How it signs.
    pub key: ClientKey,
    /// Which parts of the API it may use.
    pub scopes: Vec<ClientScope>,
    /// Roles, as for accounts.
    pub grants: Vec<Grant>,
    /// Whether it may be used.
    pub enabled: bool,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}
