//! Documents handed in with an application: brought, looked at page by page, saved.

use super::application::page;
use super::deed::act;
use crate::api::shapes::Application;
use crate::api::{Call, with_query};
use crate::frame::{Fault, Frame, Key, Nav, Page, Person, html, is_code, see};
use crate::keep::{Document, Kept};
use crate::state::Shared;
use crate::words::Words;
use askama::Template;
use axum::extract::{Multipart, Path, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Largest material that is taken in; the API has its own limit.
const MOST: u64 = 100 << 20;
/// Pages shown at once.
const SHOWN: usize = 20;

#[derive(Template)]
#[template(path = "application/material.html")]
struct MaterialPage {
    frame: Frame,
    back: String,
    file: String,
    name: String,
    token: String,
    pages: usize,
    shown: Vec<usize>,
    before: Option<usize>,
    after: Option<usize>,
}

/// Which pages.
#[derive(serde::Deserialize)]
pub struct From {
    from: Option<usize>,
}

/// `GET /applications/{id}/materials/{code}/pages?from=`: the pages of an OFD or PDF document. The reading is recorded by the API.
pub async fn pages(
    State(console): State<Shared>,
    Person(visit): Person,
    Path((id, code)): Path<(String, String)>,
    axum::extract::Query(asked): axum::extract::Query<From>,
) -> Response {
    let read = async {
        let key = Key::parse(&id)?;
        if !is_code(&code) {
            return Err(Fault::NotFound);
        }
        let application: Application = console.api.read(&visit, &format!("/applications/{key}")).await?;
        let material = application.content.materials.into_iter().find(|material| material.code == code);
        let name = material.ok_or(Fault::NotFound)?.file_name;
        let file = format!("/applications/{key}/materials/{code}");
        let answer = console.api.call(&visit, Call::get(file.as_str())).await?;
        let (path, size) = console.keep.lay(answer.body).await?;
        let pages = console.painter.count(path.to_path_buf()).await.unwrap_or(0);
        let owner = visit.session.as_ref().map(|session| session.account.id.clone());
        let document = Some(Document::new(path, size, pages));
        let kept = Kept {
            name: name.clone(),
            verification: None,
            document,
            stamps: Vec::new(),
            owner,
            of: String::new(),
        };
        let token = console.keep.put(kept)?;
        let first = asked.from.unwrap_or(1).clamp(1, pages.max(1));
        let next = first.saturating_add(SHOWN);
        let page = MaterialPage {
            frame: Frame::new(
                &visit,
                Page { title: Words(visit.lang).material_pages(), nav: Nav::Applications },
            ),
            back: format!("/applications/{key}"),
            file,
            name,
            token,
            pages,
            shown: (first..next.min(pages.saturating_add(1))).collect(),
            before: (first > 1).then(|| first.saturating_sub(SHOWN).max(1)),
            after: (next <= pages).then_some(next),
        };
        Ok(html(StatusCode::OK, &page))
    };
    visit.finish(read.await)
}

/// `POST /applications/{id}/materials/{code}`: a document is handed in.
pub async fn upload(
    State(console): State<Shared>,
    Person(visit): Person,
    Path((id, code)): Path<(String, String)>,
    form: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Response {
    let done = async {
        let key = Key::parse(&id)?;
        if !is_code(&code) {
            return Err(Fault::NotFound);
        }
        let form = form.map_err(|_| Fault::BadForm)?;
        let arrived = console.keep.arrive(form, MOST).await?;
        let path =
            with_query(&format!("/applications/{key}/materials/{code}"), &[("file_name", &arrived.name)]);
        let call =
            Call::bytes(Method::PUT, path, media_type(&arrived.name, &arrived.kind), arrived.body().await?)
                .length(arrived.size);
        match act(&console, &visit, call, "upload", &arrived.fields).await? {
            None => Ok(see(&format!("/applications/{key}?done=uploaded"))),
            Some(failed) => page(&console, &visit, &id, Some(failed)).await,
        }
    };
    visit.finish(done.await)
}

/// By the name: browsers know no OFD, and some call a JPEG by an old name. The API looks at the bytes.
pub fn media_type<'a>(name: &str, said: &'a str) -> &'a str {
    let extension =
        name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    match extension.as_str() {
        "ofd" => "application/ofd",
        "pdf" => "application/pdf",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "bmp" => "image/bmp",
        _ => said,
    }
}

/// `GET /applications/{id}/materials/{code}`: pictures in place, everything else to be saved.
pub async fn material(
    State(console): State<Shared>,
    Person(visit): Person,
    Path((id, code)): Path<(String, String)>,
) -> Response {
    let read = async {
        let key = Key::parse(&id)?;
        if !is_code(&code) {
            return Err(Fault::NotFound);
        }
        let answer =
            console.api.call(&visit, Call::get(format!("/applications/{key}/materials/{code}"))).await?;
        let kind = answer
            .headers
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        let (kind, place) = match kind.as_str() {
            "image/png" => ("image/png", "inline".to_owned()),
            "image/jpeg" => ("image/jpeg", "inline".to_owned()),
            "image/bmp" => ("image/bmp", "inline".to_owned()),
            "application/pdf" => ("application/pdf", format!("attachment; filename=\"{code}.pdf\"")),
            "application/ofd" => ("application/ofd", format!("attachment; filename=\"{code}.ofd\"")),
            _ => ("application/octet-stream", "attachment".to_owned()),
        };
        let place = HeaderValue::from_str(&place).map_err(|_| Fault::Internal)?;
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
            (header::CONTENT_DISPOSITION, place),
            // What a stranger handed in does nothing but be looked at.
            (
                HeaderName::from_static("content-security-policy"),
                HeaderValue::from_static("default-src 'none'; sandbox"),
            ),
        ];
        Ok((headers, answer.body).into_response())
    };
    visit.finish(read.await)
}
