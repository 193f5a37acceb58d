//! `yinxin sign`: in one go, or prepared for a key elsewhere and completed later.

mod external;
pub mod keyword;
pub mod long_term;
mod place;
mod signer;

use std::fs::File;
use std::path::{Path, PathBuf};

use clap::{ArgGroup, Args, ValueEnum};
use serde_json::json;
use yinxin_formats::der::Limits;
use yinxin_formats::ses::Seal;
use yinxin_ofd::Package;
use yinxin_ofd::sign::Mode;
use yinxin_seal::sign::{SignRequest, TimestampSource, What, shown_otherwise, sign_ofd, sign_pdf};
use yinxin_seal::{DocumentKind, document_kind};

use long_term::Extending;
pub use place::read_pages;

use crate::document_password::DocumentPasswordArgs;
use crate::failure::{Failure, Outcome};
use crate::fonts::FontArgs;
use crate::keys::PasswordArgs;
use crate::output::Output;
use crate::trust::TrustArgs;
use crate::tsa_client;
use crate::{files, progress, time};
use yinxin_server::signing::timestamp::HttpTimestamp;

/// Arguments of `sign`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("with").args(["seal", "no_seal", "complete"]).required(true))]
#[command(group = ArgGroup::new("by").args(["key", "prepare", "complete"]).required(true))]
#[command(after_help = "示例 / examples:
  yinxin sign in.ofd -o out.ofd --seal seal.esl --key signer.key --password-file pw \\
      --page 1 --x 130 --y 200
  yinxin sign in.ofd -o out.ofd --seal seal.esl --key signer.p12 --cross-page right
  yinxin sign in.pdf -o out.pdf --seal seal.esl --key signer.p12 --keyword 甲方（盖章）
  yinxin sign in.pdf -o out.pdf --seal seal.esl --key signer.p12 --field 甲方签章
  yinxin sign in.ofd -o out.ofd --seal seal.esl --key signer.p12 --keyword 甲方（盖章） --offset 10,0
  yinxin sign in.ofd --prepare job.json --seal seal.esl --cert signer.cer --cross-page right
  yinxin sign in.ofd -o out.ofd --complete job.json --signature sig.der
  yinxin sign in.ofd --prepare job.json --signature-file Signature.xml --seal seal.esl --page 1 --x 130 --y 200
  yinxin sign in.ofd -o out.ofd --complete job.json --value SignedValue.dat")]
