//! Migrations, embedded in the program.

use crate::store::Engine;
use crate::{MigrationFault, StoreError};
use sqlx::migrate::{AppliedMigration, Migrate, MigrateError, Migration, MigrationType, Migrator};
use sqlx::{Connection, PgConnection, SqlSafeStr};
use std::borrow::Cow;
use std::collections::HashMap;

macro_rules! migrations {
    ($($version:literal $name:literal;)*) => {
        /// Version, name and text of every migration for one engine.
        pub(crate) fn all(postgres: bool) -> Vec<Migration> {
            vec![$({
                let text = if postgres {
                    include_str!(concat!("../migrations/postgres/", $version, "_", $name, ".sql"))
                } else {
                    include_str!(concat!("../migrations/sqlite/", $version, "_", $name, ".sql"))
                };
                migration($version, $name, text)
            }),*]
        }
    };
}

migrations! {
    "0001" "foundation";
    "0002" "audit";
    "0003" "registry";
    "0004" "overview";
    "0005" "audit_keys";
    "0006" "narrow";
    "0007" "supervision";
    "0008" "lists";
    "0009" "number_chain";
    "0010" "custody";
    "0012" "status";
    "0013" "verification";
    "0015" "notices";
    "0016" "job_holder";
    "0017" "waiting_indexes";
    "0018" "copies";
    "0019" "retention";
    "0020" "tickets";
    "0021" "exchange";
    "0022" "foreign_seals";
    "0023" "place_templates";
    "0024" "months";
}

fn migration(version: &str, name: &'static str, text: &'static str) -> Migration {
    let version = version.parse().unwrap_or_default();
    Migration::new(version, Cow::Borrowed(name), MigrationType::Simple, text.into_sql_str(), false)
}

/// Where the keeping table stands.
const TABLE: &str = "_sqlx_migrations";

/// Stands in a database from the beginning of a restore to its end.
pub(crate) const RESTORING: &str = "_yinxin_restore";

/// The schema of a database beside the one this program knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema {
    /// Newest migration that ran; 0 on an empty database.
    pub version: i64,
    /// Newest migration this program knows.
    pub known: i64,
    /// Migrations that wait, as `0001 name`.
    pub pending: Vec<String>,
    /// Migrations that ran with another text, or that this program does not know though it knows newer ones.
    pub altered: Vec<i64>,
    /// A restore into this database was begun and not finished.
    pub restoring: bool,
}

/// A migration this program knows, with the digest (SHA-384) of its text for each engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownMigration {
    /// Its number.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// Digest of the text for SQLite.
    pub sqlite: Vec<u8>,
    /// Digest of the text for PostgreSQL.
    pub postgres: Vec<u8>,
}

/// Every migration of this program, in their order.
pub fn known_migrations() -> Vec<KnownMigration> {
    let pair = |(one, other): (Migration, Migration)| KnownMigration {
        version: one.version,
        name: one.description.into_owned(),
        sqlite: one.checksum.into_owned(),
        postgres: other.checksum.into_owned(),
    };
    all(false).into_iter().zip(all(true)).map(pair).collect()
}

impl Schema {
    fn compare(known: &[Migration], applied: &[AppliedMigration], restoring: bool) -> Self {
        let newest = known.iter().map(|m| m.version).max().unwrap_or(0);
        let ran: HashMap<i64, &AppliedMigration> = applied.iter().map(|m| (m.version, m)).collect();
        let pending = known
            .iter()
            .filter(|m| !ran.contains_key(&m.version))
            .map(|m| format!("{:04} {}", m.version, m.description))
            .collect();
        let ours: HashMap<i64, &Migration> = known.iter().map(|m| (m.version, m)).collect();
        let altered = applied
            .iter()
            .filter(|m| {
                m.version <= newest && ours.get(&m.version).is_none_or(|known| known.checksum != m.checksum)
            })
            .map(|m| m.version)
            .collect();
        Self { version: ran.keys().copied().max().unwrap_or(0), known: newest, pending, altered, restoring }
    }

