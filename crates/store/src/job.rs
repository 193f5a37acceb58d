//! Jobs (后台任务): work a transaction leaves behind for later, in the transaction itself, so that none is lost and none runs for
//! something that was not kept. Jobs of one subject run one after the other, in the order in which they were added.

use crate::statement::statements;
use crate::time::{maybe_timestamp, micros, timestamp};
use crate::value::{Row, values};
use crate::{Access, StoreError, Tx};
use jiff::Timestamp;
use serde_json::json;

macro_rules! columns {
    ($alias:literal) => {
        concat!(
            $alias,
            "seq, ",
            $alias,
            "id, ",
            $alias,
            "queue, ",
            $alias,
            "kind, ",
            $alias,
            "subject, ",
            $alias,
            "payload, ",
            $alias,
            "state, ",
            $alias,
            "run_at, ",
            $alias,
            "attempts, ",
            $alias,
            "last_error, ",
            $alias,
            "created_at, ",
            $alias,
            "ended_at"
        )
    };
}

/// Jobs that may be claimed: due, and no earlier job of the same subject open.
macro_rules! due {
    () => {
        "j.queue = $1 AND j.state IN ('waiting', 'running') AND j.run_at <= $2 \
         AND NOT EXISTS (SELECT 1 FROM job e WHERE e.subject = j.subject AND e.seq < j.seq AND e.state IN ('waiting', 'running')) \
         ORDER BY j.run_at, j.seq LIMIT CAST($4 AS BIGINT)"
    };
}

statements! {
    /// Two texts: the engines take a list apart in different words.
    ADD = "INSERT INTO job (id, queue, kind, subject, payload, state, run_at, attempts, created_at) \
           SELECT value ->> 'id', value ->> 'queue', value ->> 'kind', value ->> 'subject', value ->> 'payload', 'waiting', \
           value ->> 'run_at', 0, $2 FROM json_each($1) ORDER BY key",
        postgres: "INSERT INTO job (id, queue, kind, subject, payload, state, run_at, attempts, created_at) \
           SELECT j ->> 'id', j ->> 'queue', j ->> 'kind', j ->> 'subject', j ->> 'payload', 'waiting', \
           CAST(j ->> 'run_at' AS BIGINT), 0, $2 \
           FROM json_array_elements(CAST(CAST($1 AS TEXT) AS JSON)) WITH ORDINALITY AS list (j, n) ORDER BY n";
    /// Two texts: on SQLite one writer claims at a time; on PostgreSQL many do, each passing over what others hold.
    CLAIM = concat!("UPDATE job SET state = 'running', attempts = attempts + 1, run_at = $3, holder = $5 WHERE seq IN \
                     (SELECT j.seq FROM job j WHERE ", due!(), ") RETURNING ", columns!("")),
        postgres: concat!("WITH due AS MATERIALIZED (SELECT j.seq FROM job j WHERE ", due!(), " FOR UPDATE OF j SKIP LOCKED) \
                     UPDATE job SET state = 'running', attempts = job.attempts + 1, run_at = $3, holder = $5 FROM due \
                     WHERE job.seq = due.seq RETURNING ", columns!("job."));
    NEXT_DUE = "SELECT run_at FROM job WHERE queue = $1 AND state IN ('waiting', 'running') ORDER BY run_at, seq LIMIT 1";
    /// A lease that ends now: who held it lives no more.
    FREE = "UPDATE job SET run_at = $2 WHERE holder = $1 AND state = 'running' AND run_at > $2";
    EXTEND = "UPDATE job SET run_at = $3 WHERE seq = $1 AND attempts = $2 AND state = 'running'";
    FINISH = "UPDATE job SET state = 'done', ended_at = $3 WHERE seq = $1 AND attempts = $2 AND state = 'running'";
    RETRY = "UPDATE job SET state = 'waiting', run_at = $3, last_error = $4 WHERE seq = $1 AND attempts = $2 AND state = 'running'";
    BURY = "UPDATE job SET state = 'dead', ended_at = $3, last_error = $4 WHERE seq = $1 AND attempts = $2 AND state = 'running'";
    REVIVE = "UPDATE job SET state = 'waiting', run_at = $2, attempts = 0, ended_at = NULL WHERE id = $1 AND state = 'dead'";
    LOAD = concat!("SELECT ", columns!(""), " FROM job WHERE id = $1");
    DEAD = concat!("SELECT ", columns!(""), " FROM job WHERE state = 'dead' AND (ended_at, seq) > ($1, $2) \
                    ORDER BY ended_at, seq LIMIT CAST($3 AS BIGINT)");
    DEAD_IN = concat!("SELECT ", columns!(""), " FROM job WHERE state = 'dead' AND queue = $4 AND (ended_at, seq) > ($1, $2) \
                       ORDER BY ended_at, seq LIMIT CAST($3 AS BIGINT)");
    DUE_NOW = "SELECT COUNT(*) FROM job WHERE queue = $1 AND run_at <= $2 AND state IN ('waiting', 'running')";
}

