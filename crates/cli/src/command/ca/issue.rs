//! `yinxin ca issue`.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::Timestamp;
use serde_json::json;
use yinxin_crypto::keystore::{Password, encrypt_pkcs8_pem};
use yinxin_crypto::{PublicKey, SigningKey, SoftwareKey};
use yinxin_formats::csr::Csr;
use yinxin_formats::der::Limits;
use yinxin_formats::pem::parse_pem_or_der;
use yinxin_formats::x509::Serial;

use super::authority::{self, Role, Wanted, days_from};
use super::folder::{Folder, to_pem};
use super::init::{TEST_ITERATIONS, issued};
use super::state::State;
use super::{CaFolder, Level};
use crate::failure::{Failure, Outcome};
use crate::keys::{PasswordArgs, ask_new_password};
use crate::output::Output;
use crate::{files, time};

/// Arguments of `ca issue`.
#[derive(Debug, Args)]
pub struct IssueArgs {
    #[command(flatten)]
    folder: CaFolder,
    /// 用途 / what the certificate is for
    #[arg(long, value_enum)]
    role: Role,
    /// 名称（CN）；有申请文件时默认取其中的名称 / common name; that of the request by default
    #[arg(long, required_unless_present = "csr")]
    name: Option<String>,
    /// 单位（O）/ organization
    #[arg(long)]
    org: Option<String>,
    /// 证书申请文件（PKCS#10）/ certification request (PKCS#10)
    #[arg(long, value_name = "FILE", required_unless_present = "key_out", conflicts_with = "key_out")]
    csr: Option<PathBuf>,
    /// 生成新密钥并加密写入此文件 / make a key and write it here, encrypted
    #[arg(long, value_name = "FILE")]
    key_out: Option<PathBuf>,
    /// 有效天数 / days of validity
    #[arg(long, default_value_t = 730, conflicts_with = "valid_to", value_parser = clap::value_parser!(i64).range(1..=7300))]
    days: i64,
    /// 生效时间，默认现在 / first moment of validity, now by default
    #[arg(long, value_name = "RFC3339")]
    valid_from: Option<String>,
    /// 失效时间 / last moment of validity
    #[arg(long, value_name = "RFC3339")]
    valid_to: Option<String>,
    /// 写入证书的吊销列表地址 / address of the revocation list, put into the certificate
    #[arg(long, value_name = "URL")]
    crl_url: Option<String>,
    /// 证书输出文件（PEM）/ where the certificate goes (PEM)
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// 新密钥的密码文件，默认与机构密钥的密码相同 / password file of the new key, the CA's password by default
    #[arg(long, value_name = "FILE", requires = "key_out")]
    key_password_file: Option<PathBuf>,
    #[command(flatten)]
    password: PasswordArgs,
}

/// Issues one certificate.
pub fn run(args: &IssueArgs, out: &Output) -> Outcome {
    let folder = Folder::open(&args.folder.folder)?;
    let mut state = folder.state()?;
    let subject = Subject::of(args)?;
    let (not_before, not_after) = validity(args)?;
    let ca = folder.authority(Level::Ca, &args.password)?;
    let key_file = key_file(args)?;
    let wanted = Wanted {
        role: args.role,
        name: &subject.name,
        organization: subject.organization.as_deref(),
        key: &subject.public,
        not_before,
        not_after,
        crl_url: args.crl_url.as_deref(),
    };
    let certificate = ca.issue(&wanted, fresh_serial(&state)?)?;
    state.issued.push(issued(&certificate, Level::Ca, args.role.word()));
    // Remembered before anybody has the certificate: a serial is never used twice.
    folder.save(&state)?;
    if let (Some((path, password)), Some(key)) = (key_file, &subject.new_key) {
        let pem = encrypt_pkcs8_pem(key, password.as_bytes(), &mut authority::rng(), TEST_ITERATIONS)?;
        files::write_secret(path, pem.as_bytes())?;
    }
    let pem = to_pem(&certificate);
    files::write(&folder.path(format!("issued/{}.pem", certificate.serial)), pem.as_bytes())?;
    files::write(&args.output, pem.as_bytes())?;
    out.say(format!(
        "{}：{}\n  {}\n  {} {}\n  {} – {}",
        out.pick("证书已签发", "certificate issued"),
        args.output.display(),
        certificate.subject,
        out.pick("序列号", "serial"),
        certificate.serial,
        certificate.not_before,
        certificate.not_after,
    ));
    out.value(&json!({
        "certificate": args.output.display().to_string(),
        "key": args.key_out.as_ref().map(|p| p.display().to_string()),
        "serial": certificate.serial.to_string(),
        "subject": certificate.subject.to_string(),
        "role": args.role.word(),
        "not_before": certificate.not_before.to_string(),
        "not_after": certificate.not_after.to_string(),
        "sm3": hex::encode(certificate.sm3()),
    }));
    Ok(0)
}

