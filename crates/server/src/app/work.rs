//! One change: begin → load → apply → save → enact → commit, in one transaction with its audit record, its jobs and the answer kept
//! under its idempotency key.

use super::fault::Stop;
use super::{App, Shared};
use crate::auth::{Caller, Who};
use crate::http::idempotency::Record;
use crate::http::{Code, Command, Decision, IdempotencyKey, Problem, RequestDigest, StoredResponse, decide};
use crate::jobs::{WORK, job_of};
use crate::proof::Statement;
use crate::telemetry::metrics::{lifecycle_event, step_round_trips};
use axum::body::Bytes;
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use yinxin_registry::area::{AreaCode, AreaPath};
use yinxin_registry::audit::{Entry, Outcome};
use yinxin_registry::ids::{JobId, UnitId};
use yinxin_registry::lifecycle::application::ProfileRef;
use yinxin_registry::lifecycle::{By, Effect, ProofRef};
use yinxin_registry::permission::{Action, Place, permit};
use yinxin_registry::profile::SealCodeFault;
use yinxin_store::{KeptAnswer, NewJob, Tx};

/// Actions that move a seal along its life.
const LIFE: [&str; 4] = ["application.", "change.", "order.", "seal."];
/// How long an answer is kept under its idempotency key.
const KEEP: SignedDuration = SignedDuration::from_hours(24);

/// What a record of the audit log is about.
#[derive(Debug, Clone)]
pub struct Subject {
    /// Identifier.
    pub id: String,
    /// Area it stands in.
    pub area: AreaPath,
    /// Unit it belongs to.
    pub unit: Option<UnitId>,
    /// Code of the seal it is: what is kept in memory of its status is dropped with the change.
    pub seal_code: Option<String>,
}

impl Subject {
    /// Something of an area.
    pub fn area(id: impl Into<String>, area: &AreaPath) -> Self {
        Self { id: id.into(), area: area.clone(), unit: None, seal_code: None }
    }

    /// Something of a unit.
    pub fn unit(id: impl Into<String>, area: &AreaPath, unit: &UnitId) -> Self {
        Self { id: id.into(), area: area.clone(), unit: Some(unit.clone()), seal_code: None }
    }

    /// Something of the registry itself.
    pub fn registry(id: impl Into<String>) -> Self {
        Self { id: id.into(), area: AreaPath::nation(), unit: None, seal_code: None }
    }
}

/// A change under way. Dropped without [`Work::finish`], nothing of it remains.
pub struct Work {
    app: Shared,
    caller: Caller,
    /// The transaction.
    pub tx: Tx,
    /// The moment of the change.
    pub now: Timestamp,
    key: Option<(IdempotencyKey, RequestDigest)>,
    entries: Vec<Entry>,
    jobs: Vec<NewJob>,
    changed_seals: Vec<String>,
}

impl Work {
    /// Begins a change asked for with an idempotency key, and gives the request's body.
    ///
    /// # Errors
    /// [`Stop::Replay`] with the answer of an earlier request with this key; problems of the key, the clock, the database.
    pub async fn begin<T>(app: &Shared, caller: &Caller, command: Command<T>) -> Result<(Self, T), Stop> {
        let owner = caller.id().to_owned();
        let now = app.now()?;
        let kept = match caller.kept(command.key.as_str()) {
            Some(found) => found,
            None => app.store.read().await?.kept_answer(&owner, command.key.as_str(), now).await?,
        };
        if let Some(response) = decide(kept.map(record).transpose()?, &command.digest).proceed()? {
            return Err(Stop::Replay(Box::new(response)));
        }
        caller.asks(&command.key, command.digest);
        let mut work = Self::plain(app, caller, now).await?;
        work.key = Some((command.key, command.digest));
        Ok((work, command.body))
    }

