//! What an archive takes over of a sealed document (归档包): the document before and after, the report of its verification, the signed status
//! of its seal, its entry of the register, certificates, metadata, and a signed list of all of it.

use super::content::{item_of, not_disposed, there};
use super::metadata::{Archived, metadata};
use super::zip::Zip;
use super::{place, subject};
use crate::api::uses::UseRecordView;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::documents::Digest;
use crate::http::{Code, Path, Problem, StoredResponse};
use crate::status::{Asked, Envelope, certificates};
use crate::verification::{Judged, Language};
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;
use yinxin_crypto::sm3;
use yinxin_registry::ids::{UseItemId, UseRequestId};
use yinxin_registry::lifecycle::Refused;
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::permission::Action;
use yinxin_registry::usage::document::{Format, UseItem};
use yinxin_registry::usage::request::UseRequest;

/// Form of the signed list.
const FORMAT: &str = "yinxin-archive-1";
/// Most bytes of a document that is packed: it is held in memory twice.
const MOST_BYTES: u64 = 256 << 20;

/// A part of the package.
#[derive(Debug, Serialize)]
struct Part {
    path: String,
    size: usize,
    sm3: String,
    #[serde(skip)]
    content: Vec<u8>,
}

/// What is signed.
#[derive(Debug, Serialize)]
struct Manifest<'a> {
    request: &'a str,
    item: &'a str,
    made_at: Timestamp,
    by: String,
    parts: &'a [Part],
}

/// 下载归档包。 What an archive takes over of a sealed document, as a ZIP: `original.ofd`, `sealed.ofd`, `verification.json`, `status.json` (signed),
/// `register.json`, `certificates.p7b`, `metadata.xml`, and `manifest.json`, which lists all of them with their SM3 and is signed by the
/// authority. Of a document that stayed where it is only `Signature.xml` and `SignedValue.dat` are here, and no report.
#[utoipa::path(
    get, path = "/use-requests/{id}/items/{item}/archive-package", tag = "use", operation_id = "use_requests.archive_package", summary = "下载归档包 · Package for an archive",
    params(("id" = String, Path, description = "用印申请 · request"), ("item" = String, Path, description = "文件 · document")),
    responses(
        (status = 200, description = "ZIP", body = Vec<u8>, content_type = "application/zip"),
        (status = 410, description = "内容已销毁 · disposed of")
    )
)]
pub async fn package(
    State(app): State<Shared>,
    caller: Caller,
    Path((id, item)): Path<(UseRequestId, UseItemId)>,
) -> Result<Response, Stop> {
    let mut work = Work::begin_keyless(&app, &caller).await?;
    let request = work.tx.get::<UseRequest>(id.as_str()).await?.value;
    let by = work.permit(Action::UseContent, &place(&request))?;
    let item = item_of(&mut work.tx, id.as_str(), item.as_str()).await?.value;
    not_disposed(&item)?;
    let record = work.tx.sealing_of(item.id().as_str()).await?.map(|found| found.value);
    let (Some(sealed), Some(record)) = (item.sealed().cloned(), record) else {
        return Err(Problem::new(Code::NotFound).into());
    };
    let seal = work.tx.get::<Seal>(request.seal().as_str()).await?.value;
    if sealed.size.max(item.document().size) > MOST_BYTES {
        return Err(Refused::rule(
            "PACKAGE_TOO_LARGE",
            "文件超过 256 MB，请分别下载文件、核验报告和状态",
            "the document has more than 256 MB: take document, report and status one by one",
        )
        .into());
    }
    let now = work.now;
    work.record(&by, "use.archive_package", &subject(&request), None, json!({ "item": item.id() }));
    work.finish(StoredResponse::no_content()).await?;

    let digest = |text: &str| text.parse::<Digest>().map_err(|_| Problem::new(Code::Integrity));
    let original = there(&app, digest(&item.document().digest)?).await?;
    let after = there(&app, digest(&sealed.digest)?).await?;
    let judged = match item.document().format {
        Format::Ofd | Format::Pdf => Some(judged(&app, &caller, after.clone()).await?),
        Format::OfdSignature | Format::PdfDigest => None,
    };
    let asked = Asked { code: seal.code(), at: None, nonce: None };
    let (_, status) = app.status_answer(&asked, Some(&seal), now)?;
    let bundle = certificates::as_pkcs7(&certificates::all(&app).await?);
    let party = app.authority.party().name;
    let archived = Archived {
        request: &request,
        item: &item,
        sealed: &sealed,
        record: &record,
        seal: &seal,
        judged: judged.as_ref(),
        holder: &party,
        at: now,
    };
    let (before, finished) = names(&item);
    let mut parts = vec![part(before, original), part(finished, after)];
    if let Some(judged) = &judged {
        parts.push(part("verification.json", pretty(&judged.report)?));
    }
    parts.push(part("status.json", pretty(&status)?));
    parts.push(part("register.json", pretty(&UseRecordView::from(&record))?));
    parts.push(part("certificates.p7b", bundle));
    parts.push(part("metadata.xml", metadata(&archived).into_bytes()));
    let manifest = Manifest {
        request: request.id().as_str(),
        item: item.id().as_str(),
        made_at: now,
        by: party.clone(),
        parts: &parts,
    };
    let manifest = Envelope::sign(&manifest, FORMAT, &app.authority).map_err(|error| {
        tracing::error!(%error, "the list of a package could not be signed");
        Problem::new(Code::Internal)
    })?;
    parts.push(part("manifest.json", pretty(&manifest)?));
    let disposition = format!("attachment; filename=\"{}-{}.zip\"", request.number(), item.place() + 1);
    let headers =
        [(header::CONTENT_TYPE, "application/zip".to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, zipped(parts)).into_response())
}

fn names(item: &UseItem) -> (&'static str, &'static str) {
    match item.document().format {
        Format::Ofd => ("original.ofd", "sealed.ofd"),
        Format::Pdf => ("original.pdf", "sealed.pdf"),
        Format::OfdSignature => ("Signature.xml", "SignedValue.dat"),
        Format::PdfDigest => ("range.sm3", "SignedValue.dat"),
    }
}

/// As anybody would verify it now, with the caller's right to see the seal.
async fn judged(app: &Shared, caller: &Caller, document: Vec<u8>) -> Result<Judged, Stop> {
    let service = &app.verifications;
    let received = service.receive(service.place(true)?, Body::from(document), MOST_BYTES).await?;
    let (judged, _turn) = service.judge(app, received, Some(caller), Language::Zh).await?;
    Ok(judged)
}

fn part(path: &str, content: Vec<u8>) -> Part {
    Part { path: path.to_owned(), size: content.len(), sm3: hex::encode(sm3(&content)), content }
}

fn pretty<T: Serialize>(value: &T) -> Result<Vec<u8>, Problem> {
    serde_json::to_vec_pretty(value).map_err(|_| Problem::new(Code::Internal))
}

fn zipped(parts: Vec<Part>) -> Bytes {
    let mut zip = Zip::default();
    let mut all = Vec::new();
    for part in parts {
        all.extend(zip.entry(&part.path, &part.content));
    }
    all.extend(zip.end());
    Bytes::from(all)
}
