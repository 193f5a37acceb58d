//! Seals and signatures put together member by member, so that a test can write what the strict writers refuse.

use yinxin_formats::der::write as w;

use super::{SM2_WITH_SM3, certificate, sm2_value};

/// Members of a seal, each a complete value.
#[derive(Clone)]
pub struct RawSeal {
    pub header: Vec<Vec<u8>>,
    pub es_id: Vec<u8>,
    pub property: Vec<Vec<u8>>,
    pub picture: Vec<Vec<u8>>,
    pub extensions: Vec<u8>,
    pub signed: Vec<Vec<u8>>,
    pub v1_layout: bool,
}

pub fn seq(members: &[Vec<u8>]) -> Vec<u8> {
    w::sequence(&members.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

pub fn utc(s: &str) -> Vec<u8> {
    w::tlv(yinxin_formats::der::Tag::UTC_TIME, s.as_bytes())
}

pub fn generalized(s: &str) -> Vec<u8> {
    w::tlv(yinxin_formats::der::Tag::GENERALIZED_TIME, s.as_bytes())
}

impl RawSeal {
    pub fn v4() -> Self {
        Self {
            header: vec![w::ia5("ES"), w::small(4), w::ia5("V")],
            es_id: w::ia5("1"),
            property: vec![
                w::small(1),
                w::utf8("章"),
                w::small(1),
                seq(&[w::octets(&certificate(1))]),
                generalized("20261101000000Z"),
                generalized("20261101000000Z"),
                generalized("20281101000000Z"),
            ],
            picture: vec![w::ia5("PNG"), w::octets(b"\x89PNG\r\n\x1a\n"), w::small(40), w::small(40)],
            extensions: Vec::new(),
            signed: vec![w::octets(&certificate(9)), w::oid(&SM2_WITH_SM3), w::bits(&sm2_value())],
            v1_layout: false,
        }
    }

    pub fn v1() -> Self {
        let mut seal = Self::v4();
        seal.v1_layout = true;
        seal.header[1] = w::small(1);
        seal.property.remove(2);
        for (slot, t) in
            seal.property[3..].iter_mut().zip(["261101000000Z", "261101000000Z", "281101000000Z"])
        {
            *slot = utc(t);
        }
        seal
    }

    pub fn der(&self) -> Vec<u8> {
        let mut info = vec![seq(&self.header), self.es_id.clone(), seq(&self.property), seq(&self.picture)];
        info.push(self.extensions.clone());
        let info = seq(&info);
        if self.v1_layout {
            return seq(&[info, seq(&self.signed)]);
        }
        seq(&[vec![info], self.signed.clone()].concat())
    }
}

/// Members of a signature.
#[derive(Clone)]
pub struct RawSignature {
    pub version: u64,
    pub seal: Vec<u8>,
    pub time: Vec<u8>,
    pub data_hash: Vec<u8>,
    pub property_info: Vec<u8>,
    pub extensions: Vec<u8>,
    pub signed: Vec<Vec<u8>>,
    pub v1_layout: bool,
}

impl RawSignature {
    pub fn v4() -> Self {
        Self {
            version: 4,
            seal: RawSeal::v4().der(),
            time: generalized("20261121212505Z"),
            data_hash: w::bits(&[0xab; 32]),
            property_info: w::ia5("/Doc_0/Signs/Sign_0/Signature.xml"),
            extensions: Vec::new(),
            signed: vec![w::octets(&certificate(1)), w::oid(&SM2_WITH_SM3), w::bits(&sm2_value())],
            v1_layout: false,
        }
    }

    pub fn v1() -> Self {
        Self {
            version: 1,
            seal: RawSeal::v1().der(),
            time: w::bits(b"20261121212505Z"),
            v1_layout: true,
            ..Self::v4()
        }
    }

    pub fn der(&self) -> Vec<u8> {
        let mut tbs = vec![
            w::small(self.version),
            self.seal.clone(),
            self.time.clone(),
            self.data_hash.clone(),
            self.property_info.clone(),
            self.extensions.clone(),
        ];
        let mut signed = self.signed.clone();
        if self.v1_layout {
            let value = signed.split_off(2);
            tbs.extend(signed);
            signed = value;
        }
        seq(&[vec![seq(&tbs)], signed].concat())
    }
}
