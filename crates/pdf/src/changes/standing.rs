//! Which pages show what was changed, and with which bytes it came.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::roles::Roles;
use super::{Change, ChangeKind};
use crate::error::PdfError;
use crate::source::Bytes;
use crate::state::{Place, State};
use crate::syntax::Ref;

/// References followed upwards for all changes together.
const MAX_EDGES: usize = 2_000_000;
/// Objects between one that was changed and the pages.
const MAX_ABOVE: usize = 50_000;
/// Pages told for one change.
const MAX_PAGES: usize = 50;

/// Who refers to each object, and the pages in order.
struct Above {
    by: HashMap<u32, Vec<u32>>,
    pages: HashMap<u32, usize>,
}

impl Above {
    /// `None` where there is too much of it to tell.
    fn read(bytes: &mut dyn Bytes, state: &mut State, roles: &Roles) -> Result<Option<Self>, PdfError> {
        let mut by: HashMap<u32, Vec<u32>> = HashMap::new();
        let mut edges = 0_usize;
        let mut found = Vec::new();
        for number in state.numbers().collect::<Vec<_>>() {
            found.clear();
            let id = Ref { number, generation: state.generation(number) };
            state.load(bytes, id)?.object.references(&mut found);
            edges = edges.saturating_add(found.len());
            if edges > MAX_EDGES {
                return Ok(None);
            }
            for r in &found {
                by.entry(r.number).or_default().push(number);
            }
        }
        let pages =
            roles.order.iter().enumerate().map(|(at, number)| (*number, at.saturating_add(1))).collect();
        Ok(Some(Self { by, pages }))
    }

    /// Pages that lead to an object, from 1.
    fn pages(&self, number: u32) -> Vec<usize> {
        let mut seen = HashSet::from([number]);
        let mut open = vec![number];
        let mut out = BTreeSet::new();
        while let Some(n) = open.pop() {
            if let Some(page) = self.pages.get(&n) {
                // Who refers to a page shows nothing of it.
                out.insert(*page);
                continue;
            }
            for by in self.by.get(&n).into_iter().flatten() {
                if seen.len() < MAX_ABOVE && seen.insert(*by) {
                    open.push(*by);
                }
            }
        }
        out.into_iter().take(MAX_PAGES).collect()
    }
}

/// Fills in pages and positions of the changes kept.
pub(super) fn fill(
    bytes: &mut dyn Bytes,
    signed: &mut State,
    now: &mut State,
    (old, new): (&Roles, &Roles),
    list: &mut [Change],
) -> Result<(), PdfError> {
    for change in list.iter_mut().filter(|c| c.number != 0) {
        change.at = now.place(change.number).map(|place| match place {
            Place::At(at) | Place::In(at, _) => at,
        });
    }
    let wanted = |c: &&mut Change| c.number != 0 && !c.harmless;
    for (state, roles, gone) in [(now, new, false), (signed, old, true)] {
        let of = |c: &Change| (c.kind == ChangeKind::Removed) == gone;
        if !list.iter_mut().filter(wanted).any(|c| of(c)) {
            continue;
        }
        let Some(above) = Above::read(bytes, state, roles)? else { continue };
        for change in list.iter_mut().filter(wanted).filter(|c| of(c)) {
            change.pages = above.pages(change.number);
        }
    }
    Ok(())
}
