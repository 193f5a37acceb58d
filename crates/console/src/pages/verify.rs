//! A document is verified for anybody: brought, judged by the API, shown.

use crate::api::Call;
use crate::api::shapes::{Check, LaterChange, Report, SealSeen, Signature, Signed, Verification};
use crate::frame::{Fault, Frame, Nav, Page, Sent, Visit, html, see};
use crate::keep::{Arrived, Brought, Document, Kept, beginning};
use crate::picture::{Wanted, mark_of};
use crate::state::Shared;
use crate::words::{Words, tone};
use askama::Template;
use axum::body::Bytes;
use axum::extract::{Multipart, Path, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Pages shown on the page of a result.
const SHOWN: usize = 20;
/// Reasons shown before the details.
const REASONS: usize = 6;

/// A signature with what the registry knows of its seal.
pub struct SignatureShown {
    pub signature: Signature,
    pub seen: Option<SealSeen>,
    pub tone: &'static str,
    /// What was done to the document since.
    pub since: Vec<LaterChange>,
    /// Whether what was signed can be had apart.
    pub earlier: bool,
}

/// The signatures of a verification.
pub fn signatures(verification: &Verification, report: &Report) -> Vec<SignatureShown> {
    let shown = |signature: &Signature| SignatureShown {
        signature: signature.clone(),
        seen: verification.seals.iter().find(|seen| seen.signature == signature.id).cloned(),
        tone: tone(&signature.verdict),
        since: signature.checks.iter().flat_map(|check| check.changes.clone()).collect(),
        earlier: seen_then(signature).is_some(),
    };
    report.signatures.iter().map(shown).collect()
}

/// What the signer saw, where the document has changed since.
fn seen_then(signature: &Signature) -> Option<Signed> {
    signature.checks.iter().find_map(|check| check.signed)
}

/// The report in a verification.
///
/// # Errors
/// It is none.
pub fn report_of(verification: &Verification) -> Result<Report, Fault> {
    serde_json::from_value(verification.report.clone()).map_err(|error| {
        tracing::error!(%error, "a report cannot be read");
        Fault::Internal
    })
}

#[derive(Template)]
#[template(path = "verdict.html")]
struct VerdictPage {
    frame: Frame,
    v: Verification,
    token: String,
    /// Whether the document is still here.
    kept: bool,
    name: String,
    size: String,
    sentence: &'static str,
    reasons: Vec<Check>,
    advice: &'static [&'static str],
    pages: usize,
    shown: Vec<usize>,
    more: usize,
    no_pages: &'static str,
    signatures: Vec<SignatureShown>,
    checks_of_document: Vec<Check>,
}

