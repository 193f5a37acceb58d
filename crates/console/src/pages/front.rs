//! The public start page, help, the language switch.

use crate::api::with_query;
use crate::frame::{Fault, Frame, Lang, Nav, Page, Sent, Visit, html, is_code, see};
use crate::state::Shared;
use crate::words::Words;
use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

#[derive(Template)]
#[template(path = "front.html")]
struct FrontPage {
    frame: Frame,
    most: u64,
    most_mb: u64,
}

/// `GET /`.
pub async fn front(State(console): State<Shared>, visit: Visit) -> Response {
    let title = Words(visit.lang).nav_verify();
    let frame = Frame::new(&visit, Page { title, nav: Nav::Verify });
    html(StatusCode::OK, &FrontPage { frame, most: console.most_bytes, most_mb: console.most_bytes >> 20 })
}

#[derive(Template)]
#[template(path = "help.html")]
struct HelpPage {
    frame: Frame,
}

/// `GET /help`.
pub async fn help(visit: Visit) -> Response {
    let title = Words(visit.lang).nav_help();
    html(StatusCode::OK, &HelpPage { frame: Frame::new(&visit, Page { title, nav: Nav::Help }) })
}

/// `GET /language/{lang}`: keeps the choice for a year.
pub async fn language(Path(lang): Path<String>, RawQuery(query): RawQuery) -> Response {
    let query = Sent::read(query.unwrap_or_default().as_bytes());
    let mut response = see(super::local(query.get("back")));
    let chosen = Lang::named(&lang).unwrap_or_default();
    let cookie = format!("yinxin-lang={}; Path=/; Max-Age=31536000; SameSite=Lax", chosen.code());
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// `GET /paper?code=`: the page of a code on paper.
pub async fn paper(visit: Visit, RawQuery(query): RawQuery) -> Response {
    let query = Sent::read(query.unwrap_or_default().as_bytes());
    let code: String = query.get("code").chars().filter(|c| !c.is_whitespace()).collect();
    let page = if is_code(&code) { Ok(see(&format!("/v/{code}"))) } else { Err(Fault::NotFound) };
    visit.finish(page)
}

/// Where the start page is, with something said there.
pub fn start_with(done: &str) -> String {
    with_query("/", &[("done", done)])
}
