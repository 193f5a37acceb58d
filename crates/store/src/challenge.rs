//! Challenges of a login in progress (登录质询): the random bytes a certificate signs, the step between password and one-time code.

use crate::statement::statements;
use crate::time::{micros, timestamp};
use crate::value::values;
use crate::{StoreError, Tx};
use jiff::Timestamp;

statements! {
    ADD = "INSERT INTO login_challenge (id, purpose, subject, payload, address, created_at, expires_at) \
           VALUES ($1, $2, $3, $4, $5, $6, $7)";
    TAKE = "DELETE FROM login_challenge WHERE id = $1 AND purpose = $2 \
            RETURNING subject, payload, address, created_at, expires_at";
}

/// A challenge that waits for its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// Key; random enough that nobody guesses it.
    pub id: String,
    /// Which step it belongs to; an answer to another purpose does not find it.
    pub purpose: String,
    /// The account, where one is known already.
    pub subject: Option<String>,
    /// What the caller needs again.
    pub payload: Vec<u8>,
    /// Address it was given to.
    pub address: String,
    /// When it was given.
    pub created_at: Timestamp,
    /// Until when it may be answered.
    pub expires_at: Timestamp,
}

impl Tx {
    /// Keeps a challenge.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn add_challenge(&mut self, challenge: &Challenge) -> Result<(), StoreError> {
        let Challenge { id, purpose, subject, payload, address, created_at, expires_at } = challenge;
        let (created_at, expires_at) = (micros(*created_at), micros(*expires_at));
        self.execute(&ADD, values![id, purpose, subject.as_deref(), payload, address, created_at, expires_at])
            .await
            .map(|_| ())
    }

    /// Takes a challenge out, so that it is answered once; `None` when it never was, was taken or has expired.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn take_challenge(
        &mut self,
        id: &str,
        purpose: &str,
        now: Timestamp,
    ) -> Result<Option<Challenge>, StoreError> {
        let Some(row) = self.row(&TAKE, values![id, purpose]).await? else { return Ok(None) };
        let challenge = Challenge {
            id: id.to_owned(),
            purpose: purpose.to_owned(),
            subject: row.maybe_text(0)?,
            payload: row.blob(1)?,
            address: row.text(2)?,
            created_at: timestamp(row.int(3)?)?,
            expires_at: timestamp(row.int(4)?)?,
        };
        Ok((challenge.expires_at > now).then_some(challenge))
    }
}
