//! The audit chain (审计链) in the database: appended to, read, never changed.

use crate::statement::statements;
use crate::time::{micros, timestamp};
use crate::value::{Row as Found, values};
use crate::{Access, Outage, StoreError, Tx};
use yinxin_registry::audit::merkle::Frontier;
use yinxin_registry::audit::{
    AppendError, AuditKeys, ChainHead, Columns, Digest, Entry, Row, SignedHead, append_under,
};

macro_rules! columns {
    () => {
        "seq, prev, hash, mac, content, at, actor, action, subject, area_path, unit, outcome, request_id, key_number"
    };
}
pub(crate) use columns;

statements! {
    /// Takes the lock that puts all appending transactions in one line.
    LOCK_HEAD = "UPDATE audit_head SET seq = seq WHERE id = 1 RETURNING seq, hash, key_number";
    HEAD = "SELECT seq, hash FROM audit_head WHERE id = 1";
    APPEND = concat!("INSERT INTO audit (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)");
    PAGE = concat!("SELECT ", columns!(), " FROM audit WHERE seq > $1 ORDER BY seq LIMIT CAST($2 AS BIGINT)");
    HASHES = "SELECT seq, hash FROM audit WHERE seq > $1 ORDER BY seq LIMIT CAST($2 AS BIGINT)";
    ADD_SEAL = "INSERT INTO audit_seal (seq, hash, root, at, key_id, signature, peaks) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    SEALS = "SELECT seq, hash, root, at, key_id, signature FROM audit_seal WHERE seq > $1 ORDER BY seq LIMIT CAST($2 AS BIGINT)";
    LAST_SEAL = "SELECT seq, hash, root, at, key_id, signature, peaks FROM audit_seal ORDER BY seq DESC LIMIT 1";
    SEAL_COVERING = "SELECT seq, hash, root, at, key_id, signature FROM audit_seal WHERE seq >= $1 ORDER BY seq LIMIT 1";
}

/// The last signed head with the edge of the tree it was signed over, to go on from.
#[derive(Debug, Clone)]
pub struct SealedTree {
    /// The head.
    pub head: SignedHead,
    /// Edge of the Merkle tree over rows 1 to `head.seq`. Its root is compared with the head's on reading.
    pub frontier: Frontier,
}

pub(crate) fn number(seq: u64) -> Result<i64, StoreError> {
    i64::try_from(seq).map_err(|error| StoreError::Internal(Box::new(error)))
}

fn seq(number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|error| StoreError::Internal(Box::new(error)))
}

fn key(number: i64) -> Result<u32, StoreError> {
    u32::try_from(number).map_err(|error| StoreError::Internal(Box::new(error)))
}

fn digest(bytes: Vec<u8>) -> Result<Digest, StoreError> {
    bytes.try_into().map_err(|_| StoreError::internal("audit: a digest has not 32 bytes"))
}

pub(crate) fn read(row: &Found) -> Result<Row, StoreError> {
    Ok(Row {
        seq: seq(row.int(0)?)?,
        prev: digest(row.blob(1)?)?,
        hash: digest(row.blob(2)?)?,
        mac: digest(row.blob(3)?)?,
        content: row.blob(4)?,
        key: key(row.int(13)?)?,
        columns: Columns {
            at: row.int(5)?,
            actor: row.text(6)?,
            action: row.text(7)?,
            subject: row.text(8)?,
            area_path: row.text(9)?,
            unit: row.maybe_text(10)?,
            outcome: row.text(11)?,
            request_id: row.text(12)?,
        },
    })
}

fn read_seal(row: &Found) -> Result<SignedHead, StoreError> {
    Ok(SignedHead {
        seq: seq(row.int(0)?)?,
        hash: digest(row.blob(1)?)?,
        root: digest(row.blob(2)?)?,
        at: timestamp(row.int(3)?)?,
        key_id: row.text(4)?,
        signature: row.blob(5)?,
    })
}

