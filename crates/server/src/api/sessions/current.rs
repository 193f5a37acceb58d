//! The session of the request: who am I, and logging out.

use super::view::CurrentSession;
use crate::app::{Shared, Stop, Subject, Work};
use crate::auth::Caller;
use crate::auth::session_cookie::transport;
use crate::http::{Code, Json, Problem, StoredResponse};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use serde_json::json;

/// 当前会话。 Who is logged in, with which roles, and the token against forged requests once more.
#[utoipa::path(
    get, path = "/session", tag = "sessions", operation_id = "session.show", summary = "当前会话 · Who am I",
    responses((status = 200, description = "会话 · the session", body = CurrentSession))
)]
pub async fn show(State(app): State<Shared>, caller: Caller) -> Result<Json<CurrentSession>, Stop> {
    let (account, _, session) = caller.person()?;
    Ok(Json(CurrentSession::of(&app, account, session, app.now()?)))
}

/// 退出。 Ends the session and takes the cookie back.
#[utoipa::path(
    delete, path = "/session", tag = "sessions", operation_id = "session.logout", summary = "退出登录 · Log out",
    extensions(("x-no-if-match" = json!(true))),
    responses((status = 204, description = "已退出 · logged out"))
)]
pub async fn logout(State(app): State<Shared>, caller: Caller) -> Result<Response, Stop> {
    let (account, _, session) = caller.person()?;
    let mut work = Work::begin_keyless(&app, &caller).await?;
    work.tx.end_session(&session.id).await?;
    let details = json!({ "session": session.id });
    work.record(&caller.myself(), "session.logout", &Subject::registry(account.id.as_str()), None, details);
    let mut response = work.finish(StoredResponse::no_content()).await?;
    let clear = HeaderValue::from_str(&transport(&app).clear()).map_err(|_| Problem::new(Code::Internal))?;
    response.headers_mut().append(header::SET_COOKIE, clear);
    Ok(response)
}
