//! A PDF document: its structure, and each signature with what it covers and what came after it.

mod bare;
mod long_term;
mod protection;
mod signature;
mod told;

pub(crate) use signature::exact_value;

use std::io::{Read, Seek};

use jiff::Timestamp;
use yinxin_pdf::{Document, FINDING_CODES, Finding, Locked, PdfError, Severity, Signature};

use self::long_term::Carried;
use self::signature::Place;
use super::VerifyOptions;
use crate::report::{Check, Outcome, SignatureReport, Verdict, text};
use crate::trust::Evaluator;

/// A document whose structure was judged and whose signatures were found; nothing is said of them yet.
pub(super) struct Opened<R> {
    document: Document<R>,
    checks: Vec<Check>,
    pages: usize,
    found: Vec<Signature>,
}

/// Opens a document; the checks that say why, where it cannot be.
pub(super) fn open<R: Read + Seek>(input: R, options: &VerifyOptions) -> Result<Opened<R>, Vec<Check>> {
    begun(input, options).map_err(|mut checks| {
        checks.iter_mut().for_each(clause);
        checks
    })
}

impl<R: Read + Seek> Opened<R> {
    /// Hands on every signature value, in the order of the signatures.
    pub(super) fn values(&self, mut hand: impl FnMut(&[u8])) {
        self.found.iter().for_each(|found| hand(&found.contents));
    }

    /// The checks on the whole, and the signatures.
    pub(super) fn judge(
        self,
        evaluator: &Evaluator<'_>,
        options: &VerifyOptions,
    ) -> (Vec<Check>, Vec<SignatureReport>) {
        let (mut checks, mut signatures) = judged(self, evaluator, options);
        checks.iter_mut().chain(signatures.iter_mut().flat_map(|s| &mut s.checks)).for_each(clause);
        (checks, signatures)
    }
}

/// Checks that both kinds of documents have stand on another clause here.
fn clause(check: &mut Check) {
    if check.clause.starts_with("GB/T 33190") {
        check.clause = match check.code {
            "CONTAINER" | "UNSUPPORTED_FORMAT" => "ISO 32000-1 7.5",
            "DOCUMENT_STRUCTURE" => "ISO 32000-1 7.7",
            "SIGNATURE_LIST" | "HIDDEN_SIGNATURE" => "ISO 32000-1 12.7",
            "STAMP" => "ISO 32000-1 12.5",
            _ => "ISO 32000-1 12.8",
        };
    }
}

fn begun<R: Read + Seek>(input: R, options: &VerifyOptions) -> Result<Opened<R>, Vec<Check>> {
    let mut checks = Vec::new();
    let opened = Document::open_with(input, &options.pdf_limits, options.pdf_password.as_deref());
    let mut document = opened.map_err(|e| vec![unreadable(&e)])?;
    if let Some(why) = document.locked() {
        let (t, error) = match why {
            Locked::Password => {
                let zh = "文件已加密，没有给出正确的文件口令，无法判断";
                (text(zh, "the document is encrypted, and the right password was not given"), "PDF_ENCRYPTED")
            }
            Locked::Unsupported(what) => {
                let zh = format!("文件的加密方式不受支持（{what}），请用未加密的原件验证");
                (
                    text(zh, format!("the document is encrypted in a way that is not supported: {what}")),
                    "PDF_ENCRYPTION",
                )
            }
        };
        checks.push(Check::new("UNSUPPORTED_FORMAT", Outcome::Indeterminate, t).with("error", error));
        return Err(checks);
    }
    match document.audit() {
        Ok(findings) => checks.extend(container(&findings)),
        Err(e) => return Err(vec![unreadable(&e)]),
    }
    let pages = match document.pages() {
        Ok(pages) => pages.len(),
        Err(e) => {
            let t = text(format!("页面结构无法读取：{e}"), format!("the page tree cannot be read: {e}"));
            checks.push(Check::new("DOCUMENT_STRUCTURE", undecided(&e), t).with("error", e.code()));
            return Err(checks);
        }
    };
    let found = match document.signatures() {
        Ok(found) => found,
        Err(e) => {
            let t = text(
                format!("表单或签名域无法读取：{e}"),
                format!("the form or a signature field cannot be read: {e}"),
            );
            checks.push(Check::new("SIGNATURE_LIST", undecided(&e), t).with("error", e.code()));
            return Err(checks);
        }
    };
    checks.extend(hidden(&mut document));
    Ok(Opened { document, checks, pages, found })
}