    /// The answer to a request that was refused only because the same request, sent before, had been done meanwhile: whoever sends
    /// again without waiting must not be told that nothing happened.
    ///
    /// # Errors
    /// Problems of the clock and the database.
    pub(crate) async fn overtaken(app: &Shared, caller: &Caller) -> Result<Option<StoredResponse>, Stop> {
        let Some((key, digest)) = caller.asked() else { return Ok(None) };
        let kept = app.store.read().await?.kept_answer(caller.id(), key.as_str(), app.now()?).await?;
        match decide(kept.map(record).transpose()?, digest) {
            Decision::Replay(response) => Ok(Some(response)),
            _ => Ok(None),
        }
    }

    /// Begins a change that is safe to repeat by its nature and has no key.
    ///
    /// # Errors
    /// Problems of the clock and the database.
    pub async fn begin_keyless(app: &Shared, caller: &Caller) -> Result<Self, Stop> {
        Self::plain(app, caller, app.now()?).await
    }

    async fn plain(app: &Shared, caller: &Caller, now: Timestamp) -> Result<Self, Stop> {
        let tx = app.store.begin().await?;
        Ok(Self {
            app: app.clone(),
            caller: caller.clone(),
            tx,
            now,
            key: None,
            entries: Vec::new(),
            jobs: Vec::new(),
            changed_seals: Vec::new(),
        })
    }

    /// The server.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Who asks.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Decides whether the caller may, and in which role.
    ///
    /// # Errors
    /// `FORBIDDEN`, or `NOT_FOUND` for what lies outside his scope; what a restricted session lacks first.
    pub fn permit(&self, action: Action, place: &Place) -> Result<By, Stop> {
        self.caller.permit(action, place, self.now)
    }