#[command(group = ArgGroup::new("made").args(["signature", "value"]))]
pub struct SignArgs {
    /// 要签章的 OFD 或 PDF 文件 / the OFD or PDF document to seal
    #[arg(value_name = "IN")]
    pub input: PathBuf,
    /// 签章后的文件；可与 IN 相同，成功后才替换 / the sealed document; may be IN, which is replaced only on success
    #[arg(short, long, value_name = "OUT", required_unless_present = "prepare", conflicts_with = "prepare")]
    pub output: Option<PathBuf>,
    /// 印章文件 / the seal
    #[arg(long, value_name = "FILE")]
    pub seal: Option<PathBuf>,
    /// 不用印章，只作数字签名（OFD：GB/T 35275；PDF：CAdES） / sign without a seal (OFD: SignedData of GB/T 35275; PDF: CAdES)
    #[arg(long)]
    pub no_seal: bool,
    /// 不用印章的 PDF 签名采用 GB/T 35275 的标识符，而非 RFC 5652 的 / sign a PDF without a seal under the identifiers of GB/T 35275 instead of RFC 5652
    #[arg(long, requires = "no_seal")]
    pub gbt35275: bool,
    /// 签章人私钥：PEM、DER、PKCS#8（可加密）或 PKCS#12 / the signer's private key: PEM, DER, PKCS#8 (may be encrypted) or PKCS#12
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// 签章人证书；不给则取 PKCS#12 中的，或印章所列证书中与私钥匹配的 / the signer's certificate; if not given the one in the PKCS#12 file, or the one the seal lists for the key
    #[arg(long, value_name = "FILE")]
    pub cert: Option<PathBuf>,
    /// Password of the key.
    #[command(flatten)]
    pub password: PasswordArgs,
    /// Where the seal stands.
    #[command(flatten)]
    pub place: place::PlaceArgs,
    /// Where it stands, found by a word.
    #[command(flatten)]
    pub keyword: keyword::KeywordArgs,
    /// 整体签章（OFD）：此后不能再追加签章 / protect the whole document: no further signature may follow
    #[arg(long)]
    pub whole: bool,
    /// 声明本签章建立在该 ID 的签章之上 / the ID of the earlier signature this one builds on
    #[arg(long, value_name = "ID")]
    pub relative: Option<String>,
    /// 文件包中的第几个文档，从 1 起 / which document of the package, from 1
    #[arg(long, value_name = "N", default_value = "1", value_parser = clap::value_parser!(u16).range(1..))]
    pub document: u16,
    /// Password of an encrypted PDF.
    #[command(flatten)]
    pub document_password: DocumentPasswordArgs,
    /// 作认证签名（PDF，须是第一个签名）：此后允许的改动：nothing 不允许，fill 填表和签名，annotate 另加批注 / certify the PDF (first signature only): what may change afterwards
    #[arg(long, value_name = "LEVEL", value_enum)]
    pub certify: Option<Certify>,
    /// 时间戳服务地址（RFC 3161） / address of a timestamp service (RFC 3161)
    #[arg(long, value_name = "URL")]
    pub tsa: Option<String>,
    /// 签章的级别（PDF）：t 带时间戳，lt 另带全部证书和吊销信息，lta 另加文档时间戳；后两者须给出 --trust 和 --crl 或 --ocsp / level of the signature in a PDF: t a timestamp, lt all certificates and revocation data too, lta a document timestamp over them
    #[arg(long, value_name = "LEVEL", value_enum, requires = "tsa")]
    pub level: Option<long_term::SignLevel>,
    /// Trust: with it, seal and signer must lead to an anchor before anything is signed.
    #[command(flatten)]
    pub trust: TrustArgs,
    /// 签章时间（RFC 3339），默认为现在；仅供测试 / the moment of signing (RFC 3339), now if not given; for tests
    #[arg(long, value_name = "RFC3339")]
    pub at: Option<String>,
    /// 只准备：把待签数据写入该文件，由别处的密钥签名 / prepare only: write what is to be signed to this file, for a key elsewhere
    #[arg(long, value_name = "JSON")]
    pub prepare: Option<PathBuf>,
    /// 只准备时：另把 Signature.xml（PDF：签名范围的摘要）写入该文件，交给只收摘要的服务签章；文档中不写时间，时间由该服务给出 / when preparing: also write Signature.xml (PDF: the digest of the signed range), for a service that seals by digests; without a time, which the service gives
    #[arg(long, value_name = "FILE", requires = "prepare", conflicts_with = "no_seal")]
    pub signature_file: Option<PathBuf>,
    /// 完成：用别处签出的值完成该文件所述的签章 / complete the signature this file describes with a value signed elsewhere
    #[arg(long, value_name = "JSON", requires = "made")]
    pub complete: Option<PathBuf>,
    /// 别处签出的 SM2 签名值：DER 或 64 字节 r‖s，二进制、十六进制或 Base64 / the SM2 signature made elsewhere: DER or 64 bytes r‖s, binary, hex or base64
    #[arg(long, value_name = "FILE", requires = "complete")]
    pub signature: Option<PathBuf>,
    /// 签章服务给出的签章数据（SES_Signature，SignedValue.dat），先验证再放入文件 / the SES_Signature a service made, verified before it goes into the document
    #[arg(long, value_name = "FILE", requires = "complete", conflicts_with = "tsa")]
    pub value: Option<PathBuf>,
}

/// What may change after a certification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Certify {
    /// 不允许任何改动 / nothing
    Nothing,
    /// 填表和签名 / filling in fields and signing
    Fill,
    /// 填表、签名和批注 / annotations too
    Annotate,
}

impl From<Certify> for yinxin_pdf::Level {
    fn from(c: Certify) -> Self {
        match c {
            Certify::Nothing => Self::Nothing,
            Certify::Fill => Self::Fill,
            Certify::Annotate => Self::Annotate,
        }
    }
}

/// Signs, prepares or completes.
pub fn run(args: &SignArgs, out: &Output) -> Outcome {
    match (&args.prepare, &args.complete) {
        (Some(job), _) => external::prepare(args, job, out),
        (_, Some(job)) => external::complete(args, job, out),
        _ => sign(args, out),
    }
}

fn sign(args: &SignArgs, out: &Output) -> Outcome {
    let (Some(output), Some(key)) = (&args.output, &args.key) else {
        return Err(Failure::new("ARGUMENTS", "--output, --key"));
    };
    let seal = read_seal(args)?;
    let (key, cert) = signer::with_key(args, key, seal.as_ref())?;
    let request = request(args, seal.as_ref(), cert, out)?;
    let facts = args.trust.load(out)?;
    let stamp = timestamp(args)?;
    let bytes = if is_pdf(&args.input)? {
        let input = files::open(&args.input)?;
        let size = input.metadata().map_or(0, |m| m.len());
        write(output, size, |file, progress| {
            let bytes = sign_pdf(input, &request, &key, &facts, source(&stamp), &mut *file, progress)?;
            let how = Extending { now: request.time, password: request.document_password.clone() };
            long_term::reach(args.level, file, bytes, &facts, how, source(&stamp))
        })?
    } else {
        let mut package = open(&args.input)?;
        write(output, package.file_size(), |file, progress| {
            Ok(sign_ofd(&mut package, &request, &key, &facts, source(&stamp), file, progress)?)
        })?
    };
    report(output, bytes, &request, seal.as_ref(), out);
    Ok(0)
}

