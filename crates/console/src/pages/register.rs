//! The use register of a seal: every filter the API has, and a signed copy for others.

use super::custody::people;
use crate::api::shapes::{Page as Rows, Seal, UseRecord};
use crate::api::{Call, with_query};
use crate::frame::{Fault, Field, Form, Frame, Key, Nav, Page, Person, Sent, Visit, html};
use crate::state::Shared;
use crate::words::Words;
use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::Crc;
use jiff::civil::Date;
use serde::Deserialize;

/// Entries on a page.
const ROWS: &str = "50";

#[derive(Template)]
#[template(path = "custody/register.html")]
struct RegisterPage {
    frame: Frame,
    seal: Seal,
    filters: Vec<Field>,
    rows: Vec<UseRecord>,
    next: Option<String>,
    export: Option<String>,
}

/// What is asked, as the API takes it and as the form has it.
struct Asked {
    form: Vec<(&'static str, String)>,
    api: Vec<(&'static str, String)>,
}

/// Fields of the form.
const FIELDS: [&str; 8] =
    ["from", "until", "result", "document_kind", "asked_by", "approved_by", "digest", "strange"];

impl Asked {
    fn of(query: &Sent) -> Self {
        let form: Vec<(&'static str, String)> =
            FIELDS.iter().map(|name| (*name, query.get(name).chars().take(80).collect())).collect();
        let api = form.iter().map(|(name, value)| (*name, moment(name, value))).collect();
        Self { form, api }
    }

    fn value(&self, name: &str) -> &str {
        self.form.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
    }

    fn query<'a>(
        pairs: &'a [(&'static str, String)],
        more: &[(&'a str, &'a str)],
    ) -> Vec<(&'a str, &'a str)> {
        pairs.iter().map(|(name, value)| (*name, value.as_str())).chain(more.iter().copied()).collect()
    }
}

/// A day as the moment it begins or ends in Beijing; anything else as it is.
fn moment(name: &str, value: &str) -> String {
    let Ok(day) = value.parse::<Date>() else {
        return if name == "strange" && !value.is_empty() { "true".to_owned() } else { value.to_owned() };
    };
    match name {
        "from" => format!("{day}T00:00:00+08:00"),
        "until" => day.tomorrow().map_or_else(|_| value.to_owned(), |next| format!("{next}T00:00:00+08:00")),
        _ => value.to_owned(),
    }
}

/// `GET /seals/{id}/uses`.
pub async fn show(
    State(console): State<Shared>,
    Person(visit): Person,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = Sent::read(query.unwrap_or_default().as_bytes());
    visit.finish(page(&console, &visit, &id, &query).await)
}

async fn page(console: &Shared, visit: &Visit, id: &str, query: &Sent) -> Result<Response, Fault> {
    let id = Key::parse(id)?;
    let asked = Asked::of(query);
    let seal: Seal = console.api.read(visit, &format!("/seals/{id}")).await?;
    let path = format!("/seals/{id}/uses");
    let listed = Asked::query(&asked.api, &[("limit", ROWS), ("cursor", query.get("cursor"))]);
    let found: Rows<UseRecord> = console.api.read(visit, &with_query(&path, &listed)).await?;
    let users = people(console, visit, &seal.row.id, "user").await.unwrap_or_default();
    let approvers = people(console, visit, &seal.row.id, "approver").await.unwrap_or_default();
    let session = visit.session.as_ref();
    let exports = session.is_some_and(|s| ["unit_agent", "custodian", "supervisor"].iter().any(|r| s.is(r)));
    let page = RegisterPage {
        frame: Frame::new(visit, Page { title: &seal.row.name, nav: Nav::Seals }),
        filters: filters(visit, &asked, users, approvers),
        next: found.next.map(|next| with_query(&path, &Asked::query(&asked.form, &[("cursor", &next)]))),
        export: exports.then(|| with_query(&format!("{path}/export"), &Asked::query(&asked.form, &[]))),
        rows: found.items,
        seal,
    };
    Ok(html(StatusCode::OK, &page))
}

