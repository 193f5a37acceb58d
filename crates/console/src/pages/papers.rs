//! What a maker hands in of a seal that is made outside, as files: the certification request, the certificate with its issuers, the seal.

use super::deed::{Failed, act};
use super::files::FilesPage;
use crate::api::shapes::Seal as Card;
use crate::api::{Call, Problem};
use crate::frame::{Fault, Key, Person, Visit, see};
use crate::keep::Brought;
use crate::state::Shared;
use crate::words::Words;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use yinxin_crypto::sm3;
use yinxin_formats::der::Limits;
use yinxin_formats::pem;
use yinxin_formats::ses::Seal;
use yinxin_formats::x509::Certificate;

/// Largest file.
const MOST: u64 = 1 << 20;
/// Files of one form.
const MANY: usize = 10;

/// What is handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Paper {
    Request,
    Chain,
    Made,
}

impl Paper {
    fn of(name: &str) -> Result<Self, Fault> {
        match name {
            "request" => Ok(Self::Request),
            "certificate" => Ok(Self::Chain),
            "made" => Ok(Self::Made),
            _ => Err(Fault::NotFound),
        }
    }

    /// Where the API takes it, and the deed of the desk that it is.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Request => ("certificate-request", "request"),
            Self::Chain => ("certificate", "certificate"),
            Self::Made => ("made", "made"),
        }
    }
}

/// A wrong choice of files, in words.
type Wrong = &'static str;

fn page(visit: &Visit, id: &Key, paper: Paper, failed: Option<Failed>) -> Result<Response, Fault> {
    let w = Words(visit.lang);
    let (title, lead, help, accept) = match paper {
        Paper::Request => {
            (w.papers_request(), w.papers_request_lead(), w.papers_request_help(), ".csr,.p10,.req,.der,.pem")
        }
        Paper::Chain => {
            (w.papers_chain(), w.papers_chain_lead(), w.papers_chain_help(), ".cer,.crt,.der,.pem,.p7b")
        }
        Paper::Made => {
            (w.papers_made(), w.papers_made_lead(), w.papers_made_help(), ".esl,.cer,.crt,.der,.pem")
        }
    };
    let (_, name) = paper.names();
    let over = (format!("/desk/making/{id}"), w.papers_back());
    let page = FilesPage::new(visit, title, over, format!("/seals/{id}/papers/{name}"), failed)?;
    Ok(page.takes(lead, help, accept, title).answer())
}

/// `GET /seals/{id}/papers/{paper}`.
pub async fn show(
    State(console): State<Shared>,
    Person(visit): Person,
    Path((id, paper)): Path<(String, String)>,
) -> Response {
    let shown = async {
        let (id, paper) = (Key::parse(&id)?, Paper::of(&paper)?);
        // Who may not see the seal gets no form for it.
        let _: Card = console.api.read(&visit, &format!("/seals/{id}")).await?;
        page(&visit, &id, paper, None)
    };
    visit.finish(shown.await)
}

/// `POST /seals/{id}/papers/{paper}`.
pub async fn hand_in(
    State(console): State<Shared>,
    Person(visit): Person,
    Path((id, paper)): Path<(String, String)>,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    let done = async {
        let (id, paper) = (Key::parse(&id)?, Paper::of(&paper)?);
        let w = Words(visit.lang);
        let batch = console.keep.arrive_all(form.map_err(|_| Fault::BadForm)?, MOST, MANY).await?;
        let (path, verb) = paper.names();
        let refused = |words: Wrong| {
            let failed = Failed {
                verb: verb.to_owned(),
                sent: batch.fields.clone(),
                problem: Problem::of_the_page("FILES", words),
            };
            page(&visit, &id, paper, Some(failed))
        };
        if !batch.left_out.is_empty() {
            return refused(w.papers_too_many());
        }
        let mut files = Vec::with_capacity(batch.files.len());
        for file in &batch.files {
            files.push(bytes(file).await?);
        }
        let body = match paper {
            Paper::Request => request(&files, w),
            Paper::Chain => chain(&files, w),
            Paper::Made => {
                let seal: Value = console.api.read(&visit, &format!("/seals/{id}")).await?;
                let approval = seal.pointer("/approval").and_then(Value::as_str).unwrap_or_default();
                made(&files, approval, w)
            }
        };
        let body = match body {
            Ok(body) => body,
            Err(words) => return refused(words),
        };
        let call = Call::post(format!("/seals/{id}/{path}"), &body);
        match act(&console, &visit, call, verb, &batch.fields).await? {
            None => Ok(see(&format!("/desk/making/{id}?did={verb}"))),
            Some(failed) => page(&visit, &id, paper, Some(failed)),
        }
    };
    visit.finish(done.await)
}

