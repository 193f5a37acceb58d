//! Data keys of the installation (密钥环), each wrapped under a key that the database never sees.

use crate::statement::statements;
use crate::time::{maybe_timestamp, micros, timestamp};
use crate::value::values;
use crate::{Access, StoreError, Tx};
use jiff::Timestamp;

statements! {
    ADD = "INSERT INTO key_ring (label, number, wrapped, wrapped_by, created_at) VALUES ($1, $2, $3, $4, $5)";
    ALL_KEYS = "SELECT label, number, wrapped, wrapped_by, created_at, retired_at FROM key_ring ORDER BY label, number";
    RETIRE = "UPDATE key_ring SET retired_at = $3 WHERE label = $1 AND number = $2 AND retired_at IS NULL";
    REWRAP = "UPDATE key_ring SET wrapped = $3, wrapped_by = $4 WHERE label = $1 AND number = $2";
}

/// A wrapped data key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedKey {
    /// What it is for: `field`, `index`, `row`, `session`.
    pub label: String,
    /// Number within the label, from 1; written into whatever the key protects.
    pub number: u32,
    /// The key, encrypted and authenticated under the wrapping key.
    pub wrapped: Vec<u8>,
    /// Name of the wrapping key.
    pub wrapped_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when it only reads.
    pub retired_at: Option<Timestamp>,
}

impl Access {
    /// Every key, by label and number.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn wrapped_keys(&mut self) -> Result<Vec<WrappedKey>, StoreError> {
        let rows = self.rows(&ALL_KEYS, &[]).await?;
        rows.iter()
            .map(|row| {
                Ok(WrappedKey {
                    label: row.text(0)?,
                    number: u32::try_from(row.int(1)?)
                        .map_err(|error| StoreError::Internal(Box::new(error)))?,
                    wrapped: row.blob(2)?,
                    wrapped_by: row.text(3)?,
                    created_at: timestamp(row.int(4)?)?,
                    retired_at: maybe_timestamp(row.maybe_int(5)?)?,
                })
            })
            .collect()
    }
}

impl Tx {
    /// Adds a key; `retired_at` is left out.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the number is taken; [`StoreError::Unavailable`].
    pub async fn add_wrapped_key(&mut self, key: &WrappedKey) -> Result<(), StoreError> {
        let (number, created_at) = (i64::from(key.number), micros(key.created_at));
        self.execute(&ADD, values![&key.label, number, &key.wrapped, &key.wrapped_by, created_at])
            .await
            .map(|_| ())
    }

    /// From now on the key only reads. A key retired before keeps its time.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn retire_wrapped_key(
        &mut self,
        label: &str,
        number: u32,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.execute(&RETIRE, values![label, i64::from(number), micros(now)]).await.map(|_| ())
    }

    /// Puts the same key under another wrapping key.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::Unavailable`].
    pub async fn rewrap_key(
        &mut self,
        label: &str,
        number: u32,
        wrapped: &[u8],
        wrapped_by: &str,
    ) -> Result<(), StoreError> {
        match self.execute(&REWRAP, values![label, i64::from(number), wrapped, wrapped_by]).await? {
            0 => Err(StoreError::NotFound { table: "key_ring", id: format!("{label} {number}") }),
            _ => Ok(()),
        }
    }
}
