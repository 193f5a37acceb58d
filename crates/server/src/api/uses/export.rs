//! A copy of the register for others (用印登记导出): CSV, signed by the authority, so that anybody can verify it without this system.

use super::list::UseRecordFilter;
use super::view::result;
use crate::api::scope::{ScopeQuery, choose};
use crate::app::{App, Shared, Stop, Subject, Work};
use crate::auth::Caller;
use crate::http::{Code, Json, Problem, Query, StoredResponse};
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_formats::pem;
use yinxin_registry::area::AreaPath;
use yinxin_registry::lifecycle::Refused;
use yinxin_registry::permission::{Action, Place};
use yinxin_registry::role::Scope;
use yinxin_registry::unit::Unit;
use yinxin_registry::usage::record::UseRecord;
use yinxin_store::UseFilter;

/// Entries of one copy at most.
const MOST: u32 = 10_000;
/// Columns.
const HEAD: &str = "at,seal,unit,request,item,result,code,asked_by,asked_by_name,approved_by,system,reason,document_kind,document_name,document_digest,sealed_digest,pages,address,signals,id";

/// A signed copy of the register.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UseExport {
    /// The copy, UTF-8: a line that says what it is, the names of the columns, the entries.
    pub csv: String,
    /// Entries in it.
    pub entries: usize,
    /// Signature of the authority over exactly the bytes of `csv`: SM2 with SM3, user id 1234567812345678, DER, Base64.
    pub signature: String,
    /// Certificate of the authority, PEM.
    pub certificate: String,
}

/// 导出用印登记。 Gives a signed copy of what the filter finds, at most 10,000 entries.
#[utoipa::path(
    get, path = "/uses/export", tag = "use", operation_id = "uses.export", summary = "导出用印登记 · A signed copy of the register",
    params(UseRecordFilter),
    responses((status = 200, description = "已签名的登记 · the signed copy", body = UseExport))
)]
pub async fn export(
    State(app): State<Shared>,
    caller: Caller,
    Query(query): Query<UseRecordFilter>,
) -> Result<Json<UseExport>, Stop> {
    let wanted = ScopeQuery::parse(query.scope.as_deref())?;
    let scope = choose(&caller, Action::UseExport, wanted, app.now()?)?;
    let mut work = Work::begin_keyless(&app, &caller).await?;
    let (place, about) = match &scope {
        Scope::Unit(unit) => {
            let unit = work.tx.get::<Unit>(unit.as_str()).await?.value;
            let place = Place::unit(&unit.id, unit.parent.as_ref(), &unit.area_path);
            (place, Subject::unit(unit.id.as_str(), &unit.area_path, &unit.id))
        }
        Scope::Area(area) => (Place::area(area), Subject::area(area.as_str(), area)),
        Scope::All | Scope::Maker(_) => (Place::registry(), Subject::area("/", &AreaPath::nation())),
    };
    let by = work.permit(Action::UseExport, &place)?;
    let filter = UseFilter { limit: MOST + 1, ..query.of()? };
    let found = work.tx.uses(&scope, &filter).await?;
    if found.len() > usize::try_from(MOST).unwrap_or(usize::MAX) {
        return Err(Refused::rule(
            "EXPORT_TOO_LARGE",
            "超过 10000 条，请缩小时间范围后分次导出",
            "more than 10,000 entries: narrow the time and take several copies",
        )
        .into());
    }
    let csv = csv(&app, found.iter().map(|entry| &entry.value), work.now);
    let (signature, signing) = app.authority.sign(csv.as_bytes()).map_err(|error| {
        tracing::error!(error, "a copy of the use register could not be signed");
        Problem::new(Code::Internal)
    })?;
    let details =
        json!({ "entries": found.len(), "digest": hex::encode(yinxin_crypto::sm3(csv.as_bytes())) });
    work.record(&by, "use.export", &about, None, details);
    work.finish(StoredResponse::no_content()).await?;
    Ok(Json(UseExport {
        entries: found.len(),
        csv,
        signature: STANDARD.encode(signature),
        certificate: pem::encode("CERTIFICATE", signing.certificate.raw()),
    }))
}

/// The first line makes these bytes nothing but a copy of a register.
fn csv<'a>(app: &App, entries: impl Iterator<Item = &'a UseRecord>, now: Timestamp) -> String {
    let party = app.authority.party();
    let mut text = line(&["yinxin-use-register-1".to_owned(), party.name, party.code, now.to_string()]);
    text.push_str(HEAD);
    text.push_str("\r\n");
    for entry in entries {
        let (code, digest) = result(&entry.result);
        let optional = |value: Option<String>| value.unwrap_or_default();
        let approvers: Vec<&str> = entry.approved_by.iter().map(|by| by.name.as_str()).collect();
        let pages: Vec<String> = entry.pages.iter().map(ToString::to_string).collect();
        let signals: Vec<&str> = entry.signals.iter().map(|signal| signal.as_str()).collect();
        text.push_str(&line(&[
            entry.at.to_string(),
            entry.seal.to_string(),
            entry.unit.to_string(),
            optional(entry.request.as_ref().map(ToString::to_string)),
            optional(entry.item.as_ref().map(ToString::to_string)),
            entry.result.as_str().to_owned(),
            code.unwrap_or_default().to_owned(),
            entry.asked_by.id.clone(),
            entry.asked_by.name.clone(),
            approvers.join(" "),
            optional(entry.system.clone()),
            entry.reason.clone(),
            entry.document_kind.clone(),
            entry.document_name.clone(),
            entry.document_digest.clone(),
            digest.unwrap_or_default().to_owned(),
            pages.join(" "),
            optional(entry.address.clone()),
            signals.join(" "),
            entry.id.to_string(),
        ]));
    }
    text
}

/// A line of RFC 4180. What a spreadsheet would take for a formula gets an apostrophe before it.
fn line(cells: &[String]) -> String {
    let cells: Vec<String> = cells
        .iter()
        .map(|cell| {
            let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
            let cell = if formula { format!("'{cell}") } else { cell.clone() };
            match cell.contains(['"', ',', '\n', '\r']) {
                true => format!("\"{}\"", cell.replace('"', "\"\"")),
                false => cell,
            }
        })
        .collect();
    cells.join(",") + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn cells_are_quoted_and_no_formula_runs() {
        let cells = ["a", "b,c", "say \"hi\"", "=1+1", "two\nlines"].map(str::to_owned);
        assert_eq!(line(&cells), "a,\"b,c\",\"say \"\"hi\"\"\",'=1+1,\"two\nlines\"\r\n");
    }
}
