//! Writing a flow of approval: who agrees, step by step.

use super::deed::{Failed, attempt};
use crate::api::shapes::{Page as Rows, Unit};
use crate::api::{Call, Problem, with_query};
use crate::desk::{arrays, codes};
use crate::frame::{Fault, Field, Form, Frame, Key, Nav, Page, Person, Sent, Visit, html, once, see};
use crate::state::Shared;
use crate::words::Words;
use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value;

/// Steps that a new form has.
const FIRST: usize = 2;
/// Most steps of a flow.
const MOST: usize = 10;
/// Fields of the first step that must be filled in: its name and who decides.
const NEEDED: usize = 2;

struct StepFields {
    title: String,
    fields: Vec<Field>,
}

#[derive(Template)]
#[template(path = "flow.html")]
struct FlowPage {
    frame: Frame,
    action: String,
    unit: String,
    unit_name: String,
    version: Option<i64>,
    once: String,
    problem: Option<Problem>,
    fields: Vec<Field>,
    steps: Vec<StepFields>,
    more: bool,
    nobody: bool,
}

#[derive(Template)]
#[template(path = "flow_unit.html")]
struct UnitPage {
    frame: Frame,
    units: Vec<Unit>,
}

/// What the form is about.
struct Writing<'a> {
    action: String,
    unit: Key,
    record: Value,
    sent: Option<&'a Sent>,
    problem: Option<Problem>,
}

/// `GET /flows/new`: for which unit, then the form.
pub async fn blank(
    State(console): State<Shared>,
    Person(visit): Person,
    RawQuery(query): RawQuery,
) -> Response {
    let page = async {
        let query = Sent::read(query.unwrap_or_default().as_bytes());
        let session = visit.session.as_ref().ok_or(Fault::Login("/flows/new".to_owned()))?;
        let units: Vec<&str> = session.scopes("unit_agent").collect();
        let unit = match (query.get("unit"), units.as_slice()) {
            ("", [only]) => (*only).to_owned(),
            ("", _) => return choose(&console, &visit, &units).await,
            (named, _) => named.to_owned(),
        };
        let unit = Key::parse(&unit)?;
        let writing =
            Writing { action: "/flows/new".to_owned(), unit, record: Value::Null, sent: None, problem: None };
        form(&console, &visit, writing).await
    };
    visit.finish(page.await)
}

async fn choose(console: &Shared, visit: &Visit, units: &[&str]) -> Result<Response, Fault> {
    let w = Words(visit.lang);
    let mut found = Vec::new();
    for unit in units.iter().take(50) {
        found.push(console.api.read(visit, &format!("/units/{}", Key::parse(unit)?)).await?);
    }
    let frame = Frame::new(visit, Page { title: w.flow_new(), nav: Nav::Desk });
    Ok(html(StatusCode::OK, &UnitPage { frame, units: found }))
}

/// `GET /flows/{id}/edit`.
pub async fn edit(State(console): State<Shared>, Person(visit): Person, Path(id): Path<String>) -> Response {
    let page = async {
        let id = Key::parse(&id)?;
        let record: Value = console.api.read(&visit, &format!("/flows/{id}")).await?;
        let unit = Key::parse(record.pointer("/unit").and_then(Value::as_str).unwrap_or_default())?;
        let writing =
            Writing { action: format!("/flows/{id}/edit"), unit, record, sent: None, problem: None };
        form(&console, &visit, writing).await
    };
    visit.finish(page.await)
}

async fn form(console: &Shared, visit: &Visit, writing: Writing<'_>) -> Result<Response, Fault> {
    let w = Words(visit.lang);
    let Writing { action, unit, record, sent, problem } = writing;
    let owner: Unit = console.api.read(visit, &format!("/units/{unit}")).await?;
    let people: Rows<Value> = console
        .api
        .read(visit, &with_query(&format!("/units/{unit}/people"), &[("role", "approver")]))
        .await?;
    let text = |row: &Value, at: &str| row.pointer(at).and_then(Value::as_str).unwrap_or_default().to_owned();
    let people: Vec<(String, String)> =
        people.items.iter().map(|row| (text(row, "/account"), text(row, "/name"))).collect();
    let form = match (sent, &problem) {
        (Some(sent), Some(problem)) => Form::again(visit.lang, sent, problem),
        (Some(sent), None) => Form::again(visit.lang, sent, &Problem::default()),
        _ => Form::new(visit.lang),
    };
    let present = record.pointer("/steps").and_then(Value::as_array).map_or(0, Vec::len);
    let asked = sent.map_or(0, |sent| sent.get("count").parse().unwrap_or(0) + usize::from(sent.has("more")));
    let count = present.max(asked).clamp(FIRST, MOST);
    let kinds =
        codes::SEAL_KINDS.iter().map(|(code, say)| ((*code).to_owned(), say.text(visit.lang).to_owned()));
    let lines = |at: &str| {
        let list = record.pointer(at).and_then(Value::as_array).cloned().unwrap_or_default();
        list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n")
    };
    let fields = vec![
        form.field("s:/name", "text", w.flow_name(), &text(&record, "/name"))
            .most(64)
            .help(w.flow_name_help()),
        form.field("m:/seal_kinds", "many", w.flow_seals(), &lines("/seal_kinds"))
            .choices(kinds.collect())
            .help(w.flow_seals_help())
            .optional(),
        form.field("l:/document_kinds", "area", w.flow_documents(), &lines("/document_kinds"))
            .help(w.flow_documents_help())
            .optional(),
    ];
    // A step that was just added begins as a new one.
    let shown = sent.and_then(|sent| sent.get("count").parse().ok()).unwrap_or(count);
    let new = Form::new(visit.lang);
    let steps =
        (0..count).map(|at| step(if at < shown { &form } else { &new }, &record, at, &people, w)).collect();
    let title = if record.is_null() { w.flow_new() } else { w.flow_edit() };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = FlowPage {
        frame: Frame::new(visit, Page { title, nav: Nav::Desk }).explained(&[]),
        action,
        unit: unit.to_string(),
        unit_name: owner.name,
        version: record.pointer("/version").and_then(Value::as_i64).or_else(|| sent.and_then(Sent::version)),
        once: once()?,
        problem,
        fields,
        steps,
        more: count < MOST,
        nobody: people.is_empty(),
    };
    Ok(html(status, &page))
}

