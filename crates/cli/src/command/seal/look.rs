//! `yinxin seal inspect`.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};
use yinxin_formats::der::Limits;
use yinxin_formats::inspect::{Kind, inspect};
use yinxin_formats::ses::{CertList, Seal, SesSignature};
use yinxin_formats::x509::Certificate;

use crate::command::inspect::tree_lang;
use crate::failure::{Failure, Outcome};
use crate::files;
use crate::output::Output;

/// Arguments of `seal inspect`.
#[derive(Debug, Args)]
pub struct LookArgs {
    /// 印章文件，或含印章的签章值 / a seal, or a signature value that holds one
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// 把印章图像写到该文件 / write the seal's picture to this file
    #[arg(long, value_name = "OUT")]
    pub picture: Option<PathBuf>,
    /// 只显示概要 / the summary only
    #[arg(long)]
    pub summary: bool,
}

/// Shows a seal.
pub fn run(args: &LookArgs, out: &Output) -> Outcome {
    let bytes = files::read(&args.file)?;
    let limits = Limits::default();
    // A signature value is tried second, so that what is no seal is told as such.
    let seal = match (Seal::parse(&bytes, &limits), SesSignature::parse(&bytes, &limits)) {
        (Ok(seal), _) => seal,
        (_, Ok(signature)) => signature.seal,
        (Err(e), Err(_)) => {
            let say = format!("{}: 不是印章 / not a seal: {e}", args.file.display());
            return Err(Failure::new(e.code(), say));
        }
    };
    if let Some(path) = &args.picture {
        files::write(path, &seal.picture.data)?;
    }
    let summary = summary(&seal, out);
    for (zh, en, value) in &summary {
        out.say(format!("{}{value}", out.pick(zh, en)));
    }
    let tree = if args.summary { None } else { Some(inspect(seal.raw(), Some(Kind::Seal), &limits)?) };
    if let Some(tree) = &tree {
        out.say(format!("\n{}", tree.to_text(tree_lang(out.lang))));
    }
    if out.json {
        out.value(&value(args, &seal, tree.as_ref()));
    }
    Ok(0)
}

fn summary(seal: &Seal, out: &Output) -> Vec<(&'static str, &'static str, String)> {
    let p = &seal.property;
    let pick = &seal.picture;
    let list = match &p.certs {
        CertList::Certificates(c) => format!("{} × {}", c.len(), out.pick("证书", "certificate")),
        CertList::Digests(d) => format!("{} × {}", d.len(), out.pick("证书杂凑值", "certificate digest")),
    };
    vec![
        ("印章名称：", "Name:       ", p.name.clone()),
        ("印章编码：", "Code:       ", seal.es_id.clone()),
        ("版本：　　", "Version:    ", format!("{} ({})", seal.version, seal.version.standard())),
        ("类型代码：", "Type code:  ", p.seal_type.to_string()),
        ("厂商标识：", "Vendor:     ", seal.header.vid.clone()),
        ("制作时间：", "Created:    ", p.create_date.to_string()),
        ("有效期：　", "Valid:      ", format!("{} – {}", p.valid_start, p.valid_end)),
        (
            "图像：　　",
            "Picture:    ",
            format!("{} {}×{} mm, {} B", pick.kind, pick.width_mm, pick.height_mm, pick.data.len()),
        ),
        ("签章人：　", "Signers:    ", list),
        ("制章人：　", "Seal maker: ", maker(seal)),
        (
            "时间戳：　",
            "Timestamp:  ",
            if seal.timestamp.is_some() { out.pick("有", "yes") } else { out.pick("无", "none") }.to_owned(),
        ),
        ("偏差：　　", "Deviations: ", seal.deviations.len().to_string()),
    ]
}

fn maker(seal: &Seal) -> String {
    Certificate::parse(&seal.maker_cert, &Limits::default())
        .map_or_else(|e| format!("? ({e})"), |c| c.subject.to_string())
}

fn value(args: &LookArgs, seal: &Seal, tree: Option<&yinxin_formats::inspect::Tree>) -> Value {
    let p = &seal.property;
    json!({
        "file": args.file.to_string_lossy(),
        "name": p.name,
        "id": seal.es_id,
        "version": seal.version.number(),
        "header_version": seal.header.version,
        "type": p.seal_type,
        "vendor": seal.header.vid,
        "created": p.create_date.to_string(),
        "valid_from": p.valid_start.to_string(),
        "valid_to": p.valid_end.to_string(),
        "picture": {
            "type": seal.picture.kind,
            "bytes": seal.picture.data.len(),
            "width_mm": seal.picture.width_mm,
            "height_mm": seal.picture.height_mm,
        },
        "list_type": p.certs.type_number(),
        "signers": p.certs.len(),
        "maker": maker(seal),
        "timestamp": seal.timestamp.is_some(),
        "deviations": seal.deviations.iter().map(|d| json!({ "code": d.code, "at": d.at, "detail": d.detail })).collect::<Vec<_>>(),
        "tree": tree.map(yinxin_seal::report::to_value),
    })
}
