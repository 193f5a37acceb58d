//! Entries of a revocation list, read one by one.

use const_oid::ObjectIdentifier;
use jiff::Timestamp;

use crate::der::{Ctx, Limits, Node, ParseError, ParseErrorKind, Reader, Tag};
use crate::oids;
use crate::x509::{Extension, GeneralName, Serial, read_extensions};

/// CRLReason (撤销原因), RFC 5280 §5.3.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RevocationReason {
    /// unspecified (0)
    Unspecified,
    /// keyCompromise (1)
    KeyCompromise,
    /// cACompromise (2)
    CaCompromise,
    /// affiliationChanged (3)
    AffiliationChanged,
    /// superseded (4)
    Superseded,
    /// cessationOfOperation (5)
    CessationOfOperation,
    /// certificateHold (6)
    CertificateHold,
    /// removeFromCRL (8)
    RemoveFromCrl,
    /// privilegeWithdrawn (9)
    PrivilegeWithdrawn,
    /// aACompromise (10)
    AaCompromise,
}

impl RevocationReason {
    const ALL: [(Self, u64, &'static str); 10] = [
        (Self::Unspecified, 0, "unspecified"),
        (Self::KeyCompromise, 1, "keyCompromise"),
        (Self::CaCompromise, 2, "cACompromise"),
        (Self::AffiliationChanged, 3, "affiliationChanged"),
        (Self::Superseded, 4, "superseded"),
        (Self::CessationOfOperation, 5, "cessationOfOperation"),
        (Self::CertificateHold, 6, "certificateHold"),
        (Self::RemoveFromCrl, 8, "removeFromCRL"),
        (Self::PrivilegeWithdrawn, 9, "privilegeWithdrawn"),
        (Self::AaCompromise, 10, "aACompromise"),
    ];

    /// The reason of this number; 7 and everything above 10 are unused.
    pub fn from_number(n: u64) -> Option<Self> {
        Self::ALL.iter().find(|r| r.1 == n).map(|r| r.0)
    }

    /// Number in the standard.
    pub fn number(self) -> u64 {
        Self::ALL.iter().find(|r| r.0 == self).map_or(0, |r| r.1)
    }

    /// Name in the standard.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|r| r.0 == self).map_or("unspecified", |r| r.2)
    }
}

/// One revoked certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revoked {
    /// Serial of the certificate.
    pub serial: Serial,
    /// When the issuer revoked it.
    pub date: Timestamp,
    /// Why; `None` where the list does not say.
    pub reason: Option<RevocationReason>,
    /// When the key became doubtful, where known.
    pub invalidity_date: Option<Timestamp>,
    /// Issuer of the certificate in an indirect list: of this entry or the last one before it that names one. Empty
    /// means the issuer of the list.
    pub certificate_issuer: Vec<GeneralName>,
    /// Critical extensions that are not decoded here.
    pub unknown_critical: Vec<ObjectIdentifier>,
    /// Position of the entry in the list.
    pub at: usize,
}

/// Entries of a list in order, decoded one at a time. After an error nothing follows.
#[derive(Debug, Clone)]
pub struct Entries<'a> {
    pub(super) data: &'a [u8],
    pub(super) base: usize,
    pub(super) pos: usize,
    pub(super) v1: bool,
    pub(super) issuer: Vec<GeneralName>,
}

impl<'a> Entries<'a> {
    fn fail(&mut self, e: ParseError) -> ParseError {
        self.pos = self.data.len();
        e
    }

    /// The next entry that has this serial or names an issuer; others are skipped without decoding more than needed.
    pub(super) fn seek(&mut self, serial: &Serial) -> Result<Option<Revoked>, ParseError> {
        while self.pos < self.data.len() {
            let ctx = Ctx::new(&entry_limits(self.data.len()));
            let (node, inner) = match self.next_node(&ctx) {
                Ok(found) => found,
                Err(e) => return Err(self.fail(e)),
            };
            let has_issuer = inner.has_extensions && inner.names_issuer;
            if serial.matches_content(inner.serial) || has_issuer {
                let revoked = self.decode(&node, &ctx).map_err(|e| self.fail(e))?;
                if revoked.serial == *serial {
                    return Ok(Some(revoked));
                }
            }
        }
        Ok(None)
    }

