//! Settings of the verification service.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `[verification]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VerificationConfig {
    /// Most bytes of a document that somebody unknown brings.
    pub anonymous_max_bytes: u64,
    /// Most bytes of a document that an account or a client brings.
    pub registered_max_bytes: u64,
    /// Verifications and look-ups of one address within a minute, for those who are unknown.
    pub anonymous_per_minute: u32,
    /// Verifications that run at the same time.
    pub parallel: u32,
    /// Besides these, documents that are being brought or wait.
    pub queue: u32,
    /// Mebibytes of disk for documents that are being brought, wait or are verified.
    pub spool_mebibytes: u32,
    /// Longest an upload may take, seconds.
    pub upload_seconds: u32,
    /// Longest a verification may wait, and longest it may run, seconds.
    pub timeout_seconds: u32,
    /// Days a record is kept.
    pub keep_days: u32,
}

impl Default for VerificationConfig {
    fn default() -> Self {
        Self {
            anonymous_max_bytes: 50 << 20,
            registered_max_bytes: 500 << 20,
            anonymous_per_minute: 30,
            parallel: 4,
            queue: 252,
            spool_mebibytes: 8192,
            upload_seconds: 600,
            timeout_seconds: 60,
            keep_days: 365,
        }
    }
}
