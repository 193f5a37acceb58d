//! The report of a verification, to be taken away.

use super::verify::{SignatureShown, report_of, signatures};
use crate::api::shapes::{Check, Verification};
use crate::frame::{Fault, Lang, Visit};
use crate::state::Shared;
use crate::words::Words;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

#[derive(Template)]
#[template(path = "report.html")]
struct ReportFile {
    lang: Lang,
    w: Words,
    v: Verification,
    name: String,
    sentence: &'static str,
    signatures: Vec<SignatureShown>,
    checks_of_document: Vec<Check>,
}

/// `GET /verify/{token}/report.html`: one file that needs nothing else.
pub async fn html_file(State(console): State<Shared>, visit: Visit, Path(token): Path<String>) -> Response {
    let made = || {
        let kept = console.keep.get(&token, None)?;
        let v = kept.verification.clone().ok_or(Fault::Gone)?;
        let report = report_of(&v)?;
        let w = Words(visit.lang);
        let (sentence, signatures) = (w.sentence(&v.verdict), signatures(&v, &report));
        let file = ReportFile {
            lang: visit.lang,
            w,
            name: kept.name.clone(),
            sentence,
            signatures,
            checks_of_document: report.checks,
            v,
        };
        let text = file.render().map_err(|_| Fault::Internal)?;
        Ok(attachment("text/html; charset=utf-8", &format!("{}.html", file.v.id), text))
    };
    visit.finish(made())
}

/// `GET /verify/{token}/report.json`: as the API gave it.
pub async fn json(State(console): State<Shared>, visit: Visit, Path(token): Path<String>) -> Response {
    let made = || {
        let kept = console.keep.get(&token, None)?;
        let v = kept.verification.as_ref().ok_or(Fault::Gone)?;
        let text = serde_json::to_string_pretty(&v.report).map_err(|_| Fault::Internal)?;
        Ok(attachment("application/json", &format!("{}.json", v.id), text))
    };
    visit.finish(made())
}

fn attachment(kind: &'static str, name: &str, text: String) -> Response {
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    let disposition = disposition.unwrap_or_else(|_| HeaderValue::from_static("attachment"));
    (
        [(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CONTENT_DISPOSITION, disposition)],
        text,
    )
        .into_response()
}
