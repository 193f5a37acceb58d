//! A client as answers show it: no secret.

use crate::api::accounts::GrantView;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yinxin_registry::client::{ApiClient, ClientKey, ClientScope};

/// Which part of the API a client may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClientScopeBody {
    /// Read units.
    UnitsRead,
    /// Read applications.
    ApplicationsRead,
    /// Write applications.
    ApplicationsWrite,
    /// Read seals and their status.
    SealsRead,
    /// Read requests to use seals, their documents and the use register.
    UsesRead,
    /// Ask for the use of seals and have it carried out.
    UsesWrite,
    /// Fetch orders and hand in made seals.
    Making,
    /// Tell of the seals of another system: programs of confirmed systems, which need no role.
    Exchange,
}

impl From<ClientScopeBody> for ClientScope {
    fn from(scope: ClientScopeBody) -> Self {
        match scope {
            ClientScopeBody::UnitsRead => Self::UnitsRead,
            ClientScopeBody::ApplicationsRead => Self::ApplicationsRead,
            ClientScopeBody::ApplicationsWrite => Self::ApplicationsWrite,
            ClientScopeBody::SealsRead => Self::SealsRead,
            ClientScopeBody::UsesRead => Self::UsesRead,
            ClientScopeBody::UsesWrite => Self::UsesWrite,
            ClientScopeBody::Making => Self::Making,
            ClientScopeBody::Exchange => Self::Exchange,
        }
    }
}

impl From<ClientScope> for ClientScopeBody {
    fn from(scope: ClientScope) -> Self {
        match scope {
            ClientScope::UnitsRead => Self::UnitsRead,
            ClientScope::ApplicationsRead => Self::ApplicationsRead,
            ClientScope::ApplicationsWrite => Self::ApplicationsWrite,
            ClientScope::SealsRead => Self::SealsRead,
            ClientScope::UsesRead => Self::UsesRead,
            ClientScope::UsesWrite => Self::UsesWrite,
            ClientScope::Making => Self::Making,
            ClientScope::Exchange => Self::Exchange,
        }
    }
}

/// A client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ClientView {
    /// Key, sent in `Yinxin-Client`.
    #[schema(example = "clnt_01k0000000000000000000000a")]
    pub id: String,
    /// Name of the system.
    #[schema(example = "示例市办事大厅")]
    pub name: String,
    /// `active` or `disabled`.
    #[schema(example = "active")]
    pub state: String,
    /// How it signs: `hmac_sm3` or `sm2`.
    #[schema(example = "hmac_sm3")]
    pub key: String,
    /// Its public key, PEM, where it signs with SM2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_key: Option<String>,
    /// Which parts of the API it may use.
    pub scopes: Vec<ClientScopeBody>,
    /// Roles.
    pub grants: Vec<GrantView>,
    /// When it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Version, as in the ETag.
    pub version: i64,
}

impl ClientView {
    /// Of a client.
    pub fn of(client: &ApiClient, version: i64) -> Self {
        let (key, public_key) = match &client.key {
            ClientKey::HmacSm3 { .. } => ("hmac_sm3", None),
            ClientKey::Sm2 { public_key } => ("sm2", Some(public_key.clone())),
        };
        Self {
            id: client.id.to_string(),
            name: client.name.clone(),
            state: if client.enabled { "active" } else { "disabled" }.to_owned(),
            key: key.to_owned(),
            public_key,
            scopes: client.scopes.iter().copied().map(ClientScopeBody::from).collect(),
            grants: client.grants.iter().map(GrantView::from).collect(),
            expires_at: client.expires_at,
            created_at: client.created_at,
            version,
        }
    }
}
