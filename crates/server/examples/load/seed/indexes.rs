//! Indexes that only find things are taken away while the tables are filled and made again over full ones, which is many times
//! quicker. Those that keep rules stay. Done with the engines' own command-line tools, `sqlite3` and `psql`.

use super::Fault;
use std::path::Path;
use std::process::Command;

/// Which database.
pub enum Place<'a> {
    Sqlite(&'a Path),
    Postgres(&'a str),
}

impl Place<'_> {
    /// Runs SQL; the lines of the answer.
    fn sql(&self, text: &str) -> Result<Vec<String>, Fault> {
        let mut command = match self {
            Place::Sqlite(file) => {
                let mut command = Command::new("sqlite3");
                command.args(["-cmd", ".timeout 10000"]).arg(file).arg(text);
                command
            }
            Place::Postgres(url) => {
                let mut command = Command::new("psql");
                command.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", text, url]);
                command
            }
        };
        let done = command.output()?;
        if !done.status.success() {
            return Err(String::from_utf8_lossy(&done.stderr).into_owned().into());
        }
        Ok(String::from_utf8(done.stdout)?.lines().map(str::to_owned).collect())
    }

    /// Takes them away; the statements that make them again, which are also kept in a file.
    pub fn take(&self, file: &Path) -> Result<Vec<String>, Fault> {
        if let Ok(kept) = std::fs::read_to_string(file) {
            return Ok(kept.lines().map(str::to_owned).collect());
        }
        let listed = match self {
            Place::Sqlite(_) => {
                "SELECT name || '|' || replace(sql, char(10), ' ') FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE INDEX%'"
            }
            Place::Postgres(_) => {
                "SELECT indexname || '|' || indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexdef LIKE 'CREATE INDEX%'"
            }
        };
        let lines = self.sql(listed)?;
        let pairs: Vec<(&str, &str)> = lines.iter().filter_map(|line| line.split_once('|')).collect();
        let again: Vec<String> = pairs.iter().map(|(_, sql)| (*sql).to_owned()).collect();
        std::fs::write(file, again.join("\n"))?;
        for (name, _) in pairs {
            self.sql(&format!("DROP INDEX {name}"))?;
        }
        Ok(again)
    }

    /// Makes them again and takes the statistics planners go by.
    pub fn make(&self, again: &[String]) -> Result<(), Fault> {
        for sql in again {
            self.sql(sql)?;
        }
        if let Place::Postgres(_) = self {
            self.sql("VACUUM ANALYZE")?;
        }
        Ok(())
    }
}
