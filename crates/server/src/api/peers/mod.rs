//! Other seal systems (对接系统): proposed by a system administrator, confirmed by a security administrator, and their trust lists.

mod confirm;
mod foreign_seals;
mod list;
mod propose;
mod reconcile;
mod stop;
mod trust_list;
mod view;

use crate::app::{Shared, Stop, Subject, Work};
use crate::http::{IfMatch, StoredResponse};
use axum::response::Response;
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use view::PeerView;
use yinxin_registry::exchange::peer::{Peer, PeerEvent};
use yinxin_registry::ids::PeerId;
use yinxin_registry::permission::{Action, Place};

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list::list, propose::propose))
        .routes(routes!(list::show))
        .routes(routes!(confirm::confirm))
        .routes(routes!(stop::suspend))
        .routes(routes!(stop::resume))
        .routes(routes!(stop::end))
        .routes(routes!(trust_list::take_up))
        .routes(routes!(reconcile::reconcile))
        .routes(routes!(reconcile::list))
        .routes(routes!(foreign_seals::list))
}

/// Where a system stands, for permissions.
fn place(peer: &Peer) -> Place {
    Place::area(&peer.terms().area_path)
}

/// What the audit log says it is about.
pub(crate) fn subject(peer: &Peer) -> Subject {
    Subject::area(peer.id().as_str(), &peer.terms().area_path)
}

/// Takes a step of a system at the version the caller has seen.
async fn step(
    mut work: Work,
    (id, if_match): (&PeerId, &IfMatch),
    (action, name): (Action, &str),
    event: PeerEvent,
    why: Option<&str>,
) -> Result<Response, Stop> {
    let found = work.tx.get::<Peer>(id.as_str()).await?;
    let by = work.permit(action, &place(&found.value))?;
    if_match.check(found.version)?;
    let (peer, effects) = found.value.apply(event, &by, work.now)?;
    let version = work.tx.save(&peer, found.version).await?;
    let details = json!({ "code": peer.terms().code, "digest": peer.digest() });
    work.record(&by, name, &subject(&peer), why, details);
    work.enact(&subject(&peer), &effects);
    let view = PeerView::of(&peer, version);
    work.finish(StoredResponse::ok(&view)?.version(version)).await
}
