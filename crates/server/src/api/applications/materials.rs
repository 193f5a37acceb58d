//! Documents of an application: stored under their digest, encrypted, and named in the content.

use super::{ApplicationView, answer, place, subject};
use crate::api::use_requests::{may_be_sealed, not_going};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::documents::Digest;
use crate::http::{Code, IfMatch, Path, Problem, Query, StoredResponse};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;
use yinxin_registry::ids::ApplicationId;
use yinxin_registry::lifecycle::application::{Application, ApplicationEvent, Material};
use yinxin_registry::permission::Action;

/// Media types of documents.
const MEDIA_TYPES: [&str; 5] = ["application/pdf", "application/ofd", "image/png", "image/jpeg", "image/bmp"];

/// Name of the file.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FileName {
    /// As the applicant knows it.
    #[param(min_length = 1, max_length = 120)]
    pub file_name: String,
}

/// 上传材料。 Puts a document under a code of the procedure; one that was there is replaced.
#[utoipa::path(
    put, path = "/applications/{id}/materials/{code}", tag = "applications", operation_id = "applications.put_material", summary = "上传材料 · Hand in a document",
    params(("id" = String, Path, description = "申请 · application"), ("code" = String, Path, description = "材料代码 · code of the material"), FileName, IfMatch),
    request_body(content((Vec<u8> = "application/pdf"), (Vec<u8> = "application/ofd"), (Vec<u8> = "image/png"), (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/bmp")), description = "PDF、OFD、PNG、JPEG、BMP"),
    responses((status = 200, description = "申请 · the application", body = ApplicationView))
)]
pub async fn put(
    State(app): State<Shared>,
    caller: Caller,
    Path((id, code)): Path<(ApplicationId, String)>,
    Query(name): Query<FileName>,
    if_match: IfMatch,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Stop> {
    let media_type = media_type(&headers, &body)?;
    check_name(&code, &name.file_name)?;
    let read = app.store.read().await?.get::<Application>(id.as_str()).await?;
    caller.permit(Action::ApplicationWrite, &place(&read.value), app.now()?)?;
    if may_be_sealed(media_type) {
        claim(&app, &Digest::of(&body).to_string(), id.as_str()).await?;
    }
    // Stored before the transaction: what nobody names in the end is swept.
    let stored = app.documents.put(body, media_type).await?;
    let mut work = Work::begin_keyless(&app, &caller).await?;
    let found = work.tx.get::<Application>(id.as_str()).await?;
    let by = work.permit(Action::ApplicationWrite, &place(&found.value))?;
    if_match.check(found.version)?;
    let mut content = found.value.content().clone();
    content.materials.retain(|m| m.code != code);
    content.materials.push(Material {
        code: code.clone(),
        file_name: name.file_name,
        digest: stored.digest.to_string(),
        size: stored.size,
        media_type: media_type.to_owned(),
        at: work.now,
    });
    let event = ApplicationEvent::Edit { content: Box::new(content) };
    let (application, _) = found.value.apply(event, &by, work.now)?;
    let version = work.tx.save(&application, found.version).await?;
    let details = json!({ "code": code, "digest": stored.digest.to_string(), "size": stored.size });
    work.record(&by, "application.put_material", &subject(&application), None, details);
    work.finish(answer(&application, version)?).await
}

/// 删除材料。 Takes a document out.
#[utoipa::path(
    delete, path = "/applications/{id}/materials/{code}", tag = "applications", operation_id = "applications.remove_material", summary = "删除材料 · Take a document out",
    params(("id" = String, Path, description = "申请 · application"), ("code" = String, Path, description = "材料代码 · code of the material"), IfMatch),
    responses((status = 200, description = "申请 · the application", body = ApplicationView))
)]
pub async fn remove(
    State(app): State<Shared>,
    caller: Caller,
    Path((id, code)): Path<(ApplicationId, String)>,
    if_match: IfMatch,
) -> Result<Response, Stop> {
    let mut work = Work::begin_keyless(&app, &caller).await?;
    let found = work.tx.get::<Application>(id.as_str()).await?;
    let by = work.permit(Action::ApplicationWrite, &place(&found.value))?;
    if_match.check(found.version)?;
    let mut content = found.value.content().clone();
    let before = content.materials.len();
    content.materials.retain(|m| m.code != code);
    if content.materials.len() == before {
        return Err(Problem::new(Code::NotFound).into());
    }
    let event = ApplicationEvent::Edit { content: Box::new(content) };
    let (application, _) = found.value.apply(event, &by, work.now)?;
    let version = work.tx.save(&application, found.version).await?;
    work.record(&by, "application.remove_material", &subject(&application), None, json!({ "code": code }));
    work.finish(answer(&application, version)?).await
}

