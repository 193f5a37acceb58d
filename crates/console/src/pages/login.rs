//! Logging in and out.

use crate::api::{Call, Problem};
use crate::frame::{Fault, Field, Form, Frame, Nav, Page, Sent, Visit, html, see};
use crate::state::Shared;
use crate::words::Words;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use serde_json::json;

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    frame: Frame,
    problem: Option<Problem>,
    next: String,
    fields: Vec<Field>,
}

fn page(visit: &Visit, next: &str, again: Option<(&Sent, Problem)>) -> Response {
    let w = Words(visit.lang);
    let form = match &again {
        Some((sent, problem)) => Form::again(visit.lang, sent, problem),
        None => Form::new(visit.lang),
    };
    let problem = again.map(|(_, problem)| problem);
    let mut code =
        form.field("s:/code", "password", w.totp_code(), "").help(w.totp_code_help()).most(16).short();
    code.optional = true;
    code.complete = "one-time-code";
    let code_missing = problem.as_ref().is_some_and(|problem| problem.code == "SECOND_FACTOR_REQUIRED");
    if code_missing {
        w.totp_needed().clone_into(&mut code.error);
    }
    let fields = vec![
        form.field("s:/login", "text", w.login_name(), "").most(128).complete("username"),
        form.field("s:/password", "password", w.password(), "").most(512).complete("current-password"),
        code,
    ];
    let status = problem.as_ref().map_or(StatusCode::OK, |problem| {
        StatusCode::from_u16(problem.status).unwrap_or(StatusCode::UNAUTHORIZED)
    });
    // What stands beside a field needs no box of its own.
    let problem = problem.filter(|problem| !code_missing && problem.errors.is_empty());
    let frame = Frame::new(visit, Page { title: w.login(), nav: Nav::None });
    html(status, &LoginPage { frame, problem, next: next.to_owned(), fields })
}

/// `GET /login`.
pub async fn show(visit: Visit, RawQuery(query): RawQuery) -> Response {
    if visit.session.is_some() {
        return see("/home");
    }
    let query = Sent::read(query.unwrap_or_default().as_bytes());
    page(&visit, super::local(query.get("next")), None)
}

/// `POST /login`.
pub async fn login(State(console): State<Shared>, visit: Visit, sent: Sent) -> Response {
    let next = super::local(sent.get("next"));
    let mut body = json!({ "login": sent.get("s:/login"), "password": sent.exact("s:/password") });
    let code: String = sent.get("s:/code").chars().filter(|c| !c.is_whitespace()).collect();
    if let (false, Some(members)) = (code.is_empty(), body.as_object_mut()) {
        members.insert("code".to_owned(), json!(code));
    }
    match console.api.call(&visit, Call::post("/sessions", &body)).await {
        Ok(answer) => {
            let mut response = see(next);
            for cookie in answer.cookies() {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            response
        }
        Err(Fault::Api(problem)) => page(&visit, next, Some((&sent, *problem))),
        Err(other) => other.page(&visit),
    }
}

/// `POST /logout`.
pub async fn logout(State(console): State<Shared>, visit: Visit, sent: Sent) -> Response {
    let ended = console.api.call(&visit, Call::delete("/session").csrf(sent.get("csrf"))).await;
    let done = ended.map(|answer| {
        let mut response = see("/?done=out");
        for cookie in answer.cookies() {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    });
    visit.finish(done)
}
