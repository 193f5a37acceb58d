//! An application: what is asked, what is handed in, how far it has come, and what whoever looks may do with it.

use super::deed::{Failed, act};
use crate::api::shapes::{Application, Checks, Decision, Material, NeededMaterial};
use crate::api::{Call, Problem, with_query};
use crate::frame::{
    Due, Fault, Field, Form, Frame, Key, Moment, Nav, Page, Person, Sent, Visit, html, once, see,
};
use crate::state::Shared;
use crate::words::{Words, tone};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde_json::{Value, json};

/// What may be done to an application with a form.
const VERBS: &[&str] = &["submit", "approve", "return", "refuse", "withdraw", "reopen"];

/// A material with what is there of it.
struct MaterialShown {
    code: String,
    name: String,
    required: bool,
    file: Option<Material>,
    size: String,
    picture: bool,
    /// Whether it has pages that can be shown.
    paged: bool,
}

/// A station on the way.
struct Station {
    words: &'static str,
    state: &'static str,
    at: Option<Moment>,
}

#[derive(Template)]
#[template(path = "application/show.html")]
struct ShowPage {
    frame: Frame,
    a: Application,
    tone: &'static str,
    due: Option<Due>,
    track: Vec<Station>,
    problem: Option<Problem>,
    refusal: Option<Decision>,
    decides: bool,
    edits: bool,
    withdraws: bool,
    reopens: bool,
    once: String,
    return_field: Field,
    refuse_field: Field,
    withdraw_field: Field,
    facts: Vec<(&'static str, String)>,
    materials: Vec<MaterialShown>,
    checks: Option<Checks>,
    imprint: bool,
    difference: bool,
    filed: Option<String>,
}

/// `GET /applications/{id}`.
pub async fn show(State(console): State<Shared>, Person(visit): Person, Path(id): Path<String>) -> Response {
    visit.finish(page(&console, &visit, &id, None).await)
}

/// The page of an application, with what was refused a moment ago.
///
/// # Errors
/// Problems of the API.
pub async fn page(
    console: &Shared,
    visit: &Visit,
    id: &str,
    failed: Option<Failed>,
) -> Result<Response, Fault> {
    let id = Key::parse(id)?;
    let w = Words(visit.lang);
    let a: Application = console.api.read(visit, &format!("/applications/{id}")).await?;
    let session = visit.session.as_ref().ok_or(Fault::Login(format!("/applications/{id}")))?;
    let (agent, state) = (session.is("unit_agent"), a.row.state.as_str());
    let edits = agent && matches!(state, "draft" | "returned");
    let checks = if edits {
        Some(console.api.read(visit, &format!("/applications/{id}/checks")).await?)
    } else {
        None
    };
    let looked = checks.as_ref().map_or(&a.checks, |checks: &Checks| &checks.checks);
    let found = |code: &str| looked.iter().find(|check| check.code == code);
    let imprint = found("IMPRINT_PICTURE").is_some_and(|check| check.passed);
    let difference = found("IMPRINT_COMPARE").is_some();
    let on_record = a.content.physical.as_ref().and_then(|physical| physical.imprint_digest.as_ref());
    let filed = a.content.materials.iter().find(|material| Some(&material.digest) == on_record);
    let filed = filed.map(|material| material.code.clone());
    let open = matches!(state, "submitted" | "returned" | "approved" | "making");
    let form = |verb: &str| {
        Failed::of(failed.as_ref(), verb)
            .map_or_else(|| Form::new(visit.lang), |f| Form::again(visit.lang, &f.sent, &f.problem))
    };
    let reasons = |verb: &str, label: &str| form(verb).field("l:/reasons", "area", label, "").most(20_000);
    let (return_field, mut refuse_field) =
        (reasons("return", w.return_reasons()), reasons("refuse", w.refuse_reasons()));
    // Two fields of one name on a page.
    refuse_field.suffix = "-refuse";
    let page = ShowPage {
        frame: Frame::new(visit, Page { title: &a.row.seal_name, nav: Nav::Applications }),
        tone: tone(state),
        due: a.row.due.filter(|_| open).map(|due| Due::of(due, Timestamp::now(), visit.lang)),
        track: track(&a, w),
        refusal: a
            .decisions
            .last()
            .filter(|last| matches!(state, "returned" | "refused" | "draft") && last.outcome != "approve")
            .cloned(),
        decides: session.is("issuing_reviewer") && state == "submitted",
        edits,
        withdraws: agent && matches!(state, "draft" | "submitted" | "returned"),
        reopens: agent && matches!(state, "refused" | "lapsed"),
        once: once()?,
        return_field,
        refuse_field,
        withdraw_field: form("withdraw").field("s:/reason", "area", w.reason_word(), "").most(2000),
        facts: facts(&a, w),
        materials: materials(console, visit, &a).await?,
        checks,
        imprint,
        difference,
        filed: filed.filter(|_| difference),
        problem: failed.map(|failed| failed.problem),
        a,
    };
    let status = if page.problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(html(status, &page))
}

/// The stations of an application, each with the day it was reached last.
fn track(a: &Application, w: Words) -> Vec<Station> {
    let names =
        [w.track_draft(), w.track_submitted(), w.track_approved(), w.track_making(), w.track_completed()];
    let states = ["draft", "submitted", "approved", "making", "completed"];
    let now = match a.row.state.as_str() {
        "submitted" => 1,
        "approved" => 2,
        "making" => 3,
        "completed" => 4,
        _ => 0,
    };
    let ended = matches!(a.row.state.as_str(), "refused" | "withdrawn" | "lapsed");
    let reached = |state: &str| a.history.iter().rev().find(|step| step.to == state).map(|step| step.at);
    let station = |(place, (words, state)): (usize, (&'static str, &str))| Station {
        words,
        state: match place.cmp(&now) {
            _ if ended => "off",
            std::cmp::Ordering::Less => "past",
            std::cmp::Ordering::Equal if now == 4 => "past",
            std::cmp::Ordering::Equal => "now",
            std::cmp::Ordering::Greater => "next",
        },
        at: if place <= now { reached(state) } else { None },
    };
    names.into_iter().zip(states).enumerate().map(station).collect()
}

fn facts(a: &Application, w: Words) -> Vec<(&'static str, String)> {
    let c = &a.content;
    let person = |person: &crate::api::shapes::PersonShown| {
        let phone = person.phone.as_deref().map(|phone| format!("，{phone}")).unwrap_or_default();
        format!("{}，{}{phone}", person.name, person.id_number)
    };
    let mut facts = vec![
        (w.kind_word(), w.kind(&c.kind, &c.kind_zh)),
        (w.seal_name(), c.seal_name.clone()),
        (w.unit_word(), a.row.unit_name.clone()),
    ];
    facts.extend(a.credit_code.clone().map(|code| (w.credit_code(), code)));
    facts.push((w.imprint_size(), c.size_mm()));
    facts.push((w.years(), c.years.to_string()));
    if c.internal {
        facts.push((w.internal_use(), "✓".to_owned()));
    }
    facts.extend(c.holder.as_ref().map(|holder| (w.holder(), person(holder))));
    facts.push((w.agent(), person(&c.agent)));
    facts.push((w.legal_representative(), person(&c.legal_representative)));
    facts.extend(
        c.seal_administrator.as_ref().map(|administrator| (w.administrator(), person(administrator))),
    );
    facts.extend(c.physical.as_ref().map(|seal| {
        (w.physical(), format!("{}，{}，{}", seal.registration, seal.engraver, seal.engraved_on))
    }));
    facts.push((w.measures(), c.technical_measures.clone()));
    facts.extend(a.approval.clone().map(|number| (w.approval_number(), number)));
    facts
}

async fn materials(console: &Shared, visit: &Visit, a: &Application) -> Result<Vec<MaterialShown>, Fault> {
    let needed = match super::apply::needed(console, visit, a).await {
        Ok(needed) => needed,
        // Whoever may not read the unit still sees what was handed in.
        Err(Fault::Api(_)) => Vec::new(),
        Err(other) => return Err(other),
    };
    let there = |code: &str| a.content.materials.iter().find(|material| material.code == code).cloned();
    let shown = |code: String, name: String, required: bool| {
        let file = there(&code);
        let picture = file.as_ref().is_some_and(|file| file.media_type.starts_with("image/"));
        let paged = file
            .as_ref()
            .is_some_and(|file| ["application/pdf", "application/ofd"].contains(&file.media_type.as_str()));
        let size = file.as_ref().map(|file| super::size_words(file.size)).unwrap_or_default();
        MaterialShown { code, name, required, file, size, picture, paged }
    };
    let mut needed = needed;
    // The seal's picture, and the scan of the imprint on record: whoever has them may hand them in, whatever the procedure asks for.
    for (code, name) in super::trial::pictures() {
        if !needed.iter().any(|n| n.code == code) {
            needed.push(NeededMaterial { code: code.to_owned(), name, required: false });
        }
    }
    let mut all: Vec<MaterialShown> = needed
        .iter()
        .map(|n| shown(n.code.clone(), n.name.text(visit.lang).to_owned(), n.required))
        .collect();
    for material in &a.content.materials {
        if !needed.iter().any(|n| n.code == material.code) {
            all.push(shown(material.code.clone(), material.code.clone(), false));
        }
    }
    Ok(all)
}

/// `POST /applications/{id}/{verb}`.
pub async fn step(
    State(console): State<Shared>,
    Person(visit): Person,
    Path((id, verb)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    let done = async {
        let key = Key::parse(&id)?;
        if !VERBS.contains(&verb.as_str()) {
            return Err(Fault::NotFound);
        }
        let body = match verb.as_str() {
            "reopen" => Value::Null,
            "approve" => json!({}),
            _ => sent.body(),
        };
        let call = Call::post(format!("/applications/{key}/{verb}"), &body);
        match act(&console, &visit, call, &verb, &sent).await? {
            None => Ok(see(&with_query(&format!("/applications/{key}"), &[("done", &verb)]))),
            Some(failed) => page(&console, &visit, &id, Some(failed)).await,
        }
    };
    visit.finish(done.await)
}
