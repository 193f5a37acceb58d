//! The audit log: search, one record, the chain, copies for inquiries.

use super::deed::{Failed, attempt};
use super::table::csv;
use crate::api::shapes::Page as Rows;
use crate::api::{Call, Problem, with_query};
use crate::desk::{Cell, Choices, Entry, Fact, Show, Shown, fact, fields, shown, typed};
use crate::desk::{Named, Say, cells, named};
use crate::frame::{Fault, Field, Form, Frame, Lang, Nav, Page, Person, Sent, Visit, html, moment_of, once};
use crate::state::Shared;
use crate::words::Words;
use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

/// Rows on a page.
const ROWS: &str = "50";
/// Most rows of a copy; whoever needs more narrows the time.
const MOST_COPIED: usize = 10_000;

const OUTCOMES: &[Named] = &[
    ("ok", Say("完成", "done")),
    ("refused", Say("被规则拒绝", "refused by a rule")),
    ("denied", Say("无权限", "denied")),
];
const COLUMNS: &[Fact] = &[
    fact(Say("时间", "When"), "/at", Show::Moment),
    fact(Say("人员", "Who"), "/actor_name", Show::Text),
    fact(Say("操作", "Action"), "/action", Show::Code),
    fact(Say("对象", "Subject"), "/subject", Show::Thing),
    fact(Say("结果", "Outcome"), "/outcome", Show::State(OUTCOMES)),
];
const FACTS: &[Fact] = &[
    fact(Say("序号", "Number"), "/seq", Show::Text),
    fact(Say("时间", "When"), "/at", Show::Moment),
    fact(Say("人员", "Who"), "/actor_name", Show::Text),
    fact(Say("账号标识", "Account"), "/actor", Show::Code),
    fact(Say("岗位", "Role"), "/role", Show::Code),
    fact(Say("来自地址", "Address"), "/address", Show::Code),
    fact(Say("操作", "Action"), "/action", Show::Code),
    fact(Say("对象", "Subject"), "/subject", Show::Thing),
    fact(Say("结果", "Outcome"), "/outcome", Show::Named(OUTCOMES)),
    fact(Say("理由", "Reason"), "/reason", Show::Text),
    fact(Say("请求编号", "Request"), "/request_id", Show::Code),
    fact(Say("链上摘要", "Hash in the chain"), "/hash", Show::Code),
];
const FILTERS: &[Entry] = &[
    filter("subject", Say("对象标识", "Subject")),
    filter("actor", Say("账号或者接入系统标识", "Account or program")),
    filter("unit", Say("单位标识", "Unit")),
    filter("action", Say("操作代码", "Code of the action")),
    Entry { kind: "date", ..filter("from", Say("自", "From")) },
    Entry { kind: "date", ..filter("until", Say("至", "Until")) },
];

const fn filter(name: &'static str, label: Say) -> Entry {
    Entry { optional: true, ..typed(name, label) }
}

struct Line {
    href: String,
    seq: String,
    cells: Vec<Cell>,
}

#[derive(Template)]
#[template(path = "audit/list.html")]
struct LogPage {
    frame: Frame,
    columns: Vec<&'static str>,
    filters: Vec<Field>,
    lines: Vec<Line>,
    next: Option<String>,
    copy: String,
    once: String,
}

/// What is asked, as the API has it: days of forms as moments.
fn asked(query: &Sent) -> Vec<(&'static str, String)> {
    let value = |entry: &Entry| {
        let text: String = query.get(entry.name).chars().take(200).collect();
        match entry.name {
            "from" => moment_of(&text, false).unwrap_or(text),
            "until" => moment_of(&text, true).unwrap_or(text),
            _ => text,
        }
    };
    FILTERS.iter().map(|entry| (entry.name, value(entry))).collect()
}

