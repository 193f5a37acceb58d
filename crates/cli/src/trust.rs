//! What a verifier relies on, from files: anchors, intermediates, revocation lists, OCSP answers.

use std::path::{Path, PathBuf};

use clap::Args;
use yinxin_formats::crl::Crl;
use yinxin_formats::der::Limits;
use yinxin_formats::ocsp::OcspResponse;
use yinxin_formats::pem;
use yinxin_formats::x509::Certificate;
use yinxin_seal::TrustFacts;

use crate::failure::Failure;
use crate::files;
use crate::output::Output;

/// Most files looked at in one folder.
const MAX_FILES: usize = 10_000;

/// What to rely on.
#[derive(Debug, Clone, Args, Default)]
pub struct TrustArgs {
    /// 信任的证书：文件夹（不含子文件夹，PEM 或 DER；自签名者为信任锚，其余为中间证书；其中的 CRL 一并使用）或单个证书文件，可多次给出 / trusted certificates: a folder (not its subfolders; PEM or DER; self-signed ones are anchors, others intermediates; CRLs there are used too) or one certificate file; may be repeated
    #[arg(long, value_name = "DIR")]
    pub trust: Vec<PathBuf>,
    /// 证书吊销列表文件，PEM 或 DER，可多次给出 / a file with certificate revocation lists, PEM or DER; may be repeated
    #[arg(long, value_name = "FILE")]
    pub crl: Vec<PathBuf>,
    /// OCSP 响应文件，DER，可多次给出 / a file with an OCSP response, DER; may be repeated
    #[arg(long, value_name = "FILE")]
    pub ocsp: Vec<PathBuf>,
}

impl TrustArgs {
    /// Reads everything named. Files of a folder that claim to be certificates or lists and are broken are noted.
    pub fn load(&self, out: &Output) -> Result<TrustFacts, Failure> {
        let mut facts = TrustFacts::default();
        for path in &self.trust {
            add_trust(path, &mut facts, out)?;
        }
        for path in &self.crl {
            let before = facts.crls.len();
            let found = blocks(path)?;
            for der in found.into_iter().filter(|(label, _)| label.is_empty() || label == "X509 CRL") {
                facts.crls.push(Crl::from_vec(der.1, &limits()).map_err(|e| at(path, e.code(), e))?);
            }
            if facts.crls.len() == before {
                return Err(none(path, "CRL_MISSING", "证书吊销列表", "revocation list"));
            }
        }
        for path in &self.ocsp {
            for (_, der) in blocks(path)? {
                facts.ocsp.push(OcspResponse::parse(&der, &limits()).map_err(|e| at(path, e.code(), e))?);
            }
        }
        Ok(facts)
    }
}

/// Reads every certificate of a PEM file, or the one of a DER file; at least one.
pub fn certificates(path: &Path) -> Result<Vec<Certificate>, Failure> {
    let mut found = Vec::new();
    for (label, der) in blocks(path)? {
        if is_certificate(&label) {
            found.push(Certificate::parse(&der, &limits()).map_err(|e| at(path, e.code(), e))?);
        }
    }
    if found.is_empty() { Err(none(path, "CERTIFICATE_MISSING", "证书", "certificate")) } else { Ok(found) }
}

/// Reads the first certificate of a file.
pub fn certificate(path: &Path) -> Result<Certificate, Failure> {
    let first = certificates(path)?.into_iter().next();
    first.ok_or_else(|| none(path, "CERTIFICATE_MISSING", "证书", "certificate"))
}

fn add_trust(path: &Path, facts: &mut TrustFacts, out: &Output) -> Result<(), Failure> {
    let wrong = |e: std::io::Error| Failure::new("TRUST_READ", format!("{}: {e}", path.display()));
    if !std::fs::metadata(path).map_err(wrong)?.is_dir() {
        certificates(path)?.into_iter().for_each(|c| facts.add_certificate(c));
        return Ok(());
    }
    let mut names = Vec::new();
    for entry in std::fs::read_dir(path).map_err(wrong)? {
        let file = entry.map_err(wrong)?.path();
        // Pipes and devices would block.
        if std::fs::metadata(&file).is_ok_and(|m| m.is_file()) {
            names.push(file);
        }
        if names.len() > MAX_FILES {
            let text = format!("{}: > {MAX_FILES} 个文件 / files", path.display());
            return Err(Failure::new("TRUST_TOO_MANY_FILES", text));
        }
    }
    // The order of a folder differs between machines; the report must not.
    names.sort();
    let mut seen = false;
    for file in names {
        seen |= add_file(&file, facts, out);
    }
    if seen { Ok(()) } else { Err(none(path, "TRUST_EMPTY", "证书", "certificate")) }
}

/// Whether the file held a certificate. What is neither certificate nor list is passed over.
fn add_file(file: &Path, facts: &mut TrustFacts, out: &Output) -> bool {
    let Ok(found) = blocks(file) else { return false };
    let mut seen = false;
    for (label, der) in found {
        let problem = if label == "X509 CRL" {
            Crl::from_vec(der, &limits()).map(|c| facts.crls.push(c)).err()
        } else if is_certificate(&label) {
            match Certificate::parse(&der, &limits()) {
                Ok(c) => {
                    seen = true;
                    facts.add_certificate(c);
                    None
                }
                Err(e) if !label.is_empty() => Some(e),
                // Bare DER does not say what it is.
                Err(_) => {
                    facts.crls.extend(Crl::from_vec(der, &limits()).ok());
                    None
                }
            }
        } else {
            None
        };
        if let Some(e) = problem {
            let word = out.pick("未采用", "not used");
            out.note(format!("{}: {word}: {e} [{}]", file.display(), e.code()));
        }
    }
    seen
}

fn is_certificate(label: &str) -> bool {
    matches!(label, "" | "CERTIFICATE" | "X509 CERTIFICATE")
}

/// The DER blocks of a file with their PEM labels; the label of bare DER is empty.
fn blocks(path: &Path) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let bytes = files::read(path)?;
    let found = pem::parse_pem_or_der(&bytes, &limits()).map_err(|e| at(path, e.code(), e))?;
    Ok(found.into_iter().map(|b| (b.label, b.der)).collect())
}

/// Revocation lists of large authorities run to tens of megabytes.
fn limits() -> Limits {
    Limits { max_bytes: 64 << 20, max_items: 4_000_000, ..Limits::default() }
}

fn at(path: &Path, code: &'static str, e: impl std::fmt::Display) -> Failure {
    Failure::new(code, format!("{}: {e}", path.display()))
}

fn none(path: &Path, code: &'static str, zh: &str, en: &str) -> Failure {
    Failure::new(code, format!("{}: 没有{zh} / no {en} in it", path.display()))
}
