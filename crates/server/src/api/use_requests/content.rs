//! Bytes of documents: brought by who asks, read by who decides, had sealed in the end. Every reading is recorded.

use super::items::only_a_draft_of;
use super::{UseItemView, place, subject};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::documents::{Digest, DocumentError};
use crate::http::{Code, IfMatch, Path, Problem, StoredResponse};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use yinxin_registry::ids::{UseItemId, UseRequestId};
use yinxin_registry::lifecycle::Refused;
use yinxin_registry::permission::Action;
use yinxin_registry::usage::document::{Format, ItemState, UseItem};
use yinxin_registry::usage::request::UseRequest;
use yinxin_seal::sign::range_digest;
use yinxin_seal::{DocumentKind, document_kind};
use yinxin_store::{Access, Versioned};

/// Media type of OFD.
const OFD: &str = "application/ofd";
/// Media type of PDF.
const PDF: &str = "application/pdf";

/// Whether a file of this media type may be a document of a request too, whose contents are disposed of in their time.
pub fn may_be_sealed(media_type: &str) -> bool {
    [OFD, PDF].contains(&media_type)
}

/// Media type of what is brought.
pub fn media_type(format: Format) -> &'static str {
    match format {
        Format::Ofd => OFD,
        Format::Pdf => PDF,
        Format::OfdSignature => "application/xml",
        Format::PdfDigest => "text/plain",
    }
}

/// Media type of what is given back: the document, or the SES_Signature that belongs into it.
pub fn sealed_media_type(format: Format) -> &'static str {
    match format {
        Format::Ofd => OFD,
        Format::Pdf => PDF,
        Format::OfdSignature | Format::PdfDigest => "application/octet-stream",
    }
}

/// What the bytes are, where they are what was said: a document of either kind, a signature file, or a digest.
fn found_format(named: Format, body: &[u8]) -> Option<Format> {
    if named == Format::PdfDigest {
        return range_digest(body).map(|_| named);
    }
    match document_kind(std::io::Cursor::new(body)).ok()? {
        DocumentKind::Pdf => Some(Format::Pdf).filter(|_| named.whole()),
        DocumentKind::Ofd if body.starts_with(b"PK\x03\x04") => Some(Format::Ofd).filter(|_| named.whole()),
        DocumentKind::Ofd => Some(Format::OfdSignature).filter(|_| !named.whole()),
        DocumentKind::Both | DocumentKind::Empty => None,
    }
}

/// A document of this request, and of no other.
pub(crate) async fn item_of(
    access: &mut Access,
    request: &str,
    item: &str,
) -> Result<Versioned<UseItem>, Stop> {
    let found = access.get::<UseItem>(item).await?;
    match found.value.request().as_str() == request {
        true => Ok(found),
        false => Err(Problem::new(Code::NotFound).into()),
    }
}

/// 上传用印文件。 Brings the bytes of a document, or its signature file where only that was named; they must be those that were named. Whether a whole document is an OFD or a PDF its content tells, and its media type must say the same. Bringing them again changes nothing. `If-Match` is the
/// version of the request as it was when its last document was named.
#[utoipa::path(
    put, path = "/use-requests/{id}/items/{item}/content", tag = "use", operation_id = "use_requests.put_content", summary = "上传用印文件 · Bring a document",
    params(("id" = String, Path, description = "用印申请 · request"), ("item" = String, Path, description = "文件 · document"), IfMatch),
    request_body(content((Vec<u8> = "application/ofd"), (Vec<u8> = "application/pdf"), (String = "application/xml"), (String = "text/plain"))),
    responses((status = 200, description = "文件 · the document", body = UseItemView))
)]
pub async fn put(
    State(app): State<Shared>,
    caller: Caller,
    Path((id, item)): Path<(UseRequestId, UseItemId)>,
    if_match: IfMatch,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Stop> {
    let mut read = app.store.read().await?;
    let Versioned { version, value: request } = read.get::<UseRequest>(id.as_str()).await?;
    let by = caller.permit(Action::UseAsk, &place(&request), app.now()?)?;
    if_match.check(version)?;
    let found = item_of(&mut read, id.as_str(), item.as_str()).await?.value;
    only_a_draft_of(&request, &by.id)?;
    if found.state() == ItemState::Dropped {
        return Err(Problem::new(Code::NotFound).into());
    }
    let document = found.document();
    let said = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let format = found_format(document.format, &body).filter(|format| said == Some(media_type(*format)));
    let Some(format) = format else { return Err(Problem::new(Code::UnsupportedMediaType).into()) };
    let digest = Digest::of(&body);
    if digest.to_string() != document.digest || body.len() as u64 != document.size {
        return Err(Refused::rule(
            "CONTENT_DIFFERS",
            "文件内容与所登记的摘要或者大小不符",
            "the bytes are not those that were named",
        )
        .into());
    }
    // The document was on record before: whoever deletes the same bytes for another one either sees it, or is seen here.
    not_going(&mut read, &document.digest).await?;
    drop(read);
    // Stored before the transaction: what nobody names in the end is swept.
    app.documents.put_as(digest, body, media_type(format)).await?;
    let mut work = Work::begin_keyless(&app, &caller).await?;
    let Versioned { version, value: request } = work.tx.get::<UseRequest>(id.as_str()).await?;
    let by = work.permit(Action::UseAsk, &place(&request))?;
    if_match.check(version)?;
    only_a_draft_of(&request, &by.id)?;
    let found = item_of(&mut work.tx, id.as_str(), item.as_str()).await?;
    let item = found.value.with_content(format);
    work.tx.save(&item, found.version).await?;
    let details =
        json!({ "item": item.id(), "digest": item.document().digest, "size": item.document().size });
    work.record(&by, "use.put_content", &subject(&request), None, details);
    work.finish(StoredResponse::ok(&UseItemView::from(&item))?).await
}

/// Bytes that are being disposed of for another document cannot be brought at the same moment.
///
/// # Errors
/// `UNAVAILABLE`, to be tried again.
pub(crate) async fn not_going(access: &mut Access, digest: &str) -> Result<(), Stop> {
    if !access.is_going(digest).await? {
        return Ok(());
    }
    let (zh, en) =
        ("相同内容正在销毁，请稍后重试。", "The same content is being disposed of; try again in a moment.");
    Err(Problem::new(Code::Unavailable).detail(zh, en).into())
}

/// Whether the contents are still there.
///
/// # Errors
/// `DISPOSED`.
pub(crate) fn not_disposed(item: &UseItem) -> Result<(), Problem> {
    let Some(disposed) = item.disposed() else { return Ok(()) };
    let (at, list) = (disposed.at, &disposed.disposal);
    Err(Problem::new(Code::Disposed).detail(
        format!("文件内容已于 {at} 按销毁清单 {list} 销毁；摘要和登记仍然保存。"),
        format!("The contents were disposed of at {at} by list {list}; digest and register are kept."),
    ))
}

/// 查看用印文件。 Reads a document as it was brought, by who decides on it or seals it.
#[utoipa::path(
    get, path = "/use-requests/{id}/items/{item}/content", tag = "use", operation_id = "use_requests.content", summary = "查看用印文件 · Read a document",
    params(("id" = String, Path, description = "用印申请 · request"), ("item" = String, Path, description = "文件 · document")),
    responses(
        (status = 200, description = "文件 · the document", content((Vec<u8> = "application/ofd"), (Vec<u8> = "application/pdf"), (String = "application/xml"), (String = "text/plain"))),
        (status = 410, description = "内容已销毁 · disposed of")
    )
)]
pub async fn get(
    State(app): State<Shared>,
    caller: Caller,
    Path((id, item)): Path<(UseRequestId, UseItemId)>,
) -> Result<Response, Stop> {
    read(&app, &caller, (&id, &item), false).await
}

