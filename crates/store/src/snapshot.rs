//! The whole database at one moment (快照), row by row: what a backup reads while the service goes on.

use crate::access::{Access, Connection, Link};
use crate::shape::{self, TableShape, encode};
use crate::statement::statements;
use crate::store::Engine;
use crate::value::{Row, values};
use crate::writing::Writing;
use crate::{Store, StoreError};
use futures_util::TryStreamExt as _;
use sqlx::AssertSqlSafe;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

statements! {
    HASH = "SELECT hash FROM audit WHERE seq = $1";
    COUNTED = "SELECT name, seq FROM sqlite_sequence ORDER BY name",
        postgres: "SELECT t.relname::text, COALESCE(pg_sequence_last_value(pg_get_serial_sequence(quote_ident(t.relname), a.attname)::regclass), 0) \
                   FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace JOIN pg_attribute a ON a.attrelid = t.oid \
                   WHERE n.nspname = current_schema() AND t.relkind = 'r' AND a.attidentity <> '' ORDER BY t.relname";
}

/// A transaction that reads, and goes on seeing the database as it was when it began. What only reads is there as on [`Access`]; writers
/// are not held up. On SQLite the write-ahead log grows until it ends.
#[derive(Debug)]
pub struct Snapshot(Access);

impl Store {
    /// Begins to read the database as it is now: everything that was committed before this call, and nothing that is committed after it
    /// returned.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn snapshot(&self) -> Result<Snapshot, StoreError> {
        let link = match &self.engine {
            Engine::Sqlite { readers, .. } => Link::SqliteWrite(Writing::new(readers.take().await?, "BEGIN")),
            Engine::Postgres { pool } => {
                let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                let mut transaction = pool.begin_with(begin).await?;
                // Reading a large table takes as long as it takes.
                for setting in ["statement_timeout", "idle_in_transaction_session_timeout"] {
                    sqlx::query(AssertSqlSafe(format!("SET LOCAL {setting} = 0")))
                        .execute(&mut *transaction)
                        .await?;
                }
                Link::PostgresWrite(transaction)
            }
        };
        let mut snapshot = Snapshot(Access::new(link, 1, Arc::clone(&self.shared)));
        // The moment is that of the first statement.
        snapshot.audit_head().await?;
        Ok(snapshot)
    }
}

impl Snapshot {
    /// Every table of the product, by name.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]; [`StoreError::Internal`] where the catalog shows what is not ours.
    pub async fn tables(&mut self) -> Result<Vec<TableShape>, StoreError> {
        shape::tables(&mut self.0.link).await
    }

    /// Gives the rows of a table one after the other, in the order of its key, in bytes that are the same on either engine: all of them,
    /// or those behind a number of its column `seq`. How many.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`], or what `take` says.
    pub async fn rows<E: From<StoreError>>(
        &mut self,
        table: &TableShape,
        after: Option<i64>,
        take: &mut (dyn FnMut(&[u8]) -> Result<(), E> + Send),
    ) -> Result<u64, E> {
        let sql = AssertSqlSafe(table.select(after));
        let (mut count, mut bytes) = (0, Vec::new());
        let mut one = |row: Row| {
            encode(&row, &mut bytes)?;
            count += 1;
            take(&bytes)
        };
        match self.0.link.connection().await? {
            Connection::Sqlite(connection) => {
                let mut rows = sqlx::query(sql).fetch(connection);
                while let Some(row) = rows.try_next().await.map_err(StoreError::from)? {
                    one(Row::Sqlite(row))?;
                }
            }
            Connection::Postgres(connection) => {
                let mut rows = sqlx::query(sql).fetch(connection);
                while let Some(row) = rows.try_next().await.map_err(StoreError::from)? {
                    one(Row::Postgres(row))?;
                }
            }
        }
        Ok(count)
    }

    /// The highest number that each numbered table has given out, whether its row is still there or not.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn sequences(&mut self) -> Result<Vec<(String, i64)>, StoreError> {
        self.0.rows(&COUNTED, &[]).await?.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect()
    }

    /// Hash of a row of the audit chain.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn audit_hash(&mut self, seq: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let row = self.0.row(&HASH, values![crate::audit::number(seq)?]).await?;
        row.map(|row| row.blob(0)).transpose()
    }
}

impl Deref for Snapshot {
    type Target = Access;

    fn deref(&self) -> &Access {
        &self.0
    }
}

impl DerefMut for Snapshot {
    fn deref_mut(&mut self) -> &mut Access {
        &mut self.0
    }
}