fn path_of(asked: &[(&'static str, String)], limit: &str, cursor: &str) -> String {
    let mut pairs: Vec<(&str, &str)> = asked.iter().map(|(name, value)| (*name, value.as_str())).collect();
    pairs.push(("limit", limit));
    pairs.push(("cursor", cursor));
    with_query("/audit", &pairs)
}

/// `GET /audit`.
pub async fn list(
    State(console): State<Shared>,
    Person(visit): Person,
    RawQuery(query): RawQuery,
) -> Response {
    let page = async {
        let w = Words(visit.lang);
        let query = Sent::read(query.unwrap_or_default().as_bytes());
        let found: Rows<Value> =
            console.api.read(&visit, &path_of(&asked(&query), ROWS, query.get("cursor"))).await?;
        let given: Vec<(&str, &str)> =
            FILTERS.iter().map(|entry| (entry.name, query.get(entry.name))).collect();
        let next = found.next.as_ref().map(|cursor| {
            let mut pairs = given.clone();
            pairs.push(("cursor", cursor));
            with_query("/audit", &pairs)
        });
        let filters = filter_fields(&console, &visit, FILTERS, &query).await?;
        let page = LogPage {
            frame: Frame::new(&visit, Page { title: w.audit_title(), nav: Nav::Desk }).explained(&[]),
            columns: COLUMNS.iter().map(|column| column.label.text(visit.lang)).collect(),
            filters,
            lines: found.items.iter().map(|row| line(row, &visit)).collect(),
            next,
            copy: with_query("/audit/copy.csv", &given),
            once: once()?,
        };
        Ok(html(StatusCode::OK, &page))
    };
    visit.finish(page.await)
}

/// Fields of filters, as they were asked.
pub async fn filter_fields(
    console: &Shared,
    visit: &Visit,
    entries: &[Entry],
    query: &Sent,
) -> Result<Vec<Field>, Fault> {
    let form = Form::again(visit.lang, query, &Problem::default());
    let mut fields = fields(console, visit, entries, &form, &Value::Null).await?;
    for field in &mut fields {
        field.optional_word = "";
        field.width = "";
        if matches!(field.kind, "select") {
            field.choices.insert(0, (String::new(), visit.lang.pick("全部", "All").to_owned()));
        }
    }
    Ok(fields)
}

fn line(row: &Value, visit: &Visit) -> Line {
    let seq = row.pointer("/seq").and_then(Value::as_u64).unwrap_or(0).to_string();
    let cells = cells(COLUMNS, row, visit.lang).into_iter().map(within_log).collect();
    Line { href: format!("/audit/{seq}"), seq, cells }
}

/// An auditor sees the log and nothing else: a thing leads to everything on record about it.
fn within_log(cell: Cell) -> Cell {
    match cell {
        Cell::Link(_, id) => Cell::Link(with_query("/audit", &[("subject", &id)]), id),
        other => other,
    }
}

#[derive(Template)]
#[template(path = "audit/show.html")]
struct RecordPage {
    frame: Frame,
    facts: Vec<Shown>,
    details: String,
    before: Option<u64>,
    after: u64,
    subject: String,
}

/// `GET /audit/{seq}`.
pub async fn show(State(console): State<Shared>, Person(visit): Person, Path(seq): Path<String>) -> Response {
    let page = async {
        let w = Words(visit.lang);
        let seq: u64 = seq.parse().map_err(|_| Fault::NotFound)?;
        let row: Value = console.api.read(&visit, &format!("/audit/{seq}")).await?;
        let subject = row.pointer("/subject").and_then(Value::as_str).unwrap_or_default();
        let details = row.pointer("/details").map(serde_json::to_string_pretty);
        let page = RecordPage {
            frame: Frame::new(&visit, Page { title: &format!("{} {seq}", w.audit_record()), nav: Nav::Desk })
                .explained(w.help_of_record()),
            facts: shown(FACTS, &row, visit.lang)
                .into_iter()
                .map(|fact| Shown { cell: within_log(fact.cell), ..fact })
                .collect(),
            details: details.and_then(Result::ok).unwrap_or_default(),
            before: seq.checked_sub(1).filter(|before| *before > 0),
            after: seq.saturating_add(1),
            subject: with_query("/audit", &[("subject", subject)]),
        };
        Ok(html(StatusCode::OK, &page))
    };
    visit.finish(page.await)
}

/// `GET /audit/copy.csv`: what the search finds, to be worked with in a spreadsheet.
pub async fn copy(
    State(console): State<Shared>,
    Person(visit): Person,
    RawQuery(query): RawQuery,
) -> Response {
    let page = async {
        let query = Sent::read(query.unwrap_or_default().as_bytes());
        let asked = asked(&query);
        let mut rows: Vec<Value> = Vec::new();
        let mut cursor = String::new();
        loop {
            let found: Rows<Value> = console.api.read(&visit, &path_of(&asked, "200", &cursor)).await?;
            rows.extend(found.items);
            match found.next {
                Some(next) if rows.len() < MOST_COPIED => cursor = next,
                _ => break,
            }
        }
        let names = FACTS.iter().map(|fact| fact.label.text(visit.lang).to_owned()).collect();
        let text = |row: &Value, fact: &Fact| match row.pointer(fact.at) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Null) | None => String::new(),
            Some(other) => other.to_string(),
        };
        let lines = rows.iter().map(|row| FACTS.iter().map(|fact| text(row, fact)).collect());
        Ok(file("text/csv; charset=utf-8", "audit.csv", csv(std::iter::once(names).chain(lines))))
    };
    visit.finish(page.await)
}