    /// Notes what was done, for the audit log.
    pub fn record(&mut self, by: &By, action: &str, subject: &Subject, reason: Option<&str>, details: Value) {
        self.entries.push(Entry {
            at: self.now,
            actor: self.caller.actor(by),
            action: action.to_owned(),
            subject: subject.id.clone(),
            area_path: subject.area.as_str().to_owned(),
            unit: subject.unit.as_ref().map(|u| u.as_str().to_owned()),
            outcome: Outcome::Ok,
            reason: reason.map(str::to_owned),
            details,
            request_id: self.caller.request_id().to_owned(),
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
    pub fn job(&mut self, kind: &str, subject: &str, payload: String, run_at: Timestamp) {
        self.job_in(WORK, kind, subject, payload, run_at);
    }

    /// Leaves one job in another queue.
    pub fn job_in(&mut self, queue: &str, kind: &str, subject: &str, payload: String, run_at: Timestamp) {
        let id = JobId::new(self.now, &mut self.app.rng()).as_str().to_owned();
        self.jobs.push(NewJob {
            id,
            queue: queue.to_owned(),
            kind: kind.to_owned(),
            subject: subject.to_owned(),
            payload,
            run_at,
        });
    }

    /// Writes audit records and jobs, keeps the answer, commits.
    ///
    /// # Errors
    /// Problems of the database; then nothing has happened.
    pub async fn finish(self, answer: StoredResponse) -> Result<Response, Stop> {
        self.settle(&answer).await?;
        Ok(answer.into_response())
    }

    /// The same for an answer that shows a secret once: what is kept under the idempotency key, and given to who asks again, is
    /// another answer without it.
    ///
    /// # Errors
    /// Problems of the database; then nothing has happened.
    pub async fn finish_showing(self, kept: StoredResponse, shown: StoredResponse) -> Result<Response, Stop> {
        self.settle(&kept).await?;
        Ok(shown.into_response())
    }

    async fn settle(mut self, answer: &StoredResponse) -> Result<(), Stop> {
        self.tx.add_jobs(&self.jobs, self.now).await?;
        if let Some((key, digest)) = &self.key {
            let kept = KeptAnswer {
                request: digest.0,
                status: answer.status(),
                headers: answer.headers_text()?,
                body: answer.body().to_vec(),
            };
            let until = self.now.saturating_add(KEEP).unwrap_or(Timestamp::MAX);
            self.tx.keep_answer(self.caller.id(), key.as_str(), &kept, self.now, until).await?;
        }
        if let Some(nonce) = self.caller.nonce() {
            self.tx.use_nonce(self.caller.id(), &nonce.value, nonce.until).await?;
        }
        // Last, because it takes the lock that all writers share.
        self.tx.append_audit(&self.app.audit_keys().0, &self.entries).await?;
        let trips = self.tx.commit().await?;
        self.caller.nonce_is_used();
        self.app.statuses.forget(self.changed_seals.iter().map(String::as_str));
        step_round_trips(self.entries.first().map_or("none", |entry| entry.action.as_str()), trips);
        count_events(&self.entries);
        Ok(())
    }

    /// Signs a certificate of the authority and stores it. Stored before the transaction ends: what nobody names is swept.
    ///
    /// # Errors
    /// `INTERNAL` when the key refuses; problems of the document store.
    pub async fn issue(&self, statement: Statement) -> Result<ProofRef, Stop> {
        let proof = self.app.authority.prove(statement, self.now).map_err(|error| {
            tracing::error!(code = error.code(), %error, "a certificate of the authority could not be signed");
            Problem::new(Code::Internal)
        })?;
        let stored = self.app.documents.put(Bytes::from(proof.der), "application/pkcs7-mime").await?;
        Ok(ProofRef {
            number: proof.statement.number,
            digest: stored.digest.to_string(),
            at: proof.statement.issued_at,
        })
    }

    /// The next seal code of an area by the profile an application is treated by.
    ///
    /// # Errors
    /// `CONFLICT` when the area's codes are used up; problems of the database.
    pub async fn next_seal_code(&mut self, area: &AreaCode, profile: &ProfileRef) -> Result<String, Stop> {
        let profile = self.app.profiles.version(&profile.id, profile.version);
        let pattern = &profile.ok_or_else(|| Problem::new(Code::Internal))?.seal_code.clone();
        let fault = |error: SealCodeFault| {
            Problem::new(Code::Conflict)
                .rule("SEAL_CODE")
                .detail(format!("无法编制印章编码：{error}"), format!("no seal code: {error}"))
        };
        let prefix = pattern.prefix(area.as_str()).map_err(fault)?;
        let serial = self.tx.next_number(&format!("seal-code/{prefix}")).await?;
        Ok(pattern.code(area.as_str(), serial).map_err(fault)?)
    }

    /// Gives up and waits until nothing remains.
    ///
    /// # Errors
    /// Problems of the database.
    pub async fn abandon(self) -> Result<(), Stop> {
        Ok(self.tx.rollback().await?)
    }
}

/// Counts what moved a seal along its life.
pub(crate) fn count_events(entries: &[Entry]) {
    let actions = entries.iter().map(|entry| entry.action.as_str());
    actions.filter(|action| LIFE.iter().any(|part| action.starts_with(part))).for_each(lifecycle_event);
}

fn record(kept: KeptAnswer) -> Result<Record, Problem> {
    let response = StoredResponse::from_parts(kept.status, &kept.headers, kept.body)?;
    Ok(Record { digest: RequestDigest(kept.request), response: Some(response) })
}

impl Caller {
    /// Decides whether the caller may, and in which role.
    ///
    /// # Errors
    /// `FORBIDDEN`, `NOT_FOUND`, or what a restricted session lacks first.
    pub fn permit(&self, action: Action, place: &Place, now: Timestamp) -> Result<By, Stop> {
        self.unrestricted(action)?;
        let grant = permit(self.grants(), action, place, now)?;
        let role = grant.role.as_str();
        Ok(match self.who() {
            Who::Account { account, .. } => By::account(&account.id, &account.name, role),
            Who::Client { client } => By::client(&client.id, &client.name, role),
        })
    }
}
