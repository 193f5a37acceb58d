//! Checks of single values against the table of keys.

use std::net::SocketAddr;

use figment::value::Value;

use super::fault::{Fault, Origin};
use super::{DatabaseUrl, KEYS, KeyDoc, Kind, Network};

/// Longest value shown in a message, in characters.
const SHOWN: usize = 80;

/// What is wrong with a value for its key, if anything.
pub(super) fn check_kind(doc: &KeyDoc, value: &Value, origin: &Origin) -> Option<Fault> {
    if fits(doc.kind, value) {
        return None;
    }
    let (fix_zh, fix_en) = match origin {
        Origin::File { line: Some(line), .. } => (format!("改正第 {line} 行"), format!("mend line {line}")),
        Origin::Environment(name) => (format!("重新设置 {name}"), format!("set {name} anew")),
        _ => ("改正该值".to_owned(), "mend the value".to_owned()),
    };
    Some(Fault {
        key: doc.key.to_owned(),
        value: printable(Some(doc.kind), value),
        origin: origin.clone(),
        zh: format!("应为{}", doc.kind.expects_zh()),
        en: format!("expected {}", doc.kind.expects_en()),
        fix_zh,
        fix_en,
    })
}

fn fits(kind: Kind, value: &Value) -> bool {
    let text = value.as_str();
    match kind {
        Kind::Text | Kind::Path => text.is_some_and(is_text),
        Kind::AreaCode => text.is_some_and(|t| t.len() == 6 && t.bytes().all(|b| b.is_ascii_digit())),
        Kind::Paths | Kind::Certificates => each(value, is_text),
        Kind::Socket => text.is_some_and(|t| t.parse::<SocketAddr>().is_ok()),
        Kind::HttpUrl => text.is_some_and(is_http_url),
        Kind::HttpUrls => each(value, is_http_url),
        Kind::Database => text.is_some_and(|t| DatabaseUrl::try_from(t.to_owned()).is_ok()),
        Kind::UrlPath => text.is_some_and(|t| {
            t.len() > 1
                && t.starts_with('/')
                && !t.ends_with('/')
                && t.bytes().all(|b| b.is_ascii_graphic() && !b"{}?#*".contains(&b))
        }),
        Kind::Integer { min, max } => value
            .to_i128()
            .and_then(|n| u64::try_from(n).ok())
            .or_else(|| value.to_u128().and_then(|n| u64::try_from(n).ok()))
            .is_some_and(|n| (min..=max).contains(&n)),
        Kind::OneOf(words) => text.is_some_and(|t| words.contains(&t)),
        Kind::SomeOf(words) => {
            let given: Vec<&str> = value.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let distinct = given.iter().collect::<std::collections::BTreeSet<_>>().len() == given.len();
            each(value, |t| words.contains(&t)) && !given.is_empty() && distinct
        }
        Kind::Networks => each(value, |t| t.parse::<Network>().is_ok()),
        Kind::LogFilter => text.is_some_and(|t| t.parse::<tracing_subscriber::filter::Targets>().is_ok()),
        Kind::Secret => match value.as_dict() {
            Some(dict) => {
                dict.len() == 1
                    && dict.iter().all(|(name, place)| {
                        matches!(name.as_str(), "file" | "env") && place.as_str().is_some_and(is_text)
                    })
            }
            None => false,
        },
    }
}

fn is_text(text: &str) -> bool {
    !text.trim().is_empty() && !text.chars().any(char::is_control)
}

fn is_http_url(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|rest| {
        !rest.is_empty()
            && !rest.starts_with('/')
            && !rest.ends_with('/')
            && rest.bytes().all(|b| b.is_ascii_graphic() && !b"@?#".contains(&b))
    })
}

fn each(value: &Value, fits: impl Fn(&str) -> bool) -> bool {
    value.as_array().is_some_and(|all| all.iter().all(|item| item.as_str().is_some_and(&fits)))
}

/// A value for a message; `None` for secrets, and for addresses that may hold a password.
pub(super) fn printable(kind: Option<Kind>, value: &Value) -> Option<String> {
    let plain = match value {
        Value::String(_, text) => format!("\"{text}\""),
        Value::Bool(_, b) => b.to_string(),
        Value::Char(_, c) => format!("\"{c}\""),
        Value::Num(..) => match (value.to_i128(), value.to_u128(), value.to_f64()) {
            (Some(n), _, _) => n.to_string(),
            (_, Some(n), _) => n.to_string(),
            (_, _, Some(n)) => n.to_string(),
            _ => return None,
        },
        Value::Array(_, items) => {
            let parts: Vec<String> = items.iter().filter_map(|item| printable(kind, item)).collect();
            format!("[{}]", parts.join(", "))
        }
        Value::Dict(..) | Value::Empty(..) => return None,
    };
    let hidden = match kind {
        Some(Kind::Secret) | None => true,
        Some(Kind::Database) => DatabaseUrl::try_from(value.as_str().unwrap_or_default().to_owned()).is_err(),
        Some(_) => plain.contains('@'),
    };
    if hidden {
        return None;
    }
    Some(plain.chars().take(SHOWN).map(|c| if c.is_control() { '�' } else { c }).collect())
}

/// A key that does not exist, with the nearest that does.
pub(super) fn unknown_key(key: String, origin: Origin) -> Fault {
    let nearest = KEYS
        .iter()
        .map(|doc| (distance(&key, doc.key), doc.key))
        .min()
        .filter(|(distance, _)| *distance <= 3)
        .map(|(_, key)| key);
    let (fix_zh, fix_en) = match nearest {
        Some(near) => (format!("是否应为 {near}"), format!("perhaps {near} was meant")),
        None => ("删除该项".to_owned(), "remove it".to_owned()),
    };
    Fault {
        key,
        value: None,
        origin,
        zh: "没有这个配置项".to_owned(),
        en: "there is no such setting".to_owned(),
        fix_zh,
        fix_en,
    }
}

/// Edit distance of two short ASCII texts.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        let mut next = vec![left];
        for (y, above) in b.bytes().zip(row.iter().skip(1)) {
            let cost = (diagonal + usize::from(x != y)).min(above + 1).min(left + 1);
            diagonal = *above;
            left = cost;
            next.push(cost);
        }
        row = next;
    }
    row.last().copied().unwrap_or(usize::MAX)
}
