//! Starting the server, moving its clock, running what goes on beside requests.

use super::client::Client;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tempfile::TempDir;
use tokio::sync::Mutex;
use yinxin_server::app::Shared;
use yinxin_server::app::clock::{Shifted, Source};
use yinxin_server::config::{AreaConfig, Config, DatabaseUrl};
use yinxin_server::jobs;
use yinxin_server::making::authority::TestAuthority;
use yinxin_server::making::runner::{self, Fate};
use yinxin_server::making::transport::LocalRegistry;
use yinxin_server::start::{Prepared, assemble, prepare, renew_trust};

/// Which database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Engine {
    /// A file in a temporary folder.
    Sqlite,
    /// The empty database at this address.
    Postgres(String),
}

/// Runs a test on SQLite and, with a fresh database, on PostgreSQL.
#[track_caller]
pub fn for_each_engine(test: impl AsyncFn(&Server)) {
    for_each_engine_with(|_| {}, test);
}

/// The same with settings of the test's own.
#[track_caller]
pub fn for_each_engine_with(change: impl Fn(&mut Config), test: impl AsyncFn(&Server)) {
    on(Engine::Sqlite, &change, &test);
    if let Some(database) = yinxin_testkit::postgres::database() {
        on(Engine::Postgres(database.url().to_owned()), &change, &test);
    }
}

/// Runs a test on SQLite alone: for what the database has no part in.
#[track_caller]
pub fn on_sqlite(test: impl AsyncFn(&Server)) {
    on(Engine::Sqlite, &|_| {}, &test);
}

/// The same with settings of the test's own.
#[track_caller]
pub fn on_sqlite_with(change: impl Fn(&mut Config), test: impl AsyncFn(&Server)) {
    on(Engine::Sqlite, &change, &test);
}

fn on(engine: Engine, change: &impl Fn(&mut Config), test: &impl AsyncFn(&Server)) {
    eprintln!("on {engine:?}");
    // What the server logs tells why an answer is INTERNAL: YINXIN_TEST_LOG=warn cargo test …
    if let Ok(level) = std::env::var("YINXIN_TEST_LOG") {
        let _ = tracing_subscriber::fmt().with_env_filter(level).try_init();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let server = Server::start_with(engine, change).await;
        test(&server).await;
        server.app.store.close().await;
    });
}

/// A server of one test.
pub struct Server {
    /// The running server.
    pub app: Shared,
    /// Its routes with every layer around them.
    pub router: axum::Router,
    /// Clients of administrators who have logged in.
    pub(super) administrators: Mutex<BTreeMap<String, Client>>,
    /// How many accounts were made.
    pub(super) accounts: AtomicI64,
    prepared: Prepared,
    clock: Hand,
    ahead: AtomicI64,
    // Removed with the server.
    folder: TempDir,
}

/// The clock's hand, shared by the server and the test.
#[derive(Debug, Clone, Default)]
struct Hand(Arc<Shifted>);

impl Source for Hand {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}

impl Server {
    /// 示例市 (610100) by the national profile, registry and workshop in one.
    pub async fn start(engine: Engine) -> Self {
        Self::start_with(engine, |_| {}).await
    }

    /// The same with settings of the test's own.
    pub async fn start_with(engine: Engine, change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::defaults_in(&folder.path().join("data"));
        config.area = AreaConfig {
            code: "610100".to_owned(),
            name: "示例市".to_owned(),
            profile: "national".to_owned(),
        };
        // Tests knock faster than people do, and look months ahead in one session.
        config.security.login_per_minute = 1_000_000;
        config.security.requests_per_second = 1_000_000;
        config.security.request_burst = 1_000_000;
        config.security.session_idle_minutes = 20 * 365 * 24 * 60;
        config.security.session_absolute_minutes = 20 * 365 * 24 * 60;
        config.verification.anonymous_per_minute = 1_000_000;
        config.database.max_connections = 4;
        if let Engine::Postgres(url) = engine {
            config.database.url = DatabaseUrl::try_from(url).unwrap();
        }
        change(&mut config);
        let clock = Hand::default();
        let prepared = prepare(config, Box::new(clock.clone())).await.unwrap_or_else(|e| panic!("{e}"));
        Self {
            router: assemble(&prepared.app),
            app: prepared.app.clone(),
            administrators: Mutex::default(),
            accounts: AtomicI64::new(0),
            prepared,
            clock,
            ahead: AtomicI64::new(0),
            folder,
        }
    }

    /// One-time password of one of the first administrators.
    pub fn first_password(&self, login: &str) -> &str {
        let found = self.prepared.first.iter().find(|(name, _)| name == login);
        found.unwrap_or_else(|| panic!("no first administrator {login}")).1.reveal()
    }

    /// The built-in test authority.
    pub fn test_authority(&self) -> &TestAuthority {
        self.prepared.test_authority.as_deref().unwrap()
    }

    /// Folder of the server's data, for looking and for tampering.
    pub fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    /// What the server's clock shows.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Moves the clock ahead; the test authority's lists are kept fresh, as the worker does.
    pub async fn advance(&self, by: SignedDuration) {
        let ahead = self.ahead.fetch_add(by.as_secs(), Ordering::SeqCst) + by.as_secs();
        self.clock.0.set(ahead);
        renew_trust(&self.app, self.test_authority()).await.unwrap_or_else(|e| panic!("{e}"));
    }

    /// Moves the clock ahead by days of 24 hours.
    pub async fn advance_days(&self, days: i64) {
        self.advance(SignedDuration::from_hours(24 * days)).await;
    }

    /// Runs every job that is due; gives how many.
    pub async fn tick(&self) -> usize {
        let mut all = 0;
        loop {
            let done = jobs::tick(&self.app, self.now()).await.unwrap_or_else(|_| panic!("jobs stopped"));
            all += done;
            if done == 0 {
                return all;
            }
        }
    }

    /// One round of the workshop: every order it saw, with its fate.
    ///
    /// # Panics
    /// Where it has no maker, or the orders cannot be had.
    pub async fn work_round(&self) -> Vec<(String, Fate)> {
        let host = self.app.workshop.get().unwrap();
        let workshop = host.open(&self.app).await.unwrap().expect("the workshop works for nobody yet");
        let registry = LocalRegistry::new(self.router.clone(), host.signer(&self.app).unwrap());
        let trust = self.app.authority.trust();
        let round = runner::round(&Arc::new(workshop), &registry, &trust, self.now()).await;
        round.unwrap_or_else(|e| panic!("{e}")).orders
    }

    /// The same, where every order must be made.
    pub async fn make_all(&self) {
        for (application, fate) in self.work_round().await {
            assert!(matches!(fate, Fate::HandedIn { .. }), "{application}: {fate:?}");
        }
    }

    /// A client who is nobody.
    pub fn visitor(&self) -> Client {
        Client::nobody(self)
    }

    /// How many lines of the audit log there are.
    pub async fn audit_lines(&self) -> u64 {
        let mut access = self.app.store.read().await.unwrap();
        access.audit_head().await.unwrap().seq
    }
}
