//! A request to use a seal: what will be sealed is seen before anybody agrees to it.

use super::ask::{Outcome, templates};
use super::deed::{Failed, act};
use super::verify::png;
use crate::api::shapes::{Custody, Nameables, Page as Rows, Pages, Placement, Seal, UseItem, UseRequest};
use crate::api::{Call, Problem, with_query};
use crate::frame::{Due, Fault, Field, Form, Frame, Key, Nav, Page, Person, Sent, Visit, html, once, see};
use crate::keep::{Document, Kept, Stamp, StampPlace};
use crate::picture::Wanted;
use crate::state::Shared;
use crate::words::{Words, tone};
use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use std::sync::Arc;
use tempfile::TempPath;

/// Documents listed on the page of a request.
const LISTED: &str = "50";
/// Documents looked through for one.
const PART: &str = "200";
/// Pages of a document shown at once.
const SHOWN: usize = 30;

/// A document of the request.
struct ItemShown {
    item: UseItem,
    tone: &'static str,
    size: String,
    places: String,
    view: Option<String>,
    shown: Vec<usize>,
    pages: usize,
}

/// How far the sealing of many documents has come.
struct Progress {
    all: u32,
    done: u32,
    failed: u32,
    runs: bool,
}

/// What is said again, and what came of documents.
#[derive(Default)]
struct Told {
    failed: Option<Failed>,
    outcomes: Vec<Outcome>,
}

/// What part of the request is looked at.
#[derive(Default)]
struct Looked {
    open: String,
    cursor: String,
    failed_only: bool,
}

#[derive(Template)]
#[template(path = "usage/show.html")]
struct UsePage {
    frame: Frame,
    u: UseRequest,
    tone: &'static str,
    due: Option<Due>,
    problem: Option<Problem>,
    items: Vec<ItemShown>,
    next: Option<String>,
    failed_only: bool,
    opens: bool,
    asks: bool,
    votes: bool,
    digest: String,
    once: String,
    words_field: Field,
    reason_field: Field,
    signs: bool,
    retries: bool,
    keyed: bool,
    activation_field: Field,
    seal: Option<Seal>,
    pictured: bool,
    draft: bool,
    value_field: Field,
    template_field: Option<Field>,
    outcomes: Vec<Outcome>,
    progress: Option<Progress>,
    withdraws: bool,
    withdraw_again: bool,
    withdraw_field: Field,
    delegates: Option<Vec<Field>>,
    delegate_again: bool,
}

/// `GET /uses/{id}?open=&cursor=&only=failed`: the first document is open when its vote is waited for.
pub async fn show(
    State(console): State<Shared>,
    Person(visit): Person,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = Sent::read(query.unwrap_or_default().as_bytes());
    let looked = Looked {
        open: query.get("open").to_owned(),
        cursor: query.get("cursor").to_owned(),
        failed_only: query.get("only") == "failed",
    };
    visit.finish(page(&console, &visit, &id, looked, Told::default()).await)
}

/// The page again, with a form that was refused.
///
/// # Errors
/// Problems of the API.
pub async fn refused(console: &Shared, visit: &Visit, id: &str, failed: Failed) -> Result<Response, Fault> {
    let told = Told { failed: Some(failed), ..Told::default() };
    page(console, visit, id, Looked::default(), told).await
}

/// The page with what came of documents, some of which were not taken.
///
/// # Errors
/// Problems of the API.
pub async fn brought(
    console: &Shared,
    visit: &Visit,
    id: &str,
    outcomes: Vec<Outcome>,
) -> Result<Response, Fault> {
    page(console, visit, id, Looked::default(), Told { outcomes, ..Told::default() }).await
}

