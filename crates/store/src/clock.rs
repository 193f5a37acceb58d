//! Guard against a clock that goes back (时钟倒退): the latest time the registry has acted at.

use crate::statement::statements;
use crate::time::{micros, timestamp};
use crate::value::values;
use crate::{Access, StoreError, Tx};
use jiff::{SignedDuration, Timestamp};

statements! {
    /// The latest time remembered, and that of the last records: they stand in the order of their commits, which is not quite that of
    /// their times.
    HIGHEST = "SELECT highest, (SELECT MAX(at) FROM audit WHERE seq > (SELECT seq FROM audit_head WHERE id = 1) - 64) FROM clock WHERE id = 1";
    ADVANCE = "UPDATE clock SET highest = $1 WHERE id = 1 AND highest < $1";
}

impl Access {
    /// The latest time seen, that of the last records included; 1970 on a new database.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn latest_time(&mut self) -> Result<Timestamp, StoreError> {
        match self.row(&HIGHEST, &[]).await? {
            Some(row) => timestamp(row.int(0)?.max(row.maybe_int(1)?.unwrap_or(0))),
            None => Err(StoreError::internal("clock has no row")),
        }
    }

    /// Refuses a clock that stands more than `tolerance` before the latest time seen. The tolerance covers the difference between
    /// the clocks of several nodes.
    ///
    /// # Errors
    /// [`StoreError::ClockBack`]; [`StoreError::Unavailable`].
    pub async fn check_clock(&mut self, now: Timestamp, tolerance: SignedDuration) -> Result<(), StoreError> {
        let behind = self.latest_time().await?.duration_since(now);
        if behind > tolerance {
            let behind_ms = i64::try_from(behind.as_millis()).unwrap_or(i64::MAX);
            return Err(StoreError::ClockBack { behind_ms });
        }
        Ok(())
    }
}

impl Tx {
    /// Remembers `now` when it is later than everything seen.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn advance_clock(&mut self, now: Timestamp) -> Result<(), StoreError> {
        self.execute(&ADVANCE, values![micros(now)]).await.map(|_| ())
    }
}
