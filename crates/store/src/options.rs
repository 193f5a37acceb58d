//! Where the database is and how many connections it may have.

use crate::{RowKeys, StoreError};
use std::path::PathBuf;
use std::time::Duration;

/// How to open a [`crate::Store`].
#[derive(Clone)]
pub struct StoreOptions {
    /// `sqlite:path` (also `sqlite://path`) or `postgres://user:password@host:port/database`.
    pub url: String,
    /// Most connections of one process: to PostgreSQL in all, to SQLite for reading beside the one that writes. At least 1.
    pub max_connections: u32,
    /// Keys of the row MAC.
    pub keys: RowKeys,
    /// How long a request waits for a connection, and on SQLite for the writer's lock.
    pub acquire_timeout: Duration,
    /// How long PostgreSQL works on one statement.
    pub statement_timeout: Duration,
    /// Told how long each round trip took, if anybody wants to know.
    pub observer: Option<fn(Duration)>,
}

impl StoreOptions {
    /// Options with ten connections, 3 s to get one (5 s on SQLite, where all writers queue for one), 10 s for a statement.
    pub fn new(url: &str, keys: RowKeys) -> Self {
        let seconds = if url.starts_with("sqlite:") { 5 } else { 3 };
        Self {
            url: url.to_owned(),
            max_connections: 10,
            keys,
            acquire_timeout: Duration::from_secs(seconds),
            statement_timeout: Duration::from_secs(10),
            observer: None,
        }
    }

    pub(crate) fn place(&self) -> Result<Place, StoreError> {
        if let Some(rest) = self.url.strip_prefix("sqlite:") {
            let path = rest.strip_prefix("//").unwrap_or(rest);
            if path.is_empty() || path.contains(":memory:") || path.contains('?') {
                return Err(StoreError::Configuration(
                    "sqlite: 后应为文件路径 (expected a file path after sqlite:)".into(),
                ));
            }
            return Ok(Place::Sqlite(PathBuf::from(path)));
        }
        if self.url.starts_with("postgres://") || self.url.starts_with("postgresql://") {
            return Ok(Place::Postgres);
        }
        Err(StoreError::Configuration(
            "数据库地址应以 sqlite: 或 postgres:// 开头 (a database URL begins with sqlite: or postgres://)"
                .into(),
        ))
    }
}

impl std::fmt::Debug for StoreOptions {
    /// Without the URL, which may hold a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoreOptions").field("max_connections", &self.max_connections).finish_non_exhaustive()
    }
}

pub(crate) enum Place {
    Sqlite(PathBuf),
    Postgres,
}
