//! Myself: roles, sessions, password, one-time codes.

use crate::api::shapes::{self, Enrollment, Session, SessionRow};
use crate::api::{Answer, Call, FieldFault, Problem};
use crate::frame::{Fault, Field, Form, Frame, Key, Nav, Page, Restricted, Sent, Visit, html, once, see};
use crate::state::Shared;
use crate::words::Words;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{Method, StatusCode, header};
use axum::response::Response;
use qrcode::{Color, QrCode};
use serde_json::json;

#[derive(Template)]
#[template(path = "me.html")]
struct MePage {
    frame: Frame,
    session: Session,
    sessions: Vec<SessionRow>,
}

/// `GET /me`.
pub async fn show(State(console): State<Shared>, Restricted(visit): Restricted) -> Response {
    let page = async {
        let session = visit.session.clone().ok_or(Fault::Login("/me".to_owned()))?;
        let sessions: shapes::Page<SessionRow> = console.api.read(&visit, "/sessions").await?;
        let frame = Frame::new(&visit, Page { title: &session.account.name, nav: Nav::Me });
        Ok(html(StatusCode::OK, &MePage { frame, session, sessions: sessions.items }))
    };
    visit.finish(page.await)
}

/// `POST /me/sessions/{id}/end`.
pub async fn end_session(
    State(console): State<Shared>,
    Restricted(visit): Restricted,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    let done = async {
        let id = Key::parse(&id)?;
        console.api.call(&visit, Call::delete(format!("/sessions/{id}")).csrf(sent.get("csrf"))).await?;
        Ok(see("/me"))
    };
    visit.finish(done.await)
}

#[derive(Template)]
#[template(path = "form.html")]
struct FormPage {
    frame: Frame,
    lead: &'static str,
    problem: Option<Problem>,
    qr: Option<String>,
    secret: String,
    action: &'static str,
    once: String,
    fields: Vec<Field>,
    button: &'static str,
}

/// A page with one form.
struct OneForm {
    title: &'static str,
    lead: &'static str,
    action: &'static str,
    fields: Vec<Field>,
    button: &'static str,
    problem: Option<Problem>,
    drawing: Option<(String, String)>,
}

fn form_page(visit: &Visit, form: OneForm) -> Result<Response, Fault> {
    let status = form.problem.as_ref().map_or(StatusCode::OK, |_| StatusCode::UNPROCESSABLE_ENTITY);
    let (qr, secret) = form.drawing.map_or((None, String::new()), |(qr, secret)| (Some(qr), secret));
    let page = FormPage {
        frame: Frame::new(visit, Page { title: form.title, nav: Nav::Me }),
        lead: form.lead,
        // What stands beside a field needs no box of its own.
        problem: form.problem.filter(|problem| problem.errors.is_empty()),
        qr,
        secret,
        action: form.action,
        once: once()?,
        fields: form.fields,
        button: form.button,
    };
    Ok(html(status, &page))
}

fn password_form(visit: &Visit, again: Option<(&Sent, Problem)>) -> Result<Response, Fault> {
    let w = Words(visit.lang);
    let form = again
        .as_ref()
        .map_or_else(|| Form::new(visit.lang), |(sent, problem)| Form::again(visit.lang, sent, problem));
    let first = visit.session.as_ref().is_some_and(|session| session.must_change_password);
    form_page(
        visit,
        OneForm {
            title: w.change_password(),
            lead: if first { w.change_password_first() } else { w.change_password_lead() },
            action: "/me/password",
            fields: vec![
                form.field("s:/current", "password", w.password_current(), "")
                    .most(512)
                    .complete("current-password"),
                form.field("s:/new", "password", w.password_new(), "")
                    .most(128)
                    .complete("new-password")
                    .help(w.password_new_help()),
                form.field("s:/again", "password", w.password_again(), "").most(128).complete("new-password"),
            ],
            button: w.change_password(),
            problem: again.map(|(_, problem)| problem),
            drawing: None,
        },
    )
}

/// `GET /me/password`.
pub async fn password(Restricted(visit): Restricted) -> Response {
    visit.finish(password_form(&visit, None))
}

