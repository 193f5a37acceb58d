//! The list of seals that are or were not to be used.

use crate::app::{Shared, Stop};
use crate::http::Path;
use crate::status::list::{Signed, signed};
use crate::status::{CACHING, Envelope};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

/// 印章状态列表。 The signed list of all seals that are or were suspended, ended or void. The member `statement` is JSON with `number`,
/// `this_update`, `next_update`, `entries_digest` and `entries`.
#[utoipa::path(
    get, path = "/status-list", tag = "status", operation_id = "status.list", summary = "印章状态列表 · List of status",
    responses((status = 200, description = "签名的列表 · the signed list", body = Envelope,
        headers(("ETag" = String, description = "列表编号 · number of the list")))),
    security(())
)]
pub async fn list(State(app): State<Shared>) -> Result<Response, Stop> {
    Ok(answer(signed(&app, None).await?))
}

/// 状态列表增量。 What changed since the list with this number (0: the empty list), signed. Whoever puts it in place of an older list gets
/// the list with the digest it names.
#[utoipa::path(
    get, path = "/status-list/since/{number}", tag = "status", operation_id = "status.delta",
    summary = "状态列表增量 · What changed since a list",
    params(("number" = i64, Path, description = "已有列表的编号 · number of the list already held", minimum = 0)),
    responses((status = 200, description = "签名的增量 · the signed delta", body = Envelope,
        headers(("ETag" = String, description = "两个编号 · both numbers")))),
    security(())
)]
pub async fn delta(State(app): State<Shared>, Path(number): Path<i64>) -> Result<Response, Stop> {
    Ok(answer(signed(&app, Some(number)).await?))
}

fn answer(signed: Signed) -> Response {
    let tag = format!("\"{}\"", signed.tag);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, CACHING),
        (header::ETAG, HeaderValue::from_str(&tag).unwrap_or_else(|_| HeaderValue::from_static("\"0\""))),
    ];
    (headers, signed.body).into_response()
}
