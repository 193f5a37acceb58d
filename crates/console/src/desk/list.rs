//! The list of a book.

use super::book::{Book, Pages};
use super::cell::{Cell, cell};
use super::{ALONE, book, framed, has_any};
use crate::api::shapes::Page as Rows;
use crate::api::with_query;
use crate::frame::{Due, Fault, Field, Form, Frame, Moment, Person, Sent, Visit, html};
use crate::state::Shared;
use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde_json::Value;

/// Rows on a page.
const ROWS: &str = "30";

struct Row {
    href: String,
    title: String,
    more: String,
    badge: Option<(&'static str, String)>,
    due: Option<Due>,
}

#[derive(Template)]
#[template(path = "desk/list.html")]
struct ListPage {
    frame: Frame,
    lead: &'static str,
    help: Vec<&'static str>,
    starts: Vec<(String, &'static str)>,
    filters: Vec<Field>,
    rows: Vec<Row>,
    next: Option<String>,
    empty: &'static str,
}

/// `GET /desk/{book}`.
pub async fn show(
    State(console): State<Shared>,
    Person(visit): Person,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    visit.finish(page(&console, &visit, &name, query).await)
}

async fn page(console: &Shared, visit: &Visit, name: &str, query: Option<String>) -> Result<Response, Fault> {
    let book = book(name)?;
    if book.pages == Pages::Alone {
        return super::show::page(console, visit, name, ALONE, None).await;
    }
    let session = visit.session.as_ref().ok_or(Fault::Login(format!("/desk/{name}")))?;
    let asked = Sent::read(query.unwrap_or_default().as_bytes());
    let given: Vec<(&str, String)> = book
        .filters
        .iter()
        .map(|filter| (filter.name, asked.get(filter.name).chars().take(200).collect::<String>()))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let mut pairs: Vec<(&str, &str)> = given.iter().map(|(name, value)| (*name, value.as_str())).collect();
    pairs.push(("limit", ROWS));
    pairs.push(("cursor", asked.get("cursor")));
    let found: Rows<Value> = console.api.read(visit, &with_query(book.api, &pairs)).await?;
    let next = found.next.as_ref().map(|cursor| {
        let mut pairs: Vec<(&str, &str)> =
            given.iter().map(|(name, value)| (*name, value.as_str())).collect();
        pairs.push(("cursor", cursor));
        with_query(&format!("/desk/{name}"), &pairs)
    });
    let starts = book.makers.iter().filter(|deed| has_any(session, deed.roles));
    let page = ListPage {
        frame: framed(book, visit, book.title.text(visit.lang)),
        lead: book.lead.text(visit.lang),
        help: book.help.iter().map(|say| say.text(visit.lang)).collect(),
        starts: starts
            .map(|deed| {
                let own = deed.page.to_owned();
                let href = if own.is_empty() { format!("/desk/{name}/add/{}", deed.verb) } else { own };
                (href, deed.title.text(visit.lang))
            })
            .collect(),
        filters: filters(book, visit, &asked),
        rows: found.items.iter().map(|record| row(book, record, visit)).collect(),
        next,
        empty: if given.is_empty() {
            book.empty.text(visit.lang)
        } else {
            visit.lang.pick("没有符合条件的记录。", "Nothing fits.")
        },
    };
    Ok(html(StatusCode::OK, &page))
}

fn filters(book: &Book, visit: &Visit, asked: &Sent) -> Vec<Field> {
    let form = Form::new(visit.lang);
    let field = |filter: &super::book::Filter| {
        let mut field = form
            .field(
                filter.name,
                if filter.choices.is_empty() { "text" } else { "select" },
                filter.label.text(visit.lang),
                asked.get(filter.name),
            )
            .most(200);
        // "Optional" at every filter says nothing.
        field.optional = true;
        field.optional_word = "";
        if !filter.choices.is_empty() {
            let mut choices = vec![(String::new(), visit.lang.pick("全部", "All").to_owned())];
            choices.extend(
                filter
                    .choices
                    .iter()
                    .map(|(code, say)| ((*code).to_owned(), say.text(visit.lang).to_owned())),
            );
            field.choices = choices;
        }
        field
    };
    book.filters.iter().map(field).collect()
}

fn row(book: &Book, record: &Value, visit: &Visit) -> Row {
    let text = |at: &str| record.pointer(at).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut badge = None;
    let mut more = Vec::new();
    for fact in book.row {
        match cell(fact, record, visit.lang) {
            Some(Cell::Badge(tone, words)) => badge = Some((tone, words)),
            Some(shown) => more.push(shown.plain().to_owned()),
            None => {}
        }
    }
    let open = matches!(record.pointer("/state").and_then(Value::as_str), None | Some("open" | "proposed"));
    let due = record.pointer("/due").and_then(Value::as_str).and_then(|due| due.parse().ok());
    let title = match record.pointer(book.heading) {
        Some(Value::Object(members)) => {
            members.get(visit.lang.pick("zh", "en")).and_then(Value::as_str).unwrap_or_default().to_owned()
        }
        _ => text(book.heading).chars().take(120).collect(),
    };
    let pages = if let Pages::Of(other) = book.pages { other } else { book.name };
    Row {
        href: format!("/desk/{pages}/{}", text(book.key)),
        title,
        more: more.join(" · "),
        badge,
        due: due.filter(|_| open).map(|due| Due::of(Moment(due), Timestamp::now(), visit.lang)),
    }
}
