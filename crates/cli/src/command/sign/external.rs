//! Signing with a key elsewhere: a job file goes out, a signature comes back.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use yinxin_crypto::sm3;
use yinxin_formats::der::Limits;
use yinxin_formats::ses::{Seal, read_sm2_signature};
use yinxin_formats::x509::Certificate;
use yinxin_pdf::Document;
use yinxin_seal::sign::{
    PreparedPdf, PreparedSignature, SignDocumentError, SignRequest, prepare_ofd, prepare_pdf,
    range_digest_file,
};

use super::{
    Extending, SignArgs, is_pdf, long_term, open, read_seal, request, say_written, signer, source, timestamp,
    write,
};
use crate::failure::{Failure, Outcome};
use crate::files;
use crate::output::Output;
use crate::time;

/// Largest file with a signature value looked at, in bytes.
const MAX_SIGNATURE: usize = 4096;

/// Writes the job file: what is to be signed, in the forms signing devices take, and what completing needs.
pub fn prepare(args: &SignArgs, job: &Path, out: &Output) -> Outcome {
    let seal = read_seal(args)?;
    let cert = signer::without_key(args, seal.as_ref())?;
    let request = request(args, seal.as_ref(), cert, out)?;
    let facts = args.trust.load(out)?;
    if is_pdf(&args.input)? {
        let limits = yinxin_pdf::Limits::default();
        let password = request.document_password.as_deref();
        let mut document = Document::open_with(files::open(&args.input)?, &limits, password)
            .map_err(|e| SignDocumentError::from(yinxin_pdf::sign::SignError::from(e)))?;
        let prepared = prepare_pdf(&mut document, &request, &facts)?;
        let made = Made {
            to_sign: &prepared.to_sign,
            digest: prepared.digest()?,
            prepared: yinxin_seal::report::to_value(&prepared),
            id: &prepared.document.field,
            range: Some(prepared.document.data_hash),
        };
        made.write(job, &request)?;
        if let Some(file) = &args.signature_file {
            return digest_for_a_service((job, file), &prepared, out);
        }
        made.tell(job, &request, out);
        return Ok(0);
    }
    let prepared = prepare_ofd(&mut open(&args.input)?, &request, &facts)?;
    let made = Made {
        to_sign: &prepared.to_sign,
        digest: prepared.digest()?,
        prepared: yinxin_seal::report::to_value(&prepared),
        id: &prepared.document.id,
        range: None,
    };
    made.write(job, &request)?;
    if let Some(file) = &args.signature_file {
        return for_a_service((job, file), &prepared, out);
    }
    made.tell(job, &request, out);
    Ok(0)
}

/// What was prepared, for a document of either kind.
struct Made<'a> {
    to_sign: &'a [u8],
    digest: [u8; 32],
    prepared: Value,
    id: &'a str,
    /// SM3 over a PDF's range: what a service that seals by digests is given.
    range: Option<[u8; 32]>,
}

impl Made<'_> {
    fn write(&self, job: &Path, request: &SignRequest) -> Result<(), Failure> {
        let value = json!({
            "algorithm": "SM2 with SM3 (1.2.156.10197.1.501)",
            "user_id": "1234567812345678",
            "to_sign": STANDARD.encode(self.to_sign),
            "digest": hex::encode(self.digest),
            "signer": request.signer.subject.to_string(),
            "signing_time": request.time.to_string(),
            "prepared": self.prepared,
        });
        files::write(job, format!("{value:#}\n").as_bytes())
    }

    fn tell(&self, job: &Path, request: &SignRequest, out: &Output) {
        let digest = hex::encode(self.digest);
        out.say(format!(
            "{} {}\n{} {digest}",
            out.pick("待签文件", "job file:"),
            job.display(),
            out.pick("待签杂凑值（含 Z）", "digest to sign (with Z):"),
        ));
        if let Some(range) = self.range {
            let word = out.pick("签名范围的 SM3 摘要（不含 Z）", "SM3 of the signed range (without Z):");
            out.say(format!("{word} {}", hex::encode(range)));
        }
        out.value(&json!({
            "output": job.to_string_lossy(),
            "to_sign": STANDARD.encode(self.to_sign),
            "digest": digest,
            "range_digest": self.range.map(hex::encode),
            "signature_id": self.id,
            "signer": request.signer.subject.to_string(),
            "signing_time": request.time.to_string(),
        }));
    }
}

