//! Answers kept by idempotency key (幂等键), so that a request sent twice acts once.

use crate::statement::statements;
use crate::time::micros;
use crate::value::{Row, values};
use crate::{Access, StoreError, Tx};
use jiff::Timestamp;

statements! {
    KEEP = "INSERT INTO idempotency (owner, key, request, status, headers, body, created_at, expires_at) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
            ON CONFLICT (owner, key) DO UPDATE \
            SET request = $3, status = $4, headers = $5, body = $6, created_at = $7, expires_at = $8 \
            WHERE idempotency.expires_at <= $7";
    LOAD = "SELECT request, status, headers, body FROM idempotency WHERE owner = $1 AND key = $2 AND expires_at > $3";
}

/// An answer given before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    /// SM3 digest of the request it answered: method, path and body.
    pub request: [u8; 32],
    /// HTTP status.
    pub status: u16,
    /// Headers to give again, as the caller wrote them.
    pub headers: String,
    /// Body.
    pub body: Vec<u8>,
}

impl KeptAnswer {
    /// Reads the four columns request, status, headers, body from `place` on.
    pub(crate) fn read(row: &Row, place: usize) -> Result<Self, StoreError> {
        let broken = || StoreError::internal("idempotency: a column is out of range");
        Ok(Self {
            request: row.blob(place)?.try_into().map_err(|_| broken())?,
            status: u16::try_from(row.int(place + 1)?).map_err(|_| broken())?,
            headers: row.text(place + 2)?,
            body: row.blob(place + 3)?,
        })
    }
}

impl Access {
    /// The answer kept for `owner` (account or client) under `key`, unless it has expired.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn kept_answer(
        &mut self,
        owner: &str,
        key: &str,
        now: Timestamp,
    ) -> Result<Option<KeptAnswer>, StoreError> {
        let row = self.row(&LOAD, values![owner, key, micros(now)]).await?;
        row.map(|row| KeptAnswer::read(&row, 0)).transpose()
    }
}

impl Tx {
    /// Keeps an answer, in the transaction of what it answers.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] with [`crate::Constraint::IdempotencyKey`] when another request with this key was faster: roll back
    /// and give its answer. [`StoreError::Unavailable`].
    pub async fn keep_answer(
        &mut self,
        owner: &str,
        key: &str,
        answer: &KeptAnswer,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let (status, now, expires_at) = (i64::from(answer.status), micros(now), micros(expires_at));
        let (request, headers, body) = (&answer.request, &answer.headers, &answer.body);
        match self
            .execute(&KEEP, values![owner, key, request, status, headers, body, now, expires_at])
            .await?
        {
            0 => Err(StoreError::Conflict { constraint: crate::Constraint::IdempotencyKey }),
            _ => Ok(()),
        }
    }
}
