use std::io::{Read, Seek};

use super::error::SignError;
use crate::document::{DocumentRoot, Page};
use crate::geometry::Rect;
use crate::package::Package;

/// Which pages, counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageSelection {
    /// Every page.
    All,
    /// These pages, in this order.
    Pages(Vec<usize>),
}

/// The edge of the paper a cross-page seal is cut by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// Left.
    Left,
    /// Right: the usual one.
    Right,
    /// Upper.
    Top,
    /// Lower.
    Bottom,
}

/// Where a seal's picture stands. Lengths are millimetres from the upper left corner of the page's physical box.
#[derive(Debug, Clone, PartialEq)]
pub enum Placement {
    /// The same place on one or several pages.
    At {
        /// Which pages.
        pages: PageSelection,
        /// The picture's box.
        area: Rect,
    },
    /// A cross-page seal (骑缝章): the picture cut into one slice for each page.
    CrossPage {
        /// Which pages, at least two.
        pages: PageSelection,
        /// At which edge.
        edge: Edge,
        /// Width of the whole picture.
        width: f64,
        /// Height of the whole picture.
        height: f64,
        /// Distance of the picture from the start of the edge (from the top, or from the left); centered if `None`.
        along: Option<f64>,
    },
}

impl Placement {
    /// One page, from 0, and one box in mm.
    pub fn on_page(page: usize, x: f64, y: f64, width: f64, height: f64) -> Self {
        Self::At { pages: PageSelection::Pages(vec![page]), area: Rect::new(x, y, width, height) }
    }

    /// All pages at one edge, centered.
    pub fn cross_page(edge: Edge, width: f64, height: f64) -> Self {
        Self::CrossPage { pages: PageSelection::All, edge, width, height, along: None }
    }
}

/// A stamp with its page's ID, ready to be written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Placed {
    pub page_ref: String,
    pub boundary: Rect,
    pub clip: Option<Rect>,
}

/// A stamp on a page of whatever document.
#[derive(Debug, Clone, PartialEq)]
pub struct Laid {
    /// Page, from 0.
    pub page: usize,
    /// The whole picture's box.
    pub boundary: Rect,
    /// The slice that is shown, in the picture's own coordinates.
    pub clip: Option<Rect>,
}

/// Slices thinner than this cannot be seen, in mm.
const THINNEST: f64 = 0.5;

/// Turns placements into stamps, each page judged by its own physical box.
pub(crate) fn place<R: Read + Seek>(
    package: &mut Package<R>,
    root: &DocumentRoot,
    placements: &[Placement],
) -> Result<Vec<Placed>, SignError> {
    let page = |at: usize| -> Result<&Page, SignError> {
        root.pages.get(at).ok_or(SignError::NoSuchPage { asked: at, count: root.pages.len() })
    };
    let laid = lay_out(placements, root.pages.len(), &mut |at| Ok(root.physical_box(package, page(at)?)?))?;
    let named =
        |l: Laid| Ok(Placed { page_ref: page(l.page)?.id.clone(), boundary: l.boundary, clip: l.clip });
    laid.into_iter().map(named).collect()
}

/// Turns placements into stamps over `count` pages; `paper` gives a page's box as shown, in mm.
///
/// # Errors
/// Pages that are not there, places outside the paper, slices nobody could see; errors of `paper`.
pub fn lay_out(
    placements: &[Placement],
    count: usize,
    paper: &mut dyn FnMut(usize) -> Result<Rect, SignError>,
) -> Result<Vec<Laid>, SignError> {
    let mut laid = Vec::new();
    for placement in placements {
        match placement {
            Placement::At { pages, area } => {
                sized(area.width, area.height)?;
                for page in select(count, pages)? {
                    check(page, &paper(page)?, area)?;
                    laid.push(Laid { page, boundary: *area, clip: None });
                }
            }
            Placement::CrossPage { pages, edge, width, height, along } => {
                sized(*width, *height)?;
                let pages = select(count, pages)?;
                let across = if matches!(edge, Edge::Left | Edge::Right) { *width } else { *height };
                sliceable(pages.len(), across)?;
                for (number, page) in pages.iter().enumerate() {
                    let page_box = paper(*page)?;
                    let (boundary, clip) =
                        slice(*edge, (*width, *height), *along, &page_box, number, pages.len());
                    let seen = Rect::new(boundary.x + clip.x, boundary.y + clip.y, clip.width, clip.height);
                    check(*page, &page_box, &seen)?;
                    laid.push(Laid { page: *page, boundary, clip: Some(clip) });
                }
            }
        }
    }
    Ok(laid)
}

fn sized(width: f64, height: f64) -> Result<(), SignError> {
    let usable = |length: f64| length.is_finite() && length > 0.0;
    if usable(width) && usable(height) { Ok(()) } else { Err(SignError::BadSize { width, height }) }
}

