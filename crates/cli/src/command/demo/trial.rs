//! Every claim of the story is put to the verifier. Nothing here knows a verdict by itself.

use std::io::Cursor;

use yinxin_formats::crl::Crl;
use yinxin_formats::der::Limits;
use yinxin_seal::report::{Check, Outcome, Report, Text};
use yinxin_seal::{TrustFacts, Verdict, VerifyOptions, verify};

use super::cast::Cast;
use super::stage::Stage;
use crate::command::ca::Level;
use crate::failure::Failure;
use crate::files;

/// What the story says of a file.
#[derive(Debug)]
pub struct Claim {
    /// Path inside the folder.
    pub file: &'static str,
    /// What was done.
    pub deed: Text,
    /// The verdict told.
    pub verdict: Verdict,
    /// The check that must be named as the reason; `None`: nothing at all may be found.
    pub reason: Option<&'static str>,
}

/// What the verifier says.
#[derive(Debug)]
pub struct Finding {
    /// The claim.
    pub claim: Claim,
    /// The report.
    pub report: Report,
}

impl Finding {
    /// The check that is the reason: the one claimed, or the first that did not pass.
    pub fn reason(&self) -> Option<&Check> {
        let odd = |c: &&Check| !matches!(c.outcome, Outcome::Pass | Outcome::NotRun);
        let all = || {
            let signatures = self.report.signatures.iter().flat_map(|s| &s.checks);
            self.report.checks.iter().chain(signatures).filter(odd)
        };
        let claimed = self.claim.reason.and_then(|code| all().find(|c| c.code == code));
        claimed.or_else(|| all().next())
    }

    /// Whether the verifier says what the story says.
    pub fn as_told(&self) -> bool {
        self.report.verdict == self.claim.verdict && self.reason().map(|c| c.code) == self.claim.reason
    }
}

/// The verifier and what it said so far.
#[derive(Debug)]
pub struct Trial {
    facts: TrustFacts,
    options: VerifyOptions,
    /// In the order told.
    pub findings: Vec<Finding>,
}

impl Trial {
    /// Relies on the certificates of the CA and the lists in the folder.
    pub fn new(stage: &Stage, cast: &Cast) -> Result<Self, Failure> {
        let options = VerifyOptions::at(stage.calendar.now);
        let mut trial = Self { facts: cast.anchors(), options, findings: Vec::new() };
        trial.read_lists(stage)?;
        Ok(trial)
    }

    /// Takes the revocation lists of the folder anew.
    pub fn read_lists(&mut self, stage: &Stage) -> Result<(), Failure> {
        self.facts.crls.clear();
        for level in [Level::Ca, Level::Root] {
            let list = files::read(&stage.path(&format!("crl/{}.crl", level.word())))?;
            self.facts.crls.push(Crl::from_vec(list, &Limits::default())?);
        }
        Ok(())
    }

    /// Verifies a file and tells what came out.
    pub fn check(&mut self, stage: &Stage, claim: Claim) -> Result<(), Failure> {
        let bytes = files::read(&stage.path(claim.file))?;
        let report = verify(Cursor::new(&bytes), &self.facts, &self.options);
        stage.write(&report_file(claim.file), report.to_html(claim.file, stage.out.lang).as_bytes())?;
        let finding = Finding { claim, report };
        tell(stage, &finding);
        self.findings.push(finding);
        Ok(())
    }

    /// Whether everything came out as told.
    pub fn as_told(&self) -> bool {
        self.findings.iter().all(Finding::as_told)
    }
}

/// Where the page for one file goes.
pub fn report_file(file: &str) -> String {
    format!("reports/{}.html", file.trim_end_matches(".ofd").replace(".pdf", "-pdf").replace('/', "-"))
}

fn tell(stage: &Stage, finding: &Finding) {
    let claim = &finding.claim;
    let lang = stage.out.lang;
    let mark = match finding.report.verdict {
        Verdict::Valid => "✓",
        Verdict::Invalid => "✗",
        Verdict::Indeterminate | Verdict::Unsigned => "?",
    };
    let word = word(stage, finding.report.verdict);
    stage.out.say(format!("  {mark} {word}  {}  {}", claim.file, claim.deed.get(lang)));
    if let Some(c) = finding.reason() {
        let kind = match c.outcome {
            Outcome::Warn => stage.out.pick("提醒：", "warning: "),
            _ => stage.out.pick("原因：", "reason: "),
        };
        stage.out.say(format!("         {kind}{} [{}]", c.detail.get(lang), c.code));
    }
    if !finding.as_told() {
        let told = self::word(stage, claim.verdict);
        let code = claim.reason.unwrap_or("-");
        stage.out.note(format!(
            "{}：{}: {told} [{code}]",
            stage.out.pick("与所讲的不符，应为", "NOT AS TOLD, expected"),
            claim.file
        ));
    }
}

/// One word for a verdict.
pub fn word(stage: &Stage, verdict: Verdict) -> &'static str {
    let (zh, en) = match verdict {
        Verdict::Valid => ("有效", "valid"),
        Verdict::Invalid => ("无效", "invalid"),
        Verdict::Indeterminate => ("无法判定", "indeterminate"),
        Verdict::Unsigned => ("未签章", "unsigned"),
    };
    stage.out.pick(zh, en)
}
