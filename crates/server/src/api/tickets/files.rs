//! Files that show what a unit corrected: stored under their digest, encrypted, and named on the ticket.

use super::{Noted, TicketView, answered, place, step, subject};
use crate::api::applications::{FileName, claim, download, is_file_name, media_type};
use crate::api::filter::check_digest;
use crate::api::use_requests::may_be_sealed;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::documents::Digest;
use crate::http::{Code, IfMatch, Path, Problem, Query, StoredResponse};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::json;
use yinxin_registry::correction::{Ticket, TicketEvent, TicketFile};
use yinxin_registry::ids::TicketId;
use yinxin_registry::lifecycle::Refused;
use yinxin_registry::permission::Action;

/// 上传整改材料。 Brings a file for the next answer; the bytes must have the digest of the path. Bringing it again gives it another name.
#[utoipa::path(
    put, path = "/tickets/{id}/files/{digest}", tag = "tickets", operation_id = "tickets.put_file", summary = "上传整改材料 · Bring a file",
    params(("id" = String, Path, description = "监管单 · ticket"), ("digest" = String, Path, description = "SM3，十六进制 · SM3 of the file, hex", pattern = "^[0-9a-f]{64}$"), FileName, IfMatch),
    request_body(content((Vec<u8> = "application/pdf"), (Vec<u8> = "application/ofd"), (Vec<u8> = "image/png"), (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/bmp")), description = "PDF、OFD、PNG、JPEG、BMP"),
    responses((status = 200, description = "监管单 · the ticket", body = TicketView))
)]
pub async fn put(
    State(app): State<Shared>,
    caller: Caller,
    Path((id, digest)): Path<(TicketId, String)>,
    Query(name): Query<FileName>,
    if_match: IfMatch,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Stop> {
    check_digest(Some(&digest))?;
    let media_type = media_type(&headers, &body)?;
    if !is_file_name(&name.file_name) {
        return Err(Problem::new(Code::BadRequest)
            .detail("文件名不正确。", "The file name is not acceptable.")
            .into());
    }
    let read = app.store.read().await?.get::<Ticket>(id.as_str()).await?;
    caller.permit(Action::TicketAnswer, &place(&read.value), app.now()?)?;
    if Digest::of(&body).to_string() != digest {
        return Err(Refused::rule(
            "CONTENT_DIFFERS",
            "文件内容与所登记的摘要或者大小不符",
            "the bytes are not those that were named",
        )
        .into());
    }
    if may_be_sealed(media_type) {
        claim(&app, &digest, id.as_str()).await?;
    }
    // Stored before the transaction: what nobody names in the end is swept.
    let stored = app.documents.put(body, media_type).await?;
    let mut work = Work::begin_keyless(&app, &caller).await?;
    let found = work.tx.get::<Ticket>(id.as_str()).await?;
    let by = work.permit(Action::TicketAnswer, &place(&found.value))?;
    if_match.check(found.version)?;
    let file = TicketFile {
        digest: digest.clone(),
        file_name: name.file_name,
        size: stored.size,
        media_type: media_type.to_owned(),
        at: work.now,
    };
    let (ticket, _) = found.value.apply(TicketEvent::Attach(file), &by, work.now)?;
    let version = work.tx.save(&ticket, found.version).await?;
    let details = json!({ "digest": digest, "size": stored.size });
    work.record(&by, "ticket.put_file", &subject(&ticket), None, details);
    let answer = answered(&work, &ticket, version)?;
    work.finish(answer).await
}

/// 删除整改材料。 Takes a file out of the next answer; those of answers that were given stay.
#[utoipa::path(
    delete, path = "/tickets/{id}/files/{digest}", tag = "tickets", operation_id = "tickets.remove_file", summary = "删除整改材料 · Take a file out",
    params(("id" = String, Path, description = "监管单 · ticket"), ("digest" = String, Path, description = "SM3，十六进制 · SM3 of the file, hex", pattern = "^[0-9a-f]{64}$"), IfMatch),
    responses((status = 200, description = "监管单 · the ticket", body = TicketView))
)]
pub async fn remove(
    State(app): State<Shared>,
    caller: Caller,
    Path((id, digest)): Path<(TicketId, String)>,
    if_match: IfMatch,
) -> Result<Response, Stop> {
    check_digest(Some(&digest))?;
    let work = Work::begin_keyless(&app, &caller).await?;
    let details = json!({ "digest": digest });
    let noted = Noted { action: "ticket.remove_file", reason: None, details };
    step(work, (&id, &if_match), Action::TicketAnswer, TicketEvent::Detach { digest }, noted).await
}

/// 下载整改材料。 Reads a file; the reading is recorded.
#[utoipa::path(
    get, path = "/tickets/{id}/files/{digest}", tag = "tickets", operation_id = "tickets.get_file", summary = "下载整改材料 · Read a file",
    params(("id" = String, Path, description = "监管单 · ticket"), ("digest" = String, Path, description = "SM3，十六进制 · SM3 of the file, hex", pattern = "^[0-9a-f]{64}$")),
    responses((status = 200, description = "材料 · the file", content((Vec<u8> = "application/pdf"), (Vec<u8> = "application/ofd"), (Vec<u8> = "image/png"), (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/bmp"))))
)]
pub async fn get(
    State(app): State<Shared>,
    caller: Caller,
    Path((id, digest)): Path<(TicketId, String)>,
) -> Result<Response, Stop> {
    check_digest(Some(&digest))?;
    let mut work = Work::begin_keyless(&app, &caller).await?;
    let found = work.tx.get::<Ticket>(id.as_str()).await?;
    let by = work.permit(Action::TicketRead, &place(&found.value))?;
    let file = found.value.file(&digest).ok_or_else(|| Problem::new(Code::NotFound))?;
    work.record(&by, "ticket.read_file", &subject(&found.value), None, json!({ "digest": digest }));
    work.finish(StoredResponse::no_content()).await?;
    download(&app, &file.digest, &file.media_type).await
}
