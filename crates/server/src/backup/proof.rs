//! What a restore proves before anybody relies on it (恢复证明).

use std::collections::HashMap;
use std::io::Cursor;

use futures_util::TryStreamExt as _;
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use serde::Serialize;
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::role::Scope;
use yinxin_registry::usage::document::UseItem;
use yinxin_registry::usage::record::{UseRecord, UseResult};
use yinxin_seal::verify::{verify, verify_seal};
use yinxin_seal::{Verdict, VerifyOptions};
use yinxin_store::{ListFilter, Sweep, TABLES, UseFilter};

use super::BackupError;
use super::chain::Chain;
use super::manifest::Manifest;
use crate::app::Shared;
use crate::documents::Digest;
use crate::making::keys::KeyShelf;

/// Rows looked at together.
const ROWS: u32 = 500;
/// Sealed documents or seals tried until one is valid: the newest may have been canceled since.
const TRIES: u32 = 20;
/// Names of broken things told of each kind.
const NAMED: usize = 10;

/// One thing that was looked at.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// `signature`, `files`, `rows`, `audit`, `row_codes`, `keys`, `documents`, `verification`.
    pub part: &'static str,
    /// Whether it holds.
    pub holds: bool,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// What was proved.
#[derive(Debug, Clone, Serialize)]
pub struct Proof {
    /// The backup.
    pub backup: String,
    /// SM3 of its manifest.
    pub manifest: String,
    /// Its moment.
    pub taken_at: jiff::Timestamp,
    /// All that was looked at.
    pub findings: Vec<Finding>,
}

impl Proof {
    /// Whether everything holds.
    pub fn holds(&self) -> bool {
        self.findings.iter().all(|finding| finding.holds)
    }
}

fn finding(part: &'static str, holds: bool, zh: String, en: String) -> Finding {
    Finding { part, holds, zh, en }
}

/// Looks at everything that was restored.
pub(super) async fn prove(
    app: &Shared,
    chain: &Chain,
    list: &HashMap<Digest, u32>,
    files: (u64, u64),
) -> Result<Proof, BackupError> {
    let manifest = &chain.head.manifest;
    let mut findings = vec![signature(app, manifest)];
    let (count, bytes) = files;
    findings.push(finding(
        "files",
        true,
        format!("{count} 个文件（{bytes} 字节）与清单的摘要相符"),
        format!("{count} files ({bytes} bytes) have the digests of the manifest"),
    ));
    findings.push(rows(manifest));
    findings.push(audit(app, manifest).await?);
    findings.push(row_codes(app).await?);
    findings.push(keys(app).await);
    findings.push(documents(app, list).await?);
    findings.push(verification(app, manifest).await?);
    Ok(Proof {
        backup: manifest.id.clone(),
        manifest: chain.head.digest.clone(),
        taken_at: manifest.taken_at,
        findings,
    })
}

/// The signature was verified before; here it is one of the authority whose registry was restored.
fn signature(app: &Shared, manifest: &Manifest) -> Finding {
    let id = &manifest.signer.certificate;
    let own = app.authority.signing().named(id).is_some();
    let (zh, en) = match own {
        true => (
            "清单由本登记库主管部门的证书签名",
            "the manifest is signed by the authority of this registry, certificate",
        ),
        false => (
            "清单的签名者不是本登记库的主管部门：证书",
            "the manifest is not signed by the authority of this registry but by",
        ),
    };
    finding("signature", own, format!("{zh} {id}"), format!("{en} {id}"))
}

/// Rows were counted as they went in; the transaction was kept only where they are as many.
fn rows(manifest: &Manifest) -> Finding {
    let (tables, rows, version) = (manifest.tables.len(), manifest.rows(), manifest.schema.version);
    finding(
        "rows",
        true,
        format!("{tables} 张表 {rows} 行，结构版本 {version}，全部约束成立"),
        format!("{tables} tables with {rows} rows, schema {version}, every constraint holds"),
    )
}

