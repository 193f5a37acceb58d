//! What a fact shows of a record.

use super::book::{Fact, Show};
use super::say::named;
use crate::frame::{Lang, Moment};
use crate::words::{Words, tone};
use serde_json::Value;

/// A value as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A code.
    Code(String),
    /// A moment: for machines, for people.
    Moment(String, String),
    /// A state: color, words.
    Badge(&'static str, String),
    /// Leads somewhere: path, words.
    Link(String, String),
    /// Several lines.
    Pre(String),
}

/// A fact with its words.
pub struct Shown {
    /// What it is.
    pub label: &'static str,
    /// What stands there.
    pub cell: Cell,
}

impl Cell {
    /// As words alone, for the second line of a row.
    pub fn plain(&self) -> &str {
        match self {
            Self::Text(text)
            | Self::Code(text)
            | Self::Moment(_, text)
            | Self::Badge(_, text)
            | Self::Link(_, text)
            | Self::Pre(text) => text,
        }
    }
}

/// The facts of a record that are there.
pub fn shown(facts: &[Fact], record: &Value, lang: Lang) -> Vec<Shown> {
    let one = |fact: &Fact| cell(fact, record, lang).map(|cell| Shown { label: fact.label.text(lang), cell });
    facts.iter().filter_map(one).collect()
}

/// The cells of a row: as many as there are columns.
pub fn cells(facts: &[Fact], record: &Value, lang: Lang) -> Vec<Cell> {
    let one = |fact: &Fact| match (cell(fact, record, lang), &fact.show) {
        // In a column of them, identifiers say nothing.
        (Some(Cell::Link(path, _)), Show::Link(_)) => Cell::Link(path, Words(lang).open().to_owned()),
        (found, _) => found.unwrap_or(Cell::Text("—".to_owned())),
    };
    facts.iter().map(one).collect()
}

/// What a fact shows; nothing where there is nothing.
pub fn cell(fact: &Fact, record: &Value, lang: Lang) -> Option<Cell> {
    let value = if fact.at.is_empty() { record } else { record.pointer(fact.at)? };
    if let Show::Flag(yes, no) = &fact.show {
        let set = value.as_bool().unwrap_or(!value.is_null());
        return Some(Cell::Text(if set { yes } else { no }.text(lang).to_owned()));
    }
    let text = match &fact.show {
        Show::Roles => roles(value, lang),
        Show::Money => value.as_u64().map(|fen| yuan(fen, lang)).unwrap_or_default(),
        show => plain(value, show, lang),
    };
    if text.is_empty() {
        return None;
    }
    Some(match &fact.show {
        Show::Code => Cell::Code(text),
        Show::Moment | Show::Day => match text.parse().map(Moment) {
            Ok(at) => {
                let told = if matches!(fact.show, Show::Day) { at.day() } else { at.minute() };
                Cell::Moment(at.iso(), told)
            }
            Err(_) => Cell::Text(text),
        },
        Show::State(table) => {
            let zh = beside(record, fact.at);
            let words = match (table.is_empty(), zh) {
                (true, Some(zh)) => Words(lang).state(&text, &zh),
                _ => named(table, &text, lang),
            };
            Cell::Badge(tone(&text), words)
        }
        Show::Zh => {
            let zh = beside(record, fact.at).unwrap_or_else(|| text.clone());
            Cell::Text(Words(lang).state(&text, &zh))
        }
        Show::Link(book) => Cell::Link(format!("/desk/{book}/{text}"), text),
        Show::Thing => match crate::pages::thing_path(&text) {
            Some(path) => Cell::Link(path, text),
            None => Cell::Code(text),
        },
        Show::Pre => Cell::Pre(text),
        Show::Text | Show::Named(_) | Show::Roles | Show::Money | Show::Flag(..) => Cell::Text(text),
    })
}

/// Fen in yuan.
fn yuan(fen: u64, lang: Lang) -> String {
    format!("{}.{:02} {}", fen / 100, fen % 100, lang.pick("元", "yuan"))
}

/// Names of the roles that are given.
fn roles(grants: &Value, lang: Lang) -> String {
    let name = |grant: &Value| {
        let role = grant.pointer("/role").and_then(Value::as_str)?;
        Some(Words(lang).role(role, &beside(grant, "/role").unwrap_or_else(|| role.to_owned())))
    };
    let names: Vec<String> = grants.as_array().into_iter().flatten().filter_map(name).collect();
    names.join(lang.pick("、", ", "))
}

/// The Chinese of a code, in the member beside it.
fn beside(record: &Value, at: &str) -> Option<String> {
    record.pointer(&format!("{at}_zh"))?.as_str().map(str::to_owned)
}

fn plain(value: &Value, show: &Show, lang: Lang) -> String {
    let word = |text: &str| match show {
        Show::Named(table) => named(table, text, lang),
        _ => text.to_owned(),
    };
    match value {
        Value::Null => String::new(),
        Value::String(text) => word(text),
        Value::Bool(set) => {
            lang.pick(if *set { "是" } else { "否" }, if *set { "yes" } else { "no" }).to_owned()
        }
        Value::Number(number) => number.to_string(),
        Value::Array(items) => {
            let words: Vec<String> =
                items.iter().map(|item| plain(item, show, lang)).filter(|text| !text.is_empty()).collect();
            words.join(if matches!(show, Show::Pre) { "\n" } else { lang.pick("、", ", ") })
        }
        // A person, a thing: by its name, as the API's members have it.
        Value::Object(members) => {
            let named = ["name", "file_name", "zh", "text", "code", "id"]
                .into_iter()
                .find_map(|name| members.get(name));
            named.map_or_else(|| value.to_string(), |name| plain(name, show, lang))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::book::{fact, text};
    use crate::desk::say::Say;
    use serde_json::json;

    const STATES: &[(&str, Say)] = &[("active", Say("正常", "active"))];

    #[test]
    fn a_value_is_shown_by_its_kind_and_what_is_absent_is_left_out() {
        let record = json!({
            "name": "示例", "state": "active", "kind": "order", "kind_zh": "责令整改", "at": "2026-11-22T17:00:00Z", "none": null,
            "of": "unit_01k0000000000000000000000a", "list": ["a", "b"], "totp": false,
        });
        let is = |fact: Fact| cell(&fact, &record, Lang::Zh);
        let l = Say("x", "x");
        assert_eq!(is(text(l, "/name")), Some(Cell::Text("示例".to_owned())));
        assert_eq!(is(text(l, "/none")), None);
        assert_eq!(is(text(l, "/absent")), None);
        assert_eq!(is(fact(l, "/state", Show::State(STATES))), Some(Cell::Badge("good", "正常".to_owned())));
        assert_eq!(is(fact(l, "/kind", Show::State(&[]))), Some(Cell::Badge("off", "责令整改".to_owned())));
        let day = is(fact(l, "/at", Show::Day)).unwrap();
        assert_eq!(day.plain(), "2026-11-23", "in Beijing time");
        assert_eq!(is(text(l, "/list")).unwrap().plain(), "a、b");
        assert_eq!(yuan(123_405, Lang::Zh), "1234.05 元");
        assert_eq!(
            is(fact(l, "/totp", Show::Flag(Say("有", "yes"), Say("无", "no")))).unwrap().plain(),
            "无"
        );
        let link = Cell::Link(
            "/desk/units/unit_01k0000000000000000000000a".to_owned(),
            "unit_01k0000000000000000000000a".to_owned(),
        );
        assert_eq!(is(fact(l, "/of", Show::Link("units"))), Some(link));
    }
}
