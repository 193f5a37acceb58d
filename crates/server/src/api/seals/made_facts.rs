//! What the registry compares a made seal with, and what it keeps of it.

use crate::app::{App, Stop};
use crate::http::{Code, Faults, Problem};
use crate::making::accept::{AcceptedSeal, ExpectedKey, MadeFault, OrderFacts, check_made};
use crate::making::dto::{MadeDto, MadeKeyDto};
use crate::making::keys::KeyId;
use crate::making::requested_key;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use yinxin_registry::lifecycle::By;
use yinxin_registry::lifecycle::application::{Application, Imprint};
use yinxin_registry::lifecycle::seal::{ImprintFound, Made, Seal};
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
    if ordered.maker.certificate.is_none() {
        return Err(Problem::new(Code::Conflict)
            .rule("MAKER_CERTIFICATE_MISSING")
            .detail("制作单位尚未登记制章人证书。", "The maker has no certificate on record.")
            .into());
    }
    let trust = app.authority.trust();
    let check = move || check_made(&facts(&ordered), &made, &trust, now);
    match tokio::task::spawn_blocking(check).await {
        Ok(Ok(accepted)) => Ok(accepted),
        Ok(Err(faults)) => Err(refused(&faults).into()),
        Err(error) => {
            tracing::error!(%error, "the check of a made seal did not end");
            Err(Problem::new(Code::Internal).into())
        }
    }
}

/// The maker's certificates, each with the moment another took its place: a seal may have been made just before.
fn maker_certificates(maker: &Maker) -> Vec<(Vec<u8>, Option<Timestamp>)> {
    let current = maker.certificate.iter().map(|text| (text, None));
    let former = maker.former_certificates.iter().map(|former| (&former.certificate, Some(former.until)));
    current.chain(former).filter_map(|(text, until)| Some((STANDARD.decode(text).ok()?, until))).collect()
}

fn facts(ordered: &Ordered) -> OrderFacts<'_> {
    let Ordered { application, seal, maker } = ordered;
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
        maker_certificates: maker_certificates(maker),
        key: match &content.key_request {
            None => ExpectedKey::Workshop,
            // What cannot be read as a request fits no key; it was read when it came.
            Some(text) => match STANDARD.decode(text).ok().and_then(|der| requested_key(&der).ok()) {
                Some(key) => ExpectedKey::Elsewhere(Box::new(key)),
                None => ExpectedKey::Unknown,
            },
        },
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
pub fn made_of(
    accepted: &AcceptedSeal,
    key: &MadeKeyDto,
    imprint: ImprintFound,
    by: &By,
    now: Timestamp,
) -> Made {
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
        key_id: match key {
            MadeKeyDto::Workshop { id, .. } => KeyId::parse(id).ok().map(|id| id.to_string()),
            MadeKeyDto::Elsewhere => None,
        },
        certificate_from: accepted.not_before,
        certificate_until: accepted.not_after,
        valid_from: accepted.valid_start,
        valid_until: accepted.valid_end,
        imprint: Some(imprint),
    }
}
