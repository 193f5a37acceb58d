//! The documents: copied as they lie in the store, which is encrypted under the registry's keys, into packs.
//!
//! They are listed after the snapshot: a document that a row names is there. One that was written under a key the snapshot does not know
//! belongs to a later moment and is passed over.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use futures_util::TryStreamExt as _;
use getrandom::SysRng;
use getrandom::rand_core::{Rng as _, UnwrapErr};
use yinxin_crypto::{Sm3, hmac_sm3};

use super::BackupError;
use super::error::damaged;
use super::folder::{Draft, Opened, Sealed};
use super::manifest::{DocumentsOf, FileOf, Manifest};
use crate::documents::{Digest, DocumentError, Documents, StoredDocument, key_number};
use crate::security::keyring::{KeyRing, Purpose};

/// Content of a pack after which the next is begun.
const PACK: u64 = 256 << 20;
/// Bytes of an encrypted document handed on at once.
const PIECE: u64 = 1 << 20;
const MAGIC: &[u8; 8] = b"YXKNOWN1";
const SALT: usize = 16;
const BLIND: usize = 16;
const ENTRY: usize = BLIND + 8 + 8 + 4;
/// Packs a backup may point at.
const MOST_PACKS: usize = 1 << 20;

/// What was copied.
#[derive(Debug, Default)]
pub(super) struct Copied {
    pub(super) documents: u64,
    pub(super) bytes: u64,
}

/// How a backup names documents to the next one: blinded under a document key, so that the names tell nothing to whoever holds the backup
/// only.
struct Blind {
    number: u32,
    salt: [u8; SALT],
    key: [u8; 32],
}

impl Blind {
    fn of(ring: &KeyRing, number: u32, salt: [u8; SALT]) -> Option<Self> {
        let (_, key) = ring.keys(Purpose::Document).find(|(known, _)| *known == number)?;
        let key = hmac_sm3(key, &[b"yinxin backup known documents 1", &salt[..]].concat());
        Some(Self { number, salt, key })
    }

    fn name(&self, digest: Digest) -> [u8; BLIND] {
        let mac = hmac_sm3(&self.key, digest.as_bytes());
        let mut name = [0; BLIND];
        name.iter_mut().zip(mac).for_each(|(to, from)| *to = from);
        name
    }
}

/// Documents that a backup before has: length and time of writing as they were, and the pack.
struct Known {
    blind: Blind,
    entries: HashMap<[u8; BLIND], (u64, i64, u32)>,
}

impl Known {
    /// `None` where the key they are blinded under is gone: all documents are copied then.
    fn read(folder: &Path, file: &FileOf, ring: &KeyRing) -> Result<Option<Self>, BackupError> {
        let path = folder.join(&file.name);
        let bytes = std::fs::read(&path).map_err(BackupError::file(&path))?;
        let unfit = || damaged(&file.name, "与清单不符", "differs from the manifest");
        if bytes.len() as u64 != file.bytes || hex::encode(yinxin_crypto::sm3(&bytes)) != file.sm3 {
            return Err(unfit());
        }
        let rest = bytes.strip_prefix(MAGIC).ok_or_else(unfit)?;
        let (number, rest) = rest.split_first_chunk().ok_or_else(unfit)?;
        let (salt, rest) = rest.split_first_chunk().ok_or_else(unfit)?;
        let Some(blind) = Blind::of(ring, u32::from_be_bytes(*number), *salt) else { return Ok(None) };
        let mut entries = HashMap::new();
        for entry in rest.chunks(ENTRY) {
            let (name, rest) = entry.split_first_chunk().ok_or_else(unfit)?;
            let (length, rest) = rest.split_first_chunk().ok_or_else(unfit)?;
            let (written, rest) = rest.split_first_chunk().ok_or_else(unfit)?;
            let pack = rest.first_chunk().ok_or_else(unfit)?;
            let place =
                (u64::from_be_bytes(*length), i64::from_be_bytes(*written), u32::from_be_bytes(*pack));
            entries.insert(*name, place);
        }
        Ok(Some(Self { blind, entries }))
    }

