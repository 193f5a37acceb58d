//! Opening SQLite: one connection that writes, several that read.

use crate::lane::Lanes;
use crate::statement::Statement;
use crate::store::Engine;
use crate::{Outage, StoreError, StoreOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Executor, SqlSafeStr};
use std::path::Path;

/// Statements that each connection keeps ready.
const STATEMENTS: usize = 400;

pub(crate) async fn open(path: &Path, options: &StoreOptions) -> Result<Engine, StoreError> {
    create(path)?;
    let base = SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(options.acquire_timeout)
        .foreign_keys(true)
        .synchronous(SqliteSynchronous::Full)
        // Besides the statements themselves those put together of several.
        .statement_cache_capacity(STATEMENTS)
        .pragma("trusted_schema", "OFF")
        .pragma("temp_store", "MEMORY");
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .min_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(options.acquire_timeout)
        // A file in this process does not go away between two statements.
        .test_before_acquire(false)
        .after_release(|connection, _| Box::pin(ended(connection)))
        .connect_with(base.clone().journal_mode(SqliteJournalMode::Wal))
        .await?;
    let readers = SqlitePoolOptions::new()
        .max_connections(options.max_connections.max(1))
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(options.acquire_timeout)
        .test_before_acquire(false)
        .after_release(|connection, _| Box::pin(ended(connection)))
        .connect_with(base.pragma("query_only", "ON"))
        .await?;
    let lanes = |pool| Lanes::new(pool, options.acquire_timeout);
    Ok(Engine::Sqlite { writer: lanes(writer), readers: lanes(readers) })
}

/// A connection that comes back with something under way: its transaction is dropped. Whether it may be used again.
async fn ended(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    match sqlx::query("ROLLBACK").execute(connection).await {
        Ok(_) => Ok(true),
        // There was none, or none any more: a full disk ends a transaction by itself. Any other complaint closes the connection.
        Err(sqlx::Error::Database(fault)) => Ok(fault.message().contains("no transaction is active")),
        Err(error) => Err(error),
    }
}

/// Makes an absent file, readable by its owner only; SQLite gives its companions the same mode.
fn create(path: &Path) -> Result<(), StoreError> {
    let mut options = std::fs::OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::StorageFull => {
            Err(StoreError::Unavailable { outage: Outage::DiskFull, source: Some(Box::new(error)) })
        }
        Err(error) => Err(StoreError::Configuration(format!("{}: {error}", path.display()))),
    }
}

pub(crate) async fn prepare(lanes: &Lanes, statement: &'static Statement) -> Result<(), sqlx::Error> {
    let mut lane = lanes.take().await?;
    lane.connection()?.prepare(statement.sqlite().into_sql_str()).await?;
    lane.settle();
    Ok(())
}
