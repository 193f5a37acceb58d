//! The extensions a path evaluation reads.

use const_oid::ObjectIdentifier;

use super::{Extension, GeneralName, Serial};
use crate::der::{ParseError, ParseErrorKind, Reader, Tag};

/// basicConstraints (基本限制), RFC 5280 §4.2.1.9.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BasicConstraints {
    /// Whether the subject may issue certificates.
    pub ca: bool,
    /// Most intermediate certificates that may follow; `None` without limit.
    pub path_len: Option<u64>,
}

/// keyUsage (密钥用法), RFC 5280 §4.2.1.3. Bit 0 of the standard is the lowest bit here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct KeyUsage(pub u16);

impl KeyUsage {
    /// digitalSignature
    pub const DIGITAL_SIGNATURE: Self = Self(1);
    /// contentCommitment, formerly nonRepudiation
    pub const CONTENT_COMMITMENT: Self = Self(1 << 1);
    /// keyEncipherment
    pub const KEY_ENCIPHERMENT: Self = Self(1 << 2);
    /// dataEncipherment
    pub const DATA_ENCIPHERMENT: Self = Self(1 << 3);
    /// keyAgreement
    pub const KEY_AGREEMENT: Self = Self(1 << 4);
    /// keyCertSign
    pub const KEY_CERT_SIGN: Self = Self(1 << 5);
    /// cRLSign
    pub const CRL_SIGN: Self = Self(1 << 6);
    /// encipherOnly
    pub const ENCIPHER_ONLY: Self = Self(1 << 7);
    /// decipherOnly
    pub const DECIPHER_ONLY: Self = Self(1 << 8);

    /// Both sets together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether every use of `other` is allowed.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// digitalSignature
    pub const fn digital_signature(self) -> bool {
        self.contains(Self::DIGITAL_SIGNATURE)
    }

    /// contentCommitment (nonRepudiation)
    pub const fn content_commitment(self) -> bool {
        self.contains(Self::CONTENT_COMMITMENT)
    }

    /// keyEncipherment
    pub const fn key_encipherment(self) -> bool {
        self.contains(Self::KEY_ENCIPHERMENT)
    }

    /// dataEncipherment
    pub const fn data_encipherment(self) -> bool {
        self.contains(Self::DATA_ENCIPHERMENT)
    }

    /// keyAgreement
    pub const fn key_agreement(self) -> bool {
        self.contains(Self::KEY_AGREEMENT)
    }

    /// keyCertSign
    pub const fn key_cert_sign(self) -> bool {
        self.contains(Self::KEY_CERT_SIGN)
    }

    /// cRLSign
    pub const fn crl_sign(self) -> bool {
        self.contains(Self::CRL_SIGN)
    }

    /// Names of the allowed uses as in the standard.
    pub fn names(self) -> Vec<&'static str> {
        const NAMES: [&str; 9] = [
            "digitalSignature",
            "contentCommitment",
            "keyEncipherment",
            "dataEncipherment",
            "keyAgreement",
            "keyCertSign",
            "cRLSign",
            "encipherOnly",
            "decipherOnly",
        ];
        NAMES.iter().enumerate().filter(|(i, _)| self.0 >> i & 1 == 1).map(|(_, n)| *n).collect()
    }
}

/// authorityKeyIdentifier (颁发机构密钥标识), RFC 5280 §4.2.1.1.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuthorityKeyId {
    /// Identifier of the issuer's key.
    pub key_id: Option<Vec<u8>>,
    /// Issuer of the issuer's certificate.
    pub issuer: Vec<GeneralName>,
    /// Serial of the issuer's certificate.
    pub serial: Option<Serial>,
}

/// nameConstraints (名称限制), RFC 5280 §4.2.1.10. Subtrees with a minimum or maximum are refused when read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NameConstraints {
    /// Subtrees in which names must lie.
    pub permitted: Vec<GeneralName>,
    /// Subtrees in which names must not lie.
    pub excluded: Vec<GeneralName>,
}

/// policyConstraints (策略限制), RFC 5280 §4.2.1.11.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PolicyConstraints {
    /// Certificates that may follow before an acceptable policy is required.
    pub require_explicit_policy: Option<u64>,
    /// Certificates that may follow before mapping is forbidden.
    pub inhibit_policy_mapping: Option<u64>,
}

