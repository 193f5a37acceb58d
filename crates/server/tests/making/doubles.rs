//! Stand-ins that fail where they are told to.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::Timestamp;
use yinxin_crypto::rand_core::CryptoRng;
use yinxin_formats::crl::RevocationReason;
use yinxin_server::making::JournalError;
use yinxin_server::making::authority::{
    AuthorityDescription, AuthorityError, CertificateAuthority, CertificateRequest, IssuedCertificate,
};
use yinxin_server::making::log::{LogError, OrderLog, Step, WorkLog};

/// Where the power goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// The step was done but not written down.
    Before,
    /// The step was written down and nothing after it was done.
    After,
}

/// A log that loses power at its n-th writing, claims of approvals counted too.
pub struct FailingLog {
    pub inner: Arc<dyn WorkLog>,
    pub left: Arc<AtomicUsize>,
    pub cut: Cut,
}

impl FailingLog {
    pub fn new(inner: Arc<dyn WorkLog>, after: usize, cut: Cut) -> Self {
        Self { inner, left: Arc::new(AtomicUsize::new(after)), cut }
    }
}

fn power_cut() -> LogError {
    LogError::Journal(JournalError::Io(std::io::Error::other("power cut")))
}

/// Counts down; true at zero.
fn due(left: &AtomicUsize) -> bool {
    left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1)) == Ok(1)
}

struct FailingOrderLog {
    inner: Box<dyn OrderLog>,
    left: Arc<AtomicUsize>,
    cut: Cut,
}

impl OrderLog for FailingOrderLog {
    fn steps(&self) -> &[Step] {
        self.inner.steps()
    }

    fn append(&mut self, step: Step) -> Result<(), LogError> {
        let now = due(&self.left);
        if now && self.cut == Cut::Before {
            return Err(power_cut());
        }
        self.inner.append(step)?;
        if now { Err(power_cut()) } else { Ok(()) }
    }
}

impl WorkLog for FailingLog {
    fn open(&self, seal: &str) -> Result<Box<dyn OrderLog>, LogError> {
        let inner = self.inner.open(seal)?;
        Ok(Box::new(FailingOrderLog { inner, left: self.left.clone(), cut: self.cut }))
    }

    fn read(&self, seal: &str) -> Result<Vec<Step>, LogError> {
        self.inner.read(seal)
    }

    fn seals(&self) -> Result<Vec<String>, LogError> {
        self.inner.seals()
    }

    fn claim(&self, authority: &str, number: &str, seal: &str) -> Result<(), LogError> {
        let now = due(&self.left);
        if now && self.cut == Cut::Before {
            return Err(power_cut());
        }
        self.inner.claim(authority, number, seal)?;
        if now { Err(power_cut()) } else { Ok(()) }
    }

    fn claimed(&self, authority: &str, number: &str) -> Result<Option<String>, LogError> {
        self.inner.claimed(authority, number)
    }
}

type Script = dyn Fn(&CertificateRequest<'_>) -> Result<IssuedCertificate, AuthorityError> + Send + Sync;

/// An authority that answers what it is told to, whatever is asked.
pub struct Scripted(pub Box<Script>);

impl CertificateAuthority for Scripted {
    fn issue(
        &self,
        request: &CertificateRequest<'_>,
        _: Timestamp,
        _: &mut dyn CryptoRng,
    ) -> Result<IssuedCertificate, AuthorityError> {
        (self.0)(request)
    }

    fn revoke(&self, _: &str, _: RevocationReason, _: Timestamp) -> Result<(), AuthorityError> {
        Err(AuthorityError::UnknownSerial)
    }

    fn describe(&self) -> AuthorityDescription {
        AuthorityDescription { name: "scripted".into(), issuer: String::new(), test: true, chain: Vec::new() }
    }
}
