//! The trust list of a system is taken up.

use super::view::PeerListView;
use super::{place, subject};
use crate::api::text::refuse;
use crate::api::words::both;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::exchange::imported::read;
use crate::http::{Code, Command, IdempotencyKey, Path, Problem, StoredResponse};
use crate::jobs::LIST_ENDS;
use crate::status::Envelope;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use yinxin_registry::exchange::list::PeerList;
use yinxin_registry::exchange::peer::{Peer, PeerState};
use yinxin_registry::ids::PeerId;
use yinxin_registry::lifecycle::{Effect, State as _};
use yinxin_registry::permission::Action;

/// 导入信任列表。 Takes up the signed list of a confirmed system, as its `GET /trust-list` gives it: signed by a certificate that was confirmed,
/// of a higher number than the one before, and in its time. Roots in it that nobody confirmed do not count.
#[utoipa::path(
    post, path = "/peers/{id}/trust-list", tag = "exchange", operation_id = "peers.take_up_list", summary = "导入信任列表 · Take up a trust list",
    params(("id" = String, Path, description = "对接系统 · system"), IdempotencyKey), request_body = Envelope,
    responses((status = 200, description = "所采用的列表 · the list as it was taken up", body = PeerListView))
)]
pub async fn take_up(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<PeerId>,
    command: Command<Envelope>,
) -> Result<Response, Stop> {
    let (mut work, envelope) = Work::begin(&app, &caller, command).await?;
    let peer = work.tx.get::<Peer>(id.as_str()).await?.value;
    let by = work.permit(Action::PeerPropose, &place(&peer))?;
    if peer.state() != PeerState::Confirmed {
        return Err(
            Problem::state_conflict(peer.state().as_str(), "take_up_list", ["confirm", "resume"]).into()
        );
    }
    let text = serde_json::to_string(&envelope).map_err(|_| Problem::new(Code::Internal))?;
    let imported = read(text.as_bytes(), peer.terms(), work.now).map_err(|fault| {
        let (zh, en) = both(&fault.to_string());
        refuse("/statement", fault.code(), zh, en)
    })?;
    let list = PeerList {
        peer: id,
        number: imported.statement.number,
        this_update: imported.statement.this_update,
        next_update: imported.statement.next_update,
        digest: imported.digest,
        envelope: text,
        by: by.clone(),
        at: work.now,
    };
    let before = work.tx.load::<PeerList>(list.peer.as_str()).await?;
    list.may_follow(before.as_ref().map(|before| &before.value))?;
    match before {
        None => work.tx.insert(&list).await?,
        Some(before) => work.tx.save(&list, before.version).await?,
    };
    let makers = imported.statement.makers.len();
    let details = json!({
        "number": list.number, "digest": list.digest, "next_update": list.next_update, "makers": makers,
        "anchors": imported.anchors.len(), "unconfirmed_anchors": imported.unconfirmed,
    });
    let reminder = Effect::Clock { name: LIST_ENDS.to_owned(), at: list.reminder().max(work.now) };
    work.enact(&subject(&peer), &[reminder]);
    work.record(&by, "peer.take_up_list", &subject(&peer), None, details);
    let mut view = PeerListView::of(&list, work.now, true);
    view.unconfirmed_anchors = Some(imported.unconfirmed);
    work.finish(StoredResponse::ok(&view)?).await
}
