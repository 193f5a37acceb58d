//! Files that a unit brings: its rules of use, and what it answers an order to correct with.

use super::deed::{Failed, act};
use super::material::media_type;
use crate::api::{Call, Problem, with_query};
use crate::desk::{Cell, Entry, Fact, Say, Show, Shown, cells, codes, fact, fields, shown, typed};
use crate::frame::{Fault, Field, Form, Frame, Key, Nav, Page, Person, Sent, Visit, html, once, see};
use crate::state::Shared;
use crate::words::Words;
use askama::Template;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use serde_json::Value;

/// Largest file.
const MOST: u64 = 20 << 20;

const RULES: &[Fact] = &[
    fact(Say("状态", "State"), "/state", Show::State(codes::RULE_STATES)),
    fact(Say("主管机构", "Body in charge"), "/body_in_charge", Show::Text),
    fact(Say("审阅日期", "Reviewed"), "/reviewed_on", Show::Text),
    fact(Say("文件", "Document"), "/document/file_name", Show::Text),
    fact(Say("文件摘要（SM3）", "Digest (SM3)"), "/document/digest", Show::Code),
    fact(Say("报送时间", "Handed in"), "/at", Show::Moment),
];
const RULES_FORM: &[Entry] = &[
    Entry {
        most: 100,
        present: "/body_in_charge",
        ..typed("body_in_charge", Say("主管机构", "Body or post in charge"))
    },
    Entry {
        kind: "date",
        help: Say(
            "制度最近一次审阅的日期；一年以上未审阅会被提示。",
            "When the unit last looked at them; after a year it is reminded.",
        ),
        ..typed("reviewed_on", Say("审阅日期", "Reviewed on"))
    },
];
const FILES: &[Fact] = &[
    fact(Say("文件", "File"), "/file_name", Show::Text),
    fact(Say("上传时间", "Brought"), "/at", Show::Moment),
    fact(Say("摘要（SM3）", "Digest (SM3)"), "/digest", Show::Code),
];

/// A page on which files are handed in.
#[derive(Template)]
#[template(path = "files.html")]
pub struct FilesPage {
    frame: Frame,
    back: String,
    over: &'static str,
    lead: &'static str,
    action: String,
    version: Option<i64>,
    once: String,
    problem: Option<Problem>,
    facts: Vec<Shown>,
    heads: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
    fields: Vec<Field>,
    files_help: &'static str,
    accept: &'static str,
    many: bool,
    button: &'static str,
}

impl FilesPage {
    /// With nothing on it yet but a file to choose, which goes to `action`.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn new(
        visit: &Visit,
        title: &str,
        (back, over): (String, &'static str),
        action: String,
        failed: Option<Failed>,
    ) -> Result<Self, Fault> {
        let w = Words(visit.lang);
        Ok(Self {
            frame: Frame::new(visit, Page { title, nav: Nav::Desk }).explained(w.help_of_files()),
            back,
            over,
            lead: "",
            action,
            version: None,
            once: once()?,
            problem: failed.map(|failed| failed.problem),
            facts: Vec::new(),
            heads: Vec::new(),
            rows: Vec::new(),
            fields: Vec::new(),
            files_help: w.files_help(),
            accept: ".pdf,.ofd,.png,.jpg,.jpeg,.bmp",
            many: false,
            button: w.upload(),
        })
    }

    /// What it is for, which files, several at once; words on the button.
    #[must_use]
    pub fn takes(
        self,
        lead: &'static str,
        files_help: &'static str,
        accept: &'static str,
        button: &'static str,
    ) -> Self {
        Self { lead, files_help, accept, button, many: true, ..self }
    }

    /// The page; with a refusal on it, one that says so.
    pub fn answer(self) -> Response {
        let refused = self.problem.is_some();
        html(if refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &self)
    }
}

fn version(record: &Value) -> Option<i64> {
    record.pointer("/version").and_then(Value::as_i64)
}

