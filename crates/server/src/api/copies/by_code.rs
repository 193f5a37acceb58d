//! What a code on paper stands for, for everybody.

use super::view::CodeAnswer;
use super::{svg, trace};
use crate::api::filter::check_digest;
use crate::api::verifications::Asker;
use crate::app::{Shared, Stop};
use crate::http::{Code, Json, Path, Problem, Query};
use crate::landing;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

/// The file that somebody holds.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HeldFile {
    /// SM3 of a file, hex: is it the original?
    #[param(pattern = "^[0-9a-f]{64}$")]
    pub digest: Option<String>,
}

/// 按验证码查询。 What a code on paper stands for, that of a sealed document or that of a registered copy: the original, its seals then and now, and
/// the copy. In small letters too, with spaces or hyphens. Not why, by whom, or what stands in the document. Needs no identity.
#[utoipa::path(
    get, path = "/copies/by-code/{code}", tag = "copies", operation_id = "copies.by_code", summary = "按验证码查询 · Ask by a code on paper",
    params(("code" = String, Path, description = "验证码 · the code", min_length = 1, max_length = 64, pattern = "^[0-9A-Za-z -]{1,64}$"), HeldFile),
    responses(
        (status = 200, description = "验证码所对应的原件和副本 · what it stands for", body = CodeAnswer),
        (status = 404, description = "没有这个验证码 · nobody gave this code out"),
        (status = 401, description = "会话已失效，或签名不符 · the session has ended, or the signature does not fit"),
        (status = 403, description = "须先修改口令，或缺少防伪造令牌 · the password must be changed first, or the token is missing")
    ),
    security(())
)]
pub async fn by_code(
    State(app): State<Shared>,
    asker: Asker,
    Path(code): Path<String>,
    Query(held): Query<HeldFile>,
) -> Result<Json<CodeAnswer>, Stop> {
    let now = app.now()?;
    asker.let_in(&app, now)?;
    check_digest(held.digest.as_deref())?;
    let traced = trace(&app, &code, asker.caller.as_ref(), now).await?;
    let traced = traced.ok_or_else(|| Problem::new(Code::NotFound))?;
    Ok(Json(CodeAnswer::of(&traced, held.digest.as_deref())))
}

/// 验证码的二维码。 The QR code to be printed beside a code: it leads to the page that says what the code stands for. SVG. Needs no identity.
#[utoipa::path(
    get, path = "/copies/by-code/{code}/qr", tag = "copies", operation_id = "copies.qr", summary = "验证码的二维码 · QR code of a code",
    params(("code" = String, Path, description = "验证码 · the code", min_length = 1, max_length = 64, pattern = "^[0-9A-Za-z -]{1,64}$")),
    responses(
        (status = 200, description = "二维码 · the drawing", body = String, content_type = "image/svg+xml"),
        (status = 404, description = "没有这个验证码 · nobody gave this code out"),
        (status = 401, description = "会话已失效，或签名不符 · the session has ended, or the signature does not fit"),
        (status = 403, description = "须先修改口令，或缺少防伪造令牌 · the password must be changed first, or the token is missing")
    ),
    security(())
)]
pub async fn qr(State(app): State<Shared>, asker: Asker, Path(code): Path<String>) -> Result<Response, Stop> {
    let now = app.now()?;
    asker.let_in(&app, now)?;
    let traced = trace(&app, &code, asker.caller.as_ref(), now).await?;
    let traced = traced.ok_or_else(|| Problem::new(Code::NotFound))?;
    let drawing = svg(&landing::address(&app, &traced.code))?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], drawing).into_response())
}
