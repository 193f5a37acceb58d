//! The order to compare with another system, as a job carries it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use yinxin_registry::ids::PeerId;
use yinxin_registry::lifecycle::By;

/// Kind of the job.
pub(crate) const JOB: &str = "reconcile";

/// Which days are compared, with whom, and who asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReconcileOrder {
    pub(crate) peer: PeerId,
    pub(crate) from: Date,
    pub(crate) to: Date,
    pub(crate) by: By,
}
