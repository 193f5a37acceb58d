//! `yinxin backup`: takes a backup beside a running service, and checks one (备份).

use super::serve::ConfigArgs;
use crate::failure::{Failure, Outcome};
use crate::keys::{self, PasswordArgs};
use crate::output::Output;
use crate::{files, trust};
use clap::{Args, Subcommand};
use serde_json::json;
use std::path::{Path, PathBuf};
use yinxin_crypto::PublicKey;
use yinxin_formats::der::Limits;
use yinxin_formats::pem;
use yinxin_formats::x509::Certificate;
use yinxin_server::app::clock::System;
use yinxin_server::backup::{BackupError, Checked, Lock, Order, Taken, Unlock, check, take};

/// Arguments of `backup`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct BackupArgs {
    #[command(subcommand)]
    command: Option<BackupCommand>,
    #[command(flatten)]
    take: TakeArgs,
}

/// Verbs of `backup`.
#[derive(Debug, Subcommand)]
enum BackupCommand {
    /// 核对备份而不恢复：签名、摘要，给出口令或私钥时逐块解密 / check backups without restoring
    Verify(VerifyArgs),
}

#[derive(Debug, Args)]
struct TakeArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// 备份目录，须不存在或为空 / folder of the backup: not there yet, or empty
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// 增量：只复制这份较早的备份中没有的内容 / only what this earlier backup has not
    #[arg(long, value_name = "FOLDER")]
    since: Option<PathBuf>,
    /// 加密给此 SM2 公钥或证书；不给则用口令 / encrypt to this SM2 public key or certificate instead of a password
    #[arg(long, value_name = "PEM", conflicts_with_all = ["password_file", "password_env"])]
    to: Option<PathBuf>,
    #[command(flatten)]
    password: PasswordArgs,
    /// 备份中不放主密钥文件（另处保管）/ leave the master key file out, where it is kept apart
    #[arg(long)]
    without_keys: bool,
}

#[derive(Debug, Args)]
struct VerifyArgs {
    /// 备份目录；增量备份连同之前的各次，次序不限 / folders: an incremental backup with those before it
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    #[command(flatten)]
    opening: OpeningArgs,
}

/// What opens a backup, and whose signature counts.
#[derive(Debug, Args)]
pub struct OpeningArgs {
    #[command(flatten)]
    pub password: PasswordArgs,
    /// 收件方的 SM2 私钥；此时口令是私钥的口令 / private key of the recipient; the password is then that of the key
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// 只认可此证书的签名（主管部门证书）/ only the signature of this certificate counts
    #[arg(long, value_name = "FILE")]
    pub signer: Option<PathBuf>,
}

impl OpeningArgs {
    /// The key or password given; `None` where neither is.
    pub fn unlock(&self) -> Result<Option<Unlock>, Failure> {
        match &self.key {
            Some(path) => Ok(Some(Unlock::Key(Box::new(keys::load(path, &self.password)?)))),
            None => Ok(keys::read_password(&self.password)?.map(Unlock::Password)),
        }
    }

    /// Certificates whose signatures count; any where none is given.
    pub fn signers(&self) -> Result<Vec<Certificate>, Failure> {
        self.signer.as_deref().map_or(Ok(Vec::new()), trust::certificates)
    }
}

/// As a failed command says it.
pub fn failure(error: &BackupError) -> Failure {
    Failure::new(error.code(), error.to_string())
}

/// Runs the verb.
pub fn run(args: &BackupArgs, out: &Output) -> Outcome {
    match &args.command {
        Some(BackupCommand::Verify(verify)) => look(verify, out),
        None => made(&args.take, out),
    }
}

fn made(args: &TakeArgs, out: &Output) -> Outcome {
    let Some(folder) = &args.out else {
        let detail = "请用 --out 给出备份目录 / give the folder of the backup with --out";
        return Err(Failure::new("BACKUP_OUT", detail));
    };
    let config = args.config.load(out, Vec::new())?;
    let lock = match &args.to {
        Some(path) => Lock::Recipient(Box::new(recipient(path)?)),
        None => Lock::Password(keys::ask_new_password(&args.password)?),
    };
    let order =
        Order { out: folder.clone(), since: args.since.clone(), lock, master_key: !args.without_keys };
    let runtime = super::doctor::runtime()?;
    let taken = runtime.block_on(take(config, Box::new(System), &order)).map_err(|e| failure(&e))?;
    say_taken(&taken, folder, out);
    Ok(0)
}

