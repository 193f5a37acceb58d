//! Documents of a draft: one or hundreds, each told what came of it. What is here already is not taken twice, so that an upload that
//! broke off goes on where it was.

use super::templates;
use crate::api::shapes::{Page as Rows, Pages, Placement, UseItem, UseRequest};
use crate::api::{Call, with_query};
use crate::frame::{Fault, Key, Person, Sent, Visit, once, see};
use crate::keep::Brought;
use crate::pages::usage;
use crate::picture::seal_size;
use crate::state::Shared;
use crate::words::Words;
use axum::Json;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path, State};
use axum::http::{HeaderMap, Method, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Largest document; the API has its own limit.
const MOST: u64 = 100 << 20;
/// Documents of one form, as many as the API takes in one call.
const MANY: usize = 500;
/// Documents listed in one answer of the API.
const PART: &str = "200";
/// Most documents of a request.
const MOST_ITEMS: usize = 10_000;
/// From the edges of the page to a seal that nobody has placed yet, in mm.
const MARGIN: (f64, f64) = (25.0, 30.0);
/// A page nobody can measure counts as A4, in mm.
const A4: (f64, f64) = (210.0, 297.0);
/// A seal whose size is not known, in mm.
const SEAL: (f64, f64) = (40.0, 40.0);

/// What came of a document.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    /// Its name.
    pub name: String,
    /// Whether it is part of the request now.
    pub ok: bool,
    /// In words.
    pub words: String,
}

/// A document that is to be named.
struct New<'a> {
    file: &'a Brought,
    kind: &'static str,
    body: Value,
}

/// What the API says of documents it took.
#[derive(Deserialize)]
struct Added {
    items: Vec<UseItem>,
    version: i64,
}

/// `POST /uses/{id}/documents`. A script asks for JSON and gets the outcomes.
pub async fn bring(
    State(console): State<Shared>,
    Person(visit): Person,
    Path(id): Path<String>,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    let asked = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let script = asked.starts_with("application/json");
    let done = async {
        let key = Key::parse(&id)?;
        let form = form.map_err(|_| Fault::BadForm)?;
        let batch = console.keep.arrive_all(form, MOST, MANY).await?;
        let mut outcomes = all(&console, &visit, &key, &batch.files, &batch.fields).await?;
        let w = Words(visit.lang);
        outcomes.extend(batch.left_out.iter().map(|name| told(w, name, false, w.bring_left_out())));
        if outcomes.is_empty() {
            outcomes.push(told(w, "", false, w.bring_none()));
        }
        if script {
            return Ok(Json(outcomes).into_response());
        }
        match outcomes.iter().all(|outcome| outcome.ok) {
            true => Ok(see(&format!("/uses/{key}?done=brought"))),
            false => usage::brought(&console, &visit, &id, outcomes).await,
        }
    };
    let done: Result<Response, Fault> = done.await;
    match done {
        // The script reads statuses, not pages.
        Err(fault) if script => {
            let status = fault.page(&visit).status();
            status.into_response()
        }
        done => visit.finish(done),
    }
}

fn told(w: Words, name: &str, ok: bool, words: &str) -> Outcome {
    let name = if name.is_empty() { w.bring_unnamed() } else { name };
    Outcome { name: name.to_owned(), ok, words: words.to_owned() }
}

