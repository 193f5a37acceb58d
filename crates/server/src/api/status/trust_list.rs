//! The list of what this authority vouches for.

use crate::app::{Shared, Stop};
use crate::exchange::signed;
use crate::status::{CACHING, Envelope};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

/// 信任列表。 The signed list of the authority's roots, makers and services, and of the other systems it recognizes. The member `statement` is
/// JSON with `number`, `this_update`, `next_update`, `signers`, `anchors`, `intermediates`, `revocation_lists`, `makers`, `systems` and
/// `addresses`.
#[utoipa::path(
    get, path = "/trust-list", tag = "status", operation_id = "status.trust_list", summary = "信任列表 · Trust list",
    responses((status = 200, description = "签名的列表 · the signed list", body = Envelope,
        headers(("ETag" = String, description = "列表编号 · number of the list")))),
    security(())
)]
pub async fn trust_list(State(app): State<Shared>) -> Result<Response, Stop> {
    let (number, body) = signed(&app).await?;
    let tag = HeaderValue::from_str(&format!("\"{number}\""));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, CACHING),
        (header::ETAG, tag.unwrap_or_else(|_| HeaderValue::from_static("\"0\""))),
    ];
    Ok((headers, body).into_response())
}
