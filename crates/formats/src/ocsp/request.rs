//! Requests.

use super::CertId;
use crate::der::{Ctx, Limits, ParseError, Reader, write};
use crate::oids;
use crate::x509::{Extension, encode_extensions, read_extensions};

/// OCSPRequest (状态查询请求), RFC 6960 §4.1.1, unsigned. A requestor's name and signature are skipped when read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OcspRequest {
    /// Certificates asked about.
    pub cert_ids: Vec<CertId>,
    /// Random bytes that the response must repeat.
    pub nonce: Option<Vec<u8>>,
}

impl OcspRequest {
    /// Reads a request.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, ParseError> {
        let ctx = Ctx::new(limits);
        let mut input = Reader::new(bytes, &ctx)?;
        let (_, mut outer) = input.sequence("OCSPRequest")?;
        input.finish("OCSPRequest")?;
        let (_, mut t) = outer.sequence("tbsRequest")?;
        outer.optional_explicit(0, "optionalSignature")?;
        outer.finish("OCSPRequest")?;
        t.optional_explicit(0, "version")?;
        t.optional_explicit(1, "requestorName")?;
        let (_, mut list) = t.sequence("requestList")?;
        let mut out = Self::default();
        while !list.is_empty() {
            let (_, mut s) = list.sequence("Request")?;
            out.cert_ids.push(CertId::read(&mut s)?);
            s.optional_explicit(0, "singleRequestExtensions")?;
            s.finish("Request")?;
        }
        if let Some(mut e) = t.optional_explicit(2, "requestExtensions")? {
            out.nonce = nonce_of(&read_extensions(&mut e)?);
            e.finish("requestExtensions")?;
        }
        t.finish("tbsRequest")?;
        Ok(out)
    }

    /// DER.
    pub fn to_der(&self) -> Vec<u8> {
        let list: Vec<u8> = self.cert_ids.iter().flat_map(|id| write::sequence(&[&id.to_der()])).collect();
        let mut tbs = write::sequence(&[&list]);
        if let Some(nonce) = &self.nonce {
            tbs.extend(write::explicit(2, &encode_extensions(&[nonce_extension(nonce)])));
        }
        write::sequence(&[&write::sequence(&[&tbs])])
    }
}

pub(super) fn nonce_extension(nonce: &[u8]) -> Extension {
    Extension::new(oids::EXT_OCSP_NONCE, false, write::octets(nonce))
}

/// The nonce; where the inner OCTET STRING is missing, as old responders write it, the value itself.
pub(super) fn nonce_of(extensions: &[Extension]) -> Option<Vec<u8>> {
    let e = extensions.iter().find(|e| e.oid == oids::EXT_OCSP_NONCE)?;
    Some(crate::x509::octet_string(e, "nonce").unwrap_or_else(|_| e.value.clone()))
}
