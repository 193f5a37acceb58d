//! A document that is open and not judged yet: whoever keeps a register of seals looks up those that stand in it, and judges with what he
//! knows of them. What was read is not read twice.

use std::io::{Read, Seek};

use yinxin_crypto::DigestMemory;
use yinxin_formats::ses::SesSignature;
use yinxin_ofd::{DocumentKind, document_kind};

use super::{VerifyOptions, ofd, pdf};
use crate::report::{Check, Outcome, Report, SignatureReport, text};
use crate::trust::{Evaluator, TrustFacts};

/// A document that is open, with its signatures found.
pub struct OpenedDocument<'a, R> {
    kind: Kind<R>,
    options: &'a VerifyOptions,
}

enum Kind<R> {
    Ofd(Box<ofd::Opened<R>>),
    Pdf(Box<pdf::Opened<R>>),
    /// Its format as reports name it, and why it cannot be opened.
    Closed(&'static str, Vec<Check>),
}

impl<R> std::fmt::Debug for OpenedDocument<'_, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenedDocument").finish_non_exhaustive()
    }
}

/// A seal that stands in a document, as the signature has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealInDocument {
    /// Its code as it says itself (esID); any text.
    pub code: String,
    /// SM3 of its data.
    pub digest: [u8; 32],
}

impl<'a, R: Read + Seek> OpenedDocument<'a, R> {
    /// Opens a document, by its content an OFD or a PDF. What cannot be opened is so too: the report says why.
    pub fn open(mut input: R, options: &'a VerifyOptions) -> Self {
        let closed = |format, code, outcome, t| Kind::Closed(format, vec![Check::new(code, outcome, t)]);
        let kind = match document_kind(&mut input) {
            Err(e) => {
                let t = text(format!("文件读取失败：{e}"), format!("the file cannot be read: {e}"));
                closed("unknown", "UNSUPPORTED_FORMAT", Outcome::Indeterminate, t)
            }
            Ok(DocumentKind::Empty) => {
                closed("unknown", "UNSUPPORTED_FORMAT", Outcome::Fail, text("文件为空", "the file is empty"))
            }
            Ok(DocumentKind::Both) => {
                let t = text(
                    "文件既是 PDF 又是 zip 文件包，不同软件会看到不同文档，不予认定",
                    "the file is a PDF and a zip package at once: software sees one or the other",
                );
                let check = Check::new("CONTAINER", Outcome::Fail, t).with("error", "PDF_AND_ZIP");
                Kind::Closed("unknown", vec![check])
            }
            Ok(DocumentKind::Pdf) => match pdf::open(input, options) {
                Ok(opened) => Kind::Pdf(Box::new(opened)),
                Err(checks) => Kind::Closed("PDF", checks),
            },
            Ok(DocumentKind::Ofd) => match ofd::open(input, options) {
                Ok(opened) => Kind::Ofd(Box::new(opened)),
                Err(checks) => Kind::Closed("OFD", checks),
            },
        };
        Self { kind, options }
    }

    /// The seals of its signatures, in their order; what cannot be read has none. `met` shortens digesting a seal that was met before.
    pub fn seals(&mut self, met: &DigestMemory) -> Vec<SealInDocument> {
        let (limits, mut seals) = (&self.options.limits, Vec::new());
        let note = |value: &[u8]| {
            if let Ok(SesSignature { seal, .. }) = SesSignature::parse(value, limits) {
                let digest = met.sm3(b"", seal.raw());
                seals.push(SealInDocument { code: seal.es_id, digest });
            }
        };
        match &mut self.kind {
            Kind::Ofd(opened) => opened.values(note),
            Kind::Pdf(opened) => opened.values(note),
            Kind::Closed(..) => (),
        }
        seals
    }

    /// Judges it by these facts.
    pub fn judge(self, facts: &TrustFacts) -> Report {
        let options = self.options;
        let evaluator = Evaluator::new(facts, options.at, options.policy);
        let (document_format, (checks, signatures)): (_, (_, Vec<SignatureReport>)) = match self.kind {
            Kind::Closed(format, checks) => (format, (checks, Vec::new())),
            Kind::Pdf(opened) => ("PDF", opened.judge(&evaluator, options)),
            Kind::Ofd(opened) => ("OFD", opened.judge(&evaluator, options)),
        };
        Report {
            verdict: Report::conclude(&checks, &signatures),
            document_format,
            checks,
            signatures,
            judged_at: options.at.to_string(),
            policy: options.policy.word(),
        }
    }
}
