//! Places of a seal as lines of a form, and back.

use super::overlay::{mm_text, range};
use crate::api::shapes::{Edge, Pages, Placement};
use crate::frame::Sent;
use crate::picture::Sheets;
use crate::words::Words;

/// Most places on one document, as the API has it.
pub const MOST: usize = 100;
/// Lines looked at.
const LINES: usize = 120;

/// A line of the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// Its number, from 0.
    pub number: usize,
    /// `at`, `keyword`, `cross_page`, or nothing.
    pub kind: String,
    /// `all`, `last` or `range`.
    pub pages: String,
    /// First page.
    pub first: String,
    /// Last page.
    pub last: String,
    /// `right`, `left`, `top` or `bottom`.
    pub edge: String,
    /// Millimeters from the left.
    pub x: String,
    /// Millimeters from the top.
    pub y: String,
    /// Word it stands over.
    pub word: String,
    /// Which of its places, from 1; nothing for each.
    pub hit: String,
    /// What is wrong with it.
    pub error: String,
}

impl Row {
    /// What it is called, counted as people count.
    pub fn legend(&self, w: &Words) -> String {
        Words::with_numbers(w.place_number(), &[&self.number.saturating_add(1).to_string()])
    }

    fn of(number: usize, placement: &Placement) -> Self {
        let text = |place: &Option<i32>| place.map(mm_text).unwrap_or_default();
        let (kind, pages, edge, x, y) = match placement {
            Placement::At { pages, x, y } => ("at", pages, Edge::default(), mm_text(*x), mm_text(*y)),
            Placement::CrossPage { pages, edge, x, y } => ("cross_page", pages, *edge, text(x), text(y)),
            Placement::Keyword { word, hit } => {
                let hit = if *hit == 0 { String::new() } else { hit.to_string() };
                return Self { kind: "keyword".to_owned(), word: word.clone(), hit, ..blank(number) };
            }
        };
        let (which, first, last) = match pages {
            Pages::All {} => ("all", String::new(), String::new()),
            Pages::Last {} => ("last", String::new(), String::new()),
            Pages::Range { first, last } => ("range", first.to_string(), last.to_string()),
        };
        let (kind, pages, edge) = (kind.to_owned(), which.to_owned(), edge.code().to_owned());
        Self { number, kind, pages, first, last, edge, x, y, ..Self::default() }
    }
}

/// The lines for these places, and an empty one behind them.
pub fn rows(places: &[Placement]) -> Vec<Row> {
    let mut rows: Vec<Row> =
        places.iter().enumerate().map(|(number, place)| Row::of(number, place)).collect();
    rows.push(blank(rows.len()));
    rows
}

fn blank(number: usize) -> Row {
    Row { number, pages: "last".to_owned(), edge: Edge::default().code().to_owned(), ..Row::default() }
}

/// A line of a form, and the place it says if it says one.
pub type Line = (Row, Option<Placement>);

/// The lines of a form as they were typed, each with its fault, words that were ticked behind them; lines that say nothing are left out.
pub fn lines(sent: &Sent, sheets: Option<&Sheets>, w: Words) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for number in 0..LINES {
        let part = |name: &str| sent.get(&format!("{name}.{number}")).to_owned();
        let mut row = Row {
            number: lines.len(),
            kind: part("kind"),
            pages: part("pages"),
            first: part("first"),
            last: part("last"),
            edge: Edge::of(sent.get(&format!("edge.{number}"))).code().to_owned(),
            x: part("x"),
            y: part("y"),
            word: part("word"),
            hit: part("hit"),
            error: String::new(),
        };
        if !matches!(row.kind.as_str(), "at" | "keyword" | "cross_page") {
            continue;
        }
        let place = match placement(&row, sheets, w) {
            Ok(place) => Some(place),
            Err(words) => {
                words.clone_into(&mut row.error);
                None
            }
        };
        lines.push((row, place));
    }
    for place in sent.all("hit").filter_map(|hit| at_hit(hit, sheets)) {
        lines.push((Row::of(lines.len(), &place), Some(place)));
    }
    lines
}