/// What is asked of the library, from the arguments.
fn request(
    args: &SignArgs,
    seal: Option<&Seal>,
    signer: yinxin_formats::x509::Certificate,
    out: &Output,
) -> Result<SignRequest, Failure> {
    let at = args.at.as_deref().map_or_else(|| Ok(time::now()), time::parse)?;
    let what = seal.map_or(What::Sign, |s| What::Seal(s.raw().to_vec()));
    if args.level.is_some() && !is_pdf(&args.input)? {
        let say = "--level 只用于 PDF / --level is for PDF only";
        return Err(Failure::new("SIGN_NOT_IN_OFD", say));
    }
    let mut request = SignRequest::new(what, signer, at);
    request.placements = args.place.placements(seal)?;
    request.field = args.place.field_asked(seal);
    request.body = usize::from(args.document.saturating_sub(1));
    request.document_password = args.document_password.read()?;
    if args.keyword.keyword.is_some() {
        let (fonts, password) = (FontArgs::default().load()?, request.document_password.as_deref());
        let size = args.place.size(seal);
        let found = args.keyword.placements(&args.input, request.body, fonts, password, size)?;
        request.placements.extend(found);
    }
    if seal.is_some() && request.placements.is_empty() && request.field.is_none() {
        out.note(out.pick(
            "提醒：没有给出 --page、--keyword、--cross-page 或 --field，印章不会显示在任何一页上",
            "note: none of --page, --keyword, --cross-page, --field given, the seal will not be shown on any page",
        ));
    }
    if let Some(seal) = seal.filter(|_| !request.placements.is_empty())
        && is_pdf(&args.input)?
    {
        for note in shown_otherwise(seal)? {
            let say = out.pick(
                "提醒：印章图像在 PDF 中的显示与印章内不尽相同：",
                "note: the PDF shows the seal's picture otherwise: ",
            );
            out.note(format!("{say}{}", out.pick(&note.zh(), &note.en())));
        }
    }
    request.mode = if args.whole { Mode::Whole } else { Mode::Continue };
    request.relative_to = args.relative.clone();
    request.gbt35275 = args.gbt35275;
    request.certify = args.certify.map(Into::into);
    request.show_time = args.signature_file.is_none();
    Ok(request)
}

fn read_seal(args: &SignArgs) -> Result<Option<Seal>, Failure> {
    let Some(path) = &args.seal else { return Ok(None) };
    let bytes = files::read(path)?;
    let seal = Seal::parse(&bytes, &Limits::default())
        .map_err(|e| Failure::new(e.code(), format!("{}: 不是印章 / not a seal: {e}", path.display())))?;
    Ok(Some(seal))
}

/// Whether the document is a PDF, by its content.
pub fn is_pdf(path: &Path) -> Result<bool, Failure> {
    let kind = document_kind(files::open(path)?)
        .map_err(|e| Failure::new("IO", format!("{}: {e}", path.display())))?;
    if kind == DocumentKind::Both {
        let say = "文件既是 PDF 又是 zip 文件包，不予处理 / the file is a PDF and a zip package at once and is not worked on";
        return Err(Failure::new("PDF_AND_ZIP", format!("{}: {say}", path.display())));
    }
    Ok(kind == DocumentKind::Pdf)
}

fn open(path: &Path) -> Result<Package<File>, Failure> {
    let place = |e: yinxin_ofd::OfdError| Failure::new(e.code(), format!("{}: {e}", path.display()));
    Package::open(files::open(path)?, &yinxin_ofd::Limits::default()).map_err(place)
}

/// The timestamp service asked for.
fn timestamp(args: &SignArgs) -> Result<Option<HttpTimestamp>, Failure> {
    args.tsa.as_deref().map(tsa_client::client).transpose()
}

/// A timestamp service as the library takes it.
fn source(client: &Option<HttpTimestamp>) -> Option<&dyn TimestampSource> {
    client.as_ref().map(|c| c as &dyn TimestampSource)
}

/// Writes the output as a whole or not at all, with a bar for large documents.
fn write(
    output: &Path,
    size: u64,
    fill: impl FnOnce(&mut File, &mut dyn FnMut(u64, u64)) -> Result<u64, Failure>,
) -> Result<u64, Failure> {
    let bar = progress::bar(size);
    let mut tick = |done: u64, _: u64| {
        if let Some(b) = &bar {
            b.set_position(done);
        }
    };
    let result = files::write_with(output, |file| fill(file, &mut tick));
    if let Some(b) = &bar {
        b.finish_and_clear();
    }
    result
}

/// Says what was written, who signed and when.
fn say_written(output: &Path, signer: &str, time: &dyn std::fmt::Display, out: &Output) {
    out.say(format!(
        "{} {}\n{} {signer}\n{} {time}",
        out.pick("已写出", "written:"),
        output.display(),
        out.pick("签章人", "signer:"),
        out.pick("签章时间", "time:"),
    ));
}

fn report(output: &Path, bytes: u64, request: &SignRequest, seal: Option<&Seal>, out: &Output) {
    let signer = request.signer.subject.to_string();
    say_written(output, &signer, &request.time, out);
    out.value(&json!({
        "output": output.to_string_lossy(),
        "bytes": bytes,
        "signer": signer,
        "signing_time": request.time.to_string(),
        "seal": seal.map(|s| json!({ "id": s.es_id, "name": s.property.name })),
    }));
}
