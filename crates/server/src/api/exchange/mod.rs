//! What programs of other seal systems send (交换接收), and how both sides compare what they have.

mod deliveries;
mod receive;
mod summary;

use crate::app::{Shared, Stop};
use crate::auth::{Caller, Who};
use crate::http::{Code, Problem};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yinxin_registry::client::ClientScope;
use yinxin_registry::exchange::peer::{Peer, PeerState};
use yinxin_registry::ids::ClientId;
use yinxin_store::Access;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(receive::receive))
        .routes(routes!(summary::summary))
        .routes(routes!(summary::day))
        .routes(routes!(deliveries::list))
        .routes(routes!(deliveries::retry))
}

/// The confirmed system that the calling program speaks for.
async fn speaker(access: &mut Access, caller: &Caller) -> Result<(ClientId, Peer), Stop> {
    let forbidden = || Stop::from(Problem::new(Code::Forbidden));
    let Who::Client { client } = caller.who() else { return Err(forbidden()) };
    if !client.scopes.contains(&ClientScope::Exchange) {
        return Err(forbidden());
    }
    let found = access.peer_of_client(client.id.as_str()).await?;
    let peer = found.map(|found| found.value).filter(|peer| peer.state() == PeerState::Confirmed);
    Ok((client.id.clone(), peer.ok_or_else(forbidden)?))
}
