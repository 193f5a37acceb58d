//! Seals put together member by member, so that a test can write what the strict writers refuse.

use const_oid::ObjectIdentifier;
use jiff::Timestamp;
use yinxin_crypto::{DEFAULT_USER_ID, SigningKey as _, sm3};
use yinxin_formats::der::{Tag, write as w};
use yinxin_formats::oids;

use crate::clock;
use crate::pki::{Identity, Pki};
use crate::value::{ValueForm, encode};

/// A PNG of one red pixel.
pub const PICTURE: &[u8] = b"\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90\x77\x53\xde\x00\
    \x00\x00\x0c\x49\x44\x41\x54\x78\x9c\x63\xb8\x20\x20\x00\x00\x02\xa4\x00\xf1\xfa\x92\x0b\x17\x00\x00\x00\x00\x49\x45\x4e\x44\xae\x42\x60\x82";

/// Which layout is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// GM/T 0031-2014.
    V1,
    /// GB/T 38540-2020.
    V4,
    /// GM/T 0031-2025.
    V5,
}

/// What the maker's signature is made over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Covers {
    /// What the layout's standard says.
    Standard,
    /// SES_SealInfo alone.
    Info,
    /// SEQUENCE {info, cert, algorithm}, the rule of v1.
    V1Style,
    /// Something else.
    Else,
}

/// A timestamp made from the signature value.
pub type Stamp = std::sync::Arc<dyn Fn(&[u8]) -> Vec<u8>>;

/// A seal to be made. Members are complete DER values and may be replaced one by one.
#[derive(Clone)]
pub struct SealForge {
    /// Layout.
    pub layout: Layout,
    /// ID, version, Vid.
    pub header: Vec<Vec<u8>>,
    /// esID.
    pub es_id: Vec<u8>,
    /// type, name, (certListType,) certList, createDate, validStart, validEnd.
    pub property: Vec<Vec<u8>>,
    /// type, data, width, height.
    pub picture: Vec<Vec<u8>>,
    /// extDatas with its tag, or nothing.
    pub extensions: Vec<u8>,
    /// Whose key signs and whose certificate is put in.
    pub maker: Identity,
    /// Signature algorithm named.
    pub algorithm: ObjectIdentifier,
    /// What is signed.
    pub covers: Covers,
    /// How the value is encoded.
    pub form: ValueForm,
    /// Timestamp over the value.
    pub stamp: Option<Stamp>,
}

/// SEQUENCE of complete values.
pub fn seq(members: &[Vec<u8>]) -> Vec<u8> {
    w::tlv(Tag::SEQUENCE, &members.concat())
}

/// UTCTime.
pub fn utc(t: Timestamp) -> Vec<u8> {
    w::x509_time(t)
}

/// GeneralizedTime.
pub fn generalized(t: Timestamp) -> Vec<u8> {
    w::generalized_time(t)
}

/// One extension entry; `critical` as written: `None` leaves it out.
pub fn extension(oid: &str, critical: Option<bool>) -> Vec<u8> {
    let flag = critical.map(w::boolean).unwrap_or_default();
    seq(&[w::oid(&ObjectIdentifier::new_unwrap(oid)), flag, w::octets(b"value")])
}

impl SealForge {
    /// A sound seal of `owners` made by the fixture's maker.
    pub fn new(layout: Layout, pki: &Pki, owners: &[&Identity]) -> Self {
        let version = match layout {
            Layout::V1 => 1,
            Layout::V4 => 4,
            Layout::V5 => 5,
        };
        let list: Vec<Vec<u8>> = owners.iter().map(|o| w::octets(o.der())).collect();
        let time = if layout == Layout::V1 { utc } else { generalized };
        let mut property = vec![w::small(1), w::utf8("测试公司合同专用章"), w::small(1), seq(&list)];
        if layout == Layout::V1 {
            property.remove(2);
        }
        property.extend([time(clock::made()), time(clock::made()), time(clock::seal_end())]);
        Self {
            layout,
            header: vec![w::ia5("ES"), w::small(version), w::ia5("TESTKIT")],
            es_id: w::ia5("31010100000001"),
            property,
            picture: vec![w::ia5("PNG"), w::octets(PICTURE), w::small(40), w::small(40)],
            extensions: Vec::new(),
            maker: pki.maker.clone(),
            algorithm: oids::SM2_WITH_SM3,
            covers: Covers::Standard,
            form: ValueForm::Der,
            stamp: None,
        }
    }

    /// Changes something.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// Made by somebody else.
    #[must_use]
    pub fn made_by(self, maker: &Identity) -> Self {
        self.with(|s| s.maker = maker.clone())
    }

    /// Sets createDate, validStart and validEnd, written as the layout says.
    #[must_use]
    pub fn dates(self, made: &str, from: &str, to: &str) -> Self {
        let time = if self.layout == Layout::V1 { utc } else { generalized };
        self.times([time(clock::at(made)), time(clock::at(from)), time(clock::at(to))])
    }

    /// Sets createDate, validStart and validEnd as complete values.
    #[must_use]
    pub fn times(self, times: [Vec<u8>; 3]) -> Self {
        self.with(|s| {
            let at = s.property.len() - 3;
            s.property.splice(at.., times);
        })
    }

    /// Lists digests of certificates instead (v4, v5).
    #[must_use]
    pub fn digests(self, name: &str, owners: &[&Identity], with_z: bool) -> Self {
        let entry = |o: &&Identity| {
            let key = o.key.public_key();
            let digest =
                if with_z { key.sm2_message_digest(DEFAULT_USER_ID, o.der()).unwrap() } else { sm3(o.der()) };
            seq(&[w::printable(name), w::octets(&digest)])
        };
        let list: Vec<Vec<u8>> = owners.iter().map(entry).collect();
        self.with(|s| {
            s.property[2] = w::small(2);
            s.property[3] = seq(&list);
        })
    }

    /// extDatas with these entries.
    #[must_use]
    pub fn extensions(self, entries: &[Vec<u8>]) -> Self {
        self.with(|s| s.extensions = seq(entries))
    }

    /// SES_SealInfo.
    pub fn info(&self) -> Vec<u8> {
        seq(&[
            seq(&self.header),
            self.es_id.clone(),
            seq(&self.property),
            seq(&self.picture),
            self.extensions.clone(),
        ])
    }

    /// DER of the seal.
    pub fn build(&self) -> Vec<u8> {
        let info = self.info();
        let cert = w::octets(self.maker.der());
        let algorithm = w::oid(&self.algorithm);
        let v1_style = || seq(&[info.clone(), cert.clone(), algorithm.clone()]);
        let covered = match (self.covers, self.layout) {
            (Covers::Standard, Layout::V1) | (Covers::V1Style, _) => v1_style(),
            (Covers::Standard | Covers::Info, _) => info.clone(),
            (Covers::Else, _) => b"something else".to_vec(),
        };
        let value = encode(&self.maker.sign(&covered), self.form);
        let stamp = self.stamp.as_ref().map(|s| w::explicit(0, &w::bits(&s(&value)))).unwrap_or_default();
        let signed = [cert, algorithm, w::bits(&value)];
        if self.layout == Layout::V1 {
            return seq(&[info, seq(&signed)]);
        }
        seq(&[vec![info], signed.to_vec(), vec![stamp]].concat())
    }
}