fn step(form: &Form, record: &Value, at: usize, people: &[(String, String)], w: Words) -> StepFields {
    let place = |name: &str| format!("/steps/{at}/{name}");
    let there = record.pointer(&format!("/steps/{at}"));
    let text = |name: &str| {
        there.and_then(|step| step.get(name)).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let number = |name: &str, usual: &str| {
        let stands = there.and_then(|step| step.get(name)).and_then(Value::as_u64);
        stands.map_or_else(|| usual.to_owned(), |number| number.to_string())
    };
    let accounts = there.and_then(|step| step.get("approvers")).and_then(Value::as_array);
    let accounts: Vec<&str> = accounts
        .into_iter()
        .flatten()
        .filter_map(|person| person.get("account").and_then(Value::as_str))
        .collect();
    let superior = there.and_then(|step| step.pointer("/superior/account")).and_then(Value::as_str);
    let delegable = there.and_then(|step| step.get("delegable")).and_then(Value::as_bool).unwrap_or(false);
    let mut nobody = vec![(String::new(), w.flow_no_superior().to_owned())];
    nobody.extend(people.iter().cloned());
    let mut fields = vec![
        form.field(&format!("s:{}", place("name")), "text", w.flow_step_name(), &text("name")).most(64),
        form.field(&format!("m:{}", place("approvers")), "many", w.flow_approvers(), &accounts.join("\n"))
            .choices(people.to_vec()),
        form.field(&format!("n:{}", place("need")), "number", w.flow_need(), &number("need", "1")).short(),
        form.field(&format!("n:{}", place("hours")), "number", w.flow_hours(), &number("hours", "24"))
            .short(),
        form.field(
            &format!("s:{}", place("superior")),
            "select",
            w.flow_superior(),
            superior.unwrap_or_default(),
        )
        .choices(nobody)
        .help(w.flow_superior_help()),
        form.field(
            &format!("b:{}", place("delegable")),
            "check",
            w.flow_delegable(),
            if delegable { "1" } else { "" },
        )
        .optional(),
    ];
    // A step that is not needed is left empty.
    for field in fields.iter_mut().skip(if at == 0 { NEEDED } else { 0 }) {
        field.optional = true;
        field.optional_word = "";
    }
    StepFields { title: format!("{} {}", w.flow_step(), at.saturating_add(1)), fields }
}

/// The flow that the form describes: steps without name and approvers are none.
fn body(sent: &Sent) -> Value {
    let mut body = sent.body();
    arrays(&mut body);
    if let Some(steps) = body.pointer_mut("/steps").and_then(Value::as_array_mut) {
        steps.retain(|step| step.get("name").is_some() || step.get("approvers").is_some());
    }
    body
}

/// `POST /flows/new`.
pub async fn write(State(console): State<Shared>, Person(visit): Person, sent: Sent) -> Response {
    let done = async {
        let unit = Key::parse(sent.get("unit"))?;
        let call = Call::post(format!("/units/{unit}/flows"), &body(&sent));
        let writing = |problem| Writing {
            action: "/flows/new".to_owned(),
            unit: unit.clone(),
            record: Value::Null,
            sent: Some(&sent),
            problem,
        };
        if sent.has("more") {
            return form(&console, &visit, writing(None)).await;
        }
        match attempt(&console, &visit, call, "write", &sent).await? {
            Ok(answer) => {
                let made: Value = answer.json()?;
                let id = Key::parse(made.pointer("/id").and_then(Value::as_str).unwrap_or_default())?;
                Ok(see(&format!("/desk/flows/{id}?did=write")))
            }
            Err(Failed { problem, .. }) => form(&console, &visit, writing(Some(problem))).await,
        }
    };
    visit.finish(done.await)
}

/// `POST /flows/{id}/edit`.
pub async fn revise(
    State(console): State<Shared>,
    Person(visit): Person,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    let done = async {
        let id = Key::parse(&id)?;
        let record: Value = console.api.read(&visit, &format!("/flows/{id}")).await?;
        let unit = Key::parse(record.pointer("/unit").and_then(Value::as_str).unwrap_or_default())?;
        let writing = |problem| Writing {
            action: format!("/flows/{id}/edit"),
            unit,
            record,
            sent: Some(&sent),
            problem,
        };
        if sent.has("more") {
            return form(&console, &visit, writing(None)).await;
        }
        let call = Call::put(format!("/flows/{id}"), &body(&sent));
        match attempt(&console, &visit, call, "revise", &sent).await? {
            Ok(_) => Ok(see(&format!("/desk/flows/{id}?did=revise"))),
            Err(Failed { problem, .. }) => form(&console, &visit, writing(Some(problem))).await,
        }
    };
    visit.finish(done.await)
}
