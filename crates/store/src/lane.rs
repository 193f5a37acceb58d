//! Connections to SQLite kept at hand. The driver's pool asks a connection for a sign of life whenever it comes back, by a task of its own:
//! two hand-overs to another thread for each reading, which cost more than the reading. A connection on which nothing went wrong waits here for
//! its next use; any other goes back to the pool, which looks after it.

use crate::value::Part;
use crate::{StoreError, script};
use sqlx::SqliteConnection;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{Sqlite, SqlitePool, SqliteRow};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Connections of one kind: those that read, or the one that writes. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Lanes {
    pool: SqlitePool,
    free: Arc<Semaphore>,
    idle: Arc<Mutex<Idle>>,
    patience: Duration,
}

#[derive(Default)]
struct Idle {
    connections: Vec<PoolConnection<Sqlite>>,
    closed: bool,
}

/// A connection in use. Dropped, it waits for its next use if it is settled.
pub(crate) struct Lane {
    connection: Option<PoolConnection<Sqlite>>,
    /// Nothing is under way on it: no statement, no transaction.
    settled: bool,
    /// It is used no further, whatever comes of this.
    condemned: bool,
    idle: Arc<Mutex<Idle>>,
    // Behind the connection: who waits finds it at hand.
    _permit: OwnedSemaphorePermit,
}

/// What a statement answered.
#[derive(Default)]
pub(crate) struct Answer {
    pub(crate) rows: Vec<SqliteRow>,
    pub(crate) changed: u64,
}

impl Lanes {
    /// In front of a pool, of which nobody else takes connections.
    pub(crate) fn new(pool: SqlitePool, patience: Duration) -> Self {
        let most = usize::try_from(pool.options().get_max_connections()).unwrap_or(1);
        Self { pool, free: Arc::new(Semaphore::new(most)), idle: Arc::default(), patience }
    }

    /// A connection for oneself.
    ///
    /// # Errors
    /// None came free in time, none could be made, or all were closed.
    pub(crate) async fn take(&self) -> Result<Lane, sqlx::Error> {
        let waiting = tokio::time::timeout(self.patience, Arc::clone(&self.free).acquire_owned());
        let permit = waiting.await.map_err(|_| sqlx::Error::PoolTimedOut)?;
        let permit = permit.map_err(|_| sqlx::Error::PoolClosed)?;
        let at_hand = locked(&self.idle).connections.pop();
        let connection = match at_hand {
            Some(connection) => connection,
            None => self.pool.acquire().await?,
        };
        Ok(Lane {
            connection: Some(connection),
            settled: true,
            condemned: false,
            idle: Arc::clone(&self.idle),
            _permit: permit,
        })
    }

    pub(crate) fn size(&self) -> u32 {
        self.pool.size()
    }

    pub(crate) fn num_idle(&self) -> usize {
        self.pool.num_idle().saturating_add(locked(&self.idle).connections.len())
    }

    pub(crate) async fn close(&self) {
        self.free.close();
        let connections = {
            let mut idle = locked(&self.idle);
            idle.closed = true;
            std::mem::take(&mut idle.connections)
        };
        drop(connections);
        self.pool.close().await;
    }
}

fn locked(idle: &Mutex<Idle>) -> MutexGuard<'_, Idle> {
    // A poisoned lock still holds whole connections: they are only pushed and popped.
    idle.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Lane {
    /// The connection itself. It counts as unsettled from here on.
    pub(crate) fn connection(&mut self) -> Result<&mut SqliteConnection, sqlx::Error> {
        self.settled = false;
        // Absent only while it is dropped.
        self.connection.as_deref_mut().ok_or(sqlx::Error::PoolClosed)
    }

    /// Nothing is under way on it any more.
    pub(crate) fn settle(&mut self) {
        self.settled = true;
    }

    /// It is closed when this is over.
    pub(crate) fn condemn(&mut self) {
        self.condemned = true;
        if let Some(connection) = &mut self.connection {
            connection.close_on_drop();
        }
    }

    /// Asks several things in one hand-over; an answer for each. Stops at the first that fails.
    pub(crate) async fn ask(&mut self, parts: &[Part<'_>]) -> Result<Vec<Answer>, sqlx::Error> {
        script::run(self.connection()?, parts).await
    }

    /// The same where all of them only read.
    pub(crate) async fn read(&mut self, parts: &[Part<'_>]) -> Result<Vec<Answer>, StoreError> {
        let answers = self.ask(parts).await?;
        self.settle();
        Ok(answers)
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        if !self.settled || self.condemned {
            return;
        }
        let mut idle = locked(&self.idle);
        if !idle.closed {
            idle.connections.push(connection);
        }
    }
}
