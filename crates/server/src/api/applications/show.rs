//! Reading an application, its automatic checks as they would come out now, and its approval certificate.

use super::facts::check_facts;
use super::submit::STATEMENT;
use super::view::CheckView;
use super::{ApplicationView, place, subject};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::documents::Digest;
use crate::http::{Code, Json, Path, Problem, Versioned};
use crate::proof::truth::declaration;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::ids::ApplicationId;
use yinxin_registry::lifecycle::application::Application;
use yinxin_registry::permission::Action;

/// 查看申请。 Reads one.
#[utoipa::path(
    get, path = "/applications/{id}", tag = "applications", operation_id = "applications.show", summary = "查看申请 · Read an application",
    params(("id" = String, Path, description = "申请 · application")),
    responses((status = 200, description = "申请 · the application", body = ApplicationView))
)]
pub async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<ApplicationId>,
) -> Result<Versioned<ApplicationView>, Stop> {
    let found = app.store.read().await?.get::<Application>(id.as_str()).await?;
    caller.permit(Action::ApplicationRead, &place(&found.value), app.now()?)?;
    Ok(Versioned { version: found.version, body: ApplicationView::of(&found.value, found.version) })
}

/// The checks as they come out now, and what has to be stated.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChecksView {
    /// Whether it could be handed in.
    pub ready: bool,
    /// The checks in their order.
    pub checks: Vec<CheckView>,
    /// Words of the statement of truth.
    pub statement: String,
    /// What the statement has to cover, SM3, hex.
    pub content_digest: String,
    /// What a certificate signs instead: these very bytes in UTF-8, line ends included, by SM2 with SM3 and the user
    /// identifier 1234567812345678; see `signed` of `POST …/submit`.
    pub declaration: String,
}

/// 预检。 Runs the automatic checks without handing it in.
#[utoipa::path(
    get, path = "/applications/{id}/checks", tag = "applications", operation_id = "applications.checks", summary = "自动核验预检 · Try the checks",
    params(("id" = String, Path, description = "申请 · application")),
    responses((status = 200, description = "核验结果 · the checks", body = ChecksView))
)]
pub async fn checks(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<ApplicationId>,
) -> Result<Json<ChecksView>, Stop> {
    let found = app.store.read().await?.get::<Application>(id.as_str()).await?;
    caller.permit(Action::ApplicationRead, &place(&found.value), app.now()?)?;
    let imprint = app.imprints.checks(&found, &app.documents).await?;
    let mut work = Work::begin_keyless(&app, &caller).await?;
    let submission = work.tx.submission(id.as_str()).await?;
    if submission.application.version != found.version {
        return Err(Problem::new(Code::Conflict).into());
    }
    let profile = app.profiles.in_force(submission.area.profile.as_deref())?;
    let checks = check_facts(&mut work, &submission, &profile, imprint).await?;
    work.abandon().await?;
    Ok(Json(ChecksView {
        ready: checks.iter().all(|c| c.passed || !c.blocking),
        checks: checks.iter().map(CheckView::from).collect(),
        statement: STATEMENT.to_owned(),
        declaration: declaration_of(&found.value)?,
        content_digest: found.value.content_digest(),
    }))
}

/// The exact text to sign.
fn declaration_of(application: &Application) -> Result<String, Problem> {
    let digest: Digest = application.content_digest().parse().map_err(|_| Problem::new(Code::Integrity))?;
    String::from_utf8(declaration(digest.as_bytes())).map_err(|_| Problem::new(Code::Internal))
}

/// 下载准予制作凭证。 The signed approval certificate, DER (GB/T 35275 SignedData).
#[utoipa::path(
    get, path = "/applications/{id}/approval", tag = "applications", operation_id = "applications.approval", summary = "下载准予制作凭证 · Approval certificate",
    params(("id" = String, Path, description = "申请 · application")),
    responses((status = 200, description = "凭证 · the certificate", body = Vec<u8>, content_type = "application/pkcs7-mime"))
)]
pub async fn approval(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<ApplicationId>,
) -> Result<Response, Stop> {
    let mut work = Work::begin_keyless(&app, &caller).await?;
    let found = work.tx.get::<Application>(id.as_str()).await?;
    let by = work.permit(Action::ApplicationRead, &place(&found.value))?;
    let proof = found.value.approval().ok_or_else(|| Problem::new(Code::NotFound))?;
    let digest: Digest = proof.digest.parse().map_err(|_| Problem::new(Code::Integrity))?;
    let bytes = app.documents.get(digest).await?;
    let details = json!({ "number": proof.number });
    work.record(&by, "application.read_approval", &subject(&found.value), None, details);
    work.finish(crate::http::StoredResponse::no_content()).await?;
    Ok(([(header::CONTENT_TYPE, "application/pkcs7-mime")], bytes.to_vec()).into_response())
}
