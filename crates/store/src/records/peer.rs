//! Other seal systems and their trust lists.

use crate::list::{Lists, Placed, by_name, place};
use crate::record::{Versioned, record};
use crate::value::{Row, values};
use crate::{Access, StoreError};
use yinxin_registry::exchange::peer::Peer;
use yinxin_registry::lifecycle::State;

/// Most systems that are relied on.
pub(crate) const MOST: i64 = 500;

record! {
    Peer, "peer", key: |peer| peer.id().as_str(),
    columns: {
        code = 5: |peer| peer.terms().code.as_str().into(),
        area_path = 6: |peer| peer.terms().area_path.as_str().into(),
        name = 7: |peer| peer.terms().name.as_str().into(),
        kind = 8: |peer| peer.terms().kind.as_str().into(),
        state = 9: |peer| peer.state().as_str().into(),
        client_id = 10: |peer| peer.terms().client.as_ref().map(|client| client.as_str()).into(),
        sends = 11: |peer| i64::from(peer.terms().outbound.is_some()).into(),
    },
    find: {
        PLACE = place!("state", "kind");
        NAME = by_name!("state", "kind");
        OF_CLIENT = "WHERE client_id = $1 AND state <> 'ended'";
        TOLD = "WHERE state = 'confirmed' AND sends = 1 ORDER BY id LIMIT CAST($1 AS BIGINT)";
    },
    other: {
        /// With the version of its list; 0 where there is none.
        RELIED_ON = "SELECT p.id, p.version, COALESCE((SELECT l.version FROM peer_list AS l WHERE l.id = p.id), 0) FROM peer AS p \
                     WHERE p.state IN ('confirmed', 'suspended') ORDER BY p.id LIMIT CAST($1 AS BIGINT)";
    }
}

impl Placed for Peer {
    const LISTS: &'static Lists = &Lists { name: Some(&NAME), ..Lists::by_place(&PLACE) };

    fn place(&self) -> &str {
        self.terms().area_path.as_str()
    }

    fn name(&self) -> &str {
        &self.terms().name
    }
}

/// A system that was confirmed, and what its records were when this was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReliedOn {
    /// Key.
    pub peer: String,
    /// Version of its record.
    pub version: i64,
    /// Version of its list; 0 where there is none.
    pub list: i64,
}

impl ReliedOn {
    pub(crate) fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self { peer: row.text(0)?, version: row.int(1)?, list: row.int(2)? })
    }
}

impl Access {
    /// The system a program speaks for, unless it has ended.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn peer_of_client(&mut self, client: &str) -> Result<Option<Versioned<Peer>>, StoreError> {
        self.find(&OF_CLIENT, values![client]).await
    }

    /// Confirmed systems that are told of seals of this registry.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn peers_told(&mut self) -> Result<Vec<Versioned<Peer>>, StoreError> {
        self.find_all(&TOLD, values![MOST]).await
    }

    /// Systems that are or were relied on and have not ended, by key. What was kept in memory of them counts as long as this is the same.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn relied_on(&mut self) -> Result<Vec<ReliedOn>, StoreError> {
        let rows = self.rows(&RELIED_ON, values![MOST]).await?;
        rows.iter().map(ReliedOn::read).collect()
    }
}