fn judged<R: Read + Seek>(
    opened: Opened<R>,
    evaluator: &Evaluator<'_>,
    options: &VerifyOptions,
) -> (Vec<Check>, Vec<SignatureReport>) {
    let Opened { mut document, mut checks, pages, found } = opened;
    let carried = match document.validation_data() {
        Ok(data) if data.present => Some(long_term::carried(&data, evaluator, options)),
        Ok(_) => None,
        Err(e) => {
            let t = text(
                format!("文档附带的验证资料无法读取，未采用：{e}"),
                format!("the validation data in the document cannot be read and are not used: {e}"),
            );
            checks.push(Check::new("LONG_TERM", Outcome::Warn, t).with("error", e.code()));
            None
        }
    };
    let facts = carried.as_ref().map(|c| long_term::joined(evaluator.facts, c));
    let facts = facts.as_ref().unwrap_or(evaluator.facts);
    // From the last to the first: what a document timestamp covers is proven to have existed by then.
    let mut existed = None;
    let mut carried = Carried { now: carried, stamped: None };
    let mut signatures: Vec<SignatureReport> = Vec::new();
    for (i, one) in found.iter().enumerate().rev() {
        let earlier = found.iter().take(i).any(|other| other.id.is_some() && other.id == one.id);
        let evaluator = Evaluator::new(facts, evaluator.now, evaluator.policy).existed(existed);
        let after = found.get(i.saturating_add(1)..).unwrap_or_default();
        let place = Place { twice: earlier, after, pages };
        let judged = signature::judge(&mut document, one, &place, &evaluator, options);
        let mut report = judged.report;
        report.checks.push(long_term::level(&judged.people, judged.proven, &carried, &evaluator));
        report.verdict = Verdict::of(&report.checks);
        signatures.push(report);
        if let Some(at) = judged.proves {
            existed = Some(existed.map_or(at, |t: Timestamp| t.min(at)));
            if carried.stamped.is_none() {
                let data = document.signed_validation_data(one).ok().filter(|d| d.present);
                carried.stamped = data.map(|d| long_term::carried(&d, &evaluator, options));
            }
        }
    }
    signatures.reverse();
    (checks, signatures)
}

/// What is broken fails; what is beyond a bound or not supported here is left open.
fn undecided(e: &PdfError) -> Outcome {
    match e {
        PdfError::Limit { .. }
        | PdfError::Unsupported { .. }
        | PdfError::Io { .. }
        | PdfError::Encrypted
        | PdfError::Encryption { .. } => Outcome::Indeterminate,
        _ => Outcome::Fail,
    }
}

fn unreadable(e: &PdfError) -> Check {
    let t = text(format!("文件不是可读的 PDF：{e}"), format!("the file is not a readable PDF: {e}"));
    Check::new("CONTAINER", undecided(e), t).with("error", e.code())
}

/// Findings on the structure: the fatal ones fail, warnings warn, one pass if there are none.
fn container(findings: &[Finding]) -> Vec<Check> {
    let mut out = Vec::new();
    for (severity, outcome) in [(Severity::Fatal, Outcome::Fail), (Severity::Warning, Outcome::Warn)] {
        let list: Vec<&Finding> = findings.iter().filter(|f| f.severity == severity).collect();
        let Some(first) = list.first() else { continue };
        let t = if severity == Severity::Fatal {
            text(
                format!("文件可以被读成不同内容（{}），签名无从谈起", finding_zh(first.code)),
                format!("the file can be read in different ways ({}: {})", first.code, first.detail),
            )
        } else {
            text(
                format!("文件结构有异常：{}", finding_zh(first.code)),
                format!("the structure is odd: {}", first.detail),
            )
        };
        let mut check = Check::new("CONTAINER", outcome, t);
        for f in list {
            check = check.with(f.code, format!("@{}: {}", f.at, f.detail));
        }
        out.push(check);
    }
    if out.is_empty() {
        let t = text("文件结构清楚，只有一种读法", "the file can be read in one way only");
        out.push(Check::new("CONTAINER", Outcome::Pass, t));
    }
    out
}

fn finding_zh(code: &'static str) -> &'static str {
    FINDING_CODES.iter().find(|(c, ..)| *c == code).map_or(code, |(_, zh, _)| zh)
}

/// Objects that look like signatures and that the form does not lead to.
fn hidden<R: Read + Seek>(document: &mut Document<R>) -> Option<Check> {
    let found = document.hidden_signatures().ok()?;
    if found.is_empty() {
        return None;
    }
    let t = text(
        format!("文件里有 {} 个签名对象不在表单的签名域中，可能有签名被摘除或替换", found.len()),
        format!(
            "{} signature objects are in no field: a signature may have been taken out or replaced",
            found.len()
        ),
    );
    let mut check = Check::new("HIDDEN_SIGNATURE", Outcome::Warn, t);
    for (id, at) in found.iter().take(50) {
        check = check.with("object", format!("{} @{at}", id.number));
    }
    Some(check)
}
