//! Certificates: logging in with one, binding one. A browser cannot sign with a key in a device, so the text to be signed is shown, and
//! certificate and signature come back as files or pasted; whatever tool holds the key makes them.

use crate::api::{Call, Problem};
use crate::frame::{Fault, Frame, Moment, Nav, Page, Person, Sent, Visit, html, is_code, see};
use crate::state::Shared;
use crate::words::Words;
use askama::Template;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path, RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

/// Largest file of a certificate or signature.
const MOST_BYTES: usize = 128 << 10;
/// Most certificates of a chain.
const MOST_CHAIN: usize = 6;

#[derive(Debug, Clone, Deserialize)]
struct Challenge {
    challenge: String,
    text: String,
    expires_at: Moment,
}

#[derive(Debug, Clone, Deserialize)]
struct Bound {
    serial: String,
    subject: String,
    bound_at: Moment,
}

#[derive(Debug, Clone, Deserialize)]
struct Mine {
    account: Account,
}

#[derive(Debug, Clone, Deserialize)]
struct Account {
    certificates: Vec<Bound>,
}

#[derive(Template)]
#[template(path = "certificate.html")]
struct CertificatePage {
    frame: Frame,
    lead: &'static str,
    action: &'static str,
    button: &'static str,
    next: String,
    challenge: Challenge,
    problem: Option<Problem>,
    /// What is bound already; nothing at the login.
    bound: Option<Vec<Bound>>,
}

async fn page(
    console: &Shared,
    visit: &Visit,
    binding: bool,
    next: &str,
    problem: Option<Problem>,
) -> Result<Response, Fault> {
    let w = Words(visit.lang);
    let path = if binding { "/session/challenges" } else { "/login-challenges" };
    let call = Call::post(path, &json!({})).csrf(visit.csrf());
    let challenge: Challenge = console.api.call(visit, call).await?.json()?;
    let bound = if binding {
        let mine: Mine = console.api.read(visit, "/session").await?;
        Some(mine.account.certificates)
    } else {
        None
    };
    let (title, lead, action, button) = if binding {
        (w.my_certificates(), w.certificate_bind_lead(), "/me/certificates", w.certificate_bind())
    } else {
        (w.certificate_login(), w.certificate_login_lead(), "/login/certificate", w.login())
    };
    let nav = if binding { Nav::Me } else { Nav::None };
    let status = problem.as_ref().map_or(StatusCode::OK, |problem| {
        StatusCode::from_u16(problem.status).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY)
    });
    let frame = Frame::new(visit, Page { title, nav });
    let next = next.to_owned();
    Ok(html(status, &CertificatePage { frame, lead, action, button, next, challenge, problem, bound }))
}

/// `GET /login/certificate`.
pub async fn login(State(console): State<Shared>, visit: Visit, RawQuery(query): RawQuery) -> Response {
    if visit.session.is_some() {
        return see("/home");
    }
    let query = Sent::read(query.unwrap_or_default().as_bytes());
    let next = super::local(query.get("next")).to_owned();
    visit.finish(page(&console, &visit, false, &next, None).await)
}

/// `GET /me/certificates`.
pub async fn mine(State(console): State<Shared>, Person(visit): Person) -> Response {
    visit.finish(page(&console, &visit, true, "", None).await)
}

/// What came with the form.
#[derive(Debug, Default)]
struct Answered {
    challenge: String,
    csrf: String,
    next: String,
    certificates: Vec<String>,
    signature: String,
}

impl Answered {
    async fn of(form: Result<Multipart, MultipartRejection>) -> Result<Self, Fault> {
        let mut form = form.map_err(|_| Fault::BadForm)?;
        let mut answered = Self::default();
        while let Some(field) = form.next_field().await.map_err(|_| Fault::BadForm)? {
            let name = field.name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.map_err(|_| Fault::BadForm)?;
            if bytes.len() > MOST_BYTES {
                return Err(Fault::TooLarge(MOST_BYTES as u64));
            }
            let text = || String::from_utf8_lossy(&bytes).trim().to_owned();
            match name.as_str() {
                "challenge" => answered.challenge = text(),
                "csrf" => answered.csrf = text(),
                "next" => answered.next = text(),
                "certificate" => answered.certificates = certificates(&bytes),
                "signature" if !bytes.is_empty() => answered.signature = STANDARD.encode(&bytes),
                "pasted" if !bytes.is_empty() => {
                    answered.signature = text().chars().filter(|c| !c.is_whitespace()).collect();
                }
                _ => {}
            }
        }
        Ok(answered)
    }

