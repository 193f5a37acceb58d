//! Filling an empty database from a backup (恢复): rows as they were, in one transaction, with every constraint checked at its end.

use crate::access::{Connection, Link};
use crate::migrate::{self, RESTORING};
use crate::shape::{self, Kind, TableShape, decode, list, run};
use crate::statement::statements;
use crate::store::Engine;
use crate::value::{Owned, Row, Value, bind_postgres, bind_sqlite};
use crate::writing::Writing;
use crate::{MigrationFault, Schema, Store, StoreError};
use sqlx::AssertSqlSafe;

/// Parameters of one statement at most.
const PARAMETERS: usize = 4000;

statements! {
    THINGS = "SELECT COUNT(*) FROM sqlite_master",
        postgres: "SELECT COUNT(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema()";
    TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
        postgres: "SELECT c.conrelid::regclass::text || '.' || c.conname, pg_get_constraintdef(c.oid) FROM pg_constraint c \
                   JOIN pg_namespace n ON n.oid = c.connamespace WHERE n.nspname = current_schema() AND c.contype = 'f'";
    /// What a worker held when the snapshot was taken is anybody's now.
    FREE_JOBS = "UPDATE job SET state = 'waiting', run_at = created_at WHERE state = 'running'";
    NUMBERED = "UPDATE sqlite_sequence SET seq = MAX(seq, $2) WHERE name = $1",
        postgres: "SELECT setval(pg_get_serial_sequence(quote_ident($1), 'seq')::regclass, GREATEST(CAST($2 AS BIGINT), 1), CAST($2 AS BIGINT) > 0)";
}

impl Store {
    /// Whether there is nothing at all in the database.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn is_empty(&self) -> Result<bool, StoreError> {
        let row = self.read().await?.row(&THINGS, &[]).await?;
        Ok(row.map(|row| row.int(0)).transpose()?.unwrap_or(0) == 0)
    }

    /// Marks the database as one that is being restored: until [`Store::finish_restore`] it is fit for nothing else.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn begin_restore(&self) -> Result<(), StoreError> {
        self.alone(format!("CREATE TABLE {RESTORING} (begun BIGINT NOT NULL)")).await
    }

    /// The database is fit for use.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn finish_restore(&self) -> Result<(), StoreError> {
        self.alone(format!("DROP TABLE {RESTORING}")).await
    }

    /// Runs the migrations up to a version, where a restore is under way.
    ///
    /// # Errors
    /// [`StoreError::Migration`]; [`StoreError::Unavailable`].
    pub async fn migrate_restored(&self, version: i64) -> Result<Schema, StoreError> {
        if !self.schema().await?.restoring {
            return Err(MigrationFault::Failed("no restore is under way".to_owned()).into());
        }
        migrate::run_to(&self.engine, version).await
    }

    async fn alone(&self, sql: String) -> Result<(), StoreError> {
        let sql = AssertSqlSafe(sql);
        match &self.engine {
            Engine::Sqlite { writer, .. } => {
                let mut lane = writer.take().await?;
                sqlx::query(sql).execute(lane.connection()?).await?;
                lane.settle();
            }
            Engine::Postgres { pool } => sqlx::query(sql).execute(pool).await.map(drop)?,
        }
        Ok(())
    }

    /// Begins to fill the tables: triggers and references rest, and what the migrations put there is gone.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn load(&self) -> Result<Loading, StoreError> {
        let link = match &self.engine {
            Engine::Sqlite { writer, .. } => {
                // Counts for the connection and cannot be said inside a transaction: this one writes nothing after it.
                let mut lane = writer.take().await?;
                lane.condemn();
                sqlx::query("PRAGMA foreign_keys = OFF").execute(lane.connection()?).await?;
                Link::SqliteWrite(Writing::new(lane, "BEGIN IMMEDIATE"))
            }
            Engine::Postgres { pool } => {
                let mut transaction = pool.begin().await?;
                for setting in ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"] {
                    sqlx::query(AssertSqlSafe(format!("SET LOCAL {setting} = 0")))
                        .execute(&mut *transaction)
                        .await?;
                }
                Link::PostgresWrite(transaction)
            }
        };
        let mut loading = Loading { link, tables: Vec::new(), again: Vec::new() };
        loading.tables = shape::tables(&mut loading.link).await?;
        loading.rest().await?;
        for table in loading.tables.clone() {
            run(&mut loading.link, format!("DELETE FROM \"{}\"", table.name)).await?;
        }
        Ok(loading)
    }
}