/// Makes these files documents of a draft, and tells what came of each.
///
/// # Errors
/// What concerns more than one document.
pub async fn all(
    console: &Shared,
    visit: &Visit,
    id: &Key,
    files: &[Brought],
    fields: &Sent,
) -> Result<Vec<Outcome>, Fault> {
    let w = Words(visit.lang);
    let u: UseRequest = console.api.read(visit, &format!("/use-requests/{id}")).await?;
    let known = items(console, visit, id).await?;
    let told = |name: &str, ok: bool, words: &str| told(w, name, ok, words);
    let Some(value) = fen(fields.get("value")) else {
        return Ok(vec![told(fields.get("value"), false, w.bring_value_wrong())]);
    };
    let wanted = fields.get("template");
    let known_places =
        if wanted.is_empty() { Vec::new() } else { templates::load(console, visit).await?.templates };
    let places = known_places.into_iter().find(|one| one.name == wanted).map(|one| one.placements);
    let seal = seal_mm(console, visit, &u.seal).await;
    let csrf = fields.get("csrf");
    let (mut outcomes, mut new, mut again) = (Vec::new(), Vec::new(), Vec::new());
    for file in files {
        let Some(kind) = kind_of(&file.head().await?) else {
            let words = if file.size == 0 { w.bring_empty() } else { w.bring_not_one() };
            outcomes.push(told(&file.name, false, words));
            continue;
        };
        let here = known.iter().find(|item| item.digest == file.digest && item.state != "dropped");
        match here {
            Some(item) if item.has_content => outcomes.push(told(&file.name, true, w.bring_there())),
            Some(item) => again.push((file, kind, item.id.clone())),
            None => match last_page(console, file, kind).await {
                Some(page) => new.push(New {
                    file,
                    kind,
                    body: named(file, kind, &places.clone().unwrap_or_else(|| usual(page, seal)), value),
                }),
                None => outcomes.push(told(&file.name, false, w.bring_broken())),
            },
        }
    }
    // All at once, and one by one where one of them is refused: the others are not to suffer for it.
    let mut version = u.version;
    let mut parts: Vec<&[New<'_>]> = vec![new.as_slice()];
    parts.retain(|part| !part.is_empty());
    while let Some(part) = parts.pop() {
        match add(console, visit, id, (version, csrf), part).await {
            Ok(added) => {
                version = added.version;
                let ids = added.items.into_iter().map(|item| item.id);
                again.extend(part.iter().zip(ids).map(|(new, item)| (new.file, new.kind, item)));
            }
            Err(Fault::Api(problem)) if answerable(&problem.code) => match part {
                [one] => outcomes.push(told(&one.file.name, false, problem.detail(visit.lang))),
                many => parts.extend(many.chunks(1)),
            },
            Err(other) => return Err(other),
        }
    }
    for (file, kind, item) in again {
        let path = format!("/use-requests/{id}/items/{}/content", Key::parse(&item)?);
        let call = Call::bytes(Method::PUT, path, media_type(kind), file.body().await?).length(file.size);
        match console.api.call(visit, call.at(Some(version)).csrf(csrf)).await {
            Ok(_) => outcomes.push(told(&file.name, true, w.bring_added())),
            Err(Fault::Api(problem)) if answerable(&problem.code) => {
                outcomes.push(told(&file.name, false, problem.detail(visit.lang)));
            }
            Err(other) => return Err(other),
        }
    }
    Ok(outcomes)
}

/// What concerns one document only.
fn answerable(code: &str) -> bool {
    !matches!(code, "SESSION_EXPIRED" | "UNAUTHENTICATED" | "CSRF" | "NOT_FOUND" | "FORBIDDEN")
}

async fn add(
    console: &Shared,
    visit: &Visit,
    id: &Key,
    (version, csrf): (i64, &str),
    new: &[New<'_>],
) -> Result<Added, Fault> {
    let bodies: Vec<&Value> = new.iter().map(|new| &new.body).collect();
    let call = Call::post(format!("/use-requests/{id}/items"), &json!({ "items": bodies }));
    console.api.call(visit, call.at(Some(version)).once(once()?).csrf(csrf)).await?.json()
}

/// Every document of the request.
async fn items(console: &Shared, visit: &Visit, id: &Key) -> Result<Vec<UseItem>, Fault> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/use-requests/{id}/items");
        let path = with_query(&path, &[("limit", PART), ("cursor", &cursor)]);
        let part: Rows<UseItem> = console.api.read(visit, &path).await?;
        all.extend(part.items);
        match part.next {
            Some(next) if all.len() < MOST_ITEMS => cursor = next,
            _ => return Ok(all),
        }
    }
}