/// The chain from its first row to its head, which is that of the manifest.
async fn audit(app: &Shared, manifest: &Manifest) -> Result<Finding, BackupError> {
    let report = crate::audit::verify(app).await.map_err(|_| {
        BackupError::refused("AUDIT_UNREADABLE", "审计日志无法读取", "the audit log cannot be read")
    })?;
    let head = app.store.read().await?.audit_head().await?;
    let same = head.seq == manifest.audit.seq && hex::encode(head.hash) == manifest.audit.hash;
    let faults: Vec<String> =
        report.faults.iter().take(NAMED).map(|fault| format!("{} {fault}", fault.code())).collect();
    let (rows, heads, hash) = (report.rows, report.heads_matched, &manifest.audit.hash);
    let holds = report.is_sound() && same;
    Ok(match holds {
        true => finding(
            "audit",
            true,
            format!("审计链 {rows} 行完整，{heads} 个已签名的链首相符，链首 {} {hash}", head.seq),
            format!("{rows} rows of audit, {heads} signed heads fit, head {} {hash}", head.seq),
        ),
        false => finding(
            "audit",
            false,
            format!("审计链不完整（链首相符：{same}）：{}", faults.join("；")),
            format!("the audit chain is not sound (head as in the manifest: {same}): {}", faults.join("; ")),
        ),
    })
}

/// The MAC of every row that has one.
async fn row_codes(app: &Shared) -> Result<Finding, BackupError> {
    let mut access = app.store.read().await?;
    let mut count = 0u64;
    let mut broken = Vec::new();
    let mut add = |table: &str, sweep: &Sweep| {
        count = count.saturating_add(sweep.rows);
        broken.extend(sweep.broken.iter().map(|id| format!("{table} {id}")));
    };
    add("setting", &access.check_settings().await?);
    for table in TABLES {
        let mut after = Some(String::new());
        while let Some(from) = after {
            let sweep = access.check_rows(table, &from, ROWS).await?;
            add(table, &sweep);
            after = sweep.next;
        }
    }
    let named = broken.iter().take(NAMED).cloned().collect::<Vec<_>>().join("、");
    Ok(match broken.len() {
        0 => finding(
            "row_codes",
            true,
            format!("{count} 行的校验码全部成立"),
            format!("the codes of {count} rows hold"),
        ),
        bad => finding(
            "row_codes",
            false,
            format!("{count} 行中 {bad} 行的校验码不符：{named}"),
            format!("of {count} rows {bad} have a code that does not fit: {named}"),
        ),
    })
}

/// The master key opened the ring and the authority's key, or this would not have come so far; the shelf of the workshop opens too.
async fn keys(app: &Shared) -> Finding {
    let folder = &app.config.workshop.keys_dir;
    let opened = match folder.join("shelf.json").exists() {
        false => Ok(false),
        true => {
            let now = app.clock.highest();
            let secret = crate::start::authority::password(&app.store, &app.vault(), now).await;
            let secret = secret.map_err(|error| error.to_string());
            secret.and_then(|secret| {
                KeyShelf::open(folder, &secret, &mut UnwrapErr(SysRng))
                    .map(|_| true)
                    .map_err(|e| e.to_string())
            })
        }
    };
    match opened {
        Ok(shelf) => {
            let (zh, en) =
                if shelf { ("、制作系统密钥", " and the workshop's shelf") } else { ("", "") };
            finding(
                "keys",
                true,
                format!("主密钥、密钥环、主管部门密钥{zh}可以打开"),
                format!("master key, key ring, the authority's key{en} open"),
            )
        }
        Err(error) => finding(
            "keys",
            false,
            format!("制作系统密钥打不开：{error}"),
            format!("the workshop's shelf does not open: {error}"),
        ),
    }
}

