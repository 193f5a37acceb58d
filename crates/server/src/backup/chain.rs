//! Backups that belong together: a full one and those that point at its files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use yinxin_crypto::sm3;
use yinxin_formats::der::Limits;
use yinxin_formats::pem;
use yinxin_formats::x509::Certificate;

use super::error::damaged;
use super::folder::{MANIFEST, Opened, SIGNATURE, SIGNER, measure};
use super::key::{DataKey, Unlock};
use super::manifest::{FileOf, MAX_MANIFEST, Manifest, check_signature};
use super::{BackupError, documents};

/// Largest row, name or file content that is read at once, bytes.
pub(super) const MOST: u64 = 1 << 30;

/// One backup whose manifest was read and whose signature verifies.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) folder: PathBuf,
    pub(super) manifest: Manifest,
    /// SM3 of the manifest, hex.
    pub(super) digest: String,
    pub(super) signer: Certificate,
}

impl Member {
    /// Reads manifest and signature and checks the one by the other, under the certificate beside them. Who that is, is another question.
    pub(super) fn open(folder: &Path) -> Result<Self, BackupError> {
        let bytes = read(folder, MANIFEST)?;
        let signature = read(folder, SIGNATURE)?;
        let manifest = Manifest::of_bytes(&bytes)?;
        let signer = read(folder, SIGNER)?;
        let blocks = pem::parse_pem_or_der(&signer, &Limits::default()).ok();
        let first = blocks.and_then(|blocks| blocks.into_iter().next());
        let signer = first.and_then(|block| Certificate::parse(&block.der, &Limits::default()).ok());
        let signer = signer.ok_or_else(|| damaged(SIGNER, "不是证书", "is no certificate"))?;
        check_signature(&manifest, &bytes, &signature, &signer)?;
        for file in manifest.all_files() {
            let plain = |part: Component<'_>| matches!(part, Component::Normal(_));
            if !Path::new(&file.name).components().all(plain) || file.name.contains('\\') {
                return Err(damaged(&file.name, "路径不允许", "a path that leads elsewhere"));
            }
        }
        Ok(Self { folder: folder.to_owned(), manifest, digest: hex::encode(sm3(&bytes)), signer })
    }
}

fn read(folder: &Path, name: &str) -> Result<Vec<u8>, BackupError> {
    let path = folder.join(name);
    let length = std::fs::metadata(&path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => BackupError::refused(
            "BACKUP_NONE",
            format!("{} 中没有 {name}：不是完整的备份", folder.display()),
            format!("{} has no {name}: it is no whole backup", folder.display()),
        ),
        _ => BackupError::file(&path)(error),
    })?;
    if length.len() > MAX_MANIFEST {
        return Err(damaged(name, "过大", "is too large"));
    }
    std::fs::read(&path).map_err(BackupError::file(&path))
}

/// A backup with those whose files it uses.
#[derive(Debug)]
pub(super) struct Chain {
    pub(super) head: Member,
    others: BTreeMap<String, Member>,
}

impl Chain {
    /// Opens the folders, in any order; the head is the one that no other names as the one before. `signers`, where there are any, are
    /// whose signatures count.
    pub(super) fn open(folders: &[PathBuf], signers: &[Certificate]) -> Result<Self, BackupError> {
        let mut members: BTreeMap<String, Member> = BTreeMap::new();
        for folder in folders {
            let member = Member::open(folder)?;
            if !signers.is_empty() && !signers.iter().any(|known| known.sm3() == member.signer.sm3()) {
                return Err(BackupError::refused(
                    "BACKUP_SIGNER",
                    format!("{} 的签名者不是给定的证书", folder.display()),
                    format!("{} is not signed by the certificate given", folder.display()),
                ));
            }
            members.insert(member.manifest.id.clone(), member);
        }
        let parents: BTreeSet<&str> =
            members.values().filter_map(|m| m.manifest.parent.as_ref()).map(|p| p.id.as_str()).collect();
        let heads: Vec<String> =
            members.keys().filter(|id| !parents.contains(id.as_str())).cloned().collect();
        let [head] = heads.as_slice() else {
            return Err(BackupError::refused(
                "BACKUP_CHAIN",
                "给出的目录不是一次备份及其之前的备份",
                "the folders are not one backup and the ones before it",
            ));
        };
        let head = members.remove(head).ok_or_else(|| missing("?"))?;
        let chain = Self { head, others: members };
        chain.check_order()?;
        Ok(chain)
    }

    /// Each names the manifest of the one before, and none whose files are needed is missing.
    fn check_order(&self) -> Result<(), BackupError> {
        let (mut at, mut seen) = (&self.head, 0usize);
        while let Some(parent) = &at.manifest.parent {
            let Some(before) = self.others.get(&parent.id) else { break };
            if before.digest != parent.manifest {
                return Err(damaged(
                    MANIFEST,
                    "不是该增量备份所依据的那一份",
                    "is not the one the later backup names",
                ));
            }
            (at, seen) = (before, seen.saturating_add(1));
        }
        for file in self.head.manifest.all_files() {
            self.member(&file.backup)?;
        }
        match seen == self.others.len() {
            true => Ok(()),
            false => Err(missing(at.manifest.parent.as_ref().map_or("?", |parent| &parent.id))),
        }
    }