fn filters(
    visit: &Visit,
    asked: &Asked,
    users: Vec<(String, String)>,
    approvers: Vec<(String, String)>,
) -> Vec<Field> {
    let w = Words(visit.lang);
    let form = Form::new(visit.lang);
    let any = |known: Vec<(String, String)>, words: &str| {
        let mut all = vec![(String::new(), words.to_owned())];
        all.extend(known);
        all
    };
    let results = ["sealed", "refused", "failed"].map(|code| (code.to_owned(), w.result_of(code)));
    let field = |name: &str, kind: &'static str, label: &str| {
        let mut field = form.field(name, kind, label, asked.value(name));
        field.optional = true;
        field.optional_word = "";
        field
    };
    vec![
        field("from", "date", w.register_from()),
        field("until", "date", w.register_until()),
        field("result", "select", w.register_result())
            .choices(any(results.to_vec(), w.register_any_result())),
        field("document_kind", "text", w.register_kind()).most(64),
        field("asked_by", "select", w.asked_by()).choices(any(users, w.all())),
        field("approved_by", "select", w.register_who_approved()).choices(any(approvers, w.all())),
        field("digest", "text", w.register_digest()).most(64),
        field("strange", "check", w.register_strange()),
    ]
}

/// A signed copy as the API gives it.
#[derive(Deserialize)]
struct Export {
    csv: String,
    signature: String,
    certificate: String,
}

/// `GET /seals/{id}/uses/export`: the register, its signature and the certificate in one archive, so that they stay together.
pub async fn export(
    State(console): State<Shared>,
    Person(visit): Person,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let read = async {
        let key = Key::parse(&id)?;
        let asked = Asked::of(&Sent::read(query.unwrap_or_default().as_bytes()));
        let seal: Seal = console.api.read(&visit, &format!("/seals/{key}")).await?;
        // People of a unit look into their unit, officers into their area.
        let own = visit.session.as_ref().is_some_and(|session| !session.is("supervisor"));
        let scope = if own { seal.row.unit.as_str() } else { "" };
        let pairs = Asked::query(&asked.api, &[("seal", &id), ("scope", scope)]);
        let answer = console.api.call(&visit, Call::get(with_query("/uses/export", &pairs))).await?;
        let export: Export = answer.json()?;
        let archive = zip(&[
            ("register.csv", export.csv.as_bytes()),
            ("register.csv.sm2.base64", export.signature.as_bytes()),
            ("authority.pem", export.certificate.as_bytes()),
        ]);
        let place = HeaderValue::from_str(&format!("attachment; filename=\"register-{key}.zip\""));
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("application/zip")),
            (header::CONTENT_DISPOSITION, place.map_err(|_| Fault::Internal)?),
        ];
        Ok((headers, archive).into_response())
    };
    visit.finish(read.await)
}

/// A ZIP of a few small files, stored as they are.
fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let mut crc = Crc::new();
        crc.update(content);
        let offset = u32::try_from(out.len()).unwrap_or(u32::MAX);
        let size = u32::try_from(content.len()).unwrap_or(u32::MAX);
        let mut common = Vec::new();
        // Version 2.0, names in UTF-8, stored, the first day the layout knows.
        [20_u16, 0x0800, 0, 0, 0x21].iter().for_each(|word| common.extend(word.to_le_bytes()));
        [crc.sum(), size, size].iter().for_each(|word| common.extend(word.to_le_bytes()));
        common.extend(u16::try_from(name.len()).unwrap_or(u16::MAX).to_le_bytes());
        common.extend([0; 2]);
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(name.as_bytes());
        out.extend(*content);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let count = u16::try_from(files.len()).unwrap_or(u16::MAX);
    let (offset, length) = (u32::try_from(out.len()), u32::try_from(directory.len()));
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    [count, count].iter().for_each(|word| out.extend(word.to_le_bytes()));
    [length, offset].iter().for_each(|word| out.extend(word.unwrap_or(u32::MAX).to_le_bytes()));
    out.extend([0; 2]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_asked_for_from_their_begin_to_their_end_in_beijing() {
        let query = Sent::read(b"from=2026-11-01&until=2026-11-30&strange=1&result=sealed");
        let asked = Asked::of(&query);
        let of = |name: &str| asked.api.iter().find(|(known, _)| *known == name).unwrap().1.clone();
        assert_eq!(of("from"), "2026-11-01T00:00:00+08:00");
        assert_eq!(of("until"), "2026-12-01T00:00:00+08:00");
        assert_eq!(
            (of("strange").as_str(), of("result").as_str(), of("digest").as_str()),
            ("true", "sealed", "")
        );
    }
}