/// 下载材料。 Reads a document; the reading is recorded.
#[utoipa::path(
    get, path = "/applications/{id}/materials/{code}", tag = "applications", operation_id = "applications.get_material", summary = "下载材料 · Read a document",
    params(("id" = String, Path, description = "申请 · application"), ("code" = String, Path, description = "材料代码 · code of the material")),
    responses((status = 200, description = "材料 · the document", content((Vec<u8> = "application/pdf"), (Vec<u8> = "application/ofd"), (Vec<u8> = "image/png"), (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/bmp"))))
)]
pub async fn get(
    State(app): State<Shared>,
    caller: Caller,
    Path((id, code)): Path<(ApplicationId, String)>,
) -> Result<Response, Stop> {
    let mut work = Work::begin_keyless(&app, &caller).await?;
    let found = work.tx.get::<Application>(id.as_str()).await?;
    let by = work.permit(Action::ApplicationRead, &place(&found.value))?;
    let material = found.value.content().materials.iter().find(|m| m.code == code);
    let material = material.ok_or_else(|| Problem::new(Code::NotFound))?;
    let details = json!({ "code": code, "digest": material.digest });
    work.record(&by, "application.read_material", &subject(&found.value), None, details);
    work.finish(StoredResponse::no_content()).await?;
    download(&app, &material.digest, &material.media_type).await
}

/// A document as an answer gives it. Never shown in place: one handed in by a stranger must not run in the origin of the registry.
///
/// # Errors
/// Problems of the document store.
pub(crate) async fn download(app: &Shared, digest: &str, media_type: &str) -> Result<Response, Stop> {
    let digest: Digest = digest.parse().map_err(|_| Problem::new(Code::Integrity))?;
    let bytes = app.documents.get(digest).await?;
    let headers = [(header::CONTENT_TYPE, media_type), (header::CONTENT_DISPOSITION, "attachment")];
    Ok((headers, bytes.to_vec()).into_response())
}

/// Documents of requests to use a seal are OFD or PDF, too, and are disposed of when their time is over: who else refers to the same bytes is on
/// record before they are brought, and stays so.
///
/// # Errors
/// `UNAVAILABLE` when they are being disposed of at the moment; problems of the database.
pub(crate) async fn claim(app: &Shared, digest: &str, owner: &str) -> Result<(), Stop> {
    let mut tx = app.store.begin().await?;
    tx.claim_content(digest, owner).await?;
    tx.commit().await?;
    not_going(&mut app.store.read().await?, digest).await
}

/// The media type of a document that is brought, when its content begins as such documents do.
///
/// # Errors
/// `UNSUPPORTED_MEDIA_TYPE`.
pub(crate) fn media_type(headers: &HeaderMap, body: &[u8]) -> Result<&'static str, Problem> {
    let said = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let known = MEDIA_TYPES.iter().copied().find(|known| *known == said);
    let known = known.ok_or_else(|| Problem::new(Code::UnsupportedMediaType))?;
    let begins: &[u8] = match known {
        "application/pdf" => b"%PDF-",
        "application/ofd" => b"PK\x03\x04",
        "image/png" => b"\x89PNG\r\n\x1a\n",
        "image/jpeg" => b"\xff\xd8\xff",
        _ => b"BM",
    };
    if body.starts_with(begins) {
        return Ok(known);
    }
    Err(Problem::new(Code::UnsupportedMediaType)
        .detail("文件内容与所称类型不符。", "The content is not of the type it claims."))
}

fn check_name(code: &str, file_name: &str) -> Result<(), Problem> {
    let good_code = (1..=64).contains(&code.len())
        && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-');
    if good_code && is_file_name(file_name) {
        return Ok(());
    }
    Err(Problem::new(Code::BadRequest)
        .detail("材料代码或者文件名不正确。", "The code or the file name is not acceptable."))
}

/// Whether a text names a file: 1 to 120 characters, no path.
pub(crate) fn is_file_name(text: &str) -> bool {
    let length = text.chars().count();
    (1..=120).contains(&length) && !text.chars().any(|c| c.is_control() || c == '/' || c == '\\')
}