    fn pack_of(&self, found: &StoredDocument) -> Option<u32> {
        let (length, written, pack) = self.entries.get(&self.blind.name(found.digest))?;
        ((*length, *written) == (found.stored_bytes, found.written_micros)).then_some(*pack)
    }
}

/// Copies what the backup before has not; gives what all the documents are.
pub(super) async fn write(
    draft: &Draft,
    documents: &Documents,
    ring: &KeyRing,
    before: Option<(&Path, &Manifest)>,
) -> Result<(DocumentsOf, Copied), BackupError> {
    let known = match before {
        Some((folder, manifest)) => Known::read(folder, &manifest.documents.known, ring)?,
        None => None,
    };
    let packs = match (&known, before) {
        (Some(_), Some((_, manifest))) => manifest.documents.packs.clone(),
        _ => Vec::new(),
    };
    let mut writer = Writer::new(draft, ring, packs)?;
    let mut found: Vec<StoredDocument> = documents.list().try_collect().await?;
    found.sort_by_key(|document| document.digest);
    for document in found {
        match known.as_ref().and_then(|known| known.pack_of(&document)) {
            Some(pack) => writer.note(&document, pack)?,
            None => writer.copy(documents, &document).await?,
        }
    }
    writer.finish()
}

struct Writer<'a> {
    draft: &'a Draft,
    blind: Blind,
    keys: BTreeSet<u32>,
    packs: Vec<FileOf>,
    pack: Option<Sealed>,
    list: Sealed,
    known: Vec<u8>,
    digest: Sm3,
    count: u64,
    copied: Copied,
}

impl<'a> Writer<'a> {
    fn new(draft: &'a Draft, ring: &KeyRing, packs: Vec<FileOf>) -> Result<Self, BackupError> {
        let mut salt = [0; SALT];
        UnwrapErr(SysRng).fill_bytes(&mut salt);
        let keys: BTreeSet<u32> = ring.keys(Purpose::Document).map(|(number, _)| number).collect();
        let blind = Blind::of(ring, ring.active_number(Purpose::Document), salt).ok_or_else(|| {
            BackupError::refused("BACKUP_KEYS", "没有材料密钥", "there is no key of documents")
        })?;
        let known = [&MAGIC[..], &blind.number.to_be_bytes(), &blind.salt].concat();
        let list = draft.file("documents/list", true)?;
        let (digest, copied) = (Sm3::new(), Copied::default());
        Ok(Self { draft, blind, keys, packs, pack: None, list, known, digest, count: 0, copied })
    }

    /// A document is in this pack.
    fn note(&mut self, document: &StoredDocument, pack: u32) -> Result<(), BackupError> {
        self.digest.update(document.digest.as_bytes());
        self.count = self.count.saturating_add(1);
        self.list.put(document.digest.as_bytes())?;
        self.list.put(&pack.to_be_bytes())?;
        self.known.extend_from_slice(&self.blind.name(document.digest));
        self.known.extend_from_slice(&document.stored_bytes.to_be_bytes());
        self.known.extend_from_slice(&document.written_micros.to_be_bytes());
        self.known.extend_from_slice(&pack.to_be_bytes());
        Ok(())
    }

