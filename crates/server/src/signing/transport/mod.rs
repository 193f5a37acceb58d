//! How the registry reaches who holds the keys of seals: in the same process, or in one of its own.

mod local;
mod remote;
pub mod wire;

use futures_util::future::BoxFuture;

pub use local::LocalGate;
pub use remote::RemoteGate;

/// A request for one signature.
#[derive(Debug, Clone)]
pub struct SignAsk {
    /// Claims of the token, as the registry signed them.
    pub claims: Vec<u8>,
    /// Sheet that lists the claims, where the registry signed many at once; empty where it signed these alone.
    pub sheet: Vec<u8>,
    /// The registry's signature over the sheet, or over the claims; SM2, DER.
    pub signature: Vec<u8>,
    /// Identifier of the key that shall sign.
    pub key: String,
    /// TBS_Sign, DER.
    pub to_sign: Vec<u8>,
}

/// Why there is no signature.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct SignFault {
    /// Stable code.
    pub code: String,
    /// In Chinese and English.
    pub message: String,
    /// Whether the same document may be signed later, with another token.
    pub temporary: bool,
}

/// Who holds keys of seals.
pub trait KeyHolder: Send + Sync {
    /// Signs, each by its own token; the answers stand in the order of what was asked. A token whose answer did not arrive counts as
    /// used.
    fn sign(&self, asks: Vec<SignAsk>) -> BoxFuture<'_, Vec<Result<Vec<u8>, SignFault>>>;
}