/// Writes `Signature.xml` and says what a request for it has to name: the document itself is not handed over.
fn for_a_service((job, file): (&Path, &Path), prepared: &PreparedSignature, out: &Output) -> Outcome {
    let xml = prepared.document.signature_xml();
    files::write(file, xml)?;
    let digest = hex::encode(prepared.document.data_hash);
    let path = prepared.document.property_info();
    out.say(format!(
        "{} {}\n{} {}\n{} {path}\n{} {digest}",
        out.pick("待签文件", "job file:"),
        job.display(),
        out.pick("签名文件", "signature file:"),
        file.display(),
        out.pick("文件内路径", "its path in the document:"),
        out.pick("SM3 摘要", "SM3:"),
    ));
    out.value(&json!({
        "output": job.to_string_lossy(),
        "signature_file": file.to_string_lossy(),
        "signature_path": path,
        "digest": digest,
        "size": xml.len(),
        "signature_id": prepared.document.id,
    }));
    Ok(0)
}

/// Writes the digest of a PDF's range, and says what a request for it has to name.
fn digest_for_a_service((job, file): (&Path, &Path), prepared: &PreparedPdf, out: &Output) -> Outcome {
    let digest = range_digest_file(&prepared.document.data_hash);
    files::write(file, &digest)?;
    let named = hex::encode(sm3(&digest));
    out.say(format!(
        "{} {}\n{} {}\n{} {named}",
        out.pick("待签文件", "job file:"),
        job.display(),
        out.pick("签名范围的摘要文件", "digest of the range:"),
        file.display(),
        out.pick("该摘要文件的 SM3 摘要", "SM3 of that file:"),
    ));
    out.value(&json!({
        "output": job.to_string_lossy(),
        "signature_file": file.to_string_lossy(),
        "range_digest": hex::encode(prepared.document.data_hash),
        "digest": named,
        "size": digest.len(),
        "signature_id": prepared.document.field,
    }));
    Ok(0)
}

/// Verifies what came back, a signature or the whole value, and writes the sealed document.
pub fn complete(args: &SignArgs, job: &Path, out: &Output) -> Outcome {
    let Some(output) = &args.output else { return Err(Failure::new("ARGUMENTS", "--output")) };
    let inner = read_job(job)?;
    if let Some(prepared) = PreparedPdf::from_json(inner.to_string().as_bytes())? {
        return complete_pdf(args, output, &prepared, out);
    }
    let prepared = PreparedSignature::from_json(inner.to_string().as_bytes())?;
    let value = match (&args.signature, &args.value) {
        (Some(signature), _) => prepared.complete(&bare(signature)?, source(&timestamp(args)?))?,
        (_, Some(value)) => accepted(args, &prepared, value, out)?,
        _ => return Err(Failure::new("ARGUMENTS", "--signature, --value")),
    };
    let mut package = open(&args.input)?;
    let size = write(output, package.file_size(), |file, progress| {
        Ok(prepared.embed(&mut package, &value, file, progress)?)
    })?;
    report(output, size, &prepared, out);
    Ok(0)
}

/// The value that a service made.
fn accepted(
    args: &SignArgs,
    prepared: &PreparedSignature,
    value: &Path,
    out: &Output,
) -> Result<Vec<u8>, Failure> {
    let value = files::read(value)?;
    let at = args.at.as_deref().map_or_else(|| Ok(time::now()), time::parse)?;
    prepared.accept(&value, &args.trust.load(out)?, at)?;
    Ok(value)
}

