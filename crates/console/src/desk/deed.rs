//! What forms of the desk do.

use super::book::{Book, Deed, Method};
use super::cell::{Shown, shown};
use super::{book, fields, framed, has_any, identifier, show, with_id};
use crate::api::{Answer, Call, Problem, with_query};
use crate::frame::{Fault, Field, Form, Frame, Nav, Page, Person, Sent, Visit, html, once, put, see};
use crate::pages::{Failed, attempt};
use crate::state::Shared;
use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

#[derive(Template)]
#[template(path = "desk/add.html")]
struct AddPage {
    frame: Frame,
    over: &'static str,
    book: &'static str,
    verb: &'static str,
    lead: &'static str,
    help: Vec<&'static str>,
    problem: Option<Problem>,
    once: String,
    fields: Vec<Field>,
}

/// Something that is shown once.
#[derive(Template)]
#[template(path = "desk/told.html")]
struct ToldPage {
    frame: Frame,
    done: &'static str,
    secret: bool,
    facts: Vec<Shown>,
    onward: String,
}

fn maker(book: &'static Book, verb: &str, visit: &Visit) -> Result<&'static Deed, Fault> {
    let session = visit.session.as_ref().ok_or(Fault::Login("/desk".to_owned()))?;
    let deed = book.makers.iter().find(|deed| deed.verb == verb).ok_or(Fault::NotFound)?;
    if has_any(session, deed.roles) { Ok(deed) } else { Err(Fault::NotFound) }
}

/// `GET /desk/{book}/add/{verb}`.
pub async fn blank(
    State(console): State<Shared>,
    Person(visit): Person,
    Path((name, verb)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Response {
    let page = async {
        let book = book(&name)?;
        let deed = maker(book, &verb, &visit)?;
        // What was chosen on the page before stands in the form.
        let chosen = query.map(|query| Sent::read(query.as_bytes()));
        if chosen.is_none() && !deed.page.is_empty() {
            return Ok(see(deed.page));
        }
        let form = chosen.map_or_else(
            || Form::new(visit.lang),
            |chosen| Form::again(visit.lang, &chosen, &Problem::default()),
        );
        add_page(&console, &visit, book, deed, (form, None)).await
    };
    visit.finish(page.await)
}

async fn add_page(
    console: &Shared,
    visit: &Visit,
    book: &'static Book,
    deed: &'static Deed,
    (form, failed): (Form, Option<Failed>),
) -> Result<Response, Fault> {
    let fields = fields(console, visit, deed.entries, &form, &Value::Null).await?;
    let status = if failed.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = AddPage {
        frame: framed(book, visit, deed.title.text(visit.lang)),
        over: book.title.text(visit.lang),
        book: book.name,
        verb: deed.verb,
        lead: deed.help.text(visit.lang),
        help: book.help.iter().map(|say| say.text(visit.lang)).collect(),
        problem: failed.map(|failed| failed.problem),
        once: once()?,
        fields,
    };
    Ok(html(status, &page))
}

/// What is sent to the API.
fn body(deed: &Deed, sent: &Sent) -> Value {
    let mut body = sent.body();
    // A role that is held, with what it is for.
    if let Some((role, scope)) =
        sent.get("held").split_once(' ').or(sent.has("held").then_some((sent.get("held"), "")))
    {
        put(&mut body, "/role", Value::from(role));
        if !scope.is_empty() {
            put(&mut body, "/scope", Value::from(scope));
        }
    }
    for (place, text) in deed.fixed {
        put(&mut body, place, Value::from(*text));
    }
    arrays(&mut body);
    body
}

/// Members that are numbered from nothing on are a list: `/grants/0/role`.
pub fn arrays(value: &mut Value) {
    let Some(members) = value.as_object_mut() else { return };
    members.values_mut().for_each(arrays);
    let mut numbered: Vec<(usize, Value)> = Vec::new();
    for (name, member) in members.iter() {
        let Ok(number) = name.parse() else { return };
        numbered.push((number, member.clone()));
    }
    if !numbered.is_empty() {
        numbered.sort_by_key(|(number, _)| *number);
        *value = Value::Array(numbered.into_iter().map(|(_, member)| member).collect());
    }
}

fn call(deed: &Deed, id: &str, sent: &Sent) -> Result<Call, Fault> {
    let mut path = with_id(deed.path, id);
    if path.contains("{of}") {
        path = path.replace("{of}", &identifier(sent.get("of"))?);
    }
    let body = body(deed, sent);
    Ok(match deed.method {
        Method::Post => Call::post(path, &body),
        Method::Put => Call::put(path, &body),
        Method::Patch => Call::patch(path, &body),
    })
}

/// `POST /desk/{book}/add/{verb}`.
pub async fn make(
    State(console): State<Shared>,
    Person(visit): Person,
    Path((name, verb)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    let done = async {
        let book = book(&name)?;
        let deed = maker(book, &verb, &visit)?;
        match attempt(&console, &visit, call(deed, "", &sent)?, &verb, &sent).await? {
            Ok(answer) => {
                let made: Value = answer.json()?;
                let id = made.pointer(book.key).and_then(Value::as_str).unwrap_or_default();
                let onward = match identifier(id) {
                    Ok(id) => format!("/desk/{name}/{id}"),
                    Err(_) => format!("/desk/{name}"),
                };
                onward_or_told(&visit, deed, &answer, onward)
            }
            Err(failed) => {
                let form = Form::again(visit.lang, &failed.sent, &failed.problem);
                add_page(&console, &visit, book, deed, (form, Some(failed))).await
            }
        }
    };
    visit.finish(done.await)
}

/// `POST /desk/{book}/{id}/{verb}`.
pub async fn act(
    State(console): State<Shared>,
    Person(visit): Person,
    Path((name, id, verb)): Path<(String, String, String)>,
    sent: Sent,
) -> Response {
    let done = async {
        let book = book(&name)?;
        let deed = book.deeds.iter().find(|deed| deed.verb == verb && deed.page.is_empty());
        let deed = deed.ok_or(Fault::NotFound)?;
        let key = identifier(&id)?;
        match attempt(&console, &visit, call(deed, &key, &sent)?, &verb, &sent).await? {
            Ok(answer) => onward_or_told(&visit, deed, &answer, format!("/desk/{name}/{key}")),
            Err(failed) => show::page(&console, &visit, &name, &id, Some(failed)).await,
        }
    };
    visit.finish(done.await)
}

/// `POST /desk/{book}/{id}/row/{verb}`.
pub async fn row(
    State(console): State<Shared>,
    Person(visit): Person,
    Path((name, id, verb)): Path<(String, String, String)>,
    sent: Sent,
) -> Response {
    let done = async {
        let book = book(&name)?;
        let key = identifier(&id)?;
        let deeds = book.parts.iter().filter_map(|part| part.deed.as_ref());
        let deed = deeds.into_iter().find(|deed| deed.verb == verb).ok_or(Fault::NotFound)?;
        let path = with_id(deed.path, &key).replace("{row}", &identifier(sent.get("row"))?);
        match attempt(&console, &visit, Call::post(path, &json!({})), &verb, &sent).await? {
            Ok(_) => Ok(see(&with_query(&format!("/desk/{name}/{key}"), &[("did", &verb)]))),
            Err(failed) => show::page(&console, &visit, &name, &id, Some(failed)).await,
        }
    };
    visit.finish(done.await)
}

/// On to the page of the thing, or what is shown this once.
fn onward_or_told(visit: &Visit, deed: &Deed, answer: &Answer, onward: String) -> Result<Response, Fault> {
    let facts = if deed.told.is_empty() { Vec::new() } else { shown(deed.told, &answer.json()?, visit.lang) };
    if facts.is_empty() {
        return Ok(see(&with_query(&onward, &[("did", deed.verb)])));
    }
    let page = ToldPage {
        frame: Frame::new(visit, Page { title: deed.title.text(visit.lang), nav: Nav::Desk }),
        done: deed.done.text(visit.lang),
        secret: deed.secret,
        facts,
        onward,
    };
    Ok(html(StatusCode::OK, &page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_members_become_a_list() {
        let mut body = json!({ "name": "a", "grants": { "10": { "role": "y" }, "2": { "role": "x" } }, "key": { "1": 1, "b": 2 }, "empty": {} });
        arrays(&mut body);
        assert_eq!(
            body,
            json!({ "name": "a", "grants": [{ "role": "x" }, { "role": "y" }], "key": { "1": 1, "b": 2 }, "empty": {} })
        );
    }
}
