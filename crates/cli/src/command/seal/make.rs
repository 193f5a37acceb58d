//! `yinxin seal make`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::json;
use yinxin_formats::ses::SesVersion;
use yinxin_seal::make::{ListKind, SealRequest, make};
use yinxin_seal::sign::TimestampSource;

use super::picture;
use crate::failure::{Failure, Outcome};
use crate::keys::{self, PasswordArgs};
use crate::output::Output;
use crate::trust::{self, TrustArgs};
use crate::tsa_client;
use crate::{files, time};

/// Arguments of `seal make`.
#[derive(Debug, Args)]
#[command(after_help = "示例 / example:
  yinxin imprint draw --kind official --name 示例市示例科技有限公司 -o imprint.png
  yinxin seal make --name 示例市示例科技有限公司 --id 11010500000001 \\
      --picture imprint.png --width 40 --height 40 --cert owner.cer \\
      --maker-cert maker.cer --maker-key maker.key --password-file pw -o seal.esl")]
pub struct MakeArgs {
    /// 印章名称 / name of the seal
    #[arg(long)]
    pub name: String,
    /// 印章编码，ASCII / code of the seal, ASCII
    #[arg(long, value_name = "CODE")]
    pub id: String,
    /// 印模图像：PNG、SVG、JPG、BMP、GIF / the imprint's picture: PNG, SVG, JPG, BMP, GIF
    #[arg(long, value_name = "FILE")]
    pub picture: PathBuf,
    /// 印模宽度，毫米 / width of the imprint, mm
    #[arg(long, value_name = "MM", value_parser = clap::value_parser!(u64).range(1..=1000))]
    pub width: u64,
    /// 印模高度，毫米 / height of the imprint, mm
    #[arg(long, value_name = "MM", value_parser = clap::value_parser!(u64).range(1..=1000))]
    pub height: u64,
    /// 印章所有者的签名证书，可多个 / signature certificates of the owner; one or more
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    pub cert: Vec<PathBuf>,
    /// 制章人证书 / the maker's certificate
    #[arg(long, value_name = "FILE")]
    pub maker_cert: PathBuf,
    /// 制章人私钥：PEM、DER、PKCS#8（可加密）或 PKCS#12 / the maker's private key: PEM, DER, PKCS#8 (may be encrypted) or PKCS#12
    #[arg(long, value_name = "FILE")]
    pub maker_key: PathBuf,
    /// Password of the maker's key.
    #[command(flatten)]
    pub password: PasswordArgs,
    /// 印章类型代码 / type code of the seal
    #[arg(long = "type", value_name = "N", default_value = "1")]
    pub seal_type: u64,
    /// 版本：4 为 GB/T 38540-2020，5 为 GM/T 0031-2025 / version: 4 is GB/T 38540-2020, 5 is GM/T 0031-2025
    #[arg(long, value_name = "N", default_value = "4", value_parser = clap::value_parser!(u8).range(4..=5))]
    pub version: u8,
    /// 所有者证书的列法：证书本身或其杂凑值 / how the owner's certificates are listed: whole, or as digests
    #[arg(long, value_enum, default_value = "certificates")]
    pub list: ListArg,
    /// 有效期起（RFC 3339），默认为现在 / first moment of validity (RFC 3339); now if not given
    #[arg(long, value_name = "RFC3339")]
    pub valid_from: Option<String>,
    /// 有效期止（RFC 3339），默认为所有者证书到期之时 / last moment of validity (RFC 3339); when the owner's certificate ends if not given
    #[arg(long, value_name = "RFC3339")]
    pub valid_to: Option<String>,
    /// 厂商标识，ASCII / vendor identifier, ASCII
    #[arg(long, default_value = "yinxin")]
    pub vendor: String,
    /// 时间戳服务地址（RFC 3161），用于第 5 版印章 / address of a timestamp service (RFC 3161), for version 5 seals
    #[arg(long, value_name = "URL")]
    pub tsa: Option<String>,
    /// Trust: with it, the maker's certificate must lead to an anchor.
    #[command(flatten)]
    pub trust: TrustArgs,
    /// 制作时间（RFC 3339），默认为现在；仅供测试 / the moment of making (RFC 3339), now if not given; for tests
    #[arg(long, value_name = "RFC3339")]
    pub at: Option<String>,
    /// 写出的印章文件 / the seal to write
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
}

/// How the owner's certificates are listed.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum ListArg {
    /// 证书本身 / whole certificates
    Certificates,
    /// SM3 杂凑值 / SM3 digests
    Digests,
}

/// Makes the seal.
pub fn run(args: &MakeArgs, out: &Output) -> Outcome {
    let version = if args.version == 5 { SesVersion::V5 } else { SesVersion::V4 };
    if args.tsa.is_some() && version != SesVersion::V5 {
        let say = "印章上的时间戳须用第 5 版：加 --version 5 / a timestamp on a seal needs --version 5";
        return Err(Failure::new("SEAL_TIMESTAMP_VERSION", say));
    }
    let (picture, notes) = picture::read(files::read(&args.picture)?, (args.width, args.height), version)?;
    let created = moment(args.at.as_deref())?.unwrap_or_else(time::now);
    let mut owners = Vec::new();
    for path in &args.cert {
        owners.push(trust::certificate(path)?);
    }
    let latest = owners.iter().map(|c| c.not_after).min().unwrap_or(created);
    let request = SealRequest {
        version,
        vendor: args.vendor.clone(),
        id: args.id.clone(),
        seal_type: args.seal_type,
        name: args.name.clone(),
        owners,
        list: match args.list {
            ListArg::Certificates => ListKind::Certificates,
            ListArg::Digests => ListKind::Digests,
        },
        picture,
        created,
        valid_start: moment(args.valid_from.as_deref())?.unwrap_or(created),
        valid_end: moment(args.valid_to.as_deref())?.unwrap_or(latest),
    };
    let maker = trust::certificate(&args.maker_cert)?;
    let facts = args.trust.load(out)?;
    let facts = (!args.trust.trust.is_empty()).then_some(&facts);
    let client = args.tsa.as_deref().map(tsa_client::client).transpose()?;
    let key = keys::load(&args.maker_key, &args.password)?;
    let seal = make(&request, &maker, &key, facts, client.as_ref().map(|c| c as &dyn TimestampSource))?;
    files::write(&args.output, &seal)?;
    for note in &notes {
        out.note(format!("{}{}", out.pick("提醒：", "note: "), note.get(out.lang)));
    }
    out.say(format!(
        "{} {} ({} {}, {} – {})",
        out.pick("已写出", "written:"),
        args.output.display(),
        request.name,
        request.id,
        request.valid_start,
        request.valid_end
    ));
    out.value(&json!({
        "output": args.output.to_string_lossy(),
        "bytes": seal.len(),
        "id": request.id,
        "name": request.name,
        "version": version.number(),
        "valid_from": request.valid_start.to_string(),
        "valid_to": request.valid_end.to_string(),
        "maker": maker.subject.to_string(),
        "notes": notes.iter().map(|n| n.get(out.lang)).collect::<Vec<_>>(),
    }));
    Ok(0)
}

fn moment(text: Option<&str>) -> Result<Option<jiff::Timestamp>, Failure> {
    text.map(time::parse).transpose()
}
