//! Prometheus metrics: one table of all of them, functions that record them, the page that shows them.

mod http;
mod page;
mod process;
mod record;
mod table;

pub use http::track;
pub use page::Metrics;
pub use record::{
    audit_head_age, certificate_days_left, clock_behind, database_pool, database_round_trip, document_bytes,
    document_operation, gate, job_done, jobs_waiting, lifecycle_event, list_hours_left, login, order,
    rate_limited, ready, status_from_memory, step_round_trips, timed_documents, verification,
    verification_refused, verification_took, verifications_in_flight,
};
pub use table::{METRICS, MetricDoc, MetricKind};
