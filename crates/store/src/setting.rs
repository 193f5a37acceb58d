//! Settings of the installation that are made once or rarely: its identifier, whether the first start is over.

use crate::statement::statements;
use crate::time::micros;
use crate::value::{Value, values};
use crate::{Access, StoreError, Sweep, Tx};
use jiff::Timestamp;

const TABLE: &str = "setting";

statements! {
    LOAD = "SELECT value, updated_at, mac FROM setting WHERE key = $1";
    SAVE = "INSERT INTO setting (key, value, updated_at, mac) VALUES ($1, $2, $3, $4) \
            ON CONFLICT (key) DO UPDATE SET value = $2, updated_at = $3, mac = $4";
    KEYS = "SELECT key, value, updated_at, mac FROM setting ORDER BY key";
    RENEW = "UPDATE setting SET mac = $2 WHERE key = $1 AND mac = $3";
}

impl Access {
    /// The value under `key`.
    ///
    /// # Errors
    /// [`StoreError::Integrity`] when the row was changed from outside; [`StoreError::Unavailable`].
    pub async fn setting(&mut self, key: &str) -> Result<Option<String>, StoreError> {
        let Some(row) = self.row(&LOAD, values![key]).await? else { return Ok(None) };
        let (value, updated_at) = (row.text(0)?, row.int(1)?);
        let content: &[Value<'_>] = values![key, &value, updated_at];
        if self.keys().verify(TABLE, content, &row.blob(2)?) {
            Ok(Some(value))
        } else {
            Err(StoreError::Integrity { table: TABLE, id: key.to_owned() })
        }
    }
}

impl Access {
    /// Checks the MACs of all settings.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn check_settings(&mut self) -> Result<Sweep, StoreError> {
        let mut sweep = Sweep::default();
        for row in self.rows(&KEYS, &[]).await? {
            let (key, value, updated_at) = (row.text(0)?, row.text(1)?, row.int(2)?);
            sweep.rows += 1;
            if !self.keys().verify(TABLE, values![&key, &value, updated_at], &row.blob(3)?) {
                sweep.broken.push(key);
            }
        }
        Ok(sweep)
    }
}

impl Tx {
    /// Puts `value` under `key`, over what stood there.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn set_setting(&mut self, key: &str, value: &str, now: Timestamp) -> Result<(), StoreError> {
        let mac = self.keys().mac(TABLE, values![key, value, micros(now)]);
        self.execute(&SAVE, values![key, value, micros(now), &mac]).await.map(|_| ())
    }

    /// Writes new MACs under the current key where an older one was used. Part of a change of the row key. Settings changed from
    /// outside are named and left as they are.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn renew_settings(&mut self) -> Result<Sweep, StoreError> {
        let mut sweep = Sweep::default();
        for row in self.rows(&KEYS, &[]).await? {
            let (key, value, updated_at) = (row.text(0)?, row.text(1)?, row.int(2)?);
            let content: &[Value<'_>] = values![&key, &value, updated_at];
            let old = row.blob(3)?;
            sweep.rows += 1;
            if !self.keys().verify(TABLE, content, &old) {
                sweep.broken.push(key);
                continue;
            }
            if self.keys().is_current(&old) {
                continue;
            }
            let mac = self.keys().mac(TABLE, content);
            // Not where somebody wrote the setting meanwhile: what he wrote has a MAC of its own.
            sweep.older += self.execute(&RENEW, values![&key, &mac, &old]).await?;
        }
        Ok(sweep)
    }
}
