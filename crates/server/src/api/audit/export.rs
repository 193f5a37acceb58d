//! Export of a case (案件导出): everything recorded about a seal or an application, with proof that nothing was changed.

use crate::api::text::check_line;
use crate::app::{Shared, Stop, Subject, Work};
use crate::audit;
use crate::auth::Caller;
use crate::http::{Code, Command, Faults, IdempotencyKey, Problem, StoredResponse};
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::area::AreaPath;
use yinxin_registry::correction::Ticket;
use yinxin_registry::ids::{ApplicationId, MakerId, SealId, TicketId, UnitId};
use yinxin_registry::lifecycle::By;
use yinxin_registry::lifecycle::application::Application;
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::maker::Maker;
use yinxin_registry::permission::{Action, Place};
use yinxin_registry::unit::Unit;

/// A case to be exported.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportCase {
    /// Name of the case, for the file.
    #[schema(min_length = 2, max_length = 100, example = "示例案〔2026〕1号")]
    pub case: String,
    /// Seals, applications, units, makers, tickets: at most 100.
    #[schema(min_items = 1, max_items = 100)]
    pub subjects: Vec<String>,
    /// On which decision or request.
    #[schema(min_length = 2, max_length = 200)]
    pub document: String,
}

/// The export. Its digest is SM3 over the text of `export`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ExportView {
    /// The export as JSON text: check it with `yinxin audit case`.
    pub export: String,
    /// SM3, hex.
    pub digest: String,
    /// Certificate that verifies the signed head, PEM.
    pub certificate: String,
}

/// 案件导出。 Exports the records of a case with proof.
#[utoipa::path(
    post, path = "/cases", tag = "audit", operation_id = "cases.export", summary = "案件导出 · Export a case with proof",
    params(IdempotencyKey), request_body = ExportCase,
    responses(
        (status = 200, description = "导出 · the export", body = ExportView),
        (status = 404, description = "没有所指的对象，或者不在范围内 · no such subject, or outside the caller's scope")
    )
)]
pub async fn export(
    State(app): State<Shared>,
    caller: Caller,
    command: Command<ExportCase>,
) -> Result<Response, Stop> {
    let body = command.body.clone();
    let mut faults = Faults::new();
    check_line("/case", &body.case, 2..=100, &mut faults);
    check_line("/document", &body.document, 2..=200, &mut faults);
    if !(1..=100).contains(&body.subjects.len()) {
        faults.push("/subjects", "OUT_OF_RANGE", "应为 1 至 100 项", "1 to 100 of them");
    }
    faults.into_result()?;
    let mut areas = Vec::with_capacity(body.subjects.len());
    for subject in &body.subjects {
        let area = area_of(&app, subject).await?;
        caller.permit(Action::CaseExport, &Place::area(&area), app.now()?)?;
        areas.push(area);
    }
    let export = audit::export(&app, &body.case, body.subjects.clone()).await?;
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let by = permit_all(&work, &areas)?;
    let text = serde_json::to_string(&export).map_err(|_| Problem::new(Code::Internal))?;
    let digest = hex::encode(yinxin_crypto::sm3(text.as_bytes()));
    let details = json!({ "subjects": body.subjects, "document": body.document, "digest": digest });
    work.record(&by, "case.export", &Subject::registry(body.case), Some(&body.document), details);
    let signing = app.authority.signing();
    let (certificate, _) = signing.named(&export.head.key_id).ok_or_else(|| Problem::new(Code::Internal))?;
    let certificate = yinxin_formats::pem::encode("CERTIFICATE", certificate.raw());
    work.finish(StoredResponse::ok(&ExportView { export: text, digest, certificate })?).await
}

/// The right to every subject at the moment of the export; recorded in the role that the first one takes.
fn permit_all(work: &Work, areas: &[AreaPath]) -> Result<By, Stop> {
    let mut first = None;
    for area in areas {
        let by = work.permit(Action::CaseExport, &Place::area(area))?;
        first.get_or_insert(by);
    }
    first.ok_or_else(|| Problem::new(Code::Validation).into())
}

/// Area of a seal, an application, a unit, a maker or a ticket.
async fn area_of(app: &Shared, subject: &str) -> Result<AreaPath, Stop> {
    let mut access = app.store.read().await?;
    if SealId::parse(subject).is_ok() {
        return Ok(access.get::<Seal>(subject).await?.value.area_path().clone());
    }
    if ApplicationId::parse(subject).is_ok() {
        return Ok(access.get::<Application>(subject).await?.value.area_path().clone());
    }
    if UnitId::parse(subject).is_ok() {
        return Ok(access.get::<Unit>(subject).await?.value.area_path);
    }
    if MakerId::parse(subject).is_ok() {
        return Ok(access.get::<Maker>(subject).await?.value.area_path);
    }
    if TicketId::parse(subject).is_ok() {
        return Ok(access.get::<Ticket>(subject).await?.value.area_path().clone());
    }
    Err(Problem::new(Code::NotFound).into())
}