    pub(crate) fn refuse_foreign(&self) -> Result<(), StoreError> {
        if self.restoring {
            return Err(MigrationFault::Restoring.into());
        }
        if self.version > self.known {
            return Err(MigrationFault::Newer { found: self.version, known: self.known }.into());
        }
        match self.altered.first() {
            Some(version) => Err(MigrationFault::Altered(*version).into()),
            None => Ok(()),
        }
    }

    pub(crate) fn refuse_unfit(&self) -> Result<(), StoreError> {
        self.refuse_foreign()?;
        match self.pending.len() {
            0 => Ok(()),
            waiting => Err(MigrationFault::Pending(waiting).into()),
        }
    }
}

pub(crate) async fn inspect(engine: &Engine) -> Result<Schema, StoreError> {
    match engine {
        Engine::Sqlite { readers, .. } => {
            let mut lane = readers.take().await?;
            let connection = lane.connection()?;
            let names = sqlx::query_scalar::<_, String>(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name IN ('_sqlx_migrations', '_yinxin_restore')",
            )
            .fetch_all(&mut *connection)
            .await?;
            let schema = found(&names, connection, &all(false)).await?;
            lane.settle();
            Ok(schema)
        }
        Engine::Postgres { pool } => {
            let mut connection = pool.acquire().await?;
            let names = sqlx::query_scalar::<_, String>(
                "SELECT name FROM (VALUES ('_sqlx_migrations'), ('_yinxin_restore')) known (name) WHERE to_regclass(name) IS NOT NULL",
            )
            .fetch_all(&mut *connection)
            .await?;
            found(&names, &mut *connection, &all(true)).await
        }
    }
}

async fn found<C: Migrate>(
    tables: &[String],
    connection: &mut C,
    known: &[Migration],
) -> Result<Schema, StoreError> {
    let has = |name: &str| tables.iter().any(|table| table == name);
    let applied = match has(TABLE) {
        true => connection.list_applied_migrations(TABLE).await.map_err(fault)?,
        false => Vec::new(),
    };
    Ok(Schema::compare(known, &applied, has(RESTORING)))
}

pub(crate) async fn run(engine: &Engine) -> Result<Schema, StoreError> {
    inspect(engine).await?.refuse_foreign()?;
    run_to(engine, i64::MAX).await
}

/// Runs the migrations up to one; also where a restore is under way.
pub(crate) async fn run_to(engine: &Engine, version: i64) -> Result<Schema, StoreError> {
    let wanted =
        |postgres| -> Vec<Migration> { all(postgres).into_iter().filter(|m| m.version <= version).collect() };
    match engine {
        Engine::Sqlite { writer, .. } => {
            let mut lane = writer.take().await?;
            Migrator::with_migrations(wanted(false))
                .run_direct(None, lane.connection()?, false)
                .await
                .map_err(fault)?;
            lane.settle();
        }
        Engine::Postgres { pool } => {
            // A connection of its own: the migrator's lock ends with it whatever happens, and no statement is cut short.
            let options = pool
                .connect_options()
                .as_ref()
                .clone()
                .options([("statement_timeout", "0"), ("lock_timeout", "0")]);
            let mut connection = PgConnection::connect_with(&options).await?;
            let outcome =
                Migrator::with_migrations(wanted(true)).run_direct(None, &mut connection, false).await;
            connection.close().await.ok();
            outcome.map_err(fault)?;
        }
    }
    inspect(engine).await
}

fn fault(error: MigrateError) -> StoreError {
    match error {
        MigrateError::VersionMissing(found) => {
            MigrationFault::Newer { found, known: all(true).iter().map(|m| m.version).max().unwrap_or(0) }
                .into()
        }
        MigrateError::VersionMismatch(version) => MigrationFault::Altered(version).into(),
        MigrateError::Execute(error) => error.into(),
        MigrateError::ExecuteMigration(error, version) => match StoreError::from(error) {
            gone @ StoreError::Unavailable { .. } => gone,
            other => MigrationFault::Failed(format!("{version:04}: {other}")).into(),
        },
        other => MigrationFault::Failed(other.to_string()).into(),
    }
}
