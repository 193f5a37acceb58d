//! Access to the database: what reads and what may write. Each statement function of this crate is written once, against
//! [`Access`]; only this file knows that there are two drivers.

use crate::lane::{Answer, Lane};
use crate::statement::Statement;
use crate::value::{Part, Row, Value, bind_postgres};
use crate::writing::Writing;
use crate::{Outage, RowKeys, StoreError, postgres};
use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, PgPool, Postgres, SqliteConnection, Transaction};
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// Told how long each round trip took.
pub(crate) type Observer = Option<fn(Duration)>;

/// What all accesses of a store share.
#[derive(Debug)]
pub(crate) struct Shared {
    /// Replaced as a whole; every access goes on with those it began with.
    pub(crate) keys: RwLock<Arc<RowKeys>>,
    pub(crate) trips: Arc<AtomicU64>,
    /// How long an answer of PostgreSQL is waited for: a server that hangs enforces no timeout of its own.
    pub(crate) patience: Duration,
    pub(crate) observer: Observer,
}

impl Shared {
    pub(crate) fn keys(&self) -> Arc<RowKeys> {
        // A poisoned lock still holds whole keys: they are only ever replaced at once.
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }
}

pub(crate) enum Link {
    SqliteRead(Lane),
    SqliteWrite(Writing),
    PostgresRead { connection: PoolConnection<Postgres>, pool: PgPool },
    PostgresWrite(Transaction<'static, Postgres>),
}

pub(crate) enum Connection<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
}

impl Link {
    /// The connection itself, for what is no statement of ours; a transaction on it has begun.
    pub(crate) async fn connection(&mut self) -> Result<Connection<'_>, StoreError> {
        Ok(match self {
            Self::SqliteRead(lane) => Connection::Sqlite(lane.connection()?),
            Self::SqliteWrite(writing) => {
                writing.open().await?;
                Connection::Sqlite(writing.lane().connection()?)
            }
            Self::PostgresRead { connection, .. } => Connection::Postgres(connection),
            Self::PostgresWrite(transaction) => Connection::Postgres(transaction),
        })
    }

    async fn on_sqlite(&mut self, part: Part<'_>) -> Result<Option<Answer>, StoreError> {
        match self {
            Self::SqliteRead(lane) => Ok(lane.read(&[part]).await?.pop()),
            Self::SqliteWrite(writing) => writing.ask(Some(part)).await.map(Some),
            Self::PostgresRead { .. } | Self::PostgresWrite(_) => Ok(None),
        }
    }

    fn on_postgres(&mut self) -> Option<&mut PgConnection> {
        match self {
            Self::PostgresRead { connection, .. } => Some(connection),
            Self::PostgresWrite(transaction) => Some(transaction),
            Self::SqliteRead(_) | Self::SqliteWrite(_) => None,
        }
    }

    /// How many other connections a statement may be tried on when this one turns out to be dead: a statement that only reads, by
    /// itself, loses nothing.
    fn spare(&self) -> u32 {
        match self {
            Self::PostgresRead { pool, .. } => pool.size(),
            _ => 0,
        }
    }

    async fn exchange(&mut self) -> Result<(), StoreError> {
        if let Self::PostgresRead { connection, pool } = self {
            *connection = pool.acquire().await?;
        }
        Ok(())
    }
}

/// Reading access (读取): a connection of the pool, each statement on the newest committed state. Every function that only reads is a
/// method of this type; [`Tx`] has them too.
pub struct Access {
    pub(crate) link: Link,
    trips: u32,
    keys: Arc<RowKeys>,
    pub(crate) shared: Arc<Shared>,
}

impl Access {
    pub(crate) fn new(link: Link, trips: u32, shared: Arc<Shared>) -> Self {
        shared.trips.fetch_add(u64::from(trips), Ordering::Relaxed);
        let keys = shared.keys();
        Self { link, trips, keys, shared }
    }

    /// Round trips to the database since this access began, counting the opening of a transaction.
    pub fn round_trips(&self) -> u32 {
        self.trips
    }

    pub(crate) fn keys(&self) -> &RowKeys {
        &self.keys
    }

    fn count(&mut self) {
        self.trips += 1;
        self.shared.trips.fetch_add(1, Ordering::Relaxed);
    }

    /// Tells the observer how long a round trip took that began then.
    fn observe(&self, began: Instant) {
        if let Some(observer) = self.shared.observer {
            observer(began.elapsed());
        }
    }

    /// Every row of the answer. The statement bounds their number.
    pub(crate) async fn rows(
        &mut self,
        statement: &'static Statement,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        let mut spare = self.link.spare();
        loop {
            let began = Instant::now();
            let answer = self.answer(statement, values).await;
            self.observe(began);
            match answer {
                Err(StoreError::Unavailable { outage: Outage::ConnectionLost, .. }) if spare > 0 => {
                    spare -= 1;
                    self.link.exchange().await?;
                }
                outcome => return outcome,
            }
        }
    }

    async fn answer(
        &mut self,
        statement: &'static Statement,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        self.count();
        let patience = self.shared.patience;
        if let Some(connection) = self.link.on_postgres() {
            let answer = bind_postgres(statement.postgres(), values).fetch_all(connection);
            let rows = postgres::within(patience, answer).await?;
            return Ok(rows.into_iter().map(Row::Postgres).collect());
        }
        let answer = self.link.on_sqlite(Part { sql: statement.sqlite(), values }).await?;
        Ok(answer.unwrap_or_default().rows.into_iter().map(Row::Sqlite).collect())
    }

