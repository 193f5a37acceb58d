//! The text of a page with its places (文字及位置).

use serde::Serialize;
use yinxin_ofd::Rect;

/// One character on a page.
#[derive(Debug, Clone)]
pub(crate) struct Character {
    pub text: char,
    /// The em box, in mm on the page.
    pub cell: Rect,
    /// The box of what is inked; none for spaces.
    pub ink: Option<Rect>,
    /// Height of the base line, in mm from the page's top.
    pub baseline: f64,
    /// Size in mm.
    pub size: f64,
    /// Written from left to right on a level line.
    pub level: bool,
    /// Number of the text object.
    pub run: usize,
}

impl Character {
    pub fn add_ink(&mut self, more: &Rect) {
        self.ink = Some(self.ink.map_or(*more, |ink| joined(&ink, more)));
    }

    /// What is inked, or the cell where nothing is.
    pub fn area(&self) -> Rect {
        self.ink.unwrap_or(self.cell)
    }
}

/// The smallest box around two.
pub(crate) fn joined(a: &Rect, b: &Rect) -> Rect {
    let (x, y) = (a.x.min(b.x), a.y.min(b.y));
    let (right, bottom) = ((a.x + a.width).max(b.x + b.width), (a.y + a.height).max(b.y + b.height));
    Rect::new(x, y, right - x, bottom - y)
}

/// A word with its box.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Word {
    /// Its characters.
    pub text: String,
    /// The box of its ink in mm: x, y, width, height.
    #[serde(serialize_with = "four")]
    pub area: Rect,
}

/// A line with its words.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TextLine {
    /// Its words with single spaces between.
    pub text: String,
    /// The box of its ink in mm: x, y, width, height.
    #[serde(serialize_with = "four")]
    pub area: Rect,
    /// Its words from left to right.
    pub words: Vec<Word>,
}

fn four<S: serde::Serializer>(rect: &Rect, to: S) -> Result<S::Ok, S::Error> {
    let rounded = [rect.x, rect.y, rect.width, rect.height].map(|mm| (mm * 1000.0).round() / 1000.0);
    rounded.serialize(to)
}

/// The text of one page.
#[derive(Debug, Clone, Default)]
pub struct PageText {
    /// In the order of the document.
    pub(crate) characters: Vec<Character>,
    /// Numbers of the characters of each line, lines from the top, characters from the left.
    pub(crate) lines: Vec<Vec<usize>>,
}

impl PageText {
    pub(crate) fn new(characters: Vec<Character>) -> Self {
        let lines = lines(&characters);
        Self { characters, lines }
    }

    /// Lines from top to bottom.
    pub fn lines(&self) -> Vec<TextLine> {
        self.lines.iter().filter_map(|line| self.line(line)).collect()
    }

    /// All lines, one below the other.
    pub fn plain(&self) -> String {
        let mut out = String::new();
        for line in self.lines() {
            out.push_str(&line.text);
            out.push('\n');
        }
        out
    }

    fn line(&self, line: &[usize]) -> Option<TextLine> {
        let mut words: Vec<Word> = Vec::new();
        let mut before: Option<&Character> = None;
        for character in line.iter().filter_map(|at| self.characters.get(*at)) {
            if character.text.is_whitespace() {
                before = None;
                continue;
            }
            let area = character.area();
            let joins = before.is_some_and(|b| !apart(b, character));
            match words.last_mut().filter(|_| joins) {
                Some(word) => {
                    word.text.push(character.text);
                    word.area = joined(&word.area, &area);
                }
                None => words.push(Word { text: character.text.to_string(), area }),
            }
            before = Some(character);
        }
        let area = words.iter().map(|word| word.area).reduce(|a, b| joined(&a, &b))?;
        let text: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        Some(TextLine { text: text.join(" "), area, words })
    }
}

/// Whether there is room for a space between two neighbors.
fn apart(a: &Character, b: &Character) -> bool {
    if !a.level || !b.level {
        return a.run != b.run;
    }
    let gap = b.cell.x - (a.cell.x + a.cell.width);
    gap > 0.35 * a.size.max(b.size)
}

/// Groups characters by their base lines.
fn lines(characters: &[Character]) -> Vec<Vec<usize>> {
    let mut level: Vec<usize> = Vec::new();
    let mut lines: Vec<Vec<usize>> = Vec::new();
    let mut last_run = None;
    for (at, character) in characters.iter().enumerate() {
        if character.level {
            level.push(at);
        } else if let Some(line) = lines.last_mut().filter(|_| last_run == Some(character.run)) {
            // Upright or turned text: each object is a line of its own, in its own order.
            line.push(at);
        } else {
            lines.push(vec![at]);
            last_run = Some(character.run);
        }
    }
    let get = |at: &usize| characters.get(*at);
    let baseline = |at: &usize| get(at).map_or(0.0, |c| c.baseline);
    let left = |at: &usize| get(at).map_or(0.0, |c| c.cell.x);
    level.sort_by(|a, b| baseline(a).total_cmp(&baseline(b)));
    let mut open: Vec<usize> = Vec::new();
    for at in level {
        // A line ends where the next base line is further than a third of the size from its first.
        let ends = open.first().is_some_and(|first| {
            let size = get(first).zip(get(&at)).map_or(0.0, |(a, b)| a.size.min(b.size));
            baseline(&at) - baseline(first) > 0.35 * size
        });
        if ends {
            lines.push(std::mem::take(&mut open));
        }
        open.push(at);
    }
    lines.push(open);
    lines.retain(|line| !line.is_empty());
    for line in &mut lines {
        if line.first().and_then(get).is_some_and(|c| c.level) {
            line.sort_by(|a, b| left(a).total_cmp(&left(b)));
        }
    }
    let top = |line: &Vec<usize>| line.first().and_then(get).map_or(0.0, |c| c.area().y);
    lines.sort_by(|a, b| top(a).total_cmp(&top(b)));
    lines
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A run of characters of 4 mm from `x`, each `step` from the last.
    pub(crate) fn run(number: usize, text: &str, x: f64, baseline: f64, step: f64) -> Vec<Character> {
        let one = |(n, text): (usize, char)| {
            let cell = Rect::new(x + step * n as f64, baseline - 3.5, 4.0, 4.0);
            let ink = (!text.is_whitespace()).then_some(cell);
            Character { text, cell, ink, baseline, size: 4.0, level: true, run: number }
        };
        text.chars().enumerate().map(one).collect()
    }

    #[test]
    fn runs_on_one_base_line_make_one_line_from_left_to_right() {
        let characters = [
            run(1, "乙方", 60.0, 50.2, 4.0),
            run(2, "甲方", 20.0, 50.0, 4.0),
            run(3, "下行", 20.0, 57.0, 4.0),
        ];
        let text = PageText::new(characters.concat());
        assert_eq!(text.plain(), "甲方 乙方\n下行\n");
        let lines = text.lines();
        assert_eq!(lines[0].words.len(), 2);
        assert_eq!(lines[0].words[1].area, Rect::new(60.0, 46.7, 8.0, 4.0));
    }

    #[test]
    fn a_space_and_a_gap_part_words_and_narrow_letters_do_not() {
        let characters = [run(1, "a b", 0.0, 10.0, 4.0), run(2, "cd", 14.0, 10.0, 4.5)];
        assert_eq!(PageText::new(characters.concat()).plain(), "a b cd\n");
    }
}
