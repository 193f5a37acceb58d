//! Lengths of what people write.

use std::ops::RangeInclusive;

/// Whether a text has so many characters: at least so many without the space around it, which says nothing, and at most so many with
/// it, for all of it is read.
pub fn has_length(text: &str, length: RangeInclusive<usize>) -> bool {
    text.trim().chars().count() >= *length.start() && text.chars().count() <= *length.end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn space_around_does_not_make_a_text_longer_and_counts_towards_the_most() {
        assert!(has_length("合同", 2..=2));
        assert!(!has_length(" 合 ", 2..=4));
        assert!(has_length(" 合同 ", 2..=4));
        assert!(!has_length(" 合同 ", 2..=3));
    }
}
