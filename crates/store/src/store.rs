//! The store: two engines behind one type.

use crate::access::{Access, Link, Shared, Tx};
use crate::lane::Lanes;
use crate::migrate::{self, Schema};
use crate::options::Place;
use crate::writing::Writing;
use crate::{Outage, RowKeys, StoreError, StoreOptions, postgres, sqlite};
use sqlx::PgPool;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

/// How much longer than the statement timeout an answer may take.
const GRACE: Duration = Duration::from_secs(2);

/// The database of a registry (登记库). Cheap to clone; all clones share the connections.
#[derive(Clone)]
pub struct Store {
    pub(crate) engine: Engine,
    pub(crate) shared: Arc<Shared>,
}

#[derive(Clone)]
pub(crate) enum Engine {
    Sqlite { writer: Lanes, readers: Lanes },
    Postgres { pool: PgPool },
}

/// Which database software stands behind a [`Store`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EngineKind {
    /// SQLite, in this process.
    Sqlite,
    /// PostgreSQL, over the network.
    Postgres,
}

/// State of the connection pools, for metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolState {
    /// Connections open.
    pub open: u32,
    /// Connections of these nobody uses now.
    pub idle: u32,
}

impl Store {
    /// Opens the database. SQLite files are made when absent, readable by their owner only. The schema is not touched: call
    /// [`Store::migrate`], or [`Store::ready`] to refuse a schema that does not fit.
    ///
    /// # Errors
    /// [`StoreError::Configuration`] for a bad URL; [`StoreError::Unavailable`] when the database does not answer.
    pub async fn open(options: &StoreOptions) -> Result<Self, StoreError> {
        let engine = match options.place()? {
            Place::Sqlite(path) => sqlite::open(&path, options).await?,
            Place::Postgres => Engine::Postgres { pool: postgres::open(options).await? },
        };
        let shared = Shared {
            keys: RwLock::new(Arc::new(options.keys.clone())),
            trips: Arc::new(AtomicU64::new(0)),
            patience: options.statement_timeout.saturating_add(GRACE),
            observer: options.observer,
        };
        Ok(Self { engine, shared: Arc::new(shared) })
    }

    /// The same connections with other row keys: when the keys themselves lie wrapped in the database.
    #[must_use]
    pub fn with_keys(&self, keys: RowKeys) -> Self {
        let keys = RwLock::new(Arc::new(keys));
        let Shared { trips, patience, observer, .. } = &*self.shared;
        let shared = Shared { keys, trips: Arc::clone(trips), patience: *patience, observer: *observer };
        Self { engine: self.engine.clone(), shared: Arc::new(shared) }
    }

    /// Puts other row keys in place, for this store and its clones; accesses under way go on with those they have.
    pub fn set_keys(&self, keys: RowKeys) {
        *self.shared.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
    }

    /// Which engine.
    pub fn engine(&self) -> EngineKind {
        match self.engine {
            Engine::Sqlite { .. } => EngineKind::Sqlite,
            Engine::Postgres { .. } => EngineKind::Postgres,
        }
    }

    /// Begins a writing transaction: `BEGIN IMMEDIATE` on SQLite, where it goes out with the first statement; READ COMMITTED on PostgreSQL,
    /// one round trip.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when no connection or no lock was to be had in time.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        let (link, trips) = match &self.engine {
            Engine::Sqlite { writer, .. } => {
                (Link::SqliteWrite(Writing::new(writer.take().await?, "BEGIN IMMEDIATE")), 0)
            }
            Engine::Postgres { pool } => {
                (Link::PostgresWrite(postgres::begin(pool, self.shared.patience).await?), 1)
            }
        };
        Ok(Tx::new(Access::new(link, trips, Arc::clone(&self.shared))))
    }

    /// A connection that reads.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when none was to be had in time.
    pub async fn read(&self) -> Result<Access, StoreError> {
        let link = match &self.engine {
            Engine::Sqlite { readers, .. } => Link::SqliteRead(readers.take().await?),
            Engine::Postgres { pool } => {
                Link::PostgresRead { connection: pool.acquire().await?, pool: pool.clone() }
            }
        };
        Ok(Access::new(link, 0, Arc::clone(&self.shared)))
    }

    /// Runs the migrations that wait. Safe to call from several processes at once on PostgreSQL.
    ///
    /// # Errors
    /// [`StoreError::Migration`]: the schema is newer than this program, was altered, or a migration failed (and left nothing).
    pub async fn migrate(&self) -> Result<Schema, StoreError> {
        migrate::run(&self.engine).await
    }

    /// The schema found and what waits.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn schema(&self) -> Result<Schema, StoreError> {
        migrate::inspect(&self.engine).await
    }

    /// Migrations that wait, as `0001 name`.
    ///
    /// # Errors
    /// As [`Store::ready`], except that waiting migrations are no error.
    pub async fn pending_migrations(&self) -> Result<Vec<String>, StoreError> {
        let schema = self.schema().await?;
        schema.refuse_foreign()?;
        Ok(schema.pending)
    }

    /// Whether the database answers with exactly the schema of this program.
    ///
    /// # Errors
    /// [`StoreError::Migration`] names the difference; [`StoreError::Unavailable`].
    pub async fn ready(&self) -> Result<(), StoreError> {
        self.schema().await?.refuse_unfit()
    }

    /// Round trips of all accesses since the store was opened.
    pub fn round_trips(&self) -> u64 {
        self.shared.trips.load(Ordering::Relaxed)
    }

    /// Connections open and idle.
    pub fn pool_state(&self) -> PoolState {
        let count =
            |open: u32, idle: usize| PoolState { open, idle: u32::try_from(idle).unwrap_or(u32::MAX) };
        match &self.engine {
            Engine::Sqlite { writer, readers } => {
                count(writer.size() + readers.size(), writer.num_idle() + readers.num_idle())
            }
            Engine::Postgres { pool } => count(pool.size(), pool.num_idle()),
        }
    }

    /// Closes every connection and waits for it; later calls fail with [`Outage::ConnectionLost`].
    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Engine::Postgres { pool } => pool.close().await,
        }
    }

    /// Prepares every statement of the product on this database; the names and complaints of those it refuses.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn check_statements(&self) -> Result<Vec<(&'static str, String)>, StoreError> {
        let mut refused = Vec::new();
        for statement in crate::statements() {
            let outcome = match &self.engine {
                Engine::Sqlite { readers, .. } => sqlite::prepare(readers, statement).await,
                Engine::Postgres { pool } => postgres::prepare(pool, statement).await,
            };
            match outcome.map_err(StoreError::from) {
                Ok(()) => {}
                Err(
                    gone @ StoreError::Unavailable {
                        outage: Outage::ConnectionLost | Outage::PoolTimeout,
                        ..
                    },
                ) => {
                    return Err(gone);
                }
                Err(fault) => refused.push((statement.name(), fault.to_string())),
            }
        }
        Ok(refused)
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("engine", &self.engine()).finish_non_exhaustive()
    }
}