/// `POST /me/password`.
pub async fn change_password(
    State(console): State<Shared>,
    Restricted(visit): Restricted,
    sent: Sent,
) -> Response {
    let done = async {
        if sent.exact("s:/new") != sent.exact("s:/again") {
            let words = |lang: crate::frame::Lang| Words(lang).password_differs().to_owned();
            let fault = FieldFault {
                pointer: Some("/again".to_owned()),
                detail: words(crate::frame::Lang::Zh),
                detail_en: words(crate::frame::Lang::En),
                ..FieldFault::default()
            };
            let problem = Problem { status: 422, errors: vec![fault], ..Problem::default() };
            return password_form(&visit, Some((&sent, problem)));
        }
        let body = json!({ "current": sent.exact("s:/current"), "new": sent.exact("s:/new") });
        let call = Call::post("/session/password", &body).csrf(sent.get("csrf"));
        match console.api.call(&visit, call).await {
            Ok(answer) => Ok(renewed(&answer, "/home?done=password")),
            Err(Fault::Api(problem)) if problem.code == "VALIDATION" || problem.code == "LOCKED_OUT" => {
                password_form(&visit, Some((&sent, *problem)))
            }
            Err(other) => Err(other),
        }
    };
    visit.finish(done.await)
}

/// On, with the session's new cookie.
fn renewed(answer: &Answer, to: &str) -> Response {
    let mut response = see(to);
    for cookie in answer.cookies() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

fn begin_form(visit: &Visit) -> Result<Response, Fault> {
    let w = Words(visit.lang);
    let first = visit.session.as_ref().is_some_and(|session| session.second_factor == "required");
    form_page(
        visit,
        OneForm {
            title: w.enroll_totp(),
            lead: if first { w.enroll_first() } else { w.enroll_lead() },
            action: "/me/totp",
            fields: Vec::new(),
            button: w.enroll_begin(),
            problem: None,
            drawing: None,
        },
    )
}

/// `GET /me/totp`.
pub async fn totp(Restricted(visit): Restricted) -> Response {
    visit.finish(begin_form(&visit))
}

/// `POST /me/totp`: without a code it begins, with one it confirms. A wrong code begins anew: the secret is never shown twice.
pub async fn confirm_totp(
    State(console): State<Shared>,
    Restricted(visit): Restricted,
    sent: Sent,
) -> Response {
    let done = async {
        let code: String = sent.get("s:/code").chars().filter(|c| !c.is_whitespace()).collect();
        if code.is_empty() {
            return begun(&console, &visit, &sent, None).await;
        }
        let body = json!({ "code": code });
        let call = Call::bytes(Method::PUT, "/session/totp", "application/json", body.to_string())
            .csrf(sent.get("csrf"));
        match console.api.call(&visit, call).await {
            Ok(answer) => Ok(renewed(&answer, "/home?done=totp")),
            Err(Fault::Api(problem)) if problem.code == "VALIDATION" => {
                begun(&console, &visit, &sent, Some(*problem)).await
            }
            Err(other) => Err(other),
        }
    };
    visit.finish(done.await)
}

async fn begun(
    console: &Shared,
    visit: &Visit,
    sent: &Sent,
    problem: Option<Problem>,
) -> Result<Response, Fault> {
    let w = Words(visit.lang);
    let call = Call::post("/session/totp", &json!({})).csrf(sent.get("csrf"));
    let enrollment: Enrollment = console.api.call(visit, call).await?.json()?;
    let form = problem
        .as_ref()
        .map_or_else(|| Form::new(visit.lang), |problem| Form::again(visit.lang, &Sent::default(), problem));
    let field = form.field("s:/code", "text", w.totp_code(), "").most(6).short().complete("one-time-code");
    form_page(
        visit,
        OneForm {
            title: w.enroll_totp(),
            lead: w.enroll_lead(),
            action: "/me/totp",
            fields: vec![field],
            button: w.confirm(),
            problem,
            drawing: Some((drawing(&enrollment.uri)?, enrollment.secret)),
        },
    )
}

/// A QR code as markup: black modules on white, whatever the colors of the page.
pub(super) fn drawing(text: &str) -> Result<String, Fault> {
    let code = QrCode::new(text).map_err(|_| Fault::Internal)?;
    let (width, colors) = (code.width().max(1), code.to_colors());
    // Four modules of quiet zone on each side.
    let side = width.saturating_add(8);
    let mut path = String::new();
    for (row, line) in colors.chunks(width).enumerate() {
        for (column, color) in line.iter().enumerate() {
            if *color == Color::Dark {
                let (x, y) = (column.saturating_add(4), row.saturating_add(4));
                path.push_str(&format!("M{x} {y}h1v1h-1z"));
            }
        }
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\" role=\"img\" \
         aria-label=\"QR\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}h-{side}z\"/><path fill=\"#000\" d=\"{path}\"/></svg>"
    ))
}
