//! What the registry compares a made seal with, and what it keeps of it.

use crate::app::{App, Stop};
use crate::http::{Code, Faults, Problem};
use crate::making::accept::{AcceptedSeal, ExpectedKey, MadeFault, OrderFacts, check_made};
use crate::making::dto::MadeDto;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use yinxin_registry::lifecycle::By;
use yinxin_registry::lifecycle::application::{Application, Imprint};
use yinxin_registry::lifecycle::seal::{Made, Seal};
use yinxin_registry::maker::Maker;

/// The order a made seal belongs to.
#[derive(Debug, Clone)]
pub struct Ordered {
    /// The application.
    pub application: Application,
    /// The seal as it was begun.
    pub seal: Seal,
    /// Its maker.
    pub maker: Maker,
}

/// Checks a made seal against its order. On a thread of its own, as it computes.
///
/// # Errors
/// `VALIDATION` naming every fault.
pub async fn checked(
    app: &App,
    ordered: Ordered,
    made: MadeDto,
    now: Timestamp,
) -> Result<AcceptedSeal, Stop> {
    let certificate = ordered.maker.certificate.as_deref().and_then(|text| STANDARD.decode(text).ok());
    let certificate = certificate.ok_or_else(|| {
        Problem::new(Code::Conflict)
            .detail("制作单位尚未登记制章人证书。", "The maker has no certificate on record.")
    })?;
    let trust = app.authority.trust();
    let check = move || check_made(&facts(&ordered, &certificate), &made, &trust, now);
    match tokio::task::spawn_blocking(check).await {
        Ok(Ok(accepted)) => Ok(accepted),
        Ok(Err(faults)) => Err(refused(&faults).into()),
        Err(error) => {
            tracing::error!(%error, "the check of a made seal did not end");
            Err(Problem::new(Code::Internal).into())
        }
    }
}

fn facts<'a>(ordered: &'a Ordered, certificate: &'a [u8]) -> OrderFacts<'a> {
    let Ordered { application, seal, .. } = ordered;
    let content = application.content();
    let (digest, width_tenth_mm, height_tenth_mm) = match &content.imprint {
        Imprint::Drawn { width_tenth_mm, height_tenth_mm } => (None, *width_tenth_mm, *height_tenth_mm),
        Imprint::Given { digest, width_tenth_mm, height_tenth_mm, .. } => {
            // What cannot be read as a digest fits no picture.
            let digest = hex::decode(digest).ok().and_then(|d| d.try_into().ok()).unwrap_or_default();
            (Some(digest), *width_tenth_mm, *height_tenth_mm)
        }
    };
    OrderFacts {
        seal_code: seal.code(),
        seal_name: seal.name(),
        kind: seal.kind(),
        unit_name: seal.unit_name(),
        credit_code: seal.credit_code(),
        years: content.years,
        approval: &seal.approval().number,
        approved_at: seal.approval().at,
        imprint_digest: digest,
        width_tenth_mm,
        height_tenth_mm,
        maker_certificate: certificate,
        key: ExpectedKey::Workshop,
    }
}

fn refused(found: &[MadeFault]) -> Problem {
    let mut faults = Faults::new();
    for fault in found {
        let (zh, en) = crate::api::words::both(&fault.to_string());
        faults.push(pointer(fault), fault.code(), zh, en);
    }
    faults.into_result().err().unwrap_or_else(|| Problem::new(Code::Validation))
}

fn pointer(fault: &MadeFault) -> &'static str {
    match fault {
        MadeFault::Encoding("certificates") | MadeFault::Certificate(_) | MadeFault::Owner => "/certificates",
        MadeFault::Version => "/format_version",
        MadeFault::Approval => "/approval",
        MadeFault::Key => "/key",
        _ => "/seal",
    }
}

/// What is kept of it. When it was made stands in the seal itself; a clock that is ahead counts as now.
pub fn made_of(accepted: &AcceptedSeal, by: &By, now: Timestamp) -> Made {
    Made {
        at: accepted.created.min(now),
        by: by.id.clone(),
        es_id: accepted.es_id.clone(),
        digest: hex::encode(accepted.digest),
        format_version: accepted.format_version,
        imprint_digest: hex::encode(accepted.imprint_digest),
        certificate_issuer: accepted.certificate_issuer.clone(),
        certificate_serial: accepted.certificate_serial.clone(),
        key_digest: hex::encode(accepted.key_digest),
        certificate_from: accepted.not_before,
        certificate_until: accepted.not_after,
        valid_from: accepted.valid_start,
        valid_until: accepted.valid_end,
    }
}
