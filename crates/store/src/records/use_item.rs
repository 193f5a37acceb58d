//! Documents of requests to use a seal: up to ten thousand of one request.

use crate::record::{Versioned, record};
use crate::value::values;
use crate::{Access, StoreError};
use yinxin_registry::lifecycle::State as _;
use yinxin_registry::usage::document::{ItemState, UseItem};

record! {
    UseItem, "use_item", key: |item| item.id().as_str(),
    columns: {
        state = 5: |item| item.state().as_str().into(),
        request_id = 6: |item| item.request().as_str().into(),
        place = 7: |item| i64::from(item.place()).into(),
        digest = 8: |item| item.document().digest.as_str().into(),
    },
    find: {
        OF_REQUEST = "WHERE request_id = $1 AND place > $2 ORDER BY place LIMIT CAST($3 AS BIGINT)";
        OF_REQUEST_STATE = "WHERE request_id = $1 AND state = $2 || '' AND place > $3 ORDER BY place LIMIT CAST($4 AS BIGINT)";
        /// Two texts: the engines reach into a body in different words. Each is that of its index.
        BY_CODE = "WHERE state = 'signed' AND json_extract(body, '$.sealed.verification_code') = $1",
            postgres: "WHERE state = 'signed' AND (body::json #>> '{sealed,verification_code}') = $1";
    },
    other: {
        LAST_PLACE = "SELECT place FROM use_item WHERE request_id = $1 ORDER BY place DESC LIMIT 1";
        COUNTS = "SELECT state, COUNT(*) FROM use_item WHERE request_id = $1 GROUP BY state";
    }
}

impl Access {
    /// Documents of a request behind a place (−1 for the beginning), in their order; one state or all.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn use_items(
        &mut self,
        request: &str,
        state: Option<ItemState>,
        after: i64,
        limit: u32,
    ) -> Result<Vec<Versioned<UseItem>>, StoreError> {
        let limit = i64::from(limit);
        match state {
            None => self.find_all(&OF_REQUEST, values![request, after, limit]).await,
            Some(state) => {
                self.find_all(&OF_REQUEST_STATE, values![request, state.as_str(), after, limit]).await
            }
        }
    }

    /// The sealed document that a code on paper stands for.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn use_item_by_code(&mut self, code: &str) -> Result<Option<Versioned<UseItem>>, StoreError> {
        self.find(&BY_CODE, values![code]).await
    }

    /// The place behind the last document of a request: how many there are.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn next_item_place(&mut self, request: &str) -> Result<u32, StoreError> {
        let row = self.row(&LAST_PLACE, values![request]).await?;
        let last = row.map(|row| row.int(0)).transpose()?;
        Ok(last.map_or(0, |last| u32::try_from(last).unwrap_or(u32::MAX).saturating_add(1)))
    }

    /// How many documents of a request are in each state.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn use_item_counts(&mut self, request: &str) -> Result<Vec<(ItemState, u32)>, StoreError> {
        let rows = self.rows(&COUNTS, values![request]).await?;
        let mut counts = Vec::new();
        for row in &rows {
            let state = row.text(0)?;
            let state = ItemState::parse(&state)
                .ok_or_else(|| StoreError::internal(format!("use_item: unknown state {state}")))?;
            counts.push((state, u32::try_from(row.int(1)?).unwrap_or(u32::MAX)));
        }
        Ok(counts)
    }
}