pub(super) fn basic_constraints(e: &Extension) -> Result<BasicConstraints, ParseError> {
    e.decode("basicConstraints", |r| {
        let (_, mut s) = r.sequence("basicConstraints")?;
        let ca = s.peek() == Some(Tag::BOOLEAN) && s.boolean("cA")?;
        let path_len = optional_small(&mut s, Tag::INTEGER, "pathLenConstraint")?;
        s.finish("basicConstraints")?;
        Ok(BasicConstraints { ca, path_len })
    })
}

pub(super) fn key_usage(e: &Extension) -> Result<KeyUsage, ParseError> {
    e.decode("keyUsage", |r| {
        let node = r.expect(Tag::BIT_STRING, "keyUsage")?;
        Ok(KeyUsage(flags(node.content).ok_or_else(|| {
            ParseError::new(ParseErrorKind::Value("malformed BIT STRING of flags"), node.offset, "keyUsage")
        })?))
    })
}

/// Up to 16 named bits, the first one lowest.
pub(super) fn flags(content: &[u8]) -> Option<u16> {
    flags_of(content).map(|bits| (bits & 0xffff) as u16)
}

/// Up to 32 named bits, the first one lowest. Bits said to be unused count as zero.
pub(crate) fn flags_of(content: &[u8]) -> Option<u32> {
    let (unused, bytes) = content.split_first()?;
    if *unused > 7 || (bytes.is_empty() && *unused != 0) {
        return None;
    }
    let count = (bytes.len() * 8).checked_sub(usize::from(*unused))?.min(32);
    let mut out = 0u32;
    for i in 0..count {
        let byte = bytes.get(i / 8)?;
        out |= u32::from(byte >> (7 - i % 8) & 1) << i;
    }
    Some(out)
}

pub(super) fn oid_list(e: &Extension, what: &'static str) -> Result<Vec<ObjectIdentifier>, ParseError> {
    e.decode(what, |r| {
        let (_, mut s) = r.sequence(what)?;
        let mut out = Vec::new();
        while !s.is_empty() {
            out.push(s.oid(what)?);
        }
        Ok(out)
    })
}

pub(super) fn policies(e: &Extension) -> Result<Vec<ObjectIdentifier>, ParseError> {
    e.decode("certificatePolicies", |r| {
        let (_, mut s) = r.sequence("certificatePolicies")?;
        let mut out = Vec::new();
        while !s.is_empty() {
            // Qualifiers are text for people and take no part in the evaluation.
            out.push(s.sequence("PolicyInformation")?.1.oid("policyIdentifier")?);
        }
        Ok(out)
    })
}

pub(crate) fn octet_string(e: &Extension, what: &'static str) -> Result<Vec<u8>, ParseError> {
    e.decode(what, |r| r.octets(what).map(|v| v.into_owned()))
}

pub(crate) fn small(e: &Extension, what: &'static str) -> Result<u64, ParseError> {
    e.decode(what, |r| r.small(what))
}

pub(super) fn general_names(e: &Extension, what: &'static str) -> Result<Vec<GeneralName>, ParseError> {
    e.decode(what, |r| GeneralName::read_all(&mut r.sequence(what)?.1))
}

pub(crate) fn authority_key_id(e: &Extension) -> Result<AuthorityKeyId, ParseError> {
    e.decode("authorityKeyIdentifier", |r| {
        let ctx = r.ctx();
        let (_, mut s) = r.sequence("authorityKeyIdentifier")?;
        let mut out = AuthorityKeyId::default();
        if let Some(node) = s.optional(Tag::context_primitive(0), "keyIdentifier")? {
            out.key_id = Some(node.content.to_vec());
        }
        if let Some(mut names) = s.optional_explicit(1, "authorityCertIssuer")? {
            out.issuer = GeneralName::read_all(&mut names)?;
        }
        if let Some(node) = s.optional(Tag::context_primitive(2), "authorityCertSerialNumber")? {
            out.serial = Some(Serial::read_implicit(&node, ctx)?);
        }
        s.finish("authorityKeyIdentifier")?;
        Ok(out)
    })
}

pub(super) fn name_constraints(e: &Extension) -> Result<NameConstraints, ParseError> {
    e.decode("nameConstraints", |r| {
        let (_, mut s) = r.sequence("nameConstraints")?;
        let mut out = NameConstraints::default();
        if let Some(mut list) = s.optional_explicit(0, "permittedSubtrees")? {
            out.permitted = subtrees(&mut list)?;
        }
        if let Some(mut list) = s.optional_explicit(1, "excludedSubtrees")? {
            out.excluded = subtrees(&mut list)?;
        }
        s.finish("nameConstraints")?;
        Ok(out)
    })
}

