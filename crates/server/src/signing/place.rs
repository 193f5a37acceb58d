//! Places as people give them, turned into the boxes of a document.

use std::io::{Read, Seek};

use yinxin_ofd::sign::{Edge, PageSelection, Placement as Place};
use yinxin_ofd::{Document, DocumentRoot, OfdError, Package, Rect};
use yinxin_registry::usage::document::{Pages, Placement};

/// Pages of the first document of a package.
///
/// # Errors
/// What is wrong with the package.
pub(super) fn page_count<R: Read + Seek>(package: &mut Package<R>) -> Result<usize, OfdError> {
    let document = Document::load(package)?;
    let Some(body) = document.bodies.first() else { return Ok(0) };
    Ok(DocumentRoot::load(package, &body.doc_root)?.pages.len())
}

/// Where the picture stands, for a picture of this size in millimeters.
///
/// # Errors
/// `PLACEMENT_KEYWORD` for places over words, which this version does not find.
pub(super) fn placed(
    places: &[Placement],
    count: usize,
    (width, height): (f64, f64),
) -> Result<Vec<Place>, &'static str> {
    places
        .iter()
        .map(|place| match place {
            Placement::At { pages, x, y } => Ok(Place::At {
                pages: PageSelection::Pages(selected(pages, count)),
                area: Rect::new(mm(*x) - width / 2.0, mm(*y) - height / 2.0, width, height),
            }),
            Placement::CrossPage { pages, y } => Ok(Place::CrossPage {
                pages: PageSelection::Pages(selected(pages, count)),
                edge: Edge::Right,
                width,
                height,
                along: Some(mm(*y) - height / 2.0),
            }),
            Placement::Keyword { .. } => Err("PLACEMENT_KEYWORD"),
        })
        .collect()
}

/// Pages a document is sealed on, from 1, each once.
pub(super) fn pages_of(places: &[Placement], count: usize) -> Vec<u32> {
    let mut pages: Vec<u32> = places
        .iter()
        .flat_map(|place| match place {
            Placement::At { pages, .. } | Placement::CrossPage { pages, .. } => selected(pages, count),
            Placement::Keyword { .. } => Vec::new(),
        })
        .map(|page| u32::try_from(page).unwrap_or(u32::MAX).saturating_add(1))
        .collect();
    pages.sort_unstable();
    pages.dedup();
    pages
}

/// Page numbers from 0. A range beyond the end names a page that is not there, and is refused as such.
fn selected(pages: &Pages, count: usize) -> Vec<usize> {
    match pages {
        Pages::All => (0..count).collect(),
        Pages::Last => vec![count.saturating_sub(1)],
        Pages::Range { first, last } => {
            let index = |page: u32| usize::try_from(page.saturating_sub(1)).unwrap_or(usize::MAX);
            // No further than one page behind the end: that one is refused.
            (index(*first)..=index(*last).min(count)).collect()
        }
    }
}

fn mm(hundredths: i32) -> f64 {
    f64::from(hundredths) / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_the_middle_of_the_seal() {
        let at = Placement::At { pages: Pages::Last, x: 15_000, y: 24_050 };
        let placed = placed(std::slice::from_ref(&at), 3, (40.0, 30.0)).unwrap();
        let area = Rect::new(130.0, 225.5, 40.0, 30.0);
        assert_eq!(placed, [Place::At { pages: PageSelection::Pages(vec![2]), area }]);
        let cross = Placement::CrossPage { pages: Pages::Range { first: 1, last: 2 }, y: 10_000 };
        assert_eq!(pages_of(&[at, cross], 3), [1, 2, 3]);
        assert_eq!(selected(&Pages::Range { first: 2, last: 4_000_000_000 }, 3), [1, 2, 3]);
        let word = Placement::Keyword { word: "盖章处".to_owned(), hit: 1 };
        assert_eq!(super::placed(&[word], 1, (40.0, 40.0)), Err("PLACEMENT_KEYWORD"));
    }
}
