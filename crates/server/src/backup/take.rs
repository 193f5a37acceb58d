//! Taking a backup beside a running service.

use std::path::{Path, PathBuf};

use getrandom::SysRng;
use getrandom::rand_core::{Rng as _, UnwrapErr};
use serde_json::json;
use yinxin_crypto::sm3;
use yinxin_formats::pem;
use yinxin_store::{EngineKind, Snapshot};

use super::chain::Member;
use super::documents::{self, Copied};
use super::folder::{Draft, MANIFEST, SIGNATURE, SIGNER};
use super::manifest::{AuditHead, Manifest, MasterKeyOf, Parent, Registry, Signer, check_signature};
use super::{BackupError, Lock, files, schema, tables};
use crate::app::Shared;
use crate::app::clock::Source;
use crate::app::keys::ring_of;
use crate::config::{Config, Role};
use crate::security::keyring::{KeyRing, KeyringError};
use crate::security::master_file;
use crate::security::master_key::KeyWrapper as _;
use crate::start::{commanded, look};

/// What is wanted.
#[derive(Debug)]
pub struct Order {
    /// Where the backup goes; not there yet, or empty.
    pub out: PathBuf,
    /// The backup before: what that one has is not copied again.
    pub since: Option<PathBuf>,
    /// What its key is locked with.
    pub lock: Lock,
    /// Whether the master key goes into it.
    pub master_key: bool,
}

/// What was done.
#[derive(Debug)]
pub struct Taken {
    /// The manifest.
    pub manifest: Manifest,
    /// SM3 of it, hex.
    pub digest: String,
    /// Documents copied.
    pub documents: u64,
    /// Their bytes.
    pub document_bytes: u64,
}

/// Takes a backup. Nothing stands under its name before it is whole.
///
/// # Errors
/// [`BackupError`].
pub async fn take(config: Config, source: Box<dyn Source>, order: &Order) -> Result<Taken, BackupError> {
    order.lock.check()?;
    if !config.runs(Role::Registry) {
        return Err(BackupError::refused(
            "BACKUP_NO_REGISTRY",
            "此处只有制作系统：停止后复制其目录即可",
            "here is a workshop only: stop it and copy its folder",
        ));
    }
    let app = look(config, source).await?;
    let mut id = [0; 16];
    UnwrapErr(SysRng).fill_bytes(&mut id);
    let draft = Draft::begin(&order.out, hex::encode(id))?;
    let taken = write(&app, &draft, order).await;
    if taken.is_err() {
        draft.discard();
    }
    app.store.close().await;
    taken
}

async fn write(app: &Shared, draft: &Draft, order: &Order) -> Result<Taken, BackupError> {
    let now = app.now().map_err(|_| clock())?;
    let mut snapshot = app.store.snapshot().await?;
    let before = match &order.since {
        Some(folder) => Some(earlier(app, folder, &mut snapshot).await?),
        None => None,
    };
    let schema = schema::of(app.store.schema().await?.version);
    let (master, ring) = ring(app, &mut snapshot).await?;
    // Rows of another schema are other rows.
    let same = before.as_ref().map(|before| &before.manifest).filter(|before| before.schema == schema);
    let tables = tables::write(draft, &mut snapshot, same).await?;
    let head = snapshot.audit_head().await?;
    let sequences = snapshot.sequences().await?.into_iter().collect();
    drop(snapshot);
    let folder = before.as_ref().map(|before| (before.folder.as_path(), &before.manifest));
    let (documents, copied) = documents::write(draft, &app.documents, &ring, folder).await?;
    let files = files::write(draft, &app.config, order.master_key)?;
    let party = app.authority.party();
    let manifest = Manifest {
        format: Manifest::format(),
        id: draft.id.clone(),
        parent: before.map(|before| Parent { id: before.manifest.id, manifest: before.digest }),
        product: env!("CARGO_PKG_VERSION").to_owned(),
        engine: engine(app.store.engine()).to_owned(),
        schema,
        taken_at: now,
        registry: Registry { name: party.name, code: party.code },
        audit: AuditHead { seq: head.seq, hash: hex::encode(head.hash) },
        master_key: MasterKeyOf { id: master, included: order.master_key },
        encryption: order.lock.lock(&draft.key, &draft.id)?,
        tables,
        left_out: tables::LEFT_OUT.iter().map(|name| (*name).to_owned()).collect(),
        sequences,
        documents,
        files,
        signer: Signer { kind: "authority".to_owned(), certificate: String::new() },
    };
    let (manifest, digest) = sign(app, draft, manifest)?;
    record(app, &manifest, &digest, &copied).await?;
    draft.finish()?;
    Ok(Taken { manifest, digest, documents: copied.documents, document_bytes: copied.bytes })
}

