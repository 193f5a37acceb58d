use serde::Serialize;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth naming; changes nothing.
    Note,
    /// The user should see it.
    Warning,
    /// Two readers may see two documents: no signature over it can be called sound.
    Fatal,
}

/// Something a package or an XML part does that a plain document does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Anomaly {
    /// Stable code.
    pub code: &'static str,
    /// The part concerned, where one is.
    pub path: Option<String>,
    /// Byte position: in the package for `PACKAGE_*` codes, in the part otherwise.
    pub offset: u64,
    /// What was found.
    pub detail: String,
    /// How much it weighs.
    pub severity: Severity,
}

/// More findings of one weight than this are counted, not kept.
const KEPT_PER_SEVERITY: usize = 256;

/// Collects findings with a bound, so that a hostile file cannot buy memory with them.
#[derive(Debug, Default, Clone)]
pub(crate) struct Findings {
    list: Vec<Anomaly>,
    counts: [usize; 3],
}

impl Findings {
    pub(crate) fn push(
        &mut self,
        severity: Severity,
        code: &'static str,
        path: Option<&str>,
        offset: u64,
        detail: impl Into<String>,
    ) {
        let slot = match severity {
            Severity::Note => &mut self.counts[0],
            Severity::Warning => &mut self.counts[1],
            Severity::Fatal => &mut self.counts[2],
        };
        *slot = slot.saturating_add(1);
        if *slot > KEPT_PER_SEVERITY {
            return;
        }
        self.list.push(Anomaly {
            code,
            path: path.map(str::to_owned),
            offset,
            detail: detail.into(),
            severity,
        });
    }

    pub(crate) fn list(&self) -> &[Anomaly] {
        &self.list
    }

    pub(crate) fn into_list(self) -> Vec<Anomaly> {
        self.list
    }
}
