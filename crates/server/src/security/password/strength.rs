//! Passwords that are tried first: well-known words and numbers, runs of the keyboard, repetitions.
//!
//! A password is cut into as few pieces as possible, where a piece is a word of the list, a run (`aaaa`, `1234`, `dcba`), a year, or a
//! single character. Fewer than six pieces are guessed in no time, however long they are.

use std::sync::LazyLock;

use zeroize::Zeroizing;

/// Fewer pieces than this are too few.
const FEWEST_PIECES: usize = 6;
/// Shortest run that counts as one piece.
const SHORTEST_RUN: usize = 3;

static WORDS: LazyLock<Vec<Vec<char>>> = LazyLock::new(|| {
    let lines = include_str!("weak_words.txt").lines().map(str::trim);
    let words = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    words.map(|word| word.chars().collect()).collect()
});

/// Whether a password is made of too few pieces, as typed or with `@` for a, `0` for o and the like undone.
pub(super) fn is_common(password: &str) -> bool {
    let typed: Zeroizing<Vec<char>> = Zeroizing::new(password.chars().flat_map(char::to_lowercase).collect());
    let plain = Zeroizing::new(typed.iter().map(|c| undisguised(*c)).collect::<Vec<char>>());
    let unit = unit_of(&typed);
    pieces(unit) < FEWEST_PIECES || pieces(&typed) < FEWEST_PIECES || pieces(&plain) < FEWEST_PIECES
}

fn undisguised(c: char) -> char {
    match c {
        '@' | '4' => 'a',
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '5' | '$' => 's',
        _ => c,
    }
}

/// The shortest part whose repetition is the whole text; the text itself if there is none.
fn unit_of(text: &[char]) -> &[char] {
    let lengths = (1..=text.len() / 2).filter(|len| text.len().is_multiple_of(*len));
    let mut units = lengths.filter_map(|len| text.get(..len));
    units.find(|unit| text.chunks(unit.len()).all(|chunk| chunk == *unit)).unwrap_or(text)
}

/// The least number of pieces: for each place from the end, one more than the least after any piece that begins there.
fn pieces(text: &[char]) -> usize {
    let mut least = vec![0_usize; text.len() + 1];
    for at in (0..text.len()).rev() {
        let rest = text.get(at..).unwrap_or_default();
        let words = WORDS.iter().filter(|word| rest.starts_with(word)).map(Vec::len);
        let ends = words.chain(runs(rest)).chain(year(rest)).chain([1]);
        let best = ends.filter_map(|len| least.get(at + len)).min().copied().unwrap_or(0);
        if let Some(here) = least.get_mut(at) {
            *here = best + 1;
        }
    }
    least.first().copied().unwrap_or(0)
}

/// Lengths of the run that begins here: the same character again, or each the next or the last in order.
fn runs(rest: &[char]) -> impl Iterator<Item = usize> {
    let steps = rest
        .iter()
        .zip(rest.iter().skip(1))
        .map(|(a, b)| i64::from(u32::from(*b)) - i64::from(u32::from(*a)));
    let steps: Vec<i64> = steps.collect();
    let length = match steps.first() {
        Some(step @ -1..=1) => 1 + steps.iter().take_while(|s| *s == step).count(),
        _ => 1,
    };
    SHORTEST_RUN..=length
}

/// A year from 1900 to 2099.
fn year(rest: &[char]) -> Option<usize> {
    match rest {
        ['1', '9', a, b, ..] | ['2', '0', a, b, ..] if a.is_ascii_digit() && b.is_ascii_digit() => Some(4),
        _ => None,
    }
}