fn say_taken(taken: &Taken, folder: &Path, out: &Output) {
    let Taken { manifest, digest, documents, document_bytes } = taken;
    let parent = manifest.parent.as_ref().map(|parent| &parent.id);
    out.value(&json!({
        "backup": manifest.id, "folder": folder.display().to_string(), "parent": parent, "manifest": digest,
        "taken_at": manifest.taken_at, "rows": manifest.rows(), "documents": manifest.documents.count,
        "copied": { "documents": documents, "bytes": document_bytes }, "files": manifest.files.count,
        "audit": { "seq": manifest.audit.seq, "hash": manifest.audit.hash },
        "signer": manifest.signer.certificate, "master_key": manifest.master_key.included,
    }));
    let (rows, count, at) = (manifest.rows(), manifest.documents.count, manifest.taken_at);
    out.say(out.pick(
        &format!(
            "备份完成：{}（{at}，{rows} 行，{count} 份材料，其中复制 {documents} 份）",
            folder.display()
        ),
        &format!(
            "backup: {} ({at}, {rows} rows, {count} documents, {documents} of them copied)",
            folder.display()
        ),
    ));
    out.say(out.pick(
        &format!("清单 SM3 {digest}\n签名证书 SM3 {}", manifest.signer.certificate),
        &format!("manifest SM3 {digest}\nsigned by the certificate with SM3 {}", manifest.signer.certificate),
    ));
    if !manifest.master_key.included {
        out.say(out.pick(
            &format!("不含主密钥 {}：恢复时需要它的文件", manifest.master_key.id),
            &format!("without the master key {}: a restore needs its file", manifest.master_key.id),
        ));
    }
}

/// An SM2 public key, or that of a certificate.
fn recipient(path: &Path) -> Result<PublicKey, Failure> {
    let bytes = files::read(path)?;
    let refused = || {
        let detail = format!(
            "{} 中没有公钥或证书 / {} holds neither a public key nor a certificate",
            path.display(),
            path.display()
        );
        Failure::new("BACKUP_RECIPIENT", detail)
    };
    let blocks = pem::parse_pem_or_der(&bytes, &Limits::default()).map_err(|_| refused())?;
    let block = blocks.first().ok_or_else(refused)?;
    if let Ok(certificate) = Certificate::parse(&block.der, &Limits::default()) {
        return certificate.public_key().map_err(|_| refused());
    }
    PublicKey::from_spki_der(&block.der).map_err(|_| refused())
}

fn look(args: &VerifyArgs, out: &Output) -> Outcome {
    let (unlock, signers) = (args.opening.unlock()?, args.opening.signers()?);
    let runtime = super::doctor::runtime()?;
    let checked = runtime.block_on(check(&args.folders, &signers, unlock.as_ref()));
    let Checked { manifest, digest, signer, files: (files, bytes), read } =
        checked.map_err(|e| failure(&e))?;
    out.value(&json!({
        "backup": manifest.id, "manifest": digest, "taken_at": manifest.taken_at, "signer": signer, "files": files, "bytes": bytes,
        "read": read.map(|(rows, documents)| json!({ "rows": rows, "documents": documents })),
        "audit": { "seq": manifest.audit.seq, "hash": manifest.audit.hash },
    }));
    out.say(out.pick(
        &format!(
            "备份 {}（{}）：签名成立，{files} 个文件（{bytes} 字节）摘要相符",
            manifest.id, manifest.taken_at
        ),
        &format!(
            "backup {} ({}): the signature verifies, {files} files ({bytes} bytes) have their digests",
            manifest.id, manifest.taken_at
        ),
    ));
    out.say(out.pick(
        &format!("签名证书 SM3 {signer}：请与主管部门证书核对，或用 --signer 给出"),
        &format!("signed by the certificate with SM3 {signer}: compare it with the authority's, or give that with --signer"),
    ));
    match read {
        Some((rows, documents)) => out.say(out.pick(
            &format!("{rows} 行、{documents} 份材料全部可以解密"),
            &format!("{rows} rows and {documents} documents decrypt"),
        )),
        None => {
            out.say(out.pick(
                "未给出口令或私钥，没有解密",
                "nothing was decrypted: neither password nor key was given",
            ))
        }
    }
    Ok(0)
}
