//! Writing of lists.

use jiff::Timestamp;
use yinxin_crypto::SigningKey;

use super::{RevocationReason, Revoked};
use crate::der::{Tag, write};
use crate::oids;
use crate::x509::{
    BuildError, Extension, Name, Serial, check_unique, encode_extensions, sign_structure,
    signature_identifier,
};

/// A v2 list to be issued.
#[derive(Debug, Clone)]
pub struct CrlBuilder {
    issuer: Name,
    this_update: Timestamp,
    next_update: Option<Timestamp>,
    entries: Vec<Vec<u8>>,
    extensions: Vec<Extension>,
}

impl CrlBuilder {
    /// An empty list with its number (RFC 5280 §5.2.3).
    pub fn new(issuer: Name, this_update: Timestamp, next_update: Option<Timestamp>, number: u64) -> Self {
        let number = Extension::new(oids::EXT_CRL_NUMBER, false, write::small(number));
        Self { issuer, this_update, next_update, entries: Vec::new(), extensions: vec![number] }
    }

    /// Adds a revoked certificate. `unspecified` is left out as RFC 5280 §5.3.1 recommends.
    #[must_use]
    pub fn revoke(
        mut self,
        serial: &Serial,
        date: Timestamp,
        reason: Option<RevocationReason>,
        invalidity_date: Option<Timestamp>,
    ) -> Self {
        let mut extensions = Vec::new();
        if let Some(reason) = reason.filter(|r| *r != RevocationReason::Unspecified) {
            let value = write::tlv(Tag::ENUMERATED, &[reason.number() as u8]);
            extensions.push(Extension::new(oids::EXT_REASON_CODE, false, value));
        }
        if let Some(date) = invalidity_date {
            let value = write::generalized_time(date);
            extensions.push(Extension::new(oids::EXT_INVALIDITY_DATE, false, value));
        }
        let extensions = if extensions.is_empty() { Vec::new() } else { encode_extensions(&extensions) };
        self.entries.push(write::sequence(&[&serial.to_der(), &write::x509_time(date), &extensions]));
        self
    }

    /// Adds the entries of an earlier list.
    #[must_use]
    pub fn revoke_all(self, entries: &[Revoked]) -> Self {
        entries.iter().fold(self, |b, r| b.revoke(&r.serial, r.date, r.reason, r.invalidity_date))
    }

    /// Adds an extension such as authorityKeyIdentifier.
    #[must_use]
    pub fn extension(mut self, extension: Extension) -> Self {
        self.extensions.push(extension);
        self
    }

    /// Signs with the issuer's key; returns the list as DER.
    pub fn sign(&self, key: &dyn SigningKey) -> Result<Vec<u8>, BuildError> {
        check_unique(&self.extensions)?;
        if self.next_update.is_some_and(|next| next < self.this_update) {
            return Err(BuildError::Invalid { what: "nextUpdate", why: "it lies before thisUpdate" });
        }
        // An empty list of entries must be left out (RFC 5280 §5.1.2.6).
        let entries = self.entries.concat();
        let entries = if entries.is_empty() { entries } else { write::sequence(&[&entries]) };
        let tbs = write::sequence(&[
            &write::small(1),
            &signature_identifier(key.algorithm()),
            self.issuer.raw(),
            &write::x509_time(self.this_update),
            &self.next_update.map(write::x509_time).unwrap_or_default(),
            &entries,
            &write::explicit(0, &encode_extensions(&self.extensions)),
        ]);
        Ok(sign_structure(&tbs, key)?)
    }
}
