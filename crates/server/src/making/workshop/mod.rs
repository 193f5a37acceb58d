//! The workshop: from an approved order to a verified seal, step by step, each step written down before the next.

mod progress;
mod steps;

use std::sync::Arc;

use jiff::Timestamp;
use yinxin_crypto::rand_core::CryptoRng;
use yinxin_formats::ses::SesVersion;
use yinxin_seal::TrustFacts;

use self::progress::Progress;
pub use self::steps::requested_key;
use super::MakingError;
use super::authority::{CertificateAuthority, check_certificate, read_chain};
use super::keys::SealKeys;
use super::log::{Step, WorkLog};
use super::made::MadeSeal;
use super::maker::MakerIdentity;
use super::order::Order;
use crate::imprints::Drawer;
use crate::proof::{self, AuthorizedSigner, ProofKind, ProofTrust, Statement};

/// How seals are made here.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Version of new seals: 4 (GB/T 38540-2020) unless said otherwise, or 5 (GM/T 0031-2025).
    pub version: SesVersion,
    /// Vendor identifier in seals, ASCII.
    pub vendor: String,
    /// Authorities whose approvals count, with the area each is in charge of.
    pub approvers: Vec<AuthorizedSigner>,
    /// What the certificates of these authorities are judged by, where that is not what seals are judged by.
    pub approver_trust: Option<Arc<TrustFacts>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            version: SesVersion::V4,
            vendor: "yinxin".to_owned(),
            approvers: Vec::new(),
            approver_trust: None,
        }
    }
}

/// A workshop. Its calls block: they stretch passwords, compute signatures, wait for disks and authorities.
pub struct Workshop {
    /// The maker it works for.
    pub maker: MakerIdentity,
    /// Settings.
    pub settings: Settings,
    /// Where seal keys live.
    pub keys: Arc<dyn SealKeys>,
    /// Who certifies them.
    pub authority: Arc<dyn CertificateAuthority>,
    /// What was done.
    pub log: Arc<dyn WorkLog>,
    /// Rules and characters of drawn imprints.
    pub drawer: Arc<Drawer>,
}

/// What one attempt works with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attempt<'a> {
    pub(super) order: &'a Order,
    pub(super) facts: &'a TrustFacts,
    pub(super) now: Timestamp,
}

impl Workshop {
    /// The second check (二次核验), before anything is made: the order is ours, the license covers it, the approval holds,
    /// says the same and was not used for another seal. Writes nothing.
    ///
    /// # Errors
    /// The first [`MakingError`] found.
    pub fn second_check(
        &self,
        order: &Order,
        facts: &TrustFacts,
        now: Timestamp,
    ) -> Result<proof::Verified, MakingError> {
        if order.maker != self.maker.id {
            return Err(MakingError::OtherMaker);
        }
        self.maker.may_make(&order.area_path, now)?;
        let approvers = self.settings.approver_trust.as_deref().unwrap_or(facts);
        let trust = ProofTrust { facts: approvers, signers: &self.settings.approvers };
        let approval = proof::verify(&order.approval, ProofKind::MakingApproval, trust, now)?;
        let stated: &Statement = &approval.statement;
        if let Some(field) = order.differs_from(stated) {
            return Err(MakingError::ApprovalMismatch(field));
        }
        if stated.authority.code == self.maker.code {
            return Err(MakingError::MakerIsIssuer);
        }
        let used = self.log.claimed(&stated.authority.code, &stated.number)?;
        let by = order.assigned.as_ref().map(|a| &a.id);
        match used {
            Some(seal) if by != Some(&seal) => Err(super::log::LogError::ApprovalUsed(seal).into()),
            _ => Ok(approval),
        }
    }

    /// Makes the seal of an order, or goes on where an earlier attempt stopped. However often it is called, an order gets
    /// one key, one certificate and one seal.
    ///
    /// # Errors
    /// See [`MakingError`]; [`MakingError::is_refusal`] tells whether trying again can help.
    pub fn make(
        &self,
        order: &Order,
        facts: &TrustFacts,
        now: Timestamp,
        rng: &mut dyn CryptoRng,
    ) -> Result<MadeSeal, MakingError> {
        let assigned = order.assigned.as_ref().ok_or(MakingError::NotTaken)?;
        let mut log = self.log.open(&assigned.id)?;
        let attempt = Attempt { order, facts, now };
        let made = self.go_on(attempt, &assigned.id, &mut Progress::new(&mut *log), rng);
        if let Err(e) = &made
            && e.is_refusal()
        {
            // Kept for supervision. Where it cannot be written the refusal stands all the same.
            let _ = log.append(Step::Refused { at: now, code: e.code().to_owned() });
        }
        made
    }

    fn go_on(
        &self,
        attempt: Attempt<'_>,
        seal: &str,
        progress: &mut Progress<'_>,
        rng: &mut dyn CryptoRng,
    ) -> Result<MadeSeal, MakingError> {
        self.accept(attempt, seal, progress, rng)?;
        self.fix_imprint(attempt, progress)?;
        self.request(attempt, progress, rng)?;
        self.certify(attempt, seal, progress, rng)?;
        self.seal(attempt, progress)?;
        self.finished(attempt, seal, progress)
    }

    /// Takes in a certificate that was made elsewhere for the request of this order (导入), its issuers behind it. The next
    /// [`Self::make`] goes on with it.
    ///
    /// # Errors
    /// [`MakingError::Certificate`] where it does not fit; [`MakingError::LogContent`] where no request was made yet.
    pub fn import_certificate<B: AsRef<[u8]>>(
        &self,
        order: &Order,
        ders: &[B],
        facts: &TrustFacts,
        now: Timestamp,
    ) -> Result<(), MakingError> {
        let assigned = order.assigned.as_ref().ok_or(MakingError::NotTaken)?;
        let mut log = self.log.open(&assigned.id)?;
        let mut progress = Progress::new(&mut *log);
        if progress.accepted()?.order != hex::encode(order.digest) {
            return Err(MakingError::OrderChanged);
        }
        let requested = progress.requested()?;
        let key = steps::requested_key(&requested.csr)?;
        let issued = read_chain(ders)?;
        check_certificate(&issued, steps::expected(order, &key), facts, now)?;
        if progress.has_certificate() {
            return Err(MakingError::LogContent("certificate"));
        }
        progress.certified(&issued)
    }

    /// The certification request of an order, DER, for an authority that is asked by hand; `None` before it was made.
    ///
    /// # Errors
    /// See [`MakingError`].
    pub fn certification_request(&self, seal: &str) -> Result<Option<Vec<u8>>, MakingError> {
        let steps = self.log.read(seal)?;
        progress::csr_of(&steps).transpose()
    }

    /// Notes that the registry has taken a seal in. Noting it again changes nothing.
    ///
    /// # Errors
    /// See [`MakingError`].
    pub fn delivered(&self, seal: &str, now: Timestamp) -> Result<(), MakingError> {
        let mut log = self.log.open(seal)?;
        if !log.steps().iter().any(|s| matches!(s, Step::Delivered { .. })) {
            log.append(Step::Delivered { at: now })?;
        }
        Ok(())
    }
}

impl std::fmt::Debug for Workshop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Workshop").field("maker", &self.maker).finish_non_exhaustive()
    }
}
