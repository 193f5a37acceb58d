//! Opening PostgreSQL.

use crate::statement::Statement;
use crate::{Outage, StoreError, StoreOptions};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{Connection, Either, Executor, Postgres, SqlSafeStr, Statement as _, Transaction, TypeInfo};
use std::str::FromStr;
use std::time::Duration;

/// An idle connection is asked for a sign of life before use after this long; a busy one is not, which saves a round trip.
const PING_AFTER: Duration = Duration::from_secs(1);

/// How long a connection that is given back may take to settle.
const RELEASE: Duration = Duration::from_secs(5);

pub(crate) async fn open(options: &StoreOptions) -> Result<PgPool, StoreError> {
    let milliseconds = options.statement_timeout.as_millis().to_string();
    let connect = PgConnectOptions::from_str(&options.url)
        .map_err(|_| {
            StoreError::Configuration("postgres:// 地址无法解析 (the postgres:// URL cannot be read)".into())
        })?
        .application_name("yinxin")
        .options([
            ("statement_timeout", milliseconds.as_str()),
            ("lock_timeout", milliseconds.as_str()),
            ("idle_in_transaction_session_timeout", "30000"),
            ("default_transaction_isolation", "read committed"),
            // A plan made once for all values walks the wrong index when the table has grown a thousandfold since.
            ("plan_cache_mode", "force_custom_plan"),
        ]);
    let pool = PgPoolOptions::new()
        .max_connections(options.max_connections.max(1))
        .acquire_timeout(options.acquire_timeout)
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for >= PING_AFTER {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        // The pool waits without end for a sign of life before it takes a connection back.
        .after_release(|connection, _| {
            Box::pin(async move {
                match tokio::time::timeout(RELEASE, connection.ping()).await {
                    Ok(alive) => alive.map(|()| true),
                    Err(_) => Err(sqlx::Error::Io(std::io::ErrorKind::TimedOut.into())),
                }
            })
        })
        .connect_with(connect)
        .await?;
    Ok(pool)
}

/// An answer, or [`Outage::StatementTimeout`] when it does not come within `patience`. The connection is then given up.
pub(crate) async fn within<T>(
    patience: Duration,
    answer: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, StoreError> {
    match tokio::time::timeout(patience, answer).await {
        Ok(answer) => answer.map_err(StoreError::from),
        Err(_) => Err(StoreError::Unavailable { outage: Outage::StatementTimeout, source: None }),
    }
}

/// Begins. Connections that died since their last use are thrown away on the way: nothing has been said on them, so it is safe to
/// go on with the next.
pub(crate) async fn begin(
    pool: &PgPool,
    patience: Duration,
) -> Result<Transaction<'static, Postgres>, StoreError> {
    let mut attempts = pool.size();
    loop {
        match within(patience, pool.begin()).await {
            Err(StoreError::Unavailable { outage: Outage::ConnectionLost, .. }) if attempts > 0 => {
                attempts -= 1;
            }
            outcome => return outcome,
        }
    }
}

pub(crate) async fn prepare(pool: &PgPool, statement: &'static Statement) -> Result<(), sqlx::Error> {
    let mut connection = pool.acquire().await?;
    let prepared = connection.prepare(statement.postgres().into_sql_str()).await?;
    // What the server makes of the parameters must be what we bind.
    if let Some(Either::Left(kinds)) = prepared.parameters() {
        for (place, kind) in kinds.iter().enumerate() {
            if !["TEXT", "INT8", "BYTEA"].contains(&kind.name()) {
                return Err(sqlx::Error::InvalidArgument(format!(
                    "${} is taken as {}",
                    place + 1,
                    kind.name()
                )));
            }
        }
    }
    Ok(())
}
