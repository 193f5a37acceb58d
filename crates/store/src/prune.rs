//! What has expired goes, a bounded number of rows at a time.

use crate::statement::{Statement, statements};
use crate::time::micros;
use crate::value::values;
use crate::{StoreError, Tx};
use jiff::{SignedDuration, Timestamp};

/// Days notices are kept, read or not.
const KEEP_NOTICES_DAYS: i64 = 400;
/// Days what became of a delivery is kept.
const KEEP_DELIVERIES_DAYS: i64 = 90;

statements! {
    IDEMPOTENCY = "DELETE FROM idempotency WHERE (owner, key) IN \
                   (SELECT owner, key FROM idempotency WHERE expires_at <= $1 LIMIT CAST($2 AS BIGINT))";
    SESSION = "DELETE FROM session WHERE token_hash IN (SELECT token_hash FROM session WHERE expires_at <= $1 LIMIT CAST($2 AS BIGINT))";
    CHALLENGE = "DELETE FROM login_challenge WHERE id IN (SELECT id FROM login_challenge WHERE expires_at <= $1 LIMIT CAST($2 AS BIGINT))";
    NONCE = "DELETE FROM nonce WHERE (client, nonce) IN (SELECT client, nonce FROM nonce WHERE expires_at <= $1 LIMIT CAST($2 AS BIGINT))";
    NOTICE = "DELETE FROM notice WHERE id IN (SELECT id FROM notice WHERE at <= $1 LIMIT CAST($2 AS BIGINT))";
    DELIVERY = "DELETE FROM webhook_delivery WHERE id IN (SELECT id FROM webhook_delivery WHERE settled_at <= $1 LIMIT CAST($2 AS BIGINT))";
    JOB = "DELETE FROM job WHERE seq IN (SELECT seq FROM job WHERE state = 'done' AND ended_at <= $1 LIMIT CAST($2 AS BIGINT))";
}

impl Tx {
    /// Removes expired answers, sessions, challenges and nonces, jobs done longer than `keep_jobs` ago, notices older than 400 days and
    /// deliveries settled 90 days ago: at most `limit` of each.
    /// How many rows went; call again while it is not 0.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn prune(
        &mut self,
        now: Timestamp,
        keep_jobs: SignedDuration,
        limit: u32,
    ) -> Result<u64, StoreError> {
        let expired: [&'static Statement; 4] = [&IDEMPOTENCY, &SESSION, &CHALLENGE, &NONCE];
        let mut gone = 0;
        for statement in expired {
            gone += self.execute(statement, values![micros(now), i64::from(limit)]).await?;
        }
        let jobs_before = now.checked_sub(keep_jobs).unwrap_or(Timestamp::MIN);
        gone += self.execute(&JOB, values![micros(jobs_before), i64::from(limit)]).await?;
        for (statement, days) in [(&NOTICE, KEEP_NOTICES_DAYS), (&DELIVERY, KEEP_DELIVERIES_DAYS)] {
            let before = now.checked_sub(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MIN);
            gone += self.execute(statement, values![micros(before), i64::from(limit)]).await?;
        }
        Ok(gone)
    }
}