async fn page(
    console: &Shared,
    visit: &Visit,
    id: &str,
    looked: Looked,
    told: Told,
) -> Result<Response, Fault> {
    let id = Key::parse(id)?;
    let w = Words(visit.lang);
    let session = visit.session.as_ref().ok_or(Fault::Login(format!("/uses/{id}")))?;
    let u: UseRequest = console.api.read(visit, &format!("/use-requests/{id}")).await?;
    let state = if looked.failed_only { "failed" } else { "" };
    let pairs = [("limit", LISTED), ("state", state), ("cursor", &looked.cursor)];
    let path = with_query(&format!("/use-requests/{id}/items"), &pairs);
    let mut found: Rows<UseItem> = console.api.read(visit, &path).await?;
    if u.state == "draft" {
        // What was taken out again.
        found.items.retain(|item| item.state != "dropped");
    }
    let seal: Option<Seal> = console.api.read(visit, &format!("/seals/{}", Key::parse(&u.seal)?)).await.ok();
    let custody: Option<Custody> = console.api.read(visit, &format!("/seals/{}/custody", u.seal)).await.ok();
    let me = session.account.id.as_str();
    let mine = u.asked_by == me;
    let votes = u.state == "pending" && u.waits_for(me);
    let opens = ["custodian", "approver", "user"].iter().any(|role| session.is(role));
    let draft = u.state == "draft" && mine;
    let shows_first = (votes || draft) && looked.open.is_empty();
    let first = if shows_first { found.items.first().map(|item| item.id.clone()) } else { None };
    let open = first.unwrap_or(looked.open);
    let mut items = Vec::new();
    for item in found.items {
        let view = if opens && item.id == open { viewed(console, visit, &u, &item).await? } else { None };
        items.push(shown(item, view, w));
    }
    let form = |verb: &str| {
        Failed::of(told.failed.as_ref(), verb)
            .map_or_else(|| Form::new(visit.lang), |f| Form::again(visit.lang, &f.sent, &f.problem))
    };
    let keeps = custody
        .as_ref()
        .and_then(|custody| custody.keeper.as_ref())
        .is_some_and(|keeper| keeper.account == me);
    let again = |verb: &str| Failed::of(told.failed.as_ref(), verb).is_some();
    let mut withdraw_field = form("withdraw").field("s:/reason", "area", w.reason_word(), "").most(2000);
    withdraw_field.suffix = "-withdraw";
    let may_withdraw = mine || keeps || session.is("unit_agent");
    let live = matches!(u.state.as_str(), "draft" | "pending" | "approved" | "signing" | "partial");
    let sealing = matches!(u.state.as_str(), "signing" | "done" | "partial");
    let progress = sealing.then(|| Progress {
        all: u.tally.documents.max(1),
        done: u.tally.signed.saturating_add(u.tally.failed),
        failed: u.tally.failed,
        runs: u.state == "signing",
    });
    let delegable = u.approval.as_ref().and_then(|course| course.steps.get(course.reached));
    let delegable = delegable.is_some_and(|stage| stage.delegable);
    let delegates = if votes && delegable {
        Some(delegation(console, visit, &u, &form("delegate")).await?)
    } else {
        None
    };
    let page = UsePage {
        frame: Frame::new(visit, Page { title: &u.reason, nav: Nav::Uses }),
        tone: tone(&u.state),
        due: u.due().filter(|_| u.state == "pending").map(|due| Due::of(due, Timestamp::now(), visit.lang)),
        items,
        next: found.next.map(|next| {
            let only = if looked.failed_only { "failed" } else { "" };
            with_query(&format!("/uses/{id}"), &[("only", only), ("cursor", &next)])
        }),
        failed_only: looked.failed_only,
        opens,
        asks: session.is("user"),
        votes,
        digest: u.approval.as_ref().map(|course| course.digest.clone()).unwrap_or_default(),
        once: once()?,
        words_field: form("approve").field("s:/words", "area", w.opinion(), "").most(2000).optional(),
        reason_field: form("refuse").field("s:/reason", "area", w.reason_word(), "").most(2000),
        signs: u.state == "approved" && (mine || keeps),
        retries: u.state == "partial" && (mine || keeps),
        keyed: keeps,
        activation_field: form("sign")
            .field("s:/activation", "password", w.activation(), "")
            .most(512)
            .optional(),
        pictured: seal.as_ref().is_some_and(|seal| seal.made.is_some()),
        seal,
        draft,
        value_field: Form::new(visit.lang)
            .field("value", "text", w.bring_value(), "")
            .most(20)
            .optional()
            .short(),
        template_field: if draft { template_field(console, visit).await? } else { None },
        progress,
        withdraws: live && may_withdraw,
        withdraw_again: again("withdraw"),
        withdraw_field,
        delegates,
        delegate_again: again("delegate"),
        problem: told.failed.map(|failed| failed.problem),
        outcomes: told.outcomes,
        u,
    };
    let refused = page.problem.is_some() || page.outcomes.iter().any(|outcome| !outcome.ok);
    let status = if refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(html(status, &page))
}

