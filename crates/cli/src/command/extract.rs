//! `yinxin extract`: a PDF as it was when it was signed.

use std::io::Read;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use yinxin_pdf::{Document, Limits, Revision};

use super::sign::is_pdf;
use crate::failure::{Failure, Outcome};
use crate::files;
use crate::output::Output;

/// Arguments of `extract`.
#[derive(Debug, Args)]
#[command(after_help = "示例 / examples:
  yinxin inspect in.pdf                          # 列出各版本 / lists the revisions
  yinxin extract in.pdf --revision 1 -o seen.pdf")]
pub struct ExtractArgs {
    /// PDF 文件 / the PDF document
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// 第几个版本，从 1 起：每次签章时的文件为一个版本，最后一个为现在的文件 / which revision, from 1: the document at each signing is one, the last is the file as it is
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub revision: u32,
    /// 写出的文件 / the file to write
    #[arg(short, long, value_name = "OUT")]
    pub output: PathBuf,
}

/// Writes the bytes that were signed, and shown, then.
pub fn run(args: &ExtractArgs, out: &Output) -> Outcome {
    if !is_pdf(&args.file)? {
        let say = "OFD 没有版本可取：其签章保护的部分在后续签章时不变 / an OFD has no revisions: what its seals protect does not change with later ones";
        return Err(Failure::new("EXTRACT_NOT_PDF", say));
    }
    let mut document = Document::open(files::open(&args.file)?, &Limits::default())?;
    let revisions = document.revisions()?;
    let number = usize::try_from(args.revision).unwrap_or(usize::MAX);
    let Some(Revision { end, signatures }) = revisions.get(number.saturating_sub(1)) else {
        let count = revisions.len();
        let say = format!(
            "没有第 {number} 个版本，共 {count} 个 / there is no revision {number}, there are {count}"
        );
        return Err(Failure::new("EXTRACT_NO_SUCH_REVISION", say));
    };
    let mut input = files::open(&args.file)?.take(*end);
    let written = files::write_with(&args.output, |file| {
        std::io::copy(&mut input, file).map_err(|e| Failure::new("FILE_WRITE", e.to_string()))
    })?;
    out.say(format!("{} {} ({written} B)", out.pick("已写出", "written:"), args.output.display()));
    if !signatures.is_empty() {
        out.say(format!(
            "{} {}",
            out.pick("签章人所见，签名域：", "as signed in the field(s)"),
            signatures.join(", ")
        ));
    }
    out.value(&json!({
        "output": args.output.to_string_lossy(),
        "bytes": written,
        "revision": number,
        "revisions": revisions.len(),
        "signatures": signatures,
    }));
    Ok(0)
}
