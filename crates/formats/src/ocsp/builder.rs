//! Writing of responses.

use jiff::Timestamp;
use yinxin_crypto::SigningKey;

use super::CertId;
use super::request::nonce_extension;
use super::response::{CertStatus, OcspStatus, ResponderId};
use crate::der::{Tag, write};
use crate::oids;
use crate::x509::{BuildError, encode_extensions, key_id, signature_identifier};

/// A signed response to be made.
#[derive(Debug, Clone)]
pub struct OcspResponseBuilder {
    produced_at: Timestamp,
    responses: Vec<Vec<u8>>,
    certificates: Vec<Vec<u8>>,
    nonce: Option<Vec<u8>>,
    responder: Option<ResponderId>,
}

impl OcspResponseBuilder {
    /// A response without answers yet; the responder is named by the digest of its key.
    pub fn new(produced_at: Timestamp) -> Self {
        Self { produced_at, responses: Vec::new(), certificates: Vec::new(), nonce: None, responder: None }
    }

    /// An unsigned response that says only that there is no answer.
    pub fn refusal(status: OcspStatus) -> Vec<u8> {
        write::sequence(&[&enumerated(status.number())])
    }

    /// Adds an answer.
    #[must_use]
    pub fn answer(
        mut self,
        id: &CertId,
        status: CertStatus,
        this_update: Timestamp,
        next_update: Option<Timestamp>,
    ) -> Self {
        let status = match status {
            CertStatus::Good => write::tlv(Tag::context_primitive(0), &[]),
            CertStatus::Unknown => write::tlv(Tag::context_primitive(2), &[]),
            CertStatus::Revoked { date, reason } => {
                let reason = reason.map(|r| write::explicit(0, &enumerated(r.number())));
                let content = [write::generalized_time(date), reason.unwrap_or_default()].concat();
                write::tlv(Tag::context(1), &content)
            }
        };
        let next = next_update.map(|t| write::explicit(0, &write::generalized_time(t)));
        let this = write::generalized_time(this_update);
        self.responses.push(write::sequence(&[&id.to_der(), &status, &this, &next.unwrap_or_default()]));
        self
    }

    /// Repeats the nonce of the request.
    #[must_use]
    pub fn nonce(mut self, nonce: &[u8]) -> Self {
        self.nonce = Some(nonce.to_vec());
        self
    }

    /// Puts a certificate (DER) in.
    #[must_use]
    pub fn certificate(mut self, der: &[u8]) -> Self {
        self.certificates.push(der.to_vec());
        self
    }

    /// Names the responder otherwise than by its key.
    #[must_use]
    pub fn responder(mut self, responder: ResponderId) -> Self {
        self.responder = Some(responder);
        self
    }

    /// Signs with the responder's key; returns the OCSPResponse as DER.
    pub fn sign(&self, key: &dyn SigningKey) -> Result<Vec<u8>, BuildError> {
        let by_key = || ResponderId::KeyHash(key_id(key.public_key()));
        let responder = match self.responder.clone().unwrap_or_else(by_key) {
            ResponderId::Name(name) => write::explicit(1, name.raw()),
            ResponderId::KeyHash(hash) => write::explicit(2, &write::octets(&hash)),
        };
        let nonce =
            self.nonce.as_deref().map(|n| write::explicit(1, &encode_extensions(&[nonce_extension(n)])));
        let tbs = write::sequence(&[
            &responder,
            &write::generalized_time(self.produced_at),
            &write::sequence(&[&self.responses.concat()]),
            &nonce.unwrap_or_default(),
        ]);
        let signature = key.sign(&tbs)?;
        let certs = self.certificates.concat();
        let certs = if certs.is_empty() { certs } else { write::explicit(0, &write::sequence(&[&certs])) };
        let basic = write::sequence(&[
            &tbs,
            &signature_identifier(key.algorithm()),
            &write::bits(&signature),
            &certs,
        ]);
        let bytes = write::sequence(&[&write::oid(&oids::OCSP_BASIC), &write::octets(&basic)]);
        Ok(write::sequence(&[&enumerated(0), &write::explicit(0, &bytes)]))
    }
}

fn enumerated(n: u64) -> Vec<u8> {
    let mut out = write::small(n);
    if let Some(tag) = out.first_mut() {
        *tag = Tag::ENUMERATED.0;
    }
    out
}