/// Where the seal goes on documents that are about to come; nothing to choose without templates.
async fn template_field(console: &Shared, visit: &Visit) -> Result<Option<Field>, Fault> {
    let w = Words(visit.lang);
    let known = templates::load(console, visit).await?.templates;
    let mut choices = vec![(String::new(), w.template_none().to_owned())];
    choices.extend(known.into_iter().map(|one| (one.name.clone(), one.name)));
    let field = Form::new(visit.lang).field("template", "select", w.template_load(), "");
    Ok((choices.len() > 1).then(|| field.choices(choices)))
}

/// Who else may vote; no fields where there is nobody.
async fn delegation(
    console: &Shared,
    visit: &Visit,
    u: &UseRequest,
    form: &Form,
) -> Result<Vec<Field>, Fault> {
    let w = Words(visit.lang);
    let me = visit.session.as_ref().map_or("", |session| session.account.id.as_str());
    let path = format!("/seals/{}/people?role=approver", Key::parse(&u.seal)?);
    let people: Nameables = console.api.read(visit, &path).await?;
    let others =
        people.items.into_iter().filter(|person| person.account != me && person.account != u.asked_by);
    let choices: Vec<_> = others.map(|person| (person.account, person.name)).collect();
    if choices.is_empty() {
        return Ok(Vec::new());
    }
    let mut reason = form.field("s:/reason", "area", w.reason_word(), "").most(2000);
    reason.suffix = "-delegate";
    Ok(vec![form.field("s:/account", "select", w.use_delegate_to(), "").choices(choices), reason])
}

fn shown(item: UseItem, view: Option<(String, usize)>, w: Words) -> ItemShown {
    let places = format!("{} {}", item.placements.len(), w.places());
    let (view, pages) = view.map_or((None, 0), |(view, pages)| (Some(view), pages));
    let size = super::size_words(item.size);
    ItemShown {
        tone: tone(&item.state),
        size,
        places,
        view,
        shown: (1..=pages.min(SHOWN)).collect(),
        pages,
        item,
    }
}

/// A document of a request, by its key.
///
/// # Errors
/// [`Fault::NotFound`]; problems of the API.
pub async fn item(console: &Shared, visit: &Visit, id: &Key, wanted: &Key) -> Result<UseItem, Fault> {
    let wanted = wanted.to_string();
    let mut cursor = String::new();
    loop {
        let path = with_query(&format!("/use-requests/{id}/items"), &[("limit", PART), ("cursor", &cursor)]);
        let part: Rows<UseItem> = console.api.read(visit, &path).await?;
        if let Some(item) = part.items.into_iter().find(|item| item.id == wanted) {
            return Ok(item);
        }
        cursor = part.next.ok_or(Fault::NotFound)?;
    }
}

/// A document, or what came of it, in a file of its own. The reading is recorded by the API. `None` where it is not whole, or not there.
///
/// # Errors
/// Problems of the API.
pub async fn fetched(
    console: &Shared,
    visit: &Visit,
    u: &UseRequest,
    item: &UseItem,
    sealed: bool,
) -> Result<Option<(TempPath, u64)>, Fault> {
    if !item.has_content || matches!(item.format.as_str(), "ofd-signature" | "pdf-digest") {
        return Ok(None);
    }
    let which = if sealed { "sealed" } else { "content" };
    let path = format!("/use-requests/{}/items/{}/{which}", Key::parse(&u.id)?, Key::parse(&item.id)?);
    let answer = console.api.ask(visit, Call::get(path)).await?;
    if !answer.status.is_success() {
        return Ok(None);
    }
    console.keep.lay(answer.body).await.map(Some)
}

/// Fetches a document once and keeps it for this person, with the seal that is to be put on it.
async fn viewed(
    console: &Shared,
    visit: &Visit,
    u: &UseRequest,
    item: &UseItem,
) -> Result<Option<(String, usize)>, Fault> {
    let sealed = item.sealed.is_some();
    let Some((path, size)) = fetched(console, visit, u, item, sealed).await? else { return Ok(None) };
    let Some(pages) = console.painter.count(path.to_path_buf()).await else { return Ok(None) };
    let stamps = if sealed { Vec::new() } else { stamps(console, visit, u, item, &path).await? };
    let owner = visit.session.as_ref().map(|session| session.account.id.clone());
    let document = Some(Document::new(path, size, pages));
    let name = console.keep.put(Kept {
        name: item.name.clone(),
        verification: None,
        document,
        stamps,
        owner,
        of: String::new(),
    })?;
    Ok(Some((name, pages)))
}

