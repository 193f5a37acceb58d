//! The report: what was checked, how it came out and why.

mod codes;
mod html;
mod json;
mod text;

pub use codes::{CODES, CodeEntry, code_entry};
pub use html::escape;
pub use json::{JSON_SCHEMA, to_value};
pub use text::verdict_word;

use serde::Serialize;

/// A sentence in both languages of the product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Text {
    /// Simplified Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// Makes a [`Text`].
pub fn text(zh: impl Into<String>, en: impl Into<String>) -> Text {
    Text { zh: zh.into(), en: en.into() }
}

impl Text {
    /// The sentence in this language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// Language of rendered reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// Simplified Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

/// How one check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The check was made and is satisfied.
    Pass,
    /// The check was made and is violated: the verdict is invalid.
    Fail,
    /// Satisfied, but the reader should know something.
    Warn,
    /// The check could not be decided with the facts at hand: the verdict is at best indeterminate.
    Indeterminate,
    /// The check does not apply or an earlier one made it pointless.
    NotRun,
}

/// One check of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Stable code, listed in [`CODES`].
    pub code: &'static str,
    /// The clause the check stands on.
    pub clause: &'static str,
    /// How it came out.
    pub outcome: Outcome,
    /// Why, for people.
    pub detail: Text,
    /// The facts the outcome rests on: names and values, in order.
    pub evidence: Vec<(&'static str, String)>,
    /// What came after the signature, where the check is about that.
    pub later: Option<Box<Later>>,
}

/// What came after a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Later {
    /// What was done to the document since, in words; those that matter first.
    pub changes: Vec<LaterChange>,
    /// What the signer saw.
    pub signed: Option<Signed>,
}

/// The document as a signer saw it: the file's first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Signed {
    /// As `yinxin extract --revision` counts.
    pub revision: usize,
    /// How many bytes.
    pub bytes: u64,
}

impl Signed {
    /// How to see it.
    pub fn advice(&self) -> Text {
        let number = self.revision;
        let command = format!("yinxin extract FILE --revision {number} -o signed.pdf");
        text(
            format!("签名人看到的是第 {number} 个版本，可取出查看：{command}"),
            format!("the signer saw revision {number}, which can be taken out: {command}"),
        )
    }
}

/// How a later change stands to what the signatures say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It changes nothing that is shown or said.
    Harmless,
    /// A certification or a lock leaves it open.
    Permitted,
    /// A certification forbids it.
    Forbidden,
    /// The field is locked.
    Locked,
    /// Nobody said anything about it.
    Open,
}

/// A change after a signature (签名后的改动), for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaterChange {
    /// Stable code, such as `PAGE_CONTENT`.
    pub code: &'static str,
    /// How it stands to what the signatures say.
    pub standing: Standing,
    /// Pages that show it, from 1.
    pub pages: Vec<usize>,
    /// The revision it came with, as `yinxin extract --revision` counts them.
    pub revision: Option<usize>,
    /// Name of the field, or kind of the annotation.
    pub subject: Option<String>,
    /// Object numbers.
    pub objects: Vec<u32>,
    /// The sentence.
    pub text: Text,
}

impl Check {
    /// A check with the clause its code stands for.
    pub fn new(code: &'static str, outcome: Outcome, detail: Text) -> Self {
        let clause = code_entry(code).map_or("", |e| e.clause);
        Self { code, clause, outcome, detail, evidence: Vec::new(), later: None }
    }

    /// What was done to the document after the signature.
    pub fn changes(&self) -> &[LaterChange] {
        self.later.as_ref().map_or(&[], |later| &later.changes)
    }

    /// What the signer saw, where the document has changed since.
    pub fn signed(&self) -> Option<Signed> {
        self.later.as_ref().and_then(|later| later.signed)
    }

    /// The same with a fact added.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.evidence.push((name, value.into()));
        self
    }
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every check passed.
    Valid,
    /// At least one check failed.
    Invalid,
    /// Nothing failed, but something could not be decided.
    Indeterminate,
    /// No signature was found.
    Unsigned,
}

impl Verdict {
    /// The verdict of a list of checks: any failure makes it invalid, any undecided check indeterminate.
    pub fn of<'a>(checks: impl IntoIterator<Item = &'a Check>) -> Self {
        checks.into_iter().fold(Self::Valid, |v, c| match (v, c.outcome) {
            (Self::Invalid, _) | (_, Outcome::Fail) => Self::Invalid,
            (_, Outcome::Indeterminate) => Self::Indeterminate,
            (v, _) => v,
        })
    }

    /// The word used in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Indeterminate => "indeterminate",
            Self::Unsigned => "unsigned",
        }
    }
}

/// What is known of a seal (印章).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SealSummary {
    /// Seal code esID.
    pub id: String,
    /// Name of the seal.
    pub name: String,
    /// `SESv1`, `SESv4` or `SESv5`.
    pub version: String,
    /// Validity and making, RFC 3339.
    pub valid_from: String,
    /// End of validity, RFC 3339.
    pub valid_to: String,
    /// Day of making, RFC 3339.
    pub created: String,
    /// Type of the picture as written.
    pub picture_type: String,
    /// Width in mm.
    pub width_mm: u64,
    /// Height in mm.
    pub height_mm: u64,
    /// Subject of the maker's certificate.
    pub maker: String,
}

/// Report on a seal by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealReport {
    /// The answer.
    pub verdict: Verdict,
    /// What the seal says of itself; `None` where it cannot be read.
    pub seal: Option<SealSummary>,
    /// The checks in order.
    pub checks: Vec<Check>,
    /// The moment judged at, RFC 3339.
    pub judged_at: String,
}

