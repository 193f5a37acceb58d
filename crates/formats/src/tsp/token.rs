//! Timestamp tokens.

use yinxin_crypto::DigestAlgorithm;

use super::info::TstInfo;
use crate::cms::{CmsError, SignedData, SignerInfo};
use crate::der::{Ctx, Deviation, Limits, ParseError, ParseErrorKind, Reader, Tag};
use crate::oids;
use crate::x509::Certificate;

/// Timestamp token (时间戳令牌), RFC 3161 §2.4.2: SignedData of either family around a TSTInfo.
#[derive(Debug, Clone)]
pub struct TimeStampToken {
    /// The signed structure.
    pub signed_data: SignedData,
    /// What it states.
    pub info: TstInfo,
    deviations: Vec<Deviation>,
}

/// What RFC 3161 §2.4.2 demands of a token and this one lacks. The signature may still be sound.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenFault {
    /// eContentType is not id-ct-TSTInfo.
    #[error("the content is not declared to be a timestamp but {0}")]
    ContentType(const_oid::ObjectIdentifier),
    /// Not exactly one signer.
    #[error("a token must have exactly one signer, this one has {0}")]
    SignerCount(usize),
    /// No signed attributes.
    #[error("the signer has no signed attributes")]
    NoSignedAttributes,
    /// The imprint has another length than its digest algorithm gives.
    #[error("the imprint has {0} bytes, its algorithm gives another length")]
    ImprintLength(usize),
}

impl TokenFault {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ContentType(_) => "TSP_CONTENT_TYPE",
            Self::SignerCount(_) => "TSP_SIGNER_COUNT",
            Self::NoSignedAttributes => "TSP_NO_SIGNED_ATTRIBUTES",
            Self::ImprintLength(_) => "TSP_IMPRINT_LENGTH",
        }
    }
}

/// Whether the token names its signer's certificate inside the signature (RFC 3161 §2.4.2, RFC 5816).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EssBinding {
    /// It names this certificate.
    Matches,
    /// It names another certificate: the one at hand was substituted.
    Differs,
    /// It names none.
    Missing,
    /// The digest algorithm of the identifier is unknown.
    UnknownDigest,
}

impl TimeStampToken {
    /// Reads a token. A whole TimeStampResp in its place, as some signers store, is unwrapped and noted.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, ParseError> {
        let ctx = Ctx::new(limits);
        let base = match inside_response(bytes, &ctx)? {
            Some(at) => {
                ctx.deviate("TSP_RESPONSE_AS_TOKEN", 0, "a whole response stands where a token belongs");
                at
            }
            None => 0,
        };
        let token = bytes.get(base..).unwrap_or_default();
        let shift = |e: ParseError| ParseError { at: e.at + base, ..e };
        let signed_data = SignedData::parse(token, limits).map_err(shift)?;
        let content = signed_data.econtent.as_deref().ok_or_else(|| {
            ParseError::new(ParseErrorKind::Value("a token must hold its content"), base, "eContent")
        })?;
        // A definite, unsplit OCTET STRING stands in the input as it is; otherwise positions count from its content.
        let at = signed_data.econtent_offset().map_or(0, |at| at + base);
        let info = TstInfo::read(content, &ctx).map_err(|e| ParseError { at: e.at + at, ..e })?;
        let mut deviations = signed_data.deviations().to_vec();
        deviations.iter_mut().for_each(|d| d.at += base);
        deviations.extend(ctx.into_deviations());
        Ok(Self { signed_data, info, deviations })
    }

    /// The token as received.
    pub fn raw(&self) -> &[u8] {
        self.signed_data.raw()
    }

    /// What strict encoding or the standards forbid but was readable.
    pub fn deviations(&self) -> &[Deviation] {
        &self.deviations
    }

    /// The only signer.
    pub fn signer(&self) -> Option<&SignerInfo> {
        match self.signed_data.signer_infos.as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }

    /// What RFC 3161 demands and this token lacks.
    pub fn faults(&self) -> Vec<TokenFault> {
        let mut out = Vec::new();
        if self.signed_data.content_type != oids::TST_INFO {
            out.push(TokenFault::ContentType(self.signed_data.content_type));
        }
        match self.signed_data.signer_infos.as_slice() {
            [one] if one.signed_attrs.is_none() => out.push(TokenFault::NoSignedAttributes),
            [_] => {}
            other => out.push(TokenFault::SignerCount(other.len())),
        }
        let imprint = &self.info.imprint;
        if DigestAlgorithm::from_oid(&imprint.algorithm).is_some_and(|a| a.output_len() != imprint.hash.len())
        {
            out.push(TokenFault::ImprintLength(imprint.hash.len()));
        }
        out
    }

    /// The certificate inside the token that the signer identifier names.
    pub fn embedded_signer(&self, limits: &Limits) -> Option<Certificate> {
        let signer = self.signer()?;
        let parsed = self.signed_data.certificates.iter().filter_map(|c| Certificate::parse(c, limits).ok());
        parsed.into_iter().find(|c| signer.sid.matches(c))
    }

    /// Whether the signed attributes name `certificate`.
    pub fn ess_binding(&self, certificate: &Certificate) -> Result<EssBinding, ParseError> {
        let Some(attrs) = self.signer().and_then(|s| s.signed_attrs.as_ref()) else {
            return Ok(EssBinding::Missing);
        };
        Ok(match attrs.signing_certificate()?.as_deref().and_then(<[_]>::first) {
            None => EssBinding::Missing,
            Some(id) => match id.matches(certificate) {
                Some(true) => EssBinding::Matches,
                Some(false) => EssBinding::Differs,
                None => EssBinding::UnknownDigest,
            },
        })
    }

    /// Checks the arithmetic of the only signer. Chain, dates, rights and [`Self::faults`] are the caller's.
    pub fn verify(&self, certificate: &Certificate) -> Result<(), CmsError> {
        match self.signed_data.signer_infos.len() {
            1 => self.signed_data.verify_signer(0, None, certificate),
            n => Err(CmsError::NoSuchSigner(n)),
        }
    }
}

/// Position of the token inside a TimeStampResp `{ PKIStatusInfo, ContentInfo }`; `None` if this is no response.
fn inside_response(bytes: &[u8], ctx: &Ctx) -> Result<Option<usize>, ParseError> {
    let mut input = Reader::new(bytes, ctx)?;
    let (_, mut s) = input.sequence("TimeStampToken")?;
    input.finish("TimeStampToken")?;
    if s.peek() != Some(Tag::SEQUENCE) {
        return Ok(None);
    }
    s.any("PKIStatusInfo")?;
    let token = s.expect(Tag::SEQUENCE, "timeStampToken")?;
    s.finish("TimeStampResp")?;
    Ok(Some(token.offset))
}
