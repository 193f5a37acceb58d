//! A key device that can be told to fail, and what the gate makes of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use yinxin_crypto::rand_core::CryptoRng;
use yinxin_crypto::{
    KeyAlgorithm, KeyProvider, ProviderError, PublicKey, SignError, SignatureAlgorithm, SigningKey,
    SoftwareKey,
};
use yinxin_server::making::keys::{KeyId, KeyStoreError, SealKeys};

use crate::sample::{Bench, code, soon};

/// How a device behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub enum Mood {
    Good,
    Gone,
    FlippedBit,
    OtherKey,
    Refuses,
}

const MOODS: [Mood; 5] = [Mood::Good, Mood::Gone, Mood::FlippedBit, Mood::OtherKey, Mood::Refuses];

/// A device with one key. It counts what it signed.
pub struct Device {
    id: KeyId,
    key: Arc<SoftwareKey>,
    other: Arc<SoftwareKey>,
    mood: AtomicUsize,
    pub signed: Arc<AtomicUsize>,
}

impl Device {
    pub fn new(id: &KeyId, key: Arc<SoftwareKey>, other: Arc<SoftwareKey>) -> Self {
        Self { id: id.clone(), key, other, mood: AtomicUsize::new(0), signed: Arc::default() }
    }

    pub fn be(&self, mood: Mood) {
        self.mood.store(mood as usize, Ordering::SeqCst);
    }

    fn mood(&self) -> Mood {
        MOODS[self.mood.load(Ordering::SeqCst)]
    }

    pub fn count(&self) -> usize {
        self.signed.load(Ordering::SeqCst)
    }
}

struct DeviceKey {
    key: Arc<SoftwareKey>,
    other: Arc<SoftwareKey>,
    mood: Mood,
    signed: Arc<AtomicUsize>,
}

impl SigningKey for DeviceKey {
    fn public_key(&self) -> &PublicKey {
        self.key.public_key()
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.key.algorithm()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let mut value = match self.mood {
            Mood::OtherKey => self.other.sign(message)?,
            Mood::Refuses => return Err(SignError::Refused { reason: "busy".to_owned() }),
            _ => self.key.sign(message)?,
        };
        if self.mood == Mood::FlippedBit {
            let middle = value.len() / 2;
            value[middle] ^= 1;
        }
        self.signed.fetch_add(1, Ordering::SeqCst);
        Ok(value)
    }

    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, SignError> {
        self.key.sign_digest(digest)
    }

    fn label(&self) -> String {
        "device".to_owned()
    }
}

impl KeyProvider for Device {
    fn name(&self) -> &str {
        "device"
    }

    fn generate(
        &self,
        _algorithm: KeyAlgorithm,
        _rng: &mut dyn CryptoRng,
    ) -> Result<Box<dyn SigningKey>, ProviderError> {
        Err(ProviderError::Unsupported { provider: "device".to_owned(), what: "make keys" })
    }
}

impl SealKeys for Device {
    fn make(&self, id: &KeyId, _rng: &mut dyn CryptoRng) -> Result<Box<dyn SigningKey>, KeyStoreError> {
        self.open(id)
    }

    fn open(&self, id: &KeyId) -> Result<Box<dyn SigningKey>, KeyStoreError> {
        if self.mood() == Mood::Gone {
            return Err(KeyStoreError::Io(std::io::Error::other("no device")));
        }
        if *id != self.id {
            return Err(KeyStoreError::Unknown(id.clone()));
        }
        let (key, other, signed) = (self.key.clone(), self.other.clone(), self.signed.clone());
        Ok(Box::new(DeviceKey { key, other, mood: self.mood(), signed }))
    }

    fn destroy(&self, id: &KeyId) -> Result<(), KeyStoreError> {
        Err(KeyStoreError::Unknown(id.clone()))
    }

    fn list(&self) -> Result<Vec<KeyId>, KeyStoreError> {
        Ok(vec![self.id.clone()])
    }
}

#[test]
fn a_device_that_answers_wrongly_lets_nothing_false_out() {
    let bench = Bench::new();
    let gate = bench.gate();
    let prepared = bench.prepared("第一条");
    for (number, mood) in [(1, Mood::FlippedBit), (2, Mood::OtherKey)] {
        bench.device.be(mood);
        let token = bench.token(number, &prepared.to_sign, |_| {});
        assert_eq!(code(gate.sign(bench.ask(&token, &prepared.to_sign), soon())), "KEY_WRONG_SIGNATURE");
    }
    bench.device.be(Mood::Refuses);
    let token = bench.token(3, &prepared.to_sign, |_| {});
    assert_eq!(code(gate.sign(bench.ask(&token, &prepared.to_sign), soon())), "KEY_FAILED");
}

#[test]
fn a_device_that_is_gone_costs_no_token() {
    let bench = Bench::new();
    let gate = bench.gate();
    let prepared = bench.prepared("第一条");
    let token = bench.token(1, &prepared.to_sign, |_| {});
    bench.device.be(Mood::Gone);
    assert_eq!(code(gate.sign(bench.ask(&token, &prepared.to_sign), soon())), "KEY_STORE_IO");
    bench.device.be(Mood::Good);
    assert_eq!(code(gate.sign(bench.ask(&token, &prepared.to_sign), soon())), "signed");
}
