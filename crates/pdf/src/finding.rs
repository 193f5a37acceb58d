use serde::Serialize;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The user should see it.
    Warning,
    /// Two readers may see two documents: no signature over it can be called sound.
    Fatal,
}

/// Something a document does that a plain one does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable code.
    pub code: &'static str,
    /// Byte position in the file.
    pub at: u64,
    /// What was found.
    pub detail: String,
    /// How much it weighs.
    pub severity: Severity,
}

/// More findings of one weight than this are counted, not kept.
const KEPT: usize = 128;

/// Collects findings with a bound, so that a hostile file cannot buy memory with them.
#[derive(Debug, Default, Clone)]
pub(crate) struct Findings {
    list: Vec<Finding>,
    warnings: usize,
    fatal: usize,
}

impl Findings {
    pub(crate) fn warn(&mut self, code: &'static str, at: u64, detail: impl Into<String>) {
        self.push(Severity::Warning, code, at, detail.into());
    }

    pub(crate) fn fatal(&mut self, code: &'static str, at: u64, detail: impl Into<String>) {
        self.push(Severity::Fatal, code, at, detail.into());
    }

    fn push(&mut self, severity: Severity, code: &'static str, at: u64, detail: String) {
        let count = match severity {
            Severity::Warning => &mut self.warnings,
            Severity::Fatal => &mut self.fatal,
        };
        *count = count.saturating_add(1);
        let finding = Finding { code, at, detail, severity };
        if *count <= KEPT && !self.list.contains(&finding) {
            self.list.push(finding);
        }
    }

    pub(crate) fn extend(&mut self, other: Self) {
        for f in other.list {
            self.push(f.severity, f.code, f.at, f.detail);
        }
    }

    pub(crate) fn into_list(self) -> Vec<Finding> {
        self.list
    }
}
