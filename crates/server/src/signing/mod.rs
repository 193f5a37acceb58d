//! Sealing documents (签章): what was approved is prepared here, signed by whoever holds the key, and verified before it leaves.
//!
//! The registry never sees a key. It gives out a token for exactly one signature (`token`) and hands token and bytes to a
//! [`KeyHolder`], whose gate decides for itself.

pub mod apart;
mod piece;
mod place;
pub mod timestamp;
mod token;
pub mod transport;

pub use piece::{Finished, Finishing, Piece, Prepared, finish, prepare};
pub use token::{Ready, draw, issue};
pub use transport::{KeyHolder, LocalGate, RemoteGate, SignAsk, SignFault};
