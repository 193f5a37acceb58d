//! A fresh database of either engine, with a door past the product.

use std::sync::atomic::{AtomicU64, Ordering};
use yinxin_registry::audit::AuditKeys;
use yinxin_store::{RowKeys, Store, StoreOptions};
use yinxin_testkit::postgres::{self, Database};

pub enum Place {
    Sqlite(tempfile::TempDir),
    Postgres(Database),
}

pub struct Bench {
    pub store: Store,
    pub place: Place,
}

impl Bench {
    pub async fn sqlite() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        Some(Self::new(Place::Sqlite(folder)).await)
    }

    pub async fn postgres() -> Option<Self> {
        let database = tokio::task::spawn_blocking(postgres::database).await.unwrap()?;
        Some(Self::new(Place::Postgres(database)).await)
    }

    async fn new(place: Place) -> Self {
        let bench = Self::bare(place).await;
        bench.store.migrate().await.unwrap();
        bench
    }

    async fn bare(place: Place) -> Self {
        Self { store: Store::open(&options(&place)).await.unwrap(), place }
    }

    /// Empty databases of every engine there is.
    pub async fn empty() -> Vec<Self> {
        let mut all = vec![Self::bare(Place::Sqlite(tempfile::tempdir().unwrap())).await];
        if let Some(database) = tokio::task::spawn_blocking(postgres::database).await.unwrap() {
            all.push(Self::bare(Place::Postgres(database)).await);
        }
        all
    }

    pub fn options(&self) -> StoreOptions {
        options(&self.place)
    }

    /// Another store on the same database, as another node or process has.
    pub async fn second(&self) -> Store {
        Store::open(&self.options()).await.unwrap()
    }

    pub fn is_sqlite(&self) -> bool {
        matches!(self.place, Place::Sqlite(_))
    }

    /// Runs SQL past the product; what the engine complains of.
    pub async fn sql(&self, text: &str) -> Result<(), String> {
        match &self.place {
            Place::Sqlite(folder) => {
                use sqlx::{ConnectOptions, Connection};
                let options =
                    sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("yinxin.db"));
                let mut connection = options.connect().await.unwrap();
                let outcome =
                    sqlx::raw_sql(sqlx::AssertSqlSafe(text.to_owned())).execute(&mut connection).await;
                connection.close().await.unwrap();
                outcome.map(|_| ()).map_err(|error| error.to_string())
            }
            Place::Postgres(database) => tokio::task::block_in_place(|| database.sql(text))
                .map(|_| ())
                .map_err(|error| error.to_string()),
        }
    }

    /// Rows of a query past the product, columns joined by `|`.
    pub async fn query(&self, text: &str) -> Vec<String> {
        match &self.place {
            Place::Sqlite(folder) => {
                use sqlx::{ConnectOptions, Row, ValueRef};
                let options =
                    sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("yinxin.db"));
                let mut connection = options.connect().await.unwrap();
                let rows = sqlx::query(sqlx::AssertSqlSafe(text.to_owned()))
                    .fetch_all(&mut connection)
                    .await
                    .unwrap();
                rows.iter()
                    .map(|row| {
                        (0..row.len())
                            .map(|i| {
                                if row.try_get_raw(i).unwrap().is_null() {
                                    return String::new();
                                }
                                row.try_get::<String, _>(i)
                                    .or_else(|_| row.try_get::<i64, _>(i).map(|n| n.to_string()))
                                    .unwrap()
                            })
                            .collect::<Vec<_>>()
                            .join("|")
                    })
                    .collect()
            }
            Place::Postgres(database) => tokio::task::block_in_place(|| database.sql(text))
                .unwrap()
                .lines()
                .map(str::to_owned)
                .collect(),
        }
    }
}

fn options(place: &Place) -> StoreOptions {
    let url = match place {
        Place::Sqlite(folder) => format!("sqlite:{}", folder.path().join("yinxin.db").display()),
        Place::Postgres(database) => database.url().to_owned(),
    };
    let mut options = StoreOptions::new(&url, RowKeys::new(1, b"row key of the tests"));
    // Many of these tests wait for each other's disk; what a store does without a connection is tested elsewhere.
    options.acquire_timeout = std::time::Duration::from_secs(60);
    options
}

pub fn audit_key() -> AuditKeys {
    AuditKeys::new(&[7; 32])
}

/// A number no other call of this process gets.
pub fn unique() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Each case on each engine.
macro_rules! contract {
    ($($module:ident: $($case:ident),+ $(,)?;)+) => {
        mod sqlite {
            $(mod $module { $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    let Some(bench) = crate::bench::Bench::sqlite().await else { return };
                    crate::$module::$case(&bench).await;
                }
            )+ })+
        }
        mod postgres {
            $(mod $module { $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    let Some(bench) = crate::bench::Bench::postgres().await else { return };
                    crate::$module::$case(&bench).await;
                }
            )+ })+
        }
    };
}
pub(crate) use contract;

impl Bench {
    /// The plan of a statement, a line for each step.
    pub async fn explain_sqlite(&self, sql: &str) -> Vec<String> {
        use sqlx::{ConnectOptions, Row};
        let Place::Sqlite(folder) = &self.place else { panic!("not SQLite") };
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("yinxin.db"));
        let mut connection = options.connect().await.unwrap();
        let parameters = (1..=30).take_while(|n| sql.contains(&format!("${n}"))).count();
        let mut query = sqlx::query(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}")));
        for _ in 0..parameters {
            query = query.bind("x");
        }
        query.fetch_all(&mut connection).await.unwrap().iter().map(|row| row.get("detail")).collect()
    }

    /// The plan of a statement made for all values, sequential and bitmap scans avoided where that is possible at all: what is left
    /// of them has no index.
    pub async fn explain_postgres(&self, sql: &str) -> Vec<String> {
        let Place::Postgres(database) = &self.place else { panic!("not PostgreSQL") };
        let parameters = (1..=30).filter(|n| sql.contains(&format!("${n}"))).count();
        let arguments = if parameters == 0 {
            String::new()
        } else {
            format!("({})", vec!["NULL"; parameters].join(", "))
        };
        let script = format!(
            "SET enable_seqscan = off; SET enable_bitmapscan = off; SET plan_cache_mode = force_generic_plan; \
             PREPARE looked_at AS {sql}; EXPLAIN EXECUTE looked_at{arguments}"
        );
        tokio::task::block_in_place(|| database.sql(&script)).unwrap().lines().map(str::to_owned).collect()
    }
}
