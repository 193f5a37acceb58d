//! Where to ask about revocation and issuers.

use super::constraints::flags;
use super::{Extension, GeneralName};
use crate::der::{ParseError, ParseErrorKind, Reader, Tag};

/// Reasons of revocation covered by a distribution point, as bits of ReasonFlags (bit 0 lowest).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReasonFlags(pub u16);

/// One distribution point of revocation lists (CRL 分布点), RFC 5280 §4.2.1.13.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DistributionPoint {
    /// fullName
    pub full_name: Vec<GeneralName>,
    /// nameRelativeToCRLIssuer as received
    pub relative: Option<Vec<u8>>,
    /// Reasons covered; `None` means all.
    pub reasons: Option<ReasonFlags>,
    /// Issuer of the list where it is not the certificate's issuer.
    pub crl_issuer: Vec<GeneralName>,
}

/// authorityInfoAccess (机构信息访问), RFC 5280 §4.2.2.1.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuthorityInfoAccess {
    /// Addresses of OCSP responders.
    pub ocsp: Vec<String>,
    /// Addresses of issuer certificates.
    pub ca_issuers: Vec<String>,
}

pub(super) fn distribution_points(e: &Extension) -> Result<Vec<DistributionPoint>, ParseError> {
    e.decode("cRLDistributionPoints", |r| {
        let (_, mut list) = r.sequence("cRLDistributionPoints")?;
        let mut out = Vec::new();
        while !list.is_empty() {
            let (_, mut s) = list.sequence("DistributionPoint")?;
            let mut point = DistributionPoint::default();
            if let Some(mut name) = s.optional_explicit(0, "distributionPoint")? {
                (point.full_name, point.relative) = point_name(&mut name)?;
            }
            point.reasons = reason_flags(&mut s, 1)?;
            if let Some(mut names) = s.optional_explicit(2, "cRLIssuer")? {
                point.crl_issuer = GeneralName::read_all(&mut names)?;
            }
            s.finish("DistributionPoint")?;
            out.push(point);
        }
        Ok(out)
    })
}

/// DistributionPointName: full names, or a name relative to the issuer.
pub(crate) fn point_name(r: &mut Reader<'_, '_>) -> Result<(Vec<GeneralName>, Option<Vec<u8>>), ParseError> {
    if let Some(mut names) = r.optional_explicit(0, "fullName")? {
        return Ok((GeneralName::read_all(&mut names)?, None));
    }
    let node = r.expect(Tag::context(1), "nameRelativeToCRLIssuer")?;
    Ok((Vec::new(), Some(node.raw.to_vec())))
}

/// `[n] IMPLICIT ReasonFlags OPTIONAL`.
pub(crate) fn reason_flags(r: &mut Reader<'_, '_>, n: u8) -> Result<Option<ReasonFlags>, ParseError> {
    let Some(node) = r.optional(Tag::context_primitive(n), "reasons")? else { return Ok(None) };
    let bad =
        || ParseError::new(ParseErrorKind::Value("malformed BIT STRING of flags"), node.offset, "reasons");
    flags(node.content).map(|f| Some(ReasonFlags(f))).ok_or_else(bad)
}

pub(super) fn authority_info_access(e: &Extension) -> Result<AuthorityInfoAccess, ParseError> {
    e.decode("authorityInfoAccess", |r| {
        let ctx = r.ctx();
        let (_, mut list) = r.sequence("authorityInfoAccess")?;
        let mut out = AuthorityInfoAccess::default();
        while !list.is_empty() {
            let (_, mut s) = list.sequence("AccessDescription")?;
            let method = s.oid("accessMethod")?;
            let location = GeneralName::read(&s.any("accessLocation")?, ctx)?;
            s.finish("AccessDescription")?;
            match (method, location) {
                (crate::oids::ACCESS_OCSP, GeneralName::Uri(uri)) => out.ocsp.push(uri),
                (crate::oids::ACCESS_CA_ISSUERS, GeneralName::Uri(uri)) => out.ca_issuers.push(uri),
                _ => {}
            }
        }
        Ok(out)
    })
}
