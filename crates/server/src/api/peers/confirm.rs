//! A second person confirms a system.

use super::{PeerView, step};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, IfMatch, Path};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;
use yinxin_registry::exchange::peer::PeerEvent;
use yinxin_registry::ids::PeerId;
use yinxin_registry::permission::Action;

/// Confirms.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmPeer {
    /// What is confirmed: `digest` of the system as it was read.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub digest: String,
}

/// 确认对接系统。 Confirms a system, after its certificates were compared with the other side; never by who proposed it. Its trust list may be
/// taken up from then on.
#[utoipa::path(
    post, path = "/peers/{id}/confirm", tag = "exchange", operation_id = "peers.confirm", summary = "确认对接系统 · Confirm a system",
    params(("id" = String, Path, description = "对接系统 · system"), IdempotencyKey, IfMatch), request_body = ConfirmPeer,
    responses((status = 200, description = "对接系统 · the system", body = PeerView))
)]
pub async fn confirm(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<PeerId>,
    if_match: IfMatch,
    command: Command<ConfirmPeer>,
) -> Result<Response, Stop> {
    let (work, body) = Work::begin(&app, &caller, command).await?;
    let event = PeerEvent::Confirm { digest: body.digest };
    step(work, (&id, &if_match), (Action::PeerConfirm, "peer.confirm"), event, None).await
}
