//! Seal signatures put together member by member.

use const_oid::ObjectIdentifier;
use yinxin_crypto::{DEFAULT_USER_ID, SigningKey as _, sm3};
use yinxin_formats::der::write as w;
use yinxin_formats::oids;

use crate::clock;
use crate::pki::Identity;
use crate::seal::{Covers, Layout, Stamp, generalized, seq};
use crate::value::{ValueForm, encode};

/// A signature to be made. Members are complete DER values.
#[derive(Clone)]
pub struct SignatureForge {
    /// Layout.
    pub layout: Layout,
    /// Version number written.
    pub version: u64,
    /// The seal inside.
    pub seal: Vec<u8>,
    /// timeInfo.
    pub time: Vec<u8>,
    /// Overrides dataHash.
    pub data_hash: Option<Vec<u8>>,
    /// Mixes Z into dataHash.
    pub hash_with_z: bool,
    /// Overrides propertyInfo.
    pub property_info: Option<Vec<u8>>,
    /// extDatas with its tag.
    pub extensions: Vec<u8>,
    /// Whose key signs and whose certificate is put in.
    pub signer: Identity,
    /// Algorithm named.
    pub algorithm: ObjectIdentifier,
    /// What is signed: `Standard` is TBS_Sign, `Info` dataHash alone (dms360).
    pub covers: Covers,
    /// How the value is encoded.
    pub form: ValueForm,
    /// Timestamp over the value.
    pub stamp: Option<Stamp>,
    /// Bytes after the structure.
    pub trailing: Vec<u8>,
}

impl SignatureForge {
    /// A sound signature with `seal` by `signer`.
    pub fn new(layout: Layout, seal: Vec<u8>, signer: &Identity) -> Self {
        let (version, time) = match layout {
            Layout::V1 => (1, w::bits(b"20261120080000Z")),
            Layout::V4 => (4, generalized(clock::signed())),
            Layout::V5 => (5, generalized(clock::signed())),
        };
        Self {
            layout,
            version,
            seal,
            time,
            data_hash: None,
            hash_with_z: false,
            property_info: None,
            extensions: Vec::new(),
            signer: signer.clone(),
            algorithm: oids::SM2_WITH_SM3,
            covers: Covers::Standard,
            form: ValueForm::Der,
            stamp: None,
            trailing: Vec::new(),
        }
    }

    /// Changes something.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// Signed at another moment, RFC 3339.
    #[must_use]
    pub fn at(self, time: &str) -> Self {
        self.with(|s| s.time = generalized(clock::at(time)))
    }

    /// With a timestamp.
    #[must_use]
    pub fn stamped(self, stamp: impl Fn(&[u8]) -> Vec<u8> + 'static) -> Self {
        self.with(|s| s.stamp = Some(std::sync::Arc::new(stamp)))
    }

    /// DER of the signature over the bytes of Signature.xml at `path`.
    pub fn build(&self, xml: &[u8], path: &str) -> Vec<u8> {
        let hash = match (&self.data_hash, self.hash_with_z) {
            (Some(h), _) => h.clone(),
            (None, true) => {
                self.signer.key.public_key().sm2_message_digest(DEFAULT_USER_ID, xml).unwrap().to_vec()
            }
            (None, false) => sm3(xml).to_vec(),
        };
        let cert = w::octets(self.signer.der());
        let algorithm = w::oid(&self.algorithm);
        let mut tbs = vec![
            w::small(self.version),
            self.seal.clone(),
            self.time.clone(),
            w::bits(&hash),
            self.property_info.clone().unwrap_or_else(|| w::ia5(path)),
            self.extensions.clone(),
        ];
        if self.layout == Layout::V1 {
            tbs.extend([cert.clone(), algorithm.clone()]);
        }
        let tbs = seq(&tbs);
        let covered = match self.covers {
            Covers::Standard | Covers::V1Style => tbs.clone(),
            Covers::Info => hash,
            Covers::Else => b"something else".to_vec(),
        };
        let value = encode(&self.signer.sign(&covered), self.form);
        let stamp = self.stamp.as_ref().map(|s| w::explicit(0, &w::bits(&s(&value)))).unwrap_or_default();
        let mut out = if self.layout == Layout::V1 {
            seq(&[tbs, w::bits(&value)])
        } else {
            seq(&[tbs, cert, algorithm, w::bits(&value), stamp])
        };
        out.extend_from_slice(&self.trailing);
        out
    }
}
