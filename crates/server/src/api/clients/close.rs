//! Clients closed and opened again.

use super::{ClientView, answer, loaded, subject};
use crate::api::accounts::Why;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, IfMatch, Path, Problem};
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use yinxin_registry::ids::ClientId;

/// 停用接入系统。 From the next request on its signatures are refused.
#[utoipa::path(
    post, path = "/clients/{id}/disable", tag = "clients", operation_id = "clients.disable", summary = "停用接入系统 · Disable a client",
    params(("id" = String, Path, description = "接入系统 · client"), IdempotencyKey, IfMatch), request_body = Why,
    responses((status = 200, description = "接入系统 · the client", body = ClientView))
)]
pub async fn disable(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<ClientId>,
    if_match: IfMatch,
    command: Command<Why>,
) -> Result<Response, Stop> {
    switch(&app, &caller, &id, &if_match, command, false).await
}

/// 启用接入系统。 Opens it again.
#[utoipa::path(
    post, path = "/clients/{id}/enable", tag = "clients", operation_id = "clients.enable", summary = "启用接入系统 · Enable a client",
    params(("id" = String, Path, description = "接入系统 · client"), IdempotencyKey, IfMatch), request_body = Why,
    responses((status = 200, description = "接入系统 · the client", body = ClientView))
)]
pub async fn enable(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<ClientId>,
    if_match: IfMatch,
    command: Command<Why>,
) -> Result<Response, Stop> {
    switch(&app, &caller, &id, &if_match, command, true).await
}

async fn switch(
    app: &Shared,
    caller: &Caller,
    id: &ClientId,
    if_match: &IfMatch,
    command: Command<Why>,
    enabled: bool,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(app, caller, command).await?;
    let reason = body.checked()?;
    let (by, found) = loaded(&mut work, id, if_match).await?;
    let mut client = found.value;
    let (event, other) = if enabled { ("enable", "disable") } else { ("disable", "enable") };
    if client.enabled == enabled {
        let state = if enabled { "active" } else { "disabled" };
        return Err(Problem::state_conflict(state, event, [other]).into());
    }
    client.enabled = enabled;
    let version = work.tx.save(&client, found.version).await?;
    work.record(&by, &format!("client.{event}"), &subject(&client), Some(reason), json!({}));
    work.finish(answer(&client, version)?).await
}
