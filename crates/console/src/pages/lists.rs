//! Lists: applications, seals, requests to use a seal.

use crate::api::shapes::{ApplicationRow, Page as Rows, SealRow, UseRequest};
use crate::api::with_query;
use crate::frame::{Due, Fault, Field, Form, Frame, Nav, Page, Person, Sent, Visit, html};
use crate::state::Shared;
use crate::words::{Words, tone};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;

/// Rows on a page.
const ROWS: &str = "30";

/// A line of a list.
pub struct Row {
    pub href: String,
    pub title: String,
    pub more: String,
    pub state: String,
    pub tone: &'static str,
    pub due: Option<Due>,
}

#[derive(Template)]
#[template(path = "list.html")]
struct ListPage {
    frame: Frame,
    lead: &'static str,
    start: &'static str,
    start_words: &'static str,
    filters: Vec<Field>,
    rows: Vec<Row>,
    next: Option<String>,
    empty: &'static str,
}

/// States a list can be filtered by: code and Chinese.
type States = &'static [(&'static str, &'static str)];

const APPLICATIONS: States = &[
    ("draft", "填写中"),
    ("submitted", "待审核"),
    ("returned", "待补正"),
    ("refused", "不予批准"),
    ("approved", "已批准"),
    ("making", "制作中"),
    ("completed", "已办结"),
    ("withdrawn", "已撤回"),
    ("lapsed", "已失效"),
];
const SEALS: States = &[
    ("made", "待备案"),
    ("filed", "已备案"),
    ("delivered", "待领取确认"),
    ("active", "有效"),
    ("suspended", "暂停使用"),
    ("expired", "已过期"),
    ("canceled", "已缴销"),
    ("replaced", "已更换"),
    ("void", "无效"),
];
const USES: States = &[
    ("draft", "填写中"),
    ("pending", "审批中"),
    ("approved", "已批准"),
    ("signing", "用印中"),
    ("done", "已完成"),
    ("partial", "部分完成"),
    ("refused", "不同意"),
    ("withdrawn", "已撤回"),
    ("lapsed", "已失效"),
];

/// What a list is asked.
struct Asked {
    state: String,
    name: String,
    cursor: String,
}

impl Asked {
    fn of(query: Option<String>, states: States) -> Self {
        let query = Sent::read(query.unwrap_or_default().as_bytes());
        let state = query.get("state");
        let known = states.iter().any(|(code, _)| *code == state);
        Self {
            state: if known { state.to_owned() } else { String::new() },
            name: query.get("name").chars().take(80).collect(),
            cursor: query.get("cursor").to_owned(),
        }
    }

    fn pairs(&self) -> [(&str, &str); 2] {
        [("state", &self.state), ("name", &self.name)]
    }

    fn api(&self, path: &str) -> String {
        let [state, name] = self.pairs();
        with_query(path, &[state, name, ("limit", ROWS), ("cursor", &self.cursor)])
    }

    fn next(&self, path: &str, next: Option<&String>) -> Option<String> {
        let [state, name] = self.pairs();
        next.map(|next| with_query(path, &[state, name, ("cursor", next)]))
    }

    fn is_plain(&self) -> bool {
        self.state.is_empty() && self.name.is_empty() && self.cursor.is_empty()
    }

    fn filters(&self, visit: &Visit, states: States, by_name: bool) -> Vec<Field> {
        let w = Words(visit.lang);
        let form = Form::new(visit.lang);
        let mut choices = vec![(String::new(), w.any_state().to_owned())];
        choices.extend(states.iter().map(|(code, zh)| ((*code).to_owned(), w.state(code, zh))));
        let mut fields = vec![form.field("state", "select", w.state_word(), &self.state).choices(choices)];
        if by_name {
            let mut name = form.field("name", "text", w.name_begins(), &self.name).most(80);
            // Every filter may stay empty; it needs no word for that.
            name.optional = true;
            name.optional_word = "";
            fields.push(name);
        }
        fields
    }
}

/// `GET /applications`.
pub async fn applications(
    State(console): State<Shared>,
    Person(visit): Person,
    RawQuery(query): RawQuery,
) -> Response {
    let page = async {
        let w = Words(visit.lang);
        let asked = Asked::of(query, APPLICATIONS);
        let found: Rows<ApplicationRow> = console.api.list(&visit, &asked.api("/applications")).await?;
        let now = Timestamp::now();
        let rows = found.items.iter().map(|row| application_row(row, &visit, now)).collect();
        let agent = visit.session.as_ref().is_some_and(|session| session.is("unit_agent"));
        Ok(html(
            StatusCode::OK,
            &ListPage {
                frame: Frame::new(&visit, Page { title: w.nav_applications(), nav: Nav::Applications }),
                lead: w.applications_lead(),
                start: if agent { "/applications/new" } else { "" },
                start_words: w.new_application(),
                filters: asked.filters(&visit, APPLICATIONS, true),
                rows,
                next: asked.next("/applications", found.next.as_ref()),
                empty: if asked.is_plain() && agent { w.applications_empty() } else { w.applications_none() },
            },
        ))
    };
    visit.finish(page.await)
}