/// A transaction that fills tables. Nothing is kept unless [`Loading::commit`] returns `Ok`.
pub struct Loading {
    link: Link,
    tables: Vec<TableShape>,
    /// What puts triggers and references back.
    again: Vec<String>,
}

impl Loading {
    /// Every table there is to fill.
    pub fn tables(&self) -> &[TableShape] {
        &self.tables
    }

    /// Takes triggers and references away: rows come in the order of their keys, and were counted and chained when they were first
    /// written.
    async fn rest(&mut self) -> Result<(), StoreError> {
        let sqlite = matches!(self.link, Link::SqliteWrite(_));
        for row in self.ask(TRIGGERS.sqlite(), TRIGGERS.postgres()).await? {
            let (name, text) = (row.text(0)?, row.text(1)?);
            if sqlite {
                run(&mut self.link, format!("DROP TRIGGER \"{name}\"")).await?;
                self.again.push(text);
            } else {
                let (table, name) = name.split_once('.').unwrap_or((&name, ""));
                run(&mut self.link, format!("ALTER TABLE {table} DROP CONSTRAINT \"{name}\"")).await?;
                self.again.push(format!("ALTER TABLE {table} ADD CONSTRAINT \"{name}\" {text}"));
            }
        }
        for table in self.tables.iter().filter(|_| !sqlite) {
            run(&mut self.link, format!("ALTER TABLE \"{}\" DISABLE TRIGGER USER", table.name)).await?;
            self.again.push(format!("ALTER TABLE \"{}\" ENABLE TRIGGER USER", table.name));
        }
        Ok(())
    }

    /// Puts rows into a table: `next` gives them as [`crate::Snapshot::rows`] gave them, with these columns, until there are no more. How
    /// many.
    ///
    /// # Errors
    /// A table or column that is not there, rows that do not fit, a constraint that is broken, or what `next` says.
    pub async fn fill<E: From<StoreError>>(
        &mut self,
        table: &str,
        columns: &[String],
        next: &mut (dyn FnMut() -> Result<Option<Vec<u8>>, E> + Send),
    ) -> Result<u64, E> {
        let unfit =
            || StoreError::internal(format!("the backup and this schema differ in the table {table}"));
        let shape = self.tables.iter().find(|shape| shape.name == table).ok_or_else(unfit)?;
        if columns.len() != shape.columns.len() {
            return Err(unfit().into());
        }
        let kinds: Option<Vec<Kind>> = columns.iter().map(|column| shape.kind(column)).collect();
        let kinds = kinds.ok_or_else(unfit)?;
        let each = PARAMETERS.checked_div(columns.len()).unwrap_or(1).clamp(1, 200);
        let given = matches!(self.link, Link::PostgresWrite(_));
        let whole = insert(table, columns, each, given);
        let (mut count, mut batch, mut rows) = (0, Vec::new(), 0usize);
        while let Some(bytes) = next()? {
            batch.extend(decode(&bytes, &kinds)?);
            (rows, count) = (rows.saturating_add(1), count + 1);
            if rows == each {
                self.put(&whole, &batch).await?;
                batch.clear();
                rows = 0;
            }
        }
        if rows > 0 {
            self.put(&insert(table, columns, rows, given), &batch).await?;
        }
        Ok(count)
    }

