//! Events on their way to programs.

use crate::list::{ListFilter, Page};
use crate::record::record;
use crate::time::micros;
use crate::value::values;
use crate::{Access, StoreError};
use yinxin_registry::webhook::Delivery;

/// Behind every identifier.
const END: &str = "dlv~";

record! {
    Delivery, "webhook_delivery", key: |delivery| delivery.id.as_str(),
    columns: {
        state = 5: |delivery| delivery.state.as_str().into(),
        webhook_id = 6: |delivery| delivery.webhook.as_str().into(),
        event = 7: |delivery| delivery.event.as_str().into(),
        settled_at = 8: |delivery| delivery.settled_at.map(micros).into(),
    },
    find: {
        OF_WEBHOOK = "WHERE webhook_id = $1 AND id < $2 AND (CAST($4 AS TEXT) IS NULL OR state = $4) ORDER BY id DESC LIMIT CAST($3 AS BIGINT)";
    }
}

impl Access {
    /// Deliveries of a webhook, the newest first; of the filter state, cursor and limit count.
    ///
    /// # Errors
    /// [`StoreError::BadCursor`]; [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn deliveries(
        &mut self,
        webhook: &str,
        filter: &ListFilter<'_>,
    ) -> Result<Page<Delivery>, StoreError> {
        let size = filter.size();
        let before = filter.position()?.map_or(END, |(_, id)| id);
        let items = self.find_all(&OF_WEBHOOK, values![webhook, before, size + 1, filter.state]).await?;
        Ok(Page::cut(items, size, |last: &Delivery| format!("~{}", last.id)))
    }
}
