//! Lists of other systems in memory, read anew when a record of theirs changed.

use super::imported;
use crate::app::Shared;
use jiff::Timestamp;
use std::sync::{Arc, Mutex, PoisonError};
use yinxin_registry::exchange::list::PeerList;
use yinxin_registry::exchange::peer::{Peer, PeerState};
use yinxin_seal::trust::ListedTrust;
use yinxin_store::{Access, ReliedOn, StoreError};

/// What was read last, with the versions of the records it was read from.
#[derive(Debug, Default)]
pub struct Lists(Mutex<Option<Read>>);

#[derive(Debug, Clone)]
struct Read {
    of: Vec<ReliedOn>,
    lists: Vec<Arc<ListedTrust>>,
}

impl Lists {
    /// Every list there is of a system that was confirmed and has not ended; those of suspended systems are marked. One that cannot be read
    /// vouches for nothing.
    ///
    /// # Errors
    /// Problems of the database.
    pub(crate) async fn of(
        app: &Shared,
        access: &mut Access,
        of: Vec<ReliedOn>,
    ) -> Result<Vec<Arc<ListedTrust>>, StoreError> {
        if let Some(read) = app.peer_lists.0.lock().unwrap_or_else(PoisonError::into_inner).as_ref()
            && read.of == of
        {
            return Ok(read.lists.clone());
        }
        let mut lists = Vec::new();
        for one in of.iter().filter(|one| one.list > 0) {
            match load(app, access, &one.peer).await {
                Ok(list) => lists.extend(list.map(Arc::new)),
                Err(StoreError::Integrity { table, id }) => {
                    tracing::error!(table, id, "a trust list does not count: INTEGRITY");
                }
                Err(other) => return Err(other),
            }
        }
        let read = Read { of, lists: lists.clone() };
        *app.peer_lists.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(read);
        Ok(lists)
    }
}

async fn load(app: &Shared, access: &mut Access, id: &str) -> Result<Option<ListedTrust>, StoreError> {
    let peer = access.get::<Peer>(id).await?.value;
    let suspended = match peer.state() {
        PeerState::Confirmed => false,
        PeerState::Suspended => true,
        PeerState::Proposed | PeerState::Ended => return Ok(None),
    };
    let list = access.get::<PeerList>(id).await?.value;
    Ok(trust(app, &peer, &list, suspended))
}

/// Judged as of when it was taken up: the row is under its MAC, and the signer's certificate may have run out since.
fn trust(app: &Shared, peer: &Peer, list: &PeerList, suspended: bool) -> Option<ListedTrust> {
    let at: Timestamp = list.at;
    match imported::read(list.envelope.as_bytes(), peer.terms(), at) {
        Ok(read) => Some(read.into_trust(peer, suspended, &app.authority.trust().remembered)),
        Err(fault) => {
            tracing::error!(peer = peer.id().as_str(), code = fault.code(), "a trust list does not count");
            None
        }
    }
}
