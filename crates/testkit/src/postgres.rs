//! PostgreSQL for tests: one cluster for a test process, a fresh database for each test.
//!
//! ```no_run
//! let Some(database) = yinxin_testkit::postgres::database() else { return };
//! connect(database.url());
//! # fn connect(_: &str) {}
//! ```
//! `None` is only given where a person allowed it (see [`ALLOW_MISSING`]) and after a loud line; without PostgreSQL
//! a test fails otherwise.

pub mod cluster;
mod keeper;
mod psql;

pub use cluster::{Cluster, Database, Durability};
use std::io::Write as _;
use std::sync::OnceLock;

/// Names a running cluster by the address of its maintenance database, as in
/// `postgres://postgres@127.0.0.1:15432/postgres`. `cargo xtask test` sets it.
pub const ADDRESS: &str = "YINXIN_TEST_POSTGRES";

/// Set to `1`, tests that need PostgreSQL do nothing, aloud, where there is none.
pub const ALLOW_MISSING: &str = "YINXIN_ALLOW_MISSING_POSTGRES";

/// The cluster that all tests of this process share: the one named by [`ADDRESS`], or a new one that ends with the
/// process. It cannot be stopped; tests that take the database away use [`Cluster::private`].
///
/// # Panics
/// Where there is no PostgreSQL and its absence was not allowed, and where it does not start.
pub fn cluster() -> Option<&'static Cluster> {
    static SHARED: OnceLock<Result<Cluster, cluster::Error>> = OnceLock::new();
    let shared = SHARED.get_or_init(|| match std::env::var(ADDRESS) {
        Ok(url) if !url.is_empty() => Cluster::running_at(&url),
        _ => Cluster::private(Durability::Full),
    });
    shared.as_ref().map_err(missing).ok()
}

/// A fresh, empty database in the cluster of [`cluster()`]; it goes when the value does.
///
/// # Panics
/// As [`cluster()`], and where no database can be made.
pub fn database() -> Option<Database> {
    cluster().map(|cluster| cluster.database().unwrap())
}

/// A cluster of the caller's own, to be stopped, killed and frozen.
///
/// # Panics
/// As [`cluster()`].
pub fn private(durability: Durability) -> Option<Cluster> {
    Cluster::private(durability).map_err(|error| missing(&error)).ok()
}

/// Returns only where absence was allowed.
fn missing(error: &cluster::Error) {
    let absent = matches!(error, cluster::Error::Absent(_));
    if absent && std::env::var_os(ALLOW_MISSING).is_some_and(|value| value == "1") {
        // Past the test runner's capture: the line must be seen of a test that passes, too.
        let _ =
            writeln!(std::io::stderr(), "!!! POSTGRESQL ABSENT: a test was IGNORED, not passed ({error})");
        return;
    }
    panic!("{error}");
}
