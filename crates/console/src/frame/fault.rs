//! What goes wrong, as a page that says what happened and what to do.

use super::{Frame, Nav, Page, Visit, html};
use crate::api::Problem;
use crate::words::Words;
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

/// Why there is no page.
#[derive(Debug)]
pub enum Fault {
    /// The API refuses.
    Api(Box<Problem>),
    /// There is no such page or thing.
    NotFound,
    /// Somebody has to log in first, and comes back here then.
    Login(String),
    /// The person has to do something else first: at this path.
    First(&'static str),
    /// Another site asked.
    OtherSite,
    /// What came is no form.
    BadForm,
    /// A document is too large; most bytes.
    TooLarge(u64),
    /// Too many at once.
    Busy,
    /// What was kept for a while is gone.
    Gone,
    /// Something unexpected.
    Internal,
}

#[derive(Template)]
#[template(path = "fault.html")]
struct FaultPage {
    frame: Frame,
    title: String,
    detail: String,
    advice: &'static str,
    instance: String,
    to_login: bool,
}

impl Fault {
    fn status(&self) -> StatusCode {
        match self {
            Self::Api(problem) => {
                StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Login(_) | Self::First(_) => StatusCode::SEE_OTHER,
            Self::OtherSite => StatusCode::FORBIDDEN,
            Self::BadForm => StatusCode::BAD_REQUEST,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Gone => StatusCode::GONE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The page.
    pub fn page(self, visit: &Visit) -> Response {
        let w = Words(visit.lang);
        let status = self.status();
        let (title, detail, advice) = match &self {
            Self::Login(back) => return to_login(back),
            Self::First(path) => return Redirect::to(path).into_response(),
            Self::Api(problem) if problem.code == "SESSION_EXPIRED" => return to_login(&visit.path),
            Self::Api(problem) => (
                problem.title(visit.lang).to_owned(),
                problem.detail(visit.lang).to_owned(),
                w.advice(&problem.code),
            ),
            Self::NotFound => (w.not_found().to_owned(), w.not_found_more().to_owned(), w.advice_start()),
            Self::OtherSite => (w.other_site().to_owned(), w.other_site_more().to_owned(), w.advice_start()),
            Self::BadForm => (w.bad_form().to_owned(), w.bad_form_more().to_owned(), w.advice_back()),
            Self::TooLarge(most) => (
                w.too_large().to_owned(),
                format!("{} {} MB", w.too_large_more(), most >> 20),
                w.advice_back(),
            ),
            Self::Busy => (w.busy().to_owned(), w.busy_more().to_owned(), w.advice_wait()),
            Self::Gone => (w.gone().to_owned(), w.gone_more().to_owned(), w.advice_again()),
            Self::Internal => (w.internal().to_owned(), w.internal_more().to_owned(), w.advice_wait()),
        };
        let (instance, to_login) = match &self {
            Self::Api(problem) => (problem.instance.clone(), problem.code == "UNAUTHENTICATED"),
            _ => (String::new(), false),
        };
        let frame = Frame::new(visit, Page { title: &title, nav: Nav::None });
        let page = FaultPage { frame, title, detail, advice, instance, to_login };
        let mut response = html(status, &page);
        if status == StatusCode::SERVICE_UNAVAILABLE || status == StatusCode::TOO_MANY_REQUESTS {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
        }
        response
    }
}

/// Without a visit there is no language either: for what is refused before a page begins.
impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        self.page(&Visit::nobody())
    }
}

fn to_login(back: &str) -> Response {
    let query = crate::api::with_query("/login", &[("next", back)]);
    Redirect::to(&query).into_response()
}
