//! Revocation of the certificates on a path at a moment, from the lists and answers handed in.

use jiff::{SignedDuration, Timestamp};
use yinxin_formats::crl::{Crl, RevocationReason, Revoked};
use yinxin_formats::ocsp::{CertStatus, OcspResponse};
use yinxin_formats::x509::Certificate;

use super::judge::{Evaluator, RevocationState};
use crate::report::{Text, text};

/// What one source says of one certificate.
enum Word {
    /// Not revoked as of this source.
    Good(String),
    /// Revoked.
    Revoked {
        at: Timestamp,
        invalid_from: Option<Timestamp>,
        reason: Option<RevocationReason>,
        source: String,
    },
}

/// Looks at every certificate of a path but the anchor.
pub(super) fn of_path(
    evaluator: &Evaluator<'_>,
    path: &[&Certificate],
    moment: Timestamp,
) -> RevocationState {
    let mut good = Vec::new();
    let mut missing = Vec::new();
    let mut later: Option<(Text, Option<RevocationReason>)> = None;
    for pair in path.windows(2) {
        let [cert, issuer] = pair else { continue };
        match of_certificate(evaluator, cert, issuer, moment) {
            Ok(Word::Good(source)) => good.push(source),
            Ok(Word::Revoked { at, invalid_from, reason, source }) => {
                let effective = invalid_from.map_or(at, |i| i.min(at));
                let why = reason.map_or(String::new(), |r| format!(" ({})", r.name()));
                let t = text(
                    format!("证书“{}”自 {effective} 起被吊销{why}，依据 {source}", cert.subject),
                    format!(
                        "certificate \"{}\" is revoked from {effective}{why} according to {source}",
                        cert.subject
                    ),
                );
                if effective <= moment {
                    return RevocationState::Revoked(t);
                }
                later = later.or(Some((t, reason)));
            }
            Err(why) => missing.push(format!("{}: {why}", cert.subject)),
        }
    }
    match (later, missing.is_empty()) {
        (Some((t, reason)), _) => RevocationState::RevokedLater(t, reason),
        (None, false) => RevocationState::NoData(missing),
        (None, true) => RevocationState::Good(good),
    }
}

/// The most telling source: a revocation outweighs any good word.
fn of_certificate(
    evaluator: &Evaluator<'_>,
    cert: &Certificate,
    issuer: &Certificate,
    moment: Timestamp,
) -> Result<Word, String> {
    let mut best: Option<Word> = None;
    let mut why = "no CRL or OCSP answer of its issuer".to_owned();
    let crls = evaluator.facts.crls.iter().map(|c| from_crl(evaluator, c, cert, issuer, moment));
    let answers = evaluator.facts.ocsp.iter().map(|o| from_ocsp(evaluator, o, cert, issuer, moment));
    for word in crls.chain(answers) {
        match word {
            Ok(Some(w @ Word::Revoked { .. })) => return Ok(w),
            Ok(Some(w)) => best = best.or(Some(w)),
            Ok(None) => {}
            Err(e) => why = e,
        }
    }
    best.ok_or(why)
}

/// Issued for this moment: made after it, or in force at it.
fn fresh(this_update: Timestamp, next_update: Option<Timestamp>, moment: Timestamp) -> bool {
    this_update >= moment || next_update.is_some_and(|n| n >= moment)
}

fn from_crl(
    evaluator: &Evaluator<'_>,
    crl: &Crl,
    cert: &Certificate,
    issuer: &Certificate,
    moment: Timestamp,
) -> Result<Option<Word>, String> {
    if !crl.issuer.matches(&issuer.subject) {
        return Ok(None);
    }
    if let Ok(Some(ku)) = issuer.key_usage()
        && !ku.crl_sign()
    {
        return Err("the issuer may not sign CRLs".to_owned());
    }
    if !evaluator.cache.check(crl.raw(), crl.tbs(), crl.algorithm(), crl.signature(), issuer) {
        return Err("the CRL's signature is wrong".to_owned());
    }
    let slack = SignedDuration::from_mins(10);
    if crl.this_update > evaluator.now.saturating_add(slack).unwrap_or(evaluator.now) {
        return Err("the CRL is dated after the moment of judging".to_owned());
    }
    if let Some(oid) = crl.unknown_critical().first() {
        return Err(format!("the CRL carries critical extension {oid}, which is not understood"));
    }
    if !matches!(crl.delta_base(), Ok(None)) {
        return Err("a delta CRL alone does not suffice".to_owned());
    }
    if !scope_fits(crl, cert)? {
        return Ok(None);
    }
    let source = format!("CRL {} ({})", crl.issuer, crl.this_update);
    match crl.find(&cert.serial) {
        Err(e) => Err(format!("the CRL cannot be read: {e}")),
        Ok(Some(Revoked { reason: Some(RevocationReason::RemoveFromCrl), .. })) => {
            Ok(Some(Word::Good(source)))
        }
        Ok(Some(r)) => {
            Ok(Some(Word::Revoked { at: r.date, invalid_from: r.invalidity_date, reason: r.reason, source }))
        }
        // Lists may drop certificates once they have expired (RFC 5280 §3.3).
        Ok(None) if crl.this_update > cert.not_after => {
            Err(format!("the CRL of {} was made after the certificate expired", crl.this_update))
        }
        Ok(None) if fresh(crl.this_update, crl.next_update, moment) => Ok(Some(Word::Good(source))),
        Ok(None) => Err(format!("the CRL of {} is out of date", crl.this_update)),
    }
}