/// The same for a PDF.
fn complete_pdf(args: &SignArgs, output: &Path, prepared: &PreparedPdf, out: &Output) -> Outcome {
    let stamp = timestamp(args)?;
    let facts = args.trust.load(out)?;
    let at = args.at.as_deref().map_or_else(|| Ok(time::now()), time::parse)?;
    let value = match (&args.signature, &args.value) {
        (Some(signature), _) => prepared.complete(&bare(signature)?, source(&stamp))?,
        (_, Some(value)) => {
            let value = files::read(value)?;
            prepared.accept(&value, &facts, at)?;
            value
        }
        _ => return Err(Failure::new("ARGUMENTS", "--signature, --value")),
    };
    let input = files::open(&args.input)?;
    let size = input.metadata().map_or(0, |m| m.len());
    let bytes = write(output, size, |file, progress| {
        let bytes = prepared.embed(input, &value, &mut *file, progress)?;
        let how = Extending { now: at, password: args.document_password.read()? };
        long_term::reach(args.level, file, bytes, &facts, how, source(&stamp))
    })?;
    let signer = Certificate::parse(&prepared.signer, &Limits::default());
    let signer = signer.map(|c| c.subject.to_string()).unwrap_or_default();
    say_written(output, &signer, &prepared.time, out);
    out.value(&json!({
        "output": output.to_string_lossy(),
        "bytes": bytes,
        "signature_id": prepared.document.field,
        "signer": signer,
        "signing_time": prepared.time,
    }));
    Ok(0)
}

/// A bare signature from a file.
fn bare(signature: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = files::read(signature)?;
    decode(&bytes).ok_or_else(|| {
        let say = format!(
            "{}: 不是 SM2 签名值（DER 或 64 字节 r‖s，二进制、十六进制或 Base64） / no SM2 signature (DER or 64 bytes r‖s, \
             binary, hex or base64)",
            signature.display()
        );
        Failure::new("SIGNATURE_FORMAT", say)
    })
}

fn report(output: &Path, bytes: u64, prepared: &PreparedSignature, out: &Output) {
    let limits = Limits::default();
    let signer =
        Certificate::parse(&prepared.signer, &limits).map(|c| c.subject.to_string()).unwrap_or_default();
    let seal = prepared.document.seal_bytes().and_then(|b| Seal::parse(b, &limits).ok());
    say_written(output, &signer, &prepared.time, out);
    out.value(&json!({
        "output": output.to_string_lossy(),
        "bytes": bytes,
        "signature_id": prepared.document.id,
        "signer": signer,
        "signing_time": prepared.time,
        "seal": seal.map(|s| json!({ "id": s.es_id, "name": s.property.name })),
    }));
}

/// What a job file holds of the prepared signature.
fn read_job(path: &Path) -> Result<Value, Failure> {
    let bad = |e: String| Failure::new("PREPARED_MALFORMED", format!("{}: {e}", path.display()));
    let mut value: Value = serde_json::from_slice(&files::read(path)?).map_err(|e| bad(e.to_string()))?;
    value
        .get_mut("prepared")
        .map(Value::take)
        .ok_or_else(|| bad("没有 prepared 一项 / it has no member “prepared”".into()))
}

/// The signature in whatever form it came: binary, hex or base64 of DER or r‖s.
fn decode(bytes: &[u8]) -> Option<Vec<u8>> {
    let fits = |b: &Vec<u8>| read_sm2_signature(b).is_ok();
    if bytes.len() > MAX_SIGNATURE {
        return None;
    }
    if let Some(binary) = Some(bytes.to_vec()).filter(fits) {
        return Some(binary);
    }
    let text: String = std::str::from_utf8(bytes).ok()?.split_ascii_whitespace().collect();
    let colonless = text.replace(':', "");
    hex::decode(colonless).ok().filter(fits).or_else(|| STANDARD.decode(&text).ok().filter(fits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_a_signature_in_every_form_promised() {
        let raw: Vec<u8> = (1..=64).collect();
        let der = yinxin_crypto::Sm2Signature::from_raw64(&raw).unwrap().to_der();
        for form in [&raw, &der] {
            let (hex, base64) = (hex::encode(form), STANDARD.encode(form));
            let lines = format!("{}\n{}\n", hex.split_at(20).0.to_uppercase(), hex.split_at(20).1);
            for given in [form.clone(), hex.into_bytes(), base64.into_bytes(), lines.into_bytes()] {
                assert_eq!(decode(&given).as_ref(), Some(form));
            }
        }
    }

    #[test]
    fn rejects_what_is_no_signature() {
        for bytes in [&b""[..], b"hello", &[0x30; 70], &[7; 5000]] {
            assert_eq!(decode(bytes), None);
        }
    }
}
