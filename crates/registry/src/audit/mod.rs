//! The audit chain (审计链): who did what to which thing, kept so that no change goes unseen (NM-~18 NM-~23, XA-34).
//!
//! * Each row's hash covers its number, the hash of the row before and the entry: [`row_hash`]. A MAC over the hash under
//!   a key outside the database ([`AuditKeys`]) keeps someone who can write to the database from making a new chain. The key can be
//!   changed: each has a row from which on it alone counts, and that row says so.
//! * Now and then the head of the chain is signed: [`SignedHead`]. It also carries the root of a Merkle tree over the row
//!   hashes, so that single rows can be proven to third parties: [`CaseExport`].
//! * [`Verifier`] reads the rows in order of their numbers, once, and names every row that was tampered with.
//!
//! The bytes that were hashed are kept ([`Row::content`]); nothing is ever serialized a second time to check a hash.

mod chain;
mod entry;
mod export;
mod head;
mod hex_digest;
pub mod merkle;
mod verify;
mod wire;

pub use chain::{AppendError, AuditKeys, ChainHead, Row, append, append_under, row_hash};
pub use entry::{ActorKind, ActorRef, Columns, Entry, Outcome};
pub use export::{CaseExport, ExportBuilder, ExportFault, ExportedRow};
pub use head::{Head, SignedHead};
pub use verify::{Fault, Part, Report, Verifier};
pub use wire::{MAX_CONTENT, WireError};

/// An SM3 digest, 32 bytes.
pub type Digest = [u8; 32];

/// Checks a signature of a head: key identifier, message, signature.
pub type SignatureCheck<'a> = dyn Fn(&str, &[u8], &[u8]) -> bool + 'a;

/// The hash the first row names as the one before it.
pub const GENESIS: Digest = [0; 32];
