//! Fields of a form out of a table.

use super::book::{Choices, Entry};
use crate::api::shapes::Page as Rows;
use crate::frame::{Fault, Field, Form, Visit, day_of};
use crate::state::Shared;
use serde_json::Value;

/// The fields; what stands in `record` already is shown before anything was sent.
///
/// # Errors
/// A list to choose from cannot be had.
pub async fn fields(
    console: &Shared,
    visit: &Visit,
    entries: &[Entry],
    form: &Form,
    record: &Value,
) -> Result<Vec<Field>, Fault> {
    let mut fields = Vec::with_capacity(entries.len());
    for entry in entries {
        let mut field = form
            .field(entry.name, entry.kind, entry.label.text(visit.lang), &present(entry, record))
            .help(entry.help.text(visit.lang))
            .most(if matches!(entry.kind, "text" | "area" | "list") { entry.most } else { 0 })
            .checked(entry.check);
        field.optional = entry.optional;
        if matches!(entry.kind, "date" | "number") {
            field = field.short();
        }
        field.choices = match &entry.choices {
            Choices::None => Vec::new(),
            Choices::These(table) => table
                .iter()
                .map(|(code, say)| ((*code).to_owned(), say.text(visit.lang).to_owned()))
                .collect(),
            Choices::Listed(path, value, words, none) => {
                let mut choices: Vec<(String, String)> = none
                    .as_ref()
                    .map(|say| (String::new(), say.text(visit.lang).to_owned()))
                    .into_iter()
                    .collect();
                let id = record.pointer("/id").and_then(Value::as_str).unwrap_or_default();
                choices.extend(listed(console, visit, &super::with_id(path, id), value, words).await?);
                choices
            }
        };
        fields.push(field);
    }
    Ok(fields)
}

async fn listed(
    console: &Shared,
    visit: &Visit,
    path: &str,
    value: &str,
    words: &str,
) -> Result<Vec<(String, String)>, Fault> {
    let rows: Rows<Value> = console.api.list(visit, path).await?;
    let text = |row: &Value, at: &str| row.pointer(at).and_then(Value::as_str).unwrap_or_default().to_owned();
    let choice = |row: &Value| {
        let (value, words) = (text(row, value), text(row, words));
        let words = if words == value { words } else { format!("{words}（{value}）") };
        (value, words)
    };
    Ok(rows.items.iter().map(choice).filter(|(value, _)| !value.is_empty()).collect())
}

fn present(entry: &Entry, record: &Value) -> String {
    let Some(value) = record.pointer(entry.present).filter(|_| !entry.present.is_empty()) else {
        return String::new();
    };
    match value {
        Value::String(text) if entry.kind == "date" => day_of(text, entry.name.starts_with("u:")),
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(true) => "1".to_owned(),
        Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n"),
        _ => String::new(),
    }
}
