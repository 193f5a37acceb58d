//! Finding words on a page (关键字定位).

use std::collections::HashSet;

use yinxin_ofd::Rect;

use crate::radicals::ideograph;
use crate::text::{PageText, joined};

/// A word found on a page: one box for each line it stands on.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Boxes of its ink in mm, in reading order; at least one.
    pub areas: Vec<Rect>,
    /// What stands there, as written.
    pub text: String,
}

impl Hit {
    /// The middle of the first box, in mm.
    pub fn center(&self) -> (f64, f64) {
        self.areas.first().map_or((0.0, 0.0), |area| (area.x + area.width / 2.0, area.y + area.height / 2.0))
    }
}

/// Which of the hits are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// All of them.
    Every,
    /// The n-th, from 1.
    Nth(usize),
    /// The last one.
    Last,
}

impl Which {
    /// Those of the hits that are meant.
    pub fn of<T: Clone>(self, hits: &[T]) -> Vec<T> {
        match self {
            Self::Every => hits.to_vec(),
            Self::Nth(number) => {
                number.checked_sub(1).and_then(|at| hits.get(at)).cloned().into_iter().collect()
            }
            Self::Last => hits.last().cloned().into_iter().collect(),
        }
    }
}

/// Longest keyword, in characters.
const MAX_KEYWORD: usize = 200;
/// Most hits on one page.
const MAX_HITS: usize = 10_000;

impl PageText {
    /// Every place where `word` stands, from the top left to the bottom right.
    ///
    /// Full and half width forms are one, so are ideographs and the radicals that look like them, and spaces do not count, neither in the word nor on the page. A word may go over
    /// text objects and lines. An empty word is found nowhere.
    pub fn find(&self, word: &str) -> Vec<Hit> {
        let wanted: Vec<char> = word.chars().filter_map(folded).take(MAX_KEYWORD).collect();
        if wanted.is_empty() {
            return Vec::new();
        }
        // Once in the order of the document, as paragraphs flow, and once along the lines, as tables are read.
        let written: Vec<usize> = (0..self.characters.len()).collect();
        let seen: Vec<usize> = self.lines.iter().flatten().copied().collect();
        let mut known: HashSet<usize> = HashSet::new();
        let mut hits = Vec::new();
        for order in [written, seen] {
            for found in self.matches(&order, &wanted) {
                // The same place met again the other way is no second hit.
                if hits.len() < MAX_HITS && !found.iter().any(|at| known.contains(at)) {
                    known.extend(&found);
                    hits.extend(self.hit(&found));
                }
            }
        }
        let row =
            |hit: &Hit| hit.areas.first().map_or((0.0, 0.0), |area| (area.y + area.height / 2.0, area.x));
        hits.sort_by(|a, b| {
            let ((ay, ax), (by, bx)) = (row(a), row(b));
            if (ay - by).abs() < 1.0 { ax.total_cmp(&bx) } else { ay.total_cmp(&by) }
        });
        hits
    }

    /// Numbers of the characters of each match, matches not overlapping.
    fn matches(&self, order: &[usize], wanted: &[char]) -> Vec<Vec<usize>> {
        let stream: Vec<(usize, char)> =
            order.iter().filter_map(|at| Some((*at, folded(self.characters.get(*at)?.text)?))).collect();
        let mut out = Vec::new();
        let mut from = 0_usize;
        while let Some(window) = stream.get(from..from.saturating_add(wanted.len())) {
            if out.len() >= MAX_HITS {
                break;
            }
            if window.iter().map(|(_, c)| c).eq(wanted) {
                out.push(window.iter().map(|(at, _)| *at).collect());
                from = from.saturating_add(wanted.len());
            } else {
                from = from.saturating_add(1);
            }
        }
        out
    }

    fn hit(&self, found: &[usize]) -> Option<Hit> {
        let mut areas: Vec<(f64, Rect)> = Vec::new();
        let mut text = String::new();
        for character in found.iter().filter_map(|at| self.characters.get(*at)) {
            text.push(character.text);
            let area = character.area();
            let same =
                |line: &f64| !character.level || (line - character.baseline).abs() <= 0.35 * character.size;
            match areas.last_mut() {
                Some((line, sum)) if same(line) => *sum = joined(sum, &area),
                _ => areas.push((character.baseline, area)),
            }
        }
        let areas: Vec<Rect> = areas.into_iter().map(|(_, area)| area).collect();
        (!areas.is_empty()).then_some(Hit { areas, text })
    }
}

/// The half width form, or nothing for a space.
fn folded(character: char) -> Option<char> {
    if character.is_whitespace() || character.is_control() || character == '\u{feff}' {
        return None;
    }
    match u32::from(character) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code.saturating_sub(0xFEE0)),
        _ => Some(ideograph(character)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tests::run;

    fn text(runs: &[Vec<crate::text::Character>]) -> PageText {
        PageText::new(runs.concat())
    }

    #[test]
    fn finds_words_over_objects_and_spaces_and_widths() {
        let page = text(&[run(1, "甲 方（盖", 20.0, 50.0, 4.0), run(2, "章）：", 40.0, 50.0, 4.0)]);
        for word in ["甲方(盖章):", "甲方（盖章）：", " 甲 方 （盖章)", "盖章"] {
            assert_eq!(page.find(word).len(), 1, "{word}");
        }
        assert_eq!(page.find("盖章")[0].areas, [Rect::new(36.0, 46.5, 8.0, 4.0)]);
        assert_eq!(page.find("甲方")[0].areas, [Rect::new(20.0, 46.5, 12.0, 4.0)]);
        assert!(page.find("乙方").is_empty() && page.find(" ").is_empty() && page.find("").is_empty());
    }

    #[test]
    fn a_hit_over_two_lines_has_one_box_for_each() {
        let page = text(&[run(1, "双方盖", 20.0, 50.0, 4.0), run(2, "章生效", 20.0, 57.0, 4.0)]);
        let hits = page.find("盖章");
        assert_eq!(hits[0].areas, [Rect::new(28.0, 46.5, 4.0, 4.0), Rect::new(20.0, 53.5, 4.0, 4.0)]);
        assert_eq!(hits[0].center(), (30.0, 48.5));
    }

    #[test]
    fn words_of_a_table_are_found_along_the_line_whatever_order_they_were_written_in() {
        let page = text(&[
            run(1, "章", 60.0, 50.0, 4.0),
            run(2, "别处", 20.0, 90.0, 4.0),
            run(3, "盖", 50.0, 50.0, 4.0),
        ]);
        assert_eq!(page.find("盖章").len(), 1);
    }

    #[test]
    fn every_nth_and_last_choose_in_reading_order() {
        let rows: Vec<_> =
            [3, 1, 2].into_iter().map(|n| run(n, "签章", 20.0, 50.0 * n as f64, 4.0)).collect();
        let hits = text(&rows).find("签章");
        let tops = |which: Which| which.of(&hits).iter().map(|hit| hit.areas[0].y).collect::<Vec<_>>();
        assert_eq!(tops(Which::Every), [46.5, 96.5, 146.5]);
        assert_eq!(tops(Which::Nth(2)), [96.5]);
        assert_eq!(tops(Which::Last), [146.5]);
        assert!(tops(Which::Nth(4)).is_empty() && tops(Which::Nth(0)).is_empty());
    }
}