/// Every document opens and has its digest.
async fn documents(app: &Shared, list: &HashMap<Digest, u32>) -> Result<Finding, BackupError> {
    let mut broken = Vec::new();
    for digest in list.keys() {
        let outcome = match app.documents.get_stream(*digest).await {
            Ok((_, mut content)) => loop {
                match content.try_next().await {
                    Ok(Some(_)) => {}
                    Ok(None) => break Ok(()),
                    Err(error) => break Err(error),
                }
            },
            Err(error) => Err(error),
        };
        if let Err(error) = outcome {
            broken.push(format!("{digest} {}", error.code()));
        }
    }
    let count = list.len();
    let named = broken.iter().take(NAMED).cloned().collect::<Vec<_>>().join("、");
    Ok(match broken.len() {
        0 => finding(
            "documents",
            true,
            format!("{count} 份材料全部可以解密，摘要相符"),
            format!("{count} documents open and have their digests"),
        ),
        bad => finding(
            "documents",
            false,
            format!("{count} 份材料中 {bad} 份损坏：{named}"),
            format!("of {count} documents {bad} are damaged: {named}"),
        ),
    })
}

/// A sealed document is verified as anybody would, as of the moment of the backup; without one a seal; without one there is nothing to
/// verify yet.
async fn verification(app: &Shared, manifest: &Manifest) -> Result<Finding, BackupError> {
    let options = VerifyOptions::at(manifest.taken_at);
    let trust = app.authority.trust();
    let mut access = app.store.read().await?;
    let filter = UseFilter { result: Some("sealed"), limit: TRIES, ..UseFilter::default() };
    let mut tried = Vec::new();
    for entry in access.uses(&Scope::All, &filter).await.unwrap_or_default() {
        let UseRecord { result: UseResult::Sealed { digest }, id, item, .. } = entry.value else { continue };
        // What was disposed of by the rules is not there to be verified.
        if let Some(item) = &item
            && let Ok(Some(found)) = access.load::<UseItem>(item.as_str()).await
            && found.value.disposed().is_some()
        {
            continue;
        }
        let outcome = match digest.parse::<Digest>() {
            Ok(parsed) => app.documents.get(parsed).await.map_err(|error| error.code().to_owned()),
            Err(_) => Err("DIGEST".to_owned()),
        };
        let verdict = outcome.map(|bytes| verify(Cursor::new(&*bytes), &trust, &options).verdict);
        if verdict == Ok(Verdict::Valid) {
            return Ok(valid("签章文件", "sealed document", &digest));
        }
        tried.push(format!("{id} {verdict:?}"));
    }
    if !tried.is_empty() {
        return Ok(invalid(&tried));
    }
    let filter = ListFilter { limit: TRIES, ..ListFilter::default() };
    let seals = access.list::<Seal>(&Scope::All, &filter).await.map(|page| page.items).unwrap_or_default();
    for found in &seals {
        let Some(made) = found.value.made() else { continue };
        let outcome = match made.digest.parse::<Digest>() {
            Ok(parsed) => app.documents.get(parsed).await.map_err(|error| error.code().to_owned()),
            Err(_) => Err("DIGEST".to_owned()),
        };
        let verdict = outcome.map(|bytes| verify_seal(&bytes, &trust, &options).verdict);
        if verdict == Ok(Verdict::Valid) {
            return Ok(valid("印章", "seal", found.value.code()));
        }
        tried.push(format!("{} {verdict:?}", found.value.code()));
    }
    match tried.is_empty() {
        false => Ok(invalid(&tried)),
        true => Ok(finding(
            "verification",
            true,
            "登记库中尚无印章和签章文件，没有可验证的".to_owned(),
            "there is no seal and no sealed document yet, so nothing to verify".to_owned(),
        )),
    }
}

fn valid(zh: &str, en: &str, name: &str) -> Finding {
    finding("verification", true, format!("{zh} {name} 验证有效"), format!("the {en} {name} is valid"))
}

fn invalid(tried: &[String]) -> Finding {
    let tried = tried.iter().take(NAMED).cloned().collect::<Vec<_>>().join("、");
    finding(
        "verification",
        false,
        format!("没有一份签章文件或者印章验证有效：{tried}"),
        format!("no sealed document or seal is valid: {tried}"),
    )
}
