//! The steps of making. Each looks into the log first and does nothing that stands there.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp, ToSpan};
use yinxin_crypto::PublicKey;
use yinxin_crypto::rand_core::CryptoRng;
use yinxin_formats::csr::{Csr, CsrBuilder};
use yinxin_formats::der::Limits;
use yinxin_formats::ses::Seal;
use yinxin_registry::lifecycle::status::whole_second;
use yinxin_seal::make::{ListKind, SealRequest, make};
use yinxin_seal::{Outcome, TrustFacts, Verdict, VerifyOptions, verify_seal};

use super::progress::Progress;
use super::{Attempt, Workshop};
use crate::making::MakingError;
use crate::making::authority::{
    CertificateKind, CertificateProfile, CertificateRequest, Expected, SubjectFields, check_certificate,
};
use crate::making::imprint::obtain;
use crate::making::keys::KeyId;
use crate::making::log::Step;
use crate::making::made::{MadeKey, MadeSeal};
use crate::making::order::{KeyOrder, Order};

/// A certificate is valid a little before it is issued, as clocks differ.
const CERTIFICATE_LEAD: SignedDuration = SignedDuration::from_mins(10);

impl Workshop {
    /// Second check, then the approval is used up and the key's identifier fixed.
    pub(super) fn accept(
        &self,
        attempt: Attempt<'_>,
        seal: &str,
        progress: &mut Progress<'_>,
        rng: &mut dyn CryptoRng,
    ) -> Result<(), MakingError> {
        let order = attempt.order;
        let digest = hex::encode(order.digest);
        if let Some(before) = progress.accepted_already() {
            return if before.order == digest { Ok(()) } else { Err(MakingError::OrderChanged) };
        }
        let approval = self.second_check(order, attempt.facts, attempt.now)?;
        let key = match &order.key {
            KeyOrder::Workshop => Some(KeyId::new(rng)),
            KeyOrder::Elsewhere(csr) => {
                requested_key(csr)?;
                None
            }
        };
        let stated = approval.statement;
        self.log.claim(&stated.authority.code, &stated.number, seal)?;
        progress.write(Step::Accepted {
            at: attempt.now,
            order: digest,
            approval: stated.number,
            approval_digest: hex::encode(approval.digest),
            key,
        })
    }

    pub(super) fn fix_imprint(
        &self,
        attempt: Attempt<'_>,
        progress: &mut Progress<'_>,
    ) -> Result<(), MakingError> {
        if progress.has_picture() {
            return Ok(());
        }
        let order = attempt.order;
        let picture = obtain(&order.imprint, order.lettering(), &self.drawer)?;
        progress.write_picture(&picture)
    }

    /// The key under its fixed identifier, and the request signed by it.
    pub(super) fn request(
        &self,
        attempt: Attempt<'_>,
        progress: &mut Progress<'_>,
        rng: &mut dyn CryptoRng,
    ) -> Result<(), MakingError> {
        if progress.has_request() {
            return Ok(());
        }
        let csr = match (progress.accepted()?.key, &attempt.order.key) {
            (None, KeyOrder::Elsewhere(csr)) => csr.clone(),
            (Some(id), KeyOrder::Workshop) => {
                let key = self.keys.make(&id, rng)?;
                CsrBuilder::new(subject(attempt.order).to_name(None)).sign(&*key)?
            }
            _ => return Err(MakingError::OrderChanged),
        };
        let from = whole_second(attempt.now);
        progress.write(Step::Requested {
            csr: STANDARD.encode(csr),
            not_before: from.saturating_sub(CERTIFICATE_LEAD).unwrap_or(from),
            not_after: years_later(from, attempt.order.years),
        })
    }

    pub(super) fn certify(
        &self,
        attempt: Attempt<'_>,
        seal: &str,
        progress: &mut Progress<'_>,
        rng: &mut dyn CryptoRng,
    ) -> Result<(), MakingError> {
        if progress.has_certificate() {
            return Ok(());
        }
        let requested = progress.requested()?;
        let key = requested_key(&requested.csr)?;
        let profile = CertificateProfile {
            kind: CertificateKind::Seal,
            subject: subject(attempt.order),
            not_before: requested.not_before,
            not_after: requested.not_after,
        };
        // The reference makes the authority give the same certificate should this be asked twice.
        let request = CertificateRequest { reference: seal, csr: &requested.csr, profile };
        let issued = self.authority.issue(&request, attempt.now, rng)?;
        check_certificate(&issued, expected(attempt.order, &key), attempt.facts, attempt.now)?;
        progress.certified(&issued)
    }

