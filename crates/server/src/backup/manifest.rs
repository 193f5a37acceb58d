//! The manifest (备份清单): what a backup consists of, in one encoding, signed by the authority.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use yinxin_crypto::SignatureAlgorithm;
use yinxin_formats::x509::Certificate;

use super::BackupError;
use super::key::Locked;
use crate::proof::sorted;

/// The first member of a manifest: its bytes are nothing else that the authority signs.
const FORMAT: &str = "yinxin-backup-manifest-1";
/// Largest manifest, bytes.
pub(super) const MAX_MANIFEST: u64 = 64 << 20;

/// What a backup consists of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    #[serde(rename = "$format")]
    pub(super) format: String,
    /// Identifier: 32 hexadecimal digits.
    pub id: String,
    /// The backup before, of which files are used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<Parent>,
    /// Version of the program.
    pub product: String,
    /// `sqlite` or `postgres`.
    pub engine: String,
    /// Schema of the database.
    pub schema: SchemaOf,
    /// Everything committed before this moment is in it.
    pub taken_at: Timestamp,
    /// Name and code of the authority.
    pub registry: Registry,
    /// Where the audit chain stood.
    pub audit: AuditHead,
    /// The master key.
    pub master_key: MasterKeyOf,
    /// How the key of the files is locked.
    pub(super) encryption: Locked,
    /// Tables by name.
    pub tables: BTreeMap<String, Table>,
    /// Tables that are not in it.
    pub left_out: Vec<String>,
    /// The highest number each numbered table has given out.
    pub sequences: BTreeMap<String, i64>,
    /// Documents.
    pub documents: DocumentsOf,
    /// Key files of the authority for tests and of the workshop.
    pub files: FilesOf,
    /// Whose signature it carries.
    pub signer: Signer,
}

/// The backup before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parent {
    /// Its identifier.
    pub id: String,
    /// SM3 of its manifest.
    pub manifest: String,
}

/// Schema of the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchemaOf {
    /// Newest migration that ran.
    pub version: i64,
    /// All that ran.
    pub migrations: Vec<MigrationOf>,
}

/// A migration with the digests (SHA-384) of its texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MigrationOf {
    /// Number.
    pub version: i64,
    /// Name.
    pub name: String,
    /// Of the text for PostgreSQL.
    pub postgres: String,
    /// Of the text for SQLite.
    pub sqlite: String,
}

/// Name and code of the authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registry {
    /// Name.
    pub name: String,
    /// Code of its area.
    pub code: String,
}

/// Where the audit chain stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditHead {
    /// Number of the last row.
    pub seq: u64,
    /// Its hash.
    pub hash: String,
}

/// The master key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MasterKeyOf {
    /// Its name.
    pub id: String,
    /// Whether it is in the backup, encrypted as everything is.
    pub included: bool,
}

/// A file of this backup or of one before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileOf {
    /// Identifier of the backup it belongs to.
    pub backup: String,
    /// Path in the folder of that backup.
    pub name: String,
    /// Length.
    pub bytes: u64,
    /// SM3 of its bytes.
    pub sm3: String,
    /// SM3 of what is in it, before it was packed and encrypted.
    pub content: String,
}

/// Rows of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The file.
    pub file: FileOf,
    /// Rows in it.
    pub rows: u64,
}

/// A table: the rows of all its parts, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Columns of each row.
    pub columns: Vec<String>,
    /// Rows of all parts together.
    pub rows: u64,
    /// Parts.
    pub parts: Vec<Part>,
    /// Number of the last row, of tables that are only added to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<i64>,
}

/// Documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentsOf {
    /// How many.
    pub count: u64,
    /// SM3 over all their digests, in order.
    pub digest: String,
    /// Which document is in which pack; encrypted.
    pub list: FileOf,
    /// What the next backup knows them by; not encrypted, names are blinded.
    pub known: FileOf,
    /// Files with the documents.
    pub packs: Vec<FileOf>,
}

/// Key files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilesOf {
    /// How many.
    pub count: u64,
    /// The file that holds them.
    pub file: FileOf,
}

/// Whose signature a manifest carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signer {
    /// `authority`.
    pub kind: String,
    /// SM3 of the certificate.
    pub certificate: String,
}

impl Manifest {
    pub(super) fn format() -> String {
        FORMAT.to_owned()
    }

    /// Its one encoding.
    pub(super) fn to_bytes(&self) -> Result<Vec<u8>, BackupError> {
        let value = serde_json::to_value(self).map_err(|e| unreadable(&e))?;
        serde_json::to_vec(&sorted(value)).map_err(|e| unreadable(&e))
    }

    /// Reads one; the bytes must be exactly what [`Manifest::to_bytes`] writes.
    pub(super) fn of_bytes(bytes: &[u8]) -> Result<Self, BackupError> {
        let manifest: Self = serde_json::from_slice(bytes).map_err(|e| unreadable(&e))?;
        match manifest.format == FORMAT && manifest.to_bytes()? == bytes && is_id(&manifest.id) {
            true => Ok(manifest),
            false => Err(unreadable(&"not in canonical form, or of another format")),
        }
    }

    /// Every file it needs, of whichever backup.
    pub(super) fn all_files(&self) -> Vec<&FileOf> {
        let parts = self.tables.values().flat_map(|table| table.parts.iter().map(|part| &part.file));
        let documents = &self.documents;
        let rest = [&documents.list, &documents.known, &self.files.file];
        parts.chain(rest).chain(&documents.packs).collect()
    }

    /// Rows of all tables.
    pub fn rows(&self) -> u64 {
        self.tables.values().fold(0, |sum, table| sum.saturating_add(table.rows))
    }
}

/// 32 hexadecimal digits.
pub(super) fn is_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// Whether the signature over a manifest is that of the certificate it names.
pub(super) fn check_signature(
    manifest: &Manifest,
    bytes: &[u8],
    signature: &[u8],
    signer: &Certificate,
) -> Result<(), BackupError> {
    let fault = || {
        let zh = "备份清单的签名不成立：清单或者签名被改动";
        BackupError::refused(
            "BACKUP_SIGNATURE",
            zh,
            "the signature of the manifest does not verify: it was altered",
        )
    };
    if hex::encode(signer.sm3()) != manifest.signer.certificate {
        return Err(fault());
    }
    let key = signer.public_key().map_err(|_| fault())?;
    key.verify(SignatureAlgorithm::Sm2Sm3, bytes, signature).map_err(|_| fault())
}

fn unreadable(error: &dyn std::fmt::Display) -> BackupError {
    BackupError::refused(
        "BACKUP_FORMAT",
        format!("备份清单无法读取：{error}"),
        format!("the manifest cannot be read: {error}"),
    )
}