/// 下载已用印文件。 The sealed document.
#[utoipa::path(
    get, path = "/use-requests/{id}/items/{item}/sealed", tag = "use", operation_id = "use_requests.sealed", summary = "下载已用印文件 · The sealed document",
    params(("id" = String, Path, description = "用印申请 · request"), ("item" = String, Path, description = "文件 · document")),
    responses(
        (status = 200, description = "已用印文件，只报摘要的为签章数据 · the sealed document, or the SES_Signature for it", content((Vec<u8> = "application/ofd"), (Vec<u8> = "application/pdf"), (Vec<u8> = "application/octet-stream"))),
        (status = 410, description = "内容已销毁 · disposed of")
    )
)]
pub async fn sealed(
    State(app): State<Shared>,
    caller: Caller,
    Path((id, item)): Path<(UseRequestId, UseItemId)>,
) -> Result<Response, Stop> {
    read(&app, &caller, (&id, &item), true).await
}

async fn read(
    app: &Shared,
    caller: &Caller,
    (id, item): (&UseRequestId, &UseItemId),
    sealed: bool,
) -> Result<Response, Stop> {
    let mut work = Work::begin_keyless(app, caller).await?;
    let request = work.tx.get::<UseRequest>(id.as_str()).await?.value;
    let by = work.permit(Action::UseContent, &place(&request))?;
    let item = item_of(&mut work.tx, id.as_str(), item.as_str()).await?.value;
    not_disposed(&item)?;
    let digest = match (sealed, item.sealed()) {
        (true, Some(sealed)) => sealed.digest.clone(),
        (false, _) if item.has_content() => item.document().digest.clone(),
        _ => return Err(Problem::new(Code::NotFound).into()),
    };
    let action = if sealed { "use.read_sealed" } else { "use.read_content" };
    work.record(&by, action, &subject(&request), None, json!({ "item": item.id(), "digest": digest }));
    work.finish(StoredResponse::no_content()).await?;
    let digest: Digest = digest.parse().map_err(|_| Problem::new(Code::Integrity))?;
    let bytes = there(app, digest).await?;
    // Never shown in place: a document of a stranger must not run in the origin of the registry.
    let format = item.document().format;
    let kind = if sealed { sealed_media_type(format) } else { media_type(format) };
    let headers = [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, "attachment")];
    Ok((headers, bytes).into_response())
}

/// Contents of a document that was not disposed of.
///
/// # Errors
/// `UNAVAILABLE`, to be tried again, while they are being deleted and that is not on record yet; problems of the document store.
pub(super) async fn there(app: &Shared, digest: Digest) -> Result<Vec<u8>, Stop> {
    match app.documents.get(digest).await {
        Err(DocumentError::NotFound(_)) => {
            not_going(&mut app.store.read().await?, &digest.to_string()).await?;
            Err(Problem::new(Code::NotFound).into())
        }
        found => Ok(found?.to_vec()),
    }
}
