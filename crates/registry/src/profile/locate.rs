//! Lines of faults in the text of a profile.

use toml::Spanned;
use toml::de::{DeTable, DeValue, Error};

use super::fault::ProfileFault;

/// The fault that the TOML reader found.
pub(super) fn of_error(text: &str, error: &Error) -> ProfileFault {
    let span = error.span();
    let near = span
        .clone()
        .and_then(|span| text.get(span))
        .and_then(|piece| piece.lines().next())
        .map(|piece| piece.chars().take(60).collect::<String>())
        .unwrap_or_default();
    let mut fault = ProfileFault::new(
        "PROFILE_SYNTAX",
        near,
        format!("无法读取：{} / cannot be read: {}", error.message(), error.message()),
        "按内置配置文件的写法更正 / write it as the profiles that come with the program do",
    );
    fault.line = span.map(|span| line_at(text, span.start));
    fault
}

/// Line, from 1, of the value at `path`, or of the nearest value around it that is there.
pub(super) fn line_of(text: &str, path: &str) -> Option<usize> {
    let root = DeTable::parse(text).ok()?;
    let mut keys = path.split(['.', '[', ']']).filter(|key| !key.is_empty());
    let mut value: &Spanned<DeValue<'_>> = root.get_ref().get(keys.next()?)?;
    for key in keys {
        let inner = match value.get_ref() {
            DeValue::Table(table) => table.get(key),
            DeValue::Array(items) => key.parse::<usize>().ok().and_then(|place| items.get(place)),
            _ => None,
        };
        match inner {
            Some(inner) => value = inner,
            None => break,
        }
    }
    Some(line_at(text, value.span().start))
}

fn line_at(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}
