//! The strip of a seal that stands on one of the pages it is cut over, by the rules that signing lays it out with: bound pages that are
//! fanned out show the whole seal at their edges.

use crate::api::shapes::Edge;

/// What of a seal's picture is seen on a page, in mm from the picture's upper left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Strip {
    /// Its upper left corner in the picture.
    pub from: (f64, f64),
    /// Its width and height.
    pub size: (f64, f64),
}

/// The strip on page `at`, from 0, of so many pages.
pub fn strip(edge: Edge, at: usize, count: usize, seal: (f64, f64)) -> Strip {
    let count = count.max(1);
    // Over the left and the upper edge the first page shows what lies farthest inside.
    let part = match edge {
        Edge::Right | Edge::Bottom => at,
        Edge::Left | Edge::Top => count.saturating_sub(1).saturating_sub(at),
    } as f64;
    let of = |side: f64| side / count as f64;
    match edge.lies_flat() {
        true => Strip { from: (0.0, of(seal.1) * part), size: (seal.0, of(seal.1)) },
        false => Strip { from: (of(seal.0) * part, 0.0), size: (of(seal.0), seal.1) },
    }
}

impl Strip {
    /// Where its upper left corner stands on the paper; `along` is where the middle of the seal stands along the edge.
    pub fn corner(&self, edge: Edge, along: f64, paper: (f64, f64), seal: (f64, f64)) -> (f64, f64) {
        match edge {
            Edge::Right => (paper.0 - self.size.0, along - seal.1 / 2.0),
            Edge::Left => (0.0, along - seal.1 / 2.0),
            Edge::Bottom => (along - seal.0 / 2.0, paper.1 - self.size.1),
            Edge::Top => (along - seal.0 / 2.0, 0.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use yinxin_ofd::Rect;
    use yinxin_ofd::sign::{self, PageSelection, Placement, lay_out};

    /// What is shown is what signing will do.
    #[test]
    fn strips_stand_where_signing_puts_them() {
        let (paper, seal, count) = ((210.0, 297.0), (40.0, 30.0), 7);
        let all = [
            (Edge::Right, sign::Edge::Right),
            (Edge::Left, sign::Edge::Left),
            (Edge::Top, sign::Edge::Top),
            (Edge::Bottom, sign::Edge::Bottom),
        ];
        for (edge, signed) in all {
            let half = if edge.lies_flat() { seal.0 } else { seal.1 } / 2.0;
            let place = Placement::CrossPage {
                pages: PageSelection::All,
                edge: signed,
                width: seal.0,
                height: seal.1,
                along: Some(100.0 - half),
            };
            let laid = lay_out(&[place], count, &mut |_| Ok(Rect::new(0.0, 0.0, paper.0, paper.1))).unwrap();
            assert_eq!(laid.len(), count);
            for laid in laid {
                let strip = strip(edge, laid.page, count, seal);
                let corner = strip.corner(edge, 100.0, paper, seal);
                let clip = laid.clip.unwrap();
                let signed = [
                    (clip.x, strip.from.0),
                    (clip.y, strip.from.1),
                    (clip.width, strip.size.0),
                    (clip.height, strip.size.1),
                    (laid.boundary.x + clip.x, corner.0),
                    (laid.boundary.y + clip.y, corner.1),
                ];
                assert!(
                    signed.iter().all(|(a, b)| (a - b).abs() < 1e-9),
                    "{edge:?} {}: {signed:?}",
                    laid.page
                );
            }
        }
    }
}