/// Something to be kept as a file.
fn file(kind: &'static str, name: &str, content: String) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_str(&disposition).unwrap_or(HeaderValue::from_static("attachment")),
        ),
    ];
    (headers, content).into_response()
}

#[derive(Template)]
#[template(path = "audit/chain.html")]
struct ChainPage {
    frame: Frame,
    sound: bool,
    facts: Vec<Shown>,
    faults: Vec<(String, Option<u64>)>,
    heads: Vec<Vec<Cell>>,
}

const CHAIN: &[Fact] = &[
    fact(Say("已核对记录", "Rows read"), "/rows", Show::Text),
    fact(Say("最后序号", "Last number"), "/last_seq", Show::Text),
    fact(Say("相符的签名链首", "Signed heads that fit"), "/heads_matched", Show::Text),
];
const HEADS: &[Fact] = &[
    fact(Say("时间", "When"), "/at", Show::Moment),
    fact(Say("至序号", "Up to"), "/seq", Show::Text),
    fact(Say("摘要", "Hash"), "/hash", Show::Code),
    fact(Say("密钥", "Key"), "/key_id", Show::Code),
];

/// What does not fit, by the codes of the verification.
const FAULTS: &[Named] = &[
    ("changed", Say("记录被更改", "was changed")),
    ("columns_differ", Say("查询列与内容不一致", "its columns differ from its content")),
    ("mac_wrong", Say("校验码不符", "its MAC is wrong")),
    ("deleted", Say("记录被删除", "was deleted")),
    ("inserted", Say("记录是插入的", "was inserted")),
    ("reordered", Say("顺序被更改", "stands at another's place")),
    ("renumbered", Say("编号被更改", "was numbered anew")),
    ("link_broken", Say("与前一行不相连", "does not follow the one before")),
    ("tail_cut", Say("链尾被截断", "the tail was cut")),
    ("head_behind", Say("链头落后于记录", "the head lies behind")),
];

/// A fault in words, and the row it is about.
fn told(fault: &Value, lang: Lang) -> (String, Option<u64>) {
    let number = |name: &str| fault.get(name).and_then(Value::as_u64);
    let row = ["seq", "from", "at", "head"].into_iter().find_map(number);
    let kind = fault.get("kind").and_then(Value::as_str).unwrap_or_default();
    let rows = match (row, number("to")) {
        (Some(from), Some(to)) if to > from => format!("{from}–{to}"),
        (Some(row), _) => row.to_string(),
        (None, _) => String::new(),
    };
    let words = named(FAULTS, kind, lang);
    let columns = fault.get("columns").and_then(Value::as_array).map(|columns| {
        let names: Vec<&str> = columns.iter().filter_map(Value::as_str).collect();
        format!(" ({})", names.join(", "))
    });
    let columns = columns.unwrap_or_default();
    let text = match lang {
        Lang::Zh => format!("第 {rows} 行：{words}{columns}"),
        Lang::En => format!("Row {rows}: {words}{columns}"),
    };
    // What was deleted or never was cannot be opened.
    (text, row.filter(|_| !matches!(kind, "deleted" | "tail_cut")))
}