/// Report on one signature in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureReport {
    /// ID in the document's list of signatures; in a PDF the name of the field.
    pub id: String,
    /// The answer for this signature.
    pub verdict: Verdict,
    /// `SESv1`, `SESv4`, `SESv5`, `GBT35275`, `CMS`, `RFC3161` (a document timestamp), `PKCS1` (a bare RSA signature) or `unknown`.
    pub format: &'static str,
    /// The seal, where the signature carries one.
    pub seal: Option<SealSummary>,
    /// Subject of the signer's certificate.
    pub signer: Option<String>,
    /// Signing time as judged, RFC 3339.
    pub signing_time: Option<String>,
    /// Where the time comes from: `timestamp`, `claimed` or `none`.
    pub time_source: &'static str,
    /// Where the seal stands: `page Boundary`, mm.
    pub stamps: Vec<Stamp>,
    /// The checks in order.
    pub checks: Vec<Check>,
}

impl SignatureReport {
    /// Of a signature that has not been looked at yet.
    pub(crate) fn begun(id: String) -> Self {
        Self {
            id,
            verdict: Verdict::Invalid,
            format: "unknown",
            seal: None,
            signer: None,
            signing_time: None,
            time_source: "none",
            stamps: Vec::new(),
            checks: Vec::new(),
        }
    }
}

/// Where a seal is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stamp {
    /// Page number from 1; 0 where the page is not found.
    pub page: usize,
    /// x y width height in mm, as written.
    pub boundary: String,
    /// Clip in seal coordinates, mm, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clip: Option<String>,
}

/// Report on a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The answer for the document: the worst of its signatures and of the checks on the whole.
    pub verdict: Verdict,
    /// `OFD`, `PDF` or `unknown`.
    pub document_format: &'static str,
    /// Checks on the document as a whole.
    pub checks: Vec<Check>,
    /// The signatures in the order of the document's list.
    pub signatures: Vec<SignatureReport>,
    /// The moment judged at, RFC 3339.
    pub judged_at: String,
    /// `default` or `strict`.
    pub policy: &'static str,
}

impl Report {
    /// Everything that came out as a warning, with the signature it belongs to.
    pub fn warnings(&self) -> impl Iterator<Item = (Option<&SignatureReport>, &Check)> {
        let whole = self.checks.iter().map(|c| (None, c));
        let each = self.signatures.iter().flat_map(|s| s.checks.iter().map(move |c| (Some(s), c)));
        whole.chain(each).filter(|(_, c)| c.outcome == Outcome::Warn)
    }

    /// The verdict that the parts add up to.
    pub(crate) fn conclude(checks: &[Check], signatures: &[SignatureReport]) -> Verdict {
        let whole = Verdict::of(checks);
        // A document timestamp says when, not who: by itself nobody signed.
        let signed = signatures.iter().any(|s| s.format != "RFC3161");
        let all = signatures.iter().map(|s| s.verdict);
        match (whole, signatures.is_empty()) {
            (Verdict::Invalid, _) => Verdict::Invalid,
            (Verdict::Valid, true) => Verdict::Unsigned,
            (v, true) => v,
            (v, false) => all.fold(v, |a, b| match (a, b) {
                (Verdict::Invalid, _) | (_, Verdict::Invalid) => Verdict::Invalid,
                (Verdict::Indeterminate, _) | (_, Verdict::Indeterminate) => Verdict::Indeterminate,
                _ if signed => Verdict::Valid,
                _ => Verdict::Unsigned,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(outcome: Outcome) -> Check {
        Check::new("FORMAT", outcome, text("", ""))
    }

    #[test]
    fn verdict_is_the_worst_outcome() {
        use Outcome::*;
        assert_eq!(Verdict::of(&[check(Pass), check(Warn), check(NotRun)]), Verdict::Valid);
        assert_eq!(Verdict::of(&[check(Indeterminate), check(Pass)]), Verdict::Indeterminate);
        assert_eq!(Verdict::of(&[check(Indeterminate), check(Fail), check(Pass)]), Verdict::Invalid);
    }

    #[test]
    fn a_document_without_signatures_is_unsigned_unless_its_container_is_broken() {
        assert_eq!(Report::conclude(&[check(Outcome::Warn)], &[]), Verdict::Unsigned);
        assert_eq!(Report::conclude(&[check(Outcome::Fail)], &[]), Verdict::Invalid);
        let with =
            |format, verdict| SignatureReport { format, verdict, ..SignatureReport::begun("1".into()) };
        let stamp = with("RFC3161", Verdict::Valid);
        assert_eq!(Report::conclude(&[], std::slice::from_ref(&stamp)), Verdict::Unsigned);
        assert_eq!(Report::conclude(&[], &[with("CMS", Verdict::Valid), stamp]), Verdict::Valid);
        assert_eq!(Report::conclude(&[], &[with("RFC3161", Verdict::Invalid)]), Verdict::Invalid);
    }

    #[test]
    fn every_code_is_explained_once_in_both_languages() {
        for (i, e) in CODES.iter().enumerate() {
            assert!(CODES.iter().skip(i + 1).all(|o| o.code != e.code), "{} twice", e.code);
            for s in [e.clause, e.title_zh, e.title_en, e.meaning_zh, e.meaning_en, e.action_zh, e.action_en]
            {
                assert!(!s.is_empty(), "{} is not explained", e.code);
            }
        }
    }
}