async fn rules_page(
    console: &Shared,
    visit: &Visit,
    id: &str,
    failed: Option<Failed>,
) -> Result<Response, Fault> {
    let w = Words(visit.lang);
    let id = Key::parse(id)?;
    let record: Value = console.api.read(visit, &format!("/units/{id}/use-rules")).await?;
    let form = failed
        .as_ref()
        .map_or_else(|| Form::new(visit.lang), |f| Form::again(visit.lang, &f.sent, &f.problem));
    let fields = fields(console, visit, RULES_FORM, &form, &record).await?;
    let over = (format!("/desk/units/{id}"), w.rules_back());
    let page = FilesPage::new(visit, w.rules_title(), over, format!("/units/{id}/rules"), failed)?;
    let facts = shown(RULES, &record, visit.lang);
    let (lead, button) = (w.rules_lead(), w.rules_hand_in());
    Ok(FilesPage { lead, version: version(&record), facts, fields, button, ..page }.answer())
}

/// `GET /units/{id}/rules`.
pub async fn rules(State(console): State<Shared>, Person(visit): Person, Path(id): Path<String>) -> Response {
    visit.finish(rules_page(&console, &visit, &id, None).await)
}

/// `POST /units/{id}/rules`.
pub async fn hand_in(
    State(console): State<Shared>,
    Person(visit): Person,
    Path(id): Path<String>,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    let done = async {
        let key = Key::parse(&id)?;
        let arrived = console.keep.arrive(form.map_err(|_| Fault::BadForm)?, MOST).await?;
        let sent: &Sent = &arrived.fields;
        let asked = [
            ("file_name", arrived.name.as_str()),
            ("body_in_charge", sent.get("body_in_charge")),
            ("reviewed_on", sent.get("reviewed_on")),
        ];
        let path = with_query(&format!("/units/{key}/use-rules"), &asked);
        let kind = media_type(&arrived.name, &arrived.kind);
        let call = Call::bytes(Method::PUT, path, kind, arrived.body().await?).length(arrived.size);
        match act(&console, &visit, call, "rules", sent).await? {
            None => Ok(see(&format!("/units/{key}/rules?done=rules"))),
            Some(failed) => rules_page(&console, &visit, &id, Some(failed)).await,
        }
    };
    visit.finish(done.await)
}

async fn ticket_page(
    console: &Shared,
    visit: &Visit,
    id: &str,
    failed: Option<Failed>,
) -> Result<Response, Fault> {
    let w = Words(visit.lang);
    let id = Key::parse(id)?;
    let record: Value = console.api.read(visit, &format!("/tickets/{id}")).await?;
    let files = record.pointer("/files").and_then(Value::as_array).cloned().unwrap_or_default();
    let over = (format!("/desk/tickets/{id}"), w.ticket_back());
    let page = FilesPage::new(visit, w.ticket_files(), over, format!("/tickets/{id}/files"), failed)?;
    let heads = FILES.iter().map(|column| column.label.text(visit.lang)).collect();
    let rows = files.iter().map(|file| cells(FILES, file, visit.lang)).collect();
    Ok(FilesPage { lead: w.ticket_files_lead(), version: version(&record), heads, rows, ..page }.answer())
}

/// `GET /tickets/{id}/files`.
pub async fn ticket(
    State(console): State<Shared>,
    Person(visit): Person,
    Path(id): Path<String>,
) -> Response {
    visit.finish(ticket_page(&console, &visit, &id, None).await)
}

/// `POST /tickets/{id}/files`.
pub async fn bring(
    State(console): State<Shared>,
    Person(visit): Person,
    Path(id): Path<String>,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    let done = async {
        let key = Key::parse(&id)?;
        let arrived = console.keep.arrive(form.map_err(|_| Fault::BadForm)?, MOST).await?;
        // A file is named by its digest: the same one brought twice is there once.
        let file = format!("/tickets/{key}/files/{}", arrived.digest);
        let path = with_query(&file, &[("file_name", &arrived.name)]);
        let kind = media_type(&arrived.name, &arrived.kind);
        let call = Call::bytes(Method::PUT, path, kind, arrived.body().await?).length(arrived.size);
        match act(&console, &visit, call, "file", &arrived.fields).await? {
            None => Ok(see(&format!("/tickets/{key}/files?done=uploaded"))),
            Some(failed) => ticket_page(&console, &visit, &id, Some(failed)).await,
        }
    };
    visit.finish(done.await)
}
