//! One function for each thing that is measured. Without [`super::Metrics::install`] they do nothing.

use std::future::Future;
use std::time::{Duration, Instant};

use metrics::{counter, gauge, histogram};

use super::table;
use crate::documents::DocumentError;

/// Connections of a pool: `database` is `registry` or `workshop`.
pub fn database_pool(database: &'static str, used: u32, idle: u32, max: u32) {
    for (state, number) in [("used", used), ("idle", idle), ("max", max)] {
        gauge!(table::DATABASE_CONNECTIONS, "database" => database, "state" => state).set(number);
    }
}

/// One round trip to a database.
pub fn database_round_trip(database: &'static str, took: Duration) {
    histogram!(table::DATABASE_ROUND_TRIP, "database" => database).record(took);
}

/// A status answer given from memory, on the short way past the layer that counts the others.
pub fn status_from_memory(took: Duration, known: bool) {
    const ROUTE: &str = "/api/v1/status/{code}";
    if known {
        counter!(table::HTTP_REQUESTS, "method" => "GET", "route" => ROUTE, "status" => "3xx").increment(1);
        histogram!(table::HTTP_DURATION, "method" => "GET", "route" => ROUTE, "status" => "3xx").record(took);
    } else {
        counter!(table::HTTP_REQUESTS, "method" => "GET", "route" => ROUTE, "status" => "2xx").increment(1);
        histogram!(table::HTTP_DURATION, "method" => "GET", "route" => ROUTE, "status" => "2xx").record(took);
    }
}

/// Round trips that a step of the API took. `step` is the action that the audit log names.
pub fn step_round_trips(step: &str, trips: u32) {
    histogram!(table::STEP_ROUND_TRIPS, "step" => step.to_owned()).record(trips);
}

/// Bytes of documents, `in` or `out`.
pub fn document_bytes(direction: &'static str, bytes: u64) {
    counter!(table::DOCUMENT_BYTES, "direction" => direction).increment(bytes);
}

/// Runs and times an operation of the document store.
pub async fn timed_documents<T>(
    operation: &'static str,
    work: impl Future<Output = Result<T, DocumentError>>,
) -> Result<T, DocumentError> {
    let start = Instant::now();
    let outcome = work.await;
    document_operation(operation, start, &outcome);
    outcome
}

/// An operation of the document store that began then came to its end.
pub fn document_operation<T>(operation: &'static str, start: Instant, outcome: &Result<T, DocumentError>) {
    let result = outcome.as_ref().map_or_else(DocumentError::code, |_| "ok");
    histogram!(table::DOCUMENT_OPERATION, "operation" => operation, "result" => result)
        .record(start.elapsed());
}

/// Jobs of a kind that wait.
pub fn jobs_waiting(kind: &str, number: u64) {
    #[allow(clippy::cast_precision_loss, reason = "a count of jobs stays far below 2^52")]
    gauge!(table::JOBS_WAITING, "kind" => kind.to_owned()).set(number as f64);
}

/// A job ended: `result` is `done`, `retry` or `failed`.
pub fn job_done(kind: &str, result: &'static str, took: Duration) {
    histogram!(table::JOB_DURATION, "kind" => kind.to_owned(), "result" => result).record(took);
}

/// An event in the life of a seal, by the action that the audit log names.
pub fn lifecycle_event(event: &str) {
    counter!(table::LIFECYCLE_EVENTS, "event" => event.to_owned()).increment(1);
}

/// An order of the workshop came to something new: `made`, `sent_back`, `waiting` or `refused`.
pub fn order(fate: &'static str) {
    counter!(table::ORDERS, "fate" => fate).increment(1);
}

/// A signature asked of the key process: `outcome` is `signed`, `refused` or `later`.
pub fn gate(outcome: &'static str) {
    counter!(table::GATE, "outcome" => outcome).increment(1);
}

/// A log-in attempt: `method` is `password`, `certificate` …; `result` is `ok`, `refused` or `locked`.
pub fn login(method: &'static str, result: &'static str) {
    counter!(table::LOGINS, "method" => method, "result" => result).increment(1);
}

/// A request refused by a limit of rate.
pub fn rate_limited(limit: &'static str) {
    counter!(table::RATE_LIMITED, "limit" => limit).increment(1);
}

/// Time since the head of the audit chain was last signed.
pub fn audit_head_age(age: Duration) {
    gauge!(table::AUDIT_HEAD_AGE).set(age.as_secs_f64());
}

/// How far the clock stands behind the last recorded time.
pub fn clock_behind(behind: Duration) {
    gauge!(table::CLOCK_BEHIND).set(behind.as_secs_f64());
}

/// Whether a part is ready: `database`, `documents`, `clock`, `workshop` …
pub fn ready(part: &'static str, is_ready: bool) {
    gauge!(table::READY, "part" => part).set(f64::from(u8::from(is_ready)));
}

/// Whole hours until a revocation list that was fetched runs out.
pub fn list_hours_left(list: &str, hours: i64) {
    #[allow(clippy::cast_precision_loss, reason = "hours stay far below 2^52")]
    gauge!(table::LIST_HOURS, "list" => list.to_owned()).set(hours as f64);
}

/// Whole days until a certificate ends; negative behind its end. `whose` is `authority` or `maker`.
pub fn certificate_days_left(whose: &'static str, days: i64) {
    #[allow(clippy::cast_precision_loss, reason = "days stay far below 2^52")]
    gauge!(table::CERTIFICATE_DAYS, "whose" => whose).set(days as f64);
}

/// A verification: its verdict, and what kind of caller asked.
pub fn verification(verdict: &'static str, caller: &'static str) {
    counter!(table::VERIFICATIONS, "verdict" => verdict, "caller" => caller).increment(1);
}

/// Time in which a document was judged.
pub fn verification_took(took: Duration) {
    histogram!(table::VERIFICATION_DURATION).record(took);
}

/// One document more, or one less, on the way to its verdict.
pub fn verifications_in_flight(change: f64) {
    gauge!(table::VERIFICATIONS_IN_FLIGHT).increment(change);
}

/// A verification that was refused or not finished: `rate`, `full`, `space`, `slow` or `time`.
pub fn verification_refused(reason: &'static str) {
    counter!(table::VERIFICATIONS_REFUSED, "reason" => reason).increment(1);
}
