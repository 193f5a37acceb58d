//! Opening SQLite: one connection that writes, several that read.

use crate::statement::Statement;
use crate::store::Engine;
use crate::{Outage, StoreError, StoreOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Connection, Executor, SqlSafeStr};
use std::path::Path;

pub(crate) async fn open(path: &Path, options: &StoreOptions) -> Result<Engine, StoreError> {
    create(path)?;
    let base = SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(options.acquire_timeout)
        .foreign_keys(true)
        .synchronous(SqliteSynchronous::Full)
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
        // A full disk can end a transaction behind the driver's back; a connection that still believes in it is closed.
        .after_release(|connection, _| {
            Box::pin(async move {
                connection.ping().await?;
                Ok(!connection.is_in_transaction())
            })
        })
        .connect_with(base.clone().journal_mode(SqliteJournalMode::Wal))
        .await?;
    let readers = SqlitePoolOptions::new()
        .max_connections(options.max_connections.max(1))
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(options.acquire_timeout)
        .test_before_acquire(false)
        .connect_with(base.pragma("query_only", "ON"))
        .await?;
    Ok(Engine::Sqlite { writer, readers })
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

pub(crate) async fn prepare(pool: &SqlitePool, statement: &'static Statement) -> Result<(), sqlx::Error> {
    let mut connection = pool.acquire().await?;
    connection.prepare(statement.sqlite().into_sql_str()).await.map(|_| ())
}