    /// The next entry with its serial, checked in outline only.
    fn next_node<'c>(&mut self, ctx: &'c Ctx) -> Result<(Node<'a>, Outline<'a>), ParseError> {
        let what = "revokedCertificates";
        let rest = self.data.get(self.pos..).unwrap_or_default();
        let mut r = Reader::at(rest, self.base + self.pos, ctx)?;
        let (node, mut inner) = r.sequence(what)?;
        self.pos += node.raw.len();
        let serial = inner.expect(Tag::INTEGER, "userCertificate")?.content;
        inner.any("revocationDate")?;
        let rest = inner.remaining();
        // The identifier of certificateIssuer as it must stand in the bytes of an entry that names one.
        let issuer_oid = oids::EXT_CERTIFICATE_ISSUER;
        let names_issuer = rest.windows(issuer_oid.as_bytes().len()).any(|w| w == issuer_oid.as_bytes());
        Ok((node, Outline { serial, has_extensions: !rest.is_empty(), names_issuer }))
    }

    fn decode(&mut self, node: &Node<'a>, ctx: &Ctx) -> Result<Revoked, ParseError> {
        let mut r = node.reader(ctx)?;
        let serial = Serial::read(&r.any("userCertificate")?, ctx)?;
        let date = r.any("revocationDate")?.time("revocationDate")?;
        let mut revoked = Revoked {
            serial,
            date,
            reason: None,
            invalidity_date: None,
            certificate_issuer: Vec::new(),
            unknown_critical: Vec::new(),
            at: node.offset,
        };
        if !r.is_empty() {
            if self.v1 {
                let kind = ParseErrorKind::Value("entry extensions do not exist in a v1 list");
                return Err(ParseError::new(kind, r.offset(), "crlEntryExtensions"));
            }
            for e in read_extensions(&mut r)? {
                apply(&mut revoked, &e)?;
            }
            r.finish("revokedCertificates")?;
        }
        if !revoked.certificate_issuer.is_empty() {
            self.issuer.clone_from(&revoked.certificate_issuer);
        }
        revoked.certificate_issuer.clone_from(&self.issuer);
        Ok(revoked)
    }
}

impl Iterator for Entries<'_> {
    type Item = Result<Revoked, ParseError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.pos >= self.data.len() {
            return None;
        }
        let ctx = Ctx::new(&entry_limits(self.data.len()));
        let found = self.next_node(&ctx);
        Some(found.and_then(|(node, _)| self.decode(&node, &ctx)).map_err(|e| self.fail(e)))
    }
}

/// What the search needs of an entry.
struct Outline<'a> {
    serial: &'a [u8],
    has_extensions: bool,
    names_issuer: bool,
}

/// The list as a whole passed its size limit already; one entry is small.
fn entry_limits(size: usize) -> Limits {
    Limits { max_bytes: size, max_depth: 16, max_items: 10_000 }
}

fn apply(revoked: &mut Revoked, e: &Extension) -> Result<(), ParseError> {
    match e.oid {
        oids::EXT_REASON_CODE => {
            let n =
                e.decode("reasonCode", |r| r.expect(Tag::ENUMERATED, "reasonCode")?.small("reasonCode"))?;
            let bad = || ParseError::new(ParseErrorKind::Value("unknown reason"), e.at, "reasonCode");
            revoked.reason = Some(RevocationReason::from_number(n).ok_or_else(bad)?);
        }
        oids::EXT_INVALIDITY_DATE => {
            let read = |r: &mut Reader<'_, '_>| r.any("invalidityDate")?.time("invalidityDate");
            revoked.invalidity_date = Some(e.decode("invalidityDate", read)?);
        }
        oids::EXT_CERTIFICATE_ISSUER => {
            let read =
                |r: &mut Reader<'_, '_>| GeneralName::read_all(&mut r.sequence("certificateIssuer")?.1);
            revoked.certificate_issuer = e.decode("certificateIssuer", read)?;
        }
        oid if e.critical => revoked.unknown_critical.push(oid),
        _ => {}
    }
    Ok(())
}