/// `POST /audit/verify`: every row and every signed head is looked at; the outcome is the page.
pub async fn verify(State(console): State<Shared>, Person(visit): Person, sent: Sent) -> Response {
    let page = async {
        let w = Words(visit.lang);
        let call =
            Call::post("/audit/verifications", &Value::Null).once(sent.get("once")).csrf(sent.get("csrf"));
        let outcome: Value = console.api.call(&visit, call).await?.json()?;
        let heads: Rows<Value> = console.api.read(&visit, "/audit/heads?limit=20").await?;
        let faults = outcome.pointer("/faults").and_then(Value::as_array).cloned().unwrap_or_default();
        let page = ChainPage {
            frame: Frame::new(&visit, Page { title: w.chain_title(), nav: Nav::Desk })
                .explained(w.help_of_chain()),
            sound: outcome.pointer("/sound").and_then(Value::as_bool).unwrap_or(false),
            facts: shown(CHAIN, &outcome, visit.lang),
            faults: faults.iter().map(|fault| told(fault, visit.lang)).collect(),
            heads: heads.items.iter().map(|head| cells(HEADS, head, visit.lang)).collect(),
        };
        Ok(html(StatusCode::OK, &page))
    };
    visit.finish(page.await)
}

const CASE: &[Entry] = &[
    Entry { most: 100, ..typed("s:/case", Say("案件名称", "Name of the case")) },
    Entry {
        help: Say("凭什么文件调取。", "On which decision or request."),
        ..typed("s:/document", Say("依据文书", "Document"))
    },
    Entry {
        kind: "area",
        help: Say(
            "印章、申请、单位、制作单位、监管单的标识，一行一个，最多 100 个。",
            "Identifiers of seals, applications, units, makers, tickets; one a line, at most 100.",
        ),
        choices: Choices::None,
        ..typed("l:/subjects", Say("对象标识", "Subjects"))
    },
];

#[derive(Template)]
#[template(path = "audit/case.html")]
struct CasePage {
    frame: Frame,
    problem: Option<Problem>,
    once: String,
    fields: Vec<Field>,
}

async fn case_page(console: &Shared, visit: &Visit, failed: Option<Failed>) -> Result<Response, Fault> {
    let w = Words(visit.lang);
    let form = failed
        .as_ref()
        .map_or_else(|| Form::new(visit.lang), |f| Form::again(visit.lang, &f.sent, &f.problem));
    let status = if failed.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = CasePage {
        frame: Frame::new(visit, Page { title: w.case_title(), nav: Nav::Desk }).explained(w.help_of_case()),
        problem: failed.map(|failed| failed.problem),
        once: once()?,
        fields: fields(console, visit, CASE, &form, &Value::Null).await?,
    };
    Ok(html(status, &page))
}

/// `GET /audit/case`.
pub async fn case(State(console): State<Shared>, Person(visit): Person) -> Response {
    visit.finish(case_page(&console, &visit, None).await)
}

/// `POST /audit/case`: the export as a file that `yinxin audit case` checks.
pub async fn export(State(console): State<Shared>, Person(visit): Person, sent: Sent) -> Response {
    let done = async {
        match attempt(&console, &visit, Call::post("/cases", &sent.body()), "case", &sent).await? {
            Ok(answer) => {
                let text = String::from_utf8(answer.body.to_vec()).map_err(|_| Fault::Internal)?;
                Ok(file("application/json", "case.json", text))
            }
            Err(failed) => case_page(&console, &visit, Some(failed)).await,
        }
    };
    visit.finish(done.await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn faults_of_the_chain_are_told_in_words_with_their_row() {
        let differ = json!({ "kind": "columns_differ", "seq": 3, "columns": ["subject"] });
        assert_eq!(told(&differ, Lang::Zh), ("第 3 行：查询列与内容不一致 (subject)".to_owned(), Some(3)));
        let gone = json!({ "kind": "deleted", "from": 4, "to": 9 });
        assert_eq!(told(&gone, Lang::En), ("Row 4–9: was deleted".to_owned(), None));
        let new = json!({ "kind": "something_new", "seq": 1 });
        assert_eq!(told(&new, Lang::En).0, "Row 1: something_new");
    }
}
