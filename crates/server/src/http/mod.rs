//! The frame of the API: what every endpoint shares before and after its handler.
//!
//! * Refusals: [`Problem`], [`Code`]; faults of a body collected with [`Faults`], [`Checked`], [`Valid`].
//! * In: [`Json`], [`Query`], [`Path`], [`Command`] (key, digest and body), [`IdempotencyKey`], [`IfMatch`], [`List`],
//!   [`RequestId`].
//! * Out: [`Json`], [`Page`], [`Versioned`], [`StoredResponse`].
//! * Around: [`frame()`] mounts every layer in the right order; [`openapi`] finishes and lints the description.

pub mod accept;
mod cursor;
pub mod etag;
mod fallback;
mod frame;
pub mod idempotency;
pub mod json;
mod limits;
pub mod openapi;
pub mod page;
pub mod problem;
mod query;
mod request_id;
mod security_headers;
mod stored_response;
mod target;

pub use cursor::CursorKey;
pub use etag::{IfMatch, Versioned};
pub use frame::{DEFAULT_BODY_LIMIT, DEFAULT_DEADLINE, FrameSettings, frame};
pub use idempotency::{Command, Decision, IdempotencyKey, RequestDigest, decide};
pub use json::{Json, NoBody, Valid};
pub use page::{List, NoFilter, Page, PageQuery};
pub use problem::{Checked, Code, Faults, FieldError, Problem, checked};
pub use query::{Path, Query};
pub use request_id::{RequestId, X_REQUEST_ID};
pub(crate) use security_headers::defaults as default_headers;
pub use stored_response::{REPLAYED, StoredResponse};
pub use target::Target;
