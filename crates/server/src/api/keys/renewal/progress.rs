//! How far a renewal has come; kept beside its job, so that whoever takes the job over goes on from there.

use crate::http::{Code, Problem};
use crate::security::keyring::Purpose;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use yinxin_store::{Access, StoreError, Sweep, TABLES, Tx};

/// Names of broken rows that are kept.
const NAMED: usize = 20;
/// A renewal that has not moved for so long no longer keeps a newer key from being made.
const PATIENCE: SignedDuration = SignedDuration::from_hours(1);

/// What the job carries.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Order {
    /// Purpose of the key.
    pub purpose: String,
    /// Number of the new key.
    pub number: u32,
}

/// How far it has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    purpose: String,
    /// Number of the new key.
    pub number: u32,
    /// When the key was changed.
    pub started_at: Timestamp,
    /// When it last moved.
    pub moved_at: Timestamp,
    /// When it was done.
    pub ended_at: Option<Timestamp>,
    /// Which pass over the tables.
    pub pass: u32,
    /// Rows written anew in this pass.
    pub in_pass: u64,
    /// Which table; behind the last one the settings.
    pub table: usize,
    /// Behind which row of it.
    pub after: String,
    /// Rows looked at.
    pub rows: u64,
    /// Rows written anew.
    pub renewed: u64,
    /// Rows that could not be, by the last pass.
    pub broken: u64,
    /// The first of them.
    pub first_broken: Vec<String>,
}

impl Progress {
    /// Of a key just made.
    pub fn begin(purpose: Purpose, number: u32, now: Timestamp) -> Self {
        Self {
            purpose: purpose.as_str().to_owned(),
            number,
            started_at: now,
            moved_at: now,
            ended_at: None,
            pass: 1,
            in_pass: 0,
            table: 0,
            after: String::new(),
            rows: 0,
            renewed: 0,
            broken: 0,
            first_broken: Vec::new(),
        }
    }

    /// What the job has to know.
    ///
    /// # Errors
    /// `INTERNAL` when it cannot be written.
    pub fn payload(&self) -> Result<String, Problem> {
        let order = Order { purpose: self.purpose.clone(), number: self.number };
        serde_json::to_string(&order).map_err(|_| Problem::new(Code::Internal))
    }

    /// Whether a newer key has to wait for it.
    pub fn is_under_way(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && now.duration_since(self.moved_at) < PATIENCE
    }

    /// Takes in what a part found.
    pub(super) fn note(&mut self, sweep: Sweep, now: Timestamp) {
        let table = TABLES.get(self.table).copied().unwrap_or("setting");
        self.rows += sweep.rows;
        self.renewed += sweep.older;
        self.in_pass += sweep.older;
        self.broken += sweep.broken.len() as u64;
        let room = NAMED.saturating_sub(self.first_broken.len());
        self.first_broken.extend(sweep.broken.iter().take(room).map(|id| format!("{table} {id}")));
        match sweep.next {
            Some(next) => self.after = next,
            None => {
                self.after.clear();
                self.table += 1;
            }
        }
        self.moved_at = now;
    }

    /// Begins the next pass.
    pub(super) fn again(&mut self) {
        self.pass += 1;
        self.in_pass = 0;
        self.table = 0;
        self.broken = 0;
        self.first_broken.clear();
    }

    /// Reads it; of the last change of a key of this purpose.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; problems of the database.
    pub async fn load(access: &mut Access, purpose: Purpose) -> Result<Option<Self>, StoreError> {
        let key = setting(purpose.as_str());
        let read = access.setting(&key).await?.map(|text| serde_json::from_str(&text)).transpose();
        read.map_err(|_| StoreError::Integrity { table: "setting", id: key })
    }

    /// Keeps it.
    ///
    /// # Errors
    /// Problems of the database.
    pub async fn save(&self, tx: &mut Tx, now: Timestamp) -> Result<(), StoreError> {
        let text = serde_json::to_string(self).map_err(|error| StoreError::Internal(Box::new(error)))?;
        tx.set_setting(&setting(&self.purpose), &text, now).await
    }
}

fn setting(purpose: &str) -> String {
    format!("keys.renewal.{purpose}")
}
