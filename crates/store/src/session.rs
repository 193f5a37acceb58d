//! Login sessions (会话). The database knows digests of the tokens, never a token; the MAC keeps anybody who can write rows from
//! making a session for himself.

use crate::statement::statements;
use crate::time::{micros, timestamp};
use crate::value::{Row, Value, values};
use crate::{Access, RowKeys, StoreError, Tx};
use jiff::Timestamp;

const TABLE: &str = "session";

/// The columns of a session in the order [`SessionRow::read`] wants.
macro_rules! columns {
    ($alias:literal) => {
        concat!(
            $alias,
            "token_hash, ",
            $alias,
            "id, ",
            $alias,
            "account_id, ",
            $alias,
            "method, ",
            $alias,
            "csrf_hash, ",
            $alias,
            "address, ",
            $alias,
            "agent, ",
            $alias,
            "created_at, ",
            $alias,
            "last_seen_at, ",
            $alias,
            "expires_at, ",
            $alias,
            "mac"
        )
    };
}
pub(crate) use columns;

statements! {
    ADD = "INSERT INTO session (token_hash, id, account_id, method, csrf_hash, address, agent, created_at, last_seen_at, \
           expires_at, mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    LOAD = concat!("SELECT ", columns!(""), " FROM session WHERE token_hash = $1");
    OF_ACCOUNT = concat!("SELECT ", columns!(""), " FROM session WHERE account_id = $1 AND expires_at > $2 ORDER BY id LIMIT 100");
    TOUCH = "UPDATE session SET last_seen_at = $2, mac = $3 WHERE token_hash = $1";
    END = "DELETE FROM session WHERE id = $1";
    END_OF_ACCOUNT = "DELETE FROM session WHERE account_id = $1 AND id <> $2";
}

/// Columns of [`SessionRow`].
pub(crate) const WIDTH: usize = 11;

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// SM3 digest of the token.
    pub token_hash: [u8; 32],
    /// Identifier to name it by, `ses_…`.
    pub id: String,
    /// Whose it is.
    pub account_id: String,
    /// How the person logged in.
    pub method: String,
    /// SM3 digest of the CSRF secret.
    pub csrf_hash: [u8; 32],
    /// Address of the login.
    pub address: String,
    /// User agent of the login.
    pub agent: String,
    /// When it began.
    pub created_at: Timestamp,
    /// Last request, within the grain of [`Tx::touch_session`].
    pub last_seen_at: Timestamp,
    /// When it ends whatever happens.
    pub expires_at: Timestamp,
}

impl SessionRow {
    fn values(&self) -> [Value<'_>; WIDTH - 1] {
        [
            (&self.token_hash).into(),
            (&self.id).into(),
            (&self.account_id).into(),
            (&self.method).into(),
            (&self.csrf_hash).into(),
            (&self.address).into(),
            (&self.agent).into(),
            micros(self.created_at).into(),
            micros(self.last_seen_at).into(),
            micros(self.expires_at).into(),
        ]
    }

    fn mac(&self, keys: &RowKeys) -> Vec<u8> {
        keys.mac(TABLE, &self.values())
    }

    /// Reads the first [`WIDTH`] columns and checks the MAC.
    pub(crate) fn read(row: &Row, keys: &RowKeys) -> Result<Self, StoreError> {
        let session = Self {
            token_hash: digest(row.blob(0)?)?,
            id: row.text(1)?,
            account_id: row.text(2)?,
            method: row.text(3)?,
            csrf_hash: digest(row.blob(4)?)?,
            address: row.text(5)?,
            agent: row.text(6)?,
            created_at: timestamp(row.int(7)?)?,
            last_seen_at: timestamp(row.int(8)?)?,
            expires_at: timestamp(row.int(9)?)?,
        };
        let mac = row.blob(10)?;
        if keys.verify(TABLE, &session.values(), &mac) {
            Ok(session)
        } else {
            Err(StoreError::Integrity { table: TABLE, id: session.id })
        }
    }
}

fn digest(bytes: Vec<u8>) -> Result<[u8; 32], StoreError> {
    bytes.try_into().map_err(|_| StoreError::internal("session: a digest has not 32 bytes"))
}

impl Access {
    /// The session of a token digest, expired or not.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn session(&mut self, token_hash: &[u8; 32]) -> Result<Option<SessionRow>, StoreError> {
        let row = self.row(&LOAD, values![token_hash]).await?;
        row.map(|row| SessionRow::read(&row, self.keys())).transpose()
    }

    /// Sessions of an account that have not expired, oldest first, at most 100.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn sessions_of(
        &mut self,
        account_id: &str,
        now: Timestamp,
    ) -> Result<Vec<SessionRow>, StoreError> {
        let rows = self.rows(&OF_ACCOUNT, values![account_id, micros(now)]).await?;
        rows.iter().map(|row| SessionRow::read(row, self.keys())).collect()
    }
}

impl Tx {
    /// Begins a session.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn add_session(&mut self, session: &SessionRow) -> Result<(), StoreError> {
        let mac = session.mac(self.keys());
        let mut values = session.values().to_vec();
        values.push(Value::from(&mac));
        self.execute(&ADD, &values).await.map(|_| ())
    }

    /// Notes that the session was used. Not for every request: once a minute is enough.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn touch_session(
        &mut self,
        session: &mut SessionRow,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        session.last_seen_at = now;
        let mac = session.mac(self.keys());
        self.execute(&TOUCH, values![&session.token_hash, micros(now), &mac]).await.map(|_| ())
    }

    /// Ends a session by its identifier; whether there was one.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn end_session(&mut self, id: &str) -> Result<bool, StoreError> {
        Ok(self.execute(&END, values![id]).await? > 0)
    }

    /// Ends every session of an account but `keep` (an empty text ends all); how many.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn end_sessions_of(&mut self, account_id: &str, keep: &str) -> Result<u64, StoreError> {
        self.execute(&END_OF_ACCOUNT, values![account_id, keep]).await
    }
}
