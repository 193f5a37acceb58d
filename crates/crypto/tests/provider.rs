//! The traits: used as values, and implementable by devices.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use yinxin_crypto::rand_core::{CryptoRng, UnwrapErr};
use yinxin_crypto::{
    DEFAULT_USER_ID, EncryptError, KeyAlgorithm, Provider, PublicKey, SignError, SignatureAlgorithm,
    SigningKey, SoftwareKey, SoftwareProvider,
};

fn rng() -> impl CryptoRng {
    UnwrapErr(getrandom::SysRng)
}

/// A device that holds a key behind an access right and counts nothing but its own refusals.
struct Device {
    inner: SoftwareKey,
    unlocked: bool,
}

impl SigningKey for Device {
    fn public_key(&self) -> &PublicKey {
        self.inner.public_key()
    }
    fn algorithm(&self) -> SignatureAlgorithm {
        self.inner.algorithm()
    }
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let e = self.public_key().sm2_message_digest(DEFAULT_USER_ID, message);
        self.sign_digest(&e.map_err(|_| SignError::Unsupported { what: "this user identifier" })?)
    }
    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, SignError> {
        if self.unlocked { self.inner.sign_digest(digest) } else { Err(SignError::AuthorizationRequired) }
    }
    fn label(&self) -> String {
        "device 0, key 1".to_owned()
    }
}

#[test]
fn a_device_that_refuses_is_a_signing_key_too() {
    let mut device = Device { inner: SoftwareKey::generate(&mut rng()), unlocked: false };
    assert_eq!((&device as &dyn SigningKey).sign(b"m").unwrap_err().code(), "SIGN_AUTHORIZATION_REQUIRED");
    device.unlocked = true;
    let boxed: Box<dyn SigningKey> = Box::new(device);
    let signature = boxed.sign(b"m").unwrap();
    boxed.public_key().verify(boxed.algorithm(), b"m", &signature).unwrap();
    assert_eq!(boxed.label(), "device 0, key 1");
}

#[test]
fn a_provider_is_a_value_that_makes_keys_and_computes() {
    let provider: &dyn Provider = &SoftwareProvider;
    assert_eq!(provider.name(), "software");
    let first = provider.generate_sm2(&mut rng()).unwrap();
    let second = provider.generate_sm2(&mut rng()).unwrap();
    assert_ne!(first.public_key(), second.public_key());
    let p256 = provider.generate(KeyAlgorithm::P256, &mut rng()).unwrap();
    for key in [&first, &second, &p256] {
        let signature = key.sign(b"message").unwrap();
        key.public_key().verify(key.algorithm(), b"message", &signature).unwrap();
    }
    let sealed = provider.sm4_gcm_encrypt(&[1; 16], &[2; 12], b"aad", b"text").unwrap();
    assert_eq!(&**provider.sm4_gcm_decrypt(&[1; 16], &[2; 12], b"aad", &sealed).unwrap(), b"text");
    let sealed = provider.sm4_cbc_encrypt(&[1; 16], &[2; 16], b"text").unwrap();
    assert_eq!(&**provider.sm4_cbc_decrypt(&[1; 16], &[2; 16], &sealed).unwrap(), b"text");
    assert_eq!(provider.sm3(b"abc").unwrap(), yinxin_crypto::sm3(b"abc"));
    assert_eq!(provider.hmac_sm3(b"k", b"m").unwrap(), yinxin_crypto::hmac_sm3(b"k", b"m"));
}

#[test]
fn encryption_refuses_nothing_to_encrypt_and_other_keys() {
    let sm2 = SoftwareKey::generate(&mut rng());
    assert_eq!(sm2.public_key().sm2_encrypt(&mut rng(), b""), Err(EncryptError::Empty));
    let p256 = SoftwareKey::generate_with(KeyAlgorithm::P256, &mut rng());
    assert_eq!(p256.public_key().sm2_encrypt(&mut rng(), b"x"), Err(EncryptError::WrongKey));
}

#[test]
fn decryption_with_another_key_fails() {
    use yinxin_crypto::DecryptionKey;
    let (mine, others) = (SoftwareKey::generate(&mut rng()), SoftwareKey::generate(&mut rng()));
    let ciphertext = mine.public_key().sm2_encrypt(&mut rng(), b"secret of mine").unwrap();
    assert_eq!(others.decrypt(&ciphertext).unwrap_err().code(), "DECRYPT_FAILED");
    assert_eq!(mine.decrypt(&ciphertext[1..]).unwrap_err().code(), "DECRYPT_MALFORMED");
    let p256 = SoftwareKey::generate_with(KeyAlgorithm::P256, &mut rng());
    assert_eq!(p256.decrypt(&ciphertext).unwrap_err().code(), "DECRYPT_UNSUPPORTED");
}
