//! One's own sessions.

use super::view::SessionView;
use crate::app::{Shared, Stop, Subject, Work};
use crate::auth::Caller;
use crate::auth::session_cookie::limits;
use crate::http::{Code, Page, Path, Problem, StoredResponse};
use crate::security::session::SessionState;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use yinxin_registry::ids::SessionId;

/// 我的会话。 One's own sessions that have not ended, the oldest first, at most 100.
#[utoipa::path(
    get, path = "/sessions", tag = "sessions", operation_id = "sessions.list", summary = "我的会话 · My sessions",
    responses((status = 200, description = "列表 · the list", body = Page<SessionView>))
)]
pub async fn list(State(app): State<Shared>, caller: Caller) -> Result<Page<SessionView>, Stop> {
    let (account, _, current) = caller.person()?;
    let now = app.now()?;
    let limits = limits(&app);
    let sessions = app.store.read().await?.sessions_of(account.id.as_str(), now).await?;
    let live = sessions.iter().filter(|session| {
        matches!(limits.judge(session.created_at, session.last_seen_at, now), SessionState::Live { .. })
    });
    Ok(Page { items: live.map(|session| SessionView::of(session, current)).collect(), next: None })
}

/// 结束会话。 Ends one of one's own sessions: a device that was left somewhere.
#[utoipa::path(
    delete, path = "/sessions/{id}", tag = "sessions", operation_id = "sessions.end", summary = "结束我的一个会话 · End one of my sessions",
    params(("id" = String, Path, description = "会话 · session")), extensions(("x-no-if-match" = json!(true))),
    responses((status = 204, description = "已结束 · ended"))
)]
pub async fn end(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SessionId>,
) -> Result<Response, Stop> {
    let (account, _, _) = caller.person()?;
    let mut work = Work::begin_keyless(&app, &caller).await?;
    let own = work.tx.sessions_of(account.id.as_str(), work.now).await?;
    if !own.iter().any(|session| session.id == id.as_str()) {
        return Err(Problem::new(Code::NotFound).into());
    }
    work.tx.end_session(id.as_str()).await?;
    let subject = Subject::registry(account.id.as_str());
    work.record(&caller.myself(), "session.end", &subject, None, json!({ "session": id.as_str() }));
    work.finish(StoredResponse::no_content()).await
}