/// The places of a template before the lines that are not saved anywhere; `settled` are those that stand on the document or in the
/// template that was used before.
pub fn with_template(lines: Vec<Line>, settled: &[Placement], template: &[Placement]) -> Vec<Line> {
    let own = |(_, place): &Line| {
        place.as_ref().is_none_or(|place| !settled.contains(place) && !template.contains(place))
    };
    let own: Vec<Line> = lines.into_iter().filter(own).collect();
    let placed = template.iter().map(|place| (Row::of(0, place), Some(place.clone())));
    let numbered = placed.chain(own).enumerate();
    numbered.map(|(number, (row, place))| (Row { number, ..row }, place)).collect()
}

/// What the form shows of these lines, an empty one behind them, and the places that are drawn.
pub fn unsaved(lines: Vec<Line>) -> (Vec<Row>, Vec<Placement>) {
    let (mut rows, places): (Vec<Row>, Vec<Option<Placement>>) = lines.into_iter().unzip();
    rows.push(blank(rows.len()));
    (rows, places.into_iter().flatten().collect())
}

/// The places that a form says, or its lines with what is wrong.
///
/// # Errors
/// The lines as they were sent, each with its fault; and a fault of the whole.
pub fn read(sent: &Sent, sheets: Option<&Sheets>, w: Words) -> Result<Vec<Placement>, (Vec<Row>, String)> {
    let lines = lines(sent, sheets, w);
    let wrong = lines.iter().any(|(_, place)| place.is_none());
    let (rows, places) = unsaved(lines);
    let whole = match places.len() {
        0 if !wrong => w.place_none(),
        more if more > MOST => w.place_too_many(),
        _ => "",
    };
    if wrong || !whole.is_empty() { Err((rows, whole.to_owned())) } else { Ok(places) }
}

/// `page:x:y` of a word that was found.
fn at_hit(hit: &str, sheets: Option<&Sheets>) -> Option<Placement> {
    let mut parts = hit.splitn(3, ':');
    let page: u32 = parts.next()?.parse().ok()?;
    let (x, y) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let there = sheets.is_none_or(|sheets| (1..=sheets.count).contains(&(page as usize)));
    there.then_some(Placement::At { pages: Pages::Range { first: page, last: page }, x, y })
}

/// Longest word, characters, as the API has it.
const LONGEST: usize = 100;

fn over_word(row: &Row, w: Words) -> Result<Placement, &'static str> {
    let fits = (1..=LONGEST).contains(&row.word.chars().count());
    let hit = if row.hit.is_empty() { Some(0) } else { row.hit.parse().ok().filter(|hit| *hit >= 1) };
    match hit.filter(|_| fits) {
        Some(hit) => Ok(Placement::Keyword { word: row.word.clone(), hit }),
        None => Err(w.place_wrong_word()),
    }
}

fn placement(row: &Row, sheets: Option<&Sheets>, w: Words) -> Result<Placement, &'static str> {
    if row.kind == "keyword" {
        return over_word(row, w);
    }
    let pages = match row.pages.as_str() {
        "all" => Pages::All {},
        "range" => {
            let page = |text: &str| text.parse::<u32>().ok().filter(|page| *page >= 1);
            let first = page(&row.first).ok_or(w.place_wrong_page())?;
            let last = if row.last.is_empty() { Some(first) } else { page(&row.last) };
            let last = last.filter(|last| *last >= first).ok_or(w.place_wrong_page())?;
            Pages::Range { first, last }
        }
        _ => Pages::Last {},
    };
    if let (Some(sheets), Pages::Range { last, .. }) = (sheets, &pages)
        && *last as usize > sheets.count
    {
        return Err(w.place_wrong_page());
    }
    let paper = sheets.and_then(|sheets| sheets.size_of(range(&pages, sheets.count).0));
    let on_paper = |text: &str, side: Option<f64>| {
        let at = hundredths(text).ok_or(w.place_wrong_number())?;
        let beyond = side.is_some_and(|side| f64::from(at) / 100.0 > side);
        if beyond { Err(w.place_outside()) } else { Ok(at) }
    };
    let x = || on_paper(&row.x, paper.map(|(wide, _)| wide));
    let y = || on_paper(&row.y, paper.map(|(_, high)| high));
    if row.kind != "cross_page" {
        return Ok(Placement::At { pages, x: x()?, y: y()? });
    }
    let few = sheets.is_some_and(|sheets| {
        let (first, last) = range(&pages, sheets.count);
        last <= first
    });
    if few {
        return Err(w.place_wrong_cross());
    }
    let edge = Edge::of(&row.edge);
    let (x, y) = if edge.lies_flat() { (Some(x()?), None) } else { (None, Some(y()?)) };
    Ok(Placement::CrossPage { pages, edge, x, y })
}

