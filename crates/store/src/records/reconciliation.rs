//! Comparisons with other seal systems.

use crate::list::{ListFilter, Page};
use crate::record::record;
use crate::value::values;
use crate::{Access, StoreError};
use yinxin_registry::exchange::reconciliation::Reconciliation;

/// Behind every identifier.
const END: &str = "rec~";

record! {
    Reconciliation, "reconciliation", key: |one| one.id.as_str(),
    columns: {
        peer_id = 5: |one| one.peer.as_str().into(),
        state = 6: |one| if one.agrees() { "agrees" } else { "differs" }.into(),
    },
    find: {
        OF_PEER = "WHERE peer_id = $1 AND id < $2 ORDER BY id DESC LIMIT CAST($3 AS BIGINT)";
    }
}

impl Access {
    /// Comparisons with a system, the newest first; of the filter cursor and limit count.
    ///
    /// # Errors
    /// [`StoreError::BadCursor`]; [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn reconciliations(
        &mut self,
        peer: &str,
        filter: &ListFilter<'_>,
    ) -> Result<Page<Reconciliation>, StoreError> {
        let size = filter.size();
        let before = filter.position()?.map_or(END, |(_, id)| id);
        let items = self.find_all(&OF_PEER, values![peer, before, size + 1]).await?;
        Ok(Page::cut(items, size, |last: &Reconciliation| format!("~{}", last.id)))
    }
}