    async fn copy(&mut self, documents: &Documents, document: &StoredDocument) -> Result<(), BackupError> {
        let mut raw = match documents.read_raw(document.digest).await {
            Ok(raw) => raw,
            Err(DocumentError::NotFound(_)) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let mut head = Vec::new();
        while head.len() < 12 {
            match raw.pieces.try_next().await? {
                Some(piece) => head.extend_from_slice(&piece),
                None => break,
            }
        }
        // One too short to name its key is damaged; it is copied, and the proof names it.
        if key_number(&head).is_some_and(|number| !self.keys.contains(&number)) {
            return Ok(());
        }
        let index = self.open_pack()?;
        let Some(pack) = self.pack.as_mut() else { return Ok(()) };
        pack.put(&raw.length.to_be_bytes())?;
        pack.put(document.digest.as_bytes())?;
        pack.put(&head)?;
        let mut length = head.len() as u64;
        while let Some(piece) = raw.pieces.try_next().await? {
            length = length.saturating_add(piece.len() as u64);
            pack.put(&piece)?;
        }
        if length != raw.length {
            let reason = format!("{} came with another length than it was listed", document.digest);
            return Err(DocumentError::Unavailable { reason }.into());
        }
        self.copied.documents = self.copied.documents.saturating_add(1);
        self.copied.bytes = self.copied.bytes.saturating_add(length);
        self.note(document, index)
    }

    /// The pack to write to; its place in the list of packs.
    fn open_pack(&mut self) -> Result<u32, BackupError> {
        if self.pack.as_ref().is_some_and(|pack| pack.length() >= PACK) {
            self.close_pack()?;
        }
        let index = self.packs.len();
        if self.pack.is_none() {
            self.pack = Some(self.draft.file(&format!("documents/pack-{index:06}"), false)?);
        }
        u32::try_from(index).ok().filter(|_| index < MOST_PACKS).ok_or_else(|| {
            BackupError::refused(
                "BACKUP_TOO_MANY_PACKS",
                "增量过多，请做一次全量备份",
                "take a full backup: there are too many packs",
            )
        })
    }

    fn close_pack(&mut self) -> Result<(), BackupError> {
        if let Some(pack) = self.pack.take() {
            self.packs.push(pack.finish()?);
        }
        Ok(())
    }

    fn finish(mut self) -> Result<(DocumentsOf, Copied), BackupError> {
        self.close_pack()?;
        let known = self.draft.plain("documents/known", &self.known)?;
        let of = DocumentsOf {
            count: self.count,
            digest: hex::encode(self.digest.finalize()),
            list: self.list.finish()?,
            known,
            packs: self.packs,
        };
        Ok((of, self.copied))
    }
}

/// Which document is in which pack.
pub(super) fn list(mut file: Opened, of: &DocumentsOf) -> Result<HashMap<Digest, u32>, BackupError> {
    let (mut list, mut digest) = (HashMap::new(), Sm3::new());
    for _ in 0..of.count {
        let bytes: [u8; 32] = file.exactly(32)?.try_into().unwrap_or_default();
        let pack = file.exactly(4)?.first_chunk().map_or(0, |number| u32::from_be_bytes(*number));
        digest.update(&bytes);
        list.insert(Digest::from_bytes(bytes), pack);
    }
    match hex::encode(digest.finalize()) == of.digest && list.len() as u64 == of.count {
        true => Ok(list),
        false => Err(damaged(&of.list.name, "与清单不符", "differs from the manifest")),
    }
}

/// Puts the documents of a pack that the list has in this pack in place, or only reads them. How many.
pub(super) async fn unpack(
    mut file: Opened,
    index: u32,
    list: &HashMap<Digest, u32>,
    documents: Option<&Documents>,
) -> Result<u64, BackupError> {
    let mut count = 0u64;
    while let Some(length) = file.maybe_number()? {
        let bytes: [u8; 32] = file.exactly(32)?.try_into().unwrap_or_default();
        let digest = Digest::from_bytes(bytes);
        let mut left = length;
        let mut next = || -> Result<Option<Vec<u8>>, BackupError> {
            let part = left.min(PIECE);
            left = left.saturating_sub(part);
            match part {
                0 => Ok(None),
                part => file.exactly(usize::try_from(part).unwrap_or_default()).map(Some),
            }
        };
        match documents.filter(|_| list.get(&digest) == Some(&index)) {
            Some(documents) => documents.write_raw(digest, length, &mut next).await?,
            None => while next()?.is_some() {},
        }
        if list.get(&digest) == Some(&index) {
            count = count.saturating_add(1);
        }
    }
    Ok(count)
}