    pub(super) fn seal(&self, attempt: Attempt<'_>, progress: &mut Progress<'_>) -> Result<(), MakingError> {
        if progress.sealed().is_some() {
            return Ok(());
        }
        let (order, now) = (attempt.order, whole_second(attempt.now));
        let assigned = order.assigned.as_ref().ok_or(MakingError::NotTaken)?;
        // The license may have ended, or the certificate been revoked, since the order was accepted.
        self.maker.may_make(&order.area_path, attempt.now)?;
        let issued = progress.certificate()?;
        let key = requested_key(&progress.requested()?.csr)?;
        check_certificate(&issued, expected(order, &key), attempt.facts, attempt.now)?;
        let not_after = issued.leaf.not_after;
        let valid_end = years_later(now, order.years).min(not_after);
        if valid_end <= now {
            return Err(MakingError::NoValidity { not_after });
        }
        let request = SealRequest {
            version: self.settings.version,
            vendor: self.settings.vendor.clone(),
            id: assigned.code.clone(),
            seal_type: seal_type(order),
            name: order.seal_name.clone(),
            owners: vec![issued.leaf.clone()],
            list: ListKind::Certificates,
            picture: progress.picture()?.0,
            created: now,
            valid_start: now,
            valid_end,
        };
        let der = make(&request, &self.maker.certificate, &*self.maker.key, Some(attempt.facts), None)?;
        verified(&der, attempt.facts, attempt.now)?;
        progress.write_seal(&der, now)
    }

    /// Reads the finished seal back from the log and verifies it again before it leaves.
    pub(super) fn finished(
        &self,
        attempt: Attempt<'_>,
        seal: &str,
        progress: &Progress<'_>,
    ) -> Result<MadeSeal, MakingError> {
        let (der, made_at) = progress.sealed().ok_or(MakingError::LogContent("sealed"))??;
        let parsed = verified(&der, attempt.facts, attempt.now)?;
        let (picture, imprint_digest, notes) = progress.picture()?;
        let certificate = progress.certificate()?;
        let p = &parsed.property;
        if p.valid_end > certificate.leaf.not_after {
            return Err(MakingError::SelfCheck("SEAL_OUTLIVES_CERTIFICATE".to_owned()));
        }
        if parsed.picture != picture {
            return Err(MakingError::LogContent("imprint"));
        }
        let accepted = progress.accepted()?;
        Ok(MadeSeal {
            seal: seal.to_owned(),
            version: parsed.version,
            imprint_digest,
            key: match accepted.key {
                Some(id) => MadeKey::Workshop { id, provider: self.keys.name().to_owned() },
                None => MadeKey::Elsewhere,
            },
            valid_start: p.valid_start,
            valid_end: p.valid_end,
            made_at,
            approval: accepted.approval,
            notes,
            certificate,
            der,
        })
    }
}

/// The key of a certification request (PKCS#10, DER), which must be SM2 and sign the request itself: proof of possession.
///
/// # Errors
/// [`MakingError::KeyRequest`].
pub fn requested_key(csr: &[u8]) -> Result<PublicKey, MakingError> {
    let refused = |why: String| MakingError::KeyRequest(why);
    let request = Csr::parse(csr, &Limits::default()).map_err(|e| refused(e.to_string()))?;
    request.verify().map_err(|e| refused(e.to_string()))?;
    match request.public_key() {
        Ok(key @ PublicKey::Sm2(_)) => Ok(key),
        Ok(_) => Err(refused("not an SM2 key".to_owned())),
        Err(e) => Err(refused(e.to_string())),
    }
}

/// What the certificate of an order must be.
pub(super) fn expected<'a>(order: &'a Order, key: &'a PublicKey) -> Expected<'a> {
    Expected { key, organization: &order.unit_name, credit_code: order.credit_code.as_deref() }
}

/// The unit owns the key; the common name tells which of its seals.
fn subject(order: &Order) -> SubjectFields {
    SubjectFields {
        organization: order.unit_name.clone(),
        credit_code: order.credit_code.clone(),
        // A certificate takes 64 characters; a seal's name may have more, and identifies nobody by itself.
        common_name: order.seal_name.chars().take(64).collect(),
    }
}

fn seal_type(order: &Order) -> u64 {
    order.kind.type_code().parse().unwrap_or(99)
}

/// The last second of so many years, by the calendar of UTC+8.
fn years_later(from: Timestamp, years: u32) -> Timestamp {
    let zone = jiff::tz::Offset::constant(8);
    let end = zone.to_datetime(from).checked_add(i64::from(years).years());
    let end = end.ok().and_then(|d| zone.to_timestamp(d).ok());
    end.and_then(|t| t.checked_sub(SignedDuration::from_secs(1)).ok()).unwrap_or(from)
}

/// Verifies a seal as anybody would; everything that did not pass is named.
fn verified(der: &[u8], facts: &TrustFacts, now: Timestamp) -> Result<Seal, MakingError> {
    let report = verify_seal(der, facts, &VerifyOptions::at(now));
    if report.verdict != Verdict::Valid {
        let bad =
            report.checks.iter().filter(|c| matches!(c.outcome, Outcome::Fail | Outcome::Indeterminate));
        let codes: Vec<&str> = bad.map(|c| c.code).collect();
        return Err(MakingError::SelfCheck(codes.join(" ")));
    }
    Seal::parse(der, &Limits::default()).map_err(|e| MakingError::SelfCheck(e.to_string()))
}
