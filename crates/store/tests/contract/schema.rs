//! Statements, names and migrations.

use crate::bench::{Bench, Place};
use std::collections::BTreeSet;
use yinxin_store::{Constraint, MigrationFault, Store, StoreError};

pub async fn every_statement_prepares(bench: &Bench) {
    assert_eq!(bench.store.check_statements().await.unwrap(), []);
    assert!(yinxin_store::statements().count() > 100);
    let names: BTreeSet<_> = yinxin_store::statements().map(|s| s.name()).collect();
    assert_eq!(names.len(), yinxin_store::statements().count());
}

pub async fn unique_indexes_have_the_names_the_program_knows(bench: &Bench) {
    let query = if bench.is_sqlite() {
        "SELECT m.name || ' ' || l.name FROM sqlite_master m JOIN pragma_index_list(m.name) l \
         WHERE m.type = 'table' AND l.\"unique\" = 1 AND m.name NOT LIKE '\\_%' ESCAPE '\\'"
    } else {
        "SELECT tablename || ' ' || indexname FROM pg_indexes WHERE schemaname = 'public' AND indexdef LIKE 'CREATE UNIQUE%' \
         AND tablename NOT LIKE '\\_%'"
    };
    let found: BTreeSet<String> = bench.query(query).await.into_iter().collect();
    let known: BTreeSet<&str> = Constraint::ALL.iter().map(|c| c.as_str()).collect();
    for index in &found {
        let (_, name) = index.split_once(' ').unwrap();
        let unnamed = name.ends_with("_pkey") || name.starts_with("sqlite_autoindex_");
        assert!(unnamed || known.contains(name), "{name} has no Constraint");
    }
    for constraint in Constraint::ALL {
        // On SQLite the index of a primary key has a name of the engine's own.
        let named = found.iter().any(|index| index.ends_with(&format!(" {}", constraint.as_str())));
        let key = bench.is_sqlite() && constraint.as_str().ends_with("_once");
        assert!(named || key, "{constraint} has no index");
    }
    let columns: BTreeSet<_> = Constraint::ALL.iter().map(|c| c.columns()).collect();
    assert_eq!(columns.len(), Constraint::ALL.len(), "two constraints SQLite could not tell apart");
    if bench.is_sqlite() {
        for constraint in Constraint::ALL {
            let (table, _) = constraint.columns().split_once('.').unwrap();
            let names = bench
                .query(&format!(
                    "SELECT group_concat('{table}.' || i.name, ', ') FROM pragma_index_list('{table}') l, pragma_index_info(l.name) i \
                     WHERE l.\"unique\" = 1 GROUP BY l.name"
                ))
                .await;
            assert!(names.iter().any(|n| n == constraint.columns()), "{constraint}: {names:?}");
        }
    }
}

pub async fn migrations_run_once_and_the_schema_is_ready(bench: &Bench) {
    bench.store.ready().await.unwrap();
    let again = bench.store.migrate().await.unwrap();
    assert_eq!((again.version, again.pending), (again.known, Vec::new()));
    assert!(bench.store.pending_migrations().await.unwrap().is_empty());
    // The same database without its newest migration.
    bench
        .sql("DELETE FROM _sqlx_migrations WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)")
        .await
        .unwrap();
    assert_eq!(bench.store.pending_migrations().await.unwrap().len(), 1);
    let refused = bench.store.ready().await.unwrap_err();
    assert!(matches!(refused, StoreError::Migration(MigrationFault::Pending(1))), "{refused}");
    // Its tables are there, so it cannot run; the failure leaves nothing behind and says which it was.
    let refused = bench.store.migrate().await.unwrap_err();
    assert!(matches!(refused, StoreError::Migration(MigrationFault::Failed(_))), "{refused}");
}

pub async fn newer_and_altered_schemas_are_refused(bench: &Bench) {
    bench.sql("UPDATE _sqlx_migrations SET checksum = (SELECT checksum FROM _sqlx_migrations WHERE version = 1) WHERE version = 2")
        .await
        .unwrap();
    for refused in [bench.store.ready().await.unwrap_err(), bench.store.migrate().await.unwrap_err()] {
        assert!(matches!(refused, StoreError::Migration(MigrationFault::Altered(2))), "{refused}");
    }
    bench.sql("UPDATE _sqlx_migrations SET version = 9000 WHERE version = 2").await.unwrap();
    for refused in [bench.store.ready().await.unwrap_err(), bench.store.migrate().await.unwrap_err()] {
        assert!(
            matches!(refused, StoreError::Migration(MigrationFault::Newer { found: 9000, .. })),
            "{refused}"
        );
    }
    assert!(bench.store.pending_migrations().await.is_err());
}

/// Tables and columns of a database, migrations' own table left out.
async fn shape(bench: &Bench) -> BTreeSet<String> {
    let query = match bench.place {
        Place::Sqlite(_) => {
            "SELECT m.name || '.' || c.name || CASE c.\"notnull\" WHEN 1 THEN ' NOT NULL ' ELSE ' ' END || \
             CASE c.type WHEN 'INTEGER' THEN 'bigint' WHEN 'BLOB' THEN 'bytea' ELSE lower(c.type) END \
             FROM sqlite_master m JOIN pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND m.name NOT LIKE '\\_%' ESCAPE '\\' AND m.name NOT LIKE 'sqlite%'"
        }
        Place::Postgres(_) => {
            "SELECT table_name || '.' || column_name || CASE is_nullable WHEN 'NO' THEN ' NOT NULL ' ELSE ' ' END || data_type \
             FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_%'"
        }
    };
    bench.query(query).await.into_iter().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_engines_have_the_same_tables_and_columns() {
    let (Some(sqlite), Some(postgres)) = (Bench::sqlite().await, Bench::postgres().await) else { return };
    let (one, other) = (shape(&sqlite).await, shape(&postgres).await);
    assert!(one.len() > 150, "{}", one.len());
    assert_eq!(one, other);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_text_column_of_postgres_sorts_by_bytes() {
    let Some(bench) = Bench::postgres().await else { return };
    let others = bench
        .query(
            "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public' \
             AND data_type = 'text' AND table_name NOT LIKE '\\_%' AND collation_name IS DISTINCT FROM 'C'",
        )
        .await;
    assert_eq!(others, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_nodes_may_migrate_at_once() {
    let Some(bench) = Bench::postgres().await else { return };
    bench.sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await.unwrap();
    let mut nodes = Vec::new();
    for _ in 0..8 {
        let options = bench.options();
        nodes.push(tokio::spawn(async move {
            Store::open(&options).await.unwrap().migrate().await.map(|s| s.pending)
        }));
    }
    for node in nodes {
        assert_eq!(node.await.unwrap().unwrap(), Vec::<String>::new());
    }
}

/// SQLite would plan such a statement anew each time.
#[test]
fn no_limit_is_a_bare_parameter() {
    for statement in yinxin_store::statements() {
        assert!(!statement.sqlite().contains("LIMIT $"), "{}: {}", statement.name(), statement.sqlite());
    }
}
