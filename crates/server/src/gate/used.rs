//! The list of used tokens. A token lives a quarter of an hour, so that only young entries need to be known; the files of the gate's whole
//! life stay as its own record of what it signed.

use std::collections::HashMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use yinxin_registry::ids::TokenId;
use yinxin_registry::usage::token::{Claims, LONGEST_SECONDS, SKEW_SECONDS};

use super::GateFault;
use crate::making::durable;
use crate::making::journal::{Journal, JournalError};

/// A token used: what it was used for, and until when it would have been good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Spent {
    token: TokenId,
    until: Timestamp,
    at: Timestamp,
    /// SM3 of what was signed, hex.
    signed: String,
}

impl Spent {
    pub(super) fn of(claims: &Claims, signed: [u8; 32], now: Timestamp) -> Self {
        Self { token: claims.id.clone(), until: claims.until, at: now, signed: hex::encode(signed) }
    }
}

/// The list, one file a day.
pub(super) struct UsedTokens {
    folder: PathBuf,
    day: String,
    journal: Journal,
    live: HashMap<TokenId, Timestamp>,
    latest: Timestamp,
    // Held as long as this is: one gate before one set of keys.
    _lock: File,
}

impl UsedTokens {
    pub(super) fn open(folder: &Path) -> Result<Self, GateFault> {
        durable::private_folder(folder).map_err(JournalError::from)?;
        let lock = durable::open_append(&folder.join("lock")).map_err(JournalError::from)?;
        if !durable::lock(&lock).map_err(JournalError::from)? {
            return Err(JournalError::Busy(folder.display().to_string()).into());
        }
        let mut days: Vec<String> = Vec::new();
        for entry in fs::read_dir(folder).map_err(JournalError::from)? {
            let name = entry.map_err(JournalError::from)?.file_name();
            if let Some(day) = name.to_str().and_then(day_of) {
                days.push(day.to_owned());
            }
        }
        days.sort();
        let day = days.last().cloned().unwrap_or_else(|| name_of_day(Timestamp::UNIX_EPOCH));
        let mut entries: Vec<Spent> = Vec::new();
        // A token given out before midnight may come after it: the day before counts too.
        if let Some(before) = days.len().checked_sub(2).and_then(|place| days.get(place)) {
            entries.extend(Journal::peek::<Spent>(&path(folder, before))?);
        }
        let (journal, young) = Journal::open::<Spent>(&path(folder, &day))?;
        entries.extend(young);
        let latest = entries.iter().map(|spent| spent.at).max().unwrap_or(Timestamp::UNIX_EPOCH);
        let live = entries.into_iter().map(|spent| (spent.token, spent.until)).collect();
        let mut used = Self { folder: folder.to_owned(), day, journal, live, latest, _lock: lock };
        used.forget();
        Ok(used)
    }

    /// Marks tokens as used, all on the disk when this returns. The answer tells for each whether it may not be used after all.
    pub(super) fn spend(
        &mut self,
        spent: Vec<Spent>,
        now: Timestamp,
    ) -> Result<Vec<Option<GateFault>>, GateFault> {
        // A clock set back brings no dead token to life.
        let now = now.max(self.latest);
        let mut answers = Vec::with_capacity(spent.len());
        let mut fresh: HashMap<TokenId, Timestamp> = HashMap::new();
        let mut lines = Vec::new();
        for one in spent {
            let known = self.live.contains_key(&one.token) || fresh.contains_key(&one.token);
            answers.push(match (known, now >= one.until) {
                (true, _) => Some(GateFault::Spent),
                (_, true) => Some(over()),
                _ => None,
            });
            if let Some(None) = answers.last() {
                fresh.insert(one.token.clone(), one.until);
                lines.push(one);
            }
        }
        if lines.is_empty() {
            return Ok(answers);
        }
        self.turn(now)?;
        self.journal.append_all(&lines)?;
        self.live.extend(fresh);
        self.latest = now;
        Ok(answers)
    }

    /// Another file for another day, and what is long over is forgotten.
    fn turn(&mut self, now: Timestamp) -> Result<(), GateFault> {
        let today = name_of_day(now);
        if today > self.day {
            let (journal, entries) = Journal::open::<Spent>(&path(&self.folder, &today))?;
            self.live.extend(entries.into_iter().map(|spent| (spent.token, spent.until)));
            (self.day, self.journal) = (today, journal);
        }
        if self.live.len() > 100_000 {
            self.forget();
        }
        Ok(())
    }

    fn forget(&mut self) {
        let margin = SignedDuration::from_secs(LONGEST_SECONDS + SKEW_SECONDS);
        let horizon = self.latest.checked_sub(margin).unwrap_or(Timestamp::UNIX_EPOCH);
        self.live.retain(|_, until| *until > horizon);
    }
}

fn over() -> GateFault {
    GateFault::Token { code: "TOKEN_OVER", message: "用印令牌已过期 (the token is over)".to_owned() }
}

fn name_of_day(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y%m%d").to_string()
}

fn path(folder: &Path, day: &str) -> PathBuf {
    folder.join(format!("used-{day}.log"))
}

fn day_of(name: &str) -> Option<&str> {
    let day = name.strip_prefix("used-")?.strip_suffix(".log")?;
    (day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit())).then_some(day)
}
