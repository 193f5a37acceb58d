//! `yinxin extend`: what verifies a sealed PDF in later years.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::json;
use yinxin_seal::sign::{Extend, LongTerm, TimestampSource, extend_pdf};

use crate::document_password::DocumentPasswordArgs;
use crate::failure::{Failure, Outcome};
use crate::output::Output;
use crate::trust::TrustArgs;
use crate::{files, time, tsa_client};

/// Arguments of `extend`.
#[derive(Debug, Args)]
#[command(after_help = "示例 / examples:
  yinxin extend sealed.pdf -o kept.pdf --trust roots/ --crl ca.crl --tsa http://tsa.example/
  yinxin extend sealed.pdf -o kept.pdf --level lt --trust roots/ --crl ca.crl
  yinxin extend kept.pdf -o kept.pdf --trust roots/ --crl new.crl --tsa http://tsa.example/")]
pub struct ExtendArgs {
    /// 已签章的 PDF 文件 / the sealed PDF
    #[arg(value_name = "IN")]
    pub input: PathBuf,
    /// 写出的文件；可与 IN 相同，成功后才替换 / the file to write; may be IN, which is replaced only on success
    #[arg(short, long, value_name = "OUT")]
    pub output: PathBuf,
    /// 级别：lt 证书和吊销信息，lta 另加文档时间戳 / level: lt certificates and revocation data, lta a document timestamp too
    #[arg(long, value_name = "LEVEL", value_enum, default_value = "lta")]
    pub level: Level,
    /// 时间戳服务地址（RFC 3161），lta 需要 / address of a timestamp service (RFC 3161), for lta
    #[arg(long, value_name = "URL", required_if_eq("level", "lta"))]
    pub tsa: Option<String>,
    /// Password of an encrypted PDF.
    #[command(flatten)]
    pub document_password: DocumentPasswordArgs,
    /// What certificates and revocation data come from.
    #[command(flatten)]
    pub trust: TrustArgs,
    /// 判断时刻（RFC 3339），默认为现在；仅供测试 / the moment to judge at (RFC 3339), now if not given; for tests
    #[arg(long, value_name = "RFC3339")]
    pub at: Option<String>,
}

/// How far to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Level {
    /// 证书和吊销信息 / certificates and revocation data
    Lt,
    /// 另加文档时间戳 / a document timestamp too
    Lta,
}

/// Copies the document and appends to the copy.
pub fn run(args: &ExtendArgs, out: &Output) -> Outcome {
    let facts = args.trust.load(out)?;
    let at = args.at.as_deref().map_or_else(|| Ok(time::now()), time::parse)?;
    let client = args.tsa.as_deref().map(tsa_client::client).transpose()?;
    let source = client.as_ref().map(|c| c as &dyn TimestampSource);
    let level = match args.level {
        Level::Lt => LongTerm::Data,
        Level::Lta => LongTerm::Archive,
    };
    let mut input = files::open(&args.input)?;
    let done = files::write_with(&args.output, |file| {
        std::io::copy(&mut input, file)
            .map_err(|e| Failure::new("FILE_WRITE", format!("{}: {e}", args.output.display())))?;
        let how = Extend { level, now: at, password: args.document_password.read()? };
        Ok(extend_pdf(file, &how, &facts, source)?)
    })?;
    let word =
        |done, zh, en| if done { out.pick(zh, en) } else { out.pick("无须补充", "nothing to add") };
    out.say(format!(
        "{} {}\n{} {}\n{} {}",
        out.pick("已写出", "written:"),
        args.output.display(),
        out.pick("验证资料", "validation data:"),
        word(done.data, "已补充", "added"),
        out.pick("文档时间戳", "document timestamp:"),
        word(done.timestamp, "已加盖", "added"),
    ));
    out.value(&json!({
        "output": args.output.to_string_lossy(),
        "bytes": done.bytes,
        "validation_data": done.data,
        "document_timestamp": done.timestamp,
    }));
    Ok(0)
}