/// What a document is, by its first bytes; names say nothing.
fn kind_of(head: &[u8; 5]) -> Option<&'static str> {
    match head {
        [b'P', b'K', 3, 4, _] => Some("ofd"),
        [b'%', b'P', b'D', b'F', b'-'] => Some("pdf"),
        _ => None,
    }
}

fn media_type(kind: &str) -> &'static str {
    match kind {
        "pdf" => "application/pdf",
        _ => "application/ofd",
    }
}

/// Size of the last page in mm; `None` for a document that cannot be opened.
async fn last_page(console: &Shared, file: &Brought, kind: &str) -> Option<(f64, f64)> {
    let sheets = console.painter.sheets(file.path.to_path_buf(), usize::MAX, 1).await;
    match sheets {
        Some(sheets) => sheets.sizes_mm.last().copied().or(Some(A4)),
        // Whether it is a sound one is for the API to say.
        None if kind == "pdf" => Some(A4),
        None => None,
    }
}

async fn seal_mm(console: &Shared, visit: &Visit, seal: &str) -> (f64, f64) {
    let Ok(key) = Key::parse(seal) else { return SEAL };
    match console.api.call(visit, Call::get(format!("/seals/{key}/data"))).await {
        Ok(answer) => seal_size(&answer.body).unwrap_or(SEAL),
        Err(_) => SEAL,
    }
}

/// The seal stands at the lower right of the last page until somebody puts it elsewhere.
fn usual(page: (f64, f64), seal: (f64, f64)) -> Vec<Placement> {
    let at = |paper: f64, margin: f64, seal: f64| {
        let middle = (paper - margin - seal / 2.0).max(seal / 2.0).min(paper.max(0.0));
        (middle * 100.0).round() as i32
    };
    let (x, y) = (at(page.0, MARGIN.0, seal.0), at(page.1, MARGIN.1, seal.1));
    vec![Placement::At { pages: Pages::Last {}, x, y }]
}

fn named(file: &Brought, kind: &str, placements: &[Placement], value: Option<u64>) -> Value {
    let mut body = json!({
        "name": file.name, "format": kind, "digest": file.digest, "size": file.size, "placements": placements,
    });
    if let (Some(value), Some(members)) = (value, body.as_object_mut()) {
        members.insert("value".to_owned(), Value::from(value));
    }
    body
}

/// Yuan with two decimals at most as fen; nothing said is nothing, `None` is no amount.
fn fen(text: &str) -> Option<Option<u64>> {
    let text = text.trim();
    if text.is_empty() {
        return Some(None);
    }
    let (yuan, rest) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if yuan.is_empty() || rest.len() > 2 || !digits(yuan) || !digits(rest) {
        return None;
    }
    let cents: u64 = format!("{rest:0<2}").parse().ok()?;
    Some(Some(yuan.parse::<u64>().ok()?.checked_mul(100)?.checked_add(cents)?))
}

#[cfg(test)]
mod tests {
    use super::{fen, kind_of};

    #[test]
    fn yuan_become_fen_and_what_is_none_is_refused() {
        assert_eq!(fen(""), Some(None));
        assert_eq!(fen("12"), Some(Some(1200)));
        assert_eq!(fen("12.5"), Some(Some(1250)));
        assert_eq!(fen("0.05"), Some(Some(5)));
        for bad in ["-1", "1.234", "一百", ".5", "1e3", "99999999999999999999"] {
            assert_eq!(fen(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_document_is_told_by_its_bytes() {
        assert_eq!(kind_of(b"PK\x03\x04\x14"), Some("ofd"));
        assert_eq!(kind_of(b"%PDF-"), Some("pdf"));
        assert_eq!(kind_of(b"MZ\x90\0\0"), None);
        assert_eq!(kind_of(&[0; 5]), None);
    }
}
