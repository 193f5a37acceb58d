//! The registry, started in this process and reached over loopback like any other.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use yinxin_server::app::Shared;
use yinxin_server::app::clock::{Shifted, Source};
use yinxin_server::config::{AreaConfig, Config};
use yinxin_server::making::authority::TestAuthority;
use yinxin_server::security::Secret;
use yinxin_server::start::{StartError, bind, prepare, renew_trust};

use crate::failure::Failure;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// The clock of the story: that of the machine, put back by so many days.
#[derive(Debug, Clone, Default)]
pub struct StoryClock {
    shifted: Arc<Shifted>,
    behind: Arc<AtomicI64>,
}

impl StoryClock {
    fn turn(&self, days: i64) {
        self.behind.store(days, Ordering::Relaxed);
        self.shifted.set(-days * DAY);
    }

    /// How many days back it stands.
    pub fn days_back(&self) -> i64 {
        self.behind.load(Ordering::Relaxed)
    }
}

impl Source for StoryClock {
    fn now(&self) -> Timestamp {
        self.shifted.now()
    }
}

/// The running registry.
pub struct Host {
    /// `http://127.0.0.1:…`
    pub url: String,
    /// Login names and one-time passwords of the first administrators.
    pub first: Vec<(String, Secret)>,
    /// Its clock.
    pub clock: StoryClock,
    /// The server, for what a verifier has to know: its certificate and its trust.
    pub app: Shared,
    /// Its test authority.
    pub authority: Arc<TestAuthority>,
    runtime: Runtime,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<Result<(), StartError>>,
}

impl Host {
    /// Starts it on a free port with its data in `folder`, its clock so many days back.
    pub fn start(folder: &Path, days_back: i64) -> Result<Self, Failure> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(|e| Failure::new("RUNTIME", e.to_string()))?;
        let clock = StoryClock::default();
        clock.turn(days_back);
        let config = config(folder);
        let prepared = runtime.block_on(prepare(config, Box::new(clock.clone()))).map_err(failure)?;
        let (app, first) = (prepared.app.clone(), prepared.first.clone());
        let authority = prepared.test_authority.clone();
        let authority = authority.ok_or_else(|| Failure::new("DEMO_REGISTRY", "no test authority"))?;
        let bound = runtime.block_on(bind(prepared)).map_err(failure)?;
        let url = format!("http://{}", bound.address());
        let (stop, told) = oneshot::channel::<()>();
        let serving = runtime.spawn(bound.serve(async move {
            // Somebody says so, or there is nobody left to.
            let _ = told.await;
        }));
        Ok(Self { url, first, clock, app, authority, runtime, stop, serving })
    }

    /// The story goes on this many days before today. The authority's revocation lists are as fresh as they would be.
    pub fn turn_clock(&self, days_back: i64) -> Result<(), Failure> {
        self.clock.turn(days_back);
        self.runtime.block_on(renew_trust(&self.app, &self.authority)).map_err(failure)
    }

    /// Lets it go on until Ctrl-C.
    pub fn wait_for_interrupt(&self) {
        let _ = self.runtime.block_on(tokio::signal::ctrl_c());
    }

    /// Stops it in good order.
    pub fn stop(self) -> Result<(), Failure> {
        let _ = self.stop.send(());
        let ended = self.runtime.block_on(self.serving);
        ended.map_err(|e| Failure::new("RUNTIME", e.to_string()))?.map_err(failure)
    }
}

/// Registry and workshop in one process, as `yinxin serve` runs them; the workshop looks for work every second.
fn config(folder: &Path) -> Config {
    let mut config = Config::defaults_in(folder);
    config.listen = ([127, 0, 0, 1], 0).into();
    config.area = AreaConfig {
        code: super::CITY.to_owned(),
        name: super::CITY_NAME.to_owned(),
        profile: "national".to_owned(),
    };
    config.workshop.poll_seconds = 1;
    // Everybody of the story logs in from this machine within moments.
    config.security.login_per_minute = 120;
    config
}

/// The failure of a server.
fn failure(error: StartError) -> Failure {
    Failure::new(error.code(), error.to_string())
}

/// A moment a while before another, to the second.
pub fn before(moment: Timestamp, hours: i64) -> Timestamp {
    let then = moment.saturating_sub(SignedDuration::from_hours(hours)).unwrap_or(moment);
    Timestamp::from_second(then.as_second()).unwrap_or(then)
}

impl std::fmt::Debug for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Host").field("url", &self.url).finish_non_exhaustive()
    }
}
