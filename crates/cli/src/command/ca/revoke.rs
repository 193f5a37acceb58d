//! `yinxin ca revoke`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::json;
use yinxin_formats::crl::RevocationReason;

use super::CaFolder;
use super::folder::Folder;
use crate::failure::{Failure, Outcome};
use crate::output::Output;
use crate::{time, trust};

/// Arguments of `ca revoke`.
#[derive(Debug, Args)]
pub struct RevokeArgs {
    #[command(flatten)]
    folder: CaFolder,
    /// 证书序列号，十六进制 / serial of the certificate, hexadecimal
    #[arg(long, value_name = "HEX", required_unless_present = "cert", conflicts_with = "cert")]
    serial: Option<String>,
    /// 证书文件 / the certificate
    #[arg(long, value_name = "FILE")]
    cert: Option<PathBuf>,
    /// 原因 / reason
    #[arg(long, value_enum, default_value = "unspecified")]
    reason: Reason,
    /// 吊销时间，默认现在 / moment of revocation, now by default
    #[arg(long, value_name = "RFC3339")]
    date: Option<String>,
}

/// Reasons of RFC 5280 §5.3.1 that a test has use for.
#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "camelCase")]
enum Reason {
    /// 未说明
    Unspecified,
    /// 密钥泄露
    KeyCompromise,
    /// 隶属关系改变
    AffiliationChanged,
    /// 已被取代
    Superseded,
    /// 停止使用
    CessationOfOperation,
    /// 暂停
    CertificateHold,
    /// 权限收回
    PrivilegeWithdrawn,
}

impl From<Reason> for RevocationReason {
    fn from(r: Reason) -> Self {
        match r {
            Reason::Unspecified => Self::Unspecified,
            Reason::KeyCompromise => Self::KeyCompromise,
            Reason::AffiliationChanged => Self::AffiliationChanged,
            Reason::Superseded => Self::Superseded,
            Reason::CessationOfOperation => Self::CessationOfOperation,
            Reason::CertificateHold => Self::CertificateHold,
            Reason::PrivilegeWithdrawn => Self::PrivilegeWithdrawn,
        }
    }
}

/// Marks a certificate as revoked; the next list names it.
pub fn run(args: &RevokeArgs, out: &Output) -> Outcome {
    let folder = Folder::open(&args.folder.folder)?;
    let serial = match (&args.serial, &args.cert) {
        (Some(text), _) => tidy(text)?,
        (None, Some(path)) => trust::certificate(path)?.serial.to_string(),
        (None, None) => String::new(),
    };
    let date = args.date.as_deref().map_or_else(|| Ok(time::now()), time::parse)?;
    let mut state = folder.state()?;
    let reason = RevocationReason::from(args.reason);
    let subject = state.revoke(&serial, date, reason)?.subject.clone();
    folder.save(&state)?;
    out.say(format!("{} {serial} {subject} · {date} · {}", out.pick("已吊销", "revoked"), reason.name()));
    out.say(format!(
        "{}：yinxin ca crl {}",
        out.pick("下一步，发布吊销列表", "next, publish the list"),
        args.folder.folder.display()
    ));
    let date = date.to_string();
    out.value(&json!({ "serial": serial, "subject": subject, "date": date, "reason": reason.name() }));
    Ok(0)
}

/// A serial as the state writes it: capital hexadecimal without separators.
fn tidy(text: &str) -> Result<String, Failure> {
    let digits: String = text.chars().filter(|c| !matches!(c, ':' | ' ')).collect();
    let digits = digits.trim_start_matches("0x").to_ascii_uppercase();
    if digits.is_empty() || digits.len() > 40 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        let detail = format!("“{text}”：序列号应为十六进制 / a serial is hexadecimal");
        return Err(Failure::new("SERIAL_FORMAT", detail));
    }
    Ok(digits)
}

#[cfg(test)]
mod tests {
    #[test]
    fn serials_are_read_as_tools_print_them() {
        assert_eq!(super::tidy("0x4a:0b ff").unwrap(), "4A0BFF");
        assert!(super::tidy("zz").is_err() && super::tidy("").is_err());
    }
}
