//! The status of a seal.

use super::{Question, check_code, find};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{Path, Query};
use crate::status::{Asked, CACHING, Envelope, Kept, not_ours, present};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

/// 印章状态查询。 The signed status of a seal, now or at a moment; of a code nobody knows too. Needs no identity. The member `statement`
/// is JSON with `code`, `at`, `status` (`unknown`, `not_in_force`, `valid`, `suspended`, `ended`, `expired`, `void`), `since`,
/// `this_update`, `next_update`, `seal`, `timeline`, and `source` where another system told of the seal. A seal for internal business only is unknown to whoever may not read it.
#[utoipa::path(
    get, path = "/status/{code}", tag = "status", operation_id = "status.show", summary = "印章状态查询 · Status of a seal",
    params(("code" = String, Path, description = "印章编码 · code of the seal", min_length = 1, max_length = 64, pattern = "^[!-~]{1,64}$"), Question),
    responses((status = 200, description = "签名的应答 · the signed answer", body = Envelope,
        headers(("ETag" = String, description = "应答的标识 · tag of the answer")))),
    security(())
)]
pub async fn show(
    State(app): State<Shared>,
    caller: Option<axum::Extension<Caller>>,
    Path(code): Path<String>,
    Query(question): Query<Question>,
) -> Result<Response, Stop> {
    check_code(&code)?;
    let now = app.now()?;
    question.check(now)?;
    if caller.is_none() && question.at.is_none() && question.nonce.is_none() {
        return Ok(answer(present(&app, &code).await?));
    }
    let caller = caller.map(|extension| extension.0);
    let (seal, _) = find(&app, &code, caller.as_ref(), now).await?;
    let asked = Asked { code: &code, at: question.at, nonce: question.nonce.as_deref() };
    let (statement, envelope) = match &seal {
        Some(_) => app.status_answer(&asked, seal.as_ref(), now)?,
        None => not_ours(&app, &asked, now).await?,
    };
    let mut response = answer(Kept::new(&statement, &envelope));
    if caller.is_some() || question.nonce.is_some() {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(response)
}

fn answer(kept: Kept) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, CACHING),
        (header::ETAG, kept.etag),
    ];
    (headers, kept.body).into_response()
}
