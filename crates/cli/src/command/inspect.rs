//! `yinxin inspect`: any structure, told by its bytes.

mod document;
mod document_text;
mod pdf;
mod pdf_text;

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use yinxin_formats::der::Limits;
use yinxin_formats::inspect::inspect;
use yinxin_seal::report::{Lang, to_value};

use super::sign::is_pdf;
use crate::document_password::DocumentPasswordArgs;
use crate::failure::{Failure, Outcome};
use crate::files;
use crate::output::Output;

/// Arguments of `inspect`.
#[derive(Debug, Args)]
pub struct InspectArgs {
    /// 印章、签章值、证书、CRL、OCSP、时间戳、签名数据（PEM 或 DER），或 OFD、PDF 文件 / a seal, signature value, certificate, CRL, OCSP response, timestamp, SignedData (PEM or DER), or an OFD or PDF document
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Password of an encrypted PDF.
    #[command(flatten)]
    pub document_password: DocumentPasswordArgs,
}

/// Shows what is in a file.
pub fn run(args: &InspectArgs, out: &Output) -> Outcome {
    if is_der_or_pem(&args.file)? {
        structure(&args.file, out)
    } else if is_pdf(&args.file)? {
        pdf::run(&args.file, args.document_password.read()?.as_deref(), out)
    } else {
        document::run(&args.file, out)
    }
}

fn structure(path: &Path, out: &Output) -> Outcome {
    let bytes = files::read(path)?;
    let tree = inspect(&bytes, None, &Limits::default())
        .map_err(|e| Failure::new(e.code(), format!("{}: {e}", path.display())))?;
    out.say(tree.to_text(tree_lang(out.lang)));
    if out.json {
        out.value(&json!({ "file": path.to_string_lossy(), "format": "DER", "tree": to_value(&tree) }));
    }
    Ok(0)
}

/// Told by the first bytes: DER begins with a SEQUENCE, PEM is text with an armor; everything else may be a package.
fn is_der_or_pem(path: &Path) -> Result<bool, Failure> {
    use std::io::Read;
    let mut head = Vec::new();
    let wrong = |e: std::io::Error| Failure::new("FILE_READ", format!("{}: {e}", path.display()));
    files::open(path)?.take(64 << 10).read_to_end(&mut head).map_err(wrong)?;
    let document = head.starts_with(b"PK") || head.starts_with(b"%PDF");
    Ok(head.first() == Some(&0x30) || head.windows(11).any(|w| w == b"-----BEGIN ") && !document)
}

/// The language of the reports as that of annotated trees.
pub fn tree_lang(lang: Lang) -> yinxin_formats::inspect::Lang {
    match lang {
        Lang::Zh => yinxin_formats::inspect::Lang::Zh,
        Lang::En => yinxin_formats::inspect::Lang::En,
    }
}
