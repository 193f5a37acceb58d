//! The card of a seal.

use super::custody::{Deed, deeds};
use super::deed::{Failed, act};
use crate::api::shapes::{Custody, Page as Rows, Seal, Standing, UseGrant, UseRecord};
use crate::api::{Call, Problem, with_query};
use crate::frame::{Due, Fault, Field, Form, Frame, Key, Nav, Page, Person, Sent, Visit, html, once, see};
use crate::state::Shared;
use crate::words::{Words, tone};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// Days before the end of a seal from which on it is shown.
const ENDS_SOON: i64 = 90;

#[derive(Template)]
#[template(path = "seal/show.html")]
struct SealPage {
    frame: Frame,
    s: Seal,
    tone: &'static str,
    pictured: bool,
    ends: Option<Due>,
    custody: Option<Custody>,
    takes_over: Option<Custody>,
    problem: Option<Problem>,
    once: String,
    accepts: bool,
    loses: bool,
    lost_again: bool,
    loss_fields: Vec<Field>,
    suspends: bool,
    suspended_again: bool,
    suspend_fields: Vec<Field>,
    /// What may follow this seal: way and words; none for who may not ask.
    follows: Vec<(&'static str, &'static str)>,
    cancel_again: bool,
    cancel_fields: Vec<Field>,
    grants: Vec<UseGrant>,
    standings: Vec<Standing>,
    revokes: bool,
    /// Nothing for who may not read the register.
    uses: Option<Vec<UseRecord>>,
    deeds: Vec<Deed>,
    declines: Option<Field>,
    asks: bool,
    public: String,
    qr: String,
}

/// `GET /seals/{id}`.
pub async fn show(State(console): State<Shared>, Person(visit): Person, Path(id): Path<String>) -> Response {
    visit.finish(page(&console, &visit, &id, None).await)
}

/// Whether its owner has it, so that its picture may be shown.
fn handed_over(state: &str) -> bool {
    !matches!(state, "making" | "made" | "filed" | "lapsed" | "abandoned")
}

/// The card again, with a form that was refused.
///
/// # Errors
/// Problems of the API.
pub async fn refused(console: &Shared, visit: &Visit, id: &str, failed: Failed) -> Result<Response, Fault> {
    page(console, visit, id, Some(failed)).await
}

/// What everybody may scan to see the state of a seal.
fn public_page(visit: &Visit, https: bool, code: &str) -> (String, String) {
    let path = with_query("/status", &[("code", code)]);
    let Some(origin) = visit.origin(https) else { return (path, String::new()) };
    // An address too long for a code has none.
    let qr = super::me::drawing(&format!("{origin}{path}")).unwrap_or_default();
    (path, qr)
}

async fn page(console: &Shared, visit: &Visit, id: &str, failed: Option<Failed>) -> Result<Response, Fault> {
    let id = Key::parse(id)?;
    let w = Words(visit.lang);
    let session = visit.session.as_ref().ok_or(Fault::Login(format!("/seals/{id}")))?;
    let s: Seal = console.api.read(visit, &format!("/seals/{id}")).await?;
    let custody: Option<Custody> = optional(console.api.read(visit, &format!("/seals/{id}/custody")).await)?;
    let grants: Rows<UseGrant> = console.api.list(visit, &format!("/seals/{id}/use-grants?limit=50")).await?;
    let standings: Rows<Standing> =
        console.api.list(visit, &format!("/seals/{id}/standings?limit=50")).await?;
    let uses = console.api.read(visit, &format!("/seals/{id}/uses?limit=20")).await;
    let uses: Option<Rows<UseRecord>> = match uses {
        Err(Fault::Api(problem)) if problem.code == "FORBIDDEN" => None,
        other => Some(other?),
    };
    let now = Timestamp::now();
    let soon = now.saturating_add(SignedDuration::from_hours(24 * ENDS_SOON)).unwrap_or(Timestamp::MAX);
    let until = s
        .row
        .valid_until
        .filter(|until| until.0 <= soon && matches!(s.row.state.as_str(), "active" | "suspended"));
    let live = matches!(s.row.state.as_str(), "active" | "suspended");
    let me = session.account.id.as_str();
    let takes = |custody: &&Custody| {
        matches!(custody.state.as_str(), "offered" | "handing_over")
            && custody.handover.as_ref().is_some_and(|handover| handover.to == me)
    };
    let keeps = custody
        .as_ref()
        .and_then(|custody| custody.keeper.as_ref())
        .is_some_and(|keeper| keeper.account == me);
    let (public, qr) = match live && !s.row.internal {
        true => public_page(visit, console.https, &s.row.code),
        false => (String::new(), String::new()),
    };
    let decline = form(visit, failed.as_ref(), "custody-decline");
    let declines = custody.as_ref().filter(takes).map(|_| {
        let mut reason = decline.field("s:/reason", "area", w.reason_word(), "").most(2000);
        reason.suffix = "-decline";
        reason
    });
    let page = SealPage {
        deeds: deeds(console, visit, &s, custody.as_ref(), failed.as_ref()).await?,
        declines,
        revokes: keeps || session.is("unit_agent"),
        asks: s.row.state == "active"
            && grants.items.iter().any(|grant| grant.to == me && grant.state == "live"),
        public,
        qr,
        frame: Frame::new(visit, Page { title: &s.row.name, nav: Nav::Seals }),
        tone: tone(&s.row.state),
        pictured: s.made.is_some() && handed_over(&s.row.state),
        ends: until.map(|until| Due::of(until, now, visit.lang)),
        takes_over: custody.as_ref().filter(takes).cloned(),
        custody,
        once: once()?,
        accepts: session.is("unit_agent") && s.row.state == "delivered",
        loses: live && (session.is("unit_agent") || session.is("issuing_reviewer") || keeps),
        lost_again: Failed::of(failed.as_ref(), "report-loss").is_some(),
        loss_fields: loss_fields(visit, failed.as_ref()),
        suspends: session.is("unit_agent") && s.row.state == "active",
        suspended_again: Failed::of(failed.as_ref(), "suspend").is_some(),
        suspend_fields: suspend_fields(w, visit, failed.as_ref()),
        follows: if session.is("unit_agent") { follows(&s.row.state, w) } else { Vec::new() },
        cancel_again: Failed::of(failed.as_ref(), "request-cancel").is_some(),
        cancel_fields: if session.is("unit_agent") && live {
            cancel_fields(visit, failed.as_ref())
        } else {
            Vec::new()
        },
        grants: grants.items,
        standings: standings.items,
        uses: uses.map(|page| page.items),
        problem: failed.map(|failed| failed.problem),
        s,
    };
    let status = if page.problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(html(status, &page))
}