fn application_row(row: &ApplicationRow, visit: &Visit, now: Timestamp) -> Row {
    let w = Words(visit.lang);
    let open = matches!(row.state.as_str(), "submitted" | "returned" | "approved" | "making");
    Row {
        href: format!("/applications/{}", row.id),
        title: row.seal_name.clone(),
        more: match &row.number {
            Some(number) => format!("{} · {number}", row.unit_name),
            None => row.unit_name.clone(),
        },
        state: w.state(&row.state, &row.state_zh),
        tone: tone(&row.state),
        due: row.due.filter(|_| open).map(|due| Due::of(due, now, visit.lang)),
    }
}

/// `GET /seals`.
pub async fn seals(
    State(console): State<Shared>,
    Person(visit): Person,
    RawQuery(query): RawQuery,
) -> Response {
    let page = async {
        let w = Words(visit.lang);
        let asked = Asked::of(query, SEALS);
        let found: Rows<SealRow> = console.api.list(&visit, &asked.api("/seals")).await?;
        Ok(html(
            StatusCode::OK,
            &ListPage {
                frame: Frame::new(&visit, Page { title: w.nav_seals(), nav: Nav::Seals }),
                lead: w.seals_lead(),
                start: "",
                start_words: "",
                filters: asked.filters(&visit, SEALS, true),
                rows: found.items.iter().map(|row| seal_row(row, w)).collect(),
                next: asked.next("/seals", found.next.as_ref()),
                empty: if asked.is_plain() { w.seals_empty() } else { w.seals_none() },
            },
        ))
    };
    visit.finish(page.await)
}

/// A seal as a line of a list.
pub fn seal_row(row: &SealRow, w: Words) -> Row {
    Row {
        href: format!("/seals/{}", row.id),
        title: row.name.clone(),
        more: format!("{} · {} · {}", row.unit_name, w.kind(&row.kind, &row.kind_zh), row.code),
        state: w.state(&row.state, &row.state_zh),
        tone: tone(&row.state),
        due: None,
    }
}

/// `GET /uses`.
pub async fn uses(
    State(console): State<Shared>,
    Person(visit): Person,
    RawQuery(query): RawQuery,
) -> Response {
    visit.finish(uses_page(&console, &visit, query).await)
}

async fn uses_page(console: &Shared, visit: &Visit, query: Option<String>) -> Result<Response, Fault> {
    let w = Words(visit.lang);
    let mut asked = Asked::of(query, USES);
    // This list has no names.
    asked.name.clear();
    let found: Rows<UseRequest> = console.api.list(visit, &asked.api("/use-requests")).await?;
    let now = Timestamp::now();
    let asks = visit.session.as_ref().is_some_and(|session| session.is("user"));
    let row = |request: &UseRequest| Row {
        href: format!("/uses/{}", request.id),
        title: request.reason.clone(),
        more: format!("{} · {} · {}", request.asked_by_name, request.document_kind, request.number),
        state: w.state(&request.state, &request.state_zh),
        tone: tone(&request.state),
        due: request.due().filter(|_| request.state == "pending").map(|due| Due::of(due, now, visit.lang)),
    };
    Ok(html(
        StatusCode::OK,
        &ListPage {
            frame: Frame::new(visit, Page { title: w.nav_uses(), nav: Nav::Uses }),
            lead: w.uses_lead(),
            start: if asks { "/uses/new" } else { "" },
            start_words: w.ask_title(),
            filters: asked.filters(visit, USES, false),
            rows: found.items.iter().map(row).collect(),
            next: asked.next("/uses", found.next.as_ref()),
            empty: if asked.is_plain() { w.uses_empty() } else { w.uses_none() },
        },
    ))
}

#[derive(Template)]
#[template(path = "list.html")]
struct FoundPage {
    frame: Frame,
    lead: &'static str,
    start: &'static str,
    start_words: &'static str,
    filters: Vec<Field>,
    rows: Vec<Row>,
    next: Option<String>,
    empty: &'static str,
}

/// What a search found.
pub fn found(visit: &Visit, rows: Vec<Row>) -> Response {
    let w = Words(visit.lang);
    let frame = Frame::new(visit, Page { title: w.found_title(), nav: Nav::None });
    let page = FoundPage {
        frame,
        lead: w.found_lead(),
        start: "",
        start_words: "",
        filters: Vec::new(),
        rows,
        next: None,
        empty: w.found_nothing(),
    };
    html(StatusCode::OK, &page)
}
