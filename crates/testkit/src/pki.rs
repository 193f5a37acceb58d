//! A small PKI: root, issuing CA, seal maker, two signers, timestamp authority, and any variation of them.

use std::sync::Arc;

use const_oid::ObjectIdentifier;
use jiff::Timestamp;
use yinxin_crypto::{KeyAlgorithm, SigningKey, SoftwareKey, sm3};
use yinxin_formats::der::Limits;
use yinxin_formats::oids;
use yinxin_formats::x509::{
    Certificate, CertificateBuilder, Extension, KeyUsage, Name, Serial, extensions, key_id,
};

use crate::clock::at;

/// A key with its certificate.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The key.
    pub key: Arc<SoftwareKey>,
    /// The certificate.
    pub cert: Certificate,
}

impl Identity {
    /// The certificate as DER.
    pub fn der(&self) -> &[u8] {
        self.cert.raw()
    }

    /// A DER signature value over a message.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.key.sign(message).unwrap()
    }

    /// The same certificate with another key: its signatures cannot verify.
    #[must_use]
    pub fn with_key_of(&self, other: &Self) -> Self {
        Self { key: Arc::clone(&other.key), cert: self.cert.clone() }
    }
}

/// What a certificate shall say. Every field may be bent.
#[derive(Debug, Clone)]
pub struct CertSpec {
    /// Common name of the subject; the key is derived from it.
    pub cn: String,
    /// Label of the key, where it is not the name.
    pub key: Option<String>,
    /// Kind of key.
    pub algorithm: KeyAlgorithm,
    /// Serial number; derived from name and issuer if `None`.
    pub serial: Option<u64>,
    /// First moment.
    pub not_before: Timestamp,
    /// Last moment.
    pub not_after: Timestamp,
    /// basicConstraints: absent, or (cA, pathLen).
    pub basic: Option<(bool, Option<u64>)>,
    /// keyUsage, if any.
    pub usage: Option<KeyUsage>,
    /// extKeyUsage with its criticality, if any.
    pub eku: Option<(Vec<ObjectIdentifier>, bool)>,
    /// authorityKeyIdentifier is written.
    pub aki: bool,
    /// More extensions.
    pub extra: Vec<Extension>,
}

impl CertSpec {
    /// A signer: digitalSignature and nonRepudiation, 2026 to 2029.
    pub fn leaf(cn: &str) -> Self {
        Self {
            cn: cn.to_owned(),
            key: None,
            algorithm: KeyAlgorithm::Sm2,
            serial: None,
            not_before: at("2026-01-01T00:00:00Z"),
            not_after: at("2029-01-01T00:00:00Z"),
            basic: Some((false, None)),
            usage: Some(KeyUsage::DIGITAL_SIGNATURE.with(KeyUsage::CONTENT_COMMITMENT)),
            eku: None,
            aki: true,
            extra: Vec::new(),
        }
    }

    /// An authority, 2020 to 2040.
    pub fn ca(cn: &str) -> Self {
        Self {
            not_before: at("2020-01-01T00:00:00Z"),
            not_after: at("2040-01-01T00:00:00Z"),
            basic: Some((true, None)),
            usage: Some(KeyUsage::KEY_CERT_SIGN.with(KeyUsage::CRL_SIGN)),
            ..Self::leaf(cn)
        }
    }

    /// A timestamp authority.
    pub fn tsa(cn: &str) -> Self {
        Self { eku: Some((vec![oids::KP_TIME_STAMPING], true)), ..Self::leaf(cn) }
    }

    /// Changes something.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// Sets the dates, RFC 3339.
    #[must_use]
    pub fn dates(self, from: &str, to: &str) -> Self {
        self.with(|s| (s.not_before, s.not_after) = (at(from), at(to)))
    }

    /// Adds a critical extension that nobody knows.
    #[must_use]
    pub fn unknown_critical(self) -> Self {
        self.with(|s| s.extra.push(unknown_critical()))
    }
}

/// A critical extension that nobody knows.
pub fn unknown_critical() -> Extension {
    Extension::new(ObjectIdentifier::new_unwrap("1.2.3.4.5"), true, vec![5, 0])
}

/// The name of everybody in this PKI: C=CN, O=测试单位, CN=….
pub fn name(cn: &str) -> Name {
    Name::build(&[
        (oids::AT_COUNTRY, "CN"),
        (oids::AT_ORGANIZATION, "测试单位 TEST"),
        (oids::AT_COMMON_NAME, cn),
    ])
}

