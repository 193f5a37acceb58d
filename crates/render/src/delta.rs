//! Offsets between characters (文字定位, GB/T 33190-2016 11.3).

use crate::element::{number, words};

/// The offsets that a `DeltaX` or `DeltaY` lists, `g COUNT VALUE` standing for COUNT equal ones; at most `wanted`.
///
/// A list that is too short goes on with its last value, as viewers do. `None` where there is no usable number at all.
pub(crate) fn read(text: &str, wanted: usize) -> Option<Vec<f32>> {
    let mut out: Vec<f32> = Vec::new();
    let mut words = words(text);
    while let Some(word) = words.next() {
        if out.len() >= wanted {
            break;
        }
        if word == "g" || word == "G" {
            let count = words.next().and_then(number).map_or(0, |count| count.max(0.0) as usize);
            let Some(value) = words.next().and_then(number) else { break };
            let room = wanted.saturating_sub(out.len());
            out.extend(std::iter::repeat_n(value, count.min(room)));
        } else if let Some(value) = number(word) {
            out.push(value);
        }
    }
    let last = *out.last()?;
    out.resize(wanted, last);
    Some(out)
}

/// How many offsets the list itself states, to tell whether it counts characters or glyphs.
pub(crate) fn stated(text: &str, most: usize) -> usize {
    let mut count = 0_usize;
    let mut words = words(text);
    while let Some(word) = words.next() {
        if word == "g" || word == "G" {
            count = count.saturating_add(words.next().and_then(number).map_or(0, |n| n.max(0.0) as usize));
            words.next();
        } else {
            count = count.saturating_add(1);
        }
        if count >= most {
            return most;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_repeats_and_goes_on_with_the_last_value() {
        assert_eq!(read("1 g 2 3.5 4", 4).unwrap(), [1.0, 3.5, 3.5, 4.0]);
        assert_eq!(read("2", 3).unwrap(), [2.0, 2.0, 2.0]);
        assert_eq!(read("1 2 3", 2).unwrap(), [1.0, 2.0]);
        assert_eq!(stated("1 g 2 3.5 4", 100), 4);
    }

    #[test]
    fn a_repeat_without_end_costs_nothing() {
        assert_eq!(read("g 4000000000 1", 3).unwrap(), [1.0, 1.0, 1.0]);
        assert_eq!(stated("g 4000000000 1", 7), 7);
        assert_eq!(read("g x", 3), None);
        assert_eq!(read("", 3), None);
    }
}
