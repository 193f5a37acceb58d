//! PostgreSQL's own client: the test kit needs no driver.

use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The client and the database it speaks to.
#[derive(Debug, Clone)]
pub struct Psql {
    program: PathBuf,
    url: String,
}

impl Psql {
    /// The client at `program`, for the database at `url`.
    pub fn new(program: PathBuf, url: &str) -> Self {
        Self { program, url: url.to_owned() }
    }

    /// Address of the database.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The same for another database of the cluster.
    pub fn of_database(&self, name: &str) -> Self {
        Self { program: self.program.clone(), url: with_database(&self.url, name) }
    }

    /// Runs SQL; gives rows as lines with columns between `|`.
    pub fn run(&self, sql: &str) -> Result<String, String> {
        let output = Command::new(&self.program)
            .args(["-X", "-q", "-w", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", &self.url, "-c", sql])
            .env("PGCONNECT_TIMEOUT", "10")
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("cannot start {}: {error}", self.program.display()))?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned());
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
    }
}

/// Replaces the database in `postgres://user@host:port/database?options`.
fn with_database(url: &str, name: &str) -> String {
    let (address, options) = match url.split_once('?') {
        Some((address, options)) => (address, format!("?{options}")),
        None => (url, String::new()),
    };
    let host = address.find("://").map_or(0, |at| at + 3);
    let server = match address.get(host..).and_then(|rest| rest.find('/')) {
        Some(slash) => address.get(..host + slash).unwrap_or(address),
        None => address,
    };
    format!("{server}/{name}{options}")
}

#[cfg(test)]
mod tests {
    use super::with_database;

    #[test]
    fn replaces_only_the_database_of_an_address() {
        assert_eq!(with_database("postgres://u@h:1/postgres", "x"), "postgres://u@h:1/x");
        assert_eq!(with_database("postgres://u@h:1", "x"), "postgres://u@h:1/x");
        assert_eq!(with_database("postgres://h/a?sslmode=disable", "x"), "postgres://h/x?sslmode=disable");
    }
}
