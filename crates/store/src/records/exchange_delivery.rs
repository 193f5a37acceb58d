//! Messages to other seal systems.

use crate::list::{ListFilter, Page};
use crate::record::{Versioned, record};
use crate::time::micros;
use crate::value::values;
use crate::{Access, StoreError};
use jiff::Timestamp;
use yinxin_registry::exchange::delivery::ExchangeDelivery;

/// Behind every identifier.
const END: &str = "xdl~";

record! {
    ExchangeDelivery, "exchange_delivery", key: |delivery| delivery.id.as_str(),
    columns: {
        state = 5: |delivery| delivery.state.as_str().into(),
        peer_id = 6: |delivery| delivery.peer.as_str().into(),
        code = 7: |delivery| delivery.code.as_str().into(),
        sequence = 8: |delivery| i64::try_from(delivery.sequence).unwrap_or(i64::MAX).into(),
        receipt_at = 9: |delivery| delivery.receipt.as_ref().map(|receipt| micros(receipt.at)).into(),
    },
    find: {
        OF_PEER = "WHERE peer_id = $1 AND id < $2 ORDER BY id DESC LIMIT CAST($3 AS BIGINT)";
        OF_PEER_STATE = "WHERE peer_id = $1 AND state = $4 AND id < $2 ORDER BY id DESC LIMIT CAST($3 AS BIGINT)";
        OF_RECEIPTS = "WHERE peer_id = $1 AND receipt_at >= $2 AND receipt_at < $3 ORDER BY receipt_at, id LIMIT CAST($4 AS BIGINT)";
    }
}

impl Access {
    /// Messages to a system whose receipts are from a moment on until before another, in their order; at most so many.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn receipted_deliveries(
        &mut self,
        peer: &str,
        from: Timestamp,
        until: Timestamp,
        most: i64,
    ) -> Result<Vec<Versioned<ExchangeDelivery>>, StoreError> {
        self.find_all(&OF_RECEIPTS, values![peer, micros(from), micros(until), most]).await
    }

    /// Messages to a system, the newest first; of the filter state, cursor and limit count.
    ///
    /// # Errors
    /// [`StoreError::BadCursor`]; [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn exchange_deliveries(
        &mut self,
        peer: &str,
        filter: &ListFilter<'_>,
    ) -> Result<Page<ExchangeDelivery>, StoreError> {
        let size = filter.size();
        let before = filter.position()?.map_or(END, |(_, id)| id);
        let items = match filter.state {
            None => self.find_all(&OF_PEER, values![peer, before, size + 1]).await?,
            Some(state) => self.find_all(&OF_PEER_STATE, values![peer, before, size + 1, state]).await?,
        };
        Ok(Page::cut(items, size, |last: &ExchangeDelivery| format!("~{}", last.id)))
    }
}