/// A job to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    /// Identifier, `job_…`.
    pub id: String,
    /// Which workers take it.
    pub queue: String,
    /// What to do.
    pub kind: String,
    /// What it is about; open jobs of one subject run in order.
    pub subject: String,
    /// What the work needs to know, JSON. No secrets: it is stored as it is.
    pub payload: String,
    /// Not before this time.
    pub run_at: Timestamp,
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// Not begun, or to be tried again.
    Waiting,
    /// A worker has it until its lease ends.
    Running,
    /// Finished.
    Done,
    /// Given up; an operator decides.
    Dead,
}

impl JobState {
    /// As the database holds it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Dead => "dead",
        }
    }

    fn parse(text: &str) -> Result<Self, StoreError> {
        [Self::Waiting, Self::Running, Self::Done, Self::Dead]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| StoreError::internal(format!("job: unknown state {text}")))
    }
}

/// A job as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Place in the order of adding.
    pub seq: i64,
    /// Identifier.
    pub id: String,
    /// Which workers take it.
    pub queue: String,
    /// What to do.
    pub kind: String,
    /// What it is about.
    pub subject: String,
    /// What the work needs to know, JSON.
    pub payload: String,
    /// Where it stands.
    pub state: JobState,
    /// Not before this time; while it runs, the end of the lease.
    pub run_at: Timestamp,
    /// How often it was begun. Together with `seq` the proof that a worker still holds it.
    pub attempts: i64,
    /// What went wrong last time.
    pub last_error: Option<String>,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was finished or given up.
    pub ended_at: Option<Timestamp>,
}

impl Job {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            seq: row.int(0)?,
            id: row.text(1)?,
            queue: row.text(2)?,
            kind: row.text(3)?,
            subject: row.text(4)?,
            payload: row.text(5)?,
            state: JobState::parse(&row.text(6)?)?,
            run_at: timestamp(row.int(7)?)?,
            attempts: row.int(8)?,
            last_error: row.maybe_text(9)?,
            created_at: timestamp(row.int(10)?)?,
            ended_at: maybe_timestamp(row.maybe_int(11)?)?,
        })
    }
}

impl Access {
    /// When the next job of a queue comes due; `None` when none is open. Lets workers sleep without a writing transaction.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn next_due(&mut self, queue: &str) -> Result<Option<Timestamp>, StoreError> {
        let row = self.row(&NEXT_DUE, values![queue]).await?;
        row.map(|row| timestamp(row.int(0)?)).transpose()
    }

    /// A job.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn job(&mut self, id: &str) -> Result<Option<Job>, StoreError> {
        let row = self.row(&LOAD, values![id]).await?;
        row.as_ref().map(Job::read).transpose()
    }

    /// Jobs given up, the longest dead first, behind `after` of the page before.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn dead_jobs(&mut self, after: Option<&Job>, limit: u32) -> Result<Vec<Job>, StoreError> {
        let (ended_at, seq) =
            after.map_or((i64::MIN, 0), |job| (job.ended_at.map_or(i64::MIN, micros), job.seq));
        let rows = self.rows(&DEAD, values![ended_at, seq, i64::from(limit)]).await?;
        rows.iter().map(Job::read).collect()
    }

    /// Jobs of a queue given up, the longest dead first, behind this end and number.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn dead_jobs_in(
        &mut self,
        queue: &str,
        after: Option<(Timestamp, i64)>,
        limit: u32,
    ) -> Result<Vec<Job>, StoreError> {
        let (ended_at, seq) = after.map_or((i64::MIN, 0), |(ended_at, seq)| (micros(ended_at), seq));
        let rows = self.rows(&DEAD_IN, values![ended_at, seq, i64::from(limit), queue]).await?;
        rows.iter().map(Job::read).collect()
    }

    /// How many jobs of a queue are due and not done: those that wait for a day to come are none of them, and may be millions.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn jobs_due(&mut self, queue: &str, now: Timestamp) -> Result<u64, StoreError> {
        let row = self.row(&DUE_NOW, values![queue, micros(now)]).await?;
        let count = row.map(|row| row.int(0)).transpose()?.unwrap_or_default();
        Ok(u64::try_from(count).unwrap_or_default())
    }
}

