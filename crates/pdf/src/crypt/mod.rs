//! Encrypted documents (ISO 32000-1 §7.6, ISO 32000-2 §7.6): the standard security handler, V 1–5, R 2–6.
//!
//! Encryption is not protection of a signature, nor the other way round: what is signed are the bytes as they stand. Objects are
//! decrypted when they are loaded and encrypted when they are appended; `/Contents` of a signature, cross-reference streams
//! and what stands in object streams are not encrypted by themselves.

mod cipher;
mod handler;
mod password;

pub(crate) use handler::{Crypt, open};

use serde::Serialize;

/// How a document was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// By the password of its owner: everything is permitted.
    Owner,
    /// By that of a user, or none: what `/P` permits.
    User,
}

/// Why an encrypted document stays closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Locked {
    /// The password is missing or wrong.
    Password,
    /// Encrypted in a way that is not read here.
    Unsupported(&'static str),
}
