//! Trust lists of other seal systems.

use crate::record::record;
use crate::time::micros;
use yinxin_registry::exchange::list::PeerList;

record! {
    PeerList, "peer_list", key: |list| list.peer.as_str(),
    columns: {
        number = 5: |list| list.number.into(),
        next_update = 6: |list| micros(list.next_update).into(),
    }
}
