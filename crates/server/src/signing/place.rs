//! Places as people give them, turned into the boxes of a document.

use std::io::{Cursor, Read, Seek};

use yinxin_ofd::sign::{Edge, PageSelection, Placement as Place};
use yinxin_ofd::{Document, DocumentRoot, OfdError, Package, Rect};
use yinxin_registry::usage::document::{self as asked, Pages, Placement};
use yinxin_render::{FontSet, OnPage, Options, Paged, RenderLimits, find_in};

/// Pages of the first document of a package.
///
/// # Errors
/// What is wrong with the package.
pub(super) fn page_count<R: Read + Seek>(package: &mut Package<R>) -> Result<usize, OfdError> {
    let document = Document::load(package)?;
    let Some(body) = document.bodies.first() else { return Ok(0) };
    Ok(DocumentRoot::load(package, &body.doc_root)?.pages.len())
}

/// Finds a word: told the word and which hit, gives its places.
pub(super) type Find<'a> = dyn FnMut(&str, u32) -> Result<Vec<OnPage>, String> + 'a;

/// Where the picture stands, for a picture of this size in millimeters. Words are found by `find`, which is told the word and which hit.
///
/// # Errors
/// Those of `find`.
pub(super) fn placed(
    places: &[Placement],
    count: usize,
    (width, height): (f64, f64),
    find: &mut Find<'_>,
) -> Result<Vec<Place>, String> {
    let mut out = Vec::new();
    for place in places {
        match place {
            Placement::At { pages, x, y } => out.push(Place::At {
                pages: PageSelection::Pages(selected(pages, count)),
                area: Rect::new(mm(*x) - width / 2.0, mm(*y) - height / 2.0, width, height),
            }),
            Placement::CrossPage { pages, edge, x, y } => out.push(Place::CrossPage {
                pages: PageSelection::Pages(selected(pages, count)),
                edge: over(*edge),
                width,
                height,
                along: x.map(|x| mm(x) - width / 2.0).or(y.map(|y| mm(y) - height / 2.0)),
            }),
            Placement::Keyword { word, hit } => {
                out.extend(find(word, *hit)?.into_iter().map(|(page, (x, y))| {
                    Place::on_page(page, x - width / 2.0, y - height / 2.0, width, height)
                }))
            }
        }
    }
    Ok(out)
}

/// Places that one word may give.
const MAX_HITS: usize = 1000;
/// Pages of a document that are searched.
const MAX_PAGES: usize = 2000;

/// Where a word stands in a document (关键字签章): the hit of that number, from 1, or every hit for 0.
///
/// # Errors
/// `PLACEMENT_KEYWORD` where it does not stand there, or too often; what is wrong with the document.
pub(super) fn hits(document: &[u8], word: &str, hit: u32) -> Result<Vec<OnPage>, String> {
    let mut options = Options::new(FontSet::builtin());
    options.limits = RenderLimits::for_strangers();
    options.seals = false;
    options.images = false;
    let limits = yinxin_ofd::Limits::default();
    let code = |error: yinxin_render::RenderError| error.code().to_owned();
    let mut pages = Paged::open(Cursor::new(document), options, &limits).map_err(code)?;
    let found = find_in(&mut pages, word, hit, MAX_PAGES, MAX_HITS).map_err(code)?;
    found.filter(|found| !found.is_empty()).ok_or_else(|| "PLACEMENT_KEYWORD".to_owned())
}

/// Pages a document is sealed on, from 1, each once.
pub(super) fn pages_of(places: &[Place]) -> Vec<u32> {
    let mut pages: Vec<u32> = places
        .iter()
        .flat_map(|place| match place {
            Place::At { pages, .. } | Place::CrossPage { pages, .. } => match pages {
                PageSelection::Pages(pages) => pages.clone(),
                PageSelection::All => Vec::new(),
            },
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

fn over(edge: asked::Edge) -> Edge {
    match edge {
        asked::Edge::Right => Edge::Right,
        asked::Edge::Left => Edge::Left,
        asked::Edge::Top => Edge::Top,
        asked::Edge::Bottom => Edge::Bottom,
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
        let mut none = |_: &str, _: u32| Err("PLACEMENT_KEYWORD".to_owned());
        let at = Placement::At { pages: Pages::Last, x: 15_000, y: 24_050 };
        let cross = Placement::over_right_edge(Pages::Range { first: 1, last: 2 }, 10_000);
        let placed = placed(&[at, cross], 3, (40.0, 30.0), &mut none).unwrap();
        let area = Rect::new(130.0, 225.5, 40.0, 30.0);
        assert_eq!(placed[0], Place::At { pages: PageSelection::Pages(vec![2]), area });
        assert_eq!(pages_of(&placed), [1, 2, 3]);
        let Place::CrossPage { edge: Edge::Right, along: Some(down), .. } = placed[1] else {
            panic!("{placed:?}")
        };
        assert_eq!(down, 85.0);
        // Along the upper edge the middle is told from the left.
        let top =
            Placement::CrossPage { pages: Pages::All, edge: asked::Edge::Top, x: Some(10_500), y: None };
        let top = super::placed(&[top], 3, (40.0, 30.0), &mut none).unwrap();
        let Place::CrossPage { edge: Edge::Top, along: Some(right), .. } = top[0] else { panic!("{top:?}") };
        assert_eq!(right, 85.0);
        assert_eq!(selected(&Pages::Range { first: 2, last: 4_000_000_000 }, 3), [1, 2, 3]);
        let word = Placement::Keyword { word: "盖章处".to_owned(), hit: 1 };
        assert_eq!(super::placed(&[word], 1, (40.0, 40.0), &mut none).unwrap_err(), "PLACEMENT_KEYWORD");
    }

    #[test]
    fn words_are_found_in_order_over_all_pages() {
        let document = yinxin_ofd::sample::document(3, "合同", &["甲方（盖章）：", "乙方（盖章）："]);
        let every = hits(&document, "（盖章）", 0).unwrap();
        assert_eq!(every.len() % 2, 0);
        assert!(every.windows(2).all(|two| two[0].0 <= two[1].0));
        let second = hits(&document, "（盖章）", 2).unwrap();
        assert_eq!(second, [every[1]]);
        for (word, hit) in [("丙方", 0), ("丙方", 1), ("（盖章）", 100)] {
            assert_eq!(hits(&document, word, hit).unwrap_err(), "PLACEMENT_KEYWORD");
        }
    }
}