    /// As the API takes it.
    fn body(&self) -> Value {
        let (own, chain) =
            self.certificates.split_first().map_or(("", [].as_slice()), |(own, chain)| (own, chain));
        json!({ "challenge": self.challenge, "certificate": own, "signature": self.signature, "chain": chain })
    }
}

/// The certificates of a file, Base64: those of a PEM file one by one, else the file as it is.
fn certificates(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let blocks = text.split("-----BEGIN CERTIFICATE-----").skip(1);
    let pem: Vec<String> = blocks
        .filter_map(|rest| rest.split_once("-----END CERTIFICATE-----"))
        .map(|(block, _)| block.chars().filter(|c| !c.is_whitespace()).collect())
        .take(MOST_CHAIN)
        .collect();
    if pem.is_empty() { vec![STANDARD.encode(bytes)] } else { pem }
}

/// `POST /login/certificate`.
pub async fn enter(
    State(console): State<Shared>,
    visit: Visit,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    let done = async {
        let answered = Answered::of(form).await?;
        let next = super::local(&answered.next).to_owned();
        match console.api.call(&visit, Call::post("/sessions/certificate", &answered.body())).await {
            Ok(answer) => {
                let mut response = see(&next);
                for cookie in answer.cookies() {
                    response.headers_mut().append(header::SET_COOKIE, cookie);
                }
                Ok(response)
            }
            Err(Fault::Api(problem)) => page(&console, &visit, false, &next, Some(*problem)).await,
            Err(other) => Err(other),
        }
    };
    visit.finish(done.await)
}

/// `POST /me/certificates`.
pub async fn bind(
    State(console): State<Shared>,
    Person(visit): Person,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    let done = async {
        let answered = Answered::of(form).await?;
        let call = Call::post("/session/certificates", &answered.body()).csrf(&answered.csrf);
        match console.api.call(&visit, call).await {
            Ok(_) => Ok(see("/me/certificates?done=bound")),
            Err(Fault::Api(problem)) if !matches!(problem.code.as_str(), "CSRF" | "SESSION_EXPIRED") => {
                page(&console, &visit, true, "", Some(*problem)).await
            }
            Err(other) => Err(other),
        }
    };
    visit.finish(done.await)
}

/// `POST /me/certificates/{serial}/end`.
pub async fn unbind(
    State(console): State<Shared>,
    Person(visit): Person,
    Path(serial): Path<String>,
    sent: Sent,
) -> Response {
    let done = async {
        if !is_code(&serial) {
            return Err(Fault::NotFound);
        }
        let call = Call::delete(format!("/session/certificates/{serial}")).csrf(sent.get("csrf"));
        console.api.call(&visit, call).await?;
        Ok(see("/me/certificates?done=unbound"))
    };
    visit.finish(done.await)
}

/// `POST /login/certificate/text`: the text to be signed as a file, so that no line break of it is lost on the way.
pub async fn text(sent: Sent) -> Response {
    let text = sent.exact("text").replace("\r\n", "\n");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"challenge.txt\"")),
    ];
    (headers, text).into_response()
}

#[cfg(test)]
mod tests {
    use super::certificates;

    #[test]
    fn certificates_of_a_file_are_taken_one_by_one() {
        let pem = b"-----BEGIN CERTIFICATE-----\nAAEC\nAw==\n-----END CERTIFICATE-----\nx\n-----BEGIN CERTIFICATE-----\r\nBAU=\r\n-----END CERTIFICATE-----\n";
        assert_eq!(certificates(pem), ["AAECAw==", "BAU="]);
        assert_eq!(certificates(&[0x30, 0x00]), ["MAA="]);
        assert_eq!(
            certificates(b"-----BEGIN CERTIFICATE-----\nAAEC"),
            ["LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCkFBRUM="]
        );
    }
}