impl Access {
    /// Where the chain stands.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn audit_head(&mut self) -> Result<ChainHead, StoreError> {
        let row = self.row(&HEAD, &[]).await?.ok_or_else(|| StoreError::internal("audit_head has no row"))?;
        Ok(ChainHead { seq: seq(row.int(0)?)?, hash: digest(row.blob(1)?)? })
    }

    /// Up to `limit` rows behind number `after`, in order: for verification and export. A row too broken to be read as one (a
    /// digest of the wrong length, a negative number) is an error, not skipped.
    ///
    /// # Errors
    /// [`StoreError::Internal`]; [`StoreError::Unavailable`].
    pub async fn audit_rows(&mut self, after: u64, limit: u32) -> Result<Vec<Row>, StoreError> {
        let rows = self.rows(&PAGE, values![number(after)?, i64::from(limit)]).await?;
        rows.iter().map(read).collect()
    }

    /// Numbers and hashes of up to `limit` rows behind `after`, in order: what a Merkle tree needs.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn audit_hashes(&mut self, after: u64, limit: u32) -> Result<Vec<(u64, Digest)>, StoreError> {
        let rows = self.rows(&HASHES, values![number(after)?, i64::from(limit)]).await?;
        rows.iter().map(|row| Ok((seq(row.int(0)?)?, digest(row.blob(1)?)?))).collect()
    }

    /// Signed heads behind row number `after`, in order.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn audit_seals(&mut self, after: u64, limit: u32) -> Result<Vec<SignedHead>, StoreError> {
        let rows = self.rows(&SEALS, values![number(after)?, i64::from(limit)]).await?;
        rows.iter().map(read_seal).collect()
    }

    /// The first signed head that covers a row.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn audit_seal_covering(&mut self, row: u64) -> Result<Option<SignedHead>, StoreError> {
        let found = self.row(&SEAL_COVERING, values![number(row)?]).await?;
        found.as_ref().map(read_seal).transpose()
    }

    /// The last signed head and its tree.
    ///
    /// # Errors
    /// [`StoreError::Integrity`] when the tree does not have the root that was signed; [`StoreError::Unavailable`].
    pub async fn last_audit_seal(&mut self) -> Result<Option<SealedTree>, StoreError> {
        let Some(row) = self.row(&LAST_SEAL, &[]).await? else { return Ok(None) };
        let head = read_seal(&row)?;
        let peaks = row.blob(6)?.chunks(32).map(|peak| digest(peak.to_vec())).collect::<Result<Vec<_>, _>>();
        let frontier = peaks.ok().and_then(|peaks| Frontier::resume(head.seq, peaks));
        match frontier {
            Some(frontier) if frontier.root() == head.root => Ok(Some(SealedTree { head, frontier })),
            _ => Err(StoreError::Integrity { table: "audit_seal", id: head.seq.to_string() }),
        }
    }
}

impl Tx {
    /// Appends entries to the chain: one round trip for the lock, held until this transaction ends, and one for each entry; on SQLite these go
    /// out with the commit. To be called last, so that others wait as short as possible; a second call in the same transaction takes no second lock.
    ///
    /// # Errors
    /// [`StoreError::Internal`] for an entry that is too large; [`StoreError::Unavailable`], also while another node writes under a
    /// key that this one has yet to take over.
    pub async fn append_audit(
        &mut self,
        keys: &AuditKeys,
        entries: &[Entry],
    ) -> Result<ChainHead, StoreError> {
        self.append_audit_from(keys, keys.newest(), entries).await
    }

    /// Appends entries under key `number`, or under a newer one that the chain has come to: from here on no row takes an older key.
    ///
    /// # Errors
    /// As [`Tx::append_audit`].
    pub async fn append_audit_from(
        &mut self,
        keys: &AuditKeys,
        number: u32,
        entries: &[Entry],
    ) -> Result<ChainHead, StoreError> {
        let (mut head, reached) = match self.head {
            Some(head) => head,
            None => {
                let row = self
                    .row(&LOCK_HEAD, &[])
                    .await?
                    .ok_or_else(|| StoreError::internal("audit_head has no row"))?;
                (ChainHead { seq: seq(row.int(0)?)?, hash: digest(row.blob(1)?)? }, key(row.int(2)?)?)
            }
        };
        let number = number.max(reached);
        for entry in entries {
            let row = append_under(head, entry, keys, number).map_err(|error| match error {
                AppendError::UnknownKey(_) => {
                    StoreError::Unavailable { outage: Outage::KeyUnknown, source: Some(Box::new(error)) }
                }
                other => StoreError::Internal(Box::new(other)),
            })?;
            self.insert_audit(&row).await?;
            head = row.head();
        }
        self.head = Some((head, if entries.is_empty() { reached } else { number }));
        Ok(head)
    }

    async fn insert_audit(&mut self, row: &Row) -> Result<(), StoreError> {
        let Columns { at, actor, action, subject, area_path, unit, outcome, request_id } = &row.columns;
        let values = values![
            number(row.seq)?,
            &row.prev,
            &row.hash,
            &row.mac,
            &row.content,
            *at,
            actor,
            action,
            subject,
            area_path,
            unit.as_deref(),
            outcome,
            request_id,
            i64::from(row.key),
        ];
        self.later(&APPEND, values, None).await
    }

    /// Keeps a signed head with the edge of its tree.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when this row was signed already; [`StoreError::Unavailable`].
    pub async fn add_audit_seal(&mut self, head: &SignedHead, frontier: &Frontier) -> Result<(), StoreError> {
        let peaks = frontier.peaks().concat();
        let SignedHead { seq, hash, root, at, key_id, signature } = head;
        let values = values![number(*seq)?, hash, root, micros(*at), key_id, signature, &peaks];
        self.execute(&ADD_SEAL, values).await.map(|_| ())
    }
}
