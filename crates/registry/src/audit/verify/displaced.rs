//! Genuine rows stored under another number than their own.

use super::fault::Fault;
use super::findings::Findings;

/// Most runs kept.
const MAX: usize = 10_000;

/// Rows in their order, shifted by the same number.
#[derive(Debug)]
struct Run {
    from: u64,
    to: u64,
    belongs_from: u64,
    /// The row whose place the first one took was found further on.
    swapped: bool,
}

/// Runs of displaced rows.
#[derive(Debug, Default)]
pub(super) struct Displaced {
    runs: Vec<Run>,
    /// Whether the last run may go on.
    open: bool,
}

impl Displaced {
    /// A row went forward; `adjacent` when it follows the highest number before it.
    pub(super) fn went_forward(&mut self, stored: u64, seq: u64, adjacent: bool) {
        if stored == seq {
            self.open = false;
            return;
        }
        let goes_on = self.open && adjacent;
        self.open = true;
        if let Some(run) = self.runs.last_mut()
            && goes_on
            && run.to.checked_add(1) == Some(stored)
        {
            run.to = stored;
        } else if self.runs.len() < MAX {
            self.runs.push(Run { from: stored, to: stored, belongs_from: seq, swapped: false });
        }
    }

    /// The row of number `seq` came after its place had been passed.
    pub(super) fn came_late(&mut self, seq: u64) {
        if let Some(run) = self.runs.iter_mut().rev().find(|run| run.from == seq) {
            run.swapped = true;
        }
    }

    pub(super) fn finish(self, findings: &mut Findings) {
        for Run { from, to, belongs_from, swapped } in self.runs {
            findings.add(if swapped && from == to {
                Fault::Reordered { at: from, belongs_at: belongs_from }
            } else {
                Fault::Renumbered { from, to, belongs_from }
            });
        }
    }
}