/// What somebody's roles do not show is left out.
fn optional<T>(read: Result<T, Fault>) -> Result<Option<T>, Fault> {
    match read {
        Ok(found) => Ok(Some(found)),
        Err(Fault::Api(problem)) if matches!(problem.code.as_str(), "FORBIDDEN" | "NOT_FOUND") => Ok(None),
        Err(other) => Err(other),
    }
}

fn form(visit: &Visit, failed: Option<&Failed>, verb: &str) -> Form {
    Failed::of(failed, verb)
        .map_or_else(|| Form::new(visit.lang), |f| Form::again(visit.lang, &f.sent, &f.problem))
}

fn loss_fields(visit: &Visit, failed: Option<&Failed>) -> Vec<Field> {
    let w = Words(visit.lang);
    let form = form(visit, failed, "report-loss");
    let choices = [
        ("loss", w.reason_loss()),
        ("theft", w.reason_theft()),
        ("key_leak", w.reason_key_leak()),
        ("device_damage", w.reason_device_damage()),
    ];
    let choices = choices.into_iter().map(|(code, words)| (code.to_owned(), words.to_owned())).collect();
    vec![
        form.field("s:/reason", "select", w.loss_reason(), "").choices(choices),
        form.field("s:/detail", "area", w.loss_detail(), "").most(2000),
    ]
}

/// In which ways a seal in this state can be followed by another.
fn follows(state: &str, w: Words) -> Vec<(&'static str, &'static str)> {
    let (renewal, change, remake) =
        (("renewal", w.follow_renewal()), ("change", w.follow_change()), ("remake", w.follow_remake()));
    match state {
        "active" | "suspended" => vec![renewal, change, remake],
        "expired" => vec![renewal, remake],
        "canceled" => vec![remake],
        _ => Vec::new(),
    }
}

fn cancel_fields(visit: &Visit, failed: Option<&Failed>) -> Vec<Field> {
    let w = Words(visit.lang);
    let form = form(visit, failed, "request-cancel");
    let choices = crate::desk::codes::CANCEL_REASONS
        .iter()
        .map(|(code, say)| ((*code).to_owned(), say.text(visit.lang).to_owned()))
        .collect();
    let mut reason = form.field("s:/reason", "select", w.loss_reason(), "").choices(choices);
    let mut detail = form.field("s:/detail", "area", w.reason_word(), "").most(2000);
    (reason.suffix, detail.suffix) = ("-cancel", "-cancel");
    vec![reason, detail]
}

fn suspend_fields(w: Words, visit: &Visit, failed: Option<&Failed>) -> Vec<Field> {
    let form = form(visit, failed, "suspend");
    let mut detail = form.field("s:/detail", "area", w.reason_word(), "").most(2000);
    detail.suffix = "-suspend";
    vec![detail, form.field("s:/document", "text", w.suspend_document(), "").most(200).optional()]
}

/// `POST /seals/{id}/{verb}`.
pub async fn step(
    State(console): State<Shared>,
    Person(visit): Person,
    Path((id, verb)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    let done = async {
        let key = Key::parse(&id)?;
        let (path, body) = match verb.as_str() {
            "accept" => ("accept", Value::Null),
            "report-loss" => ("report-loss", sent.body()),
            "suspend" => ("suspend", sent.body()),
            "request-cancel" => ("request-cancel", sent.body()),
            // An offer is accepted, a handover confirmed: to whoever takes the seal it is the same.
            "take-over" if sent.get("state") == "handing_over" => ("custody/confirm", json!({})),
            "take-over" => ("custody/accept", json!({})),
            _ => return Err(Fault::NotFound),
        };
        let call = Call::post(format!("/seals/{key}/{path}"), &body);
        match act(&console, &visit, call, &verb, &sent).await? {
            None => Ok(see(&with_query(&format!("/seals/{key}"), &[("done", &verb)]))),
            Some(failed) => page(&console, &visit, &id, Some(failed)).await,
        }
    };
    visit.finish(done.await)
}

/// `GET /seals/{id}/picture`: the imprint in the seal's own data.
pub async fn picture(
    State(console): State<Shared>,
    Person(visit): Person,
    Path(id): Path<String>,
) -> Response {
    let read = async {
        let key = Key::parse(&id)?;
        let answer = console.api.call(&visit, Call::get(format!("/seals/{key}/data"))).await?;
        let picture = console.painter.seal(answer.body.to_vec()).await?.ok_or(Fault::NotFound)?;
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(picture.kind)),
            (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=900")),
        ];
        Ok((headers, picture.data).into_response())
    };
    visit.finish(read.await)
}
