//! A change made by no request: by a clock, or by a measure that goes on after its request was answered. One transaction with its audit
//! records, its jobs and the end of the job it belongs to.

use super::WORK;
use super::effect::job_of;
use crate::app::{Shared, Subject, count_events};
use jiff::Timestamp;
use serde_json::Value;
use yinxin_registry::audit::{ActorRef, Entry, Outcome};
use yinxin_registry::ids::JobId;
use yinxin_registry::lifecycle::Effect;
use yinxin_store::{Job, NewJob, StoreError, Tx};

/// Who stands behind a record, and by which request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// Who.
    pub actor: ActorRef,
    /// The request; of a clock its job.
    pub request_id: String,
}

impl Author {
    /// The clock of the registry, at work on a job.
    pub fn clock(job: &Job) -> Self {
        Self { actor: ActorRef::system("clock"), request_id: job.id.clone() }
    }
}

/// A change under way. Dropped without [`SystemWork::finish`] or [`SystemWork::keep`], nothing of it remains.
pub struct SystemWork {
    app: Shared,
    /// The transaction.
    pub tx: Tx,
    /// The moment of the change.
    pub now: Timestamp,
    entries: Vec<Entry>,
    jobs: Vec<NewJob>,
    changed_seals: Vec<String>,
}

impl SystemWork {
    /// Begins a change.
    ///
    /// # Errors
    /// Problems of the database.
    pub async fn begin(app: &Shared, now: Timestamp) -> Result<Self, StoreError> {
        let tx = app.store.begin().await?;
        Ok(Self {
            app: app.clone(),
            tx,
            now,
            entries: Vec::new(),
            jobs: Vec::new(),
            changed_seals: Vec::new(),
        })
    }

    /// The server.
    pub fn app(&self) -> &Shared {
        &self.app
    }

    /// Notes what was done, for the audit log.
    pub fn record(
        &mut self,
        author: Author,
        action: &str,
        subject: &Subject,
        reason: Option<&str>,
        details: Value,
    ) {
        self.entries.push(Entry {
            at: self.now,
            actor: author.actor,
            action: action.to_owned(),
            subject: subject.id.clone(),
            area_path: subject.area.as_str().to_owned(),
            unit: subject.unit.as_ref().map(|unit| unit.as_str().to_owned()),
            outcome: Outcome::Ok,
            reason: reason.map(str::to_owned),
            details,
            request_id: author.request_id,
        });
    }

    /// Leaves what has to happen besides as jobs.
    pub fn enact(&mut self, subject: &Subject, effects: &[Effect]) {
        self.changed_seals.extend(subject.seal_code.clone());
        let mut rng = self.app.rng();
        let jobs = effects.iter().filter_map(|effect| job_of(effect, &subject.id, self.now, &mut rng));
        self.jobs.extend(jobs);
    }

    /// Leaves one job of another kind.
    pub fn leave(&mut self, kind: &str, subject: &str, payload: String) {
        self.leave_in(WORK, kind, subject, payload);
    }

    /// Leaves one job in another queue.
    pub fn leave_in(&mut self, queue: &str, kind: &str, subject: &str, payload: String) {
        self.jobs.push(NewJob {
            id: JobId::new(self.now, &mut self.app.rng()).as_str().to_owned(),
            queue: queue.to_owned(),
            kind: kind.to_owned(),
            subject: subject.to_owned(),
            payload,
            run_at: self.now,
        });
    }

    /// Leaves the same job once more, for what it has not come to.
    pub fn again(&mut self, job: &Job) {
        self.again_at(job, self.now);
    }

    /// The same for a later time.
    pub fn again_at(&mut self, job: &Job, run_at: Timestamp) {
        self.jobs.push(NewJob {
            id: JobId::new(self.now, &mut self.app.rng()).as_str().to_owned(),
            queue: job.queue.clone(),
            kind: job.kind.clone(),
            subject: job.subject.clone(),
            payload: job.payload.clone(),
            run_at,
        });
    }

    /// Writes the audit records noted so far as the first under a new key of the chain; number of the first. The lock that all
    /// writers share is held from here on.
    ///
    /// # Errors
    /// Problems of the database.
    pub async fn turn_audit_key(&mut self, number: u32) -> Result<u64, StoreError> {
        let entries = std::mem::take(&mut self.entries);
        let head = self.tx.append_audit_from(&self.app.audit_keys().0, number, &entries).await?;
        Ok((head.seq + 1).saturating_sub(entries.len() as u64))
    }

    /// Writes everything, ends the job, commits.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when another worker has the job by now; problems of the database. Then nothing has happened.
    pub async fn finish(mut self, job: &Job) -> Result<(), StoreError> {
        self.tx.finish_job(job, self.now).await?;
        self.commit().await
    }

    /// Writes everything, holds the job until `lease_until`, commits.
    ///
    /// # Errors
    /// As [`SystemWork::finish`].
    pub async fn keep(mut self, job: &Job, lease_until: Timestamp) -> Result<(), StoreError> {
        self.tx.extend_job(job, lease_until).await?;
        self.commit().await
    }

    /// Lets the job be tried again later, and keeps what else there is to keep.
    ///
    /// # Errors
    /// As [`SystemWork::finish`].
    pub async fn retry(mut self, job: &Job, again: Timestamp, words: &str) -> Result<(), StoreError> {
        self.tx.retry_job(job, again, words).await?;
        self.commit().await
    }

    async fn commit(mut self) -> Result<(), StoreError> {
        self.tx.add_jobs(&self.jobs, self.now).await?;
        // Last, because it takes the lock that all writers share.
        self.tx.append_audit(&self.app.audit_keys().0, &self.entries).await?;
        self.tx.commit().await?;
        count_events(&self.entries);
        self.app.statuses.forget(self.changed_seals.iter().map(String::as_str));
        Ok(())
    }
}

impl std::fmt::Debug for SystemWork {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SystemWork").field("now", &self.now).finish_non_exhaustive()
    }
}