fn subtrees(list: &mut Reader<'_, '_>) -> Result<Vec<GeneralName>, ParseError> {
    let ctx = list.ctx();
    let mut out = Vec::new();
    while !list.is_empty() {
        let (_, mut tree) = list.sequence("GeneralSubtree")?;
        out.push(GeneralName::read(&tree.any("base")?, ctx)?);
        // minimum DEFAULT 0 may be written out by sloppy encoders; anything else is outside RFC 5280.
        if let Some(node) = tree.optional(Tag::context_primitive(0), "minimum")?
            && node.content != [0]
        {
            let kind = ParseErrorKind::Value("a minimum other than 0 is not allowed");
            return Err(ParseError::new(kind, node.offset, "GeneralSubtree"));
        }
        tree.finish("GeneralSubtree")?;
    }
    Ok(out)
}

pub(super) fn policy_constraints(e: &Extension) -> Result<PolicyConstraints, ParseError> {
    e.decode("policyConstraints", |r| {
        let (_, mut s) = r.sequence("policyConstraints")?;
        let require = optional_small(&mut s, Tag::context_primitive(0), "requireExplicitPolicy")?;
        let inhibit = optional_small(&mut s, Tag::context_primitive(1), "inhibitPolicyMapping")?;
        s.finish("policyConstraints")?;
        Ok(PolicyConstraints { require_explicit_policy: require, inhibit_policy_mapping: inhibit })
    })
}

fn optional_small(r: &mut Reader<'_, '_>, tag: Tag, what: &'static str) -> Result<Option<u64>, ParseError> {
    r.optional(tag, what)?.map(|node| node.small(what)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::der::write;
    use crate::oids;

    fn ext(value: Vec<u8>) -> Extension {
        Extension { at: 100, ..Extension::new(oids::EXT_KEY_USAGE, true, value) }
    }

    #[test]
    fn reads_all_nine_key_usage_bits() {
        let one = key_usage(&ext(vec![3, 2, 1, 0x06])).unwrap();
        assert!(one.key_cert_sign() && one.crl_sign() && !one.digital_signature());
        let last = key_usage(&ext(vec![3, 3, 7, 0, 0x80])).unwrap();
        assert_eq!(last, KeyUsage::DECIPHER_ONLY);
        assert_eq!(last.names(), ["decipherOnly"]);
    }

    #[test]
    fn bits_declared_unused_grant_nothing() {
        assert_eq!(key_usage(&ext(vec![3, 2, 7, 0xff])).unwrap(), KeyUsage::DIGITAL_SIGNATURE);
    }

    #[test]
    fn errors_carry_the_position_in_the_certificate() {
        assert_eq!(key_usage(&ext(vec![3, 1, 9])).unwrap_err().at, 100);
        assert_eq!(basic_constraints(&ext(vec![0x30, 3, 2, 1, 0xff])).unwrap_err().at, 102);
    }

    #[test]
    fn basic_constraints_default_to_no_ca() {
        let none = basic_constraints(&ext(vec![0x30, 0])).unwrap();
        assert_eq!(none, BasicConstraints { ca: false, path_len: None });
        let ca = basic_constraints(&ext(vec![0x30, 6, 1, 1, 0xff, 2, 1, 0])).unwrap();
        assert_eq!(ca, BasicConstraints { ca: true, path_len: Some(0) });
    }

    #[test]
    fn name_constraints_read_every_kind_and_refuse_a_minimum() {
        let dns = write::sequence(&[&GeneralName::Dns("a.cn".into()).to_der()]);
        let ip = write::sequence(&[&GeneralName::Ip(vec![10, 0, 0, 0, 255, 0, 0, 0]).to_der()]);
        let both = write::sequence(&[&write::explicit(0, &dns), &write::explicit(1, &ip)]);
        let nc = name_constraints(&ext(both)).unwrap();
        assert_eq!(nc.permitted, [GeneralName::Dns("a.cn".into())]);
        assert_eq!(nc.excluded, [GeneralName::Ip(vec![10, 0, 0, 0, 255, 0, 0, 0])]);
        let bad = write::sequence(&[&GeneralName::Dns("a".into()).to_der(), &[0x80, 1, 1]]);
        let bad = write::sequence(&[&write::explicit(0, &bad)]);
        assert_eq!(name_constraints(&ext(bad)).unwrap_err().code(), "DER_VALUE");
    }
}
