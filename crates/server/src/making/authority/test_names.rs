//! Names and certificates of the test authority.

use jiff::{SignedDuration, Timestamp};
use yinxin_crypto::rand_core::CryptoRng;
use yinxin_crypto::{PublicKey, SigningKey};
use yinxin_formats::oids;
use yinxin_formats::x509::{BuildError, CertificateBuilder, KeyUsage, Name, Serial, extensions, key_id};

use super::CertificateProfile;

/// Stands in every subject, so that nobody takes a test certificate for a real one.
pub const MARK: &str = "仅供测试 TEST ONLY";
const ORGANIZATION: &str = "印信测试";

/// Days the test CA is valid before it was made, so that a clock set back does not end it.
const DAYS_BEFORE: i64 = 5 * 365;

/// A random positive serial of 128 bits.
pub(super) fn new_serial(rng: &mut dyn CryptoRng) -> Serial {
    let mut bytes = [0u8; 16];
    rng.fill_bytes(&mut bytes);
    // Never zero, never with a leading zero byte, and positive in DER.
    if let Some(first) = bytes.first_mut() {
        *first = *first & 0x3f | 0x40;
    }
    Serial::from_unsigned(&bytes)
}

/// Name of the root or of the issuing CA.
pub(super) fn authority_name(name: &str, what: &str) -> Name {
    Name::build(&[
        (oids::AT_COUNTRY, "CN"),
        (oids::AT_ORGANIZATION, ORGANIZATION),
        (oids::AT_ORGANIZATIONAL_UNIT, MARK),
        (oids::AT_COMMON_NAME, &format!("{name} {what}")),
    ])
}

/// A certificate of an authority; `path` is the number of CAs that may stand below it.
pub(super) fn authority_certificate(
    names: (&Name, &Name),
    key: &dyn SigningKey,
    issuer: &dyn SigningKey,
    path: u64,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Vec<u8>, BuildError> {
    let (issuer_name, name) = names;
    let from = days(now, -DAYS_BEFORE);
    let until = days(now, if path > 0 { 30 * 365 } else { 20 * 365 });
    let public = key.public_key();
    CertificateBuilder::new(new_serial(rng), issuer_name.clone(), name.clone(), from, until, public)
        .extension(extensions::basic_constraints(true, Some(path)))
        .extension(extensions::key_usage(KeyUsage::KEY_CERT_SIGN.with(KeyUsage::CRL_SIGN)))
        .extension(extensions::subject_key_id(public))
        .extension(extensions::authority_key_id(&key_id(issuer.public_key())))
        .sign(issuer)
}

/// An end certificate for signatures.
pub(super) fn end_certificate(
    profile: &CertificateProfile,
    public: &PublicKey,
    issuer_name: &Name,
    issuer: &dyn SigningKey,
    serial: Serial,
) -> Result<Vec<u8>, BuildError> {
    let subject = profile.subject.to_name(Some(MARK));
    let usage = KeyUsage::DIGITAL_SIGNATURE.with(KeyUsage::CONTENT_COMMITMENT);
    let (from, until) = (profile.not_before, profile.not_after);
    CertificateBuilder::new(serial, issuer_name.clone(), subject, from, until, public)
        .extension(extensions::basic_constraints(false, None))
        .extension(extensions::key_usage(usage))
        .extension(extensions::subject_key_id(public))
        .extension(extensions::authority_key_id(&key_id(issuer.public_key())))
        .sign(issuer)
}

pub(super) fn days(at: Timestamp, days: i64) -> Timestamp {
    at.saturating_add(SignedDuration::from_hours(days.saturating_mul(24))).unwrap_or(at)
}
