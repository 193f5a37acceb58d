//! Appending a signature (签名, GB/T 33190-2016 clause 18) without touching what is there.
//!
//! [`prepare`] decides what is protected and writes `Signature.xml`; its SM3 goes to whoever holds the key; what comes back
//! is put in by [`Prepared::embed`], in the same process or another one.

mod edit;
mod error;
mod identity;
mod placement;
mod prepare;
mod prepared;
mod request;
mod signature_part;

pub use error::SignError;
pub use placement::{Edge, Laid, PageSelection, Placement, lay_out};
pub use prepare::prepare;
pub use prepared::{NewPart, Original, Prepared};
pub use request::{Mode, SealKind, SignRequest};