/// A key derived from a label.
pub fn key(label: &str, algorithm: KeyAlgorithm) -> Arc<SoftwareKey> {
    // A digest out of the curve's range is as good as impossible; the second half of the label cannot repeat it.
    let secret = sm3(format!("yinxin testkit key {label}").as_bytes());
    Arc::new(SoftwareKey::from_secret_bytes(algorithm, &secret).unwrap())
}

/// Everybody needed for a valid document, and a stranger outside.
#[derive(Debug, Clone)]
pub struct Pki {
    /// Trust anchor.
    pub root: Identity,
    /// Issuing CA under it.
    pub ca: Identity,
    /// Seal maker.
    pub maker: Identity,
    /// First signer.
    pub signer_a: Identity,
    /// Second signer.
    pub signer_b: Identity,
    /// Timestamp authority.
    pub tsa: Identity,
    /// OCSP responder named by the issuing CA.
    pub ocsp: Identity,
    /// A root nobody trusts.
    pub stranger: Identity,
}

impl Pki {
    /// The same PKI on every run.
    pub fn new() -> Self {
        let root = Self::root(&CertSpec::ca("测试根 Test Root"));
        let ca = issue(&root, &CertSpec::ca("测试签发机构 Test CA"));
        let leaf = |cn| issue(&ca, &CertSpec::leaf(cn));
        let ocsp = CertSpec::leaf("测试查询服务 Test OCSP")
            .with(|s| s.eku = Some((vec![oids::KP_OCSP_SIGNING], false)))
            .with(|s| s.extra.push(extensions::ocsp_no_check()));
        Self {
            maker: leaf("测试制章人 Test Maker"),
            signer_a: leaf("测试签章人甲 Test Signer A"),
            signer_b: leaf("测试签章人乙 Test Signer B"),
            tsa: issue(&ca, &CertSpec::tsa("测试时间戳 Test TSA")),
            ocsp: issue(&ca, &ocsp),
            stranger: Self::root(&CertSpec::ca("陌生根 Stranger Root")),
            root,
            ca,
        }
    }

    /// A certificate signed by its own key.
    pub fn root(spec: &CertSpec) -> Identity {
        let label = spec.key.clone().unwrap_or_else(|| spec.cn.clone());
        let key = key(&label, spec.algorithm);
        let der = builder(spec, &name(&spec.cn), &key, &key).sign(&*key).unwrap();
        Identity { cert: parse(&der), key }
    }

    /// A certificate of the issuing CA.
    pub fn leaf(&self, spec: &CertSpec) -> Identity {
        issue(&self.ca, spec)
    }
}

impl Default for Pki {
    fn default() -> Self {
        Self::new()
    }
}

/// A certificate issued by anybody, entitled or not.
pub fn issue(issuer: &Identity, spec: &CertSpec) -> Identity {
    let label = spec.key.clone().unwrap_or_else(|| spec.cn.clone());
    let key = key(&label, spec.algorithm);
    let der = builder(spec, &issuer.cert.subject, &key, &issuer.key).sign(&*issuer.key).unwrap();
    Identity { cert: parse(&der), key }
}

fn parse(der: &[u8]) -> Certificate {
    Certificate::parse(der, &Limits::default()).unwrap()
}

fn builder(
    spec: &CertSpec,
    issuer: &Name,
    key: &SoftwareKey,
    issuer_key: &SoftwareKey,
) -> CertificateBuilder {
    let subject = name(&spec.cn);
    let serial = match spec.serial {
        Some(n) => Serial::from_unsigned(&n.to_be_bytes()),
        None => {
            let seen = [issuer.raw(), subject.raw(), spec.not_after.to_string().as_bytes()].concat();
            let mut bytes = sm3(&seen)[..8].to_vec();
            bytes[0] = bytes[0] & 0x7f | 0x40;
            Serial::from_unsigned(&bytes)
        }
    };
    let mut b = CertificateBuilder::new(
        serial,
        issuer.clone(),
        subject,
        spec.not_before,
        spec.not_after,
        key.public_key(),
    );
    if let Some((ca, path_len)) = spec.basic {
        b = b.extension(extensions::basic_constraints(ca, path_len));
    }
    if let Some(usage) = spec.usage {
        b = b.extension(extensions::key_usage(usage));
    }
    if let Some((list, critical)) = &spec.eku {
        b = b.extension(extensions::extended_key_usage(list, *critical));
    }
    b = b.extension(extensions::subject_key_id(key.public_key()));
    if spec.aki {
        b = b.extension(extensions::authority_key_id(&key_id(issuer_key.public_key())));
    }
    spec.extra.iter().fold(b, |b, e| b.extension(e.clone()))
}