/// Whether the CRL's issuing distribution point covers this certificate (RFC 5280 §6.3.3).
fn scope_fits(crl: &Crl, cert: &Certificate) -> Result<bool, String> {
    let idp = crl.issuing_distribution_point().map_err(|e| format!("the CRL cannot be read: {e}"))?;
    let Some(idp) = idp else { return Ok(true) };
    if idp.indirect || idp.only_attribute || idp.only_some_reasons.is_some() {
        return Err("indirect CRLs and CRLs for some reasons only are not used".to_owned());
    }
    let is_ca = matches!(cert.basic_constraints(), Ok(Some(b)) if b.ca);
    Ok(!(idp.only_user && is_ca || idp.only_ca && !is_ca))
}

fn from_ocsp(
    evaluator: &Evaluator<'_>,
    answer: &OcspResponse,
    cert: &Certificate,
    issuer: &Certificate,
    moment: Timestamp,
) -> Result<Option<Word>, String> {
    let Some(basic) = &answer.basic else { return Ok(None) };
    // Several answers about one certificate: a revocation outweighs, else the newest counts.
    let matching = basic.responses.iter().filter(|r| r.cert_id.matches(issuer, &cert.serial));
    let worst = matching.max_by_key(|r| (matches!(r.status, CertStatus::Revoked { .. }), r.this_update));
    let Some(single) = worst else { return Ok(None) };
    if !signed_by_authority(evaluator, answer, issuer) {
        return Err("the OCSP answer is not signed by the issuer or a responder it named".to_owned());
    }
    let slack = SignedDuration::from_mins(10);
    if single.this_update > evaluator.now.saturating_add(slack).unwrap_or(evaluator.now) {
        return Err("the OCSP answer is dated after the moment of judging".to_owned());
    }
    let source = format!("OCSP ({})", single.this_update);
    match &single.status {
        CertStatus::Revoked { date, reason } => {
            Ok(Some(Word::Revoked { at: *date, invalid_from: None, reason: *reason, source }))
        }
        CertStatus::Good if fresh(single.this_update, single.next_update, moment) => {
            Ok(Some(Word::Good(source)))
        }
        CertStatus::Good => Err(format!("the OCSP answer of {} is out of date", single.this_update)),
        CertStatus::Unknown => Err("the OCSP responder does not know the certificate".to_owned()),
    }
}

/// By the issuer itself, or by a certificate it issued for this (extended key usage OCSPSigning, RFC 6960 §4.2.2.2).
fn signed_by_authority(evaluator: &Evaluator<'_>, answer: &OcspResponse, issuer: &Certificate) -> bool {
    let Some(basic) = &answer.basic else { return false };
    let by = |c: &Certificate| {
        evaluator.cache.check(basic.tbs(), basic.tbs(), basic.algorithm(), basic.signature(), c)
    };
    if basic.responder.matches(issuer) && by(issuer) {
        return true;
    }
    let limits = yinxin_formats::der::Limits::default();
    let certs = basic.certificates.iter().filter_map(|c| Certificate::parse(c, &limits).ok());
    certs.filter(|c| basic.responder.matches(c)).any(|c| {
        let c = &c;
        let for_ocsp = c.extended_key_usage().ok().flatten().is_some_and(|l| l.contains(&OCSP_SIGNING));
        let in_date = basic.produced_at >= c.not_before && basic.produced_at <= c.not_after;
        for_ocsp && in_date && evaluator.cache.certificate(c, issuer) && by(c)
    })
}

const OCSP_SIGNING: const_oid::ObjectIdentifier =
    const_oid::ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.9");
