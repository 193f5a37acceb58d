//! Who refers to the bytes under a digest, and which are about to be deleted. Who deletes says so first (committed), then asks who refers;
//! who brings bytes has them on record first (committed), then asks whether they are about to be deleted.

use crate::statement::statements;
use crate::value::values;
use crate::{Access, StoreError, Tx};

statements! {
    /// Two texts: the engines reach into a body in different words. Each is that of its indexes.
    LIVE = "SELECT id FROM use_item WHERE digest = $1 AND json_extract(body, '$.disposed.at') IS NULL \
            UNION ALL SELECT id FROM use_item WHERE state = 'signed' AND json_extract(body, '$.sealed.digest') = $1 \
            AND json_extract(body, '$.disposed.at') IS NULL \
            UNION ALL SELECT owner FROM content_claim WHERE digest = $1 LIMIT CAST($2 AS BIGINT)",
        postgres: "SELECT id FROM use_item WHERE digest = $1 AND (body::json #>> '{disposed,at}') IS NULL \
            UNION ALL SELECT id FROM use_item WHERE state = 'signed' AND (body::json #>> '{sealed,digest}') = $1 \
            AND (body::json #>> '{disposed,at}') IS NULL \
            UNION ALL SELECT owner FROM content_claim WHERE digest = $1 LIMIT CAST($2 AS BIGINT)";
    GO = "INSERT INTO content_going (digest, request_id) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING";
    GOING = "SELECT request_id FROM content_going WHERE digest = $1";
    GONE = "DELETE FROM content_going WHERE request_id = $1";
    CLAIM = "INSERT INTO content_claim (digest, owner) VALUES ($1, $2) ON CONFLICT (digest, owner) DO NOTHING";
}

impl Access {
    /// Whether the bytes under a digest are about to be deleted, or may have been half a moment ago.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn is_going(&mut self, digest: &str) -> Result<bool, StoreError> {
        Ok(self.row(&GOING, values![digest]).await?.is_some())
    }

    /// Things that refer to the bytes under a digest and have not given them up: documents of requests, whether their bytes came or not,
    /// and claims. A thing that refers to them twice may come twice.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn referring_to(&mut self, digest: &str, limit: u32) -> Result<Vec<String>, StoreError> {
        let rows = self.rows(&LIVE, values![digest, i64::from(limit)]).await?;
        rows.iter().map(|row| row.text(0)).collect()
    }
}

impl Tx {
    /// Says that contents of a request are about to be deleted; `false` where another request's deleting has one of them under way: nothing
    /// of this transaction is to be kept then.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn begin_deleting(&mut self, request: &str, digests: &[&str]) -> Result<bool, StoreError> {
        // In one order on every node, so that no two wait for each other.
        let mut sorted = digests.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        for digest in sorted {
            if self.execute(&GO, values![digest, request]).await? > 0 {
                continue;
            }
            let row = self.row(&GOING, values![digest]).await?;
            if row.map(|row| row.text(0)).transpose()?.is_none_or(|owner| owner != request) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Contents of a request are deleted, and what came of them is on record in this transaction.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn end_deleting(&mut self, request: &str) -> Result<(), StoreError> {
        self.execute(&GONE, values![request]).await.map(|_| ())
    }

    /// Notes that something besides a document of a request refers to the bytes under a digest, or is about to.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn claim_content(&mut self, digest: &str, owner: &str) -> Result<(), StoreError> {
        self.execute(&CLAIM, values![digest, owner]).await.map(|_| ())
    }
}