    fn member(&self, id: &str) -> Result<&Member, BackupError> {
        if id == self.head.manifest.id {
            return Ok(&self.head);
        }
        self.others.get(id).ok_or_else(|| missing(id))
    }

    /// Compares every file with length and digest in the manifest of the head. How many, and their bytes.
    pub(super) fn check_files(&self) -> Result<(u64, u64), BackupError> {
        let (mut files, mut bytes) = (0u64, 0u64);
        for file in self.head.manifest.all_files() {
            let path = self.member(&file.backup)?.folder.join(&file.name);
            let found = measure(&path).map_err(|error| match error.kind() {
                std::io::ErrorKind::NotFound => damaged(&path.display().to_string(), "缺失", "is missing"),
                _ => BackupError::file(&path)(error),
            })?;
            if found != (file.bytes, file.sm3.clone()) {
                return Err(damaged(&path.display().to_string(), "与清单不符", "differs from the manifest"));
            }
            (files, bytes) = (files.saturating_add(1), bytes.saturating_add(file.bytes));
        }
        Ok((files, bytes))
    }

    /// The keys of every backup whose files are needed.
    pub(super) fn unlock(&self, unlock: &Unlock) -> Result<BTreeMap<String, DataKey>, BackupError> {
        let needed: BTreeSet<&String> =
            self.head.manifest.all_files().into_iter().map(|file| &file.backup).collect();
        let open = |id: &String| -> Result<(String, DataKey), BackupError> {
            let manifest = &self.member(id)?.manifest;
            Ok((id.clone(), unlock.open(&manifest.encryption, id)?))
        };
        needed.into_iter().map(open).collect()
    }

    /// Opens a file of any of them.
    pub(super) fn file(
        &self,
        file: &FileOf,
        deflated: bool,
        keys: &BTreeMap<String, DataKey>,
    ) -> Result<Opened, BackupError> {
        let key = keys.get(&file.backup).ok_or_else(|| missing(&file.backup))?;
        Opened::open(&self.member(&file.backup)?.folder, file, deflated, key)
    }
}

fn missing(id: &str) -> BackupError {
    BackupError::refused(
        "BACKUP_CHAIN",
        format!("缺少备份 {id}：增量备份须与它之前的各次备份一起给出"),
        format!("the backup {id} is missing: an incremental one is given with those before it"),
    )
}

/// What a look at backups found.
#[derive(Debug)]
pub struct Checked {
    /// The manifest of the newest.
    pub manifest: Manifest,
    /// SM3 of it, hex.
    pub digest: String,
    /// SM3 of the signer's certificate, hex.
    pub signer: String,
    /// Files compared, and their bytes.
    pub files: (u64, u64),
    /// Rows and documents that were decrypted and counted, where the key was given.
    pub read: Option<(u64, u64)>,
}

/// Checks backups without restoring them: signatures, digests, and with the key everything that is in them.
///
/// # Errors
/// [`BackupError`] names the first fault.
pub async fn check(
    folders: &[PathBuf],
    signers: &[Certificate],
    unlock: Option<&Unlock>,
) -> Result<Checked, BackupError> {
    let chain = Chain::open(folders, signers)?;
    let files = chain.check_files()?;
    let read = match unlock {
        Some(unlock) => Some(read_through(&chain, &chain.unlock(unlock)?).await?),
        None => None,
    };
    let signer = hex::encode(chain.head.signer.sm3());
    Ok(Checked { digest: chain.head.digest, manifest: chain.head.manifest, signer, files, read })
}

async fn read_through(chain: &Chain, keys: &BTreeMap<String, DataKey>) -> Result<(u64, u64), BackupError> {
    let manifest = &chain.head.manifest;
    for part in manifest.tables.values().flat_map(|table| &table.parts) {
        let mut file = chain.file(&part.file, true, keys)?;
        let mut rows = 0u64;
        while file.counted(MOST)?.is_some() {
            rows = rows.saturating_add(1);
        }
        if rows != part.rows {
            return Err(damaged(
                &part.file.name,
                "行数与清单不符",
                "has another number of rows than the manifest",
            ));
        }
    }
    let mut keys_file = chain.file(&manifest.files.file, true, keys)?;
    while keys_file.counted(MOST)?.is_some() {}
    let of = &manifest.documents;
    let list = documents::list(chain.file(&of.list, true, keys)?, of)?;
    let mut found = 0u64;
    for (index, pack) in (0u32..).zip(&of.packs) {
        found = found
            .saturating_add(documents::unpack(chain.file(pack, false, keys)?, index, &list, None).await?);
    }
    match found == of.count {
        true => Ok((manifest.rows(), found)),
        false => Err(damaged(&of.list.name, "与材料包不符", "and the packs hold different documents")),
    }
}
