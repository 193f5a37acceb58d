//! What a copy is, in words; the same in answers and on the page that a code leads to.

use super::Traced;
use crate::status::PublicStatus;

/// What has to be known about copies.
pub(crate) const NOTICE: (&str, &str) = (
    "打印件、扫描件和格式转换件都是副本，只有原电子文件载有电子印章；以原电子文件的核验结果为准。",
    "Print-outs, scans and conversions are copies; only the original electronic document carries the seal. What counts is the verification of \
     the original.",
);

/// What the file with a digest is to a document.
pub(crate) fn file_is(traced: &Traced, digest: &str) -> &'static str {
    if traced.sealed.digest == digest {
        "sealed"
    } else if traced.before == digest {
        "before_sealing"
    } else {
        "neither"
    }
}

/// A status in Chinese and English.
pub(crate) fn status_words(status: PublicStatus) -> (&'static str, &'static str) {
    match status {
        PublicStatus::Unknown => ("未知", "unknown"),
        PublicStatus::NotInForce => ("尚未生效", "not in force"),
        PublicStatus::Valid => ("有效", "valid"),
        PublicStatus::Suspended => ("暂停使用", "suspended"),
        PublicStatus::Ended => ("已终止", "ended"),
        PublicStatus::Expired => ("已过有效期", "expired"),
        PublicStatus::Void => ("已宣告无效", "void"),
    }
}

/// Pages as people write them: `1–3、5`.
pub(crate) fn page_ranges(pages: &[u32]) -> String {
    let mut sorted = pages.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for page in sorted {
        match ranges.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(page) => *last = page,
            _ => ranges.push((page, page)),
        }
    }
    let words = ranges.iter().map(|(first, last)| match first == last {
        true => first.to_string(),
        false => format!("{first}–{last}"),
    });
    words.collect::<Vec<_>>().join("、")
}

#[cfg(test)]
mod tests {
    use super::page_ranges;

    #[test]
    fn pages_in_a_row_are_told_as_one_range() {
        assert_eq!(page_ranges(&[3, 1, 2, 5, 5, 8, 9]), "1–3、5、8–9");
        assert_eq!(page_ranges(&[7]), "7");
        assert_eq!(page_ranges(&[u32::MAX, u32::MAX]), u32::MAX.to_string());
        assert_eq!(page_ranges(&[]), "");
    }
}