async fn bytes(file: &Brought) -> Result<Vec<u8>, Fault> {
    tokio::fs::read(&file.path).await.map_err(|error| {
        tracing::error!(%error, "a file that arrived cannot be read");
        Fault::Internal
    })
}

/// What stands in a file: PEM block by block, or the file as it is.
fn blocks(file: &[u8]) -> Vec<Vec<u8>> {
    match pem::parse_pem_or_der(file, &Limits::default()) {
        Ok(blocks) => blocks.into_iter().map(|block| block.der).collect(),
        Err(_) => vec![file.to_vec()],
    }
}

fn request(files: &[Vec<u8>], w: Words) -> Result<Value, Wrong> {
    let [file] = files else { return Err(w.papers_none()) };
    match blocks(file).as_slice() {
        [der] => Ok(json!({ "request": STANDARD.encode(der) })),
        _ => Err(w.papers_none()),
    }
}

fn chain(files: &[Vec<u8>], w: Words) -> Result<Value, Wrong> {
    let found = certificates(files);
    if found.is_empty() {
        return Err(w.papers_none());
    }
    let pem: String = found.iter().map(|one| pem::encode("CERTIFICATE", one.raw())).collect();
    Ok(json!({ "chain": pem }))
}

fn made(files: &[Vec<u8>], approval: &str, w: Words) -> Result<Value, Wrong> {
    let read = |file: &Vec<u8>| Seal::parse(file, &Limits::default()).ok().map(|seal| (seal, file.clone()));
    let mut seals: Vec<(Seal, Vec<u8>)> = files.iter().filter_map(read).collect();
    let (seal, der) = seals.pop().ok_or(w.papers_no_seal())?;
    if !seals.is_empty() {
        return Err(w.papers_two_seals());
    }
    let certificates: Vec<String> =
        certificates(files).iter().map(|one| STANDARD.encode(one.raw())).collect();
    Ok(json!({
        "seal": STANDARD.encode(der),
        "format_version": seal.version.number(),
        "certificates": certificates,
        "imprint_digest": hex::encode(sm3(&seal.picture.data)),
        "key": { "kind": "elsewhere" },
        "made_at": seal.property.create_date.to_string(),
        "approval": approval,
    }))
}

/// The certificates of some files, the one that issued none of the others first, each followed by its issuer as far as it is there.
fn certificates(files: &[Vec<u8>]) -> Vec<Certificate> {
    let mut left: Vec<Certificate> = files
        .iter()
        .flat_map(|file| blocks(file))
        .filter_map(|der| Certificate::parse(&der, &Limits::default()).ok())
        .collect();
    let mut ordered: Vec<Certificate> = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let next = match ordered.last() {
            Some(last) => left.iter().position(|one| one.subject.matches(&last.issuer)),
            None => left.iter().position(|one| {
                !left.iter().any(|other| other.raw() != one.raw() && other.issuer.matches(&one.subject))
            }),
        };
        let one = left.remove(next.unwrap_or(0));
        // The same certificate may stand in several files.
        if !ordered.iter().any(|known| known.raw() == one.raw()) {
            ordered.push(one);
        }
    }
    ordered
}
