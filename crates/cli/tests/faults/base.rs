//! The database behind the service, looked at past the product.

use std::path::PathBuf;

use sqlx::{AssertSqlSafe, ConnectOptions as _, Row as _};
use yinxin_testkit::postgres::{self, Cluster, Database};
use yinxin_testkit::process::Service;

/// Where the registry lies.
#[derive(Debug)]
pub enum Base {
    /// In the folder of the service.
    Sqlite,
    /// In a database of its own.
    Postgres(Database),
}

impl Base {
    /// A fresh database in the tests' cluster; `None` where PostgreSQL is absent and may be.
    pub fn postgres() -> Option<Self> {
        postgres::database().map(Self::Postgres)
    }

    /// A fresh database in a cluster of the caller's.
    pub fn within(cluster: &Cluster) -> Self {
        Self::Postgres(cluster.database().unwrap())
    }

    /// Points a service there.
    pub fn settle(&self, service: Service) -> Service {
        match self {
            Self::Sqlite => service,
            Self::Postgres(database) => service.set("database.url", database.url()),
        }
    }

    /// The rows of a query that gives one text each.
    pub fn lines(&self, service: &Service, query: &str) -> Vec<String> {
        match self {
            Self::Sqlite => sqlite(&service.folder().join("data/registry.db"), query),
            Self::Postgres(database) => {
                database.sql(query).unwrap().lines().map(str::to_owned).filter(|l| !l.is_empty()).collect()
            }
        }
    }
}

fn sqlite(path: &PathBuf, query: &str) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
        let mut connection = options.connect().await.unwrap();
        let rows = sqlx::query(AssertSqlSafe(query.to_owned())).fetch_all(&mut connection).await.unwrap();
        rows.iter().map(|row| row.get::<String, _>(0)).collect()
    })
}
