//! The test CA itself, in memory: names, profiles and signatures. Files are handled elsewhere.

use clap::ValueEnum;
use jiff::{SignedDuration, Timestamp};
use yinxin_crypto::rand_core::UnwrapErr;
use yinxin_crypto::{PublicKey, SigningKey, SoftwareKey};
use yinxin_formats::crl::{CrlBuilder, Revoked};
use yinxin_formats::der::Limits;
use yinxin_formats::oids;
use yinxin_formats::x509::{Certificate, CertificateBuilder, KeyUsage, Name, Serial, extensions, key_id};

use crate::failure::Failure;

/// Stands in every subject, so that nobody takes a test certificate for a real one.
pub const MARK: &str = "仅供测试 TEST ONLY";
/// Organization of the CA, and of whoever names none.
const ORGANIZATION: &str = "印信测试";

/// What a certificate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// 制章人 / seal maker
    Maker,
    /// 签章人 / signer
    Signer,
    /// 时间戳机构 / timestamp authority
    Tsa,
}

impl Role {
    /// The word in files and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Maker => "maker",
            Self::Signer => "signer",
            Self::Tsa => "tsa",
        }
    }
}

/// A certificate to be issued.
#[derive(Debug)]
pub struct Wanted<'a> {
    /// Its role.
    pub role: Role,
    /// Common name.
    pub name: &'a str,
    /// Organization.
    pub organization: Option<&'a str>,
    /// The key to certify.
    pub key: &'a PublicKey,
    /// First moment of validity.
    pub not_before: Timestamp,
    /// Last moment of validity.
    pub not_after: Timestamp,
    /// Where its issuer's list is published, if anywhere.
    pub crl_url: Option<&'a str>,
}

/// One authority: its certificate and key.
#[derive(Debug)]
pub struct Authority {
    /// Its certificate.
    pub certificate: Certificate,
    /// Its key.
    pub key: SoftwareKey,
}

/// Root and issuing CA.
#[derive(Debug)]
pub struct Pair {
    /// Self-signed root (根).
    pub root: Authority,
    /// The CA that issues (签发机构).
    pub ca: Authority,
}

/// Randomness of the operating system.
pub fn rng() -> UnwrapErr<getrandom::SysRng> {
    UnwrapErr(getrandom::SysRng)
}

/// A random positive serial of 16 bytes.
pub fn new_serial() -> Result<Serial, Failure> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes).map_err(|e| Failure::new("RANDOM", e.to_string()))?;
    // Never zero, never with a leading zero byte, and positive in DER.
    bytes[0] = bytes[0] & 0x3f | 0x40;
    Ok(Serial::from_unsigned(&bytes))
}

/// A moment so many days away.
pub fn days_from(at: Timestamp, days: i64) -> Result<Timestamp, Failure> {
    let hours = days.saturating_mul(24);
    at.checked_add(SignedDuration::from_hours(hours))
        .map_err(|e| Failure::new("TIME_RANGE", format!("{days} 天 / days: {e}")))
}

impl Pair {
    /// Makes both with new SM2 keys. They are valid from five years back, so that tests can play in the past.
    pub fn create(name: &str, now: Timestamp) -> Result<Self, Failure> {
        let from = days_from(now, -5 * 365)?;
        let root_key = SoftwareKey::generate(&mut rng());
        let ca_key = SoftwareKey::generate(&mut rng());
        let root_name = subject(ORGANIZATION, &format!("{name} 测试根 TEST ROOT"));
        let ca_name = subject(ORGANIZATION, &format!("{name} 测试签发机构 TEST CA"));
        let authority = |name: &Name, key: &SoftwareKey, until, path| -> Result<Vec<u8>, Failure> {
            let usage = KeyUsage::KEY_CERT_SIGN.with(KeyUsage::CRL_SIGN);
            let builder = CertificateBuilder::new(
                new_serial()?,
                root_name.clone(),
                name.clone(),
                from,
                until,
                key.public_key(),
            )
            .extension(extensions::basic_constraints(true, Some(path)))
            .extension(extensions::key_usage(usage))
            .extension(extensions::subject_key_id(key.public_key()))
            .extension(extensions::authority_key_id(&key_id(root_key.public_key())));
            Ok(builder.sign(&root_key)?)
        };
        let root = authority(&root_name, &root_key, days_from(now, 20 * 365)?, 1)?;
        let ca = authority(&ca_name, &ca_key, days_from(now, 15 * 365)?, 0)?;
        let parse = |der: &[u8]| Certificate::parse(der, &Limits::default());
        Ok(Self {
            root: Authority { certificate: parse(&root)?, key: root_key },
            ca: Authority { certificate: parse(&ca)?, key: ca_key },
        })
    }
}