fn engine(kind: EngineKind) -> &'static str {
    match kind {
        EngineKind::Sqlite => "sqlite",
        EngineKind::Postgres => "postgres",
    }
}

fn clock() -> BackupError {
    BackupError::refused(
        "CLOCK_WENT_BACK",
        "系统时钟早于已记录的时间，请先校准",
        "the clock stands before recorded times: set it right first",
    )
}

/// The backup before, which must be one of this registry: signed by its authority, on its audit chain.
async fn earlier(app: &Shared, folder: &Path, snapshot: &mut Snapshot) -> Result<Member, BackupError> {
    let other = || {
        BackupError::refused(
            "BACKUP_OTHER_REGISTRY",
            format!("{} 不是本登记库的备份，或者审计链已被改动：请做一次全量备份", folder.display()),
            format!(
                "{} is no backup of this registry, or the audit chain was altered: take a full backup",
                folder.display()
            ),
        )
    };
    let member = Member::open(folder)?;
    app.authority.signing().named(&member.manifest.signer.certificate).ok_or_else(other)?;
    let AuditHead { seq, hash } = &member.manifest.audit;
    let found = snapshot.audit_hash(*seq).await?.map(hex::encode);
    match *seq == 0 || found.as_deref() == Some(hash) {
        true => Ok(member),
        false => Err(other()),
    }
}

/// Name of the master key, and the ring of the snapshot, which it must open: the master key may be changed meanwhile.
async fn ring(app: &Shared, snapshot: &mut Snapshot) -> Result<(String, KeyRing), BackupError> {
    let master = master_file::load(&app.config.security.master_key_file)?;
    let ring = ring_of(&master, &snapshot.wrapped_keys().await?).map_err(|error| match error {
        KeyringError::WrongMaster { .. } => BackupError::refused(
            "BACKUP_MASTER_KEY_CHANGES",
            "主密钥正在更换，请待 yinxin keys rewrap 完成后再备份",
            "the master key is being changed: take the backup once yinxin keys rewrap is done",
        ),
        other => other.into(),
    })?;
    Ok((master.id(), ring))
}

/// Signs the manifest with the authority's key, verifies the signature, and writes both.
fn sign(app: &Shared, draft: &Draft, mut manifest: Manifest) -> Result<(Manifest, String), BackupError> {
    // The key that signs may be another one by now: it is asked for its certificate before.
    let signing = app.authority.signing();
    manifest.signer.certificate = hex::encode(signing.certificate.sm3());
    let bytes = manifest.to_bytes()?;
    let (signature, signing) = app.authority.sign(&bytes).map_err(|error| {
        BackupError::refused(
            "BACKUP_SIGNATURE",
            format!("清单无法签名：{error}"),
            format!("the manifest cannot be signed: {error}"),
        )
    })?;
    check_signature(&manifest, &bytes, &signature, &signing.certificate)?;
    let certificates = std::iter::once(&signing.certificate).chain(&signing.chain);
    let signer: String =
        certificates.map(|certificate| pem::encode("CERTIFICATE", certificate.raw())).collect();
    draft.plain(SIGNER, signer.as_bytes())?;
    draft.plain(SIGNATURE, &signature)?;
    draft.plain(MANIFEST, &bytes)?;
    Ok((manifest, hex::encode(sm3(&bytes))))
}

/// The record of it, before the backup gets its name: none is unrecorded.
async fn record(app: &Shared, manifest: &Manifest, digest: &str, copied: &Copied) -> Result<(), BackupError> {
    let details = json!({
        "manifest": digest, "parent": manifest.parent.as_ref().map(|parent| &parent.id), "rows": manifest.rows(),
        "documents": manifest.documents.count, "copied": copied.documents, "audit_seq": manifest.audit.seq,
        "master_key": manifest.master_key.included, "locked_by": manifest.encryption.method(),
    });
    let now = app.now().map_err(|_| clock())?;
    let entry = commanded("yinxin backup", "backup.take", &format!("backup/{}", manifest.id), details, now);
    // Another node may have turned to a new key of the chain meanwhile.
    crate::api::keys::reload(app).await.map_err(|_| unreadable())?;
    let mut tx = app.store.begin().await?;
    tx.append_audit(&app.audit_keys().0, &[entry]).await?;
    tx.commit().await?;
    Ok(())
}

fn unreadable() -> BackupError {
    BackupError::refused("BACKUP_KEYS", "密钥环无法读取", "the key ring cannot be read")
}
