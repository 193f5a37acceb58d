//! `yinxin audit`: verifies the audit chain and exported cases (审计验证).

use super::serve::ConfigArgs;
use crate::failure::{Failure, Outcome};
use crate::output::Output;
use crate::{files, trust};
use clap::{Args, Subcommand};
use serde_json::json;
use std::path::PathBuf;
use yinxin_crypto::SignatureAlgorithm;
use yinxin_registry::audit::CaseExport;
use yinxin_server::app::clock::System;
use yinxin_server::audit::verify as verify_chain;
use yinxin_server::start::{look, open_bare};

/// Verbs of `audit`.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// 验证审计链：每一行、每一个已签名的链首 / verify every row and every signed head
    Verify(VerifyArgs),
    /// 验证导出的案件 / verify an exported case
    Case(CaseArgs),
}

/// Arguments of `audit verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    #[command(flatten)]
    config: ConfigArgs,
}

/// Arguments of `audit case`.
#[derive(Debug, Args)]
pub struct CaseArgs {
    /// 导出的案件 / the exported case
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// 主管部门证书，可含多份（yinxin authority show --all） / certificate of the authority; may hold several
    #[arg(long, value_name = "FILE")]
    cert: PathBuf,
}

/// Runs the verb: exit code 0 when all is sound, 1 when something was changed.
pub fn run(command: &AuditCommand, out: &Output) -> Outcome {
    match command {
        AuditCommand::Verify(args) => chain(args, out),
        AuditCommand::Case(args) => case(args, out),
    }
}

fn chain(args: &VerifyArgs, out: &Output) -> Outcome {
    let config = args.config.load(out, vec![("roles".to_owned(), "registry".to_owned())])?;
    let runtime = super::doctor::runtime()?;
    let report = runtime.block_on(async {
        let store = open_bare(&config).await.map_err(|e| Failure::new(e.code(), e.to_string()))?;
        let version = store.schema().await.map_err(|e| Failure::new(e.code(), e.to_string()))?.version;
        store.close().await;
        if version == 0 {
            let detail = "此处没有登记库，请核对 --data-dir 与配置 / there is no registry here: check --data-dir and configuration";
            return Err(Failure::new("REGISTRY_ABSENT", detail));
        }
        let app = look(config, Box::new(System)).await.map_err(|e| Failure::new(e.code(), e.to_string()))?;
        let report = verify_chain(&app).await;
        app.store.close().await;
        report.map_err(|_| Failure::new("AUDIT_UNREADABLE", "审计日志无法读取 / the audit log cannot be read"))
    })?;
    out.value(&json!({ "sound": report.is_sound(), "report": report }));
    out.say(out.pick(
        &format!("已验证 {} 行，{} 个已签名的链首相符", report.rows, report.heads_matched),
        &format!("{} rows, {} signed heads fit", report.rows, report.heads_matched),
    ));
    for fault in &report.faults {
        out.say(format!("✗ {} {fault}", fault.code()));
    }
    if report.is_sound() {
        out.say(out.pick("审计链完整，未被改动", "the chain is sound"));
    }
    Ok(u8::from(!report.is_sound()))
}

fn case(args: &CaseArgs, out: &Output) -> Outcome {
    let bytes = files::read(&args.file)?;
    let export: CaseExport = serde_json::from_slice(&bytes)
        .map_err(|e| Failure::new("CASE_FORMAT", format!("{}: {e}", args.file.display())))?;
    // The authority may have had several: the head names the one it was signed under.
    let certificates = trust::certificates(&args.cert)?;
    let check = |id: &str, text: &[u8], signature: &[u8]| {
        let named = certificates.iter().find(|certificate| hex::encode(certificate.sm3()) == id);
        let key = named.and_then(|certificate| certificate.public_key().ok());
        key.is_some_and(|key| key.verify(SignatureAlgorithm::Sm2Sm3, text, signature).is_ok())
    };
    let outcome = export.verify(&check);
    let fault = outcome.as_ref().err();
    out.value(&json!({
        "sound": fault.is_none(), "case": export.case, "rows": export.rows.len(),
        "head": export.head.seq, "fault": fault.map(|f| f.code()),
    }));
    match fault {
        None => out.say(out.pick(
            &format!("案件 {}：{} 条记录完整，未被改动", export.case, export.rows.len()),
            &format!("case {}: {} records, unchanged", export.case, export.rows.len()),
        )),
        Some(fault) => out.say(format!("✗ {} {fault}", fault.code())),
    }
    Ok(u8::from(fault.is_some()))
}