impl Tx {
    /// Adds jobs in one round trip; none for an empty list.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when an identifier is taken, at once or by a later call, at the latest [`Tx::commit`];
    /// [`StoreError::Unavailable`].
    pub async fn add_jobs(&mut self, jobs: &[NewJob], now: Timestamp) -> Result<(), StoreError> {
        if jobs.is_empty() {
            return Ok(());
        }
        let list: Vec<_> = jobs
            .iter()
            .map(|job| {
                json!({
                    "id": job.id, "queue": job.queue, "kind": job.kind, "subject": job.subject,
                    "payload": job.payload, "run_at": micros(job.run_at),
                })
            })
            .collect();
        let list = serde_json::to_string(&list)?;
        self.later(&ADD, values![&list, micros(now)], None).await
    }

    /// Takes up to `limit` due jobs of a queue for the node `holder`, none of which another worker gets until `lease_until`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn claim_jobs(
        &mut self,
        queue: &str,
        now: Timestamp,
        lease_until: Timestamp,
        limit: u32,
        holder: &str,
    ) -> Result<Vec<Job>, StoreError> {
        let values = values![queue, micros(now), micros(lease_until), i64::from(limit), holder];
        let rows = self.rows(&CLAIM, values).await?;
        let mut jobs = rows.iter().map(Job::read).collect::<Result<Vec<_>, _>>()?;
        jobs.sort_by_key(|job| job.seq);
        Ok(jobs)
    }

    /// Ends the leases of a node that lives no more, so that its jobs are taken up at once; how many.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn free_jobs(&mut self, holder: &str, now: Timestamp) -> Result<u64, StoreError> {
        self.execute(&FREE, values![holder, micros(now)]).await
    }

    /// Holds a job for longer.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when the lease was lost to another worker; [`StoreError::Unavailable`].
    pub async fn extend_job(&mut self, job: &Job, lease_until: Timestamp) -> Result<(), StoreError> {
        let changed = self.execute(&EXTEND, values![job.seq, job.attempts, micros(lease_until)]).await?;
        held(changed, job)
    }

    /// The job is done.
    ///
    /// # Errors
    /// As [`Tx::extend_job`]: whatever else this transaction did must not be kept then.
    pub async fn finish_job(&mut self, job: &Job, now: Timestamp) -> Result<(), StoreError> {
        let changed = self.execute(&FINISH, values![job.seq, job.attempts, micros(now)]).await?;
        held(changed, job)
    }

    /// The job failed and is to be tried again at `run_at`.
    ///
    /// # Errors
    /// As [`Tx::extend_job`].
    pub async fn retry_job(&mut self, job: &Job, run_at: Timestamp, error: &str) -> Result<(), StoreError> {
        let changed = self.execute(&RETRY, values![job.seq, job.attempts, micros(run_at), error]).await?;
        held(changed, job)
    }

    /// The job is given up. Later jobs of its subject go on.
    ///
    /// # Errors
    /// As [`Tx::extend_job`].
    pub async fn bury_job(&mut self, job: &Job, now: Timestamp, error: &str) -> Result<(), StoreError> {
        let changed = self.execute(&BURY, values![job.seq, job.attempts, micros(now), error]).await?;
        held(changed, job)
    }

    /// An operator has a dead job tried again.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it is not dead; [`StoreError::Unavailable`].
    pub async fn revive_job(&mut self, id: &str, run_at: Timestamp) -> Result<(), StoreError> {
        match self.execute(&REVIVE, values![id, micros(run_at)]).await? {
            0 => Err(StoreError::NotFound { table: "job", id: id.to_owned() }),
            _ => Ok(()),
        }
    }
}

fn held(changed: u64, job: &Job) -> Result<(), StoreError> {
    match changed {
        0 => Err(StoreError::Stale { table: "job", id: job.id.clone() }),
        _ => Ok(()),
    }
}
