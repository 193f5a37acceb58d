//! Backup and restore (备份与恢复).
//!
//! A backup is a folder: the rows of every table at one moment, the documents, the key files, each file encrypted and authenticated
//! (`cipher`) under a key made for this backup (`key`), and a manifest that names every file with its digest, signed by the authority
//! (`manifest`). It belongs to no engine: rows are the same bytes from SQLite and from PostgreSQL. An incremental backup points at
//! files of the ones before. A restore proves what it restored (`proof`).

mod chain;
mod cipher;
mod documents;
mod error;
mod files;
mod folder;
mod key;
mod manifest;
mod place;
mod proof;
mod restore;
mod schema;
mod tables;
mod take;

pub use chain::{Checked, check};
pub use error::BackupError;
pub use key::{Lock, Unlock};
pub use manifest::Manifest;
pub(crate) use place::refuse_unfinished;
pub use proof::{Finding, Proof};
pub use restore::{Wanted, restore};
pub use take::{Order, Taken, take};