/// Whom and which key to certify.
struct Subject {
    name: String,
    organization: Option<String>,
    public: PublicKey,
    new_key: Option<SoftwareKey>,
}

impl Subject {
    fn of(args: &IssueArgs) -> Result<Self, Failure> {
        let (mut name, mut organization) = (args.name.clone(), args.org.clone());
        let (public, new_key) = match &args.csr {
            Some(path) => {
                let request = request(path)?;
                let asked = |text: Option<&str>| text.map(str::to_owned);
                name = name.or_else(|| asked(request.subject.common_name()));
                organization = organization
                    .or_else(|| asked(request.subject.get(&yinxin_formats::oids::AT_ORGANIZATION)));
                (request.public_key()?, None)
            }
            None => {
                let key = SoftwareKey::generate(&mut authority::rng());
                (key.public_key().clone(), Some(key))
            }
        };
        let name = name.unwrap_or_default();
        authority::check_name("--name", &name)?;
        if let Some(o) = &organization {
            authority::check_name("--org", o)?;
        }
        Ok(Self { name, organization, public, new_key })
    }
}

/// Reads a request and checks that whoever made it has the key.
fn request(path: &Path) -> Result<Csr, Failure> {
    let wrong = |code, why: &dyn std::fmt::Display| Failure::new(code, format!("{}: {why}", path.display()));
    let limits = Limits::default();
    let blocks = parse_pem_or_der(&files::read(path)?, &limits).map_err(|e| wrong(e.code(), &e))?;
    let wants = |label: &str| matches!(label, "" | "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST");
    let Some(block) = blocks.iter().find(|b| wants(&b.label)) else {
        return Err(wrong("CSR_MISSING", &"没有证书申请 / no certification request"));
    };
    let csr = Csr::parse(&block.der, &limits).map_err(|e| wrong(e.code(), &e))?;
    if csr.verify().is_err() {
        let why = "申请的签名不正确：不能证明申请人持有私钥 / the request is not signed by its own key";
        return Err(wrong("CSR_NO_POSSESSION", &why));
    }
    Ok(csr)
}

fn validity(args: &IssueArgs) -> Result<(Timestamp, Timestamp), Failure> {
    let from = args.valid_from.as_deref().map_or_else(|| Ok(time::now()), time::parse)?;
    let until = match &args.valid_to {
        Some(text) => time::parse(text)?,
        None => days_from(from, args.days)?,
    };
    if until <= from {
        let detail = format!("有效期 {from} 至 {until} 是空的 / the certificate would end before it begins");
        return Err(Failure::new("VALIDITY_EMPTY", detail));
    }
    Ok((from, until))
}

fn fresh_serial(state: &State) -> Result<Serial, Failure> {
    loop {
        let serial = authority::new_serial()?;
        if !state.knows(&serial.to_string()) {
            return Ok(serial);
        }
    }
}

/// Where the new key goes and under which password; asked for before anything is issued.
fn key_file(args: &IssueArgs) -> Result<Option<(&Path, Password)>, Failure> {
    let Some(path) = &args.key_out else { return Ok(None) };
    let source = match &args.key_password_file {
        Some(file) => PasswordArgs { password_file: Some(file.clone()), password_env: None },
        None => args.password.clone(),
    };
    Ok(Some((path, ask_new_password(&source)?)))
}
