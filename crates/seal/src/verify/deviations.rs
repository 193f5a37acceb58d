//! Deviations from the standards as one check that names each of them.

use yinxin_formats::der::Deviation;
use yinxin_formats::ses::deviation_text;

use crate::report::{Check, Outcome, text};

/// One check for a list of deviations; none for an empty list. `shift` is added to every position.
///
/// Deviations are named and do not change the verdict: they are habits of writers. What weakens a signature has a check
/// of its own.
pub(super) fn check(list: &[Deviation], shift: usize) -> Option<Check> {
    if list.is_empty() {
        return None;
    }
    let names = |zh: bool| {
        let mut seen: Vec<&str> = Vec::new();
        for d in list {
            let t = deviation_text(d.code, zh).unwrap_or(d.code);
            if !seen.contains(&t) {
                seen.push(t);
            }
        }
        seen.join(if zh { "；" } else { "; " })
    };
    let mut check = Check::new("DIALECT", Outcome::Warn, text(names(true), names(false)));
    for d in list {
        check = check.with(d.code, format!("{} @{}", d.detail, d.at + shift));
    }
    Some(check)
}
