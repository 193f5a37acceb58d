//! Which seal, by which right, for what: the first page of a request.

use super::bring::{self, Outcome};
use crate::api::shapes::{Page as Rows, Seal, SealRow, UseGrant, UseRequest};
use crate::api::{Call, FieldFault, Problem};
use crate::frame::{Fault, Field, Form, Frame, Key, Nav, Page, Person, Sent, Visit, html, once, see};
use crate::keep::Brought;
use crate::pages::usage;
use crate::state::Shared;
use crate::words::Words;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;

/// Seals offered at once.
const SEALS: &str = "50";
/// Rights looked at for one seal.
const RIGHTS: &str = "200";

/// A seal with the rights of whoever asks.
struct Choice {
    seal: SealRow,
    rights: Vec<String>,
}

#[derive(Template)]
#[template(path = "ask/choose.html")]
struct ChoosePage {
    frame: Frame,
    asks: bool,
    from: String,
    choices: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "ask/open.html")]
struct OpenPage {
    frame: Frame,
    problem: Option<Problem>,
    seal: Seal,
    once: String,
    fields: Vec<Field>,
    covered: bool,
    from: String,
}

/// `GET /uses/new?seal=&from=`; `from` names a sealed document, as request and document, that gets another seal.
pub async fn begin(
    State(console): State<Shared>,
    Person(visit): Person,
    RawQuery(query): RawQuery,
) -> Response {
    let query = Sent::read(query.unwrap_or_default().as_bytes());
    let page = async {
        match query.get("seal") {
            "" => choose(&console, &visit, query.get("from")).await,
            seal => form(&console, &visit, &Key::parse(seal)?, query.get("from"), None).await,
        }
    };
    visit.finish(page.await)
}

/// The rights to a seal that this person holds and that are good now.
pub(super) async fn rights(console: &Shared, visit: &Visit, seal: &str) -> Result<Vec<UseGrant>, Fault> {
    let me = visit.session.as_ref().map_or("", |session| session.account.id.as_str());
    let path = format!("/seals/{}/use-grants?state=live&limit={RIGHTS}", Key::parse(seal)?);
    let found: Rows<UseGrant> = console.api.list(visit, &path).await?;
    Ok(found.items.into_iter().filter(|grant| grant.to == me).collect())
}

fn told(grant: &UseGrant, w: Words) -> String {
    let kinds = match grant.limits.document_kinds.as_slice() {
        [] => w.any_kind().to_owned(),
        kinds => kinds.join("、"),
    };
    let left = match grant.left {
        Some(left) => format!("{} {left}", w.ask_left()),
        None => w.ask_unlimited().to_owned(),
    };
    format!("{kinds} · {} {} · {left}", w.ask_until(), grant.limits.until.day())
}

/// A request and a document of it, if it names them; nothing else goes on into the page.
fn sealed_before(from: &str) -> String {
    let named =
        from.split_once('.').is_some_and(|(u, item)| Key::parse(u).is_ok() && Key::parse(item).is_ok());
    if named { from.to_owned() } else { String::new() }
}

/// A document that was sealed before, as it came out, so that another seal is put on it.
async fn brought_along(
    console: &Shared,
    visit: &Visit,
    made: &UseRequest,
    sent: &Sent,
) -> Result<Vec<Outcome>, Fault> {
    let Some((before, item)) = sent.get("from").split_once('.') else { return Ok(Vec::new()) };
    let (before, item) = (Key::parse(before)?, Key::parse(item)?);
    let before_request: UseRequest = console.api.read(visit, &format!("/use-requests/{before}")).await?;
    let item = usage::item(console, visit, &before, &item).await?;
    let (Some(sealed), Some((path, size))) =
        (&item.sealed, usage::fetched(console, visit, &before_request, &item, true).await?)
    else {
        return Err(Fault::NotFound);
    };
    let file =
        Brought { path, size, name: item.name.clone(), kind: String::new(), digest: sealed.digest.clone() };
    bring::all(console, visit, &Key::parse(&made.id)?, &[file], sent).await
}

async fn choose(console: &Shared, visit: &Visit, from: &str) -> Result<Response, Fault> {
    let w = Words(visit.lang);
    let session = visit.session.as_ref().ok_or(Fault::Login("/uses/new".to_owned()))?;
    let asks = session.is("user");
    let mut choices = Vec::new();
    if asks {
        let path = format!("/seals?state=active&limit={SEALS}");
        let seals: Rows<SealRow> = console.api.list(visit, &path).await?;
        for seal in seals.items {
            let rights: Vec<String> =
                rights(console, visit, &seal.id).await?.iter().map(|grant| told(grant, w)).collect();
            if !rights.is_empty() {
                choices.push(Choice { seal, rights });
            }
        }
    }
    let frame = Frame::new(visit, Page { title: w.ask_title(), nav: Nav::Uses });
    Ok(html(StatusCode::OK, &ChoosePage { frame, asks, from: sealed_before(from), choices }))
}

