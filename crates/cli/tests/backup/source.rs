//! A registry that was started once, and its database past the product.

use sqlx::{AssertSqlSafe, ConnectOptions as _};
use yinxin_testkit::process::Service;

use crate::at::data;
use crate::base::Base;
use crate::town;

/// A registry on SQLite that was started and stopped: three administrators, areas, profiles.
pub fn started() -> Service {
    let service = town::service(&Base::Sqlite);
    assert!(service.start().stop().success());
    service
}

/// Runs SQL past the product on SQLite.
pub fn sql(service: &Service, text: &str) {
    let path = data(service).join("registry.db");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        use sqlx::Connection as _;
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
        let mut connection = options.connect().await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(text.to_owned())).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    });
}

/// Puts finished jobs with bodies of `bytes` bytes that do not deflate into the database.
pub fn filler(service: &Service, rows: u32, bytes: u32) {
    sql(
        service,
        &format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) \
             INSERT INTO job (id, queue, kind, subject, payload, state, run_at, attempts, created_at, ended_at) \
             SELECT 'job_filler' || i, 'filler', 'filler', 's' || i, hex(randomblob({bytes} / 2)), 'done', 0, 1, 0, 4000000000000000 FROM n"
        ),
    );
}
