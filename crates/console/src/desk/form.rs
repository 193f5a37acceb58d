//! Fields of a form out of a table.

use super::book::{Choices, Entry};
use crate::api::shapes::{Page as Rows, RoleScope};
use crate::api::with_query;
use crate::frame::{Fault, Field, Form, Visit, day_of};
use crate::state::Shared;
use crate::words::Words;
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
                let part = |at: &str| record.pointer(at).and_then(Value::as_str).unwrap_or_default();
                let path = super::with_id(path, part("/id")).replace("{seal}", part("/seal"));
                choices.extend(listed(console, visit, &path, value, words).await?);
                choices
            }
            Choices::Held => held(console, visit, record).await?,
        };
        if entry.kind == "scope" && !field.value.is_empty() {
            field.help = scope_words(console, visit, &field.value).await?;
        }
        fields.push(field);
    }
    Ok(fields)
}

/// Roles that somebody has, by name, with what each is for.
async fn held(console: &Shared, visit: &Visit, record: &Value) -> Result<Vec<(String, String)>, Fault> {
    let mut choices = Vec::new();
    for grant in record.pointer("/grants").and_then(Value::as_array).into_iter().flatten() {
        let text = |at: &str| grant.pointer(at).and_then(Value::as_str).unwrap_or_default();
        let (role, scope) = (text("/role"), text("/scope"));
        let mut words = Words(visit.lang).role(role, text("/role_zh"));
        if !scope.is_empty() {
            words = format!("{words} · {}", scope_words(console, visit, scope).await?);
        }
        choices.push((format!("{role} {scope}"), words));
    }
    Ok(choices)
}

/// Name and code of what a role is for; the scope itself where it is not there any more.
///
/// # Errors
/// Problems of the API.
pub async fn scope_words(console: &Shared, visit: &Visit, scope: &str) -> Result<String, Fault> {
    let found: Rows<RoleScope> =
        console.api.list(visit, &with_query("/role-scopes", &[("scope", scope)])).await?;
    Ok(found.items.first().map_or_else(|| scope.to_owned(), RoleScope::words))
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