    /// Answers of several statements that only read; on SQLite in one round trip.
    pub(crate) async fn together(
        &mut self,
        asked: &[(&'static Statement, &[Value<'_>])],
    ) -> Result<Vec<Vec<Row>>, StoreError> {
        if let Link::SqliteRead(lane) = &mut self.link {
            let parts: Vec<Part<'_>> =
                asked.iter().map(|(statement, values)| Part { sql: statement.sqlite(), values }).collect();
            let began = Instant::now();
            let answers = lane.read(&parts).await?;
            self.count();
            self.observe(began);
            let rows = |answer: Answer| answer.rows.into_iter().map(Row::Sqlite).collect();
            return Ok(answers.into_iter().map(rows).collect());
        }
        let mut answers = Vec::with_capacity(asked.len());
        for (statement, values) in asked {
            answers.push(self.rows(statement, values).await?);
        }
        Ok(answers)
    }

    /// The first row of the answer, if any.
    pub(crate) async fn row(
        &mut self,
        statement: &'static Statement,
        values: &[Value<'_>],
    ) -> Result<Option<Row>, StoreError> {
        // Not the driver's fetch_optional: on SQLite that stops a statement with RETURNING before it has finished.
        Ok(self.rows(statement, values).await?.into_iter().next())
    }

    /// Runs a statement that answers with no rows; how many rows it changed.
    pub(crate) async fn execute(
        &mut self,
        statement: &'static Statement,
        values: &[Value<'_>],
    ) -> Result<u64, StoreError> {
        self.count();
        let (began, patience) = (Instant::now(), self.shared.patience);
        let changed = if let Some(connection) = self.link.on_postgres() {
            let answer = bind_postgres(statement.postgres(), values).execute(connection);
            postgres::within(patience, answer).await?.rows_affected()
        } else {
            let answer = self.link.on_sqlite(Part { sql: statement.sqlite(), values }).await?;
            answer.unwrap_or_default().changed
        };
        self.observe(began);
        Ok(changed)
    }
}

impl std::fmt::Debug for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Access").field("trips", &self.trips).finish_non_exhaustive()
    }
}

/// A writing transaction (事务). Nothing is kept unless [`Tx::commit`] returns `Ok`; dropped, it is rolled back. On SQLite it is the
/// only writer while it lives, so it must be short and wait for nothing but the database.
#[derive(Debug)]
pub struct Tx {
    access: Access,
    /// Where the audit chain stood when this transaction took its lock, and what it appended since.
    /// Besides, the number of the key the chain has come to.
    pub(crate) head: Option<(yinxin_registry::audit::ChainHead, u32)>,
}

impl Tx {
    pub(crate) fn new(access: Access) -> Self {
        Self { access, head: None }
    }

    /// Keeps everything; the number of round trips this transaction took, opening and commit included.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] leaves open whether it was kept when the connection broke during this very call: the caller asks
    /// again under the same idempotency key.
    pub async fn commit(self) -> Result<u32, StoreError> {
        let Access { link, trips, shared, .. } = self.access;
        let began = Instant::now();
        let more = match link {
            Link::SqliteWrite(writing) => writing.commit().await?,
            Link::PostgresWrite(transaction) => {
                postgres::within(shared.patience, transaction.commit()).await?;
                1
            }
            Link::SqliteRead(_) | Link::PostgresRead { .. } => 0,
        };
        shared.trips.fetch_add(u64::from(more), Ordering::Relaxed);
        if let (Some(observer), 1..) = (shared.observer, more) {
            observer(began.elapsed());
        }
        Ok(trips.saturating_add(more))
    }

    /// Runs a statement for whose answer nobody waits: on SQLite together with the next for which somebody does, at the latest with the
    /// commit. What goes wrong with it goes wrong there, and nothing of the transaction is kept then. `or` is what it means
    /// when no row is changed; without, that is no fault.
    pub(crate) async fn later(
        &mut self,
        statement: &'static Statement,
        values: &[Value<'_>],
        or: Option<StoreError>,
    ) -> Result<(), StoreError> {
        let access = &mut self.access;
        if let Link::SqliteWrite(writing) = &mut access.link {
            if writing.hold(statement.sqlite(), values, or) {
                access.trips += 1;
                access.shared.trips.fetch_add(1, Ordering::Relaxed);
                let began = Instant::now();
                writing.ask(None).await?;
                access.observe(began);
            }
            return Ok(());
        }
        match (access.execute(statement, values).await?, or) {
            (0, Some(or)) => Err(or),
            _ => Ok(()),
        }
    }

    /// Drops everything and waits until that is done.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]: the connection broke; the engine has dropped everything then.
    pub async fn rollback(self) -> Result<(), StoreError> {
        match self.access.link {
            Link::SqliteWrite(writing) => writing.rollback().await?,
            Link::PostgresWrite(transaction) => {
                postgres::within(self.access.shared.patience, transaction.rollback()).await?;
            }
            Link::SqliteRead(_) | Link::PostgresRead { .. } => {}
        }
        Ok(())
    }
}

impl Deref for Tx {
    type Target = Access;

    fn deref(&self) -> &Access {
        &self.access
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Access {
        &mut self.access
    }
}
