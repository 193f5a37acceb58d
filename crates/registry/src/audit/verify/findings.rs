//! Faults as they are found, bounded in number.

use super::fault::Fault;

/// Most faults listed; the rest are counted.
const MAX: usize = 10_000;

#[derive(Debug, Default)]
pub(super) struct Findings {
    list: Vec<Fault>,
    omitted: u64,
}

impl Findings {
    pub(super) fn add(&mut self, fault: Fault) {
        // A wrong key makes every row's MAC wrong: one fault, not a million.
        if let (Some(Fault::MacWrong { to: end, .. }), Fault::MacWrong { from, to }) =
            (self.list.last_mut(), &fault)
            && end.checked_add(1) == Some(*from)
        {
            *end = *to;
            return;
        }
        if self.list.len() < MAX {
            self.list.push(fault);
        } else {
            self.omitted += 1;
        }
    }

    /// The faults in order of rows, and how many more there were.
    pub(super) fn finish(mut self) -> (Vec<Fault>, u64) {
        self.list.sort_by_key(Fault::at);
        (self.list, self.omitted)
    }
}
