//! Nonces of API clients, so that a signed request counts once (防重放).

use crate::statement::statements;
use crate::time::micros;
use crate::value::values;
use crate::{Constraint, StoreError, Tx};
use jiff::Timestamp;

statements! {
    USE = "INSERT INTO nonce (client, nonce, expires_at) VALUES ($1, $2, $3) ON CONFLICT (client, nonce) DO NOTHING";
}

impl Tx {
    /// Uses up a nonce of a client. It must be kept until no request with its time would be accepted any more.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] with [`Constraint::Nonce`] when it was used before; [`StoreError::Unavailable`].
    pub async fn use_nonce(
        &mut self,
        client: &str,
        nonce: &str,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        match self.execute(&USE, values![client, nonce, micros(expires_at)]).await? {
            0 => Err(StoreError::Conflict { constraint: Constraint::Nonce }),
            _ => Ok(()),
        }
    }
}
