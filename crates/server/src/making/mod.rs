//! Making of seals (印章制作): a workshop with its own keys, its own log and its own certificate authority, apart from the registry.
//!
//! The workshop knows the registry only through [`transport::RegistryPort`]; the registry knows a made seal only through
//! [`accept::check_made`], which believes nothing the workshop says.

pub mod accept;
pub mod authority;
pub mod dto;
pub(crate) mod durable;
mod error;
pub mod imprint;
pub(crate) mod journal;
pub mod keys;
pub mod log;
mod made;
mod maker;
pub mod order;
pub mod runner;
pub mod transport;
mod workshop;

pub use error::MakingError;
pub use journal::JournalError;
pub use made::{MadeKey, MadeSeal};
pub use maker::{License, MakerIdentity};
pub use order::Order;
pub use workshop::{Settings, Workshop, requested_key};
