//! Revocation lists and OCSP answers of any kind.

use jiff::Timestamp;
use yinxin_crypto::DigestAlgorithm;
use yinxin_crypto::SigningKey as _;
use yinxin_formats::crl::{CrlBuilder, RevocationReason};
use yinxin_formats::der::{Tag, write};
use yinxin_formats::ocsp::{CertId, CertStatus, OcspResponseBuilder};
use yinxin_formats::oids;
use yinxin_formats::x509::{Extension, extensions, key_id};

use crate::clock::at;
use crate::pki::{Identity, unknown_critical};

/// A list to be made.
#[derive(Debug, Clone)]
pub struct CrlForge {
    /// Who is named as issuer.
    pub issuer: Identity,
    /// Whose key signs.
    pub signer: Identity,
    /// thisUpdate.
    pub this_update: Timestamp,
    /// nextUpdate.
    pub next_update: Option<Timestamp>,
    /// Serial owner, date, reason, invalidity date.
    pub revoked: Vec<(Identity, Timestamp, Option<RevocationReason>, Option<Timestamp>)>,
    /// Extensions beside number and key identifier.
    pub extra: Vec<Extension>,
}

impl CrlForge {
    /// An empty, fresh list (21 to 28 November 2026).
    pub fn fresh(issuer: &Identity) -> Self {
        Self {
            issuer: issuer.clone(),
            signer: issuer.clone(),
            this_update: at("2026-11-21T00:00:00Z"),
            next_update: Some(at("2026-11-28T00:00:00Z")),
            revoked: Vec::new(),
            extra: Vec::new(),
        }
    }

    /// Out of date before anything was signed.
    pub fn stale(issuer: &Identity) -> Self {
        Self::fresh(issuer).updates("2026-11-01T00:00:00Z", Some("2026-11-08T00:00:00Z"))
    }

    /// Dated after the moment of judging.
    pub fn future(issuer: &Identity) -> Self {
        Self::fresh(issuer).updates("2026-12-21T00:00:00Z", Some("2026-12-28T00:00:00Z"))
    }

    /// Sets both dates.
    #[must_use]
    pub fn updates(mut self, this: &str, next: Option<&str>) -> Self {
        self.this_update = at(this);
        self.next_update = next.map(at);
        self
    }

    /// Lists a certificate.
    #[must_use]
    pub fn revoke(mut self, who: &Identity, date: &str, reason: Option<RevocationReason>) -> Self {
        self.revoked.push((who.clone(), at(date), reason, None));
        self
    }

    /// Signs with another key.
    #[must_use]
    pub fn signed_by(mut self, other: &Identity) -> Self {
        self.signer = other.clone();
        self
    }

    /// Makes it a delta list.
    #[must_use]
    pub fn delta(mut self) -> Self {
        self.extra.push(Extension::new(oids::EXT_DELTA_CRL, true, write::small(1)));
        self
    }

    /// Makes it an indirect list.
    #[must_use]
    pub fn indirect(self) -> Self {
        self.distribution_point(4)
    }

    /// For CA certificates only.
    #[must_use]
    pub fn only_ca(self) -> Self {
        self.distribution_point(2)
    }

    fn distribution_point(mut self, flag: u8) -> Self {
        let value = write::sequence(&[&write::tlv(Tag::context_primitive(flag), &[0xff])]);
        self.extra.push(Extension::new(oids::EXT_ISSUING_DISTRIBUTION_POINT, true, value));
        self
    }

    /// Adds a critical extension that nobody knows.
    #[must_use]
    pub fn unknown_critical(mut self) -> Self {
        self.extra.push(unknown_critical());
        self
    }

    /// DER.
    pub fn build(&self) -> Vec<u8> {
        let name = self.issuer.cert.subject.clone();
        let aki = extensions::authority_key_id(&key_id(self.signer.key.public_key()));
        let mut b = CrlBuilder::new(name, self.this_update, self.next_update, 7).extension(aki);
        for (who, date, reason, invalid) in &self.revoked {
            b = b.revoke(&who.cert.serial, *date, *reason, *invalid);
        }
        self.extra.iter().fold(b, |b, e| b.extension(e.clone())).sign(&*self.signer.key).unwrap()
    }
}

/// An OCSP answer about one certificate, signed by `responder`, whose certificate it carries.
pub fn ocsp(
    responder: &Identity,
    issuer: &Identity,
    subject: &Identity,
    status: CertStatus,
    this_update: &str,
    next_update: Option<&str>,
) -> Vec<u8> {
    let id = CertId::new(DigestAlgorithm::Sm3, &issuer.cert, &subject.cert.serial).unwrap();
    OcspResponseBuilder::new(at(this_update))
        .answer(&id, status, at(this_update), next_update.map(at))
        .certificate(responder.der())
        .sign(&*responder.key)
        .unwrap()
}