fn select(count: usize, pages: &PageSelection) -> Result<Vec<usize>, SignError> {
    let one = |asked: usize| {
        if asked < count { Ok(asked) } else { Err(SignError::NoSuchPage { asked, count }) }
    };
    match pages {
        PageSelection::All if count == 0 => Err(SignError::NoSuchPage { asked: 0, count }),
        PageSelection::All => Ok((0..count).collect()),
        PageSelection::Pages(list) => list.iter().map(|asked| one(*asked)).collect(),
    }
}

fn sliceable(count: usize, across: f64) -> Result<(), SignError> {
    if count < 2 {
        return Err(SignError::CrossPageTooFew { count });
    }
    let slice = across / count as f64;
    if slice < THINNEST {
        let most = (2..count).rev().find(|fewer| across / *fewer as f64 >= THINNEST).unwrap_or(2);
        return Err(SignError::CrossPageTooMany { count, slice, most });
    }
    Ok(())
}

fn check(page: usize, page_box: &Rect, seen: &Rect) -> Result<(), SignError> {
    let paper = Rect::new(0.0, 0.0, page_box.width, page_box.height);
    let finite = [seen.x, seen.y].into_iter().all(f64::is_finite);
    if finite && seen.intersects(&paper) {
        return Ok(());
    }
    Err(SignError::OutsidePage {
        page,
        placed: seen.to_string(),
        width: page_box.width,
        height: page_box.height,
    })
}

/// The whole picture's box on page `number` of `count`, and the slice of the picture shown there.
fn slice(
    edge: Edge,
    (width, height): (f64, f64),
    along: Option<f64>,
    page: &Rect,
    number: usize,
    count: usize,
) -> (Rect, Rect) {
    let n = count as f64;
    let forward = number as f64;
    let backward = count.saturating_sub(1).saturating_sub(number) as f64;
    let (dx, dy) = (width / n, height / n);
    let y = along.unwrap_or((page.height - height) / 2.0);
    let x = along.unwrap_or((page.width - width) / 2.0);
    let (x, y, clip) = match edge {
        Edge::Right => (page.width - dx * (forward + 1.0), y, Rect::new(forward * dx, 0.0, dx, height)),
        Edge::Left => (-dx * backward, y, Rect::new(backward * dx, 0.0, dx, height)),
        Edge::Bottom => (x, page.height - dy * (forward + 1.0), Rect::new(0.0, forward * dy, width, dy)),
        Edge::Top => (x, -dy * backward, Rect::new(0.0, backward * dy, width, dy)),
    };
    (Rect::new(x, y, width, height), clip)
}

#[cfg(test)]
mod tests {
    use super::*;

    const A4: Rect = Rect::new(0.0, 0.0, 210.0, 297.0);

    #[test]
    fn right_edge_matches_the_figures_of_a_real_document() {
        // Five pages, 40 × 40 mm, as in a document of another vendor.
        let expected = [
            ("202 128.5 40 40", "0 0 8 40"),
            ("194 128.5 40 40", "8 0 8 40"),
            ("170 128.5 40 40", "32 0 8 40"),
        ];
        for (page, (boundary, clip)) in [0usize, 1, 4].into_iter().zip(expected) {
            let found = slice(Edge::Right, (40.0, 40.0), None, &A4, page, 5);
            assert_eq!((found.0.to_string().as_str(), found.1.to_string().as_str()), (boundary, clip));
        }
    }

    #[test]
    fn slices_of_every_edge_lie_on_the_page_and_make_up_the_whole_picture() {
        for edge in [Edge::Left, Edge::Right, Edge::Top, Edge::Bottom] {
            let mut area = 0.0;
            for page in 0..7 {
                let (boundary, clip) = slice(edge, (40.0, 30.0), None, &A4, page, 7);
                let seen = Rect::new(boundary.x + clip.x, boundary.y + clip.y, clip.width, clip.height);
                let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
                let at_edge = match edge {
                    Edge::Left => near(seen.x, 0.0),
                    Edge::Right => near(seen.x + seen.width, 210.0),
                    Edge::Top => near(seen.y, 0.0),
                    Edge::Bottom => near(seen.y + seen.height, 297.0),
                };
                assert!(at_edge, "{edge:?} page {page}: {seen}");
                area += clip.width * clip.height;
            }
            assert!((area - 1200.0).abs() < 1e-6);
        }
    }

    #[test]
    fn rejects_slices_nobody_could_see() {
        assert_eq!(sliceable(1, 40.0).unwrap_err().code(), "SIGN_CROSS_PAGE_TOO_FEW");
        assert!(matches!(sliceable(100, 40.0), Err(SignError::CrossPageTooMany { most: 80, .. })));
        assert!(sliceable(80, 40.0).is_ok());
    }
}
