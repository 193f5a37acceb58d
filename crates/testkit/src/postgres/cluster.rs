//! A PostgreSQL cluster from the binaries that Debian installs, and databases in it.
//!
//! Standard library only: the chores program compiles this file as well.

use super::keeper::Keeper;
use super::psql::Psql;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// How long a start may take, recovery after a crash included.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(50);

/// Why there is no cluster or database.
#[derive(Debug, Clone)]
pub enum Error {
    /// PostgreSQL is not on this machine.
    Absent(String),
    /// It is, and failed.
    Failed(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent(why) => {
                write!(f, "PostgreSQL is absent ({why}): run `cargo xtask packages`, which installs it")
            }
            Self::Failed(why) => write!(f, "PostgreSQL: {why}"),
        }
    }
}

impl std::error::Error for Error {}

/// What a commit outlives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Everything: as in production.
    Full,
    /// Nothing but the end of the process; several times as fast.
    None,
}

/// A cluster, reached by TCP on loopback, without passwords. One that was started here is stopped and removed when
/// the value goes, or when the process ends in whatever way.
#[derive(Debug)]
pub struct Cluster {
    psql: Psql,
    keeper: Option<Keeper>,
}

impl Cluster {
    /// A cluster that somebody else runs, by the address of its maintenance database.
    pub fn running_at(url: &str) -> Result<Self, Error> {
        let psql = Psql::new(client(&folders()?)?, url);
        psql.run("SELECT 1").map_err(|why| Error::Failed(format!("nothing answers at {url}: {why}")))?;
        Ok(Self { psql, keeper: None })
    }

    /// Makes a new cluster and starts it. Takes one to three seconds.
    ///
    /// Its default collation is that of Chinese where the version knows how: a query whose order matters and which
    /// forgot to say `COLLATE "C"` shows here.
    pub fn private(durability: Durability) -> Result<Self, Error> {
        let folders = folders()?;
        let binaries = folders
            .iter()
            .find(|folder| folder.join("initdb").is_file())
            .ok_or_else(|| Error::Absent("no initdb under /usr/lib/postgresql nor on the path".to_owned()))?;
        let client = client(&folders)?;
        let keeper = Keeper::new(binaries, durability).map_err(Error::Failed)?;
        let mut cluster = Self { psql: Psql::new(client, &keeper.url()), keeper: Some(keeper) };
        cluster.start()?;
        Ok(cluster)
    }

    /// Address of the maintenance database.
    pub fn url(&self) -> &str {
        self.psql.url()
    }

    /// Makes an empty database.
    pub fn database(&self) -> Result<Database, Error> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_micros();
        let name =
            format!("yinxin_test_{now:x}_{:x}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        self.psql.run(&format!("CREATE DATABASE {name}")).map_err(Error::Failed)?;
        Ok(Database { maintenance: self.psql.clone(), psql: self.psql.of_database(&name), name })
    }

    /// Starts it again after [`stop`](Self::stop) or [`kill`](Self::kill), at the same address, and waits until it
    /// answers.
    pub fn start(&mut self) -> Result<(), Error> {
        let keeper = owned(&mut self.keeper)?;
        let begin = Instant::now();
        keeper.say("start").map_err(Error::Failed)?;
        loop {
            let Err(refusal) = self.psql.run("SELECT 1") else { return Ok(()) };
            if begin.elapsed() > PATIENCE {
                return Err(Error::Failed(format!("does not answer: {refusal}\n{}", keeper.log())));
            }
            std::thread::sleep(PAUSE);
            if !keeper.is_up().map_err(Error::Failed)? {
                // What was killed may hold its memory a moment longer; a port may be taken by a passer-by.
                keeper.say("start").map_err(Error::Failed)?;
            }
        }
    }

    /// Stops it in good order; every connection ends with an error.
    pub fn stop(&mut self) -> Result<(), Error> {
        owned(&mut self.keeper)?.say("stop").map_err(Error::Failed)
    }

    /// Kills all its processes at once, as loss of power to the database's machine would.
    pub fn kill(&mut self) -> Result<(), Error> {
        owned(&mut self.keeper)?.say("kill").map_err(Error::Failed)
    }

    /// Makes it hang: connections stay open and nothing answers.
    pub fn freeze(&mut self) -> Result<(), Error> {
        owned(&mut self.keeper)?.say("freeze").map_err(Error::Failed)
    }

    /// Lets it go on after [`freeze`](Self::freeze).
    pub fn thaw(&mut self) -> Result<(), Error> {
        owned(&mut self.keeper)?.say("thaw").map_err(Error::Failed)
    }
}

/// A database that is dropped with the value.
#[derive(Debug)]
pub struct Database {
    maintenance: Psql,
    psql: Psql,
    name: String,
}

impl Database {
    /// Its address, as in `postgres://postgres@127.0.0.1:15432/yinxin_test_1`.
    pub fn url(&self) -> &str {
        self.psql.url()
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Runs SQL as the cluster's owner, past the product: for looking and for tampering. Gives rows as lines with
    /// columns between `|`.
    pub fn sql(&self, text: &str) -> Result<String, Error> {
        self.psql.run(text).map_err(Error::Failed)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // A cluster that is gone takes its databases with it.
        let _ = self.maintenance.run(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

fn owned(keeper: &mut Option<Keeper>) -> Result<&mut Keeper, Error> {
    keeper.as_mut().ok_or_else(|| Error::Failed("this cluster belongs to somebody else".to_owned()))
}

/// Where PostgreSQL's programs may be, the newest version first.
fn folders() -> Result<Vec<PathBuf>, Error> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    versions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> =
        versions.into_iter().map(|(_, folder)| folder).chain(std::env::split_paths(&path)).collect();
    if folders.is_empty() { Err(Error::Absent("no folder to look in".to_owned())) } else { Ok(folders) }
}

fn client(folders: &[PathBuf]) -> Result<PathBuf, Error> {
    let at = |folder: &Path| folder.join("psql");
    folders
        .iter()
        .map(|folder| at(folder))
        .find(|program| program.is_file())
        .ok_or_else(|| Error::Absent("no psql under /usr/lib/postgresql nor on the path".to_owned()))
}