impl Authority {
    /// Issues an end certificate under a new serial.
    pub fn issue(&self, wanted: &Wanted<'_>, serial: Serial) -> Result<Certificate, Failure> {
        let ours = &self.certificate;
        if wanted.not_before < ours.not_before || wanted.not_after > ours.not_after {
            let detail = format!(
                "证书有效期 {} 至 {} 超出签发机构的 {} 至 {} / the certificate would not be valid within its issuer's dates",
                wanted.not_before, wanted.not_after, ours.not_before, ours.not_after
            );
            return Err(Failure::new("VALIDITY_OUTSIDE_ISSUER", detail));
        }
        let usage = match wanted.role {
            Role::Maker | Role::Signer => KeyUsage::DIGITAL_SIGNATURE.with(KeyUsage::CONTENT_COMMITMENT),
            Role::Tsa => KeyUsage::DIGITAL_SIGNATURE,
        };
        let name = subject(wanted.organization.unwrap_or(ORGANIZATION), wanted.name);
        let (from, until) = (wanted.not_before, wanted.not_after);
        let mut builder =
            CertificateBuilder::new(serial, ours.subject.clone(), name, from, until, wanted.key)
                .extension(extensions::basic_constraints(false, None))
                .extension(extensions::key_usage(usage))
                .extension(extensions::subject_key_id(wanted.key))
                .extension(extensions::authority_key_id(&key_id(self.key.public_key())));
        if wanted.role == Role::Tsa {
            builder = builder.extension(extensions::extended_key_usage(&[oids::KP_TIME_STAMPING], true));
        }
        if let Some(url) = wanted.crl_url {
            builder = builder.extension(extensions::crl_distribution_points(&[url]));
        }
        Ok(Certificate::parse(&builder.sign(&self.key)?, &Limits::default())?)
    }

    /// Issues a revocation list (证书吊销列表) that names these certificates.
    pub fn list(
        &self,
        revoked: &[Revoked],
        number: u64,
        this_update: Timestamp,
        next_update: Timestamp,
    ) -> Result<Vec<u8>, Failure> {
        let builder =
            CrlBuilder::new(self.certificate.subject.clone(), this_update, Some(next_update), number)
                .extension(extensions::authority_key_id(&key_id(self.key.public_key())))
                .revoke_all(revoked);
        Ok(builder.sign(&self.key)?)
    }
}

/// A marked name.
fn subject(organization: &str, name: &str) -> Name {
    Name::build(&[
        (oids::AT_COUNTRY, "CN"),
        (oids::AT_ORGANIZATION, organization),
        (oids::AT_ORGANIZATIONAL_UNIT, MARK),
        (oids::AT_COMMON_NAME, name),
    ])
}

/// Refuses names that a certificate cannot carry sensibly (RFC 5280 appendix A: 64 characters).
pub fn check_name(what: &str, text: &str) -> Result<(), Failure> {
    let usable = !text.trim().is_empty() && text.chars().count() <= 64 && !text.chars().any(char::is_control);
    if usable {
        return Ok(());
    }
    let detail =
        format!("{what}：1 至 64 个字符，不含控制字符 / 1 to 64 characters without control characters");
    Err(Failure::new("NAME_UNUSABLE", detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_subject_carries_the_mark_and_every_role_its_usage() {
        let now = crate::time::now();
        let pair = Pair::create("示例", now).unwrap();
        let key = SoftwareKey::generate(&mut rng());
        for role in [Role::Maker, Role::Signer, Role::Tsa] {
            let wanted = Wanted {
                role,
                name: "某",
                organization: Some("某公司"),
                key: key.public_key(),
                not_before: now,
                not_after: days_from(now, 30).unwrap(),
                crl_url: None,
            };
            let cert = pair.ca.issue(&wanted, new_serial().unwrap()).unwrap();
            for c in [&cert, &pair.ca.certificate, &pair.root.certificate] {
                assert!(c.subject.to_string().contains(MARK), "{}", c.subject);
            }
            assert!(cert.key_usage().unwrap().unwrap().digital_signature());
            assert_eq!(cert.extended_key_usage().unwrap().is_some(), role == Role::Tsa);
            assert!(cert.deviations().is_empty());
        }
    }

    #[test]
    fn rejects_a_certificate_that_outlives_its_issuer() {
        let now = crate::time::now();
        let pair = Pair::create("示例", now).unwrap();
        let wanted = Wanted {
            role: Role::Signer,
            name: "某",
            organization: None,
            key: pair.ca.key.public_key(),
            not_before: now,
            not_after: days_from(now, 365 * 30).unwrap(),
            crl_url: None,
        };
        let refused = pair.ca.issue(&wanted, new_serial().unwrap()).unwrap_err();
        assert_eq!(refused.code, "VALIDITY_OUTSIDE_ISSUER");
    }

    #[test]
    fn rejects_names_that_a_certificate_cannot_carry() {
        assert!(check_name("name", "示例市示例科技有限公司").is_ok());
        for bad in ["", "  ", "a\nb", &"长".repeat(65)] {
            assert!(check_name("name", bad).is_err());
        }
    }
}