/// `POST /verify`.
pub async fn make(
    State(console): State<Shared>,
    visit: Visit,
    form: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Response {
    let made = async {
        let form = form.map_err(|_| Fault::BadForm)?;
        let arrived = console.keep.arrive(form, console.most_bytes).await?;
        let verification = judged(&console, &visit, &arrived).await?;
        let name = console.keep.put(kept(&console, arrived, verification).await)?;
        Ok(see(&format!("/verify/{name}")))
    };
    visit.finish(made.await)
}

async fn judged(console: &Shared, visit: &Visit, arrived: &Arrived) -> Result<Verification, Fault> {
    let path = format!("/verifications?lang={}&keep=digest", visit.lang.code());
    let call = Call::bytes(Method::POST, path, "application/octet-stream", arrived.body().await?)
        .length(arrived.size)
        .csrf(arrived.fields.get("csrf"));
    console.api.call(visit, call).await?.json()
}

/// What stays of a document: its pages only where whoever brought it agrees.
async fn kept(console: &Shared, arrived: Arrived, verification: Verification) -> Kept {
    let forget = arrived.fields.has("forget");
    let pages = if forget { None } else { console.painter.count(arrived.path.to_path_buf()).await };
    let Brought { path, size, name, .. } = arrived.file;
    let document = match pages {
        Some(pages) => Some(Document::new(path, size, pages)),
        // A document of no pages that was not to be forgotten: what is said of it differs.
        None if !forget => Some(Document::new(path, size, 0)),
        None => None,
    };
    Kept {
        name,
        verification: Some(verification),
        document,
        stamps: Vec::new(),
        owner: None,
        of: String::new(),
    }
}

/// `GET /verify/{token}`.
pub async fn show(State(console): State<Shared>, visit: Visit, Path(token): Path<String>) -> Response {
    visit.finish(page_of(&console, &visit, token))
}

fn page_of(console: &Shared, visit: &Visit, token: String) -> Result<Response, Fault> {
    let w = Words(visit.lang);
    let kept = console.keep.get(&token, None)?;
    let v = kept.verification.clone().ok_or(Fault::Gone)?;
    let report = report_of(&v)?;
    let pages = kept.document.as_ref().map_or(0, |document| document.pages);
    let page = VerdictPage {
        frame: Frame::new(visit, Page { title: w.verdict(&v.verdict), nav: Nav::Verify }),
        token,
        kept: kept.document.is_some(),
        name: kept.name.clone(),
        size: super::size_words(v.size),
        sentence: w.sentence(&v.verdict),
        reasons: reasons(&report),
        advice: w.advice_on(&v.verdict),
        pages,
        shown: shown(&report, pages),
        more: pages.saturating_sub(SHOWN),
        no_pages: if kept.document.is_some() { w.pages_not_drawn() } else { w.pages_forgotten() },
        signatures: signatures(&v, &report),
        checks_of_document: report.checks,
        v,
    };
    Ok(html(StatusCode::OK, &page))
}

/// Pages with seals first among those there is room for, in the order of the document.
fn shown(report: &Report, pages: usize) -> Vec<usize> {
    let mut sealed: Vec<usize> =
        report.signatures.iter().flat_map(|s| s.stamps.iter().map(|stamp| stamp.page)).collect();
    sealed.sort_unstable();
    sealed.dedup();
    let mut shown: Vec<usize> =
        sealed.into_iter().filter(|page| (1..=pages).contains(page)).take(SHOWN).collect();
    for page in 1..=pages {
        if shown.len() >= SHOWN {
            break;
        }
        if !shown.contains(&page) {
            shown.push(page);
        }
    }
    shown.sort_unstable();
    shown
}

/// The worst findings: what failed, else what could not be told, else what is to be noted.
fn reasons(report: &Report) -> Vec<Check> {
    let all: Vec<&Check> = report.signatures.iter().flat_map(|s| &s.checks).chain(&report.checks).collect();
    for outcome in ["fail", "indeterminate", "warn"] {
        let mut found: Vec<Check> =
            all.iter().filter(|check| check.outcome == outcome).map(|check| (*check).clone()).collect();
        found.dedup_by(|one, other| one.detail == other.detail);
        found.truncate(REASONS);
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// `GET /verify/{token}/page/{number}`: a page with its seals framed.
pub async fn page(
    State(console): State<Shared>,
    visit: Visit,
    Path((token, number)): Path<(String, usize)>,
) -> Response {
    let drawn = async {
        let kept = console.keep.get(&token, None)?;
        let document = kept
            .document
            .as_ref()
            .filter(|document| (1..=document.pages).contains(&number))
            .ok_or(Fault::NotFound)?;
        if let Some(picture) = document.picture(number) {
            return Ok(png(picture));
        }
        let report = report_of(kept.verification.as_ref().ok_or(Fault::Gone)?)?;
        let marks =
            report.signatures.iter().flat_map(|signature| mark_of(signature, number, visit.lang)).collect();
        let wanted = Wanted { page: number, marks, stamps: Vec::new() };
        let picture = Bytes::from(console.painter.page(document.path.to_path_buf(), wanted).await?);
        document.add_picture(number, &picture);
        Ok(png(picture))
    };
    visit.finish(drawn.await)
}

/// `GET /verify/{token}/signed/{number}`: the document as it was when it was signed, by the signature's number from 1.
pub async fn signed(
    State(console): State<Shared>,
    visit: Visit,
    Path((token, number)): Path<(String, usize)>,
) -> Response {
    let found = async {
        let kept = console.keep.get(&token, None)?;
        let document = kept.document.as_ref().ok_or(Fault::NotFound)?;
        let report = report_of(kept.verification.as_ref().ok_or(Fault::Gone)?)?;
        let signature = report.signatures.get(number.wrapping_sub(1)).ok_or(Fault::NotFound)?;
        let Signed { bytes, .. } = seen_then(signature).ok_or(Fault::NotFound)?;
        let body = beginning(&document.path, bytes).await?;
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("application/pdf")),
            (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"signed.pdf\"")),
        ];
        Ok((headers, body).into_response())
    };
    visit.finish(found.await)
}

/// A picture as an answer; this browser may keep it as long as it is kept here.
pub fn png(picture: Bytes) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/png")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=900")),
    ];
    (headers, picture).into_response()
}

/// `POST /verify/{token}/forget`.
pub async fn forget(State(console): State<Shared>, Path(token): Path<String>, _sent: Sent) -> Response {
    console.keep.forget(&token);
    see(&super::front::start_with("forgotten"))
}