/// The seal where it will stand.
async fn stamps(
    console: &Shared,
    visit: &Visit,
    u: &UseRequest,
    item: &UseItem,
    document: &std::path::Path,
) -> Result<Vec<Stamp>, Fault> {
    let answer = console.api.ask(visit, Call::get(format!("/seals/{}/data", Key::parse(&u.seal)?))).await?;
    if !answer.status.is_success() {
        return Ok(Vec::new());
    }
    let Some(picture) = console.painter.seal(answer.body.to_vec()).await? else { return Ok(Vec::new()) };
    let data = Arc::new(picture.data);
    let mm = |hundredths: i32| f64::from(hundredths) / 100.0;
    let plain = |place: StampPlace| Stamp {
        picture: Arc::clone(&data),
        size_mm: picture.size_mm,
        first: 1,
        last: usize::MAX,
        place,
    };
    let on = |pages: &Pages, stamp: Stamp| match pages {
        Pages::All {} => stamp,
        // Which that is is known when the page is drawn.
        Pages::Last {} => Stamp { first: 0, ..stamp },
        Pages::Range { first, last } => Stamp { first: *first as usize, last: *last as usize, ..stamp },
    };
    let mut stamps = Vec::new();
    for place in &item.placements {
        match place {
            Placement::At { pages, x, y } => stamps.push(on(pages, plain(StampPlace::At(mm(*x), mm(*y))))),
            Placement::CrossPage { pages, edge, x, y } => {
                let along = mm(x.or(*y).unwrap_or_default());
                stamps.push(on(pages, plain(StampPlace::Over(*edge, along))));
            }
            Placement::Keyword { word, hit } => {
                let hits = console.painter.hits(document.to_path_buf(), word.clone(), *hit).await?;
                stamps.extend(hits.into_iter().map(|(page, (x, y))| {
                    let number = page.saturating_add(1);
                    Stamp { first: number, last: number, ..plain(StampPlace::At(x, y)) }
                }));
            }
        }
    }
    Ok(stamps)
}

/// `POST /uses/{id}/{verb}`.
pub async fn step(
    State(console): State<Shared>,
    Person(visit): Person,
    Path((id, verb)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    let done = async {
        let key = Key::parse(&id)?;
        let said = match verb.as_str() {
            "approve" => "agree",
            "refuse" => "disagree",
            "sign" => "sign",
            "retry" => "retried",
            "withdraw" => "withdraw",
            "delegate" => "delegated",
            _ => return Err(Fault::NotFound),
        };
        let call = Call::post(format!("/use-requests/{key}/{verb}"), &sent.body());
        match act(&console, &visit, call, &verb, &sent).await? {
            None => Ok(see(&with_query(&format!("/uses/{key}"), &[("done", said)]))),
            Some(failed) => refused(&console, &visit, &id, failed).await,
        }
    };
    visit.finish(done.await)
}

/// `GET /view/{token}/{page}`: a page of a document that this person opened.
pub async fn page_picture(
    console: &Shared,
    visit: &Visit,
    token: &str,
    number: usize,
) -> Result<Response, Fault> {
    let who = visit.session.as_ref().map(|session| session.account.id.as_str());
    let kept = console.keep.get(token, who)?;
    let document = kept
        .document
        .as_ref()
        .filter(|document| (1..=document.pages).contains(&number))
        .ok_or(Fault::NotFound)?;
    if let Some(picture) = document.picture(number) {
        return Ok(png(picture));
    }
    let last = document.pages;
    let placed = |stamp: &Stamp| {
        if stamp.first == 0 { Stamp { first: last, last, ..stamp.clone() } } else { stamp.clone() }
    };
    let wanted = Wanted { page: number, marks: Vec::new(), stamps: kept.stamps.iter().map(placed).collect() };
    let picture = Bytes::from(console.painter.page(document.path.to_path_buf(), wanted).await?);
    document.add_picture(number, &picture);
    Ok(png(picture))
}

/// As a handler.
pub async fn page_of_view(
    State(console): State<Shared>,
    Person(visit): Person,
    Path((token, number)): Path<(String, usize)>,
) -> Response {
    visit.finish(page_picture(&console, &visit, &token, number).await)
}
