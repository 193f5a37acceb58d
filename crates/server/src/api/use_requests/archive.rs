//! The sealed documents of a request as one archive (ZIP), streamed: one document in memory at a time.

use super::content::not_disposed;
use super::zip::Zip;
use super::{place, subject};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::documents::Digest;
use crate::http::{Code, Path, Problem, StoredResponse};
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream::try_unfold;
use serde_json::json;
use std::collections::VecDeque;
use std::io;
use yinxin_registry::ids::UseRequestId;
use yinxin_registry::lifecycle::Refused;
use yinxin_registry::permission::Action;
use yinxin_registry::usage::document::{Document, Format, ItemState};
use yinxin_registry::usage::request::UseRequest;

/// Documents read from the database at once.
const PART: u32 = 500;
/// Most bytes of an archive: the classic layout of ZIP, which every program reads, ends a little above.
const MOST_BYTES: u64 = 4_000_000_000;

/// 下载全部已用印文件。 Every sealed document of a request as one ZIP; the number before a name is its place, from 1.
#[utoipa::path(
    get, path = "/use-requests/{id}/archive", tag = "use", operation_id = "use_requests.archive", summary = "下载全部已用印文件 · All sealed documents",
    params(("id" = String, Path, description = "用印申请 · request")),
    responses(
        (status = 200, description = "ZIP", body = Vec<u8>, content_type = "application/zip"),
        (status = 410, description = "内容已销毁 · disposed of")
    )
)]
pub async fn archive(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UseRequestId>,
) -> Result<Response, Stop> {
    let mut work = Work::begin_keyless(&app, &caller).await?;
    let request = work.tx.get::<UseRequest>(id.as_str()).await?.value;
    let by = work.permit(Action::UseContent, &place(&request))?;
    let (mut queue, mut after, mut bytes) = (VecDeque::new(), -1, 0u64);
    loop {
        let part = work.tx.use_items(id.as_str(), Some(ItemState::Signed), after, PART).await?;
        let Some(last) = part.last() else { break };
        after = i64::from(last.value.place());
        for item in &part {
            not_disposed(&item.value)?;
            let Some(sealed) = item.value.sealed() else { continue };
            let digest: Digest = sealed.digest.parse().map_err(|_| Problem::new(Code::Integrity))?;
            let name = entry_name(item.value.place(), item.value.document());
            bytes = bytes.saturating_add(sealed.size).saturating_add(200 + 2 * name.len() as u64);
            queue.push_back((name, digest));
        }
    }
    if bytes > MOST_BYTES {
        return Err(Refused::rule(
            "ARCHIVE_TOO_LARGE",
            "全部文件超过 4 GB，请逐份下载",
            "the documents have more than 4 GB together: take them one by one",
        )
        .into());
    }
    work.record(&by, "use.read_archive", &subject(&request), None, json!({ "documents": queue.len() }));
    work.finish(StoredResponse::no_content()).await?;
    let state = Archive { app, queue, zip: Zip::default(), ended: false };
    let body = Body::from_stream(try_unfold(state, Archive::next));
    let disposition = format!("attachment; filename=\"{}.zip\"", request.number());
    let headers =
        [(header::CONTENT_TYPE, "application/zip".to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, body).into_response())
}

struct Archive {
    app: Shared,
    queue: VecDeque<(String, Digest)>,
    zip: Zip,
    ended: bool,
}

impl Archive {
    /// The next piece. A document that cannot be read breaks the archive off, which nobody can mistake for a whole one.
    async fn next(mut self) -> io::Result<Option<(Bytes, Self)>> {
        if self.ended {
            return Ok(None);
        }
        let Some((name, digest)) = self.queue.pop_front() else {
            self.ended = true;
            let end = self.zip.end();
            return Ok(Some((Bytes::from(end), self)));
        };
        let content = self.app.documents.get(digest).await.map_err(io::Error::other)?;
        let piece = self.zip.entry(&name, &content);
        Ok(Some((Bytes::from(piece), self)))
    }
}

/// `00001 采购合同.ofd`: no separators of folders, so that nothing lands elsewhere when it is unpacked.
/// What was sealed without its document is the value for it: `00001 采购合同.ofd.SignedValue.dat`.
fn entry_name(place: u32, document: &Document) -> String {
    let value = match document.format {
        Format::Ofd | Format::Pdf => "",
        Format::OfdSignature | Format::PdfDigest => ".SignedValue.dat",
    };
    let safe: String = document
        .name
        .chars()
        .map(|c| if matches!(c, '/' | '\\' | ':') || c.is_control() { '_' } else { c })
        .collect();
    format!("{:05} {safe}{value}", place.saturating_add(1))
}
