//! `yinxin ca init`.

use clap::Args;
use serde_json::{Value, json};
use yinxin_crypto::keystore::encrypt_pkcs8_pem;
use yinxin_formats::x509::Certificate;

use super::authority::{self, Authority, Pair};
use super::folder::{Folder, to_pem};
use super::state::{Issued, State};
use super::{CaFolder, Level, crl};
use crate::failure::Outcome;
use crate::keys::{PasswordArgs, ask_new_password};
use crate::output::Output;
use crate::{files, time};

/// Rounds of key derivation for keys of tests: quick enough to be used in scripts, far from free.
pub const TEST_ITERATIONS: u32 = 100_000;

/// Arguments of `ca init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    #[command(flatten)]
    folder: CaFolder,
    /// 机构名称 / name of the CA
    #[arg(long, default_value = "示例测试")]
    name: String,
    /// 吊销列表的有效天数 / days for which the first revocation lists are good
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(i64).range(1..=3650))]
    days: i64,
    #[command(flatten)]
    password: PasswordArgs,
}

/// Makes keys, certificates and empty lists.
pub fn run(args: &InitArgs, out: &Output) -> Outcome {
    authority::check_name("--name", &args.name)?;
    let password = ask_new_password(&args.password)?;
    let folder = Folder::create(&args.folder.folder)?;
    let now = time::now();
    let pair = Pair::create(&args.name, now)?;
    let mut state = State::new(&args.name);
    for (level, a) in [(Level::Root, &pair.root), (Level::Ca, &pair.ca)] {
        let key = encrypt_pkcs8_pem(&a.key, password.as_bytes(), &mut authority::rng(), TEST_ITERATIONS)?;
        files::write_secret(&folder.key_path(level), key.as_bytes())?;
        files::write(&folder.certificate_path(level), to_pem(&a.certificate).as_bytes())?;
        state.issued.push(issued(&a.certificate, Level::Root, level.word()));
    }
    crl::publish(&folder, &mut state, &pair, now, args.days)?;
    // Last, as it is what makes the folder a CA.
    folder.save(&state)?;
    out.say(format!(
        "{}：{}\n  {}\n  {}",
        out.pick("测试证书机构已建立", "test CA made"),
        args.folder.folder.display(),
        pair.root.certificate.subject,
        pair.ca.certificate.subject,
    ));
    out.say(out.pick(
        "仅供测试：不要用它签发任何真实用途的证书。",
        "For tests only: never issue a certificate for real use with it.",
    ));
    out.say(format!(
        "{}：yinxin ca issue {} --role signer --name … --key-out signer.key -o signer.pem",
        out.pick("下一步", "next"),
        args.folder.folder.display(),
    ));
    out.value(&json!({
        "folder": args.folder.folder.display().to_string(),
        "root": describe(&pair.root, &folder, Level::Root),
        "ca": describe(&pair.ca, &folder, Level::Ca),
    }));
    Ok(0)
}

fn describe(a: &Authority, folder: &Folder, level: Level) -> Value {
    json!({
        "subject": a.certificate.subject.to_string(),
        "serial": a.certificate.serial.to_string(),
        "sm3": hex::encode(a.certificate.sm3()),
        "certificate": folder.certificate_path(level).display().to_string(),
        "key": folder.key_path(level).display().to_string(),
        "crl": folder.crl_path(level).display().to_string(),
    })
}

/// The entry of a certificate in the state.
pub fn issued(certificate: &Certificate, issuer: Level, role: &str) -> Issued {
    Issued {
        serial: certificate.serial.to_string(),
        issuer: issuer.word().to_owned(),
        role: role.to_owned(),
        subject: certificate.subject.to_string(),
        not_before: certificate.not_before.to_string(),
        not_after: certificate.not_after.to_string(),
        revoked: None,
    }
}
