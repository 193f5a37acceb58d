//! `yinxin authority`: the authority that signs for a registry (主管部门).

use super::serve::ConfigArgs;
use crate::failure::{Failure, Outcome};
use crate::output::Output;
use clap::{Args, Subcommand};
use serde_json::json;
use std::path::PathBuf;
use yinxin_formats::pem;
use yinxin_server::start::{
    AuthorityCertificate, RequestFor, authority_certificates, authority_request, import_authority,
    machine_time,
};

/// What to do.
#[derive(Debug, Subcommand)]
pub enum AuthorityCommand {
    /// 显示签名证书及其 SM3，供制作系统填入 workshop.registry_signers / show the signing certificate and its SM3, for workshop.registry_signers
    Show(ShowArgs),
    /// 生成密钥并输出证书申请（PKCS#10），交证书机构签发 / make the key and print its certification request, for a CA to sign
    Csr(CsrArgs),
    /// 导入签发的证书：首次导入后可启动登记服务，此后的由运行中的服务自动启用 / import the issued certificate: the registry can start then; servers that run take a later one over by themselves
    Import(ImportArgs),
}

/// Arguments of `authority show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// 也输出以前的证书 / the certificates before as well
    #[arg(long)]
    all: bool,
}

/// Arguments of `authority csr`.
#[derive(Debug, Args)]
pub struct CsrArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// 为现用密钥申请新证书（续期）；限 ca.kind = import / for a certificate that follows, for the key in use; with ca.kind = import
    #[arg(long, conflicts_with = "new_key")]
    renew: bool,
    /// 生成新密钥并为其申请证书（换钥）；限 ca.kind = import / for a new key; with ca.kind = import
    #[arg(long)]
    new_key: bool,
}

/// Arguments of `authority import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// 证书及其上级证书，PEM / the certificate and its issuers, PEM
    #[arg(value_name = "FILE")]
    chain: PathBuf,
}

/// Runs the chosen one.
pub fn run(command: &AuthorityCommand, out: &Output) -> Outcome {
    match command {
        AuthorityCommand::Show(args) => show(args, out),
        AuthorityCommand::Csr(args) => csr(args, out),
        AuthorityCommand::Import(args) => import(args, out),
    }
}

/// The certificate in use, and those before where asked for, as PEM on standard output, so that it may be sent to a file; names beside.
fn show(args: &ShowArgs, out: &Output) -> Outcome {
    let config = args.config.load(out, Vec::new())?;
    let runtime = super::doctor::runtime()?;
    let found = runtime
        .block_on(authority_certificates(&config))
        .map_err(|e| Failure::new(e.code(), e.to_string()))?;
    let first = found.first().ok_or_else(|| Failure::new("AUTHORITY", "no certificate"))?;
    let described = |known: &AuthorityCertificate| {
        let certificate = &known.certificate;
        json!({
            "subject": certificate.subject.to_string(),
            "sm3": hex::encode(certificate.sm3()),
            "until": certificate.not_after,
            "replaced_at": known.until,
            "certificate": pem::encode("CERTIFICATE", certificate.raw()),
        })
    };
    let mut value = described(first);
    if let Some(object) = value.as_object_mut() {
        object.insert("former".to_owned(), found.iter().skip(1).map(described).collect());
    }
    out.value(&value);
    for known in found.iter().take(if args.all { found.len() } else { 1 }) {
        let certificate = &known.certificate;
        let (subject, sm3) = (certificate.subject.to_string(), hex::encode(certificate.sm3()));
        let replaced = known
            .until
            .map(|at| out.pick("，已于 {} 更换", ", replaced at {}").replace("{}", &at.to_string()));
        out.note(format!("{subject}\nSM3 {sm3}{}", replaced.unwrap_or_default()));
        out.say(pem::encode("CERTIFICATE", certificate.raw()).trim_end());
    }
    Ok(0)
}

fn csr(args: &CsrArgs, out: &Output) -> Outcome {
    let config = args.config.load(out, Vec::new())?;
    let wanted = match (args.renew, args.new_key) {
        (_, true) => RequestFor::NewKey,
        (true, _) => RequestFor::SameKey,
        _ => RequestFor::First,
    };
    let request = super::doctor::runtime()?
        .block_on(authority_request(&config, wanted, machine_time()))
        .map_err(|e| Failure::new(e.code(), e.to_string()))?;
    out.value(&json!({ "request": request }));
    out.say(request.trim_end());
    Ok(0)
}

fn import(args: &ImportArgs, out: &Output) -> Outcome {
    let config = args.config.load(out, Vec::new())?;
    let path = args.chain.display();
    let chain =
        std::fs::read_to_string(&args.chain).map_err(|e| Failure::new("FILE", format!("{path}: {e}")))?;
    let certificate = super::doctor::runtime()?
        .block_on(import_authority(&config, &chain, machine_time()))
        .map_err(|e| Failure::new(e.code(), e.to_string()))?;
    let (subject, sm3) = (certificate.subject.to_string(), hex::encode(certificate.sm3()));
    out.value(&json!({ "subject": subject, "sm3": sm3, "until": certificate.not_after }));
    out.say(out.pick(
        &format!(
            "已导入：{subject}，有效期至 {}。可以启动登记服务；运行中的服务将自动启用。",
            certificate.not_after
        ),
        &format!(
            "imported: {subject}, valid until {}. The registry can start; one that runs takes it over.",
            certificate.not_after
        ),
    ));
    Ok(0)
}
