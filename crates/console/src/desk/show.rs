//! The page of a thing.

use super::book::{Book, Deed, Pages, Part};
use super::cell::{Cell, Shown, cells, shown};
use super::names::Names;
use super::{ALONE, book, fields, framed, has_any, identifier, with_id};
use crate::api::Problem;
use crate::api::shapes::Page as Rows;
use crate::frame::{Fault, Field, Form, Frame, Person, Sent, Visit, html, once};
use crate::pages::Failed;
use crate::state::Shared;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value;

/// A form on the page.
struct Offer {
    verb: &'static str,
    title: &'static str,
    help: &'static str,
    danger: bool,
    again: bool,
    page: String,
    fields: Vec<Field>,
}

struct Line {
    cells: Vec<Cell>,
    row: Option<String>,
}

struct Table {
    title: &'static str,
    columns: Vec<&'static str>,
    lines: Vec<Line>,
    empty: &'static str,
    track: bool,
    verb: &'static str,
    button: &'static str,
}

#[derive(Template)]
#[template(path = "desk/show.html")]
struct ThingPage {
    frame: Frame,
    book: &'static str,
    over: &'static str,
    id: String,
    version: Option<i64>,
    once: String,
    problem: Option<Problem>,
    badge: Option<(&'static str, String)>,
    facts: Vec<Shown>,
    tables: Vec<Table>,
    offers: Vec<Offer>,
    help: Vec<&'static str>,
    note: &'static str,
}

/// `GET /desk/{book}/{id}`.
pub async fn show(
    State(console): State<Shared>,
    Person(visit): Person,
    Path((name, id)): Path<(String, String)>,
) -> Response {
    visit.finish(page(&console, &visit, &name, &id, None).await)
}

/// The page, with a form that was refused.
///
/// # Errors
/// The thing is not there, or the API does not answer.
pub async fn page(
    console: &Shared,
    visit: &Visit,
    name: &str,
    id: &str,
    failed: Option<Failed>,
) -> Result<Response, Fault> {
    let book = book(name)?;
    let id = identifier(id)?;
    let session = visit.session.as_ref().ok_or(Fault::Login(format!("/desk/{name}/{id}")))?;
    let path = match book.pages {
        Pages::Alone if id == ALONE => book.api.to_owned(),
        Pages::Own => format!("{}/{id}", book.api),
        Pages::Alone | Pages::Of(_) => return Err(Fault::NotFound),
    };
    let record: Value = console.api.read(visit, &path).await?;
    let mut offers = Vec::new();
    let me = session.account.id.as_str();
    let offered =
        |deed: &&Deed| has_any(session, deed.roles) && (deed.when)(&record) && named(deed.only, &record, me);
    for deed in book.deeds.iter().filter(offered) {
        offers.push(offer(console, visit, deed, &record, failed.as_ref()).await?);
    }
    let mut tables = Vec::new();
    for part in book.parts {
        if part.readers.is_empty() || has_any(session, part.readers) {
            tables.extend(table(console, visit, part, &id, &record).await?);
        }
    }
    let mut facts = shown(book.facts, &record, visit.lang);
    let mut names = Names::default();
    names.put(console, visit, facts.iter_mut().map(|fact| &mut fact.cell)).await;
    let lines = tables.iter_mut().flat_map(|table: &mut Table| &mut table.lines);
    names.put(console, visit, lines.flat_map(|line| &mut line.cells)).await;
    let badge = facts.iter().position(|fact| matches!(fact.cell, Cell::Badge(..)));
    let badge = badge.map(|at| facts.remove(at)).and_then(|fact| match fact.cell {
        Cell::Badge(tone, words) => Some((tone, words)),
        _ => None,
    });
    let title = title(book, &record, visit);
    let page = ThingPage {
        frame: framed(book, visit, &title),
        book: book.name,
        over: book.title.text(visit.lang),
        id,
        version: record.pointer("/version").and_then(Value::as_i64),
        once: once()?,
        badge,
        facts,
        tables,
        offers,
        help: book.help.iter().map(|say| say.text(visit.lang)).collect(),
        note: done_words(book, visit),
        problem: failed.map(|failed| failed.problem),
    };
    let status = if page.problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(html(status, &page))
}

/// Whether a list of accounts in the record has this one; one that is not asked for has everybody.
fn named(list: &str, record: &Value, account: &str) -> bool {
    let accounts = || record.pointer(list).and_then(Value::as_array).into_iter().flatten();
    list.is_empty() || accounts().any(|one| one.as_str() == Some(account))
}

fn title(book: &Book, record: &Value, visit: &Visit) -> String {
    match record.pointer(book.heading).filter(|_| !book.heading.is_empty()) {
        Some(Value::String(text)) => text.chars().take(200).collect(),
        Some(Value::Object(members)) => {
            members.get(visit.lang.pick("zh", "en")).and_then(Value::as_str).unwrap_or_default().to_owned()
        }
        _ => book.title.text(visit.lang).to_owned(),
    }
}

/// Words for what a form of this book has just done, as far as this site led here.
pub fn done_words(book: &Book, visit: &Visit) -> &'static str {
    if !visit.led_from_here() {
        return "";
    }
    let query = visit.path.split_once('?').map_or("", |(_, query)| query);
    let query = Sent::read(query.as_bytes());
    let verb = query.get("did");
    let deeds = book.deeds.iter().chain(book.makers).find(|deed| deed.verb == verb).map(|deed| deed.done);
    let rows = book.parts.iter().filter_map(|part| part.deed.as_ref()).find(|deed| deed.verb == verb);
    deeds.or(rows.map(|deed| deed.done)).map_or("", |say| say.text(visit.lang))
}

