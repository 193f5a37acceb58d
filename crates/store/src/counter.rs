//! Numbers without gaps or doubles: application numbers, receipts, numbers of business seals.

use crate::statement::statements;
use crate::value::values;
use crate::{StoreError, Tx};

statements! {
    NEXT = "INSERT INTO counter (key, value) VALUES ($1, 1) \
            ON CONFLICT (key) DO UPDATE SET value = counter.value + 1 RETURNING value";
}

impl Tx {
    /// The next number of a series, from 1. The series stays locked until this transaction ends, and its number goes back when the
    /// transaction is not kept: call it late.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn next_number(&mut self, series: &str) -> Result<u64, StoreError> {
        let row = self.row(&NEXT, values![series]).await?;
        let number = row.ok_or_else(|| StoreError::internal("counter gave no number"))?.int(0)?;
        u64::try_from(number).map_err(|error| StoreError::Internal(Box::new(error)))
    }
}