/// Millimeters as somebody typed them, in hundredths; more decimals are rounded.
fn hundredths(text: &str) -> Option<i32> {
    let plain = !text.is_empty() && text.len() <= 12 && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let mm: f64 = text.parse().ok().filter(|_| plain)?;
    (0.0..=10_000.0).contains(&mm).then(|| (mm * 100.0).round() as i32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Lang;

    fn sheets() -> Sheets {
        Sheets { count: 3, first: 1, sizes_mm: vec![(210.0, 297.0); 3] }
    }

    fn sent(pairs: &[(&str, &str)]) -> Sent {
        Sent::pairs(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
    }

    #[test]
    fn lines_become_places_and_places_lines() {
        let form = sent(&[
            ("kind.0", "at"),
            ("pages.0", "range"),
            ("first.0", "2"),
            ("x.0", "150.256"),
            ("y.0", "240"),
            ("kind.1", ""),
            ("kind.2", "cross_page"),
            ("pages.2", "all"),
            ("y.2", "148.5"),
            ("kind.4", "cross_page"),
            ("pages.4", "all"),
            ("edge.4", "top"),
            ("x.4", "105"),
            ("y.4", "left from another edge"),
            ("kind.3", "keyword"),
            ("word.3", "（盖章）"),
            ("hit.3", "2"),
            ("hit", "3:1000:2000"),
        ]);
        let places = read(&form, Some(&sheets()), Words(Lang::Zh)).unwrap();
        assert_eq!(
            places,
            [
                Placement::At { pages: Pages::Range { first: 2, last: 2 }, x: 15_026, y: 24_000 },
                Placement::CrossPage { pages: Pages::All {}, edge: Edge::Right, x: None, y: Some(14_850) },
                Placement::Keyword { word: "（盖章）".to_owned(), hit: 2 },
                Placement::CrossPage { pages: Pages::All {}, edge: Edge::Top, x: Some(10_500), y: None },
                Placement::At { pages: Pages::Range { first: 3, last: 3 }, x: 1000, y: 2000 },
            ]
        );
        let rows = rows(&places);
        assert_eq!((rows.len(), rows[0].x.as_str(), rows[1].y.as_str()), (6, "150.26", "148.5"));
        assert_eq!((rows[2].word.as_str(), rows[2].hit.as_str()), ("（盖章）", "2"));
        assert_eq!((rows[3].edge.as_str(), rows[3].x.as_str(), rows[3].y.as_str()), ("top", "105", ""));
        assert_eq!(rows[5].kind, "");
    }

    #[test]
    fn what_is_wrong_stands_at_its_line_and_what_was_typed_stays() {
        let w = Words(Lang::Zh);
        let wrong = |pairs: &[(&str, &str)]| {
            let (rows, whole) = read(&sent(pairs), Some(&sheets()), w).unwrap_err();
            (rows.first().map(|row| row.error.clone()).unwrap_or_default(), whole)
        };
        let at = |x, y, first| {
            wrong(&[("kind.0", "at"), ("pages.0", "range"), ("first.0", first), ("x.0", x), ("y.0", y)]).0
        };
        assert_eq!(at("right", "1", "1"), w.place_wrong_number());
        assert_eq!(at("-3", "1", "1"), w.place_wrong_number());
        assert_eq!(at("300", "1", "1"), w.place_outside());
        assert_eq!(at("1", "1", "4"), w.place_wrong_page());
        assert_eq!(at("1", "1", "0"), w.place_wrong_page());
        assert_eq!(wrong(&[("kind.0", "keyword")]).0, w.place_wrong_word());
        assert_eq!(wrong(&[("kind.0", "keyword"), ("word.0", "章"), ("hit.0", "0")]).0, w.place_wrong_word());
        assert_eq!(wrong(&[]).1, w.place_none());
        let cross = wrong(&[("kind.0", "cross_page"), ("pages.0", "last"), ("y.0", "10")]);
        assert_eq!(cross.0, w.place_wrong_cross());
    }
}