async fn offer(
    console: &Shared,
    visit: &Visit,
    deed: &'static Deed,
    record: &Value,
    failed: Option<&Failed>,
) -> Result<Offer, Fault> {
    let again = Failed::of(failed, deed.verb);
    let form = again.map_or_else(|| Form::new(visit.lang), |f| Form::again(visit.lang, &f.sent, &f.problem));
    let mut fields = fields(console, visit, deed.entries, &form, record).await?;
    for field in &mut fields {
        // Several forms of a page ask for a reason.
        field.suffix = deed.verb;
    }
    Ok(Offer {
        verb: deed.verb,
        title: deed.title.text(visit.lang),
        help: deed.help.text(visit.lang),
        danger: deed.danger,
        again: again.is_some(),
        page: with_id(deed.page, record.pointer("/id").and_then(Value::as_str).unwrap_or_default()),
        fields,
    })
}

async fn table(
    console: &Shared,
    visit: &Visit,
    part: &'static Part,
    id: &str,
    record: &Value,
) -> Result<Option<Table>, Fault> {
    let fetched: Option<Rows<Value>> = match part.api {
        Some(path) => Some(console.api.list(visit, &with_id(path, id)).await?),
        None => None,
    };
    let rows: Vec<Value> = match fetched {
        Some(page) => page.items,
        None => record.pointer(part.at).and_then(Value::as_array).cloned().unwrap_or_default(),
    };
    if rows.is_empty() && part.empty.is_empty() {
        return Ok(None);
    }
    let line = |row: &Value| Line {
        cells: cells(part.columns, row, visit.lang),
        row: part
            .deed
            .as_ref()
            .filter(|deed| (deed.when)(row))
            .and_then(|deed| row.pointer(deed.key))
            .and_then(Value::as_str)
            .map(str::to_owned),
    };
    Ok(Some(Table {
        title: part.title.text(visit.lang),
        columns: part.columns.iter().map(|column| column.label.text(visit.lang)).collect(),
        lines: rows.iter().map(line).collect(),
        empty: part.empty.text(visit.lang),
        track: part.track,
        verb: part.deed.as_ref().map_or("", |deed| deed.verb),
        button: part.deed.as_ref().map_or("", |deed| deed.button.text(visit.lang)),
    }))
}
