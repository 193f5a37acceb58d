//! The feed of seals that changed, and the list of seals that are or were not to be used.

use crate::statement::statements;
use crate::time::micros;
use crate::value::values;
use crate::{Access, StoreError, Tx};
use jiff::Timestamp;

/// Rows of the feed and of the list that are read at once.
const AT_ONCE: usize = 1000;

statements! {
    FEED = "SELECT seq, seal_id, code FROM status_feed WHERE seq > $1 ORDER BY seq LIMIT CAST($2 AS BIGINT)";
    LAST = "SELECT COALESCE(MAX(seq), 0) FROM status_feed";
    PRUNE = "DELETE FROM status_feed WHERE seq IN (SELECT seq FROM status_feed WHERE seq <= $1 AND at <= $2 ORDER BY seq LIMIT CAST($3 AS BIGINT))";
    TURN = "SELECT id FROM status_turn WHERE id = 2", postgres: "SELECT id FROM status_turn WHERE id = 2 FOR UPDATE";
    ENTRY = "SELECT entry FROM status_entry WHERE code = $1";
    ENTRIES = "SELECT code, entry FROM status_entry WHERE entry IS NOT NULL AND code > $1 ORDER BY code LIMIT CAST($2 AS BIGINT)";
    CHANGED = "SELECT code, entry FROM status_entry WHERE changed_in > $1 AND code > $2 ORDER BY code LIMIT CAST($3 AS BIGINT)";
    PUT = "INSERT INTO status_entry (code, entry, changed_in) VALUES ($1, $2, $3) \
           ON CONFLICT (code) DO UPDATE SET entry = $2, changed_in = $3";
}

/// A seal that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusChange {
    /// Number, ever rising in the order in which changes became visible; some are left out.
    pub seq: i64,
    /// Key of the seal.
    pub seal: String,
    /// Its code.
    pub code: String,
}

/// A seal on the list of status, or one that is no longer on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusEntry {
    /// Code of the seal.
    pub code: String,
    /// What is said of it, JSON; `None`: it left the list.
    pub entry: Option<String>,
}

impl Access {
    /// Seals that changed after the change with this number, in order, at most a thousand.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn status_changes(&mut self, after: i64) -> Result<Vec<StatusChange>, StoreError> {
        let rows = self.rows(&FEED, values![after, AT_ONCE as i64]).await?;
        let read = |row: &crate::value::Row| {
            Ok(StatusChange { seq: row.int(0)?, seal: row.text(1)?, code: row.text(2)? })
        };
        rows.iter().map(read).collect()
    }

    /// Number of the newest change; 0 without one.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn last_status_change(&mut self) -> Result<i64, StoreError> {
        self.row(&LAST, &[]).await?.map_or(Ok(0), |row| row.int(0))
    }

    /// What the list says of a seal.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn status_entry(&mut self, code: &str) -> Result<Option<String>, StoreError> {
        self.row(&ENTRY, values![code]).await?.map_or(Ok(None), |row| row.maybe_text(0))
    }

    /// The list from behind this code on, at most a thousand entries.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn status_entries(&mut self, after: &str) -> Result<Vec<StatusEntry>, StoreError> {
        self.rows(&ENTRIES, values![after, AT_ONCE as i64]).await?.iter().map(entry).collect()
    }

    /// What changed on the list after the list with this number, from behind a code on, at most a thousand entries.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn status_entries_since(
        &mut self,
        number: i64,
        after: &str,
    ) -> Result<Vec<StatusEntry>, StoreError> {
        self.rows(&CHANGED, values![number, after, AT_ONCE as i64]).await?.iter().map(entry).collect()
    }
}

fn entry(row: &crate::value::Row) -> Result<StatusEntry, StoreError> {
    Ok(StatusEntry { code: row.text(0)?, entry: row.maybe_text(1)? })
}

impl Tx {
    /// Waits until no other node makes a list, and keeps the others waiting until this transaction ends.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn take_status_turn(&mut self) -> Result<(), StoreError> {
        self.row(&TURN, &[]).await.map(|_| ())
    }

    /// Puts a seal on the list with this number, or takes it off.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn put_status_entry(&mut self, entry: &StatusEntry, number: i64) -> Result<(), StoreError> {
        self.execute(&PUT, values![&entry.code, entry.entry.as_deref(), number]).await.map(|_| ())
    }

    /// Removes changes up to this number that became visible before a moment, at most `limit`; how many.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn prune_status_changes(
        &mut self,
        up_to: i64,
        before: Timestamp,
        limit: u32,
    ) -> Result<u64, StoreError> {
        self.execute(&PRUNE, values![up_to, micros(before), i64::from(limit)]).await
    }
}
