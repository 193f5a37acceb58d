//! A small package written in memory, the same bytes for the same parts.

use super::writer::{DosTime, Writer};

/// 2026-01-01 00:00: a fixed moment keeps the bytes equal.
const MOMENT: DosTime = DosTime { date: (46 << 9) | (1 << 5) | 1, time: 0 };

/// Parts of XML by their names. Parts far below the format's limits are meant; where one is not, nothing comes out.
pub(crate) fn packed<'a>(parts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut writer = Writer::new(&mut out, MOMENT);
    // Writing into memory cannot fail.
    let written = parts
        .into_iter()
        .try_for_each(|(name, content)| writer.add(name.as_bytes(), content.as_bytes(), true))
        .and_then(|()| writer.finish());
    if written.is_err() {
        out.clear();
    }
    out
}