async fn form(
    console: &Shared,
    visit: &Visit,
    seal: &Key,
    from: &str,
    again: Option<(&Sent, Problem)>,
) -> Result<Response, Fault> {
    let w = Words(visit.lang);
    let seal: Seal = console.api.read(visit, &format!("/seals/{seal}")).await?;
    let rights = rights(console, visit, &seal.row.id).await?;
    let form = again
        .as_ref()
        .map_or_else(|| Form::new(visit.lang), |(sent, problem)| Form::again(visit.lang, sent, problem));
    let page = OpenPage {
        frame: Frame::new(visit, Page { title: w.ask_title(), nav: Nav::Uses }),
        once: once()?,
        fields: fields(&form, &rights, w),
        covered: !rights.is_empty(),
        from: sealed_before(from),
        seal,
        problem: again.map(|(_, problem)| problem),
    };
    let status = if page.problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(html(status, &page))
}

fn fields(form: &Form, rights: &[UseGrant], w: Words) -> Vec<Field> {
    let grants = rights.iter().map(|grant| (grant.id.clone(), told(grant, w))).collect();
    let mut kinds: Vec<(String, String)> = Vec::new();
    for kind in rights.iter().flat_map(|grant| &grant.limits.document_kinds) {
        if !kinds.iter().any(|(known, _)| known == kind) {
            kinds.push((kind.clone(), kind.clone()));
        }
    }
    // One right without such a limit, and any word will do.
    let free = rights.iter().any(|grant| grant.limits.document_kinds.is_empty());
    let kind = if free {
        form.field("s:/document_kind", "text", w.ask_kind(), "").help(w.ask_kind_help()).most(64)
    } else {
        form.field("s:/document_kind", "select", w.ask_kind(), "").choices(kinds)
    };
    vec![
        form.field("s:/right/grant", "select", w.ask_right(), "").help(w.ask_right_help()).choices(grants),
        kind,
        form.field("s:/reason", "area", w.ask_reason(), "").help(w.ask_reason_help()).most(2000),
        form.field("s:/recipient", "text", w.ask_recipient(), "").most(200).optional(),
    ]
}

/// What the right that was chosen does not cover is told here: the API would say so at the very end.
fn uncovered(rights: &[UseGrant], sent: &Sent, w: Words) -> Option<Problem> {
    let grant = rights.iter().find(|grant| grant.id == sent.get("s:/right/grant"))?;
    let kind = sent.get("s:/document_kind");
    let kinds = &grant.limits.document_kinds;
    if kind.is_empty() || kinds.is_empty() || kinds.iter().any(|known| known == kind) {
        return None;
    }
    let words = w.ask_kind_not_covered().to_owned();
    let fault = FieldFault {
        pointer: Some("/document_kind".to_owned()),
        detail: words.clone(),
        ..FieldFault::default()
    };
    Some(Problem { status: 422, title: words, errors: vec![fault], ..Problem::default() })
}

/// `POST /uses/new`.
pub async fn open(State(console): State<Shared>, Person(visit): Person, sent: Sent) -> Response {
    let done = async {
        let seal = Key::parse(sent.get("s:/seal"))?;
        let held = rights(&console, &visit, &seal.to_string()).await?;
        if let Some(problem) = uncovered(&held, &sent, Words(visit.lang)) {
            return form(&console, &visit, &seal, sent.get("from"), Some((&sent, problem))).await;
        }
        let call = Call::post("/use-requests", &sent.body()).once(sent.get("once")).csrf(sent.get("csrf"));
        match console.api.call(&visit, call).await {
            Ok(answer) => {
                let made: UseRequest = answer.json()?;
                match brought_along(&console, &visit, &made, &sent).await? {
                    outcomes if outcomes.iter().all(|outcome| outcome.ok) => {
                        let said = if outcomes.is_empty() { "opened" } else { "brought" };
                        Ok(see(&format!("/uses/{}?done={said}", made.id)))
                    }
                    outcomes => usage::brought(&console, &visit, &made.id, outcomes).await,
                }
            }
            Err(Fault::Api(problem))
                if !matches!(
                    problem.code.as_str(),
                    "SESSION_EXPIRED" | "UNAUTHENTICATED" | "CSRF" | "NOT_FOUND"
                ) =>
            {
                form(&console, &visit, &seal, sent.get("from"), Some((&sent, *problem))).await
            }
            Err(other) => Err(other),
        }
    };
    visit.finish(done.await)
}