    async fn put(&mut self, sql: &str, batch: &[Owned]) -> Result<(), StoreError> {
        let values: Vec<Value<'_>> = batch.iter().map(Owned::as_value).collect();
        let sql = AssertSqlSafe(sql.to_owned());
        match self.link.connection().await? {
            Connection::Sqlite(c) => bind_sqlite(sql, &values).execute(c).await.map(drop)?,
            Connection::Postgres(c) => bind_postgres(sql, &values).execute(c).await.map(drop)?,
        }
        Ok(())
    }

    /// Numbered tables go on behind the number they had given out.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn number(&mut self, table: &str, highest: i64) -> Result<(), StoreError> {
        let shape = self.tables.iter().find(|shape| shape.name == table);
        let shape = shape.ok_or_else(|| StoreError::internal(format!("there is no table {table}")))?;
        let first = format!(
            "INSERT INTO sqlite_sequence (name, seq) SELECT '{0}', 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = '{0}')",
            shape.name
        );
        let values = [Value::from(table), Value::from(highest)];
        match self.link.connection().await? {
            Connection::Sqlite(c) => {
                sqlx::query(AssertSqlSafe(first)).execute(&mut *c).await?;
                bind_sqlite(NUMBERED.sqlite(), &values).execute(c).await.map(drop)?;
            }
            Connection::Postgres(c) => {
                bind_postgres(NUMBERED.postgres(), &values).execute(c).await.map(drop)?;
            }
        }
        Ok(())
    }

    /// Frees the jobs that were running, puts triggers and references back, checks every reference, and keeps it all.
    ///
    /// # Errors
    /// [`StoreError::Rule`] names a reference that leads nowhere; nothing is kept then.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        self.ask(FREE_JOBS.sqlite(), FREE_JOBS.postgres()).await?;
        for sql in std::mem::take(&mut self.again) {
            run(&mut self.link, sql).await?;
        }
        if let Connection::Sqlite(c) = self.link.connection().await? {
            let dangling = sqlx::query("PRAGMA foreign_key_check").fetch_optional(c).await?;
            if let Some(row) = dangling {
                return Err(StoreError::Rule {
                    rule: format!("foreign key of {}", Row::Sqlite(row).text(0)?),
                });
            }
        }
        match self.link {
            Link::SqliteWrite(writing) => drop(writing.commit().await?),
            Link::PostgresWrite(transaction) => transaction.commit().await?,
            Link::SqliteRead(_) | Link::PostgresRead { .. } => {}
        }
        Ok(())
    }

    async fn ask(&mut self, sqlite: &'static str, postgres: &'static str) -> Result<Vec<Row>, StoreError> {
        Ok(match self.link.connection().await? {
            Connection::Sqlite(c) => {
                sqlx::query(sqlite).fetch_all(c).await?.into_iter().map(Row::Sqlite).collect()
            }
            Connection::Postgres(c) => {
                sqlx::query(postgres).fetch_all(c).await?.into_iter().map(Row::Postgres).collect()
            }
        })
    }
}

impl std::fmt::Debug for Loading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Loading").field("tables", &self.tables.len()).finish_non_exhaustive()
    }
}

/// Inserts so many rows at once. PostgreSQL must be told that numbers of a numbered table are given.
fn insert(table: &str, columns: &[String], rows: usize, given: bool) -> String {
    let mut numbers = 1usize..;
    let mut row = || {
        let places: Vec<String> =
            columns.iter().zip(numbers.by_ref()).map(|(_, number)| format!("${number}")).collect();
        format!("({})", places.join(", "))
    };
    let values: Vec<String> = (0..rows).map(|_| row()).collect();
    let overriding = if given { "OVERRIDING SYSTEM VALUE " } else { "" };
    format!("INSERT INTO \"{table}\" ({}) {overriding}VALUES {}", list(columns.iter()), values.join(", "))
}
