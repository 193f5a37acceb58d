//! The seal on a page as it will stand there: boxes in millimeters, by the rules that signing lays it out with.

use crate::api::shapes::{Pages, Placement};
use crate::picture::strip;

/// A seal, or its strip, on a page; lengths in mm as texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlay {
    /// Which place of the list, from 0.
    pub place: usize,
    /// Left edge.
    pub x: String,
    /// Upper edge.
    pub y: String,
    /// Width of what is seen.
    pub width: String,
    /// Height of it.
    pub height: String,
    /// Left edge of what is seen in the seal's picture.
    pub from: String,
    /// Upper edge of it.
    pub down: String,
}

/// Hundredths of a millimeter as people write millimeters: `150`, `150.5`, `150.25`.
pub fn mm_text(hundredths: i32) -> String {
    let (whole, part) = (hundredths / 100, (hundredths % 100).abs());
    let text = format!("{whole}.{part:02}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn text(mm: f64) -> String {
    let text = format!("{mm:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The pages a place names, from 1, both included.
pub fn range(pages: &Pages, count: usize) -> (usize, usize) {
    match pages {
        Pages::All {} => (1, count),
        Pages::Last {} => (count, count),
        Pages::Range { first, last } => (*first as usize, (*last as usize).min(count)),
    }
}

/// The seal over a word that was found, its middle so many mm from the left and the top.
pub fn over_word(place: usize, middle: (f64, f64), seal: (f64, f64)) -> Overlay {
    Overlay {
        place,
        x: text(middle.0 - seal.0 / 2.0),
        y: text(middle.1 - seal.1 / 2.0),
        width: text(seal.0),
        height: text(seal.1),
        from: text(0.0),
        down: text(0.0),
    }
}

/// What of the seal is on page `number` of `count`, whose paper and seal are so large.
pub fn overlays(
    places: &[Placement],
    (number, count): (usize, usize),
    paper: (f64, f64),
    seal: (f64, f64),
) -> Vec<Overlay> {
    let mm = |hundredths: i32| f64::from(hundredths) / 100.0;
    let mut found = Vec::new();
    for (place, placement) in places.iter().enumerate() {
        let pages = match placement {
            Placement::At { pages, .. } | Placement::CrossPage { pages, .. } => pages,
            // Where that is the text says: see `over_word`.
            Placement::Keyword { .. } => continue,
        };
        let (first, last) = range(pages, count);
        if number < first || number > last {
            continue;
        }
        let (corner, size, from) = match placement {
            Placement::At { x, y, .. } => ((mm(*x) - seal.0 / 2.0, mm(*y) - seal.1 / 2.0), seal, (0.0, 0.0)),
            Placement::CrossPage { edge, x, y, .. } => {
                let along = mm(x.or(*y).unwrap_or_default());
                let sheets = last.saturating_sub(first).saturating_add(1);
                let strip = strip(*edge, number.saturating_sub(first), sheets, seal);
                (strip.corner(*edge, along, paper, seal), strip.size, strip.from)
            }
            Placement::Keyword { .. } => continue,
        };
        found.push(Overlay {
            place,
            x: text(corner.0),
            y: text(corner.1),
            width: text(size.0),
            height: text(size.1),
            from: text(from.0),
            down: text(from.1),
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::shapes::Edge;

    #[test]
    fn a_seal_stands_around_its_middle_and_strips_lie_at_the_right_edge() {
        let places = [
            Placement::At { pages: Pages::Last {}, x: 15_000, y: 24_050 },
            Placement::CrossPage { pages: Pages::All {}, edge: Edge::Right, x: None, y: Some(14_850) },
        ];
        let on = |page| overlays(&places, (page, 4), (210.0, 297.0), (40.0, 30.0));
        let strip = |from: &str| Overlay {
            place: 1,
            x: "200".to_owned(),
            y: "133.5".to_owned(),
            width: "10".to_owned(),
            height: "30".to_owned(),
            from: from.to_owned(),
            down: "0".to_owned(),
        };
        assert_eq!(on(1), [strip("0")]);
        assert_eq!(on(3), [strip("20")]);
        let last = on(4);
        assert_eq!((last.len(), last[0].x.as_str(), last[0].y.as_str()), (2, "130", "225.5"));
        assert_eq!(last[1], strip("30"));
    }

    #[test]
    fn millimeters_are_written_short() {
        assert_eq!([15_000, 15_050, 15_025, 5, 0].map(mm_text), ["150", "150.5", "150.25", "0.05", "0"]);
    }
}
