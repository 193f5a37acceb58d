//! Trust evaluation on facts handed in: anchors, intermediates, revocation data, status records, and a moment.
//!
//! Nothing is fetched. What is missing makes the answer *indeterminate* and is named.

mod constraints;
mod judge;
mod listed;
mod path;
mod remembered;
mod revocation;
mod usage;

use crate::report::Text;
use jiff::Timestamp;
use std::sync::Arc;
use yinxin_formats::crl::Crl;
use yinxin_formats::ocsp::OcspResponse;
use yinxin_formats::x509::Certificate;

pub use judge::{ChainState, Evaluator, Judgement, RevocationState};
pub use listed::{ListedMaker, ListedTrust};
pub use remembered::Remembered;
pub use usage::Purpose;

/// What a verifier relies on.
#[derive(Clone, Debug, Default)]
pub struct TrustFacts {
    /// Certificates trusted by themselves.
    pub anchors: Vec<Certificate>,
    /// Certificates that may help to build a path; never trusted by themselves.
    pub intermediates: Vec<Certificate>,
    /// Revocation lists.
    pub crls: Vec<Crl>,
    /// OCSP answers.
    pub ocsp: Vec<OcspResponse>,
    /// Registered states of seals, as a status service told them.
    pub statuses: Vec<SealStatus>,
    /// Seals whose state was told in data that ran out before the moment to judge at, and when it ran out: not relied on, but said.
    pub stale_statuses: Vec<(String, Timestamp)>,
    /// What the signed lists of other seal systems lend, for seals of their makers only.
    pub listed: Vec<Arc<ListedTrust>>,
    /// Codes of seals that no list may vouch for: they belong to a seal that is known to be another.
    pub reserved: Vec<String>,
    /// Where what is known of a seal's status comes from, by its code, for whom it does not go without saying.
    pub status_sources: Vec<(String, Text)>,
    /// Signatures of certificates and seals that held before; clones of the facts share them.
    pub remembered: Remembered,
}

impl TrustFacts {
    /// Sorts a certificate in: self-signed ones are anchors, others intermediates.
    pub fn add_certificate(&mut self, cert: Certificate) {
        let known = |list: &[Certificate]| list.iter().any(|c| c.raw() == cert.raw());
        if known(&self.anchors) || known(&self.intermediates) {
            return;
        }
        if path::is_self_signed(&cert) {
            self.anchors.push(cert);
        } else {
            self.intermediates.push(cert);
        }
    }
}

/// A period in which a registered seal was not to be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealStatus {
    /// Seal code esID.
    pub seal_id: String,
    /// The state in this period.
    pub state: SealState,
    /// Start of the period.
    pub from: Timestamp,
    /// End of the period; `None` while it lasts.
    pub until: Option<Timestamp>,
}

/// Registered state of a seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealState {
    /// In use (有效).
    Active,
    /// Suspended (停用).
    Suspended,
    /// Not yet in its owner's hands (未启用).
    NotInForce,
    /// Cancelled, voided or lost (注销).
    Cancelled,
}

/// How strictly missing facts are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Policy {
    /// Missing revocation data is a warning.
    #[default]
    Default,
    /// Missing revocation data makes the verdict indeterminate.
    Strict,
}

impl Policy {
    /// The word used in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Strict => "strict",
        }
    }
}
